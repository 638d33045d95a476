"""What the members of a zone ask: one question at a time is put to what renders it, for all who wait by then.

The answer is the same for everybody. So a zone's questions cost its worker no more than one session's, however many
members ask; and who asks after a change was told is answered after it.
"""

from ambiome_protocol.errors import ProtocolError
from ambiome_protocol.limits import MAX_QUESTIONS


class Questions:
    """The seqs of members' questions, by the member's number. `asked` is the zone's number of the question that is on
    its way, 0 for none.
    """

    def __init__(self) -> None:
        self.asked = 0
        self._asking: dict[int, list[int]] = {}
        self._waiting: dict[int, list[int]] = {}

    def __repr__(self) -> str:
        return f"<Questions, {_count(self._asking)} asked, {_count(self._waiting)} waiting>"

    def __bool__(self) -> bool:
        """Whether any wait to be asked."""
        return bool(self._waiting)

    def put(self, member: int, seq: int) -> None:
        """A member asks. ProtocolError where too many of its questions are not answered."""
        if len(self._asking.get(member, ())) + len(self._waiting.get(member, ())) >= MAX_QUESTIONS:
            allowed = f"{MAX_QUESTIONS} questions not answered"
            raise ProtocolError("at_limit", value=str(MAX_QUESTIONS + 1), allowed=allowed, seq=seq)
        self._waiting.setdefault(member, []).append(seq)

    def ask(self, number: int) -> None:
        """A question with this number is put, for all who wait."""
        self.asked, self._asking, self._waiting = number, self._waiting, {}

    def answered(self) -> list[tuple[int, int]]:
        """It is answered: who had asked, and the seq of each."""
        answered = [(member, seq) for member, seqs in self._asking.items() for seq in seqs]
        self.asked, self._asking = 0, {}
        return answered

    def lost(self) -> None:
        """It will not be answered: who had asked waits again."""
        for member, seqs in self._waiting.items():
            self._asking.setdefault(member, []).extend(seqs)
        self.asked, self._asking, self._waiting = 0, {}, self._asking

    def forget(self, member: int) -> None:
        """A member hears no answer."""
        self._asking.pop(member, None)
        self._waiting.pop(member, None)


def _count(questions: dict[int, list[int]]) -> int:
    return sum(map(len, questions.values()))
