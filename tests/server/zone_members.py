"""A front with a zone, without a socket: what its members are told, and what its worker is ordered."""

import itertools

from ambiome_middleware.front import Command, Front, Manners, Send
from ambiome_middleware.wire import FrameReport
from ambiome_protocol.audio import frame_bytes
from ambiome_protocol.codec import decode_server, encode
from ambiome_protocol.messages import Credit, Frame, Hello, Welcome

STEP_S = 0.04
ZONE = 1
"""The number of the first zone's session."""


class Tavern:
    """A front; the zone "tavern" has the session `ZONE` where it was opened first. Times are given by hand."""

    def __init__(self, layout: str = "stereo", format: str = "f32le", **options) -> None:
        numbers = itertools.count(1)
        self.front = Front([0], 7, Manners(), lambda size: bytes([next(numbers)]) * size, **options)
        self.layout, self.format = layout, format
        self.now_s = 0.0
        self.step = 0
        self.welcomes: dict[bytes, Welcome] = {}
        self.orders: list = []
        self.told: dict[bytes, list] = {}
        self.sounds: dict[bytes, list[bytes]] = {}

    def say(self, peer: bytes, message, guest=None) -> list:
        """A peer says something; the answers to it that are not frames."""
        data = message if isinstance(message, bytes) else encode(message)
        return self.take(self.front.receive(peer, data, self.now_s, guest), peer)

    def join(self, peer: bytes, name: str = "tavern", **options):
        """The welcome, or the error."""
        hello = {"layout": self.layout, "format": self.format, "zone": name} | options
        [answer] = self.say(peer, Hello(version="1.0", **hello))
        if isinstance(answer, Welcome):
            self.welcomes[peer] = answer
        return answer

    def grant(self, peer: bytes, until_step: int, played_step: int = 0, underruns: int = 0) -> list:
        return self.say(peer, Credit(until_step=until_step, played_step=played_step, underruns=underruns))

    def render(self, steps: int, audio: bytes | None = None, applied_seq: int = 0, zone: int = ZONE) -> None:
        """The zone's worker renders so many steps."""
        sound = bytes(frame_bytes(self.layout, self.format)) if audio is None else audio
        for _ in range(steps):
            frame = Frame(step=self.step, applied_seq=applied_seq, layout=self.layout, format=self.format)
            report = FrameReport(zone, encode(frame), len(sound))
            self.take(self.front.heard(report.session, report.header, sound))
            self.step += 1

    def play(self, peer: bytes, steps: int, **sound) -> None:
        """This member drives the zone by so many steps, as time passes."""
        for _ in range(steps):
            self.now_s += STEP_S
            self.grant(peer, self.step + 1, self.step)
            self.render(1, **sound)

    def take(self, actions, peer: bytes | None = None) -> list:
        """Do what the front wants; what of it a peer was told, frames excepted."""
        answers = []
        for action in actions:
            if isinstance(action, Command):
                self.orders.append(action.order)
                continue
            assert isinstance(action, Send)
            message = decode_server(action.data)
            self.told.setdefault(action.peer, []).append(message)
            if action.audio is not None:
                self.sounds.setdefault(action.peer, []).append(action.audio)
            elif action.peer == peer:
                answers.append(message)
        return answers

    def tick(self, now_s: float) -> None:
        """All but the silent have said something; then time passes to this moment."""
        self.now_s = now_s
        self.take(self.front.tick(now_s))

    def taken_orders(self) -> list:
        """The orders since this was last asked."""
        orders, self.orders = self.orders, []
        return orders

    def steps(self, peer: bytes) -> list[int]:
        """The steps of the frames that a peer was sent, since this was last asked."""
        frames = [message for message in self.told.get(peer, []) if isinstance(message, Frame)]
        self.told[peer] = [message for message in self.told.get(peer, []) if not isinstance(message, Frame)]
        return [frame.step for frame in frames]
