"""Where the rules write: every parameter's target, with the rule and its reason."""

from collections.abc import Mapping

from ambiome_middleware.scene.columns import DEFAULTS, INDEX, Floats


class Sheet:
    """The targets of one mapping. `rule` is set by the runner before each rule; `gates` are on/off with hysteresis."""

    def __init__(self, gates: Mapping[str, bool]) -> None:
        self.rule = ""
        self.targets: Floats = DEFAULTS.copy()
        self.reasons: dict[str, tuple[str, str]] = {}
        self.gates: dict[str, bool] = {}
        self._was = gates

    def put(self, parameter: str, target: float, because: str) -> None:
        """Sets a parameter's target, in its unit, and says why."""
        self.targets[INDEX[parameter]] = target
        self.reasons[parameter] = (self.rule, because)

    def gate(self, name: str, value: float, *, on: float, off: float) -> bool:
        """Whether something is on: from `on` upwards, until it falls below `off` (< on), so that nothing flaps."""
        is_on = value >= (off if self._was.get(name, False) else on)
        self.gates[name] = is_on
        return is_on
