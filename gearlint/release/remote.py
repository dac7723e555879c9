"""The remote that releases are pushed to: what it has, and pushing to it. Changes nothing here."""

from collections.abc import Iterable
from contextlib import suppress

from gearlint.core import limits
from gearlint.core.errors import GearlintError
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.text import listed, quoted
from gearlint.release.command import GitError, GitTimeoutError
from gearlint.release.git import Repository

AGAIN = "run the same command again, which finishes or undoes it"


class Target(NamedTuple):
    """Where a branch is pushed to: the `remote` by its name, its `url`, and there the ref.

    The ref is empty where only tags are pushed.
    """

    remote: str
    url: str
    ref: str

    @property
    def branch(self) -> str:
        """The name of the branch at the remote."""
        return self.ref.removeprefix("refs/heads/")


class RefusedError(GitError):
    """A push that did not happen."""


class UnfinishedError(GitError):
    """A push of which nobody knows whether it happened."""


def target_of(repository: Repository) -> Target:
    """Where the branch that is checked out is pushed to, as git itself would choose it."""
    remote = _remote_of(repository)
    try:
        url = repository.read("remote", "get-url", "--push", "--", remote)
    except GitError:  # a URL itself
        url = remote
    ref = repository.branch or ""
    own = f"branch.{repository.branch_name}"
    if _setting(repository, "push.default") in ("upstream", "tracking"):
        follows = _setting(repository, f"{own}.merge")
        if follows and _setting(repository, f"{own}.remote") == remote:
            ref = follows
    return Target(remote, url, ref)


def target_of_tags(repository: Repository) -> Target:
    """Where tags of HEAD are pushed to: without its branch, if the commit is there on one already.

    Raises GearlintError where the commit is on none, and no branch is checked out.
    """
    target = target_of(repository)
    known = repository.read(
        "for-each-ref", "--count=1", "--contains=HEAD", f"refs/remotes/{target.remote}/"
    )
    if known or repository.head in _printed(repository, target, ["refs/heads/*"]).values():
        return target._replace(ref="")
    if not target.ref:
        raise GearlintError(
            f"HEAD is detached, and on no branch of {quoted(target.remote)}: push its branch first"
        )
    return target


def tags_to_push(repository: Repository, target: Target, tags: Iterable[str]) -> list[str]:
    """Those of some tags, here or yet to be made at HEAD, that the remote does not have.

    Raises GearlintError where it has another of that name.
    """
    tags = list(tags)
    names = [name for tag in tags for name in (f"refs/tags/{tag}", f"refs/tags/{tag}^{{}}")]
    there = _refs_of(repository, target, names)
    missing = []
    for tag in tags:
        name = f"refs/tags/{tag}"
        if name not in there:
            missing.append(tag)
            continue
        commit = there.get(f"{name}^{{}}", there[name])
        try:
            own = repository.read("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except GitError:
            own = repository.head or ""
        if commit != own:
            raise GearlintError(
                f"the tag {quoted(tag)} exists at {quoted(target.remote)} at another commit: run "
                "git fetch --tags, and raise the version"
            )
    return missing


def _setting(repository: Repository, key: str) -> str | None:
    with suppress(GitError):
        return repository.read("config", "--get", key)
    return None


def _remote_of(repository: Repository) -> str:
    branch = repository.branch_name
    for key in (f"branch.{branch}.pushRemote", "remote.pushDefault", f"branch.{branch}.remote"):
        remote = _setting(repository, key)
        if remote and remote != ".":  # the branch follows another one of this repository
            return remote
    remotes = repository.read("remote").split("\n")
    if "origin" in remotes:
        return "origin"
    if len(remotes) == 1 and remotes[0]:
        return remotes[0]
    if len(remotes) > 1:
        raise GearlintError(
            f"there are the remotes {listed([*map(quoted, remotes)])}: say which one to "
            "push to with git config remote.pushDefault NAME"
        )
    raise GearlintError("there is no remote to push to: git remote add origin URL")


def confirm_free(repository: Repository, target: Target, tags: Iterable[str]) -> None:
    """Refuse where the remote would: its branch has other commits, or it has one of the tags.

    Raises GearlintError, GitError where it cannot be asked.
    """
    names = {f"refs/tags/{tag}": tag for tag in tags}
    refs = [name for name in (target.ref, *names) if name]
    there = _refs_of(repository, target, refs) if refs else {}
    commit = there.pop(target.ref, None)
    if commit is not None and not _reaches(repository, commit):
        raise GearlintError(
            f"branch {quoted(target.branch)} has commits at {quoted(target.remote)} that are not "
            "here: run git pull first"
        )
    if there:
        tag = names[next(iter(there))]
        raise GearlintError(
            f"the tag {quoted(tag)} exists at {quoted(target.remote)} already: run git fetch "
            "--tags, and name a higher version"
        )


def push(repository: Repository, target: Target, tags: Iterable[str], lock: int) -> None:
    """Push the branch and some tags, all or none; `lock` is that of `journal.locked`.

    Raises RefusedError where nothing of it is at the remote, UnfinishedError where nobody knows.
    """
    names = [f"refs/tags/{tag}" for tag in tags]
    branch = [f"{repository.branch}:{target.ref}"] if target.ref else []
    refs = [*branch, *(f"{name}:{name}" for name in names)]
    try:
        repository.run(
            "push", "--porcelain", "--atomic", "--", target.remote, *refs, inherited=[lock]
        )
    except (GitError, GitTimeoutError) as error:
        try:
            has_arrived = _has_arrived(repository, target, names)
        except (GitError, GitTimeoutError) as unknown:
            raise UnfinishedError(
                f"{error}, and whether the push arrived is not known ({unknown}): {AGAIN}",
                error.output,
            ) from None
        if not has_arrived:
            raise RefusedError(f"the push is refused: {_reason(error)}", error.output) from None


def _has_arrived(repository: Repository, target: Target, names: list[str]) -> bool:
    there = _refs_of(repository, target, [name for name in (target.ref, *names) if name])
    # The tags come with the branch, on which others may have built since.
    own = {name: repository.read("rev-parse", "--verify", name) for name in names}
    own = own or {target.ref: repository.head or ""}
    return all(there.get(name) == value for name, value in own.items())


def _refs_of(repository: Repository, target: Target, refs: list[str]) -> dict[str, str]:
    """Those of some refs that the remote has, with what they point to."""
    there = _printed(repository, target, refs)
    return {name: value for name, value in there.items() if name in refs}


def _printed(repository: Repository, target: Target, patterns: list[str]) -> dict[str, str]:
    """The refs at the remote whose ends match patterns, with what they point to."""
    printed = repository.run(
        "ls-remote", "--quiet", "--", target.url, *patterns, seconds=limits.GIT_READ_SECONDS
    )
    lines = (line.partition("\t") for line in printed.split("\n"))
    return {name: value for value, _, name in lines if name}


def _reaches(repository: Repository, commit: str) -> bool:
    """Whether HEAD has a commit in its history; not where the commit is not here at all."""
    return commit == repository.head or (
        repository.succeeds("cat-file", "-e", f"{commit}^{{commit}}")
        and repository.succeeds("merge-base", "--is-ancestor", commit, "HEAD")
    )


def _reason(error: GitError | GitTimeoutError) -> str:
    """Why a ref was refused, from the lines of `--porcelain`, else what git says at its end."""
    lines = [line for line in error.output.split("\n") if line.startswith("!\t")]
    reasons = [line.rpartition("\t")[2] for line in lines]
    return next((reason for reason in reasons if "atomic" not in reason), str(error))
