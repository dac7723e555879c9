"""The model of an image: what small Dockerfiles make of a small build context.

Most of these once were a contradiction with an image that buildah built (`tests/e2e`).
"""

import posixpath
from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.core.source import Source
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.build import build
from gearlint.image.context import Context
from gearlint.image.nodes import Directory, File, Link, Node
from gearlint.image.state import Image
from gearlint.syntax.dockerfile import Dockerfile

HOME = "/flywheel/v0"
FILES = {
    "run.sh": 0o644,
    "other.sh": 0o755,
    "data/one.txt": 0o664,
    "data/deep/two.txt": 0o600,
}
STEPS = f"FROM scratch\nWORKDIR {HOME}\nCOPY . .\n"


def image_of(directory: Path, dockerfile: str, ignore: str = "") -> Image:
    """The image of a Dockerfile over a context of `FILES`."""
    for name, mode in FILES.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(mode)
    if ignore:
        (directory / ".dockerignore").write_text(ignore)
    source = Source(str(directory / "Dockerfile"), dockerfile.encode())
    image = build(Dockerfile(source), Context(str(directory), str(directory)))
    assert image is not None
    return image


def described(node: Node | Unknown | None) -> str:
    match node:
        case None:
            return "missing"
        case File():
            return "unknown bits" if node.mode is None else f"{node.mode:04o}"
        case Link():
            return f"-> {node.target}"
        case Directory():
            return "directory"
        case _:
            return "unknown"


KNOWN = [
    # cp and mv
    ("RUN cp data/one.txt a", "a", "0644"),  # less the umask
    ("RUN cp -p data/one.txt a", "a", "0664"),
    ("RUN chmod 4755 run.sh && cp run.sh a", "a", "unknown bits"),  # cp of busybox keeps them
    ("RUN chmod 4755 run.sh && cp -p run.sh a", "a", "4755"),
    ("RUN cp -R data copied", "copied/one.txt", "0644"),
    ("RUN cp -a data copied", "copied/one.txt", "0664"),
    ("RUN cp data/one.txt other.sh", "other.sh", "0755"),  # the bits are those of what was there
    ("RUN ln -s other.sh l && cp data/one.txt l", "l", "-> other.sh"),  # written through
    ("RUN ln -s other.sh l && mv run.sh l", "l", "0644"),  # put in its place
    ("RUN ln -s other.sh l && mv run.sh l", "other.sh", "0755"),
    # chmod
    ("RUN chmod 4755 run.sh && chmod a=r,u+x run.sh", "run.sh", "0544"),
    ("RUN chmod 6755 run.sh && chmod g=rx run.sh", "run.sh", "4755"),
    # what may have been done, and what that leaves certain
    (r"RUN [ -e /x ] && mkdir -p made; true", "other.sh", "0755"),
    (r"RUN [ -e /x ] && mkdir -p made; true", "made", "unknown"),
    (r"RUN [ -e /x ] && mkdir -p made; true", "missing.sh", "missing"),
    (r"RUN [ -e /x ] && mkdir -p made/deeper; true", "made/deeper", "unknown"),
    (r"RUN [ -e /x ] && mkdir -p made/deeper; true", "missing.sh", "missing"),
    ("RUN echo text > a; true", "a", "unknown"),
    ("RUN echo text > a; true", "missing.sh", "missing"),
    (r"RUN [ -e /x ] && mkdir -p data; true", "data/one.txt", "0664"),
    (r"RUN [ -e /x ] && touch run.sh; true", "run.sh", "0644"),
    (r"RUN [ -e /x ] && cp run.sh a; true", "run.sh", "0644"),
    (r"RUN [ -e /x ] && cp run.sh a; true", "a", "unknown"),
    (r"RUN [ -e /x ] && cp run.sh data; true", "data/run.sh", "unknown"),
    (r"RUN [ -e /x ] && cp run.sh data; true", "data/one.txt", "0664"),
    (r"RUN [ -e /x ] && mv run.sh a; true", "run.sh", "unknown"),
    (r"RUN [ -e /x ] && rm -r data; true", "data/one.txt", "unknown"),
    (r"RUN [ -e /x ] && rm -r data; true", "other.sh", "0755"),
    (r"RUN [ -e /x ] && ln -s other.sh l; true", "l", "unknown"),
    ("RUN [ -e /x ] && ln -s other.sh l; true\nRUN chmod 600 l", "other.sh", "unknown bits"),
    ("RUN [ -e /x ] && mkdir -p d; true\nRUN cp other.sh d", "d/other.sh", "unknown"),
    ("RUN [ -e /x ] && mkdir -p d; true\nRUN mv other.sh d", "d", "unknown"),
    ("RUN [ -e /x ] && touch t; true\nRUN ln -sf t l && ln -sf ./t l", "l", "unknown"),
    # COPY
    ("RUN ln -s other.sh l\nCOPY run.sh l", "l", "-> other.sh"),  # the target itself is followed
    ("RUN ln -s other.sh l\nCOPY run.sh l", "other.sh", "0644"),
    ("RUN mkdir x && ln -s ../other.sh x/run.sh\nCOPY run.sh x/", "x/run.sh", "0644"),
    ("RUN mkdir x && ln -s ../other.sh x/one.txt\nCOPY data x", "x/one.txt", "0664"),
    ("RUN ln -s data d\nCOPY run.sh d", "data/run.sh", "0644"),
    ("COPY data/one.txt run.sh data", "data/run.sh", "0644"),
    (
        "COPY data/one.txt run.sh app",
        "app",
        "directory",
    ),  # builders do not agree; so it is meant (GL329)
    ("COPY *.sh app", "app", "directory"),
    ("COPY data /", "../../one.txt", "0664"),
    ("COPY --from=example/app /x /app/y", "../../app/y", "unknown"),
    ("COPY --from=example/app /x /app/y", "../../opt", "missing"),
    ("COPY run.sh other.sh app.sh", "app.sh", "directory"),
    ("COPY run.sh other.sh data", "data/other.sh", "0755"),
    ("COPY run.sh made /opt/", "/opt/other.sh", "unknown"),  # which may be a directory
    ("COPY data/l /opt/", "/opt/other.sh", "unknown"),
    ("COPY --chmod=700 data new", "new/deep/two.txt", "0700"),
    ("COPY <<a ./\ntext\na", "a", "0644"),
    ("COPY --chmod=755 <<a ./b\ntext\na", "b", "0755"),
    # flags
    ("ARG M=75\nCOPY --chmod=${M}5 run.sh a", "a", "0755"),
    ("ENV M=700\nADD --chmod=$M --chown=$U run.sh a", "a", "0700"),
    ("COPY --chmod=${M:-555} run.sh a", "a", "0555"),
    ("COPY --chmod=$M run.sh a", "a", "0644"),  # as without the flag
    ("ARG M\nCOPY --chmod=$M run.sh a", "a", "unknown bits"),
    ("ARG M\nCOPY --chmod=$M data new", "new/one.txt", "unknown bits"),
    # a directory that is not known
    ("ARG X\nWORKDIR $X\nCOPY run.sh new/", "new/run.sh", "unknown"),
    ("ARG X\nWORKDIR $X\nCOPY run.sh new/", "../../new/run.sh", "unknown"),
    ("COPY --chmod=$TARGETARCH run.sh a", "a", "unknown bits"),
    ("COPY --chmod=u+x run.sh a", "a", "unknown bits"),  # BuildKit has it since 2025
    ("COPY --chmod=71 run.sh a", "a", "0071"),
    ("COPY --chmod=004755 run.sh a", "a", "4755"),
    ("COPY --chmod=10000 run.sh a", "a", "unknown bits"),
    ("ARG U=1000\nCOPY --chown=$U:${G} run.sh a", "a", "0644"),
    ("COPY --exclude=*.sh data new", "new/one.txt", "unknown"),
    ("COPY --parents data/one.txt new/", "new/one.txt", "unknown"),
    ("ADD https://example.org/a.sh a.sh", "a.sh", "0600"),
    ("ADD https://example.org/a.sh?b=/c a/", "a/a.sh", "0600"),
    ("ADD https://example.org/a.git new", "new/x", "unknown"),
    ("ADD https://example.org/ new/", "new/x", "unknown"),
    ("ADD git@example.org:a/b run.sh new/", "new/other.sh", "unknown"),
    ("ADD git@example.org:a/b run.sh new/", "new/run.sh", "unknown"),
    ("COPY ['it's', 'x']", "none", "unknown"),
    ("ADD --chmod=755 https://example.org/a.sh a.sh", "a.sh", "0755"),
    # a heredoc
    ("RUN <<E\ntouch a\nE", "a", "0644"),
    ("RUN <<E\n#!/bin/sh\ntouch a\nE", "a", "unknown"),
]


@pytest.mark.parametrize(("step", "path", "there"), KNOWN)
def test_what_is_at_a_path(step: str, path: str, there: str, tmp_path: Path) -> None:
    image = image_of(tmp_path, STEPS + step + "\n")
    assert image.failed_steps == []
    assert described(image.files.find(posixpath.join(HOME, path), follow=False)) == there


FROM_STAGE = [
    ("COPY --from=build /x/*.sh ./", "run.sh", "0644"),
    ("COPY --from=build /x/*.sh ./", "one.txt", "missing"),
    ("COPY --from=build /x/o*.sh ./a", "a", "0755"),
    ("COPY --from=build /x/* ./a/", "a/.env", "0644"),
    ("COPY --from=build /x/[!.]env ./a/", "a/.env", "0644"),
    ("COPY --from=build /x/data ./a", "a/one.txt", "0664"),
    ("COPY --from=0 x/run.sh .", "run.sh", "0644"),
    ("COPY --from=build --chmod=700 /x ./", "data/deep/two.txt", "0700"),
    ("COPY --from=build --chmod=700 /x/l ./", "l", "0700"),
    ("COPY --from=build /x/l ./a", "a", "0644"),
    ("COPY --from=build /opt/*.sh ./", "run.sh", "unknown"),
    ("COPY --from=build /opt/x ./x\nRUN make", "x", "unknown"),
    ("COPY --from=build /opt/x /app/", "/app/y", "unknown"),
    ("COPY --from=$NONE /x/run.sh .", "run.sh", "unknown"),
    ("COPY --from=1 /x/run.sh .", "run.sh", "unknown"),
    ("COPY --from=example/app /x/run.sh .", "run.sh", "unknown"),
    # to where it is not known what is there
    ("COPY --from=build /x/run.sh /opt/run.sh", "/opt/run.sh", "0644"),
    ("COPY --from=build /x/run.sh /opt/a.txt", "/opt/a.txt", "0644"),
    ("COPY --from=build /x/run /opt/run", "/opt/run", "0644"),
    ("COPY --from=build /x/run /opt/a", "/opt/a", "unknown"),
    ("COPY --from=build /x/run /opt/a/", "/opt/a/run", "0644"),
]


@pytest.mark.parametrize(("step", "path", "there"), FROM_STAGE)
def test_what_another_stage_gives(step: str, path: str, there: str, tmp_path: Path) -> None:
    first = "FROM debian:12 AS build\nCOPY . /x\nRUN ln -s run.sh /x/l && cp /x/run.sh /x/run\n"
    first += "RUN touch /x/.env\n"
    image = image_of(tmp_path, f"{first}FROM debian:12\nWORKDIR {HOME}\n{step}\n")
    assert image.failed_steps == []
    assert described(image.files.find(posixpath.join(HOME, path))) == there


def test_what_another_stage_has_not_is_unknown_then(tmp_path: Path) -> None:
    dockerfile = f"FROM scratch AS build\nFROM scratch\nWORKDIR {HOME}\nCOPY --from=build /x ./x\n"
    image = image_of(tmp_path, dockerfile)
    [failure] = image.failed_steps
    assert failure.message == "/x is not in the stage build"
    assert dockerfile[failure.span.start : failure.span.end] == "/x"
    assert described(image.files.find(f"{HOME}/x")) == "unknown"


def test_what_is_copied_to_an_unknown_place(tmp_path: Path) -> None:
    image = image_of(tmp_path, "FROM debian:12\nARG X\nCOPY run.sh data $X/\n")
    assert [path for path, _ in image.files.forgotten] == [
        "/**/run.sh", "/**/deep", "/**/one.txt",
    ]  # fmt: skip
    image = image_of(tmp_path, "FROM debian:12\nARG X\nCOPY run.sh $X/a\nCOPY run.sh $X\n")
    assert [path for path, _ in image.files.forgotten] == ["/**/a", "/**/run.sh", "/**/run.sh"]


def test_a_link_out_of_the_context_is_not_followed_here(tmp_path: Path) -> None:
    (tmp_path / "run.sh").touch()
    context = tmp_path / "context"
    (context / "data").mkdir(parents=True)
    (context / "data" / "l").symlink_to("../../run.sh")
    image = image_of(context, f"FROM scratch\nWORKDIR {HOME}\nCOPY data/l a\n")
    assert described(image.files.find(f"{HOME}/a")) == "unknown"


def test_a_link_of_the_context_to_an_absolute_path_is_not_followed_here(tmp_path: Path) -> None:
    target = str(tmp_path / "run.sh")
    inside = tmp_path / target.lstrip("/")
    inside.parent.mkdir(parents=True)
    inside.touch()
    (tmp_path / "l").symlink_to(target)
    image = image_of(tmp_path, f"FROM scratch\nWORKDIR {HOME}\nCOPY l a\n")
    assert image.missing_sources == []
    assert described(image.files.find(f"{HOME}/a")) == "unknown"


GLOBAL_ARGS = [
    ("ARG BASE=ratch", "sc$BASE", "missing"),
    ("ARG A=cratch BASE=s$A", "$BASE", "missing"),
    ("ARG BASE", "$BASE", "unknown"),
    ("ARG BASE=$BUILDPLATFORM", "$BASE", "unknown"),
    ("ARG BASE=$HTTP_PROXY", "${BASE:-scratch}", "unknown"),
    ("ARG P=linux/amd64", "--platform=$P scratch", "missing"),
]


@pytest.mark.parametrize(("arg", "base", "there"), GLOBAL_ARGS)
def test_what_is_beneath_a_base_named_by_variables(
    arg: str, base: str, there: str, tmp_path: Path
) -> None:
    image = image_of(tmp_path, f"{arg}\nFROM {base}\nWORKDIR {HOME}\n")
    assert described(image.files.find("/other.sh")) == there


def test_without_a_stage_there_is_no_image(tmp_path: Path) -> None:
    dockerfile = Dockerfile(Source("Dockerfile", b"ARG A=1\n"))
    assert build(dockerfile, Context(str(tmp_path), str(tmp_path))) is None


def test_of_stages_of_one_name_the_last_before_is_meant(tmp_path: Path) -> None:
    stages = "FROM scratch AS a\nWORKDIR /one\nFROM scratch AS A\nWORKDIR /two\nFROM a AS b\n"
    image = image_of(tmp_path, f"{stages}FROM b\nFROM scratch AS a\nFROM a AS c\nFROM b\n")
    assert described(image.files.find("/two")) == "directory"
    assert described(image.files.find("/one")) == "missing"


def test_arguments_of_a_stage_see_those_before_them(tmp_path: Path) -> None:
    steps = "ARG TOP=/opt\nFROM scratch\nARG TOP AT=$TOP/a NEXT=${AT}b\nENV AT=$AT NEXT=$NEXT\n"
    assert image_of(tmp_path, steps).environment == {"AT": "/opt/a", "NEXT": "/opt/ab"}


SEEN = [
    ("ARG A=1\nENV A=2\n", "2"),
    ("ENV A=1\nARG A=2\n", "2"),  # the later one counts; with buildah ENV does
    ("ENV A=1\nARG A\n", None),  # --build-arg may set it
    ("ARG A=1\nARG A=${A}2\n", "12"),
]


@pytest.mark.parametrize(("steps", "value"), SEEN)
def test_of_arg_and_env_the_later_one_is_seen(
    steps: str, value: str | None, tmp_path: Path
) -> None:
    image = image_of(tmp_path, f"FROM scratch\n{steps}ENV SEEN=$A\n")
    assert image.environment["SEEN"] == (UNKNOWN if value is None else value)


def test_arguments_are_those_of_the_stage_and_of_what_it_is_built_on(tmp_path: Path) -> None:
    first = "FROM scratch AS build\nARG A=1\n"
    after = image_of(tmp_path, f"{first}FROM build\nENV SEEN=$A\n")
    assert after.environment == {"SEEN": "1"}
    beside = image_of(tmp_path, f"{first}FROM scratch\nCOPY --from=build / /\nENV SEEN=$A\n")
    assert beside.environment == {"SEEN": ""}


EXECUTABLE = [
    # where the other bits are not known
    ("chmod 4755 run.sh && cp run.sh a", "a", True),
    ("chmod 4755 run.sh && cp -r . /x", "/x/run.sh", True),
    ("chmod 4755 run.sh && cp -r . /x", "/x/other.sh", True),
    ("chmod 4644 run.sh && cp run.sh a", "a", False),
    ("umask 077; touch a", "a", False),
    ("umask 077; touch a; chmod +x a", "a", True),
    ("umask 077; touch a; chmod a-x a", "a", False),
    ("umask 077; chmod 700 run.sh; chmod 600 other.sh", "run.sh", True),
    ("umask 077; chmod 700 run.sh; chmod 600 other.sh", "other.sh", False),
    ("umask 077; touch a; chmod +x a; chmod u-x a", "a", None),
    ("chmod $X run.sh", "run.sh", None),
    ("chmod $X run.sh; chmod a-x run.sh", "run.sh", False),
    ("chmod $X run.sh; chmod u-x run.sh", "run.sh", None),
    ("[ -e /x ] && chmod -R 700 .; true", "run.sh", None),
    ("[ -e /x ] && chmod 700 .; true", "run.sh", False),
]


@pytest.mark.parametrize(("commands", "path", "runs"), EXECUTABLE)
def test_whether_a_file_is_executable(
    commands: str, path: str, runs: bool | None, tmp_path: Path
) -> None:
    image = image_of(tmp_path, f"{STEPS}ARG X\nRUN {commands}\n")
    file = image.files.find(posixpath.join(HOME, path))
    assert isinstance(file, File)
    assert file.is_executable is runs
    assert (file.mode_doubt is None) is (runs is not None)


def test_what_may_be_a_directory_is_copied_over_one(tmp_path: Path) -> None:
    first = "FROM scratch AS build\nWORKDIR /x\nRUN [ -e /x ] && mkdir -p made; true\n"
    image = image_of(tmp_path, f"{first}{STEPS}RUN mkdir made\nCOPY --from=build /x .\n")
    assert image.failed_steps == []
    assert described(image.files.find(f"{HOME}/made")) == "directory"
    assert described(image.files.find(f"{HOME}/made/any")) == "unknown"
    assert described(image.files.find(f"{HOME}/any")) == "missing"


LINKS = [
    # (link of the context, what it leads to, step, path, what is there then)
    ("data/l", "one.txt", "COPY data d", "d/l", "-> one.txt"),
    ("data/l", "one.txt", "COPY data/l d", "d", "0664"),
    ("data/l", "../run.sh", "COPY data/l d", "d", "0644"),
    ("data/l", "deep", "COPY data/l d", "d", "unknown"),
    ("data/l", "../../run.sh", "COPY data/l d", "d", "unknown"),  # builders do not agree
    ("data/l", "/run.sh", "COPY data/l d", "d", "unknown"),
]


@pytest.mark.parametrize(("link", "target", "step", "path", "there"), LINKS)
def test_links_of_the_context(
    link: str, target: str, step: str, path: str, there: str, tmp_path: Path
) -> None:
    (tmp_path / link).parent.mkdir()
    (tmp_path / link).symlink_to(target)
    image = image_of(tmp_path, f"FROM scratch\nWORKDIR {HOME}\n{step}\n")
    assert image.missing_sources == []
    assert described(image.files.find(f"{HOME}/{path}", follow=False)) == there


@pytest.mark.parametrize("target", ["none", "../../none", "/etc/none", "l"])
def test_a_link_that_leads_nowhere_is_a_missing_source(target: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "l").symlink_to(target)
    [missing] = image_of(tmp_path, "FROM scratch\nCOPY data/l /\n").missing_sources
    assert (missing.link, missing.target) == ("data/l", target)


def test_a_link_above_a_missing_source_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "l").symlink_to("none")
    (tmp_path / "data" / "here").symlink_to("deep")
    steps = "COPY data/l/x /\nCOPY data/here/x.txt /\nCOPY data/x.txt /\n"
    missing = image_of(tmp_path, f"FROM scratch\n{steps}").missing_sources
    assert [each.link for each in missing] == ["data/l", "", ""]


def test_a_pattern_goes_through_no_link(tmp_path: Path) -> None:
    (tmp_path / "here").symlink_to("data")
    image = image_of(tmp_path, f"FROM scratch\nWORKDIR {HOME}\nCOPY h*/*.txt ./\n")
    assert described(image.files.find(f"{HOME}/one.txt")) == "unknown"


@pytest.mark.parametrize("target", ["../out/x", "../out/x/y", "../out"])
def test_what_is_behind_a_link_out_of_the_context_may_be_there(target: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "l").symlink_to(target)
    (tmp_path / "out").symlink_to("/elsewhere")
    missing = image_of(tmp_path, "FROM scratch\nCOPY data/l /\n").missing_sources
    assert [each.target for each in missing] == ([target] if target == "../out" else [])


def test_a_stage_that_triggers_are_run_on_is_unknown(tmp_path: Path) -> None:
    first = "FROM scratch AS build\nONBUILD COPY run.sh /\n"
    assert described(image_of(tmp_path, f"{first}FROM build\n").files.find("/run.sh")) == "unknown"
    assert described(image_of(tmp_path, first).files.find("/run.sh")) == "missing"


@pytest.mark.parametrize(
    "command",
    ["sed -i s/sh/bash/ run.sh", "dos2unix *.sh", "echo '#!/bin/bash' > run.sh", "find . -exec a"],
)
def test_a_command_may_write_the_files_that_it_names(command: str, tmp_path: Path) -> None:
    file = image_of(tmp_path, f"{STEPS}RUN {command}\n").files.find(f"{HOME}/run.sh")
    assert isinstance(file, File)
    assert file.origin is None


@pytest.mark.parametrize(
    "command",
    [
        "make",
        "echo a >> run.sh",
        "cat < run.sh",
        "sed s/a/b/ run.sh",
        "sort -o a run.sh",
        "ls -i run.sh",
        "./run.sh --setup",
        "chmod 1 run.sh",
    ],
)
def test_other_commands_leave_the_files_as_they_are(command: str, tmp_path: Path) -> None:
    file = image_of(tmp_path, f"{STEPS}RUN {command}\n").files.find(f"{HOME}/run.sh")
    assert isinstance(file, File)
    assert file.origin is not None


def test_after_too_much_text_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = f"{STEPS}RUN touch a && chmod 755 a\n"
    assert described(image_of(tmp_path, steps).files.find(f"{HOME}/a")) == "0755"
    monkeypatch.setattr(limits, "IMAGE_SHELL_CHARACTERS", 1)
    assert described(image_of(tmp_path, steps).files.find(f"{HOME}/a")) == "unknown"


def test_a_program_of_the_gear_does_not_write_itself(tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text("#!/usr/bin/env python3\n")
    files = image_of(tmp_path, f"{STEPS}RUN ./setup.py run.sh\n").files
    program, argument = files.find(f"{HOME}/setup.py"), files.find(f"{HOME}/run.sh")
    assert isinstance(program, File)
    assert isinstance(argument, File)
    assert program.origin is not None
    assert argument.origin is None


FAILING = [
    "RUN mv run.sh missing/run.sh",
    "RUN [ -f missing ] && touch a",
    "RUN test -d data/none",
    "RUN cd data && [ -e run.sh ]",
    "RUN cp -R data data",
    "RUN --network=none cp none a",
    "RUN cp -R ./data /flywheel/v0/data/deep",
    "COPY data run.sh",  # a directory over a file
    "RUN mkdir x && touch x/deep\nCOPY data x",
    "RUN mkdir -p x/one.txt\nCOPY data x",  # a file over a directory
    "COPY run.sh other.sh/",
    # code, and lists of packages
    "RUN python3 none.py",
    "RUN bash none.sh",
    "RUN ash none.sh",
    "RUN ./none.sh",
    "RUN data/none.py",
    "RUN pip install -r none.txt",
    "RUN pip3 install --requirement=none.txt",
    "RUN pip install -cnone.txt x",
    "RUN pip install -r=none.txt",
    "RUN pip install --constraint none.txt x",
    "RUN python -m pip install -r none.txt",
    "RUN uv pip install -r none.txt",
]
NOT_FAILING = [
    "RUN rm missing; true",
    "RUN [ -f missing ] || touch a",
    "RUN [ ! -f missing ] && touch a",
    "RUN [ -f data ] && touch a",  # not reported so far
    "RUN test -f missing && touch a; true",
    "RUN if [ -f missing ]; then touch a; fi",
    "RUN [ -h missing ]",
    "RUN [ -e /proc/cpuinfo ]",
    f"RUN chmod 700 {'a' * limits.GLOB_CHARACTERS}*",
    "RUN sed $(cat run.sh) s/a/b/ run.sh",
    "RUN grep --exclude-dir x sh run.sh",
    "RUN grep -q sh run.sh none",
    "RUN sh -c 'set -u; touch a$NONE' || true",
    "RUN find /etc/none -type f | xargs chmod a+r",
    "RUN sha256sum -c none",  # not reported so far
    "RUN pip install -r https://example.org/none.txt",
    "RUN pip install -r",
    "RUN pip install -r --no-deps x",
    "RUN pip download -r none.txt",
    "RUN uv run -r none.txt",
    "RUN frob -r none.txt",
    "RUN frob.py",
    "RUN python3 -m none.py",
    "RUN python3 none",
    "RUN python3 $NONE.py",
    "RUN bash -c none.sh",
    "RUN bash none.sh || true",
    "RUN find data -name '*.x' | xargs chmod a+r",
    "RUN mkdir d && ([ -e /x ] && touch d/a; true) && find d -type f | xargs chmod a+r",
    "RUN --mount=type=bind,source=run.sh,target=missing [ -f missing ]",
    'RUN [ -f "" ]',
    "RUN [ -e /x ] && touch maybe; true\nCOPY data maybe",
    "COPY run.sh data/one.txt app",
    "RUN [ -e /x ] && rm -f run.sh; true\nRUN chmod +x run.sh",
]


ON_DEBIAN = f"FROM debian:12\nWORKDIR {HOME}\nCOPY run.sh .\n"


def test_a_link_to_itself_fails_with_gnus_ln(tmp_path: Path) -> None:
    step = "RUN ln -sf run.sh ./run.sh\n"
    assert len(image_of(tmp_path, ON_DEBIAN + step).failed_steps) == 1
    on_alpine = ON_DEBIAN.replace("debian:12", "alpine")
    assert image_of(tmp_path, on_alpine + step).failed_steps == []
    assert image_of(tmp_path, f"{ON_DEBIAN}RUN ln -sf ./run.sh other.sh\n").failed_steps == []


@pytest.mark.parametrize(
    ("base", "step", "fails"),
    [
        ("debian:12", "chmod 664 run.sh && chmod -w run.sh", True),
        ("rockylinux:9", "chmod 775 run.sh && chmod -f -w run.sh", True),
        ("debian:12", "chmod 777 run.sh && chmod -w,u+x run.sh", True),
        ("debian:12", "mkdir x && touch x/a && chmod 666 x/a && chmod -R -w x", True),
        ("debian:12", "chmod 664 run.sh && find . -name run.sh -exec chmod -w {} +", True),
        ("debian:12", "chmod 664 run.sh && find . -name run.sh -exec chmod -w {} \\;", False),
        ("debian:12", "chmod 664 run.sh; find . -type f -exec chmod -w {} + || true", False),
        ("debian:12", "find /opt -type f | xargs chmod a+r", False),
        ("debian:12", "cat /opt/x/*.q", False),
        ("debian:12", "cat /opt/*.q", False),
        ("debian:12", "cat *.q", True),
        ("debian:12", "chmod 644 run.sh && chmod -w run.sh", False),
        ("debian:12", "chmod 775 run.sh && chmod -x run.sh", False),
        ("debian:12", "chmod 664 run.sh && chmod a-w run.sh", False),
        ("debian:12", "chmod 664 run.sh && chmod g=,-w run.sh", False),
        ("debian:12", "chmod 664 run.sh && chmod -- -w run.sh", False),
        ("debian:12", "chmod 664 run.sh && umask 0 && chmod -w run.sh", False),
        ("debian:12", "chmod 664 run.sh && (chmod -w run.sh || true)", False),
        ("alpine:3.19", "chmod 664 run.sh && chmod -w run.sh", False),
    ],
)
def test_chmod_of_gnu_fails_where_the_umask_keeps_a_bit(
    base: str, step: str, fails: bool, tmp_path: Path
) -> None:
    image = image_of(tmp_path, f"FROM {base}\nWORKDIR {HOME}\nCOPY run.sh .\nRUN {step}\n")
    assert bool(image.failed_steps) is fails


@pytest.mark.parametrize("step", FAILING)
def test_a_step_that_fails(step: str, tmp_path: Path) -> None:
    assert len(image_of(tmp_path, STEPS + step + "\n").failed_steps) == 1


@pytest.mark.parametrize("step", NOT_FAILING)
def test_a_step_that_may_succeed(step: str, tmp_path: Path) -> None:
    assert image_of(tmp_path, STEPS + step + "\n").failed_steps == []


IGNORED = [
    ("**/*.txt\n!data", "data/one.txt", "missing"),  # `!data` is tried on the directory alone
    ("data\n!data/one.txt", "data/one.txt", "0664"),
    ("data\n!data/one.txt", "data/deep", "missing"),
    ("data/deep\n!**/two.*", "data/deep/two.txt", "0600"),
    ("*\n!data", "data/deep/two.txt", "0600"),
    ("*\n!data\ndata/deep", "data/deep", "missing"),
    ("data/**", "data/one.txt", "missing"),
    ("data/**", "data", "directory"),
]


@pytest.mark.parametrize(("ignore", "path", "there"), IGNORED)
def test_what_the_ignore_file_leaves_out(
    ignore: str, path: str, there: str, tmp_path: Path
) -> None:
    image = image_of(tmp_path, STEPS, ignore)
    assert described(image.files.find(f"{HOME}/{path}")) == there


TAKEN = [
    # (instructions, what they take from the build context)
    ("COPY run.sh .", ["run.sh"]),
    ("COPY run.sh other.sh c/", ["run.sh", "other.sh"]),
    ("COPY --from=example/app a b", []),
    ("ADD https://example.org/x git@example.org:a/b a@b.txt ./", ["a@b.txt"]),
    ("COPY run.sh <<E /x/\na\nE", ["run.sh"]),
    ("RUN --mount=type=bind,source=data,target=/x true", ["data"]),
    ("RUN --mount=type=bind,src=data,target=/x true", ["data"]),
    ("RUN --mount=type=bind,source=$X,target=/x true", ["."]),
    ("RUN --mount=target=/x true", ["."]),
    ("RUN --mount=type=cache,target=/x true", []),
    ("RUN --mount=type=bind,from=example/app,source=data,target=/x true", []),
    ("RUN --network=none true", []),
    ("ONBUILD COPY run.sh .", ["."]),
    ("ONBUILD RUN true", []),
    ("ENV A=run.sh", []),
    ("ARG X\nCOPY $X .", ["."]),
    ("ARG X=run.sh\nCOPY $X .", ["run.sh"]),
    ("COPY --exclude=*.md --exclude=x --chown=1 . .", [". but *.md x"]),
]


@pytest.mark.parametrize(("steps", "taken"), TAKEN)
def test_what_is_taken_from_the_build_context(steps: str, taken: list[str], tmp_path: Path) -> None:
    image = image_of(tmp_path, f"FROM debian:12\nWORKDIR {HOME}\n{steps}\n")
    found = [
        " ".join((each.path, *("but",) * bool(each.excluded), *each.excluded))
        for each in image.taken
    ]
    assert found == taken


BASE = "FROM python:3.11\n"
TWICE = "RUN python -c 'a()'\nRUN python -c 'b()'\n"
CAUSES = [
    # (Dockerfile, path, the command that is the cause)
    ("FROM example/app\nRUN python -c 'a()'\n", f"{HOME}/x", "example/app"),
    (f"{BASE}RUN python -c 'a()'\n", f"{HOME}/x", "python -c 'a()'"),
    (
        f"{BASE}RUN python -c 'a()'\nRUN python -c 'b()'\nWORKDIR {HOME}\n",
        f"{HOME}/x",
        "python -c 'a()'",
    ),
    (
        f"{BASE}WORKDIR {HOME}\n{TWICE}",
        f"{HOME}/x",
        "python -c 'a()'",
    ),
    (f"{BASE}RUN python -c 'a()'\n", "/opt/x", "python:3.11"),
    (f"{BASE}ARG X\nCOPY . $X\n", f"{HOME}/run.sh", "COPY"),
]


@pytest.mark.parametrize(("dockerfile", "path", "cause"), CAUSES, ids=range(len(CAUSES)))
def test_the_first_command_that_may_have_made_it_is_the_cause(
    dockerfile: str, path: str, cause: str, tmp_path: Path
) -> None:
    found = image_of(tmp_path, dockerfile).files.why_unknown(path)
    assert found is not None
    assert dockerfile[slice(*found.span)] == cause


def test_each_command_that_made_something_unknown_is_kept(tmp_path: Path) -> None:
    dockerfile = f"{STEPS}RUN python -c 'a()'\nRUN unheard of\nRUN python -c 'b()'\n"
    files = image_of(tmp_path, dockerfile).files
    kept = [(path, dockerfile[slice(*cause.span)]) for path, cause in files.forgotten]
    assert kept == [("/", "python -c 'a()'"), (HOME, "unheard of"), ("/", "python -c 'b()'")]


def test_a_mode_that_is_known_again_is_not_unknown_for_what_came_before(tmp_path: Path) -> None:
    dockerfile = f"{STEPS}RUN python -c 'a()'\nRUN chmod 644 run.sh\nRUN python -c 'b()'\n"
    node = image_of(tmp_path, dockerfile).files.find(f"{HOME}/run.sh")
    assert isinstance(node, File)
    assert node.mode_doubt is not None
    assert dockerfile[slice(*node.mode_doubt.span)] == "python -c 'b()'"


@pytest.mark.parametrize(
    ("step", "path", "there"),
    [
        ("COPY *.none ./", "run.sh", "missing"),
        ("COPY data/*.none sub/", "sub/run.sh", "missing"),
        ("ADD *.none .", "run.sh", "missing"),
        ("COPY *.none ./", "made.whl", "unknown"),  # as all that may be made before the build
        ("COPY run.sh *.none ./", "other.sh", "missing"),
        ("COPY *.none x", "x", "unknown"),
        ("COPY none* ./", "run.sh", "unknown"),  # which may be a directory
        ("COPY none*/*.sh ./", "run.sh", "unknown"),
        ("COPY $NONE*.sh /opt/", "run.sh", "missing"),
    ],
)
def test_a_pattern_that_nothing_fits(step: str, path: str, there: str, tmp_path: Path) -> None:
    image = image_of(tmp_path, f"FROM debian:12\nWORKDIR {HOME}\n{step}\n")
    assert described(image.files.find(f"{HOME}/{path}")) == there
    assert image.missing_sources == []


@pytest.mark.parametrize(
    ("path", "there"), [("run.sh", "0644"), ("made.whl", "unknown"), ("other.sh", "missing")]
)
def test_one_of_several_sources_that_may_be_made(path: str, there: str, tmp_path: Path) -> None:
    image = image_of(tmp_path, f"FROM debian:12\nWORKDIR {HOME}\nCOPY run.sh made.whl ./\n")
    assert described(image.files.find(f"{HOME}/{path}")) == there
