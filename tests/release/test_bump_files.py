"""`gearlint bump`, on real git repositories: what it writes into files, and the CHANGELOG."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.release.bumping import TODAY, members, refused, version_of
from tests.repositories import Repository
from tests.sound import DOCKERFILE

pytestmark = pytest.mark.usefixtures("own_git_configuration", "_today")


def test_only_the_version_changes_byte_for_byte(repository: Repository, run: Run) -> None:
    path = repository.directory / "manifest.json"
    text = (
        path.read_text()
        .replace("    ", "\t")
        .replace("\n", "\r\n")
        .replace("images", "im\\u00e4ges")
    )
    path.write_bytes(text.encode())
    path.chmod(0o640)
    repository.commit()
    assert run("bump", "--gear").code == 0
    assert path.read_bytes() == text.replace("1.0.0_2.0.0", "1.0.0_2.0.1").encode()
    assert path.stat().st_mode & 0o777 == 0o640


def test_both_image_keys_follow(repository: Repository, run: Run) -> None:
    image = "localhost:5000/me/my-gear:1.0.0_2.0.0"
    repository.gear(
        f'"custom": {{"gear-builder": {{"category": "qa", "image": "{image}"}}, "docker-image": "{image}"}}'
    )
    repository.commit()
    assert run("bump", "--gear").code == 0
    text = (repository.directory / "manifest.json").read_text()
    assert text.count('"localhost:5000/me/my-gear:1.0.0_2.0.1"') == 2


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("FROM poldracklab/fmriprep:20.0.7", "FROM poldracklab/fmriprep:20.1.0"),
        ("FROM nipreps/fmriprep:v20.0.7-xenial AS x", "FROM nipreps/fmriprep:v20.1.0-xenial AS x"),
        ("FROM a:5000/b/fmriprep:20.0.7", "FROM a:5000/b/fmriprep:20.1.0"),
        ("FROM python:3.11\nARG FMRIPREP_VERSION=20.0.7", "FROM python:3.11\nARG FMRIPREP_VERSION=20.1.0"),
        ('FROM python:3.11\nENV A=20.0.7 F_VERSION="20.0.7" \\\n  X_VERSION=\'v20.0.7\'',
         'FROM python:3.11\nENV A=20.0.7 F_VERSION="20.1.0" \\\n  X_VERSION=\'v20.1.0\''),
        ("FROM python:3.11\nENV F_VERSION 20.0.7 \nENV G_VERSION=20.0.70",
         "FROM python:3.11\nENV F_VERSION 20.1.0 \nENV G_VERSION=20.0.70"),
        ("FROM python:3.11\nRUN pip install x==20.0.7", "FROM python:3.11\nRUN pip install x==20.0.7"),
        ("FROM é/fmriprep:20.0.7", "FROM é/fmriprep:20.0.7"),
    ],
)  # fmt: skip
def test_software_changes_the_dockerfile_too(
    line: str, changed: str, repository: Repository, run: Run
) -> None:
    rest = DOCKERFILE.partition("\n")[2]
    repository.write("Dockerfile", f"{line}\n{rest}")
    repository.gear(members("20.0.7_1.0.0", name="fmriprep-hpc"))
    repository.commit()
    outcome = run("bump", "--software", "20.1.0", "--gear")
    assert outcome.code == 0, outcome.stderr
    assert (repository.directory / "Dockerfile").read_text() == f"{changed}\n{rest}"
    assert version_of(repository.directory)[0] == "20.1.0_1.0.1"
    assert repository.git("status", "--porcelain") == ""


def test_base_image_with_a_digest_is_left_and_reported(repository: Repository, run: Run) -> None:
    digest = f"sha256:{'0' * 64}"
    text = DOCKERFILE.replace("python:3.11", f"me/tool:1.0.0@{digest}")
    repository.write("Dockerfile", text)
    repository.commit()
    outcome = run("bump", "--software", "1.1.0")
    assert outcome.code == 0
    assert f"me/tool:1.0.0@{digest} keeps its version, as it has a digest" in outcome.stderr
    assert (repository.directory / "Dockerfile").read_text() == text


SETTINGS = """
[[bump.files]]
path = "pyproject.toml"
search = 'version = "{gear}"'

[[bump.files]]
path = "doc/{name}.md"
search = "{version} of {software}"
replace = "{version} of {software}, {date} {other}"
"""


def test_other_files_by_the_settings(repository: Repository, run: Run) -> None:
    repository.write("gearlint.toml", SETTINGS.replace(" {other}", ""))
    repository.write("pyproject.toml", '[project]\nversion = "2.0.0"\nx = "2.0.0"\n')
    repository.write("doc/my-gear.md", "1.0.0_2.0.0 of 1.0.0\n2.0.0 of 1.0.0\n")
    repository.commit()
    assert run("bump", "--gear").code == 0
    assert (repository.directory / "pyproject.toml").read_text() == (
        '[project]\nversion = "2.0.1"\nx = "2.0.0"\n'
    )
    line = f"1.0.0_2.0.1 of 1.0.0, {TODAY}\n"
    assert (repository.directory / "doc/my-gear.md").read_text() == line + "2.0.0 of 1.0.0\n"
    assert repository.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("text", "bumped_text"),
    [
        ("2.0.0 12.0.0 1.2.0.0 2.0.00 2.0.0.1", "2.0.1 12.0.0 1.2.0.0 2.0.00 2.0.0.1"),
        ("v2.0.0", "v2.0.1"),
        ("1_2.0.0.tar", "1_2.0.1.tar"),
        ("2.0.0.", "2.0.1."),
    ],
)
def test_version_that_is_a_part_of_another_is_left(
    text: str, bumped_text: str, repository: Repository, run: Run
) -> None:
    repository.write("gearlint.toml", '[[bump.files]]\npath = "x.txt"\nsearch = "{gear}"\n')
    repository.write("x.txt", text)
    repository.commit()
    assert run("bump", "--gear").code == 0
    assert (repository.directory / "x.txt").read_text() == bumped_text


def test_text_of_the_settings_that_is_there_twice(repository: Repository, run: Run) -> None:
    repository.write("gearlint.toml", '[[bump.files]]\npath = "x.txt"\nsearch = "{gear}"\n')
    repository.write("x.txt", "2.0.0 and 2.0.0")
    repository.commit()
    before = repository.state
    refused(
        run("bump", "--gear"),
        'x.txt: "2.0.0", which bump.files has, is in it 2 times: make search longer\n',
    )
    assert repository.state == before


PYPROJECT = """\
# version = "2.0.0"
[project]
dependencies = ["x==2.0.0", "2.0.0"]
version    =  '2.0.0'  # "2.0.0"
text = \"\"\"
version = "2.0.0"
\"\"\"
[tool.other]
version = "2.0.0"
"""


@pytest.mark.parametrize(
    ("path", "key", "value", "text", "changed"),
    [
        ("pyproject.toml", "project.version", "{gear}", PYPROJECT,
         PYPROJECT.replace("'2.0.0'", "'2.0.1'")),
        ("pyproject.toml", "tool.other.version", "{gear}", PYPROJECT,
         PYPROJECT.replace('er]\nversion = "2.0.0"', 'er]\nversion = "2.0.1"')),
        ("a.json", "version", "{version}", '{"v": "1.0.0_2.0.0",\t"version":"1.0.0_2.0.0"}\r\n',
         '{"v": "1.0.0_2.0.0",\t"version":"1.0.0_2.0.1"}\r\n'),
        ("a.json", "a.b.c", "v{gear}", '{"a": {"b": {"c": "v2.0.0"}}, "x": [1e400, null]}',
         '{"a": {"b": {"c": "v2.0.1"}}, "x": [1e400, null]}'),
        ("{name}.toml", "v", "{name} {gear}", "v = \"my-gear 2.0.0\"\nx = nan",
         "v = \"my-gear 2.0.1\"\nx = nan"),
    ],
)  # fmt: skip
def test_key_of_the_settings(
    path: str, key: str, value: str, text: str, changed: str, repository: Repository, run: Run
) -> None:
    entry = f'[[bump.files]]\npath = "{path}"\nkey = "{key}"\nvalue = "{value}"\n'
    repository.write("gearlint.toml", entry)
    file = repository.directory / path.replace("{name}", "my-gear")
    file.write_bytes(text.encode())
    repository.commit()
    outcome = run("bump", "--gear")
    assert outcome.code == 0, outcome.stderr
    assert file.read_bytes() == changed.encode()
    assert repository.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ('{"a": {"v": "1.9.0"}}', '"a.v", which bump.files has, is the string "1.9.0", expected'),
        ('{"a": {"v": 2}}', '"a.v", which bump.files has, is the number 2, expected "2.0.0"'),
        ('{"a": {}}', '"a.v", which bump.files has, is not in it, expected "2.0.0"'),
        ('{"a": []}', '"a.v", which bump.files has, is not in it'),
        ("[]", '"a.v", which bump.files has, is not in it'),
        ("{", 'cannot be read, so "a.v", which bump.files has, is unknown'),
        ("[" * 100_000, "cannot be read, so"),
        ('{"a": {"v": "2\\u002e0.0"}}', '"a.v" cannot be changed: use search'),
    ],
)
def test_key_of_the_settings_that_is_not_as_expected(
    text: str, reported: str, repository: Repository, run: Run
) -> None:
    entry = '[[bump.files]]\npath = "x.json"\nkey = "a.v"\nvalue = "{gear}"\n'
    repository.write("gearlint.toml", entry)
    repository.write("x.json", text)
    repository.commit()
    before = repository.state
    refused(run("bump", "--gear"), f"x.json: {reported}")
    assert repository.state == before


@pytest.mark.parametrize(
    ("name", "entries", "reported"),
    [
        ("my-gear", [("x", "y" * 5_000)], "x.txt: bump.files has over 16777216"),
        ("my-gear", [("v", "v")] * 100, "x.txt: bump.files has over 16777216"),
        ("my-gear", [("x", "y" * 20_000)], 'y…" would have over 10000 characters'),
        ("x" * 400_000, [("x", "{name}" * 1000)], "would have over 10000 characters"),
    ],
)
def test_texts_of_the_settings_that_would_be_much(
    name: str, entries: list[tuple[str, str]], reported: str, repository: Repository, run: Run
) -> None:
    text = '[[bump.files]]\npath = "x.txt"\nsearch = "{}"\nreplace = "{}"\n'
    repository.write("gearlint.toml", "".join(text.format(*entry) for entry in entries))
    repository.write("x.txt", "v" + "x" * 300_000)
    repository.gear(members("1.0.0_2.0.0", name=name))
    repository.commit()
    before = repository.state
    outcome = run("bump", "--gear", "--dry-run")
    assert (outcome.code, outcome.stdout) == (2, "")
    (line,) = outcome.stderr.splitlines()
    assert reported in line
    assert repository.state == before


def test_long_name_in_the_form_of_the_tag(repository: Repository, run: Run) -> None:
    repository.gear(members("1.0.0_2.0.0", name="x" * 400_000))
    repository.write("gearlint.toml", f"tag-format = '{'{name}' * 30}{{version}}'\n")
    repository.commit()
    outcome = run("bump", "--gear", "--dry-run")
    assert outcome.code == 2
    assert outcome.stderr.endswith("would have over 10000 characters with the values in it\n")
    assert "internal error" not in run("check", "--select", "GL6").stderr


FIXED = ": gearlint check --fix sets it (GL605)"


@pytest.mark.parametrize(
    ("entry", "text", "reported"),
    [
        ('search = "v{gear}"', "v1.9.0", f'"v2.0.0", which bump.files has, is not in it{FIXED}'),
        ("search = 'v = \"{gear}\"'", 'v = "1"', f"""'v = "2.0.0"', which bump.files has, is not in it{FIXED}"""),
        ('key = "v"\nvalue = "{gear}"', 'v = "1.9.0"', f'"v", which bump.files has, is the string "1.9.0", expected "2.0.0"{FIXED}'),
        # not where GL605 would not
        ('search = "v{gear}"', "v", '"v2.0.0", which bump.files has, is not in it'),
        ('search = "v{gear}"', "v1.9.0 v1.8.0", '"v2.0.0", which bump.files has, is not in it'),
        ('search = "v{gear} {date}"', "v1.9.0 ", f'"v2.0.0 {TODAY}", which bump.files has, is not in it'),
        ('key = "v"\nvalue = "{gear}"', "v = 2", '"v", which bump.files has, is the number 2, expected "2.0.0"'),
    ],
)  # fmt: skip
def test_file_of_the_settings_with_another_version(
    entry: str, text: str, reported: str, repository: Repository, run: Run
) -> None:
    repository.write("gearlint.toml", f'[[bump.files]]\npath = "x.toml"\n{entry}\n')
    repository.write("x.toml", text)
    repository.commit()
    before = repository.state
    outcome = run("bump", "--gear")
    assert (outcome.code, outcome.stderr) == (2, f"gearlint: x.toml: {reported}\n")
    assert repository.state == before
    run("check", "--fix", "--select", "GL605")
    repository.commit()
    assert (run("bump", "--gear").code == 0) == reported.endswith(FIXED)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# Changes\n\n## [Unreleased]\n\n- a\n\n## [1.0.0_2.0.0] - 2026-01-01\n",
         f"# Changes\n\n## [Unreleased]\n\n## [1.0.0_2.0.1] - {TODAY}\n\n- a\n\n## [1.0.0_2.0.0] - 2026-01-01\n"),
        ("### unreleased\n- a\n### 2.0.0\n", f"### unreleased\n\n### 2.0.1 - {TODAY}\n- a\n### 2.0.0\n"),
        ("Unreleased\r\n==========\r\n* a\r\n",
         f"Unreleased\r\n==========\r\n\r\n1.0.0_2.0.1 - {TODAY}\r\n{'=' * 24}\r\n* a\r\n"),
        ("# 1.0.0_2.0.0\n\nStill unreleased\n",
         "# 1.0.0_2.0.1\n\n# 1.0.0_2.0.0\n\nStill unreleased\n"),
        ("# Changes\r\n\r\n## [v2.0.0](https://x.org) (2026-01-01)\r\n\r\n- a\r\n## [v1.0.0]\r\n",
         f"# Changes\r\n\r\n## [v2.0.1] ({TODAY})\r\n\r\n"
         "## [v2.0.0](https://x.org) (2026-01-01)\r\n\r\n- a\r\n## [v1.0.0]\r\n"),
        ("## 1.9.0 \u2014 2026-01-01\n", f"## 1.0.0_2.0.1 \u2014 {TODAY}\n\n## 1.9.0 \u2014 2026-01-01\n"),
        ("## News of 1.9.0\n\n### 1.9.0 is here\n", "## News of 1.9.0\n\n### 1.9.0 is here\n"),
        ("## [Unreleased]\n- \u00e9\n\n[unreleased]: https://x.org/a/compare/1.0.0_2.0.0...HEAD\n[1]: x\n",
         f"## [Unreleased]\n\n## [1.0.0_2.0.1] - {TODAY}\n- \u00e9\n\n"
         "[unreleased]: https://x.org/a/compare/1.0.0_2.0.1...HEAD\n"
         "[1.0.0_2.0.1]: https://x.org/a/compare/1.0.0_2.0.0...1.0.0_2.0.1\n[1]: x\n"),
        ("## Unreleased\n- a\n\n[Unreleased]: https://x.org/a/tree/main\n",
         f"## Unreleased\n\n## 1.0.0_2.0.1 - {TODAY}\n- a\n\n[Unreleased]: https://x.org/a/tree/main\n"),
        ("unreleased\n\n## [Unreleased] - yyyy-mm-dd\n- a\n",
         f"unreleased\n\n## [Unreleased] - yyyy-mm-dd\n\n## [1.0.0_2.0.1] - {TODAY}\n- a\n"),
        ("## [Unreleased]\n- a\n## [2.0.0]\n\n[unreleased]: https://x.org/a/-/compare/v2.0.0...main\n[2.0.0]: https://x.org/a/-/tags/v2.0.0\n",
         f"## [Unreleased]\n\n## [2.0.1] - {TODAY}\n- a\n## [2.0.0]\n\n[unreleased]: https://x.org/a/-/compare/1.0.0_2.0.1...main\n"
         "[2.0.1]: https://x.org/a/-/compare/v2.0.0...1.0.0_2.0.1\n[2.0.0]: https://x.org/a/-/tags/v2.0.0\n"),
        ("## [2.0.0]\n\n[2.0.0]: https://x.org/a/compare/1.0.0_1.9.0...1.0.0_2.0.0\n",
         "## [2.0.1]\n\n## [2.0.0]\n\n[2.0.1]: https://x.org/a/compare/1.0.0_2.0.0...1.0.0_2.0.1\n"
         "[2.0.0]: https://x.org/a/compare/1.0.0_1.9.0...1.0.0_2.0.0\n"),
        ("## [Unreleased]\n- a\n## [2.0.0]\n\n[2.0.0]: https://x.org/a/releases/tag/1.0.0_2.0.0\n",
         f"## [Unreleased]\n\n## [2.0.1] - {TODAY}\n- a\n## [2.0.0]\n\n[2.0.1]: https://x.org/a/releases/tag/1.0.0_2.0.1\n"
         "[2.0.0]: https://x.org/a/releases/tag/1.0.0_2.0.0\n"),
        ("## [2.0.0]\n\n[2.0.0]: https://x.org/a/wiki\n", "## [2.0.1]\n\n## [2.0.0]\n\n[2.0.0]: https://x.org/a/wiki\n"),
        ("Changes\n=======\n\n2.0.0 (2026-01-01)\n------------------\n* a\n",
         f"Changes\n=======\n\n2.0.1 ({TODAY})\n------------------\n\n2.0.0 (2026-01-01)\n------------------\n* a\n"),
        ("=====\n1.0.0\n=====\n\n2.0.0\n-----\n", "=====\n1.0.0\n=====\n\n2.0.1\n-----\n\n2.0.0\n-----\n"),
        ("<!-- ## Unreleased -->\n```\n## 1.0\n```\n## 2.0.0\n", "<!-- ## Unreleased -->\n```\n## 1.0\n```\n## 2.0.1\n\n## 2.0.0\n"),
        ("## [Unreleased]\n- until 1.0.0_2.0.1\n## [v2.0.0]\n", f"## [Unreleased]\n\n## [v2.0.1] - {TODAY}\n- until 1.0.0_2.0.1\n## [v2.0.0]\n"),
        ("## Version 2.0.0\n\n[2.0.0]: https://x.org/a/tree/2.0.0\n", "## Version 2.0.1\n\n## Version 2.0.0\n\n[2.0.0]: https://x.org/a/tree/2.0.0\n"),
        ("## UNRELEASED ##\n- a\n", f"## UNRELEASED ##\n\n## 1.0.0_2.0.1 - {TODAY}\n- a\n"),
        ("## Unreleased changes\n- a\n", "## Unreleased changes\n- a\n"),
        ("## Unreleased\n\n## 1.0.0_2.0.1\n", "## Unreleased\n\n## 1.0.0_2.0.1\n"),
        ("## [1.0.0_2.0.1] - unreleased\n- a\n", f"## [1.0.0_2.0.1] - {TODAY}\n- a\n"),
    ],
)  # fmt: skip
def test_changelog_gets_version_and_date(
    before: str, after: str, repository: Repository, run: Run
) -> None:
    path = repository.directory / "CHANGELOG.md"
    path.write_bytes(before.encode())
    repository.commit()
    assert run("bump", "--gear").code == 0
    assert path.read_bytes().decode() == after
    assert repository.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("## Unreleased\n\n## 1.0.0_2.0.0\n- a\n", "CHANGELOG.md has nothing under Unreleased"),
        ("## [Unreleased]\n", "CHANGELOG.md has nothing under Unreleased"),
        ("## [Unreleased]\n\n[unreleased]: x\n", "CHANGELOG.md has nothing under Unreleased"),
        ("## Unreleased\n- a\n", ""),
        (
            "## Unreleased\n### Added\n### Fixed\n<!-- - x -->\n## 1.0\n- a\n",
            "CHANGELOG.md has nothing under Unreleased",
        ),
        ("## Unreleased\n### Added\n- a\n", ""),
        ("## 1.0.0_2.0.0\n", "CHANGELOG.md has no heading Unreleased: 1.0.0_2.0.1 is inserted"),
        (
            "text\n",
            "CHANGELOG.md has no heading Unreleased, and none of a version: 1.0.0_2.0.1 is not added",
        ),
    ],
)
def test_what_is_said_of_the_changelog(
    text: str, note: str, repository: Repository, run: Run
) -> None:
    repository.write("CHANGELOG.md", text)
    repository.commit()
    outcome = run("bump", "--gear")
    assert outcome.code == 0
    assert note in outcome.stderr if note else outcome.stderr == ""


def test_pre_release_leaves_the_notes_for_the_release(repository: Repository, run: Run) -> None:
    text = "## Unreleased\n- a\n\n## 1.0.0_2.0.0\n"
    path = repository.write("CHANGELOG.md", text)
    repository.commit()
    assert run("bump", "--gear", "minor", "--pre").code == 0
    assert path.read_text() == text
    assert run("bump", "--gear").code == 0
    assert "## 1.0.0_2.1.0 - " in path.read_text()


@pytest.mark.parametrize(
    ("directory", "place", "settings", "other"),
    [
        ("gear", "CHANGELOG.md", "", ""),
        ("a/gear", "a/CHANGES.md", "", "b/gear"),
        ("gear", "docs/news.md", 'changelog = "docs/news.md"\n', ""),
        ("gear", "news.md", 'changelog = "news.md"\n', "other"),
    ],
)
def test_changelog_above_the_gear_or_by_the_settings(
    directory: str, place: str, settings: str, other: str, tmp_path: Path, run: Run
) -> None:
    repository = Repository(tmp_path / "repository")
    path = repository.write(place, "## Unreleased\n- new\n## 2.0.0\n- old\n")
    repository.write("gearlint.toml", settings)
    repository.release("1.0.0_2.0.0", directory=directory)
    if other:
        repository.release("1.0.0_2.0.0", "other/1", other, "other")
    gear = repository.directory / directory
    assert run("check", "--select", "GL604", gear).code == 0
    assert run("bump", "--gear", gear).code == 0
    assert f"## 2.0.1 - {TODAY}\n- new\n## 2.0.0\n" in path.read_text()
    assert repository.git("status", "--porcelain") == ""
    assert run("version", "--notes", gear).stdout == "- new\n"
    assert run("version", "--notes", "2.0.0", gear).stdout == "- old\n"


@pytest.mark.parametrize("place", ["CHANGELOG.md", "gear/CHANGELOG.md"])
def test_changelog_that_git_ignores_is_none(place: str, tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "repository")
    repository.write(".gitignore", "CHANGELOG.md\n")
    path = repository.write(place, "## Unreleased\n- new\n")
    repository.release("1.0.0_2.0.0", directory="gear")
    outcome = run("bump", "--gear", repository.directory / "gear")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert path.read_text() == "## Unreleased\n- new\n"


def test_changelog_that_is_set_is_used_though_git_ignores_it(tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "repository")
    repository.write(".gitignore", "CHANGELOG.md\n")
    repository.write("gearlint.toml", 'changelog = "CHANGELOG.md"\n')
    repository.write("CHANGELOG.md", "## 1.0.0_2.0.0\n- new\n")
    repository.release("1.0.0_2.0.0", directory="gear")
    gear = repository.directory / "gear"
    assert run("version", "--notes", gear).stdout == "- new\n"


def test_changelog_above_several_gears_is_nobodys(tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "repository")
    path = repository.write("CHANGELOG.md", "## Unreleased\n- new\n")
    for name in ("a", "b"):
        repository.release("1.0.0_2.0.0", f"{name}/1.0.0_2.0.0", name, name)
    gear = repository.directory / "a"
    assert run("check", "--select", "GL604", gear).code == 0
    assert run("bump", "--gear", gear).stderr == ""
    assert path.read_text() == "## Unreleased\n- new\n"
    refused(run("version", "--notes", gear), "has no CHANGELOG")
    repository.write("gearlint.toml", 'changelog = "CHANGELOG.md"\n')
    for name in ("a", "b"):
        repository.write(f"{name}/run.py", "new")
    repository.commit()
    outcome = run("bump", "--gear", "--changed", repository.directory)
    assert "b: CHANGELOG.md is another gear's as well" in outcome.stderr
    assert path.read_text() == f"## Unreleased\n\n## 1.0.0_2.0.2 - {TODAY}\n- new\n"
    for name in ("a", "b"):
        repository.write(f"{name}/run.py", "newer")
    path.write_text("## 1.0.0_2.0.3\n## 1.0.0_2.0.2\n")
    repository.commit()
    assert run("bump", "--gear", "--changed", repository.directory).stderr == ""
    repository.write("gearlint.toml", 'changelog = "none.md"\n')
    repository.commit()
    refused(run("bump", "--gear", gear), "none.md: ")


@pytest.mark.parametrize(
    ("text", "wanted", "notes"),
    [
        (
            "## [Unreleased]\n\n## [1.0.0_2.0.0] - 2026-01-01\n\n### Added\n- a [#1]\n```\n# 3.0\n```\n\n## 1.9.0\n- b\n\n[#1]: x/1\n[#2]: x/2\n",
            [],
            "### Added\n- a [#1]\n```\n# 3.0\n```\n\n[#1]: x/1\n",
        ),
        ("# 2.0\n- c\n## 2.0.0\r\n\tcaf\u00e9\xa0\r\n", [], "\tcaf\u00e9\n"),
        (
            "Changes\n=======\n\n2.0.0\n-----\n* a\n\nFixed\n~~~~~\n* b\n\n1.0.0\n-----\n* c\n",
            [],
            "* a\n\nFixed\n~~~~~\n* b\n",
        ),
        ("## 3.0 (since 2.0.0)\n- x\n## My gear 2.0.0\n- a\n## 2.0.0\n- b\n", [], "- b\n"),
        ("## Unreleased\n- new\n## 1.0.0_2.0.0\n- a\n", ["1.0.0_2.1.0-rc1"], "- new\n"),
        ("## v2.0.0\n- a\n", ["2.0.0"], "- a\n"),
        ("## 2.0.0\n- a\n", ["v2.0.0"], "- a\n"),
        ("## 1.0.0_2.0.0\n## 1.0\n- b\n", [], ""),
    ],
)
def test_notes_of_a_version(
    text: str, wanted: list[str], notes: str, repository: Repository, run: Run
) -> None:
    repository.write("CHANGELOG.md", text)
    outcome = run("version", "--notes", *wanted)
    assert (outcome.code, outcome.stdout) == (0, notes)
    assert bool(notes) != ("there is nothing under" in outcome.stderr)
    assert run("version", *wanted, "--notes").stdout == notes
    data = json.loads(run("version", "--json", "--notes", *wanted).stdout)
    assert data["notes"].replace("\r\n", "\n") == notes.rstrip("\n")


def test_notes_that_are_not_there(repository: Repository, run: Run) -> None:
    refused(run("version", "--notes"), "has no CHANGELOG")
    repository.write("CHANGELOG.md", "## Unreleased\n- a\n")
    refused(run("version", "--notes"), 'CHANGELOG.md: has no heading of version "1.0.0_2.0.0"')
    refused(run("version", "--notes", "nowhere"), 'has no heading of version "nowhere"')
    for name in ("a", "b"):
        repository.gear(members("1.0.0", name=name), f"both/{name}")
    refused(run("version", "--notes", "both"), "both: has 2 gears: name the directory of one")
