"""A render worker: a process that owns whole sessions, renders them, and speaks with the front process alone.

It ends when its standard input does, which is when the front wants it to, and also when the front dies of whatever;
and at SIGTERM, after the turn that it is in.
"""

import argparse
import gc
import importlib
import logging
import math
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import zmq
from ambiome_protocol.lists import RendererName
from ambiome_protocol.messages import Event, EventMessage, Feature, Location, Weather, World, WorldMessage

from ambiome_middleware import renderers
from ambiome_middleware.busyness import Busyness, Shares
from ambiome_middleware.desk import Desk
from ambiome_middleware.engine import BATCH_STEPS, COMPANY, Engine, RendererBroken, Work, render_silence
from ambiome_middleware.inbox import Inbox
from ambiome_middleware.journal import Journal
from ambiome_middleware.ladder import Ladder
from ambiome_middleware.logs import set_up
from ambiome_middleware.session import LOOKBACK, Scene, Session
from ambiome_middleware.sound.voices.own import bank_of, profiles_digest
from ambiome_middleware.tokens import STEPS_PER_S
from ambiome_middleware.wire import Ask, Order, Ready, Report, Unfit, pack_reports, unpack_orders

BATCHES_AT_ONCE: Final = 256
LIVED_STEPS: Final = 250
"""Enough for a storm to throw its lightning."""
LOAD_EVERY_MS: Final = 1_000
"""A worker with nothing to do wakes as often, to say so."""
GATHER_S: Final = 0.012
"""So long after a turn, and after the first who waits has come, the next one begins where company helps: to render many
at once costs each of them less, and a live client, who plays a step of 40 ms meanwhile, does not miss it.
"""
LOOK_EVERY_S: Final = 0.004
"""So often it is looked meanwhile whether there is company enough."""

COPIED_BYTES: Final = 1 << 20
"""Up to here a message is copied: to lend it to ZeroMQ, and learn when it is done with it, takes another thread."""

_log: Final = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Work until standard input ends. Exit codes: 0 ended as wanted, 1 could not start (and told the front why) or
    cannot render any more.
    """
    options = _parser().parse_args(arguments)
    source = f"worker {options.worker}"
    set_up(source, options.logs, logging.INFO, source)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.set(zmq.ROUTING_ID, str(options.worker).encode())
        socket.set_hwm(0)
        socket.copy_threshold = COPIED_BYTES
        socket.set(zmq.LINGER, 1_000)
        socket.connect(options.endpoint)
        try:
            desk, ready = _set_up(options)
        except Exception as error:
            _log.debug("cannot start", exc_info=True)
            _send(socket, [Unfit(options.worker, _why(error))])
            return 1
        is_told = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: is_told.set())
        gc.collect()
        gc.freeze()  # what set-up has made stays: to look through it again and again would hold up frames
        _send(socket, [ready])
        try:
            with closing(desk):
                _work(desk, socket, options.worker, is_told)
        except RendererBroken as error:
            _log.error("ends, to begin anew: %s", error, exc_info=error.__cause__)
            return 1
    return 0


def _why(error: Exception) -> str:
    """What stands in the way of a worker. A ValueError, of a device or of biomes, is a sentence already."""
    return str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("ambiome-worker", description=__doc__)
    parser.add_argument("endpoint", help="where the front listens for workers")
    parser.add_argument("worker", type=int, help="this worker's number")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--biomes", type=Path)
    parser.add_argument("--weights", type=Path, help="folder of weights: the neural renderer is offered too")
    parser.add_argument("--journal", type=Path, help="folder in which sessions are written down")
    parser.add_argument("--logs", choices=("text", "json"), default="text", help="for people, or for machines")
    parser.add_argument("--sound", default="ambiome_middleware.sound", help="module with Renderer and SOUND_VERSION")
    parser.add_argument("--scene", default="ambiome_middleware.scene", help="module that is a scene")
    return parser


def _set_up(options: argparse.Namespace) -> tuple[Desk, Ready]:
    """Load what renders, and let it render once, so that no client waits for what is done only the first time."""
    sound, scene = importlib.import_module(options.sound), _scene(options.scene, options.biomes)
    torch: Any = sys.modules.get("torch")
    if torch is not None:  # a stand-in may do without
        torch.set_num_threads(1)
    renderer = _renderer(sound, options.device, options.biomes)
    render_silence(renderer, "stereo", LOOKBACK["procedural"])
    live_a_little(scene)
    spares: dict[RendererName, Any] = {}
    if renderer.device in ("cuda", "mps"):
        spares["procedural"] = lambda: _renderer(sound, "cpu", options.biomes)
    journal = None if options.journal is None else Journal(options.journal)
    most_live = COMPANY if renderer.device == "cpu" else BATCH_STEPS
    if options.weights is None:
        engine = Engine(renderer, None, spares, most_live=most_live)
        desk = Desk(engine, scene, journal, sound.SOUND_VERSION)
        return desk, Ready(options.worker, renderer.device, sound.SOUND_VERSION)
    neural: Any = renderers.renderer("neural", renderer.device, options.biomes, options.weights)
    render_silence(neural, "stereo", LOOKBACK["neural"])
    ready = Ready(options.worker, renderer.device, sound.SOUND_VERSION, neural.weights)
    if spares:
        spares["neural"] = lambda: renderers.renderer("neural", "cpu", options.biomes, options.weights)
    engine = Engine(renderer, neural, spares, most_live=most_live)
    return Desk(engine, scene, journal, sound.SOUND_VERSION, neural.weights), ready


def _renderer(sound: Any, device: str, biomes: Path | None) -> Any:
    """The sound's renderer, with the profiles of a folder of biomes; a stand-in for the sound has none."""
    own = "" if biomes is None else profiles_digest(biomes)
    return sound.Renderer(device, bank=bank_of(biomes)) if own else sound.Renderer(device)


def _scene(name: str, biomes: Path | None) -> Any:
    scene = importlib.import_module(name)
    return scene if biomes is None else scene.BoundScene(scene.load_biomes(biomes))


def live_a_little(scene: Scene) -> None:
    """Let a scene make steps in which everything happens that it has compiled something for."""
    thunder = Weather(thunder_per_min=60, thunder_km=1, rain_mm_h=10, wind_m_s=20)
    surf = Feature(id="surf", kind="surf", distance_m=10, azimuth_deg=0)
    session = Session(0, "stereo", "free", scene=scene)
    session.tell(WorldMessage(world=World(weather=thunder, location=Location(features=(surf,)))))
    session.tell(EventMessage(event=Event(kind="gust")))
    session.advance(LIVED_STEPS)


def _work(desk: Desk, socket: "zmq.Socket[bytes]", worker: int, is_told: threading.Event) -> None:
    """Until standard input ends, or it is told to."""
    poller = zmq.Poller()
    poller.register(socket, zmq.POLLIN)
    poller.register(sys.stdin.fileno(), zmq.POLLIN)
    ending = zmq.Poller()
    ending.register(sys.stdin.fileno(), zmq.POLLIN)
    inbox, watch = Inbox(), _Watch(desk, worker)
    while True:
        ready = watch.wait(poller, has_work=bool(inbox) or not desk.engine.is_idle())
        if sys.stdin.fileno() in ready or is_told.is_set():
            return
        reports = watch.look()
        reports += _obeyed(watch, inbox, socket)
        while desk.engine.gains_by_company(GATHER_S) and watch.gathers(ending):
            reports += _obeyed(watch, inbox, socket)
        watch.turns(time.monotonic())
        rendered, audio = desk.turn()
        if reports or rendered:
            _send(socket, reports + rendered, audio)


def _obeyed(watch: "_Watch", inbox: Inbox, socket: "zmq.Socket[bytes]") -> list[Report]:
    """Read what the front has ordered by now, and do this turn's share of it."""
    reports: list[Report] = []
    for _ in range(BATCHES_AT_ONCE):
        try:
            reports += inbox.put(unpack_orders(socket.recv(zmq.DONTWAIT)))
        except zmq.Again:
            break
    for order in inbox.take():
        reports += watch.obey(order)
    return reports


class _Watch:
    """Looks at what a desk does every second: reports it, and says what its live sessions are to be spared."""

    def __init__(self, desk: Desk, worker: int) -> None:
        self._desk, self._worker, self._ladder = desk, worker, Ladder()
        self._busyness = Busyness()
        self._before = Work()
        self._others_s = 0.0
        self._turned_s = 0.0

    def obey(self, order: Order) -> list[Report]:
        """Let the desk do as it is told. How long that takes for free sessions, and to answer questions, is noted."""
        began_s = time.monotonic()
        reports = self._desk.obey(order)
        session = self._desk.engine.get(order.session)
        if isinstance(order, Ask) or (session is not None and session.pace == "free"):
            self._others_s += time.monotonic() - began_s
        return reports

    def turns(self, now_s: float) -> None:
        """A turn begins; one of nobody is none."""
        if not self._desk.engine.is_idle():
            self._turned_s = now_s

    def gathers(self, ending: zmq.Poller) -> bool:
        """Let some time pass, unless the worker is `ending`, so that more can join the next turn. False, at once, where
        GATHER_S have passed since the last one.
        """
        left_s = self._turned_s + GATHER_S - time.monotonic()
        if left_s <= 0.0:
            return False
        with self._busyness.waiting():
            ending.poll(math.ceil(min(left_s, LOOK_EVERY_S) * 1_000))
        return True

    def wait(self, poller: zmq.Poller, has_work: bool) -> dict[Any, int]:
        """What can be read; where there is nothing to do, waits for it. Only then a worker is not at work."""
        if has_work:
            self._busyness.turn()
            return dict(poller.poll(0))
        with self._busyness.waiting():
            return dict(poller.poll(LOAD_EVERY_MS))

    def look(self) -> list[Report]:
        """A report, if it is time for one."""
        looked = self._busyness.look()
        if looked is None:
            return []
        shares, is_late = self._shares(*looked)
        before, quality = self._desk.engine.quality, self._ladder.look(shares.busy_live, is_late, shares.streams)
        if quality != before:
            _log.info("live sessions are rendered in quality %d", quality, extra={"quality": quality})
        self._desk.engine.quality = quality
        return [self._desk.load(self._worker, shares)]

    def _shares(self, past_s: float, busy: float) -> tuple[Shares, bool]:
        """What there was to do since the last look, and whether a live session's frame came late."""
        now, before = self._desk.engine.work, self._before
        render_s, live_s = now.render_s - before.render_s, now.live_s - before.live_s
        neural_s, neural_steps = now.neural_s - before.neural_s, now.neural_steps - before.neural_steps
        # What is neither rendering nor done for others goes with the rendering.
        rest = max(busy - self._others_s / past_s, 0.0) / render_s if render_s else 0.0
        shares = Shares(
            busy, rest * live_s, rest * neural_s,
            (now.live_steps - before.live_steps - neural_steps) / past_s / STEPS_PER_S,
            neural_steps / past_s / STEPS_PER_S,
        )  # fmt: skip
        is_late = now.misses > before.misses
        self._before, self._others_s = replace(now), 0.0
        return shares, is_late


def _send(socket: "zmq.Socket[bytes]", reports: Sequence[Report], audio: bytes = b"") -> None:
    socket.send_multipart([pack_reports(reports), audio], copy=False)


if __name__ == "__main__":
    sys.exit(main())
