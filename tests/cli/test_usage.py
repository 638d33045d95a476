"""The command as a whole: help, versions, usage errors, faults of our own."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from ambiome_cli import commands, exits, inputs
from ambiome_cli.main import app, run
from ambiome_middleware.token_file import MAGIC

from .conftest import Done

Ambiome = Callable[..., Done]
COMMANDS = (
    "serve",
    "demo",
    "render",
    "explain",
    "record",
    "listen",
    "voices",
    "evaluate",
    "learn",
    "continue",
    "swarm",
    "keys",
    "top",
)


def test_help_names_every_command(ambiome: Ambiome) -> None:
    done = ambiome("--help")
    assert done.code == 0
    assert all(f" {command} " in done.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(ambiome: Ambiome, command: str) -> None:
    done = ambiome(command, "--help")
    assert done.code == 0
    assert f"ambiome {command}" in done.out


def test_every_default_of_the_source_stands_in_the_help(ambiome: Ambiome, monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks like markup is swallowed silently where it is not escaped."""
    monkeypatch.setenv("COLUMNS", "300")
    sources = "".join(path.read_text() for path in Path(commands.__file__).parent.glob("*.py"))
    wanted = [" ".join(each.split()) for each in re.findall(r"\[default: [^\]]+\]", sources)]
    named = [*((command,) for command in COMMANDS), ("train", "codec"), ("train", "lm")]
    told = "".join(ambiome(*command, "--help").out for command in named)
    assert len(wanted) > 10
    assert [each for each in wanted if each not in told] == []


def test_no_command_is_a_usage_error_that_shows_help(ambiome: Ambiome) -> None:
    done = ambiome()
    assert done.code == 2
    assert "render" in done.out


@pytest.mark.parametrize("arguments", [["sing"], ["render"], ["render", "a", "b", "c"], ["serve", "--workers", "0"]])
def test_usage_errors_are_one_line_and_exit_2(ambiome: Ambiome, arguments: list[str]) -> None:
    done = ambiome(*arguments)
    assert done.code == 2
    assert done.err.startswith("ambiome: ")
    assert len(done.err.splitlines()) == 1


def test_version(ambiome: Ambiome) -> None:
    done = ambiome("--version")
    assert done.code == 0
    assert done.out.startswith("ambiome 0.")


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, ambiome: Ambiome) -> None:
    monkeypatch.setitem(exits.EXTRAS, "server", ("a_module_that_is_not_installed",))
    done = ambiome("render", "x", "y")
    assert (done.code, done.out) == (3, "")
    assert done.err == 'ambiome: this needs the extra "server": pip install "ambiome[server]"\n'


def test_a_fault_of_our_own_is_a_line_and_a_traceback_on_demand(
    monkeypatch: pytest.MonkeyPatch, ambiome: Ambiome
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("oh")

    monkeypatch.setattr("ambiome_cli.commands.voices.print_table", fail)
    done = ambiome("voices")
    assert (done.code, done.out) == (1, "")
    assert done.err == "ambiome: internal error, RuntimeError: oh (set AMBIOME_DEBUG=1 to see where)\n"
    monkeypatch.setenv("AMBIOME_DEBUG", "1")
    with pytest.raises(RuntimeError):
        run(["voices"])


def test_an_interrupt_is_no_traceback(monkeypatch: pytest.MonkeyPatch, ambiome: Ambiome) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ambiome_cli.commands.voices.print_table", interrupt)
    assert ambiome("voices") == Done(130, "", "")


def test_commands_are_the_issues() -> None:
    assert {info.name or info.callback.__name__ for info in app.registered_commands if info.callback} == set(COMMANDS)


def test_a_token_file_is_known_without_the_middleware() -> None:
    assert inputs.TOKEN_MAGIC == MAGIC


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["serve", "--workers", "0"], "'--workers': Input should be greater than or equal to 1, not '0' (see"),
        (["explain", "x", "--at", "nan"], "'--at': Input should be less than or equal to 86400, not 'nan' (see"),
        (["render", "x", "y", "--seed", "x"], "unable to parse string as an integer, not 'x' (see"),
        (
            ["render", "x", "y", "--layout", "7.1"],
            "'--layout': '7.1' is not one of 'mono', 'stereo', 'quad', '5.1', 'ambisonics'. (see",
        ),
    ],
)
def test_a_usage_error_names_option_value_and_what_is_allowed(
    ambiome: Ambiome, arguments: list[str], line: str
) -> None:
    done = ambiome(*arguments)
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert line in done.err
