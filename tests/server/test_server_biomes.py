"""Biomes of a game's own, on a server: a folder of files, and no code."""

from ambiome_protocol.messages import Credit, Error, Explain, Location, SceneReport, World, WorldMessage

SCENE = "ambiome_middleware.scene"


def test_a_game_serves_its_own_biomes(tmp_path, start, connect):
    (tmp_path / "moon_base.toml").write_text('shelter = "hall"\n[room]\nlevel = 0.9\n', "utf-8")
    client = connect(start(biomes=str(tmp_path), scene=SCENE).started().address)
    client.hello(pace="free")
    for seq, biome in ((1, "moon_base"), (2, "moon_bass")):
        client.send(WorldMessage(seq=seq, world=World(location=Location(biome=biome))))
    error = client.answer()
    assert isinstance(error, Error)
    assert (error.code, error.field, error.seq) == ("unknown_name", "world.location.biome", 2)
    assert "did you mean 'moon_base'?" in error.detail
    client.frames(0, 2)
    client.send(Credit(until_step=2), Explain(seq=3))
    report = client.answer()
    assert isinstance(report, SceneReport)
    [room] = [reason for reason in report.reasons if reason.parameter == "room_level"]
    assert room.because.startswith("moon_base, shelter hall")
    assert abs(room.value - 0.9) < 0.01


def test_a_broken_biome_keeps_the_server_from_starting_and_is_named(tmp_path, start):
    (tmp_path / "swamp.toml").write_text("[frogs]\nactivty = 1\n", "utf-8")
    code, output, errors = start(biomes=str(tmp_path), scene=SCENE).ended()
    assert (code, output) == (4, "")
    assert "biome swamp: frogs.activty is no field: did you mean 'frogs.activity'?" in errors
