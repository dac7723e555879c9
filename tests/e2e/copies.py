"""How a generated gear brings its files into the image: WORKDIR, COPY and ADD."""

import json
import posixpath

from tests.e2e.case import HOME
from tests.e2e.context import ContextMaker


class Copies(ContextMaker):
    """Writes WORKDIR, COPY and ADD."""

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
            and path != self.delivered
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
