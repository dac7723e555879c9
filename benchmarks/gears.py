"""Writes the gears that are timed."""

import shutil
from pathlib import Path

from tests.sound import SCRIPT, write_gear

HERE = Path(__file__).parent

TEN_FINDINGS = """\
"name": "My Gear",
"label": "",
"license": "none of these",
"maintainer": 7,
"version": "1.0.0_2.0.0",
"custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.1_2.0.0"}},
"command": "./start.py",
"inputs": {"image": {"base": "fil", "description": "The image."}},
"config": {"threads": {"type": "integer", "default": "1", "description": "How many at once."}}"""

BAD_DOCKERFILE = """\
FROM python:3.11
WORKDIR /flywheel/v0
COPY run.py manifest.json ./
RUN chmod +x start.py
ENTRYPOINT ["python", "/flywheel/v0/main.py"]
"""


def clean(directory: Path) -> Path:
    """A gear without findings: manifest, run script and a Dockerfile of four lines."""
    write_gear(directory)
    return directory


def with_long_dockerfile(directory: Path) -> Path:
    """A gear without findings, with a Dockerfile of 35 instructions and shell in its RUNs."""
    write_gear(directory)
    (directory / "requirements.txt").write_text("numpy==1.26.4\n")
    shutil.copyfile(HERE / "long.Dockerfile", directory / "Dockerfile")
    return directory


def with_ten_findings(directory: Path) -> Path:
    """A gear with ten findings in its manifest and Dockerfile, those of the schema among them."""
    write_gear(directory, TEN_FINDINGS)
    (directory / "Dockerfile").write_text(BAD_DOCKERFILE)
    return directory


def repository(directory: Path, number: int) -> Path:
    """A repository of so many gears without findings, a hundred in a directory."""
    (directory / ".git").mkdir(parents=True)
    for index in range(number):
        gear = gear_of(directory, index)
        version = f"1.{index}.0_2.0.0"
        write_gear(
            gear,
            f'"name": "{gear.name}",\n"version": "{version}",\n"custom": {{"gear-builder": '
            f'{{"category": "analysis", "image": "me/{gear.name}:{version}"}}}}',
        )
        (gear / "run.py").write_text(f"{SCRIPT}print({index})\n")
    return directory


def gear_of(directory: Path, index: int) -> Path:
    """The directory of one gear (from 0) of a repository."""
    return directory / f"group-{index // 100:03}" / f"gear-{index:05}"
