"""Gears made up from a seed: a Dockerfile, its build context, a manifest with a `command`.

What a case holds is written so that about half of the gears start: a way to deliver the run
script, a way to make it executable and a way to start it are put together, each now and then with
one of the mistakes that people make, among steps that work on other files.
"""

import io
import json
import posixpath
import random
import tarfile
from collections.abc import Sequence

from gearlint.image.bases.table import base_named
from tests.e2e.bases import BUSYBOX, IMITATIONS, Imitation
from tests.e2e.case import HOME, MARK, Case, Item
from tests.e2e.idioms import IDIOMS

APPLETS = (
    "sh", "awk", "cat", "chmod", "chown", "cp", "cut", "find", "grep", "gunzip", "gzip", "head",
    "ln", "ls", "mkdir", "mv", "printenv", "rm", "sed", "sort", "tar", "tee", "touch", "xargs",
)  # fmt: skip

FAKE_PYTHON = f"""#!/bin/sh
while [ "${{1#-}}" != "$1" ]; do shift; done
[ -f "$1" ] || exit 2
while IFS= read -r line; do
    case $line in 'print("'*) echo {MARK} ;; esac
done < "$1"
"""
"""Python enough for the scripts made here: their only line is a call of print."""

FAKE_BASH = '#!/bin/sh\nexec /bin/sh "$@"\n'


def make(seed: int) -> Case:
    """The case of a seed."""
    return Generator(seed).case()


class Generator:
    """Makes the case of one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.files: dict[str, Item] = {}
        self.lines: list[str] = []
        self.features: set[str] = set()
        self.there: dict[str, str] = {}  # about what is in the image: "file" or "directory" by path
        self.workdir = "/"
        self.variables: dict[str, str] = {}  # those of ENV, and below those of ARG
        self.arguments: dict[str, str] = {}
        self.environment: dict[str, str] = {}
        self.is_last_stage = True

    # --- chance

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def one_of(self, choices: Sequence[tuple[str, str]]) -> str:
        """The text of one of (feature, text)."""
        feature, text = self.random.choice(choices)
        self.features.add(feature)
        return text

    def does(self, probability: float, feature: str) -> bool:
        """Whether to do what is called a feature."""
        if self.chance(probability):
            self.features.add(feature)
            return True
        return False

    # --- the whole

    def case(self) -> Case:
        self.choose_base()
        self.context()
        self.header()
        if self.does(0.35, "several stages"):
            self.early_stage()
        self.last_stage()
        self.ignore_file()
        command = self.command()
        return Case(
            self.seed,
            "\n".join(self.lines) + "\n",
            self.files,
            command,
            self.environment,
            frozenset(self.features),
        )

    # --- what the image is built on

    def choose_base(self) -> None:
        """An image that imitates a public one, or `scratch` with busybox."""
        self.imitation: Imitation | None = None
        self.is_imitated = self.chance(0.65)
        if not self.is_imitated:
            self.features.add("FROM scratch")
            self.shell: str = "busybox"
            self.pythons: tuple[str, ...] = ("python3", "/usr/bin/python3", "python")
            self.has_bash = not self.does(0.04, "no bash")
            self.none = "${NONE:-0}"
            return
        imitation = self.imitation = self.random.choice(IMITATIONS)
        self.features |= {f"FROM {imitation.reference}", f"/bin/sh is {imitation.shell}"}
        self.shell, self.pythons = imitation.shell, imitation.pythons
        self.has_bash = imitation.has_bash
        # Of some public images it is not known which other variables they set.
        base = base_named(imitation.reference)
        self.none = "${NONE:-0}" if base is not None and base.sets_no_more else "0"

    # --- the context

    def context(self) -> None:
        if not self.is_imitated:
            self.busybox()
        self.is_python = self.chance(0.45 if self.pythons else 0.02)
        if self.is_python and not self.pythons:
            self.features.add("no python in the base")
        suffix = ".py" if self.is_python else ".sh"
        self.name = self.pick("run", "main", "start") + suffix
        if self.chance(0.2):
            self.name = "run"
        self.directory = self.pick("", "", "", "src/", "src/app/")
        self.files[self.directory + self.name] = self.script(main=True)
        self.other_files(suffix)

    def busybox(self) -> None:
        self.files["root/bin/busybox"] = Item(BUSYBOX.read_bytes(), 0o755)
        for name in APPLETS:
            self.files[f"root/bin/{name}"] = Item(target="busybox")
        self.files["root/usr/bin/env"] = Item(target="../../bin/busybox")
        self.files["root/usr/bin/python3"] = Item(FAKE_PYTHON.encode(), 0o755)
        self.files["root/usr/bin/python"] = Item(target="python3")
        if self.has_bash:
            self.files["root/bin/bash"] = Item(FAKE_BASH.encode(), 0o755)

    def other_files(self, suffix: str) -> None:
        for name in ("keep", "other"):
            for each in (".py", ".sh"):
                if f"{name}{each}" != self.name:
                    self.files[f"{name}{each}"] = self.script(python=each == ".py")
        self.files["src/readme.md"] = Item(b"source\n", self.mode())
        self.files["notes.md"] = Item(b"notes\n")
        self.files["keep.txt"] = Item(b"text\n", self.mode())
        self.files["data/one.txt"] = Item(b"1\n", self.mode())
        self.files["data/two.md"] = Item(b"2\n", self.mode())
        self.files["data/deep/three.txt"] = Item(b"3\n", self.mode())
        self.files["data/deep/down/four.md"] = Item(b"4\n", self.mode())
        self.files["lib/tool.sh"] = self.script()
        self.files["lib/.hidden"] = Item(b"hidden\n")
        if self.does(0.3, "link in the context"):
            self.files["lib/link.sh"] = Item(target="tool.sh")
        if self.does(0.15, "link to the script"):
            self.files["linked" + suffix] = Item(target=self.directory + self.name)
        self.archive = self.pick("pack.tar", "pack.tar.gz", "pack.tgz")

    def mode(self) -> int:
        return self.random.choice((0o644, 0o644, 0o755, 0o600, 0o664, 0o700, 0o444))

    def script(self, python: bool | None = None, main: bool = False) -> Item:
        """A script with what may be wrong with one."""
        if python is None:
            python = self.is_python if main else self.chance(0.5)
        good = ["#!/bin/sh", "#!/usr/bin/env sh", "#! /bin/sh -e"]
        if python:
            good = [
                f"#! {each}" if "/" in each else f"#!/usr/bin/env {each}"
                for each in self.pythons or ("python3",)
            ]
        elif self.has_bash:
            good += ["#!/bin/bash", "#!/usr/bin/env bash"]
        first = self.pick(*good) + "\n"
        end = "\n"
        wrong = self.random.random() if main else 1.0
        if wrong < 0.05:
            first = ""
            self.features.add("no #!")
        elif wrong < 0.08:
            first = self.pick("#!/usr/bin/missing\n", "#!/usr/bin/env missing\n", "#!python3\n")
            if self.is_imitated and self.chance(0.95):  # what else a base has nobody knows
                first = self.pick("#!python3\n", f"#!{HOME}/venv/bin/python\n")
            self.features.add("#! of what is not there")
        elif wrong < 0.13:
            end = "\r\n"
            self.features.add("CRLF")
        body = f'print("{MARK}")\n' if python else f"echo {MARK}\n"
        text = (first + body).replace("\n", end)
        if 0.13 < wrong < 0.15:
            text = "\ufeff" + text
            self.features.add("byte order mark")
        mode = 0o755 if self.chance(0.6) else self.mode()
        if main:
            self.features.add("script with bit" if mode & 0o111 else "script without bit")
            self.needs_bit = not mode & 0o111
        return Item(text.encode(), mode)

    def make_archive(self) -> str:
        """Put the archive into the context; its name."""
        out = io.BytesIO()
        mode = "w" if self.archive.endswith(".tar") else "w:gz"
        with tarfile.open(fileobj=out, mode=mode) as tar:  # type: ignore[call-overload]
            for name in ("packed.sh", "inner/packed.txt"):
                data = f"#!/bin/sh\necho {MARK}\n".encode()
                info = tarfile.TarInfo(name)
                info.size, info.mode = len(data), 0o755
                tar.addfile(info, io.BytesIO(data))
        self.files[self.archive] = Item(out.getvalue())
        return self.archive

    def ignore_file(self) -> None:
        """`.dockerignore`: what it takes out is seldom what a step needs by name."""
        if not self.does(0.45, ".dockerignore"):
            return
        if self.does(0.2, ".dockerignore of all, with !"):
            kept = ["root", "keep.*", "other.*", "src", "lib", "data", "*.md", "pack.*"]
            if not self.does(0.1, ".dockerignore of the script"):
                kept += ["*.sh", "*.py", "run"]
            lines = [self.pick("*", "**"), *(f"!{name}" for name in kept)]
            if self.chance(0.5):
                lines.append("data/deep")
        else:
            lines = self.random.sample(
                [
                    "# nothing", "**/*.log", "data/deep", "data/*.md", "**/*.txt\n!keep.txt",
                    "lib/.hidden", "**/.hidden", "/notes.txt", "lib/**\n!lib/.hidden",
                    "data\n!data/one.txt", "**/down", "data/deep/*\n!data/deep/three.*", "*/*.md",
                    "*/*/four.md", "data/d??p", "data/[a-e]*", " lib/tool.sh ", "./data/../lib",
                    "data/**/four.md", "notes.*\n!notes.md",
                    # Not `data/two.md` and `!data`: buildah takes it back in, BuildKit does not.
                ],
                self.random.randint(1, 3),
            )  # fmt: skip
            if self.does(0.06, ".dockerignore of the script"):
                lines.append(self.pick(f"**/{self.name}", self.directory + self.name, "**/run*"))
        text = "\n".join(lines)
        self.features.update(f".dockerignore with {mark}" for mark in ("!", "**") if mark in text)
        self.files[".dockerignore"] = Item(text.encode() + b"\n")

    # --- instructions

    def header(self) -> None:
        self.base = "scratch"
        if self.imitation is not None:
            self.base = self.random.choice(self.imitation.written)
            name, _, tag = self.base.partition(":")
            if self.does(0.2, "ARG in FROM"):
                self.lines.append(f"ARG TAG={tag}")
                self.base = f"{name}:{self.pick('$TAG', '${TAG}', '${TAG:-1}')}"
        elif self.does(0.2, "ARG in FROM"):
            name = self.pick("scratch", "ratch")
            self.lines.append(f"ARG BASE={name}")
            self.base = "$BASE" if name == "scratch" else "sc${BASE}"
        self.platform = ""
        if self.does(0.15, "variable in FROM --platform"):
            self.lines.append("ARG PLATFORM=linux/amd64")
            # buildah knows no ARG here, and takes nothing for the platform that it runs on.
            self.platform = self.pick(
                "--platform=$PLATFORM ",
                "--platform=${NONE:-linux/amd64} ",
                "--platform=$BUILDPLATFORM ",
            )
        self.has_global = self.does(0.25, "ARG before FROM, taken up after it")
        if self.has_global:
            self.lines.append("ARG TOP=/flywheel")

    def begin(self, name: str = "") -> None:
        """FROM, with the directory that busybox is in."""
        keyword = self.pick("FROM", "FROM", "from")
        self.lines.append(f"{keyword} {self.platform}{self.base}{name}")
        self.workdir = "/"
        if self.imitation is not None:
            self.workdir, self.shell = self.imitation.workdir, self.imitation.shell
            if self.chance(0.3):
                self.lines.append(self.set_shell())
        else:
            self.lines.append(self.copy_of_busybox())
        self.there = dict.fromkeys(("/", "/bin", "/usr", "/usr/bin", self.workdir), "directory")
        self.variables = {}
        self.arguments = {}

    def set_shell(self) -> str:
        """SHELL, which from then on runs what the image builds and starts in shell form."""
        self.features.add("SHELL")
        if self.has_bash and self.chance(0.7):
            self.shell = "bash"
            return self.pick(
                'SHELL ["/bin/bash", "-c"]',
                'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
                'SHELL ["bash", "-ec"]',
                'SHELL ["/bin/bash", "-euo", "pipefail", "-c"]',
            )
        return self.pick('SHELL ["/bin/sh", "-c"]', 'SHELL ["/bin/sh", "-ec"]')

    def copy_of_busybox(self) -> str:
        return self.pick(
            "COPY root/ /", "COPY root /", "ADD root /", "COPY ./root/ ./", 'COPY ["root", "/"]'
        )

    def early_stage(self) -> None:
        """A stage from which files are taken, or that the last one goes on from."""
        self.is_last_stage = False
        # Not ONBUILD here: BuildKit runs it in a stage FROM this one, buildah does not.
        # Not `AS Build` and `--from=build`: buildah distinguishes them, BuildKit does not.
        self.begin(self.pick(" AS build", " as build"))
        directory = self.pick("/src", "/build/out")
        if self.is_imitated and self.chance(0.95):  # a base may have a /src of its own
            directory = "/flywheel" + directory
        self.make_workdir(directory)
        if self.chance(0.3):
            self.set_variables()
        self.copy_into(
            [self.directory + self.name], f"{self.workdir}/", "./", chmod=self.chance(0.3)
        )
        self.delivered = posixpath.join(self.workdir, self.name)
        self.copy_into(["data"], f"{self.workdir}/data", "data")
        if self.chance(0.6):
            self.run_step()
        self.early_workdir = self.workdir
        self.is_last_stage = True

    def last_stage(self) -> None:
        staged = "several stages" in self.features
        continues = staged and self.does(0.25, "FROM a stage")
        if continues:
            self.lines.append("FROM build" + self.pick("", " AS final"))
            self.arguments = {}
        else:
            self.begin()
        if not self.has_bash and self.is_imitated and self.does(0.85, "bash is installed"):
            self.lines.append(self.pick("RUN apk add --no-cache bash", "RUN apk add bash curl"))
            self.has_bash = True
        if self.chance(0.75):
            self.set_variables()
        self.go_home()
        for _ in range(self.random.randint(0, 2)):
            self.other_step()
        if self.needs_bit and self.does(0.08, "chmod before COPY"):
            self.lines.append(f"RUN chmod +x {self.name}")
        if staged and (continues or self.chance(0.7)):
            self.deliver_from_stage(continues)
        else:
            self.deliver()
        for _ in range(self.random.randint(0, 3)):
            self.other_step()
        self.make_executable()
        self.move_script()
        if self.does(0.25, "WORKDIR elsewhere at the end"):
            self.make_workdir(self.pick("/", "/tmp/work", "data", "/flywheel", ".."))
        if self.chance(0.15):
            self.other_step()
        self.start()

    # --- variables

    def set_variables(self) -> None:
        """ENV and ARG, with variables in their values."""
        if self.has_global:
            self.lines.append("ARG TOP")
            self.arguments["TOP"] = "/flywheel"
        version = self.does(0.6, "ARG")
        if version:
            self.lines.append(self.pick("ARG VERSION=0", 'ARG VERSION="0"', "ARG NAME VERSION=0"))
            self.arguments["VERSION"] = "0"
        top = "$TOP" if self.has_global else "/flywheel"
        number = self.pick("${VERSION}", "$VERSION", "${VERSION:-1}") if version else self.none
        self.lines.append(
            self.pick("ENV APP=", "ENV APP ", "ENV LANG=C APP=", 'ENV NOTE="a b" APP=')
            + f"{top}/v{number}"
        )
        self.variables["APP"] = HOME
        self.features.add("ENV with a variable")
        for _ in range(self.random.randint(0, 2)):
            self.lines.append(
                self.one_of(
                    (
                        ("ENV of two words", "ENV GREETING hello   $APP  there"),
                        ("ENV quoted", "ENV QUOTED='$APP' DOUBLE=\"<$APP>\" ESCAPED=\\$APP"),
                        ("ENV with :+", "ENV HAS=${APP:+yes} NOT=${NONE:+yes}"),
                        ("ENV of itself", "ENV SELF=1\nENV SELF=${SELF}2 BEFORE=$SELF"),
                        # No ${X-d}: buildah 1.28 refuses it, BuildKit has it.
                        ("ENV with :-", "ENV DASH=${NONE:-dash} EMPTY=\nENV SET=${EMPTY:-yes}"),
                        ("LABEL with a variable", "LABEL app=$APP"),
                        ("EXPOSE with a variable", "EXPOSE 8${NONE:-080}/tcp"),
                        ("VOLUME with a variable", "VOLUME /data$NONE"),
                        ("VOLUME with a variable", 'VOLUME ["$APP-data"]'),
                        ("STOPSIGNAL with a variable", "STOPSIGNAL ${NONE:-SIGINT}"),
                        # Not another user: what root has made, that one cannot change. Nor by
                        # name: there is no /etc/passwd.
                        ("USER with a variable", "USER ${NONE:-0}"),
                        ("ENV space escaped", "ENV BLANK=a\\ b LAST=$BLANK"),
                    )
                )
            )
        if self.does(0.3, "ENV PATH"):
            self.lines.append(
                self.pick(
                    "ENV PATH=$APP:$PATH",
                    "ENV PATH=${PATH}:${APP}/bin",
                    f"ENV PATH={HOME}/bin:$PATH",
                )
            )
        if self.does(0.3, "ARG of a mode"):
            self.lines.append("ARG MODE=755")
            self.arguments["MODE"] = "755"
        if self.does(0.1, "ENV of an owner"):
            self.lines.append("ENV OWNER=1000")
            self.variables["OWNER"] = "1000"
        if self.is_last_stage and self.does(0.1, "ONBUILD with a variable"):
            self.lines.append("ONBUILD WORKDIR $APP")

    def vary(self, path: str) -> str:
        """A path of a Dockerfile, perhaps with a variable in it."""
        if (
            path.startswith(HOME)
            and "APP" in self.variables
            and self.does(0.4, "variable in a path")
        ):
            return self.pick("$APP", "${APP}", "${APP:-/x}") + path.removeprefix(HOME)
        if path.startswith("/flywheel") and "TOP" in self.arguments and self.chance(0.4):
            return "$TOP" + path.removeprefix("/flywheel")
        return path

    # --- WORKDIR

    def make_workdir(self, path: str) -> None:
        self.lines.append(f"WORKDIR {self.vary(path)}")
        self.workdir = posixpath.normpath(posixpath.join(self.workdir, path))
        self.make_directory(self.workdir)

    def go_home(self) -> None:
        if self.does(0.04, "no gear directory"):
            self.make_workdir("/app")
        elif self.does(0.35, "WORKDIR chain"):
            for part in self.random.choice(
                (
                    ("/flywheel", "v0"),
                    ("/flywheel/x", "../v0"),
                    ("/", "flywheel", "v0/"),
                    ("/flywheel/v0", "."),
                )
            ):
                self.make_workdir(part)
        else:
            self.make_workdir(self.pick(HOME, HOME, HOME + "/", "/flywheel/./v0"))

    def make_directory(self, path: str) -> None:
        while path not in self.there:
            self.there[path] = "directory"
            path = posixpath.dirname(path)

    # --- COPY and ADD

    def copy_into(self, sources: list[str], target: str, written: str, chmod: bool = False) -> None:
        """Write a COPY or ADD and note what it makes; `target` is from `/`."""
        instruction = "ADD" if self.does(0.15, "ADD of files") else "COPY"
        flags = []
        if chmod:
            mode = self.pick("755", "0755", "755", "644", "700", "555")
            flags.append(self.flag("chmod", mode))
            self.needs_bit = mode == "644"
        if self.does(0.1, "--chown"):
            flags.append(self.flag("chown", self.pick("0", "1000", "0:0", "1000:0")))
        words = [*sources, written]
        text = json.dumps(words) if self.does(0.12, "COPY in JSON form") else " ".join(words)
        self.lines.append(f"{instruction} {self.shuffled(flags)}{text}")
        self.note(sources, target)

    def flag(self, name: str, value: str) -> str:
        """A flag, its value perhaps put together from variables."""
        self.features.add(f"--{name}")
        if self.none == "0" or not self.does(0.35, f"variable in --{name}"):
            return f"--{name}={value}"
        # Not from nothing but variables without a value: BuildKit then does as without --chmod,
        # buildah fails. Nor in quotes: both take the quotes away before they look for variables.
        known = [
            variable
            for variables in (self.variables, self.arguments)
            for variable, text in variables.items()
            if text in value
        ]
        if known and self.chance(0.7):
            variable = self.pick(*known)
            text = self.arguments.get(variable) or self.variables[variable]
            return f"--{name}=" + value.replace(text, f"${{{variable}}}", 1)
        at = self.random.randint(0, len(value) - 1)
        return f"--{name}={value[:at]}${{NONE:-{value[at:]}}}"

    def shuffled(self, flags: list[str]) -> str:
        """Flags in any order, each with a space after it."""
        self.random.shuffle(flags)
        return "".join(f"{flag} " for flag in flags)

    def note(self, sources: list[str], target: str) -> None:
        """Note what a copy of plain sources makes of the image."""
        for source in sources:
            source = source.rstrip("/")
            if source in self.files:
                path = posixpath.join(target, posixpath.basename(source))
                if not target.endswith("/") and self.there.get(target) != "directory":
                    path = target
                self.make_directory(posixpath.dirname(path))
                self.there[path] = "file"
                continue
            prefix = "" if source == "." else source + "/"
            self.make_directory(target.rstrip("/") or "/")
            for name in self.files:
                if name.startswith(prefix):
                    path = posixpath.join(target, name.removeprefix(prefix))
                    self.make_directory(posixpath.dirname(path))
                    self.there[path] = "file"

    def written_directory(self, directory: str) -> str:
        """A directory as the target of COPY, with the slash that makes it one."""
        relative = posixpath.relpath(directory, self.workdir)
        if not relative.startswith("..") and self.does(0.6, "relative target"):
            return self.pick(".", "./") if relative == "." else self.pick("", "./") + relative + "/"
        self.features.add("absolute target")
        return self.vary(directory) + "/"

    def deliver(self) -> None:
        """Bring the script into the image."""
        source = self.directory + self.name
        home = self.workdir
        way = self.random.random()
        chmod = self.does(0.2, "--chmod of the script")
        self.at = posixpath.join(home, self.name)
        if way < 0.3:
            written = self.written_directory(home)
            if home in self.there and self.does(0.3, "target without slash"):
                written = written.rstrip("/") or "/"
            self.copy_into([source], home + "/", written, chmod)
        elif way < 0.42:
            self.features.add("COPY to another name")
            name = self.pick(self.name, "run" + posixpath.splitext(self.name)[1], "bin/go", "app")
            self.at = posixpath.join(home, name)
            written = self.pick(name, "./" + name, self.vary(self.at))
            self.copy_into([source], self.at, written, chmod)
        elif way < 0.55:
            self.features.add("COPY of several")
            target = self.written_directory(home)
            # Never without slash: buildah makes a directory, BuildKit one file after the other.
            self.copy_into([source, "keep.txt", "notes.md"], home + "/", target, chmod)
        elif way < 0.67:
            self.features.add("COPY of a glob")
            globs = {
                "": ["*.sh", "*.py"] if self.name != "run" else ["r?n", "[q-s]un"],
                "src/": ["src/*"],
                "src/app/": ["src/*/*", "s?c/app/[a-z]*"],
            }[self.directory]
            glob = self.pick(*globs)
            if self.name.endswith((".sh", ".py")) and not self.directory:
                glob = "*" + self.name[-3:]
            self.copy_into([glob], home + "/", self.written_directory(home), chmod)
            self.there[self.at] = "file"
        elif way < 0.85 and self.directory:
            self.features.add("COPY of a directory")
            source = self.directory if self.chance(0.5) else self.directory.rstrip("/")
            target = self.pick("", "app")
            directory = posixpath.join(home, target).rstrip("/")
            self.at = posixpath.join(directory, self.name)
            written = self.written_directory(directory)
            if self.chance(0.5):
                written = written.rstrip("/") or "/"
            self.copy_into([source], directory + "/", written, chmod)
        elif way < 0.96:
            self.features.add("COPY of all")
            self.at = posixpath.join(home, self.directory + self.name)
            self.copy_into(["."], home + "/", self.written_directory(home), chmod)
        else:
            self.features.add("script in an archive")
            self.lines.append(f"ADD {self.make_archive()} {self.written_directory(home)}")
            self.at = posixpath.join(home, "packed.sh")
            self.there[self.at] = "file"
            self.is_python = self.needs_bit = False

    def deliver_from_stage(self, continues: bool) -> None:
        """Bring the script from the early stage into the gear's directory."""
        self.at = posixpath.join(self.workdir, self.name)
        if continues:
            self.at = self.delivered
            if self.chance(0.5):
                self.lines.append(f"RUN {self.pick('cp', 'cp -p', 'mv')} {self.delivered} .")
                self.at = posixpath.join(self.workdir, self.name)
            self.there[self.at] = "file"
            return
        self.features.add("--from")
        flags = [f"--from={self.pick('build', 'build', '0')}"]
        if self.does(0.03, "variable in --from"):
            # BuildKit replaces none there, and refuses it. buildah does, but has by then left the
            # stage out that nothing else names: it fails too, where that is so.
            flags = [self.pick("--from=${NONE:-build}", "--from=bu${NONE}ild")]
        if self.does(0.3, "--chmod of the script"):
            flags.append(self.flag("chmod", self.pick("755", "0555")))
            self.needs_bit = False
        if self.does(0.1, "--chown"):
            flags.append(self.flag("chown", self.pick("0", "1000", "0:0", "1000:0")))
        source = self.delivered
        target = self.written_directory(self.workdir)
        way = self.random.random()
        if way < 0.25:
            source = self.early_workdir + self.pick("", "/", "/.")
        elif way < 0.4:
            source = self.early_workdir + "/" + self.name[:2] + "*"
        elif way < 0.5:
            self.at = posixpath.join(self.workdir, "go")
            target = self.pick("go", "./go", self.vary(self.at))
        elif way < 0.55:
            self.features.add("not in the stage")
            source = ("/flywheel/nowhere/" if self.is_imitated else "/nowhere/") + self.name
        self.lines.append(f"COPY {self.shuffled(flags)}{source} {target}")
        self.there[self.at] = "file"

    # --- steps that work on other files

    def other_step(self) -> None:
        way = self.random.random()
        if way < 0.35:
            self.idiom_step()
        elif way < 0.6:
            self.run_step()
        elif way < 0.93:
            self.copy_step()
        else:
            self.set_variables()

    def idiom_step(self) -> None:
        feature = self.pick(*IDIOMS)
        text = IDIOMS[feature](self)
        if text:
            self.features.add(f"RUN with {feature}")
            self.lines.append(f"RUN {text}")

    def copy_step(self) -> None:
        home = self.workdir
        way = self.random.random()
        chmod = self.chance(0.2)
        needs_bit = self.needs_bit
        if way < 0.3:
            self.features.add("COPY of a directory")
            source = self.pick("data", "lib", "data/", "src", "data/deep")
            directory = posixpath.join(home, self.pick("", "x", "lib", "x/y", "data"))
            written = self.written_directory(directory)
            if self.chance(0.5):
                written = written.rstrip("/") or "/"
            self.copy_into([source], directory.rstrip("/") + "/", written, chmod)
        elif way < 0.5:
            self.features.add("COPY of a glob")
            source = self.pick(
                "keep*", "*eep.txt", "k??p.*", "keep.[pst]*", "data/*", "*/*.md", "[!a-l]otes.*"
            )
            source = source.replace("[!", "[^")
            directory = posixpath.join(home, self.pick("", "x", "data"))
            self.copy_into(
                [source], directory.rstrip("/") + "/", self.written_directory(directory), chmod
            )
        elif way < 0.65:
            self.features.add("COPY of several")
            directory = posixpath.join(home, self.pick("", "x", "two"))
            sources = self.random.sample(["keep.sh", "keep.txt", "notes.md", "other.py", "src"], 2)
            sources = [source for source in sources if source != self.name]
            self.copy_into(
                sources, directory.rstrip("/") + "/", self.written_directory(directory), chmod
            )
        elif way < 0.85:
            self.features.add("COPY of a file")
            source = self.pick("keep.txt", "keep.sh", "other.sh", "notes.md")
            # Not `data`: where a directory then goes over a file, buildah replaces it, BuildKit
            # fails.
            name = self.pick("n.txt", "x/n.txt", "deep/er/n", "keep.txt")
            self.copy_into([source], posixpath.join(home, name), self.pick("", "./") + name, chmod)
        else:
            self.features.add("ADD of an archive")
            directory = posixpath.join(home, "lib") if self.chance(0.7) else self.pick("/opt", home)
            self.lines.append(f"ADD {self.make_archive()} {self.written_directory(directory)}")
            self.make_directory(directory)
            self.there[posixpath.join(directory, "packed.sh")] = "file"
        self.needs_bit = needs_bit

    def files_here(self) -> list[str]:
        """Files near the working directory, without the script."""
        return [
            path
            for path, kind in self.there.items()
            if kind == "file"
            and path.startswith(self.workdir.rstrip("/") + "/")
            and not path.startswith(f"{HOME}/root/")
            and path != getattr(self, "at", "")
            and path != getattr(self, "delivered", "")
        ]

    def shown(self, path: str) -> str:
        """A path as a RUN says it."""
        relative = posixpath.relpath(path, self.workdir)
        if self.chance(0.6) and not relative.startswith(".."):
            return self.pick("", "./") + relative
        if path.startswith(HOME + "/") and "APP" in self.variables and self.chance(0.4):
            self.features.add("variable in RUN")
            return self.pick("$APP", '"$APP"', "${APP}") + path.removeprefix(HOME)
        return path

    def run_step(self) -> None:
        if self.does(0.05, "variable in RUN --mount"):
            at = "/mnt/" + ("$APP" if "APP" in self.variables else "${NONE:-keep}")
            self.lines.append(f"RUN --mount=type=bind,source=keep.txt,target={at} [ -f {at} ]")
        commands = [self.run_command() for _ in range(self.random.randint(1, 3))]
        joint = self.pick(" && ", " && ", " \\\n && ", "; ")
        text = joint.join(commands)
        if self.does(0.05, "RUN || true"):
            text += " || true"
        self.lines.append(f"RUN {text}")

    def run_command(self) -> str:
        here = self.files_here()
        path = self.random.choice(here) if here else posixpath.join(self.workdir, "new")
        name = self.shown(path)
        new = posixpath.join(self.workdir, self.pick("a", "b", "new.txt", "x/c"))
        directory = self.random.choice(
            [
                p
                for p, kind in self.there.items()
                if kind == "directory" and p.startswith(self.workdir)
            ]
            or [self.workdir]
        )
        if not here or self.chance(0.1):
            return self.make_command()
        if self.does(0.05, "chown"):
            return (
                f"chown {self.pick('0', '0:0', '-R 0:0')} {self.pick(name, self.shown(directory))}"
            )
        if self.does(0.02, "a command that nobody knows"):
            made = posixpath.join(self.workdir, self.pick("sorted", "out"))
            self.there[made] = "file"
            return self.pick(
                f"sort -o {self.shown(made)} {name}",
                f"gzip -c {name} > /z.gz && gunzip -f /z.gz && cp /z {self.shown(made)}",
            )
        way = self.random.random()
        if way < 0.5:
            return self.chmod_command(way, path, name, directory)
        copied = self.cp_command(path, name, new, directory) if way < 0.66 else ""
        if copied:
            return copied
        if way < 0.76 and posixpath.dirname(new) in self.there and new not in self.there:
            self.features.add("mv")
            del self.there[path]
            self.there[new] = "file"
            return f"{self.pick('mv', 'mv -f')} {name} {self.shown(new)}"
        if way < 0.88 and posixpath.dirname(new) in self.there:
            return self.ln_command(path, new)
        self.features.add("rm")
        if self.does(0.04, "rm of what is not there"):
            return f"rm {name}.missing"
        self.there.pop(path)
        return f"{self.pick('rm', 'rm -f', 'rm -rf')} {name}"

    def make_command(self) -> str:
        self.features.add("mkdir, touch")
        if self.chance(0.6):
            made = posixpath.join(self.workdir, self.pick("made", "made/deeper", "x"))
            self.make_directory(made)
            return f"mkdir -p {self.shown(made)}"
        made = posixpath.join(self.workdir, self.pick("touched", "t.txt"))
        self.there[made] = "file"
        return self.pick(f"touch {self.shown(made)}", f"echo text > {self.shown(made)}")

    def chmod_command(self, way: float, path: str, name: str, directory: str) -> str:
        """One of the kinds of chmod, by a number below 0.5; `name` is how the path is written."""
        if way < 0.16:
            self.features.add("chmod octal")
            return f"chmod {self.octal()} {name}"
        if way < 0.32:
            self.features.add("chmod symbolic")
            return f"chmod {self.symbolic()} {name}"
        if way < 0.42 and directory != self.workdir:
            self.features.add("chmod -R")
            return f"chmod -R {self.pick(self.octal(), self.symbolic())} {self.shown(directory)}"
        self.features.add("chmod of a glob")
        glob = posixpath.join(
            posixpath.dirname(path),
            self.pick("*" + posixpath.basename(path)[-3:], "?" + posixpath.basename(path)[1:]),
        )
        return f"chmod {self.symbolic()} {glob}"

    def cp_command(self, path: str, name: str, new: str, directory: str) -> str:
        """A copy of a file or a directory; empty where there is no place for one."""
        self.features.add("cp")
        if self.chance(0.3) and directory != posixpath.dirname(path):
            self.there[posixpath.join(directory, posixpath.basename(path))] = "file"
            program = self.pick("cp", "cp -p")
            return f"{program} {name} {self.shown(directory)}{self.pick('', '/')}"
        if self.chance(0.3) and directory != self.workdir:
            made = posixpath.join(self.workdir, self.pick("copied", "x"))
            return f"cp {self.pick('-r', '-a', '-R')} {self.shown(directory)} {self.shown(made)}"
        if posixpath.dirname(new) in self.there and new not in self.there:
            self.there[new] = "file"
            return f"{self.pick('cp', 'cp -p', 'cp -a')} {name} {self.shown(new)}"
        return ""

    def ln_command(self, path: str, new: str) -> str:
        self.features.add("ln -s")
        known = new in self.there
        self.there[new] = "link"
        target = self.pick(path, posixpath.relpath(path, posixpath.dirname(new)))
        force = known and self.there.get(new) != "directory"
        return f"ln {'-sf' if force or self.chance(0.3) else '-s'} {target} {self.shown(new)}"

    def octal(self) -> str:
        return self.pick("755", "644", "0755", "700", "555", "111", "640", "0", "4755", "1777")

    def symbolic(self) -> str:
        return self.pick(
            "+x", "u+x", "a+x", "ug+x", "go-x", "-x", "a-x", "=rx", "u=rwx,go=rx", "+X", "a+rX",
            "u+rwx,o-w", "g=u", "-w", "+w", "o=", "a=r,u+x", "ug=rw,o=g", "u-x", "a-x,g+x",
        )  # fmt: skip

    # --- the script's bit, and where it is moved

    def make_executable(self) -> None:
        if not self.needs_bit or self.does(0.15, "no chmod of the script"):
            if self.does(0.04, "chmod takes the bit"):
                self.lines.append(
                    f"RUN chmod {self.pick('644', 'a-x', '-x', 'u-x')} {self.shown(self.at)}"
                )
            elif self.chance(0.8):
                return
        name = self.shown(self.at)
        directory = posixpath.dirname(self.at)
        mode = "$MODE" if "MODE" in self.arguments and self.chance(0.6) else "755"
        if mode == "$MODE":
            self.features.add("ARG in RUN")
        self.lines.append(
            "RUN "
            + self.one_of(
                (
                    ("chmod octal", f"chmod {mode} {name}"),
                    ("chmod symbolic", f"chmod {self.pick('+x', 'a+x', 'u+x', 'ugo+rx')} {name}"),
                    (
                        "chmod -R",
                        f"chmod -R {self.pick('755', '+x', 'a+rwx')} {self.shown(directory)}",
                    ),
                    ("chmod of a glob", f"chmod +x {directory}/*{self.at[-3:]}"),
                    ("chmod of a glob", f"cd {directory} && chmod a+x *"),
                    ("RUN in exec form", json.dumps(["chmod", "+x", self.at])),
                    (
                        "chmod symbolic",
                        f"cd {directory} && chmod u=rwx,go=rx {posixpath.basename(self.at)}",
                    ),
                )
            )
        )

    def move_script(self) -> None:
        """Perhaps copy, move, link or remove the script."""
        if self.chance(0.65):
            return
        name, directory = posixpath.basename(self.at), posixpath.dirname(self.at)
        target = self.pick(
            f"{HOME}/moved", f"{HOME}/bin/{name}", f"/usr/local/bin/{name}", f"{HOME}/{name}"
        )
        if target == self.at or self.there.get(target) == "directory":
            return
        mkdir = (
            ""
            if posixpath.dirname(target) in self.there
            else f"mkdir -p {posixpath.dirname(target)} && "
        )
        if mkdir and self.does(0.05, "no mkdir"):
            mkdir = ""
        way = self.random.random()
        if way < 0.3:
            self.features.add("cp of the script")
            self.lines.append(
                f"RUN {mkdir}{self.pick('cp', 'cp -p', 'cp -f')} {self.shown(self.at)} {target}"
            )
        elif way < 0.55:
            self.features.add("mv of the script")
            self.lines.append(f"RUN {mkdir}mv {self.shown(self.at)} {target}")
            if self.does(0.1, "old name is kept"):
                target = self.at
        elif way < 0.85:
            self.features.add("ln -s of the script")
            relative = posixpath.relpath(self.at, posixpath.dirname(target))
            to = self.pick(self.at, relative)
            if self.does(0.06, "broken link"):
                to = self.pick(f"{directory}/nothing", "nothing")
            self.lines.append(f"RUN {mkdir}ln {self.pick('-s', '-sf', '-sfn')} {to} {target}")
        elif way < 0.88:
            self.features.add("rm of the script")
            self.lines.append(f"RUN rm {self.pick('', '-f ')}{self.shown(self.at)}")
            return
        else:
            return
        self.make_directory(posixpath.dirname(target))
        self.at = target
        self.there[target] = "file"

    # --- what is started

    def launches(self, path: str, cwd: str) -> list[tuple[str, list[str]]]:
        """(feature, words) of ways to start the script at `path` from a directory."""
        relative = posixpath.relpath(path, cwd)
        dotted = relative if "/" in relative else "./" + relative
        if relative.startswith(".."):
            relative = dotted = path
        interpreters = (self.pythons or ("python3",)) if self.is_python else ("sh", "/bin/sh")
        interpreter = self.pick(*interpreters)
        options = ["-u"] if self.is_python and self.chance(0.3) else []
        ways = [
            ("absolute", [path]),
            ("relative", [dotted]),
            ("interpreter", [interpreter, *options, relative]),
            ("interpreter, absolute", [interpreter, *options, path]),
        ]
        if self.is_python:
            ways.append(("env", ["/usr/bin/env", "python3", relative]))
        return ways

    def start(self) -> None:
        """ENTRYPOINT and CMD."""
        path, cwd = self.at, self.workdir
        if "SHELL" in self.features:  # buildah starts by `/bin/sh` what Docker starts by SHELL
            self.lines.append('SHELL ["/bin/sh", "-c"]')
        if self.does(0.04, "entrypoint of another name"):
            path += self.pick("x", ".py", "/run")
        feature, words = self.random.choice(self.launches(path, cwd))
        self.features.add(f"entrypoint {feature}")
        name = posixpath.basename(path)
        if self.does(0.07, "entrypoint bare"):
            words = [name]
            if self.chance(0.5):
                self.lines.append(f"ENV PATH={posixpath.dirname(path)}:$PATH")
        if self.does(0.03, "entrypoint one word"):
            words = [f"{'python3' if self.is_python else 'sh'} {name}"]
        arguments = self.random.choice(([], [], ["--verbose"], ["-x", "1"]))
        way = self.random.random()
        if self.imitation is not None and self.imitation.entrypoint and self.chance(0.9):
            way *= 0.4  # not CMD, which would be the arguments of the base's own ENTRYPOINT
        if self.does(0.06, "ENTRYPOINT twice"):
            nothing = f"{HOME}/nothing" if self.is_imitated else "/nothing"
            self.lines.append(f'ENTRYPOINT ["{nothing}"]')
        self.start_by(way, path, words, arguments)

    def start_by(self, way: float, path: str, words: list[str], arguments: list[str]) -> None:
        """The instructions that start something: which, is chosen by `way`, from 0 to 1."""
        if way < 0.4:
            self.features.add("ENTRYPOINT exec form")
            self.lines.append(f"ENTRYPOINT {json.dumps([*words, *arguments])}")
        elif way < 0.5:
            self.features.add("ENTRYPOINT and CMD")
            split = self.random.randint(1, len(words))
            cmd = [*words[split:], *arguments]
            lines = [f"ENTRYPOINT {json.dumps(words[:split])}"]
            if cmd:
                lines.append(f"CMD {json.dumps(cmd)}")
            self.random.shuffle(lines)
            self.lines += lines
        elif way < 0.65:
            self.features.add("CMD exec form")
            self.lines.append(f"CMD {json.dumps([*words, *arguments])}")
        elif way < 0.9:
            instruction = "ENTRYPOINT" if way < 0.8 else "CMD"
            self.features.add(f"{instruction} shell form")
            self.lines.append(
                f"{instruction} {self.shell_text(path, [*words, *arguments], 'image')}"
            )
        else:
            self.features.add("ENTRYPOINT exec form of a shell")
            text = self.shell_text(path, [*words, *arguments], "image")
            shells = ("sh", "/bin/sh", *(["/bin/bash"] if self.has_bash else []))
            self.lines.append(f"ENTRYPOINT {json.dumps([self.pick(*shells), '-c', text])}")

    def shell_text(self, path: str, words: list[str], where: str) -> str:
        """A command line that starts the script."""
        text = " ".join(words)
        variables = self.variables if where == "image" else self.environment
        directory, name = posixpath.split(path)
        way = self.random.random()
        if way < 0.5:
            return text
        if way < 0.58:
            return f"exec {text}"
        if way < 0.7:
            return f"cd {directory} && ./{name}"
        if way < 0.85 and "APP" in variables and path.startswith(HOME + "/"):
            self.features.add(f"variable in the start ({where})")
            app = self.pick("$APP", '"$APP"', "${APP}")
            interpreter = self.pick("", "python3 " if self.is_python else "sh ")
            return f"{interpreter}{app}{path.removeprefix(HOME)}"
        if way < 0.9:
            return f"{self.pick('A=1', 'A=1 B=2')} {text}"
        return self.pick(
            f"export A=1 && {text}", f"set -e; {text}", f"[ -d / ] && {text}", f"{{ {text}; }}"
        )

    def command(self) -> str | None:
        """The manifest's `command`, and its environment."""
        if self.chance(0.3):
            self.environment["APP"] = HOME
        path = self.at
        if path == f"{HOME}/run" and self.random.random() < 0.5:
            self.features.add("no command")
            return None
        if self.does(0.05, "command of another name"):
            path += self.pick("x", ".py", "/run")
        feature, words = self.random.choice(self.launches(path, HOME))
        self.features.add(f"command {feature}")
        if self.does(0.06, "command bare"):
            words = [posixpath.basename(path)]
            if self.chance(0.5):
                self.environment["PATH"] = f"{posixpath.dirname(path)}:/usr/bin:/bin"
        return self.shell_text(path, words, "manifest")
