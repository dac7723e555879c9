"""GL407: the paths of the gear's own directory."""

import re
from collections.abc import Iterable, Iterator

from gearlint.core import limits
from gearlint.core.finding import Edit, Fix, Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.source import Source, Span
from gearlint.gear.gear import Gear
from gearlint.image.state import GEAR_DIRECTORY, Image
from gearlint.rules.registry import rule

_COMMENT_LINE = regex(rb"[ \t]{0,200}#")
_WRONG_DIRECTORY = regex(rb"/flywheel/v0/(inputs|outputs)(?![A-Za-z0-9_-])")


@rule("GL407", "wrong-gear-path", Severity.WARNING, fix="unsafe")
def wrong_gear_path(gear: Gear) -> Iterator[Problem]:
    """A path says `/flywheel/v0/inputs` or `/outputs`.

    Flywheel makes `input` and `output`. Source: gear specification; seen in public gears.

    Bad run.py:

        #!/usr/bin/env python3
        print(open("/flywheel/v0/inputs/image/scan.nii"))

    Good run.py:

        #!/usr/bin/env python3
        print(open("/flywheel/v0/input/image/scan.nii"))
    """
    image = gear.image
    if image is None or gear.dockerfile is None:
        return
    yield from _wrong_in_command(gear, image)
    sources = [gear.dockerfile.source, *(script.source for script in gear.run.scripts)]
    not_made = [
        name.encode()
        for name in ("inputs", "outputs")
        if image.files.find(f"{GEAR_DIRECTORY}/{name}") is None
    ]
    for source in sources:
        wrong = [
            match
            for match in _wrong_directories(source.data)
            if match[1] in not_made and not _is_in_comment(source, match.start())
        ]
        for number, match in enumerate(wrong[: limits.WRONG_PATHS], start=1):
            name = match[1].decode()
            fixed = wrong[number - 1 :] if number == limits.WRONG_PATHS else [match]
            edits = tuple(Edit(one.end() - 1, one.end(), b"") for one in fixed)
            yield Problem(
                source,
                Span(match.start(), match.end()),
                f"{GEAR_DIRECTORY}/{name} is not made by Flywheel, which makes {name[:-1]}",
                f"write {GEAR_DIRECTORY}/{name[:-1]}",
                fix=Fix(source, edits, is_safe=False),
            )


def _wrong_in_command(gear: Gear, image: Image) -> Iterator[Problem]:
    command = gear.manifest.string("command") or ""
    if not command.isascii():
        return
    found = list(_wrong_directories(command.encode("ascii")))
    for match in found[: limits.WRONG_PATHS]:
        name = match[1].decode()
        if image.files.find(f"{GEAR_DIRECTORY}/{name}") is None:
            yield gear.at.part(
                ("command",),
                *match.span(),
                f"{GEAR_DIRECTORY}/{name} is not made by Flywheel, which makes {name[:-1]}",
                f"write {GEAR_DIRECTORY}/{name[:-1]}",
            )


def _wrong_directories(data: bytes) -> Iterable[re.Match[bytes]]:
    # Few files have one, and compiling the expression takes longer than looking for these.
    has_one = b"/flywheel/v0/inputs" in data or b"/flywheel/v0/outputs" in data
    return _WRONG_DIRECTORY.finditer(data) if has_one else ()


def _is_in_comment(source: Source, at: int) -> bool:
    from bisect import bisect_right

    start = source.line_starts[bisect_right(source.line_starts, at) - 1]
    return _COMMENT_LINE.match(source.data, start) is not None
