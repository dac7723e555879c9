"""GL327, GL330, GL331: steps of the build that do not do what they say."""

from collections.abc import Iterator

from gearlint.core.finding import Edit, Fix, Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.text import brief_line, quoted
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule
from gearlint.syntax.dockerfile import Dockerfile, Instruction
from gearlint.syntax.shell import command_line

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.syntax.shell.own_changes import OwnChange
    from gearlint.syntax.shell.unread import UnreadWords

_MAY_CHANGE = regex(
    r"(?s)\A[\s\[\"]*+(?:[A-Za-z_]\w*+=|(?:/bin/|/usr/bin/)?(?:bash|sh|dash|ash)\b"
    r"|(?:\.|cd|conda|declare|export|mamba|micromamba|popd|pushd|readonly|set|source|true"
    r"|typeset|ulimit|umask|unset)(?!\S))"
)
"""How a step begins that may change only its own shell."""
_GIVEN_TO_SHELL = regex(r"sh[\",\s]{1,9}(?:-[a-z]{1,9}[\",\s]{1,9}){0,3}-[a-z]{0,9}c[\",\s]")
"""A shell with `-c`."""


def _steps(dockerfile: Dockerfile) -> Iterator[Instruction]:
    """The RUNs, where each SHELL is one whose grammar is known."""
    shells = [each.exec_form for each in dockerfile.instructions if each.name == "SHELL"]
    if all(shell and command_line.is_sh_like(shell[0].text) for shell in shells):
        yield from (each for each in dockerfile.instructions if each.name == "RUN")


@rule("GL327", "command-as-argument", Severity.WARNING, fix="unsafe")
def command_as_argument(gear: Gear) -> Iterator[Problem]:
    r"""A command is an argument of the one above it.

    A `\` joins a line with the next. Where `&&` is missing between two commands, the second one is
    arguments of the first: `bash -c` ignores them, so it never runs, and `pip install` looks for
    packages of these names. So it is on one line where both are commands of package managers:
    `apt-get update apt-get install git`. And of `bash -c python run.py` the command is `python`
    alone, which gets no script, in ENTRYPOINT, CMD and the manifest's `command` too. An error where
    the build then certainly fails. Source: bash manual, "Simple Commands", "Invoking Bash"; seen in
    public gears.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        RUN bash -c 'mkdir -p work' \
            bash -c 'chmod +x run.py'
        ENTRYPOINT ["/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        RUN bash -c 'mkdir -p work' && \
            bash -c 'chmod +x run.py'
        ENTRYPOINT ["/flywheel/v0/run.py"]
    """
    dockerfile = gear.dockerfile
    for each in dockerfile.instructions if dockerfile is not None else ():
        joined: list[Problem] = []
        if len(each.line.starts) > 1 or "update" in each.value or each.value.count(" install") > 1:
            joined += _joined(gear, each)
            yield from joined
        if not joined and _may_be_unread(each.value):
            yield from _unread(gear, each)
    if _may_be_unread(gear.run.command):
        from gearlint.syntax.shell import unread

        for words in unread.in_text(gear.run.command):
            yield gear.at.part(("command",), *words.span, *_of_unread(words))


def _may_be_unread(text: str) -> bool:
    return "sh" in text and _GIVEN_TO_SHELL.search(text) is not None


def _joined(gear: Gear, run: Instruction) -> Iterator[Problem]:
    from gearlint.syntax.dockerfile.joined import joined_commands

    failed = gear.image.failed_steps if gear.image is not None else ()
    fails = any(each.instruction is run for each in failed)
    for each in joined_commands(run):
        problem = gear.at.dockerfile(
            each.span,
            f"{each.name} is an argument of the {each.taken_by} before it, and never runs",
            f'write "&& {each.first}"',
            severity=Severity.ERROR if fails else None,
        )
        edit = Edit(each.start, each.start, b"&& ")
        yield problem._replace(fix=Fix(problem.source, (edit,), is_safe=False))


def _unread(gear: Gear, instruction: Instruction) -> Iterator[Problem]:
    from gearlint.syntax.shell import unread

    instruction = instruction.trigger or instruction
    elements = instruction.exec_form
    found = []
    if elements is not None:
        found = [unread.in_words([(each.text, each.span) for each in elements])]
    elif instruction.name == "RUN" and not instruction.heredocs:
        words = unread.in_text(instruction.value)
        found = [one._replace(span=instruction.span_of(*one.span)) for one in words]
    for each in found:
        if each is not None:
            problem = gear.at.dockerfile(each.span, *_of_unread(each))
            edit = Edit(*each.span, f'"{each.meant}"'.encode())  # bare words, however long
            is_one_line = len(instruction.line.starts) == 1
            fix = Fix(problem.source, (edit,), is_safe=False) if is_one_line else None
            yield problem._replace(fix=fix)


def _of_unread(words: "UnreadWords") -> tuple[str, str]:
    """What is wrong, and what to do."""
    return (
        f"{words.option} runs {quoted(words.command)} alone: its command is one word",
        f"write it as {quoted(words.meant)}",
    )


@rule("GL330", "requirement-redirected", Severity.WARNING, fix="safe")
def requirement_redirected(gear: Gear) -> Iterator[Problem]:
    """The shell takes the version of a requirement for a redirection.

    Of `pip install numpy>=1.20` pip gets `numpy`, and a file `=1.20` is made: any version is
    installed. `numpy<2` is read from a file `2`, and the step fails where there is none, which is
    an error. Requirements with `<` or `>` are put in quotes. Source: the bash manual,
    "Redirections"; pip's documentation, "pip install".

    Bad Dockerfile:

        FROM python:3.11
        RUN pip install flywheel-sdk>=5.0.2
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        RUN pip install "flywheel-sdk>=5.0.2"
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    dockerfile, image = gear.dockerfile, gear.image
    if dockerfile is None:
        return
    failures = image.failed_steps if image is not None else []
    failing = {each.instruction for each in failures if each.is_of_input}
    for step in (each for each in _steps(dockerfile) if "<" in each.value or ">" in each.value):
        from gearlint.syntax.dockerfile.redirected import redirected_requirements

        for each in redirected_requirements(step):
            does = "reads from" if each.is_read else "writes to"
            edits = tuple(Edit(at, at, b'"') for at in each.span)
            advice = "put all of it in double quotes"
            if each.is_plain:
                advice = f'write "{brief_line(each.text)}", in double quotes'
            yield gear.at.dockerfile(
                each.span,
                f"the shell {does} the file {quoted(each.file)}, "
                f"and {each.program} gets {quoted(each.package)} without its version",
                advice,
                severity=Severity.ERROR if step in failing and each.is_read else None,
                fix=Fix(dockerfile.source, edits, is_safe=True) if each.is_plain else None,
            )


@rule("GL331", "step-without-effect", Severity.INFO)
def step_without_effect(gear: Gear) -> Iterator[Problem]:
    """A step only changes its own shell, which ends with it.

    Each RUN starts a new shell: the directory of `cd`, the variables of `export` and of a file that
    is sourced, and `umask` are gone in the next instruction, and in the run. Nothing is
    said of a file that may do more than set variables, nor where the step does anything else.
    Source: Dockerfile reference, "RUN", "ENV" and "WORKDIR"; seen in public gears.

    Bad Dockerfile:

        FROM python:3.11
        RUN mkdir -p /flywheel/v0
        RUN cd /flywheel/v0
        COPY run.py manifest.json /flywheel/v0/
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json /flywheel/v0/
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    dockerfile, image = gear.dockerfile, gear.image
    if dockerfile is None or image is None:
        return
    failing = {each.instruction for each in image.failed_steps}
    failing |= {each.instruction for each in image.shell_lacks}
    for step in _steps(dockerfile):
        text = _text_of(step) if _MAY_CHANGE.search(step.value) else ""
        if not text or step in failing or dockerfile.is_misread(step.span.start):
            continue  # GL312, GL322 or GL324 says so
        from gearlint.syntax.dockerfile.joined import joined_commands
        from gearlint.syntax.shell.own_changes import own_changes

        changes = own_changes(text)
        if not changes or any(joined_commands(step)):
            continue
        change = changes[0]
        span = step.name_span if step.is_json else step.span_of(*change.span)
        what = quoted(change.name or f"{change.variable}=")
        yield gear.at.dockerfile(
            span,
            f"{what} changes only the shell of this step, and nothing of it is left after the step",
            _instead(change),
        )


def _text_of(step: Instruction) -> str:
    """The text that a shell gets in a RUN, empty where it is not certain."""
    if not step.is_json:
        return step.value
    return command_line.text_of([word.text for word in step.exec_form or ()]) or ""


def _instead(change: "OwnChange") -> str:
    """What to do instead of a command that changes its own shell."""
    if change.variable:
        return f"set the variable by ENV {brief_line(change.variable)}=..."
    if change.name == "cd":
        return f"write WORKDIR {brief_line(change.operand)}".strip()
    if change.name in ("source", "."):
        return "put it into each RUN that needs it, or set its variables by ENV"
    return "put it into each RUN that needs it"
