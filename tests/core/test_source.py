"""Where a file is, and its lines and columns: inside it and in order, whatever bytes it has."""

import os
import pickle
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gearlint.core.extract import extracted
from gearlint.core.finding import Edit, Finding, Fix, Severity
from gearlint.core.source import BOM, Source, Span, read, real_path

_PIECES = [
    b"a", b" ", b"\n", b"\r\n", b"\r", "é".encode(), "中".encode(), "😀".encode(), BOM, b"\x00",
    b"\xff", b"\x80", b"\xe4\xb8", b"\xf0\x9f", b"\xed\xa0\x80", b"x" * 5000,
]  # fmt: skip
BYTES = st.lists(st.sampled_from(_PIECES), max_size=30).map(b"".join)


def test_positions_of_some_places() -> None:
    source = Source("f", BOM + "aé\r\n中b\n".encode())
    found = [tuple(source.position(offset)) for offset in range(len(source.data) + 3)]
    first = [(1, 1)] * 4 + [(1, 2)] * 2 + [(1, 3)] * 2
    assert found == first + [(2, 1)] * 3 + [(2, 2), (2, 3), (3, 1), (3, 1), (3, 1)]
    assert [source.line(number) for number in (1, 2, 3)] == ["aé", "中b", ""]
    assert source.line_count == len(source.line_starts) == 3


@given(
    st.text(st.sampled_from("aé中😀\n"), max_size=9),
    st.integers(0, 9_000),
    st.integers(0, 9_000),
    st.booleans(),
)
def test_the_bytes_of_characters_are_those_characters(
    text: str, start: int, end: int, has_mark: bool
) -> None:
    text *= 1_000
    source = Source("f", BOM * has_mark + text.encode())
    start, end = sorted((min(start, len(text)), min(end, len(text))))
    first, last = source.span_of_text(start, end)
    assert source.data[first:last].decode() == text[start:end]
    assert source.data[source.text_start : first].decode() == text[:start]


@given(BYTES)
def test_each_position_is_inside_its_line_and_after_the_one_before(data: bytes) -> None:
    source = Source("f", data)
    before, line = (1, 1), 0
    for offset in range(len(data) + 1):
        at = source.position(offset)
        assert at >= before
        if offset == 0 or data[offset - 1 : offset] == b"\n":
            line += 1
            length = len(source.line(line))
        assert at.line == line
        assert 1 <= at.column <= length + 1
        before = at


@given(BYTES, st.randoms())
def test_positions_do_not_depend_on_their_order(data: bytes, random: Random) -> None:
    offsets = list(range(len(data) + 1))[:200]
    source = Source("f", data)
    expected = [source.position(offset) for offset in offsets]
    random.shuffle(offsets)
    again = Source("f", data)
    assert [again.position(offset) for offset in offsets] == [expected[at] for at in offsets]


@given(BYTES, st.integers(0, 200), st.integers(1, 40))
def test_a_piece_is_what_is_around_a_place(data: bytes, offset: int, most: int) -> None:
    source = Source("f", data)
    offset = min(offset, len(data))
    at = source.position(offset)
    line = source.line(at.line)
    piece = source.piece(offset, most)
    assert piece.before == max(0, at.column - 1 - most)
    assert piece.text == line[piece.before : at.column - 1 + most]
    assert piece.has_more is (at.column - 1 + most < len(line))


@pytest.mark.parametrize("data", [b"", b"a\nbc\n" + b"d" * 9000])
def test_an_extract_answers_as_its_file(data: bytes) -> None:
    source = Source("f", data)
    other = Source("g", b"x\ny")
    span = Span(min(4000, len(data)), len(data))
    fix = Fix(other, (Edit(2, 3, b"z"),), is_safe=True)
    finding = Finding("GL000", "n", Severity.INFO, source, span, "m", "", fix)
    plain = Finding("GL000", "n", Severity.INFO, other, Span(0, 0), "m", "", None)
    found, second = pickle.loads(pickle.dumps(extracted([finding, plain])))
    assert (found.source.path, found.source.size) == ("f", len(data))
    assert found.source.is_empty is source.is_empty
    assert not found.source.data
    for offset in (*span, max(span.end, span.start + 1)):
        assert found.source.position(offset) == source.position(offset)
    assert found.source.piece(span.start, 500) == source.piece(span.start, 500)
    assert found.source.line(source.position(span.start).line) in source.line(
        source.position(span.start).line
    )
    assert found.fix is not None
    assert found.fix.edits == fix.edits
    assert [found.fix.source.position(at) for at in (2, 3)] == [(2, 1), (2, 2)]
    assert second.source.path == found.fix.source.path
    assert second.fix is None


@pytest.mark.skipif(not os.path.exists("/proc/version"), reason="no files without a size here")
def test_a_file_that_has_more_than_its_size_is_read_whole() -> None:
    with open("/proc/version", "rb") as file:
        assert read("/proc/version", "/proc").data == file.read()


@pytest.mark.parametrize(
    "path",
    [
        "top/inner/file",
        "top/inner/nothing/at/all",
        "top/inner",
        "top/inside/file",
        "top/outside/file",
        "top/outside/../other",
        "top/inner/../inner/file",
        "top",
        "topless/file",
        "other",
        "top/inner/last",
    ],
)
@pytest.mark.parametrize("is_relative", [False, True])
def test_a_path_without_links_is_the_same_from_a_directory_that_has_none(
    path: str, *, is_relative: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = tmp_path.resolve()
    (base / "top" / "inner").mkdir(parents=True)
    (base / "elsewhere" / "deep").mkdir(parents=True)
    (base / "top" / "inside").symlink_to("inner")
    (base / "top" / "outside").symlink_to("../elsewhere/deep")
    (base / "top" / "inner" / "last").symlink_to("../../other")
    monkeypatch.chdir(base)
    named = path if is_relative else str(base / path)
    assert real_path(named, str(base / "top")) == os.path.realpath(named) == real_path(named)
