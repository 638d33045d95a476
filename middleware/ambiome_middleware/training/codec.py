"""Training the codec: EnCodec's network on pieces of sound, against its multi-scale STFT discriminator."""

from pathlib import Path
from typing import Any, Final

import torch
from torch.nn import functional as nnf

from ambiome_middleware.neural.codec import CODEC_HZ, FRAME, Codec, network
from ambiome_middleware.neural.encodec_package import MultiScaleSTFTDiscriminator
from ambiome_middleware.training.balancer import Balancer
from ambiome_middleware.training.beginning import begin, begin_adversary
from ambiome_middleware.training.codebooks import keep_in_use
from ambiome_middleware.training.config import Config
from ambiome_middleware.training.material import Pieces
from ambiome_middleware.training.mel import distance
from ambiome_middleware.training.schedule import rate_at
from ambiome_middleware.training.trainer import Trainer

CLIP: Final = 5.0
BETAS: Final = (0.8, 0.99)
"""Adam's: calmer than EnCodec's 0.5 and 0.9, for batches that are a sixteenth of its."""
ADVERSARY_BETAS: Final = (0.5, 0.9)
FIRST: Final = 32
"""So many pieces are what the weights begin by."""
LEAST_LEVELS: Final = 2


class CodecTrainer(Trainer):
    """The codec's training."""

    def __init__(self, config: Config, pieces: Pieces, folder: Path, device: str = "cpu") -> None:
        """Begins, or goes on from what `folder` holds. StateError where that is of another configuration."""
        how = config.train_codec
        super().__init__(
            folder / "codec.pt", repr((config.codec, config.data, config.seed)), how.steps, how.save_every_s
        )
        self.config, self._pieces, self._device = config, pieces, torch.device(device)
        torch.manual_seed(config.seed)
        self.model: Any = network(config.codec).to(device)
        self._adversary: Any = MultiScaleSTFTDiscriminator(how.adversary_filters).to(device)
        self._balancer = Balancer({
            "time": how.weight_time, "mel": how.weight_mel, "adversary": how.weight_adversary,
            "features": how.weight_features,
        })  # fmt: skip
        self._steering = torch.optim.Adam(self.model.parameters(), how.rate, BETAS)
        self._steering_adversary = torch.optim.Adam(self._adversary.parameters(), how.adversary_rate, ADVERSARY_BETAS)
        keep_in_use(self.model.quantizer.vq, how.batch * how.seconds * CODEC_HZ / FRAME)
        if not self._go_on():
            first = pieces.sounds(0, FIRST, round(how.seconds * CODEC_HZ))
            begin(self.model, torch.from_numpy(first).to(device)[:, None])

    def _parts(self) -> dict[str, Any]:
        return {
            "model": self.model.state_dict(), "adversary": self._adversary.state_dict(),
            "steering": self._steering.state_dict(), "steering_adversary": self._steering_adversary.state_dict(),
            "balancer": self._balancer.state(),
        }  # fmt: skip

    def _restore(self, found: dict[str, Any]) -> None:
        self.model.load_state_dict(found["model"])
        self._adversary.load_state_dict(found["adversary"])
        self._steering.load_state_dict(found["steering"])
        self._steering_adversary.load_state_dict(found["steering_adversary"])
        self._balancer.restore(found["balancer"])

    def codec(self) -> Codec:
        """The codec as it is now."""
        return Codec(self.config.codec, {name: value.clone() for name, value in self.model.state_dict().items()})

    def _learn(self) -> dict[str, float]:
        how = self.config.train_codec
        torch.manual_seed(self.config.seed * 1_000_003 + self.step)
        for steering, rate in ((self._steering, how.rate), (self._steering_adversary, how.adversary_rate)):
            for group in steering.param_groups:
                group["lr"] = rate_at(self.step, rate, how.warm_up, how.steps)
        samples = self._pieces.sounds(self.step, how.batch, round(how.seconds * CODEC_HZ))
        wanted = torch.from_numpy(samples).to(self._device)[:, None]
        levels = int(torch.randint(LEAST_LEVELS, self.config.codec.levels + 1, ()))
        latents, penalty = self._latents(wanted, levels)
        heard = self.model.decoder(latents)
        losses = {"time": nnf.l1_loss(heard, wanted), "mel": distance(heard[:, 0], wanted[:, 0])}
        found = {name: loss.item() for name, loss in losses.items()}
        if self.step == how.adversary_from:
            begin_adversary(self._adversary, wanted)
        if self.step >= how.adversary_from:
            found |= self._oppose(wanted, heard.detach())
            losses |= self._against(wanted, heard)
            found |= {name: losses[name].item() for name in ("adversary", "features")}
        self._steering.zero_grad()
        if penalty is not None:
            found["penalty"] = penalty.item()
        self._balancer.backward(losses, heard, penalty)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        self._steering.step()
        return found

    def _latents(self, wanted: torch.Tensor, levels: int) -> tuple[torch.Tensor, torch.Tensor | None]:
        """What is decoded, and how far the encoder's latents are from their codes; None where it learns no more."""
        if self.step >= self.config.train_codec.adversary_from:
            self.model.eval()
            with torch.no_grad():
                latents, _, _ = self.model.quantizer.vq(self.model.encoder(wanted), n_q=levels)
            self.model.decoder.train()
            return latents, None
        self.model.train()
        latents, _, penalty = self.model.quantizer.vq(self.model.encoder(wanted), n_q=levels)
        return latents, penalty.mean()

    def _oppose(self, wanted: torch.Tensor, heard: torch.Tensor) -> dict[str, float]:
        """Teach the discriminator, at some steps, with the hinge loss."""
        if float(torch.rand(())) >= self.config.train_codec.adversary_chance:
            return {}
        real, _ = self._adversary(wanted)
        made, _ = self._adversary(heard)
        hinges = [
            nnf.relu(1.0 - one).mean() + nnf.relu(1.0 + other).mean() for one, other in zip(real, made, strict=True)
        ]
        loss = torch.stack(hinges).mean()
        self._steering_adversary.zero_grad()
        torch.autograd.backward([loss])
        self._steering_adversary.step()
        return {"discriminator": loss.item()}

    def _against(self, wanted: torch.Tensor, heard: torch.Tensor) -> dict[str, torch.Tensor]:
        with torch.no_grad():
            _, features = self._adversary(wanted)
        made, echoed = self._adversary(heard)
        hinge = sum(nnf.relu(1.0 - one).mean() for one in made) / len(made)
        pairs = [pair for one, other in zip(features, echoed, strict=True) for pair in zip(one, other, strict=True)]
        apart = [(one - other).abs().mean() / one.abs().mean().clamp(min=1e-6) for one, other in pairs]
        return {"adversary": torch.as_tensor(hinge), "features": torch.stack(apart).mean()}
