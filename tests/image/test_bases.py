"""The table of base images is well formed, and a FROM finds its line in it."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gearlint.core.source import Source
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.bases import DEFAULT_PATH, PROGRAMS
from gearlint.image.bases.table import TABLE, base_named
from gearlint.image.stages import base_of, global_lookup
from gearlint.syntax import image_reference
from gearlint.syntax.dockerfile import Dockerfile
from gearlint.syntax.substitution import expand
from tests.readme import ROOT

LINES = Path(TABLE).read_text(encoding="utf-8").splitlines()
FAMILIES = {line.split()[0] for line in LINES if line.startswith("@")}

_VALUES = {
    "sh": r"dash|bash|busybox",
    "entrypoint": r"own|unknown|/flywheel/\S+",
    "workdir": r"\?|/\S*",
    "user": r"\?|[\w-]+",
    "path": r"\?|(?:(?:/[\w./-]+|\$PATH)(?::(?!$)|$))+",
    "shell": r"\?|/[^,]+(?:,[^,]+)*",
    "env": r"(?:(?:[A-Za-z_]\w*=[^;]+|complete)(?:;(?!$)|$))+",
    "dirs": r"/flywheel(?:/[\w-]+)*(?:,/flywheel(?:/[\w-]+)*)*",
    "pip": "refused",
    "source": r"[\w.-]+/[\w.-]+:[^@\s]+(?:@\S+)?",
}
"""What a key may have; `has`, `lacks` and `unknown` have programs."""
_OF_A_FAMILY = {"sh", "has", "unknown", "source"}


def faults_of(lines: list[str]) -> Iterator[str]:
    """What is wrong with lines of the table."""
    every_tag: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        reference, *fields = line.split()
        is_family = reference.startswith("@")
        if not is_family:
            name, tags = _name_and_tags(reference)
            if name in every_tag:
                yield f"{number}: never reached, line {every_tag[name]} is for every tag of {name}"
            if not tags:
                every_tag[name] = number
            family, kind = [*fields, "", ""][:2]
            fields = fields[2:]
            if family != "unknown" and f"@{family}" not in FAMILIES:
                yield f"{number}: unknown family {family}"
            if kind not in ("plain", "app"):
                yield f"{number}: unknown kind {kind}"
        yield from (f"{number}: {fault}" for fault in _faults_of_fields(fields, is_family))


def _name_and_tags(reference: str) -> tuple[str, str]:
    name, _, tags = reference.rpartition(":")
    return (name, tags) if name and "/" not in tags else (reference, "")


def _faults_of_fields(fields: list[str], is_family: bool) -> Iterator[str]:
    pairs = [field.partition("=")[::2] for field in fields]
    keys = [key for key, _ in pairs]
    if keys.count("source") != 1 or keys[-1] != "source":
        yield "no source at the end"
    for key, value in pairs:
        known = _OF_A_FAMILY if is_family else {*_VALUES, "has", "lacks", "unknown"} - {"sh"}
        if key not in known or keys.count(key) > 1:
            yield f"unknown key {key}, or twice"
        elif key in _VALUES:
            if not re.fullmatch(_VALUES[key], value):
                yield f"{key} cannot be {value}"
        else:
            for program in value.split(","):
                is_path = key == "lacks" and program.startswith("/")
                if (posixpath.basename(program) if is_path else program) not in PROGRAMS:
                    yield f"unknown program {program} in {key}"


def test_the_table_is_well_formed() -> None:
    assert list(faults_of(LINES)) == []
    assert len(FAMILIES) > 4
    for line in LINES:
        if line.strip() and line[0] not in "#@":
            name, _ = _name_and_tags(line.split()[0])
            assert not image_reference.parse(name).fault, line


def test_the_example_of_contributing_is_well_formed() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    examples = re.findall(r"^\S+ \w+ (?:plain|app) .*", text, re.MULTILINE)
    assert len(examples) == 1
    assert list(faults_of(examples)) == []


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["me/x debian app"], "no source at the end"),
        (["me/x debian app source=me/x:Dockerfile has=git"], "no source at the end"),
        (["me/x debian app source=Dockerfile"], "source cannot be Dockerfile"),
        (["me/x beos app source=me/x:Dockerfile"], "unknown family beos"),
        (["me/x debian tool source=me/x:Dockerfile"], "unknown kind tool"),
        (["me/x debian app haz=git source=me/x:Dockerfile"], "unknown key haz, or twice"),
        (["me/x debian app sh=dash source=me/x:Dockerfile"], "unknown key sh, or twice"),
        (["me/x debian app has=gti source=me/x:Dockerfile"], "unknown program gti in has"),
        (["me/x debian app entrypoint=no source=me/x:Dockerfile"], "entrypoint cannot be no"),
        (["me/x debian app workdir=work source=me/x:Dockerfile"], "workdir cannot be work"),
        (["me/x debian app env=A source=me/x:Dockerfile"], "env cannot be A"),
        (
            ["me/x debian app source=me/x:A", "me/y:1 debian app source=me/x:A",
             "me/x:1* debian app source=me/x:A"],
            "never reached, line 1 is for every tag of me/x",
        ),
    ],
)  # fmt: skip
def test_a_line_that_is_not_well_formed_is_found(lines: list[str], fault: str) -> None:
    assert [found.partition(": ")[2] for found in faults_of(lines)] == [fault]


# --- what a FROM finds


@pytest.mark.parametrize(
    "mirror",
    ["docker.io/library/", "docker.io/", "index.docker.io/library/", "library/",
     "public.ecr.aws/docker/library/", "mirror.gcr.io/library/"],
)  # fmt: skip
def test_a_mirror_of_docker_hub_is_docker_hub(mirror: str) -> None:
    assert base_named(f"{mirror}python:3.11") == base_named("python:3.11") != None  # noqa: E711


def test_a_range_of_tags_includes_its_ends() -> None:
    first, last, before = (base_named(f"python:3.1{at}-slim") for at in "392")
    assert first == last != before


@pytest.mark.parametrize(
    "reference",
    ["quay.io/python:3.11", "localhost:5000/python:3.11", "me/python:3.11", "pythons:3.11",
     "no-such-image", "no/such:1", "Python:3.11", "", "python:", "flywheel/any-gear:1.0.0",
     "scitran/dicom-mr-classifier:1", "public.ecr.aws/me/python:3.11", "python:3:4", "debian:-x",
     "python@sha256:a1"],
)  # fmt: skip
def test_of_other_images_nothing_is_known(reference: str) -> None:
    assert base_named(reference) is None


@pytest.mark.parametrize(
    ("reference", "family", "sh", "has", "lacks", "unknown"),
    [
        ("ubuntu:22.04", "ubuntu", "dash", "bash sh env perl", "python python3 pip node", ""),
        ("ubuntu:14.04", "ubuntu", "dash", "bash python3", "python", ""),
        ("alpine:3.20", "alpine", "busybox", "sh env wget", "bash python3 perl", ""),
        ("debian", "debian", "dash", "bash perl", "python3 git", ""),
        ("python:3.11", "debian", "dash", "python python3 pip bash", "conda node Rscript", ""),
        ("python:3.11-slim", "debian", "dash", "python pip", "git curl", ""),
        ("python:3.11-alpine", "alpine", "busybox", "python pip sh", "bash git", ""),
        ("pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime", "ubuntu", "dash", "conda bash", "", "R"),
        ("ghcr.io/astral-sh/uv:0.5", "scratch", "", "", "sh bash env python", ""),
        ("python:3.11-windowsservercore", "", "", "", "", "bash sh python"),
    ],
)
def test_a_tag_says_which_programs_are_there(
    reference: str, family: str, sh: str, has: str, lacks: str, unknown: str
) -> None:
    base = base_named(reference)
    assert base is not None
    assert (base.family, base.sh) == (family, sh)
    assert {base.programs.get(program) for program in has.split()} <= {True}
    assert {base.programs.get(program) for program in lacks.split()} <= {False}
    assert {base.programs.get(program) for program in unknown.split()} <= {None}
    assert base.source


@pytest.mark.parametrize(
    ("reference", "is_refused"),
    [
        ("debian:12-slim", True),
        ("debian", True),
        ("debian:11", False),
        ("debian:oldstable", False),
        ("ubuntu:24.04", True),
        ("ubuntu:22.04", False),
        ("ubuntu:noble-20240605", True),
        ("alpine:3.19.1", True),
        ("alpine:3.18", False),
        ("alpine:3.2", False),
        ("python:3.12", False),  # whose Python is none of its packages
    ],
)
def test_a_tag_says_whether_the_python_of_its_packages_refuses_pip(
    reference: str, is_refused: bool
) -> None:
    base = base_named(reference)
    assert base is not None
    assert base.refuses_pip is is_refused


@pytest.mark.parametrize(
    ("reference", "has_entrypoint", "path"),
    [
        ("debian:12", False, ""),
        ("node:20-slim", True, ""),
        ("node:20-alpine", None, ""),
        ("scitran/freesurfer-dev:1.0", True, "/flywheel/v0/run"),
    ],
)
def test_the_entrypoint_of_an_image(reference: str, has_entrypoint: bool | None, path: str) -> None:
    base = base_named(reference)
    assert base is not None
    assert (base.has_entrypoint, base.entrypoint) == (has_entrypoint, path)


def test_without_a_tag_it_is_latest() -> None:
    assert base_named("ubuntu") == base_named("ubuntu:latest") != base_named("ubuntu:22.04")


def test_of_a_digest_alone_only_the_name_counts() -> None:
    digest = "sha256:" + "a1" * 32
    base = base_named(f"python@{digest}")
    assert base is not None
    assert (base.programs, base.has_entrypoint, base.family) == ({}, None, "")
    assert {base.workdir, base.user, base.path, base.shell} == {UNKNOWN}
    assert base_named(f"python:3.11@{digest}") == base_named("python:3.11")
    assert base_named(f"no-such-image@{digest}") is None


@pytest.mark.parametrize(
    ("dockerfile", "same_as"),
    [
        ("ARG TAG=3.11\nFROM python:$TAG", "python:3.11"),
        ("ARG TAG=3.11\nFROM python:${TAG}-slim", "python:3.11-slim"),
        ("FROM python:${TAG:-3.11}", "python:3.11"),
        ("ARG IMAGE=docker.io/library/alpine\nFROM ${IMAGE}:3.20", "alpine:3.20"),
        ("FROM node:20 AS a\nFROM python:3.11", "python:3.11"),
        ("FROM python:3.11 AS a\nFROM a", "python:3.11"),
    ],
)
def test_variables_are_replaced_by_their_defaults(dockerfile: str, same_as: str) -> None:
    parsed = Dockerfile(Source("Dockerfile", dockerfile.encode()))
    name = expand(base_of(parsed).base.text, global_lookup(parsed), parsed.escape)
    assert isinstance(name, str)
    assert base_named(name) == base_named(same_as) is not None


@pytest.mark.parametrize(
    ("reference", "variable", "value"),
    [
        ("debian:12", "PATH", DEFAULT_PATH),
        ("python:3.11", "PATH", f"/usr/local/bin:{DEFAULT_PATH}"),
        ("debian:12", "HOME_OF_ALL", None),
        ("python:3.11", "LANG", "C.UTF-8"),
        ("python:3.11", "PYTHON_VERSION", UNKNOWN),
        ("python:3.11", "FSLDIR", None),
        ("pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime", "FSLDIR", UNKNOWN),
    ],
)
def test_variables_of_an_image(reference: str, variable: str, value: str | Unknown | None) -> None:
    base = base_named(reference)
    assert base is not None
    assert base.variable(variable) == value
