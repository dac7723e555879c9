"""`gearlint version`: what version a gear is of, and what was released of it."""

import os
import sys
from argparse import Namespace

from gearlint.cli.output import OK, order_shown, print_error, print_json, print_line, print_text
from gearlint.cli.releasing import one_of_gears
from gearlint.core.errors import GearlintError
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import shown_path
from gearlint.core.text import escaped, quoted
from gearlint.engine.gears import gears_under
from gearlint.gear.gear import Gear
from gearlint.release.changelogs import changelog_of
from gearlint.release.git import opened
from gearlint.release.history import SHALLOW, releases_of
from gearlint.release.order import order_of
from gearlint.syntax.version import GearVersion, is_numbered, is_release

_FILES = ("files", "changed_files")
"""The fields of a row that --verbose shows, one file a line."""


class _Row(NamedTuple):
    """What is known of a gear's version; the fields are the keys of `--json`, in their order.

    `None` is what the gear does not have, or, of its releases, what is not known.
    """

    name: str | None
    directory: str
    version: str | None
    software: str | None
    gear: str | None
    extra: list[str]
    order: dict[str, str] | None
    image: str | None
    last_tag: str | None
    changed: bool | None
    files: list[str] | None
    changed_files: list[str] | None


def run(arguments: Namespace) -> int:
    """Print the versions of the gears under the path; returns the exit code."""
    opened.cache_clear()
    if arguments.notes is not None:
        _print_notes(*_gear_and_version(arguments), arguments.output_format)
        return OK
    gears = [gear for gear, _ in gears_under(arguments.path)]
    with_files = arguments.verbose or arguments.output_format == "json"
    rows = [_row(gear, with_files=with_files) for gear in gears]
    for gear in gears:
        if not isinstance(gear.manifest.value, dict):
            path = gear.manifest.source.path
            print_error(f"{path}: cannot be read as a manifest: see gearlint check")
    if any(opened(gear.root).is_shallow for gear in gears if releases_of(gear) is not None):
        print_error(
            f"{SHALLOW}: for the last tag, and whether the gear changed since, run "
            "git fetch --unshallow --tags"
        )
    if arguments.output_format == "json":
        print_json([row._asdict() for row in rows])
        return OK
    if len(rows) == 1:
        for key, value in rows[0]._asdict().items():
            if key not in _FILES:
                print_line(f"{key.replace('_', ' ') + ':':<10} {_shown(value)}", sys.stdout)
    else:
        _print_table(rows)
    if arguments.verbose:
        for row in rows:
            _print_files(row)
    return OK


def _gear_and_version(arguments: Namespace) -> tuple[Gear, str]:
    """The gear whose notes are asked for, and the version, empty for that which it has.

    The word after --notes may be the path of the gear, too, and the path the version.
    """
    path, wanted = arguments.path, arguments.notes
    if not wanted and is_numbered(path) and not os.path.lexists(path):
        path, wanted = ".", path
    if path == "." and os.path.lexists(wanted) and not is_numbered(wanted):
        path, wanted = wanted, ""
    gear, _ = one_of_gears(path, gears_under(path))
    return gear, wanted


def _print_notes(gear: Gear, wanted: str, output_format: str) -> None:
    """Print what the CHANGELOG of a gear says of a version, of that which it has without one."""
    changelog = changelog_of(gear)
    if changelog is None:
        raise GearlintError(f"{gear.directory or '.'}: has no CHANGELOG")
    version = gear.version if not wanted else GearVersion(wanted, "gear")
    if version is None:
        raise GearlintError(f"{gear.manifest.source.path}: has no version: see gearlint check")
    version = version._replace(version_format=order_of(gear).version_format)
    texts = version.text, version.gear_part, wanted.removeprefix("v")
    notes = changelog.notes([text for text in dict.fromkeys(texts) if text])
    if notes is None and not is_release(version.text):  # its notes wait for the release
        notes = changelog.unreleased_notes()
    path = changelog.source.path
    if notes is None:
        raise GearlintError(f"{path}: has no heading of version {quoted(version.text)}")
    if output_format == "json":
        print_json({"version": version.text, "file": path, "notes": notes})
    elif notes:
        print_text(notes)
    else:
        print_error(f"{path}: there is nothing under {quoted(version.text)}")


def _row(gear: Gear, *, with_files: bool) -> _Row:
    image, releases = gear.image_reference, releases_of(gear)
    order = releases.order if releases is not None else order_of(gear)
    version = gear.version and gear.version._replace(version_format=order.version_format)
    is_known = releases is not None and not releases.repository.is_shallow
    tag = releases.newest_tag if releases is not None and is_known else None
    changed = releases.changed_since(tag) if releases is not None and tag else None
    return _Row(
        name=gear.manifest.string("name"),
        directory=shown_path(gear.directory or "."),
        version=version.text if version else None,
        software=version.software_part if version else None,
        gear=version.gear_part if version else None,
        extra=version.extra_parts if version else [],
        order=order_shown(version, order),
        image=image.text if image else None,
        last_tag=tag.name if tag else None,
        changed=None if changed is None else bool(changed),
        files=releases.files if releases is not None and with_files else None,
        changed_files=changed,
    )


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return f"{value['format']}, as {value['reason']}"
    if isinstance(value, list):
        return "_".join(value) or "-"
    return "-" if value is None else str(value)


def _print_files(row: _Row) -> None:
    """Print the files that count for a version, those that changed since its tag with a `*`."""
    print()
    if row.files is None:
        print_line(f"{_shown(row.name)}: not in git, so no file counts", sys.stdout)
        return
    changed = row.changed_files or []
    since = f"; * changed since {row.last_tag}" if row.last_tag else ""
    print_line(f"{_shown(row.name)}: files that count{since}", sys.stdout)
    for path in sorted({*row.files, *changed}):
        print_line(f"{'*' if path in changed else ' '} {path}", sys.stdout)


def _print_table(rows: list[_Row]) -> None:
    columns = ("name", "version", "software", "gear", "last_tag", "changed", "directory")
    lines = [[column.replace("_", " ") for column in columns]]
    lines += [[escaped(_shown(getattr(row, column))) for column in columns] for row in rows]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print_line("  ".join(cells).rstrip(), sys.stdout)
