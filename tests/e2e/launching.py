"""What starts a generated gear: ENTRYPOINT, CMD, and the manifest's `command`."""

import json
import posixpath

from tests.e2e.case import HOME
from tests.e2e.commands import Commands


class Launching(Commands):
    """Writes what starts the script."""

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
