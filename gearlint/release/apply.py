"""Carries out a plan: the files, one commit, its tags, a push; or none of it."""

from gearlint.core.atomic import rewrite
from gearlint.core.change import FileChange
from gearlint.core.errors import GearlintError
from gearlint.core.text import named, quoted
from gearlint.release import journal as journals
from gearlint.release import remote
from gearlint.release.attempt import attempt
from gearlint.release.git import Repository, opened
from gearlint.release.history import version_at
from gearlint.release.journal import Journal
from gearlint.release.plan import Plan
from gearlint.release.remote import Target
from gearlint.release.undo import changed_files, content_of, is_commit_of, undo


def carry_out(plan: Plan, repository: Repository, lock: int, target: Target | None = None) -> None:
    """Change the files, commit them, tag the commit, and push that where there is a `target`.

    `lock` is that of `journal.locked`. If that cannot be done, or is interrupted, all is as it was
    before, or, after a push whose end is not known, for the next run to end; the message of what is
    raised ends with how things are now.
    """
    journal = journals.journal_of(plan, repository, pushes=target is not None)
    states = changed_files(repository)
    journals.write(repository, journal)
    written: list[FileChange] = []
    with attempt(
        lambda: _take_back(journal, repository, written, states),
        unknown="whether the push arrived is not known",
    ) as this:
        for change in journal.changes:
            rewrite(change.path, repository.root, change.before, change.after)
            written.append(change)
        if plan.commits:
            _commit(journal, repository, lock)
            now = Repository(repository.root)
            confirm_committed(journal, now)
            make_tags(journal, now, lock)
            if target is not None:
                this.is_pushing = True
                remote.push(now, target, journal.tags, lock)
    journals.remove(repository)
    opened.cache_clear()


def _take_back(
    journal: Journal, repository: Repository, written: list[FileChange], states: dict[str, str]
) -> str:
    """Undo what this process has begun, and what hooks did to its files; returns how things are.

    `repository` is as it was read before, `states` as `changed_files` had them.
    """
    try:
        journals.free_reserve(repository)
        for change in written:
            now = content_of(change.path, repository)
            if now not in (None, change.before, change.after):  # a hook that fixes, and refuses
                rewrite(change.path, repository.root, now or b"", change.after)
        undo(journal, repository, repository.index)
        now_states = changed_files(repository)
    except GearlintError as error:
        return f"undoing it failed ({error}), and the next gearlint bump tries that again"
    changed = [path for path, state in now_states.items() if states.get(path) != state]
    but = f", but for {named(changed)}, changed meanwhile" if changed else ""
    return f"all is as it was before{but}"


def _commit(journal: Journal, repository: Repository, lock: int) -> None:
    """Commit the files, and nothing else that is staged."""
    paths = ["--", *journal.entries]
    commit = ["--literal-pathspecs", "commit", "--quiet", f"--message={journal.message}"]
    if repository.index == repository.tree(journal.head):
        # So a hook may add files of its own, which it cannot with --only.
        repository.run("--literal-pathspecs", "add", *paths, inherited=[lock])
        repository.run(*commit, inherited=[lock])
    else:
        repository.run(*commit, "--only", *paths, inherited=[lock])


def confirm_committed(journal: Journal, repository: Repository) -> None:
    """Refuse a commit that has another version in a manifest than was written there."""
    if not is_commit_of(journal, repository):
        raise GearlintError("git commit: HEAD is not the commit that was made, as after a hook")
    for path, version in journal.versions.items():
        found = version_at(repository, repository.head or "", path)
        if found != version:
            has = "no version" if found is None else f"version {quoted(found)}"
            raise GearlintError(
                f"{path}: has {has} in the commit, not {quoted(version)}, as after a hook or a "
                "filter that changes it: let it keep the version"
            )


def make_tags(journal: Journal, repository: Repository, lock: int) -> None:
    """Make those of the tags that are not there yet; one at another commit is refused by git."""
    there = {tag.name for tag in repository.tags if tag.commit == repository.head}
    for name, message in journal.tags.items():
        if name not in there:
            repository.make_tag(name, message, lock)
