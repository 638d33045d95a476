"""EnCodec's loss balancer: each loss pulls at the output as hard as its weight says, whatever its own scale.

Source: Défossez et al., High Fidelity Neural Audio Compression (2022), section 3.4: the gradient of loss i at the
output becomes R · λ_i / Σ λ · g_i / ⟨‖g_i‖⟩, the mean being exponential, with R = 1 and a decay of 0.999. Here no item
of a batch pulls harder than the mean: small batches are at the mercy of each item, and a logarithm's slope has no end.
"""

from collections.abc import Mapping

import torch


class Balancer:
    """Balances losses by name. Its means are part of a training's state."""

    def __init__(self, weights: Mapping[str, float], decay: float = 0.999) -> None:
        self._weights, self._decay = dict(weights), decay
        self._sums: dict[str, tuple[float, float]] = {}

    def backward(
        self, losses: Mapping[str, torch.Tensor], output: torch.Tensor, beside: torch.Tensor | None = None
    ) -> None:
        """Send the balanced gradient of these losses into `output`, and through it into what made it; and that of a
        loss `beside`, a scalar that does not depend on the output, as it is.
        """
        whole = sum(self._weights[name] for name in losses)
        pull = torch.zeros_like(output)
        for name, loss in losses.items():
            [slope] = torch.autograd.grad(loss, [output], retain_graph=True)
            norms = slope.flatten(1).norm(dim=1)
            norm = float(norms.mean())
            total, weight = self._sums.get(name, (0.0, 0.0))
            total, weight = total * self._decay + norm, weight * self._decay + 1.0
            self._sums[name] = total, weight
            usual = norms.clamp(min=max(total / weight, 1e-12)).reshape(-1, *[1] * (slope.dim() - 1))
            pull += slope * (self._weights[name] / whole) / usual
        if beside is None:
            torch.autograd.backward([output], [pull])
        else:
            torch.autograd.backward([output, beside], [pull, torch.ones_like(beside)])

    def state(self) -> dict[str, tuple[float, float]]:
        """What is remembered."""
        return dict(self._sums)

    def restore(self, state: Mapping[str, tuple[float, float]]) -> None:
        """Go on from what was remembered."""
        self._sums = dict(state)
