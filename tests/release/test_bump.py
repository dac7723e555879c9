"""`gearlint bump` and `gearlint version`, on real git repositories: tags, options, monorepos."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.release.bumping import TODAY, bumped, members, refused, version_of
from tests.repositories import Repository
from tests.sound import SCRIPT, manifest_text

pytestmark = pytest.mark.usefixtures("own_git_configuration", "_today")


# --- tags


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.0.0_2.0.0", "1.0.0_2.0.1"),
        ("v1.0.0_2.0.0", "v1.0.0_2.0.1"),
        ("my-gear/1.0.0_2.0.0", "my-gear/1.0.0_2.0.1"),
        ("my-gear-1.0.0_2.0.0", "my-gear-1.0.0_2.0.1"),
        ("my-gear/v1.0.0_2.0.0", "my-gear/v1.0.0_2.0.1"),
        ("something", "1.0.0_2.0.1"),
    ],
)
def test_form_of_the_tag_is_that_of_the_last(
    old: str, new: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path / "gear")
    monkeypatch.chdir(repository.directory)
    repository.release("1.0.0_2.0.0", old)
    assert run("bump", "--gear").code == 0
    assert repository.tags == sorted([old, new])


@pytest.mark.parametrize(
    ("form", "tag"),
    [
        ("v{version}", "v1.0.0_2.0.1"),
        ("{name}@{version}", "my-gear@1.0.0_2.0.1"),
        ("release/{gear}", "release/2.0.1"),
    ],
)
def test_form_of_the_tag_by_the_settings(
    form: str, tag: str, repository: Repository, run: Run
) -> None:
    repository.write("gearlint.toml", f'tag-format = "{form}"\n')
    repository.commit()
    assert run("bump", "--gear").code == 0
    assert repository.tags == sorted(["1.0.0_2.0.0", tag])
    assert json.loads(run("version", "--json").stdout)[0]["last_tag"] == tag


@pytest.mark.parametrize(
    ("other", "tags", "form", "said"),
    [
        ("other", ["1.0.0_2.0.0"], "", '"{version}"'),
        ("other", ["v1.0.0_2.0.0"], "", '"v{version}"'),
        ("other", ["other-1.0.0", "1.0.0_2.0.0"], "", '"{version}"'),
        # what is left alone
        ("", ["1.0.0_2.0.0"], "", ""),
        ("", ["v1.0.0_2.0.0"], "", ""),
        ("other", [], "", ""),
        ("other", ["1.0.0_1.9.0"], "", ""),
        ("other", ["1.0.0_2.0.0", "my-gear/1.0.0_1.9.0"], "", ""),
        ("other", ["1.0.0_2.0.0"], "{name}/{version}", ""),
    ],
)
@pytest.mark.parametrize("command", ["bump", "tag"])
def test_tag_without_a_name_beside_other_gears(
    command: str,
    other: str,
    tags: list[str],
    form: str,
    said: str,
    tmp_path: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository = Repository(tmp_path)
    monkeypatch.chdir(repository.gear(members("1.0.0_2.0.0"), "gear"))
    if other:
        repository.gear(f'"name": "{other}"', other)
    if form:
        repository.write("gear/gearlint.toml", f'tag-format = "{form}"\n')
    repository.commit()
    for tag in tags:
        repository.git("tag", tag)
    outcome = run(command, *(["--gear"] if command == "bump" else []), "--dry-run")
    wanted = "is not taken for its release, as there are other gears: for more of this form, set "
    assert (wanted in outcome.stderr) is bool(said)
    assert not said or f"tag-format = {said} in" in outcome.stderr


def test_part_that_only_makes_a_pre_release_is_none_of_the_gears(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path / "gear")
    monkeypatch.chdir(repository.directory)
    repository.gear(members("1.0.0_rc1"))
    repository.write("gearlint.toml", 'tag-format = "{gear}"\n')
    repository.commit()
    (row,) = json.loads(run("version", "--json").stdout)
    assert (row["software"], row["gear"], row["extra"]) == (None, "1.0.0", ["rc1"])
    refused(run("bump", "--software", "2.0.0"), "has no part for the software")
    assert run("tag").code == run("bump", "--pre").code == run("bump", "--gear").code == 0
    assert repository.tags == ["1.0.0", "1.0.0_rc1", "1.0.0_rc2"]


FIRST_OF_TWO = [
    # (tags, version, the setting tag-format, the next tag, "" where it is refused)
    (["v0.6.7", "v0.6.8"], "1.0.0_0.9.0", "", ""),
    (["my-gear/v0.6.8"], "1.0.0_0.9.0", "", ""),
    (["v0.6.8"], "1.0.0_v0.9.0", "", ""),
    (["v0.6.8"], "1.0.0_0.9.0_rc1", "", ""),
    (["v0.6.8"], "1.0.0_0.9.0", "v{version}", "v1.0.0_0.9.0"),
    (["v0.6.8"], "1.0.0_0.9.0", "{version}", "1.0.0_0.9.0"),
    (["v0.6.8", "v0.9.0_0.9.0"], "1.0.0_0.9.0", "", "v1.0.0_0.9.0"),
    (["0.6.8"], "1.0.0_0.9.0", "", "1.0.0_0.9.0"),
    (["my-gear/0.6.8"], "1.0.0_0.9.0", "", "my-gear/1.0.0_0.9.0"),
    (["v0.6.8"], "1.0.0", "", "v1.0.0"),
    (["v0.6.8"], "1.0.0_rc1", "", "v1.0.0_rc1"),
    ([], "1.0.0_0.9.0", "", "1.0.0_0.9.0"),
]


@pytest.mark.parametrize(("tags", "version", "form", "tag"), FIRST_OF_TWO)
@pytest.mark.parametrize("command", ["bump", "tag"])
def test_first_version_with_two_parts(
    command: str,
    tags: list[str],
    version: str,
    form: str,
    tag: str,
    tmp_path: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository = Repository(tmp_path / "gear")
    monkeypatch.chdir(repository.directory)
    repository.write("gearlint.toml", f'tag-format = "{form}"\n' if form else "")
    repository.gear(members("0.6.8"))
    repository.commit()
    for each in tags:
        repository.git("tag", each)
    if command == "tag":
        repository.gear(members(version))
        repository.commit()
    outcome = run("tag") if command == "tag" else run("bump", "--to", version)
    if tag:
        assert (outcome.code, repository.tags) == (0, sorted([*tags, tag])), outcome.stderr
    else:
        refused(outcome, f'"{version}" is the first with two parts', 'v{version}" in gearlint.toml')
        assert repository.tags == tags


@pytest.mark.parametrize("form", ["a b/{version}", "-{version}", "a..{version}", "{version}.lock"])
def test_form_that_git_does_not_take(form: str, repository: Repository, run: Run) -> None:
    repository.write("gearlint.toml", f'tag-format = "{form}"\n')
    repository.commit()
    for options in ([], ["--dry-run"]):
        outcome = run("bump", "--gear", *options)
        assert outcome.code == 2
        assert "cannot be the name of a tag: set another tag-format" in outcome.stderr
    assert run("bump", "--gear", "--no-tag").code == 0


def test_nothing_that_is_printed_is_a_command_to_the_runner_of_github(
    repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    repository.write("gearlint.toml", 'tag-format = "{version}"\n')
    repository.gear(members("1.0.0_2.0.0", name="::add-mask::x"))
    repository.commit()
    repository.hook("pre-commit", "printf '::warning::\\tx\\n'; exit 1")
    outcomes = [run("version"), run("bump", "--gear")]
    (repository.directory / ".git" / "hooks" / "pre-commit").unlink()
    outcomes += [run("bump", "--gear"), run("tag"), run("version", "--verbose")]
    assert [outcome.code for outcome in outcomes] == [0, 2, 0, 0, 0]
    text = "".join(outcome.stdout + outcome.stderr for outcome in outcomes)
    assert "add-mask" in text
    assert "warning" in text
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]


def test_messages(repository: Repository, run: Run) -> None:
    message = "chore: {gear} {} {X} {a-b} {version"
    assert run("bump", "--gear", "--message", message, "--tag-message", "{date}").code == 0
    subject = "chore: 2.0.1 {} {X} {a-b} {version"
    assert repository.git("log", "-1", "--format=%B") == subject
    assert repository.git("tag", "--list", "--format=%(contents:subject)", "1.0.0_2.0.1") == TODAY


# --- options


def test_dry_run_shows_the_plan_and_a_diff_that_applies(repository: Repository, run: Run) -> None:
    before = repository.state
    outcome = run("bump", "--gear", "--dry-run")
    assert outcome.code == 0
    assert repository.state == before
    plan, _, difference = outcome.stdout.partition("\n\n")
    assert plan.splitlines() == [
        "my-gear: 1.0.0_2.0.0 -> 1.0.0_2.0.1",
        "parts: <software>_<gear>, as neither tags nor Dockerfile show the order",
        "files: manifest.json",
        "commit: Release my-gear 1.0.0_2.0.1",
        "tag: 1.0.0_2.0.1",
    ]
    subprocess.run(["git", "apply"], input=difference, text=True, check=True)
    assert version_of(repository.directory)[0] == "1.0.0_2.0.1"


def test_plan_as_json(repository: Repository, run: Run) -> None:
    outcome = run("bump", "--gear", "--dry-run", "--json")
    assert json.loads(outcome.stdout) == {
        "dry_run": True,
        "gears": [
            {
                "name": "my-gear",
                "directory": ".",
                "old": "1.0.0_2.0.0",
                "new": "1.0.0_2.0.1",
                "order": {
                    "format": "software_gear",
                    "from": "default",
                    "reason": "neither tags nor Dockerfile show the order",
                },
                "notes": [],
            }
        ],
        "files": ["manifest.json"],
        "commit": "Release my-gear 1.0.0_2.0.1",
        "tags": ["1.0.0_2.0.1"],
        "pushed": [],
    }


@pytest.mark.parametrize(
    ("here", "directory", "manifest"),
    [
        (".", "gears/qc", "gears/qc/manifest.json"),
        ("gears", "qc", "qc/manifest.json"),
        ("gears/qc", ".", "manifest.json"),
        ("docs", "{top}/gears/qc", "{top}/gears/qc/manifest.json"),
    ],
)
def test_paths_in_json_are_those_of_check(
    here: str,
    directory: str,
    manifest: str,
    monorepo: Repository,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    top = monorepo.directory
    (top / "docs").mkdir()
    monkeypatch.chdir(top / here)
    gear = os.path.relpath(top / "gears/qc")
    bump = json.loads(run("bump", "--gear", "--dry-run", "--json", gear).stdout)
    tag = json.loads(run("tag", "--dry-run", "--json", gear).stdout)
    version = json.loads(run("version", "--json", gear).stdout)
    found = [bump["gears"][0]["directory"], tag["gears"][0]["directory"], version[0]["directory"]]
    assert found == [directory.format(top=top)] * 3
    assert bump["files"] == [manifest.format(top=top)]


def test_no_commit_changes_the_files_alone(repository: Repository, run: Run) -> None:
    head = repository.git("rev-parse", "HEAD")
    assert run("bump", "--gear", "--no-commit").code == 0
    assert repository.git("rev-parse", "HEAD") == head
    assert repository.tags == ["1.0.0_2.0.0"]
    assert repository.git("status", "--porcelain") == "M manifest.json"


def test_no_tag(repository: Repository, run: Run) -> None:
    assert run("bump", "--gear", "--no-tag").code == 0
    assert repository.tags == ["1.0.0_2.0.0"]
    assert repository.git("log", "-1", "--format=%s") == "Release my-gear 1.0.0_2.0.1"


def test_allow_dirty_commits_the_changed_files_alone(repository: Repository, run: Run) -> None:
    repository.write("run.py", SCRIPT + "# other\n")
    repository.write("staged.txt", "staged")
    repository.git("add", "staged.txt")
    assert run("bump", "--gear", "--allow-dirty").code == 0
    assert repository.git("show", "--format=", "--name-only", "HEAD") == "manifest.json"
    assert repository.git("status", "--porcelain").splitlines() == ["M run.py", "A  staged.txt"]


def test_word_after_gear_that_is_not_a_level_is_the_path(repository: Repository, run: Run) -> None:
    assert run("bump", "--gear", ".").code == 0
    assert run("bump", "--gear", "minor", repository.directory).code == 0
    assert run("bump", repository.directory / "manifest.json", "--gear").code == 0
    assert version_of(repository.directory)[0] == "1.0.0_2.1.1"
    outcome = run("bump", "--gear", "minr", ".")
    assert outcome.code == 2
    assert outcome.stderr == (
        'gearlint: --gear "minr": expected major, minor, patch, a version, or the path of a gear\n'
    )


@pytest.mark.parametrize(
    ("options", "reported"),
    [
        ([], "say what is new"),
        (["--to", "2", "--gear"], "--to names the whole version"),
        (["--changed", "--software", "2"], "--changed bumps several gears"),
        (["--changed", "--gear", "2.0.0"], "--changed bumps several gears"),
        (["--gear", "1_2"], '"1_2" is not a single part: --to takes a whole version'),
        (["--software", "1_2"], '"1_2" is not a single part'),
        (["--to", "a+b"], '"a+b" cannot be the tag of an image'),
        (["--to", "1.0.0__2"], '"1.0.0__2" has an empty part'),
        (["--to", "next"], '"next" does not start with a number'),
        (["--to", "1" * 101], "has over 100 characters"),
        (["--to", "1.0.0_2.0.0"], 'the tag "1.0.0_2.0.0" exists already: name a higher version'),
        (
            ["--gear", ""],
            '--gear "": expected major, minor, patch, a version, or the path of a gear',
        ),
        (["--to", ""], '--to "": expected a version'),
        (["--gear", "--software", ""], '--software "": expected a version'),
        (["minor"], "minor: no such file or directory: did you mean --gear minor?"),
        (["1.0.0_2.1.0"], "did you mean --to 1.0.0_2.1.0?"),
        (["--gear", "--push", "--no-commit"], "--push has nothing to push"),
        (
            ["--gear", "--message", "{name} {versoin}"],
            "--message has {versoin}, expected {version}, {software}, {gear}, {name} or {date}",
        ),
        (["--gear", "--tag-message", "{nme} {x}"], "--tag-message has {nme}, expected {version}, "),
        (["--gear", "--push"], "there is no remote to push to: git remote add origin URL"),
        (
            ["--gear", "--push", "--dry-run"],
            "there is no remote to push to: git remote add origin URL",
        ),
        (
            ["--gear", "nothing"],
            '--gear "nothing": expected major, minor, patch, a version, or the path of a gear',
        ),
        (["nothing", "--gear"], "nothing: no such file or directory"),
    ],
)
def test_options_that_are_refused(
    options: list[str], reported: str, repository: Repository, run: Run
) -> None:
    before = repository.state
    outcome = run("bump", *options)
    assert outcome.code == 2
    assert reported in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert repository.state == before


# --- monorepos


@pytest.mark.parametrize("place", ["", "deep"])
def test_gear_with_another_below_is_meant_by_its_directory(
    place: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path / "repository")
    directory = os.path.join(place, ".")
    repository.release("1.0.0_1.0.0", "outer/1.0.0_1.0.0", directory, "outer")
    repository.release("1.0.0_1.0.0", "inner/1.0.0_1.0.0", f"{directory}/inner", "inner")
    repository.write(f"{directory}/CHANGELOG.md", "## 1.0.0_1.0.0\n- outer\n")
    repository.commit()
    monkeypatch.chdir(repository.directory / directory)
    assert run("version", "--notes").stdout == "- outer\n"
    assert bumped(run("bump", "--gear", "--json")) == {"outer": "1.0.0_1.0.1"}
    assert bumped(run("bump", "--gear", "--json", "inner")) == {"inner": "1.0.0_1.0.1"}
    monkeypatch.chdir(tmp_path)
    outer = os.path.join("repository", place)
    assert bumped(run("bump", "--gear", "--json", outer)) == {"outer": "1.0.0_1.0.2"}
    repository.write(f"{directory}/run.py", "new")
    repository.write(f"{directory}/inner/run.py", "new")
    repository.commit()
    both = {"outer": "1.0.0_1.0.3", "inner": "1.0.0_1.0.2"}
    assert bumped(run("bump", "--gear", "--changed", "--json", outer)) == both
    assert [row["name"] for row in json.loads(run("version", "--json", outer).stdout)] == [*both]


def test_each_gear_has_its_own_tags(monorepo: Repository, run: Run) -> None:
    assert run("bump", "--gear", "gears/qc").code == 0
    assert run("bump", "--gear", "minor", "gears/extra").code == 0
    assert run("bump", "--gear", "gears/new").code == 0
    assert monorepo.tags == [
        "new/1.0.0_0.1.1",
        "qc-extra/1.0.0_3.0.0",
        "qc-extra/1.0.0_3.1.0",
        "qc/1.0.0_2.0.0",
        "qc/1.0.0_2.0.1",
    ]
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert "has 3 gears: name the directory of one, or give --changed" in outcome.stderr


def test_changed_bumps_what_changed_since_its_own_tag(monorepo: Repository, run: Run) -> None:
    monorepo.write("gears/qc/run.py", SCRIPT + "# new\n")
    monorepo.write("README.md", "of all\n")
    monorepo.commit()
    outcome = run("bump", "--gear", "--changed", "--json")
    assert outcome.code == 0, outcome.stderr
    assert bumped(outcome) == {"qc": "1.0.0_2.0.1"}
    assert "new has no release yet, left as it is" in outcome.stderr
    monorepo.write("gears/qc/run.py", SCRIPT)
    monorepo.write("gears/extra/run.py", SCRIPT + "# new\n")
    monorepo.commit()
    head = monorepo.git("rev-parse", "HEAD")
    outcome = run("bump", "--gear", "minor", "--changed", "--json")
    assert bumped(outcome) == {"qc": "1.0.0_2.1.0", "qc-extra": "1.0.0_3.1.0"}
    assert monorepo.git("rev-parse", "HEAD^") == head
    assert monorepo.git("tag", "--points-at", "HEAD").split() == [
        "qc-extra/1.0.0_3.1.0",
        "qc/1.0.0_2.1.0",
    ]
    outcome = run("bump", "--gear", "--changed")
    assert (outcome.code, outcome.stdout) == (0, "No gear has changed since its last release.\n")


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--gear", "patch", "--changed", "gears/qc"], ["qc"]),
        (["--gear", "--changed", "gears/extra", "gears/qc"], ["qc", "qc-extra"]),
        (["--changed", "--gear", "gears/qc", "gears/extra", "gears/qc/run.py"], ["qc", "qc-extra"]),
        (["gears", "--changed", "--gear"], ["qc", "qc-extra"]),
        (["gears/new", "--changed", "--gear"], []),
        (["gears/qc/manifest.json", "--changed", "--gear"], ["qc"]),
    ],
)
def test_changed_below_the_paths_alone(
    options: list[str], names: list[str], monorepo: Repository, run: Run
) -> None:
    for directory in ("qc", "extra", "new"):
        monorepo.write(f"gears/{directory}/run.py", SCRIPT + "# new\n")
    monorepo.commit()
    outcome = run("bump", "--json", *options)
    assert outcome.code == 0, outcome.stderr
    assert sorted(bumped(outcome)) == names


def test_changed_in_a_directory_is_of_the_whole_repository(
    monorepo: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for directory in ("qc", "extra"):
        monorepo.write(f"gears/{directory}/run.py", SCRIPT + "# new\n")
    monorepo.commit()
    monkeypatch.chdir("gears/qc")
    assert sorted(bumped(run("bump", "--gear", "--changed", "--json"))) == ["qc", "qc-extra"]


def test_paths_without_changed_are_refused(monorepo: Repository, run: Run) -> None:
    before = monorepo.state
    refused(run("bump", "gears/qc", "gears/extra", "--gear"), "name one gear, or give --changed")
    assert monorepo.state == before


def test_two_gears_with_one_tag_are_refused(monorepo: Repository, run: Run) -> None:
    monorepo.write("gearlint.toml", 'tag-format = "v{gear}"\n')
    for directory, name in (("gears/qc", "qc"), ("gears/extra", "qc-extra")):
        monorepo.gear(members("1.0.0_2.0.0", name=name), directory)
    monorepo.git("tag", "v1.0.0")
    monorepo.write("gears/qc/run.py", SCRIPT + "# new\n")
    monorepo.write("gears/extra/run.py", SCRIPT + "# new\n")
    monorepo.commit()
    before = monorepo.state
    outcome = run("bump", "--gear", "--changed")
    assert outcome.code == 2
    assert 'two gears would get the tag "v2.0.1": set tag-format with {name}' in outcome.stderr
    assert monorepo.state == before


def test_two_gears_of_one_name_are_refused(monorepo: Repository, run: Run) -> None:
    for directory in ("gears/qc", "gears/extra"):
        monorepo.gear(members("3.0.0", name="qc"), directory)
    monorepo.commit()
    before = monorepo.state
    refused(run("tag"), 'two gears would get the tag "qc/3.0.0": give one another name')
    assert monorepo.state == before


# --- version


def test_version_of_one_gear(repository: Repository, run: Run) -> None:
    repository.write("run.py", SCRIPT + "# new\n")
    rows = dict(line.split(":", 1) for line in run("version").stdout.splitlines())
    assert {key: value.strip() for key, value in rows.items()} == {
        "name": "my-gear",
        "directory": ".",
        "version": "1.0.0_2.0.0",
        "software": "1.0.0",
        "gear": "2.0.0",
        "extra": "-",
        "order": "software_gear, as neither tags nor Dockerfile show the order",
        "image": "me/my-gear:1.0.0_2.0.0",
        "last tag": "1.0.0_2.0.0",
        "changed": "yes",
    }


def test_versions_of_a_monorepo(monorepo: Repository, run: Run) -> None:
    lines = run("version").stdout.splitlines()
    assert [re.split(r"  +", line) for line in lines] == [
        ["name", "version", "software", "gear", "last tag", "changed", "directory"],
        ["qc-extra", "1.0.0_3.0.0", "1.0.0", "3.0.0", "qc-extra/1.0.0_3.0.0", "no", "gears/extra"],
        ["new", "1.0.0_0.1.0", "1.0.0", "0.1.0", "-", "-", "gears/new"],
        ["qc", "1.0.0_2.0.0", "1.0.0", "2.0.0", "qc/1.0.0_2.0.0", "no", "gears/qc"],
    ]


def test_version_outside_of_a_repository(tmp_path: Path, run: Run) -> None:
    (tmp_path / "manifest.json").write_text(manifest_text())
    (row,) = json.loads(run("version", "--json", tmp_path).stdout)
    assert (row["version"], row["last_tag"], row["changed"]) == ("1.0.0_2.0.0", None, None)
