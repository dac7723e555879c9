"""The build context of a generated gear: its script, the files beside it, what is left out."""

import io
import tarfile

from gearlint.image.bases.table import base_named
from tests.e2e.bases import BUSYBOX, IMITATIONS, Imitation
from tests.e2e.case import HOME, MARK, Item
from tests.e2e.chance import Chance

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


class ContextMaker(Chance):
    """Makes the files of the build context."""

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
