"""The gear's own code: the Python programs that are started, and what they read."""

import posixpath
from collections.abc import Iterator, Set

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.lazy import cached_property, regex
from gearlint.core.source import Source
from gearlint.core.unknown import UNKNOWN
from gearlint.gear.run import Run
from gearlint.gear.script import Script, Scripts
from gearlint.gear.started import StartByName, Started
from gearlint.image.context import Context
from gearlint.image.launch import Launch
from gearlint.image.nodes import File
from gearlint.image.state import Image

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.gear.gear import Gear
    from gearlint.python.evaluator import Evaluator
    from gearlint.python.imports import MissingImport
    from gearlint.python.program import Program
    from gearlint.python.reads import Reads
    from gearlint.syntax.shell.model import Command

PYTHONPATH = "PYTHONPATH"
_OF_BASE = ("python", "/usr/local/bin/python", "/usr/bin/env python")
"""What starts the Python of the base image, by the program or the `#!` line."""
_OTHERS = ("python2", "python-2", "py2", "conda", "activate", "virtualenv", "pyenv", "ln -s")
"""What may put another `python` before that of the base."""
_TOLERATED = regex(r"[ \t\\\n]{0,20}\|\|(?!\s{0,9}exit\b)")
"""What is after a command that may fail."""


class Code:
    """The code of one gear: what `run` starts in `image`."""

    def __init__(self, run: Run, image: Image, context: Context, scripts: Scripts) -> None:
        self.run = run
        self.image = image
        self._context = context
        self._scripts = scripts
        self._variables = run.manifest.object("environment")
        self._launches: dict[str, list[tuple[Launch, Command]]] = {}

    @cached_property
    def started(self) -> list[Started]:
        """The scripts that are started, each once, by Flywheel and then by Docker.

        Last the shell scripts that its Python names, and so may start.
        """
        found = list(self._started_directly)
        if any(".sh" in text for text in self.python_texts):
            from gearlint.gear.named_scripts import named_scripts

            named = [each for one in self.programs for each in named_scripts(one)]
            paths = {one.path for one in found}
            others = self._started_by([(launch, False) for launch in named])
            found += [one for one in others if one.path not in paths]
        return found

    @cached_property
    def _started_directly(self) -> list[Started]:
        """Those that the run starts, and what shell scripts among them start."""
        launches = (*self.run.by_flywheel, *self.run.by_docker)
        return self._started_by([(launch, True) for launch in launches])

    @cached_property
    def started_by_flywheel(self) -> list[Started]:
        """Those that Flywheel's run starts, directly or not."""
        return self._started_by([(launch, True) for launch in self.run.by_flywheel])

    def _started_by(self, launches: list[tuple[Launch, bool]]) -> list[Started]:
        """What launches start, directly or not, each with whether every run does."""
        found: dict[str, Started] = {}
        shell = Budget(limits.STARTED_SCRIPT_CHARACTERS)
        while launches and len(found) < limits.STARTED_SCRIPTS:
            launch, is_always = launches.pop(0)
            for one in self._of(launch):
                if one.path not in found:
                    size = len(one.script.text) if one.script.is_shell else 0
                    if size <= limits.SHELL_CHARACTERS and not shell.spend(size):
                        continue
                    found[one.path] = one._replace(is_always=is_always)
                    launches += [
                        (inner, is_always and _is_needed(one, command))
                        for inner, command in self.launches_of(one)
                    ]
                elif is_always:
                    found[one.path] = found[one.path]._replace(is_always=True)
        return list(found.values())

    @cached_property
    def started_by_name(self) -> list[StartByName]:
        """Those that are started by their names in every run, by Docker and then by Flywheel.

        Docker's come first, by which a fault is an error even where it is a warning for a shell,
        and those that a shell script starts last.
        """
        found: list[StartByName] = []
        direct = (*self.run.by_docker, *self.run.by_flywheel)
        programs = [(launch, launch.started_file(self.image), True) for launch in direct]
        if any(map(self.launches_of, self.started)):
            from gearlint.gear.starts import path_starts

            others = path_starts(self)
            programs += [(one.launch, one.program, one.is_certain) for one in others]
        for launch, program, is_certain in programs:
            script = self._scripts.of(program.file) if program is not None else None
            if program is not None and script is not None and not script.is_binary:
                found.append(StartByName(launch, script, program.file, is_certain))
        return found

    def launches_of(self, started: Started) -> "list[tuple[Launch, Command]]":
        """What a shell script may start or source, each with the command that does."""
        script = started.script
        if script.is_shell and started.path not in self._launches:
            from gearlint.image.shell_starts import launches_of_script
            from gearlint.syntax.shell.script_directory import with_directory

            launch, directory = started.launch, posixpath.dirname(started.path)
            text = with_directory(script.text, directory, is_sourced=started.is_sourced)
            self._launches[started.path] = list(
                launches_of_script(text, self._environment, launch.path, launch.cwd)
            )
        return self._launches.get(started.path, [])

    def _of(self, launch: Launch) -> Iterator[Started]:
        if launch.module is not None:
            yield from self._of_module(launch, launch.module.text)
        program = launch.started_file(self.image)
        if program is not None:
            yield from self._at(program.path, launch)
        for word in launch.named:
            path = launch.absolute(word.text)
            if not word.text.endswith(".py") and launch.starts_directory(self.image, word.text):
                path = f"{path}/__main__.py"
            yield from self._at(path, launch)

    def _of_module(self, launch: Launch, name: str) -> Iterator[Started]:
        """What `python -m name` starts."""
        base = launch.absolute(".")
        if base is None:
            return
        path = posixpath.normpath(posixpath.join(base, *name.split(".")))
        for place in (f"{path}/__main__.py", f"{path}.py"):
            for one in self._at(place, launch):
                yield one._replace(directory=posixpath.normpath(base))
                return

    def _at(self, path: str | None, launch: Launch) -> Iterator[Started]:
        """The script of the gear that is at a path of the image, or is meant to be."""
        if path is None:
            return
        path = self.image.files.resolved(posixpath.normpath(path))
        node = self.image.files.find(path)
        is_certain = isinstance(node, File) and node.doubt is None
        if node is UNKNOWN:
            node = self.run.file_meant(path)
        script = self._scripts.of(node) if isinstance(node, File) else None
        if script is not None and not script.is_binary:
            yield Started(script, path, posixpath.dirname(path), is_certain, launch)

    @cached_property
    def programs(self) -> "list[Program]":
        """The Python programs among them."""
        scripts = [one for one in self._started_directly if one.script.is_python]
        if not scripts:
            return []
        from gearlint.python.program import Main, Program

        path = self._python_path
        mains = [
            Main(
                one.script.source,
                one.path,
                [one.directory, *path],
                one.is_always,
                is_certain=one.is_certain and one.interpreter.startswith("python"),
                is_3=self._is_python_3(one),
            )
            for one in scripts
        ]
        read = self._scripts.text_of
        return [Program(main, self.image, self._context, read) for main in mains]

    @cached_property
    def shell_scripts(self) -> list[Script]:
        """The shell scripts that are started, each once; only those certainly in the image."""
        scripts = (one.script for one in self.started if one.is_certain and one.script.is_shell)
        return list(dict.fromkeys(scripts))

    @cached_property
    def python_scripts(self) -> list[Script]:
        """The Python scripts that are started, and the modules that they may import.

        Each once: of the scripts those that are certainly in the image, of the modules those that
        do not parse here, or maybe not there.
        """
        found = {one.script.source: one.script for one in self.started if one.is_certain}
        for program in self.programs:
            new = [each for each in program.modules if each.source not in found]
            suspects = [
                each for each in new if each.is_refused or self.run.may_be_too_new(each.source)
            ]
            if not suspects:
                continue
            from gearlint.python.always import imported

            reached = imported(program)
            found |= {each.source: Script(each.source) for each in suspects if each in reached}
        return [script for script in found.values() if script.is_python]

    def _is_python_3(self, started: Started) -> bool:
        """Whether a Python 3 certainly runs a script: by that name, or as the one of the base."""
        name = started.interpreter or "python"
        if name != "python" or not self.run.has_base_python_3:
            return name.startswith("python3")
        by = started.launch.program.text
        if not started.launch.interpreter:
            by = " ".join(started.script.shebang) or name
        return by in _OF_BASE and not self.may_have_python_2

    @cached_property
    def may_have_python_2(self) -> bool:
        """Whether the Dockerfile or a script has another Python than that of the base."""
        dockerfile = self.run.dockerfile
        texts = [dockerfile.source.text or ""] if dockerfile is not None else []
        others = (one.script for one in self._started_directly if not one.script.is_python)
        texts += [script.text for script in others]
        return any(word in text for text in (self.run.command, *texts) for word in _OTHERS)

    def is_for_python_3(self, source: Source) -> bool | None:
        """Whether a Python 3 certainly runs each program that has a script or module.

        `None` where no program is known to have it.
        """
        answers = [
            program.started.is_3
            for program in self.programs
            if any(module.source is source for module in program.modules)
        ]
        return all(answers) if answers else None

    @cached_property
    def modules_always_run(self) -> list[Source]:
        """The Python scripts that every run starts, and what every run of them imports."""
        from gearlint.python.always import always_run

        certain = {one.script.source for one in self.started if one.is_certain and one.is_always}
        programs = [one.program for one in self.evaluators]
        imported = [always_run(one) for one in programs if one.started.script in certain]
        return [module.source for each in imported for module in each if not module.is_meant]

    @cached_property
    def _python_path(self) -> list[str | None]:
        """The directories of PYTHONPATH, in the manifest and in the image; `None`: unknown."""
        found: list[str | None] = []
        image = self.image
        for value in (self._variables.get(PYTHONPATH), image.variable(PYTHONPATH)):
            if value is UNKNOWN and (image.base is None or PYTHONPATH in image.environment):
                found.append(None)
            elif isinstance(value, str):
                parts = filter(None, value.split(":"))
                found += [part if part.startswith("/") else None for part in parts]
        return list(dict.fromkeys(found))

    @cached_property
    def evaluators(self) -> "list[Evaluator]":
        """What the expressions of each program may be."""
        from gearlint.python.evaluator import Evaluator
        from gearlint.python.paths import added_directories

        evaluators = []
        for program in self.programs:
            evaluator = Evaluator(program, self._environment)
            for _ in range(2):  # a directory that is added may have a module that adds another
                more = added_directories(evaluator)
                if not set(more) - set(evaluator.program.search):
                    break
                evaluator = Evaluator(evaluator.program.with_search(more), self._environment)
            evaluators.append(evaluator)
        return evaluators

    def _environment(self, name: str) -> str | None:
        for value in (self._variables.get(name), self.image.variable(name)):
            if isinstance(value, str):
                return value
        return None

    def may_read_others(self, declared: Set[str]) -> bool:
        """Whether its Python may read another option or input than those, as far as is cheap."""
        names = self._names_read
        return names is None or not names <= declared

    @cached_property
    def _names_read(self) -> set[str] | None:
        if not any(program.may_read for program in self.programs):
            return set()
        from gearlint.python.quick import names_read

        found: set[str] = set()
        for text in self.python_texts:
            names = names_read(text)
            if names is None:
                return None
            found |= names
        return found

    @property
    def may_use_client(self) -> bool:
        """Whether its Python may use the client, as far as is cheap."""
        if not any(program.may_read for program in self.programs):
            return False
        from gearlint.python.quick import CLIENT_WORDS

        return any(word in text for text in self.python_texts for word in CLIENT_WORDS)

    @property
    def python_texts(self) -> Iterator[str]:
        """The texts of the modules of its programs."""
        for program in self.programs:
            yield from (module.text for module in program.modules)

    @cached_property
    def shell_reads(self) -> "list[Reads]":
        """What each of its shell scripts reads."""
        found: list[Reads] = []
        for one in self.started:
            if one.script.is_shell:
                from gearlint.python.shell import reads_of_shell

                found.append(reads_of_shell(one.script.source, self._environment))
        return found

    @cached_property
    def texts(self) -> list[str] | None:
        """The texts of the build context that may be code, `None` where there are too many."""
        from gearlint.python.texts import texts_of

        return texts_of(self._context)

    @cached_property
    def missing_imports(self) -> "list[MissingImport]":
        """What its programs import of the gear and is not there."""
        if self.run.dockerfile is None or not self.programs:
            return []
        from gearlint.python.quick_imports import may_miss

        if not any(map(may_miss, self.programs)):
            return []
        from gearlint.python.imports import missing_imports
        from gearlint.python.installs import Installs

        programs = [evaluator.program for evaluator in self.evaluators]
        scripts = [one.script for one in self.started]
        others = [one.text for one in scripts if not one.is_python]  # `. env` has no #! line
        others.append(self.run.command)
        has_paths = any(PYTHONPATH in text for text in (*others, *(one.text for one in scripts)))
        installs = Installs(self.run.dockerfile, self._context)
        return missing_imports(programs, installs, others, has_paths=has_paths)

    @cached_property
    def reads(self) -> "list[Reads]":
        """What each program reads of options and inputs, where it may read any."""
        if not any(program.may_read for program in self.programs):
            return []
        from gearlint.python.reads import reads_of

        return [reads_of(evaluator) for evaluator in self.evaluators]


def code_of(gear: "Gear") -> Code | None:
    """The code of a gear, `None` with a Dockerfile that BuildKit refuses.

    Without a Dockerfile, another image is meant to have the files of the gear's directory.
    """
    image, context, run = gear.image, gear.context, gear.run
    if gear.builds_no_image:
        from gearlint.image.build import unknown_image
        from gearlint.image.nodes import NOTHING

        image = unknown_image(gear.trial_budget, NOTHING)
        context = Context(gear.real_directory, gear.root, disk=gear.disk)
        run = Run(gear.manifest, None, image, gear.scripts, context)
    if image is None or context is None:
        return None
    return Code(run, image, context, gear.scripts)


def _is_needed(started: Started, command: "Command") -> bool:
    """Whether a script always runs a command, and does not go on without it after `||`."""
    after = _TOLERATED.match(started.script.text, command.span.end)
    return command.is_always and after is None
