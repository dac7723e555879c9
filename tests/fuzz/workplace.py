"""A directory with a gear, some of whose files are other ones for each input."""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from gearlint.cli.main import main
from gearlint.core.disk import DISK, Disk
from gearlint.core.finding import Finding
from gearlint.engine.discovery import repository_root
from gearlint.engine.fixer import Fixer
from gearlint.engine.gears import gear_of
from gearlint.engine.linter import Result, lint
from gearlint.engine.settings import Settings
from gearlint.gear.manifest import Manifest
from tests.fuzz.limits import restart
from tests.fuzz.properties import (
    assert_difference,
    assert_fixed,
    assert_reports,
    assert_sound,
)
from tests.fuzz.seeds import Files
from tests.sound import write_gear

ALL = Settings(select=("ALL",), ignore=("GL6",))
"""All rules but those of releases, for which git would be run here to find no commit."""


class Said(NamedTuple):
    """What the command said: its exit code, and its output."""

    code: int
    stdout: str
    stderr: str


class Workplace:
    """A repository at `directory` with one gear in it, `gear`; the current directory meanwhile."""

    def __init__(self, directory: Path) -> None:
        (directory / ".git").mkdir(parents=True)
        self.directory = directory
        self.gear = directory / "gear"
        write_gear(self.gear)
        self.sound = {path.name: path.read_bytes() for path in self.gear.iterdir()}
        self.changed: set[str] = set()
        self.root = repository_root(str(self.gear))

    @contextmanager
    def entered(self) -> Iterator["Workplace"]:
        """Make the repository the current directory."""
        before = Path.cwd()
        os.chdir(self.directory)
        try:
            yield self
        finally:
            os.chdir(before)

    def put(self, files: Files) -> None:
        """Make the gear the sound one, but for these files."""
        shutil.rmtree(self.gear / "data", ignore_errors=True)
        for name in self.changed - files.keys():
            if name in self.sound:
                (self.gear / name).write_bytes(self.sound[name])
            else:
                (self.gear / name).unlink(missing_ok=True)
        for name, data in files.items():
            (self.gear / name).parent.mkdir(parents=True, exist_ok=True)
            (self.gear / name).write_bytes(data)
        self.changed = set(files)

    def look(self, disk: Disk = DISK, settings: Settings = ALL) -> Result:
        """Lint the gear."""
        restart()
        manifest = Manifest(disk.read("gear/manifest.json", self.root))
        return lint(gear_of(manifest, settings, disk), settings)

    def check(self, files: Files) -> None:
        """Lint the gear with these files, tell of it in every format, and fix it in memory."""
        self.put(files)
        result = self.look()
        assert_sound(result)
        restart()
        assert_reports(result.findings)
        fixes = [found.fix for found in result.findings if found.fix]
        if fixes:
            guesses = any(not fix.is_safe for fix in fixes)
            is_odd = sum(len(data) for data in files.values()) % 2  # of both kinds, one is tried
            self.fix(result.findings, is_unsafe=guesses and bool(is_odd))

    def fix(self, before: list[Finding], *, is_unsafe: bool) -> None:
        """Fix the gear; what is left is no more than before, and to fix it again does nothing."""
        fixer = Fixer(is_unsafe=is_unsafe, writes=False)
        after = fixer.take(self.look, self.root)
        assert not fixer.errors, fixer.errors
        assert_sound(after)
        assert_fixed(before, after.findings)
        restart()
        assert_difference(fixer.changes.values())
        for real, change in fixer.changes.items():
            Path(real).write_bytes(change.after)
            if change.makes_executable:
                Path(real).chmod(0o755)
        self.changed |= {Path(real).name for real in fixer.changes}
        again = Fixer(is_unsafe=is_unsafe, writes=False)
        left = again.take(self.look, self.root)
        assert not again.changes, "fixed a second time"
        assert [found[:3] for found in left.findings] == [found[:3] for found in after.findings]

    def run(self, files: Files, name: str, arguments: list[str]) -> Said:
        """Run the command on a gear of these files alone, in a directory of any name."""
        directory = self.directory / name
        directory.mkdir()
        try:
            for file, data in files.items():
                (directory / file).write_bytes(data)
            return command([*arguments, "--", name])
        finally:
            shutil.rmtree(directory)


def command(arguments: list[str]) -> Said:
    """Run gearlint in this process; a `SystemExit` is its exit code."""
    restart()
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in "oe"]
    with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = int(stop.code or 0)
    out, err = (stream.buffer.getvalue() for stream in streams)
    return Said(code, out.decode("utf-8", "surrogateescape"), err.decode())  # a diff is bytes
