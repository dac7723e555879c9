"""What a Dockerfile says of the version of the software that a gear wraps."""

import pytest

from gearlint.core.source import Source
from gearlint.image.installed import installed_versions
from gearlint.image.software import software_version
from gearlint.syntax.dockerfile import Dockerfile

EVIDENCE = [
    # a Dockerfile of the gear `my-fmriprep`, and the version with the name that it is of
    ("FROM nipreps/fmriprep:20.0.7", "20.0.7 fmriprep"),
    ("FROM nipreps/fmriprep:v20.0.7-slim", "v20.0.7 fmriprep"),
    ("FROM debian:12\nENV FMRIPREP_VERSION=20.0.7", "20.0.7 FMRIPREP_VERSION"),
    ("FROM debian:12\nARG FMRIPREP_VERSION=20.0.7", "20.0.7 FMRIPREP_VERSION"),
    ("FROM nipreps/fmriprep:20.0.7\nENV FMRIPREP_VERSION=20.0.7", "20.0.7 fmriprep"),
    # none
    ("FROM debian:12", ""),
    ("FROM me/my-tool:1.2.3", ""),
    ("FROM nipreps/fmriprep", ""),
    ("FROM nipreps/fmriprep:latest", ""),
    ("FROM me/my-fmriprep:20.0.7", ""),  # an older image of the gear itself
    ("FROM debian:12\nARG FMRIPREP_VERSION", ""),
    ("FROM debian:12\nENV FMRIPREP=20.0.7", ""),
    ("FROM debian:12\nENV POETRY_VERSION=1.8.2", ""),
    ("FROM debian:12\nLABEL FMRIPREP_VERSION=20.0.7", ""),
    ("FROM nipreps/fmriprep:20.0.6\nENV FMRIPREP_VERSION=20.0.7", ""),
]


@pytest.mark.parametrize(("text", "expected"), EVIDENCE)
def test_version_of_the_software(text: str, expected: str) -> None:
    dockerfile = Dockerfile(Source("Dockerfile", f"{text}\n".encode()))
    found = software_version(dockerfile, "my-fmriprep", "me/my-fmriprep")
    assert (f"{found.version} {found.name}" if found else "") == expected


INSTALLED = [
    # a RUN, and the versions of packages with their names
    ("apt-get install -y fsl-5.0-complete", ["fsl 5.0"]),
    ("apt-get install -y fsl-5.0-core=5.0.9-4~nd80+1", ["fsl-5.0-core 5.0.9"]),
    ("apt-get update && sudo -E apt install tool=1:2.3+dfsg-1", ["tool 2.3"]),
    ("/usr/bin/apt-get install -qq connectome-workbench-1.5", ["connectome-workbench 1.5"]),
    ("yum -y install fsl-5.0.9-1.el7.x86_64", ["fsl 5.0.9"]),
    ("apk add --no-cache tool=1.2.3-r0", ["tool 1.2.3"]),
    ("/opt/conda/bin/conda install -y -c c mrtrix3=3.0.4=h2bc ants", ["mrtrix3 3.0.4"]),
    ("micromamba install -n base mrtrix3==3.0.4", ["mrtrix3 3.0.4"]),
    ("pip install 'fmriprep[all]==20.2.0' a==v2.1", ["fmriprep 20.2.0", "a v2.1"]),
    ("python3 -m pip install fmriprep==20.2.0rc1", ["fmriprep 20.2.0rc1"]),
    ("uv pip install 'fmriprep==20.2.0; python_version > \"3\"'", ["fmriprep 20.2.0"]),
    ("if true; then pip3.11 install a==1.0; fi", ["a 1.0"]),
    # none
    ("apt-get install -y fsl libusb-1.0-0 gir1.2-gtk-3.0 python3.8 libpng12-0 gcc-11", []),
    ("apt-get install -y ./fsl-5.0.deb https://x.org/fsl-5.0-complete", []),
    ("apt-get remove fsl-5.0-complete", []),
    ("apt-get install fsl-$FSL-complete fsl-core=$FSL fsl-core=5.0.*", []),
    ("pip install fmriprep>=20.2.0 'fmriprep~=20.2' fmriprep 'fmriprep==20.23.*' a-1.0 b=1", []),
    ("pip download fmriprep==20.2.0", []),
    ("install -d fsl-5.0-complete fsl=5.0", []),
    ("echo pip install fmriprep==20.2.0", []),
    ("tar -xf fsl-5.0.tar && cp fsl-5.0 /opt", []),
]  # fmt: skip


@pytest.mark.parametrize(("command", "expected"), INSTALLED)
def test_versions_of_what_is_installed(command: str, expected: list[str]) -> None:
    dockerfile = Dockerfile(Source("Dockerfile", f"FROM debian:12\nRUN {command}\n".encode()))
    pieces = list(installed_versions(dockerfile))
    found = [f"{piece.name} {piece.version}" for piece in pieces]
    assert found == expected
    assert [piece.is_of({"fmriprep"}) for piece in pieces] == ["fmriprep" in one for one in found]


def test_only_what_a_step_installs_is_installed() -> None:
    text = "FROM debian:12\nLABEL x='pip install a==1.0'\nCMD pip install a==1.0\n"
    assert list(installed_versions(Dockerfile(Source("Dockerfile", text.encode())))) == []
