"""GL140-GL143, GL315, GL318: the environment of the run, in the manifest and in the image."""

import posixpath
import re
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.finding import Fix, Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.source import Span, is_within
from gearlint.core.text import dotted, quoted
from gearlint.core.unknown import UNKNOWN
from gearlint.gear.gear import Gear
from gearlint.image.launch import Argument, Launch
from gearlint.image.nodes import File
from gearlint.image.stages import base_of, instructions_of_image
from gearlint.image.state import Image
from gearlint.rules.registry import rule
from gearlint.syntax.dockerfile import Dockerfile, Pair

_VARIABLE = regex(r"(?<![\\$])\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)[^{}]*\})")
_OF_PYTHON = regex(r"conda|mamba|venv|virtualenv")
_OF_SYSTEM = ("/usr/local/sbin", "/usr/local/bin", "/usr/bin")
"""The directories that PATH begins with where nothing was put before them."""


@rule("GL140", "environment-type", Severity.ERROR, fix="safe")
def environment_type(gear: Gear) -> Iterator[Problem]:
    """A variable of the environment is not a string.

    Environment variables are text; a number or `true` has to be in quotes. Source: manifest
    schema of `fw-gear` 0.3.7.

    Bad:

        "environment": {"OMP_NUM_THREADS": 8}

    Good:

        "environment": {"OMP_NUM_THREADS": "8"}
    """
    for fault in gear.schema_faults("environment"):
        from gearlint.gear.edits.manifest import put_in_quotes

        is_path = fault.path[-1] == "PATH"  # which no number can be
        yield gear.at.value(
            fault.path,
            f"{dotted(fault.path)} is {fault.found}, expected a string",
            _as_string(gear.manifest.get(*fault.path), is_path=is_path),
            fix=None if is_path else put_in_quotes(gear.manifest, fault.path, is_safe=True),
        )


def _as_string(value: object, *, is_path: bool) -> str:
    if is_path:
        return 'write its directories in one string, as "/usr/local/bin:/usr/bin:/bin"'
    if isinstance(value, bool | int | float):
        return "put it in quotes"
    return 'write "", or remove the variable' if value is None else "write one string in quotes"


@rule("GL141", "environment-path", Severity.WARNING)
def environment_path(gear: Gear) -> Iterator[Problem]:
    """The PATH of the environment leaves out the system's directories, or has what is not one.

    The run is `bash -c` with this PATH and no other: where it has neither `/bin` nor `/usr/bin`,
    bash itself is not found. A `$PATH` or `~` in it is not replaced by anything, and an entry that
    does not begin with `/` is looked for below `/flywheel/v0`. Source: Flywheel's public
    documentation.

    Bad:

        "environment": {"PATH": "/opt/fsl/bin:$PATH"}

    Good:

        "environment": {"PATH": "/opt/fsl/bin:/usr/local/bin:/usr/bin:/bin"}
    """
    path = gear.manifest.string("environment", "PATH")
    if path is None:
        return
    where = ("environment", "PATH")
    if not _has_system(path):
        yield gear.at.value(
            where,
            f"PATH {quoted(path)} has neither /bin nor /usr/bin: bash will not be found",
            "add :/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        )
        return
    for start, entry in _wrong_entries(path):
        yield gear.at.part(where, start, start + len(entry), *_wrong_entry(entry))
        return  # one is enough: a PATH is written anew as a whole


def _has_system(path: str) -> bool:
    """Whether bash is found by a PATH."""
    directories = {directory.rstrip("/") for directory in path.split(":")}
    return not directories.isdisjoint(("/bin", "/usr/bin"))


def _wrong_entries(path: str) -> Iterator[tuple[int, str]]:
    """The entries of a PATH that are not directories, each with the character where it starts."""
    start = 0
    for entry in path.split(":"):
        is_of_run = entry in ("", ".") or entry.startswith("./")
        if not entry.startswith("/") and not is_of_run:
            yield start, entry
        start += len(entry) + 1


def _wrong_entry(entry: str) -> tuple[str, str]:
    """What is wrong with an entry of PATH that does not begin with `/`, and what to do."""
    if entry.startswith("PATH="):
        return 'the value of PATH begins with "PATH="', 'remove "PATH=": the key is the name'
    if expanded := _VARIABLE.match(entry) or re.match("~", entry):
        return f"nothing replaces {quoted(expanded[0])} in PATH", "write out the directories"
    return f'entry {quoted(entry)} of PATH does not begin with "/"', "write the whole path"


@rule("GL142", "environment-not-expanded", Severity.WARNING)
def environment_not_expanded(gear: Gear) -> Iterator[Problem]:
    """A value of the environment has a variable in it, which nothing replaces.

    Flywheel sets the variables as they are written: a program gets `${FSLDIR}/bin` with the dollar
    sign. GL141 reports those in PATH. Source: Flywheel's public documentation.

    Bad:

        "environment": {"FSLDIR": "/opt/fsl", "FSL_BIN": "${FSLDIR}/bin"}

    Good:

        "environment": {"FSLDIR": "/opt/fsl", "FSL_BIN": "/opt/fsl/bin"}
    """
    environment = gear.manifest.object("environment")
    for name, value in environment.items():
        if not isinstance(value, str) or name == "PATH":
            continue
        found = _VARIABLE.search(value)
        if found is None:
            continue
        other = found[1] or found[2]
        known = environment.get(other)
        written = value.replace(found[0], known) if isinstance(known, str) else "$"
        advice = f"write {quoted(written)}" if "$" not in written else "write out its value"
        if other == name:
            advice = f"remove it, or write out the value that {name} has in the image"
        yield gear.at.part(
            ("environment", name),
            *found.span(),
            f"nothing replaces {quoted(found[0])} in {dotted(('environment', name))}",
            advice,
        )


@rule("GL143", "variable-not-in-manifest", Severity.WARNING, fix="safe")
def variable_not_in_manifest(gear: Gear) -> Iterator[Problem]:
    """The gear's own code needs an environment variable that Flywheel does not set.

    On Flywheel the gear gets the variables of the manifest's `environment`, and not those of the
    Dockerfile's ENV: `os.environ["FSLDIR"]` of one of these works under `docker run` and raises
    KeyError there, and in a shell script `$FSLDIR` is empty. Reported are what every run of a
    Python script comes to, and in shell scripts the variables of the Dockerfile's own ENV; nothing
    that any of the code may set, ask for or catch. `fw-beta gear build` copies ENV into the
    manifest. Source: Flywheel's public documentation.

    Bad run.py:

        #!/usr/bin/env python3
        import os

        print(os.environ["FSLDIR"])

    Good run.py:

        #!/usr/bin/env python3
        import os

        print(os.environ.get("FSLDIR", "/opt/fsl"))
    """
    code, image = gear.code, gear.image
    if code is None or image is None or gear.dockerfile is None:
        return
    if not code.shell_scripts and not any("environ[" in text for text in code.python_texts):
        return
    if _says_environment_otherwise(gear):
        return
    from gearlint.gear.unset_variables import unset_in_python, unset_in_shell

    is_set = gear.manifest.object("environment").keys()
    by_env = {pair.key.text for pair in _env_pairs(gear.dockerfile)} - is_set - {"PATH"}
    fixed: set[str] = set()
    for each in (*unset_in_python(code, is_set), *unset_in_shell(code, by_env)):
        then = "raises KeyError" if each.is_python else "is empty"
        message = f"{each.text} {then} on Flywheel, where the manifest alone sets variables"
        fix = _in_environment(gear, image, [each.name]) if each.name not in fixed else None
        fixed.add(each.name)
        advice = 'set it under "environment" in the manifest'
        yield Problem(each.source, each.span, message, advice, fix=fix)


def _says_environment_otherwise(gear: Gear) -> bool:
    """Whether a misspelt field is meant for the environment: GL102 says so."""
    return "environment" in gear.misspelt_fields.values()


@rule("GL315", "path-not-in-manifest", Severity.WARNING, fix="safe")
def path_not_in_manifest(gear: Gear) -> Iterator[Problem]:
    """The image has a directory before PATH for `command`, and the manifest does not.

    Flywheel does not pass the Dockerfile's ENV to the gear, nor that of the base image: a `command`
    that starts a program of that directory by its bare name, or a script whose `#!` line does by
    `env`, works under `docker run`, and on Flywheel starts another one, or none. In the example the
    Dockerfile has `ENV PATH=/opt/conda/bin:$PATH`. Source: Flywheel's public documentation; seen in
    public gears.

    Bad:

        "command": "python run.py",
        "environment": {}

    Good:

        "command": "python run.py",
        "environment": {"PATH": "/opt/conda/bin:/usr/local/bin:/usr/bin:/bin"}
    """
    image, path = gear.image, gear.manifest.object("environment").get("PATH")
    if image is None or gear.dockerfile is None or not (path is None or isinstance(path, str)):
        return
    if path is not None and not _is_good("PATH", path):
        return  # GL141 says so
    places = _paths_set(gear.dockerfile, image)
    found = _looked_up(gear, image) if places else None
    if found is None or _says_environment_otherwise(gear):
        return
    started, what = found
    lacking = _lacking(image, started, places, is_set=path is not None)
    fix = _in_environment(gear, image, ["PATH"]) if lacking and path is None else None
    most = _most_offered(fix)
    for number, (span, directory) in enumerate(lacking.items()):
        of_base = span == base_of(gear.dockerfile).base.span
        which = "the PATH of this image" if of_base else "this PATH"
        message = f"Flywheel does not pass {which} to the gear"
        advice = 'set PATH under "environment" in the manifest too'
        if path is not None:
            message = f"the gear gets the manifest's PATH, without {quoted(directory)}"
            advice = f"put {quoted(f'{directory}:')} at the beginning of that PATH"
        yield gear.at.dockerfile(
            span, f"{message}, and {what}", advice, fix=fix if number < most else None
        )


def _paths_set(dockerfile: Dockerfile, image: Image) -> list[tuple[Span, str]]:
    """What the base image and each ENV set PATH to, and where that is."""
    pairs = [pair for pair in _env_pairs(dockerfile) if pair.key.text == "PATH"]
    places = [(pair.key.span, pair.value.text if pair.value else "") for pair in pairs]
    of_base = image.base.path if image.base is not None else UNKNOWN
    if isinstance(of_base, str) and not of_base.startswith(_OF_SYSTEM):  # as of most bases
        path = image.variable("PATH")
        if isinstance(path, str) and path.endswith(of_base):
            return [(base_of(dockerfile).base.span, of_base), *places]
    return places


def _looked_up(gear: Gear, image: Image) -> tuple[Launch, str] | None:
    """The first program that a run looks up on PATH, and what does so."""
    for one in gear.run.by_command:
        if one.is_bare:
            return one, f"command starts {quoted(one.program.text)}"
    for one in gear.run.by_flywheel:
        program = one.started_file(image)
        script = gear.scripts.of(program.file) if program is not None else None
        words = script.shebang if script is not None else []
        if len(words) == 2 and words[0].endswith("/env"):
            by_env = one._replace(words=(Argument(words[1]),))
            return by_env, f"{quoted(one.program.text)} is started by {quoted(words[1])}"
    return None


def _lacking(
    image: Image, started: Launch, places: list[tuple[Span, str]], *, is_set: bool
) -> dict[Span, str]:
    """What puts a directory before PATH in which a program is meant to be found, and that one.

    Where the manifest sets PATH (`is_set`), only a directory that is not there, and is written out.
    """
    others = started.directories
    if not started.path or others is None:
        return {}
    known = {directory.rstrip("/") for directory in others if is_set}
    name = started.program.text
    reached = [image.files.resolved(posixpath.join(other, name)) for other in others]
    found: dict[Span, str] = {}
    for span, value in places:
        for directory in _put_before_path(value):
            is_unknown = is_set and (not directory.startswith("/") or "$" in directory)
            if is_unknown or directory.rstrip("/") in known:
                continue
            if _is_for(image, started, directory, reached):
                found.setdefault(span, directory)
    return found


def _env_pairs(dockerfile: Dockerfile) -> list[Pair]:
    """What the ENV instructions set that make the image, in order."""
    instructions = instructions_of_image(dockerfile)
    return [pair for each in instructions if each.name == "ENV" for pair in each.pairs]


def _in_environment(gear: Gear, image: Image, names: list[str]) -> Fix | None:
    """The variables of these names, as the image has them, put into the manifest's environment.

    Not those whose value GL141 or GL142 would report there.
    """
    from gearlint.gear.edits.manifest import inserted_under
    from gearlint.gear.schema import known_fields

    known = {name: image.variable(name) for name in names}
    values = {
        name: value
        for name, value in known.items()
        if isinstance(value, str) and _is_good(name, value)
    }
    if not values or not gear.manifest.is_json:
        return None
    return inserted_under(gear.manifest, "environment", values, known_fields(), is_safe=True)


def _is_good(name: str, value: str) -> bool:
    """Whether the manifest may set a variable to a value."""
    if name == "PATH":
        return _has_system(value) and not any(_wrong_entries(value))
    return _VARIABLE.search(value) is None


def _most_offered(fix: Fix | None) -> int:
    """How many findings may share a fix."""
    if fix is None:
        return 0
    return limits.ENVIRONMENT_FIX_BYTES // sum(len(edit.replacement) for edit in fix.edits) + 1


def _put_before_path(value: str) -> list[str]:
    """The directories that a value of PATH puts before those of the system."""
    before = re.split(rf"\$\{{?PATH\b|{'|'.join(_OF_SYSTEM)}", value, maxsplit=1)[0]
    return [directory for directory in before.strip("\"'").split(":") if directory]


def _is_for(image: Image, started: Launch, directory: str, others: list[str]) -> bool:
    """Whether a program is meant to be found in a directory, and is none of these others."""
    if any(is_within(other, directory.rstrip("/")) for other in others):
        return False
    if isinstance(image.files.find(posixpath.join(directory, started.program.text)), File):
        return True
    is_elsewhere = started.interpreter != "python" or any(map(_OF_PYTHON.search, others))
    return not is_elsewhere and _OF_PYTHON.search(directory) is not None


@rule("GL318", "env-not-in-manifest", Severity.INFO, default=False, fix="safe")
def env_not_in_manifest(gear: Gear) -> Iterator[Problem]:
    """The Dockerfile sets a variable that Flywheel does not pass to the gear.

    On Flywheel the gear gets the manifest's `environment`, and not the Dockerfile's ENV.
    `fw-beta gear build` copies it there. In the example the Dockerfile has `ENV FSLDIR=/opt/fsl`.
    Source: Flywheel's public documentation.

    Bad:

        "environment": {}

    Good:

        "environment": {"FSLDIR": "/opt/fsl"}
    """
    image = gear.image
    if image is None or gear.dockerfile is None or not isinstance(gear.manifest.value, dict):
        return
    environment = gear.manifest.object("environment")
    unseen = {
        pair.key.text: pair.key.span
        for pair in _env_pairs(gear.dockerfile)
        if pair.key.text != "PATH" and pair.key.text not in environment
    }
    if not unseen or _says_environment_otherwise(gear):
        return
    fix = _in_environment(gear, image, list(unseen))
    left = _most_offered(fix)
    for name, span in unseen.items():
        value = image.variable(name)
        has_fix = isinstance(value, str) and _is_good(name, value) and left > 0
        left -= has_fix
        yield gear.at.dockerfile(
            span,
            f"Flywheel does not pass {name} to the gear",
            'set it under "environment" in the manifest too',
            fix=fix if has_fix else None,
        )
