"""The real scene and the real sound behind a real server: exact again, whoever renders and whatever happened."""

from collections.abc import Iterator

import pytest
from ambiome_protocol.messages import Credit, Event, EventMessage, Frame, Location, Weather, World, WorldMessage
from server_process import RawClient, ServerProcess

REAL = {"sound": "ambiome_middleware.sound", "scene": "ambiome_middleware.scene"}
STEPS = 150
STORM = (
    WorldMessage(seq=1, world=World(weather=Weather(rain_mm_h=20.0, wind_m_s=9.0),
                                    location=Location(biome="temperate_forest"))),
    EventMessage(seq=2, at=0.8, event=Event(kind="lightning", distance_m=300.0)),
    WorldMessage(seq=3, at=3.0, world=World(location=Location(biome="cave")), cut=True),
)  # fmt: skip


@pytest.fixture(scope="module")
def real() -> Iterator[ServerProcess]:
    process = ServerProcess({"workers": 2, **REAL})
    yield process.started()
    code, output, _ = process.stop()
    assert (code, output.split()) == (0, ["False"]), "the front imported torch"


def told(client: RawClient) -> bytes:
    welcome = client.hello(seed=77, pace="free")
    client.send(*STORM)
    return welcome.resume


def test_a_session_sounds_the_same_alone_in_company_on_either_worker_and_when_it_is_resumed(real, connect):
    client = connect(real.address)
    told(client)
    expected = client.frames(0, STEPS)
    assert len({*expected}) == STEPS
    assert {len(audio) for audio in expected} == {15_360}

    company = [connect(real.address) for _ in range(3)]
    tokens = [told(other) for other in company]
    for other in company:
        other.send(Credit(until_step=STEPS))
    heard: list[list[bytes]] = [[], [], []]
    for index, other in enumerate(company):
        while len(heard[index]) < STEPS:
            message, audio = other.receive()
            if isinstance(message, Frame):
                heard[index].append(audio)
    assert heard == [expected] * 3

    for token in tokens:
        again = connect(real.address)
        welcome = again.hello(resume=token, next_step=31)
        assert (welcome.resumed, welcome.next_step, welcome.last_seq) == (True, 31, 3)
        assert [again.receive()[1] for _ in range(31, STEPS)] == expected[31:]
