"""The modules of Python that may be installed in a gear's image."""

from collections.abc import Set

from gearlint.core.lazy import regex
from gearlint.gear.code import Code
from gearlint.gear.started import Started
from gearlint.image.nodes import Directory
from gearlint.image.state import Image
from gearlint.python.distributions import modules_of
from gearlint.python.uninstalled import may_install

_BIN = "/usr/local/bin"
_PYTHON = f"{_BIN}/python"
_BEFORE_BIN = ("/usr/local/sbin",)
"""What may be before it on a PATH."""
_ELSEWHERE = regex(r"PYTHON(?:HOME|USERBASE)|\.local/lib\b|\.pth\b|\b(?:dist|site)-packages\b")
"""What of a Dockerfile puts a module where Python finds it, or says where it finds more."""


def installed_modules(code: Code, minor: int) -> Set[str] | None:
    """The first names of what the Python 3 of the base image may import, but for its own library.

    `None` where anything may be installed: by what is not pip, from an address or a directory, or
    by the gear itself when it runs.
    """
    image = code.image
    if image.base is None or image.base.name != "python" or image.missing_sources:
        return None
    if image.foreign is not None or image.has_other_distributions:
        return None
    dockerfile = code.run.dockerfile
    if dockerfile is None or _ELSEWHERE.search(dockerfile.source.text or ""):
        return None
    library = f"/usr/local/lib/python3.{minor}"
    packages = f"{library}/site-packages"
    places = (_PYTHON, f"{_PYTHON}3", f"{library}/any.py", f"{packages}/any.py")
    if not all(image.is_of_base(each) and image.files.resolved(each) == each for each in places):
        return None
    for directory in map(image.files.find, (library, packages)):
        if isinstance(directory, Directory) and directory.entries.keys() - {"site-packages"}:
            return None
    scripts = (one.script.text for one in code.started if not one.script.is_python)
    if any(map(may_install, (code.run.command, *code.python_texts, *scripts))):
        return None
    return modules_of(image.distributions, minor)


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
