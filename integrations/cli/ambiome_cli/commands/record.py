"""`ambiome record`: a live session's messages as a score."""

import signal
import sys
import threading
from typing import Annotated

import typer
from ambiome_client.keys import keys_of
from ambiome_protocol.score import write_score
from ambiome_protocol.steps import seconds_at

from ambiome_cli.addresses import session_at
from ambiome_cli.choices import OwnKey, ServerKey
from ambiome_cli.exits import Exit, Problem
from ambiome_cli.inputs import writing
from ambiome_cli.recorder import Recorder
from ambiome_cli.relay import GONE_AFTER_S, Relay

ANSWER_S = 5.0


def record(
    address: Annotated[str, typer.Argument(help="Where the server is, like tcp://127.0.0.1:5571.")],
    score: Annotated[str, typer.Argument(help="The score to write (JSON Lines); - is standard output.")],
    bind: Annotated[
        str, typer.Option(help="Where the game connects instead of to the server; port * takes a free one.")
    ] = "tcp://127.0.0.1:5572",
    server_key: ServerKey = None,
    key: OwnKey = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Let games connect from other machines, any of them.")
    ] = False,
) -> None:
    """Write a live session's messages down as a score, each with the time at which it took effect.

    Stands between a game and its server and passes everything on; the game needs no keys for it, where the server wants
    some. Rendered with the session's seed and layout, the score gives the sound that the game got. Ends when the game
    says bye, when it has been gone for so long that its session is over, or with Ctrl-C.
    """
    if not insecure:
        _check_closed(bind)
    with session_at(address, pace="free", timeout_s=ANSWER_S, server_key=server_key, key=key):
        pass  # somebody answers there
    recorder = Recorder()
    with writing(score) as stream:
        relay = Relay(address, bind, recorder, keys_of(server_key, key))
        print(f"ambiome records at {relay.address}: let the game connect there", file=sys.stderr, flush=True)
        _run(relay)
        if relay.is_left:
            print(f"the game has been silent for {GONE_AFTER_S:g} s; its session is over", file=sys.stderr)
        lines = [f"{line}\n" for line in write_score(recorder.changes())]
        stream.write("".join(lines).encode())
    welcome = recorder.session
    if welcome is None:
        raise Problem(Exit.BAD_INPUT, "no session was opened; the score is empty")
    heard = f"{len(lines)} changes in {seconds_at(recorder.next_step):g} s"
    print(f"{heard}; the session has --seed {welcome.seed} --layout {welcome.layout}", file=sys.stderr)


def _check_closed(bind: str) -> None:
    from ambiome_middleware.gate import GateError, check_closed

    try:
        check_closed(bind)
    except GateError as error:
        line = f"{bind} can be reached by strangers: say --insecure where the network is your own"
        raise Problem(Exit.BAD_INPUT, line) from error


def _run(relay: Relay) -> None:
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        relay.run(stop)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        relay.close()
