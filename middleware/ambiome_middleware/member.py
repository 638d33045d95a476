"""One member of a zone: what it is to be sent next, up to where, and what it has told."""

from dataclasses import dataclass, field

from ambiome_protocol.codec import encode
from ambiome_protocol.messages import Frame
from msgspec.structs import replace

from ambiome_middleware.member_audio import Sound, faded_in, turned
from ambiome_middleware.timeline import Timeline


@dataclass(slots=True, eq=False)
class Member:
    """`next_step` is the step that it is sent next, `credit` the step up to which, itself excluded, it takes frames.

    What a frame is to it alone depends on the step and on nothing else, so that one that is sent again is the same:
    the frame of `fades_at` is faded in, `applied_seq` is the member's own number of its last change in effect at a
    step, `heading_deg` where it looks at the end of a step: 0, north, but in ambisonics. `received_seq` is the highest
    number that was accepted.
    """

    number: int
    is_owner: bool
    has_telemetry: bool
    next_step: int
    credit: int = 0
    is_here: bool = True
    fades_at: int | None = None
    underruns: int = 0
    received_seq: int = 0
    applied_seq: Timeline[int] = field(default_factory=lambda: Timeline(0))
    heading_deg: Timeline[float] = field(default_factory=lambda: Timeline(0.0))

    def go_to(self, step: int) -> None:
        """Go on at another step than the next one: its frame is faded in."""
        self.next_step = self.fades_at = step

    def look(self, heading_deg: float) -> None:
        """Look somewhere else by the end of the next frame."""
        self.heading_deg.put(self.next_step, heading_deg % 360.0)

    def header(self, frame: Frame, header: bytes) -> bytes:
        """The header of a frame for this member: `header`, which is everybody's, but for its own `applied_seq`."""
        applied_seq = self.applied_seq.at(frame.step)
        return encode(replace(frame, applied_seq=applied_seq)) if applied_seq else header

    def sound(self, frame: Frame, audio: Sound) -> Sound:
        """The sound of a frame for this member: the very object where nothing is to be done to it."""
        if frame.layout == "ambisonics":
            from_deg, to_deg = self.heading_deg.at(frame.step - 1), self.heading_deg.at(frame.step)
            if from_deg or to_deg:
                audio = turned(audio, frame.format, from_deg, to_deg)
        if frame.step == self.fades_at:
            audio = faded_in(audio, frame.layout, frame.format)
        return audio
