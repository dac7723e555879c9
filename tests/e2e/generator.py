"""Gears made up from a seed: a Dockerfile, its build context, a manifest with a `command`.

What a case holds is written so that about half of the gears start: a way to deliver the run
script, a way to make it executable and a way to start it are put together, each now and then with
one of the mistakes that people make, among steps that work on other files.
"""

import posixpath

from tests.e2e.case import HOME, Case
from tests.e2e.idioms import IDIOMS
from tests.e2e.launching import Launching


def make(seed: int) -> Case:
    """The case of a seed."""
    return Generator(seed).case()


class Generator(Launching):
    """Makes the case of one seed."""

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
