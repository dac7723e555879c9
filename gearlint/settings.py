"""Settings: `[tool.gearlint]` of pyproject.toml, or gearlint.toml, nearest above the gear."""

import os
import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple, cast

from gearlint.errors import GearlintError
from gearlint.finding import Severity
from gearlint.rules import RULES, is_selector
from gearlint.source import read
from gearlint.version import FORMATS, VersionFormat
from gearlint.wording import did_you_mean, one_of, quoted, shown

SEVERITIES = {severity.label: severity for severity in Severity}


class Settings(NamedTuple):
    """What a person chose. `file` is where, `None` for the defaults; `folder` is that of `file`.

    `select` is `None` for the rules that are on by default. Globs are relative to `folder`.
    `given` names the fields that `file` sets.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity = Severity.WARNING
    severity: Mapping[str, Severity] = {}
    version_format: VersionFormat | None = None
    exclude: tuple[str, ...] = ()
    gears: Mapping[str, tuple[str, ...]] = {}
    dockerfile: str | None = None
    context: str | None = None
    per_file_ignores: Mapping[str, tuple[str, ...]] = {}
    file: str | None = None
    given: frozenset[str] = frozenset()

    @property
    def folder(self) -> str:
        """The folder that the globs start from, absolute."""
        return os.path.dirname(os.path.abspath(self.file)) if self.file else os.getcwd()

    def relative(self, path: str) -> str:
        """`path` from the folder of the settings, with `/`."""
        folder, name = os.path.split(os.path.abspath(path))
        real = os.path.join(os.path.realpath(folder), name)
        return os.path.relpath(real, self.folder).replace(os.sep, "/")

    def path_of(self, path: str | None) -> str | None:
        """A path of the settings, absolute; `None` if it is not set."""
        return None if path is None else os.path.normpath(os.path.join(self.folder, path))

    def excludes(self, path: str) -> bool:
        """Whether `exclude` leaves out a file or folder."""
        return any(glob_matches(glob, self.relative(path)) for glob in self.exclude)

    def ignored_in(self, path: str) -> tuple[str, ...]:
        """The selectors that `per-file-ignores` has for a file."""
        return tuple(
            selector
            for glob, selectors in self.per_file_ignores.items()
            if glob_matches(glob, self.relative(path))
            for selector in selectors
        )


def glob_matches(glob: str, path: str) -> bool:
    """Whether a glob matches a relative path, a folder above it, or, without `/`, any part of it.

    `*` also matches `/`, so that `gear/*` holds all that is below `gear`.
    """
    glob = glob.removeprefix("./").rstrip("/")
    parts = path.split("/")
    if "/" not in glob:
        return any(fnmatchcase(part, glob) for part in parts)
    return any(fnmatchcase("/".join(parts[:end]), glob) for end in range(1, len(parts) + 1))


def nearest(folder: str, root: str) -> Settings:
    """The settings of the nearest file above or in `folder` that has any, up to `root`.

    Both are absolute. Raises GearlintError, naming file and line, for a wrong key or value.
    """
    while True:
        for name in ("gearlint.toml", "pyproject.toml"):
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                settings = _load(path, root, whole=name == "gearlint.toml")
                if settings is not None:
                    return settings
        parent = os.path.dirname(folder)
        if folder == root or parent == folder:
            return Settings()
        folder = parent


def _load(path: str, root: str, *, whole: bool) -> Settings | None:
    shown_path = os.path.relpath(path)
    source = read(path, root)
    if source.text is None or source.too_large:
        raise GearlintError(f"{shown_path}: is not UTF-8, or too large")
    if not whole and "gearlint" not in source.text:
        return None  # most pyproject.toml files: spared the import of tomllib
    import tomllib

    try:
        table: Any = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        number = line[1] if line else str(len(source.line_starts))
        reason = re.sub(r"\s*\(at .*\)", "", str(error))
        raise GearlintError(f"{shown_path}:{number}: is not TOML: {reason}") from None
    if not whole:
        tool = table.get("tool")
        table = tool.get("gearlint") if isinstance(tool, dict) else None
        if table is None:
            return None
    reader = _Reader(shown_path, source.text)
    return reader.settings(table)._replace(file=path)


class _Reader:
    """Turns a table of TOML into settings; what is wrong in it is told with file and line."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    def fail(self, key: str, message: str, hint: str = "") -> GearlintError:
        return GearlintError(
            f"{self.path}:{self.line_of(key)}: {message}{f': {hint}' if hint else ''}"
        )

    def line_of(self, key: str) -> int:
        """The line (from 1) in which a key seems to stand; 1 if it is not to be found."""
        start = max(self.text.find("[tool.gearlint"), 0)
        match = re.compile(
            rf"""^(?:[^#\n]*[^#\n\w-])?({re.escape(key)})["']?\s*[=\].]""", re.MULTILINE
        ).search(self.text, start)
        return self.text.count("\n", 0, match.start(1) if match else start) + 1

    def settings(self, table: object) -> Settings:
        if not isinstance(table, dict):
            raise self.fail("gearlint", f"tool.gearlint is {shown(table)}, expected a table")
        known = [
            name.replace("_", "-") for name in Settings._fields if name not in ("file", "given")
        ]
        values: dict[str, Any] = {}
        for key, value in table.items():
            if key not in known:
                raise self.fail(key, f"unknown setting {quoted(key)}", did_you_mean(key, known))
            field = key.replace("-", "_")
            values[field] = getattr(self, field)(key, value)
        return Settings(**values, given=frozenset(values))

    def strings(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fail(key, f"{key} is {_toml(value)}, expected a list of strings")
        return tuple(value)

    def selectors(self, key: str, value: object) -> tuple[str, ...]:
        selectors = self.strings(key, value)
        for selector in selectors:
            if not is_selector(selector):
                raise self.fail(key, unknown_selector(selector))
        return selectors

    select = extend_select = ignore = selectors
    exclude = strings

    def choice(self, key: str, value: object, words: Sequence[str]) -> str:
        if not isinstance(value, str) or value not in words:
            hint = did_you_mean(value, words) if isinstance(value, str) else ""
            raise self.fail(key, f"{key} is {_toml(value)}, expected {one_of(words)}", hint)
        return value

    def fail_on(self, key: str, value: object) -> Severity:
        return SEVERITIES[self.choice(key, value, list(SEVERITIES))]

    def version_format(self, key: str, value: object) -> VersionFormat:
        return cast(VersionFormat, self.choice(key, value, FORMATS))

    def path_setting(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value:
            raise self.fail(key, f"{key} is {_toml(value)}, expected a path")
        return value

    dockerfile = context = path_setting

    def table(self, key: str, value: object) -> dict[str, object]:
        if not isinstance(value, dict):
            raise self.fail(key, f"{key} is {_toml(value)}, expected a table")
        return value

    def severity(self, key: str, value: object) -> dict[str, Severity]:
        severities = {}
        for code, word in self.table(key, value).items():
            if code not in RULES:
                raise self.fail(code, f"severity of {quoted(code)}, which is no code of a rule",
                                near_code(code))  # fmt: skip
            severities[code] = self.fail_on(code, word)
        return severities

    def gears(self, key: str, value: object) -> dict[str, tuple[str, ...]]:
        return {
            folder: self.strings(folder, globs) for folder, globs in self.table(key, value).items()
        }

    def per_file_ignores(self, key: str, value: object) -> dict[str, tuple[str, ...]]:
        return {glob: self.selectors(glob, codes) for glob, codes in self.table(key, value).items()}


def near_code(code: str) -> str:
    """`did you mean "GL201"?` where one character of a code is wrong, else an empty string."""
    if code.upper() in RULES:
        return f'did you mean "{code.upper()}"?'
    if code.startswith("GL") and code[2:].isdigit():
        return ""  # another number is another rule
    for known in RULES:
        if len(code) == len(known) and sum(a != b for a, b in zip(code, known, strict=True)) == 1:
            return f'did you mean "{known}"?'
    return ""


def unknown_selector(selector: str) -> str:
    """What to say of a selector that names no rule."""
    names = [rule.name for rule in RULES.values()]
    hint = did_you_mean(selector, ["ALL", *names]) or near_code(selector)
    return f"{quoted(selector)} names no rule{f': {hint}' if hint else ''}"


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else shown(value)
