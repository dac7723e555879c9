"""The settings of a gear, and what they say of its files. `settings_file` reads them."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, cast

from gearlint.core import limits
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Severity
from gearlint.core.lazy import regex
from gearlint.core.source import read, real_path
from gearlint.core.text import did_you_mean, one_of, quoted, shown
from gearlint.engine.globs import joined
from gearlint.release.bump_files import PLACEHOLDERS, BumpFile
from gearlint.rules import RULES, is_selector
from gearlint.syntax.version import FORMATS, VersionFormat

_QUOTED = r"""(?:"(?:[^"\\]|\\[\s\S])*+(?:"|\\?\Z)|'[^']*+(?:'|\Z))"""
_STRING = regex(_QUOTED)
_PART = rf"(?:[\w-]+|{_QUOTED})"
_KEY = regex(rf"[\s\[]*({_PART}(?:\s*\.\s*{_PART})*)")
"""The key, or name of a table, that a line of a settings file begins with."""

SEVERITIES = {severity.label: severity for severity in Severity}


class Bump(NamedTuple):
    """What `gearlint bump` changes besides the manifest and the Dockerfile."""

    files: "tuple[BumpFile, ...]" = ()


class Settings(NamedTuple):
    """The settings that apply to a gear.

    `select` is `None` for the rules that are on by default. Globs and paths are relative to the
    directory of `file`, which is `None` where no file has settings. `given` names the fields that
    `file` sets.
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
    tag_format: str | None = None
    unversioned: tuple[str, ...] = ()
    bump: Bump = Bump()
    file: str | None = None
    given: frozenset[str] = frozenset()

    @property
    def directory(self) -> str:
        """The absolute directory that globs and paths are relative to."""
        return os.path.dirname(os.path.abspath(self.file)) if self.file else os.getcwd()

    def relative(self, path: str) -> str:
        """`path` relative to the directory of the settings, with `/`."""
        directory, name = os.path.split(os.path.abspath(path))
        real = os.path.join(real_path(directory), name)
        return os.path.relpath(real, self.directory).replace(os.sep, "/")

    def path_of(self, path: str | None) -> str | None:
        """A path of the settings as an absolute path; `None` if it is not set."""
        return None if path is None else os.path.normpath(os.path.join(self.directory, path))

    def excludes(self, path: str) -> bool:
        """Whether `exclude` leaves out a file or directory."""
        return bool(self.exclude) and _any_matches(self.exclude, self.relative(path))

    def owners_of(self, path: str) -> Iterator[str]:
        """The directories of the gears to which `gears` assigns a file, as they are written."""
        if self.gears:
            relative = self.relative(path)
            for directory, globs in self.gears.items():
                if _any_matches(globs, relative):
                    yield directory

    def claims(self, directory: str) -> Callable[[str], bool | None] | None:
        """Whose a file is, by `gears` and `unversioned`, for the gear in `directory`.

        The function takes an absolute path and returns what `gear.Options` describes. `None` where
        the settings say nothing.
        """
        own = tuple(
            glob
            for other, globs in self.gears.items()
            if _is_same(os.path.join(self.directory, other), directory)
            for glob in globs
        )
        if not own and not self.unversioned:
            return None

        def claims(path: str) -> bool | None:
            relative = self.relative(path)
            if _any_matches(self.unversioned, relative):
                return False
            return True if _any_matches(own, relative) else None

        return claims

    def ignored_in(self, path: str) -> tuple[str, ...]:
        """The selectors that `per-file-ignores` has for a file."""
        if not self.per_file_ignores:
            return ()
        from gearlint.core.globs import matching

        globs = matching(tuple(self.per_file_ignores), self.relative(path))
        return tuple(selector for glob in globs for selector in self.per_file_ignores[glob])


def _any_matches(globs: tuple[str, ...], path: str) -> bool:
    if not globs:
        return False
    from gearlint.core.globs import any_matches  # most gears have no globs

    return any_matches(globs, path)


def _is_same(path: str, directory: str) -> bool:
    """Whether a path leads to a directory; false where it leads nowhere."""
    try:
        return os.path.samefile(path, directory)
    except (OSError, ValueError):
        return False


@lru_cache(maxsize=1000)
def _matching(globs: tuple[str, ...], path: str) -> tuple[str, ...]:
    """The globs that match a path; kept, as each finding of a file asks for those of the file."""
    if not any_matches(globs, path):
        return ()
    return tuple(glob for glob in globs if any_matches((glob,), path))


def any_matches(globs: tuple[str, ...], path: str) -> bool:
    """Whether a glob matches a relative path, a directory above it, or any part (without `/`).

    `*` also matches `/`, so that `gear/*` holds all that is below `gear`.
    """
    return bool(globs) and joined(globs).match(path)


Known: TypeAlias = dict[str, "Settings | GearlintError"]


def nearest(directory: str, root: str, known: Known | None = None) -> Settings:
    """The settings of the nearest file above or in `directory` that has any, up to `root`.

    Both are absolute. Raises GearlintError, naming file and line, for a wrong key or value. `known`
    keeps the settings of each directory, or the error, so that a file is read once.
    """
    known = {} if known is None else known
    passed = []
    while directory not in known:
        passed.append(directory)
        own = _of_directory(directory, root)
        parent = os.path.dirname(directory)
        if own is not None or directory == root or parent == directory:
            known[directory] = own or Settings()
        else:
            directory = parent
    chosen = known[directory]
    known.update(dict.fromkeys(passed, chosen))
    if isinstance(chosen, GearlintError):
        raise chosen
    return chosen


def _of_directory(directory: str, root: str) -> Settings | GearlintError | None:
    """What the files of one directory set, or what is wrong with them; `None` if it has none."""
    own = os.path.join(directory, "gearlint.toml")
    shared = os.path.join(directory, "pyproject.toml")
    try:
        if os.path.lexists(own):  # what it is, if no file, is reported: it was meant for gearlint
            return _load(own, root, whole=True)
        return _load(shared, root, whole=False) if os.path.isfile(shared) else None
    except GearlintError as error:
        return error


def _load(path: str, root: str, *, whole: bool) -> Settings | None:
    shown_path = os.path.relpath(path)
    source = read(shown_path, root)
    if source.text is None or source.too_large:
        raise GearlintError(f"{shown_path}: is not UTF-8, or too large")
    if not whole and "gearlint" not in source.text:
        return None  # most pyproject.toml files: spared the import of tomllib
    _confirm_size(shown_path, source.text)
    import tomllib

    try:
        table: Any = tomllib.loads(source.text)
    except RecursionError:
        raise GearlintError(f"{shown_path}: is nested past any use") from None
    except ValueError as error:  # mostly a TOMLDecodeError; also of a number of thousands of digits
        line = re.search(r"at line (\d+)", str(error))
        number = line[1] if line else str(len(source.line_starts))
        reason = re.sub(r" ?\(at [^()]{0,100}\)", "", str(error))
        raise GearlintError(f"{shown_path}:{number}: is not TOML: {reason}") from None
    if not whole:
        tool = table.get("tool")
        table = tool.get("gearlint") if isinstance(tool, dict) else None
        if table is None:
            return None
    reader = _Reader(shown_path, source.text)
    return reader.settings(table)._replace(file=path)


def _confirm_size(shown_path: str, text: str) -> None:
    """Refuse what would take tomllib seconds: for a key of n parts it takes n² steps.

    For each key in a table it takes as many as the name of the table has parts.
    """
    most = limits.SETTINGS_CHARACTERS
    if len(text) > most:
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


class _Reader:
    """Turns a table of TOML into settings; what is wrong in it is reported with file and line."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    def error(self, key: str, message: str, hint: str = "") -> GearlintError:
        return GearlintError(
            f"{self.path}:{self.line_of(key)}: {message}{f': {hint}' if hint else ''}"
        )

    def line_of(self, key: str) -> int:
        """The line (from 1) in which a key seems to be; 1 if it is not found."""
        start = max(self.text.find("[tool.gearlint"), 0)
        most = limits.QUOTED_CHARACTERS
        end = r"""["']?\s*[=\].]""" if len(key) <= most else ""
        match = re.compile(
            rf"^(?:[^#\n]*[^#\n\w-])?({re.escape(key[:most])}){end}",
            re.MULTILINE,
        ).search(self.text, start)
        return self.text.count("\n", 0, match.start(1) if match else start) + 1

    def settings(self, table: object) -> Settings:
        if not isinstance(table, dict):
            raise self.error("gearlint", f"tool.gearlint is {shown(table)}, expected a table")
        known = [
            name.replace("_", "-") for name in Settings._fields if name not in ("file", "given")
        ]
        values: dict[str, Any] = {}
        for key, value in table.items():
            if key not in known:
                raise self.error(key, f"unknown setting {quoted(key)}", did_you_mean(key, known))
            field = key.replace("-", "_")
            values[field] = getattr(self, field)(key, value)
        return Settings(**values, given=frozenset(values))

    def strings(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(key, f"{key} is {_toml(value)}, expected a list of strings")
        number, length = limits.SETTINGS_ITEMS, limits.SETTINGS_ITEM_CHARACTERS
        if len(value) > number or any(len(item) > length for item in value):
            # Each glob is held against each path.
            most = f"{number} strings of {length} characters"
            raise self.error(key, f"{quoted(key)} holds too much, expected at most {most}")
        return tuple(value)

    def selectors(self, key: str, value: object) -> tuple[str, ...]:
        selectors = self.strings(key, value)
        for selector in selectors:
            if not is_selector(selector):
                raise self.error(key, unknown_selector(selector))
        return selectors

    select = extend_select = ignore = selectors
    exclude = unversioned = strings

    def choice(self, key: str, value: object, words: Sequence[str]) -> str:
        if not isinstance(value, str) or value not in words:
            hint = did_you_mean(value, words) if isinstance(value, str) else ""
            raise self.error(key, f"{key} is {_toml(value)}, expected {one_of(words)}", hint)
        return value

    def fail_on(self, key: str, value: object) -> Severity:
        return SEVERITIES[self.choice(key, value, list(SEVERITIES))]

    def version_format(self, key: str, value: object) -> VersionFormat:
        return cast(VersionFormat, self.choice(key, value, FORMATS))

    def path_setting(self, key: str, value: object) -> str:
        most = limits.SETTINGS_PATH_CHARACTERS
        if not isinstance(value, str) or not value or "\0" in value or len(value) > most:
            raise self.error(key, f"{key} is {_toml(value)}, expected a path")
        return value

    dockerfile = context = path_setting

    def table(self, key: str, value: object) -> dict[str, object]:
        if not isinstance(value, dict):
            raise self.error(key, f"{key} is {_toml(value)}, expected a table")
        return value

    def severity(self, key: str, value: object) -> dict[str, Severity]:
        severities = {}
        for code, word in self.table(key, value).items():
            if code not in RULES:
                raise self.error(code, f"severity of {quoted(code)}, which is not a code of a rule",
                                near_code(code))  # fmt: skip
            severities[code] = self.fail_on(code, word)
        return severities

    def gears(self, key: str, value: object) -> dict[str, tuple[str, ...]]:
        return {
            directory: self.strings(directory, globs)
            for directory, globs in self.table(key, value).items()
        }

    def tag_format(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not set(_fields(value)) <= {"version", "gear", "name"}:
            raise self.error(key, f"{key} is {_toml(value)}, expected a tag with {{version}} in it")
        if len([field for field in _fields(value) if field != "name"]) != 1:
            raise self.error(
                key, f"{key} is {_toml(value)}, expected {{version}} or {{gear}} in it"
            )
        if len(value) > (most := limits.SETTINGS_TAG_CHARACTERS):
            raise self.error(
                key,
                f"{key} has {len(value)} characters, expected at most {most}",
            )
        return value

    def bump(self, key: str, value: object) -> Bump:
        table = self.table(key, value)
        for other in table:
            if other != "files":
                raise self.error(other, f"unknown setting {quoted(f'bump.{other}')}",
                                did_you_mean(other, ["files"]))  # fmt: skip
        files = table.get("files", [])
        if not isinstance(files, list):
            raise self.error("files", f"bump.files is {_toml(files)}, expected a list of tables")
        if len(files) > (most := limits.SETTINGS_BUMP_FILES):
            raise self.error(
                "files",
                f"bump.files has {len(files)} entries, expected at most {most}",
            )
        return Bump(tuple(self.bump_file(file) for file in files))

    def bump_file(self, value: object) -> BumpFile:
        table = self.table("files", value)
        for key, text in table.items():
            if key not in BumpFile._fields:
                raise self.error(key, f"unknown setting {quoted(f'bump.files.{key}')}",
                                did_you_mean(key, BumpFile._fields))  # fmt: skip
            if not isinstance(text, str) or not text:
                raise self.error(key, f"bump.files.{key} is {_toml(text)}, expected a text")
            for field in _fields(text):
                if field not in PLACEHOLDERS:
                    known = one_of([f"{{{name}}}" for name in PLACEHOLDERS])
                    raise self.error(key, f"bump.files.{key} has {{{field}}}, expected {known}")
        if "path" not in table:
            raise self.error("files", "bump.files has an entry without a path")
        search = str(table.get("search", "{version}"))
        return BumpFile(str(table["path"]), search, str(table.get("replace", search)))

    def per_file_ignores(self, key: str, value: object) -> dict[str, tuple[str, ...]]:
        return {glob: self.selectors(glob, codes) for glob, codes in self.table(key, value).items()}


def _fields(template: str) -> list[str]:
    """The names in braces in a text: only lower-case words, as a `{` may be just a brace."""
    return re.findall(r"\{([a-z]+)\}", template)


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
