"""Archives that ADD and tar unpack."""

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.image.archives import unpacked
from tests.image.test_build import HOME, described, image_of

BASE = f"FROM debian:12\nWORKDIR {HOME}\n"


def member(name: str, mode: int = 0o644, kind: bytes = tarfile.REGTYPE, to: str = "") -> bytes:
    """The name and what else a member of an archive has, to be packed."""
    info = tarfile.TarInfo(name)
    info.mode, info.type, info.linkname = mode, kind, to
    return info.tobuf()


USUAL = (
    member("a.sh", 0o755),
    member("in/b", 0o600),
    member("./data", 0o700, tarfile.DIRTYPE),
    member("./data/c", 0o640),
    member("data", 0o700, tarfile.DIRTYPE),
    member("empty", 0o700, tarfile.DIRTYPE),
    member("./", 0o700, tarfile.DIRTYPE),
    member("link", kind=tarfile.SYMTYPE, to="a.sh"),
    member("again", kind=tarfile.LNKTYPE, to="a.sh"),
    member("within", kind=tarfile.LNKTYPE, to="./data/c"),
)


def packed(*members: bytes, mode: str = "w") -> bytes:
    plain = b"".join(members) + bytes(1024)
    if mode == "w":
        return plain
    out = io.BytesIO()
    if mode == "gz":
        import gzip

        out.write(gzip.compress(plain))
    else:
        import bz2

        out.write(bz2.compress(plain))
    return out.getvalue()


UNPACKED = [
    # (steps, path, what is there then)
    ("ADD a.tar ./", "a.sh", "0755"),
    ("ADD a.tgz .", "in/b", "0600"),
    ("ADD a.bz2 /flywheel/v0", "data/c", "0640"),
    ("ADD a.tar ./", "data", "directory"),
    ("ADD a.tar ./", "link", "-> a.sh"),
    ("ADD a.tar ./\nRUN chmod 711 again", "a.sh", "0711"),
    ("ADD a.tar ./", "empty", "directory"),
    ("ADD a.tar ./", "within", "0640"),
    ("ADD a.tar ./", "none", "missing"),
    ("ADD a.tar run.sh ./", "run.sh", "0644"),
    ("ADD archive ./", "a.sh", "0755"),
    ("ADD a.tar ./", "a.tar", "missing"),
    ("ADD a.tar x/", "x/in/b", "0600"),
    ("COPY run.sh a.sh\nADD a.tar ./", "a.sh", "0755"),
    ("COPY data data\nADD a.tar ./", "data/one.txt", "0664"),
    ("COPY a.tgz ./\nRUN tar -xzf a.tgz", "in/b", "0600"),
    (
        "COPY a.tgz /tmp/\nRUN mkdir x && tar xf /tmp/a.tgz -C x && chmod 700 x/in/b",
        "x/in/b",
        "0700",
    ),
    ("COPY a.tgz /tmp/\nRUN tar -C /flywheel/v0 -xvzf /tmp/a.tgz", "none", "missing"),
]
UNKNOWN = [
    ("ADD --chmod=755 a.tar ./", "a.sh"),
    ("COPY run.sh data/\nCOPY run.sh link/x\nADD a.tar ./", "none"),  # a link over a directory
    ("COPY run.sh in\nADD a.tar ./", "none"),  # a directory over a file
    ("ADD not.tar ./", "none"),
    ("ADD cut.tgz ./", "none"),
    ("COPY a.tgz ./\nRUN tar -xzf a.tgz --strip-components 1", "none"),
    ("COPY a.tgz ./\nRUN tar -xzf a.tgz in", "none"),
    ("COPY not.tar a.tgz\nRUN tar -xzf a.tgz", "none"),
    ("COPY run.sh in\nCOPY a.tgz ./\nRUN tar -xzf a.tgz", "none"),
    ("COPY a.tgz ./\nRUN [ -e /x ] && mkdir d; true\nRUN tar -xzf a.tgz -C d", "d/none"),
    ("COPY a.tgz ./\nRUN tar -xzf a.tgz || true", "none"),
    ("COPY a.tgz ./\nRUN useradd me\nUSER me\nRUN tar -xzf a.tgz", "none"),
    ("COPY a.tgz ./\nRUN mv run.sh a.tgz; tar -xzf a.tgz || true", "none"),
    ("RUN wget https://example.org/a.tgz && tar -xzf a.tgz", "none"),
]


def image_after(directory: Path, steps: str) -> object:
    directory.mkdir()
    files = {
        "a.tar": packed(*USUAL),
        "archive": packed(*USUAL),
        "a.tgz": packed(*USUAL, mode="gz"),
        "a.bz2": packed(*USUAL, mode="bz2"),
        "not.tar": b"text\n",
        "cut.tgz": packed(*USUAL, mode="gz")[:-20],
    }
    for name, data in files.items():
        (directory / name).write_bytes(data)
    return image_of(directory, BASE + steps + "\n").files


@pytest.mark.parametrize(("steps", "path", "expected"), UNPACKED)
def test_unpacked(steps: str, path: str, expected: str, tmp_path: Path) -> None:
    files = image_after(tmp_path / "context", steps)
    assert described(files.find(f"{HOME}/{path}", follow=False)) == expected  # type: ignore[attr-defined]


@pytest.mark.parametrize(("steps", "path"), UNKNOWN)
def test_what_is_not_certain(steps: str, path: str, tmp_path: Path) -> None:
    files = image_after(tmp_path / "context", steps)
    assert described(files.find(f"{HOME}/{path}")) in ("unknown", "unknown bits")  # type: ignore[attr-defined]


def test_the_archive_is_as_tar_has_it(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(packed(*USUAL))
    assert shutil.which("tar")
    subprocess.run(["tar", "-xf", "a.tar"], cwd=tmp_path, check=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "a.sh", "a.tar", "again", "data", "empty", "in", "link", "within",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "members",
    [
        [member("/etc/x")],
        [member("../x")],
        [member("a/../x")],
        [member("a/.wh.x")],
        [member(".")],
        [member(".wh.x/a")],
        [member("a"), member("b", kind=tarfile.LNKTYPE, to="a/c")],
        [member("a", kind=tarfile.DIRTYPE), member("b", kind=tarfile.LNKTYPE, to="a")],
        [member("a", kind=tarfile.FIFOTYPE)],
        [member("a", kind=tarfile.LNKTYPE, to="none")],
        [member("a"), member("a/b")],
        [member("a/b"), member("a")],
        [member("a"), member("a", kind=tarfile.DIRTYPE)],
        [member("a/" * (limits.DIRECTORY_LEVELS + 1) + "b")],
        [member(str(number)) for number in range(limits.ARCHIVE_MEMBERS + 1)],
        [member("x", kind=tarfile.GNUTYPE_LONGNAME)] * 2000 + [member("a")],
        [member("x", kind=tarfile.XHDTYPE)] * 2000 + [member("a")],
    ],
)
def test_archives_that_are_not_followed(members: list[bytes]) -> None:
    assert unpacked(packed(*members), 1) is None


def test_a_bomb_is_not_unpacked() -> None:
    bomb = packed(member("a"), bytes(limits.ARCHIVE_BYTES * 2), mode="gz")
    assert unpacked(packed(member("a"), mode="gz"), 1) is not None
    assert len(bomb) < limits.ARCHIVE_BYTES / 100
    # The zeros are the end of the archive: those of a member are read over.
    large = tarfile.TarInfo("large")
    large.size = limits.ARCHIVE_BYTES * 2
    assert unpacked(packed(large.tobuf(), bytes(large.size), mode="gz"), 1) is None
