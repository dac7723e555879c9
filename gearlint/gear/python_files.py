"""The files of a gear that its own Python reads or starts by their paths, and the image lacks."""

import posixpath
import re
from collections.abc import Iterator

from gearlint.core.errors import TooMuchError
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.gear.code import Code
from gearlint.image.context import Context
from gearlint.image.launch import is_of_flywheel
from gearlint.image.state import GEAR_DIRECTORY, Image

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.python.evaluator import Evaluator

_NAMED = regex(rf"[\"']({GEAR_DIRECTORY}/[\w./-]{{1,200}}+)[\"']")

_MAY_WRITE = regex(
    rb"copy|move|rename|write|save|dump|unlink|remove|touch|to_|log|out", re.IGNORECASE
)
"""What a call is named, or its arguments, that may write a file or do without it."""


class MissingFile(NamedTuple):
    """A file that a module names: its path in the image, where it is not, and in the context."""

    path: str
    origin: str
    source: Source
    span: Span


def missing_files(code: Code, context: Context) -> Iterator[MissingFile]:
    """The files of the context that a call is given by their paths, each once.

    Not those of which any call asks whether they are there, or which one may write.
    """
    texts = set(code.python_texts)
    named = {posixpath.normpath(path) for text in texts for path in _NAMED.findall(text)}
    origins = {path: _origin(path, code.image, context) for path in sorted(named)}
    if not any(origins.values()):
        return
    from gearlint.python.opened import Use, files_opened

    opened = [one for evaluator in code.evaluators for one in files_opened(evaluator)]
    others = {
        one.path
        for one in opened
        if one.use in (Use.TESTS, Use.WRITES)
        or (one.use is Use.UNKNOWN and _MAY_WRITE.search(one.source.data, *one.span))
    }
    found = [(one.path, one.source, one.span) for one in opened]
    found += [each for evaluator in code.evaluators for each in _in_lists(evaluator)]
    for path, source, span in found:
        if (origin := origins.get(path)) and path not in others:
            others.add(path)
            yield MissingFile(path, origin, source, span)


def _in_lists(evaluator: "Evaluator") -> Iterator[tuple[str, Source, Span]]:
    """The paths that are in a list which a call is given, as the words of a command are."""
    import ast  # late: few gears lack a file

    for scope, module in evaluator.modules.items():
        for node, place in scope.calls:
            lists = [each for each in getattr(node, "args", ()) if isinstance(each, ast.List)]
            for each in (element for one in lists for element in one.elts):
                for path in evaluator.texts(each, place):
                    if path.startswith(GEAR_DIRECTORY):
                        yield posixpath.normpath(path), module.source, module.span(each)


def _origin(path: str, image: Image, context: Context) -> str:
    """The file of the context that is meant at a path where the image certainly has none."""
    if is_of_flywheel(path) or image.files.find(path) is not None:
        return ""
    relative = posixpath.relpath(path, GEAR_DIRECTORY)
    try:
        entry = context.entry(relative)
    except TooMuchError:
        return ""
    return relative if entry is not None and entry.kind == "file" else ""
