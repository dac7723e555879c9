"""What the model knows of one gear, and for all that is unknown why: for `gearlint explain`."""

import posixpath
import re
from collections.abc import Callable
from contextlib import suppress

from gearlint.core.errors import GearlintError
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import shown_path
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.engine.listing import NO_LISTING, Listing, listing_of
from gearlint.engine.places import Place, Places, Why, shortened
from gearlint.gear.gear import MANIFEST, Gear
from gearlint.gear.run import Run
from gearlint.image.bases import DEFAULT_PATH
from gearlint.image.launch import Argument, Launch
from gearlint.image.nodes import Directory, File
from gearlint.image.starts import entrypoint_of, launches_of_start, one_word
from gearlint.image.state import GEAR_DIRECTORY, Image

NO_FILE = "no-such-file"
"""The name of a file that no gear has: what is known of it is known of every missing one."""

PROGRAM, SCRIPT = "program", "script"


class BaseImage(NamedTuple):
    """The base image of FROM with its variables replaced.

    `known` is whether it is in the table, or `scratch`; `why` says why not. `source` is the public
    file that the table has it from.
    """

    image: str
    line: int
    known: bool
    family: str | None
    source: str | None
    why: Why | None


class Started(NamedTuple):
    """A program or script that is started, by the word that names it.

    `role` is `program`, or `script` for a file that an interpreter is given. `found` is `yes`, `no`
    or `unknown`. `where` is what it comes from: `gear` (`file` is then its path), `build` (made by
    an instruction), `base`, `shell` (a builtin) or `flywheel` (made before the run); `None` if that
    is unknown. `interpreter` is its `#!` line without the mark. `mode` is octal, and `None` where
    it is unknown; `executable` may be known all the same.
    """

    role: str
    word: str
    path: str | None
    found: str
    where: str | None = None
    file: str | None = None
    interpreter: str | None = None
    put_by: Place | None = None
    mode: str | None = None
    executable: bool | None = None
    mode_set_by: Place | None = None
    why: Why | None = None


class Launched(NamedTuple):
    """What `docker run` or Flywheel starts.

    `by` is `ENTRYPOINT`, `CMD`, `command`, or `run` for Flywheel's default; `text` is as written.
    `directory` and `path` (PATH) are those in effect. `why` says why nothing is started, or what is
    not known; `why_directory` and `why_path` why those are not known.
    """

    by: str | None
    line: int | None
    text: str | None
    directory: str | None
    path: str | None
    starts: list[Started]
    why: Why | None = None
    why_directory: Why | None = None
    why_path: Why | None = None


class UnknownPath(NamedTuple):
    """A path at which, and below which, anything may be, and why."""

    path: str
    why: Why


class Explanation(NamedTuple):
    """What is known of one gear.

    `problem` says why there is no image. `missing_is_known` is whether what nothing copies is
    certainly not below `/flywheel/v0`; `unknown` is what keeps it from that, or is unknown there.
    `options` and `inputs` are what the manifest declares beside what the code reads.
    """

    name: str | None
    manifest: str
    dockerfile: str | None
    context: str | None
    problem: str | None
    base: BaseImage | None
    docker: Launched | None
    flywheel: Launched
    missing_is_known: bool | None
    unknown: list[UnknownPath]
    options: Listing = NO_LISTING
    inputs: Listing = NO_LISTING


def explanation_of(gear: Gear) -> Explanation:
    """All that is to be said of one gear."""
    name, manifest = gear.manifest.string("name"), gear.manifest.source.path
    try:
        problem, image = _problem(gear), gear.image
        dockerfile, context = gear.dockerfile, gear.context
    except GearlintError as error:
        problem, image, dockerfile, context = str(error), None, None, None
    run = gear.run if image is not None else Run(gear.manifest, None, None, gear.scripts, None)
    launches = run.by_flywheel
    path = dockerfile.source.path if dockerfile is not None else None
    directory = shown_path(context.directory) if context is not None else None
    if dockerfile is None or image is None:
        words = [Started(PROGRAM, one.program.text, None, "unknown") for one in launches]
        words += [
            Started(SCRIPT, one.script.text, None, "unknown") for one in launches if one.script
        ]
        flywheel = _by_flywheel(gear, list(dict.fromkeys(words)))
        return Explanation(name, manifest, path, directory, problem, None, None, flywheel, None, [])
    model = _Model(gear, image, Places(dockerfile, image))
    return Explanation(
        name,
        manifest,
        path,
        directory,
        None,
        model.base(),
        model.docker(),
        _by_flywheel(gear, model.started(launches)),
        image.files.why_unknown(f"{GEAR_DIRECTORY}/{NO_FILE}") is None,
        model.unknown(),
        listing_of(gear, "option"),
        listing_of(gear, "input"),
    )


def _problem(gear: Gear) -> str | None:
    """Why there is no image, in one line; `None` where there is one."""
    if gear.stands_alone:
        return f"a Dockerfile is looked for only beside a {MANIFEST}"
    dockerfile = gear.dockerfile
    if dockerfile is None:
        return "there is no Dockerfile beside the manifest"
    if gear.dockerfile_faults:
        fault = gear.dockerfile_faults[0]
        line = dockerfile.source.position(fault.span.start).line
        return f"the Dockerfile is refused, line {line}: {fault.message} (GL005)"
    return "the Dockerfile is not read: it is too long" if dockerfile.is_too_long else None


def _by_flywheel(gear: Gear, started: list[Started]) -> Launched:
    """What Flywheel starts."""
    manifest = gear.manifest
    environment = manifest.object("environment")
    path, command = environment.get("PATH", DEFAULT_PATH), manifest.string("command")
    why = None
    if not manifest.fields:
        why = Why("the manifest cannot be read")
    elif command is None and "command" in manifest.fields:
        why = Why("command is not a string")
    elif not started:
        why = _why_not_followed(command or "", environment.get)
    by = "command" if "command" in manifest.fields else "run" if manifest.fields else None
    text = shortened(" ".join(command.split())) if command else None
    if isinstance(path, str):
        return Launched(by, None, text, GEAR_DIRECTORY, path, started, why)
    why_path = Why("PATH in environment is not a string")
    return Launched(by, None, text, GEAR_DIRECTORY, None, started, why, why_path=why_path)


def _why_not_followed(text: str, lookup: Callable[[str], object]) -> Why:
    """Why nothing is known of what a command line starts."""
    names = dict.fromkeys(re.findall(r"\$\{?([A-Za-z_]\w*)", text))
    unknown = [name for name in names if not isinstance(lookup(name), str)]
    if unknown:
        return Why(f"${unknown[0]} has no known value")
    if "{" in text:
        return Why("it is a template")
    return Why("it is not certain which program it starts")


class _Model:
    """One gear, the image that it builds, and the places in its Dockerfile."""

    def __init__(self, gear: Gear, image: Image, places: Places) -> None:
        self.gear = gear
        self.image = image
        self.places = places

    def base(self) -> BaseImage:
        """The base image."""
        image, places = self.image, self.places
        name = places.base_name or places.base.base.text
        line, base = places.base.instruction.start_line, image.base
        if base is not None:
            return BaseImage(name, line, True, base.family or None, base.source, None)
        if image.is_scratch:
            return BaseImage(name, line, True, None, None, None)
        return BaseImage(
            name, line, False, None, None, places.why_base("")._replace(reason=places.base_reason)
        )

    def unknown(self) -> list[UnknownPath]:
        """What keeps missing files from being known, or, where they are, what is unknown below."""
        image, places = self.image, self.places
        first = image.files.why_unknown(f"{GEAR_DIRECTORY}/{NO_FILE}")
        found: dict[Why, UnknownPath] = {}
        if first is not None:
            found[places.why(first)] = UnknownPath(GEAR_DIRECTORY, places.why(first))
        for path, cause in image.files.forgotten:
            is_below = path.startswith(f"{GEAR_DIRECTORY}/")
            is_above = path == "/" or f"{GEAR_DIRECTORY}/".startswith(f"{path}/")
            is_anywhere = path.startswith("/**/")
            if is_anywhere or (is_above if first is not None else is_below):
                why = places.why(cause)
                found.setdefault(why, UnknownPath(path, why))
        return list(found.values())

    # --- what is started

    def docker(self) -> Launched:
        """What `docker run` starts."""
        image, places = self.image, self.places
        path, directory = image.variable("PATH"), image.workdir
        by = line = text = why = None
        started: list[Started] = []
        start = entrypoint_of(image)
        if start is not None:
            by, line = start.instruction.name, start.instruction.start_line
            text = shortened(" ".join(start.text.split()))
            one = one_word(image, start)
            if one is not None:  # GL303
                nothing = Why("no program has this name, with its space")
                started = [Started(PROGRAM, one.text, None, "no", why=nothing)]
            else:
                started = self.started(launches_of_start(image, start))
            why = None if started else _why_not_followed(start.text, image.variable)
        elif image.inherited_entrypoint:
            by, text = "ENTRYPOINT", f"{image.inherited_entrypoint} of the base image"
            word = Argument(image.inherited_entrypoint)
            started = self.started([Launch((word,), directory, path, by_shell=False)])
        elif image.entrypoint is None and image.cmd is not None:
            why = places.why_base("that is in the CMD of the base image")
        elif UNKNOWN in (image.entrypoint, image.cmd):
            why = places.why_base("the base image may have an ENTRYPOINT or CMD")
        else:
            why = Why("there is neither ENTRYPOINT nor CMD")
        return Launched(
            by,
            line,
            text,
            None if isinstance(directory, Unknown) else directory,
            path if isinstance(path, str) else None,
            started,
            why,
            places.why_directory() if isinstance(directory, Unknown) else None,
            None if isinstance(path, str) else places.why_variable("PATH"),
        )

    def started(self, launches: list[Launch]) -> list[Started]:
        """The programs and scripts that are started."""
        found = []
        for launch in launches:
            found.append(self._program(launch))
            if launch.script is not None:
                found.append(self._at(launch, launch.script.text, role=SCRIPT))
        return list({(each.word, each.path): each for each in found}.values())

    def _program(self, launch: Launch) -> Started:
        """The program that is started, looked up on PATH if it has no slash."""
        word = launch.program.text
        image = self.image
        program = launch.started_file(image)
        if program is not None and not program.is_found:
            meant = f"not on PATH; {program.path} is the gear's file of that name"
            return Started(PROGRAM, word, None, "no", why=Why(meant))
        if program is not None:
            return self._file(word, program.path, program.file, role=PROGRAM)
        if not launch.is_bare:
            return self._at(launch, word, role=PROGRAM)
        if launch.is_nowhere(image):
            return Started(PROGRAM, word, None, "no", why=Why("not on PATH"))
        if launch.is_builtin:
            return Started(PROGRAM, word, None, "yes", "shell")
        has = image.base.programs.get(word) if image.base is not None else None
        if has:
            return Started(PROGRAM, word, None, "yes", "base")
        if launch.on_path(image, word, is_own=False):
            return Started(PROGRAM, word, None, "yes", "build")
        return Started(PROGRAM, word, None, "unknown", why=self._why_program(word, launch, has))

    def _why_program(self, word: str, launch: Launch, has: bool | None) -> Why:
        """Why it is unknown whether a bare name is on PATH; `has` is what the table says."""
        image, places = self.image, self.places
        if not isinstance(launch.path, str):
            return Why("PATH is not known")
        if has is False:
            if image.foreign is not None:
                what = "not in the base image, and this may bring it"
                return places.why(image.foreign)._replace(reason=what)
            return Why("not in the base image, and an installed package may bring it")
        if image.base is not None:
            return places.why_base(f"the table does not say whether the base image has {word}")
        places_on_path = (posixpath.join(each, word) for each in launch.path.split(":"))
        causes = filter(None, map(image.files.why_unknown, places_on_path))
        cause = next(causes, None) if image.is_scratch else None
        return places.why(cause) if cause else places.why_base("the base image may have it")

    def _at(self, launch: Launch, word: str, *, role: str) -> Started:
        """What is at a path that is started."""
        image, places = self.image, self.places
        absolute = launch.absolute(word)
        if absolute is None:
            return Started(
                role, word, None, "unknown", why=Why("the directory it is in is not known")
            )
        path, node = posixpath.normpath(absolute), launch.find(image, word)
        if isinstance(node, File):
            return self._file(word, path, node, role=role)
        if isinstance(node, Directory):
            return Started(role, word, path, "no", why=Why("it is a directory"))
        if node is None:
            return Started(role, word, path, "no", why=Why("not in the image"))
        cause = image.files.why_unknown(path)
        if cause is None:
            return Started(role, word, path, "unknown", "flywheel", why=Why("Flywheel makes it"))
        directory, name = posixpath.split(path)
        base = image.base
        if base is not None and directory in ("/bin", "/usr/bin") and base.programs.get(name):
            return Started(role, word, path, "yes", "base")
        why = places.why(cause)
        if why.line == places.base.instruction.start_line:
            why = why._replace(reason="the base image may have it")
        return Started(role, word, path, "unknown", why=why)

    def _file(self, word: str, path: str, file: File, *, role: str) -> Started:
        """A file of the image."""
        origin = shown_path(file.origin) if file.origin is not None else None
        put_by = self.places.of_line(file.line, path)
        set_by = self.places.of_line(file.mode_line, path)
        doubt = file.mode_doubt if file.is_executable is None else None
        why = self.places.why(doubt) if doubt is not None else None
        if why is not None and why.line is not None:
            why = why._replace(reason="it may change the mode")
        words: list[str] = []
        with suppress(GearlintError):
            script = self.gear.scripts.of(file) if role == PROGRAM else None
            words = script.shebang if script is not None else []
        return Started(
            role,
            word,
            path,
            "yes",
            "gear" if origin is not None else "build",
            origin,
            " ".join(words) or None,
            put_by,
            None if file.mode is None else f"{file.mode:o}",
            file.is_executable,
            set_by,
            why,
        )
