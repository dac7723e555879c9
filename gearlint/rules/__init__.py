"""The rules, one module a family.

A rule reads one gear; it opens no file and parses no document, but may search the text of one.
"""

from gearlint.rules import (
    config,
    dockerfile,
    entrypoint,
    environment,
    fields,
    files,
    inputs,
    releases,
    run,
    versions,
)
from gearlint.rules.registry import RULES, Rule

__all__ = [
    "RULES",
    "Rule",
    "config",
    "dockerfile",
    "entrypoint",
    "environment",
    "fields",
    "files",
    "inputs",
    "releases",
    "run",
    "versions",
]
