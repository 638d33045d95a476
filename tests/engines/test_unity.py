"""The Unity package on Mono: compiled against a stub of Unity's names, played against the real server.

What a stub cannot say (the Unity editor, IL2CPP, Unity's own mixer) is said in the package's README.
"""

import importlib.util
import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
import zmq
from ambiome_protocol import lists
from ambiome_protocol.codec import encode
from ambiome_protocol.messages import Error
from ambiome_protocol.schema import json_schema
from real_server import RealServer

from engines.engines import mono

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = ROOT / "integrations" / "unity"
HERE: Final = Path(__file__).resolve().parent
LIMIT_S: Final = 240
BUSY: Final = 1.5
"""Processes that want a core, for each core, beyond which sound in real time is no longer to be asked for."""

Result = dict[str, Any]


def compile_all(build: Path, *defines: str) -> Path:
    """Compiles the package as Unity does, an assembly for each asmdef; returns the program that plays it."""
    assemblies: dict[str, list[Path]] = {
        "UnityStub": list((HERE / "unity_stub").glob("*.cs")),
        "Ambiome.Core": list((PACKAGE / "Runtime" / "Core").glob("*.cs")),
        "Ambiome": list((PACKAGE / "Runtime").glob("*.cs")),
        "Ambiome.Editor": list((PACKAGE / "Editor").glob("*.cs")),
        "Ambiome.Tests": list((PACKAGE / "Tests" / "Runtime").glob("*.cs")),
        "Sample": list((PACKAGE / "Samples~" / "Weather").glob("*.cs")),
        "Scenarios": list((HERE / "unity_play").glob("*.cs")),
    }
    built: list[Path] = []
    for name, sources in assemblies.items():
        assert sources, f"{name} has no sources"
        target = build / f"{name}.{'exe' if name == 'Scenarios' else 'dll'}"
        references = [] if name == "Ambiome.Core" else [f"-r:{path}" for path in built]
        strict = [] if name in ("UnityStub", "Scenarios") else ["-warnaserror"]
        kind = "exe" if name == "Scenarios" else "library"
        flags = ["-nologo", "-langversion:7.2", *strict, *(f"-define:{define}" for define in defines)]
        command = ["mcs", *flags, f"-target:{kind}", f"-out:{target}", *references, *map(str, sorted(sources))]
        run = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S)
        assert run.returncode == 0, f"{name} does not compile:\n{run.stdout}{run.stderr}"
        built.append(target)
    return built[-1]


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> Path:
    mono()
    return compile_all(tmp_path_factory.mktemp("unity"))


@pytest.fixture(scope="module")
def only_server() -> Iterator[RealServer]:
    mono()
    with RealServer() as server:
        yield server


@pytest.fixture
def server(only_server: RealServer) -> RealServer:
    """One server for all plays, alive."""
    if only_server.process.poll() is not None:
        only_server.start()
    return only_server


def play(program: Path, scenario: str, argument: str = "", **answers: Callable[[], object]) -> Result:
    """Runs a scenario, does what it asks for, and returns what it found. The process has LIMIT_S."""
    command = ["mono", str(program), scenario, argument]
    environment = {**os.environ, "AMBIOME_RESOURCES": str(PACKAGE / "Runtime" / "Resources")}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            for line in process.stdout:
                word, _, rest = line.strip().partition(" ")
                if word == "ask":
                    answers[rest]()
                    process.stdin.write("\n")
                    process.stdin.flush()
                elif word == "result":
                    result: Result = json.loads(rest)
                    return result
        finally:
            process.kill()
    raise AssertionError(f"{scenario} ended without a result")


def check_thrifty(result: Result) -> None:
    """The audio thread took no memory and met no fault; the game's thread never waited."""
    assert result["fault"] == ""
    assert result["allocated"] == 0
    assert result["collections"] == 0
    assert result["median_update_ms"] < 1
    assert result["p99_update_ms"] < 30  # another process may have the core for a while


def play_unbroken(program: Path, scenario: str, address: str) -> Result:
    """As `play`, and nothing was missed in one of three plays. A machine with too much else to do says nothing."""
    for _ in range(3):
        result = play(program, scenario, address)
        if result["underruns"] == 0:
            return result
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > BUSY * cores:
        pytest.skip(
            f"{scenario} has underruns, but this machine is too busy to tell: a load of {load:.1f} on {cores} cores"
        )
    raise AssertionError(f"{scenario} was broken three times in a row; last {result['underruns']} times")


def test_compiles_in_newer_unity(tmp_path: Path) -> None:
    mono()
    compile_all(tmp_path, "UNITY_2023_1_OR_NEWER")


def test_the_code_of_the_documents_compiles(scenarios: Path, tmp_path: Path) -> None:
    """Whole classes as they stand, single lines within a method of one."""
    blocks = []
    for page in (PACKAGE / "README.md", PACKAGE / "Documentation~" / "index.md"):
        blocks += re.findall(r"```csharp\n(.*?)```", page.read_text(), re.DOTALL)
    assert len(blocks) == 3
    usings = "using System.Collections.Generic;\nusing Ambiome;\nusing UnityEngine;\n"
    for number, block in enumerate(blocks):
        is_whole = block.startswith("using ")
        own = "AmbiomeSource source;" if "var source" not in block else ""
        method = f"class Snippet : MonoBehaviour {{ {own} void Start() {{ {block} }} }}"
        source = tmp_path / f"Snippet{number}.cs"
        source.write_text(block if is_whole else usings + method)
        references = [f"-r:{path}" for path in scenarios.parent.glob("*.dll")]
        command = [mono()[0], "-nologo", "-langversion:7.2", "-target:library", *references, str(source)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S)
        assert run.returncode == 0, block + run.stdout + run.stderr


def test_the_packages_own_tests_pass(scenarios: Path) -> None:
    tests = str(scenarios.parent / "Ambiome.Tests.dll")
    run = subprocess.run(["mono", str(scenarios), "unit", tests], capture_output=True, text=True, timeout=LIMIT_S)
    assert run.returncode == 0, run.stdout
    assert run.stdout.count("passed") >= 22


def test_fields_and_names_are_the_protocols(scenarios: Path) -> None:
    fields = play(scenarios, "fields")
    schema = json_schema()["$defs"]
    ranges: dict[str, list[float]] = {}
    for part in ("Weather", "Location", "Time"):
        for name, field in schema[part]["properties"].items():
            number = next((choice for choice in field.get("anyOf", [field]) if "minimum" in choice), None)
            if number is not None:
                ranges[name] = [number["minimum"], number["maximum"]]
    assert {name: [round(end, 6) for end in fields[name][:2]] for name in fields["table"]} == ranges
    assert [name for name in fields["shelter"] if name is not None] == list(lists.SHELTERS)
    assert fields["biome"] == list(lists.BIOMES)
    assert fields["feature kind"] == list(lists.FEATURE_KINDS)
    assert fields["voice"] == list(lists.VOICES)


def test_controls_are_heard(scenarios: Path, server: RealServer) -> None:
    result = play_unbroken(scenarios, "controls", server.address)
    assert result["connects"]
    assert result["heavy_db"] > result["calm_db"] + 6
    assert result["shelter"] == "vehicle"
    assert result["paused_db"] < -100
    assert result["resumed_db"] > -60
    assert 0.1 <= result["buffer_s"] <= 0.18
    assert result["rain_level"] > 5
    assert result["happened"] == ["connected"]
    check_thrifty(result)


@pytest.mark.long
def test_a_second_play_after_a_domain_reload(scenarios: Path, server: RealServer) -> None:
    result = play(scenarios, "second_play", server.address)
    assert result["first_closed"]
    assert result["left_closed"]
    assert result["first_fault"] == ""
    assert result["connects"]
    assert result["disabled_db"] < -100
    assert min(result["second_db"], result["third_db"], result["reconfigured_db"]) > -60
    assert result["end_s"] < 0.3
    assert (result["handlers"], result["handlers_after"]) == (1, 0)
    check_thrifty(result)


@pytest.mark.long
def test_a_feature_stands_in_the_world_while_the_listener_turns(scenarios: Path, server: RealServer) -> None:
    result = play(scenarios, "turning", server.address)
    assert (result["told"], result["told_after"]) == (1, 0)
    assert result["north_right_db"] > result["north_left_db"] + 3
    assert result["south_left_db"] > result["south_right_db"] + 3
    assert result["far_right_db"] < result["south_left_db"] - 6
    check_thrifty(result)


@pytest.mark.long
def test_the_mix_mutes_solos_and_turns_down(scenarios: Path, server: RealServer) -> None:
    result = play(scenarios, "mixing", server.address)
    assert result["muted_db"] < result["both_db"] - 6
    assert result["unmuted_db"] == pytest.approx(result["both_db"], abs=6)
    assert result["solo_db"] < result["both_db"] - 6
    assert result["master_db"] == pytest.approx(result["both_db"] - 20, abs=6)
    assert result["volume_db"] == -120


def test_mistakes_come_back_and_hurt_nothing_beside_them(scenarios: Path, server: RealServer) -> None:
    result = play(scenarios, "mistakes", server.address)
    errors = [line for line in result["happened"] if line.startswith("error")]
    assert sorted(errors) == [
        "error out_of_range world.weather.wind_m_s",
        "error unknown_field world.weather.rian_mm_h",
        "error unknown_name event.kind",
        "error unknown_name mix.voices.drums",
        "error unknown_name world.location.biome",
        "error wrong_type world.location.shelter",
    ]
    assert result["rain_db"] > -60
    assert result["state"] == "Connected"


@pytest.mark.long
def test_presets_lie_over_the_fields(scenarios: Path, server: RealServer) -> None:
    result = play(scenarios, "presets", server.address)
    assert result["storm_db"] > result["calm_db"] + 6
    assert result["over_db"] < result["storm_db"] - 6
    assert any("no_such_preset" in line for line in result["log"])


def test_no_server_is_no_fault_and_it_may_come_later(scenarios: Path, server: RealServer) -> None:
    server.kill()
    result = play(scenarios, "absent", server.address, start=server.start)
    assert result["silent_db"] == -120
    assert result["said"] == ["disconnected"]
    assert result["idle_bytes"] == 0
    assert result["connects"]
    assert result["sound_db"] > -60
    assert result["underruns_before"] == 0
    check_thrifty(result)


def test_another_major_version_is_refused_with_a_clear_message(scenarios: Path) -> None:
    refusal = Error(code="version", field="version", detail="this server speaks 2.0, not 1.0", allowed="2.x")
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        port = router.bind_to_random_port("tcp://127.0.0.1")
        hellos = 0

        def refuse() -> None:
            nonlocal hellos
            while router.poll(5000):
                peer, _ = router.recv_multipart()
                hellos += 1
                router.send_multipart([peer, encode(refusal)])

        with ThreadPoolExecutor(1) as pool:
            pool.submit(refuse)
            result = play(scenarios, "refused", f"tcp://127.0.0.1:{port}")
    assert hellos == 1
    assert result["state"] == "Failed"
    assert result["silent_db"] == -120
    assert result["happened"] == ["error version version"]
    assert "2.0" in result["log"][0]
    assert "1.0" in result["log"][0]
    check_thrifty(result)


def test_a_server_that_stalls_is_an_underrun_without_a_click(scenarios: Path, server: RealServer) -> None:
    def stop() -> None:
        os.kill(server.process.pid, signal.SIGSTOP)

    def go_on() -> None:
        os.kill(server.process.pid, signal.SIGCONT)

    try:
        result = play(scenarios, "stalled", server.address, stop=stop, **{"continue": go_on})
    finally:
        go_on()
    assert result["underrun"]
    assert result["silent_db"] == -120
    assert result["sound_db"] > -60
    assert result["roughest"] < 2 * result["smooth"]
    check_thrifty(result)


@pytest.mark.long
def test_a_server_restarted_is_told_the_same_world(scenarios: Path, server: RealServer) -> None:
    result = play(scenarios, "restarted", server.address, kill=server.kill, start=server.start)
    assert result["silent_db"] == -120
    assert result["after_db"] == pytest.approx(result["before_db"], abs=6)
    assert result["roughest"] < 2 * result["smooth"]
    assert result["happened"].count("connected") == 2
    check_thrifty(result)


def test_a_change_is_heard_within_a_quarter_second(scenarios: Path, server: RealServer) -> None:
    def p95_s() -> float:
        return float(play(scenarios, "latency", server.address)["p95_s"])

    assert p95_s() <= 0.25 or p95_s() <= 0.25  # a second time: other processes have the cores too


@pytest.mark.long
def test_half_a_minute_at_another_rate(scenarios: Path, server: RealServer) -> None:
    result = play_unbroken(scenarios, "other_rate", server.address)
    assert result["rain_db"] > -60
    assert 0.1 <= result["buffer_s"] <= 0.18
    check_thrifty(result)


def test_the_inspector_shows_buffer_and_scene(scenarios: Path, server: RealServer) -> None:
    result = play(scenarios, "inspector", server.address)
    drawn = result["drawn"]
    assert "State: Connected" in drawn
    assert any(line.startswith("buffer ") for line in drawn)
    assert any(line.startswith("rain_mm_h ") for line in drawn)
    assert result["is_paused"]
    assert result["drawer"][:6] == ["rain_mm_h", "derived", *["rain_mm_h", "0 to 200"] * 2]
    assert (result["told"], result["value"], result["biome"]) == (True, 4, "coast")


def test_the_sample_runs(scenarios: Path, server: RealServer) -> None:
    result = play(scenarios, "sample", server.address)
    assert result["hours"] == pytest.approx(0.1, abs=0.08)
    assert result["rain"] == 25
    assert result["shelter"] == "Tent"
    assert result["told"] == 1
    assert not [line for line in result["happened"] if line.startswith("error")]


def metas() -> ModuleType:
    spec = importlib.util.spec_from_file_location("metas", PACKAGE / "Tools~" / "metas.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_file_has_its_meta_and_no_guid_comes_twice() -> None:
    module = metas()
    assert module.wrong() == {}, "run: python integrations/unity/Tools~/metas.py"
    guids = [module.guid(path) for path in module.imported()]
    assert len(guids) == len(set(guids)) > 20


def test_the_manifest_names_what_is_there() -> None:
    manifest = json.loads((PACKAGE / "package.json").read_text())
    assert manifest["unity"] == "2021.3"
    assert list(manifest["dependencies"]) == ["com.unity.modules.audio"]
    for sample in manifest["samples"]:
        assert (PACKAGE / sample["path"]).is_dir()
    for name in ("README.md", "CHANGELOG.md", "LICENSE.md", "Documentation~/index.md"):
        assert (PACKAGE / name).is_file()
    assert (PACKAGE / "LICENSE.md").read_text() == (ROOT / "LICENSE").read_text()
    for asmdef in PACKAGE.rglob("*.asmdef"):
        assert json.loads(asmdef.read_text())["name"] == asmdef.stem


def test_nothing_static_can_change() -> None:
    """A static field that is not constant would outlive a play where the domain is not reloaded."""
    for source in (PACKAGE / "Runtime").rglob("*.cs"):
        for line in source.read_text().splitlines():
            declares = " static " in line and line.rstrip().endswith(";") and "(" not in line.split("=")[0]
            assert not declares or " readonly " in line or "=>" in line or "{" in line, f"{source.name}: {line}"
