"""What BuildKit refuses in a Dockerfile that can be parsed: order, flags, arguments, words.

Follows its rules for instructions (moby/buildkit, frontend/dockerfile/instructions).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.core.text import did_you_mean, nearest, one_of, quoted
from gearlint.core.unknown import UNKNOWN
from gearlint.syntax.dockerfile.instruction_parser import SPACE
from gearlint.syntax.dockerfile.model import (
    ANY_NAME,
    HEREDOC,
    INSTRUCTIONS,
    SUBSTITUTED,
    Fault,
    Flag,
    Instruction,
    is_named,
)
from gearlint.syntax.dockerfile.parser import Dockerfile
from gearlint.syntax.substitution import RefusedError, expand, unset

_OFFICIAL_SYNTAX = regex(r"(?:docker\.io/)?docker/dockerfile(?:-upstream)?(?:[:@\s]|\Z)")


def faults_of(dockerfile: Dockerfile) -> list[Fault]:
    """What BuildKit certainly refuses, in the order of the file, up to a limit.

    Empty if the file is too large to be read, or has a `# syntax=` that makes another program
    than Docker's own frontend read it.
    """
    if dockerfile.syntax and not _OFFICIAL_SYNTAX.match(dockerfile.syntax):
        return []
    if dockerfile.is_too_long:
        return []
    if dockerfile.has_conflict:
        return dockerfile.parse_faults
    most = limits.DOCKERFILE_FAULTS
    found = [*dockerfile.parse_faults, *islice(_instruction_faults(dockerfile), most)]
    return sorted(found[:most], key=lambda fault: fault.span)


def _instruction_faults(dockerfile: Dockerfile) -> Iterator[Fault]:
    """What BuildKit refuses in the instructions and in their order."""
    if not dockerfile.instructions:
        start = dockerfile.source.text_start
        message = "the Dockerfile has no instruction"
        yield Fault(Span(start, start), message, "it begins with FROM and a base image")
    for first in dockerfile.instructions:
        if first.name == "FROM" or (first.name not in INSTRUCTIONS and "FROM" in _hint(first)):
            break
        if first.name in INSTRUCTIONS and first.name != "ARG":
            message = f"{first.name} before the first FROM"
            yield Fault(first.name_span, message, "only ARG may stand before FROM")
            break
    else:
        if dockerfile.instructions:
            message = "the Dockerfile has no FROM"
            yield Fault(dockerfile.instructions[-1].name_span, message, "it needs a base image")
    # The last stage is always built, and every FROM is read; BuildKit may never read the words of
    # the other stages.
    certain = {id(stage.instruction) for stage in dockerfile.stages}
    certain.update(id(i) for stage in dockerfile.stages[-1:] for i in stage.instructions)
    is_other_text = False
    for instruction in dockerfile.instructions:
        start, end = instruction.span
        if any(start <= fault.span.start < end for fault in dockerfile.parse_faults):
            continue
        was_other_text, is_other_text = is_other_text, _is_other_text(instruction)
        if was_other_text and is_other_text:
            continue  # one finding for all lines of what is not meant as instructions
        yield from _check(instruction, dockerfile.escape)
        if id(instruction) in certain and instruction.name in SUBSTITUTED - {"ARG", "ONBUILD"}:
            yield from _substitution_faults(instruction, dockerfile.escape)


_SUBSTITUTED_FLAGS = ("checksum", "chmod", "chown", "platform")
"""The flags in whose values Docker replaces variables; in `--from` BuildKit refuses them."""


def _substitution_faults(instruction: Instruction, escape: str) -> Iterator[Fault]:
    """Words with a quote or a substitution that is not valid, whatever the variables' values."""
    pairs = [word for pair in instruction.pairs for word in pair if word]
    for word in pairs or instruction.words:
        if instruction.heredocs and HEREDOC.fullmatch(word.text):
            continue
        if refused := _refused_substitution(word.text, escape):
            message = f"{instruction.name} {quoted(word.text)}: {refused}"
            yield Fault(word.span, message, refused.help)
    for flag in instruction.flags:
        shown = f"{instruction.name} --{flag.name}={flag.value}"
        if flag.name in _SUBSTITUTED_FLAGS:
            if refused := _refused_substitution(flag.value or "", escape):
                yield Fault(flag.span, f"{shown}: {refused}", refused.help)
        elif flag.name == "from" and flag.value and _is_substituted(flag.value, escape):
            advice = "add a stage that is FROM the variable, AS a name, and copy from that"
            yield Fault(flag.span, f"{shown}: no variable or quote is read there", advice)


def _refused_substitution(text: str, escape: str) -> RefusedError | None:
    """Why BuildKit refuses to substitute in a text; `None` if it does not."""
    if not any(mark in text for mark in ("$", "'", '"')):
        return None
    from gearlint.syntax.lexer import Lexer

    try:
        Lexer(text, lambda name: UNKNOWN, escape).until("")
    except RefusedError as refused:
        return refused
    except RecursionError:
        pass
    return None


def _is_substituted(text: str, escape: str) -> bool:
    """Whether substituting in a text changes it, or fails."""
    return expand(text, unset, escape) != text


_FLAGS = {
    "ADD": "chmod= checksum= chown= exclude=* keep-git-dir link unpack",
    "COPY": "chmod= chown= exclude=* from= link parents",
    "FROM": "platform=",
    "HEALTHCHECK": "interval= retries= start-interval= start-period= timeout=",
    "RUN": "device=* mount=* network= security=",
}
"""The flags of each instruction: `=` takes a value, `=*` a value and may be repeated."""

_FLAG_VALUES = {
    "network": ("default", "none", "host"),
    "security": ("insecure", "sandbox"),
}
# Compiled by `re` on first use, which is rare.
_DURATION = r"[+-]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)?"
_GLUED = regex(rf"((?i:{ANY_NAME})(?=[^A-Za-z0-9_])|(?:{ANY_NAME})(?=[^A-Z_]))([:=]*)")
"""An instruction and what is written right after it: `FROMpython:3`, `CMD["a"]`, `CMD: a`."""
_MARKER = regex(r"([=|])\1{6}\Z")
_COUNT = r"\+?[0-9]*"
_STAGE_NAME = r"[a-z][a-z0-9-_.]*"
_NO_TRIGGERS = ("FROM", "MAINTAINER", "ONBUILD")


def _check(instruction: Instruction, escape: str) -> Iterator[Fault]:
    """What BuildKit's `instructions` package refuses in one instruction."""
    name = instruction.name
    if name not in INSTRUCTIONS:
        message = f"unknown instruction {quoted(instruction.written_name)}"
        hint = _hint(instruction) or f'if it continues the line above, end that with "{escape}"'
        yield Fault(instruction.name_span, message, hint)
        return
    yield from _check_flags(instruction)
    if problem := _argument_problem(instruction):
        yield Fault(instruction.name_span, f"{name} {problem}", _advice(instruction))


def _advice(instruction: Instruction) -> str:
    """How the author's own words are written, if an instruction has them in another form."""
    words = [word.text for word in instruction.words]
    if instruction.name == "SHELL" and instruction.value:
        import json  # late, as few have any

        from gearlint.syntax.dockerfile.broken_list import words_meant

        meant = words_meant(instruction.value)
        return f"write SHELL {json.dumps(meant, ensure_ascii=False)}" if meant else ""
    if instruction.name == "ARG" and len(words) == 3 and words[1] == "=":
        return f"write ARG {words[0]}={words[2]}"
    if instruction.name == "FROM" and len(words) == 2 and words[1].lower() != "as":
        joint = "" if words[0].endswith(":") else " AS " if ":" in words[0] else ":"
        return f"write FROM {words[0]}{joint}{words[1]}"
    return ""


def _hint(instruction: Instruction) -> str:
    """What may be meant by an instruction that there is not; empty if nothing is near."""
    return _meant_by(instruction.written_name)


@lru_cache(maxsize=limits.DOCKERFILE_FAULTS)
def _meant_by(name: str) -> str:
    if glued := _GLUED.match(name):
        gap = glued[2] and f' instead of "{glued[2]}"'
        return f"put a space after {glued[1].upper()}{gap}"
    if _MARKER.match(name):
        return "remove what is left of a merge conflict"
    return did_you_mean(name.upper() if name.isascii() else name, INSTRUCTIONS)


def _is_other_text(instruction: Instruction) -> bool:
    """Whether a line is not even meant as an instruction."""
    return instruction.name not in INSTRUCTIONS and not _hint(instruction)


def _check_flags(instruction: Instruction) -> Iterator[Fault]:
    """What BuildKit refuses in the flags of an instruction."""
    name = instruction.name
    if not instruction.flags:
        return
    if name in ("ARG", "STOPSIGNAL") or (name == "HEALTHCHECK" and _first(instruction) == "NONE"):
        return  # BuildKit does not check their flags
    known = {flag.rstrip("*="): flag for flag in _FLAGS.get(name, "").split()}
    seen: set[str] = set()
    for flag in instruction.flags:
        kind = known.get(flag.name)
        shown = f"{name} --{flag.name}"
        if kind is None:
            near = nearest(flag.name, known)
            hint = f'did you mean "--{near}"?' if near else "remove it"
            yield Fault(flag.span, f"{name} has no flag {quoted('--' + flag.name)}", hint)
        elif flag.name in seen and not kind.endswith("*"):
            yield Fault(flag.span, f"{shown} is given twice", "remove one")
        elif problem := _flag_problem(flag, kind):
            yield Fault(flag.span, f"{shown} {problem}", "")
        seen.add(flag.name)


def _flag_problem(flag: Flag, kind: str) -> str:
    """Why BuildKit refuses a flag of a `kind` as in `_FLAGS`; an empty string if it does not."""
    value = flag.value
    if "=" not in kind:
        good = value is None or value.lower() in ("true", "false")
        return "" if good else f"is {quoted(value or '')}, expected true or false"
    if value is None:
        return "has no value"
    if flag.name in _FLAG_VALUES and value not in _FLAG_VALUES[flag.name]:
        return f"is {quoted(value)}, expected {one_of(_FLAG_VALUES[flag.name])}"
    if flag.name == "retries":
        return "" if re.fullmatch(_COUNT, value) else f"is {quoted(value)}, expected a number"
    if kind in _FLAGS["HEALTHCHECK"].split() and not re.fullmatch(_DURATION, value):
        return f"is {quoted(value)}, expected a duration like 30s"
    return ""


def _first(instruction: Instruction) -> str:
    """The first word in upper case; an empty string if there is none."""
    return instruction.words[0].text.upper() if instruction.words else ""


def _argument_problem(instruction: Instruction) -> str:
    """Why BuildKit refuses the arguments of an instruction; an empty string if it does not."""
    words, pairs = instruction.words, instruction.pairs
    match instruction.name:
        case "RUN" | "CMD" | "ENTRYPOINT":
            return ""  # may be alone: the shell then runs an empty command
        case "SHELL" if not instruction.exec_form:
            return 'takes a JSON array, like ["/bin/bash", "-c"]'
        case "ADD" | "COPY" if len(words) < 2:
            return "needs a source and a destination"
        case "ADD" | "COPY" if instruction.heredoc(words[-1]):
            return "to a heredoc"
        case "FROM" if len(words) != 1 and not is_named(words):
            return "takes an image, or an image AS a name"
        case "FROM" if len(words) == 3 and not re.fullmatch(_STAGE_NAME, words[2].text.lower()):
            return f"with {quoted(words[2].text)} as the name of a stage"
        case "ONBUILD" if (trigger := instruction.trigger) and trigger.name in _NO_TRIGGERS:
            return f"cannot hold {trigger.name}"
        case "HEALTHCHECK" if words and _first(instruction) not in ("CMD", "NONE"):
            return "takes CMD or NONE"
        case "HEALTHCHECK" if words and (_first(instruction) == "NONE") != (len(words) == 1):
            return "CMD needs a command, NONE takes none"
        case "VOLUME" if any(not word.text.strip(SPACE) for word in words):
            return "with an empty path"
        case "ARG" | "ENV" | "LABEL" if any(pair.value and not pair.key.text for pair in pairs):
            return "with an empty name"
    has_argument = instruction.value and (words or instruction.name != "VOLUME")
    return "" if has_argument else "without an argument"
