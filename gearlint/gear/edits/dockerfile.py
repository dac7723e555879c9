"""Edits that change a Dockerfile, tried on the model of the image first. Knows no rules.

The functions return `None`, or no edits, where the effect is not certain.
"""

import json
import posixpath
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from gearlint.core import limits
from gearlint.core.finding import Edit, Fix, applied
from gearlint.core.lazy import regex
from gearlint.core.source import Source, Span, newline_at
from gearlint.gear.gear import Gear
from gearlint.image import starts
from gearlint.image.build import build
from gearlint.image.faults import FailedStep
from gearlint.image.launch import Argument, Program
from gearlint.image.nodes import Directory, File
from gearlint.image.software import named_versions
from gearlint.image.stages import global_lookup, parent_of
from gearlint.image.state import Image, Start
from gearlint.syntax import image_reference
from gearlint.syntax.dockerfile import Dockerfile, Instruction
from gearlint.syntax.dockerfile.faults import faults_of
from gearlint.syntax.shell import command_line
from gearlint.syntax.version import FLAVOUR, without_v

_PLAIN_PATH = regex(r"[\w./+@%,:=-]+\Z", re.ASCII)
_WORD = regex(r"[^ \t]+")
_SHELL_OPTION = regex(r"-[ceuxo]+\Z|pipefail\Z")
_BRINGS_FILES = ("FROM", "ADD", "COPY", "RUN")


# --- the text


def inserted_after(dockerfile: Dockerfile, instruction: Instruction, text: bytes) -> Edit:
    """The edit that adds a line with `text` after an instruction and its heredocs."""
    end = instruction.span.end
    return Edit(end, end, newline_at(dockerfile.source.data, end) + text)


def moved_after(
    dockerfile: Dockerfile, instruction: Instruction, target: Instruction
) -> tuple[Edit, ...]:
    """The edits that move an instruction, with its lines, down to the place after `target`."""
    data, starts = dockerfile.source.data, dockerfile.source.line_starts
    lines = Span(starts[instruction.start_line - 1], starts[instruction.end_line])
    text = data[lines.start : instruction.span.end]
    return Edit(*lines, b""), inserted_after(dockerfile, target, text)


def _is_written_as(dockerfile: Dockerfile, span: Span, text: str) -> bool:
    """Whether the bytes at `span` are just `text`: no quotes, escapes or continuations in it."""
    return dockerfile.source.data[slice(*span)] == text.encode("utf-8", "surrogatepass")


def _inside(span: Span) -> Span:
    """The span of an element of an exec form, without its quotes."""
    return Span(span.start + 1, span.end - 1)


# --- ENTRYPOINT and CMD


def split_first_element(
    dockerfile: Dockerfile, image: Image, start: Start, program: str = ""
) -> Fix | None:
    """`["python run.py"]` -> `["python", "run.py"]`; spaces around the words go.

    `program` is what the first word should be, if it is another one.
    """
    if start.argv is None or starts.words_in_one(image, start) is None:
        return None
    text = start.argv[0]
    span = _inside((start.instruction.exec_form or [])[0].span)
    if not _is_written_as(dockerfile, span, text):
        return None
    data = text.encode()
    last = len(data.rstrip())
    edits = []
    if program:
        if not _PLAIN_PATH.match(program):
            return None
        at = len(data) - len(data.lstrip())
        first = Span(span.start + at, span.start + at + len(data.split()[0]))
        edits.append(Edit(*first, program.encode()))
    for spaces in re.finditer(rb"[ \t]+", data):
        is_between = spaces.start() and spaces.start() < last
        edits.append(
            Edit(span.start + spaces.start(), span.start + spaces.end(), b'", "' * bool(is_between))
        )
    return Fix(dockerfile.source, tuple(edits), is_safe=True)


def named_by_path(dockerfile: Dockerfile, start: Start, word: Argument, path: str) -> Fix | None:
    """The fix that replaces the bare name that an ENTRYPOINT or CMD starts by a path."""
    if start.argv is None:
        span = start.span_of(word.start, word.end)
        is_plain = bool(_PLAIN_PATH.match(path)) and _is_written_as(dockerfile, span, word.text)
        new = path
    else:
        span = _inside((start.instruction.exec_form or [])[word.start].span)
        is_plain = _is_written_as(dockerfile, span, word.text)
        new = json.dumps(path, ensure_ascii=False)[1:-1]
    if not is_plain or not path.isprintable():  # other bytes than UTF-8 are not printable
        return None
    return Fix(dockerfile.source, (Edit(*span, new.encode()),), is_safe=True)


def to_exec_form(gear: Gear, image: Image, start: Start) -> Fix | None:
    """The fix that makes an exec form of a plain shell form, word for word.

    `None` beside a CMD, whose words the exec form would get; with a SHELL that may do more than
    start the program; and for a file that perhaps only a shell can start.
    """
    dockerfile = gear.dockerfile
    if dockerfile is None or image.cmd is not None or not _is_simple_shell(image):
        return None
    for started in starts.launches_of_start(image, start):
        program = started.started_file(image)
        script = gear.scripts.of(program.file) if program else None
        is_system = program is None and (started.is_bare or started.interpreter)
        if not is_system and not (script and script.starts_itself):
            return None
    words = list(_WORD.finditer(start.text))
    edits = []
    for index, word in enumerate(words):
        span = start.span_of(*word.span())
        if not _is_written_as(dockerfile, span, word[0]):
            return None
        before = b'["' if index == 0 else b'"'
        after = b'"]' if index == len(words) - 1 else b'",'
        edits += [Edit(span.start, span.start, before), Edit(span.end, span.end, after)]
    # The SHELL of an unknown base image may do more, as that of micromamba does.
    is_known = image.base is not None or image.is_scratch
    names = {instruction.name for instruction in dockerfile.stages[-1].instructions}
    return Fix(dockerfile.source, tuple(edits), is_safe=is_known or "SHELL" in names)


def _is_simple_shell(image: Image) -> bool:
    if not isinstance(image.shell, tuple) or not image.shell:
        return False
    program, *options = image.shell
    return command_line.is_sh_like(program) and all(map(_SHELL_OPTION.match, options))


# --- the executable bit


def made_executable(gear: Gear, program: Program, number: int) -> Fix | None:
    """The fix that gives the file of a program its executable bit.

    By the `--chmod` of the instruction that puts it there, or by a `chmod` after it; on disk where
    the build is not root any more or has no shell. `number` is how many files were tried before.
    """
    dockerfile, image = gear.dockerfile, gear.image
    if dockerfile is None or image is None or number >= limits.TRIED_FIXES:
        return None
    path, file = program.path, program.file
    for edits in _chmods(dockerfile, image, path, file):
        new = image_with(gear, edits)
        made = new.files.find(path) if new else None
        if new is None or not isinstance(made, File) or not made.is_executable:
            continue
        if len(new.failed_steps) <= len(image.failed_steps):
            return Fix(dockerfile.source, edits, is_safe=True)
    return _executable_on_disk(gear, file)


def image_with(gear: Gear, edits: Sequence[Edit]) -> Image | None:
    """The image that the Dockerfile builds after some edits.

    `None` where it does not build, or the gear's budget for trials is spent.
    """
    budget = gear.trial_budget
    if gear.dockerfile is None or gear.context is None or budget.is_spent:
        return None
    source = gear.dockerfile.source
    changed = Dockerfile(Source(source.path, applied(source.data, edits)))
    is_misread = len(changed.misread) > len(gear.dockerfile.misread)
    is_refused = is_misread or bool(faults_of(changed))
    image = None if is_refused else build(changed, gear.context, budget)
    return None if budget.is_spent else image


def _chmods(
    dockerfile: Dockerfile, image: Image, path: str, file: File
) -> Iterator[tuple[Edit, ...]]:
    """The edits that may make the file executable, in the order in which to try them."""
    for instruction in _places(dockerfile, file.line):
        yield from _chmod_flag(dockerfile, instruction)
        if image.is_scratch or not _PLAIN_PATH.match(path):
            continue
        if _is_root_after(dockerfile, instruction):
            name = instruction.name.lower().encode()
            is_lower = dockerfile.source.data.startswith(name, instruction.span.start)
            text = f"{'run' if is_lower else 'RUN'} chmod +x {path}"
            yield (inserted_after(dockerfile, instruction, text.encode()),)


def _places(dockerfile: Dockerfile, line: int) -> list[Instruction]:
    """The instructions of the last stage that may put the file there, from that in `line` on."""
    stage = dockerfile.stages[-1]
    places = [
        instruction
        for instruction in (stage.instruction, *stage.instructions)
        if instruction.name in _BRINGS_FILES and instruction.start_line >= line
    ]
    by_size = limits.TRIED_PLACES_BYTES // len(dockerfile.source.data)
    return places[: min(limits.TRIED_PLACES, by_size)]


def _chmod_flag(dockerfile: Dockerfile, instruction: Instruction) -> Iterator[tuple[Edit, ...]]:
    """`--chmod=644` -> `--chmod=755`."""
    flag = instruction.flag("chmod")
    value = (flag.value or "") if flag else ""
    is_number = re.fullmatch("[0-7]{3,4}", value)
    if flag and is_number and _is_written_as(dockerfile, flag.span, f"--chmod={value}"):
        mode = f"{int(value, 8) | 0o111:0{len(value)}o}"
        yield (Edit(flag.span.end - len(value), flag.span.end, mode.encode()),)


def _is_root_after(dockerfile: Dockerfile, instruction: Instruction) -> bool:
    """Whether the last stage is still root after an instruction: no USER has changed that."""
    stages, lookup = dockerfile.stages, global_lookup(dockerfile)
    at = len(stages) - 1
    before = [i for i in stages[at].instructions if i.start_line <= instruction.start_line]
    while not any(i.name == "USER" for i in before):
        earlier = parent_of(dockerfile, at, lookup)
        if earlier is None:
            return True
        at, before = earlier, stages[earlier].instructions
    user = [i.value for i in before if i.name == "USER"][-1]
    return user.strip().partition(":")[0] in ("root", "0")


def _executable_on_disk(gear: Gear, file: File) -> Fix | None:
    """The executable bit of the file on disk, if its mode comes from there."""
    context, dockerfile = gear.context, gear.dockerfile
    if context is None or dockerfile is None or file.origin is None:
        return None
    if file.mode_line != file.line:  # a chmod took the permission away
        return None
    for instruction in dockerfile.instructions:
        if instruction.start_line == file.line and instruction.flag("chmod"):
            return None
    entry = context.on_disk(posixpath.relpath(file.origin, context.directory))
    script = gear.scripts.of(file)
    if script is None or entry is None or entry.kind != "file":
        return None
    if entry.mode is None or entry.mode & 0o111:
        return None
    return Fix(script.source, (), is_safe=True, makes_executable=True)


# --- a step that fails


def mended_step(gear: Gear, failure: FailedStep, number: int) -> Fix | None:
    """The fix of a RUN that fails; `number` of them have been tried before."""
    return _equals_doubled(gear, failure) if failure.word else moved_step(gear, failure, number)


def _equals_doubled(gear: Gear, failure: FailedStep) -> Fix | None:
    """The safe fix that writes `==` for the `=` of a word that is in the step once."""
    if gear.dockerfile is None:
        return None
    source, word = gear.dockerfile.source, re.escape(failure.word.encode())
    alone = re.compile(rb"(?<![^\s\"'])" + word + rb"(?![^\s\"';&|)])")
    places = list(alone.finditer(source.data, *failure.span))
    if len(places) != 1:
        return None
    at = places[0].start() + failure.word.encode().index(b"=")
    return Fix(source, (Edit(at, at, b"="),), is_safe=True)


def moved_step(gear: Gear, failure: FailedStep, number: int) -> Fix | None:
    """The unsafe fix that moves a RUN of one command after the instruction that copies its file.

    `number` of them have been tried before. A guess: nobody knows why it is where it is.
    """
    dockerfile, image, step = gear.dockerfile, gear.image, failure.instruction
    if dockerfile is None or image is None or not _is_one_command(step):
        return None
    if number >= limits.TRIED_FIXES or len(image.failed_steps) > limits.FAILED_STEPS:
        return None
    brought = image.files.find(failure.path) if failure.path else None
    stage = dockerfile.stages[-1].instructions
    if (
        not isinstance(brought, File | Directory)
        or step not in stage
        or brought.line <= step.end_line
    ):
        return None
    for place in _places(dockerfile, brought.line):
        between = stage[stage.index(step) + 1 : stage.index(place)]
        if not _means_the_same_after(step, between):
            return None
        edits = moved_after(dockerfile, step, place)
        new = image_with(gear, edits)
        if new is None or len(new.failed_steps) >= len(image.failed_steps):
            continue
        if _errors_of(gear, new) <= _errors_before(gear):
            return Fix(dockerfile.source, edits, is_safe=False)
    return None


def _is_one_command(step: Instruction) -> bool:
    if step.name != "RUN" or step.is_json or step.heredocs:
        return False
    commands = command_line.parse(step.value)
    names = [command.name for command in commands.commands]
    return commands.known and len(names) == 1 and names[0] not in (None, "cd", "rm")


def _means_the_same_after(step: Instruction, between: Sequence[Instruction]) -> bool:
    """Whether none of the instructions changes what the words of the step mean."""
    names = {instruction.name for instruction in between}
    if names & {"USER", "SHELL"} or (names & {"ENV", "ARG"} and "$" in step.value):
        return False
    command = command_line.parse(step.value).commands[0]
    words = [word.literal or "" for word in command.words[1:]]
    operands = [word for word in words if not word.startswith("-")]
    paths = operands[1:] if command.name == "chmod" else operands  # its first word is the mode
    return "WORKDIR" not in names or all(path.startswith("/") for path in paths)


@lru_cache(maxsize=1)
def _errors_before(gear: Gear) -> set[tuple[str, str]]:
    """What is wrong without a fix: the same for each that is tried."""
    return _errors_of(gear, gear.image) if gear.image is not None else set()


def _errors_of(gear: Gear, image: Image) -> set[tuple[str, str]]:
    """(what is wrong, with which word) of the programs and scripts that are started."""
    start = starts.entrypoint_of(image)
    launches = starts.launches_of_start(image, start) if start else []
    found = set()
    for started in (*launches, *gear.run.by_command):
        program = started.started_file(image)
        if program is None and started.is_bare:
            found.add(("not the gear's", started.program.text))
        elif program is not None and program.file.is_executable is False:
            found.add(("not executable", started.program.text))
        missing = started.missing(image)
        if missing is not None:
            found.add(("missing", missing[0].text))
    return found


# --- the version of the software


def software_raised(dockerfile: Dockerfile, old: str, new: str) -> tuple[list[Edit], list[str]]:
    """The edits that replace the version of the software by a new one; and notes.

    It is in the tag of a base image, and in an ARG or ENV `X_VERSION`. A `v` before it and a
    flavour after it (`-xenial`) stay. A base image with a digest is left, and noted.
    """
    old, new = without_v(old), without_v(new)
    core = rf"[vV]?(?P<core>{re.escape(old)})(?:{FLAVOUR.pattern})?"
    edits, notes = [], []
    for stage in dockerfile.stages:
        image, span = image_reference.parse(stage.base.text), stage.base.span
        match = re.fullmatch(core, image.tag.text) if image.tag else None
        is_plain = image.text.isascii() and _is_written_as(dockerfile, span, image.text)
        if image.tag is None or match is None or not is_plain:
            continue
        if image.digest is not None:
            notes.append(f"{image.text} keeps its version, as it has a digest")
            continue
        at = span.start + image.tag.start + match.start("core")
        edits.append(Edit(at, at + len(old), new.encode()))
    for _, word in named_versions(dockerfile):
        start, end = word.span
        written = dockerfile.source.data[start:end].decode("utf-8", "replace")
        match = re.fullmatch(rf"(?P<quote>[\"']?){core}(?P=quote)", written)
        if match is not None:
            at = start + match.start("core")
            edits.append(Edit(at, at + len(old), new.encode()))
    return edits, notes
