"""`gearlint bump`: the next version of a gear, its commit and its tag."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterable
from datetime import date
from functools import cache

from gearlint.cli.output import (
    OK,
    is_broken_pipe,
    order_shown,
    print_difference,
    print_error,
    print_json,
    print_line,
)
from gearlint.cli.releasing import (
    TAG_MESSAGE,
    confirm_placeholders,
    ended_first,
    gears_of,
    one_of_gears,
    past_releases,
    print_notes,
    repository_of_all,
    said,
)
from gearlint.core.errors import GearlintError
from gearlint.core.source import read, real_path, shown_path
from gearlint.core.text import counted, quoted
from gearlint.engine.settings import Settings
from gearlint.gear.gear import Gear
from gearlint.release import apply, journal, ready, remote
from gearlint.release.git import Repository, relative
from gearlint.release.history import Releases, releases_of
from gearlint.release.journal import Journal
from gearlint.release.next_version import Release, Request, release_of
from gearlint.release.plan import Plan, PlannedChanges, add_changes, plan_of
from gearlint.release.remote import Target
from gearlint.release.sound import CannotRaiseError
from gearlint.syntax.version import LEVELS, is_numbered

MESSAGE = "Release {name} {version}"


def run(arguments: Namespace) -> int:
    """Make the next version; returns the exit code."""
    _sort_out(arguments)
    _confirm_options(arguments)
    repository = repository_of_all(arguments.paths or ["."])
    if arguments.dry_run:
        journal.confirm_none(repository)
        plan = _plan(arguments, repository)
        target = _ask(plan, repository, arguments)
        _print_report(plan, arguments, target)
        return OK
    with journal.locked(repository) as lock:
        repository, ended = ended_first(repository, lock, pushes=arguments.push)
        _bump(arguments, repository, lock, ended.finished if ended is not None else None)
    return OK


def _ask(plan: Plan, repository: Repository, arguments: Namespace) -> Target | None:
    """Ask the remote whether it would take what is planned; `None` where nothing is to be pushed.

    Raises GearlintError where it would not.
    """
    if not arguments.push:
        return None
    target = remote.target_of(repository)
    if plan.releases:
        remote.confirm_free(repository, target, plan.tags)
    return target


def _bump(
    arguments: Namespace, repository: Repository, lock: int, finished: Journal | None
) -> None:
    """Bump, unless that is what was finished just now."""
    if (
        finished is not None
        and not arguments.changed
        and _is_asked(arguments, repository, finished)
    ):
        _print_finished(finished, arguments)
        return
    plan = _plan(arguments, repository)
    target = _ask(plan, repository, arguments)
    if not plan.releases:
        if finished is not None:
            _print_finished(finished, arguments)
        else:
            _print_report(plan, arguments, target)
        return
    with said():
        apply.carry_out(plan, repository, lock, target)
    try:
        _print_report(plan, arguments, target)
        sys.stdout.flush()
    except OSError as error:
        if is_broken_pipe(error):
            raise
        done = "the new version is made, and stays, but cannot be reported"
        raise OSError(error.errno, error.strerror, done) from None


def _is_asked(arguments: Namespace, repository: Repository, finished: Journal) -> bool:
    """Whether the gear that is to be bumped is of the bump that was finished."""
    found = _gears(arguments, repository)
    paths = [relative(real_path(gear.manifest.source.path), gear.root) for gear, _ in found]
    return len(paths) == 1 and paths[0] in finished.entries


def _print_finished(finished: Journal, arguments: Namespace) -> None:
    if arguments.output_format == "json":
        commit = finished.message if finished.commits else None
        changed = [change.path for change in finished.changes]
        pushed = finished.tags if finished.pushes else ()
        _print_json(arguments, [], changed, commit, finished.tags, pushed)


def _sort_out(arguments: Namespace) -> None:
    """Tell the paths from the value of --gear, which may be one itself."""
    gear, paths = arguments.gear, arguments.paths
    if gear is not None and gear not in LEVELS and not is_numbered(gear):
        if (paths and not arguments.changed) or not os.path.lexists(gear):
            raise GearlintError(
                f"--gear {quoted(gear)}: expected major, minor, patch, a version, or the path of "
                "a gear"
            )
        arguments.paths, arguments.gear = [gear, *paths], "patch"
    for path in paths:
        if (path in LEVELS or is_numbered(path)) and not os.path.lexists(path):
            option = "--to" if is_numbered(path) else "--gear"
            raise GearlintError(f"{path}: no such file or directory: did you mean {option} {path}?")
    if len(arguments.paths) > 1 and not arguments.changed:
        raise GearlintError("name one gear, or give --changed for those that changed")


def _confirm_options(arguments: Namespace) -> None:
    """Refuse options that do not go together."""
    for option, value in (("software", arguments.software), ("to", arguments.to)):
        if value == "":
            raise GearlintError(f'--{option} "": expected a version')
    if arguments.to is not None and (arguments.gear or arguments.software):
        raise GearlintError("--to names the whole version: leave out --gear and --software")
    if arguments.pre and (arguments.to or (arguments.gear or "patch") not in LEVELS):
        raise GearlintError("--pre makes a version itself: give --gear major, minor or patch")
    if not (arguments.gear or arguments.software or arguments.to or arguments.pre):
        raise GearlintError(
            "say what is new: --gear [major|minor|patch|VERSION], --software or --to"
        )
    if arguments.changed and (arguments.gear not in LEVELS or arguments.software):
        raise GearlintError("--changed bumps several gears: give --gear major, minor or patch")
    if arguments.push and arguments.no_commit:
        raise GearlintError("--push has nothing to push with --no-commit")
    confirm_placeholders("--message", arguments.message)
    confirm_placeholders("--tag-message", arguments.tag_message)


def _plan(arguments: Namespace, repository: Repository) -> Plan:
    commits = not arguments.no_commit
    ready.confirm_ready(repository, commits=commits, allow_dirty=arguments.allow_dirty)
    today = date.today().isoformat()
    changes = PlannedChanges()
    read_once = cache(read)
    releases: list[Release] = []
    for gear, chosen in _gears(arguments, repository):
        known = releases_of(gear)
        release = None if known is None else _release(known, arguments)
        if release is None:
            continue
        files = [
            (file, read_once(shown_path(os.path.join(chosen.directory, path)), gear.root))
            for file in chosen.bump.files
            for path in [release.formatted(file.path, today)]
        ]
        notes = add_changes(changes, release, gear, files, today)
        releases.append(release._replace(notes=(*release.notes, *notes)))
    message = arguments.message or MESSAGE
    plan = plan_of(
        releases,
        changes,
        message,
        arguments.tag_message or TAG_MESSAGE,
        today,
        commits=commits,
        tags=not arguments.no_tag,
    )
    ready.confirm_tags(plan.tags, repository)
    return plan


def _release(known: Releases, arguments: Namespace) -> Release | None:
    """The next release of a gear; `None` where --changed leaves it as it is."""
    known.confirm_known()
    if arguments.changed and not _has_changed(known):
        return None
    request = Request(
        arguments.gear, arguments.software, arguments.to, arguments.force, arguments.pre
    )
    try:
        release = release_of(known.gear, request, past_releases(known))
    except CannotRaiseError as error:
        if not arguments.changed:
            raise
        print_error(f"{error}; left as it is")
        return None
    if not arguments.allow_dirty:
        ready.confirm_tracked(known.untracked_files, allow_dirty=False)
    return release


def _gears(arguments: Namespace, repository: Repository) -> list[tuple[Gear, Settings]]:
    """The gears that are to be bumped, or with --changed looked at, each with its settings."""
    paths = arguments.paths or [repository.root if arguments.changed else "."]
    found = gears_of(paths, repository)
    if arguments.changed:
        return found
    if not found:
        raise GearlintError(f"{paths[0]}: its gears are in submodules: name the directory of one")
    return [one_of_gears(paths[0], found, ", or give --changed")]


def _has_changed(known: Releases) -> bool:
    tag = known.newest_tag
    if tag is None:
        name = known.gear.manifest.string("name") or known.gear.directory
        print_error(f"{name} has no release yet, left as it is: name its directory to bump it")
        return False
    return bool(known.changed_since(tag))


# --- the report


def _print_report(plan: Plan, arguments: Namespace, target: Target | None) -> None:
    print_notes(plan.releases)
    if arguments.output_format == "json":
        paths = [change.path for change in plan.changes]
        commit = plan.message if plan.releases and plan.commits else None
        pushed = plan.tags if target is not None else ()
        _print_json(arguments, plan.releases, paths, commit, plan.tags, pushed)
        return
    if not plan.releases:
        print("No gear has changed since its last release.")
        return
    for release in plan.releases:
        print_line(f"{release.name}: {release.old.text} -> {release.new.text}", sys.stdout)
        if release.old.software_part is not None:
            print_line(f"parts: {release.order.shown}, as {release.order.reason}", sys.stdout)
    files = ", ".join(shown_path(change.path) for change in plan.changes)
    print_line(f"files: {files}", sys.stdout)
    if plan.commits:
        print_line(f"commit: {plan.message}", sys.stdout)
    if plan.tags:
        what = "tag" if len(plan.tags) == 1 else "tags"
        print_line(f"{what}: {', '.join(plan.tags)}", sys.stdout)
    if target is not None:
        print_line(f"push: {target.branch} to {target.remote}", sys.stdout)
    if arguments.dry_run:
        print()
        print_difference(plan.changes)
        print(f"Would bump {counted(len(plan.releases), 'gear')}.", file=sys.stderr)


def _print_json(
    arguments: Namespace,
    releases: Iterable[Release],
    paths: Iterable[str],
    commit: str | None,
    tags: Iterable[str],
    pushed: Iterable[str],
) -> None:
    data = {
        "dry_run": arguments.dry_run,
        "gears": [
            {
                "name": release.name,
                "directory": shown_path(release.directory or "."),
                "old": release.old.text,
                "new": release.new.text,
                "order": order_shown(release.old, release.order),
                "notes": list(release.notes),
            }
            for release in releases
        ],
        "files": [shown_path(path) for path in paths],
        "commit": commit,
        "tags": list(tags),
        "pushed": list(pushed),
    }
    print_json(data)
