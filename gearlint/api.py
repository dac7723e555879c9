"""The Python interface: `gearlint.check`. What else is in the package may change at any time."""

import os
from collections.abc import Iterable, Mapping

from gearlint.core import finding as internal
from gearlint.core.errors import GearlintError
from gearlint.core.lazy import forget
from gearlint.core.named_tuple import NamedTuple

__all__ = ["Finding", "GearlintError", "check"]


class Finding(NamedTuple):
    """One thing that is wrong with a gear.

    `severity` is `error`, `warning` or `info`. `path` is relative to the current directory where
    the file is below it, else absolute. Lines and columns count from 1, columns in characters; the
    end is the place after the last character. `help` is empty where there is none. `fixable` is
    whether `gearlint check --fix` would fix it.
    """

    code: str
    name: str
    severity: str
    message: str
    help: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    fixable: bool


def check(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    settings: Mapping[str, object] | None = None,
) -> list[Finding]:
    """Check gears, as `gearlint check` does: reads files, and executes, fetches and writes nothing.

    `paths` is a directory, manifest or other file of a gear, or several. `settings` has the keys of
    a gearlint.toml, and takes the place of all settings files; its paths are relative to the
    current directory. Returns the findings of each gear in the order of its files.

    Raises GearlintError, with one line for each reason, for wrong settings, where there is no gear,
    and where something cannot be read.
    """
    from gearlint.engine.run import Checked, outcomes
    from gearlint.engine.settings import Overrides

    forget()
    chosen = None
    if settings is not None:
        from gearlint.engine.settings_file import from_table

        chosen = from_table(dict(settings))._replace(base=os.getcwd())
    named = [paths] if isinstance(paths, str | os.PathLike) else paths
    overrides = Overrides(settings=chosen)
    findings: list[Finding] = []
    errors: list[str] = []
    for outcome in outcomes([os.fspath(path) for path in named], overrides):
        if isinstance(outcome, Checked):
            findings += map(_public, outcome.findings)
            errors += outcome.errors
        else:
            errors.append(outcome.error)
    if errors:
        raise GearlintError("\n".join(dict.fromkeys(errors)))
    return findings


def _public(found: internal.Finding) -> Finding:
    start, end = found.start, found.end
    return Finding(
        code=found.code,
        name=found.name,
        severity=found.severity.label,
        message=found.message,
        help=found.help,
        path=found.source.path,
        line=start.line,
        column=start.column,
        end_line=end.line,
        end_column=end.column,
        fixable=found.is_fixable,
    )
