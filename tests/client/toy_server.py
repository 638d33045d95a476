"""A server on a real ROUTER that speaks the protocol and plays numbers: each sample of step s is s / 1000.

It keeps its sessions (or not) when it is killed and comes back, and can be told to answer otherwise.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import zmq
from ambiome_protocol.audio import CHANNELS, Samples, pack
from ambiome_protocol.codec import decode_client, encode, error_message
from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.messages import (
    UNSET,
    Change,
    ClientBye,
    Credit,
    Explain,
    Frame,
    Hello,
    Message,
    Reason,
    SceneReport,
    ServerBye,
    Warning,
    Welcome,
)
from ambiome_protocol.steps import STEP_SAMPLES, step_at

Answer = Callable[[Message], Message | None]
Sound = Callable[[int, int], Samples]
"""Step and number of channels → float32 [channels, 1920]."""


def numbers(step: int, channels: int) -> Samples:
    """The toy's own sound."""
    return np.full((channels, STEP_SAMPLES), step / 1000, np.float32)


@dataclass
class ToySession:
    hello: Hello
    token: bytes
    next_step: int = 0
    credit: int = 0
    received_seq: int = 0
    applied_seq: int = 0
    changes: list[tuple[int, Change]] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)

    @property
    def heard(self) -> list[int]:
        """The seqs of what took effect, in order."""
        return [change.seq for _, change in self.changes]

    def welcome(self, is_resumed: bool) -> Welcome:
        return Welcome(
            version="1.0", session="toy", resume=self.token, next_step=self.next_step, seed=self.hello.seed,
            layout=self.hello.layout, format=self.hello.format, pace=self.hello.pace,
            channels=CHANNELS[self.hello.layout], sample_rate_hz=48_000, step_samples=STEP_SAMPLES,
            max_outstanding_steps=25 if self.hello.pace == "live" else 250, sound_version=1, resumed=is_resumed,
        )  # fmt: skip

    def frame(self, sound: Sound = numbers) -> list[bytes]:
        due = [change.seq for step, change in self.changes if step <= self.next_step]
        self.applied_seq = max([self.applied_seq, *due])
        header = Frame(
            step=self.next_step, applied_seq=self.applied_seq, layout=self.hello.layout, format=self.hello.format
        )
        samples = sound(self.next_step, CHANNELS[self.hello.layout])
        self.next_step += 1
        return [encode(header), pack(samples, self.hello.format)]


class ToyServer:
    """Serves until `stop`. `answer` may answer a message in the toy's place; what it returns is sent instead."""

    def __init__(self, answer: Answer | None = None, sound: Sound = numbers, heartbeat_ms: int = 0) -> None:
        self.answer = answer
        self.sound = sound
        self.heartbeat_ms = heartbeat_ms
        self.sessions: dict[bytes, ToySession] = {}
        self.peers: dict[bytes, ToySession] = {}
        self.opened: list[ToySession] = []
        self.hellos: list[Hello] = []
        self.seen = threading.Condition()
        self._port = 0
        self._names = 0
        self.start()

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self._port}"

    @property
    def session(self) -> ToySession:
        """The one opened last."""
        return list(self.sessions.values())[-1]

    def start(self) -> None:
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.ROUTER)
        self._socket.linger = 0
        self._socket.heartbeat_ivl = self.heartbeat_ms
        if self._port:
            self._socket.bind(self.address)
        else:
            self._port = self._socket.bind_to_random_port("tcp://127.0.0.1")
        self._bell = self._context.socket(zmq.PAIR)
        self._bell.bind("inproc://bell")
        self._ear = self._context.socket(zmq.PAIR)
        self._ear.connect("inproc://bell")
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def kill(self, keep: bool = False) -> None:
        """Ends without a word. `keep`: its sessions can be resumed after `start`."""
        self._bell.send(b"kill")
        self._thread.join()
        self._bell.close(linger=0)
        self._context.term()
        self.peers.clear()
        if not keep:
            self.sessions.clear()

    def say_bye(self) -> None:
        """Says bye to every peer and forgets who they are."""
        self._bell.send(b"bye")

    def say(self, message: Message) -> None:
        """Says something to every peer."""
        self._bell.send(encode(message))

    def stop(self) -> None:
        if self._thread.is_alive():
            self.kill()

    def wait(self, condition: Callable[[], bool]) -> None:
        """Waits until it is so, which only a message can bring about."""
        with self.seen:
            assert self.seen.wait_for(condition, timeout=20)

    def _run(self) -> None:
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLIN)
        poller.register(self._ear, zmq.POLLIN)
        while True:
            ready = dict(poller.poll())
            if self._ear in ready and not self._obey(self._ear.recv()):
                break
            if self._socket in ready:
                peer, *parts = self._socket.recv_multipart()
                with self.seen:
                    self._receive(peer, parts[0])
                    self.seen.notify_all()
        self._socket.close(linger=0)
        self._ear.close(linger=0)

    def _obey(self, order: bytes) -> bool:
        if order == b"bye":
            for peer in self.peers:
                self._send(peer, ServerBye(reason="shutdown"))
            self.peers.clear()
        elif order != b"kill":
            for peer in self.peers:
                self._socket.send_multipart([peer, order])
        return order != b"kill"

    def _receive(self, peer: bytes, data: bytes) -> None:
        try:
            message = decode_client(data)
            if isinstance(message, Hello):
                self.hellos.append(message)
            told = self.answer(message) if self.answer else None
            if told is not None:
                self._send(peer, told)
            elif isinstance(message, Hello):
                self._hello(peer, message)
            elif peer not in self.peers:
                raise ProtocolError("unknown_session")
            else:
                self._heed(peer, self.peers[peer], message)
        except ProtocolError as error:
            self._send(peer, error_message(error))

    def _hello(self, peer: bytes, hello: Hello) -> None:
        if hello.resume is UNSET:
            self._names += 1
            token = self._names.to_bytes(16, "big")
            session = self.sessions[token] = ToySession(hello, token)
            self.opened.append(session)
        else:
            if hello.resume not in self.sessions:
                raise ProtocolError("bad_resume", field="resume")
            session = self.sessions[hello.resume]
            session.next_step = session.credit = hello.next_step
        self.peers[peer] = session
        self._send(peer, session.welcome(hello.resume is not UNSET))

    def _heed(self, peer: bytes, session: ToySession, message: Message) -> None:
        if isinstance(message, Credit):
            session.credits.append(message)
            session.credit = max(session.credit, message.until_step)
            while session.next_step < session.credit:
                self._socket.send_multipart([peer, *session.frame(self.sound)])
        elif isinstance(message, Explain):
            reason = Reason(parameter="wind_m_s", value=3.0, target=4.0, rule="Beaufort", because="4 m/s")
            self._send(peer, SceneReport(step=session.next_step, seq=message.seq, reasons=(reason,)))
        elif isinstance(message, ClientBye):
            del self.peers[peer], self.sessions[session.token]
            self._send(peer, ServerBye(reason="bye"))
        elif isinstance(message, Change):
            self._change(peer, session, message)

    def _change(self, peer: bytes, session: ToySession, change: Change) -> None:
        if change.seq <= session.received_seq:
            self._send(peer, Warning(code="repeated", detail="heard before", seq=change.seq))
            return
        session.received_seq = change.seq
        step = session.next_step if change.at is UNSET else max(session.next_step, step_at(change.at))
        session.changes.append((step, change))

    def _send(self, peer: bytes, message: Message) -> None:
        self._socket.send_multipart([peer, encode(message)])
