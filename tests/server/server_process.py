"""A real server in a process, and a raw client on a socket: nothing of the client library."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import zmq
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.messages import Credit, Frame, Hello, Message, ServerMessage, Welcome

HERE = Path(__file__).parent
PATIENCE_S = 30


class ServerProcess:
    """`run_server.py` as a process; `address` is where it serves, once `started`."""

    def __init__(self, options: dict[str, object]) -> None:
        path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "run_server.py"), json.dumps(options)],
            env=os.environ | {"PYTHONPATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.address = ""

    def started(self) -> "ServerProcess":
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        if not self.address:
            raise AssertionError(f"the server did not start: {self.ended()}")
        return self

    def ended(self) -> tuple[int, str, str]:
        """Exit code, output and errors, once it has ended."""
        output, errors = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, output, errors

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        self.process.send_signal(number)
        return self.ended()


class RawClient:
    """A DEALER that speaks through the codec and nothing else."""

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]", address: str) -> None:
        self.socket = context.socket(zmq.DEALER)
        self.socket.set(zmq.LINGER, 0)
        self.socket.set(zmq.RECONNECT_IVL, 20)
        self.socket.connect(address)

    def send(self, *messages: Message | bytes) -> None:
        for message in messages:
            self.socket.send(message if isinstance(message, bytes) else encode(message))

    def receive(self, within_s: float = PATIENCE_S) -> tuple[ServerMessage, bytes]:
        """The next message and its audio."""
        if not self.socket.poll(int(within_s * 1_000)):
            raise AssertionError("the server says nothing")
        header, *audio = self.socket.recv_multipart()
        return decode_server(header), b"".join(audio)

    def answer(self) -> ServerMessage:
        """The next message that is not a frame."""
        while True:
            message, _ = self.receive()
            if not isinstance(message, Frame):
                return message

    def hello(self, **options: object) -> Welcome:
        self.send(Hello(version="1.0", **options))  # type: ignore[arg-type]
        message = self.answer()
        assert isinstance(message, Welcome), message
        return message

    def frames(self, first_step: int, end_step: int) -> list[bytes]:
        """The audio of these steps, which must come in order; credit is granted as they are received."""
        audio: list[bytes] = []
        for step in range(first_step, end_step):
            self.send(Credit(until_step=min(end_step, step + 20), played_step=step))
            message, part = self.receive()
            assert isinstance(message, Frame), message
            assert message.step == step
            audio.append(part)
        return audio
