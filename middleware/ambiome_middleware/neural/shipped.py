"""Where the weights lie that come along."""

from pathlib import Path
from typing import Final

WEIGHTS: Final = Path(__file__).parent / "weights"
"""codec.safetensors, lm.safetensors, and CARD.md, which says what they are and of what they were made."""
