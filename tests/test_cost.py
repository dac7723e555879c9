"""Large or hostile repositories are checked in time."""

import json
import os
import string
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from gearlint.core import limits
from gearlint.core.errors import GearlintError
from gearlint.engine import discovery
from gearlint.engine.discovery import PassedOver, SettingsOf
from gearlint.gear.manifest import Manifest
from gearlint.gear.schema import known_fields
from gearlint.image.context import Context
from tests.conftest import Outcome, Run, seconds_of_processor
from tests.repositories import Repository
from tests.sound import DOCKERFILE, write_gear

SECONDS = 2.0
"""Of the processor, for what takes far less than one."""


def assert_silent_in_time(directory: Path, dockerfile: str, *options: str) -> None:
    """A gear that gets this Dockerfile is checked in time, and nothing is said of it."""
    (directory / "Dockerfile").write_text(dockerfile)
    seconds, outcome = seconds_of_processor("check", directory, *options)
    assert (outcome.code, outcome.stdout) == (0, "")
    assert seconds < SECONDS


@pytest.mark.parametrize("stars", ["***/****/****/****/****/****/****/****/*", "****/" * 4 + "x"])
def test_stars_in_many_parts_of_a_gitignore(stars: str, tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.gear(directory="packages/analysis/pipelines/gear")
    repository.write(".gitignore", f"{stars}\n*/*/*/x\n")
    seconds, outcome = seconds_of_processor("check", tmp_path, "--select", "GL1")
    assert (outcome.code, "in 1 gear" in outcome.stderr) == (0, True)
    assert seconds < SECONDS


def test_many_globs_for_many_findings(tmp_path: Path) -> None:
    globs = "".join(f'"other/{number}/*.json" = ["GL2"]\n' for number in range(600))
    (tmp_path / "gearlint.toml").write_text(f"[per-file-ignores]\n{globs}")
    options = ", ".join(f'"o{number}": {{"type": "text"}}' for number in range(600))
    write_gear(tmp_path / "gear", f'"config": {{{options}}}')
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert len(outcome.findings) >= 600
    assert seconds < SECONDS


def test_many_globs_for_many_directories(tmp_path: Path) -> None:
    globs = ", ".join(f'"directory/*/{number}"' for number in range(200))
    (tmp_path / "gearlint.toml").write_text(f"exclude = [{globs}]\n")
    for number in range(400):
        (tmp_path / "directory" / f"{number}").mkdir(parents=True)
    write_gear(tmp_path / "gear")
    seconds, outcome = seconds_of_processor("check", tmp_path)
    assert outcome.code == 0
    assert seconds < SECONDS


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (("check", ".", "--select", "GL6", "--jobs", 1), "in 60 gears"),
        (("version", "."), "1.0.9_2.0.0"),
    ],
)
def test_many_tags_of_many_gears(
    arguments: tuple[object, ...], reported: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path)
    monkeypatch.chdir(tmp_path)
    for number in range(60):
        repository.gear(f'"name": "gear-{number}",\n"version": "1.0.9_2.0.0"', f"gear-{number}")
    commit = repository.commit()
    tags = [f"gear-{number}/1.0.{patch}_2.0.0" for number in range(60) for patch in range(20)]
    packed = "".join(f"{commit} refs/tags/{tag}\n" for tag in sorted(tags))
    (tmp_path / ".git" / "packed-refs").write_text(f"# pack-refs with: sorted\n{packed}")
    seconds, outcome = seconds_of_processor(*arguments)
    assert reported in outcome.stdout + outcome.stderr
    assert seconds < SECONDS


def test_changed_files_of_one_gear_read_its_manifest_once_for_all(
    tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Repository(tmp_path)
    write_gear(tmp_path / "gear", '"label": ""')
    write_gear(tmp_path / "gear" / "sub" / "other", '"label": ""')
    write_gear(tmp_path / "gear" / ".hidden", '"label": ""')
    directories = [
        "sub/other",
        *(f"sub/{number}" for number in range(30)),
        "sub/other/deep",
        ".hidden",
    ]
    paths = [tmp_path / "gear" / directory / "a.py" for directory in directories]
    read: list[str] = []
    gear_at = discovery.gear_at

    def counted(path: str, settings_of: SettingsOf) -> Manifest | PassedOver | GearlintError:
        read.append(path)
        return gear_at(path, settings_of)

    monkeypatch.setattr(discovery, "gear_at", counted)
    outcome = check("--changed-files", *paths)
    assert len(outcome.findings) == 2
    assert len(read) <= 6


@pytest.mark.parametrize("between", [".", ". ", ".\\\n"])
def test_dots_without_end_in_a_script(between: str, tmp_path: Path) -> None:
    write_gear(tmp_path)
    text = between.join(["a"] * 40_000)
    (tmp_path / "run.py").write_text(f"#!/usr/bin/env python3\nimport {text}\n")
    seconds, outcome = seconds_of_processor("check", tmp_path)
    assert outcome.code == 0
    assert seconds < SECONDS


def test_a_large_directory_is_listed_once_for_all_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(50):
        (tmp_path / f"{number}.txt").touch()
    context = Context(str(tmp_path), str(tmp_path))
    listed: list[str] = []
    listdir = os.listdir

    def counted(path: str) -> list[str]:
        listed.append(path)
        return listdir(path)

    monkeypatch.setattr(os, "listdir", counted)
    for number in range(50):
        assert [entry.path for entry in context.matching(f"{number}.t*")] == [f"{number}.txt"]
    assert len(listed) == 1


MANY_DIRECTORIES = f"RUN mkdir -p {' '.join(f'/a/{number}' for number in range(3000))}\n"
AFTER_FROM = "FROM python:3.11 AS s0\nWORKDIR /flywheel/v0\n"
MODELLED = {
    "a variable that grows": f"ENV A={'x' * 40_000}\nENV B={'$A' * 8000}\n",
    "stages on one another": MANY_DIRECTORIES
    + "".join(f"FROM s{number} AS s{number + 1}\n" for number in range(2000)),
    "modes of many files": MANY_DIRECTORIES + "RUN chmod -R 755 /a\n" * 4000,
    "globs over many files": MANY_DIRECTORIES + "RUN chmod 755 /a/*1\n" * 4000,
    "unknown programs": MANY_DIRECTORIES + "RUN make\n" * 4000,
    "much shell": "".join(
        f"RUN a{number} && b || c; d | e > f{number}\n" for number in range(5000)
    ),
    "copies of a stage": MANY_DIRECTORIES
    + "".join(f"COPY --from=s0 /a /b{number}\n" for number in range(500))
    + "FROM python:3.11\nWORKDIR /flywheel/v0\n"
    + "".join(f"COPY --from=s0 /a /b{number}\n" for number in range(1000)),
    "here-documents": f"COPY {' '.join(f'<<E{number}' for number in range(4000))} /x/\n"
    + "".join(f"a\nE{number}\n" for number in range(4000)),
    "long values": f"ENV A={'x' * 8000}\n"
    + "".join(f"ENV B{number}=$A\n" for number in range(9000)),
    "patterns for long values": f"ENV A={'x' * 3000}\n"
    + "".join(f"ENV B{number}=${{A/*y/}}\n" for number in range(9000)),
    "variables of many words": f'ENV A="{"x " * 4000}"\nRUN foo {"$A " * 3000}\n',
    "variables of globs": f'{MANY_DIRECTORIES}ENV A="{"/a/* " * 1600}"\nRUN foo {"$A " * 300}\n',
    "an exec form in a deep directory": f"WORKDIR {'/d' * 95}\n"
    + f"RUN {json.dumps(['touch', *'a' * 1000])}\n" * 25,
    "modes of many operations": f"{MANY_DIRECTORIES}RUN chmod -R {'+x' * 15_000} /a\n" * 5,
    "many stages, and a name of none": "".join(f"FROM a AS x{n}\n" for n in range(4500))
    + "FROM python:3.11\nWORKDIR /flywheel/v0\n"
    + "COPY --from=zz a b\n" * 4500,
    "a long link": f"RUN ln -s {'./' * 9000}. k\n" + f"RUN touch {'k/a ' * 4500}\n" * 20,
    "variables of many stages": f"ENV {' '.join(f'A{n}=b' for n in range(3000))}\n" * 4
    + "".join(f"FROM s{n} AS s{n + 1}\n" for n in range(1800)),
    "a long name and many homes": f"RUN {'a' * 9900}{'~' * 9900}\n" * 6,
    "a program behind many words": f"RUN env {'a= ' * 6000}b\n" * 40,
    "long globs": "".join(f"COPY {'[ab]' * 15_000}{n} /x/\n" for n in range(15)),
}


@pytest.mark.parametrize("lines", MODELLED.values(), ids=MODELLED)
def test_model_of_an_image_comes_to_an_end(lines: str, tmp_path: Path) -> None:
    write_gear(tmp_path)
    end = 'COPY run.py manifest.json ./\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n'
    assert_silent_in_time(tmp_path, AFTER_FROM + lines + end)


@pytest.mark.parametrize(
    "start", ["true && " * 2400 + "x", "$A " * 3000, "a;" * 9900 + "a", "a;" * 32_000 + "a"]
)
def test_long_entrypoint(start: str, tmp_path: Path) -> None:
    write_gear(tmp_path)
    variable = f'ENV A="{"x " * 4000}"\n'
    (tmp_path / "Dockerfile").write_text(f"{AFTER_FROM}{variable}ENTRYPOINT {start}\n")
    seconds, outcome = seconds_of_processor("check", tmp_path)
    assert (outcome.code, outcome.stderr[:7]) == (1, "Found 1")
    assert seconds < SECONDS


SHELL_LINES = ["a\n", "`a`\n", "./x && cp a b\n", "if a; then b; fi\n", "$(a);"]


@pytest.mark.parametrize(("scripts", "length"), [(1, limits.SHELL_CHARACTERS), (15, 40_000)])
@pytest.mark.parametrize("line", SHELL_LINES)
def test_long_shell_scripts(line: str, scripts: int, length: int, tmp_path: Path) -> None:
    write_gear(tmp_path, '"command": "./0.sh"')
    (tmp_path / "Dockerfile").write_text(f"{AFTER_FROM}COPY . .\nRUN chmod +x *.sh\nCMD ./0.sh\n")
    for number in range(scripts):
        start = f'#!/bin/bash\nx = 1\necho $x $names "$(dirname "$0")"\n./{number + 1}.sh\nname=2\n'
        body = line * ((length - len(start)) // len(line))
        (tmp_path / f"{number}.sh").write_text(start + body)
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert {"GL414", "GL416"} <= {one["code"] for one in outcome.findings}
    assert seconds < SECONDS


def test_script_of_many_evals(tmp_path: Path) -> None:
    write_gear(tmp_path, '"command": "./0.sh"')
    (tmp_path / "Dockerfile").write_text(f"{AFTER_FROM}COPY . .\nRUN chmod +x *.sh\nCMD ./0.sh\n")
    (tmp_path / "0.sh").write_text("#!/bin/bash\nname=2\necho $names\n" + "eval x\n" * 7000)
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert "GL416" in outcome.codes
    assert seconds < SECONDS


def test_many_variables_that_are_read_too_early(tmp_path: Path) -> None:
    write_gear(tmp_path)
    reads = "".join(f"    print(v{number})\n" for number in range(2000))
    values = "".join(f"    v{number} = 1\n" for number in range(2000))
    (tmp_path / "run.py").write_text(f"#!/usr/bin/env python3\ndef f():\n{reads}{values}f()\n")
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert outcome.codes.count("GL417") == 2000
    assert seconds < SECONDS


def test_no_more_shell_scripts_are_followed_than_can_be_read(
    tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_gear(tmp_path, '"command": "./0.sh"')
    (tmp_path / "Dockerfile").write_text(f"{AFTER_FROM}COPY . .\nRUN chmod +x *.sh\nCMD ./0.sh\n")
    for number in range(3):
        text = f"#!/bin/bash\nx = {number}\necho $x\n./{number + 1}.sh\n"
        (tmp_path / f"{number}.sh").write_text(text)
    for characters, scripts in ((2 * len(text), 2), (3 * len(text), 3)):
        monkeypatch.setattr(limits, "STARTED_SCRIPT_CHARACTERS", characters)
        found = check(tmp_path, "--select", "GL414").findings
        assert [Path(each["path"]).name for each in found] == [f"{n}.sh" for n in range(scripts)]


@pytest.mark.parametrize("directories", [95, 100_000])
def test_long_path_of_a_command(directories: int, tmp_path: Path) -> None:
    path = f"{'a:' * directories}/bin"
    command = " && ".join(["true"] * 200)
    write_gear(tmp_path, f'"command": "{command}", "environment": {{"PATH": "{path}"}}')
    seconds, outcome = seconds_of_processor("check", tmp_path)
    assert "internal error" not in outcome.stderr
    assert seconds < SECONDS


def dockerfile_with(lines: str) -> str:
    """The sound Dockerfile with these lines before its ENTRYPOINT."""
    return DOCKERFILE.replace("ENTRYPOINT", f"{lines}ENTRYPOINT")


def missing(names: Iterable[str]) -> str:
    """A Dockerfile that copies files of these names."""
    return dockerfile_with("".join(f"COPY {name} /x/\n" for name in names))


@pytest.mark.parametrize("name", ["m{}", "m{}/a/b/c/d"])
def test_thousands_of_missing_files(name: str, tmp_path: Path) -> None:
    write_gear(tmp_path)
    (tmp_path / "Dockerfile").write_text(missing(name.format(number) for number in range(2500)))
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert [one["code"] for one in outcome.findings] == ["GL310"] * 2500
    assert seconds < SECONDS


def test_thousands_of_missing_files_that_lie_deep(tmp_path: Path) -> None:
    write_gear(tmp_path)
    lines = missing(f"m/{number}/{'a/' * 80}x" for number in range(1200))
    (tmp_path / "Dockerfile").write_text(lines)
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert len(outcome.findings) > 500  # of the rest it would take too long to know
    assert seconds < SECONDS


def test_missing_file_deeper_than_any_is_unknown(tmp_path: Path) -> None:
    write_gear(tmp_path)
    assert_silent_in_time(tmp_path, missing([f"{'a/' * 25_000}x"]))


def test_missing_files_of_a_gear_that_lies_deep(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    directory = repository.gear(directory="/".join("d" * 200))
    (directory / "Dockerfile").write_text(missing(f"m{number}/x" for number in range(300)))
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert len(outcome.findings) == 300
    assert seconds < SECONDS


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".gitmodules", "".join(f"path=m{number}\n" for number in range(20_000))),
        ("Makefile", "m1 " * 150_000),
        (".gitignore", "".join(f"*{'m' * 120}b{number}\n" for number in range(700))),
    ],
)
def test_many_missing_files_and_what_may_make_them(name: str, text: str, tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.gear()
    repository.write(name, text)
    repository.write("Dockerfile", missing(f"{'m' * 200}{number}" for number in range(1500)))
    seconds, _ = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert seconds < SECONDS


IGNORED = {
    "names": "".join(f"a{number}\n" for number in range(14_000)),
    "globs": "".join(f"*a{number}\n" for number in range(13_000)),
    "directories": "".join(f"x*/a{number}\n" for number in range(11_000)),
    "much that might match": "".join(f"m*/a{number}*/m*\n" for number in range(6_000)),
    "what is taken back": "".join(f"!m*[{number}1]\n" for number in range(8_000)),
    "many stars": "".join(f"m*m*m*m*m*m*{number}*/m*\n" for number in range(4_000)),
}


@pytest.mark.parametrize("lines", IGNORED.values(), ids=IGNORED)
def test_long_gitignore_and_many_missing_files(lines: str, tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.gear(directory="gear")
    repository.write(".gitignore", lines)
    repository.write("gear/Dockerfile", missing(f"m{number}" for number in range(2_000)))
    seconds, _ = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert seconds < SECONDS


def test_long_gitignore_and_many_gears(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    globs = "".join(f"*a{number}\n" for number in range(500))
    repository.write(".gitignore", f"{globs}left-out*\n")
    for number in range(100):
        repository.gear(directory=f"gear-{number}")
    repository.gear(directory="left-out-too")
    seconds, outcome = seconds_of_processor("check", tmp_path, "--jobs", 1, "--select", "GL1")
    assert "in 100 gears" in outcome.stderr
    assert seconds < SECONDS


@pytest.mark.parametrize("line", ["x{0}/y\n", "**/x{0}/**/y\n", "x{0}/y\n!x{0}/z\n"])
def test_long_dockerignore_and_many_files(line: str, tmp_path: Path) -> None:
    write_gear(tmp_path)
    (tmp_path / "data").mkdir()
    for number in range(4_000):
        (tmp_path / "data" / f"{number}.txt").touch()
    (tmp_path / ".dockerignore").write_text("".join(line.format(n) for n in range(500)))
    (tmp_path / "Dockerfile").write_text(dockerfile_with("COPY . .\nRUN chmod -R 755 .\n"))
    seconds, outcome = seconds_of_processor("check", tmp_path)
    assert outcome.code == 0
    assert seconds < SECONDS


def test_long_dockerignore_and_many_sources_that_it_leaves_out(tmp_path: Path) -> None:
    write_gear(tmp_path)
    names = [f"xab{number}y" for number in range(400)]
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / ".dockerignore").write_text("".join(f"*ab{number}*\n" for number in range(3000)))
    (tmp_path / "Dockerfile").write_text(missing(names))
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert '(line 11: "*ab10*")' in outcome.findings[10]["message"]
    assert outcome.codes == ["GL311"] * 400
    assert seconds < SECONDS


@pytest.mark.parametrize("source", ["data/*.txt", "data", ".", "gone/*", "*/*"])
def test_directory_of_too_many_files_is_unknown(
    source: str, tmp_path: Path, check: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DIRECTORY_ENTRIES", 20)
    write_gear(tmp_path)
    (tmp_path / "data").mkdir()
    for number in range(21):
        (tmp_path / "data" / f"{number}.txt").touch()
    (tmp_path / ".dockerignore").write_text("data\n!data/1.txt\n")
    lines = f"COPY {source} ./d/\nRUN chmod -R +x d\n"
    (tmp_path / "Dockerfile").write_text(dockerfile_with(lines))
    outcome = check(tmp_path, "--select", "ALL", "--ignore", "GL6")
    assert (outcome.code, outcome.findings) == (0, [])


def test_many_wrong_values_in_one_line(tmp_path: Path) -> None:
    values = ",".join(f'"Ä{number}": {number}' for number in range(9_000))
    write_gear(tmp_path, f'"environment": {{{values}}}')
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert len(outcome.findings) == 9_000
    assert seconds < SECONDS


@pytest.mark.parametrize("member", ['"a": "0"', '"a": [0, 0]', f'"a": {"[" * 30 + "]" * 30}'])
def test_key_given_again_and_again(member: str, tmp_path: Path) -> None:
    write_gear(tmp_path, f'"environment": {{{", ".join([member] * 10_001)}}}')
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert [one["code"] for one in outcome.findings] == ["GL004"]
    assert seconds < SECONDS


@pytest.mark.parametrize("value", ["0,", "{},", "{},[[[0]]],"])
def test_long_manifest_that_is_not_json(value: str, tmp_path: Path) -> None:
    write_gear(tmp_path, f'"environment": [{value * (300_000 // len(value))}]')
    options = ("--output-format", "json", "--fix")
    seconds, outcome = seconds_of_processor("check", tmp_path, *options)
    assert [one["code"] for one in outcome.findings] == ["GL001", "GL004"]
    assert seconds < SECONDS


@pytest.mark.parametrize(
    "value",
    ['"' + "\t" * 900_000 + '"', '"' + "\\q" * 900_000 + '"', "#\n" * 450_000],
    ids=["tabs", "escapes", "comments"],
)
def test_manifest_of_many_mistakes(value: str, tmp_path: Path) -> None:
    write_gear(tmp_path, f'"environment": {value}')
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert [one["code"] for one in outcome.findings] == ["GL001"]
    assert seconds < SECONDS


@pytest.mark.parametrize(
    "text",
    [
        '{"a": ' + "a\n" * 30_000 + "}",
        "{" + '"a": 1\n' * 9_000 + "}",
        '{"a": "' + "\n" * 97_000 + '"}',
        '{"a": "' + "}" * 97_000 + '\n"b": 1}',
        '{"version": "' + '\\"' * 48_000,
        "<<<<<<< a\n" * 300_000,
        '"' * 97_000,
        " " * 1_500_000 + "x",
    ],
    ids=range(8),
)
def test_manifest_whose_mistakes_are_taken_apart(text: str, tmp_path: Path) -> None:
    write_gear(tmp_path)
    (tmp_path / "manifest.json").write_text(text)
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert {one["code"] for one in outcome.findings} == {"GL001"}
    assert seconds < SECONDS


def nested(keys: Iterable[str], value: object) -> Any:
    """The value as that of the last of the keys, each of them in an object of the one before."""
    for key in reversed([*keys]):
        value = {key: value}
    return value


def test_long_names_in_one_another(tmp_path: Path) -> None:
    options = {f"o{number}": {"type": "string"} for number in range(4_900)}
    keys = [key for number in range(7) for key in ("properties", "k" * 110_000 + str(number))]
    option = {"type": "string", "description": "x", **nested([*keys, "properties"], options)}
    write_gear(tmp_path, f'"config": {{"a": {json.dumps(option)}}}')
    seconds, outcome = seconds_of_processor("check", tmp_path)
    assert (outcome.code, outcome.stdout) == (0, "")
    assert seconds < SECONDS


@pytest.mark.parametrize("count", [8, 90])
def test_many_wrong_values_deep_down(count: int, tmp_path: Path) -> None:
    options = {f"o{number}": {"type": 5} for number in range(4_900)}
    option = {"type": "string", **nested([*["items"] * count, "properties"], options)}
    write_gear(tmp_path, f'"config": {{"a": {json.dumps(option)}}}')
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    codes = ["GL121", "GL123"]
    assert sorted({one["code"] for one in outcome.findings}) == ["GL004"] if count == 90 else codes
    assert seconds < SECONDS


def test_misspelt_fields_beside_many_wrong_values(tmp_path: Path) -> None:
    kept = ("environment", "inputs", "name")
    fields = [field for field in known_fields() if field not in kept]
    misspelt = {f"{field}{field[-1]}": "" for field in fields}
    members = {"environment": {f"A{number}": number for number in range(9_000)}, **misspelt}
    write_gear(tmp_path, json.dumps(members)[1:-1], without=(*fields, "environment"))
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert [one["code"] for one in outcome.findings].count("GL102") == len(fields) > 10
    assert seconds < SECONDS


@pytest.mark.parametrize("number", [limits.MISSPELT_KEYS - 3, 9_000])
def test_misspelt_keys_beside_many_others(number: int, tmp_path: Path) -> None:
    keys = ", ".join(f'"a key {each}": 1' for each in range(number))
    option = f'{{"type": "string", "descriptoin": "x", "defualt": "", {keys}}}'
    write_gear(tmp_path, f'"config": {{"a": {option}}}')
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert ("GL135" in outcome.codes) is (number < limits.MISSPELT_KEYS)
    assert seconds < SECONDS


@pytest.mark.parametrize(("count", "size"), [(9_000, 1), (9_000, 60_000)])
def test_path_that_is_set_again_and_again(count: int, size: int, tmp_path: Path) -> None:
    values = ",".join(f'"A{number}": "x"' for number in range(9_000))
    write_gear(tmp_path, f'"environment": {{{values}}}', without=("environment",))
    lines = (
        "ENV PATH=/conda/bin:/usr/bin\n" * (count - 1)
        + f"ENV PATH=/conda/bin:/{'x' * size}:/usr/bin\n"
    )
    (tmp_path / "Dockerfile").write_text(dockerfile_with(lines))
    options = ("--select", "GL315", "--output-format", "json")
    seconds, outcome = seconds_of_processor("check", tmp_path, *options)
    assert len(outcome.findings) == count
    assert outcome.findings[0]["fix"] is not None
    assert seconds < SECONDS


def test_keys_of_one_long_line_given_again_in_another(tmp_path: Path) -> None:
    text = "é" * 80
    values = ",".join(f'"{number}": "{text}"' for number in range(4_900))
    write_gear(tmp_path, f'"environment": {{{values},\n{values}}}', without=("environment",))
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert [one["code"] for one in outcome.findings] == ["GL003"] * 4_900
    assert seconds < SECONDS


PATTERNS = {
    "letters": lambda number: f"a{number}" * 1000,
    "groups": lambda number: f"(a|b{number})*" * 500,
    "sets": lambda number: f"[a-z{number}]+" * 500,
    "other cases": lambda number: f"(?i:[a-z{number}])" * 300,
}


@pytest.mark.parametrize("make", PATTERNS.values(), ids=PATTERNS)
def test_many_long_patterns(make: Callable[[int], str], tmp_path: Path) -> None:
    options = {
        f"o{n}": {"type": "string", "description": "x", "pattern": make(n), "default": "a" * 50}
        for n in range(150)
    }
    write_gear(tmp_path, f'"config": {json.dumps(options)}')
    seconds, outcome = seconds_of_processor("check", tmp_path)
    assert "internal error" not in outcome.stderr
    assert seconds < SECONDS


def test_many_spellings_of_one_gear_in_the_settings(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.gear(
        '"environment": {' + ",".join(f'"A{n}": "{n}"' for n in range(9_000)) + "}", "gear"
    )
    spellings = [f"{'./' * number}gear" for number in range(300)]
    spellings += [f"link-{number}" for number in range(190)]
    for number in range(190):
        (tmp_path / f"link-{number}").symlink_to("gear")
    repository.write("gearlint.toml", "[gears]\n" + "".join(f'"{s}" = ["*"]\n' for s in spellings))
    seconds, outcome = seconds_of_processor("check", "--changed-files", tmp_path / "run.py")
    assert "in 1 gear" in outcome.stderr
    assert seconds < SECONDS


def test_files_of_a_deep_context_that_are_ignored_all_but_one(tmp_path: Path) -> None:
    write_gear(tmp_path)
    deep = tmp_path / "/".join("d" * 95)
    deep.mkdir(parents=True)
    for number in range(2000):
        (deep / f"a{number}").touch()
    (deep / "z").touch()
    (tmp_path / ".dockerignore").write_text("*\n!run.py\n!manifest.json\n!**/z\n")
    assert_silent_in_time(tmp_path, dockerfile_with("COPY d ./d\nRUN chmod -R 755 .\n"))


def test_lines_of_a_dockerignore_that_undo_one_another(tmp_path: Path) -> None:
    write_gear(tmp_path)
    for directory in range(40):
        (tmp_path / "d" / f"{directory}").mkdir(parents=True)
        for number in range(100):
            (tmp_path / "d" / f"{directory}" / f"{number}").touch()
    (tmp_path / ".dockerignore").write_text("d\n!d\n" * 6000)
    assert_silent_in_time(tmp_path, dockerfile_with("COPY d ./d\nRUN chmod -R 755 .\n"))


def test_fixes_that_have_to_be_tried_on_much(tmp_path: Path) -> None:
    write_gear(tmp_path)
    (tmp_path / "s").mkdir()
    for number in range(1500):
        (tmp_path / "s" / f"{number}").touch()
    lines = f"COPY s /s\nRUN chmod +x a\nRUN chmod 755 {'/s/* ' * 60}\n"
    lines += "COPY run.py ./a\n" * 18 + "RUN chmod a-x a\n"
    (tmp_path / "Dockerfile").write_text(dockerfile_with(lines))
    seconds, outcome = seconds_of_processor("check", tmp_path, "--fix", "--unsafe-fixes")
    assert (outcome.code, "GL312" in outcome.stdout) == (1, True)
    assert seconds < SECONDS


def test_variables_of_many_findings_with_one_fix(tmp_path: Path) -> None:
    write_gear(tmp_path)
    lines = [" ".join(f"A{n}_{m}={'x' * 60}" for n in range(600)) for m in range(20)]
    text = dockerfile_with("".join(f"ENV {line}\n" for line in lines))
    (tmp_path / "Dockerfile").write_text(text)
    options = ("--select", "GL318", "--output-format", "json")
    seconds, outcome = seconds_of_processor("check", tmp_path, *options)
    assert len(outcome.findings) == 12_000
    assert 1 <= sum(one["fix"] is not None for one in outcome.findings) < 5
    assert seconds < SECONDS
    _, outcome = seconds_of_processor("check", tmp_path, *options, "--fix")
    assert outcome.findings == []


@pytest.mark.parametrize("lines", ["ENV {}\n", "ARG {}\n", 'RUN ["a", {}"b"]\n', "COPY {} /x/\n"])
def test_dockerfile_of_many_words(lines: str, tmp_path: Path) -> None:
    write_gear(tmp_path)
    words = ('"a=b", ' if "[" in lines else "a=b ") * 8_000
    (tmp_path / "Dockerfile").write_text(dockerfile_with(lines.format(words) * 5))
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert [one["code"] for one in outcome.findings] == ["GL007"]
    assert seconds < SECONDS


@pytest.mark.parametrize("lines", ["", "*\n!run.py\n!manifest.json\n!**/f\n"])
def test_context_that_is_deep(lines: str, tmp_path: Path) -> None:
    write_gear(tmp_path)
    deep = tmp_path / "/".join("d" * 500)
    deep.mkdir(parents=True)
    (deep / "f").touch()
    (tmp_path / ".dockerignore").write_text(lines)
    assert_silent_in_time(
        tmp_path,
        dockerfile_with("COPY . .\nRUN chmod -R 755 .\n"),
        "--select",
        "ALL",
        "--ignore",
        "GL6",
    )


@pytest.mark.parametrize("count", [40, 120])
def test_steps_that_come_too_early(count: int, tmp_path: Path) -> None:
    write_gear(tmp_path)
    names = [f"x{number}" for number in range(count)]
    for name in names:
        (tmp_path / name).touch()
    steps = "".join(f"RUN chmod +x {name}\n" for name in names)
    lines = f"{steps}COPY {' '.join(names)} ./\n"
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.replace("COPY", f"{lines}COPY", 1))
    options = ("--fix", "--unsafe-fixes", "--select", "GL312", "--output-format", "concise")
    seconds, outcome = seconds_of_processor("check", tmp_path, *options)
    assert outcome.stdout.count("GL312") == (0 if count == 40 else count)
    assert seconds < SECONDS


@pytest.mark.parametrize("arguments", [("--changed-files",), ()])
def test_many_files_of_one_gear(arguments: tuple[str, ...], tmp_path: Path) -> None:
    values = ",".join(f'"A{number}": "{number}"' for number in range(9_000))
    write_gear(tmp_path, f'"environment": {{{values}}}')
    files = [tmp_path / f"{number}.txt" for number in range(500)]
    for file in files:
        file.touch()
    again = [tmp_path / "manifest.json"] * 500
    seconds, outcome = seconds_of_processor("check", *arguments, *files, *again)
    assert (outcome.code, outcome.stderr) == (0, "No findings in 1 gear.\n")
    assert seconds < SECONDS


def changed_files(directory: Path, settings: str, below: str = "e") -> tuple[float, Outcome]:
    """Seconds and outcome for a thousand changed files with long names, beside one gear."""
    repository = Repository(directory)
    repository.gear(directory="gear")
    repository.write("gearlint.toml", settings)
    files = [directory / below / f"{'a' * 100}{number}.txt" for number in range(1000)]
    files[0].parent.mkdir(parents=True)
    for file in files:
        file.touch()
    return seconds_of_processor("check", "--changed-files", *files)


@pytest.mark.parametrize(
    ("line", "below"),
    [
        ("exclude = [{globs}]", "e"),
        ("exclude = [{globs}]", "e" + "/d" * 25),
        ('[gears]\n"gear" = [{globs}]', "e" + "/d" * 25),
        ("unversioned = [{globs}]", "e"),
    ],
)
def test_many_slow_globs_for_many_changed_files(line: str, below: str, tmp_path: Path) -> None:
    globs = ", ".join(f'"**/*a*a*a*[b]{number}/**"' for number in range(200))
    seconds, outcome = changed_files(tmp_path, line.format(globs=globs), below)
    assert outcome.code == 0
    assert seconds < SECONDS


def test_long_globs_for_many_long_directories(tmp_path: Path) -> None:
    letters = "a" * 120
    globs = ", ".join(f'"e/*{letters}b{number}"' for number in range(200))
    (tmp_path / "gearlint.toml").write_text(f"exclude = [{globs}]\n")
    for number in range(1200):
        (tmp_path / "e" / f"{'a' * 240}{number}").mkdir(parents=True)
    seconds, outcome = seconds_of_processor("check", tmp_path)
    assert (outcome.code, "take too long" in outcome.stderr) == (2, True)
    assert seconds < SECONDS


def test_many_names_of_a_gear_for_many_changed_files(tmp_path: Path) -> None:
    names = "".join(f'"{"./" * number}gear" = ["e/**"]\n' for number in range(90))
    seconds, outcome = changed_files(tmp_path, f"[gears]\n{names}")
    assert (outcome.code, outcome.stderr) == (0, "No findings in 1 gear.\n")
    assert seconds < SECONDS


def test_wrong_settings_for_many_changed_files(tmp_path: Path) -> None:
    globs = ", ".join(f'"{number}/*"' for number in range(10_000))
    seconds, outcome = changed_files(tmp_path, f"exclude = [{globs}]")
    assert (outcome.code, "holds too much" in outcome.stderr) == (2, True)
    assert seconds < SECONDS


DEEP_IGNORED = ["**/*a*a*a*a*a*a*a*b{}", "**a*[b]{}", "**/?a?a?*x{}/**/z", "**/a/**/a/**/b{}"]


@pytest.mark.parametrize("line", DEEP_IGNORED)
@pytest.mark.parametrize("is_deep", [True, False], ids=["deep", "wide"])
def test_slow_dockerignore_and_long_paths(line: str, is_deep: bool, tmp_path: Path) -> None:
    write_gear(tmp_path)
    directory = tmp_path / "s" / ("a" * 40 + "/") / ("/".join(["a" * 40] * 80) if is_deep else "")
    directory.mkdir(parents=True)
    for number in range(30 if is_deep else 2000):
        (directory / f"{'a' * 100}{number}").touch()
    lines = "".join(f"{line.format(number)}\n" for number in range(1500))
    (tmp_path / ".dockerignore").write_text(lines)
    (tmp_path / "Dockerfile").write_text(dockerfile_with("COPY s ./s\nRUN chmod -R 755 s\n"))
    seconds, _ = seconds_of_processor("check", tmp_path)
    assert seconds < SECONDS


@pytest.mark.parametrize(
    "lines",
    [
        "COPY s ./s\nRUN rm -rf s/*\n" * 500,
        "".join(f"COPY s/f*[{number % 10}-9]*.sh ./d{number}/\n" for number in range(3000)),
        "ADD s/* ./d/\n" * 500,
        "COPY s/* ./d/\n" * 500,
    ],
    ids=["removed", "globs", "added", "copied"],
)
def test_many_files_copied_again_and_again(lines: str, tmp_path: Path) -> None:
    write_gear(tmp_path)
    (tmp_path / "s").mkdir()
    for number in range(1500):
        (tmp_path / "s" / f"f{number}.sh").touch()
    (tmp_path / "Dockerfile").write_text(dockerfile_with(lines))
    seconds, outcome = seconds_of_processor("check", tmp_path)
    assert outcome.code == 0
    assert seconds < SECONDS


LONG = f"e/*{'a' * 120}b"


@pytest.mark.parametrize(
    ("lines", "ignored"),
    [
        ("".join(f"COPY {LONG}{number} x/\n" for number in range(150)), ""),
        (f"COPY e e\nRUN rm -f {' '.join(f'{LONG}{number}' for number in range(150))}\n", ""),
        ("COPY e e\n", "".join(f"{LONG}{number}\n" for number in range(700))),
    ],
    ids=["copied", "removed", "ignored"],
)
def test_long_globs_and_long_names(lines: str, ignored: str, tmp_path: Path) -> None:
    write_gear(tmp_path)
    (tmp_path / "e").mkdir()
    for number in range(1500):
        (tmp_path / "e" / f"{'a' * 240}{number}").touch()
    (tmp_path / ".dockerignore").write_text(ignored)
    assert_silent_in_time(tmp_path, dockerfile_with(lines))


@pytest.mark.parametrize(
    "last", ["RUN chmod -R 755 .\n", "RUN make\n", "RUN rm -f x/m x/n\n" * 900]
)
def test_a_directory_copied_to_many_places(last: str, tmp_path: Path) -> None:
    write_gear(tmp_path)
    for number in range(1500):
        (tmp_path / "s" / f"{number}").mkdir(parents=True)
    copies = "".join(f"COPY s ./d{number}\n" for number in range(600))
    assert_silent_in_time(tmp_path, dockerfile_with(f"COPY s/* x/\n{copies}{last}"))


@pytest.mark.parametrize("name", ["Dockerfile", "manifest.json", "gearlint.toml", "run.py"])
def test_link_through_more_links_than_anybody_follows(name: str, tmp_path: Path) -> None:
    write_gear(tmp_path)
    (tmp_path / name).unlink(missing_ok=True)
    for number in range(1200):
        (tmp_path / f"l{number}").symlink_to(f"l{number + 1}")
    (tmp_path / name).symlink_to("l0")
    outcome = seconds_of_processor("check", tmp_path)[1]
    assert outcome.code == (1 if name == "run.py" else 2)  # COPY takes a link that leads nowhere
    assert "internal error" not in outcome.stderr


def test_many_links_and_globs_in_the_directories_above(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    directory = tmp_path
    for number in range(60):
        directory = directory / f"{number}"
        directory.mkdir()
        for link in range(30):
            (directory / f"l{link}").symlink_to(".")
    gear = repository.gear(directory=str(directory.relative_to(tmp_path)))
    lines = missing(["zzz/y", *(f"*/*/*{number}a" for number in range(99))])
    (gear / "Dockerfile").write_text(lines)
    seconds, _ = seconds_of_processor("check", tmp_path)
    assert seconds < SECONDS


def test_many_selectors_for_many_findings(tmp_path: Path) -> None:
    selectors = ", ".join(['"GL3"'] * 200)
    globs = "".join(f'"{"*" * number}" = [{selectors}]\n' for number in range(1, 101))
    (tmp_path / "gearlint.toml").write_text(f"[per-file-ignores]\n{globs}")
    values = ",".join(f'"A{number}": {number}' for number in range(3_000))
    write_gear(tmp_path, f'"environment": {{{values}}}')
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert len(outcome.findings) == 3_000
    assert seconds < SECONDS


def test_many_suppressions_for_many_findings(tmp_path: Path) -> None:
    write_gear(tmp_path)
    lines = [" ".join(f"A{n}_{m}=b" for m in range(12)) for n in range(995)]
    comments = ["# gearlint: ignore[GL318]\n", *["# Ä\n"] * 4] * 199
    text = "".join(f"{comment}ENV {line}\n" for comment, line in zip(comments, lines, strict=True))
    (tmp_path / "Dockerfile").write_text(dockerfile_with(text))
    options = ("--select", "GL318,GL006", "--output-format", "json")
    seconds, outcome = seconds_of_processor("check", tmp_path, *options)
    assert [one["code"] for one in outcome.findings] == ["GL318"] * 12 * 4 * 199
    assert seconds < SECONDS


PARTS = ".".join("a" * 280)


@pytest.mark.parametrize(
    "text",
    [
        f"[{PARTS}]\n" + "".join(f"b{number}.{PARTS} = 1\n" for number in range(320)),
        f"[[ {PARTS} ]]\n" + "".join(f"b{number} = 1\n" for number in range(18_000)),
        "".join(f"'\u2028b{number}' . {PARTS} = 1\n" for number in range(320)),
        "".join(f'"\\"{number}".{PARTS} = 1\n' for number in range(320)),
    ],
)
def test_settings_with_long_keys(text: str, tmp_path: Path) -> None:
    write_gear(tmp_path)
    (tmp_path / "pyproject.toml").write_text(f"{text}[tool.gearlint]\n")
    seconds, outcome = seconds_of_processor("check", tmp_path)
    assert (outcome.code, "has a key of 28" in outcome.stderr) == (2, True)
    assert seconds < SECONDS


def test_settings_beside_lines_with_many_dots(tmp_path: Path) -> None:
    write_gear(tmp_path)
    versions = ", ".join(f'"a{number}>=1.2.3"' for number in range(90))
    text = f"c = '''\n{'.' * 80}\n{'and so on. ' * 80}\n'''"
    (tmp_path / "pyproject.toml").write_text(
        f"a = [{versions}]\nb = [\n  {versions},\n]\n'{PARTS}' = 1\n{text}\n"
        f"# {PARTS}\n{'.'.join('d' * 30)} = 1\n[tool.gearlint]\n"
    )
    _, outcome = seconds_of_processor("check", tmp_path)
    assert outcome.code == 0, outcome.stderr


@pytest.mark.parametrize(
    ("lines", "changes"),
    [
        ([f"a{number * 7919 % 101}" for number in range(40_000)], 2),
        ([f"{number % 7}" for number in range(10_000)], 100),
    ],
    ids=["repeated", "many changes"],
)
def test_difference_of_a_long_file(lines: list[str], changes: int, tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.gear()
    entry = '[[bump.files]]\npath = "x.txt"\nsearch = "{{version}} at {}."\n'
    repository.write("gearlint.toml", "".join(map(entry.format, range(changes))))
    changed = [f"1.0.0_2.0.0 at {number}." for number in range(changes)]
    step = len(lines) // (changes - 1)
    parts = [[line, *lines[at * step : (at + 1) * step]] for at, line in enumerate(changed)]
    before = "\n".join(["a", "b", "c", "d", *(line for part in parts for line in part), "e"])
    file = repository.write("x.txt", before)
    repository.commit()
    options = ("--gear", "--dry-run", tmp_path)
    seconds, outcome = seconds_of_processor("bump", *options)
    assert outcome.code == 0
    assert seconds < SECONDS
    patch = outcome.stdout[outcome.stdout.index("--- ") :].replace(f"{str(tmp_path)[1:]}/", "")
    (tmp_path / "patch").write_text(patch)
    repository.git("apply", "patch")
    assert file.read_text() == before.replace("1.0.0_2.0.0", "1.0.0_2.0.1")


def test_fixes_that_are_tried_in_many_rounds(tmp_path: Path) -> None:
    write_gear(tmp_path)
    names = [f"x{number}" for number in range(45)]
    for name in names:
        (tmp_path / name).touch()
    made = " ".join(f"q{number}" for number in range(2000))
    steps = "".join(f"RUN chmod +x {name}\n" for name in names)
    lines = f"RUN mkdir -p {made}\n{steps}COPY {' '.join(names)} ./\n"
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.replace("COPY", f"{lines}COPY", 1))
    options = ("--fix", "--unsafe-fixes", "--select", "GL312", "--output-format", "concise")
    seconds, outcome = seconds_of_processor("check", tmp_path, *options)
    assert 0 < outcome.stdout.count("GL312") < 45  # the others another time
    assert seconds < SECONDS


def test_many_wrong_paths(tmp_path: Path) -> None:
    write_gear(tmp_path)
    lines = f"RUN echo {'/flywheel/v0/inputs ' * 900}\n" * 50
    (tmp_path / "Dockerfile").write_text(dockerfile_with(lines))
    options = ("--select", "GL407", "--output-format", "json")
    seconds, outcome = seconds_of_processor("check", tmp_path, *options)
    assert len(outcome.findings) == 1
    assert seconds < SECONDS
    _, outcome = seconds_of_processor("check", tmp_path, *options, "--fix", "--unsafe-fixes")
    assert outcome.findings == []
    assert (tmp_path / "Dockerfile").read_text() == dockerfile_with(lines.replace("puts", "put"))


@pytest.mark.parametrize("text", ["{}", "print('''{}''')", "x = '''\n{}'''\n"])
def test_many_findings_of_a_script_to_ignore(text: str, tmp_path: Path) -> None:
    word = "flywheel"
    names = [
        word[:at] + letter + word[at + 1 :]
        for at in range(len(word))
        for letter in string.ascii_letters
        if letter != word[at]
    ]
    lines = "".join(f"print('/{name}/v0/x')\n" for name in names)
    gear_of(tmp_path, [text.format(lines)])
    (tmp_path / "gearlint.toml").touch()
    seconds, outcome = seconds_of_processor("check", tmp_path, "--add-ignores")
    assert f"Suppressed {len(names)} problems" in outcome.stderr
    assert seconds < SECONDS


def test_many_findings_of_a_dockerfile_to_ignore(tmp_path: Path) -> None:
    gear_of(tmp_path, [], copied="".join(f"ENV a{number}=b\n" for number in range(6000)))
    (tmp_path / "gearlint.toml").touch()
    options = ("--add-ignores", "--select", "GL318")
    seconds, outcome = seconds_of_processor("check", tmp_path, *options)
    assert "Suppressed 6000 problems" in outcome.stderr
    assert seconds < SECONDS


NAMES = [f"name_{number:04}" for number in range(2000)]


def gear_of(directory: Path, lines: Iterable[str], members: str = "", copied: str = "") -> None:
    """A gear whose script has these lines, and that copies more into its image."""
    write_gear(directory, members)
    (directory / "Dockerfile").write_text(dockerfile_with(copied))
    (directory / "run.py").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("line", ["import pk.nam{}", "from pk.inner import nam{}"])
def test_many_misspelt_imports(line: str, tmp_path: Path) -> None:
    lines = (line.format(name.removeprefix("name")) for name in NAMES)
    gear_of(tmp_path, lines, copied="COPY pk pk\n")
    (tmp_path / "pk").mkdir()
    for name in ("__init__", *NAMES):
        (tmp_path / "pk" / f"{name}.py").touch()
    (tmp_path / "pk" / "inner.py").write_text("".join(f"{name} = 1\n" for name in NAMES))
    options = ("--select", "GL411", "--output-format", "json")
    seconds, outcome = seconds_of_processor("check", tmp_path, *options)
    helps = {finding["help"] for finding in outcome.findings}
    assert len(outcome.findings) == len(NAMES)
    assert 'did you mean "name_0000"?' in helps
    assert len(helps) < len(NAMES)  # of the last ones none is looked for
    assert seconds < SECONDS


@pytest.mark.parametrize(
    ("line", "file"),
    [("from pk import {}", "pk/{}.py"), ("import other_{}", "{}/x.py")],
    ids=["one package", "many directories"],
)
def test_many_imports_beside_many_modules(line: str, file: str, tmp_path: Path) -> None:
    gear_of(tmp_path, map(line.format, NAMES[:1500]), copied="COPY . .\nRUN pip install six\n")
    for name in NAMES[:1500]:
        (tmp_path / file.format(name)).parent.mkdir(exist_ok=True)
        (tmp_path / file.format(name)).touch()
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    is_found = line.startswith("import")  # a directory's name is not the module that is in it
    assert outcome.codes == ["GL421"] * is_found * 1500
    assert seconds < SECONDS


@pytest.mark.parametrize("files", [900, 4000])
@pytest.mark.parametrize(
    ("begin", "line", "file"),
    [
        ("#!/usr/bin/env python3", "import zqwert{}", "name_qwert{}.py"),
        ("#!/bin/bash", "bash zq{}.sh", "name_{}.sh"),
    ],
    ids=["imported", "started"],
)
def test_many_names_of_what_is_not_there(
    begin: str, line: str, file: str, files: int, tmp_path: Path
) -> None:
    lines = (line.format(number) for number in range(2000))
    gear_of(tmp_path, [begin, *lines], '"command": "./run.py"', copied="COPY . .\n")
    for number in range(files):
        (tmp_path / file.format(number)).touch()
    seconds, outcome = seconds_of_processor("check", tmp_path, "--select", "GL411,GL412")
    assert outcome.code == 0, outcome.stdout
    assert seconds < SECONDS


@pytest.mark.parametrize(
    "line", ["exec ./a{} | cat |", "bash a{} >b 2>c 3>d;"], ids=["piped", "written"]
)
def test_many_started_files_that_are_not_there(line: str, tmp_path: Path) -> None:
    lines = (line.format(number) for number in range(450))
    gear_of(tmp_path, ["#!/bin/bash", f"{' '.join(lines)} cat"], '"command": "./run.py"')
    for number in range(450):
        (tmp_path / f"a{number}").touch()
    options = ("--select", "GL412", "--output-format", "json")
    seconds, outcome = seconds_of_processor("check", tmp_path, *options)
    assert len(outcome.findings) == 450
    assert seconds < SECONDS


@pytest.mark.parametrize(
    ("begin", "line", "command"),
    [
        (
            "import json\nconfig = json.load(open('/flywheel/v0/config.json'))['config']",
            "config['nam{}']",
            "python run.py",
        ),
        ("#!/bin/bash", "jq .config.nam{} config.json", "bash run.py"),
        ("#!/bin/bash", "echo $FW_CONFIG_nam{}", "bash run.py"),
        ("#!/bin/bash", "C{0}=config.json; jq .config.nam{0} $C{0}", "bash run.py"),
        ("#!/bin/bash", "f{0}() {{ jq .config.$1; }}; a=$(f{0} nam{0})", "bash run.py"),
    ],
    ids=["python", "jq", "variables", "files", "functions"],
)
def test_many_misspelt_options(begin: str, line: str, command: str, tmp_path: Path) -> None:
    option = '{"type": "integer", "default": 1, "description": "How many."}'
    options = ",".join(f'"{name}": {option}' for name in NAMES[:1000])
    members = f'"command": "{command}",\n"config": {{{options}}}'
    lines = (line.format(name.removeprefix("name")) for name in NAMES)
    gear_of(tmp_path, [begin, *lines], members)
    chosen = ("--select", "GL501", "--output-format", "json")
    seconds, outcome = seconds_of_processor("check", tmp_path, *chosen)
    helps = {finding["help"] for finding in outcome.findings}
    assert len(outcome.findings) >= 1000
    assert 1 < len(helps) < len(outcome.findings)
    assert 'did you mean "name_0000"?' in helps
    assert seconds < SECONDS


LONG_TEST = f"if {' or '.join(['os.sep'] * 4000)}:"


@pytest.mark.parametrize(
    ("begin", "line", "end"),
    [
        (LONG_TEST, "os.exists", ""),
        (LONG_TEST, "breakpoint()", ""),
        (LONG_TEST, "other.nowhere", ""),
        ("try:", "average(1)", f"except ({', '.join(NAMES)}): pass"),
    ],
    ids=["attributes", "breakpoints", "modules", "errors"],
)
def test_many_places_in_one_long_guard(begin: str, line: str, end: str, tmp_path: Path) -> None:
    before = "import os\nimport other\ndef average(): pass"
    gear_of(tmp_path, [before, begin, *[f"    {line}"] * 4000, end], copied="COPY other.py .\n")
    (tmp_path / "other.py").touch()
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert outcome.findings
    assert seconds < SECONDS


def test_variable_that_is_read_too_early_again_and_again(tmp_path: Path) -> None:
    lines = [*["    print(value)"] * 2000, *["    value = 1"] * 2000]
    gear_of(tmp_path, ["def f():", *lines, "f()"])
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert outcome.codes == ["GL417"]
    assert seconds < SECONDS


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("if config.get('a{0}'): config['b{0}']", "GL501"),
        ("if config.get('a{0}'): flywheel.Client().get('b')", "GL504"),
        ("if a{0}: config[key]", "GL501"),
    ],
    ids=["options", "client", "variables"],
)
def test_many_reads_beside_many_tests(line: str, code: str, tmp_path: Path) -> None:
    config = "json.load(open('/flywheel/v0/config.json'))['config']"
    begin = f"import json, flywheel\nconfig, key = {config}, 'threats'"
    gear_of(tmp_path, [begin, *(line.format(number) for number in range(2000))])
    options = ("--select", code, "--output-format", "json")
    seconds, outcome = seconds_of_processor("check", tmp_path, *options)
    assert outcome.findings
    assert seconds < SECONDS


def test_many_breakpoints_beside_many_files(tmp_path: Path) -> None:
    gear_of(tmp_path, ["breakpoint()"] * 2000)
    for number in range(200):
        (tmp_path / f"{number}.txt").write_text("text\n" * 1000)
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert outcome.codes == ["GL420"] * 2000
    assert seconds < SECONDS


@pytest.mark.parametrize(
    "lines",
    [
        f"def f({','.join(f'{name}=1' for name in NAMES[:1000])}):\n"
        + "".join(f"  config[{name}]\n" for name in NAMES[:1000])
        + "f()\n" * 4000,
        f"for key in [{'config.x,' * 4000}]:\n" + "  config[key] = 1\n" * 3000,
        "import argparse\nparser = argparse.ArgumentParser()\n"
        + "".join(f"parser.add_argument('--{name}', default='a')\n" for name in NAMES)
        + "given = parser.parse_args()\n"
        + "".join(f"config[given.{name}]\n" for name in NAMES),
    ],
    ids=["parameters", "stores", "arguments"],
)
def test_many_keys_that_are_handed_down(lines: str, tmp_path: Path) -> None:
    config = "json.load(open('/flywheel/v0/config.json'))['config']"
    gear_of(tmp_path, [f"import json\nconfig = {config}", lines, "config['threats']"])
    seconds, outcome = seconds_of_processor("check", tmp_path, "--select", "GL501")
    assert outcome.code == 0
    assert seconds < SECONDS


def test_many_modules_beside_a_long_lock(tmp_path: Path) -> None:
    lines = (f"import {name}" for name in NAMES[:500])
    gear_of(tmp_path, lines, copied="RUN pip install numpy\nCOPY poetry.lock .\n")
    for name in NAMES[:500]:
        (tmp_path / f"{name}.py").touch()
    lock = (f'[[package]]\nname = "package-{number}"\n' for number in range(8000))
    (tmp_path / "poetry.lock").write_text("".join(lock))
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert outcome.codes == ["GL411"] * 500
    assert seconds < SECONDS


@pytest.mark.parametrize("line", ["(def a", "x = = 1\n", "def f(:\n", "if a:\n  x = = 1\n", "(x "])
@pytest.mark.parametrize("characters", [limits.PARSO_CHARACTERS, limits.SCRIPT_BYTES])
def test_script_that_is_nothing_but_errors(tmp_path: Path, line: str, characters: int) -> None:
    write_gear(tmp_path)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.replace("python:3.11", "me/other:1"))
    (tmp_path / "run.py").write_text(line * (characters // len(line)))
    seconds, outcome = seconds_of_processor("check", tmp_path)
    assert outcome.code in (0, 1)
    assert seconds < 2
