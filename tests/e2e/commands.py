"""What the RUNs of a generated gear do with its files."""

import json
import posixpath

from tests.e2e.case import HOME
from tests.e2e.copies import Copies


class Commands(Copies):
    """Writes RUNs that change files, and those that make the script executable or move it."""

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
