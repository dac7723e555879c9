"""Suppresses what is found now, so that only what is new is reported (`check --add-ignores`).

A suppression is written where it belongs: in the manifest, in a comment of the Dockerfile or the
script. Where neither can be, or several gears share the file, it goes to `per-file-ignores` of the
settings. All of it is tried in memory before anything is written.
"""

import os
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from glob import escape
from typing import TYPE_CHECKING

from gearlint.core.change import FileChange
from gearlint.core.disk import DISK
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Edit, Finding, applied
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, read, real_path, relative_path, shown_path, top_of
from gearlint.core.text import listed
from gearlint.engine.linter import Result, lint
from gearlint.engine.overlay import Overlay
from gearlint.engine.settings import Settings
from gearlint.gear.edits.comments import above_instructions, at_lines
from gearlint.gear.edits.manifest import ignoring
from gearlint.gear.gear import Gear
from gearlint.syntax.dockerfile import Dockerfile, Instruction

if TYPE_CHECKING:
    from gearlint.engine.run import Look

ROUNDS = 10
"""Tries for one gear. Each takes at least one file's suppressions to the settings."""


class _Seen(NamedTuple):
    """A gear that was checked, and the real paths of the files that suppress something for it."""

    look: "Look"
    root: str
    files: frozenset[str]


class Ignorer:
    """Collects gears, then suppresses what is found in each.

    `changes` are by the real paths of their files. `errors` is what could not be done, and `fixed`
    counts the findings that are suppressed. Without `writes`, no file is changed.
    """

    def __init__(self, *, reason: str, writes: bool) -> None:
        self.reason = reason
        self.writes = writes
        self.changes: dict[str, FileChange] = {}
        self.errors: list[str] = []
        self.fixed = 0
        self._seen: list[_Seen] = []
        self._in_settings: dict[str, dict[str, list[str]]] = defaultdict(dict)

    def take(self, look: "Look", root: str) -> Result:
        """Remember a gear for `finish`; what is found is not reported."""
        gear = look.gear(DISK)
        result = lint(gear, look.settings)
        files = frozenset(real_path(source.path) for source in gear.sources)
        self._seen.append(_Seen(look, root, files))
        return Result([], result.failures)

    def finish(self) -> None:
        """Suppress what was found in all gears, and write that."""
        counts = Counter(file for seen in self._seen for file in seen.files)
        shared = {file for file, number in counts.items() if number > 1}
        for seen in self._seen:
            try:
                _OfGear(self, seen, shared).suppress()
            except GearlintError as error:
                self.errors.append(str(error))
        for file, entries in self._in_settings.items():
            try:
                self._change_settings(file, entries)
            except GearlintError as error:
                self.errors.append(str(error))
        for change in self.changes.values() if self.writes else ():
            self._write(change)

    def settings_file(self, seen: _Seen) -> str:
        """The settings file that applies to a gear, or a new one at the top of its repository."""
        return os.path.abspath(seen.look.settings.file or os.path.join(seen.root, "gearlint.toml"))

    def ignore_in_settings(self, seen: _Seen, codes: Iterable[tuple[str, str]]) -> None:
        """Let the settings of a gear ignore codes, each in a file (as `place_of`)."""
        file = self.settings_file(seen)
        for path, code in codes:
            glob = glob_of(path, seen.look.settings.base or os.path.dirname(file))
            of_glob = self._in_settings[file].setdefault(glob, [])
            if code not in of_glob:
                of_glob.append(code)

    def _change_settings(self, file: str, entries: dict[str, list[str]]) -> None:
        from gearlint.engine.toml_ignores import with_ignores

        is_there = os.path.lexists(file)
        source = read(shown_path(file), top_of(file)) if is_there else Source(shown_path(file), b"")
        after = with_ignores(source, entries, self.reason)
        self.changes[real_path(file)] = FileChange(real_path(file), source.data, after)

    def _write(self, change: FileChange) -> None:
        from gearlint.core.atomic import rewrite, write_whole

        path = shown_path(change.path)
        try:
            if os.path.lexists(change.path):
                rewrite(path, os.path.dirname(change.path), change.before, change.after)
            else:
                write_whole(change.path, change.after)
        except GearlintError as error:
            self.errors.append(str(error))
        except OSError as error:
            self.errors.append(f"{path}: cannot be written: {error.strerror}")


def place_of(finding: Finding) -> str:
    """The path of a finding's file as `per-file-ignores` takes it: only the file may be a link."""
    directory, name = os.path.split(os.path.abspath(finding.source.path))
    return os.path.join(real_path(directory), name)


def glob_of(path: str, directory: str) -> str:
    """A glob of `per-file-ignores` that is for one file only."""
    relative = relative_path(path, real_path(directory))
    return escape(relative) if "/" in relative else f"/{escape(relative)}"


class _OfGear:
    """Suppresses what is found in one gear.

    `own` are the changes of its files, `in_settings` the files (as `place_of`) and codes that
    the settings are to ignore.
    """

    def __init__(self, ignorer: Ignorer, seen: _Seen, shared: set[str]) -> None:
        self.ignorer = ignorer
        self.seen = seen
        self.barred = set(shared)
        self.own: dict[str, FileChange] = {}
        self.in_settings: dict[tuple[str, str], None] = {}

    def suppress(self) -> None:
        """Suppress it; raises GearlintError if something is still found."""
        gear = self.seen.look.gear(DISK)
        findings = lint(gear, self._settings()).findings
        for _ in range(ROUNDS):
            self._plan(gear, findings)
            left = self._left()
            if not left:
                break
            for finding in left:
                path = real_path(finding.source.path)
                if path in self.own:  # what was written there does not do
                    self.barred.add(path)
                else:
                    self.in_settings[place_of(finding), finding.code] = None
        else:
            codes = listed(sorted({finding.code for finding in left}))
            raise GearlintError(f"{gear.manifest.source.path}: not suppressed: {codes}")
        self.ignorer.changes |= self.own
        self.ignorer.ignore_in_settings(self.seen, self.in_settings)
        self.ignorer.fixed += len(findings)

    def _settings(self) -> Settings:
        """The settings with what is to be ignored."""
        settings = self.seen.look.settings
        file = self.ignorer.settings_file(self.seen)
        ignores = {glob: tuple(codes) for glob, codes in settings.per_file_ignores.items()}
        for path, code in self.in_settings:
            glob = glob_of(path, settings.base or os.path.dirname(file))
            ignores[glob] = (*ignores.get(glob, ()), code)
        if not self.in_settings:
            return settings
        return settings._replace(per_file_ignores=ignores, file=file)

    def _left(self) -> list[Finding]:
        disk = Overlay({**self.ignorer.changes, **self.own})
        return lint(self.seen.look.gear(disk), self._settings()).findings

    def _plan(self, gear: Gear, findings: list[Finding]) -> None:
        """Set `own`, and put into `in_settings` what cannot be in the gear's files."""
        self.own = {}
        by_file: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            if (place_of(finding), finding.code) not in self.in_settings:
                by_file[real_path(finding.source.path)].append(finding)
        for path, found in by_file.items():
            made: list[Edit] = []
            if path not in self.barred:
                made, found = self._edits(gear, path, found)
            if made:
                data = next(f.source.data for f in by_file[path])
                after = applied(data, sorted(made))
                codes = tuple(finding.code for finding in by_file[path])
                self.own[path] = FileChange(path, data, after, codes=codes)
            for finding in found:
                self.in_settings[place_of(finding), finding.code] = None

    def _edits(
        self, gear: Gear, path: str, findings: list[Finding]
    ) -> tuple[list[Edit], list[Finding]]:
        """The edits of one of the gear's files, and the findings that they cannot suppress."""
        reason = self.ignorer.reason
        if path == real_path(gear.manifest.source.path):
            codes = sorted({finding.code for finding in findings})
            texts = [f"{code}: {reason}" if reason else code for code in codes]
            edit = ignoring(gear.manifest, texts, ("custom", "gearlint", "ignore"))
            return ([edit], []) if edit else ([], findings)
        if gear.dockerfile is not None and path == real_path(gear.dockerfile.source.path):
            return _in_dockerfile(gear.dockerfile, findings, reason)
        if any(path == real_path(script.source.path) for script in gear.scripts.read):
            return _in_script(findings, reason)
        return [], findings


def _in_dockerfile(
    dockerfile: Dockerfile, findings: list[Finding], reason: str
) -> tuple[list[Edit], list[Finding]]:
    instructions = dockerfile.instructions
    codes: dict[Instruction, list[str]] = defaultdict(list)
    others = []
    for finding in findings:
        line = finding.start.line
        following = bisect_left(instructions, line, key=lambda each: each.end_line)
        covering = instructions[following : following + 1]
        if not covering or line < covering[0].start_line:
            others.append(finding)
        elif finding.code not in (of_it := codes[covering[0]]):
            of_it.append(finding.code)
    return above_instructions(dockerfile, codes, reason), others


def _in_script(findings: list[Finding], reason: str) -> tuple[list[Edit], list[Finding]]:
    lines: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        lines[finding.start.line].append(finding)
    codes = {line: sorted({finding.code for finding in found}) for line, found in lines.items()}
    made = at_lines(findings[0].source, codes, reason)
    others = [finding for line in lines if line not in made for finding in lines[line]]
    return list(made.values()), others
