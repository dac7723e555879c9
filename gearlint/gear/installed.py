"""Whether the Python of a gear's image, and all packages in it, are known."""

from gearlint.core.lazy import regex
from gearlint.gear.code import Code
from gearlint.gear.started import Started
from gearlint.image.nodes import Directory
from gearlint.image.state import Image
from gearlint.python.program import Program

_BIN = "/usr/local/bin"
_PYTHON = f"{_BIN}/python"
_BEFORE_BIN = ("/usr/local/sbin",)
"""What may be before it on a PATH."""
_ELSEWHERE = regex(r"PYTHON(?:HOME|USERBASE)|\.local/lib\b|\.pth\b|\b(?:dist|site)-packages\b")
"""What of a Dockerfile puts a module where Python finds it, or says where it finds more."""
_INSTALLS = regex(r"\b(?:conda|easy_install|ensurepip|mamba|pip|poetry|uv|venv|virtualenv)\b")
"""What may install packages, or start another Python, when the gear runs."""


def may_have_others(code: Code, minor: int) -> bool:
    """Whether the Python 3 of the base image may find what pip does not install by its name.

    By what is not pip, from an address or a directory, or by the gear itself when it runs.
    """
    image = code.image
    if image.base is None or image.base.name != "python" or image.missing_sources:
        return True
    if image.foreign is not None or image.has_other_distributions:
        return True
    dockerfile = code.run.dockerfile
    if dockerfile is None or _ELSEWHERE.search(dockerfile.source.text or ""):
        return True
    library = f"/usr/local/lib/python3.{minor}"
    packages = f"{library}/site-packages"
    places = (_PYTHON, f"{_PYTHON}3", f"{library}/any.py", f"{packages}/any.py")
    if not all(image.is_of_base(each) and image.files.resolved(each) == each for each in places):
        return True
    for directory in map(image.files.find, (library, packages)):
        if isinstance(directory, Directory) and directory.entries.keys() - {"site-packages"}:
            return True
    scripts = (one.script.text for one in code.started if not one.script.is_python)
    return any(map(_INSTALLS.search, (code.run.command, *code.python_texts, *scripts)))


def minor_of(code: Code, program: Program) -> int | None:
    """The 12 of the Python 3.12 that certainly runs a program; `None` if that is not known."""
    if not code.run.has_no_other_python or code.may_have_python_2:
        return None
    started = (one for one in code.started if one.script.source is program.started.script)
    is_known = all(is_by_base_python(one, code.image) for one in started)
    return code.run.base_python_minor if is_known else None


def is_by_base_python(one: Started, image: Image) -> bool:
    """Whether the Python of an official image of it runs a script."""
    launch, words = one.launch, one.script.shebang
    name = launch.program.text if launch.interpreter else words[-1] if words else ""
    if "/" in name:
        return name.startswith(_PYTHON)
    if not launch.interpreter and len(words) != 2:
        return False
    directories = launch.directories or []
    before = directories[: directories.index(_BIN)] if _BIN in directories else directories
    return name.startswith("python") and before != directories and set(before) <= {*_BEFORE_BIN}
