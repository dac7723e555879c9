"""GL323: the variables that nothing sets, and those that are left alone."""

from pathlib import Path

import pytest

from gearlint.core import limits
from tests.conftest import Run
from tests.sound import write_gear

FOUND = [
    (
        "FROM python:3.11\nENV FLYWHEEL=/flywheel/v0\nWORKDIR ${FLYWEEL}",
        "3:9",
        '"FLYWEEL" is not set: no ARG or ENV has it',
        'did you mean "FLYWHEEL"?',
    ),
    (
        "ARG GEAR=/x\nFROM python:3.11\nWORKDIR $GEAR\nCOPY run.py $GEAR/",
        "3:9",
        '"GEAR" is not set: an ARG before FROM is seen by FROM alone',
        "repeat ARG GEAR after FROM",
    ),
    (
        "ARG GEAR=/x\nFROM python:3.11\nARG GEAR=$GEAR\nWORKDIR $GEAR",
        "3:10",
        '"GEAR" is not set: an ARG before FROM is seen by FROM alone',
        "repeat ARG GEAR after FROM",
    ),
    (
        "FROM python:3.11 AS a\nARG V=1\nFROM python:3.11\nCOPY --from=a /x /y$V",
        "4:20",
        '"V" is not set in this stage, but in another',
        "repeat its ARG or ENV in this stage",
    ),
    (
        "FROM python:3.11\nENV A=/x B=$A/y C=$A/z",
        "2:12",
        '"A" is not set before the end of this ENV, which sets it',
        "write two ENV instructions",
    ),
    (
        "FROM python:3.11\nCOPY run.py $D/\nENV D=/x",
        "2:13",
        '"D" is not set yet: it is set further down',
        "move the ARG or ENV up",
    ),
    (
        "FROM python:3.11\nCOPY run.py $HOME/",
        "2:13",
        '"HOME" is not set: only a shell has it, not Docker',
        "write its value",
    ),
    (
        "FROM python:3.11\nLABEL arch=$TARGETARCH",
        "2:12",
        '"TARGETARCH" is not set in a stage without an ARG for it',
        "add ARG TARGETARCH after FROM",
    ),
    (
        "FROM python:3.11\nCOPY --chown=$OWNER run.py /x",
        "2:6",
        '"OWNER" is not set: no ARG or ENV has it',
        "add ENV OWNER=... before it, or correct its name",
    ),
    *(
        (
            f"FROM python:3.11\n{instruction}",
            f"2:{instruction.index('$') + 1}",
            '"NONE_SUCH" is not set: no ARG or ENV has it',
            "add ENV NONE_SUCH=... before it, or correct its name",
        )
        for instruction in (
            "USER $NONE_SUCH",
            "EXPOSE 80 ${NONE_SUCH}",
            "ENV A=x$NONE_SUCH",
            "ENV A x$NONE_SUCH",
            'ENV A="x$NONE_SUCH"',
            "ARG A=x$NONE_SUCH",
            "ADD run.py /x/$NONE_SUCH/",
            "STOPSIGNAL $NONE_SUCH",
            "workdir /x/$NONE_SUCH",
            "LABEL a=b c=$NONE_SUCH",
            "VOLUME /x$NONE_SUCH",
        )
    ),
    (
        "FROM python:3.11\nWORKDIR /x\\\n$NONE_SUCH",
        "2:9",
        '"NONE_SUCH" is not set: no ARG or ENV has it',
        "add ENV NONE_SUCH=... before it, or correct its name",
    ),
    (
        "FROM python:3.11\nCOPY <<E $NONE_SUCH/\na\nE",
        "2:10",
        '"NONE_SUCH" is not set: no ARG or ENV has it',
        "add ENV NONE_SUCH=... before it, or correct its name",
    ),
    (
        "FROM python:3.11\nENV GEAR=/x\nWORKDIR $(GEAR)/y",
        "3:9",
        'Docker does not read "$(GEAR)" as a variable',
        "write ${GEAR}",
    ),
    (
        "FROM python:3.11\nARG VERSION=1\nLABEL version=a$(VERSION)",
        "3:15",
        'Docker does not read "$(VERSION)" as a variable',
        "write ${VERSION}",
    ),
    (
        "ARG A=$B\nFROM python:3.11",
        "1:7",
        '"B" is not set: no ARG before it has it',
        "add ARG B=... before FROM",
    ),
    (
        "ARG VERSION=3.11\nFROM python:${VERSON}-slim",
        "2:13",
        '"VERSON" is not set: no ARG before it has it',
        'did you mean "VERSION"?',
    ),
    # over a base that is not known
    (
        "FROM me/base\nENV FLYWHEEL=/flywheel/v0\nWORKDIR ${FLYWEEL}",
        "3:9",
        '"FLYWEEL" is not set: no ARG or ENV has it, unless the base image sets it',
        'did you mean "FLYWHEEL"?',
    ),
    (
        "FROM me/base AS a\nENV VERSION=1\nFROM me/base\nCOPY --from=a /x$VERSION /y",
        "4:17",
        '"VERSION" is not set in this stage, but in another, unless the base image sets it',
        "repeat its ARG or ENV in this stage",
    ),
    (
        "FROM me/base AS a\nENV VERSION=1\nFROM me/base\nENV A=1\nCOPY --from=a /x$VERSION /y",
        "5:17",
        '"VERSION" is not set in this stage, but in another, unless the base image sets it',
        "repeat its ARG or ENV in this stage",
    ),
    (
        "ARG GEAR=/x\nFROM me/base\nWORKDIR $GEAR",
        "3:9",
        '"GEAR" is not set: an ARG before FROM is seen by FROM alone, '
        "unless the base image sets it",
        "repeat ARG GEAR after FROM",
    ),
]

IN_RUN = "FROM python:3.11\nENV FLYWHEEL=/flywheel/v0\n"
FOUND += [
    (
        f"{IN_RUN}{lines}",
        place,
        '"FLYWHEL" is not set: no ARG or ENV has it',
        'did you mean "FLYWHEEL"?',
    )
    for lines, place in (
        ("RUN chmod -R a+x $FLYWHEL", "3:18"),
        ("RUN echo ${FLYWHEL}/x $FLYWHEEL\nRUN echo $FLYWHEL", "3:10"),
        ("RUN true && \\\n  bash -c 'chmod +x $FLYWHEL/run.py'", "4:21"),
        ("RUN echo ./a.sh a.b $FLYWHEL", "3:21"),
        ("RUN export PATH=$FLYWHEL/bin:$PATH", "3:17"),
        ("RUN echo 'a' $FLYWHEL 'b'", "3:14"),
    )
]
FOUND += [
    (
        f"ARG VERSION=1\n{lines}",
        place,
        '"VERSION" is not set: an ARG before FROM is seen by FROM alone',
        "repeat ARG VERSION after FROM",
    )
    for lines, place in (
        ("FROM python:3.11\nRUN pip install a==${VERSION}", "3:20"),
        ("FROM python:3.11 AS a\nENV VERSIONS=1\nFROM a\nRUN echo $VERSION", "5:10"),
    )
]
FOUND += [
    (
        f"FROM python:3.11\nENV A1=1\n{lines}",
        place,
        f'"{name}" is not set, and Docker replaces it in a here-document',
        'write <<"EOF", so that it stays as it is',
    )
    for lines, name, place in (
        ("COPY <<EOF /x.sh\n#!/bin/sh\nD='/x'\necho '$D/y' \"$@\" $D\nEOF", "D", "6:7"),
        ("ADD <<-EOF /x.sh\n\tcd ${HOME}\n\tEOF", "HOME", "4:5"),
        ("COPY run.py <<EOF /x/\né $NONE\nEOF", "NONE", "4:1"),
    )
]
FOUND.append(
    (
        "FROM python:3.11\nENV FLYWHEEL=/x\nCOPY <<EOF /x.sh\ncd $FLYWHEL\nEOF",
        "4:4",
        '"FLYWHEL" is not set: no ARG or ENV has it',
        'did you mean "FLYWHEEL"?',
    )
)
FOUND.append(
    (
        "FROM me/base\nENV FLYWHEEL=/flywheel/v0\nRUN mkdir $FLYWHEL",
        "3:11",
        '"FLYWHEL" is not set: no ARG or ENV has it, unless the base image sets it',
        'did you mean "FLYWHEEL"?',
    )
)
LEFT_ALONE = [
    *(
        f"{IN_RUN}{lines}"
        for lines in (
            "RUN echo $FLYWHEEL ${FLYWHEEL}",
            "RUN FLYWHEL=/x && echo $FLYWHEL",
            "RUN for FLYWHEL in a b; do echo $FLYWHEL; done",
            "RUN . ./env.sh && echo $FLYWHEL",
            "RUN source env.sh; echo $FLYWHEL",
            "RUN eval x; echo $FLYWHEL",
            "RUN echo \\$FLYWHEL ${FLYWHEL:-x} ${FLYWHEL#/}",
            "RUN : ${FLYWHEL:=/x} && echo $FLYWHEL",
            'RUN : "${FLYWHEL=/x}"; echo $FLYWHEL',
            "RUN export $(cat env) && echo $FLYWHEL",
            'RUN while read L; do export "$L"; done < env; echo $FLYWHEL',
            "RUN bash -c '. ./env.sh; echo $FLYWHEL'",
            "RUN bash -lc 'echo $FLYWHEL'",
            'SHELL ["/bin/bash", "-lc"]\nRUN echo $FLYWHEL',
            "ENV BASH_ENV=/env.sh\nRUN echo $FLYWHEL",
            "RUN echo '$FLYWHEL' > x && awk '{print $FLYWHEL}' x",  # of awk, or of a file
            "RUN perl -e '$FLYWHEL = 1; print $FLYWHEL'",
            "ENV COLUMN=1 BASH_SOURC=1\nRUN echo $COLUMNS $BASH_SOURCE",
            "RUN echo $FLYWHEL2 $FLYWHELs $WHEEL $flywhel",
            "ARG FLYWHEL\nRUN echo $FLYWHEL",
            "CMD echo $FLYWHEL",
            "ENV GPGKEY=1\nRUN echo $GPG_KEY",  # of the base image
            "ENV HOMES=1 TERMS=1 RANDOMS=1\nRUN echo $HOME $TERM $RANDOM",
        )
    ),
    "FROM me/base\nENV FSL_DIR=/x\nRUN ls $FSLDIR",
    *(
        f"ARG VERSION=1\n{lines}"
        for lines in (
            "FROM python:3.11\nARG VERSION\nRUN echo $VERSION",
            "FROM python:3.11\nENV VERSION=2\nRUN echo $VERSION",
            "FROM python:3.11 AS a\nARG VERSION\nFROM a\nRUN echo $VERSION",
            "FROM python:3.11\nRUN VERSION=2 && echo $VERSION",
            "FROM python:3.11\nRUN read VERSION < run.py; echo $VERSION",
            "FROM python:3.11\nRUN echo '$VERSION' ${VERSION:-2}",
            "FROM me/base:$VERSION\nRUN echo $VERSION",
        )
    ),
    "ARG PYTHON_VERSION=3.11\nFROM python:$PYTHON_VERSION\nRUN echo $PYTHON_VERSION",
    "ARG TERM=1 RANDOM=2\nFROM python:3.11\nRUN echo $TERM $RANDOM",
    "FROM python:3.11 AS a\nENV FLYWHEEL=/x\nFROM python:3.11\nRUN ls $FLYWHEL",
    "FROM python:3.11\nHEALTHCHECK --interval=$NONE CMD true",
    "FROM python:3.11\nENV LD_LIBRARY_PATH=/x:$LD_LIBRARY_PATH PATH=/y:$PATH",
    "FROM python:3.11\nENV A=${B:-d} C=${B:+d} D=${B-d} E=${B+d} F=${B:-$G}",
    "FROM python:3.11\nENV A=\\$B C='$D' E=$",
    "# escape=`\nFROM python:3.11\nENV A=`$B",
    "FROM python:3.11\nENV A=$http_proxy B=$HTTPS_PROXY",
    "FROM python:3.11\nARG TARGETARCH\nENV A=$TARGETARCH",
    "FROM --platform=$BUILDPLATFORM python:3.11",
    "FROM python:3.11\nARG A\nENV B=$A",
    "ARG A\nFROM python:3.11\nARG A\nENV B=$A",
    "FROM python:3.11\nARG A=1 B=$A",
    "FROM python:3.11\nENV A=$PYTHON_VERSION",
    "FROM python:3.11\nENV A=1\nENV A=2 B=$A",
    "FROM python:3.11 AS a\nENV A=1\nFROM a\nENV B=$A",
    "FROM python:3.11\nRUN echo $NONE && X=$Y make\nCMD echo $NONE",
    "FROM python:3.11\nHEALTHCHECK CMD echo $NONE",
    'FROM python:3.11\nCOPY <<"EOF" /x\n$NONE\nEOF',
    "FROM python:3.11\nENV A=1\nCOPY <<EOF /x\n$A ${NONE:-d} \\$NONE $1 $@ $(A)\nEOF",
    "FROM python:3.11\nRUN <<EOF\nNONE=1\necho $NONE\nEOF",
    "FROM me/base\nCOPY <<EOF /x\n$NONE\nEOF",
    'FROM python:3.11\nSHELL ["$NONE"]',
    "FROM python:3.11\nONBUILD ENV A=$B",
    "FROM python:3.11\nENV A=1\nENV B=$(NONE) C=$(date) D=\\$(A) E=$(A;)",
    "# escape=`\nFROM python:3.11\nENV A=1\nENV B=`$(A)",
    "FROM python:3.11\nENV A=1\nRUN echo $(A)",
    "FROM python:3.11 AS unused\nENV A=$B\nFROM python:3.11",
    # what a base that is not known may set
    "FROM me/base\nENV A=$FSLDIR",
    "FROM me/base\nENV FSLDIR=/x A=$FSLDIR",
    "FROM me/base\nENV PATH=$FSLDIR/bin:$PATH\nENV FSLDIR=/x",
    "FROM me/base\nENV FSL_DIR_1=/x\nENV A=$FSL_DIR_2",
    "FROM me/base\nENV FSL=/x\nENV A=$FSX",
    "ARG BASE=me/base\nFROM $BASE\nENV A=$FSLDIR",
    "FROM centos:8\nENV A=$LANG",
    "FROM me/base AS a\nARG LANG=1\nFROM python:3.11\nCOPY run.py /x$LANG",
    "ARG GEAR=/x\nFROM python:3.11\nENV GEAR=$GEAR/y",
    "FROM python:3.11\nCOPY --from=$NONE_SUCH --link run.py /x",
    "FROM python:3.11\nCOPY --exclude=$NONE_SUCH run.py /x",
]


def reported(tmp_path: Path, run: Run, dockerfile: str) -> list[tuple[str, str, str, str]]:
    gear = tmp_path / "gear"
    write_gear(gear)
    (gear / "Dockerfile").write_text(dockerfile + "\n")
    outcome = run("check", "--select", "GL323", "--output-format", "json", gear)
    return [
        (each["severity"], f"{each['line']}:{each['column']}", each["message"], each["help"])
        for each in outcome.findings
    ]


@pytest.mark.parametrize(("dockerfile", "place", "message", "advice"), FOUND)
def test_found(
    dockerfile: str, place: str, message: str, advice: str, tmp_path: Path, run: Run
) -> None:
    assert [found[1:] for found in reported(tmp_path, run, dockerfile)] == [
        (place, message, advice)
    ]


@pytest.mark.parametrize("dockerfile", LEFT_ALONE)
def test_left_alone(dockerfile: str, tmp_path: Path, run: Run) -> None:
    assert reported(tmp_path, run, dockerfile) == []


@pytest.mark.parametrize(
    ("dockerfile", "severity"),
    [
        ("FROM ${BASE}", "error"),
        ("FROM python:${TAG}", "error"),
        ("FROM python@${DIGEST}", "error"),
        ("FROM python:3.11${VARIANT}", "warning"),
        ("FROM python:3.11\nFROM $BASE AS x\nFROM python:3.11", "error"),
    ],
)
def test_from_without_an_image(dockerfile: str, severity: str, tmp_path: Path, run: Run) -> None:
    assert [found[0] for found in reported(tmp_path, run, dockerfile)] == [severity]


PLACED = "COPY run.py manifest.json ./"
START = 'ENTRYPOINT ["python", "/flywheel/v0/run.py"]'


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # one finding for what follows from it, an error where the gear fails for it
        (f"ENV GEAR=/flywheel/v0\nWORKDIR $GER\n{PLACED}\n{START}", ["GL323 error"]),
        (f"ENV GEAR=/flywheel/v0\nWORKDIR $(GEAR)\n{PLACED}\n{START}", ["GL323 error"]),
        (f"RUN mkdir -p /flywheel/v0\nWORKDIR $GEAR\n{PLACED}\n{START}", ["GL323 error"]),
        (f"LABEL a=$GEAR\nWORKDIR $GEAR/x\n{PLACED}\n{START}", ["GL323 warning", "GL323 error"]),
        (
            f"WORKDIR /flywheel/v0\nCOPY run.py manifest.json $GEAR/\n{START}",
            ["GL323 error"],
        ),
        (f"WORKDIR /flywheel/v0\n{PLACED}\nCOPY $GEAR/lost.py .\n{START}", ["GL323 error"]),
        # the gear starts all the same
        (f"WORKDIR /flywheel/v0\n{PLACED}\nCOPY run.py /x/$GEAR/\n{START}", ["GL323 warning"]),
        (f"WORKDIR /flywheel/v0\nCOPY $GEAR/run.py manifest.json .\n{START}", ["GL323 warning"]),
        (
            f"WORKDIR /flywheel/v0\nCOPY --chmod=$M run.py manifest.json .\n{START}",
            ["GL323 warning"],
        ),
        (f"WORKDIR /flywheel/v0\n{PLACED}\nENV A=$GEAR\n{START}", ["GL323 warning"]),
        # what fails for another reason has a finding of its own
        (
            f"WORKDIR /flywheel/v0\n{PLACED}\nCOPY lost.py /x/$GEAR/\n{START}",
            ["GL310 error", "GL323 error"],
        ),
        (
            f"WORKDIR /app\n{PLACED}\nCOPY run.py /x/$GEAR/\n{START}",
            ["GL302 error", "GL323 warning"],
        ),
        (
            f'WORKDIR /flywheel/v0\n{PLACED}\nCOPY run.py /x/$GEAR/\nENTRYPOINT ["/lost.sh"]',
            ["GL323 warning", "GL305 error"],
        ),
    ],
)
def test_what_follows_from_a_path_with_it(
    lines: str, expected: list[str], tmp_path: Path, run: Run
) -> None:
    gear = tmp_path / "gear"
    write_gear(gear)
    (gear / "Dockerfile").write_text(f"FROM python:3.11\n{lines}\n")
    outcome = run("check", "--output-format", "json", gear)
    assert [f"{each['code']} {each['severity']}" for each in outcome.findings] == expected


def test_many_variables_are_bounded(tmp_path: Path, run: Run) -> None:
    lines = "".join(f"ENV A{number}=$B{number}\n" for number in range(3000))
    assert 0 < len(reported(tmp_path, run, f"FROM python:3.11\n{lines}")) <= 100


def test_after_many_uses_others_are_not_looked_at(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    dockerfile = "FROM python:3.11\nENV A=$ONE\nENV B=$TWO"
    assert len(reported(tmp_path, run, dockerfile)) == 2
    monkeypatch.setattr(limits, "UNSET_USES", 1)
    assert len(reported(tmp_path, run, dockerfile)) == 1


def test_after_many_variables_of_steps_others_are_not_looked_at(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    dockerfile = f"{IN_RUN}RUN echo $OTHER $FLYWHEL"
    assert len(reported(tmp_path, run, dockerfile)) == 1
    monkeypatch.setattr(limits, "UNSET_VARIABLES", 1)
    assert reported(tmp_path, run, dockerfile) == []
