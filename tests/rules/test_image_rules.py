"""The rules on Dockerfile and run: what they find, and what they leave alone.

Each case is the part of a Dockerfile after `FROM`; the rest of the gear is sound.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run, seconds_of_processor
from tests.machine import in_time
from tests.sound import SCRIPT, write_gear

Lint = Callable[..., list[str]]


@pytest.fixture
def lint(tmp_path: Path, run: Run) -> Lint:
    """Lines `CODE text-of-the-line: message` of what is said of a gear with this Dockerfile."""

    def lint(dockerfile: str, members: str = "", **files: str) -> list[str]:
        gear = tmp_path / "gear"
        gear.mkdir(exist_ok=True)
        (gear / "Dockerfile").write_text(dockerfile)
        for name, text in files.items():
            (gear / name.replace("__", ".")).write_text(text)
        write_gear(gear, members)
        outcome = run("check", "--output-format", "concise", "--ignore", "GL314", gear)
        assert "internal" not in outcome.stderr
        lines = outcome.stdout.replace(": [*] ", ": ").splitlines()  # fixes are tested elsewhere
        return [line.partition(": ")[2] for line in lines]

    return lint


SOUND = """\
FROM python:3.11
WORKDIR /flywheel/v0
COPY run.py .
"""

MORE = "RUN apt-get update && apt-get install -y conda mamba npm r-base\n"

BUILDER = f"FROM me/tools:1 AS builder\n{SOUND}"
"""A stage, and after it what a test puts behind `SOUND`: so that one is a stage that is not used."""

FOUND = [
    ('ENTRYPOINT ["python run.py"]', 'GL303 error: ENTRYPOINT starts the program "python run.py", but no program has that name'),
    ('ENTRYPOINT "python run.py"', 'GL303 error: ENTRYPOINT starts the program "python run.py", but no program has that name'),
    ("CMD 'python none.py' --x", 'GL303 error: CMD starts the program "python none.py", but no program has that name'),
    ('ENTRYPOINT ["python none.py"]', 'GL303 error: ENTRYPOINT starts the program "python none.py", but no program has that name'),
    ('ENTRYPOINT ["run.py -x"]', 'GL303 error: ENTRYPOINT starts the program "run.py -x", but no program has that name'),
    ('CMD ["python run.py"]', 'GL303 error: CMD starts the program "python run.py", but no program has that name'),
    ('ENTRYPOINT ["run.py"]', 'GL304 error: ENTRYPOINT starts "run.py", which is looked up on PATH only and is not there'),
    ("ENTRYPOINT exec run.py $ARGS", 'GL304 error: ENTRYPOINT starts "run.py", which is looked up on PATH only and is not there'),
    ('ENTRYPOINT ["./main.py"]', "GL305 error: ENTRYPOINT starts /flywheel/v0/main.py, which is not in the image"),
    ('ENV APP=/x\nENTRYPOINT ["${APP}/run.py"]', "GL305 error: ENTRYPOINT starts /flywheel/v0/${APP}/run.py, which is not in the image"),
    ('COPY none/ /x/\nENTRYPOINT ["python", "run.py"]', 'GL310 error: COPY takes "none/", which is not in the build context'),
    ('COPY x/\0/y.py .\nENTRYPOINT ["python", "run.py"]', r'GL310 error: COPY takes "x/\u0000/y.py", which is not in the build context'),
    ('ENTRYPOINT ["poetry", "run", "python", "main.py"]', "GL305 error: ENTRYPOINT starts /flywheel/v0/main.py, which is not in the image"),
    ('ENTRYPOINT ["/usr/bin/env", "uv", "run", "python", "main.py"]', "GL305 error: ENTRYPOINT starts /flywheel/v0/main.py, which is not in the image"),
    *(
        (f'{before}\nENTRYPOINT ["python", "main.py"]', "GL305 error: ENTRYPOINT starts /flywheel/v0/main.py, which is not in the image")
        for before in (
            "RUN chown -R 1000:1000 /flywheel/v0", "RUN chgrp -R staff .",
            "RUN useradd -ms /bin/bash me",
            "RUN echo x > /etc/y", "RUN printf x > /tmp/a", "RUN poetry install --no-root",
            *(
                f"WORKDIR /tmp\nRUN {line}\nWORKDIR /flywheel/v0"
                for line in (
                    "tar xf x.tar -C /opt", "unzip -d /opt x.zip",
                    "curl https://install.python-poetry.org -o x.py",
                )
            ),
        )
    ),
    ('ENTRYPOINT ["bash", "-eu", "main.sh"]', "GL305 error: ENTRYPOINT starts /flywheel/v0/main.sh, which is not in the image"),
    ('ENTRYPOINT ["python", "-u", "main.py"]', "GL305 error: ENTRYPOINT starts /flywheel/v0/main.py, which is not in the image"),
    ('ENTRYPOINT ["/flywheel/v0"]', "GL305 error: ENTRYPOINT starts /flywheel/v0, which is a directory"),
    ('RUN rm run.py\nENTRYPOINT ["python", "/flywheel/v0/run.py"]', None),
    ('RUN chmod 644 run.py\nENTRYPOINT ["./run.py"]', 'GL306 error: ENTRYPOINT starts "./run.py", which is not executable'),
    ('RUN chmod -R a-x /flywheel\nENTRYPOINT ["./run.py"]', 'GL306 error: ENTRYPOINT starts "./run.py", which is not executable'),
    ("ENTRYPOINT python /flywheel/v0/run.py", 'GL307 info: ENTRYPOINT "python /flywheel/v0/run.py" is in shell form: signals and arguments do not reach it'),
    ('COPY other.py .\nENTRYPOINT ["python", "other.py"]', 'GL309 warning: ENTRYPOINT starts "other.py", but command starts "run.py"'),
    ('COPY none.py .\nENTRYPOINT ["python", "run.py"]', 'GL310 error: COPY takes "none.py", which is not in the build context'),
    ('COPY ../none.py .\nENTRYPOINT ["python", "run.py"]', 'GL310 error: COPY takes "../none.py", which is not in the build context'),
    *(
        (
            f'{stages}COPY --from={name} /x /opt/x\nENTRYPOINT ["python", "run.py"]',
            f'GL310 {severity}: COPY takes from "{name}", which is {what}',
        )
        for stages, name, severity, what in (
            (BUILDER, "build", "warning", "not a stage of the Dockerfile"),
            (f"{BUILDER}COPY --from=builder /y /opt/y\n", "buildr", "warning", "not a stage of the Dockerfile"),
            (BUILDER.replace("builder", "bids-validator"), "validator", "warning", "not a stage of the Dockerfile"),
            (BUILDER, "Build", "error", "neither a stage nor a name of an image"),
            (BUILDER, "Tools", "error", "neither a stage nor a name of an image"),
        )
    ),
    ('RUN cp none.py x.py\nENTRYPOINT ["python", "run.py"]', "GL312 error: RUN fails: cp of /flywheel/v0/none.py, which does not exist"),
    ('RUN chmod +x a && touch a\nENTRYPOINT ["python", "run.py"]', "GL312 error: RUN fails: chmod of /flywheel/v0/a, which does not exist"),
    ('RUN cd none\nENTRYPOINT ["python", "run.py"]', "GL312 error: RUN fails: cd to /flywheel/v0/none, which does not exist"),
    ('RUN cd none && ls\nENTRYPOINT ["python", "run.py"]', "GL312 error: RUN fails: cd to /flywheel/v0/none, which does not exist"),
    ('RUN chmod +x other.py\nCOPY other.py .\nENTRYPOINT ["python", "run.py"]', "GL312 error: RUN fails: chmod of /flywheel/v0/other.py, which does not exist before line 5"),
    ('RUN chown -R 0:0 none.py\nENTRYPOINT ["python", "run.py"]', "GL312 error: RUN fails: chown of /flywheel/v0/none.py, which does not exist"),
    ('RUN cp run.py x && chgrp 0 x none/*.py run.pyc\nENTRYPOINT ["python", "run.py"]', "GL312 error: RUN fails: chgrp of /flywheel/v0/none/*.py, which does not exist"),
    ('ENTRYPOINT ["a"]\nENTRYPOINT ["python", "run.py"]', "GL313 warning: this ENTRYPOINT has no effect: only the last one counts, in line 5"),
    ('ENV PATH=/opt/conda/bin:$PATH\nENTRYPOINT ["python", "run.py"]', 'GL315 warning: Flywheel does not pass this PATH to the gear, and command starts "python"'),
    # of several files the first
    ('COPY other.py output/x.py\nCOPY other.py output/y.py\nENTRYPOINT ["python", "run.py"]', "GL317 warning: x.py is put into /flywheel/v0/output, which Flywheel replaces"),
    ('COPY other.py output/x.py\nENTRYPOINT ["python", "run.py"]', "GL317 warning: x.py is put into /flywheel/v0/output, which Flywheel replaces"),
]  # fmt: skip


def test_a_misspelt_stage_is_the_only_finding(lint: Lint) -> None:
    dockerfile = (
        f"{SOUND.replace('3.11', '3.11 AS builder')}FROM python:3.11\nWORKDIR /flywheel/v0\n"
    )
    taken = f"{dockerfile}COPY --from=build /flywheel/v0/run.py .\n{START}"
    assert [line[:5] for line in lint(taken)] == ["GL310"]


@pytest.mark.parametrize(("rest", "expected"), FOUND, ids=range(len(FOUND)))
def test_found(rest: str, expected: str | None, lint: Lint) -> None:
    reported = lint(f"{SOUND}{rest}\n", other__py=SCRIPT)
    if expected is None:
        assert [line[:11] for line in reported] == ["GL305 error", "GL402 error"]
    else:
        assert reported == [expected]


START = 'ENTRYPOINT ["python", "/flywheel/v0/run.py"]\n'


def test_an_image_of_nothing_has_no_entrypoint(lint: Lint) -> None:
    found = lint("FROM scratch\nWORKDIR /flywheel/v0\nCOPY run.py .\n")
    assert "GL308 info: the Dockerfile has neither ENTRYPOINT nor CMD" in found


@pytest.mark.parametrize(
    "members",
    [
        '"command": "/usr/local/bin/python run.py"',
        '"environment": {"PATH": "/opt/conda/bin:/usr/local/bin:/usr/bin:/bin"}',
    ],
)
def test_path_that_command_does_not_need(members: str, lint: Lint) -> None:
    assert lint(f"{SOUND}ENV PATH=/opt/conda/bin:$PATH\n{START}", members) == []


LEFT_ALONE = [
    f"{SOUND}{START}",
    # which of several scripts is the gear's, nobody can know
    f'{SOUND}COPY run.py second.py\nENTRYPOINT ["bash", "-c", "python second.py; python run.py"]\n',
    f"{SOUND}{START}".replace("FROM", "FROM --platform=Linux/AMD64"),
    f"{SOUND}COPY run.py output/.keep\n{START}",
    f"{SOUND}{START}".replace("python:3.11", "alpine:3.20\nCOPY run.py /bin/bash\nRUN apk add python3"),
    f"FROM me/base\nWORKDIR /flywheel/v0\nCOPY . .\n{START}",
    # a stage in another case or by its number, a variable, and what may be an image
    *(
        f"FROM me/tools:1 AS builder\n{SOUND}{before}COPY --from={name} /x /opt/x\n{START}"
        for before, name in (
            ("", "Builder"),
            ("", "0"),
            ("", "me/build"),
            ("", "build:1"),
            ("", "tools"),
            ("COPY --from=builder /y /opt/y\n", "build"),
        )
    ),
    f"FROM golang:1.22 AS golan\n{SOUND}COPY --from=golang /x /opt/x\n{START}",
    f"FROM debian:12 AS debian-x\n{SOUND}COPY --from=debian /x /opt/x\n{START}",
    # what nobody can know
    'FROM me/base:1\nENTRYPOINT ["run.py"]\n',
    'FROM me/base:1\nENTRYPOINT ["/flywheel/v0/main.py"]\n',
    f"FROM me/base:1\nRUN chmod +x /flywheel/v0/x.sh\n{START}",
    f'{SOUND}RUN make\nENTRYPOINT ["/flywheel/v0/main"]\n',
    f'{SOUND}RUN git clone https://example.org/x .\nENTRYPOINT ["python", "main.py"]\n',
    f'{SOUND}RUN chmod 644 run.py && ./setup\nENTRYPOINT ["./run.py"]\n',
    f'{SOUND}ARG X\nRUN curl -o $X/main https://example.org\nENTRYPOINT ["python", "/flywheel/v0/main"]\n',
    f'{SOUND}ENTRYPOINT ["poetry", "run", "--help", "python", "main.py"]\n',
    f'{SOUND}ENTRYPOINT ["poetry", "run", "main.py"]\n',
    f'{SOUND}ENTRYPOINT ["uv", "sync", "python", "main.py"]\n',
    f'FROM python:3.11\nCOPY run.py made.gz /flywheel/v0/\nRUN gunzip /flywheel/v0/made.gz && chmod +x /flywheel/v0/made\n{START}',
    f'FROM python:3.11\nCOPY run.py /flywheel/v0/\nRUN split -n 2 /flywheel/v0/run.py /flywheel/v0/x && chmod +x /flywheel/v0/xaa\n{START}',
    *(
        f'{SOUND}{MORE}RUN {line}\nENTRYPOINT ["/flywheel/v0/env/bin/x"]\n'
        for line in (
            "conda create --prefix=/flywheel/v0/env", "conda create -p/flywheel/v0/env",
            "mamba create -y -p env",
        )
    ),
    *(
        f"{SOUND}{MORE}RUN {line} && chmod -R a+rx made\n{START}"
        for line in (
            "npm install -g --prefix /flywheel/v0/made x",
            """Rscript -e 'install.packages("x", lib="made")'""",
            "chown -h 0 none; touch made", "chown --from=1 0 none; touch made", "chown 0 *.none; touch made",
            "gem fetch made", "sort -o made run.py", "uniq run.py made",
            "useradd -m -d /flywheel/v0/made me",
        )
    ),
    f"FROM python:3.11\nRUN useradd -m -d /flywheel/v0 me\nCOPY run.py /flywheel/v0/\n{START}",
    f'{SOUND}RUN curl -o /opt/x https://example.org/x && chmod +x /opt/x /opt/y\n{START}',
    f"{SOUND}RUN chmod +x $(ls)\n{START}",
    f"{SOUND}RUN test -f none || cp a b\n{START}",
    f"{SOUND}RUN --mount=type=bind,target=/x cp /x/none.py .\n{START}",
    f"{SOUND}COPY --from=me/other:1 /x /x\nRUN cp /x/y z\n{START}",
    f"{SOUND}ADD https://example.org/x.tar.gz /opt/\n{START}",
    f"{SOUND}COPY *.none ./\n{START}",
    f'{SOUND}COPY *.pex ./\nENTRYPOINT ["/flywheel/v0/run.pex"]\n',
    f'{SOUND}COPY . .\nENTRYPOINT ["python", "made.txt"]\n',
    f'{SOUND}ENTRYPOINT ["bash", "-c", "prepare.sh"]\n',
    'FROM node:20\nWORKDIR /flywheel/v0\nCOPY run.py .\nENTRYPOINT ["node", "-r", "main.js"]\n',
    f'{SOUND}ENTRYPOINT ["python", "-"]\n',
    f"{SOUND}COPY . .\nRUN chmod +x run.pex vendor/lib/x.sh\n{START}",
    'FROM flywheel/base-gear-ubuntu:1\nENTRYPOINT ["/flywheel/v0/none"]\n',
    f'{SOUND}WORKDIR /tmp\nRUN unzip y.zip -d /\nENTRYPOINT ["/flywheel/v0/none"]\n',
    f'{SOUND}{MORE}RUN conda create -p /flywheel/v0/env\nENTRYPOINT ["/flywheel/v0/env/bin/x"]\n',
    f'{SOUND}RUN poetry install\nENTRYPOINT ["/flywheel/v0/.venv/bin/x"]\n',
    f'{SOUND}RUN rpm2cpio /tmp/gear.rpm | cpio -i -D /\nENTRYPOINT ["/flywheel/v0/none"]\n',
    f'{SOUND}{MORE}RUN Rscript install\nENTRYPOINT ["/flywheel/v0/none"]\n',
    f'{SOUND}RUN env A=1 ./setup\nENTRYPOINT ["/flywheel/v0/none"]\n',
    f'{SOUND}RUN make install\nENTRYPOINT ["/flywheel/v0/none"]\n',
    f'{SOUND}RUN chmod 644 run.py && ls *.py | xargs chmod +x\nENTRYPOINT ["./run.py"]\n',
    f"FROM flywheel/python:3.12-alpine\nWORKDIR /flywheel/v0\nCOPY run.py .\n{START}",
    f"FROM alpine\nCOPY --from=busybox /bin/sh /bin/bash\nWORKDIR /flywheel/v0\nCOPY run.py .\n{START}",
    f'{SOUND}RUN touch setup.py && pip install .[all]\nENTRYPOINT ["run.py"]\n',
    f"{SOUND}COPY dist/gear.whl ./\n{START}",
    f"{SOUND}COPY gear.pex ./\n{START}",
    f"{SOUND}COPY made.txt ./\n{START}",  # .gitignore leaves it out
    f"{SOUND}COPY generated.txt ./\n{START}",  # the Makefile names it
    # what starts
    f'{SOUND}RUN ln -s /flywheel/v0/run.py /usr/local/bin/run.py\nENTRYPOINT ["run.py"]\n',
    f'{SOUND}ENV PATH=$PATH:/flywheel/v0\nENTRYPOINT ["run.py"]\n',
    f"{SOUND}ENTRYPOINT cd /flywheel/v0 && python run.py\n",
    f'{SOUND}ENTRYPOINT ["/bin/bash", "-c", "python run.py"]\n',
    f'{SOUND}ENTRYPOINT ["python", "-m", "main"]\n',
    f'{SOUND}CMD ["/flywheel/v0/run.py"]\n',
    f"FROM python AS build\nRUN pip wheel .\nFROM python\nWORKDIR /flywheel/v0\nCOPY run.py .\n{START}",
    "FROM scratch AS a\nCOPY . /\nFROM python\nWORKDIR /flywheel/v0\n"
    f"RUN --mount=type=bind,from=a,target=/a cp /a/run.py /a/manifest.json .\n{START}",
    f"FROM --platform=linux/amd64 python\nWORKDIR /flywheel/v0\nCOPY run.py .\n{START}",
    f"FROM --platform=$BUILDPLATFORM python\nWORKDIR /flywheel/v0\nCOPY run.py .\n{START}",
    f"{SOUND}RUN pip install --no-cache-dir flywheel-sdk && apt-get update\n{START}",
    f"{SOUND}RUN mkdir -p input output\n{START}",
    f"{SOUND}ENV PATH=$PATH:/opt/conda/bin\n{START}",
    f"{SOUND}ENV PATH=/opt/tools/bin:$PATH\n{START}",
    f"ARG P=linux/amd64\nFROM --platform=$P python\nWORKDIR /flywheel/v0\nCOPY run.py .\n{START}",
    f"ARG P\nFROM --platform=$P python\nWORKDIR /flywheel/v0\nCOPY run.py .\n{START}",
    f"ARG P=$TARGETPLATFORM\nFROM --platform=$P python\nWORKDIR /flywheel/v0\nCOPY run.py .\n{START}",
    f"FROM --platform=linux/amd64/v2 python\nWORKDIR /flywheel/v0\nCOPY run.py .\n{START}",
]  # fmt: skip


def test_copy_from_a_stage_where_there_is_none(lint: Lint) -> None:
    reported = lint("COPY --from=builder /x /opt/x\n")
    assert reported == ["GL005 error: COPY before the first FROM"]


@pytest.mark.parametrize("dockerfile", LEFT_ALONE, ids=range(len(LEFT_ALONE)))
def test_left_alone(dockerfile: str, lint: Lint) -> None:
    path = '"environment": {"PATH": "/flywheel/v0:/usr/local/bin:/usr/bin:/bin"}'
    reported = lint(
        dockerfile,
        path,
        __gitignore="made.txt\n",
        Makefile="all:\n\techo > generated.txt\n",
        __gitmodules='[submodule "lib"]\n\tpath = vendor/lib\n',
    )
    assert reported == []


@pytest.mark.parametrize(
    ("mount", "is_needed"),
    [
        ("RUN --mount=type=bind,from=a,target=/a ls /a", True),
        ("RUN --mount=target=/a,FROM=0 ls /a", True),
        ("COPY --from=a /etc/passwd /a", True),
        ("RUN --mount=type=cache,target=/a ls /a", False),
        ("RUN ls --from=a", False),
    ],
)
def test_a_stage_is_built_for_what_takes_from_it(mount: str, is_needed: bool, lint: Lint) -> None:
    found = lint(f"FROM python AS a\nCOPY none.txt /\n{SOUND}{mount}\n{START}")
    assert [line.partition(":")[0] for line in found] == ["GL310 error"] * is_needed


def test_platform_of_a_variable_is_reported(lint: Lint) -> None:
    arg = "ARG P=linux/arm64/v8\n"
    assert lint(
        f"{arg}FROM --platform=$P python\nWORKDIR /flywheel/v0\nCOPY run.py .\n{START}"
    ) == [
        "GL316 warning: the platform is linux/arm64/v8, expected linux/amd64, which Flywheel runs"
    ]


def test_platform_of_a_stage_that_a_variable_names_is_reported(lint: Lint) -> None:
    stages = "ARG B=base\nFROM --platform=linux/arm64 python AS base\nFROM ${B}\n"
    assert lint(f"{stages}WORKDIR /flywheel/v0\nCOPY run.py .\n{START}") == [
        "GL316 warning: the platform is linux/arm64, expected linux/amd64, which Flywheel runs"
    ]


def test_exec_form_replaces_no_variable_whatever_the_base_image_is(lint: Lint) -> None:
    reported = lint('FROM me/base:1\nENV APP=/flywheel/v0\nENTRYPOINT ["${APP}/run.py"]\n')
    assert reported == ["GL305 error: ENTRYPOINT starts ${APP}/run.py, which is not in the image"]
    assert lint('FROM me/base:1\nENTRYPOINT ["${APP}/run.py"]\n') == []


def test_missing_dockerfile_is_reported(tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path)
    (tmp_path / "Dockerfile").unlink()
    assert check(tmp_path).codes == ["GL301"]


@pytest.mark.parametrize(
    ("names", "named"),
    [
        (["DockerFile"], "DockerFile"),
        (["Dockerfile.gear", "DOCKERFILE"], "DOCKERFILE"),
        (["gear.dockerfile"], "gear.dockerfile"),
        (["Containerfile"], "Containerfile"),
        (["Dockerfile.dockerignore", "Dockerfiles", "containers"], ""),
    ],
)
def test_dockerfile_of_another_name_is_named(
    names: list[str], named: str, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path)
    if (tmp_path / "DOCKERFILE").exists():
        pytest.skip("the disk takes names in any case for the same")
    for name in names:
        shutil.copy(tmp_path / "Dockerfile", tmp_path / name)
    (tmp_path / "Dockerfile").unlink()
    (tmp_path / "Dockerfile-old").mkdir()
    (found,) = check(tmp_path).findings
    only, advice = (f', only "{named}"', "rename it to Dockerfile") if named else ("", "add one")
    assert found["message"] == f"there is no Dockerfile beside the manifest{only}"
    assert found["help"] == f'{advice}, or name it by the setting "dockerfile"'


BELOW = "a/gear"
"""Where the gear is, below the directory of a Dockerfile."""
ABOVE = [
    ("Dockerfile", "COPY a/gear/run.py /flywheel/v0/", "../../Dockerfile"),
    ("Dockerfile", "ADD ./a/gear/ /flywheel/v0", "../../Dockerfile"),
    ("Dockerfile", "COPY a /a", "../../Dockerfile"),
    ("my.Dockerfile", "COPY a/gear/* /flywheel/v0/", "../../my.Dockerfile"),
    ("a/Dockerfile", "COPY gear /flywheel/v0", "../Dockerfile"),
    ("a/Dockerfile", "COPY a/gear /flywheel/v0", "../Dockerfile"),
]
ABOVE_OF_OTHERS = [
    ("Dockerfile", "COPY . /flywheel/v0"),
    ("Dockerfile", "COPY a/gears/run.py gear /flywheel/v0/"),
    ("Dockerfile", "COPY --from=0 a/gear /flywheel/v0"),
    ("a/Dockerfile", "COPY b/gear /flywheel/v0"),
    ("b/Dockerfile", "COPY a/gear /flywheel/v0"),
]


def _with_dockerfile_at(directory: Path, path: str, copy: str) -> None:
    """A repository with a gear in `BELOW`, and a Dockerfile at a path of it."""
    (directory / ".git").mkdir()
    write_gear(directory / BELOW)
    (directory / BELOW / "Dockerfile").unlink()
    (directory / path).parent.mkdir(exist_ok=True)
    (directory / path).write_text(f"FROM python:3.11\n{copy}\n{START}")


@pytest.mark.parametrize(("path", "copy", "named"), ABOVE)
def test_dockerfile_above_that_copies_the_gear_is_named(
    path: str, copy: str, named: str, tmp_path: Path, check: Run
) -> None:
    _with_dockerfile_at(tmp_path, path, copy)
    (found,) = check(tmp_path).findings
    expected = f'there is no Dockerfile beside the manifest, but "{named}" copies files of the gear'
    assert (found["code"], found["message"]) == ("GL301", expected)
    line = f'dockerfile = "{named}"'
    advice = f'if that builds the gear, write {line} into "gearlint.toml"; else add one'
    assert found["help"] == advice
    (tmp_path / BELOW / "gearlint.toml").write_text(line)
    assert "GL301" not in check(tmp_path).codes


@pytest.mark.parametrize(("path", "copy"), ABOVE_OF_OTHERS)
def test_dockerfile_above_of_something_else_is_not_named(
    path: str, copy: str, tmp_path: Path, check: Run
) -> None:
    _with_dockerfile_at(tmp_path, path, copy)
    (found,) = check(tmp_path).findings
    assert found["message"] == "there is no Dockerfile beside the manifest"
    assert found["help"] == 'add one, or name it by the setting "dockerfile"'


def test_dockerfile_above_of_another_gear_or_repository_is_not_named(
    tmp_path: Path, check: Run
) -> None:
    _with_dockerfile_at(tmp_path, "Dockerfile", "COPY a/gear /flywheel/v0")
    write_gear(tmp_path / "other").rename(tmp_path / "manifest.json")
    message = "there is no Dockerfile beside the manifest"
    assert check(tmp_path / BELOW).findings[0]["message"] == message
    (tmp_path / "manifest.json").unlink()
    assert check(tmp_path / BELOW).findings[0]["message"] != message
    (tmp_path / "a" / ".git").mkdir()
    assert check(tmp_path / BELOW).findings[0]["message"] == message


@pytest.mark.parametrize(
    ("file", "table", "into"),
    [
        ("gearlint.toml", "", '"../../gearlint.toml"'),
        ("pyproject.toml", "[tool.gearlint]\n", '[tool.gearlint] of "../../pyproject.toml"'),
    ],
)
def test_dockerfile_above_is_set_where_the_settings_are(
    file: str, table: str, into: str, tmp_path: Path, check: Run
) -> None:
    _with_dockerfile_at(tmp_path, "a/Dockerfile", "COPY gear /flywheel/v0")
    (tmp_path / file).write_text(f"{table}fail-on = 'error'\n")
    (found,) = check(tmp_path).findings
    line = 'dockerfile = "a/Dockerfile"'
    assert f"write {line} into {into}; else" in str(found["help"])
    (tmp_path / file).write_text(f"{table}{line}\n")
    assert "GL301" not in check(tmp_path).codes


def test_manifest_by_another_name_is_looked_at_alone(tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path).rename(tmp_path / "gear.json")
    (tmp_path / "Dockerfile").write_text("NONSENSE\n")
    assert check(tmp_path / "gear.json").codes == []


def test_copied_file_that_dockerignore_leaves_out(lint: Lint, tmp_path: Path) -> None:
    reported = lint(
        f"{SOUND}COPY other.py .\n{START}", other__py="", __dockerignore="*.py\n!run.py\n"
    )
    assert reported == [
        'GL311 error: COPY takes "other.py", which .dockerignore excludes (line 1: "*.py")'
    ]


def test_no_line_of_dockerignore_fits_a_name_with_a_backslash(lint: Lint) -> None:
    dockerfile = f"{SOUND}COPY ot\\\\her.py .\n{START}"
    reported = lint(dockerfile, other__py="", __dockerignore="other.py\n")
    assert reported == ['GL311 error: COPY takes "ot\\her.py", which .dockerignore excludes']


@pytest.mark.parametrize(
    ("ignore", "where"),
    [
        ("# all\n\n*\n!run.py\n", '(line 3: "*")'),
        ("lib\n*.txt\n", '(line 1: "lib")'),
        ("other\n**/*.py\n!run.py\nlib/sub\n", '(line 4: "lib/sub")'),
    ],
)
def test_line_of_dockerignore_that_excludes_a_file(
    ignore: str, where: str, tmp_path: Path, run: Run
) -> None:
    write_gear(tmp_path)
    (tmp_path / "lib" / "sub").mkdir(parents=True)
    (tmp_path / "lib" / "sub" / "a.py").touch()
    (tmp_path / ".dockerignore").write_text(ignore)
    (tmp_path / "Dockerfile").write_text(f"{SOUND}COPY lib/sub/a.py .\n{START}")
    outcome = run("check", "--select", "GL311", "--output-format", "concise", tmp_path)
    assert outcome.stdout.rstrip().endswith(f"which .dockerignore excludes {where}")


@pytest.mark.parametrize(
    ("command", "reported"),
    [
        ("start", 'GL402 error: command starts "start", which is not on PATH'),
        ("env start", 'GL402 error: command starts "start", which is not on PATH'),
        ("PATH=/flywheel/v0 start", 'GL402 error: command starts "start", which is not on PATH'),
        ("/flywheel/v0/run.sh", None),
        ("export APP=/flywheel/v0; $APP/run.sh", None),
        ("export PATH=/flywheel/v0:$PATH; run.sh", None),
        (
            "run.sh",
            'GL409 error: command starts "run.sh", which is looked up on PATH only and is not there',
        ),
        ("pwd", None),
        ("true && exec ./run.sh", None),
        ("PATH=$PATH:$X start", None),
    ],
)
def test_commands_of_an_image_that_is_known_whole(
    command: str, reported: str | None, lint: Lint
) -> None:
    dockerfile = (
        "FROM scratch\nWORKDIR /flywheel/v0\nCOPY bash /bin/bash\nCOPY bash /usr/bin/env\n"
        'COPY run.sh manifest.json ./\nRUN ["/bin/bash", "-c", "true"]\n'
        'ENTRYPOINT ["/flywheel/v0/run.sh"]\n'
    )
    lines = lint(dockerfile, f'"command": "{command}"', bash="x", run__sh="#!/bin/bash\n")
    assert [line for line in lines if line[:5] in ("GL402", "GL409")] == (
        [reported] if reported else []
    )


@pytest.mark.parametrize(
    ("command", "reported"),
    [
        ("python main.py", "GL402 error: command starts /flywheel/v0/main.py, which is not in the image"),
        ("./main", "GL402 error: command starts /flywheel/v0/main, which is not in the image"),
        ("cd x && python run.py", "GL402 error: command starts /flywheel/v0/x/run.py, which is not in the image"),
        ("echo 'a", "GL408 error: command is not valid shell: "),
        ("run.py", 'GL409 error: command starts "run.py", which is looked up on PATH only and is not there'),
    ],
)  # fmt: skip
def test_commands(command: str, reported: str, lint: Lint) -> None:
    (line,) = lint(SOUND + START, f'"command": "{command}"')
    assert line.startswith(reported)


@pytest.mark.parametrize(
    "command",
    [
        "source /venv/bin/activate && python run.py",
        "python -m gear",
        "chmod +x other && ./other",
        "cp run.py main.py; python main.py",
        "echo hi > x.sh && bash x.sh",
        "git clone https://example.org/y && python y/main.py",
        "bash input/x/script.sh",
        "run.py() { python run.py; }; run.py",
        "perl -I lib run.pl",
        "bash -O extglob run.py",
        "poetry run none",
        "test -f none.py && python none.py || python run.py",
        "python {config.script}",
        "PATH=/flywheel/v0:$PATH run.py",
        "/opt/tool/bin/tool",
        "python run.py && echo done",
        "python3 -u run.py --debug",
    ],
)
def test_commands_that_may_well_run(command: str, lint: Lint) -> None:
    assert lint(SOUND + START, f'"command": "{command}"') == []


@pytest.mark.parametrize(
    ("script", "reported"),
    [
        ("print(1)\n", ["GL404 error"]),
        ("#!/usr/bin/env python3\r\nprint(1)\r\n", ["GL405 error"]),
        ("\ufeff#!/usr/bin/env python3\nprint(1)\n", ["GL405 error"]),
        ("#!/usr/bin/env python3\nprint(1\n", ["GL406 error"]),
        ("#!/usr/bin/env python3\nif 1:\n\tx = 1\n        y = 2\n", ["GL406 error"]),
        ("#!/usr/bin/env -S python3 -u\nprint(1\n", ["GL406 error"]),
        ("#!python3\nprint(1)\n", ["GL410 error"]),
        ("#!/usr/bin/env python3\nprint('/flywheel/v0/outputs/x')\n", ["GL407 warning"]),
        ("#!/usr/bin/env python3\n# /flywheel/v0/outputs/x\nprint('/flywheel/v0/output')\n", []),
        ("#!/usr/bin/env python3\nprint('hello')\n", []),
    ],
)
def test_scripts(script: str, reported: list[str], lint: Lint, tmp_path: Path) -> None:
    run = tmp_path / "gear" / "run.py"
    run.parent.mkdir()
    run.write_bytes(script.encode())
    run.chmod(0o755)
    dockerfile = f'{SOUND}ENTRYPOINT ["/flywheel/v0/run.py"]\n'
    lines = lint(dockerfile, '"command": "./run.py"')
    assert [line.split(":")[0] for line in lines] == reported


@pytest.mark.parametrize(
    ("line", "reported"),
    [
        ("!#/usr/bin/env python3", ["GL406 error: Python syntax error: invalid syntax"]),
        ("!/usr/bin/env python3", ["GL406 error: Python syntax error: invalid syntax"]),
        ("#/usr/bin/env python3", []),  # a comment, where nothing starts the script by its name
    ],
)
def test_a_first_line_that_python_reads(
    line: str, reported: list[str], lint: Lint, tmp_path: Path
) -> None:
    script = tmp_path / "gear" / "run.py"
    script.parent.mkdir()
    script.write_text(f"{line}\nprint(1)\n")
    assert lint(SOUND + START) == reported


# (text, how GL404 reports it): started by the command, by its name without a suffix.
NO_FIRST_LINE = [
    ("print('hello')\n", "error"),
    ("import sys\nif True:\n    sys.exit(print(1))\n", "error"),
    ("def main():\n    return 0\n\nmain()\n", "error"),
    ("echo hello\nfi\n", "error"),
    ("echo hello\n", "warning"),
    ("x = 1\n", "warning"),  # not a program of that name, or is it?
    ("exec true\nprint('hello')\n", "warning"),
    ("true && exit\nprint('hello')\n", "warning"),
    ("source ./end\nprint('hello')\n", "warning"),
    (". ./end\nprint('hello')\n", "warning"),
    ("shopt -s extglob\ncase x in !(a)) ;; esac\n", "warning"),
    ("print('hello')\r\n", "warning"),
    ("", "warning"),
]


@pytest.mark.parametrize(("text", "severity"), NO_FIRST_LINE, ids=range(len(NO_FIRST_LINE)))
def test_script_without_first_line(text: str, severity: str, lint: Lint, tmp_path: Path) -> None:
    script = tmp_path / "gear" / "go"
    script.parent.mkdir()
    script.write_bytes(text.encode())
    script.chmod(0o755)
    reported = lint(f"{SOUND}COPY go .\n{START}", '"command": "./go"')
    assert [line.split(":")[0] for line in reported if "GL404" in line] == [f"GL404 {severity}"]
    if severity == "error" and (bash := shutil.which("bash")):
        assert subprocess.run([bash, "-c", str(script)], capture_output=True).returncode != 0


@pytest.mark.parametrize(("text", "severity"), NO_FIRST_LINE, ids=range(len(NO_FIRST_LINE)))
def test_run_without_first_line_is_started_by_bash_too(
    text: str, severity: str, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path, without=("command",))
    (tmp_path / "run").write_bytes(text.encode())
    (tmp_path / "run").chmod(0o755)
    (tmp_path / "Dockerfile").write_text(f"{SOUND}COPY run manifest.json ./\n{START}")
    reported = [f"{one['code']} {one['severity']}" for one in check(tmp_path).findings]
    assert [one for one in reported if "GL404" in one] == [f"GL404 {severity}"]


@pytest.mark.parametrize(
    "base", ["python:2.7", "python:3.99", "python", "nvidia/cuda:1", "me/python:3.11"]
)
def test_script_is_let_be_unless_the_image_is_of_a_known_python_3(base: str, lint: Lint) -> None:
    script = "#!/usr/bin/env python\nprint 'hello'\n"
    assert lint(SOUND.replace("python:3.11", base) + START, run__py=script) == []
    (line,) = lint(SOUND + START, run__py=script)
    assert line.startswith("GL406 error")


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte-order-mark"])
def test_column_of_a_syntax_error(mark: str, tmp_path: Path, run: Run) -> None:
    write_gear(tmp_path)
    (tmp_path / "run.py").write_text(f"{mark}def f(x y)\n")
    (tmp_path / "Dockerfile").write_text(SOUND + START)
    (found,) = run("check", "--select", "GL406", "--output-format", "json", tmp_path).findings
    assert (found["line"], found["column"]) == (1, 9)


def test_script_without_a_bit_is_reported_once(lint: Lint) -> None:
    dockerfile = f'{SOUND}RUN chmod 644 run.py\nENTRYPOINT ["/flywheel/v0/run.py"]\n'
    (line,) = lint(dockerfile, '"command": "./run.py"')
    assert line.startswith("GL403 error")


def test_neither_command_nor_run(lint: Lint, tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path, without=("command",))
    assert check(tmp_path).codes == ["GL401"]
    (tmp_path / "Dockerfile").write_text(f"{SOUND}COPY run.py run\nCOPY manifest.json .\n{START}")
    assert check(tmp_path).codes == []


def test_run_needs_bash_without_command(tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path, without=("command",))
    alpine = "FROM alpine:3.20\nRUN apk add python3\nWORKDIR /flywheel/v0\nCOPY run.py run\n"
    (tmp_path / "Dockerfile").write_text(f"{alpine}COPY run.py manifest.json ./\n{START}")
    assert check(tmp_path).codes == ["GL319"]


def test_no_directory_is_missed_where_the_build_fails(lint: Lint) -> None:
    steps = "COPY run.py /opt/\nRUN rm /opt/run.py && cat /opt/run.py\n"
    reported = lint(f'FROM python:3.11\n{steps}ENTRYPOINT ["python"]\n')
    assert "GL312 error" in [line[:11] for line in reported]
    assert "GL302 error" not in [line[:11] for line in reported]


FILE = "COPY run.py /flywheel/v0\n"
SLASH = "write /flywheel/v0/ in line 2, which takes it for the name of a file"
FILES_FOR_DIRECTORIES = [
    (f"{FILE}WORKDIR /flywheel/v0\nCOPY manifest.json .\n",
     "3 GL312 WORKDIR fails: /flywheel/v0 is a file", SLASH),
    (f"{FILE}COPY manifest.json /flywheel/v0/\n",
     "3 GL312 COPY fails: /flywheel/v0 is a file", SLASH),
    (f"{FILE}COPY manifest.json /flywheel/v0/manifest.json\nRUN chmod +x /flywheel/v0/run.py\n",
     "3 GL312 COPY fails: /flywheel/v0 is a file", SLASH),
    (f"{FILE}COPY utils /flywheel/v0\n", "3 GL312 COPY fails: /flywheel/v0 is a file", SLASH),
    (f"{FILE}COPY utils /flywheel/v0/lib\n",
     "3 GL312 COPY fails: /flywheel/v0 is a file", SLASH),
    ("COPY run.py /flywheel\nWORKDIR /flywheel/v0\nCOPY . .\n",
     "3 GL312 WORKDIR fails: /flywheel is a file", SLASH.replace("/v0", "")),
    ("RUN mkdir -p /flywheel && touch /flywheel/v0\nWORKDIR /flywheel/v0\nCOPY . .\n",
     "3 GL312 WORKDIR fails: /flywheel/v0 is a file", "correct the command"),
    (FILE, "2 GL302 /flywheel/v0 is a file in the image, where Flywheel starts the gear", SLASH),
    (f"{FILE}COPY manifest.json /flywheel/v0\n",
     "3 GL302 /flywheel/v0 is a file in the image, where Flywheel starts the gear",
     SLASH.replace("2", "3")),
    ("RUN mkdir -p /flywheel && touch /flywheel/v0\n",
     "2 GL302 /flywheel/v0 is a file in the image, where Flywheel starts the gear",
     "add WORKDIR /flywheel/v0 above it"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected", "advice"), FILES_FOR_DIRECTORIES)
def test_file_is_where_a_directory_has_to_be(
    lines: str, expected: str, advice: str, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path)
    (tmp_path / "utils").mkdir()
    (tmp_path / "utils" / "a.py").touch()
    start = 'ENTRYPOINT ["python", "/flywheel/v0/run.py"]\n'
    (tmp_path / "Dockerfile").write_text(f"FROM python:3.11\n{lines}{start}")
    (found,) = (each for each in check(tmp_path).findings if each["severity"] == "error")
    assert f"{found['line']} {found['code']} {found['message']}" == expected
    assert found["help"] == advice


@pytest.mark.parametrize(
    "lines",
    [
        "COPY run.py manifest.json /flywheel/v0/\n",
        "RUN mkdir -p /flywheel/v0\nCOPY run.py /flywheel/v0\nCOPY manifest.json /flywheel/v0\n",
        "COPY run.py /flywheel/v0/\nCOPY manifest.json /flywheel/v0\nCOPY utils /flywheel/v0\n",
        f"{FILE}RUN rm /flywheel/v0\nWORKDIR /flywheel/v0\nCOPY . .\n",
        "COPY run.py /opt/lib\nWORKDIR /opt/lib\nWORKDIR /flywheel/v0\nCOPY . .\n",
    ],
)
def test_file_goes_into_a_directory(lines: str, tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path)
    (tmp_path / "utils").mkdir()
    (tmp_path / "utils" / "a.py").touch()
    start = 'ENTRYPOINT ["python", "/flywheel/v0/run.py"]\n'
    (tmp_path / "Dockerfile").write_text(f"FROM python:3.11\n{lines}{start}")
    assert check(tmp_path).codes == []


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ("mkdir -p /opt/run.py && cp run.py /opt", "cp to /opt/run.py, where something else is"),
        ("cp run.py manifest.json/y",
         "cp to /flywheel/v0/manifest.json/y, where something else is"),
        ("mkdir a && mv a a/b", "mv of /flywheel/v0/a into itself"),
        ("mkdir -p /opt/a/b && touch b && mv b /opt/a", "mv to /opt/a/b, where something else is"),
    ],
)  # fmt: skip
def test_file_or_directory_cannot_go_there(step: str, what: str, lint: Lint) -> None:
    lines = f"FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY . .\nRUN {step}\n{START}"
    assert [line for line in lint(lines) if "GL312" in line] == [f"GL312 error: RUN fails: {what}"]


def test_alpine_has_no_bash_until_it_is_installed(lint: Lint) -> None:
    alpine = f"FROM alpine:3.20\nRUN apk add python3\nWORKDIR /flywheel/v0\nCOPY run.py .\n{START}"
    assert lint(alpine) == [
        "GL319 error: the image has no bash, with which Flywheel starts the gear"
    ]
    assert lint(alpine.replace("python3\n", "python3 bash\n")) == []
    assert lint(alpine.replace("apk add python3", "./install")) == []


@pytest.mark.parametrize(
    ("version", "lines", "codes"),
    [
        ("0.3.4_20.0.5", "FROM poldracklab/fmriprep:20.0.7", ["GL206"]),
        ("0.3.4_20.0.7", "FROM poldracklab/fmriprep:20.0.7", []),
        ("20.0.5_0.3.4", "FROM me/my-fmriprep:20.0.7", []),
        ("20.0.7_0.3.4", "FROM poldracklab/fmriprep:20.0.7", []),
        ("20.0.5_0.3.4", "FROM poldracklab/fmriprep:20.0.7", ["GL206"]),
        ("20.0.5_0.3.4", "FROM nipreps/fmriprep:v20.0.5", []),
        ("20.0.5_0.3.4", "ARG FMRIPREP_VERSION=20.0.7\nFROM nipreps/fmriprep:$FMRIPREP_VERSION", ["GL206"]),
        ("20.0.5_0.3.4", "FROM me/other:1.2.3", []),
        ("20.0.5_0.3.4", "FROM me/my-other:1.2.3", []),
        ("20.0.5_0.3.4", "FROM me/other:1.2.3\nENV POETRY_VERSION=1.1", []),
        ("20.0.5_0.3.4", "FROM me/other:1.2.3\nARG FMRIPREP_VERSION\nENV FMRIPREP=20.0.7", []),
        ("20.0.5_0.3.4", "FROM me/other:1.2.3\nENV FMRIPREP_VERSION=20.0.6", ["GL206"]),
        ("20.0.5_0.3.4", "FROM nipreps/fmriprep:latest", []),
        ("20.0.5_0.3.4", "FROM nipreps/fmriprep:20.0.6\nENV FMRIPREP_VERSION=20.0.7", []),
        ("20.0.5_0.3.4", "FROM nipreps/fmriprep", []),
        ("20.0.5_0.3.4", "FROM nipreps/fmriprep:20.0.5-slim", []),
        ("20.0_0.3.4", "FROM nipreps/fmriprep:20.0.7", []),
        ("20.0.7-dev_0.3.4", "FROM nipreps/fmriprep:20.0.7", ["GL210"]),
    ],
)  # fmt: skip
def test_software_version_rests_on_evidence(
    version: str, lines: str, codes: list[str], lint: Lint
) -> None:
    members = f"""\
"name": "my-fmriprep",
"version": "{version}",
"custom": {{"gear-builder": {{"category": "analysis", "image": "me/my-fmriprep:{version}"}}}}"""
    reported = lint(f"{lines}\nWORKDIR /flywheel/v0\nCOPY run.py .\n{START}", members)
    assert sorted(line[:5] for line in reported) == codes


def test_comment_above_an_instruction_suppresses(lint: Lint) -> None:
    shell_form = "ENTRYPOINT python /flywheel/v0/run.py\n"
    assert lint(f"{SOUND}# gearlint: ignore[GL307]\n{shell_form}") == []
    assert lint(f"{SOUND}# gearlint: ignore[GL307, GL303]\n{shell_form}") == [
        "GL006 warning: suppression of GL303 suppresses nothing"
    ]
    assert lint(f"{SOUND}# gearlint: ignore[GL307,é]\n{shell_form}") == [
        'GL006 warning: suppression of "é", which is not the code of a rule'
    ]
    not_above = [
        "GL006 warning: suppression of GL307 suppresses nothing",
        'GL307 info: ENTRYPOINT "python /flywheel/v0/run.py" is in shell form: signals and arguments do not reach it',
    ]
    assert lint(f"# gearlint: ignore[GL307]\n{SOUND}{shell_form}") == not_above
    assert sorted(lint(f"{SOUND}{shell_form}# gearlint: ignore[GL307]\n")) == not_above


MISREAD = [
    # (comment, help)
    ("# gearlint ignore=GL307", "# gearlint: ignore[GL307]"),
    ("# gearlint: ignore=GL307", "# gearlint: ignore[GL307]"),
    ("# gearlint: disable=GL307", "# gearlint: ignore[GL307]"),
    ("# gearlint: ignore [GL307]", "# gearlint: ignore[GL307]"),
    ("# gearlint: ignore GL307", "# gearlint: ignore[GL307]"),
    ("# gearlint ignore GL307", "# gearlint: ignore[GL307]"),
    ("# gearlint: ignores[GL307]", "# gearlint: ignore[GL307]"),
    ("# gearlint: ignore", "# gearlint: ignore[GL307]"),
    ("# gearlint: ignore[]", "# gearlint: ignore[GL307]"),
    ("# gearlint: ignore[gl307", "# gearlint: ignore[GL307]"),
    ("# Gearlint: ignore[GL307]", "# gearlint: ignore[GL307]"),
    ("# gearlint : ignore[GL307]", "# gearlint: ignore[GL307]"),
    ("#gearlint-disable GL307, GL407", "# gearlint: ignore[GL307, GL407]"),
    ("# gearlint: skip (GL407) as it is meant", "# gearlint: ignore[GL407]"),
    ("# gearlint: ignore all", "# gearlint: ignore[GL307]"),
    ("# gearlint: ignore shell-form-entrypoint", "# gearlint: ignore[GL307]"),
    ("# gearlint: GL307, GL407", "# gearlint: ignore[GL307, GL407]"),
    ("# gearlint: noqa", "# gearlint: ignore[GL307]"),
]  # fmt: skip

NO_SUPPRESSION = [
    "# gearlint is run in CI",
    "# gearlint",
    "# gearlint: see docs",
    "# gearlint: see docs, GL307",
    "# gearlint: GL307 asks for a list",
    "# gearlint GL307",
    "# gearlint ignores GL307 here",
    "# gearlint skip GL307",
    "# gearlint: ignore rules in gearlint.toml",
    "# gearlint: skip this step in CI",
    "# gearlint ignore",
    "# gearlints: ignore=GL307",
    "# not gearlint: ignore=GL307",
]


@pytest.mark.parametrize(("comment", "help"), MISREAD)
def test_comment_that_looks_like_a_suppression_is_reported(
    comment: str, help: str, tmp_path: Path, check: Run
) -> None:
    shell_form = "ENTRYPOINT python /flywheel/v0/run.py\n"
    (tmp_path / "Dockerfile").write_text(f"{SOUND}{comment}\n{shell_form}")
    (tmp_path / "run.py").write_text(f"{comment}\n{SCRIPT}")
    write_gear(tmp_path)
    found = check(tmp_path, "--ignore", "GL314,GL307").findings
    assert [(each["code"], each["message"], each["help"]) for each in found] == [
        ("GL006", f'"{comment}" suppresses nothing', f"write {help}")
    ] * 2


@pytest.mark.parametrize("comment", NO_SUPPRESSION)
def test_comment_about_gearlint_is_left_alone(comment: str, lint: Lint) -> None:
    assert lint(f"{SOUND}{comment}\n{START}", run__py=f"{comment}\n{SCRIPT}") == []


def test_fixing_leaves_what_a_misread_suppression_is_meant_for(tmp_path: Path, check: Run) -> None:
    text = f"{SOUND}# gearlint: ignore=GL325\nUSER root # a\n{START}"
    (tmp_path / "Dockerfile").write_text(text)
    write_gear(tmp_path)
    assert check("--fix", tmp_path, "--ignore", "GL314").codes == ["GL006", "GL325"]
    assert (tmp_path / "Dockerfile").read_text() == text


def test_comment_suppresses_in_one_instruction_only(lint: Lint) -> None:
    comment, lines = "# gearlint: ignore[GL325]\n", "USER root # a\nUSER root # b\n"
    assert [line[:5] for line in lint(f"{SOUND}{lines}{START}")] == ["GL325", "GL325"]
    assert [line[:5] for line in lint(f"{SOUND}{comment}{lines}{START}")] == ["GL325"]


def test_comment_in_a_script_suppresses_in_its_line_and_the_next(lint: Lint) -> None:
    line, comment = "print('/flywheel/v0/outputs')\n", "# gearlint: ignore[GL407]\n"
    text = f"#!/usr/bin/env python3\n{comment}{line}{line.replace('outputs', 'ouput')}"
    assert [line[:5] for line in lint(SOUND + START, run__py=text)] == ["GL407"]


def test_comment_in_a_script_suppresses(lint: Lint) -> None:
    line = "print('/flywheel/v0/outputs')"
    text = f"#!/usr/bin/env python3\n{line}  # gearlint: ignore[GL407]\n"
    assert lint(SOUND + START, run__py=text) == []


def test_context_is_the_directory_in_which_the_sources_are(tmp_path: Path, check: Run) -> None:
    (tmp_path / ".git").mkdir()
    gear = tmp_path / "gears" / "mine" / "docker"
    write_gear(gear)
    (gear / "Dockerfile").write_text(
        "FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY gears/mine/main.py run.py\n"
        f"COPY gears/mine/docker/manifest.json .\n{START}"
    )
    (gear.parent / "main.py").write_text(SCRIPT)
    assert check(tmp_path).codes == []
    (gear.parent / "main.py").unlink()
    assert check(tmp_path).codes == ["GL310"]


def test_settings_name_dockerfile_and_context(tmp_path: Path, check: Run) -> None:
    (tmp_path / ".git").mkdir()
    gear = tmp_path / "gear"
    write_gear(gear)
    (tmp_path / "docker").mkdir()
    (gear / "Dockerfile").rename(tmp_path / "docker" / "Dockerfile")
    assert check(tmp_path).codes == ["GL301"]
    settings = 'dockerfile = "../docker/Dockerfile"\ncontext = "."\n'
    (gear / "gearlint.toml").write_text(settings)
    assert check(tmp_path).codes == []


def test_dockerfile_that_cannot_be_read_is_an_error_and_no_traceback(
    tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path)
    (tmp_path / "Dockerfile").unlink()
    (tmp_path / "Dockerfile").symlink_to("/etc/passwd")
    outcome = check(tmp_path)
    assert outcome.code == 2
    assert "leads out of the repository" in outcome.stderr


def test_context_of_the_settings_outside_the_repository_is_refused(
    tmp_path: Path, check: Run
) -> None:
    (tmp_path / ".git").mkdir()
    gear = tmp_path / "gear"
    write_gear(gear)
    for context in ("/", "../..", "nope"):
        (gear / "gearlint.toml").write_text(f'context = "{context}"\n')
        outcome = check(gear)
        assert outcome.code == 2
        assert outcome.stderr.count("the setting context") == 1


@pytest.mark.parametrize("kind", ["lines", "stages", "run", "files", "loop", "outside"])
def test_absurd_sizes_and_links_take_no_two_seconds(kind: str, tmp_path: Path) -> None:
    gear = tmp_path / "gear"
    gear.mkdir()
    rest = ""
    match kind:
        case "lines":
            rest = "RUN chmod +x run.py\n" * 20_000
        case "stages":
            rest = "".join(f"FROM s{n - 1} AS s{n}\nRUN true\n" for n in range(1, 2_000))
        case "run":
            rest = "RUN echo " + "a b && echo " * 90_000 + "c\n"
        case "files":
            (gear / "data").mkdir()
            for number in range(10_000):
                (gear / "data" / f"{number}.txt").touch()
            rest = "COPY . /flywheel/v0/all\nRUN chmod -R a+x all\n"
        case "loop":
            os.symlink(".", gear / "itself")
            os.symlink("b", gear / "a")
            os.symlink("a", gear / "b")
            rest = "COPY itself/itself/run.py a b ./\nCOPY . ./x/\nRUN chmod -R +x x\n"
        case "outside":
            os.symlink("/etc", gear / "etc")
            rest = "COPY etc/passwd ../../../etc/passwd ./\n"
    (gear / "Dockerfile").write_text(SOUND.replace("3.11", "3.11 AS s0") + rest + START)
    write_gear(gear)
    seconds, outcome = seconds_of_processor("check", gear)
    assert "internal" not in outcome.stderr
    assert outcome.code in (0, 1)
    assert seconds < 2


DEEP = "/a" * 975
INTO_A = "WORKDIR a\n"
ENV = '"env", '


@pytest.mark.parametrize(
    "dockerfile",
    [
        f"{SOUND}RUN mkdir -p {DEEP}\nRUN make\n{START}",
        f"{SOUND}RUN mkdir -p {DEEP} && cp -r /a/. /b\n{START}",
        f"{SOUND}{INTO_A * 1000}RUN make\nWORKDIR /flywheel/v0\n{START}",
        f"FROM python:3.11 AS b\nRUN mkdir -p {DEEP}\nFROM b\nCOPY --from=b --chmod=755 /a /b\n",
        f'{SOUND}ENTRYPOINT [{ENV * 1500}"python", "run.py"]\n',
    ],
    ids=range(5),
)
def test_what_is_deep_past_any_use_is_unknown(dockerfile: str, lint: Lint) -> None:
    assert [line for line in lint(dockerfile) if line[:5] not in ("GL302", "GL308")] == []


@pytest.mark.parametrize(
    ("source", "taken", "codes"),
    [
        ("src/calc_cov.m", "calc_cov", []),
        ("for_testing/run_calc_cov.sh", "calc_cov", []),
        ("calc_cov.m", "calc_cov.txt", ["GL310"]),
        ("calc.m", "calc_cov", ["GL310"]),
        ("build_image.py", "ants", []),
    ],
)
def test_what_may_be_compiled_is_not_missed(
    source: str, taken: str, codes: list[str], lint: Lint, tmp_path: Path
) -> None:
    made = tmp_path / "gear" / source
    made.parent.mkdir(parents=True)
    made.write_text('unpack("ants.zip")\n')
    found = lint(f"{SOUND}COPY {taken} ./\n{START}")
    assert [line[:5] for line in found] == codes


def test_file_of_the_gear_that_is_not_on_path(lint: Lint) -> None:
    elsewhere = "FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY manifest.json .\nCOPY run.py lib/\nRUN chmod +x lib/*\n"
    start = 'ENTRYPOINT ["/flywheel/v0/lib/run.py"]\n'
    command = '"command": "run.py"'
    assert lint(elsewhere + start, command) == [
        'GL402 error: command starts "run.py", which is not on PATH'
    ]
    unknown = elsewhere.replace("python:3.11", "me/base:1")
    assert "GL402" not in str(lint(unknown + start, command))
    path = '"environment": {"PATH": "/flywheel/v0/lib:/usr/local/bin:/usr/bin:/bin"}'
    assert lint(elsewhere + start, f"{command},\n{path}") == []


@pytest.mark.parametrize(
    ("base", "step", "command", "is_reported"),
    [
        ("python:3.11", "", "run", True),
        ("alpine:3.20", "RUN apk add --no-cache bash\n", "run", True),
        ("debian:12", "RUN pip install x && apt-get install -y fsl\n", "main.py", True),
        ("python:3.11", "", "A=1 entrypoint.sh -x", True),
        ("debian:12", "", "start.shx", True),
        ("python:3.11", "", "/usr/local/bin/run.sh", True),
        ("python:3.11", "", "sh /usr/local/bin/run.sh", True),
        ("python:3.11", "", "/opt/run.sh", False),
        ("python:3.11", "RUN ./install\n", "/usr/local/bin/run.sh", False),
        ("python:3.11", "", "start", False),  # of upstart
        ("python:3.11", "", "rst2html.py", False),
        ("me/base:1", "", "run", False),
        ("python:3.11", "RUN ./install\n", "run", False),
        ("python:3.11", "COPY --from=me/tools /bin /usr/local/bin\n", "run", False),
    ],
)
def test_name_of_a_script_that_the_gear_does_not_have(
    base: str, step: str, command: str, is_reported: bool, lint: Lint
) -> None:
    dockerfile = (
        f"FROM {base}\nWORKDIR /flywheel/v0\nCOPY manifest.json go ./\n{step}"
        'ENTRYPOINT ["/flywheel/v0/go"]\n'
    )
    lines = lint(dockerfile, f'"command": "{command}"', go="#!/bin/sh\n")
    assert any(line.startswith("GL402 ") for line in lines) is is_reported


@pytest.mark.parametrize(
    ("lines", "is_reported"),
    [
        ('CMD ["./go"]', True),
        ("CMD ./go -x", True),
        ('ENTRYPOINT ["./go"]\nCMD ["-x"]', False),
        ('CMD ["-x"]\nENTRYPOINT ["./go"]', False),
        ('ENTRYPOINT []\nCMD ["./go"]', False),
        ('COPY go run\nCMD ["-x"]', False),
        ('RUN make\nCMD ["./go"]', False),
        ("", False),
    ],
)
@pytest.mark.parametrize("base", ["FROM {}\n", "FROM {} AS a\nCMD x\nFROM a\n"])
def test_entrypoint_of_the_base_image(base: str, lines: str, is_reported: bool, lint: Lint) -> None:
    steps = f"{base.format('scitran/freesurfer-dev:1.0')}COPY manifest.json go ./\n{lines}\n"
    found = [line for line in lint(steps, go="#!/bin/sh\n") if line.startswith("GL305")]
    expected = (
        "GL305 error: CMD is only the arguments of the base image's ENTRYPOINT /flywheel/v0/run, "
        "which is not in the image"
    )
    is_reported = is_reported or (not lines and "CMD" in base)
    assert found == ([expected] if is_reported else [])


def test_command_of_a_thousand_env(lint: Lint) -> None:
    assert lint(SOUND + START, f'"command": "{"env " * 1000}python none.py"') == []


def test_directories_in_one_another_past_any_use(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "gear" / "/".join("d" * 600)).mkdir(parents=True)
    with in_time(2):
        assert lint(f"{SOUND}COPY . .\nRUN make\n{START}") == []


PYTHON = 'WORKDIR /flywheel/v0\nCOPY run.py .\nENTRYPOINT ["python3", "/flywheel/v0/run.py"]\n'
LACKING = [
    "FROM ubuntu:22.04",
    "FROM debian:12-slim",
    "FROM docker.io/library/ubuntu:20.04",
    "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y --no-install-recommends jq zip",
    "FROM ubuntu:22.04\nRUN echo hello",
    "FROM alpine:3.20\nRUN apk add --no-cache bash",
    "ARG TAG=22.04\nFROM ubuntu:${TAG}",
]
NOT_LACKING = [
    "FROM python:3.12",
    "FROM python:3.12-slim",
    "FROM python:3.12-alpine\nRUN apk add bash",
    "FROM me/ubuntu:22.04",
    "ARG TAG\nFROM ubuntu:${TAG}",
    "FROM centos:8",
    "FROM poldracklab/mriqc:0.15.1",
    "FROM ubuntu:14.04",
    "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python3",
    "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python3-pip",
    "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y some-tool",
    "FROM ubuntu:22.04\nRUN apt-get install -y $(cat packages.txt)",
    "FROM ubuntu:22.04\nRUN curl -s https://example.org/install.sh | bash",
    "FROM ubuntu:22.04\nRUN conda install python",
    "FROM ubuntu:22.04\nCOPY --from=python:3.12 /usr/local /usr/local",
    "FROM ubuntu:22.04\nRUN tar xzf /x.tgz -C /usr/local",
]


@pytest.mark.parametrize("base", LACKING)
def test_a_program_that_the_base_lacks(base: str, lint: Lint) -> None:
    reported = lint(f"{base}\n{PYTHON}", '"command": "python3 run.py"')
    assert 'GL305 error: ENTRYPOINT starts "python3", which is not on PATH' in reported
    assert 'GL402 error: command starts "python3", which is not on PATH' in reported


@pytest.mark.parametrize("base", NOT_LACKING)
def test_a_program_that_the_base_may_have(base: str, lint: Lint) -> None:
    reported = lint(f"{base}\n{PYTHON}", '"command": "python3 run.py"')
    assert [line for line in reported if "not on PATH" in line] == []


@pytest.mark.parametrize(
    ("base", "program", "is_found"),
    [
        ("python:3.12-slim", "pyhton", True),
        ("ubuntu:22.04\nRUN apt-get update && apt-get install -y python3", "pyhton3", True),
        ("ubuntu:22.04", "bsah", True),
        ("ubuntu:22.04", "dash", False),
        ("python:3.12", "ipython", False),
        ("python:3.12\nRUN ln -s /usr/local/bin/python /usr/local/bin/pyhton", "pyhton", False),
        ("me/base:1", "pyhton", False),
    ],
)
def test_a_misspelt_program(
    base: str, program: str, is_found: bool, tmp_path: Path, run: Run
) -> None:
    gear = tmp_path / "gear"
    write_gear(gear, f'"command": "{program} run.py"')
    (gear / "Dockerfile").write_text(
        f'FROM {base}\nWORKDIR /flywheel/v0\nCOPY . .\nENTRYPOINT ["{program}", "run.py"]\n'
    )
    outcome = run("check", "--select", "GL305,GL402", "--output-format", "json", gear)
    reported = [(found["code"], (found["help"] or "")[:12]) for found in outcome.findings]
    advice = "did you mean"
    assert reported == ([("GL305", advice), ("GL402", advice)] if is_found else [])


def test_an_interpreter_that_the_base_lacks(lint: Lint) -> None:
    dockerfile = "FROM ubuntu:22.04\nWORKDIR /flywheel/v0\nCOPY run.py .\nRUN chmod +x run.py\n"
    reported = lint(f'{dockerfile}ENTRYPOINT ["/flywheel/v0/run.py"]\n')
    assert 'GL410 error: the #! line names "python3", which is not in the image' in reported


UNKNOWN_BASE = "FROM me/base:1\nWORKDIR /flywheel/v0\nCOPY run.py .\n"
SUSPECTS = [
    (UNKNOWN_BASE, "rum.py", 'did you mean "run.py"?'),
    (UNKNOWN_BASE, "Run.py", 'did you mean "run.py"?'),
    (UNKNOWN_BASE, "runs.py", 'did you mean "run.py"?'),
    (UNKNOWN_BASE, "helper.sh", "add COPY helper.sh /flywheel/v0/helper.sh"),
    (UNKNOWN_BASE, "other.py", "copy it or correct its name"),
    ("FROM flywheel/base-app:1\nWORKDIR /flywheel/v0\nCOPY run.py .\n", "other.py", "copy it or"),
    ("FROM me/mcr-gears:1\nWORKDIR /flywheel/v0\nCOPY run.py .\n", "other.py", "copy it or"),
    (f"{UNKNOWN_BASE}RUN wget -q https://example.org/x\n", "other.py", "copy it or correct"),
    ("FROM me/base:1\nWORKDIR /flywheel/v0\nCOPY run.py sub/\n", "sub/rum.py", 'mean "run.py"?'),
    (f"{SOUND}RUN curl https://example.org/x.sh | bash\n", "other.py", "copy it or correct"),
    (f"{SOUND}RUN wget -i list\n", "rnu.py", 'did you mean "run.py"?'),
    (UNKNOWN_BASE.replace(" .", " none.py ./"), "rum.py", 'did you mean "run.py"?'),
    (f"{UNKNOWN_BASE}COPY none /bin\n", "rum.py", 'did you mean "run.py"?'),
    (f"{UNKNOWN_BASE}COPY none.py /opt/lib/\n", "rum.py", 'did you mean "run.py"?'),
    *(
        (
            f"FROM me/siena:{tag}\nWORKDIR /flywheel/v0\nCOPY run.py .\n",
            "other.py",
            "copy it or correct",
        )
        for tag in ("1.1.0", "1.1.0_amd64", "6.0.4_inc0.1", "20200101_5.0", "cuda_11.2_8.0")
    ),
]
NO_SUSPECTS = [
    (UNKNOWN_BASE, "run.py"),
    (UNKNOWN_BASE, "/opt/base/other.py"),
    (UNKNOWN_BASE, "/flywheel/v0/input/x/other.py"),
    (UNKNOWN_BASE, "$MAIN"),
    (UNKNOWN_BASE, "/opt/helper.sh"),
    (UNKNOWN_BASE, "none/other.py"),
    ("ARG B\nFROM $B\nWORKDIR /flywheel/v0\nCOPY run.py .\n", "other.py"),
    ("FROM me/base:1\nWORKDIR /flywheel/v0\nCOPY run.py none.py ./\n", "none.py"),
    (f"{UNKNOWN_BASE}COPY none /flywheel\n", "rum.py"),
    (f"{UNKNOWN_BASE}COPY none $WHERE/\n", "rum.py"),
    ("FROM scitran/app:1\nWORKDIR /flywheel/v0\nCOPY run.py .\n", "other.py"),
    ("FROM docker.io/flywheel/app:1\nWORKDIR /flywheel/v0\nCOPY run.py .\n", "other.py"),
    ("FROM me/fw_thing:1\nWORKDIR /flywheel/v0\nCOPY run.py .\n", "other.py"),
    ("FROM me/base:1\nWORKDIR /opt\nCOPY run.py .\n", "/opt/other.py"),
    (f"{UNKNOWN_BASE}RUN wget -i list other.py\n", "other.py"),
    ("FROM me/base:1\nWORKDIR /flywheel/v0\n", "other.py"),
    ("FROM flywheel/some-gear:1\nWORKDIR /flywheel/v0\nCOPY run.py .\n", "other.py"),
    ("FROM me/fw-thing:1\nWORKDIR /flywheel/v0\nCOPY run.py .\n", "other.py"),
    ("FROM me/my-gear:0\nWORKDIR /flywheel/v0\nCOPY run.py .\n", "other.py"),
    ("FROM me/siena:1.1.0_5.0\nWORKDIR /flywheel/v0\nCOPY run.py .\n", "other.py"),
    ("FROM me/siena:v1.1.0-rc1_v5.0\nWORKDIR /flywheel/v0\nCOPY run.py .\n", "other.py"),
    (f"{UNKNOWN_BASE}RUN make\n", "other.py"),
    (f"{UNKNOWN_BASE}COPY --from=me/other /x/ ./\n", "other.py"),
    (f"{SOUND}RUN curl https://example.org/x.sh | bash -s other.py\n", "other.py"),
    (f"{SOUND}RUN ./build\n", "other.py"),
    (f"{SOUND}COPY dist/*.py ./\n", "other.py"),
    ("FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY --exclude=tests . .\n", "run.py"),
    ("FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY --exclude=tests ./run.py ./\n", "run.py"),
]


@pytest.mark.parametrize(("dockerfile", "name", "advice"), SUSPECTS)
def test_what_only_an_unknown_base_could_bring(
    dockerfile: str, name: str, advice: str, tmp_path: Path, run: Run
) -> None:
    gear = tmp_path / "gear"
    write_gear(gear, f'"command": "python {name}"')
    (gear / "helper.sh").write_text("#!/bin/sh\n")
    (gear / "Dockerfile").write_text(f'{dockerfile}ENTRYPOINT ["python", "/flywheel/v0/{name}"]\n')
    outcome = run("check", "--select", "GL305,GL402", "--output-format", "json", gear)
    assert [finding["severity"] for finding in outcome.findings] == ["warning", "warning"]
    for finding in outcome.findings:
        assert f"/flywheel/v0/{name}, which no instruction copies" in finding["message"]
        assert advice in finding["help"]


@pytest.mark.parametrize(("dockerfile", "name"), NO_SUSPECTS)
def test_what_an_image_or_a_command_may_well_bring(dockerfile: str, name: str, lint: Lint) -> None:
    text = f'{dockerfile}ENTRYPOINT ["python", "{name}"]\n'
    reported = lint(text, f'"command": "python {name}"')
    assert [line for line in reported if "GL305" in line or "GL402" in line] == []


NEEDED = [
    ("RUN pip install -r requirements.txt", "pip install reads /flywheel/v0/requirements.txt, which does not exist"),
    ("RUN pip3 install --no-cache-dir --requirement=/flywheel/v0/r.txt", "pip install reads /flywheel/v0/r.txt, which does not exist"),
    ("RUN python -m pip install -rr.txt", "pip install reads /flywheel/v0/r.txt, which does not exist"),
    ("RUN uv pip install -r r.txt", "pip install reads /flywheel/v0/r.txt, which does not exist"),
    ("RUN pip install a -c c.txt && true", "pip install reads /flywheel/v0/c.txt, which does not exist"),
    ("RUN python setup.py install", "python starts /flywheel/v0/setup.py, which does not exist"),
    ("RUN bash build.sh", "bash starts /flywheel/v0/build.sh, which does not exist"),
    ("RUN ./build.sh", "it starts /flywheel/v0/build.sh, which does not exist"),
    ("RUN pip install -r late.txt\nCOPY other.py late.txt", "pip install reads /flywheel/v0/late.txt, which does not exist before line 5"),
    ("RUN tar xzf a.tar.gz", "tar reads /flywheel/v0/a.tar.gz, which does not exist"),
    ("RUN tar xCf / a.tar.gz", "tar reads /flywheel/v0/a.tar.gz, which does not exist"),
    ("RUN tar -C /opt -xvf a.tar", "tar reads /flywheel/v0/a.tar, which does not exist"),
    ("RUN tar --extract --file=a.tar", "tar reads /flywheel/v0/a.tar, which does not exist"),
    ("RUN wget https://a.org/a-1.tgz && tar xf a-2.tgz", "tar reads /flywheel/v0/a-2.tgz, which does not exist"),
    ("RUN wget -P /opt https://a.org/a.zip && unzip -q a.zip", "unzip reads /flywheel/v0/a.zip, which does not exist"),
    ("RUN curl https://a.org/a.zip && unzip -d /opt a.zip", "unzip reads /flywheel/v0/a.zip, which does not exist"),
    ("RUN dpkg -i a.deb", "dpkg reads /flywheel/v0/a.deb, which does not exist"),
    ("RUN apt-get update && apt-get install -y ./a.deb", "apt-get reads /flywheel/v0/a.deb, which does not exist"),
    ("RUN dpkg -i a.deb\nCOPY other.py a.deb", "dpkg reads /flywheel/v0/a.deb, which does not exist before line 5"),
    ("COPY other.py a/\nRUN tar xf a", "tar reads /flywheel/v0/a, which is a directory"),
]  # fmt: skip
NOT_NEEDED = [
    "COPY other.py a\nRUN tar xf a && tar x -f a && unzip a",
    "COPY other.py a.zip\nRUN unzip a",
    "RUN wget https://a.org/a.zip && unzip a -x b",
    "RUN unzip -P a -p - && unzip '*.zip'",
    "RUN curl https://a.org/a.tgz | tar xz -C /opt",
    "RUN curl https://a.org/a.tgz | tar xzf - -C /opt",
    "RUN curl https://a.org/a.tgz | tar -xz --file=-",
    "RUN tar xf host:a.tar && tar cf a.tar /opt && tar tf a.tar",
    "RUN tar",
    "RUN tar xf a.tar || true",
    "RUN tar xf *.tar",
    "RUN wget 'ftp://a.org/*.zip' && unzip a.zip",
    "RUN --mount=type=bind,target=/x tar xf /x/a.tar",
    "RUN tar xf /dev/stdin",
    "RUN dpkg -l a.deb && dpkg --add-architecture i386",
    "RUN apt-get update && apt-get install -y a.deb && apt-get download ./a.deb",
    "RUN pip() { echo; }; pip install -r nothere.txt",
    "RUN pip install -r other.py",
    "RUN pip install -r https://example.org/r.txt",
    "RUN pip install -r $FILE",
    "RUN pip install -r r.txt || true",
    "RUN pip install a || pip install -r r.txt",
    "RUN pip download -r r.txt",
    "RUN --mount=type=bind,target=. pip install -r r.txt",
    "RUN echo a > r.txt && pip install -r r.txt",
    "RUN pip freeze > r.txt; pip install -r r.txt",
    "RUN git clone https://example.org/x && pip install -r x/r.txt",
    "RUN curl -O https://example.org/x.sh && bash x.sh",
    "RUN make && python setup.py install",
    "RUN cd /opt && python setup.py install",
    "RUN python -c 'x' setup.py",
    "RUN python setup install",
    "RUN bash *.sh",
    "ONBUILD RUN pip install -r r.txt",
]


OF_CONDA = [
    ("RUN conda env create -f e.yml", "conda reads /flywheel/v0/e.yml, which does not exist"),
    ("RUN conda env update -n base --file=e.yml", "conda reads /flywheel/v0/e.yml, which does not exist"),
    ("RUN conda create -y -n a --file e.txt", "conda reads /flywheel/v0/e.txt, which does not exist"),
    ("RUN micromamba install -y -n a -f e.txt", "micromamba reads /flywheel/v0/e.txt, which does not exist"),
    ("COPY run.py e.yml\nRUN conda env create -f other.yml", "conda reads /flywheel/v0/other.yml, which does not exist"),
]  # fmt: skip
NOT_OF_CONDA = [
    "COPY run.py a\nRUN conda env create -f a",
    "RUN conda env export -f e.yml && conda env update -f https://a.org/e.yml",
    "RUN conda install -y -f numpy && conda list --file e.yml",
    "RUN conda env create -f $FILE",
    "RUN conda env create",
    "COPY run.py a/\nRUN conda env create -f a",
]
OF_R = [
    ("RUN R -f a.R", "R reads /flywheel/v0/a.R, which does not exist"),
    ("RUN R --no-save --file=a.R", "R reads /flywheel/v0/a.R, which does not exist"),
    ("RUN R CMD BATCH --vanilla a.R", "R reads /flywheel/v0/a.R, which does not exist"),
    ("RUN Rscript --vanilla a.R", "Rscript reads /flywheel/v0/a.R, which does not exist"),
    ('RUN R -e \'install.packages(c("a"","b"))\'', "R -e stops at its code: a quote is not closed"),
    ("RUN Rscript -e 'library(a'", "Rscript -e stops at its code: a bracket is not closed"),
    ("RUN R -e 'library(a))'", "R -e stops at its code: ) closes no bracket"),
    ("RUN R -e 'f(1]'", "R -e stops at its code: ] closes no bracket"),
    *(
        (
            f"RUN R {code}",
            "R -e stops at its code: the package a has no quotes, as the shell took them",
        )
        for code in (
            '-e "install.packages("a")"',
            '-e "options(repos=1)" -e "install.packages(c("a", "b"), repos=\'x\')"',
            '-e "library(remotes); remotes::install_github("a")"',
        )
    ),
    ("RUN R < run.py", "R stops, as nothing says whether to save its workspace"),
    ("RUN echo 'x' | R --no-restore", "R stops, as nothing says whether to save its workspace"),
    ("RUN R run.py", "R ignores run.py, and stops"),
    ("RUN Rscript a.R", "Rscript starts /flywheel/v0/a.R, which does not exist"),
]
NOT_OF_R = [
    "RUN R -e 'x' --args -f a.R", "RUN Rscript --vanilla -e 'x' a.R", "RUN Rscript --version",
    "RUN R -f run.py && R CMD BATCH run.py a.Rout && Rscript --vanilla run.py",
    "RUN R CMD build a.R", "RUN R -g Tk -f run.py",
    "RUN R --vanilla < run.py && R --slave < run.py", "RUN R $OPTIONS < run.py", "RUN R || true",
    "RUN R -e 'f <- function(x) { print(\"a)\") } # (' -e 'library(a' -e ')'",
    r'''RUN R -e 'print("\"")' -e '`a b`' -e "x <- 'it\'s'"''',
    "RUN R -e 'q(); ('", "RUN R -e 'x <- r\"(a\")\"'", 'RUN R -e "f($(g)"',
    'RUN R -e "a <- 1; install.packages(a)"', 'RUN R -e "1 -> a; install.packages(a)"',
    "RUN R -e \"source('x'); install.packages(a)\"", 'RUN R -e "install.packages(T)"',
    "RUN R -e \"try(install.packages(a))\"", "RUN R -e \"install.packages(pkgs='a')\"",
    "RUN R -e \"if (x) install.packages(a)\"", "RUN R -e \"install.packages(f(a))\"",
]  # fmt: skip


FILES_OF_OTHERS = [
    *(("continuumio/miniconda3:4.12.0", *row) for row in OF_CONDA),
    *(("continuumio/miniconda3:4.12.0", step, "") for step in NOT_OF_CONDA),
    *(("rocker/r-ver:4.2.0", *row) for row in OF_R),
    *(("rocker/r-ver:4.2.0", step, "") for step in NOT_OF_R),
]


@pytest.mark.parametrize(("base", "step", "reason"), FILES_OF_OTHERS)
def test_file_of_conda_or_r(base: str, step: str, reason: str, lint: Lint) -> None:
    lines = lint(f"{SOUND.replace('python:3.11', base)}{step}\n{START}")
    found = [line for line in lines if "GL312" in line]
    assert found == ([f"GL312 error: RUN fails: {reason}"] if reason else [])


@pytest.mark.parametrize(("step", "reason"), NEEDED)
def test_step_that_reads_what_is_not_there(step: str, reason: str, lint: Lint) -> None:
    dockerfile = f"{SOUND.replace('run.py', 'run.py other.py')}{step}\n{START}"
    assert lint(dockerfile, other__py="") == [f"GL312 error: RUN fails: {reason}"]


@pytest.mark.parametrize("step", NOT_NEEDED)
def test_step_that_may_have_what_it_reads(step: str, lint: Lint) -> None:
    dockerfile = f"{SOUND.replace('run.py', 'run.py other.py')}{step}\n{START}"
    assert [line for line in lint(dockerfile, other__py="") if "GL312" in line] == []


_BEFORE = "install it in a step before this one"
PROGRAMS_MISSED = [
    ("FROM ubuntu:22.04\nRUN pip install a", "pip", _BEFORE),
    ("FROM ubuntu:22.04\nRUN [\"pip\", \"install\", \"a\"]", "pip", _BEFORE),
    ("FROM ubuntu:22.04\nRUN pip install a\nRUN pip install b && pip install c", "pip", _BEFORE),
    ("FROM ubuntu:22.04\nRUN pip --version || true\nRUN pip install a", "pip", _BEFORE),
    ("FROM ubuntu:22.04 AS one\nRUN pip install a\nFROM one\nRUN pip install b", "pip", _BEFORE),
    ("FROM debian:12\nRUN apt-get update && apt-get install -y git && curl -O https://a.org/b", "curl", _BEFORE),
    ("FROM debian:12\nENV PATH=/opt/x/bin:$PATH\nRUN wget https://a.org/b", "wget", _BEFORE),
    ("FROM alpine:3.20\nRUN bash -c 'echo'", "bash", _BEFORE),
    ("FROM python:3.11-slim\nRUN git clone https://a.org/b", "git", _BEFORE),
    ("FROM python:3.11 AS a\nWORKDIR /b\nFROM ubuntu:22.04\nCOPY --from=a /b /b\nRUN pip install a", "pip", _BEFORE),
    ("FROM python:3.11-slim\nRUN unzip -v", "unzip", _BEFORE),
    ("FROM debian:12\nRUN apt-get update && apt-get install -y gcc libgl1-mesa-dev python3-pip && zip a.zip b", "zip", _BEFORE),
    ("FROM python:3.11\nRUN pyhton -c 'print()'", "pyhton", "write python"),
    ("FROM rockylinux:9\nRUN python -c 'print()'", "python", "write python3"),
    ("FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python3 python3.10-venv gcc git\nRUN python -m venv /a", "python", "write python3"),
    ("FROM ubuntu:22.04\nRUN sudo apt-get update && sudo apt-get install -y git", "sudo", "leave it out: the step runs as root"),
    ("FROM python:3.11-slim\nRUN useradd fly\nUSER fly\nRUN sudo apt-get update", "sudo", _BEFORE),
    ("FROM alpine:3.20\nRUN apt-get update && apt-get install -y git", "apt-get", "use apk, which this image has"),
    ("FROM python:3.11-alpine\nRUN apk add python3 bash gcc && apt update", "apt", "use apk, which this image has"),
    ("FROM rockylinux:9\nRUN apt-get update", "apt-get", "use dnf or yum, which this image has"),
    ("FROM python:3.11\nRUN yum install -y git", "yum", "use apt-get, which this image has"),
    ("FROM nvidia/cuda:12.2.0-base-ubuntu22.04\nRUN apk add git", "apk", "use apt-get, which this image has"),
    ("FROM busybox\nRUN apk add git", "apk", _BEFORE),
]  # fmt: skip
PROGRAMS_NOT_MISSED = [
    "FROM python:3.11\nRUN pip install a",
    "FROM ubuntu\nRUN curl -O https://a.org/b",
    "FROM me/base:1\nRUN pip install a",
    "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python3-pip && pip install a",
    "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python3-pip\nRUN pip install a",
    "FROM ubuntu:22.04\nRUN pip install a || true",
    "FROM ubuntu:22.04\nRUN if pip --version; then echo; fi",
    "FROM ubuntu:22.04\nRUN pip install a; echo",
    "FROM ubuntu:22.04\nRUN command -v pip; which pip; echo",
    "FROM ubuntu:22.04\nRUN pip() { echo; }; pip install a",
    "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y sudo && sudo pip install a",
    "FROM rockylinux:9\nRUN sudo dnf install -y git && yum install -y gcc",
    "FROM alpine:3.20\nRUN apk add apt && apt update",
    "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y yum && yum --version",
    "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python-is-python3 && python -c 'print()'",
    "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python3 fsl && python -c 'print()'",
    "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python3 && ln -s /usr/bin/python3 /usr/bin/python\nRUN python -c 'print()'",
    "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python3 && update-alternatives --install /usr/bin/python python /usr/bin/python3 1 && python -c 'print()'",
    "FROM alpine:3.20\nRUN apk add python3 && python -c 'print()'",  # which is there since 3.19
    "FROM me/base:1\nRUN sudo apt-get update",
    "FROM ubuntu:14.04\nRUN sudo apt-get update",  # which has it
    "FROM ubuntu:22.04\nRUN sudo() { env; }; sudo apt-get update",
    "FROM ubuntu:22.04\nCOPY --chmod=755 other.py /usr/local/bin/pip\nRUN pip install a",
    "FROM ubuntu:22.04\nCOPY --from=me/tools:1 / /\nRUN pip install a",
    *(
        f"FROM python:3.11 AS a\nFROM ubuntu:22.04\n{copy}\nRUN pip install a"
        for copy in (
            "COPY --from=a / /",
            "COPY --from=a /usr /usr",
            "COPY --from=a /usr/local/bin /usr/local/bin",
            "COPY --from=a /usr/local/bin/* /usr/local/bin/",
            "COPY --from=a /usr/local/bin/ /opt/a/bin/\nENV PATH=/opt/a/bin:$PATH",
            "RUN --mount=type=bind,from=a,source=/usr/local,target=/a cp -r /a/. /usr/local/",
        )
    ),
    "FROM ubuntu:22.04\nENV PATH=$TOOLS:$PATH\nARG TOOLS\nENV PATH=$TOOLS:$PATH\nRUN pip install a",
    "FROM ubuntu:22.04\nADD https://a.org/setup /setup\nRUN sh /setup && pip install a",
    "FROM ubuntu:22.04\nADD https://a.org/m.sh /m.sh\nRUN bash /m.sh -b -p /c\nENV PATH=/c/bin:$PATH\nRUN conda list",
    "FROM ubuntu:22.04\nRUN export PATH=/opt/$(uname)/bin:$PATH && pip install a",
    "FROM ubuntu:22.04\nRUN /opt/x/pip install a || ./pip install a || true",
    "FROM python:3.11\nRUN unzip -v",
    "FROM alpine:3.20\nRUN unzip -v",
    "FROM debian:12\nRUN apt-get update && apt-get install -y r-base && zip a.zip b",
    "FROM debian:12\nRUN apt-get update && apt-get install -y libreoffice && zip a.zip b",
    "FROM debian:12\nRUN apt-get update && apt-get install -y gcc zip && zip a.zip b",
    "FROM ubuntu:22.04\nRUN --mount=type=bind,from=me/tools:1,target=/usr/local/bin pip install a",
    "FROM ubuntu:22.04\nONBUILD RUN pip install a",
    "FROM python:3.11\nRUN jython -c 'print()'",
]  # fmt: skip
_REST = "\nWORKDIR /flywheel/v0\nCOPY run.py other.py manifest.json ./\n"


def failing_steps(steps: str, tmp_path: Path, run: Run) -> list[dict[str, Any]]:
    """The findings of GL312 in a gear that is built by these steps, and then as it should be."""
    gear = tmp_path / "gear"
    write_gear(gear)
    (gear / "other.py").touch()
    (gear / "Dockerfile").write_text(f"{steps}{_REST}{START}")
    return run("check", "--select", "GL312", "--output-format", "json", gear).findings


@pytest.mark.parametrize(("steps", "program", "help"), PROGRAMS_MISSED)
def test_step_that_starts_what_is_not_there(
    steps: str, program: str, help: str, tmp_path: Path, run: Run
) -> None:
    findings = failing_steps(steps, tmp_path, run)
    assert [(each["message"], each["help"]) for each in findings] == [
        (f"RUN fails: {program} is not in the image", help)
    ]


@pytest.mark.parametrize("steps", PROGRAMS_NOT_MISSED)
def test_step_that_may_have_what_it_starts(steps: str, tmp_path: Path, run: Run) -> None:
    assert failing_steps(steps, tmp_path, run) == []


_APT = "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y python3-pip{}\n"
_APK = "FROM alpine:3.20\nRUN apk add --no-cache python3 py3-pip{}\n"
PIP_REFUSED = [
    f"{_APT.format(' git && pip install a')}",
    f"{_APT.format('')}RUN pip3 install --no-cache-dir -U a",
    f"{_APT.format('')}RUN python3 -m pip install --user --root-user-action=ignore a",
    f"{_APT.format('')}RUN pip install --break-system-packages a\nRUN pip install b",
    f"{_APT.format('')}RUN pip install a\nRUN pip install b",  # said once
    f'{_APT.format("")}SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN pip install a',
    f"{_APT.replace('ubuntu:24.04', 'debian:12').format('')}RUN pip install a",
    f"{_APK.format('')}RUN pip install a",
    f"{_APK.format('')}RUN python3 -m venv /opt/x && pip install a",
]
PIP_NOT_REFUSED = [
    _APT.replace("24.04", "22.04").format(" && pip install a"),
    _APT.replace("24.04", "23.04").format(" && pip install a"),  # no line of the table
    _APK.replace("3.20", "3.18").format(" && pip install a"),
    f"{_APT.format('')}RUN pip install --break-system-packages a",
    f"{_APT.format('')}RUN pip install --target=/opt/x a && pip install -t /opt/x b",
    f"{_APT.format('')}RUN pip install a || true",
    f"{_APT.format('')}RUN pip list && pip download a",
    f"{_APT.format('')}RUN xvfb-run -m pip install a || node -m pip install a",
    f"{_APT.format('')}RUN python3 -m pipx install a && python3 install pip",
    f"{_APT.format('')}ARG OPTIONS\nRUN pip install $OPTIONS a",
    f"{_APT.format('')}ENV PIP_BREAK_SYSTEM_PACKAGES=1\nRUN pip install a",
    f"{_APT.format('')}RUN PIP_BREAK_SYSTEM_PACKAGES=1 pip install a",
    f"{_APT.format('')}RUN export PIP_BREAK_SYSTEM_PACKAGES=1 && pip install a",
    f"{_APT.format('')}RUN rm /usr/lib/python3*/EXTERNALLY-MANAGED && pip install a",
    f"{_APT.format('')}RUN find /usr/lib -name EXTERNALLY-MANAGED -delete\nRUN pip install a",
    f"{_APT.format('')}RUN pip config set global.break-system-packages true\nRUN pip install a",
    f"{_APT.format('')}COPY other.py /etc/pip.conf\nRUN pip install a",
    f"{_APT.format('')}RUN printf '[global]\\nbreak-system-packages = true' > /etc/pip.conf && pip install a",
    f"{_APT.format('')}RUN python3 -m venv /opt/x\nENV PATH=/opt/x/bin:$PATH\nRUN pip install a",
    f"{_APT.format('')}RUN python3 -m venv /opt/x && . /opt/x/bin/activate && pip install a",
    f"{_APT.format('')}RUN python3 -m venv /opt/x && /opt/x/bin/pip install a",
    f"{_APT.format('')}RUN ./setup\nRUN pip install a",
    f"{_APT.format('')}COPY --from=me/tools:1 /usr/local /usr/local\nRUN pip install a",
    f"{_APT.format(' python3.9')}RUN pip install a",
    f"{_APT.format('')}RUN update-alternatives --set python3 /opt/x/python3\nRUN pip install a",
    f"{_APT.format('')}RUN ln -sf /opt/x/python3 /usr/bin/python3\nRUN pip install a",
    "FROM python:3.12\nRUN apt-get update && apt-get install -y python3-pip && pip install a",
    "FROM me/base:1\nRUN apt-get update && apt-get install -y python3-pip && pip install a",
    f"{_APT.format('')}RUN for f in /usr/lib/python3*/EXTERNALLY-MANAGED; do rm $f; done\nRUN pip install a",
    f"{_APT.format('')}RUN rm -f /usr/lib/python3.12/EXTERN*\nRUN pip install a",
    f"{_APT.format('')}RUN <<E\nrm /usr/lib/python3.12/EXTERNALLY-MANAGED\nE\nRUN pip install a",
    f"{_APT.format('')}RUN ln -sf /opt/x/bin/pip /usr/bin/pip\nRUN pip install a",
    f"{_APT.format('')}COPY other.py /etc/xdg/pip/pip.conf\nRUN pip install a",
    f"{_APT.format('')}ENV XDG_CONFIG_HOME=/opt/x\nRUN pip install a",
    f"{_APT.format('')}ENV HOME=/opt/x\nRUN pip install a",
    f"{_APT.format('')}USER me\nRUN pip install a",
    f'{_APT.format("")}SHELL ["/bin/bash", "-c"]\nENV BASH_ENV=/opt/x/activate\nRUN pip install a',
    f'{_APT.format("")}SHELL ["/bin/bash", "-lc"]\nRUN pip install a',
    f'{_APT.format("")}SHELL ["/bin/bash", "--init-file", "/own", "-c"]\nRUN pip install a',
    f"{_APT.format('')}RUN pip install -qt /opt/x a",
]


@pytest.mark.parametrize("steps", PIP_REFUSED)
def test_pip_that_refuses(steps: str, tmp_path: Path, run: Run) -> None:
    (finding,) = failing_steps(steps, tmp_path, run)
    assert finding["message"] == (
        "RUN fails: pip refuses to install: the Python of this image is for its package manager "
        "(PEP 668)"
    )
    assert finding["help"] == "make a virtual environment, or add --break-system-packages"


@pytest.mark.parametrize("steps", PIP_NOT_REFUSED)
def test_pip_that_may_install(steps: str, tmp_path: Path, run: Run) -> None:
    assert failing_steps(steps, tmp_path, run) == []


NO_LISTS = [
    # steps, and the package that is not found; empty where it may be
    ("FROM ubuntu:22.04\nRUN apt-get install -y git", "git"),
    ("FROM debian:12\nRUN apt install -y --no-install-recommends ca-certificates jq", "jq"),
    ("FROM python:3.11-slim\nRUN DEBIAN_FRONTEND=noninteractive apt-get -qq install -y git vim", "git"),
    ("FROM debian:12\nRUN apt-get install -y build-essential git", "build-essential"),
    ("FROM ubuntu:22.04\nRUN apt-get install -y libgomp1", "libgomp1"),
    ("FROM python:3.11\nRUN apt-get install -y build-essential", ""),  # the image has it
    ("FROM debian:12\nRUN apt-get update && apt-get install -y build-essential && rm -rf /var/lib/apt/lists/*\nRUN apt-get install -y gcc", ""),  # which that brings
    ("FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nRUN curl -fsSL https://deb.nodesource.com/setup_18.x | bash - && apt-get install -y nodejs git", ""),
    ("FROM debian:12\nRUN apt-get update && rm /var/lib/apt/lists/lock && apt-get install -y git", ""),
    ("FROM debian:12\nCOPY --chmod=755 other.py /usr/local/bin/apt-get\nRUN apt-get install -y git", ""),
    ("FROM ubuntu:22.04\nRUN apt-get install -y git\nRUN apt-get install -y wget", "git"),
    ("FROM ubuntu:22.04\nRUN apt-get install -y git && apt-get update", "git"),
    ("FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nRUN apt-get install -y git", "git"),
    ("FROM ubuntu:22.04 AS a\nRUN apt-get update\nFROM ubuntu:22.04\nRUN apt-get install -y git", "git"),
    ("FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y git", ""),
    ("FROM ubuntu:22.04\nRUN apt-get update\nRUN apt-get install -y git", ""),
    ("FROM ubuntu:22.04\nRUN apt update -qq; apt-get install -y git", ""),
    ("FROM ubuntu:22.04 AS a\nRUN apt-get update\nFROM a\nRUN apt-get install -y git", ""),
    ("FROM ubuntu:22.04\nRUN apt-get update && (rm -rf /var/lib/apt/lists/*)\nRUN apt-get install -y git", ""),
    ("FROM ubuntu:22.04\nRUN apt-get update || rm -rf /var/lib/apt/lists/*\nRUN apt-get install -y git", ""),
    ("FROM ubuntu:22.04\nRUN apt-get update && rm -rf /var/lib/x\nRUN apt-get install -y git", ""),
    ("FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\nRUN apt-get install -y git", ""),
    ("FROM ubuntu:22.04\nRUN apt-get install -y git || true", ""),
    ("FROM ubuntu:22.04\nRUN apt-get install -y bash ca-certificates", ""),  # the image has them
    ("FROM ubuntu:22.04\nRUN apt-get install -f -y", ""),
    ("FROM ubuntu:22.04\nRUN apt-get remove -y git", ""),
    ("FROM ubuntu:22.04\nRUN add-apt-repository ppa:a/b && apt-get install -y git", ""),
    ("FROM ubuntu:22.04\nRUN ./setup && apt-get install -y git", ""),
    ("FROM ubuntu:22.04\nRUN --mount=type=cache,target=/var/lib/apt apt-get install -y git", ""),
    ("FROM alpine:3.20\nRUN apk add git", ""),
    ("FROM me/base:1\nRUN apt-get install -y git", ""),
    ("FROM nipreps/fmriprep:23.0.0\nRUN apt-get install -y jq", ""),
    ("FROM python:3.11\nRUN apt-get install -y git", ""),  # the image has it
]  # fmt: skip


@pytest.mark.parametrize(("steps", "package"), NO_LISTS)
def test_packages_are_installed_from_lists(
    steps: str, package: str, tmp_path: Path, run: Run
) -> None:
    messages = [each["message"] for each in failing_steps(steps, tmp_path, run)]
    found = [message for message in messages if "finds no package" in message]
    assert bool(found) is bool(package)
    for message in found:
        assert f"finds no package {package}: the image has no lists of packages" in message


@pytest.mark.parametrize(
    ("start", "help"),
    [
        ('["python run.py"]', 'write ["python", "run.py"]'),
        ('"python run.py"', 'write ["python", "run.py"]'),
        ('["run.py -x"]', 'write ["/flywheel/v0/run.py", "-x"]'),
        ('["python /run.py"]', 'write ["python", "/flywheel/v0/run.py"]'),
        (
            '["python rum.py"]',
            'write ["python", "rum.py"], but then it starts /flywheel/v0/rum.py, which is not in the '
            'image: did you mean "run.py"?',
        ),
    ],
)
def test_one_finding_for_words_in_one(start: str, help: str, tmp_path: Path, run: Run) -> None:
    gear = tmp_path / "gear"
    write_gear(gear)
    (gear / "Dockerfile").write_text(f"{SOUND}RUN chmod +x run.py\nENTRYPOINT {start}\n")
    outcome = run("check", "--ignore", "GL314", "--output-format", "json", gear)
    assert [(found["code"], found["help"]) for found in outcome.findings] == [("GL303", help)]


def test_crlf_of_a_script_whose_place_is_unknown(tmp_path: Path, run: Run) -> None:
    gear = tmp_path / "gear"
    write_gear(gear, '"command": "./run.py"')
    (gear / "run.py").write_bytes(SCRIPT.replace("\n", "\r\n").encode())
    (gear / "Dockerfile").write_text(f"FROM me/base\nCOPY run.py $HOMES/\n{START}")
    (found,) = run("check", "--select", "GL405", "--output-format", "json", gear).findings
    assert found["severity"] == "warning"
