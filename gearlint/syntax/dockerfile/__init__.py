"""The Dockerfile: instructions with spans, stages, and what BuildKit refuses.

Follows BuildKit's own parser (moby/buildkit, frontend/dockerfile) and goes on after a mistake.
Knows nothing of images: what an instruction does to one is not its concern.
"""

from gearlint.syntax.dockerfile.model import (
    INSTRUCTIONS,
    SUBSTITUTED,
    Comment,
    Fault,
    Flag,
    Heredoc,
    Instruction,
    Pair,
    Stage,
    Word,
)
from gearlint.syntax.dockerfile.parser import Dockerfile

__all__ = [
    "INSTRUCTIONS",
    "SUBSTITUTED",
    "Comment",
    "Dockerfile",
    "Fault",
    "Flag",
    "Heredoc",
    "Instruction",
    "Pair",
    "Stage",
    "Word",
]
