"""A gear without a finding, and ways to write variations of it."""

import json
import re
from pathlib import Path

MANIFEST: dict[str, object] = {
    "name": "my-gear",
    "label": "My gear",
    "description": "Averages all images of a session.",
    "version": "1.0.0_2.0.0",
    "author": "A. Author",
    "maintainer": "A. Author",
    "license": "MIT",
    "source": "https://example.org/my-gear",
    "url": "",
    "command": "python run.py",
    "environment": {},
    "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}},
    "inputs": {"image": {"base": "file", "description": "The image."}},
    "config": {"threads": {"type": "integer", "default": 1, "description": "How many at once."}},
}

DOCKERFILE = """\
FROM python:3.11
WORKDIR /flywheel/v0
COPY run.py manifest.json ./
ENTRYPOINT ["python", "/flywheel/v0/run.py"]
"""
INSTALL = "RUN pip install flywheel-sdk\n"
SCRIPT = """\
#!/usr/bin/env python3
print("hello")
"""


def manifest_text(members: str = "", *, without: tuple[str, ...] = ()) -> str:
    """The sound manifest as text, with the members of `members` (JSON without braces) in it.

    `members` is put in as it is, even where it is not JSON; its keys at the beginning of a line
    replace those of the sound manifest.
    """
    given = set(re.findall(r'^"([^"]+)":', members, re.MULTILINE))
    kept = {
        key: value for key, value in MANIFEST.items() if key not in given and key not in without
    }
    body = json.dumps(kept, indent=4)[2:-2]
    lines = "".join(f"    {line}\n" for line in members.splitlines())
    return "{\n" + body + (",\n" + lines if lines else "\n") + "}\n"


def write_beside(directory: Path) -> None:
    """Write the files that a gear has beside its manifest, where they are not there yet."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in (("Dockerfile", DOCKERFILE), ("run.py", SCRIPT)):
        path = directory / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")
            path.chmod(0o755)


def write_gear(directory: Path, members: str = "", *, without: tuple[str, ...] = ()) -> Path:
    """Write a gear with the manifest of `manifest_text`; returns the path of the manifest."""
    write_beside(directory)
    path = directory / "manifest.json"
    path.write_text(manifest_text(members, without=without), encoding="utf-8")
    return path


# What the manifest must say beside an example of another file.
_MEMBERS = {
    "GL205": '"name": "fmriprep-gear"',
    "GL206": '"name": "fmriprep-gear"',
    "GL403": '"command": "./run"',
    "GL506": '"config": {"format": {"type": "string", "description": "d", "default": "jpeg", '
    '"enum": ["nifti", "jpeg"]}}',
    "GL507": '"config": {"speed": {"type": "number", "description": "d", "optional": true}}',
    "GL509": '"config": {"threads": {"type": "integer", "description": "d", "default": 1}}',
}

# What the Dockerfile must say beside an example of the manifest.
_DOCKERFILES = {
    "GL143": DOCKERFILE.replace("WORKDIR", "ENV FSLDIR=/opt/fsl\nWORKDIR"),
    **dict.fromkeys(("GL502", "GL504", "GL701"), DOCKERFILE.replace("COPY", f"{INSTALL}COPY")),
    "GL315": DOCKERFILE.replace("WORKDIR", "ENV PATH=/opt/conda/bin:$PATH\nWORKDIR"),
    "GL318": DOCKERFILE.replace("WORKDIR", "ENV FSLDIR=/opt/fsl\nWORKDIR"),
}

# No example of one file can show these; test_hostile, test_image_rules and test_releases do.
NOT_AN_EXAMPLE = {"GL007", "GL301", "GL326", "GL601", "GL602", "GL603"}


def write_example(directory: Path, code: str, file: str, example: str) -> Path:
    """Write a gear that is sound but for an example of a rule; returns what to check of it."""
    directory.mkdir()
    data = (
        example.encode()
        .replace(rb"\xef\xbb\xbf", b"\xef\xbb\xbf")
        .replace(rb"\r", b"\r")
        .replace(rb"\x20", b" ")
    )
    if file == "manifest.json":
        text = example if not example.startswith('"') else manifest_text(example)
        data = text.encode().replace(rb"\xef\xbb\xbf", b"\xef\xbb\xbf")
    else:
        without = ("command",) if code == "GL401" else ()
        members = '"command": "./run.sh"' if file == "run.sh" else _MEMBERS.get(code, "")
        (directory / "manifest.json").write_text(manifest_text(members, without=without))
    (directory / file).write_bytes(data)
    (directory / file).chmod(0o755)
    (directory / "other.py").write_text(SCRIPT)
    if code == "GL205":
        (directory / "gearlint.toml").write_text('version-format = "software_gear"\n')
    text = _DOCKERFILES.get(code, DOCKERFILE)
    if file in ("run.py", "run.sh"):  # started by its name, so that its first line counts
        text = text.replace('"python", ', "").replace("run.py", file)
    if file != "Dockerfile":
        (directory / "Dockerfile").write_text(text)
    write_beside(directory)
    return directory / "manifest.json" if file == "manifest.json" else directory
