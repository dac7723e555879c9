"""Checks, or fixes, all gears that the paths of the command line name.

The paths become tasks, one for each manifest. Tasks are independent of one another, so they may be
done in other processes; what connects them (a manifest that two paths name, a path without a gear)
is decided here, in the order of the tasks.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import tee

from gearlint.core import limits
from gearlint.core.disk import Disk
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Finding
from gearlint.core.named_tuple import NamedTuple
from gearlint.engine import discovery
from gearlint.engine.discovery import PassedOver
from gearlint.engine.gears import SettingsFinder, gear_of, root_of
from gearlint.engine.linter import Result, lint
from gearlint.engine.settings import Overrides, Settings
from gearlint.engine.workers import results
from gearlint.gear.gear import Gear
from gearlint.gear.manifest import Manifest

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Protocol

    class Way(Protocol):
        """What is done with each gear, if not only a check: it is fixed, for example."""

        def take(self, look: "Look", root: str) -> Result:
            """Do it to the gear that `look` reads, below `root`; returns what is left."""


Identity = tuple[int, int, str]
"""What all paths of one file have in common, by `discovery.identity`."""


class Look:
    """Reads one gear from a file system, as often as it is asked, and lints it.

    What its images may take counts for all times together.
    """

    def __init__(self, path: str, settings: Settings) -> None:
        from gearlint.image.budget import ImageBudget

        self.path = path
        self.settings = settings
        self._budget = ImageBudget()

    def gear(self, disk: Disk) -> Gear:
        """The gear that `disk` has now."""
        manifest = Manifest(disk.read(self.path, root_of(self.path)))
        return gear_of(manifest, self.settings, disk, self._budget)

    def __call__(self, disk: Disk) -> Result:
        """What is found in the gear that `disk` has now."""
        return lint(self.gear(disk), self.settings)


class Checked(NamedTuple):
    """A gear that was checked, or fixed; `findings` is what is left.

    `path` is that of its manifest. `failed` is whether a finding is at or above `fail-on`. `errors`
    is what could not be done, and `tracebacks` are those of rules that failed.
    """

    findings: Sequence[Finding] = ()
    failed: bool = False
    errors: Sequence[str] = ()
    tracebacks: Sequence[str] = ()
    path: str = ""


class Unchecked(NamedTuple):
    """What could not be read or checked, or a path without a gear: one line says why."""

    error: str
    is_gear: bool = False


Outcome = Checked | Unchecked | PassedOver | None
"""What comes of a task; `None` for a gear that is not to be checked."""


# Tasks. In each, `argument` is the number (from 0) of the path of the command line that it is for.


class Candidate(NamedTuple):
    """A `manifest.json` at `path`, which may be a gear's. `exclude` applies to it."""

    argument: int
    path: str
    identity: Identity | None


class Named(NamedTuple):
    """A JSON file that the command line names: it is a gear's, whatever it holds.

    `manifest` is the path of a large one, which is read when its turn comes.
    """

    argument: int
    manifest: Manifest | str
    identity: Identity | None


class Repeat(NamedTuple):
    """A task for a file that an earlier task is for: done only if that one was not a gear."""

    task: Candidate | Named


class Decided(NamedTuple):
    """A path or a manifest that cannot be read, or one that is passed over before it is read."""

    argument: int
    outcome: Unchecked | PassedOver


class End(NamedTuple):
    """The end of an argument's tasks: an error if none of them was a gear."""

    argument: int
    path: str


Task = Candidate | Named | Repeat | Decided | End


def outcomes(
    paths: Iterable[str],
    overrides: Overrides,
    way: "Way | None" = None,
    *,
    owners_alone: bool = False,
    jobs: int = 1,
) -> Iterator[Checked | Unchecked]:
    """Check, or fix, each gear that the paths name once; yields what there is to report.

    With `owners_alone` a path is that of a changed file, and names the gears that own it, if any.
    """
    check = Check(overrides, way)
    with_gear: set[int] = set()  # the arguments for which there is a gear
    passed: dict[int, list[PassedOver]] = {}  # by argument
    gears: set[Identity] = set()
    tasks, to_do = tee(_tasks(paths, check.settings_of, owners_alone=owners_alone))
    for task, outcome in zip(tasks, results(check, to_do, jobs), strict=True):
        if isinstance(task, Repeat):
            task = task.task
            outcome = None if task.identity in gears else check(task)
        if isinstance(outcome, PassedOver):
            passed.setdefault(task.argument, []).append(outcome)
        elif isinstance(task, End):
            if task.argument not in with_gear:
                from gearlint.engine.no_gear import no_gear

                without = no_gear(task.path, passed.get(task.argument, ()), check.settings_of)
                yield Unchecked(str(without))
        else:
            with_gear.add(task.argument)
            if isinstance(task, Candidate | Named) and task.identity is not None:
                gears.add(task.identity)
            if outcome is not None:
                yield outcome


def _tasks(
    paths: Iterable[str], settings_of: SettingsFinder, *, owners_alone: bool
) -> Iterator[Task]:
    """What is to be checked, in the order in which it is reported."""
    seen: set[Identity] = set()
    owners = discovery.Owners(settings_of)
    look = owners if owners_alone else partial(discovery.find, owners=owners)
    for argument, path in enumerate(dict.fromkeys(paths)):
        try:
            for item in look(path, settings_of(path)):
                if isinstance(item, GearlintError):
                    yield Decided(argument, Unchecked(str(item)))
                elif isinstance(item, PassedOver):
                    yield Decided(argument, item)
                else:
                    task = _task(argument, item)
                    yield Repeat(task) if task.identity in seen else task
                    seen.update([task.identity] if task.identity else [])
        except GearlintError as error:
            yield Decided(argument, Unchecked(str(error)))
        if not owners_alone:
            yield End(argument, path)


def _task(argument: int, item: str | Manifest) -> Candidate | Named:
    path = item if isinstance(item, str) else item.source.path
    try:
        identity = discovery.identity(path)
    except OSError:  # it was removed meanwhile
        identity = None
    if isinstance(item, str):
        return Candidate(argument, item, identity)
    is_large = item.source.size > limits.KEPT_BYTES
    return Named(argument, path if is_large else item, identity)


class Check:
    """Does one task after another. Where it only checks, another process can have a copy."""

    def __init__(self, overrides: Overrides, way: "Way | None" = None) -> None:
        self.settings_of = SettingsFinder(overrides)
        self.way = way

    def __reduce__(self) -> "tuple[type[Check], tuple[Overrides]]":
        """The copy reads the settings itself."""
        return Check, (self.settings_of.overrides,)

    def __call__(self, task: Task) -> Outcome:
        """Do a task, but for a repeat and an end, which depend on earlier tasks.

        Never raises GearlintError: what a person can correct is in the outcome.
        """
        match task:
            case Candidate(path=path):
                found = discovery.gear_at(path, self.settings_of)
            case Named(manifest=str(path)):
                found = discovery.manifest_at(path)
            case Named(manifest=Manifest() as manifest):
                found = manifest
            case Decided(outcome=outcome):
                return outcome
            case _:
                return None
        if isinstance(found, PassedOver):
            return found
        is_candidate = isinstance(task, Candidate)
        if isinstance(found, GearlintError):
            return Unchecked(str(found), is_gear=is_candidate)
        return self._check(found, may_exclude=is_candidate)

    def _check(self, manifest: Manifest, *, may_exclude: bool) -> Outcome:
        path = manifest.source.path
        try:
            chosen = self.settings_of(path)
        except GearlintError as error:
            return Unchecked(str(error), is_gear=True)
        if may_exclude and chosen.excludes(path):
            return None
        try:
            if self.way is None:
                result = lint(gear_of(manifest, chosen), chosen)
            else:
                result = self.way.take(Look(path, chosen), root_of(path))
        except GearlintError as error:
            return Checked(errors=[str(error)], path=path)
        return Checked(
            _without_files(result.findings),
            any(found.severity >= chosen.fail_on for found in result.findings),
            [str(failure) for failure in result.failures],
            _tracebacks(result),
            path,
        )


def _without_files(findings: list[Finding]) -> list[Finding]:
    """The findings, without the content of the files: those of many gears would add up."""
    if not findings:
        return []
    from gearlint.core.extract import extracted

    return extracted(findings)


def _tracebacks(result: Result) -> list[str]:
    if not result.failures:
        return []
    from traceback import format_exception

    return ["".join(format_exception(failure.error)) for failure in result.failures]
