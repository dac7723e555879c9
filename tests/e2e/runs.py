"""One seed from the generator to the verdict, and on to the gear that `--fix` makes of it."""

import json
import shutil
from pathlib import Path
from typing import NamedTuple

from tests.e2e.builder import Buildah, Real
from tests.e2e.case import Case
from tests.e2e.comparison import Verdict, judge
from tests.e2e.fixing import Fixing, fix
from tests.e2e.generator import make

DIFFERS_FROM_BUILDKIT = "no items matching glob"
"""What buildah says of a glob that nothing fits; BuildKit goes on, and copies nothing."""


class Rebuilt(NamedTuple):
    """A gear after `--fix`: its image, and the verdict on what gearlint says of it then."""

    real: Real
    verdict: Verdict


class Outcome(NamedTuple):
    """A case, its image, the verdict on what gearlint said of it, and what `--fix` made of it.

    `rebuilt` is `None` where nothing has to start that did not before.
    """

    case: Case
    real: Real
    verdict: Verdict
    fixing: Fixing
    rebuilt: Rebuilt | None

    @property
    def contradictions(self) -> list[str]:
        """All that is wrong."""
        wrong = [*self.fixing.contradictions, *self.lost]
        wrong += self.rebuilt.verdict.contradictions if self.rebuilt else []
        return [*self.verdict.contradictions, *(f"after --fix: {each}" for each in wrong)]

    @property
    def lost(self) -> list[str]:
        """What the gear did before it was fixed, and does not do any more."""
        if self.rebuilt is None:
            return []
        if not self.rebuilt.real.built:
            return ["the build fails"]
        return [
            f"{name} does not start it any more"
            for name, started in self.real.starts_by.items()
            if started.begun and not self.rebuilt.real.starts_by[name].begun
        ]

    @property
    def is_started_by_the_fix(self) -> bool:
        """Whether all starts that the fix has promised now begin."""
        return self.rebuilt is not None and all(
            self.rebuilt.real.starts_by[name].begun for name in self.fixing.promised
        )

    @property
    def is_set_aside(self) -> bool:
        """Whether buildah does something else than BuildKit, so that nothing can be compared."""
        return not self.real.built and DIFFERS_FROM_BUILDKIT in self.real.log

    @property
    def counts(self) -> dict[str, int]:
        """What to count over many of them."""
        verdict, real = self.verdict, self.real
        return {
            "images that start": int(real.starts),
            "images that fail": int(not real.starts and not self.is_set_aside),
            "set aside": int(self.is_set_aside),
            "builds that fail": int(not real.built),
            "unknown": int(bool(verdict.unknown)),
            "contradictions": int(bool(self.contradictions)),
            "changed by --fix": int(bool(self.fixing.difference)),
            "fixed": int(self.rebuilt is not None),
            "fixed and started": int(self.is_started_by_the_fix),
        }

    @property
    def report(self) -> str:
        """All that is needed to see who is wrong."""
        case, real, verdict = self.case, self.real, self.verdict
        parts = {
            f"seed {case.seed}": "\n".join(self.contradictions),
            "Dockerfile": case.dockerfile,
            "context": case.listing,
            "command": f"{case.command!r} with {case.environment}",
            "gearlint": "\n".join(f"{e.code} {e.source.path}: {e.message}" for e in verdict.errors),
            "the model": "\n".join(verdict.said),
            "really": _described(real),
            "changed by --fix": self.fixing.difference,
        }
        if self.rebuilt is not None:
            parts["the model after --fix"] = "\n".join(self.rebuilt.verdict.said)
            parts["really after --fix"] = _described(self.rebuilt.real)
        return "\n".join(
            f"--- {title}\n{text.strip()}" for title, text in parts.items() if text.strip()
        )


def _described(real: Real) -> str:
    if not real.built:
        return real.log[-1500:]
    return "\n".join(
        (
            f"started by Docker: {real.by_docker}\nstarted by Flywheel: {real.by_flywheel}",
            f"ENTRYPOINT {real.entrypoint} CMD {real.cmd} WORKDIR {real.workdir}",
            *(f"    {path}: {entry}" for path, entry in sorted(real.files.items())),
        )
    )


def run(seed: int, buildah: Buildah, directory: Path) -> Outcome:
    """Make, build, judge and fix the gear of a seed; its files are in `directory` meanwhile.

    The fixed gear is built where something has to start that did not before.
    """
    case = make(seed)
    gear = directory / f"seed-{seed}"
    shutil.rmtree(gear, ignore_errors=True)
    case.write(gear)
    try:
        real = buildah.build(gear, case.command, case.environment)
        verdict = judge(gear, real)
        fixing = fix(gear, real)
        rebuilt = rebuild(gear, buildah) if fixing.promised else None
        outcome = Outcome(case, real, verdict, fixing, rebuilt)
        if outcome.is_set_aside:
            return outcome._replace(verdict=Verdict([], [], [], []))
        return outcome
    finally:
        shutil.rmtree(gear)


def rebuild(gear: Path, buildah: Buildah) -> Rebuilt:
    """Build and judge a gear as its files have it."""
    manifest = json.loads((gear / "manifest.json").read_bytes())
    real = buildah.build(gear, manifest.get("command"), manifest["environment"])
    return Rebuilt(real, judge(gear, real))
