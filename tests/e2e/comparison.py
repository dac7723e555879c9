"""What gearlint says of a gear against what its image really is."""

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gearlint.core.finding import Finding, Severity
from gearlint.core.source import read
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.engine.linter import lint
from gearlint.engine.settings import Settings
from gearlint.gear.gear import Gear
from gearlint.gear.manifest import Manifest
from gearlint.image.launch import BASH, Launch
from gearlint.image.nodes import Directory, File, Link, Node, walk
from gearlint.image.starts import entrypoint_of, launches_of_start
from gearlint.image.state import Image, Start
from tests.e2e.builder import Entry, Real
from tests.e2e.case import HOME

BUILDING = frozenset(("GL005", "GL310", "GL311", "GL312"))
BY_DOCKER = frozenset(("GL303", "GL304", "GL305", "GL306"))
BY_FLYWHEEL = frozenset(("GL302", "GL319", "GL401", "GL402", "GL408", "GL409"))
BY_BOTH = frozenset(("GL403", "GL404", "GL405", "GL410"))
"""The rules whose errors say that an image is not built, or is not started by whom."""


class Verdict(NamedTuple):
    """What is contradicted, and what the model did not know of an image that fails unnoticed."""

    contradictions: list[str]
    unknown: list[str]
    errors: list[Finding]
    said: list[str]


def judge(directory: Path, real: Real) -> Verdict:
    """Compare gearlint's answers on the gear in `directory` with its image."""
    root = str(directory.resolve())
    manifest = Manifest(read(f"{root}/manifest.json", root))
    gear = Gear(manifest, root)
    rules = BUILDING | BY_DOCKER | BY_FLYWHEEL | BY_BOTH
    result = lint(gear, Settings(select=tuple(rules)))
    errors = [finding for finding in result.findings if finding.severity is Severity.ERROR]
    wrong = [str(failure) for failure in result.failures]
    image = gear.image
    if image is None:
        wrong += ["the Dockerfile is refused"] if real.built else []
        return Verdict(wrong, [], errors, [])
    if real.built:
        wrong += _differences(image, real)
    wrong += _untrue(real, {finding.code for finding in errors})
    questions = []
    for codes, wrongs, open_questions in _silences(gear, image, real):
        if codes.isdisjoint(finding.code for finding in errors):
            questions += open_questions
            if not open_questions:
                wrong.append(f"no error says that {wrongs}")
    return Verdict(wrong, questions, errors, [*_answers(image), *questions])


def _untrue(real: Real, codes: set[str]) -> Iterator[str]:
    """The errors that the image belies."""
    if not real.built:
        return
    wrong = set(BUILDING)
    if real.by_docker.begun:
        wrong |= BY_DOCKER
    if real.by_flywheel.begun:
        wrong |= BY_FLYWHEEL
    if real.starts:
        wrong |= BY_BOTH
    for code in sorted(wrong & codes):
        yield f"{code} is not true"


def _silences(
    gear: Gear, image: Image, real: Real
) -> Iterator[tuple[frozenset[str], str, list[str]]]:
    """What is wrong with the image: codes of which one must be reported, and what excuses silence.

    The excuse is what the model does not know: of a build any file or directory; of a start, of
    what is started: the program, its bits, the script it is given, its directory and the PATH.
    """
    if not real.built:
        yield BUILDING, "the build fails", list(_vague_places(image))
        return
    if not real.by_docker.begun:
        start = entrypoint_of(image)
        launches = launches_of_start(image, start) if start else []
        questions = list(_questions(gear, image, launches))
        yield BY_DOCKER | BY_BOTH, "Docker does not start it", questions
    if not real.by_flywheel.begun:
        questions = list(_questions(gear, image, gear.run.by_flywheel))
        if BASH.on_path(image, "bash", is_own=False) is None:
            questions.append("whether bash is there is unknown")
        if isinstance(image.files.find(HOME), Unknown):
            questions.append(f"whether {HOME} is there is unknown")
        yield BY_FLYWHEEL | BY_BOTH, "Flywheel does not start it", questions


# --- the image as it is


def _differences(image: Image, real: Real) -> Iterator[str]:
    yield from _different_files(image, real)
    for name, value in image.environment.items():
        if isinstance(value, str) and real.environment.get(name) != value:
            yield f"ENV {name} is {real.environment.get(name)!r}, said {value!r}"
    for name in real.environment.keys() - image.environment.keys():
        said = image.variable(name)
        if not isinstance(said, Unknown) and said != real.environment[name]:
            yield f"ENV {name} is {real.environment[name]!r}, said {said!r}"
    # buildah keeps WORKDIR as it is written, BuildKit cleans it.
    if isinstance(image.workdir, str) and image.workdir != posixpath.normpath(real.workdir):
        yield f"WORKDIR is {real.workdir}, said {image.workdir}"
    for name, start, argv in (
        ("ENTRYPOINT", image.entrypoint, real.entrypoint), ("CMD", image.cmd, real.cmd),
    ):  # fmt: skip
        if not isinstance(start, Unknown) and _argv(image, start) != argv:
            yield f"{name} is {argv}, said {_argv(image, start)}"


def _argv(image: Image, start: Start | None) -> list[str]:
    if start is None:
        return []
    if start.argv is not None:
        return list(start.argv)
    return [] if isinstance(image.shell, Unknown) else [*image.shell, start.text]


def _different_files(image: Image, real: Real) -> Iterator[str]:
    """Of all that is, or is said to be, in the gear's directory."""
    paths = set(real.files)
    home = image.files.find(HOME)
    if isinstance(home, Directory):
        paths.update(_paths(home, HOME))
    for path in sorted(paths):
        said = image.files.find(path, follow=False)
        there = real.files.get(path)
        if isinstance(said, Unknown) or (isinstance(said, File) and said.doubt):
            continue
        if said is None or there is None:
            if said is not None or there is not None:
                yield f"{path} is {_described(there)}, said {_described(said)}"
            continue
        if isinstance(said, File):
            bits = there.mode if said.mode is not None else None
            fits = there.kind == "file" and (
                said.mode == bits if bits is not None
                else said.is_executable in (None, bool(there.mode & 0o111))
            )  # fmt: skip
        elif isinstance(said, Link):
            fits = there.kind == "link" and there.target == said.target
        else:
            # Builders do not agree on the bits of directories, on which nothing depends.
            fits = there.kind == "directory"
        if not fits:
            yield f"{path} is {_described(there)}, said {_described(said)}"


def _paths(directory: Directory, path: str) -> Iterator[str]:
    for name, node in directory.entries.items():
        if node is not None:
            yield f"{path}/{name}"
        if isinstance(node, Directory):
            yield from _paths(node, f"{path}/{name}")


def _described(entry: object) -> str:
    if entry is None:
        return "not there"
    if isinstance(entry, Link):
        return f"a link to {entry.target}"
    if isinstance(entry, Directory):
        return "a directory"
    if isinstance(entry, File):
        return f"a file {'of unknown bits' if entry.mode is None else oct(entry.mode)}"
    if isinstance(entry, Entry):
        return f"a {entry.kind} {entry.target or oct(entry.mode)}"
    return "unknown"


def _answers(image: Image) -> Iterator[str]:
    """What the model says, for people to read."""
    yield f"WORKDIR {image.workdir}, ENV {image.environment}"
    for name, start in (("ENTRYPOINT", image.entrypoint), ("CMD", image.cmd)):
        yield f"{name} {start if isinstance(start, Unknown) else _argv(image, start)}"
    home = image.files.find(HOME)
    yield f"{HOME}: {_described(home)}"
    if isinstance(home, Directory):
        for path in _paths(home, HOME):
            yield f"    {path}: {_described(image.files.find(path, follow=False))}"


# --- what the model leaves open


def _vague_places(image: Image) -> Iterator[str]:
    if isinstance(image.workdir, Unknown) or UNKNOWN in image.environment.values():
        yield "a variable or the working directory is unknown"
    for node in walk(image.files.root):
        if isinstance(node, Directory) and node.vague:
            yield f"what is in a directory of line {node.line} is unknown"
        if isinstance(node, File) and (node.mode is None or node.doubt is not None):
            yield f"the bits of a file of line {node.line} are unknown"


def _questions(gear: Gear, image: Image, launches: list[Launch]) -> Iterator[str]:
    if not launches:
        yield "what is started is unknown"
    for started in launches:
        words = started.words
        if isinstance(started.cwd, Unknown) or isinstance(started.path, Unknown):
            yield f"the directory or the PATH of {words[0].text} is unknown"
        program = started.started_file(image)
        if started.is_bare:
            name = started.program.text
            is_there = started.on_path(image, name, is_own=False)
            if is_there is None:
                yield f"whether {name} is on the PATH is unknown"
        for word in started.by_path:
            if _is_open(started.find(image, word.text)):
                yield f"what is at {word.text} is unknown"
        if program is not None:
            yield from _questions_of_script(gear, image, started, program.file)


def _questions_of_script(gear: Gear, image: Image, started: Launch, file: File) -> Iterator[str]:
    """What is not known of a script that is started by its own name."""
    script = gear.scripts.of(file)
    if script is None:
        yield f"what is in {started.program.text} is unknown"
    elif script.shebang:
        if isinstance(started.find(image, script.shebang[0]), Unknown):
            yield f"whether the interpreter of {started.program.text} is there is unknown"
    elif not script.is_python and not script.is_binary:
        yield f"what language {started.program.text} is in is unknown"


def _is_open(node: Node | Unknown | None) -> bool:
    if isinstance(node, File):
        return node.is_executable is None or node.doubt is not None
    return isinstance(node, Unknown)
