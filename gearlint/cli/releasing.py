"""What `bump` and `tag` share: the repository, what was begun before, what git printed."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from gearlint.cli.output import print_error, print_line
from gearlint.core.errors import GearlintError
from gearlint.core.source import real_path
from gearlint.engine import discovery
from gearlint.engine.gears import gears_under
from gearlint.engine.settings import Settings
from gearlint.gear.bump_files import unknown_placeholder
from gearlint.gear.gear import Gear
from gearlint.release.command import GitError
from gearlint.release.ending import Ended, end_what_was_begun
from gearlint.release.git import Repository, opened
from gearlint.release.history import Releases
from gearlint.release.next_version import PastReleases, Release

TAG_MESSAGE = "{name} {version}"


def repository_of(path: str) -> Repository:
    """The git repository of a path; GearlintError says what is missing."""
    root = discovery.repository_root(discovery.existing(os.path.abspath(path)))
    if not os.path.lexists(path):
        raise GearlintError(f"{path}: no such file or directory")
    if not os.path.lexists(os.path.join(root, ".git")):
        raise GearlintError(
            f"{path}: is in no git repository: run git init, and commit the gear first"
        )
    return opened(root)


def repository_of_all(paths: Sequence[str]) -> Repository:
    """The git repository of some paths, read anew; GearlintError where there are several."""
    opened.cache_clear()
    repository, *others = [repository_of(path) for path in paths]
    for path, other in zip(paths[1:], others, strict=True):
        if other.root != repository.root:
            raise GearlintError(f"{path}: is in another repository than {paths[0]}")
    return repository


def gears_of(paths: Iterable[str], repository: Repository) -> list[tuple[Gear, Settings]]:
    """The gears under some paths, each once, with its settings.

    Not those in submodules, which have tags of their own.
    """
    found: dict[str, tuple[Gear, Settings]] = {}
    for path in paths:
        for gear, chosen in gears_under(path):
            if gear.stands_alone:
                raise GearlintError(
                    f"{path}: expected the directory of a gear, or its manifest.json"
                )
            if gear.root == repository.root:
                found.setdefault(real_path(gear.manifest.source.path), (gear, chosen))
    return list(found.values())


def one_of_gears(
    path: str, gears: Sequence[tuple[Gear, Settings]], otherwise: str = ""
) -> tuple[Gear, Settings]:
    """The one gear under a path; of several that which the path itself is the directory of.

    Raises GearlintError, with what to do `otherwise`, where it is of none.
    """
    own = [pair for pair in gears if pair[0].real_directory == real_path(path)]
    if len(gears) > 1 and not own:
        raise GearlintError(f"{path}: has {len(gears)} gears: name the directory of one{otherwise}")
    return (own or gears)[0]


def ended_first(
    repository: Repository, lock: int, *, pushes: bool
) -> tuple[Repository, Ended | None]:
    """End what was begun and killed, and report that; the repository as it is then."""
    with said():
        ended = end_what_was_begun(repository, lock, pushes=pushes)
    if ended is None:
        return repository, None
    print_error(ended.message)
    opened.cache_clear()
    return opened(repository.root), ended


@contextmanager
def said() -> Iterator[None]:
    """Prints what git said where it fails, and what was done where it is interrupted."""
    try:
        yield
    except GitError as error:
        for line in error.output.splitlines():
            print_line(line.rstrip().expandtabs())
        raise
    except KeyboardInterrupt as error:
        if str(error):
            print_error(str(error))
        raise


def confirm_placeholders(option: str, message: str | None) -> None:
    """Refuse a message with a placeholder that is not known."""
    if unknown := unknown_placeholder(message or ""):
        raise GearlintError(f"{option} {unknown}")


def past_releases(known: Releases) -> PastReleases:
    """What is there of a gear's releases."""
    tags = frozenset(tag.name for tag in known.repository.tags)
    return PastReleases(known.order, known.form, tags, known.newest)


def print_notes(releases: Iterable[Release]) -> None:
    """Print what there is to say of releases."""
    for release in releases:
        for note in release.notes:
            print_error(f"{release.name}: {note}")
