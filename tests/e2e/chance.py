"""The chance that decides what a generated gear holds, and what is known of it so far."""

import random
from collections.abc import Sequence

from tests.e2e.case import Item


class Chance:
    """Decides by a seed, and remembers what was made."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.files: dict[str, Item] = {}
        self.lines: list[str] = []
        self.features: set[str] = set()
        self.there: dict[str, str] = {}  # about what is in the image: "file" or "directory" by path
        self.workdir = "/"
        self.variables: dict[str, str] = {}  # those of ENV, and below those of ARG
        self.arguments: dict[str, str] = {}
        self.environment: dict[str, str] = {}
        self.is_last_stage = True
        self.early_workdir = "/"
        self.delivered = ""  # where the early stage has the script

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def one_of(self, choices: Sequence[tuple[str, str]]) -> str:
        """The text of one of (feature, text)."""
        feature, text = self.random.choice(choices)
        self.features.add(feature)
        return text

    def does(self, probability: float, feature: str) -> bool:
        """Whether to do what is called a feature."""
        if self.chance(probability):
            self.features.add(feature)
            return True
        return False
