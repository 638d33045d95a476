"""A sound card never hears a click: not where frames are missing, and not where a server is killed and comes back."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from ambiome_client import Ambience, Playback
from ambiome_middleware import Ambience as InProcess
from ambiome_protocol.audio import Samples
from ambiome_protocol.steps import STEP_SAMPLES, STEPS_PER_S
from real_server import RealServer

FADE_IN, FADE_OUT = 960, 480


class Scripted:
    """An ambience of ones, whose frames come, or do not, or belong to another session, as it is told."""

    channels = 2

    def __init__(self, steps: Iterable[int | None]) -> None:
        self._steps = iter(steps)
        self.step = 0

    def take(self, wait_s: float = 0.0) -> Samples | None:
        step = next(self._steps)
        if step is None:
            return None
        self.step = step + 1
        return np.ones((self.channels, STEP_SAMPLES), np.float32)


def fades(sound: Samples) -> tuple[int, int]:
    """How often a sound [channels, n] of ones falls to nothing, and rises from it; never faster than by a fade."""
    level = sound[0]
    assert np.abs(np.diff(level)).max() <= 1.0 / (FADE_OUT - 1) + 1e-6
    was, now = level[:-1], level[1:]
    return int(((was > 0) & (now == 0)).sum()), int(((was == 0) & (now > 0)).sum())


def test_frames_that_follow_each_other_are_played_as_they_are() -> None:
    playback = Playback(Scripted(range(10)))  # type: ignore[arg-type]
    first, *others = [playback.next() for _ in range(9)]
    assert (first[:, FADE_IN:] == 1.0).all()
    assert np.concatenate(others, axis=1).min() == 1.0


def test_what_is_missing_is_silence_between_two_fades() -> None:
    playback = Playback(Scripted([None, None, 0, 1, 2, None, None, None, 3, 4, 5, 6]))  # type: ignore[arg-type]
    sound = np.concatenate([playback.next() for _ in range(10)], axis=1)
    assert fades(sound) == (1, 2)
    assert (sound[:, : 2 * STEP_SAMPLES] == 0.0).all()


def test_a_session_that_takes_the_place_of_another_comes_in_with_a_fade() -> None:
    playback = Playback(Scripted([0, 1, 2, 0, 1, 2]))  # type: ignore[arg-type]
    assert fades(np.concatenate([playback.next() for _ in range(5)], axis=1)) == (1, 2)


WORLD = {"rain_mm_h": 30, "wind_m_s": 9}, {"biome": "coast"}


class Card:
    """A real session, for a card that waits for it while there is a server, and not at all while there is none.

    What a killed server had sent may still be on its way: it is over when nothing has come for `LAST_S`.
    """

    LAST_S = 0.5

    def __init__(self, ambience: Ambience) -> None:
        self._ambience, self.channels = ambience, ambience.channels
        self.is_away = self._is_over = False

    @property
    def step(self) -> int:
        return self._ambience.step

    def take(self, wait_s: float = 0.0) -> Samples | None:
        if not self.is_away:
            return self._ambience.read()
        frame = self._ambience.take(0.0 if self._is_over else self.LAST_S)
        self._is_over = frame is None
        return frame


def test_a_server_that_is_killed_and_comes_back_is_one_fade(tmp_path: Path) -> None:
    """What is heard around it is what an undisturbed server sends, sample by sample."""
    with RealServer(workers=1, journal=tmp_path / "journal") as server:
        with Ambience(server.address, seed=5, timeout_s=60.0) as ambience:
            card = Card(ambience)
            playback = Playback(card)  # type: ignore[arg-type]
            ambience.world(*WORLD, at=0.4, cut=True)
            heard = [playback.next() for _ in range(300)]
            server.kill()
            card.is_away = True
            while heard[-1].any():
                heard.append(playback.next())
            away = len(heard)
            heard += [playback.next() for _ in range(5)]
            server.start()
            card.is_away = False
            heard += [playback.next() for _ in range(30)]
            assert ambience.reconnects == 1
            assert ambience.underruns > 0
        sound = np.concatenate(heard, axis=1)
        silent = ~sound[:, STEP_SAMPLES:].any(axis=0)
        [edges] = np.nonzero(np.diff(silent))
        gone, back = edges[edges > 20 * STEP_SAMPLES]
        assert back - gone >= 5 * STEP_SAMPLES
        assert gone + STEP_SAMPLES < (away + 1) * STEP_SAMPLES
        steps = ambience.step - 1
        assert steps == len(heard) - 6, "no sample was lost, and none came twice"
        with InProcess(seed=5, pace="free") as alike:
            alike.world(*WORLD, at=0.4, cut=True)
            wanted = alike.run_until(steps / STEPS_PER_S)
        before, after = slice(FADE_IN, STEP_SAMPLES + gone - FADE_OUT), slice(STEP_SAMPLES + back + 1 + FADE_IN, None)
        np.testing.assert_array_equal(sound[:, before], wanted[:, before])
        rest = sound[:, after]
        assert rest.shape[1] > 20 * STEP_SAMPLES
        np.testing.assert_array_equal(rest, wanted[:, -rest.shape[1] :])
