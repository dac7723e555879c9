"""Every check of BuildKit's own linter (`docker build --check`): which rule has it, or why none.

The names are those of moby/buildkit, frontend/dockerfile/linter/ruleset.go, of August 2026.
"""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import DOCKERFILE, SCRIPT, write_gear

REST = DOCKERFILE.partition("\n")[2]
START = DOCKERFILE.splitlines()[-1] + "\n"
IGNORE_FILE = "other.py\n"

# (check, rule, Dockerfile on which both report)
COVERED = [
    ("CopyIgnoredFile", "GL311", DOCKERFILE.replace("run.py m", "other.py run.py m", 1)),
    ("FromPlatformFlagConstDisallowed", "GL316", f"FROM --platform=linux/arm64 python:3.11\n{REST}"),
    ("JSONArgsRecommended", "GL307", DOCKERFILE.replace(START, "ENTRYPOINT python run.py\n")),
    ("MultipleInstructionsDisallowed", "GL313", f"{DOCKERFILE}{START}"),
    ("NoEmptyContinuation", "GL322", f"FROM python:3.11\nRUN echo a; \\\n\nWORKDIR /flywheel/v0\n{REST}"),
    ("SecretsUsedInArgOrEnv", "GL702", f"{DOCKERFILE}ENV DB_PASSWORD=hunter2hunter2\n"),
    ("UndefinedArgInFrom", "GL323", f"FROM python:$TAG\n{REST}"),
    ("UndefinedVar", "GL323", DOCKERFILE.replace("WORKDIR /flywheel/v0", "WORKDIR $GEAR/v0")),
    ("WorkdirRelativePath", "GL302", DOCKERFILE.replace("WORKDIR /flywheel", "WORKDIR opt/flywheel")),
]  # fmt: skip

STYLE = "a matter of taste: Docker takes both, and hadolint is there for it"
NOT_COVERED = {
    "ConsistentInstructionCasing": STYLE,
    "DuplicateStageName": "Docker takes it: the last stage of a name counts",
    "ExposeInvalidFormat": "Docker takes it, and Flywheel publishes no port",
    "ExposeProtoCasing": STYLE,
    "FromAsCasing": STYLE,
    "InvalidBaseImagePlatform": "only the image itself says which platform it is for",
    "InvalidDefaultArgInFrom": "a build that gives the ARG a value works",
    "InvalidDefinitionDescription": "a matter of taste, and experimental there",
    "LegacyKeyValueFormat": "Docker takes it; an = that is in the value then is GL328",
    "MaintainerDeprecated": "Docker takes it",
    "RedundantTargetPlatform": STYLE,
    "ReservedStageName": "Docker takes it, and nobody has seen one in a gear",
    "StageNameCasing": STYLE,
}


def test_each_check_is_there_once() -> None:
    names = [*(name for name, _, _ in COVERED), *NOT_COVERED]
    assert len(set(names)) == len(names) == 22
    assert all(NOT_COVERED.values())


@pytest.mark.parametrize(("name", "code", "dockerfile"), COVERED)
def test_check_is_covered(
    name: str, code: str, dockerfile: str, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path)
    (tmp_path / "Dockerfile").write_text(dockerfile)
    (tmp_path / "other.py").write_text(SCRIPT)
    (tmp_path / ".dockerignore").write_text(IGNORE_FILE)
    assert code in check(tmp_path).codes


def test_the_file_without_a_fault_has_none(tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path)
    (tmp_path / ".dockerignore").write_text(IGNORE_FILE)
    assert check(tmp_path).codes == []
