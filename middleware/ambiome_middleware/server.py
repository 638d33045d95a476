"""The front process: the sockets, the signals and the workers. What is to be done is decided in `front`.

It never imports torch: what it does is pass on messages and frames.
"""

import gc
import logging
import math
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

import zmq
from ambiome_protocol.codec import encode, error_message
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import MAX_SESSIONS

from ambiome_middleware.busyness import Busyness
from ambiome_middleware.client_socket import BindError, ClientSocket
from ambiome_middleware.crew import Crew, Parts, default_workers
from ambiome_middleware.front import Action, Front, Manners, Send
from ambiome_middleware.gate import ZAP_ADDRESS, Gate, GateError, Guest, check_closed
from ambiome_middleware.journal_folder import FolderError, held, survey
from ambiome_middleware.logs import Format
from ambiome_middleware.member_audio import Sound
from ambiome_middleware.metrics import Figures
from ambiome_middleware.metrics_server import MetricsServer
from ambiome_middleware.wire import FrameReport, Load, Order, Ready, Report, Unfit, pack_orders, unpack_reports

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

GATHER_S: Final = 0.006
"""So long after clients were last read to the end they are read again, or when a worker has something to say before:
what they send meanwhile is read at one waking, which by itself costs as much as a dozen messages, and goes to a worker
in one message. What a worker says is passed on at once, for it has gathered already. So a frame is on its way for no
more than this longer.
"""
GOODBYE_MS: Final = 1_000
BATCHES_AT_ONCE: Final = 256
TICK_MS: Final = 250
PATIENCE_TICKS: Final = 20
OTHER_FILES: Final = 256

# As integers: to combine enums costs more than to send.
_AT_ONCE, _MORE, _EVENTS, _IN = int(zmq.DONTWAIT), int(zmq.SNDMORE), int(zmq.EVENTS), int(zmq.POLLIN)
_log: Final = logging.getLogger(__name__)


class ServeError(Exception):
    """The server cannot start; the text says why and what would help."""


def serve(
    bind: str,
    *,
    workers: int | None = None,
    device: str = "auto",
    biomes: Path | None = None,
    weights: Path | None = None,
    journal: Path | None = None,
    key: Path | None = None,
    guests: Path | None = None,
    is_insecure: bool = False,
    metrics_port: int | None = None,
    max_sessions: int = MAX_SESSIONS,
    logs: Format = "text",
    on_ready: Callable[[str], None] | None = None,
    manners: Manners | None = None,
    parts: Parts | None = None,
) -> None:
    """Serve at `bind` until SIGINT or SIGTERM, then say `bye` to every client and return.

    `bind` is a ZeroMQ address like tcp://127.0.0.1:5571; port `*` takes a free one. `workers` render processes are
    started: by default one per GPU, or one less than the cores. `device` is auto, cpu, cuda or mps. `biomes` is a
    folder of a game's own biomes. With `weights`, a folder of those, the neural renderer is offered too. Sessions that
    are written down in the folder `journal` go on after a worker, or the server, was killed. With `key`, the file of a
    secret key, only clients that have keys are let in, and all is encrypted; with `guests`, a file of public keys, only
    those (see `gate`). Without a key an address that other machines can reach is refused, unless the server
    `is_insecure`. At `metrics_port` of this machine, metrics and health are told over HTTP. Workers log as `logs` says
    (see `ambiome_middleware.logs`; this process, as its program has set up). `on_ready` is called with
    the address when clients are served; without it, one line says so on standard error. `manners` replaces
    `max_sessions` and the protocol's times, `parts` what workers are made of.

    Raises ServeError if it cannot start: the address is in use, is none, or is open to strangers; keys are none; a
    worker cannot render; biomes are broken; the journal's folder cannot be written, or is another server's.
    To be called in a process's main thread, where signals arrive.
    """
    if workers is not None and workers < 1:
        raise ServeError(f"{workers} workers cannot render: at least 1 is needed")
    parts = parts or Parts(device, biomes, weights, journal, logs)
    gate = _gate(bind, key, guests, is_insecure)
    manners = manners or Manners(max_sessions=max_sessions)
    _allow_files(2 * manners.max_sessions + OTHER_FILES)
    with ExitStack() as stack:
        stack.enter_context(_held(parts.journal))
        server = stack.enter_context(Server(bind, workers or default_workers(parts.device), parts, manners, gate))
        stack.enter_context(_signals(server.stop))
        stack.enter_context(_metrics(server.figures, metrics_port))
        server.start()
        if server.is_ready and on_ready is not None:
            on_ready(server.address)
        elif server.is_ready:
            line = f"ambiome serves at {server.address} ({server.describe()})"
            if parts.logs == "json":
                _log.info(line)
            else:
                print(line, file=sys.stderr, flush=True)
        server.run()


class Server:
    """A front with its sockets and its workers. `with` it, `start` it, then `run` it until somebody says `stop`."""

    def __init__(
        self,
        bind: str,
        workers: int,
        parts: Parts,
        manners: Manners,
        gate: Gate | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the address, at once; with a `gate`, only for those that it lets in. ServeError if it cannot be had."""
        self._stack = ExitStack()
        self._clock = clock
        self._is_stopping = False
        self._devices: dict[int, str] = {}
        self._manners, self._gate, self._journal = manners, gate, parts.journal
        self._front: Front | None = None
        self._orders: dict[int, list[Order]] = defaultdict(list)
        self._busyness, self._frames_before = Busyness(clock), 0
        self._wake_fd, self._waker_fd = os.pipe()
        os.set_blocking(self._waker_fd, False)
        self._stack.callback(os.close, self._wake_fd)
        self._stack.callback(os.close, self._waker_fd)
        context = self._stack.enter_context(zmq.Context())
        self._workers = self._stack.enter_context(context.socket(zmq.ROUTER))
        self._asked = self._stack.enter_context(context.socket(zmq.REP))
        self._asked.bind(ZAP_ADDRESS)
        try:
            self._clients = self._stack.enter_context(closing(ClientSocket(context, bind, gate, clock)))
            self.address: Final = self._clients.address
            self._crew = Crew(workers, self._bind_workers(), parts)
            self.figures: Final = Figures(workers, clock)
        except BindError as error:
            self._stack.close()
            raise ServeError(str(error)) from error
        except BaseException:
            self._stack.close()
            raise
        # As of clients: what `zmq.Socket` adds to sending is for other kinds of socket.
        self._to_worker = super(zmq.Socket, self._workers).send
        self._names = {number: str(number).encode() for number in self._crew.numbers}

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self._crew.stop()
        self._stack.close()

    @property
    def is_ready(self) -> bool:
        """Whether every worker renders."""
        return len(self._devices) == len(self._crew.numbers)

    def describe(self) -> str:
        """How many workers on what, in words."""
        count = len(self._devices)
        return f"{count} worker{'s' * (count != 1)} on {', '.join(sorted(set(self._devices.values())))}"

    def stop(self) -> None:
        """Let `start` or `run` come to its end. May be called from a signal handler and from another thread."""
        self._is_stopping = True
        os.write(self._waker_fd, b"!")

    def start(self) -> None:
        """Start the workers and wait until each of them renders. ServeError if one cannot."""
        self._crew.start()
        poller = self._poller(self._workers, self._asked)
        patience = PATIENCE_TICKS
        while not (self.is_ready or self._is_stopping):
            patience -= 1
            if patience == 0:
                _log.warning("still starting: on a machine that is new to it, the renderer is compiled first")
            ready = dict(poller.poll(TICK_MS))
            if self._asked in ready:
                self._let_in()
            if self._workers in ready:
                self._from_workers()
            if self._crew.dead(self._clock()) and not self.is_ready:
                if poller.poll(TICK_MS):  # it may have left word
                    self._from_workers()
                raise ServeError("a worker died while it started; its own message stands above")
        gc.collect()
        gc.freeze()  # what starting has made stays: to look through it again and again would hold up frames

    def run(self) -> None:
        """Serve until stopped, then say goodbye."""
        urgent = self._poller(self._workers, self._asked)
        poller = self._poller(self._clients.socket, self._workers, self._asked)
        read_at = ticked_at = self._clock()
        self._busyness = Busyness(self._clock)  # to start was no work for clients, who would find no room
        while not self._is_stopping:
            with self._busyness.waiting():
                left_s = read_at + GATHER_S - self._clock()
                ready = dict(urgent.poll(math.ceil(left_s * 1_000))) if left_s > 0.0 else {}
                ready = ready or dict(poller.poll(TICK_MS))
            began_at = self._clock()
            if self._asked in ready:
                self._let_in()
            read_at = began_at if self._from_clients() else -math.inf
            if self._workers in ready:
                self._from_workers()
            if self._clients.has_unreached and self._from_clients():
                for peer in self._clients.take_unreached():
                    self._do(self._front.unreachable(peer, began_at) if self._front else [])
            if began_at - ticked_at >= TICK_MS / 1_000:
                ticked_at = began_at
                self._tick()
            self._flush()
        if self._front is not None:
            self._do(self._front.stop())
        self._clients.close(GOODBYE_MS)

    def _poller(self, *sockets: "zmq.Socket[bytes]") -> zmq.Poller:
        poller = zmq.Poller()
        for socket in sockets:
            poller.register(socket, zmq.POLLIN)
        poller.register(self._wake_fd, zmq.POLLIN)
        return poller

    def _bind_workers(self) -> str:
        self._workers.set_hwm(0)
        self._workers.set(zmq.LINGER, 0)
        if zmq.has("ipc"):
            folder = tempfile.mkdtemp(prefix="ambiome-")
            self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
            endpoint = f"ipc://{folder}/workers"
        else:
            endpoint = "tcp://127.0.0.1:*"
        self._workers.bind(endpoint)
        return self._workers.get_string(zmq.LAST_ENDPOINT)

    def _let_in(self) -> None:
        """ZeroMQ asks whether a connection is to be let in; it has a gate, or it would not ask."""
        if self._gate is not None:
            self._asked.send_multipart(self._gate.answer(self._asked.recv_multipart()))

    def _from_clients(self) -> bool:
        """Read what clients have sent, for this turn's time; whether that was all of it."""
        return self._front is not None and self._clients.read(self._take)

    def _take(self, peer: bytes, data: bytes | None, now_s: float, guest: Guest | None, address: str) -> None:
        if self._front is not None:
            self._do(_received(self._front, peer, data, now_s, guest, address))

    def _from_workers(self) -> None:
        recv = self._workers.recv
        for _ in range(BATCHES_AT_ONCE):
            if not int(self._workers.get(_EVENTS)) & _IN:
                return
            _, packed, audio = recv(_AT_ONCE), recv(_AT_ONCE), recv(_AT_ONCE, copy=False)
            self._reported(unpack_reports(packed), audio.buffer)

    def _reported(self, reports: list[Report], audio: memoryview) -> None:
        now_s, at = self._clock(), 0
        front = self._front
        for report in reports:
            if isinstance(report, FrameReport):
                end = at + report.audio_bytes
                peer = front.peer_of(report.session) if front else None
                if peer is not None:
                    self._send(peer, report.header, audio[at:end])
                elif front is not None and report.session in front.zones:
                    # Copied once, out of a batch that would be kept whole; each member is sent it by reference.
                    self._do(front.heard(report.session, report.header, zmq.Frame(audio[at:end], copy=True)))
                at = end
            elif isinstance(report, Load):
                self.figures.loaded(report)
                if front is not None:
                    front.admission.loaded(report)
            elif isinstance(report, Ready):
                self._worker_ready(report)
            elif isinstance(report, Unfit):
                if not self.is_ready:
                    raise ServeError(f"worker {report.worker} cannot start: {report.detail}")
                _log.error(
                    "worker %d cannot start again: %s", report.worker, report.detail, extra={"worker": report.worker}
                )
            elif front is not None:
                self._do(front.report(report, now_s))

    def _worker_ready(self, ready: Ready) -> None:
        self._devices[ready.worker] = ready.device
        self.figures.ready(ready.worker)
        if self._front is not None:
            self._do(self._front.worker_ready(ready.worker))
        elif self.is_ready:
            journal = self._journal
            self._front = Front(
                self._crew.numbers, ready.sound_version, self._manners, weights=ready.weights,
                is_written=journal is not None,
            )  # fmt: skip
            if journal is not None:
                found = survey(journal)
                for name, why in found.unread.items():
                    _log.warning("%s in the journal is not taken up: %s", name, why)
                self._do(self._front.adopt(found.orders, self._clock(), found.newest))

    def _tick(self) -> None:
        if self._front is None:
            return
        now_s = self._clock()
        self.figures.turned_at = now_s
        if looked := self._busyness.look():
            past_s, self.figures.front_busy = looked
            frames, self._frames_before = self.figures.frames - self._frames_before, self.figures.frames
            self._front.admission.front_loaded(self.figures.front_busy, frames / past_s)
        self.figures.attached, self.figures.detached = self._front.counts()
        self.figures.zones = self._front.zones.counts()
        self.figures.underruns, self.figures.refused = self._front.underruns, self._front.refused
        for worker in self._crew.dead(now_s):
            self._orders.pop(worker, None)
            self.figures.lost(worker)
            self._do(self._front.worker_lost(worker, now_s))
        self._do(self._front.tick(now_s))

    def _do(self, actions: Iterable[Action]) -> None:
        for action in actions:
            if isinstance(action, Send):
                self._send(action.peer, action.data, action.audio)
            else:
                self._orders[action.worker].append(action.order)

    def _send(self, peer: bytes, data: bytes, audio: memoryview | Sound | None = None) -> None:
        if self._clients.send(peer, data, audio) and audio is not None:
            self.figures.frames += 1
            self.figures.audio_bytes += len(audio)

    def _flush(self) -> None:
        for worker, orders in self._orders.items():
            if orders:
                self._to_worker(self._names[worker], _MORE)
                self._to_worker(pack_orders(orders))
                orders.clear()


@contextmanager
def _held(journal: Path | None) -> Iterator[None]:
    """While this lasts, the journal's folder is this server's. ServeError where it cannot be."""
    if journal is None:
        yield
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(held(journal))
        except FolderError as error:
            raise ServeError(str(error)) from error
        yield


@contextmanager
def _metrics(figures: Figures, port: int | None) -> Iterator[None]:
    """While this lasts, the figures are told at a port of this machine. ServeError where it cannot be had."""
    if port is None:
        yield
        return
    try:
        server = MetricsServer(figures, "127.0.0.1", port)
    except OSError as error:
        raise ServeError(f"metrics at port {port}: {error.strerror}") from error
    try:
        yield
    finally:
        server.close()


def _received(
    front: Front, peer: bytes, data: bytes | None, now_s: float, guest: Guest | None, address: str = ""
) -> list[Action]:
    """What is to be done about a message; a fault of ours in it is the sender's to know and nobody else's to suffer."""
    try:
        return front.receive(peer, data, now_s, guest, address)
    except Exception:
        _log.exception("a message of %d bytes was not understood", len(data or b""))
        return [Send(peer, encode(error_message(ProtocolError("internal"))))]


def _gate(bind: str, key: Path | None, guests: Path | None, is_insecure: bool) -> Gate | None:
    """Who is let in; None: everybody. ServeError where that is not to be had."""
    try:
        if key is not None:
            return Gate.of(key, guests)
        if guests is not None:
            raise GateError(f"{guests} names guests, but the server has no key of its own to know them by (--key)")
        if not is_insecure:
            check_closed(bind)
    except GateError as error:
        raise ServeError(str(error)) from error
    return None


def _allow_files(wanted: int) -> None:
    """Let this process have so many files open, connections among them, or as many as it may: often less is preset."""
    if resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        if soft != resource.RLIM_INFINITY and soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    """While this lasts, SIGINT and SIGTERM mean `stop`."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
