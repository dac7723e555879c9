"""What chmod makes of permissions of which some are unknown."""

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
    assert changed(mode, Permissions(None, before), is_directory=False).runs is after


@pytest.mark.parametrize(
    ("operand", "is_directory", "bits"),
    [("+X", True, 0o755), ("+X", False, 0o644), ("a=X", True, 0o111), ("go=u", False, 0o666)],
)
def test_bits(operand: str, is_directory: bool, bits: int) -> None:
    mode = parse(operand)
    assert mode is not None
    assert changed(mode, Permissions(0o644, False), is_directory=is_directory).bits == bits
