"""Why a file of the gear is not in the image, or in the build context, and what to do."""

import posixpath
import re

from gearlint.core import limits
from gearlint.core.errors import TooMuchError
from gearlint.core.text import quoted
from gearlint.image.context import Context, cleaned
from gearlint.image.faults import MissingSource
from gearlint.image.nodes import Directory, File, Node
from gearlint.image.state import Image
from gearlint.syntax.dockerfile import Dockerfile

Words = tuple[str, str]


def not_in_context(context: Context, missing: MissingSource, *, seeks_near: bool) -> Words:
    """What is wrong with a source that is not in the build context, and what to do."""
    name, source = missing.instruction.name, quoted(missing.source)
    if missing.link:
        is_itself = posixpath.normpath(missing.link) == cleaned(missing.source)
        link = "a link" if is_itself else f"and {quoted(missing.link)} is a link"
        return (
            f"{name} takes {source}, {link} to {quoted(missing.target)}, which is not in the "
            "build context",
            "put a copy of what it leads to into the build context",
        )
    message = f"{name} takes {source}, which is not in the build context"
    return message, how_to_copy(context, missing.source, seeks_near=seeks_near)


def not_a_stage(name: str, meant: str) -> Words:
    """What is wrong with a name of COPY --from that is of no stage, and what to do."""
    near = f"did you mean {quoted(meant)}?" if meant else ""
    if name != name.lower():
        message = f"COPY takes from {quoted(name)}, which is neither a stage nor a name of an image"
        return message, near or "write the name of a stage; those of images are in lower case"
    message = f"COPY takes from {quoted(name)}, which is not a stage of the Dockerfile"
    return message, f"{near} Docker looks for an image of that name"


def how_to_copy(context: Context, source: str, *, seeks_near: bool) -> str:
    """What to do about a source of COPY or ADD that is not in the build context.

    With `seeks_near` one is looked for that may be meant.
    """
    if re.fullmatch(r"-[A-Za-z]+", source):
        return f'remove "{source}": it is not an option here, and directories are copied whole'
    is_elsewhere = re.match(r"/|~|\.\.(?:/|\Z)|[A-Za-z]:", source) is not None
    if seeks_near:
        near = context.near(cleaned(source), alone=True) or (
            is_elsewhere and _within(context, source)
        )
        if near:
            return f'did you mean "{near}"?'
    if is_elsewhere:
        its_path = "" if source.startswith("/") else ", and write its path from there"
        return f"put it into the build context{its_path}: nothing else is seen"
    return "add the file, or correct its name"


def _within(context: Context, source: str) -> str:
    """The end of a path on a disk that is a path of the build context, or ""."""
    _, *names = cleaned(source).split("/")[-limits.PATH_ENDS :]
    ends = ("/".join(names[at:]) for at in range(len(names)))
    try:
        return next((end for end in ends if context.on_disk(end) is not None), "")
    except TooMuchError:
        return ""


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
            where = f" (line {number}: {quoted(line)})" if number else ""
            return f": {context.ignore_name} excludes it{where}", f"add the line !{own} at its end"
    above = path
    below: list[str] = []
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
