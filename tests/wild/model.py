"""Why gearlint is silent: asks its model of the image where it looks for what is started."""

import posixpath
import re
from pathlib import Path
from typing import NamedTuple

from gearlint.core.unknown import UNKNOWN
from gearlint.gear.gear import Gear
from gearlint.image.launch import Launch
from gearlint.image.nodes import Cause, File
from gearlint.image.starts import entrypoint_of, launches_of_start
from gearlint.image.state import Image
from tests.wild.breaks import split
from tests.wild.dockerfile import Dockerfile
from tests.wild.started import Started


class Why(NamedTuple):
    """A cause: its kind, by which causes are counted, and its text.

    `behind` is the kind of what would be the cause if the base were known.
    """

    kind: str
    text: str
    behind: str = ""


def _gear(manifest: Path) -> Gear:
    """The gear of a manifest; all that is known here of how one is made."""
    from gearlint.engine.gears import gears_under

    ((gear, _),) = gears_under(str(manifest))
    return gear


def why_silent(manifest: Path, subject: Started, way: str) -> Why:
    """Why a break of a gear is not reported."""
    gear = _gear(manifest)
    image, dockerfile = gear.image, gear.dockerfile
    if image is None or dockerfile is None:
        return Why("no image: the Dockerfile is refused", "")
    asked = _Question(image, Dockerfile(dockerfile.source.data.decode("latin-1")))
    if subject.by == "command":
        launches = gear.run.by_flywheel
    else:
        start = entrypoint_of(image)
        if start is None:
            return asked.base("unknown whether CMD is in effect")
        launches = launches_of_start(image, start)
    return asked.why(launches, subject, way)


class _Question:
    """One image, and the Dockerfile that says what it is unknown for."""

    def __init__(self, image: Image, dockerfile: Dockerfile) -> None:
        self.image = image
        self.dockerfile = dockerfile

    def why(self, launches: list[Launch], subject: Started, way: str) -> Why:
        for launch in launches:
            words = [launch.program, *([launch.script] if launch.script else [])]
            for word in words:
                if posixpath.basename(word.text) == subject.name:
                    is_program = word is launch.program
                    return self._of_word(launch, word.text, way, is_program=is_program)
        return Why(f"what {subject.by} starts is not followed", subject.word)

    def _of_word(self, launch: Launch, word: str, way: str, *, is_program: bool) -> Why:
        if is_program and launch.is_bare:
            return self._on_path(launch, word)
        path = launch.absolute(word)
        if path is None:
            return self.base("working directory unknown")
        cause = self.image.files.why_unknown(path)
        if cause is not None:
            return self._text(cause)
        node = self.image.files.find(path)
        if way == "bit-removed" and isinstance(node, File):
            if node.is_executable is None:
                doubt = node.mode_doubt
                return self._text(doubt) if doubt else Why("bits unknown", "no cause is known")
            return Why(f"it is known whether it is executable: {node.is_executable}", path)
        if way == "crlf" and isinstance(node, File):
            return Why(f"content {'unknown' if node.origin is None else 'known'}", path)
        return Why(f"known: {'there' if node is not None else 'missing'}, and not reported", path)

    def _on_path(self, launch: Launch, word: str) -> Why:
        if launch.path is UNKNOWN or not isinstance(launch.path, str):
            return self.base("PATH unknown")
        for directory in launch.path.split(":"):
            path = launch.absolute(posixpath.join(directory, word))
            if path is None:
                return self.base("working directory unknown")
            cause = self.image.files.why_unknown(path)
            if cause is not None:
                return self._text(cause)
        return Why("known: not on PATH, and not reported", word)

    def base(self, what: str) -> Why:
        """What the base image leaves unknown."""
        base = next((each for each in self.dockerfile.final if each.name == "FROM"), None)
        if base is None:
            return Why(what, "")
        kind = _kind("FROM", self.dockerfile.expand(base.text))
        return Why(f"{what}: {kind}", base.text)

    def _text(self, cause: Cause) -> Why:
        why = self._of_cause(cause)
        if why.kind.startswith("FROM ") and self.image.foreign is not None:
            foreign = self._of_cause(self.image.foreign)
            # What is the base's is the cause of nothing where the base is known.
            return foreign if self.image.base else why._replace(behind=foreign.kind)
        return why

    def _of_cause(self, cause: Cause) -> Why:
        start, end = cause.span
        text = " ".join(self.dockerfile.text[start:end].replace("\\\n", " ").split())
        instruction = self.dockerfile.at(start)
        if start == end or instruction is None:
            return Why(cause.reason or "no cause is known", text)
        name = instruction.name
        if name == "RUN":
            offset = start - instruction.body
            around = [part for part in split(instruction.text) if part[0] <= offset < part[1]]
            body = instruction.text[slice(*around[0])] if around else text
        else:
            body = instruction.text
        body = " ".join(body.lstrip("&|;").split())
        kind = _kind(name, self.dockerfile.expand(body) if name == "FROM" else body)
        return Why(f"{kind} ({cause.reason})" if cause.reason else kind, f"{name} {body}")


_SUBCOMMANDS = (
    "pip",
    "pip3",
    "conda",
    "poetry",
    "git",
    "npm",
    "python",
    "python2",
    "python3",
    "apt-get",
)


def _kind(name: str, text: str) -> str:
    """The kind of an instruction or command: what is left without what is of one gear alone."""
    if name == "FROM":
        words = [word for word in text.split() if not word.startswith("--")]
        image = re.sub(r"[:@][^/]*\Z", "", words[0]) if words else ""
        return f"FROM {image}:..."
    if name != "RUN":
        return f"{name} {_shape(text)}"
    first, *rest = (text[slice(*part)] for part in split(text, ("|",)))
    piped = [_shape(part).removesuffix(" ...").removesuffix(" -") for part in rest]
    return f"RUN {' | '.join([_shape(first), *piped])}"


def _shape(command: str) -> str:
    words = command.split()
    while words and re.match(r"[A-Za-z_]\w*=", words[0]):
        words = words[1:]
    if not words:
        return command.strip()
    shown = [words[0]]
    if posixpath.basename(words[0]) in _SUBCOMMANDS and len(words) > 1:
        shown.append(words[1])
        if words[1] == "-m" and len(words) > 2:
            shown.append(words[2])
    elif words[1:2] == ["-c"]:
        shown.append("-c")
    return " ".join(shown) + (" ..." if len(words) > len(shown) else "")
