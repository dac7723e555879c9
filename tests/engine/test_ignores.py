"""`check --add-ignores`: what is found now is suppressed, byte for byte beside it, and no more."""

import json
import tomllib
from pathlib import Path

import pytest

from gearlint.core.finding import Edit, applied
from gearlint.core.source import Source
from gearlint.engine.ignores import glob_of
from gearlint.engine.toml_ignores import with_ignores
from gearlint.gear.edits.comments import at_lines
from gearlint.gear.edits.manifest import ignoring
from gearlint.gear.manifest import Manifest
from gearlint.rules import RULES
from gearlint.rules.registry import Documentation
from tests.conftest import Run
from tests.repositories import Repository
from tests.rules.test_rules import FOUND
from tests.sound import DOCKERFILE, manifest_text, write_example, write_gear

PATH = ("custom", "gearlint", "ignore")


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, own_git_configuration: None) -> None:
    Repository(tmp_path)


# the manifest


MANIFESTS = [
    ('{"a": 1}', '{"a": 1, "custom": {"gearlint": {"ignore": ["GL1"]}}}'),
    ('{"custom": {}}', '{"custom": {"gearlint": {"ignore": ["GL1"]}}}'),
    (
        '{"custom": {"gearlint": {"ignore": []}}}',
        '{"custom": {"gearlint": {"ignore": ["GL1"]}}}',
    ),
    (
        '{"custom": {"gearlint": {"ignore": ["GL2"]}}}',
        '{"custom": {"gearlint": {"ignore": ["GL2", "GL1"]}}}',
    ),
    (
        '{"custom": {"gearlint": {"ignore": ["GL2","GL3"]}}}',
        '{"custom": {"gearlint": {"ignore": ["GL2","GL3","GL1"]}}}',
    ),
    (
        '{"custom": {"gearlint": {"ignore": ["GL2", "GL3","GL4"]}}}',
        '{"custom": {"gearlint": {"ignore": ["GL2", "GL3","GL4","GL1"]}}}',
    ),
    (
        '{\n  "a": 1,\n  "custom": {\n    "x": {}\n  }\n}\n',
        '{\n  "a": 1,\n  "custom": {\n    "x": {},\n    "gearlint": {"ignore": ["GL1"]}\n  }\n}\n',
    ),
    (
        '{\r\n\t"custom": {"gearlint": {"ignore": [\r\n\t\t"GL2"\r\n\t]}}\r\n}',
        '{\r\n\t"custom": {"gearlint": {"ignore": [\r\n\t\t"GL2",\r\n\t\t"GL1"\r\n\t]}}\r\n}',
    ),
    ('{"custom": 1}', None),
    ('{"custom": {"gearlint": []}}', None),
    ('{"custom": {"gearlint": {"ignore": "GL2"}}}', None),
    ("[]", None),
    ("{", None),
]


@pytest.mark.parametrize(("before", "after"), MANIFESTS)
def test_a_code_in_the_manifest(before: str, after: str | None) -> None:
    edit = ignoring(Manifest(Source("manifest.json", before.encode())), ["GL1"], PATH)
    made = None if edit is None else applied(before.encode(), [edit]).decode()
    assert made == after


# scripts


SCRIPTS = [
    ("a = 1\nb = 2\n", 2, "a = 1\n# gearlint: ignore[GL1] why\nb = 2\n"),
    ("if a:\n\tb = 2\n", 2, "if a:\n\t# gearlint: ignore[GL1] why\n\tb = 2\n"),
    ("a\r\nb\r\n", 2, "a\r\n# gearlint: ignore[GL1] why\r\nb\r\n"),
    ("a = 1", 1, "# gearlint: ignore[GL1] why\na = 1"),
    ("#!/usr/bin/python3\na\n", 2, "#!/usr/bin/python3\n# gearlint: ignore[GL1] why\na\n"),
    ("#!/usr/bin/python3\na\n", 1, None),
    ("a = '''\nb\n'''\n", 2, None),
    ("a = 1 + \\\n  2\nb\n", 2, "a = 1 + \\\n  2  # gearlint: ignore[GL1] why\nb\n"),
    ("a = 1\n# coding: x\nb = 1\n", 1, "a = 1  # gearlint: ignore[GL1] why\n# coding: x\nb = 1\n"),
    ("a = 1\nb = 1\n# coding: x\n", 3, "a = 1\nb = 1\n# gearlint: ignore[GL1] why\n# coding: x\n"),
    ("a = 1 \t", 1, "# gearlint: ignore[GL1] why\na = 1 \t"),
    ("a = (\n  1)\n", 2, "a = (\n  # gearlint: ignore[GL1] why\n  1)\n"),
    ("a = 1 # \\\nb\n", 2, "a = 1 # \\\n# gearlint: ignore[GL1] why\nb\n"),
    ("a = '''b\n'''", 2, "a = '''b\n'''  # gearlint: ignore[GL1] why"),
    ("def :\n", 1, None),
]


@pytest.mark.parametrize(("before", "line", "after"), SCRIPTS)
def test_a_comment_in_python(before: str, line: int, after: str | None) -> None:
    edits = at_lines(Source("run.py", before.encode()), {line: ["GL1"]}, "why")
    made = applied(before.encode(), list(edits.values())).decode() if edits else None
    assert made == after


def test_comments_in_all_lines_of_python() -> None:
    before = "a = 1\nb = f'''\n{a}\n'''\nc = (\n  1 + \\\n  2)\n"
    edits = at_lines(Source("run.py", before.encode()), dict.fromkeys(range(1, 8), ("GL1",)), "")
    assert applied(before.encode(), sorted(edits.values())).decode() == (
        "# gearlint: ignore[GL1]\na = 1\n# gearlint: ignore[GL1]\nb = f'''\n{a}\n"
        "'''  # gearlint: ignore[GL1]\n# gearlint: ignore[GL1]\nc = (\n"
        "  # gearlint: ignore[GL1]\n  1 + \\\n  2)  # gearlint: ignore[GL1]\n"
    )


SHELL = [
    ("#!/bin/bash\na\n", 2, "#!/bin/bash\n# gearlint: ignore[GL1]\na\n"),
    ("#!/bin/bash\nx='\na\n'\n", 3, None),
    ("#!/bin/bash\ncat <<X\na\nX\n", 3, None),
    ("#!/bin/bash\na \\\n  b\n", 3, None),
    ("#!/bin/bash\na |\n  b\n", 3, None),
    ("#!/bin/bash\na\n", 1, None),
    ("#!/bin/bash\na &&\n  b\n", 3, None),
    ("#!/bin/bash\na `\nb\n`\n", 3, None),
    ('#!/bin/bash\nx="\na\n"\n', 3, None),
    ("#!/bin/bash\nx='a'\n  b", 3, "#!/bin/bash\nx='a'\n  # gearlint: ignore[GL1]\n  b"),
    ("#!/bin/bash\r\na\r\n", 2, "#!/bin/bash\r\n# gearlint: ignore[GL1]\r\na\r\n"),
    ("a\n# coding: x\n", 2, None),
]


@pytest.mark.parametrize(("before", "line", "after"), SHELL)
def test_a_comment_in_shell(before: str, line: int, after: str | None) -> None:
    edits = at_lines(Source("run.sh", before.encode()), {line: ["GL1"]}, "")
    made = applied(before.encode(), list(edits.values())).decode() if edits else None
    assert made == after


# the settings


SETTINGS = [
    ("gearlint.toml", "", '[per-file-ignores]\n"/a b" = ["GL1"]\n'),
    (
        "gearlint.toml",
        'ignore = ["GL2"]',
        'ignore = ["GL2"]\n\n[per-file-ignores]\n"/a b" = ["GL1"]\n',
    ),
    (
        "pyproject.toml",
        "[tool.gearlint]\r\n",
        '[tool.gearlint]\r\n\r\n[tool.gearlint.per-file-ignores]\r\n"/a b" = ["GL1"]\r\n',
    ),
    (
        "gearlint.toml",
        '[per-file-ignores]  # c\nx = ["GL2"]\n[bump]\n',
        '[per-file-ignores]  # c\n"/a b" = ["GL1"]\nx = ["GL2"]\n[bump]\n',
    ),
    ("gearlint.toml", "[per-file-ignores]", '[per-file-ignores]\n"/a b" = ["GL1"]\n'),
    (
        "gearlint.toml",
        '[per-file-ignores]\n"/a b" = ["GL2", ] # c\n',
        '[per-file-ignores]\n"/a b" = ["GL2", "GL1", ] # c\n',
    ),
    (
        "gearlint.toml",
        '[per-file-ignores]\n"/a b" = []\n',
        '[per-file-ignores]\n"/a b" = ["GL1"]\n',
    ),
]


@pytest.mark.parametrize(("name", "before", "after"), SETTINGS)
def test_an_entry_of_the_settings(name: str, before: str, after: str) -> None:
    made = with_ignores(Source(name, before.encode()), {"/a b": ["GL1"]}, "").decode()
    assert tomllib.loads(made) == tomllib.loads(after)
    assert made == after


# (settings, settings with GL1 and GL2 for one file, GL3 for another, and the reason)
SEVERAL = [
    ("", '[per-file-ignores]\n# é\n"/a b" = ["GL1", "GL2"]\n"c/d" = ["GL3"]\n'),
    (
        '[per-file-ignores]\r\n"/a b" = ["GL9" ] # c\r\n',
        '[per-file-ignores]\r\n# é\r\n"c/d" = ["GL3"]\r\n"/a b" = ["GL9", "GL1", "GL2" ] # c\r\n',
    ),
    (
        '[per-file-ignores]\n"/a b" = []\n"c/d" = [  ]\n',
        '[per-file-ignores]\n"/a b" = ["GL1", "GL2"]\n"c/d" = ["GL3"  ]\n',
    ),
    (
        "ignore = []\r\n[per-file-ignores]",
        "ignore = []\r\n[per-file-ignores]\r\n# é\r\n"
        '"/a b" = ["GL1", "GL2"]\r\n"c/d" = ["GL3"]\r\n',
    ),
    (
        '\ufeffignore = []\nselect = ["GL1"]',
        '\ufeffignore = []\nselect = ["GL1"]\n\n'
        '[per-file-ignores]\n# é\n"/a b" = ["GL1", "GL2"]\n"c/d" = ["GL3"]\n',
    ),
]


@pytest.mark.parametrize(("before", "after"), SEVERAL)
def test_several_entries_of_the_settings(before: str, after: str) -> None:
    ignores = {"/a b": ["GL1", "GL2"], "c/d": ["GL3"]}
    made = with_ignores(Source("gearlint.toml", before.encode()), ignores, "é").decode()
    assert made == after


@pytest.mark.parametrize(
    "before",
    [
        "per-file-ignores = 5\n",
        'per-file-ignores.x = ["GL2"]\n',
        '[per-file-ignores]\n"/a b" = "GL2"\n',
        'per-file-ignores = {x = ["GL2"]}\n',
        '[per-file-ignores]\n"/a b" = [\n  "GL2"\n]\n',
        "[per-file-ignores\n",
    ],
)
def test_settings_of_another_layout_are_left_alone(before: str) -> None:
    with pytest.raises(Exception, match='by hand: "/a b" = \\["GL1"\\]'):
        with_ignores(Source("gearlint.toml", before.encode()), {"/a b": ["GL1"]}, "")


def test_a_glob_is_for_one_file_only(tmp_path: Path) -> None:
    assert glob_of(str(tmp_path / "manifest.json"), str(tmp_path)) == "/manifest.json"
    assert glob_of(str(tmp_path / "a[1]" / "b*"), str(tmp_path)) == "a[[]1]/b[*]"


# whole gears


def assert_baseline(run: Run, *options: str) -> None:
    """All that is found can be suppressed, and then nothing is found, and nothing is left to do."""
    added = run("check", "--add-ignores", *options)
    assert added.code == 0, added.stderr
    outcome = run("check", *options)
    assert (outcome.code, outcome.stdout) == (0, ""), outcome.stdout
    assert "Suppressed nothing" in run("check", "--add-ignores", *options).stderr


MEMBERS = sorted({str(row[0]) for row in FOUND})[::7]


@pytest.mark.parametrize("members", MEMBERS)
def test_baseline_of_a_manifest(run: Run, members: str) -> None:
    write_gear(Path("gear"), members)
    assert_baseline(run)


EXAMPLES = [
    (code, rule.documentation)
    for code, rule in sorted(RULES.items())
    if rule.default and code not in {"GL007", "GL205", "GL301", "GL604", "GL605"}
]


@pytest.mark.parametrize(("code", "page"), EXAMPLES, ids=[code for code, _ in EXAMPLES])
def test_baseline_of_each_bad_example(run: Run, code: str, page: Documentation) -> None:
    path = write_example(Path("gear"), code, page.file, page.bad)
    assert_baseline(run, str(path))


def test_taking_one_away_brings_exactly_that_finding_back(run: Run) -> None:
    path = write_gear(Path("gear"), '"label": "",\n"license": "GPL-3"')
    docker = path.parent / "Dockerfile"
    docker.write_text(DOCKERFILE.replace('["python", "/flywheel/v0/run.py"]', "python x.py"))
    before = {line.split(": ")[1] for line in shown(run)}
    assert len(before) >= 3
    assert run("check", "--add-ignores", "--reason", "as it was").code == 0
    assert shown(run) == []
    manifest = json.loads(path.read_text())
    ignored = manifest["custom"]["gearlint"]["ignore"]
    assert all(text.endswith(": as it was") for text in ignored)
    text = path.read_text()
    for each in ignored:
        rest = [json.dumps(other) for other in ignored if other != each]
        whole = ", ".join(json.dumps(other) for other in ignored)
        path.write_text(text.replace(whole, ", ".join(rest)))
        assert [line.split()[1] for line in shown(run)] == [each[:5]]
        path.write_text(text)
    with_comment = docker.read_text()
    lines = with_comment.splitlines(keepends=True)
    comments = [line for line in lines if "gearlint: ignore" in line]
    assert comments
    for comment in comments:
        assert comment.endswith("] as it was\n")
        docker.write_text(with_comment.replace(comment, ""))
        codes = comment[comment.index("[") + 1 : comment.index("]")].split(", ")
        assert sorted({line.split()[1] for line in shown(run)}) == sorted(codes)
    assert "".join(line for line in lines if line not in comments) == DOCKERFILE.replace(
        '["python", "/flywheel/v0/run.py"]', "python x.py"
    )


def shown(run: Run) -> list[str]:
    return run("check", "--output-format", "concise").stdout.splitlines()


def test_a_file_of_several_gears_is_suppressed_in_the_settings(run: Run) -> None:
    write_gear(Path("one"))
    Path("two").mkdir()
    Path("two/manifest.json").write_text(manifest_text('"command": "python other.py"'))
    Path("gearlint.toml").write_text("")
    Path("two/Dockerfile").symlink_to("../one/Dockerfile")
    docker = DOCKERFILE.replace("3.11", "3.11\nENTRYPOINT []")
    Path("one/Dockerfile").write_text(docker)
    assert run("check").code == 1
    assert_baseline(run)
    assert Path("one/Dockerfile").read_text() == docker


def test_a_manifest_that_is_not_json_is_suppressed_in_new_settings(run: Run) -> None:
    write_gear(Path("gear"))
    Path("gear/manifest.json").write_text('{"name": "x" "version": "1"}')
    assert_baseline(run)
    assert tomllib.loads(Path("gearlint.toml").read_text()) == {
        "per-file-ignores": {"gear/manifest.json": ["GL001"]}
    }


def test_a_suppression_that_suppresses_nothing_is_suppressed(run: Run) -> None:
    write_gear(
        Path("gear"),
        '"custom": {"gearlint": {"ignore": ["GL107"]}, "gear-builder": '
        '{"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}',
    )
    Path("gear/Dockerfile").write_text(DOCKERFILE + "# gearlint: ignore[GL307]\nENV A=1\n")
    assert_baseline(run)


def test_diff_shows_and_writes_nothing(run: Run) -> None:
    path = write_gear(Path("gear"), '"label": ""')
    before = path.read_bytes()
    outcome = run("check", "--add-ignores", "--diff")
    assert outcome.code == 1
    assert '"gearlint": {"ignore": ["GL108"]}' in outcome.stdout
    assert path.read_bytes() == before
    assert outcome.stderr == "Would suppress 1 problem in 1 gear.\n"


def test_a_file_that_cannot_be_written_is_an_error(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_gear(Path("gear"), '"label": ""')
    before = path.read_bytes()
    monkeypatch.setattr("os.access", lambda *_, **__: False)
    outcome = run("check", "--add-ignores")
    assert (outcome.code, path.read_bytes()) == (2, before)
    assert "no permission to write" in outcome.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--reason", "x"), "give both"),
        (("--add-ignores", "--reason", "a\nb"), "expected one line"),
        (("--add-ignores", "--reason", "a # b"), "expected one line"),
        (("--add-ignores", "--fix"), "two things"),
        (("--add-ignores", "--stdin-filename", "x", "-"), "changes files"),
    ],
)
def test_options_that_contradict_each_other(
    run: Run, options: tuple[str, ...], message: str
) -> None:
    path = write_gear(Path("gear"), '"label": ""')
    before = path.read_bytes()
    outcome = run("check", *options)
    assert (outcome.code, path.read_bytes()) == (2, before)
    assert message in outcome.stderr


def test_a_reason_stays_when_a_misspelt_code_is_corrected(run: Run) -> None:
    path = write_gear(
        Path("gear"),
        '"custom": {"gearlint": {"ignore": ["gl108: why"]}, '
        '"gear-builder": {"category": "analysis", '
        '"image": "me/my-gear:1.0.0_2.0.0"}},\n"label": ""',
    )
    assert run("check", "--fix").code == 0
    assert '["GL108: why"]' in path.read_text()


def test_exit_zero(run: Run) -> None:
    write_gear(Path("gear"), '"label": ""')
    assert run("check").code == 1
    outcome = run("check", "--exit-zero")
    assert (outcome.code, "GL108" in outcome.stdout) == (0, True)
    assert run("check", "--exit-zero", "absent").code == 2


def test_edits_are_of_one_file() -> None:
    edit = ignoring(Manifest(Source("m", b'{"a": 1}')), ["x", "y"], PATH)
    assert isinstance(edit, Edit)
    assert b'["x", "y"]' in edit.replacement
