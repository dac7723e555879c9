"""Writes the gears that are timed."""

import shutil
from pathlib import Path

from tests.sound import write_gear

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
    """A repository of so many gears without findings, a hundred in a directory.

    Their scripts read an option and an input.
    """
    (directory / ".git").mkdir(parents=True)
    for index in range(number):
        gear = gear_of(directory, index)
        version = f"1.{index}.0_2.0.0"
        write_gear(
            gear,
            f'"name": "{gear.name}",\n"version": "{version}",\n"custom": {{"gear-builder": '
            f'{{"category": "analysis", "image": "me/{gear.name}:{version}"}}}}',
        )
        (gear / "run.py").write_text(f"{SHORT_SCRIPT}print({index})\n")
    return directory


def gear_of(directory: Path, index: int) -> Path:
    """The directory of one gear (from 0) of a repository."""
    return directory / f"group-{index // 100:03}" / f"gear-{index:05}"


SHORT_SCRIPT = """\
#!/usr/bin/env python3
import json
import sys

with open("/flywheel/v0/config.json") as file:
    document = json.load(file)
threads = document["config"]["threads"]
image = document["inputs"]["image"]["location"]["path"]
print(image, threads, file=sys.stderr)
sys.exit(0)
"""

MAIN = '''\
#!/usr/bin/env python3
"""Runs the gear."""
import sys

from flywheel_gear_toolkit import GearToolkitContext

from lib.options import read
from lib.steps import first_0
from lib.results import second_0


def main(context):
    """Reads the options, and does the steps."""
    options = read(context)
    path = first_0(options, context.work_dir)
    return second_0(options, path.parent)


if __name__ == "__main__":
    with GearToolkitContext() as gear_context:
        sys.exit(0 if main(gear_context) else 1)
'''

OPTIONS = '''\
"""Reads the options."""


def read(context):
    """The options and inputs by name."""
    return {"threads": context.config["threads"], "image": context.get_input_path("image")}
'''

STEP = '''

def {name}_{number}(options, directory):
    """Writes the names of the options to a file."""
    values = []
    for number, name in enumerate(sorted(options)):
        if name.startswith("a") and number % 2:
            values.append(str(number) + name)
        else:
            values.append(name.upper().replace("-", "_"))
    path = directory / "step-{number}.txt"
    with open(path, "w") as file:
        file.write("\\n".join(values))
    return path
'''


def with_short_script(directory: Path) -> Path:
    """A gear without findings, with a script of ten lines that reads an option and an input."""
    write_gear(directory)
    (directory / "run.py").write_text(SHORT_SCRIPT)
    return directory


def with_four_modules(directory: Path) -> Path:
    """A gear without findings, with 500 lines of Python in four modules."""
    write_gear(directory)
    dockerfile = directory / "Dockerfile"
    copied = "RUN pip install flywheel-gear-toolkit\nCOPY ."
    dockerfile.write_text(dockerfile.read_text().replace("COPY run.py manifest.json", copied))
    (directory / "lib").mkdir()
    (directory / "run.py").write_text(MAIN)
    (directory / "lib" / "options.py").write_text(OPTIONS)
    for name, file in (("first", "steps"), ("second", "results")):
        steps = "".join(STEP.format(name=name, number=number) for number in range(15))
        (directory / "lib" / f"{file}.py").write_text(f'"""Steps."""\n{steps}')
    return directory
