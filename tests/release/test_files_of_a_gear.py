"""Which gears a repository has, which of its files count for one, and which git tracks."""

import os
from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.core.errors import TooMuchError
from gearlint.core.source import real_path
from gearlint.engine.gears import gears_under
from gearlint.release.changelogs import changelog_of
from gearlint.release.content import Content
from gearlint.release.gears import gears_on_disk, named_gears
from gearlint.release.index import index_of
from tests.repositories import Repository
from tests.sound import DOCKERFILE, write_gear

pytestmark = pytest.mark.usefixtures("own_git_configuration")


def gears_in(directory: Path, *places: str) -> str:
    """The root of a directory with gears at these places, each named by its place."""
    for place in places:
        write_gear(directory / place, f'"name": "{place.rpartition("/")[2]}"')
    return real_path(str(directory))


def test_gears_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = gears_in(
        tmp_path, "", "a", "deep/b", "tests/c", ".hidden/d", "node_modules/e", "ignored/f"
    )
    (tmp_path / ".gitignore").write_text("/ignored/\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.json").write_text('{"icons": []}')
    (tmp_path / "directory" / "manifest.json").mkdir(parents=True)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").symlink_to("/etc/hostname")
    (tmp_path / "link").symlink_to("deep")
    (tmp_path / "a" / "notes.json").write_text("{}")
    (tmp_path / "lone").mkdir()
    (tmp_path / "lone" / "manifest.json").write_text((tmp_path / "a/manifest.json").read_text())
    gears_on_disk.cache_clear()
    assert gears_on_disk(root) == {"": "", "a": "a", "deep/b": "b", "lone": "a"}
    tracked = ["a/manifest.json", "a/notes.json", "tests/c/manifest.json", "lost/manifest.json"]
    assert list(named_gears(tracked, root)) == [("a", "a")]
    gears_on_disk.cache_clear()
    monkeypatch.setattr(limits, "GEAR_DIRECTORIES", 7)
    with pytest.raises(TooMuchError):
        gears_on_disk(root)


CHANGELOGS = [
    # files beside the gears `a/own` and `b`, and the one that is the CHANGELOG of `a/own`
    (["a/own/CHANGELOG.md", "a/CHANGELOG.md", "CHANGELOG.md"], "a/own/CHANGELOG.md"),
    (["a/CHANGELOG.md", "CHANGELOG.md"], "a/CHANGELOG.md"),
    (["CHANGELOG.md"], None),
    (["b/CHANGELOG.md"], None),
    ([], None),
]


@pytest.mark.parametrize(("files", "found"), CHANGELOGS)
@pytest.mark.parametrize("ignored", [False, True])
def test_changelog_of_a_gear(
    files: list[str], found: str | None, ignored: bool, tmp_path: Path
) -> None:
    Repository(tmp_path)
    gears_in(tmp_path, "a/own", "b")
    for file in files:
        (tmp_path / file).write_text("# 1.0\n")
    if ignored:
        (tmp_path / ".gitignore").write_text("CHANGELOG.md\n")
    [(gear, _)] = gears_under(str(tmp_path / "a" / "own"))
    gears_on_disk.cache_clear()
    changelog = changelog_of(gear)
    path = changelog and os.path.relpath(changelog.source.path, tmp_path)
    assert path == (None if ignored else found)


def test_changelog_above_a_gear_that_is_alone(tmp_path: Path) -> None:
    Repository(tmp_path)
    gears_in(tmp_path, "gears/a", "tests/b")
    (tmp_path / "CHANGELOG.md").write_text("# 1.0\n")
    [(gear, _)] = gears_under(str(tmp_path / "gears" / "a"))
    gears_on_disk.cache_clear()
    changelog = changelog_of(gear)
    assert changelog is not None
    assert os.path.basename(changelog.source.path) == "CHANGELOG.md"


COUNTED = [
    # (lines of the Dockerfile, ignore file, settings, files, those of them that count)
    ("COPY . .", "", "", "a.py src/b.py README.md tests/c.py below/d.py", "a.py src/b.py below/d.py"),
    ("COPY src .", "", "", "a.py src/b.py src/README.md srcs/c.py", "src/b.py src/README.md"),
    ("COPY a.* .", "", "", "a.py a.txt b.py", "a.py a.txt"),
    ("COPY src/[ab].py .", "", "", "src/a.py src/c.py", "src/a.py"),
    ("COPY . .", "*.txt\n", "", "a.py a.txt .dockerignore", "a.py .dockerignore"),
    ("COPY a.py .", "*.txt\n", "", "a.py a.txt .dockerignore", "a.py"),
    ("COPY *.py .", "b.py\n", "", "a.py b.py .dockerignore", "a.py .dockerignore"),
    # an ignore file, or a glob, past any use
    ("COPY . .", "x" * 301, "", "a.py .dockerignore", ".dockerignore"),
    (f"COPY a.py {'x' * 301}* .", "", "", "a.py b.py", "a.py"),
    ("COPY --exclude=*.txt . .", "", "", "a.py a.txt src/b.txt", "a.py src/b.txt"),
    ("COPY --exclude=*.txt --exclude=!a.txt . .", "", "", "a.py a.txt", "a.py"),
    ("COPY . .", "", 'unversioned = ["a.py"]', "a.py README.md", "README.md"),
    ("COPY a.py .", "", 'unversioned = ["a.py"]', "a.py b.py", ""),
    ("", "", "", "a.py", ""),
    ("COPY", "", "", "a.py README.md below/d.py", "a.py"),
    ("", "", "", "manifest.json Dockerfile run.py", "manifest.json Dockerfile run.py"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "ignore", "settings", "files", "counted"), COUNTED)
@pytest.mark.parametrize("place", ["", "gears/own"])
def test_files_that_count(
    lines: str,
    ignore: str,
    settings: str,
    files: str,
    counted: str,
    place: str,
    tmp_path: Path,
) -> None:
    directory = tmp_path / place
    root = gears_in(tmp_path, place)
    for name in files.split():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).touch()
    (directory / "Dockerfile").write_text(DOCKERFILE.replace("ENTRYPOINT", f"{lines}\nENTRYPOINT"))
    (directory / "gearlint.toml").write_text(f"{settings}\n")
    if ignore:
        (directory / ".dockerignore").write_text(ignore)
    [(gear, _)] = gears_under(str(directory / "manifest.json"))
    below = f"{place}/below" if place else "below"
    content = Content(gear, root, [place, below, "gears/owner"])
    before = f"{place}/" if place else ""
    found = [name for name in files.split() if content.has(f"{before}{name}")]
    assert found == counted.split()
    assert not content.has("elsewhere/a.py") or not place
    assert not content.has("gears/owner/a.py") or not place


LONG = ("long/" + "x" * 250, "longer/" * 10 + "x" * 250)
TRACKED = [
    # (path, whether git tracks it, whether it certainly neither tracks nor ignores it)
    ("a.py", True, False),
    ("src", True, False),
    ("src/b.py", True, False),
    ("src/deep", True, False),
    ("link", True, False),
    ("p/b.py", True, False),
    ("link/x.py", False, False),
    ("new.py", False, True),
    ("src/new.py", False, True),
    ("b.py", False, True),
    ("sr", False, True),
    ("rc/b.py", False, True),
    ("a.pyc", False, False),
    ("excluded", False, False),
    ("inner/c.py", False, False),
    ("inner", False, False),
    ("é.py", False, False),
    *((path, True, False) for path in LONG),
    ("long/" + "x" * 249, False, True),
]


@pytest.mark.parametrize("version", ["2", "4"])
def test_what_git_tracks(version: str, tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    for name in ("a.py", "src/b.py", "src/deep/c.py", "p/b.py", "zz.py", *LONG):
        repository.write(name, "")
    (tmp_path / "link").symlink_to("src")
    repository.write(".gitignore", "*.pyc\n")
    repository.git("add", "--all")
    repository.git("update-index", "--index-version", version)
    repository.write(".git/info/exclude", "excluded\n")
    (tmp_path / "inner" / ".git").mkdir(parents=True)
    root = real_path(str(tmp_path))
    index_of.cache_clear()
    index = index_of(root)
    assert index is not None
    for path, is_tracked, is_lacking in TRACKED:
        full = os.path.join(root, path)
        assert (path, index.tracks(full)) == (path, is_tracked)
        assert (path, index.lacks(full)) == (path, is_lacking)
    repository.write(".git/index.lock", "")
    index_of.cache_clear()
    index = index_of(root)
    assert index is not None
    assert not index.lacks(os.path.join(root, "new.py"))


def test_index_that_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = real_path(str(tmp_path))
    assert index_of(root) is None
    repository = Repository(tmp_path)
    repository.write("a.py", "")
    repository.git("add", "--all")
    index_of.cache_clear()
    assert index_of(root) is not None
    for name, bytes_, version, is_known in (
        ("GIT_INDEX_PACKED_BYTES", 10, "4", False),
        ("GIT_INDEX_PACKED_BYTES", 10, "2", True),
        ("FILE_BYTES", 10, "2", False),
    ):
        repository.git("update-index", "--index-version", version)
        with monkeypatch.context() as patched:
            patched.setattr(limits, name, bytes_)
            index_of.cache_clear()
            assert (index_of(root) is not None) is is_known
    repository.write(".git/index", "DIRC\0\0\0\2x")
    index_of.cache_clear()
    index = index_of(root)
    assert index is not None
    assert not index.lacks(os.path.join(root, "new.py"))
