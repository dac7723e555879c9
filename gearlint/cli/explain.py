"""`gearlint explain`: what is known of the image of a gear, and why the rest is not."""

import os
from argparse import Namespace
from collections.abc import Iterator

from gearlint.cli.output import OK, print_json
from gearlint.core.errors import GearlintError
from gearlint.core.text import brief_line
from gearlint.engine.explanation import PROGRAM, Explanation, Launched, Started, explanation_of
from gearlint.engine.gears import gears_under
from gearlint.engine.listing import Listing
from gearlint.engine.places import Place, Why
from gearlint.image.state import GEAR_DIRECTORY

FORMAT = 1
"""Of the JSON output; changes only if a key ever changes its meaning."""

WIDTH = 12
"""Characters of the column of titles."""
WIDTH_OF_NAMES = 30
"""Characters of the column of options and inputs; longer names are longer."""

_WHERE = {
    "base": "in the base image",
    "build": "made by the build",
    "shell": "a command of the shell itself",
}


def run(arguments: Namespace) -> int:
    """Explain the gears under the path; returns the exit code."""
    if not os.path.lexists(arguments.path):
        _confirm_no_rule(arguments.path)
    explanations = [explanation_of(gear) for gear, _ in gears_under(arguments.path)]
    if arguments.output_format == "json":
        print_json({"format": FORMAT, "gears": [_plain(each) for each in explanations]})
        return OK
    for number, explanation in enumerate(explanations):
        if number:
            print()
        for line in _page(explanation):
            print(brief_line(line))
    return OK


def _confirm_no_rule(path: str) -> None:
    """Refuse a rule: another command explains it."""
    from gearlint.rules import is_selector
    from gearlint.rules.selectors import normalized

    rule = normalized(path)
    if is_selector(rule):
        raise GearlintError(
            f'{path}: no such file or directory: did you mean "gearlint rule {rule}"?'
        )


def _plain(value: object) -> object:
    """A value as JSON has it: an object for each tuple with names."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {key: _plain(item) for key, item in value._asdict().items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _page(gear: Explanation) -> Iterator[str]:
    yield f"{gear.name or 'unnamed gear'}: {gear.manifest}"
    sections = [
        ("Dockerfile", [gear.problem] if gear.problem else [gear.dockerfile or ""]),
        ("context", list(_context(gear))),
        ("base image", list(_base(gear))),
        ("docker run", list(_launched(gear.docker, gear)) if gear.docker is not None else []),
        ("Flywheel", list(_launched(gear.flywheel, gear))),
        ("other files", list(_missing(gear))),
        ("options", list(_listed(gear.options))),
        ("inputs", list(_listed(gear.inputs))),
    ]
    for title, lines in sections:
        for number, line in enumerate(lines):
            yield f"  {title if not number else '':<{WIDTH}}{line}"


def _context(gear: Explanation) -> Iterator[str]:
    """The build context, where it is not beside the Dockerfile."""
    if gear.context is None or gear.dockerfile is None:
        return
    if os.path.abspath(gear.context) != os.path.dirname(os.path.abspath(gear.dockerfile)):
        yield gear.context


def _base(gear: Explanation) -> Iterator[str]:
    base = gear.base
    if base is None:
        return
    yield f"{base.image}, line {base.line}"
    if base.why is not None:
        yield base.why.reason
    elif base.source is not None:
        family = base.family or "of no known distribution"
        yield f"{family}, in the table of base images, like the image of {base.source}"
    else:
        yield "empty"


def _launched(launched: Launched, gear: Explanation) -> Iterator[str]:
    if launched.by == "run":
        yield "./run, as the manifest has no command"
    elif launched.text is not None:
        line = f", line {launched.line}" if launched.line is not None else ""
        yield f"{launched.by} {launched.text}{line}"
    if launched.why is not None:
        is_missing = launched.by is None and launched.why.line is None
        yield from _why("" if is_missing else "unknown what it starts", launched.why, gear)
    if gear.problem is not None:
        return
    if launched.why_directory is not None:
        yield from _why("in an unknown directory", launched.why_directory, gear)
    else:
        yield f"in {launched.directory}"
    if launched.why_path is not None:
        yield from _why("PATH unknown", launched.why_path, gear)
    else:
        yield f"PATH {launched.path}"
    before = gear.docker.starts if gear.docker is not None and launched is gear.flywheel else []
    paths = [each.path for each in before if each.path is not None and each.role == PROGRAM]
    for started in launched.starts:
        first, *others = _started(started, gear, is_again=started.path in paths)
        yield f"- {first}"
        yield from (f"  {line}" for line in others)


def _started(started: Started, gear: Explanation, *, is_again: bool) -> Iterator[str]:
    name = started.word
    if started.path is not None and started.path != started.word:
        name += f" ({started.path})"
    if is_again:
        yield f"{name}: as above"
    elif started.found != "yes":
        what = name if started.found == "no" else f"{name}: unknown whether it is there"
        yield from _why(what, started.why, gear)
    elif started.where in ("base", "shell"):
        yield f"{name}: {_WHERE[started.where]}"
    else:
        yield f"{name}: {f'from {started.file}' if started.file else _WHERE['build']}"
        if started.put_by is not None:
            yield f"put there by {_place(started.put_by)}"
        yield from _mode(started, gear)
        if started.interpreter is not None:
            yield f"started by #!{started.interpreter}"


def _mode(started: Started, gear: Explanation) -> Iterator[str]:
    if started.executable is None:
        yield from _why("unknown whether it is executable", started.why, gear)
        return
    mode = f"mode {started.mode}" if started.mode is not None else "mode not known"
    if started.role == PROGRAM:
        mode += ", executable" if started.executable else ", not executable"
    by = started.mode_set_by
    if by is not None and by != started.put_by:
        yield f"{mode}, set by {_place(by)}"
    else:
        has_flag = by is not None and "--chmod" in by.text
        yield mode if has_flag or not started.file else f"{mode}, as on disk"


def _missing(gear: Explanation) -> Iterator[str]:
    if gear.missing_is_known is None:
        return
    if gear.missing_is_known:
        yield f"what nothing copies is not in {GEAR_DIRECTORY}: a missing file is reported"
        for path in dict.fromkeys(each.path for each in gear.unknown):
            yield f"but anything may be at {path}"
            yield from (f"  {_cause(each.why)}" for each in gear.unknown if each.path == path)
        return
    yield f"anything may be in {GEAR_DIRECTORY}: a missing file is not reported, because of"
    for each in gear.unknown:
        yield f"- {_cause(each.why)}"
        if each.why.line is not None:
            yield f"  {each.why.reason}"


def _listed(listing: Listing) -> Iterator[str]:
    """What is declared beside where it is read, a line each."""
    width = min(max((len(each.name) for each in listing.names), default=0), WIDTH_OF_NAMES)
    for name, declared, reads in listing.names:
        where = f"read in {', '.join(reads[:3])}" if reads else "not seen to be read"
        if len(reads) > len(reads[:3]):
            where += f" and {len(reads) - 3} more"
        yield f"{name:<{width}}  {'declared' if declared else 'not declared'}, {where}"
    if listing.reads_others:
        yield "any may be read: by a computed name, or all at once"


def _why(what: str, why: Why | None, gear: Explanation) -> Iterator[str]:
    """What is unknown, and why; the FROM of the base image is not said again."""
    if why is None:
        yield what
        return
    yield f"{what}: {why.reason}" if what else why.reason
    if why.line is not None and (gear.base is None or why.line != gear.base.line):
        yield f"  {_cause(why)}"


def _cause(why: Why) -> str:
    return why.reason if why.line is None else f"line {why.line}: {why.text}"


def _place(place: Place) -> str:
    return f"line {place.line}: {place.text}"
