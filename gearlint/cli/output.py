"""What the sub-commands share: exit codes, errors in one line on stderr, diffs on stdout."""

import os
import sys

TYPE_CHECKING = False  # as in cli/parser.py
if TYPE_CHECKING:
    from collections.abc import Iterable

    from gearlint.core.change import FileChange
    from gearlint.release.order import PartOrder
    from gearlint.syntax.version import GearVersion

OK, FOUND, FAILED = 0, 1, 2
INTERRUPTED, BROKEN_PIPE = 130, 141
"""Exit codes: nothing at or above `fail-on`, something, errors; those of a shell for signals."""


def print_error(message: str) -> None:
    """Print an error or a note in one line on stderr."""
    from gearlint.core.text import escaped

    line = f"gearlint: {escaped(message)}"
    if is_on_github():
        from gearlint.report.github import harmless

        line = harmless(line)
    print(line, file=sys.stderr)


def is_on_github() -> bool:
    """Whether this is a job of GitHub Actions, whose runner reads commands from all output."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def order_shown(version: "GearVersion | None", order: "PartOrder") -> "dict[str, str] | None":
    """The order of the parts of a version, for JSON; `None` if it has one part, or a setting so."""
    if version is None or version.software_part is None:
        return None
    ground, reason = order.ground.value, order.reason
    return {"format": order.version_format, "from": ground, "reason": reason}


def print_text(text: str) -> None:
    """Print a text of several lines to stdout, as it is where that is not a terminal."""
    from gearlint.core.text import escaped

    lines = text.replace("\r\n", "\n").split("\n")
    if sys.stdout.isatty():
        print("\n".join("    ".join(map(escaped, line.split("\t"))) for line in lines))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write("\n".join([*lines, ""]).encode("utf-8", "surrogateescape"))
        sys.stdout.flush()


def print_difference(changes: "Iterable[FileChange]") -> None:
    """Print a diff to stdout, byte for byte where that is not a terminal."""
    from gearlint.report import diff

    if sys.stdout.isatty():
        sys.stdout.write(diff.render_for_terminal(changes))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(_of_no_command(diff.render(changes)))
    sys.stdout.flush()


def _of_no_command(data: bytes) -> bytes:
    """A diff without lines that the runner of GitHub Actions would take for its commands."""
    if not is_on_github():
        return data
    from gearlint.report.github import harmless

    lines = data.decode("utf-8", "surrogateescape").split("\n")
    return "\n".join(map(harmless, lines)).encode("utf-8", "surrogateescape")
