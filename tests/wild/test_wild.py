"""The breaks are what they say, and are counted as they should, on gears made here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.wild import __main__ as program
from tests.wild import breaks, gears, runs
from tests.wild.lint import Verdict
from tests.wild.runs import Break, Row, rows_of
from tests.wild.started import Broken, gear_at, started

MANIFEST = {
    "name": "my-gear", "label": "My gear", "description": "Does it", "version": "0.1.0",
    "author": "Me", "maintainer": "Me", "license": "MIT", "source": "", "url": "",
    "inputs": {}, "config": {},
    "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:0.1.0"}},
}  # fmt: skip
DOCKERFILE = """\
FROM python:3.11
ENV FLYWHEEL=/flywheel/v0
WORKDIR $FLYWHEEL
COPY run.py manifest.json $FLYWHEEL/
RUN echo made && \\
    chmod a+x $FLYWHEEL/run.py && \\
    echo done
ENTRYPOINT ["/flywheel/v0/run.py"]
"""


def write(
    repository: Path,
    dockerfile: str = DOCKERFILE,
    command: str | None = "./run.py",
    scripts: tuple[str, ...] = ("run.py",),
    directory: str = ".",
) -> Broken:
    """A gear in a directory of a repository."""
    place = repository / directory
    place.mkdir(parents=True, exist_ok=True)
    members = MANIFEST | ({} if command is None else {"command": command})
    (place / "manifest.json").write_text(json.dumps(members))
    (place / "Dockerfile").write_text(dockerfile)
    for name in scripts:
        path = place / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("#!/usr/bin/env python3\nprint('hello')\n")
        path.chmod(0o755)
    return gear_at(place, "Dockerfile", repository)


def dockerfile_of(gear: Broken, change: breaks.Change | None) -> str:
    """The Dockerfile as a break leaves it."""
    assert change is not None
    return change.contents[gear.dockerfile_path].decode()


def states(row: Row) -> dict[str, str]:
    return {one.way: one.state for one in row.breaks}


def test_all_breaks_of_a_plain_gear_are_reported(tmp_path: Path) -> None:
    write(tmp_path / "plain")
    (row,) = rows_of(tmp_path / "plain")
    assert not row.crash
    assert not row.errors
    assert states(row) == dict.fromkeys(breaks.WAYS, "reported")


def test_what_keeps_it_silent_over_an_unknown_base(tmp_path: Path) -> None:
    write(tmp_path / "mine", DOCKERFILE.replace("python:3.11", "flywheel/mine:1.0"))
    (row,) = rows_of(tmp_path / "mine")
    assert states(row) == {
        "command-renamed": "silent", "entrypoint-renamed": "silent", "copy-removed": "reported",
        "bit-removed": "reported", "crlf": "reported",
    }  # fmt: skip
    silent = [one.why for one in row.breaks if one.state == "silent"]
    assert {why.kind for why in silent if why} == {"FROM flywheel/mine:..."}


def test_a_command_that_is_not_known_is_the_cause(tmp_path: Path) -> None:
    write(tmp_path / "other", DOCKERFILE.replace("RUN ", "RUN ./of-our-own\nRUN "))
    (row,) = rows_of(tmp_path / "other")
    whys = {one.why for one in row.breaks if one.way == "entrypoint-renamed"}
    assert {why.kind for why in whys if why} == {"RUN ./of-our-own"}


def test_only_command_keeps_the_old_name(tmp_path: Path) -> None:
    gear = write(tmp_path)
    change = breaks.command_renamed(gear)
    assert dockerfile_of(gear, change) == DOCKERFILE.replace("run.py", "zz-nur.py")
    assert change is not None
    assert change.renames == {tmp_path / "run.py": tmp_path / "zz-nur.py"}
    assert gear.manifest_path not in change.contents


def test_only_the_entrypoint_keeps_the_old_name(tmp_path: Path) -> None:
    gear = write(tmp_path)
    change = breaks.entrypoint_renamed(gear)
    text = dockerfile_of(gear, change)
    assert text.count("zz-nur.py") == 2
    assert 'ENTRYPOINT ["/flywheel/v0/run.py"]' in text
    assert change is not None
    assert json.loads(change.contents[gear.manifest_path])["command"] == "./zz-nur.py"


def test_the_word_run_of_another_program_is_not_renamed(tmp_path: Path) -> None:
    dockerfile = """\
FROM python:3.11
RUN poetry run pip list && cp /opt/bin/run /tmp && chmod +x run /flywheel/v0/run
COPY run run_it ${FLYWHEEL}/
COPY other/run /opt/bin/
ENTRYPOINT ["poetry", "run", "/flywheel/v0/run"]
"""
    gear = write(tmp_path, dockerfile, "poetry run ./run", ("run", "run_it"))
    assert dockerfile_of(gear, breaks.command_renamed(gear)) == (
        dockerfile.replace("chmod +x run /flywheel/v0/run", "chmod +x zz-nur /flywheel/v0/zz-nur")
        .replace("COPY run ", "COPY zz-nur ")
        .replace('"/flywheel/v0/run"', '"/flywheel/v0/zz-nur"')
    )


@pytest.mark.parametrize(
    ("copied", "left"),
    [
        ("COPY run.py /flywheel/v0/", ""),
        ("COPY . /flywheel/v0/", ""),
        ("COPY r*.py /flywheel/v0/", ""),
        ('COPY ["run.py", "/flywheel/v0/"]', ""),
        ("COPY manifest.json run.py /flywheel/v0/", "COPY manifest.json  /flywheel/v0/"),
        ('COPY ["run.py", "a.py", "/flywheel/v0/"]', 'COPY ["a.py", "/flywheel/v0/"]'),
        ("COPY --chown=1:1 run.py \\\n  a.py /x/", "COPY --chown=1:1  \\\n  a.py /x/"),
        ("COPY run.py /x/\nCOPY --from=0 /run.py /y/", "\nCOPY --from=0 /run.py /y/"),
        ("COPY . /x/\nCOPY utils /y/", "\nCOPY utils /y/"),
    ],
)
def test_no_copy_brings_the_script(tmp_path: Path, copied: str, left: str) -> None:
    gear = write(tmp_path, f"FROM python:3.11\n{copied}\n")
    assert dockerfile_of(gear, breaks.copy_removed(gear)) == f"FROM python:3.11\n{left}\n"


@pytest.mark.parametrize(
    ("run", "left"),
    [
        ("RUN chmod +x /flywheel/v0/run.py", ""),
        ("RUN chmod -R a+rx ${FLYWHEEL}", ""),
        ("RUN chmod 755 $FLYWHEEL/*", ""),
        ('RUN ["chmod", "755", "/flywheel/v0/run.py"]', ""),
        ("RUN a && chmod +x run.py", "RUN a "),
        ("RUN a && \\\n    chmod +x run.py && \\\n    b", "RUN a  && \\\n    b"),
        ("RUN chmod +x run.py && b", "RUN  b"),
        ("RUN bash -c 'chmod +rx $FLYWHEEL/run.py'", ""),
        ("RUN chmod 644 run.py", "RUN chmod 644 run.py"),
        ("RUN chmod +x other.py /opt/bin/*", "RUN chmod +x other.py /opt/bin/*"),
        ("RUN chmod -R a+x /opt", "RUN chmod -R a+x /opt"),
    ],
)
def test_nothing_sets_the_bit(tmp_path: Path, run: str, left: str) -> None:
    start = "FROM python:3.11\nENV FLYWHEEL=/flywheel/v0\nCOPY --chmod=755 run.py $FLYWHEEL/\n"
    gear = write(tmp_path, f"{start}{run}\n")
    change = breaks.bit_removed(gear)
    assert dockerfile_of(gear, change) == f"{start.replace('755', '0644')}{left}\n"
    assert change is not None
    assert change.modes == {tmp_path / "run.py": 0o644}


@pytest.mark.parametrize(
    ("command", "ways"),
    [
        (None, set()),
        ("python /flywheel/v0/run.py", {"command-renamed", "copy-removed"}),
        ("python3 -m run", set()),
        ("cd src; A=1 exec ./run.py -x", set(breaks.WAYS) - {"entrypoint-renamed"}),
        ("uv run run.py", set(breaks.WAYS) - {"entrypoint-renamed"}),
        ("./other.py config.json", set()),
        ("./start", {"copy-removed", "bit-removed", "crlf"}),
    ],
)
def test_ways_apply_to_what_is_started(tmp_path: Path, command: str | None, ways: set[str]) -> None:
    dockerfile = "FROM python:3.11\nCOPY run.py config.json /flywheel/v0/\nCOPY run.py /x/start\n"
    gear = write(tmp_path, dockerfile, command, ("run.py", "config.json", "other.py"))
    assert {way for way, how in breaks.WAYS.items() if how(gear)} == ways


def test_a_gear_is_mended_after_each_break(tmp_path: Path) -> None:
    gear = write(tmp_path)

    def state() -> dict[str, tuple[int, bytes]]:
        return {p.name: (p.stat().st_mode, p.read_bytes()) for p in tmp_path.iterdir()}

    before = state()
    for how in breaks.WAYS.values():
        change = how(gear)
        assert change is not None
        with breaks.applied(change):
            assert state() != before
        assert state() == before


def test_the_context_is_where_the_sources_are(tmp_path: Path) -> None:
    gear = write(tmp_path, "FROM python:3.11\nCOPY gear/run.py /flywheel/v0/\n", directory="gear")
    assert gear.context == tmp_path
    assert started(gear)["command"].files == ("gear/run.py",)


def test_the_entrypoint_of_the_last_stage_counts(tmp_path: Path) -> None:
    dockerfile = (
        "FROM python:3.11 AS base\nCOPY run.py a.py b.py /x/\nENTRYPOINT /x/run.py\n"
        "FROM alpine AS other\nENTRYPOINT /x/a.py\nFROM base\nCMD /x/b.py\n"
    )
    gear = write(tmp_path, dockerfile, None, ("run.py", "a.py", "b.py"))
    assert started(gear)["entrypoint"].name == "run.py"


def test_what_did_not_start_before_is_not_counted(tmp_path: Path) -> None:
    dockerfile = DOCKERFILE.replace('["/flywheel', '["${FLYWHEEL}/flywheel')
    write(tmp_path / "wrong", dockerfile)
    (row,) = rows_of(tmp_path / "wrong")
    assert [found.code for found in row.errors] == ["GL305"]
    assert states(row)["entrypoint-renamed"] == "broken before"


def test_a_crash_is_not_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "gear")
    monkeypatch.setattr(runs, "lint", lambda _: Verdict(frozenset(), "it fell"))
    (row,) = rows_of(tmp_path / "gear")
    assert row.crash == "it fell"
    program.report(
        [row, row._replace(crash="", breaks=(Break("crlf", "crash"),))], is_verbose=False
    )
    assert "2 crashes" in capsys.readouterr().out


def test_one_gear_of_a_repository_or_all(tmp_path: Path) -> None:
    for directory in (".", "second", "tests/third", ".hidden"):
        write(tmp_path / "many", directory=directory)
    (tmp_path / "many" / "Dockerfile").unlink()
    write(tmp_path / "many", directory="another/deeper")
    (tmp_path / "many" / "web").mkdir()
    (tmp_path / "many" / "web" / "manifest.json").write_text('{"name": "page"}')
    (tmp_path / "many" / "web" / "Dockerfile").touch()
    assert [row.gear for row in rows_of(tmp_path / "many")] == ["many/second"]
    assert [row.gear for row in rows_of(tmp_path / "many", is_all=True)] == [
        "many/second", "many/another/deeper",
    ]  # fmt: skip


def test_the_copy_has_no_history_and_no_large_file(tmp_path: Path) -> None:
    write(tmp_path / "gear")
    subprocess.run(["git", "init", "--quiet", str(tmp_path / "gear")], check=True)
    (tmp_path / "gear" / ".git" / "mine").touch()
    (tmp_path / "gear" / "large").write_bytes(b"x" * (gears.MAX_BYTES + 1))
    (tmp_path / "gear" / "link").symlink_to("/nowhere")
    gears.copy(tmp_path / "gear", tmp_path / "copy")
    copy = tmp_path / "copy"
    assert (copy / ".git").is_dir()
    assert not (copy / ".git" / "mine").exists()
    assert (copy / "large").read_bytes() == b""
    assert (copy / "link").is_symlink()
    assert (copy / "run.py").stat().st_mode & 0o777 == 0o755


def test_program_prints_and_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "all" / "plain")
    write(tmp_path / "all" / "mine", DOCKERFILE.replace("python:3.11", "flywheel/mine:1.0"))
    (tmp_path / "all" / "empty").mkdir()
    arguments = [str(tmp_path / "all"), "--jobs", "1", "-v", "--json", str(tmp_path / "rows.json")]
    monkeypatch.setattr(sys, "argv", ["tests.wild", *arguments])
    assert program.main() == 0
    out = capsys.readouterr().out
    assert "command-renamed: 1 / 2 (50 %) reported" in out
    assert "crlf: 2 / 2 (100 %) reported" in out
    assert "   1 FROM flywheel/mine:...\n           mine: FROM flywheel/mine:1.0" in out
    assert "0 gears have errors as they are" in out
    rows = json.loads((tmp_path / "rows.json").read_text())
    assert [row["gear"] for row in rows] == ["mine", "plain"]
    assert rows[0]["breaks"][0]["why"]["kind"] == "FROM flywheel/mine:..."
