"""`gearlint config`: the settings that are in effect for a path, and where each came from."""

import json
import os
from argparse import Namespace
from collections.abc import Mapping

from gearlint.cli.check_options import overrides_of, take_environment
from gearlint.cli.output import OK, print_json
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Severity
from gearlint.core.source import relative_path
from gearlint.core.text import escaped
from gearlint.engine.gears import SettingsFinder
from gearlint.engine.linter import chosen_rules
from gearlint.engine.settings import Bump, Settings
from gearlint.gear.bump_files import BumpFile


def run(arguments: Namespace) -> int:
    """Print the settings for the path; returns the exit code."""
    variables = take_environment(arguments)
    if not os.path.lexists(arguments.path):
        raise GearlintError(f"{arguments.path}: no such file or directory")
    chosen = SettingsFinder(overrides_of(arguments))(arguments.path)
    from_file = arguments.config or (relative_path(chosen.file) if chosen.file else "")
    rows: dict[str, tuple[object, str]] = {}
    for field in Settings.names():
        value = getattr(chosen, field)
        if getattr(arguments, field, None) is not None:
            origin = variables.get(field) or f"--{field.replace('_', '-')}"
        elif field in chosen.given:
            origin = from_file
        else:
            origin = "default"
        rows[field.replace("_", "-")] = (value, origin)
    rules = [rule.code for rule in chosen_rules(chosen)]
    if arguments.output_format == "json":
        settings = {
            key: {"value": _plain(value), "from": origin} for key, (value, origin) in rows.items()
        }
        print_json({"file": from_file or None, "settings": settings, "rules": rules})
        return OK
    print(f"# settings file: {escaped(from_file) or 'none'}")
    for key, (value, origin) in rows.items():
        written = f"# {key}: not set" if value is None else f"{key} = {escaped(_toml(value))}"
        print(f"{written}  # {escaped(origin)}")
    print(f"# rules that run: {' '.join(rules)}")
    return OK


def _toml(value: object) -> str:
    """A setting as TOML, on one line."""
    if isinstance(value, BumpFile):
        unused = ("search", "replace") if value.key else ("key", "value")
        value = {name: text for name, text in value._asdict().items() if name not in unused}
    elif isinstance(value, Bump):
        value = value._asdict()
    if isinstance(value, Mapping):
        pairs = [f"{_toml(name)} = {_toml(item)}" for name, item in value.items()]
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: object) -> object:
    """A setting as it is written in a file."""
    if isinstance(value, Severity):
        return value.label
    if isinstance(value, Bump | BumpFile):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
