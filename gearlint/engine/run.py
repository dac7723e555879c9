"""From the paths of the command line to what was found in the gears that they stand for.

One gear is done on its own, here or in another process, and nothing of it is kept but that.
"""

import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gearlint.core.budget import Budget
from gearlint.core.disk import DISK, Disk
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Finding
from gearlint.core.source import real_path
from gearlint.engine import discovery, settings
from gearlint.engine.linter import Result, lint
from gearlint.engine.settings import Known, Settings
from gearlint.engine.workers import results
from gearlint.gear.gear import Gear, Options
from gearlint.gear.manifest import Manifest

if TYPE_CHECKING:
    from gearlint.engine.fixer import Fixer

Identity: TypeAlias = tuple[int, int, str]


class Task(NamedTuple):
    """One thing to check: a manifest, the path of one that may be a gear's, or why there is none.

    `named` is the number (from 0) of the path of the command line that stands for it, `is_itself`
    whether that is the path of the manifest. With `is_repeated`, an earlier task has the same
    `identity`; with `is_instead`, it counts only where the path stands for nothing else.
    """

    item: str | Manifest | GearlintError
    named: int
    identity: Identity | None = None
    is_itself: bool = False
    is_repeated: bool = False
    is_instead: bool = False


class Outcome(NamedTuple):
    """What came of a task: whether there is a gear, whether it was checked, and what was found.

    `is_unread` says that its manifest cannot be read, `failed` that a finding is at or above
    `fail-on`; `errors` is what could not be done, and `tracebacks` those of rules that failed.
    """

    task: Task
    is_gear: bool = True
    is_unread: bool = False
    is_checked: bool = False
    findings: Sequence[Finding] = ()
    failed: bool = False
    errors: Sequence[str] = ()
    tracebacks: Sequence[str] = ()


def outcomes(arguments: Namespace, fixer: "Fixer | None", jobs: int) -> Iterator[Outcome]:
    """What came of checking, or fixing, all that the arguments name, each manifest once."""
    check = Check(arguments, fixer)
    found: set[Identity] = set()
    stood_for_gears: set[int] = set()
    for outcome in results(check, _tasks(arguments), jobs):
        task = outcome.task
        if task.is_repeated and task.identity not in found:
            # The first path that led to it did not count it as a gear.
            outcome = check(task._replace(is_repeated=False))
        elif task.is_instead and task.named in stood_for_gears:
            continue
        if outcome.is_gear:
            stood_for_gears.add(task.named)
            found.update([task.identity] if task.identity and not outcome.is_unread else [])
        yield outcome


def _tasks(arguments: Namespace) -> Iterator[Task]:
    """What is to be checked, in the order in which it is reported."""
    seen: set[Identity] = set()
    owners = discovery.Owners()
    look = owners if arguments.changed_files else partial(discovery.find, owners=owners)
    known: Known = {}
    paths = arguments.paths or ([] if arguments.changed_files else ["."])
    for named, path in enumerate(dict.fromkeys(paths)):
        is_itself = look is not owners and path.endswith(".json") and not os.path.isdir(path)
        try:
            for item in look(path, settings_for(path, arguments, known)):
                identity = _identity(item)
                yield Task(item, named, identity, is_itself, is_repeated=identity in seen)
                seen.update([identity] if identity else [])
        except GearlintError as error:
            yield Task(error, named)
        if not arguments.changed_files:
            yield Task(_no_gear(path), named, is_instead=True)


def _no_gear(path: str) -> GearlintError:
    return GearlintError(f"{path}: no gear found (no manifest.json that is a gear's)")


def _identity(item: str | Manifest | GearlintError) -> Identity | None:
    if isinstance(item, GearlintError):
        return None
    try:
        return discovery.identity(item if isinstance(item, str) else item.source.path)
    except OSError:  # it is gone since
        return None


class Check:
    """Does one task after another; another process can have a copy, if it has no fixer."""

    def __init__(self, arguments: Namespace, fixer: "Fixer | None" = None) -> None:
        self.arguments = arguments
        self.fixer = fixer
        self.known: Known = {}

    def __reduce__(self) -> tuple[type["Check"], tuple[Namespace]]:
        """The copy reads the settings itself."""
        return Check, (self.arguments,)

    def __call__(self, task: Task) -> Outcome:
        """Check what the task names; what cannot be done is reported in the outcome."""
        if task.is_repeated:
            return Outcome(task)
        item = discovery.gear_at(task.item) if isinstance(task.item, str) else task.item
        if item is None:
            return Outcome(task, is_gear=False)
        if isinstance(item, GearlintError):
            return Outcome(task, is_unread=True, errors=[str(item)])
        path = item.source.path
        try:
            chosen = settings_for(path, self.arguments, self.known)
        except GearlintError as error:
            return Outcome(task, errors=[str(error)])
        if not task.is_itself and chosen.excludes(path):
            return Outcome(task)
        try:
            if self.fixer is None:
                result = lint(gear_of(item, chosen), chosen)
            else:
                result = self.fixer.fix(partial(_lint_anew, path, chosen, Budget()), _root(path))
        except GearlintError as error:
            return Outcome(task, is_checked=True, errors=[str(error)])
        return _outcome(task, result, chosen)


def _outcome(task: Task, result: Result, chosen: Settings) -> Outcome:
    tracebacks = []
    if result.failures:
        from traceback import format_exception

        tracebacks = ["".join(format_exception(failure.error)) for failure in result.failures]
    return Outcome(
        task,
        is_checked=True,
        findings=result.findings,
        failed=any(found.severity >= chosen.fail_on for found in result.findings),
        errors=[str(failure) for failure in result.failures],
        tracebacks=tracebacks,
    )


def _lint_anew(path: str, chosen: Settings, budget: Budget, disk: Disk) -> Result:
    """Lint a gear as `disk` has it now; `budget` is for the trials of fixes, again and again."""
    manifest = Manifest(disk.read(path, _root(path)))
    return lint(gear_of(manifest, chosen, disk, budget), chosen)


def _root(path: str) -> str:
    """The repository of a manifest."""
    return discovery.repository_root(os.path.dirname(os.path.abspath(path)))


def gears_under(path: str) -> list[tuple[Gear, Settings]]:
    """The gears that a path stands for, each with its settings, but those under `exclude`.

    Raises GearlintError if there is none, or one that cannot be read.
    """
    known: Known = {}
    found = []
    for item in discovery.find(path, settings_at(path, known)):
        manifest = discovery.gear_at(item) if isinstance(item, str) else item
        if isinstance(manifest, GearlintError):
            raise manifest
        if manifest is None:
            continue
        chosen = settings_at(manifest.source.path, known)
        if path.endswith(".json") or not chosen.excludes(manifest.source.path):
            found.append((gear_of(manifest, chosen), chosen))
    if not found:
        raise _no_gear(path)
    return found


def gear_of(
    manifest: Manifest, chosen: Settings, disk: Disk = DISK, trial_budget: Budget | None = None
) -> Gear:
    """The gear of a manifest, with what the settings say of it."""
    path = os.path.abspath(manifest.source.path)
    options = Options(
        version_format=chosen.version_format,
        tag_format=chosen.tag_format,
        dockerfile=chosen.path_of(chosen.dockerfile),
        context=chosen.path_of(chosen.context),
        claims=chosen.claims(os.path.dirname(path)),
    )
    return Gear(manifest, _root(path), options, disk, trial_budget)


def settings_at(path: str, known: Known | None = None) -> Settings:
    """The settings for a file or directory; `known` keeps what has been read, for the next call."""
    directory = os.path.abspath(path if os.path.isdir(path) else os.path.dirname(path) or ".")
    directory = real_path(discovery.existing(directory))
    return settings.nearest(directory, discovery.search_limit(directory), known)


def settings_for(path: str, arguments: Namespace, known: Known | None = None) -> Settings:
    """The settings for a file or directory, with what the command line says in their place."""
    return with_options(settings_at(path, known), arguments)


def with_options(chosen: Settings, arguments: Namespace) -> Settings:
    """The settings with the options of the command line, each in place of its setting."""
    given = {
        field: getattr(arguments, field)
        for field in ("select", "extend_select", "ignore", "fail_on")
        if getattr(arguments, field) is not None
    }
    return chosen._replace(**given) if given else chosen
