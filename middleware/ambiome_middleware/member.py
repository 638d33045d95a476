"""One member of a zone: what it is to be sent next, up to where, and what it has told."""

from dataclasses import dataclass, field

from ambiome_protocol.codec import encode
from ambiome_protocol.messages import Frame
from msgspec.structs import replace

from ambiome_middleware.member_audio import Sound, faded_in, turned


@dataclass(slots=True, eq=False)
class Member:
    """`next_step` is the step that it is sent next, `credit` the step up to which, itself excluded, it takes frames.

    `told` maps the zone's numbers of this owner's changes, those not yet in effect, to the owner's own; `applied_seq`
    is its own number of the last one in effect, `received_seq` the highest that was accepted. `heading_deg` is where it
    looked at the end of the last frame, `wanted_deg` where it looks now; both 0, north, but in ambisonics.
    """

    number: int
    is_owner: bool
    has_telemetry: bool
    next_step: int
    credit: int = 0
    is_here: bool = True
    begins: bool = False
    underruns: int = 0
    received_seq: int = 0
    applied_seq: int = 0
    told: dict[int, int] = field(default_factory=dict)
    heading_deg: float = 0.0
    wanted_deg: float = 0.0

    def go_to(self, step: int) -> None:
        """Go on at another step than the next one: the frame is faded in."""
        self.next_step, self.begins = step, True

    def header(self, frame: Frame, header: bytes) -> bytes:
        """The header of a frame for this member: `header`, which is everybody's, but for its own `applied_seq`."""
        for number in [number for number in self.told if number <= frame.applied_seq]:
            self.applied_seq = self.told.pop(number) or self.applied_seq
        if not self.applied_seq:
            return header
        return encode(replace(frame, applied_seq=self.applied_seq))

    def sound(self, frame: Frame, audio: Sound) -> Sound:
        """The sound of a frame for this member: the very object where nothing is to be done to it."""
        if self.wanted_deg or self.heading_deg:
            audio = turned(audio, frame.format, self.heading_deg, self.wanted_deg)
            self.heading_deg = self.wanted_deg
        if self.begins:
            audio = faded_in(audio, frame.layout, frame.format)
            self.begins = False
        return audio
