"""GL312: what pip does not find, what is not executable, and what asks where nobody answers."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

SLIM, CONDA = "python:3.11-slim", "continuumio/miniconda3:4.12.0"
LATER = """\
COPY run.py manifest.json ./
ENTRYPOINT ["python", "/flywheel/v0/run.py"]
"""
FILES = {
    "install.sh": "#!/bin/bash\necho\n",
    "git.txt": "numpy\nb @ git+https://a.org/b.git@v1  # ours\n",
    "nested.txt": "numpy\n  -r sub/more.txt\n",
    "to-git.txt": "-r git.txt\n",
    "around.txt": "-r around.txt\n-c ${LIST}\n--requirement https://a.org/r.txt\n",
    "marked.txt": "b @ git+https://a.org/b ; python_version < '3'\n# git+https://a.org/b\n",
    "sub/more.txt": "scipy\n",
    "project/pyproject.toml": "",
    "old/setup.py": "",
}


def found(directory: Path, run: Run, base: str, steps: str) -> list[tuple[str, str]]:
    """The messages of GL312 without `RUN fails`, and the helps, of a gear with these steps."""
    write_gear(directory)
    for name, text in FILES.items():
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_text(text)
        (directory / name).chmod(0o644)
    (directory / "Dockerfile").write_text(f"FROM {base}\nWORKDIR /flywheel/v0\n{steps}\n{LATER}")
    findings = run("check", "--select", "GL312", "--output-format", "json", directory).findings
    return [(each["message"].removeprefix("RUN fails: "), each["help"]) for each in findings]


WGET = "apt-get update && apt-get install -y wget &&"
INSTALL = "install it in a step before this one"
COPY = "copy it first, or correct its name"
NO_GIT = ("pip needs git, which is not in the image", INSTALL)
NO_SYSTEM = (
    "apt-get is not found, as PATH leaves out the directories of the system",
    "write :$PATH at the end of the PATH that ENV sets",
)
NO_PROJECT = "pip install needs a setup.py or {}/pyproject.toml, which does not exist{}"
HERE = "/flywheel/v0"


@pytest.mark.parametrize(
    ("steps", "message", "help"),
    [
        (
            "COPY install.sh .\nRUN ./install.sh",
            f"it starts {HERE}/install.sh, which is not executable",
            "add chmod +x ./install.sh before it",
        ),
        (
            'COPY install.sh /opt/\nRUN ["/opt/install.sh"]',
            "it starts /opt/install.sh, which is not executable",
            "add chmod +x /opt/install.sh before it",
        ),
        ("RUN pip install git+https://a.org/b", *NO_GIT),
        ("RUN python -m pip install -U 'b[c] @ git+https://a.org/b'", *NO_GIT),
        ("RUN pip install -e git+https://a.org/b#egg=b", *NO_GIT),
        ("COPY git.txt .\nRUN pip install -r git.txt\nRUN pip install -r git.txt", *NO_GIT),
        ("COPY *.txt .\nCOPY sub sub\nRUN pip install -r to-git.txt", *NO_GIT),
        (
            "COPY nested.txt .\nRUN pip install -r nested.txt",
            f"{HERE}/nested.txt names {HERE}/sub/more.txt, which does not exist", COPY,
        ),
        (
            "COPY nested.txt .\nRUN pip install -r nested.txt\nCOPY sub sub",
            f"{HERE}/nested.txt names {HERE}/sub/more.txt, which does not exist before line 5",
            "move it below line 5, which brings the file",
        ),
        ("RUN pip install .", NO_PROJECT.format(HERE, ""), COPY),
        ("RUN pip --no-cache-dir -q install .", NO_PROJECT.format(HERE, ""), COPY),
        ('COPY run.py .\nRUN pip install -e ".[dev]"', NO_PROJECT.format(HERE, ""), COPY),
        (
            "RUN mkdir project && pip install --no-cache-dir ./project\nCOPY project project",
            NO_PROJECT.format(f"{HERE}/project", " before line 4"),
            "move it below line 4, which brings the file",
        ),
        ("ENV PATH=/opt/fsl/bin\nRUN apt-get update\nRUN apt-get install -y git", *NO_SYSTEM),
        ("ENV PATH '/opt/fsl/bin:$PATH'\nRUN apt-get update", *NO_SYSTEM),
        ("ENV PATH=/opt/fsl/bin:PATH\nRUN mkdir -p /opt/fsl/bin && apt-get update", *NO_SYSTEM),
        ("RUN PATH=/opt/fsl/bin; apt-get update", *NO_SYSTEM),
        ("ENV PATH=usr/bin\nRUN apt-get update", *NO_SYSTEM),
        # in a directory that a plain image has for others
        (
            "RUN pip install -r /tmp/git.txt",
            "pip install reads /tmp/git.txt, which does not exist", COPY,
        ),
        (
            "RUN pip install -r /opt/marked.txt\nCOPY marked.txt /opt/",
            "pip install reads /opt/marked.txt, which does not exist before line 4",
            "move it below line 4, which brings the file",
        ),
    ],
)  # fmt: skip
def test_what_a_step_lacks(steps: str, message: str, help: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, SLIM, steps) == [(message, help)]


@pytest.mark.parametrize(
    "steps",
    [
        "COPY install.sh .\nRUN chmod +x install.sh && ./install.sh",
        "COPY --chmod=755 install.sh .\nRUN ./install.sh",
        "COPY install.sh .\nRUN bash install.sh && . ./install.sh",
        "COPY install.sh .\nRUN ./install.sh || true",
        "RUN apt-get update && apt-get install -y git && pip install git+https://a.org/b",
        "RUN pip install git+https://a.org/b || true",
        "RUN pip install github b@https://a.org/git+b.zip",
        "COPY marked.txt .\nRUN pip install -r marked.txt",
        "COPY around.txt .\nRUN pip install -r around.txt",
        "COPY nested.txt .\nCOPY sub sub\nRUN pip install -r nested.txt",
        "COPY project old .\nRUN pip install .",
        "COPY project project\nCOPY old old\nRUN pip install ./project -e ./old[dev]",
        "RUN pip install --target . numpy",
        "RUN pip --python .venv install .",
        "RUN pip install /opt/unknown",
        "RUN git clone https://a.org/b . || true; pip install .",
        "RUN uv pip install git+https://a.org/b",
        # with a PATH that leads to the system, or may do so
        "ENV PATH=/opt/fsl/bin:/usr/bin\nRUN apt-get update",
        "ENV PATH=/opt/fsl/bin:/sbin/\nRUN apt-get update",
        "ENV PATH=/opt/fsl/bin\nRUN export PATH=/usr/bin:$PATH && apt-get update",
        "ENV PATH=/opt/fsl/bin\nRUN PATH=/usr/bin:$PATH apt-get update",
        "ENV PATH=/opt/fsl/bin\nRUN . /x.sh && apt-get update",
        "ENV PATH=/opt/fsl/bin\nRUN apt-get update || true",
        "ENV PATH=/opt/fsl/bin\nRUN sh -c 'x' && /usr/bin/apt-get update",
        "ENV PATH=/opt/fsl/bin\nRUN sudo() { env; }; sudo apt-get update",
        "RUN ln -s /usr/bin /opt/b\nENV PATH=/opt/b\nRUN apt-get update",
        "RUN mkdir -p /x && ln -s /usr/bin /x/b\nENV PATH=/x/b\nRUN apt-get update",
        "WORKDIR /\nENV PATH=usr/bin\nRUN apt-get update\nWORKDIR /flywheel/v0",
        "ENV PATH=usr/bin\nRUN cd $(frob) && apt-get update",
        "ENV PATH=${OTHER}/bin\nRUN apt-get update",
        'SHELL ["/bin/bash", "-lc"]\nENV PATH=/opt/fsl/bin\nRUN apt-get update',
        # in a directory that a plain image has for others
        "RUN pip install -r /tmp/others.txt",  # which the gear has not
        "RUN pip install -r /tmp/sub/git.txt",
        "RUN pip install -r /usr/share/marked.txt",
        "ADD https://a.org/marked.txt /tmp/\nRUN pip install -r /tmp/marked.txt",
        f"RUN {WGET} wget -P /tmp https://a.org/marked.txt && pip install -r /tmp/marked.txt",
        f"RUN {WGET} cd /tmp && wget https://a.org/marked.txt\nRUN pip install -r /tmp/marked.txt",
        "RUN --mount=type=bind,target=/tmp pip install -r /tmp/marked.txt",
        "COPY --from=example/unknown:1 /tmp /tmp\nRUN pip install -r /tmp/marked.txt",
        "RUN make -C /tmp x\nRUN pip install -r /tmp/marked.txt",
    ],
)
def test_what_a_step_may_have(steps: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, SLIM, steps) == []


def test_a_base_that_is_not_plain_may_have_files(tmp_path: Path, run: Run) -> None:
    steps = "RUN pip install -r /tmp/marked.txt"
    assert found(tmp_path, run, "nipreps/fmriprep:23.0.0", steps) == []


UPDATE = "RUN apt-get update &&"
ASKS = "{} install asks whether to go on, and nobody answers"


@pytest.mark.parametrize(
    ("base", "steps", "name"),
    [
        (SLIM, f"{UPDATE} apt-get install git", "apt-get"),
        (SLIM, "RUN apt-get update\nRUN apt install -f --no-install-recommends tree jq", "apt"),
        ("debian:12", f"{UPDATE} apt-get install build-essential", "apt-get"),
        ("ubuntu:22.04", f"{UPDATE} apt-get -q install python3 python3-pip", "apt-get"),
        ("rockylinux:9", "RUN dnf install git", "dnf"),
        ("rockylinux:9", "RUN yum install gcc git && yum clean all", "yum"),
    ],
)
def test_nobody_answers(base: str, steps: str, name: str, tmp_path: Path, run: Run) -> None:
    expected = ASKS.format(name), f"write {name} install -y"
    assert found(tmp_path, run, base, steps) == [expected]


@pytest.mark.parametrize(
    ("base", "steps"),
    [
        (SLIM, f"{UPDATE} apt-get install -y git"),
        (SLIM, f"{UPDATE} apt-get -qqy install git && apt-get install --yes jq"),
        (SLIM, f"{UPDATE} apt-get install unzip"),  # all that it needs is there
        ("python:3.11", f"{UPDATE} apt-get install git"),  # which is there
        (SLIM, f"{UPDATE} apt-get install -y libonig5 libjq1 && apt-get install jq"),
        (SLIM, f"{UPDATE} yes | apt-get install git"),
        (SLIM, f"{UPDATE} apt-get install git < /dev/zero"),
        (SLIM, f"{UPDATE} apt-get install git || true"),
        (SLIM, f"{UPDATE} apt-get install -o APT::Get::Assume-Yes=true git"),
        (SLIM, f"RUN echo 'X;' > /etc/apt/apt.conf.d/y\n{UPDATE} apt-get install git"),
        (SLIM, f"COPY sub/more.txt /etc/apt/apt.conf.d/y\n{UPDATE} apt-get install git"),
        (SLIM, f"ENV APT_CONFIG=/opt/a.conf\n{UPDATE} apt-get install git"),
        ("me/base:1", f"{UPDATE} apt-get install git"),
        ("rockylinux:9", "RUN dnf install -y git"),
        ("rockylinux:9", "RUN dnf install -y git && dnf install git"),
        ("rockylinux:9", "RUN echo assumeyes=1 >> /etc/dnf/dnf.conf && dnf install git"),
        ("fedora:40", "RUN dnf install git"),
    ],
)
def test_no_question(base: str, steps: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, base, steps) == []


ACTIVATE = "conda activate works only in a shell that conda has set up"


@pytest.mark.parametrize(
    ("steps", "name"),
    [
        ("RUN conda activate gear && pip install numpy", "-n gear"),
        ("RUN conda init bash && conda activate /opt/gear", "-p /opt/gear"),
        ('SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN conda activate && ls', "-n NAME"),
        ("RUN conda init\nRUN conda activate gear", "-n gear"),
    ],
)
def test_conda_that_is_not_set_up(steps: str, name: str, tmp_path: Path, run: Run) -> None:
    advice = f"start the programs of the environment by conda run {name}"
    assert found(tmp_path, run, CONDA, steps) == [(ACTIVATE, advice)]


@pytest.mark.parametrize(
    "steps",
    [
        "RUN . /opt/conda/etc/profile.d/conda.sh && conda activate gear",
        'SHELL ["/bin/bash", "-c"]\nRUN source ~/.bashrc; conda activate gear',
        'SHELL ["/bin/bash", "-c"]\nRUN eval "$(conda shell.bash hook)" && conda activate gear',
        'SHELL ["/bin/bash", "--login", "-c"]\nRUN conda activate gear',
        'SHELL ["/bin/bash", "-ic"]\nRUN conda activate gear',
        'ENV BASH_ENV=/root/.bashrc\nSHELL ["/bin/bash", "-c"]\nRUN conda activate gear',
        'SHELL ["/opt/activate.sh"]\nRUN conda activate gear',
        "RUN bash -lc 'conda activate gear'",
        "RUN conda() { echo; }; conda activate gear",
        "RUN conda activate gear || true",
        "RUN conda run -n gear pip install numpy && conda deactivate",
    ],
)
def test_conda_that_may_be_set_up(steps: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, CONDA, steps) == []


ADDED = "apk add $DEPS && git clone https://a.org/b"


@pytest.mark.parametrize(
    ("base", "step", "is_found"),
    [
        # a special builtin keeps what is before it, but in bash
        ("alpine:3.20", f"DEPS='bash git' set -x && {ADDED}", False),
        ("alpine:3.20", f"DEPS='bash git' export A=1 && {ADDED}", False),
        ("alpine:3.20", f"DEPS='bash git' echo && {ADDED}", True),
        ("alpine:3.20", f"true || DEPS='bash git' :; {ADDED}", False),  # whatever it is
        ("me/base", f"DEPS='bash git' set -x && {ADDED}", False),
    ],
)
def test_variables_before_a_builtin(
    base: str, step: str, is_found: bool, tmp_path: Path, run: Run
) -> None:
    assert bool(found(tmp_path, run, base, f"RUN {step}")) is is_found
