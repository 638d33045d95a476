"""Every layout: where things are heard, that nothing gets louder by being panned, and the laws in each of them."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from ambiome_middleware.analysis.loudness import true_peak_dbtp
from ambiome_middleware.sound import Renderer
from ambiome_middleware.sound import bank as banks
from ambiome_middleware.sound.gpu import TorchBackend
from ambiome_middleware.sound.layouts import AZIMUTHS, LAYOUTS, stereo_decode
from ambiome_middleware.sound.patch import BANDS, Layer, Patch, by
from ambiome_middleware.sound.voices import built_in
from ambiome_middleware.tokens import COLUMN, STEP_SAMPLES, silent_row
from ambiome_protocol.audio import CHANNELS
from ambiome_protocol.lists import LAYOUTS as NAMES
from ambiome_protocol.lists import VOICES
from token_scenes import STORM, event, feature, restless, row, stretch

PATCHES = built_in()

Samples = npt.NDArray[np.float32]
every_layout = pytest.mark.parametrize("layout", NAMES)
loudspeakers = pytest.mark.parametrize("layout", [name for name in NAMES if name != "ambisonics"])
FRAMES = restless(1, 40)


def render(frame: npt.NDArray[np.int16], layout: str, steps: int = 60, seed: int = 1) -> Samples:
    """Steps of one unchanging token frame, [channels, n]."""
    return Renderer("cpu").render([stretch(np.tile(frame, (steps, 1)), seed, 0, steps, layout=layout)])[0]


def level_db(samples: npt.NDArray[np.floating]) -> float:
    """Power of all channels together, each channel's mean square summed."""
    return float(10 * np.log10((samples.astype(np.float64) ** 2).mean(axis=-1).sum()))


def waterfall(azimuth_deg: float, **scene: float) -> npt.NDArray[np.int16]:
    frame = row(dynamics=1.0, **scene)
    feature(frame, 0, "waterfall", 1.0, 20.0, azimuth_deg, 0.5)
    return frame


def test_the_protocols_layouts_are_all_there() -> None:
    assert {name: layout.channels for name, layout in LAYOUTS.items()} == CHANNELS
    assert tuple(LAYOUTS) == NAMES


@loudspeakers
def test_panning_keeps_the_power(layout: str) -> None:
    power = (LAYOUTS[layout].field.pans ** 2).sum(axis=1)
    np.testing.assert_allclose(power, 1.0, atol=1e-12)
    assert LAYOUTS[layout].field.pans.min() >= 0.0


@pytest.mark.parametrize(
    ("layout", "azimuth_deg", "channel"),
    [
        ("stereo", 270, 0), ("stereo", 90, 1), ("quad", 315, 0), ("quad", 45, 1), ("quad", 225, 2), ("quad", 135, 3),
        ("5.1", 330, 0), ("5.1", 30, 1), ("5.1", 0, 2), ("5.1", 250, 3), ("5.1", 110, 4),
    ],
)  # fmt: skip
def test_a_loudspeakers_own_azimuth_is_heard_from_it_alone(layout: str, azimuth_deg: int, channel: int) -> None:
    pan = LAYOUTS[layout].field.pans[azimuth_deg * AZIMUTHS // 360]
    assert pan[channel] == pytest.approx(1.0)
    assert np.delete(pan, channel) == pytest.approx(0.0, abs=1e-12)


def test_panning_moves_without_a_jump() -> None:
    """Over a quarter of a degree no channel changes by more than a turn of 2.6° between two loudspeakers would make."""
    for layout in LAYOUTS.values():
        pans = layout.field.pans
        assert np.abs(pans - np.roll(pans, 1, axis=0)).max() < 0.02, layout.name


def test_ambisonics_has_its_axes_as_ambix_says() -> None:
    """W, Y, X of front, right, back and left: X is ahead, Y is left."""
    pans = LAYOUTS["ambisonics"].field.pans[:: AZIMUTHS // 4]
    np.testing.assert_allclose(pans, [[1, 0, 1], [1, -1, 0], [1, 0, -1], [1, 1, 0]], atol=1e-12)


@pytest.mark.parametrize("layout", ["quad", "5.1", "ambisonics"])
@pytest.mark.parametrize("scene", [{"rain_mm_h": 20.0, "rain_ground": 1.0}, {"wind_m_s": 12.0, "wind_trees": 0.7}])
def test_a_scene_is_as_loud_on_every_layout(layout: str, scene: dict[str, float]) -> None:
    """Ambisonics by its W. Between channels the noise of six seconds differs by some tenths of a decibel."""
    frame = row(**scene)
    heard = render(frame, layout, 150)
    assert level_db(heard[:1] if layout == "ambisonics" else heard) == pytest.approx(
        level_db(render(frame, "mono", 150)), abs=0.6
    )


@pytest.mark.parametrize("layout", ["quad", "5.1"])
def test_the_field_is_even_around_the_listener(layout: str) -> None:
    """Every loudspeaker as loud, and any two as coherent as the layer says."""
    hiss = Layer("hiss", np.zeros(BANDS), (by("wind_m_s", lambda v: np.where(v > 0, 60.0, -np.inf)),), coherence=0.3)
    frames = np.tile(row(wind_m_s=9.0), (100, 1))
    renderer = Renderer("cpu", bank=banks.build([Patch("wind", layers=(hiss,))]))
    heard = renderer.render([stretch(frames, 1, 0, 100, layout=layout)])[0][list(LAYOUTS[layout].active)]
    powers_db = 10 * np.log10((heard**2).mean(axis=1))
    assert np.ptp(powers_db) < 0.3
    between = np.corrcoef(heard)[np.triu_indices(len(heard), 1)]
    np.testing.assert_allclose(between, 0.3, atol=0.04)


def test_lfe_and_height_are_exactly_silent() -> None:
    requests = [stretch(FRAMES, 5, 0, 40, layout=layout) for layout in ("5.1", "ambisonics")]
    surround, ambisonics = Renderer("cpu").render(requests)
    assert not surround[3].any()
    assert not ambisonics[2].any()
    assert surround[[0, 1, 2, 4, 5]].any(axis=1).all()
    assert ambisonics[[0, 1, 3]].any(axis=1).all()


def test_what_is_at_the_right_decodes_to_the_right() -> None:
    left, right = stereo_decode(render(waterfall(90.0), "ambisonics"))
    assert (right**2).mean() > 3 * (left**2).mean()
    stereo = render(waterfall(90.0), "stereo")
    assert (stereo[1] ** 2).mean() > 30 * (stereo[0] ** 2).mean()


def test_a_call_at_the_left_is_positive_in_y() -> None:
    frame = silent_row()
    event(frame, 0, "owl", 3, 30.0, 270.0, 1.0)
    frames = np.concatenate([frame[None], np.tile(silent_row(), (99, 1))])
    w, y, _, x = Renderer("cpu").render([stretch(frames, 1, 0, 100, layout="ambisonics")])[0]
    np.testing.assert_allclose(y, w, atol=1e-6)
    assert np.abs(x).max() < 1e-3 * np.abs(w).max()
    assert np.abs(w).max() > 1e-4


@pytest.mark.parametrize("layout", ["stereo", "quad", "5.1", "ambisonics"])
def test_a_turning_head_turns_the_calls(layout: str) -> None:
    """Birds stay where they are in the world; looking east puts what was at the right ahead."""
    birds = [replace(patch, layers=()) for patch in PATCHES if patch.voice == "birds"]
    renderer = Renderer("cpu", bank=banks.build(birds))
    ahead, east = (
        renderer.render([stretch(np.tile(frame, (200, 1)), 1, 0, 200, layout=layout)])[0]
        for frame in (
            row(birds_activity=0.8, birds_variety=1.0, heading_deg=heading_deg) for heading_deg in (0.0, 90.0)
        )
    )
    assert not np.array_equal(ahead, east)
    if layout == "ambisonics":  # a quarter turn: X becomes what −Y was, Y what X was
        np.testing.assert_allclose(east[0], ahead[0], atol=1e-6)
        np.testing.assert_allclose(east[3], -ahead[1], atol=1e-6)
        np.testing.assert_allclose(east[1], ahead[3], atol=1e-6)
    if layout == "quad":  # FL FR BL BR become what FR BR FL BL were
        np.testing.assert_allclose(east, ahead[[1, 3, 0, 2]], atol=1e-6)


def test_an_event_stays_in_the_world_while_the_head_turns() -> None:
    """An owl ahead of one who then looks east calls on from the left."""
    frames = np.tile(silent_row(), (60, 1))
    event(frames[0], 0, "owl", 3, 30.0, 0.0, 1.0)
    frames[1:, COLUMN["heading_deg"]] = 90
    left, right = Renderer("cpu").render([stretch(frames, 1, 0, 60)])[0][:, 3 * STEP_SAMPLES :]
    assert np.abs(left).max() > 1e-4
    assert np.abs(right).max() < 1e-3 * np.abs(left).max()


def test_a_passing_car_crosses_from_side_to_side() -> None:
    heard = render(row(traffic_per_min=2.0, dynamics=1.0), "stereo", 2_000)
    power = (heard.reshape(2, -1, 25 * STEP_SAMPLES) ** 2).mean(axis=2)
    side = (power[1] - power[0]) / power.sum(axis=0).clip(1e-12)
    loud = power.sum(axis=0) > power.sum(axis=0).mean() * 0.2
    assert side[loud].max() > 0.5
    assert side[loud].min() < -0.5


@pytest.fixture(scope="module", params=[name for name in NAMES if name != "stereo"])
def whole(request: pytest.FixtureRequest) -> tuple[str, Samples]:
    """Forty restless steps in one call; stereo has its own tests of every law."""
    return request.param, Renderer("cpu").render([stretch(FRAMES, 5, 0, 40, layout=request.param)])[0]


def test_neither_chunks_nor_company_matter(whole: tuple[str, Samples]) -> None:
    layout, samples = whole
    renderer = Renderer("cpu")
    parts = []
    for first, count in ((0, 1), (1, 6), (7, 33)):
        company = [stretch(FRAMES, 6 + n, 20, count, layout=name) for n, name in enumerate(NAMES)]
        parts.append(renderer.render([*company, stretch(FRAMES, 5, first, count, layout=layout, key="k")])[-1])
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), samples)


def test_any_step_can_be_rendered_first(whole: tuple[str, Samples]) -> None:
    layout, samples = whole
    late = Renderer("cpu").render([stretch(FRAMES, 5, 33, 4, layout=layout)])[0]
    np.testing.assert_array_equal(late, samples[:, 33 * STEP_SAMPLES : 37 * STEP_SAMPLES])


def test_devices_agree(whole: tuple[str, Samples]) -> None:
    layout, samples = whole
    other = Renderer("cpu", backend=TorchBackend(banks.built_in(), "cpu"))
    found = other.render([stretch(FRAMES, 5, 0, 8, layout=layout)])[0]
    assert np.abs(found - samples[:, : 8 * STEP_SAMPLES]).max() < 2e-5


def loudest() -> npt.NDArray[np.int16]:
    """The loudest that the tokens can say: everything at once, twelve decibels up, thunder all around."""
    frame = row(**STORM, master_db=12.0, dynamics=1.0)
    first = COLUMN["gain_rain_db"]
    frame[first : first + len(VOICES)] = 289
    for slot in range(8):
        event(frame, slot, "thunder", 77 * slot, 30.0, 45.0 * slot, 1.0)
    return np.tile(frame, (60, 1))


@pytest.mark.parametrize("device", ["cpu", pytest.param("torch", marks=pytest.mark.long)])
@every_layout
def test_true_peak_stays_below_minus_one(layout: str, device: str) -> None:
    """Of every channel, and of what a stereo decoder makes of ambisonics."""
    frames = loudest()[: 60 if device == "cpu" else 8]
    backend = TorchBackend(banks.built_in(), "cpu") if device == "torch" else None
    audio = Renderer("cpu", backend=backend).render([stretch(frames, 1, 0, len(frames), layout=layout)])[0]
    assert np.abs(audio).max() > 0.5, "it should be loud enough to be limited"
    assert true_peak_dbtp(audio) <= -1.0
    if layout == "ambisonics":
        assert true_peak_dbtp(stereo_decode(audio)) <= -1.0


@every_layout
def test_devices_limit_alike(layout: str) -> None:
    requests = [stretch(loudest()[:8], 1, 0, 8, layout=layout)]
    one = Renderer("cpu").render(requests)[0]
    other = Renderer("cpu", backend=TorchBackend(banks.built_in(), "cpu")).render(requests)[0]
    assert np.abs(one - other).max() < 2e-5
