"""Reads settings from `[tool.gearlint]` of pyproject.toml, or from gearlint.toml."""

import re
from collections.abc import Callable, Mapping, Sequence

from gearlint.core import limits
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Severity
from gearlint.core.lazy import regex
from gearlint.core.source import Source, read, relative_path
from gearlint.core.text import did_you_mean, one_of, quoted, shown
from gearlint.engine.settings import SEVERITIES, Bump, Settings
from gearlint.gear.bump_files import BumpFile, unknown_placeholder, words_in_braces
from gearlint.gear.edits.keyed import SUFFIXES
from gearlint.rules import RULES
from gearlint.rules.registry import near_code
from gearlint.rules.selectors import is_selector, unknown_selector
from gearlint.syntax.version import FORMATS, VersionFormat

_QUOTED = r"""(?:"(?:[^"\\]|\\[\s\S])*+(?:"|\\?\Z)|'[^']*+(?:'|\Z))"""
_STRING = regex(_QUOTED)
_PART = rf"(?:[\w-]+|{_QUOTED})"
_KEY = regex(rf"[\s\[]*({_PART}(?:\s*\.\s*{_PART})*)")
"""The key, or name of a table, that a line of a settings file begins with."""

_OFF = ("disable", "disabled", "ignore", "none", "off")

Key = tuple[str | int, ...]
"""The keys, and indices (from 0) of arrays, from the table of settings to a value."""

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Any, TypeVar

    Value = TypeVar("Value")
    Parser = Callable[[Key, object], Value]
    """Makes a setting of the value at a key. Raises _SettingError if the value is wrong."""


class _SettingError(Exception):
    """A wrong key or value: where it is, what is wrong, and a hint."""

    def __init__(self, key: Key, message: str, hint: str = "") -> None:
        super().__init__(f"{message}: {hint}" if hint else message)
        self.key = key


def load(path: str, root: str, *, whole: bool, typed: str = "") -> Settings | None:
    """The settings of a file: its table `tool.gearlint`, or, with `whole`, all of it.

    `typed` is the path as the user gave it. `None` where there is no such table. Raises
    GearlintError, with the file and the line, for a wrong key or value, and where the file cannot
    be read.
    """
    shown = typed or relative_path(path)
    source = read(shown, root)
    if source.text is None or source.too_large:
        raise GearlintError(f"{shown}: is not UTF-8, or too large")
    if not whole and "gearlint" not in source.text:
        return None  # as most pyproject.toml files, which need not even be TOML
    _confirm_size(shown, source.text)
    table: Any = _parsed(source)
    if not whole:
        tool, alone = table.get("tool"), table.get("gearlint")
        table = tool.get("gearlint") if isinstance(tool, dict) else None
        if table is None and isinstance(alone, dict):
            line = _line_of(("gearlint",), source.text)
            raise GearlintError(f"{shown}:{line}: nothing reads [gearlint]: write [tool.gearlint]")
        if table is None:
            return None
    try:
        return _settings(table)._replace(file=path)
    except _SettingError as error:
        line = _line_of(error.key if whole else ("tool", "gearlint", *error.key), source.text)
        raise GearlintError(f"{shown}:{line}: {error}") from None


def from_table(table: "dict[str, object]") -> Settings:
    """The settings in a table that is not from a file. Raises GearlintError for a wrong one."""
    try:
        return _settings(table)
    except _SettingError as error:
        raise GearlintError(f"settings: {error}") from None


def _parsed(source: Source) -> "dict[str, Any]":
    """The TOML in a file, whose `path` is as messages show it."""
    import tomllib

    try:
        return tomllib.loads(source.text or "")
    except RecursionError:
        raise GearlintError(f"{source.path}: is nested past any use") from None
    except ValueError as error:  # mostly a TOMLDecodeError; also of a number of thousands of digits
        line = re.search(r"at line (\d+)", str(error))
        number = line[1] if line else str(source.line_count)
        reason = re.sub(r" ?\(at [^()]{0,100}\)", "", str(error))
        raise GearlintError(f"{source.path}:{number}: is not TOML: {reason}") from None


def _line_of(key: Key, text: str) -> int:
    """The line (from 1) of a key, or of the nearest one around it that has a line."""
    from gearlint.engine.toml_lines import lines_of_keys

    lines = lines_of_keys(text)
    while key and key not in lines:
        key = key[:-1]
    return lines.get(key, 1)


def _confirm_size(shown_path: str, text: str) -> None:
    """Refuse what tomllib would take seconds for: it takes n² steps for a key of n parts.

    For each key of a table, it takes as many steps as the name of the table has parts.
    """
    if len(text) > (most := limits.SETTINGS_CHARACTERS):
        raise GearlintError(f"{shown_path}: has {len(text)} characters, expected at most {most}")
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > limits.SETTINGS_LINE_DOTS:
            raise GearlintError(
                f"{shown_path}:{number}: has {line.count('.')} dots in one line, expected at most "
                f"{limits.SETTINGS_LINE_DOTS}"
            )
        key = _KEY.match(line)
        if key is not None and key[1].count(".") >= limits.SETTINGS_KEY_PARTS:
            parts = _STRING.sub("", key[1]).count(".") + 1
            if parts > limits.SETTINGS_KEY_PARTS:
                raise GearlintError(
                    f"{shown_path}:{number}: has a key of {parts} parts, expected at most "
                    f"{limits.SETTINGS_KEY_PARTS}"
                )


# The parsers.


def _settings(table: object) -> Settings:
    if not isinstance(table, dict):
        raise _SettingError((), f"tool.gearlint is {shown(table)}, expected a table")
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key == "tool" and isinstance(value, dict) and "gearlint" in value:
            hint = "leave out [tool.gearlint], which only pyproject.toml has"
            raise _SettingError(("tool", "gearlint"), 'unknown setting "tool"', hint)
        if key not in _PARSERS:
            raise _unknown((key,), key, _PARSERS)
        values[key.replace("-", "_")] = _PARSERS[key]((key,), value)
    return Settings(**values, given=frozenset(values))


def _strings(key: Key, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise _SettingError(key, f"{_name(key)} is {_toml(value)}, expected a list of strings")
    if len(value) > limits.SETTINGS_ITEMS or any(
        len(item) > limits.SETTINGS_ITEM_CHARACTERS for item in value
    ):
        # Each glob is matched with each path.
        most = f"{limits.SETTINGS_ITEMS} strings of {limits.SETTINGS_ITEM_CHARACTERS} characters"
        raise _SettingError(key, f"{quoted(_name(key))} holds too much, expected at most {most}")
    return tuple(value)


def _selectors(key: Key, value: object) -> tuple[str, ...]:
    selectors = _strings(key, value)
    for selector in selectors:
        if not is_selector(selector):
            raise _SettingError(key, unknown_selector(selector))
    return selectors


def _word(key: Key, value: object, words: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in words:
        hint = did_you_mean(value, words) if isinstance(value, str) else ""
        raise _SettingError(key, f"{_name(key)} is {_toml(value)}, expected {one_of(words)}", hint)
    return value


def _severity(key: Key, value: object) -> Severity:
    return SEVERITIES[_word(key, value, list(SEVERITIES))]


def _version_format(key: Key, value: object) -> VersionFormat:
    word: Any = _word(key, value, FORMATS)
    return word  # type: ignore[no-any-return]


def _path(key: Key, value: object) -> str:
    if (
        not isinstance(value, str)
        or not value
        or "\0" in value
        or len(value) > limits.SETTINGS_PATH_CHARACTERS
    ):
        raise _SettingError(key, f"{_name(key)} is {_toml(value)}, expected a path")
    return value


def _tag_format(key: Key, value: object) -> str:
    name = _name(key)
    if not isinstance(value, str) or not set(words_in_braces(value)) <= {"version", "gear", "name"}:
        raise _SettingError(key, f"{name} is {_toml(value)}, expected a tag with {{version}} in it")
    if len([field for field in words_in_braces(value) if field != "name"]) != 1:
        raise _SettingError(
            key, f"{name} is {_toml(value)}, expected {{version}} or {{gear}} in it"
        )
    if len(value) > (most := limits.SETTINGS_TAG_CHARACTERS):
        raise _SettingError(
            key,
            f"{name} has {len(value)} characters, expected at most {most}",
        )
    return value


def _table(key: Key, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _SettingError(key, f"{_name(key)} is {_toml(value)}, expected a table")
    return value


def _table_of(parser: "Parser[Value]") -> "Parser[dict[str, Value]]":
    """The parser of a table with any keys, whose values `parser` takes."""

    def parse(key: Key, value: object) -> "dict[str, Value]":
        return {name: parser((*key, name), item) for name, item in _table(key, value).items()}

    return parse


def _severities(key: Key, value: object) -> dict[str, Severity]:
    severities = {}
    codes = {rule.name: rule.code for rule in RULES.values()}
    for text, word in _table(key, value).items():
        code = codes.get(text, text)
        if code not in RULES:
            message = f"severity of {quoted(text)}, which is not the code or name of a rule"
            hint = near_code(text) or did_you_mean(text, codes)
            raise _SettingError((*key, text), message, hint)
        if word is False or (isinstance(word, str) and word.lower() in _OFF):
            message = f"{text} is {_toml(word)}, expected {one_of([*SEVERITIES])}"
            raise _SettingError((*key, text), message, f'ignore = ["{text}"] leaves it out')
        severities[code] = _severity((*key, text), word)
    return severities


def _bump(key: Key, value: object) -> Bump:
    table = _table(key, value)
    for other in table:
        if other != "files":
            raise _unknown((*key, other), f"bump.{other}", ["files"])
    files, key = table.get("files", []), (*key, "files")
    if not isinstance(files, list):
        raise _SettingError(key, f"bump.files is {_toml(files)}, expected a list of tables")
    if len(files) > limits.SETTINGS_BUMP_FILES:
        raise _SettingError(
            key,
            f"bump.files has {len(files)} entries, expected at most {limits.SETTINGS_BUMP_FILES}",
        )
    return Bump(tuple(_bump_file((*key, index), file) for index, file in enumerate(files)))


def _bump_file(key: Key, value: object) -> BumpFile:
    if not isinstance(value, dict):
        message = f"bump.files has {_toml(value)} in it, expected tables, each with a path"
        raise _SettingError(key, message)
    table: dict[str, object] = value
    for name, text in table.items():
        _confirm_template((*key, name), text)
    if "path" not in table:
        raise _SettingError(key, "bump.files has an entry without a path")
    others = [name for name in ("search", "replace") if name in table]
    if "key" in table and others:
        raise _SettingError((*key, others[0]), f"bump.files has both key and {others[0]}")
    if "value" in table and "key" not in table:
        raise _SettingError((*key, "value"), "bump.files has value without key")
    if "key" in table and not str(table["path"]).endswith(SUFFIXES):
        raise _SettingError((*key, "key"), "bump.files has key, expected a path to TOML or JSON")
    search = str(table.get("search", "{version}"))
    given = {"search": search, "replace": table.get("replace", search), **table}
    return BumpFile(**{name: str(text) for name, text in given.items()})


def _confirm_template(key: Key, text: object) -> None:
    """Refuse what is not a known key of an entry of `bump.files`, or not a text for it."""
    name = _name(key)
    if name not in BumpFile._fields:
        raise _unknown(key, f"bump.files.{name}", BumpFile._fields)
    if not isinstance(text, str) or not text:
        raise _SettingError(key, f"bump.files.{name} is {_toml(text)}, expected a text")
    if unknown := unknown_placeholder(text):
        raise _SettingError(key, f"bump.files.{name} {unknown}")


_PARSERS: "Mapping[str, Parser[object]]" = {
    "select": _selectors,
    "extend-select": _selectors,
    "ignore": _selectors,
    "fail-on": _severity,
    "severity": _severities,
    "version-format": _version_format,
    "exclude": _strings,
    "gears": _table_of(_strings),
    "dockerfile": _path,
    "context": _path,
    "per-file-ignores": _table_of(_selectors),
    "tag-format": _tag_format,
    "unversioned": _strings,
    "changelog": _path,
    "bump": _bump,
}
"""The parser of each setting."""


def _unknown(key: Key, name: str, known: Sequence[str] | Mapping[str, object]) -> _SettingError:
    """An unknown setting; the last part of its key may be near to a `known` one."""
    return _SettingError(key, f"unknown setting {quoted(name)}", did_you_mean(_name(key), known))


def _name(key: Key) -> str:
    """The last part of a key that is not an index."""
    return next(part for part in reversed(key) if isinstance(part, str))


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else shown(value)
