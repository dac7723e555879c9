"""What inputs are made from: the gears, Dockerfiles and scripts in the tests, and the corpus."""

import re
from functools import cache
from pathlib import Path

from gearlint.rules import RULES
from tests.conftest import SHARED
from tests.sound import DOCKERFILE, SCRIPT, manifest_text

TESTS = Path(__file__).resolve().parents[1]
EXAMPLES = TESTS.parent / "examples"
HAS_CORPUS = (SHARED / "corpus").is_dir()

Files = dict[str, bytes]
"""The files of one gear by their names."""


@cache
def gears() -> list[Files]:
    """The gears of `tests/gears` and `examples`, and the sound one."""
    directories = [*sorted((TESTS / "gears").iterdir()), *sorted(EXAMPLES.iterdir())]
    found = [
        {path.name: path.read_bytes() for path in sorted(directory.iterdir()) if path.is_file()}
        for directory in directories
        if directory.is_dir()
    ]
    sound = {"manifest.json": manifest_text(), "Dockerfile": DOCKERFILE, "run.py": SCRIPT}
    return [*found, {name: text.encode() for name, text in sound.items()}]


def of_gears(pattern: str) -> list[bytes]:
    """The files of all gears whose names match."""
    return [data for files in gears() for name, data in files.items() if re.match(pattern, name)]


@cache
def manifests() -> list[bytes]:
    """Manifests: those of the gears, the bad and good ones of the rules, and the corpus."""
    corpus = sorted((SHARED / "corpus").rglob("*.json")) if HAS_CORPUS else []
    found = of_gears("manifest") + [path.read_bytes() for path in corpus]
    for text in _examples("manifest.json"):
        found.append((manifest_text(text) if text.startswith('"') else text).encode())
    return found


@cache
def dockerfiles() -> list[bytes]:
    """Dockerfiles of gears, those for the parser, and the bad and good ones of the rules."""
    directory = sorted((TESTS / "syntax" / "dockerfiles").iterdir())
    texts = [text.encode() for text in _examples("Dockerfile")]
    return of_gears("Dockerfile") + [path.read_bytes() for path in directory] + texts


@cache
def shell_lines() -> list[bytes]:
    """What the Dockerfiles run, and lines with each construct of a shell."""
    runs = [
        match.encode()
        for text in dockerfiles()
        for match in re.findall(r"(?m)^RUN (.+(?:\\\n.+)*)", text.decode("latin-1"))
    ]
    return runs + [line.encode() for line in _SHELL.splitlines()] + [_SHELL.encode()]


def scripts() -> list[bytes]:
    """Run scripts of gears, of the rules, and shell scripts."""
    texts = [SCRIPT, "#!/bin/sh\nset -e\npython run.py \"$@\"\n", *_examples("run.py"),
             *_examples("run.sh"),
             "# -*- coding: latin-1 -*-\n# gearlint: ignore[GL404]\nprint 'x'\n"]  # fmt: skip
    return of_gears(r"run|.*\.py") + [text.encode() for text in (*texts, *_CODE)]


_CODE = (
    """#!/usr/bin/env python3
import argparse, json, os, sys
from flywheel_gear_toolkit import GearToolkitContext
sys.path.append(os.path.dirname(__file__))
KEYS = ("threads", "speed")


class Runner:
    def __init__(self, context, config=None):
        self.config = config or context.config

    @property
    def speed(self):
        return self.config[f"{KEYS[1]}"]

    def run(self):
        for key in KEYS:
            if key in self.config:
                yield key, self.config.get(key)


def main(context):
    config = {**context.config, "a": 1}
    config["b"] = [config[key] for key in KEYS]
    with open("/flywheel/v0/config.json") as file:
        document = json.load(file)
    return Runner(context, document["config"]).run(), context.client.get("x")


if __name__ == "__main__":
    with GearToolkitContext() as gear_context:
        try:
            main(gear_context)
        except KeyError:
            sys.exit(1)
""",
    """#!/bin/bash
CONFIG=/flywheel/v0/config.json
function of { jq -r '.config.'$1 $CONFIG; }
speed="$(of speed)"; threads=$FW_CONFIG_THREADS
cd /flywheel/v0 && source ./lib.sh
if [ -f run.py ]; then exec python3 run.py "$speed"; fi
""",
)


def _examples(file: str) -> list[str]:
    return [
        text
        for rule in RULES.values()
        if rule.documentation.file == file
        for text in (rule.documentation.bad, rule.documentation.good)
    ]


_SHELL = r"""
cd /flywheel/v0 && python run.py "$@" || exit 1; echo done &
if [ -f run.py ]; then chmod +x run.py; elif true; then :; else rm -rf x; fi
for f in *.py; do cp "$f" ${TARGET:-/flywheel/v0}/${f%.py}; done
while read -r line; do echo $((1 + 2)) "$(date)" `pwd`; done < in > out 2>&1
case $1 in (a|b*) echo 'it''s';; *) [[ -n $x && $y == z ]];; esac
f() { local x=$'a\n'; return; }; function g { (cd x; ls) | tee ~/log; }
cat <<EOF > /flywheel/v0/run
exec "$0" $HOME
EOF
set -euo pipefail; export PATH=$PATH:/opt/bin A=1 ; ! true && time ls {a,b}
mkdir -p /a/{b,c} && mv -t /x y z && ln -sf a b && install -m 755 run.py /flywheel/v0/run
"""
