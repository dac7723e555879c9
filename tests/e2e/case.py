"""One gear that is made up: its files, and what the manifest starts."""

import json
from pathlib import Path
from typing import NamedTuple

from tests.sound import manifest_text

MARK = "THE-SCRIPT-HAS-BEGUN"
"""What each script writes as the first thing it does."""

HOME = "/flywheel/v0"


class Item(NamedTuple):
    """A file, or with `target` a link, of the build context; directories follow from the paths."""

    data: bytes = b""
    mode: int = 0o644
    target: str = ""


class Case(NamedTuple):
    """One gear: `files` by their paths in the context; `command` is `None` for a gear without."""

    seed: int
    dockerfile: str
    files: dict[str, Item]
    command: str | None
    environment: dict[str, str]
    features: frozenset[str]

    def write(self, directory: Path) -> None:
        """Write the gear to a directory that is not there yet."""
        for name, item in self.files.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if item.target:
                path.symlink_to(item.target)
            else:
                path.write_bytes(item.data)
                path.chmod(item.mode)
        (directory / "Dockerfile").write_text(self.dockerfile)
        members = f'"environment": {json.dumps(self.environment)}'
        if self.command is not None:
            members += f',\n"command": {json.dumps(self.command)}'
        text = manifest_text(members, without=() if self.command else ("command",))
        (directory / "manifest.json").write_text(text)

    @property
    def listing(self) -> str:
        """The context but for the directory with busybox, a line a file."""
        lines = []
        for name, item in sorted(self.files.items()):
            if name.startswith("root/"):
                continue
            if item.target:
                lines.append(f"{name} -> {item.target}")
            else:
                lines.append(f"{item.mode:04o} {name}: {item.data[:70]!r}")
        return "\n".join(lines)
