"""The rules, one module a family.

A rule reads one gear; it opens no file and parses no document, but may search the text of one.
"""

# Imported, so that their rules are in RULES.
from gearlint.rules import (  # noqa: F401
    calls,
    command,
    config,
    custom,
    declared,
    dockerfile,
    entrypoint,
    environment,
    fields,
    files,
    gear_path,
    image_reference,
    imports,
    inputs,
    instructions,
    interpreter,
    keys,
    known_variables,
    licenses,
    names,
    patterns,
    quotes,
    reads,
    releases,
    script,
    secrets,
    shell,
    steps,
    untracked,
    unused,
    variables,
    versions,
)
from gearlint.rules.registry import RULES, Rule
from gearlint.rules.selectors import choose, is_selector

__all__ = ["RULES", "Rule", "choose", "is_selector"]
