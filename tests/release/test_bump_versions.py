"""`gearlint bump`, on real git repositories: which version comes next."""

import json
import os
from pathlib import Path

import pytest

from tests.conftest import Outcome, Run
from tests.release.bumping import members, refused, version_of
from tests.repositories import Repository
from tests.sound import DOCKERFILE, SCRIPT

pytestmark = pytest.mark.usefixtures("own_git_configuration", "_today")


@pytest.mark.parametrize(
    ("old", "options", "new"),
    [
        ("1.0.0_2.0.0", ["--gear"], "1.0.0_2.0.1"),
        ("1.0.0_2.0.9", ["--gear", "patch"], "1.0.0_2.0.10"),
        ("1.0.0_2.3.4", ["--gear", "minor"], "1.0.0_2.4.0"),
        ("1.0.0_2.3.4", ["--gear", "major"], "1.0.0_3.0.0"),
        ("1.0.0_2.3", ["--gear", "minor"], "1.0.0_2.4"),
        ("1.0.0_2.3", ["--gear"], "1.0.0_2.3.1"),
        ("1.0.0_2.3.4", ["--gear", "2.5.0"], "1.0.0_2.5.0"),
        ("1.0.0_2.3.4", ["--software", "1.1.0"], "1.1.0_2.3.4"),
        ("1.0.0_2.3.4", ["--software", "1.1.0", "--gear"], "1.1.0_2.3.5"),
        ("24.0.07_1.0.0", ["--gear"], "24.0.07_1.0.1"),
        ("6.0.1-5_1.0.0", ["--software", "6.0.1-6"], "6.0.1-6_1.0.0"),
        ("20230220_1.0.0", ["--gear", "minor"], "20230220_1.1.0"),
        ("1.2.3", ["--gear"], "1.2.4"),
        ("2.1.3_24.0.2_inc1.0", ["--gear"], "2.1.3_24.0.3_inc1.0"),
        ("1.0.0_2.0.0", ["--to", "1.1.0_2.0.0"], "1.1.0_2.0.0"),
        ("1.0.0_2.0.0", ["--to", "1.0.0_2.1.0_rc1"], "1.0.0_2.1.0_rc1"),
        ("1.0.0_2.1.0_rc1", ["--to", "1.0.0_2.1.0"], "1.0.0_2.1.0"),
    ],
)  # fmt: skip
def test_next_version(
    old: str,
    options: list[str],
    new: str,
    tmp_path: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository = Repository(tmp_path / "gear")
    monkeypatch.chdir(repository.directory)
    repository.gear(members(old))
    repository.commit()
    outcome = run("bump", *options)
    assert outcome.code == 0, outcome.stderr
    assert version_of(repository.directory) == (new, f"me/my-gear:{new}")
    assert repository.tags == [new]
    assert repository.git("status", "--porcelain") == ""
    assert repository.git("log", "-1", "--format=%s") == f"Release my-gear {new}"
    assert repository.git("cat-file", "-t", new) == "tag"
    assert run("check", "--ignore", "GL204,GL210", "--extend-select", "GL6").code == 0


def test_parts_in_the_other_order(repository: Repository, run: Run) -> None:
    repository.write("gearlint.toml", 'version-format = "gear_software"\n')
    repository.commit()
    assert run("bump", "--gear", "minor").code == 0
    assert version_of(repository.directory)[0] == "1.1.0_2.0.0"
    assert run("bump", "--software", "2.1.0").code == 0
    assert version_of(repository.directory)[0] == "1.1.0_2.1.0"


OTHERS = [  # gear's part first: the Dockerfile has the version of the other
    ("0.0.11_0.8.0", "FROM pennbbl/qsiprep:0.8.0", "qsiprep 0.8.0"),
    ("0.0.11_0.8.0", "FROM pennbbl/qsiprep:0.8.0-gpu AS base\nFROM python:3.11", "qsiprep 0.8.0"),
    ("0.0.11_0.8.0", "FROM python:3.11\nENV QSIPREP_VERSION 0.8.0", "QSIPREP_VERSION 0.8.0"),
    ("0.0.11_0.8.0", "FROM python:3.11\nARG qsiprep_version=v0.8.0", "qsiprep_version v0.8.0"),
    ("0.0.11_0.8.0_inc1.0", "FROM pennbbl/qsiprep:0.8.0", "qsiprep 0.8.0"),
    ("0.8.0", "FROM pennbbl/qsiprep:0.8.0", "qsiprep 0.8.0"),
]


@pytest.mark.parametrize(("version", "lines", "named"), OTHERS)
@pytest.mark.parametrize("options", [["--gear"], ["--gear", "9.0.0"]])
def test_part_that_is_the_softwares_is_not_raised(
    version: str, lines: str, named: str, options: list[str], repository: Repository, run: Run
) -> None:
    repository.gear(members(version))
    repository.write("Dockerfile", DOCKERFILE.replace("FROM python:3.11", lines))
    repository.commit()
    before = repository.state
    outcome = run("bump", *options)
    assert outcome.code == 2
    part = version.split("_")[:2][-1]
    assert outcome.stderr == (
        f'gearlint: manifest.json: the gear\'s part "{part}" of version "{version}" seems to be '
        f"the software's, as the Dockerfile has {named}: name the next with --to VERSION, or set "
        "version-format\n"
    )
    assert repository.state == before
    assert run("bump", "--to", "9.0.0_9.0.0").code == 0


@pytest.mark.parametrize(
    ("version", "lines", "settings", "new"),
    [
        ("0.0.11_0.8.0", "pennbbl/qsiprep:0.8.0", "gear_software", "0.0.12_0.8.0"),
        ("0.0.11_0.8.0", "pennbbl/qsiprep:0.8.0", "software_gear", "0.0.11_0.8.1"),
        ("0.8.0", "pennbbl/qsiprep:0.8.0", "gear", "0.8.1"),
        ("0.8.0_1.2.0", "pennbbl/qsiprep:0.8.0\nENV POETRY_VERSION=1.2.0", "", "0.8.0_1.2.1"),
        ("0.8.0_0.8.0", "pennbbl/qsiprep:0.8.0", "", "0.8.0_0.8.1"),
        ("0.8.0_1.2.0", "python:3.11\nENV GEAR_VERSION=1.2.0", "", "0.8.0_1.2.1"),
        ("0.8.0_1.2.0", "python:3.11\nENV MY_GEAR_VERSION=1.2.0", "", "0.8.0_1.2.1"),
        ("0.8.0_1.2.0", "pennbbl/qsiprep:1.2", "", ""),  # 1.2 is 1.2.0
        ("0.8.0_1.2.0", "pennbbl/qsiprep:1.2.1", "", "0.8.0_1.2.1"),
        ("0.8.0_1.2.0", "python:3.11\nENV VERSION=1.2.0", "", "0.8.0_1.2.1"),
        ("0.8.0_1.2.0", "python:3.11\nENV QSIPREP=1.2.0", "", "0.8.0_1.2.1"),
    ],
)
def test_part_that_is_the_gears_is_raised(
    version: str, lines: str, settings: str, new: str, repository: Repository, run: Run
) -> None:
    repository.gear(members(version))
    repository.write("Dockerfile", DOCKERFILE.replace("python:3.11", lines))
    if settings:
        repository.write("gearlint.toml", f'version-format = "{settings}"\n')
    repository.commit()
    repository.git("tag", "--delete", *repository.tags)
    outcome = run("bump", "--gear")
    assert outcome.code == (0 if new else 2), outcome.stderr
    assert version_of(repository.directory)[0] == (new or version)


CANNOT = [
    "20230220", "6.0.1-5", "v1.1.0", "24.0.07", "1.2.3.4", "1.0.20240930", "2", "2024.12", "2024.12.1", "v2",
    "1.0.0-rc1-fix", "x", "1.0.0inc",
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "level", "new"),
    [
        ("v1.0.0_v1.1.0", "patch", "v1.0.0_v1.1.1"),
        ("v1.0.0", "minor", "v1.1.0"),
        ("2.1.4_inc0.2", "minor", "2.1.4_inc0.3"),
        ("inc0.2", "minor", "inc0.3"),
        ("inc0.2.1", "patch", "inc0.2.2"),
        ("v1.0", "patch", "v1.0.1"),
        ("1.0.0_inc1.0rc2", "patch", "1.0.0_inc1.0"),
        ("1.0.0_1.0rc1", "patch", "1.0.0_1.0"),
        ("1.0.0-rc1", "patch", "1.0.0"),
        ("1.0.0-rc.1", "patch", "1.0.0"),
        ("1.0.0_rc1", "patch", "1.0.0"),
        ("1.0.0_2.1.0_rc1", "patch", "1.0.0_2.1.0"),
        ("1.0.0_2.1.0-beta", "minor", "1.0.0_2.1.0"),
        ("1.0.0_2.1.1-beta", "minor", "1.0.0_2.2.0"),
        ("1.0.0_2.1.0-beta", "major", "1.0.0_3.0.0"),
        ("1.0.0_3.0.0-dev", "major", "1.0.0_3.0.0"),
        ("1.0.0-rc1_2.0.0", "patch", "1.0.0-rc1_2.0.1"),
    ],
)
def test_what_comes_next_is_clear(
    old: str, level: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    repository = Repository(tmp_path / "gear")
    monkeypatch.chdir(repository.directory)
    repository.gear(members(old))
    repository.commit()
    outcome = run("bump", "--gear", level)
    assert outcome.code == 0, outcome.stderr
    assert version_of(repository.directory)[0] == new
    said = f'Flywheel sorts the pre-release "{old}" after it (GL210)' in outcome.stderr
    assert said == old.startswith(new)


@pytest.mark.parametrize(
    ("old", "tags", "options", "new"),
    [
        ("1.0.0_2.0.0", [], ["--gear", "minor"], "1.0.0_2.1.0-rc1"),
        ("1.0.0_2.0.0", [], ["--gear"], "1.0.0_2.0.1-rc1"),
        ("1.0.0_2.1.0-rc1", [], [], "1.0.0_2.1.0-rc2"),
        ("1.0.0_2.1.0-rc9", [], ["--gear", "minor"], "1.0.0_2.1.0-rc10"),
        ("1.0.0_2.1.1-rc1", [], ["--gear", "minor"], "1.0.0_2.2.0-rc1"),
        ("1.0.0_2.1.0_rc1", [], [], "1.0.0_2.1.0_rc2"),
        ("1.0.0_2.1.0rc1", [], [], "1.0.0_2.1.0rc2"),
        ("1.0.0_2.1.0-rc.1", [], [], "1.0.0_2.1.0-rc.2"),
        ("1.0.0_2.1.0-beta", [], [], "1.0.0_2.1.0-beta2"),
        ("1.0.0_2.0.0", ["1.0.0_1.0.0_rc3"], ["--gear"], "1.0.0_2.0.1_rc1"),
        ("1.0.0_2.0.0", ["v1.0.0_1.0.0-rc.3"], ["--gear"], "1.0.0_2.0.1-rc.1"),
        ("1.0.0_2.0.0", ["1.0.0_1.0.0rc3", "x-rc.1"], ["--gear"], "1.0.0_2.0.1rc1"),
        ("1.0.0", ["0.9.0-beta.1"], ["--gear", "major"], "2.0.0-beta.1"),
    ],
)
def test_pre_release_in_the_form_of_the_history(
    old: str, tags: list[str], options: list[str], new: str, tmp_path: Path, run: Run
) -> None:
    repository = Repository(tmp_path / "gear")
    repository.gear(members(old))
    repository.commit()
    for tag in tags:
        repository.git("tag", tag)
    os.chdir(repository.directory)
    outcome = run("bump", "--pre", *options)
    assert outcome.code == 0, outcome.stderr
    assert version_of(repository.directory)[0] == new
    assert f'"{new}" is a pre-release, but sorts after its release (GL210)' in outcome.stderr
    assert run("bump", "--gear").code == 0
    assert new.startswith(version_of(repository.directory)[0])


def test_pre_release_of_a_gear_first_version_and_of_tags_with_the_gears_part(
    repository: Repository, run: Run
) -> None:
    repository.write("gearlint.toml", 'version-format = "gear_software"\n')
    repository.commit()
    assert run("bump", "--pre", "--gear").code == 0
    assert version_of(repository.directory)[0] == "1.0.1-rc1_2.0.0"
    assert run("bump", "--pre").code == 0
    assert version_of(repository.directory)[0] == "1.0.1-rc2_2.0.0"
    assert run("bump", "--gear").code == 0
    assert version_of(repository.directory)[0] == "1.0.1_2.0.0"
    repository.git("tag", "1.0.0_1.9.9_rc1")
    settings = 'version-format = "software_gear"\ntag-format = "{gear}"\n'
    repository.write("gearlint.toml", settings)
    repository.commit()
    assert run("bump", "--pre", "--gear").code == 0
    assert "2.0.1-rc1" in repository.tags


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "is not a pre-release: say which is the next with --gear major, minor or patch"),
        (["--gear", "3.0.0"], "--pre makes a version itself: give --gear major, minor or patch"),
        (["--to", "1.0.0_3.0.0"], "--pre makes a version itself"),
        (["--software", "1.1.0"], "is not a pre-release: say which is the next"),
    ],
)
def test_pre_release_of_nothing(
    options: list[str], said: str, repository: Repository, run: Run
) -> None:
    outcome = run("bump", "--pre", *options)
    assert (outcome.code, said in outcome.stderr) == (2, True)


def bumped_after_changes(repository: Repository, run: Run) -> Outcome:
    """What `bump --gear --changed` says where both gears, a and b, have changed."""
    os.chdir(repository.directory)
    for name in "ab":
        repository.write(f"gears/{name}/run.py", SCRIPT + "# new\n")
    repository.commit()
    outcome = run("bump", "--gear", "--changed")
    assert outcome.code == 0
    return outcome


def test_gear_that_cannot_be_raised_does_not_hold_up_others(tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "mono")
    repository.release("1.0.0_2", "a/1.0.0_2", "gears/a", "a")
    repository.release("1.0.0_2.0.0", "b/1.0.0_2.0.0", "gears/b", "b")
    outcome = bumped_after_changes(repository, run)
    assert "gearlint bump --to VERSION gears/a; left as it is" in outcome.stderr
    assert "b/1.0.0_2.0.1" in repository.tags
    assert version_of(repository.directory / "gears" / "a")[0] == "1.0.0_2"


def test_gear_whose_parts_are_not_clear_does_not_hold_up_others(tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "mono")
    for version in ("1.0.0_2.0.0", "1.1.0_2.0.0"):  # the first part moves alone
        repository.release(version, f"a/{version}", "gears/a", "a")
    repository.release("1.0.0_2.0.0", "b/1.0.0_2.0.0", "gears/b", "b")
    outcome = bumped_after_changes(repository, run)
    assert "set version-format in gearlint.toml; left as it is" in outcome.stderr
    assert repository.tags == [
        "a/1.0.0_2.0.0", "a/1.1.0_2.0.0", "b/1.0.0_2.0.0", "b/1.0.0_2.0.1",
    ]  # fmt: skip
    refused(run("bump", "--gear", "gears/a"), "which of its parts is the gear's is not clear")


@pytest.mark.parametrize("part", CANNOT)
def test_what_cannot_be_raised_is_said(part: str, repository: Repository, run: Run) -> None:
    repository.gear(members(f"1.0.0_{part}"))
    repository.commit()
    before = repository.state
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert f'"{part}" of version "1.0.0_{part}" is not MAJOR.MINOR.PATCH' in outcome.stderr
    assert "--to VERSION" in outcome.stderr
    assert repository.state == before
    if part == "x":
        assert "set version-format" not in outcome.stderr
        return
    assert 'if "1.0.0" is the gear\'s part, set version-format = "gear_software"' in outcome.stderr
    repository.write("gearlint.toml", 'version-format = "gear_software"\n')
    repository.commit()
    assert run("bump", "--gear").code == 0
    assert version_of(repository.directory)[0] == f"1.0.1_{part}"


@pytest.mark.parametrize("version", ["inc0.2", "2.1.4_inc0.2"])
def test_part_that_is_counted_by_two_numbers(
    version: str, repository: Repository, run: Run
) -> None:
    repository.gear(members(version))
    repository.commit()
    outcome = run("bump", "--gear")
    refused(outcome, 'part "inc0.2"', "cannot be raised: give --gear minor, or name the next with")


@pytest.mark.parametrize(
    ("version", "settings"),
    [
        ("2024.12", ""),
        ("2024.12_6.0.1-5", ""),
        ("1.0.0_2024.12", 'version-format = "software_gear"\n'),
    ],
)
def test_other_part_is_named_only_where_it_may_be_the_gears(
    version: str, settings: str, repository: Repository, run: Run
) -> None:
    repository.gear(members(version))
    repository.write("gearlint.toml", settings)
    repository.commit()
    outcome = run("bump", "--gear")
    refused(outcome, "cannot be raised: name the next with gearlint bump --to VERSION .")


def test_version_of_thousands_of_digits(repository: Repository, run: Run) -> None:
    repository.gear('"version": "1.0.' + "9" * 5000 + '",\n"custom": {}')
    repository.commit()
    outcome = run("bump", "--gear", "patch", "--dry-run")
    assert (outcome.code, len(outcome.stderr.splitlines())) == (2, 1)
    assert "has no version that can be raised: see gearlint check" in outcome.stderr
    assert "internal error" not in run("version").stderr
    assert "internal error" not in run("check", "--select", "ALL").stderr


def test_pre_release_gets_the_warning_of_its_rule(repository: Repository, run: Run) -> None:
    outcome = run("bump", "--to", "1.0.0_2.1.0_rc1")
    assert outcome.code == 0
    assert (
        '"1.0.0_2.1.0_rc1" is a pre-release, but sorts after its release (GL210)' in outcome.stderr
    )


def test_pre_release_tags_are_not_releases(repository: Repository, run: Run) -> None:
    assert run("bump", "--to", "1.0.0_3.0.0_rc1").code == 0
    assert json.loads(run("version", "--json").stdout)[0]["last_tag"] == "1.0.0_2.0.0"
    assert run("bump", "--to", "1.0.0_2.5.0").code == 0


def test_what_flywheel_cannot_compare_is_compared_part_by_part(
    repository: Repository, run: Run
) -> None:
    repository.release("1.0.4_v1.1.0")
    outcome = run("bump", "--to", "1.0.4_1.2.0")
    assert outcome.code == 0
    assert 'Flywheel cannot compare "1.0.4_1.2.0" with the newest release' in outcome.stderr
    outcome = run("bump", "--to", "1.0.4_v1.1.9")
    assert outcome.code == 2
    assert 'does not sort above the newest release "1.0.4_1.2.0"' in outcome.stderr


def test_version_that_is_not_of_the_format_that_was_set(repository: Repository, run: Run) -> None:
    repository.write("gearlint.toml", 'version-format = "software_gear"\n')
    repository.commit()
    before = repository.state
    outcome = run("bump", "--to", "1.0.0_next")
    assert outcome.code == 2
    assert 'has the gear part "next", which does not start with a number' in outcome.stderr
    assert repository.state == before
