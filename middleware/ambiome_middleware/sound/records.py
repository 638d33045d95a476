"""Columns of the flat records: what stands where in the bank's tables and in the lists of living grains and swells."""

from typing import Final

from ambiome_middleware.sound.patch import BANDS

# A patch, and the sources it may have.
(P_SOURCE, P_KIND, P_VOICE, P_INSIDE, P_REFERENCE_M) = range(5)
PATCH_WIDTH: Final = 5
SCENE_SOURCE, FEATURE_SOURCE, EVENT_SOURCE = range(3)

# A reference to a table: which token chooses the row, of the scene or of the patch's own slot, where the rows start and
# whether they are BANDS wide.
(F_COLUMN, F_SCOPE, F_AT, F_WIDE) = range(4)
SCENE_SCOPE, OWN_SCOPE = range(2)

# A draw: log2 of its centre, its spread, whether it is a bell, and its list of tables.
(D_CENTRE, D_SPREAD, D_BELL, D_START, D_STOP) = range(5)
DRAW: Final = 5

# A layer.
(L_PATCH, L_START, L_STOP, L_SPECTRUM, L_COHERENCE) = range(5)
LAYER_WIDTH: Final = 5

# What an emitter and a swell have in common: their onsets, and the mean energy of one.
(O_PATCH, O_SLOTS, O_RATE, O_RATE_STOP, O_RATE_CONST, O_ENERGY) = range(6)

(E_FORM, E_ATTACK_S, E_DEPTH, E_SECOND, E_THIRD, E_WIDTH, E_HAS_DELAY) = range(6, 13)
EMITTER_WIDTH: Final = 13
# Its draws, in this order.
(E_LEVEL, E_PITCH, E_DECAY, E_SWEEP, E_BAND, E_AM, E_DELAY) = range(7)
EMITTER_DRAWS: Final = 7

(
    B_SPECTRUM, B_COHERENCE, B_ENVELOPE, B_SHAPES, B_STEPS, B_SHAPE_TABLE, B_SHAPE_COLUMN, B_SHAPE_SCOPE, B_BY,
    B_BY_STOP, B_PASSES, B_WIDTH, B_HAS_DELAY,
) = range(6, 19)  # fmt: skip
SWELL_WIDTH: Final = 19

(
    C_PATCH, C_INDIVIDUALS, C_WINDOW, C_ACTIVITY, C_ACTIVITY_STOP, C_PRESENCE, C_PRESENCE_STOP, C_REPEATS, C_CALL_PITCH,
    C_TEMPO, C_DISTANCE, C_DISTANCE_AT, C_REFERENCE_M, C_DROP, C_CALLS, C_CALLS_STOP, C_ENERGY,
) = range(17)  # fmt: skip
CALLER_WIDTH: Final = 17

(K_START, K_STOP) = range(2)
CALL_WIDTH: Final = 2

(
    Q_AT_S, Q_LENGTH_S, Q_PITCH_HZ, Q_END_HZ, Q_LEVEL_OCT, Q_AM_HZ, Q_DEPTH, Q_SECOND, Q_THIRD, Q_ATTACK, Q_NOISE_HZ,
) = range(11)  # fmt: skip
SYLLABLE_WIDTH: Final = 11

# A living grain's numbers (float64): amplitudes, and its shape in samples and turns a sample.
(
    G_AMP, G_TURNS, G_SWEEP, G_DECAY, G_ATTACK, G_NOISE, G_AM, G_DEPTH, G_SECOND, G_THIRD, G_LEFT, G_RIGHT, G_POWER,
) = range(13)  # fmt: skip
GRAIN_FLOATS: Final = 13
# A living grain's integers.
(I_FORM, I_STEP, I_OFFSET, I_LENGTH, I_SEED, I_VOICE, I_BAND, I_INSIDE, I_FEATURE, I_CUT, I_PART) = range(11)
GRAIN_INTS: Final = 11

# A living swell: BANDS powers, then left and right at the start and at the end of its way.
W_START, W_END = BANDS, BANDS + 2
SWELL_FLOATS: Final = BANDS + 4
(S_STEP, S_ENVELOPE, S_LENGTH, S_VOICE, S_INSIDE, S_FEATURE, S_CUT, S_COHERENCE) = range(8)
SWELL_INTS: Final = 8

FULL: Final = -1
"""Returned where a list is full: the caller enlarges it and asks again."""
