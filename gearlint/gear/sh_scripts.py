"""What the shell scripts of a gear have of bash, where `sh` reads them and is dash."""

from collections.abc import Iterator

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.gear.code import Code
from gearlint.image.shell import dash
from gearlint.image.shell.command_words import shell_called
from gearlint.syntax.shell import command_line

_ASKS_FOR_BASH = regex(r"\bBASH(?:_VERSION)?\b|\bexec\s+\S*bash\b")


class ScriptLack(NamedTuple):
    """Something of bash in a script: where, `what` dash does of it, and what to write `instead`.

    `is_error` is whether every run ends there.
    """

    source: Source
    span: Span
    what: str
    instead: str
    is_error: bool


def script_lacks(code: Code) -> Iterator[ScriptLack]:
    """The first of what bash has and dash has not in each script, one that fails before others."""
    if shell_called(code.image, "sh") != "dash":
        return
    for one in code.started:
        source, text = one.script.source, one.script.source.text
        if one.interpreter != "sh" or not one.is_certain or one.is_sourced or text is None:
            continue
        line = command_line.parse(text)
        if not line.known or _ASKS_FOR_BASH.search(text):
            continue  # GL406 says so, or bash may read it in the end
        found = sorted(dash.lacks(text, line), key=lambda each: (not each[1].fails, each[0]))
        use_bash = "start it with bash" if one.launch.interpreter else "begin it with #!/bin/bash"
        for span, (what, instead, fails, _) in found[:1]:
            advice = f"{instead}, or {use_bash}" if instead else use_bash
            is_error = fails and one.is_always
            yield ScriptLack(source, source.span_of_text(*span), what, advice, is_error)
