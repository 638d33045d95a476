"""Columns of the flat records: what stands where in the bank's tables and in the lists of living grains and swells."""

from typing import Final

from ambiome_middleware.sound.patch import BANDS, FLUTTER_HZ

# A patch, and the sources it may have.
# `P_GATE` is a scene column whose token 0 silences all of it, or −1; its parts stand together in the bank's tables, and
# so do the columns that its mean power heeds.
(
    P_SOURCE, P_KIND, P_VOICE, P_INSIDE, P_REFERENCE_M, P_GATE, P_FLUTTERS, P_LAYERS, P_LAYERS_STOP, P_SWELLS,
    P_SWELLS_STOP, P_EMITTERS, P_EMITTERS_STOP, P_CALLERS, P_CALLERS_STOP, P_HEEDED, P_HEEDED_STOP,
) = range(17)  # fmt: skip
PATCH_WIDTH: Final = 17
SCENE_SOURCE, FEATURE_SOURCE, EVENT_SOURCE = range(3)
# `P_INSIDE` of a patch: outside, inside, or the scene column that says how much of it is inside.
ALL_OUTSIDE, ALL_INSIDE = -1, -2
INSIDE_ONE: Final = 255
"""Grains and swells keep their share inside as a whole number of this."""

# A reference to a table: which token chooses the row, of the scene or of the patch's own slot, where the rows start and
# whether they are BANDS wide.
(F_COLUMN, F_SCOPE, F_AT, F_WIDE) = range(4)
SCENE_SCOPE, OWN_SCOPE = range(2)

# A draw: log2 of its centre, its spread, whether it is a bell, and its list of tables.
(D_CENTRE, D_SPREAD, D_BELL, D_START, D_STOP) = range(5)
DRAW: Final = 5

# A layer; `L_FLUTTER` is its row of the bank's flutters, or −1, and what follows the factors on its depth.
(L_PATCH, L_START, L_STOP, L_SPECTRUM, L_COHERENCE, L_FLUTTER, L_DEPTH, L_DEPTH_STOP) = range(8)
LAYER_WIDTH: Final = 8

# A rate of a flutter: whether it has a common part and parts of its own, and their depths in dB by octave band. After
# the last rate stand the variances of all of them by octave band.
FLUTTER_HAS_COMMON, FLUTTER_HAS_OWN, FLUTTER_COMMON = range(3)
FLUTTER_OWN: Final = FLUTTER_COMMON + len(FLUTTER_HZ)
FLUTTER_WIDTH: Final = FLUTTER_OWN + len(FLUTTER_HZ)
NOISE_ONE: Final = 1 << 16
"""One standard deviation of the common noise, in integers."""
BURST_SHIFT: Final = 20
"""An emitter's bursts: depth by rate in RATE_ONE / NOISE_ONE · 2^BURST_SHIFT an octave, then what keeps the mean."""

# What an emitter and a swell have in common: their onsets, and the mean energy of one.
(O_PATCH, O_SLOTS, O_RATE, O_RATE_STOP, O_RATE_CONST, O_ENERGY) = range(6)

# `E_BURSTS` is where its bursts' table starts, or −1.
(E_FORM, E_ATTACK_S, E_DEPTH, E_SECOND, E_THIRD, E_WIDTH, E_HAS_DELAY, E_BURSTS) = range(6, 14)
EMITTER_WIDTH: Final = 14
# Its draws, in this order.
(E_LEVEL, E_PITCH, E_DECAY, E_SWEEP, E_BAND, E_AM, E_DELAY) = range(7)
EMITTER_DRAWS: Final = 7

(
    B_SPECTRUM, B_COHERENCE, B_ENVELOPE, B_SHAPES, B_STEPS, B_SHAPE_TABLE, B_SHAPE_COLUMN, B_SHAPE_SCOPE, B_BY,
    B_BY_STOP, B_PASSES, B_WIDTH, B_HAS_DELAY, B_VARIETIES, B_TILT_DB,
) = range(6, 21)  # fmt: skip
SWELL_WIDTH: Final = 21

(
    C_PATCH, C_INDIVIDUALS, C_WINDOW, C_ACTIVITY, C_ACTIVITY_STOP, C_PRESENCE, C_PRESENCE_STOP, C_REPEATS, C_CALL_PITCH,
    C_TEMPO, C_DISTANCE, C_DISTANCE_AT, C_REFERENCE_M, C_DROP, C_CALLS, C_CALLS_STOP, C_ENERGY,
    C_DRONE,
) = range(18)  # fmt: skip
CALLER_WIDTH: Final = 18

(K_START, K_STOP) = range(2)
CALL_WIDTH: Final = 2

(
    Q_AT_S, Q_LENGTH_S, Q_PITCH_HZ, Q_END_HZ, Q_LEVEL_OCT, Q_AM_HZ, Q_DEPTH, Q_SECOND, Q_THIRD, Q_ATTACK, Q_NOISE_HZ,
    Q_BEND,
) = range(12)  # fmt: skip
SYLLABLE_WIDTH: Final = 12

# A living grain's numbers (float64): amplitudes, and its shape in samples and turns a sample. At n samples its phase
# is n · (turns + n · (sweep + n · bend)) turns.
(
    G_AMP, G_TURNS, G_SWEEP, G_BEND, G_DECAY, G_ATTACK, G_NOISE, G_AM, G_DEPTH, G_SECOND, G_THIRD, G_POWER,
) = range(12)  # fmt: skip
GRAIN_FLOATS: Final = 12
# A living grain's integers. Its azimuth, of AZIMUTHS, is from north, or from its feature's.
(
    I_FORM, I_STEP, I_OFFSET, I_LENGTH, I_SEED, I_VOICE, I_BAND, I_INSIDE, I_FEATURE, I_CUT, I_PART, I_AZIMUTH,
) = range(12)  # fmt: skip
GRAIN_INTS: Final = 12

# A living swell: BANDS powers; its azimuth as a grain's, and how far it turns on its way.
SWELL_FLOATS: Final = BANDS
(S_STEP, S_ENVELOPE, S_LENGTH, S_VOICE, S_INSIDE, S_FEATURE, S_CUT, S_COHERENCE, S_AZIMUTH, S_TURN) = range(10)
SWELL_INTS: Final = 10

FULL: Final = -1
"""Returned where a list is full: the caller enlarges it and asks again."""
