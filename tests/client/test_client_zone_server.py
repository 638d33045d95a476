"""A zone on a real server: one render, many listeners, an owner and who is none."""

import asyncio

import numpy as np
import pytest
from ambiome_client import Ambience, BadMessage, HelloRefused, aio
from ambiome_middleware import render
from ambiome_protocol.limits import ZONE_RING_STEPS
from ambiome_protocol.messages import UNSET
from real_server import RealServer

WORLD: dict[str, dict[str, object]] = {"weather": {"rain_mm_h": 6}, "location": {"biome": "coast"}}


def test_members_share_the_owners_sound_and_only_the_owner_tells(lasting_server: RealServer) -> None:
    address = lasting_server.address
    with Ambience(address, zone="tavern", seed=11) as owner:
        assert isinstance(owner.zone_key, bytes)
        owner.world(**WORLD, cut=True, at=0)  # type: ignore[arg-type]
        heard = [owner.read() for _ in range(30)]
        with Ambience(address, zone="tavern", seed=5) as guest:
            assert (guest.zone_key, guest.seed, guest.session.next_step) == (None, 11, guest.step)
            begin = guest.step
            assert 0 < 30 - begin <= 25, "where the clock is: the owner does not play what it reads"
            theirs = [guest.read() for _ in range(40 - begin)]
            heard += [owner.read() for _ in range(10)]
            for frame, same in zip(theirs[1:], heard[begin + 1 :], strict=True):
                assert frame.tobytes() == same.tobytes()
            assert np.all(theirs[0][:, 960:] == heard[begin][:, 960:]), "but for 20 ms at its beginning"
            guest.world(weather={"rain_mm_h": 0})
            with pytest.raises(BadMessage, match="owners"):
                guest.read(50)
            assert any(reason.parameter.startswith("rain") for reason in guest.explain())
        late = [warning.applied_at for warning in owner.warnings if warning.code == "late"]
    expected = render([{"at": (late or [0.0])[0], "world": WORLD, "cut": True}], 40 / 25, 11, device="cpu")
    assert np.concatenate(heard, axis=1).tobytes() == expected.tobytes()


def test_who_holds_the_key_owns_too_and_who_asks_for_something_else_is_refused(lasting_server: RealServer) -> None:
    address = lasting_server.address
    with Ambience(address, zone="cellar") as owner:
        with Ambience(address, zone="cellar", zone_key=owner.zone_key) as second:
            second.world(weather={"rain_mm_h": 1})
            second.read(12)
            assert second.applied_seq == 1
        for options, code in (
            ({"zone_key": b"?" * 16}, "bad_zone_key"), ({"layout": "mono"}, "zone_mismatch"),
            ({"pace": "free"}, "contradiction"),
        ):  # fmt: skip
            with pytest.raises(HelloRefused) as caught:
                Ambience(address, zone="cellar", **options)  # type: ignore[arg-type]
            assert caught.value.code == code


def test_one_that_stops_reading_skips_and_the_others_do_not_notice(lasting_server: RealServer) -> None:
    address = lasting_server.address
    with Ambience(address, zone="attic") as owner, Ambience(address, zone="attic") as guest:
        guest.read(3)
        owner.read(3 + ZONE_RING_STEPS + 10)
        guest.read(4)
        assert [warning.code for warning in guest.warnings] == ["skipped"]
        [warning] = guest.warnings
        assert warning.next_step is not UNSET
        assert guest.step > warning.next_step
        assert (owner.warnings, owner.reconnects, guest.reconnects) == ((), 0, 0)


def test_for_asyncio_too(lasting_server: RealServer) -> None:
    async def listen() -> None:
        async with aio.Ambience(lasting_server.address, zone="yard", zone_key=b"k" * 16) as ambience:
            assert ambience.zone_key == b"k" * 16
            assert (await ambience.read(2)).shape == (2, 3_840)

    asyncio.run(listen())
