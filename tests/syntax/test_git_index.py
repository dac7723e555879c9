"""The index of git is read as git reads it, and what is not all of it is refused."""

import random
from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.core.errors import GearlintError
from gearlint.syntax.git_index import tracked
from tests.repositories import Repository

LONG = "/".join(["d" * 200] * 6)
PATHS = ["a", "a b/c", "a b/cd", "a.txt", "ä/ö", f"{LONG}/one", f"{LONG}/other", "z" * 130, "zz"]


def _listed(repository: Repository) -> dict[bytes, int]:
    """What git itself lists."""
    lines = repository.git("ls-files", "--stage", "-z").split("\0")
    pairs = (line.split("\t") for line in lines if line)
    return {path.encode(): int(stage.split()[0], 8) for stage, path in pairs}


def _index(directory: Path) -> Repository:
    repository = Repository(directory)
    for path in PATHS:
        repository.write(path, path)
    (directory / "link").symlink_to("a")
    (directory / "zz").chmod(0o755)
    repository.git("add", ".")
    return repository


def _data(repository: Repository, *, skips_hash: bool = False) -> bytes:
    """The index; with `skips_hash` as git 2.40 writes it by index.skipHash, with no checksum."""
    data = (repository.directory / ".git" / "index").read_bytes()
    return data[:-20] + bytes(20) if skips_hash else data


@pytest.mark.parametrize("version", [2, 3, 4])
@pytest.mark.parametrize("skips_hash", [False, True])
def test_paths_and_modes_are_those_that_git_lists(
    version: int, skips_hash: bool, tmp_path: Path
) -> None:
    repository = _index(tmp_path / "r")
    repository.write("later", "x")
    repository.git("add", "--intent-to-add", "later")
    repository.git("update-index", "--assume-unchanged", "a")
    repository.git("update-index", "--index-version", str(version))
    found = tracked(_data(repository, skips_hash=skips_hash))
    assert found == _listed(repository)
    assert len(found) == len(PATHS) + 2


def test_index_of_a_repository_with_longer_names_of_objects(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    repository = Repository.at(tmp_path / "r")
    repository.git("init", "--quiet", "--object-format", "sha256")
    repository = _index(tmp_path / "r")
    assert tracked(_data(repository)) == _listed(repository)


def test_path_with_a_conflict_is_tracked(tmp_path: Path) -> None:
    repository = _index(tmp_path / "r")
    repository.git("commit", "--quiet", "--message", "1")
    repository.git("checkout", "--quiet", "-b", "other")
    repository.write("a", "other")
    repository.git("commit", "--quiet", "--all", "--message", "2")
    repository.git("checkout", "--quiet", "main")
    repository.write("a", "main")
    repository.git("commit", "--quiet", "--all", "--message", "3")
    repository.git("merge", "other", fails=True)
    assert tracked(_data(repository))[b"a"] == 0o100644


def test_split_index_is_refused(tmp_path: Path) -> None:
    repository = _index(tmp_path / "r")
    repository.git("update-index", "--split-index")
    with pytest.raises(GearlintError, match="extension"):
        tracked(_data(repository))


def test_sparse_index_is_refused(tmp_path: Path) -> None:
    repository = _index(tmp_path / "r")
    repository.git("commit", "--quiet", "--message", "1")
    repository.git("sparse-checkout", "set", "--cone", "--sparse-index", "ä")
    with pytest.raises(GearlintError, match="extension"):
        tracked(_data(repository))


@pytest.mark.parametrize("skips_hash", [False, True])
def test_damaged_index_is_refused_or_read(skips_hash: bool, tmp_path: Path) -> None:
    repository = _index(tmp_path / "r")
    repository.git("update-index", "--index-version", "4")
    data, chance = _data(repository, skips_hash=skips_hash), random.Random(1)
    for _ in range(2000):
        damaged = bytearray(
            data[: chance.randrange(len(data) + 1)] if chance.random() < 0.3 else data
        )
        for _ in range(chance.randrange(4)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            tracked(bytes(damaged))
        except GearlintError:
            continue


def test_paths_that_take_too_much_memory_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = _data(_index(tmp_path / "r"))
    monkeypatch.setattr(limits, "GIT_INDEX_PATH_BYTES", 1000)
    with pytest.raises(GearlintError, match="too large"):
        tracked(data)
