"""Which files a commit or a push deletes: pre-commit hands over the names of all others alone.

Runs git itself, not by GitPython, which takes longer to import than a gear to check.
"""

import os
import subprocess

from gearlint.core import limits
from gearlint.core.errors import GearlintError
from gearlint.release.command import READING, READING_ENVIRONMENT, printed

_DELETED = ("diff", "--no-ext-diff", "--no-renames", "--name-only", "--diff-filter=D", "-z")


def deleted_files(root: str) -> list[str]:
    """The files that are deleted in the index of the repository at `root`, as paths below it.

    While pre-commit checks a push, by its variables, those that are deleted between the commits
    that it names. None at all outside of a repository. Raises GearlintError where git fails.
    """
    git = os.path.join(root, ".git")
    if not os.path.isfile(git) and not os.path.lexists(os.path.join(git, "HEAD")):
        return []  # as git sees it too: outside of a repository its diff has no --cached
    ends = [os.environ.get(f"PRE_COMMIT_{name}_REF", "") for name in ("FROM", "TO")]
    arguments = (*READING, *_DELETED, "...".join(ends) if all(ends) else "--cached", "--")
    try:
        process = subprocess.Popen(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            cwd=root,
            env=os.environ | READING_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except FileNotFoundError:
        raise GearlintError("git is not installed, or not on PATH") from None
    names = printed(process, arguments, limits.GIT_READ_SECONDS).split("\0")
    return [os.path.join(root, name) for name in names if name]
