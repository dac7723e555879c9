"""What chmod makes of permissions, and of those of which some are unknown."""

import subprocess
from pathlib import Path

import pytest

from gearlint.image.shell.modes import Permissions, changed, parse

# (operand of chmod, whether an executable bit was set, whether one is then)
RUNS = [
    ("755", None, True),
    ("644", True, False),
    ("+x", None, True),
    ("u+x", False, True),
    ("a-x", True, False),
    ("-x", None, False),
    ("u-x", True, None),
    ("+X", None, None),
    ("+X", True, True),
    ("-X", True, False),
    ("+r", True, True),
    ("a-w", False, False),
    ("=r", True, False),
    ("=rx", False, True),
    ("u=r", True, None),
    ("a=X", None, None),
    ("a=u", True, None),
    ("g=u", True, None),
    ("u-x,a+r", True, None),
    ("u-x,a+x", None, True),
]


@pytest.mark.parametrize(("operand", "before", "after"), RUNS)
def test_whether_it_is_executable(operand: str, before: bool | None, after: bool | None) -> None:
    mode = parse(operand)
    assert mode is not None
    assert changed(mode, Permissions(None, before)).runs is after


BITS = (0o644, 0o755, 0o600, 0o611, 0o4755, 0o7777, 0o000, 0o640, 0o2064)
OPERANDS = [
    "755", "4711", "0", "+x", "a+x", "u+x", "ug+x", "o-x", "-x", "+w", "-r", "+X", "a+X", "u=X",
    "-X", "=", "=r", "=rwx", "u=rw", "g=", "o=rx", "a=rw", "u+s", "g+s", "ug-s", "u=s", "o+s", "+t",
    "-t", "a=t", "go=u", "o=g", "u=o", "a+u", "g-u", "u=rwx,go=rx", "a=r,u+w", "u+rw-x",
    "u+x,g=u,o-rwx",
]  # fmt: skip


@pytest.mark.parametrize("operand", OPERANDS)
def test_bits_are_those_that_chmod_sets(operand: str, tmp_path: Path) -> None:
    files = [tmp_path / f"{before:o}" for before in BITS]
    for before, file in zip(BITS, files, strict=True):
        file.touch()
        file.chmod(before)
    # chmod -x exits with 1 where the umask keeps a bit that the user may have meant
    command = 'umask 022; chmod -- "$@" || true'
    subprocess.run(["sh", "-c", command, "sh", operand, *files], check=True)
    mode = parse(operand)
    assert mode is not None
    for before, file in zip(BITS, files, strict=True):
        if before & 0o1000 and "o" in operand:
            continue  # of `o=r` busybox keeps the sticky bit, GNU does not
        bits = file.stat().st_mode & 0o7777
        made = changed(mode, Permissions(before, bool(before & 0o111)))
        assert made == (bits, bool(bits & 0o111)), file.name


@pytest.mark.parametrize("operand", ["", "x", "u", "+z", "8", "07777", "u+x,", "gu=u+q", "ug+uo"])
def test_what_is_not_a_mode(operand: str) -> None:
    assert parse(operand) is None
