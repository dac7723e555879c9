"""The image of gearlint itself, built with buildah on a base that imitates the public one.

Nothing is fetched, so the step that installs gearlint with pip is replaced by a copy of its files,
and that which installs git is left out.
"""

import json
import re
from pathlib import Path

import pytest

from gearlint import __version__
from tests.address import PROJECT
from tests.e2e.bases import IMITATIONS
from tests.e2e.builder import Buildah, why_not

PYTHON = "python:3.11-slim"
INSTALL = r"RUN python -m venv /opt/gearlint \\\n(?:.*\\\n)*.*\n"
GIT = r"RUN apt-get update \\\n(?:.*\\\n)*.*\n"
COPY = (
    "RUN mkdir -p /opt/gearlint/bin && cp -R gearlint /opt/gearlint/bin/gearlint.d"
    " && printf '#!/bin/sh\\necho \"$@\" from ' > /opt/gearlint/bin/gearlint"
    " && printf '$(id -u) in $PWD\\n' >> /opt/gearlint/bin/gearlint"
    " && chmod 755 /opt/gearlint/bin/gearlint\n"
)


@pytest.mark.skipif(bool(why_not()), reason=why_not() or "images can be built")
def test_the_image_is_built_and_is_not_root(tmp_path: Path) -> None:
    text = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    (base,) = set(re.findall(r"^FROM (\S+)", text, re.MULTILINE))
    text, number = re.subn(INSTALL, lambda _: COPY, text)
    assert number == 1
    text, number = re.subn(GIT, "", text)
    assert number == 1
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text(text)
    buildah = Buildah(tmp_path)
    (imitation,) = [each for each in IMITATIONS if each.reference == PYTHON]
    buildah.provide(imitation._replace(reference=base))
    done = buildah.run(
        "build", "--isolation=chroot", "--pull-never", "--format=docker", "--tag=own",
        f"--ignorefile={PROJECT / '.dockerignore'}", f"--file={dockerfile}", str(PROJECT),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    config = json.loads(buildah.out("inspect", "--type=image", "own"))["Docker"]["config"]
    assert (config["User"], config["WorkingDir"]) == ("10001:10001", "/work")
    assert (config["Entrypoint"], config["Cmd"]) == (["gearlint"], ["check", "."])
    root = Path(buildah.out("mount", buildah.out("from", "--pull-never", "own")))
    package = root / "opt/gearlint/bin/gearlint.d"
    assert f'"{__version__}"' in (package / "__init__.py").read_text()
    assert not (package / "_built").exists()  # made anew by the build
    assert not (root / "src").exists()
