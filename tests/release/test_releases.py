"""What git knows of a gear's releases: the rules GL601-GL604, on real repositories."""

import json
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gearlint.release.tags import Naming, TagForm
from gearlint.syntax.version import GearVersion
from tests.conftest import Run
from tests.release.bumping import members
from tests.repositories import Repository
from tests.sound import DOCKERFILE, SCRIPT

pytestmark = pytest.mark.usefixtures("own_git_configuration")


def reported(run: Run, *paths: str) -> list[str]:
    """`CODE severity: message` of what the release rules find."""
    outcome = run("check", "--select", "GL6", "--output-format", "concise", *paths)
    assert "gearlint:" not in outcome.stderr
    return [line.partition(": ")[2] for line in outcome.stdout.splitlines()]


CHANGED = 'GL601 error: version "1.0.0_2.0.0" is released, as tag "1.0.0_2.0.0", but '


def image_with(repository: Repository, lines: str, *files: str) -> None:
    """Release a Dockerfile with more lines, and some empty files."""
    repository.write("Dockerfile", DOCKERFILE.replace("ENTRYPOINT", f"{lines}\nENTRYPOINT"))
    for path in files:
        repository.write(path, "")
    repository.commit()
    repository.git("tag", "--force", "1.0.0_2.0.0")


# --- GL601: what a change is


def test_released_gear_without_a_change(repository: Repository, run: Run) -> None:
    assert reported(run) == []


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"run.py": SCRIPT + "# new\n"}, '"run.py" has changed since'),
        ({"a/a": "", "a/b": ""}, '"a/a" and "a/b" have changed since'),
        ({f"a/{n}": "" for n in range(4)}, '"a/0", "a/1", "a/2" and 1 more have changed since'),
        ({"a/x.md": "", "a/z.sh": ""}, '"a/z.sh" and "a/x.md" have changed since'),
        ({"a/deep/er/file": "x"}, '"a/deep/er/file" has changed since'),
    ],
)
def test_gear_that_changed_since_its_release(
    files: dict[str, str], named: str, repository: Repository, run: Run
) -> None:
    image_with(repository, "COPY a a")
    for path, text in files.items():
        repository.write(path, text)
    repository.git("add", "--all")
    assert reported(run) == [CHANGED + named]
    repository.commit()
    assert reported(run) == [CHANGED + named]


def test_change_that_is_not_staged(repository: Repository, run: Run) -> None:
    repository.write("run.py", SCRIPT + "# new\n")
    assert reported(run) == [CHANGED + '"run.py" has changed since']
    repository.write("run.py", SCRIPT)
    os.utime("run.py", (0, 0))
    assert reported(run) == []


def test_mode_link_and_lost_file_are_changes(repository: Repository, run: Run) -> None:
    (repository.directory / "run.py").chmod(0o644)
    assert reported(run) == [CHANGED + '"run.py" has changed since']
    repository.git("config", "core.fileMode", "false")
    assert reported(run) == []
    (repository.directory / "run.py").unlink()
    assert reported(run) == [CHANGED + '"run.py" has changed since']
    (repository.directory / "run.py").symlink_to("Dockerfile")
    assert reported(run) == [CHANGED + '"run.py" has changed since']


def test_files_that_git_does_not_track_do_not_count(repository: Repository, run: Run) -> None:
    repository.write("notes.txt", "x")
    assert reported(run) == []


def test_files_that_are_left_out_do_not_count(repository: Repository, run: Run) -> None:
    repository.write("Dockerfile", DOCKERFILE.replace("COPY run.py manifest.json ./", "COPY . ./"))
    repository.write(".dockerignore", "docs\n*.txt\n!in.txt\nDockerfile\nmanifest.json\n")
    repository.write("gearlint.toml", 'unversioned = ["*.rst", "ci/*", "gearlint.toml"]\n')
    repository.gear('"label": "New"')
    repository.commit()
    repository.git("tag", "--force", "1.0.0_2.0.0")
    for path in ("docs/x.md", "a.txt", "b.rst", "ci/deep/x.py"):
        repository.write(path, "new")
    repository.commit()
    assert reported(run) == []
    repository.write("in.txt", "new")
    repository.commit()
    assert reported(run) == [CHANGED + '"in.txt" has changed since']
    repository.write("Dockerfile", "# new\n" + (repository.directory / "Dockerfile").read_text())
    repository.commit()
    assert reported(run) == [CHANGED + '"Dockerfile" and "in.txt" have changed since']
    repository.write("Dockerfile", DOCKERFILE)  # which does not take in.txt
    repository.commit()
    assert reported(run) == [CHANGED + '"Dockerfile" has changed since']


def test_files_by_globs_of_the_settings(tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "mono")
    repository.write("gearlint.toml", '[gears]\n"gears/a" = ["common", "docker/a.*"]\n')
    repository.write("common/x.py", "")
    repository.release("1.0.0_1.0.0", "a/1.0.0_1.0.0", "gears/a", "a")
    repository.release("1.0.0_1.0.0", "b/1.0.0_1.0.0", "gears/b", "b")
    os.chdir(repository.directory)
    repository.write("common/x.py", "new")
    repository.write("docker/a.Dockerfile", "new")
    repository.write("docker/b.Dockerfile", "new")
    repository.commit()
    (line,) = reported(run)
    assert '"common/x.py" and "docker/a.Dockerfile" have changed since' in line


@pytest.mark.parametrize("path", ["link/gears/a", "mono/alias", "link/alias"])
def test_files_by_globs_of_the_settings_through_a_link(path: str, tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "mono")
    repository.write("gearlint.toml", '[gears]\n"gears/a" = ["common"]\n"alias" = ["deep"]\n')
    repository.write("common/x.py", "")
    repository.write("deep/x.py", "")
    repository.release("1.0.0_1.0.0", "a/1.0.0_1.0.0", "gears/a", "a")
    repository.release("1.0.0_1.0.0", "b/1.0.0_1.0.0", "gears/b", "b")
    (tmp_path / "link").symlink_to("mono")
    (repository.directory / "alias").symlink_to("gears/a")
    assert reported(run, path) == []
    for changed in ("common/x.py", "deep/x.py"):
        repository.write(changed, "new")
    repository.commit()
    (line,) = reported(run, path)
    assert '"common/x.py" and "deep/x.py" have changed since' in line
    assert json.loads(run("version", "--json", path).stdout)[0]["changed"] is True


def test_gears_below_a_gear_do_not_count(repository: Repository, run: Run) -> None:
    repository.release("1.0.0_1.0.0", "inner/1.0.0_1.0.0", "inner", "inner")
    repository.git("tag", "--force", "1.0.0_2.0.0", "HEAD^")
    assert reported(run) == []
    repository.write("inner/run.py", "new")
    (line,) = reported(run)
    assert 'as tag "inner/1.0.0_1.0.0", but "inner/run.py" has changed since' in line


def test_files_that_git_converts_are_compared_as_it_stores_them(
    repository: Repository, run: Run
) -> None:
    repository.write(".gitattributes", "*.txt text eol=crlf\n*.id ident\n*.py -text\n")
    repository.write("a.txt", "one\ntwo\n")
    repository.write("b.id", "$Id$\n")
    repository.commit()
    repository.git("tag", "--force", "1.0.0_2.0.0")
    for name in ("a.txt", "b.id"):
        (repository.directory / name).unlink()
    repository.git("checkout", "--", ".")
    assert (repository.directory / "a.txt").read_bytes() == b"one\r\ntwo\r\n"
    assert (repository.directory / "b.id").read_text() != "$Id$\n"
    assert reported(run) == []
    repository.write("run.py", SCRIPT.replace("\n", "\r\n"))
    assert reported(run) == [CHANGED + '"run.py" has changed since']


@pytest.mark.parametrize("source", ["sub", "sub/deep/run.py"])
def test_submodule_at_another_commit_is_a_change(
    source: str, repository: Repository, run: Run, tmp_path: Path
) -> None:
    other = Repository(tmp_path / "other")
    other.commit()
    repository.git(
        "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../other", "sub"
    )
    image_with(repository, f"COPY {source} /x")
    assert reported(run) == []
    author = ("-c", "user.name=A. Author", "-c", "user.email=author@example.org")
    inner = Repository.at(repository.directory / "sub")
    inner.git(*author, "commit", "--quiet", "--allow-empty", "--message", "Changes")
    repository.commit()
    assert reported(run) == [CHANGED + '"sub" has changed since']


# --- GL602, GL603, GL604


def test_version_below_the_newest_release(repository: Repository, run: Run) -> None:
    repository.release("1.0.0_2.1.0")
    repository.gear('"version": "1.0.0_2.0.9"')
    assert reported(run) == [
        'GL602 error: version "1.0.0_2.0.9" does not sort above the newest release, tag "1.0.0_2.1.0"',
        'GL603 error: version "1.0.0_2.0.9" differs from that of the tag here, "1.0.0_2.1.0"',
    ]
    repository.commit()
    assert [line[:5] for line in reported(run)] == ["GL602"]


@pytest.mark.parametrize("version", ["1.0.0_2.1.0", "1.0.0_2.0.0_rc1", "1.0.0_2.0.1"])
def test_version_above_the_newest_release(version: str, repository: Repository, run: Run) -> None:
    repository.git("tag", "1.0.0_3.0.0_rc1")
    repository.gear(f'"version": "{version}"')
    repository.commit()
    assert reported(run) == []


def helped(run: Run, path: str = ".") -> list[str]:
    """The help of what GL601 and GL602 find."""
    found = json.loads(
        run("check", "--select", "GL601,GL602", "--output-format", "json", path).stdout
    )
    return [finding["help"].removeprefix("raise the version: ") for finding in found["findings"]]


@pytest.mark.parametrize(
    ("branch", "directory", "command"),
    [
        ("main", ".", "gearlint bump --gear"),
        ("feature/x", ".", "gearlint bump --gear --no-tag"),
        ("", ".", "gearlint bump --gear --no-tag"),
        ("main", "gears/a b", "gearlint bump 'gears/a b' --gear"),
        ("feature", "-x", "gearlint bump ./-x --gear --no-tag"),
    ],
)
def test_help_names_the_command_that_fits(
    branch: str,
    directory: str,
    command: str,
    tmp_path: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository = Repository(tmp_path / "gear")
    monkeypatch.chdir(repository.directory)
    repository.release("1.0.0_2.0.0", directory=directory)
    (repository.directory / directory / "run.py").write_text("new")
    if branch != "main":
        repository.git("switch", "--quiet", *(["-c", branch] if branch else ["--detach"]))
    assert helped(run) == [command]
    words = shlex.split(command)[1:]
    assert run(*words, "--allow-dirty", *([] if branch else ["--no-commit"])).code == 0


def test_help_on_another_default_branch(repository: Repository, tmp_path: Path, run: Run) -> None:
    repository.git("branch", "--move", "trunk")
    repository.write("run.py", "new")
    repository.commit()
    assert helped(run) == ["gearlint bump --gear"]
    repository.git("clone", "--quiet", str(repository.directory), str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone")
    assert helped(run, str(clone.directory)) == [f"gearlint bump {clone.directory} --gear"]
    clone.git("switch", "--quiet", "-c", "main")
    assert helped(run, str(clone.directory)) == [f"gearlint bump {clone.directory} --gear --no-tag"]


@pytest.mark.parametrize(
    ("newest", "version", "to"),
    [
        ("1.0.0_2.1.0", "1.0.0_2.0.9", "1.0.0_2.1.1"),
        ("1.0.0_2.1.0", "0.9.0_3.0.0", "1.0.0_2.1.1"),
        ("1.0.0_2.1.0", "1.0.0_1.0.0", "1.0.0_2.1.1"),
        ("2.1.0", "2.0.0", "2.1.1"),
        ("1.0.0_20240101", "1.0.0_20230101", "VERSION"),
    ],
)
def test_help_names_a_version_above_the_newest(
    newest: str, version: str, to: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path / "gear")
    monkeypatch.chdir(repository.directory)
    repository.release(newest)
    image = f'"custom": {{"gear-builder": {{"category": "qa", "image": "me/x:{version}"}}}}'
    repository.gear(f'"version": "{version}",\n{image}')
    repository.commit()
    assert helped(run) == [f"gearlint bump --to {to}"]


def test_older_release_that_is_checked_out(repository: Repository, run: Run) -> None:
    repository.release("1.0.0_2.1.0")
    repository.git("switch", "--quiet", "--detach", "1.0.0_2.0.0")
    assert reported(run) == []


def test_tag_of_another_version_here(repository: Repository, run: Run) -> None:
    repository.git("tag", "1.0.0_1.9.0")
    wrong = 'GL603 error: version "1.0.0_2.0.0" differs from that of the tag here, "1.0.0_1.9.0"'
    assert reported(run) == [wrong]
    repository.git("tag", "--delete", "1.0.0_2.0.0")
    assert reported(run) == [wrong]
    repository.git("tag", "1.0.0_2.0.0_rc1")
    repository.git("tag", "1.0.0_2.0")
    repository.git("tag", "5.0.0")
    assert reported(run) == [wrong]
    repository.git("tag", "1.0.0_1.8.0")
    assert reported(run) == [
        'GL603 error: version "1.0.0_2.0.0" differs from that of the tags here, "1.0.0_1.9.0" and '
        '"1.0.0_1.8.0"'
    ]


def test_tag_of_another_branch_is_no_release_before_this(repository: Repository, run: Run) -> None:
    repository.git("switch", "--quiet", "--create", "next")
    repository.release("1.0.0_3.0.0")
    repository.git("switch", "--quiet", "main")
    repository.gear('"version": "1.0.0_2.0.1"')
    repository.commit()
    assert reported(run) == []
    (row,) = json.loads(run("version", "--json").stdout)
    assert (row["last_tag"], row["changed"]) == ("1.0.0_2.0.0", True)
    repository.gear()
    repository.commit()
    assert run("bump", "--gear").code == 0
    assert run("bump", "--to", "1.0.0_3.0.0").code == 2, "there is that tag"


@pytest.mark.parametrize(
    ("version", "old", "tags", "last", "new"),
    [
        # one part in tags of a version with two: the gear's, by the commit of the tag
        ("1.0.0_2.1.0", "1.0.0_2.0.0", ["1.9.0", "2.0.0"], "2.0.0", "2.1.1"),
        ("1.0.0_2.1.0", "1.0.0_2.0.0", ["v2.0.0"], "v2.0.0", "v2.1.1"),
        ("1.0.0_2.1.0", "1.0.0_2.0.0", ["my-gear-2.0.0"], "my-gear-2.0.0", "my-gear-2.1.1"),
        # else they are of a time before
        ("1.0.0_2.1.0", "2.0.0", ["2.0.0"], None, "1.0.0_2.1.1"),
        ("1.0.0_2.1.0", "1.0.0_2.0.0", ["1.0.0"], None, "1.0.0_2.1.1"),
        ("1.0.0_2.1.0", "1.0.0_2.0.0", ["5.0.0", "1.0.0_2.0.0"], "1.0.0_2.0.0", "1.0.0_2.1.1"),
        ("1.0.0_2.1.0", "1.0.0_2.0.0", ["2.0.0", "v1.0.0_2.0.0"], "v1.0.0_2.0.0", "v1.0.0_2.1.1"),
        # a version of one part
        ("2.1.0", "2.0.0", ["2.0.0"], "2.0.0", "2.1.1"),
        ("2.1.0", "2.0.0", ["v1.0.0", "2.0.0"], "2.0.0", "2.1.1"),
        ("2.1.0", "2.0.0", ["1.0.0", "v2.0.0"], "v2.0.0", "v2.1.1"),
    ],
)
def test_tags_that_are_releases_and_the_form_of_the_next(
    version: str, old: str, tags: list[str], last: str | None, new: str, tmp_path: Path, run: Run
) -> None:
    repository = Repository(tmp_path / "gear")
    for number, tag in enumerate(tags):
        repository.write("n", str(number))
        repository.gear(f'"version": "{old}"')
        repository.commit()
        repository.git("tag", tag)
    image = f'{{"gear-builder": {{"category": "qa", "image": "me/my-gear:{version}"}}}}'
    repository.gear(f'"version": "{version}",\n"custom": {image}')
    repository.commit()
    os.chdir(repository.directory)
    (row,) = json.loads(run("version", "--json").stdout)
    assert row["last_tag"] == last
    plan = run("bump", "--gear", "--dry-run", "--json")
    assert json.loads(plan.stdout)["tags"] == [new]


def test_changelog_without_the_version(repository: Repository, run: Run) -> None:
    for text in ("# 1.0.0_2.0.0\n", "## [2.0.0] - 2026-01-01\n", "Version v2.0.0:\n"):
        repository.write("CHANGELOG.md", text)
        assert not any(line.startswith("GL604") for line in reported(run))
    for text in ("", "# 12.0.0\n", "# 2.0.0.1\n", "# 2.0.0-rc1\n"):
        repository.write("CHANGELOG.md", text)
        assert 'GL604 warning: version "1.0.0_2.0.0" is not in CHANGELOG.md' in reported(run)


@pytest.mark.parametrize(
    ("version", "changelog", "is_missing"),
    [
        ("1.0.0_2.1.0-rc1", "## Unreleased\n- new\n## 2.0.0\n- old\n", False),
        ("1.0.0_2.1.0-rc1", "## [Unreleased]\n## [2.0.0]\n- old\n", False),
        ("1.0.0_2.1.0_rc1", "## Unreleased\n- new\n", False),
        ("1.0.0_2.1.0-rc1", "## 2.1.0-rc1\n- new\n", False),
        ("1.0.0_2.1.0-rc1", "## 2.0.0\n- still unreleased\n", True),
        ("1.0.0_2.1.0", "## Unreleased\n- new\n## 2.0.0\n- old\n", True),
    ],
)
def test_notes_of_a_pre_release_are_those_that_are_unreleased(
    version: str, changelog: str, is_missing: bool, repository: Repository, run: Run
) -> None:
    repository.write("CHANGELOG.md", changelog)
    repository.gear(members(version))
    outcome = run("check", "--select", "GL604")
    assert ("GL604" in outcome.stdout) == is_missing


def test_pre_release_that_a_bump_makes_passes_all_rules_of_releases(
    repository: Repository, run: Run
) -> None:
    repository.write("CHANGELOG.md", "## Unreleased\n- new\n## 2.0.0\n- old\n")
    repository.commit()
    assert run("bump", "--gear", "minor", "--pre").code == 0
    assert reported(run) == []


# --- silence


def test_nothing_is_said_outside_of_a_repository(tmp_path: Path, run: Run) -> None:
    Repository(tmp_path / "gear").gear()
    os.rename(tmp_path / "gear" / ".git", tmp_path / "elsewhere")
    assert reported(run, str(tmp_path / "gear")) == []


def test_nothing_is_said_before_the_first_commit_or_tag(tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "gear")
    directory = str(repository.gear())
    assert reported(run, directory) == []
    repository.commit()
    assert reported(run, directory) == []


@pytest.mark.parametrize("tags", ["--tags", "--no-tags"])
def test_shallow_clone_is_an_error(
    tags: str, repository: Repository, run: Run, tmp_path: Path
) -> None:
    if tags == "--no-tags":
        repository.commit("Another")
    url = f"file://{repository.directory}"
    repository.git("clone", "--quiet", "--depth=1", tags, url, "../shallow")
    outcome = run("version", "--json", tmp_path / "shallow")
    assert "run git fetch --unshallow --tags" in outcome.stderr
    (row,) = json.loads(outcome.stdout)
    assert (outcome.code, row["last_tag"], row["changed"]) == (0, None, None)
    outcome = run("check", "--select", "GL6", tmp_path / "shallow")
    assert outcome.code == 2
    assert outcome.stderr.count("run git fetch --unshallow --tags") == 1
    repository.git("-C", "../shallow", "fetch", "--quiet", "--unshallow", "--tags")
    assert reported(run, str(tmp_path / "shallow")) == []


def test_version_of_a_manifest_that_cannot_be_read(repository: Repository, run: Run) -> None:
    (repository.directory / "manifest.json").write_text("[")
    outcome = run("version")
    assert (outcome.code, outcome.stderr) == (
        0,
        "gearlint: manifest.json: cannot be read as a manifest: see gearlint check\n",
    )
    assert "version:   -" in outcome.stdout


def test_repository_that_git_refuses_is_an_error(repository: Repository, run: Run) -> None:
    repository.write(".git/config", "[core\n")
    outcome = run("check", "--select", "GL6")
    assert outcome.code == 2
    assert "gearlint: git " in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert run("check").code == 0


def test_nothing_of_the_repository_runs(
    repository: Repository, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho $0 >> {log}\ncat\n")
    program.chmod(0o755)
    repository.write(".gitattributes", "*.py filter=f diff=f text\n")
    repository.commit()
    for key in (
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "filter.f.clean",
        "filter.f.smudge",
        "filter.f.process",
        "diff.f.textconv",
        "diff.f.command",
        "diff.external",
        "gpg.program",
        "credential.helper",
        "core.alternateRefsCommand",
        "alias.ls-files",
    ):
        repository.git("config", key, str(program))
    repository.git("config", "extensions.partialClone", "origin")
    repository.git("config", "remote.origin.url", f"ssh://nowhere/{program}")
    repository.git("config", "remote.origin.promisor", "true")
    hooks = repository.directory / ".git" / "hooks"
    for name in ("post-index-change", "reference-transaction", "pre-commit", "fsmonitor-watchman"):
        hooks.mkdir(exist_ok=True)
        (hooks / name).symlink_to(program)
    monkeypatch.setenv("GIT_SSH", str(program))
    repository.write("run.py", SCRIPT + "# new\n")
    repository.write("Dockerfile", "# new\n" + DOCKERFILE)
    index = (repository.directory / ".git" / "index").read_bytes()
    assert len(reported(run)) == 1
    assert json.loads(run("version", "--json").stdout)[0]["changed"] is True
    assert not log.exists()
    assert (repository.directory / ".git" / "index").read_bytes() == index


# --- tags


@pytest.mark.parametrize(
    ("tags", "form"),
    [
        (["1.4.3_23.0.1", "1.4.2_23.0.1"], TagForm()),
        (["v1.0.0_0.9.0", "1.0.0"], TagForm("v")),
        (["2.0.0_rc1", "v1.9.0"], TagForm()),
        (["user-management/4.4.3"], TagForm("user-management/")),
        (["user-management-4.4.3", "4.4.2"], TagForm("user-management-")),
        (["latest", "x/1.0", "release", "v", "vendor-1.0"], TagForm()),
        ([], TagForm()),
    ],
)
def test_form_of_tags_in_the_wild(tags: list[str], form: TagForm) -> None:
    assert Naming("user-management").form_in_use(tags) == form


@pytest.mark.parametrize(
    ("tags", "before"),
    [
        (["qc-extra/2.0", "qc/1.0"], "qc/"),
        (["qc-extra-2.0", "1.0"], "qc-"),
        (["qc-extra/v2.0"], "qc/v"),
        (["3.0", "v2.0"], "qc/"),
        ([], "qc/"),
    ],
)
def test_form_beside_other_gears(tags: list[str], before: str) -> None:
    version = GearVersion("1.0", "gear")
    form = Naming("qc", ["qc-extra", "new"], is_alone=False).form_in_use(tags)
    assert form == TagForm(before)
    assert form.tag(version) == f"{before}1.0"


def test_v_of_the_version_is_not_of_the_form() -> None:
    form = Naming("x", has_v=True).form_in_use(["v1.0.0_0.9.0"])
    assert form.before == ""
    assert form.version_in("v1.0.0_0.9.0") == "v1.0.0_0.9.0"


# --- histories of public gears: their names, versions and newest tags

HISTORIES = json.loads((Path(__file__).parents[1] / "histories.json").read_text())


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history["repository"])
def test_form_and_last_release_of_public_gears(
    history: dict[str, Any], tmp_path: Path, run: Run
) -> None:
    repository = Repository(tmp_path / "replayed")
    stream = []
    for number, tag in enumerate(reversed(history["tags"])):
        who = f"committer A <a@example.org> {1_600_000_000 + number} +0000"
        stream.append(
            f"commit refs/heads/main\n{who}\ndata 0\n\nreset refs/tags/{tag}\nfrom refs/heads/main\n"
        )
    subprocess.run(
        ["git", "fast-import", "--quiet"],
        cwd=repository.directory,
        check=True,
        input="\n".join(stream),
        text=True,
    )
    for name in history["others"]:
        repository.gear(f'"name": "{name}"', f"gears/{name}")
    version = history["version"]
    image = f'"custom": {{"gear-builder": {{"category": "qa", "image": "me/x:{version}"}}}}'
    members = f'"name": "{history["gear"]}",\n"version": "{version}",\n{image}'
    gear = repository.gear(members, "gears/own" if history["others"] else ".")
    repository.commit()
    (row,) = json.loads(run("version", "--json", gear).stdout)
    assert row["last_tag"] == history["last"]
    plan = run("bump", "--dry-run", "--json", "--to", "99.0.0", gear)
    assert json.loads(plan.stdout)["tags"] == [f"{history['form']}99.0.0"]
