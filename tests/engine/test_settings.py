"""Settings: where they are read from, what each does, how mistakes in them are reported."""

import json
import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

import gearlint
from gearlint.core.errors import GearlintError
from gearlint.engine.gears import SettingsFinder
from gearlint.engine.settings import Settings
from gearlint.rules import RULES
from tests.conftest import Run
from tests.sound import write_gear

BAD = '"version": "1.0.1_2.0.0"'
"""Members that give a gear exactly one finding, GL201."""

SCHEMA = Path(__file__).resolve().parents[2] / "schemas" / "config.schema.json"
ON_BY_DEFAULT = [code for code, rule in sorted(RULES.items()) if rule.default]

Codes = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> Path:
    """The temporary directory is a repository."""
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.fixture
def codes(check: Run) -> Codes:
    """The codes that `gearlint check gear` finds under the given settings and options."""

    def codes(toml: str = "", *options: str) -> list[str]:
        if toml:
            Path("gearlint.toml").write_text(toml, encoding="utf-8")
        outcome = check("gear", *options)
        assert outcome.code in (0, 1), outcome.stderr
        return outcome.codes

    return codes


def rules_that_run(run: Run, *options: str, toml: str = "") -> list[str]:
    Path("gearlint.toml").write_text(toml, encoding="utf-8")
    outcome = run("config", "--output-format", "json", *options)
    return list(json.loads(outcome.stdout)["rules"])


# Where settings are


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gearlint.toml", 'ignore = ["GL201"]\n'),
        ("pyproject.toml", '[tool.gearlint]\nignore = ["GL201"]\n'),
        ("pyproject.toml", '[project]\nname = "x"\n\n[tool]\ngearlint.ignore = ["GL201"]\n'),
        ("pyproject.toml", '\ufefftool = { gearlint = { ignore = ["GL201"] } }\r\n'),
    ],
)
@pytest.mark.parametrize("directory", [".", "gears", "gears/a"])
def test_settings_in_or_above_the_gear(check: Run, name: str, text: str, directory: str) -> None:
    write_gear(Path("gears/a"), BAD)
    assert check("gears/a").codes == ["GL201"]
    (Path(directory) / name).write_text(text, encoding="utf-8")
    for argument in (".", "gears/a", "gears/a/manifest.json"):
        assert check(argument).codes == []


def test_nearest_settings_count_alone(check: Run) -> None:
    write_gear(Path("a"), BAD)
    write_gear(Path("b"), BAD)
    Path("gearlint.toml").write_text('ignore = ["GL201"]\n')
    Path("b/pyproject.toml").write_text('[tool.gearlint]\nfail-on = "error"\n')
    outcome = check()
    assert [finding["path"] for finding in outcome.findings] == ["b/manifest.json"]


def test_settings_below_the_gear_do_not_count(check: Run) -> None:
    write_gear(Path("gear"), BAD)
    Path("gear/src").mkdir()
    Path("gear/src/gearlint.toml").write_text('ignore = ["GL201"]\n')
    assert check().codes == ["GL201"]


def test_each_gear_has_its_own_threshold(check: Run) -> None:
    write_gear(Path("a"), '"description": ""')
    write_gear(Path("b"))
    Path("a/gearlint.toml").write_text('fail-on = "error"\n')
    assert check().code == 0
    Path("a/gearlint.toml").write_text('fail-on = "info"\n')
    assert check().code == 1


@pytest.mark.parametrize("git", ["directory", "file"])
def test_settings_above_the_repository_root_do_not_count(check: Run, git: str) -> None:
    write_gear(Path("repository/gear"), BAD)
    Path("gearlint.toml").write_text('ignore = ["GL201"]\n')
    if git == "directory":
        Path("repository/.git").mkdir()
    else:  # a worktree or a submodule
        Path("repository/.git").write_text("gitdir: ../.git/worktrees/x\n")
    assert check("repository").codes == ["GL201"]


def test_repository_root_is_the_limit_through_a_link_too(check: Run, tmp_path: Path) -> None:
    write_gear(Path("repository/gear"), BAD)
    Path("repository/.git").mkdir()
    Path("links").mkdir()
    Path("links/link").symlink_to(tmp_path / "repository")
    Path("links/gearlint.toml").write_text('ignore = ["GL201"]\n')
    outcome = check("links/link/gear")
    assert outcome.codes == ["GL201"], outcome.stderr


def test_settings_above_the_gear_count_outside_of_any_repository_too(
    check: Run, tmp_path: Path
) -> None:
    (tmp_path / ".git").rmdir()
    write_gear(Path("project/gear"), BAD)
    Path("project/gearlint.toml").write_text('ignore = ["GL201"]\n')
    assert check("project/gear").codes == []


def test_gearlint_toml_comes_before_pyproject_in_one_directory(check: Run) -> None:
    write_gear(Path("gear"), BAD)
    Path("gearlint.toml").write_text("")
    Path("pyproject.toml").write_text('[tool.gearlint]\nignore = ["GL201"]\n')
    assert check().codes == ["GL201"]


@pytest.mark.parametrize(
    "text",
    ['[project]\nname = "gearlint"\n', "[tool.gearlint-not]\nselect = 1\n", "# gearlint\n", "",
     '[tool]\nother = "gearlint"\n', 'tool = "gearlint"\n', "tool = ['gearlint']\n"],
)  # fmt: skip
def test_pyproject_without_the_table_is_passed_over(check: Run, text: str) -> None:
    write_gear(Path("project/gear"), BAD)
    Path("project/pyproject.toml").write_text(text)
    Path("gearlint.toml").write_text('ignore = ["GL201"]\n')
    assert check().codes == []


def test_pyproject_of_others_need_not_be_toml(check: Run) -> None:
    write_gear(Path("gear"), BAD)
    Path("pyproject.toml").write_text("[[[\n")
    assert check().codes == ["GL201"]


def test_settings_linked_in_from_outside_of_the_repository_are_refused(
    check: Run, tmp_path: Path
) -> None:
    write_gear(Path("repository/gear"), BAD)
    Path("repository/.git").mkdir()
    Path("elsewhere.toml").write_text('ignore = ["GL201"]\n')
    Path("repository/gearlint.toml").symlink_to(tmp_path / "elsewhere.toml")
    outcome = check("repository")
    assert outcome.code == 2
    assert "leads out of the repository" in outcome.stderr


@pytest.mark.parametrize(("make", "reported"), [
    (Path.mkdir, "is a directory, expected a file"),
    (os.mkfifo, "is not a regular file"),
    (lambda path: path.symlink_to("gone.toml"), "which does not exist"),
])  # fmt: skip
def test_gearlint_toml_that_is_no_file_is_not_passed_over(
    make: Callable[[Path], None], reported: str, check: Run
) -> None:
    write_gear(Path("gear"), BAD)
    make(Path("gear/gearlint.toml"))
    outcome = check("gear")
    assert (outcome.code, outcome.codes) == (2, [])
    assert outcome.stderr.startswith("gearlint: gear/gearlint.toml: ")
    assert reported in outcome.stderr


def test_pyproject_that_is_no_file_has_no_settings(check: Run) -> None:
    write_gear(Path("gear"), BAD)
    Path("gear/pyproject.toml").mkdir()
    assert check("gear").codes == ["GL201"]


# What each setting does


def test_select(codes: Codes) -> None:
    write_gear(Path("gear"), BAD + ',\n"description": ""')
    assert sorted(codes()) == ["GL108", "GL201"]
    assert codes('select = ["GL2"]\n') == ["GL201"]
    assert codes('select = ["empty-field"]\n') == ["GL108"]
    assert codes("select = []\n") == []


def test_extend_select(codes: Codes) -> None:
    write_gear(Path("gear"), '"name": "other"')
    assert codes() == []
    assert codes('extend-select = ["GL211"]\n') == ["GL211"]
    assert codes('select = ["GL1"]\nextend-select = ["image-name-mismatch"]\n') == ["GL211"]


def test_ignore(codes: Codes) -> None:
    write_gear(Path("gear"), BAD)
    assert codes('ignore = ["GL201"]\n') == []
    assert codes('ignore = ["GL202"]\n') == ["GL201"]


@pytest.mark.parametrize(
    ("threshold", "members", "code"),
    [
        ("info", '"description": ""', 1),
        ("warning", '"description": ""', 1),
        ("error", '"description": ""', 0),
        ("error", BAD, 1),
    ],
)
def test_fail_on(check: Run, threshold: str, members: str, code: int) -> None:
    write_gear(Path("gear"), members)
    Path("gearlint.toml").write_text(f'fail-on = "{threshold}"\n')
    outcome = check()
    assert outcome.code == code
    assert outcome.findings


@pytest.mark.parametrize("rule", ["GL201", "image-tag-mismatch"])
def test_severity(rule: str, check: Run) -> None:
    write_gear(Path("gear"), BAD)
    Path("gearlint.toml").write_text(f'[severity]\n{rule} = "info"\n')
    outcome = check()
    assert outcome.code == 0
    assert [finding["severity"] for finding in outcome.findings] == ["info"]


@pytest.mark.parametrize(
    ("version_format", "version", "expected"),
    [
        (None, "1.0.0", ["GL204"]),
        ("gear", "1.0.0", []),
        ("gear", "1.0.0_v", []),
        ("software_gear", "1.0.0_2.0.0", []),
        ("software_gear", "1.0.0_2.0.0_inc1.0", []),
        ("software_gear", "main_2.0.0", ["GL203"]),
        (None, "main_2.0.0", []),
        ("gear_software", "1.0.0_main", ["GL203"]),
        ("gear_software", "1.0.0", ["GL204"]),
    ],
)
def test_version_format(
    codes: Codes, version_format: str | None, version: str, expected: list[str]
) -> None:
    image = f'{{"category": "analysis", "image": "me/my-gear:{version}"}}'
    write_gear(Path("gear"), f'"version": "{version}",\n"custom": {{"gear-builder": {image}}}')
    toml = f'version-format = "{version_format}"\n' if version_format else ""
    assert codes(toml, "--select", "GL203,GL204") == expected


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("a", ["b"]),
        ("a/manifest.json", ["b"]),
        ("*.json", []),
        ("manifest.json", []),
        ("b/*", ["a"]),
        ("gear", ["a", "b"]),
    ],
)
@pytest.mark.parametrize("selector", ["GL201", "GL", "image-tag-mismatch", "ALL"])
def test_per_file_ignores(check: Run, glob: str, expected: list[str], selector: str) -> None:
    write_gear(Path("a"), BAD)
    write_gear(Path("b"), BAD)
    Path("gearlint.toml").write_text(f"[per-file-ignores]\n'{glob}' = ['{selector}']\n")
    paths = [finding["path"] for finding in check().findings]
    assert paths == [f"{directory}/manifest.json" for directory in expected]


def test_per_file_ignores_start_from_the_settings_file(
    check: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_gear(Path("a/b"), BAD)
    Path("gearlint.toml").write_text("[per-file-ignores]\n'a/b/*' = ['GL201']\n")
    monkeypatch.chdir("a")
    assert check("b").codes == []


# exclude and gears: tests/engine/test_discovery.py


# Options of the command line


@pytest.mark.parametrize(
    ("toml", "options", "expected"),
    [
        ('select = ["GL1"]', ["--select", "GL201,GL202"], ["GL201", "GL202"]),
        ('ignore = ["GL201"]', ["--ignore", "GL2"], [c for c in ON_BY_DEFAULT if c[:3] != "GL2"]),
        ('ignore = ["GL201"]', ["--ignore", "GL202", "--select", "GL201"], ["GL201"]),
        ('select = ["GL001"]\nextend-select = ["GL201"]', ["--extend-select", "GL202"],
         ["GL001", "GL202"]),
        ('select = ["GL001"]', ["--extend-select", "GL202"], ["GL001", "GL202"]),
        ('ignore = ["GL201"]', ["--select", "GL201,GL202"], ["GL202"]),
    ],
)  # fmt: skip
def test_option_replaces_its_setting_and_no_other(
    run: Run, toml: str, options: list[str], expected: list[str]
) -> None:
    assert sorted(rules_that_run(run, *options, toml=toml + "\n")) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--select", "GL2", "--ignore", "GL201"],
         [code for code in sorted(RULES) if code.startswith("GL2") and code != "GL201"]),
        (["--select", "GL201", "--ignore", "GL2"], ["GL201"]),
        (["--select", "image-tag-mismatch", "--ignore", "GL2"], ["GL201"]),
        (["--select", "GL2", "--ignore", "image-tag-mismatch", "--extend-select", "GL001"],
         ["GL001", *(c for c in sorted(RULES) if c.startswith("GL2") and c != "GL201")]),
        (["--select", "GL201", "--ignore", "GL201"], []),
        (["--select", "GL201", "--ignore", "image-tag-mismatch"], []),
        (["--select", "ALL"], sorted(RULES)),
        (["--select", "GL"], sorted(RULES)),
        (["--ignore", "ALL"], []),
        (["--select", "ALL", "--ignore", "GL"], []),
        (["--select", "GL20", "--ignore", "ALL"],
         [code for code in sorted(RULES) if code.startswith("GL20")]),
        (["--ignore", "ALL", "--extend-select", "GL201, GL001"], ["GL001", "GL201"]),
        ([], ON_BY_DEFAULT),
        (["--extend-select", "GL115"], sorted([*ON_BY_DEFAULT, "GL115"])),
        (["--ignore", "GL1"], [code for code in ON_BY_DEFAULT if not code.startswith("GL1")]),
    ],
)  # fmt: skip
def test_closer_selector_wins_and_ignoring_wins_between_equals(
    run: Run, options: list[str], expected: list[str]
) -> None:
    chosen = rules_that_run(run, *options)
    assert sorted(chosen) == expected


def test_fail_on_of_the_command_line_replaces_the_setting(check: Run) -> None:
    write_gear(Path("gear"), '"description": ""')
    Path("gearlint.toml").write_text('fail-on = "error"\n')
    assert check().code == 0
    assert check("--fail-on", "warning").code == 1


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (["--select", "GL2O1"], '"GL2O1" names no rule: did you mean "GL2'),
        (["--ignore", "GL201,image-tag-mismach"], 'did you mean "image-tag-mismatch"?'),
        (["--extend-select", "al"], 'did you mean "ALL"?'),
        (["--fail-on", "fatal"], '"fatal" is not a severity, expected info, warning or error'),
    ],
)
def test_mistake_in_an_option_is_reported_with_a_near_word(
    run: Run, options: list[str], hint: str
) -> None:
    outcome = run("check", *options)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert hint in outcome.stderr


# Mistakes in a file

MISTAKES: list[tuple[str, int, str]] = [
    ('selct = ["GL1"]', 1, 'unknown setting "selct": did you mean "select"?'),
    ('ignore = []\n\nselect_all = true', 3, 'unknown setting "select_all"'),
    ('fail_on = "error"', 1, 'unknown setting "fail_on": did you mean "fail-on"?'),
    ('file = "x"', 1, 'unknown setting "file"'),
    ("given = []", 1, 'unknown setting "given"'),
    ('\n[tool.gearlint]\nselect = ["GL1"]', 2,
     'unknown setting "tool": leave out [tool.gearlint], which only pyproject.toml has'),
    ('[tool.ruff]\nselect = ["E"]', 1, 'unknown setting "tool"'),
    ("tool = 1", 1, 'unknown setting "tool"'),
    ('# select = []\nselect = ["GL9999"]', 2, '"GL9999" names no rule'),
    ('select = [\n  "GL1",\n  "GL2O1",\n]', 1, '"GL2O1" names no rule: did you mean "GL2'),
    ('extend-select = ["GL1"]\nselect = ["GL9"]', 2, '"GL9" names no rule'),
    ('[per-file-ignores]\n"a/*" = ["GL1"]\n"b/*" = ["GL9"]', 3, '"GL9" names no rule'),
    ('select = "GL201"', 1, 'select is the string "GL201", expected a list of strings'),
    ("ignore = [1]", 1, "ignore is a list, expected a list of strings"),
    ("exclude = true", 1, "exclude is true, expected a list of strings"),
    ("[select]\nGL201 = 1", 1, "select is a table, expected a list of strings"),
    ('fail-on = "eror"', 1,
     'fail-on is the string "eror", expected info, warning or error: did you mean "error"?'),
    ("fail-on = 2", 1, "fail-on is the number 2, expected info, warning or error"),
    ('version-format = "software-gear"', 1, 'did you mean "software_gear"?'),
    ("version-format = []", 1, "version-format is a list, expected"),
    ('severity = "error"', 1, 'severity is the string "error", expected a table'),
    ('[severity]\nGL204 = "Off"', 2,
     'is the string "Off", expected info, warning or error: ignore = ["GL204"] leaves it out'),
    ("[severity]\nimage-missing = false", 2, 'ignore = ["image-missing"] leaves it out'),
    ("[severity]\nGL204 = 0", 2, "GL204 is the number 0, expected info, warning or error"),
    ('[severity]\nGL201 = "info"\nGL2O2 = "info"', 3,
     'severity of "GL2O2", which is not the code or name of a rule: did you mean "GL202"?'),
    ('severity.gl202 = "info"', 1,
     'which is not the code or name of a rule: did you mean "GL202"?'),
    ('severity.image-tag-mismatsh = "info"', 1, 'did you mean "image-tag-mismatch"?'),
    ('severity.zzzz = "info"', 1, 'severity of "zzzz", which is not the code or name of a rule'),
    ('[severity]\nGL201 = "warn"', 2, 'did you mean "warning"?'),
    ("gears = []", 1, "gears is a list, expected a table"),
    ('[gears]\n"gears/a" = "common"', 2,
     'gears/a is the string "common", expected a list of strings'),
    ("per-file-ignores = []", 1, "per-file-ignores is a list, expected a table"),
    ('\n\n[severity]\n\n[sevrity]\nGL201 = "info"', 5,
     'unknown setting "sevrity": did you mean "severity"?'),
    ("tag-format = 1", 1, "tag-format is the number 1, expected a tag with {version} in it"),
    ('select = []\ntag-format = "v{versoin}"', 2,
     'tag-format is the string "v{versoin}", expected a tag with {version} in it'),
    ("changelog = []", 1, "changelog is a list, expected a path"),
    ('tag-format = "{name}"', 1,
     'tag-format is the string "{name}", expected {version} or {gear} in it'),
    ('tag-format = "{name}{version}-{gear}"', 1, "expected {version} or {gear} in it"),
    (f'tag-format = "{"x" * 200}{{version}}"', 1,
     "tag-format has 209 characters, expected at most 200"),
    (f"[bump]\nfiles = [{'{path = 1}, ' * 101}]", 2,
     "bump.files has 101 entries, expected at most 100"),
    ('bump = "x"', 1, 'bump is the string "x", expected a table'),
    ('[bump]\nfile = []', 2, 'unknown setting "bump.file": did you mean "files"?'),
    ('[bump]\nfiles = "x"', 2, 'bump.files is the string "x", expected a list of tables'),
    ("[bump]\nfiles = [1]", 2, "has the number 1 in it, expected tables, each with a path"),
    ('[bump]\nfiles = [{path = "x", serch = "y"}]', 2,
     'unknown setting "bump.files.serch": did you mean "search"?'),
    ("[bump]\nfiles = [{path = 1}]", 2, "bump.files.path is the number 1, expected a text"),
    ('[bump]\nfiles = [{path = ""}]', 2, 'bump.files.path is the string "", expected a text'),
    ('[bump]\nfiles = [{path = "x", search = "{versoin}"}]', 2,
     "bump.files.search has {versoin}, expected {version}, {software}, {gear}, {name} or {date}"),
    ('[bump]\nfiles = [{search = "x"}]', 2, "bump.files has an entry without a path"),
    ('[bump]\nfiles = [{path = "x.toml", key = "a", search = "x"}]', 2, "has both key and search"),
    ('[bump]\nfiles = [{path = "x.toml", key = "a", replace = "x"}]', 2, "both key and replace"),
    ('[bump]\nfiles = [{path = "x.toml", value = "x"}]', 2, "bump.files has value without key"),
    ('[bump]\nfiles = [{path = "x.txt", key = "a"}]', 2, "expected a path to TOML or JSON"),
    ('[bump]\nfiles = [{path = "x.toml", key = ""}]', 2, "bump.files.key is the string"),
    # What is too long, or too much.
    (f"\n{'a.' * 30}b = 1", 2, "has a key of 31 parts, expected at most 30"),
    (f"\n{'a.' * 29}b = 1", 2, 'unknown setting "a"'),
    (f'"{"a." * 40}" = 1', 1, "unknown setting"),
    (f"\nexclude = ['{'.' * 301}']", 2, "has 301 dots in one line, expected at most 300"),
    (f"exclude = {['a'] * 201}", 1,
     '"exclude" holds too much, expected at most 200 strings of 300 characters'),
    (f"exclude = ['{'a' * 301}']", 1, '"exclude" holds too much, expected at most 200 strings'),
    (f"context = '{'a' * 4097}'", 1, "expected a path"),
    # The key is also somewhere else above.
    ("exclude = ['selct = 1', 'x.selct.y']\nselct = []", 2, 'unknown setting "selct"'),
    ('exclude = ["""\nselct = []\n[selct]\n""", \'\'\'\nselct = []\n\'\'\']\nselct = []', 7,
     'unknown setting "selct"'),
    ("# selct = []\nexclude = [  # ] selct\n# selct = []\n]\nselct = []", 5,
     'unknown setting "selct"'),
    ("gears = { ignore = [] }\nignore = [1]", 2, "ignore is a list"),
    ("select = [\n  'GL1',\n]\nignore = ['GL9']", 4, '"GL9" names no rule'),
    ("[gears]\nGL2O2 = []\n[severity]\nGL2O2 = 'info'", 4, 'severity of "GL2O2"'),
    ("severity.GL201 = 'info'\n'severity' . GL2O2 = 'info'", 2, 'severity of "GL2O2"'),
    ('[severity]\nGL201 = "info"\n"GL2\\u004f2" = "info"', 3, 'severity of "GL2O2"'),
    ("per-file-ignores = { 'a=[{' = ['GL1'], b = ['GL9'] }", 1, '"GL9" names no rule'),
    # An entry is reported by its own line.
    ("[[bump.files]]\npath = 'x'\n[[bump.files]]\nsearch = 'x'", 3, "an entry without a path"),
    ("[[bump.files]]\npath = 'x'\n[[bump.files]]\npath = ''", 4, "bump.files.path is"),
    ("[bump]\nfiles = [\n  { path = 'x' },\n  { path = '' },\n]", 4, "bump.files.path is"),
    ("[bump]\nfiles = [\n  { path = 'path' },\n  { search = 'x' },\n]", 4, "without a path"),
]  # fmt: skip


@pytest.mark.parametrize(("toml", "line", "message"), MISTAKES)
@pytest.mark.parametrize("name", ["gearlint.toml", "pyproject.toml"])
def test_mistake_is_reported_with_file_and_line(
    check: Run, name: str, toml: str, line: int, message: str
) -> None:
    write_gear(Path("project/gear"), BAD)
    if name == "pyproject.toml":
        before = '[project]\nname = "x"  # gearlint\nselect = "x"\n\n[tool.gearlint]\n'
        toml = before + re.sub(r"(?m)^(\[+)(?=\w)", r"\1tool.gearlint.", toml)
        line += before.count("\n")
    Path("project", name).write_text(toml + "\n")
    outcome = check("project")
    assert outcome.code == 2
    reported = outcome.stderr.splitlines()[0]
    assert reported.startswith(f"gearlint: project/{name}:{line}: ")
    assert message in reported


@pytest.mark.parametrize("toml", ["gearlint = 1", "gearlint = []", 'gearlint = "x"'])
def test_tool_gearlint_that_is_no_table(check: Run, toml: str) -> None:
    write_gear(Path("gear"))
    Path("pyproject.toml").write_text(f"[tool]\n{toml}\n")
    outcome = check()
    assert outcome.code == 2
    assert outcome.stderr.startswith("gearlint: pyproject.toml:2: tool.gearlint is ")


def test_hidden_file_that_is_not_read(check: Run) -> None:
    write_gear(Path("gear"))
    Path(".gearlint.toml").write_text("fail-on = 'error'\n")
    outcome = check("gear")
    assert outcome.code == 2
    expected = "gearlint: .gearlint.toml: is not read: rename it to gearlint.toml\n"
    assert outcome.stderr.startswith(expected)
    Path("gearlint.toml").write_text("fail-on = 'error'\n")
    assert check("gear").code == 0


def test_table_of_pyproject_that_nothing_reads(check: Run) -> None:
    write_gear(Path("gear"))
    Path("pyproject.toml").write_text("[project]\n\n[gearlint.severity]\nGL204 = 'error'\n")
    outcome = check()
    assert outcome.code == 2
    assert outcome.stderr == (
        "gearlint: pyproject.toml:3: nothing reads [gearlint]: write [tool.gearlint]\n"
    )


@pytest.mark.parametrize(
    "toml",
    ['tool = "gearlint"', "[tool.other]\nuses = 'gearlint'", 'gearlint = "x"',
     "[gearlint]\n[tool.gearlint]"],
)  # fmt: skip
def test_pyproject_without_a_table_has_no_settings(check: Run, toml: str) -> None:
    write_gear(Path("gear"))
    Path("pyproject.toml").write_text(toml + "\n")
    assert check().code == 0


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"select = [\n", "gearlint.toml:2: is not TOML: "),
        (b'a = 1\nselect = ["GL1"\nignore = []\n', "gearlint.toml:3: is not TOML: "),
        (b"select = []\nselect = []\n", "gearlint.toml:2: is not TOML: "),
        (b'select = ["\xff"]\n', "is not UTF-8"),
        (b"\0", "is not TOML"),
        ('select = ["GL1"]\n'.encode("utf-16"), "is not UTF-8"),
    ],
)
def test_file_that_is_no_toml_is_reported_in_one_line(
    check: Run, data: bytes, message: str
) -> None:
    write_gear(Path("gear"))
    Path("gearlint.toml").write_bytes(data)
    outcome = check()
    assert outcome.code == 2
    lines = outcome.stderr.splitlines()
    assert len(lines) == 1
    assert message in lines[0]


def test_other_gears_are_checked_where_the_settings_of_one_are_wrong(check: Run) -> None:
    write_gear(Path("a"), BAD)
    write_gear(Path("b"), BAD)
    Path("a/gearlint.toml").write_text("selct = 1\n")
    outcome = check()
    assert outcome.code == 2
    assert [finding["path"] for finding in outcome.findings] == ["b/manifest.json"]
    assert "a/gearlint.toml:1: unknown setting" in outcome.stderr
    assert "in 1 gear; 1 gear could not be checked." in outcome.stderr


# A Dockerfile that is set


@pytest.mark.parametrize("way", [("check",), ("check", "--fix"), ("check", "--diff")])
def test_dockerfile_that_is_not_where_the_settings_say(run: Run, way: tuple[str, ...]) -> None:
    write_gear(Path("gears/a"))
    Path("gears/a/docker").mkdir()
    Path("gears/a/Dockerfile").rename("gears/a/docker/Dockerfile")
    text = 'dockerfile = "docker/Dockerfile"\n'
    Path("gearlint.toml").write_text(text)
    said = 'dockerfile "docker/Dockerfile" does not exist (it is relative to'
    assert run(*way).stderr.splitlines()[0] == f"gearlint: gearlint.toml: {said} this file)"
    Path("gearlint.toml").rename("gears/a/gearlint.toml")
    assert run(*way).code == 0
    outcome = run(*way, "--config", "gears/a/gearlint.toml")
    first = outcome.stderr.splitlines()[0]
    assert first == f"gearlint: gears/a/gearlint.toml: {said} the current directory)"


def test_dockerfile_that_is_set_and_cannot_be_read(run: Run) -> None:
    write_gear(Path("a"))
    Path("gearlint.toml").write_text('dockerfile = "a"\n')
    assert run("check").stderr.startswith("gearlint: a: is a directory, expected a file\n")
    Path("link").symlink_to("gone")
    Path("gearlint.toml").write_text('dockerfile = "link"\n')
    assert run("check").stderr.startswith("gearlint: link: links to ")


def test_dockerfile_that_is_set_by_a_caller(run: Run) -> None:
    write_gear(Path("a"))
    said = 'settings: dockerfile "gone" does not exist (it is relative to the current directory)'
    with pytest.raises(GearlintError, match=re.escape(said)):
        gearlint.check(["a"], settings={"dockerfile": "gone"})


# gearlint config


def test_config_says_what_is_in_force_and_where_from(run: Run) -> None:
    Path("gear").mkdir()
    Path("pyproject.toml").write_text(
        '[tool.gearlint]\nselect = ["GL201", "GL115"]\nignore = ["GL202"]\nfail-on = "info"\n'
        '[tool.gearlint.severity]\nGL201 = "warning"\n'
    )
    outcome = run("config", "gear", "--fail-on", "error", "--ignore", "GL203")
    assert outcome.code == 0
    lines = outcome.stdout.splitlines()
    assert [lines[0], lines[-1]] == [
        "# settings file: pyproject.toml",
        "# rules that run: GL115 GL201",
    ]
    assert set(lines) >= {
        'select = ["GL201", "GL115"]  # pyproject.toml',
        "extend-select = []  # default",
        'ignore = ["GL203"]  # --ignore',
        'fail-on = "error"  # --fail-on',
        'severity = {"GL201" = "warning"}  # pyproject.toml',
        "# version-format: not set  # default",
        "exclude = []  # default",
        "gears = {}  # default",
        "per-file-ignores = {}  # default",
    }


def test_config_as_json(run: Run) -> None:
    Path("gearlint.toml").write_text('select = ["GL201"]\nversion-format = "gear"\n')
    document = json.loads(run("config", "--output-format", "json", "--fail-on", "info").stdout)
    assert document["file"] == "gearlint.toml"
    assert document["rules"] == ["GL201"]
    assert document["settings"]["select"] == {"value": ["GL201"], "from": "gearlint.toml"}
    assert document["settings"]["version-format"] == {"value": "gear", "from": "gearlint.toml"}
    assert document["settings"]["fail-on"] == {"value": "info", "from": "--fail-on"}
    assert document["settings"]["severity"] == {"value": {}, "from": "default"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), {"value": "error", "from": "GEARLINT_FAIL_ON"}),
        (("--fail-on", "error"), {"value": "error", "from": "--fail-on"}),
    ],
)
def test_config_names_the_variable_of_the_environment(
    arguments: tuple[str, ...],
    expected: dict[str, str],
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GEARLINT_FAIL_ON", "error")
    document = json.loads(run("config", "--output-format", "json", *arguments).stdout)
    assert document["settings"]["fail-on"] == expected


def test_config_without_any_settings(run: Run) -> None:
    document = json.loads(run("config", "--output-format", "json").stdout)
    assert document["file"] is None
    assert {setting["from"] for setting in document["settings"].values()} == {"default"}
    assert sorted(document["rules"]) == ON_BY_DEFAULT
    assert run("config").stdout.startswith("# settings file: none\n# select: not set  # default\n")


def test_config_prints_what_a_settings_file_may_have(run: Run) -> None:
    Path("gearlint.toml").write_text(
        r"""
        ignore = ["GL2"]
        exclude = ["a \"b\" \\ 'c' # é", "\u007f \t \U000e0001"]
        severity = {GL123 = "error"}
        dockerfile = "docker/Dockerfile"
        tag-format = "{name}/{version}"
        gears = {"gear/qc/a=b" = ["common", "gear"], "" = []}
        per-file-ignores = {'x "y"' = ["GL1"]}
        [[bump.files]]
        path = "pyproject.toml"
        search = 'version = "{gear}"'
        [[bump.files]]
        path = "package.json"
        key = "meta.version"
        """,
        encoding="utf-8",
    )
    said = run("config").stdout
    told = run("config", "--output-format", "json").stdout
    assert 'bump = {"files" = [{"path" = "pyproject.toml", "search" = ' in said
    Path("gearlint.toml").write_text(said, encoding="utf-8")
    again = json.loads(run("config", "--output-format", "json").stdout)
    values = {key: each["value"] for key, each in json.loads(told)["settings"].items()}
    assert {key: each["value"] for key, each in again["settings"].items()} == values


def test_config_takes_the_settings_nearest_to_the_path(run: Run) -> None:
    write_gear(Path("a/gear"))
    Path("gearlint.toml").write_text("")
    Path("a/gearlint.toml").write_text("")
    for path in ("a", "a/gear", "a/gear/manifest.json"):
        assert run("config", path).stdout.startswith("# settings file: a/gearlint.toml\n")
    assert run("config").stdout.startswith("# settings file: gearlint.toml\n")


def test_config_tells_a_mistake_as_check_does(run: Run) -> None:
    Path("gearlint.toml").write_text("selct = 1\n")
    outcome = run("config")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == (
        'gearlint: gearlint.toml:1: unknown setting "selct": did you mean "select"?\n'
    )


# Suppressions in the manifest


def suppressing(*ignored: str, rest: str = BAD) -> str:
    """Members with a suppression of the given codes in the manifest."""
    builder = '{"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}'
    ignore = json.dumps(list(ignored))
    custom = f'"custom": {{"gearlint": {{"ignore": {ignore}}}, "gear-builder": {builder}}}'
    return custom + (f",\n{rest}" if rest else "")


def test_suppression_holds_back_the_findings_of_its_code(codes: Codes) -> None:
    write_gear(Path("gear"), suppressing("GL201"))
    assert codes() == []


def test_suppression_of_one_code_leaves_the_others(codes: Codes) -> None:
    write_gear(Path("gear"), suppressing("GL201", rest=BAD + ',\n"description": ""'))
    assert codes() == ["GL108"]


def test_suppression_that_suppresses_nothing(check: Run) -> None:
    write_gear(Path("gear"), suppressing("GL134", "GL201"))
    (finding,) = check().findings
    assert finding["code"] == "GL006"
    assert finding["message"] == "suppression of GL134 suppresses nothing"
    line = Path("gear/manifest.json").read_text().splitlines()[finding["line"] - 1]
    assert line[finding["column"] - 1 : finding["end_column"] - 1] == '"GL134"'


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("GL2O1", 'did you mean "GL2'),
        ("image-tag-mismatch", 'write the code, "GL201"'),
        ("gl201", 'write the code, "GL201"'),
        ("image-tag-mismach", 'did you mean "GL201" (image-tag-mismatch)?'),
        ("GL2", 'a suppression names one rule by its whole code, as "GL201"'),
        ("ALL", "a suppression names one rule by its whole code"),
        ("", "remove it: there is no such rule"),
        ("GL999", "remove it: there is no such rule"),
    ],
)
def test_suppression_of_what_is_no_code(check: Run, code: str, hint: str | None) -> None:
    write_gear(Path("gear"), suppressing(code))
    found = check().findings
    assert sorted(finding["code"] for finding in found) == ["GL006", "GL201"]
    (reported,) = (finding for finding in found if finding["code"] == "GL006")
    assert reported["message"] == f'suppression of "{code}", which is not the code of a rule'
    if hint:
        assert reported["help"].startswith(hint)


@pytest.mark.parametrize("code", ["gl201", "image-tag-mismatch"])
def test_fixing_corrects_a_suppression_and_leaves_what_it_is_meant_for(
    code: str, check: Run
) -> None:
    write_gear(Path("gear"), suppressing(code))
    before = Path("gear/manifest.json").read_text()
    assert check("--fix").findings == []
    assert Path("gear/manifest.json").read_text() == before.replace(code, "GL201")


@pytest.mark.parametrize(
    "options", [["--ignore", "GL134"], ["--select", "GL006"], ["--select", "GL0,GL201"]]
)
def test_suppression_of_a_rule_that_does_not_run_is_not_judged(
    codes: Codes, options: list[str]
) -> None:
    write_gear(Path("gear"), suppressing("GL134", "GL115", rest=""))
    assert codes("", *options) == []


def test_unused_suppressions_need_not_be_reported(codes: Codes) -> None:
    write_gear(Path("gear"), suppressing("GL134", rest=""))
    assert codes() == ["GL006"]
    assert codes('ignore = ["GL006"]\n') == []


def test_suppression_that_per_file_ignores_make_needless_is_used_all_the_same(
    codes: Codes,
) -> None:
    write_gear(Path("gear"), suppressing("GL201"))
    assert codes("[per-file-ignores]\n'gear' = ['GL201']\n") == []


@pytest.mark.parametrize(
    ("ours", "message", "codes"),
    [
        (
            '{"ignore": "gl201"}',
            '.ignore is the string "gl201", expected a list of codes',
            '"GL201"',
        ),
        ('{"ignore": {}}', ".ignore is an object, expected a list of codes", '"GL134"'),
        ('{"ignore": 201}', ".ignore is the number 201, expected a list of codes", '"GL134"'),
        (
            '{"ignore": [201]}',
            ".ignore has the number 201 in it, expected codes of rules",
            '"GL134"',
        ),
        ('{"x": ["GL201: x", "GL109"]}', ' has the key "x", expected "ignore"', '"GL201", "GL109"'),
        ('{"ignore": [], "y": "x"}', ' has the key "y", expected "ignore"', '"GL134"'),
        ('["GL201"]', " is an array, expected an object with a list of codes", '"GL201"'),
        ('{"ignore": null}', None, None),
        ('{"ignore": []}', None, None),
        ("{}", None, None),
    ],
)
def test_suppression_in_another_form_suppresses_nothing(
    check: Run, ours: str, message: str | None, codes: str | None
) -> None:
    builder = '{"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}'
    custom = f'"custom": {{"gearlint": {ours}, "gear-builder": {builder}}}'
    write_gear(Path("gear"), f"{custom},\n{BAD}")
    found = {each["code"]: each for each in check().findings}
    assert "GL201" in found
    assert ("GL006" in found) is (message is not None)
    if message is not None:
        assert found["GL006"]["message"] == f"custom.gearlint{message}"
        assert found["GL006"]["help"] == f'write "gearlint": {{"ignore": [{codes}]}}'


# The schema for editors


def test_schema_is_one_and_describes_every_setting() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    known = {
        field.replace("_", "-")
        for field in Settings._fields
        if field not in ("file", "given", "base")
    }
    assert set(schema["properties"]) == known
    assert all(member["description"] for member in schema["properties"].values())


AGREED = [
    ("", True),
    ('select = ["GL201"]', True),
    ('select = ["GL", "GL2", "GL20", "ALL"]', True),
    ('select = ["image-tag-mismatch"]', True),
    ("select = []", True),
    ('select = ["gl201"]', False),
    ('select = ["GL2011"]', False),
    ('select = ["all"]', False),
    ('select = [""]', False),
    ('select = ["GL2*"]', False),
    ('select = ["Image-Tag-Mismatch"]', False),
    ("select = [201]", False),
    ('select = "ALL"', False),
    ('extend-select = ["GL115"]', True),
    ("extend-select = {}", False),
    ('ignore = ["GL1", "GL204"]', True),
    ("ignore = false", False),
    ('fail-on = "info"', True),
    ('fail-on = "warning"', True),
    ('fail-on = "error"', True),
    ('fail-on = "Error"', False),
    ('fail-on = "none"', False),
    ("fail-on = 1", False),
    ('fail-on = ["error"]', False),
    ('severity = { GL201 = "info", GL108 = "error" }', True),
    ("severity = {}", True),
    ('severity = { GL2 = "info" }', False),
    ('severity = { image-tag-mismatch = "info" }', True),
    ('severity = { GL201 = "off" }', False),
    ("severity = { GL201 = 1 }", False),
    ("severity = []", False),
    ('version-format = "software_gear"', True),
    ('version-format = "gear_software"', True),
    ('version-format = "gear"', True),
    ('version-format = "software"', False),
    ("version-format = []", False),
    ('exclude = ["a", "b/*", "", "größe"]', True),
    ('exclude = "a"', False),
    ("exclude = [1.5]", False),
    ('gears = { "gears/a" = ["common"], b = [] }', True),
    ("gears = {}", True),
    ('gears = { a = "common" }', False),
    ("gears = { a = [true] }", False),
    ("gears = []", False),
    ('per-file-ignores = { "a/*" = ["GL2", "image-tag-mismatch"] }', True),
    ('per-file-ignores = { "a/*" = "GL2" }', False),
    ('per-file-ignores = { "a/*" = ["gl2"] }', False),
    ('per-file-ignores = ["GL2"]', False),
    ('dockerfile = "docker/Dockerfile"', True),
    ('dockerfile = ""', False),
    ("dockerfile = []", False),
    ('context = ".."', True),
    ("context = false", False),
    ("colour = true", False),
    ('fail_on = "info"', False),
]


@pytest.mark.parametrize(("toml", "good"), AGREED)
def test_schema_agrees_with_what_gearlint_takes(toml: str, good: bool, tmp_path: Path) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert Draft7Validator(schema).is_valid(tomllib.loads(toml)) is good
    (tmp_path / "gearlint.toml").write_text(toml + "\n", encoding="utf-8")
    try:
        SettingsFinder()(str(tmp_path))
    except GearlintError:
        taken = False
    else:
        taken = True
    assert taken is good


def test_schema_takes_every_code_and_name() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    names = [*RULES, *(rule.name for rule in RULES.values())]
    document = {"select": names, "severity": dict.fromkeys(names, "info")}
    assert Draft7Validator(schema).is_valid(document)
