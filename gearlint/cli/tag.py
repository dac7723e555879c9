"""`gearlint tag`: releases the versions that gears have, by tags."""

import sys
from argparse import Namespace
from datetime import date

from gearlint.cli.output import OK, print_error, print_json, print_line
from gearlint.cli.releasing import (
    TAG_MESSAGE,
    confirm_placeholders,
    ended_first,
    gears_of,
    past_releases,
    print_notes,
    repository_of_all,
    said,
)
from gearlint.core.source import shown_path
from gearlint.release import journal, ready, remote, tagging
from gearlint.release.git import Repository
from gearlint.release.history import releases_of
from gearlint.release.next_version import Release
from gearlint.release.remote import Target
from gearlint.release.tagging import ChangedError, Tagging


def run(arguments: Namespace) -> int:
    """Tag the versions of the gears under the paths; returns the exit code."""
    paths = arguments.paths or ["."]
    confirm_placeholders("--tag-message", arguments.tag_message)
    repository = repository_of_all(paths)
    if arguments.dry_run:
        journal.confirm_none(repository)
        _print_report(*_planned(arguments, paths, repository), arguments)
        return OK
    with journal.locked(repository) as lock:
        repository, _ = ended_first(repository, lock, pushes=arguments.push)
        planned, target = _planned(arguments, paths, repository)
        with said():
            tagging.carry_out(planned, repository, lock, target)
        _print_report(planned, target, arguments)
    return OK


def _planned(
    arguments: Namespace, paths: list[str], repository: Repository
) -> tuple[Tagging, Target | None]:
    """What is to be done, the remote asked where there is to be a push, and where to."""
    ready.confirm_ready(repository, commits=False, allow_dirty=None)
    releases = _releases(paths, repository)
    message = arguments.tag_message or TAG_MESSAGE
    today = date.today().isoformat()
    messages = [release.formatted(message, today) for release in releases]
    planned = tagging.tagging_of(releases, repository, messages)
    ready.confirm_tags(planned.made, repository)
    if planned.made:
        ready.confirm_identity(repository)
    if not arguments.push:
        return planned, None
    target = remote.target_of_tags(repository)
    return tagging.asked(planned, repository, target), target


def _releases(paths: list[str], repository: Repository) -> list[Release]:
    gears = gears_of(paths, repository)
    releases = []
    for gear, _ in gears:
        known = releases_of(gear)
        if known is None:
            continue
        known.confirm_known()
        try:
            releases.append(tagging.release_of_version(known, past_releases(known)))
        except ChangedError as error:
            if len(gears) == 1:
                raise
            print_error(f"{error}; left as it is")
    return releases


def _print_report(planned: Tagging, target: Target | None, arguments: Namespace) -> None:
    print_notes(planned.releases)
    if arguments.output_format == "json":
        _print_json(planned, arguments)
        return
    for release in planned.releases:
        already = "" if release.tag in planned.made else ", which exists already"
        print_line(f"{release.name} {release.new.text}: tag {release.tag}{already}", sys.stdout)
    if not planned.made and not planned.pushed:
        print("Nothing to do.")
    if planned.pushed and target is not None:
        print_line(f"push: {', '.join(planned.pushed)} to {target.remote}", sys.stdout)


def _print_json(planned: Tagging, arguments: Namespace) -> None:
    data = {
        "dry_run": arguments.dry_run,
        "gears": [
            {
                "name": release.name,
                "directory": shown_path(release.directory or "."),
                "version": release.new.text,
                "tag": release.tag,
                "notes": list(release.notes),
            }
            for release in planned.releases
        ],
        "tags": list(planned.made),
        "pushed": list(planned.pushed),
    }
    print_json(data)
