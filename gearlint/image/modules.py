"""The module of the gear that `python -m MODULE` starts, and why there is none."""

import posixpath

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.text import did_you_mean, quoted
from gearlint.core.unknown import Unknown
from gearlint.image.nodes import Directory, File
from gearlint.image.state import Image

_NAME = regex(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\Z")


class MissingModule(NamedTuple):
    """`what` is wrong with a module that is to be started, and what to do about it."""

    what: str
    advice: str


def missing_module(image: Image, module: str, cwd: str | Unknown) -> MissingModule | None:
    """Why Python certainly cannot start a module; `None` where it may.

    It looks in its working directory first. What is a regular package there, with an
    `__init__.py`, is nowhere else.
    """
    if "/" in module:
        meant = module.removesuffix(".py").strip("./").replace("/", ".")
        is_name = _NAME.match(meant) is not None
        advice = f"write {meant}" if is_name else "write its name, with dots"
        return MissingModule(f"the module {quoted(module)}, which is a path and no name", advice)
    top, *parts = module.split(".")
    here = image.files.find(cwd) if isinstance(cwd, str) else None
    if not isinstance(here, Directory) or not _NAME.match(module):
        return None
    node = here.get(top)
    if isinstance(node, File):
        return None  # a file without a suffix is not a module
    if parts == ["py"] and node is None and isinstance(here.get(f"{top}.py"), File):
        what = f"the module {quoted(module)}: -m takes a name, without .py"
        return MissingModule(what, f"write {top}, or leave out -m")
    path = top
    for part in parts:
        if not isinstance(node, Directory) or not _is_regular(node):
            return None
        if node.get(part) is None and _has_no_other(node, part):
            what = f"the module {quoted(module)}, which {posixpath.join(str(cwd), path)} lacks"
            known = [name.removesuffix(".py") for name in node.certain_files()]
            advice = did_you_mean(part, known) or "copy it into the image, or correct its name"
            return MissingModule(what, advice)
        if node.get(f"{part}.py") is not None:
            return None
        node, path = node.get(part), f"{path}/{part}"
    if isinstance(node, Directory) and _is_regular(node) and _has_no_other(node, "__main__"):
        what = f"the module {quoted(module)}, a package without a __main__.py"
        return MissingModule(
            what, f"name a module of it, as {module}.main, or add {path}/__main__.py"
        )
    return None


def _is_regular(directory: Directory) -> bool:
    """Whether a directory is certainly a package that is in this place alone."""
    there = directory.get("__init__.py")
    return isinstance(there, File) and there.doubt is None


def _has_no_other(directory: Directory, name: str) -> bool:
    """Whether no file of a directory is a module of a name, compiled or not."""
    return all(directory.get(f"{name}{suffix}") is None for suffix in (".py", ".pyc"))
