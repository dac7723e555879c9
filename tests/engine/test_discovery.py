"""Which gears are meant by which paths: "The gear and where it is" of DESIGN.md, said as cases."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gearlint.core import limits
from tests.conftest import Outcome, Run
from tests.machine import in_time
from tests.sound import manifest_text, write_gear

BAD = '"version": "1.0.1_2.0.0"'
"""Members that give a gear exactly one finding, GL201."""

WEB_EXTENSION = (
    '{"manifest_version": 3, "name": "My extension", "version": "1.0", "permissions": []}'
)
WEB_APPLICATION = '{"name": "My app", "short_name": "App", "start_url": "/", "icons": []}'

Found = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> Path:
    """The temporary directory is a repository; discovery runs no git, so `.git` is enough."""
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.fixture
def found(check: Run) -> Found:
    """The manifests, all of them bad gears, that `gearlint check` looks at."""

    def found(*arguments: object) -> list[str]:
        outcome = check("--select", "GL201", *arguments)
        assert outcome.code == (1 if outcome.findings else 0), outcome.stderr
        return [finding["path"] for finding in outcome.findings]

    return found


def write(path: str, text: str = "") -> Path:
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target


def gears(*directories: str) -> None:
    for directory in directories:
        write_gear(Path(directory), BAD)


def no_gear(outcome: Outcome, path: str) -> bool:
    """Whether the outcome is the one line on stderr for a path in which there is no gear."""
    lines = outcome.stderr.splitlines()
    return outcome.code == 2 and len(lines) == 1 and f"{path}: no gear found" in lines[0]


# A directory is walked


def test_default_is_the_current_directory(found: Found) -> None:
    gears(".")
    assert found() == ["manifest.json"]


def test_directory_is_walked_in_the_order_of_names(found: Found) -> None:
    gears("b", "a/deep/down", "a", "c")
    assert found() == [
        "a/manifest.json",
        "a/deep/down/manifest.json",
        "b/manifest.json",
        "c/manifest.json",
    ]


@pytest.mark.parametrize(
    "directory", [".hidden", ".git/modules", "node_modules", "venv", "tests", "test", "a/b/tests/c"]
)
def test_directory_that_is_never_entered(found: Found, directory: str) -> None:
    gears("gear", directory)
    assert found() == ["gear/manifest.json"]


@pytest.mark.parametrize("directory", ["testing", "test-gear", "mytests", "venvs", "node", "a.b"])
def test_directory_that_only_looks_like_one_never_entered(found: Found, directory: str) -> None:
    gears(directory)
    assert found() == [f"{directory}/manifest.json"]


@pytest.mark.parametrize("directory", ["tests", ".hidden", "node_modules/gear"])
def test_directory_that_is_named_is_entered_whatever_it_is_called(
    found: Found, directory: str
) -> None:
    gears(directory)
    assert found(directory) == [f"{directory}/manifest.json"]


def test_repository_inside_a_directory_that_would_be_skipped(
    found: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / ".cache" / "tests" / "project"
    (inner / ".git").mkdir(parents=True)
    write_gear(inner / "gear", BAD)
    monkeypatch.chdir(inner)
    assert found() == ["gear/manifest.json"]
    assert found("--changed-files", "gear/run.py") == ["gear/manifest.json"]


def test_links_to_directories_are_not_followed_in_a_walk(found: Found) -> None:
    gears("gear")
    Path("again").symlink_to("gear")
    Path("gear/up").symlink_to("..")
    Path("gear/self").symlink_to("self")
    assert found() == ["gear/manifest.json"]


# .gitignore


@pytest.mark.parametrize(
    ("ignore", "gear"),
    [
        ("build", "build"),
        ("build/", "build"),
        ("build/", "a/build/b"),
        ("/build", "build"),
        ("*.egg", "a.egg"),
        ("a/*/c", "a/b/c"),
        ("**/old", "a/b/old"),
        ("a/**/z", "a/b/c/z"),
        ("old/**", "old/x"),
        ("gea?", "gear"),
        ("gea[a-z]", "gear"),
        ("gea[^a-f]", "gear"),
        ("gea[!a-f]", "gear"),
        ("manifest.json", "gear"),
        ("*", "gear"),
        ("*\n!*.py", "gear"),
        ("# a comment\n\ngear  ", "gear"),
        ("gear\r\n", "gear"),
        ("\\#odd", "#odd"),
        ("\\!odd", "!odd"),
        ("my\\ gear", "my gear"),
        ("!gear\ngear", "gear"),
        ("build/\n!build/gear/manifest.json", "build/gear"),
        ("\ufeffbuild/", "build"),
        ("*\n!*/\n!Dockerfile", "gear"),
        ("**\n!**/", "gear"),
        (f"# {'long ' * 100}\nbuild/", "build"),
    ],
)
def test_ignored_gear_is_passed_over(check: Run, ignore: str, gear: str) -> None:
    gears(gear)
    write(".gitignore", ignore + "\n")
    git_says(f"{gear}/manifest.json", ignored=True)
    assert no_gear(check(), ".")


@pytest.mark.parametrize(
    ("ignore", "gear"),
    [
        ("/gear", "a/gear"),
        ("a/gear", "b/a/gear"),
        ("build", "builds"),
        ("*.json\n!manifest.json", "gear"),
        ("gear\n!gear", "gear"),
        ("gear/*\n!gear/manifest.json", "gear"),
        ("# gear", "gear"),
        ("#gear", "#gear"),
        ("gea[^r]", "gear"),
        ("manifest.json/", "gear"),
        ("a/*", "b/a"),
        ("\n", "gear"),
        ("/", "gear"),
        ("!", "gear"),
        ("GEAR", "gear"),
        ("\\", "gear"),
        ("gear\\", "gear"),
        ("# a\u2028gear\n# b\x0cgear", "gear"),
        ("*\n!*/\n!manifest.json", "gear"),
        ("**\n!**/\n!manifest.json", "a/gear"),
        ("*\n!*", "gear"),
        ("*/\n!*/", "gear"),
    ],
)
def test_gear_that_is_not_ignored_is_found(found: Found, ignore: str, gear: str) -> None:
    gears(gear)
    write(".gitignore", ignore + "\n")
    git_says(f"{gear}/manifest.json", ignored=False)
    assert found() == [f"{gear}/manifest.json"]


def git_says(path: str, *, ignored: bool) -> None:
    """What git itself holds of an untracked file; keeps the tables above honest."""
    shutil.rmtree(".git")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "--quiet"], check=True, env=environment)
    outcome = subprocess.run(["git", "check-ignore", "-q", path], check=False, env=environment)
    assert outcome.returncode == (0 if ignored else 1)


def test_ignore_file_counts_from_its_own_directory(found: Found) -> None:
    gears("a/build", "b/build")
    write("a/.gitignore", "/build\n")
    assert found() == ["b/build/manifest.json"]


def test_deeper_ignore_file_has_the_last_word(found: Found) -> None:
    gears("a/old", "b/old")
    write(".gitignore", "manifest.json\n")
    write("b/.gitignore", "!manifest.json\n")
    git_says("b/old/manifest.json", ignored=False)
    assert found() == ["b/old/manifest.json"]


def test_deeper_ignore_file_cannot_take_back_an_ignored_directory(found: Found) -> None:
    gears("kept", "build/gear")
    write(".gitignore", "build/\n")
    write("build/gear/.gitignore", "!manifest.json\n")
    git_says("build/gear/manifest.json", ignored=True)
    assert found() == ["kept/manifest.json"]


def test_ignore_files_above_the_walked_directory_count_up_to_the_repository_root(
    found: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gears("repository/a/old", "repository/a/new")
    write(".gitignore", "new\n")
    Path("repository/.git").mkdir()
    write("repository/.gitignore", "a/old\n")
    assert found("repository/a") == ["repository/a/new/manifest.json"]
    monkeypatch.chdir("repository/a")
    assert found() == ["new/manifest.json"]


def test_ignored_manifest_that_is_named_is_checked(found: Found) -> None:
    gears("build")
    write(".gitignore", "build\n")
    assert found("build/manifest.json") == ["build/manifest.json"]


def test_ignore_file_that_cannot_be_read_as_text_hides_nothing(found: Found) -> None:
    gears("gear")
    Path(".gitignore").write_bytes(b"\xff\xfe\0\0[\n**/[\n")
    assert found() == ["gear/manifest.json"]


@pytest.mark.parametrize("line", ["gear/[z-a]*", "gear/[[a]", "gear/[a--b]", "gear/" + "[" * 200])
@pytest.mark.filterwarnings("error")
def test_ignore_line_that_git_would_not_take_hides_nothing(found: Found, line: str) -> None:
    gears("gear")
    write(".gitignore", f"{line}\n")
    assert found() == ["gear/manifest.json"]


@pytest.mark.parametrize(
    "line", ["*a" * 12 + "b/", "gear/**" + "/**/a" * 20 + "/*", "*" * 200 + "b"]
)
def test_stars_of_gitignore_take_no_time(found: Found, line: str) -> None:
    gears("a" * 200)
    write(".gitignore", f"{line}\n")
    with in_time(1):
        assert found() == [f"{'a' * 200}/manifest.json"]


def test_gitignore_past_any_use_hides_nothing(found: Found) -> None:
    gears("gear", "build")
    write(".gitignore", "build\n" + "\\a\n" * 20_000)
    assert found() == ["gear/manifest.json"]  # a line counts once
    write(".gitignore", "build\n" + "".join(f"\\{number}\n" for number in range(50_000)))
    with in_time(1):
        assert found() == ["build/manifest.json", "gear/manifest.json"]


def test_git_is_not_run(found: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gears("gear", "build")
    write(".gitignore", "build\n")
    write("bin/git", f"#!/bin/sh\ntouch {tmp_path}/it-was-run\n").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin", prepend=os.pathsep)
    assert found() == ["gear/manifest.json"]
    assert not Path("it-was-run").exists()


# exclude


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        ('["old"]', ["a/new", "new"]),
        ('["a"]', ["new", "old"]),
        ('["a/"]', ["new", "old"]),
        ('["a/old"]', ["a/new", "new", "old"]),
        ('["./a/old"]', ["a/new", "new", "old"]),
        ('["a/*"]', ["new", "old"]),
        ('["*/old"]', ["a/new", "new", "old"]),
        ('["n?w", "[ab]"]', ["old"]),
        ('["a/old/manifest.json"]', ["a/new", "new", "old"]),
        ('["A"]', ["a/new", "a/old", "new", "old"]),
        ("[]", ["a/new", "a/old", "new", "old"]),
    ],
)
def test_excluded_gear_is_passed_over(found: Found, exclude: str, left: list[str]) -> None:
    gears("a/new", "a/old", "new", "old")
    write("gearlint.toml", f"exclude = {exclude}\n")
    assert found() == [f"{directory}/manifest.json" for directory in left]


def test_exclude_is_relative_to_the_settings_file(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    gears("a/old", "a/new")
    write("pyproject.toml", '[tool.gearlint]\nexclude = ["a/old"]\n')
    assert found("a") == ["a/new/manifest.json"]
    monkeypatch.chdir("a")
    assert found() == ["new/manifest.json"]


def test_exclude_of_settings_nearer_to_the_gear_counts(found: Found) -> None:
    gears("project/old", "project/new")
    write("project/gearlint.toml", 'exclude = ["old"]\n')
    assert found("project") == ["project/new/manifest.json"]
    assert found() == ["project/new/manifest.json"]


def test_excluded_manifest_that_is_named_is_checked(found: Found) -> None:
    gears("old")
    write("gearlint.toml", 'exclude = ["old"]\n')
    assert found("old/manifest.json") == ["old/manifest.json"]


# Which manifest.json is a gear's


@pytest.mark.parametrize(
    "manifest",
    [
        '{"name": "a", "inputs": {}}',
        '{"name": "a", "config": {}}',
        '{"version": "1.0.0", "config": {}}',
        '{"custom": {}, "inputs": {}}',
        '{"name": 1, "config": []}',
        '{"custom": {"gear-builder": {}}}',
    ],
)
def test_object_of_a_gear_is_one(check: Run, manifest: str) -> None:
    write("gear/manifest.json", manifest)
    assert check().findings


@pytest.mark.parametrize("beside", ["", "Dockerfile"])
@pytest.mark.parametrize(
    "manifest",
    [
        WEB_EXTENSION,
        WEB_APPLICATION,
        '{"name": "a", "version": "1.0.0"}',
        '{"inputs": {}, "config": {}}',
        '{"files": {"main.js": "/static/main.js"}, "entrypoints": []}',
        "{}",
    ],
)
def test_manifest_of_something_else_is_passed_over(check: Run, manifest: str, beside: str) -> None:
    write("site/manifest.json", manifest)
    if beside:
        write(f"site/{beside}", "FROM nginx\n")
    assert no_gear(check(), ".")


@pytest.mark.parametrize(
    "manifest", [b"", b"{", b"[1]", b"null", b"\xff\xfe{\0}\0", b'{"name": "\xe9"}', b"\0" * 100]
)
@pytest.mark.parametrize("dockerfile", ["Dockerfile", "dockerfile", None])
def test_unreadable_manifest_counts_beside_a_dockerfile_alone(
    check: Run, manifest: bytes, dockerfile: str | None
) -> None:
    Path("gear").mkdir()
    Path("gear/manifest.json").write_bytes(manifest)
    if dockerfile:
        write(f"gear/{dockerfile}", "FROM python:3.12\n")
        assert "gear/manifest.json" in {finding["path"] for finding in check().findings}
    else:
        assert no_gear(check(), ".")


def test_gear_among_web_manifests_is_found(found: Found) -> None:
    gears("gear")
    write("gear/site/manifest.json", WEB_APPLICATION)
    write("extension/manifest.json", WEB_EXTENSION)
    assert found() == ["gear/manifest.json"]


def test_manifest_in_another_case_is_none(check: Run) -> None:
    write("gear/Manifest.json", manifest_text(BAD))
    assert no_gear(check(), ".")


# A path that is named


@pytest.mark.parametrize("text", [WEB_EXTENSION, "{", "[]", "{}", '"text"'])
@pytest.mark.parametrize("name", ["manifest.json", "gear.json", "package.json"])
def test_json_file_is_checked_as_a_manifest_whatever_it_holds(
    check: Run, name: str, text: str
) -> None:
    write(name, text)
    assert {finding["path"] for finding in check(name).findings} == {name}


def test_json_file_of_another_name_stands_for_itself_alone(found: Found) -> None:
    gears("gear")
    write("gear/next.json", manifest_text(BAD))
    assert found("gear/next.json") == ["gear/next.json"]


@pytest.mark.parametrize("path", ["gear/run.py", "gear/Dockerfile", "gear/src/deep/x", "gear/.x"])
def test_other_file_stands_for_the_gear_above_it(found: Found, path: str) -> None:
    gears("gear", "other", ".")
    write(path)
    assert found(path) == ["gear/manifest.json"]


def test_file_belongs_to_the_nearest_gear(found: Found) -> None:
    gears(".", "a", "a/b")
    write("a/b/run.py")
    write("a/c/run.py")
    write("d/run.py")
    assert found("a/b/run.py") == ["a/b/manifest.json"]
    assert found("a/c/run.py") == ["a/manifest.json"]
    assert found("d/run.py") == ["manifest.json"]


def test_web_manifest_on_the_way_up_is_no_gear(found: Found) -> None:
    gears("gear")
    write("gear/site/manifest.json", WEB_APPLICATION)
    write("gear/site/index.js")
    assert found("gear/site/index.js") == ["gear/manifest.json"]


def test_gear_above_the_repository_root_owns_nothing(check: Run) -> None:
    gears(".")
    Path("repository/.git").mkdir(parents=True)
    write("repository/run.py")
    assert no_gear(check("repository/run.py"), "repository/run.py")


def test_gear_owns_its_files_outside_of_any_repository_too(found: Found) -> None:
    Path(".git").rmdir()
    gears("gear")
    write("gear/src/run.py")
    assert found("gear/src/run.py") == ["gear/manifest.json"]


def test_file_of_no_gear_is_reported_in_one_line(check: Run) -> None:
    write("README.md")
    assert no_gear(check("README.md"), "README.md")


def test_directory_without_a_gear_is_reported_in_one_line(check: Run) -> None:
    Path("empty").mkdir()
    assert no_gear(check("empty"), "empty")


@pytest.mark.parametrize("path", ["gone", "gone.json", "gone/manifest.json", "gear/run.py/x"])
def test_path_that_does_not_exist_is_reported_in_one_line(check: Run, path: str) -> None:
    gears("gear")
    write("gear/run.py")
    outcome = check(path)
    assert outcome.code == 2
    assert len(outcome.stderr.splitlines()) == 1
    assert path in outcome.stderr


@pytest.mark.parametrize("name", ["manifest.json", "gear.json"])
def test_directory_called_like_a_manifest_is_walked(found: Found, check: Run, name: str) -> None:
    Path(name).mkdir()
    assert no_gear(check(name), name)
    gears(f"{name}/gear")
    assert found(name) == [f"{name}/gear/manifest.json"]


# `gears` of the settings


@pytest.fixture
def shared_sources() -> None:
    """Two gears with sources in common, as the settings say; and one by itself."""
    gears("gears/a", "gears/b", "gears/c")
    for path in ("common/io.py", "docker/a.Dockerfile", "docs/a.md", "gears/c/run.py"):
        write(path)
    write(
        "gearlint.toml",
        "[gears]\n'gears/a' = ['common', 'docker/a.*']\n'gears/b/' = ['./common/*.py']\n"
        "'gears/gone' = ['docs']\n",
    )


@pytest.mark.parametrize("changed", [[], ["--changed-files"]])
@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("common/io.py", ["a", "b"]),
        ("docker/a.Dockerfile", ["a"]),
        ("gears/c/run.py", ["c"]),
    ],
)
@pytest.mark.usefixtures("shared_sources")
def test_globs_of_the_settings_give_a_file_its_gears(
    found: Found, changed: list[str], path: str, owners: list[str]
) -> None:
    assert found(*changed, path) == [f"gears/{name}/manifest.json" for name in owners]


@pytest.mark.usefixtures("shared_sources")
def test_globs_of_the_settings_are_relative_to_the_settings_file(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("common")
    outside = [str(Path(f"../gears/{name}/manifest.json").resolve()) for name in "ab"]
    assert found("io.py") == outside


@pytest.mark.usefixtures("shared_sources")
def test_setting_that_names_a_gear_that_is_gone_is_reported(check: Run) -> None:
    outcome = check("--changed-files", "docs/a.md")
    assert outcome.code == 2
    assert outcome.stderr.startswith("gearlint: gearlint.toml: setting gears: there is no gear in ")


def test_globs_and_the_gear_above_both_count(found: Found) -> None:
    gears("gears/a", "gears/b")
    write("gears/b/lib.py")
    write("gearlint.toml", "gears = { 'gears/a' = ['gears/b/lib.py'] }\n")
    assert found("gears/b/lib.py") == ["gears/a/manifest.json", "gears/b/manifest.json"]


# --changed-files


def test_changed_file_stands_for_its_gear(found: Found) -> None:
    gears("a", "b", "c")
    write("a/run.py")
    assert found("--changed-files", "a/run.py", "b/manifest.json") == [
        "a/manifest.json",
        "b/manifest.json",
    ]


def test_changed_json_file_is_a_file_like_any_other(found: Found, check: Run) -> None:
    gears("gear")
    write("gear/data/options.json", "{")
    write("package.json", "{")
    assert found("--changed-files", "gear/data/options.json", "package.json") == [
        "gear/manifest.json"
    ]
    assert found("--changed-files", "package.json") == []


def test_changed_web_manifest_is_not_checked(found: Found) -> None:
    gears("gear")
    write("gear/site/manifest.json", WEB_APPLICATION)
    write("site/manifest.json", WEB_APPLICATION)
    assert found("--changed-files", "site/manifest.json") == []
    assert found("--changed-files", "gear/site/manifest.json") == ["gear/manifest.json"]


@pytest.mark.parametrize("path", ["gear/gone.py", "gear/gone/deep/x.py"])
def test_deleted_file_stands_for_its_gear(found: Found, path: str) -> None:
    gears("gear")
    assert found("--changed-files", path) == ["gear/manifest.json"]


@pytest.mark.parametrize("path", ["gone/manifest.json", "gone/run.py", "gone.txt"])
def test_deleted_gear_is_nothing_to_check(check: Run, path: str) -> None:
    gears("gear")
    outcome = check("--changed-files", path)
    assert (outcome.code, outcome.findings) == (0, [])


def test_no_changed_file_at_all_is_nothing_to_check(check: Run) -> None:
    gears("gear")
    outcome = check("--changed-files")
    assert (outcome.code, outcome.findings) == (0, [])


@pytest.mark.parametrize("path", ["README.md", ".github/workflows/ci.yml", "lib/x.py"])
def test_changed_file_of_nobody_is_nothing_to_check(check: Run, path: str) -> None:
    gears("gear")
    write(path)
    outcome = check("--changed-files", path)
    assert (outcome.code, outcome.findings) == (0, [])


def test_manifest_that_cannot_be_read_is_reported_once(check: Run) -> None:
    Path("gear/manifest.json").mkdir(parents=True)
    write("gear/Dockerfile")
    outcome = check("gear", "./gear", ".")
    assert outcome.code == 2
    assert outcome.stderr.count("gear/manifest.json: ") == 1


@pytest.mark.parametrize("characters", [0, limits.KEPT_BYTES])
def test_manifest_that_is_named_is_checked_whatever_its_size(characters: int, found: Found) -> None:
    write_gear(Path("gear"), f'{BAD},\n"description": "{"x" * characters}"')
    assert found("gear/manifest.json") == ["gear/manifest.json"]


def test_exclude_applies_to_changed_files(found: Found) -> None:
    gears("old", "gear", "gear/old")
    write("gearlint.toml", 'exclude = ["old", "gear/notes.md"]\n')
    changed = ["old/manifest.json", "old/run.py", "gear/old/manifest.json", "gear/notes.md"]
    assert found("--changed-files", *changed) == []
    assert found("--changed-files", *changed, "gear/run.py") == ["gear/manifest.json"]


def test_excluded_manifest_is_not_checked_for_another_file_of_its_directory(found: Found) -> None:
    gears("gear")
    write("gearlint.toml", 'exclude = ["gear/manifest.json"]\n')
    write("gear/run.py")
    assert found("--changed-files", "gear/run.py") == []


@pytest.mark.parametrize("path", ["tests/test_run.py", "tests/data/manifest.json", ".ci/run"])
def test_changed_test_of_a_gear_stands_for_the_gear(found: Found, path: str) -> None:
    gears("gear", "gear/tests/data")
    write("gear/tests/test_run.py")
    assert found("--changed-files", f"gear/{path}") == ["gear/manifest.json"]


@pytest.mark.parametrize("directory", ["tests", ".hidden", "node_modules/x", "venv"])
def test_changed_gear_in_a_directory_that_is_never_entered_is_not_checked(
    found: Found, directory: str
) -> None:
    gears(f"{directory}/gear")
    assert found("--changed-files", f"{directory}/gear/manifest.json") == []


# Once each, and under which name


def test_gear_is_checked_once_however_many_paths_lead_to_it(found: Found) -> None:
    gears("gear")
    write("gear/run.py")
    Path("link").symlink_to("gear")
    Path("link.json").symlink_to("gear/manifest.json")
    paths = [
        "gear",
        ".",
        "gear/manifest.json",
        "./gear/../gear",
        "gear/run.py",
        Path("gear").resolve(),
        "link",
        "link/manifest.json",
        "link/run.py",
        "link.json",
    ]
    assert found(*paths) == ["gear/manifest.json"]
    assert found("--changed-files", "gear/run.py", "link/run.py", "gear/manifest.json") == [
        "gear/manifest.json"
    ]


def test_gear_that_cannot_be_read_is_reported_once(check: Run) -> None:
    Path("gear").mkdir()
    Path("gear/manifest.json").symlink_to("gone.json")
    outcome = check("gear/manifest.json", "gear/manifest.json", "gear/../gear/manifest.json")
    assert outcome.code == 2
    assert len(outcome.stderr.splitlines()) == 1


def test_link_to_a_gear_is_checked_under_the_name_it_was_given(found: Found) -> None:
    gears("gear")
    Path("link").symlink_to("gear")
    assert found("link") == ["link/manifest.json"]


def test_path_is_shown_from_the_current_directory(
    found: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gears("a/gear")
    assert found("./a//gear/.") == ["a/gear/manifest.json"]
    assert found(tmp_path / "a") == ["a/gear/manifest.json"]
    monkeypatch.chdir("a/gear")
    assert found("manifest.json") == ["manifest.json"]


def test_path_outside_of_the_current_directory_is_shown_absolute(
    found: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gears("a", "b", "..c")
    assert found("..c") == ["..c/manifest.json"]
    monkeypatch.chdir("a")
    for argument in ("../b", tmp_path / "b"):
        assert found(argument) == [(tmp_path / "b" / "manifest.json").as_posix()]


def test_repository_reached_through_a_link(found: Found, tmp_path: Path) -> None:
    Path("repository/.git").mkdir(parents=True)
    gears("repository/gear")
    Path(".links/tests").mkdir(parents=True)
    Path(".links/tests/project").symlink_to(tmp_path / "repository")
    through = tmp_path / ".links" / "tests" / "project" / "gear"
    write("repository/gear/run.py")
    for arguments in ([through / "run.py"], ["--changed-files", through / "run.py"]):
        (path,) = found(*arguments)
        assert os.path.samefile(path, "repository/gear/manifest.json")


@pytest.mark.parametrize("name", ["my gear", "a\nb", "a\x1b[31mb", "größe", "名前", "a'b\"c", "*"])
def test_directory_of_any_name(found: Found, name: str) -> None:
    gears(name)
    assert found(name) == [f"{name}/manifest.json"]
    assert found(".") == [f"{name}/manifest.json"]
    assert found("--changed-files", f"{name}/x") == [f"{name}/manifest.json"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_directory_whose_name_is_no_utf8(found: Found) -> None:
    name = os.fsdecode(b"ge\xe4r")
    gears(name)
    write(".gitignore", "ge?s\n")
    assert found() == [f"{name}/manifest.json"]
    assert found(f"{name}/manifest.json") == [f"{name}/manifest.json"]
    assert found("--changed-files", f"{name}/x") == [f"{name}/manifest.json"]


def test_path_that_starts_with_a_dash_follows_two_dashes(found: Found) -> None:
    gears("-gear")
    assert found("--", "-gear") == ["-gear/manifest.json"]


def test_loop_of_links_that_is_named_is_reported_in_one_line(check: Run) -> None:
    Path("one").symlink_to("two")
    Path("two").symlink_to("one")
    outcome = check("one")
    assert outcome.code == 2
    assert len(outcome.stderr.splitlines()) == 1


# A manifest that is not JSON


BROKEN = '{"name": "x", "version": "1.0" "inputs": {}}'


def write_broken(directory: str, text: str = BROKEN) -> None:
    write(f"{directory}/manifest.json", text)


@pytest.mark.parametrize(
    "text",
    [
        BROKEN,
        "{'version': '1', 'license': 'MIT'}",
        '{“config”: {}, "gear-builder": {',
        '"version": "1"\n"version": "2"\n"license": 1',
        BROKEN.encode("utf-16").decode("latin-1"),
    ],
)
def test_broken_manifest_with_two_keys_of_a_gear_is_reported(
    text: str, tmp_path: Path, run: Run
) -> None:
    gears("ok")
    (tmp_path / "manifest.json").write_bytes(
        text.encode("latin-1") if "\0" in text else text.encode()
    )
    outcome = run("check", "--output-format", "concise")
    assert re.search(r"^manifest\.json:1:\d+: GL00[12] error", outcome.stdout, re.MULTILINE)
    assert outcome.code == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"manifest_version": 3, "version": "1.0", "name": "x",}', "is not valid JSON, and nothing shows that it is a gear's"),
        ('{"short_name": "x", "icons": [], // why\n}', "is not valid JSON, and nothing shows that it is a gear's"),
        ('{"version": "1", "versions": ["inputs"', "is not valid JSON, and nothing shows that it is a gear's"),
        ('[{"Config": "x.json", "Layers": []}]', "is an array, and nothing shows that it is a gear's"),
        ('{"manifest_version": 3, "version": "1.0", "name": "x"}', 'has neither "inputs" nor "config"'),
        ('{"config": {"mediaType": "x"}, "layers": []}', 'has no "name", "version" or "custom"'),
        ('{"name": "{{ name }}", "version": "1", "inputs": {}}', "is a template: its name has {{"),
    ],
)  # fmt: skip
def test_other_manifests_are_passed_over_and_named(text: str, why: str, run: Run) -> None:
    write_broken("web", text)
    outcome = run("check")
    assert no_gear(outcome, ".")
    assert outcome.stderr == f"gearlint: .: no gear found: web/manifest.json {why}\n"
    gears("ok")
    assert "web" not in run("check", "--output-format", "concise").stdout


def test_broken_manifest_beside_its_settings_is_reported(check: Run) -> None:
    write_broken(".", "{,}")
    write("docker/Dockerfile", "FROM scratch\n")
    write("gearlint.toml", 'dockerfile = "docker/Dockerfile"\n')
    write_broken("web", "{,}")
    gears("ok")
    assert {f["path"] for f in check().findings if f["code"] == "GL001"} == {"manifest.json"}


def test_wrong_settings_beside_a_broken_manifest(run: Run) -> None:
    write_broken("a", "{,}")
    write("a/gearlint.toml", "dockerfile = 1\n")
    gears("ok")
    outcome = run("check", "--select", "GL001")
    assert (outcome.code, outcome.stderr) == (0, "No findings in 1 gear.\n")


def test_manifests_that_are_left_out_are_named_where_no_gear_is_found(run: Run) -> None:
    gears("out", "ignored")
    write("gearlint.toml", 'exclude = ["out/manifest.json"]\n')
    write(".gitignore", "ignored/manifest.json\n")
    assert run("check").stderr == (
        "gearlint: .: no gear found: ignored/manifest.json is ignored by .gitignore; "
        "out/manifest.json is excluded by the settings\n"
    )


@pytest.mark.parametrize("name", ["Manifest.json", "MANIFEST.JSON"])
def test_manifest_in_the_wrong_case_is_named_where_no_gear_is_found(name: str, run: Run) -> None:
    gears("gear")
    if Path("gear/MANIFEST.JSON").exists():
        pytest.skip("the disk takes names in any case for the same")
    Path("gear/manifest.json").rename(f"gear/{name}")
    expected = f"gearlint: .: no gear found: gear/{name} is not read: rename it to manifest.json\n"
    assert run("check").stderr == expected
    gears("gear")
    assert "no gear found" not in run("check").stderr


def test_only_some_of_many_manifests_are_named(run: Run) -> None:
    for number in range(13):
        write_broken(f"web{number}", "{}")
    assert run("check").stderr.endswith("; and 3 more\n")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("t", 't/tests/x/manifest.json is skipped, as directories called "tests" are: give its path'),
        ("test", 'test/a/tests/manifest.json is skipped, as directories called "tests" are: give its path'),
        ("in", "it is part of the gear in top: give that"),
        ("top/src/code", "it is part of the gear in top: give that"),
        ("top/src/code/.deep", "it is part of the gear in top: give that"),
        ("t/tests/x/run.py", "it is part of the gear in t/tests/x: give that"),
        ("old-b/run.py", "it is excluded by the settings"),
        ("old-b/src", "it is excluded by the settings"),
    ],
)  # fmt: skip
def test_gear_that_is_near_is_named_where_none_is_found(path: str, said: str, run: Run) -> None:
    gears("t/tests/x", "test/a/tests", "top", "old-b")
    for directory in ("top/src/code/.deep", "old-b/src"):
        Path(directory).mkdir(parents=True)
    Path("in").symlink_to("top/src")
    write("gearlint.toml", 'exclude = ["old-*"]\n')
    for command in ("check", "version"):
        outcome = run(command, path)
        assert (outcome.code, outcome.stderr) == (2, f"gearlint: {path}: no gear found: {said}\n")


def test_gear_above_the_current_directory_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    gears(".")
    Path("src/code").mkdir(parents=True)
    monkeypatch.chdir("src/code")
    said = "it is part of the gear in ../..: give that"
    assert run("check").stderr == f"gearlint: .: no gear found: {said}\n"


def test_gear_below_tests_is_named_beside_what_was_passed_over(run: Run) -> None:
    gears("tests/x")
    write_broken("web", "{}")
    assert run("check").stderr == (
        'gearlint: .: no gear found: web/manifest.json has neither "inputs" nor "config"; '
        'tests/x/manifest.json is skipped, as directories called "tests" are: give its path\n'
    )


@pytest.mark.parametrize(
    ("gear", "path"),
    [
        ("venv/x", "."),  # of somebody else
        ("a/node_modules/x", "a"),
        (".cache/x", "."),
        ("tests/.cache/x", "."),
        ("x", "other"),
        ("../x", "other"),  # above the repository
        ("x", "README.md"),
    ],
)
def test_gear_that_is_not_near_is_not_named(gear: str, path: str, run: Run) -> None:
    gears(gear)
    Path("other").mkdir()
    write("README.md")
    nothing = f"gearlint: {path}: no gear found (no manifest.json that is a gear's)\n"
    assert run("check", path).stderr == nothing


def test_other_manifests_of_tests_and_above_are_not_named(run: Run) -> None:
    write("tests/web/manifest.json", WEB_EXTENSION)
    write("manifest.json", WEB_EXTENSION)
    Path("code").mkdir()
    assert run("check", "code").stderr.endswith("(no manifest.json that is a gear's)\n")
    Path("manifest.json").unlink()
    assert run("check").stderr.endswith("(no manifest.json that is a gear's)\n")


def test_bump_names_what_was_passed_over_too(run: Run) -> None:
    write_broken("web", "{}")
    assert 'web/manifest.json has neither "inputs" nor "config"' in run("version").stderr
