"""What a game has told so far, kept so that it can be told again to a server that has forgotten it.

Only for live sessions: a free one is replayed from its whole log instead, and goes on at the exact sample.
"""

from collections.abc import Mapping
from typing import Final

import msgspec
from ambiome_protocol.messages import (
    Change,
    Location,
    Mix,
    MixMessage,
    Part,
    World,
    WorldMessage,
)
from ambiome_protocol.steps import STEPS_PER_S, seconds_at, step_at

Fields = dict[str, object]
_GROUPS: Final = ("weather", "location", "time", "listener")
_FEATURE_FIELDS: Final = ("features", "feature_set", "feature_remove")


class Memory:
    """The world and the mix as they were told last, and the changes whose time is still to come."""

    def __init__(self) -> None:
        self._world: dict[str, Fields] = {group: {} for group in _GROUPS}
        self._features: dict[str, object] = {}
        self._mix: Fields = {}
        self._voices: dict[str, Fields] = {}
        self._hour_step = 0
        self._later: list[tuple[int, Change]] = []

    def tell(self, change: Change, next_step: int) -> None:
        """Keeps a change; `next_step` is the step at which it takes effect if it has no time of its own."""
        self.advance(next_step)
        step = next_step if change.at is msgspec.UNSET else step_at(change.at)
        if step > next_step:
            self._later.append((step, change))
            self._later.sort(key=lambda entry: entry[0])
        else:
            self._absorb(change, next_step)

    def advance(self, step: int) -> None:
        """Takes in the changes whose time has come by `step`."""
        while self._later and self._later[0][0] <= step:
            due, change = self._later.pop(0)
            self._absorb(change, due)

    def move(self, step: int, first_step: int) -> list[Change]:
        """What to tell a new session, whose step `first_step` follows on the old one's `step`, in order.

        From now on steps are those of the new session.
        """
        self.advance(step)
        self._turn_clock(step)
        told: list[Change] = []
        groups = {name: fields for name, fields in self._world.items() if fields}
        if self._features:
            groups["location"] = {**groups.get("location", {}), "features": tuple(self._features.values())}
        if groups:
            told.append(WorldMessage(world=msgspec.convert(_plain(groups), World), cut=True))
        if self._mix or self._voices:
            mix = self._mix | ({"voices": self._voices} if self._voices else {})
            told.append(MixMessage(mix=msgspec.convert(mix, Mix)))
        self._later = [
            (due + first_step - step, msgspec.structs.replace(change, at=seconds_at(due + first_step - step)))
            for due, change in self._later
        ]
        self._hour_step = first_step
        return told + [change for _, change in self._later]

    def _absorb(self, change: Change, step: int) -> None:
        if isinstance(change, WorldMessage):
            for group in _GROUPS:
                self._absorb_group(group, getattr(change.world, group), step)
        elif isinstance(change, MixMessage):
            fields = _fields(change.mix)
            for voice, part in (change.mix.voices or {}).items():
                self._voices.setdefault(voice, {}).update(_fields(part))
            fields.pop("voices", None)
            self._mix.update(fields)

    def _absorb_group(self, group: str, part: Part | msgspec.UnsetType, step: int) -> None:
        if part is msgspec.UNSET:
            return
        fields = _fields(part)
        if isinstance(part, Location):
            self._absorb_features(part)
            fields = {name: value for name, value in fields.items() if name not in _FEATURE_FIELDS}
        if group == "time":
            self._turn_clock(step)
        self._world[group].update(fields)

    def _absorb_features(self, location: Location) -> None:
        if location.features is not msgspec.UNSET:
            self._features = {feature.id: feature for feature in location.features or ()}
        if location.feature_set is not msgspec.UNSET:
            self._features[location.feature_set.id] = location.feature_set
        if location.feature_remove is not msgspec.UNSET:
            self._features.pop(location.feature_remove, None)

    def _turn_clock(self, step: int) -> None:
        time = self._world["time"]
        hour, rate = time.get("hour"), time.get("rate")
        if isinstance(hour, int | float) and isinstance(rate, int | float):
            time["hour"] = (hour + rate * (step - self._hour_step) / STEPS_PER_S / 3_600) % 24
        self._hour_step = step


def _fields(part: Part | msgspec.UnsetType) -> Fields:
    if isinstance(part, msgspec.UnsetType):
        return {}
    return {name: getattr(part, name) for name in part.__struct_fields__ if getattr(part, name) is not msgspec.UNSET}


def _plain(groups: Mapping[str, object]) -> object:
    return msgspec.to_builtins(groups)
