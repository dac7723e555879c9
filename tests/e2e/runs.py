"""One seed from the generator to the verdict."""

import shutil
from pathlib import Path
from typing import NamedTuple

from tests.e2e.builder import Buildah, Real
from tests.e2e.comparison import Verdict, judge
from tests.e2e.generator import Case, make

DIFFERS_FROM_BUILDKIT = "no items matching glob"
"""What buildah says of a glob that nothing fits; BuildKit goes on, and copies nothing."""


class Outcome(NamedTuple):
    """A case, its image, and the verdict on what gearlint said of it."""

    case: Case
    real: Real
    verdict: Verdict

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
            "contradictions": int(bool(verdict.contradictions)),
        }

    @property
    def report(self) -> str:
        """All that is needed to see who is wrong."""
        case, real, verdict = self.case, self.real, self.verdict
        parts = {
            f"seed {case.seed}": "\n".join(verdict.contradictions),
            "Dockerfile": case.dockerfile,
            "context": case.listing,
            "command": f"{case.command!r} with {case.environment}",
            "gearlint": "\n".join(f"{e.code} {e.source.path}: {e.message}" for e in verdict.errors),
            "the model": "\n".join(verdict.said),
            "really": (
                f"started by Docker: {real.by_docker}\nstarted by Flywheel: {real.by_flywheel}\n"
                f"ENTRYPOINT {real.entrypoint} CMD {real.cmd} WORKDIR {real.workdir}\n"
                + "\n".join(f"    {path}: {entry}" for path, entry in sorted(real.files.items()))
                if real.built
                else real.log[-1500:]
            ),
        }
        return "\n".join(
            f"--- {title}\n{text.strip()}" for title, text in parts.items() if text.strip()
        )


def run(seed: int, buildah: Buildah, folder: Path) -> Outcome:
    """Make, build and judge the gear of a seed; its files are written to, and leave, `folder`."""
    case = make(seed)
    gear = folder / f"seed-{seed}"
    shutil.rmtree(gear, ignore_errors=True)
    case.write(gear)
    try:
        real = buildah.build(gear, case.command, case.environment)
        outcome = Outcome(case, real, judge(case, gear, real))
        if outcome.is_set_aside:
            return outcome._replace(verdict=Verdict([], [], [], []))
        return outcome
    finally:
        shutil.rmtree(gear)
