"""Which files a commit or a push deletes: pre-commit hands over the names of all others alone.

Runs git itself, not by GitPython, which takes longer to import than a gear to check.
"""

import os
import subprocess

from gearlint.core import limits
from gearlint.core.errors import GearlintError

READING = ("-c", "core.fsmonitor=false", "-c", "protocol.allow=never")
READING_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
}
"""With these, reading runs nothing of a repository's own: no fsmonitor, no transport."""

_DELETED = ("diff", "--no-ext-diff", "--no-renames", "--name-only", "--diff-filter=D", "-z")


def deleted_files(root: str) -> list[str]:
    """The files that are deleted in the index of the repository at `root`, as paths below it.

    While pre-commit checks a push, by its variables, those that are deleted between the commits
    that it names. None at all outside of a repository. Raises GearlintError where git fails.
    """
    if not os.path.lexists(os.path.join(root, ".git")):
        return []
    ends = [os.environ.get(f"PRE_COMMIT_{name}_REF", "") for name in ("FROM", "TO")]
    what = "...".join(ends) if all(ends) else "--cached"
    command = ["git", *READING, *_DELETED, what, "--"]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            cwd=root,
            env=os.environ | READING_ENVIRONMENT,
            capture_output=True,
            timeout=limits.GIT_READ_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise GearlintError("git is not installed, or not on PATH") from None
    except subprocess.TimeoutExpired:
        raise GearlintError(
            f"git diff: did not end within {limits.GIT_READ_SECONDS:g} seconds"
        ) from None
    if done.returncode:
        reason = os.fsdecode(done.stderr).strip().partition("\n")[0].removeprefix("fatal: ")
        raise GearlintError(f"git diff: {reason}")
    return [os.path.join(root, name) for name in os.fsdecode(done.stdout).split("\0") if name]
