"""Why a file of the gear is not in the image: the ignore file excludes it, or a step removes it."""

import posixpath

from gearlint.core.errors import TooMuchError
from gearlint.core.text import quoted
from gearlint.image.context import Context
from gearlint.image.nodes import Directory, File, Node
from gearlint.image.state import Image
from gearlint.syntax.dockerfile import Dockerfile


def why_absent(image: Image, dockerfile: Dockerfile | None, path: str) -> tuple[str, str] | None:
    """Why nothing is at an absolute path (": ..."), and what to do; `None` if it is not known."""
    path = posixpath.normpath(f"/{path.lstrip('/')}")  # two slashes would stay
    if image.files.find(path) is not None:
        return None
    directory, name = posixpath.split(path)
    place = image.files.find(directory)
    for context, origin in place.origins if isinstance(place, Directory) else ():
        own = posixpath.join(origin, name)
        if _is_excluded(context, own):
            number, line = context.excluding_line(own)
            file = posixpath.basename(context.ignore_file or ".dockerignore")
            where = f" (line {number}: {quoted(line)})" if number else ""
            return f": {file} excludes it{where}", f"add the line !{own} at its end"
    above, below = path, list[str]()
    while above != "/" and dockerfile is not None:
        cause, node = image.files.removed.get(above, (None, None))
        if cause is not None and _holds_file(node, below):
            line_number = dockerfile.source.position(cause.span.start).line
            why = f": line {line_number} of the Dockerfile takes it away"
            return why, "keep the file, or start one that is in the image"
        above, last = posixpath.split(above)
        below.insert(0, last)
    return None


def _is_excluded(context: Context, path: str) -> bool:
    try:
        entry = context.on_disk(path)
        return entry is not None and entry.kind == "file" and context.is_ignored(path)
    except TooMuchError:
        return False


def _holds_file(node: Node | None, below: list[str]) -> bool:
    """Whether a node is a file, or has one at the path of these names."""
    for name in below:
        node = node.entries.get(name) if isinstance(node, Directory) else None
    return isinstance(node, File) and node.doubt is None
