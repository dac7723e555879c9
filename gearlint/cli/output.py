"""What the sub-commands share: exit codes, errors in one line on stderr, diffs on stdout."""

import os
import sys
from errno import EINVAL

TYPE_CHECKING = False  # as in cli/parser.py
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from gearlint.core.change import FileChange
    from gearlint.release.order import PartOrder
    from gearlint.syntax.version import GearVersion

OK, FOUND, FAILED = 0, 1, 2
INTERRUPTED, BROKEN_PIPE = 130, 141
"""Exit codes: nothing at or above `fail-on`, something, errors; those of a shell for signals."""

USUAL_COLUMNS = 80
"""Of a terminal that does not say how wide it is."""


def is_broken_pipe(error: OSError) -> bool:
    """Whether nobody reads stdout any more; Windows calls that an invalid argument."""
    is_of_windows = os.name == "nt" and error.errno == EINVAL and error.filename is None
    return is_of_windows or isinstance(error, BrokenPipeError)


def print_error(message: str) -> None:
    """Print an error or a note in one line on stderr."""
    print_line(f"gearlint: {message}")


def print_line(line: str, file: "TextIO | None" = None) -> None:
    """Print one line, by default on stderr; nothing in it is a command to a terminal or runner."""
    from gearlint.core.text import escaped

    line = escaped(line)
    if is_on_github():
        from gearlint.report.github import harmless

        line = harmless(line)
    print(line, file=file or sys.stderr)


def print_json(value: object) -> None:
    """Print a value as JSON to stdout."""
    import json

    print(json.dumps(value, indent=2))


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


def use_color(when: str = "auto") -> bool:
    """Whether what is written to stdout has colors; `when` is what --color says.

    By itself it has them on a terminal. NO_COLOR and what forces colors are as in
    https://no-color.org, https://force-color.org and https://bixense.com/clicolors.
    """
    if when != "auto":
        return when == "always"
    environment = os.environ
    if environment.get("NO_COLOR"):
        return False
    forced = (environment.get(name, "") for name in ("FORCE_COLOR", "CLICOLOR_FORCE"))
    if any(value not in ("", "0") for value in forced):
        return True
    return sys.stdout.isatty() and environment.get("TERM") != "dumb"


def terminal_columns(stream: "TextIO") -> int:
    """The width of the terminal that a stream leads to; 0 if it leads elsewhere."""
    if not stream.isatty():
        return 0
    try:
        return os.get_terminal_size(stream.fileno()).columns or USUAL_COLUMNS
    except OSError:
        return USUAL_COLUMNS


def print_difference(changes: "Iterable[FileChange]", when: str = "auto") -> None:
    """Print a diff to stdout, byte for byte where that is not a terminal and gets no colors."""
    from gearlint.report import diff

    color = use_color(when)
    if color or sys.stdout.isatty():
        text = diff.render_for_terminal(changes, color=color)
        sys.stdout.write(_of_no_command(text.encode()).decode())
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
