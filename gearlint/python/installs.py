"""Whether what a Dockerfile installs may provide a module, beside the files that it copies."""

import posixpath
import re

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.image.context import Context
from gearlint.syntax.dockerfile import Dockerfile

_PROJECT = regex(
    r"(?:\A|\s)(?:-e|--editable|-t|--target|--prefix|\.\[?\S*|/\S*|\S+/\S*|\S*://\S*"
    r"|\S+\.(?:whl|zip|tar|gz))(?:=|\s|\Z)"
)
"""An argument of `pip install`, or a line of requirements, that is a project or another place."""
_TEXT_OF_OPTIONS = regex(
    r"(?:-r|--requirement|-c|--constraint|-i|--index-url|--extra-index-url|-f|--find-links"
    r"|--trusted-host|--cache-dir|--proxy|--root-user-action)(?:\s+|=)\S+"
)
_INSTALL = regex(r"\b(?:pip[\d.]*|uv\s+pip)\s+(?:\S+\s+)*?install\b([^&|;\n]*)")
_BUILDS = regex(
    r"\b(?:poetry\s+install(?!.*--no-root)|uv\s+sync(?!.*--no-install-project)|pdm\s+install"
    r"|pipenv\s+(?:install|sync)|hatch|flit|setup\.py|conda\s+develop|easy_install"
    r"|site-packages|dist-packages|python[\d.]*\s+-m\s+(?:build|installer)|\.pth\b)"
)
_READ = regex(r"(?:-r|--requirement)(?:\s+|=|(?=[\w./$]))(\S+)")
_LOCKS = (
    "pyproject.toml", "poetry.lock", "uv.lock", "Pipfile", "Pipfile.lock", "environment.yml",
    "environment.yaml", "requirements.txt", "setup.cfg",
)  # fmt: skip


def may_provide(name: str, dockerfile: Dockerfile, context: Context) -> bool:
    """Whether a module of a name may be installed with the interpreter, or put beside it."""
    runs = [
        instruction.value
        for stage in dockerfile.stages
        for instruction in stage.instructions
        if instruction.name in ("RUN", "COPY", "ADD", "ONBUILD")
    ]
    text = re.sub(r"\\\r?\n", " ", "\n".join(runs))
    if _BUILDS.search(text):
        return True
    words: list[str] = []
    for match in _INSTALL.finditer(text):
        arguments = match[1]
        if _PROJECT.search(_TEXT_OF_OPTIONS.sub(" ", arguments)):
            return True
        words.append(arguments)
        for read in _READ.finditer(arguments):
            required = _requirements(read[1], context)
            if required is None:
                return True
            words.append(required)
    for lock in _LOCKS:
        words.append(context.text_of(posixpath.join(context.directory, lock)) or "")
    plain = re.sub(r"[-_.]", "", name.lower())
    return any(plain in re.sub(r"[-_.]", "", each.lower()) for each in words)


def _requirements(path: str, context: Context, level: int = 0) -> str | None:
    """The text of a file of requirements, `None` where it names a project or cannot be read."""
    base = posixpath.basename(path.strip("\"'"))
    places = [path.strip("\"'").lstrip("/"), base]
    texts = (context.text_of(posixpath.join(context.directory, place)) for place in places)
    text = next((each for each in texts if each is not None), None)
    if text is None or level > 3 or len(text) > limits.IGNORE_FILE_CHARACTERS:
        return None
    lines = [re.sub(r"(?:\A|\s)#.*", "", line).strip() for line in text.splitlines()]
    found = []
    for line in lines:
        read = _READ.match(line)
        if read is not None:
            more = _requirements(read[1], context, level + 1)
            if more is None:
                return None
            found.append(more)
        elif _PROJECT.search(_TEXT_OF_OPTIONS.sub(" ", line)):
            return None
    return "\n".join([*lines, *found])
