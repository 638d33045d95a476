"""The client's twin for asyncio: the same promises, awaited."""

import asyncio
from collections.abc import Awaitable, Callable

import numpy as np
import pytest
from ambiome_client import BadMessage, Closed, HelloRefused, ServerLost
from ambiome_client.aio import Ambience
from toy_server import ToyServer


def marks(samples: np.ndarray) -> list[int]:
    """The steps that these frames are of."""
    return np.rint(samples[0, ::1920] * 1000).astype(int).tolist()


def run(do: Callable[[], Awaitable[None]], timeout_s: float = 60) -> None:
    async def main() -> None:
        await asyncio.wait_for(do(), timeout_s)

    asyncio.run(main())


def test_reads_frames_in_order(server: ToyServer) -> None:
    async def do() -> None:
        async with Ambience(server.address, seed=5) as ambience:
            seq = ambience.world(weather={"rain_mm_h": 4})
            frames: list[int] = []
            async for frame in ambience:
                frames += marks(frame)
                if len(frames) == 40:
                    break
            assert frames == list(range(40))
            assert ambience.applied_seq == seq == 1
            assert (ambience.step, ambience.time_s, ambience.seed, ambience.channels) == (40, 1.6, 5, 2)
            assert marks(await ambience.read(3)) == [40, 41, 42]
            (reason,) = await ambience.explain()
            assert reason.parameter == "wind_m_s"
            with pytest.raises(BadMessage, match="did you mean 'rain_mm_h'"):
                ambience.world(weather={"rain_mmh": 4})

    run(do)
    server.wait(lambda: not server.sessions)


def test_free_stops_where_it_was_granted(server: ToyServer) -> None:
    async def do() -> None:
        async with Ambience(server.address, pace="free") as ambience:
            assert marks(await ambience.run_until(20.0)) == list(range(500))
            assert (await ambience.run_until(20.0)).shape == (2, 0)
            with pytest.raises(ValueError, match="granted"):
                await ambience.read()
            ambience.grant(21.0)
            assert [marks(frame) async for frame in ambience] == [[step] for step in range(500, 525)]

    run(do)


def test_many_sessions_in_one_loop_each_get_their_own(server: ToyServer) -> None:
    async def one(seed: int) -> None:
        async with Ambience(server.address, seed=seed, pace="free") as ambience:
            assert ambience.seed == seed
            for until in range(1, 5):
                assert marks(await ambience.run_until(until)) == list(range(25 * until - 25, 25 * until))

    async def do() -> None:
        await asyncio.gather(*(one(seed) for seed in range(8)))

    run(do)


def test_goes_on_after_a_restart(server: ToyServer) -> None:
    async def do() -> None:
        async with Ambience(server.address) as ambience:
            first = marks(await ambience.read(10))
            server.kill(keep=True)
            server.start()
            assert first + marks(await ambience.read(10)) == list(range(20))
            assert ambience.reconnects == 1

    run(do)


def test_every_failure_is_its_own_exception(server: ToyServer) -> None:
    async def do() -> None:
        with pytest.raises(HelloRefused, match="layout"):
            await Ambience(server.address, layout="octophonic").open()  # type: ignore[arg-type]
        ambience = Ambience(server.address, timeout_s=0.3)
        with pytest.raises(RuntimeError, match="async with"):
            ambience.world()
        async with ambience:
            server.kill()
            with pytest.raises(ServerLost):
                await ambience.read(100)
        with pytest.raises(Closed):
            await ambience.read()

    run(do)


def test_a_cancelled_read_loses_no_frame(server: ToyServer) -> None:
    async def do() -> None:
        async with Ambience(server.address) as ambience:
            frames = marks(await ambience.read(2))
            for _ in range(10):
                task = asyncio.create_task(ambience.read())
                await asyncio.sleep(0)
                task.cancel()
                try:
                    frames += marks(await task)
                except asyncio.CancelledError:
                    frames += marks(await ambience.read())
            assert frames == list(range(12))

    run(do)
