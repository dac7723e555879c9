"""Which files count for a gear's version: those that its image holds, wherever they are."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.repositories import Repository
from tests.sound import DOCKERFILE

pytestmark = pytest.mark.usefixtures("own_git_configuration")

FILES = (
    "a.py", "b.txt", "src/a.py", "src/deep/a.py", "src/tests/a.py", "src/README.md", "README.md",
    "LICENSE", "CHANGELOG.md", "docs/a.md", "tests/a.py", ".gitignore", ".github/workflows/a.yml",
    ".gitlab-ci.yml", ".circleci/config.yml", ".travis.yml", ".pre-commit-config.yaml",
    "data/a.csv", "data/a.txt",
)  # fmt: skip
"""What is beside the manifest, the Dockerfile and run.py."""

ALL = {"a.py", "b.txt", "src/a.py", "src/deep/a.py", "data/a.csv", "data/a.txt"}
"""What of it counts where all is taken."""

SRC = {"src/a.py", "src/deep/a.py", "src/tests/a.py", "src/README.md"}


def counted(run: Run, path: str | Path = ".") -> set[str]:
    """What counts beside manifest, Dockerfile and run.py."""
    (row,) = json.loads(run("version", "--json", path).stdout)
    return set(row["files"]) - {"manifest.json", "Dockerfile", "run.py"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("", set()),
        ("COPY a.py .", {"a.py"}),
        ("COPY a.py b.txt /x/", {"a.py", "b.txt"}),
        ("ADD ./a.py /flywheel/v0/../a.py", {"a.py"}),
        ('COPY ["a.py", "/x/"]', {"a.py"}),
        ("copy --chown=a:b --chmod=755 \\\n  a.py \\\n  .", {"a.py"}),
        ("COPY src /x", SRC),
        ("COPY src/ /x", SRC),
        ("COPY /src/./ /x", SRC),
        ("COPY src/deep/a.py /x", {"src/deep/a.py"}),
        ("COPY sr /x", set()),
        ("COPY *.py /x/", {"a.py"}),
        ("COPY src/*.py /x/", {"src/a.py"}),
        ("COPY s*/deep /x/", {"src/deep/a.py"}),
        ("COPY data/a.[ct]* /x/", {"data/a.csv", "data/a.txt"}),
        ("COPY . .", ALL),
        ("COPY ./ /flywheel/v0", ALL),
        ("COPY * /x/", ALL),
        ("ADD . /x", ALL),
        ("COPY . .\nCOPY README.md LICENSE /x/", ALL | {"README.md", "LICENSE"}),
        ("COPY README.md docs /x/", {"README.md", "docs/a.md"}),
        ("COPY --exclude=*.csv data /x", {"data/a.txt"}),
        ("COPY --exclude=src --exclude=data . /x", {"a.py", "b.txt"}),
        ("ARG D=src\nCOPY $D /x", SRC),
        ("ENV D=data\nCOPY ${D}/a.csv /x", {"data/a.csv"}),
        ("ARG D\nCOPY $D /x", ALL),
        ("COPY $NOWHERE/a.py /x", {"a.py"}),
        ("ADD https://example.org/a.py /x", set()),
        ("COPY --from=ubuntu:22.04 /src /x", set()),
        ("COPY <<a.py /x/\nb.txt\na.py", set()),
        ("RUN --mount=type=bind,source=a.py,target=/x cat /x", {"a.py"}),
        ("RUN --mount=target=/x cat /x/a.py", ALL),
        ("RUN --mount=type=bind,from=ubuntu:22.04,source=src,target=/x ls", set()),
        ("RUN --mount=type=cache,target=/src --mount=src=b.txt,target=/y ls", {"b.txt"}),
        ("ONBUILD COPY a.py /x", ALL),
        ("ONBUILD RUN ls", set()),
        ("RUN cp a.py /x", set()),
    ],
)
def test_what_the_image_holds_counts(
    lines: str, expected: set[str], repository: Repository, run: Run
) -> None:
    for path in FILES:
        repository.write(path, "")
    repository.write("Dockerfile", DOCKERFILE.replace("ENTRYPOINT", f"{lines}\nENTRYPOINT"))
    repository.commit()
    assert counted(run) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("FROM python:3.11 AS made\nCOPY a.py /a\n", set()),
        ("FROM python:3.11 AS made\nCOPY a.py /a\nFROM made AS other\nCOPY b.txt /b\n", {"b.txt"}),
    ],
)
def test_stages_that_the_image_is_made_from_count(
    before: str, expected: set[str], repository: Repository, run: Run
) -> None:
    repository.write("a.py", "")
    repository.write("b.txt", "")
    last = DOCKERFILE + ("COPY --from=other /b /b\n" if "other" in before else "")
    repository.write("Dockerfile", before + last)
    repository.commit()
    assert counted(run) == ({"a.py", "b.txt"} if expected else set())


def test_dockerfile_that_cannot_be_built_leaves_the_directory(
    repository: Repository, run: Run
) -> None:
    for path in FILES:
        repository.write(path, "")
    repository.write("Dockerfile", DOCKERFILE + "COPY\n")
    repository.commit()
    assert counted(run) == ALL
    (repository.directory / "Dockerfile").unlink()
    repository.commit()
    assert counted(run) == ALL


def test_ignore_file_decides_what_of_a_directory_counts(repository: Repository, run: Run) -> None:
    for path in FILES:
        repository.write(path, "")
    repository.write("Dockerfile", DOCKERFILE.replace("ENTRYPOINT", "COPY src .\nENTRYPOINT"))
    repository.write(".dockerignore", ".dockerignore\nsrc/deep\nb.txt\n")
    repository.commit()
    assert counted(run) == SRC - {"src/deep/a.py"} | {".dockerignore"}
    repository.write("Dockerfile", DOCKERFILE)
    assert counted(run) == set()


@pytest.mark.parametrize(
    ("settings", "lines", "expected"),
    [
        ("[]", "COPY . .", {*FILES, "gearlint.toml"}),
        ('["src", "gearlint.toml"]', "COPY . .", {path for path in FILES if "src" not in path}),
        ('["*.csv"]', "COPY data/a.* /x/", {"data/a.txt"}),
        ('["*.csv"]', "COPY data/a.csv README.md /x/", {"README.md"}),
        ('["manifest.json", "Dockerfile"]', "", set()),
    ],
)
def test_setting_replaces_what_is_left_out(
    settings: str, lines: str, expected: set[str], repository: Repository, run: Run
) -> None:
    for path in FILES:
        repository.write(path, "")
    repository.write("gearlint.toml", f"unversioned = {settings}\n")
    repository.write("Dockerfile", DOCKERFILE.replace("ENTRYPOINT", f"{lines}\nENTRYPOINT"))
    repository.commit()
    assert counted(run) == expected
    (row,) = json.loads(run("version", "--json").stdout)
    assert {"manifest.json", "Dockerfile"} < set(row["files"])


def test_where_a_link_leads_counts(repository: Repository, run: Run) -> None:
    repository.write("real/run.py", "")
    repository.write("real/other.py", "")
    (repository.directory / "link").symlink_to("real")
    (repository.directory / "x.py").symlink_to("link/other.py")
    repository.write("Dockerfile", DOCKERFILE + "COPY link/run.py x.py /x/\n")
    repository.commit()
    assert counted(run) == {"link", "real/run.py", "x.py", "real/other.py"}


def gear_below(tmp_path: Path, lines: str, directory: str = "gears/qc") -> Repository:
    """A repository with shared code, whose root is the context of the gear in a directory."""
    repository = Repository(tmp_path / "mono")
    for path in ("shared/a.py", "other/b.py", "README.md", f"{directory}/README.md"):
        repository.write(path, "")
    repository.write(f"{directory}/extra.py", "")
    copied = DOCKERFILE.replace("COPY run.py manifest.json ./", lines)
    repository.gear(directory=directory)
    repository.write(f"{directory}/Dockerfile", copied)
    repository.write(f"{directory}/gearlint.toml", 'context = "../.."\n')
    repository.commit()
    return repository


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("COPY gears/qc/run.py gears/qc/manifest.json ./", {"run.py"}),
        ("COPY shared /x\nCOPY gears/qc/run.py ./", {"run.py", "shared/a.py"}),
        ("COPY gears/qc ./", {"run.py", "extra.py"}),
        ("COPY gears/*/ ./", {"run.py", "extra.py"}),
        ("COPY gears ./\nCOPY README.md .", {"run.py", "extra.py", "README.md"}),
        ("COPY . .", {"run.py", "extra.py", "shared/a.py", "other/b.py"}),
    ],
)
def test_files_of_a_gear_in_a_subdirectory(
    lines: str, expected: set[str], tmp_path: Path, run: Run
) -> None:
    repository = gear_below(tmp_path, lines)
    (row,) = json.loads(run("version", "--json", repository.directory).stdout)
    own = ("run.py", "extra.py")
    named = {f"gears/qc/{path}" if path in own else path for path in expected}
    assert set(row["files"]) == named | {"gears/qc/manifest.json", "gears/qc/Dockerfile"}


def test_shared_code_is_a_change_of_the_gears_that_take_it(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = gear_below(tmp_path, "COPY shared /x\nCOPY gears/qc ./")
    monkeypatch.chdir(repository.directory)
    version = (
        '"version": "1.0.0_1.0.0",\n"custom": {"gear-builder": '
        '{"category": "qa", "image": "me/x:1.0.0_1.0.0"}}'
    )
    repository.gear(f'"name": "qc",\n{version}', "gears/qc")
    repository.gear(f'"name": "other",\n{version}', "gears/other")
    repository.commit()
    repository.git("tag", "qc/1.0.0_1.0.0")
    repository.git("tag", "other/1.0.0_1.0.0")
    repository.write("README.md", "new")
    repository.commit()
    assert (
        run("bump", "--gear", "--changed").stdout == "No gear has changed since its last release.\n"
    )
    repository.write("shared/a.py", "new")
    repository.commit()
    assert 'but "shared/a.py" has changed since' in run("check", "--select", "GL601").stdout
    bumped = json.loads(run("bump", "--gear", "--changed", "--json").stdout)
    assert [gear["name"] for gear in bumped["gears"]] == ["qc"]


def rows(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("version", "--json").stdout)
    return found


def test_version_lists_the_files_and_which_changed(repository: Repository, run: Run) -> None:
    repository.write("Dockerfile", DOCKERFILE + "COPY src /src\n")
    repository.write("src/a.py", "")
    repository.write("src/b.py", "")
    repository.commit()
    repository.git("tag", "--force", "1.0.0_2.0.0")
    repository.write("src/b.py", "new")
    repository.write("notes", "new")
    (repository.directory / "src" / "a.py").unlink()
    repository.commit()
    (row,) = rows(run)
    assert row["files"] == ["Dockerfile", "manifest.json", "run.py", "src/b.py"]
    assert row["changed_files"] == ["src/a.py", "src/b.py"]
    shown = run("version", "--verbose").stdout
    assert shown.endswith(
        "changed:   yes\n"
        "\n"
        "my-gear: files that count; * changed since 1.0.0_2.0.0\n"
        "  Dockerfile\n"
        "  manifest.json\n"
        "  run.py\n"
        "* src/a.py\n"
        "* src/b.py\n"
    )


def test_verbose_without_a_tag_or_repository(tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "new")
    repository.gear()
    repository.commit()
    shown = run("version", "-v", repository.directory).stdout
    assert "my-gear: files that count\n  Dockerfile\n" in shown
    outside = Repository(tmp_path / "none")
    outside.gear()
    assert (
        "my-gear: not in git, so no file counts" in run("version", "-v", outside.directory).stdout
    )


# --- untracked files


@pytest.mark.parametrize(
    ("lines", "path", "named"),
    [
        ("COPY new.py .", "new.py", '"new.py" is in the image, but not tracked by git'),
        ("COPY src /x", "src/deep/new.py", '"src/deep/new.py" is in the image'),
        ("COPY . .", "new.py", '"new.py" is in the image'),
        ("COPY . .", "docs/new.md", ""),
        ("COPY . .", "new.pyc", ""),
        ("COPY . .", "out/new.py", ""),
        ("", "new.py", ""),
    ],
)
def test_untracked_file_that_the_image_would_hold(
    lines: str, path: str, named: str, repository: Repository, run: Run
) -> None:
    repository.write("Dockerfile", DOCKERFILE.replace("ENTRYPOINT", f"{lines}\nENTRYPOINT"))
    repository.write("src/a.py", "")
    repository.write(".gitignore", "*.pyc\n")
    repository.write(".dockerignore", "out\n")
    repository.commit()
    repository.write(path, "")
    before = repository.state
    outcome = run("bump", "--gear")
    if not named:
        assert outcome.code == 0, outcome.stderr
        return
    assert outcome.code == 2
    assert named in outcome.stderr
    assert repository.state == before
    assert run("bump", "--gear", "--allow-dirty").code == 0
    assert repository.git("status", "--porcelain").startswith("??")


def test_untracked_files_of_another_gear_do_not_count(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path / "mono")
    monkeypatch.chdir(repository.directory)
    for name in ("a", "b"):
        repository.release("1.0.0_2.0.0", f"{name}/1.0.0_2.0.0", f"gears/{name}", name)
        copied = DOCKERFILE.replace("COPY run.py manifest.json", "COPY .")
        repository.write(f"gears/{name}/Dockerfile", copied)
    repository.commit()
    repository.write("gears/b/new.py", "")
    assert run("bump", "gears/a", "--gear").code == 0
    outcome = run("bump", "gears/b", "--gear")
    assert outcome.code == 2
    assert '"gears/b/new.py" is in the image' in outcome.stderr


def test_tag_refuses_them_too(repository: Repository, run: Run) -> None:
    repository.write("Dockerfile", DOCKERFILE.replace("COPY run.py manifest.json", "COPY ."))
    repository.commit()
    for tag in repository.tags:
        repository.git("tag", "--delete", tag)
    repository.write("new.py", "")
    outcome = run("tag")
    assert outcome.code == 2
    assert outcome.stderr.endswith("would lack it: git add and commit, or ignore it\n")
    assert repository.tags == []
    (repository.directory / "new.py").rename(repository.directory / "run.py")
    assert run("tag").stderr.endswith('"run.py" are not committed: commit or stash them\n')
    repository.commit()
    assert run("tag").code == 0
    repository.write("new.py", "")
    assert run("tag").code == 0, "as it does nothing"
