"""`gearlint schema`: the JSON schemas of manifests and of settings, for editors."""

import sys
from argparse import Namespace
from importlib.resources import files

from gearlint.cli.output import OK


def run(arguments: Namespace) -> int:
    """Print the schema that the arguments name; returns the exit code."""
    name = f"{arguments.schema}.schema.json"
    sys.stdout.write((files("gearlint") / "_built" / name).read_text(encoding="utf-8"))
    return OK
