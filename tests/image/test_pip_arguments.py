"""What the words of a `pip install` give to pip."""

import pytest

from gearlint.image.shell.pip_arguments import files_named, given

# (the words after `install`, each option with its value)
GIVEN = [
    ("", []),
    ("numpy==1.0 scipy", [("", "numpy==1.0"), ("", "scipy")]),
    ("-U --no-cache-dir -qq numpy", [("", "numpy")]),
    ("-r a.txt", [("-r", "a.txt")]),
    ("-ra.txt", [("-r", "a.txt")]),
    ("-r=a.txt", [("-r", "a.txt")]),
    ("--requirement=a.txt -c b.txt", [("--requirement", "a.txt"), ("-c", "b.txt")]),
    ("-e . numpy", [("-e", "."), ("", "numpy")]),
    ("--target /opt numpy", [("--target", "/opt"), ("", "numpy")]),
    ("--new-option numpy", [("--new-option", "numpy")]),  # which may be its value
    ("--new-option -r a.txt", [("--new-option", ""), ("-r", "a.txt")]),
    ("numpy -r", [("", "numpy"), ("-r", "")]),
    ("--index-url=https://a.org/?b=c x", [("--index-url", "https://a.org/?b=c"), ("", "x")]),
]


@pytest.mark.parametrize(("words", "expected"), GIVEN)
def test_given(words: str, expected: list[tuple[str, str]]) -> None:
    assert [(each.option, each.value) for each in given(words.split())] == expected


def test_what_is_known() -> None:
    found = given(["--target=x", "-r", "y", "z"], [False, True, False, True])
    assert [(each.value, each.is_known) for each in found] == [
        ("x", False), ("y", False), ("z", True)
    ]  # fmt: skip


def test_files_named() -> None:
    words = "-r a.txt -c b.txt --constraint=c.txt -r https://example.org/d.txt e.txt -r"
    assert list(files_named(given(words.split()))) == ["a.txt", "b.txt", "c.txt"]
