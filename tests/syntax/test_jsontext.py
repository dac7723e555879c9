"""The span of every key and value, and every place that is not valid JSON."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gearlint.syntax.jsontext import Node, parse

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=25,
)


def check_node(data: bytes, node: Node, value: object) -> None:
    """The span of a node covers the text of its value, and so for all values inside it."""
    assert json.loads(data[node.span.start : node.span.end]) == value
    if isinstance(value, dict):
        assert list(node.members) == list(value)
        for key, child in node.members.items():
            assert child.key is not None
            assert json.loads(data[child.key.start : child.key.end]) == key
            check_node(data, child, value[key])
    elif isinstance(value, list):
        assert len(node.items) == len(value)
        for child, item in zip(node.items, value, strict=True):
            check_node(data, child, item)


@given(VALUES, st.sampled_from([None, 1, "\t", " \r\n"]), st.booleans())
@settings(deadline=None, max_examples=200)
def test_every_span_is_that_of_its_value(value: object, indent: object, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)  # type: ignore[arg-type]
    data = text.encode("utf-8", "surrogatepass")
    document = parse(data)
    assert not document.faults
    check_node(data, document.root, value)


@given(st.text(alphabet="{}[]:,\"\\ \n019.-eEtrufalsn'“”/*#\t\0\x0b", max_size=40))
@settings(deadline=None, max_examples=500)
def test_there_is_a_fault_wherever_json_sees_one_and_only_there(text: str) -> None:
    data = text.encode()
    faults = parse(data).faults
    assert all(0 <= f.span.start <= f.span.end <= len(data) for f in faults)
    try:
        json.loads(text, parse_constant=lambda name: 1 / 0)
    except (ValueError, ZeroDivisionError):
        assert faults
    else:
        assert not faults


def reported(text: str) -> list[tuple[str, str]]:
    """(text of the span, message) of each fault."""
    data = text.encode()
    return [(data[f.span.start : f.span.end].decode(), f.message) for f in parse(data).faults]


TRAILING = "trailing commas are not allowed in JSON"
COMMENTS = "comments are not allowed in JSON"
CURLY = "curly quotes are not allowed in JSON"
SINGLE = "single quotes are not allowed in JSON"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('{"a": 1,}', [(",", TRAILING)]),
        ('{"a": [1, 2,],\n "b": {"c": 2,},}', [(",", TRAILING)] * 3),
        ('{"a": 1, // why\n "b": 2}', [("// why", COMMENTS)]),
        ('{"a": 1, /* why\n not */ "b": 2}', [("/* why\n not */", COMMENTS)]),
        ('{\n# why\n"a": 1}', [("# why", COMMENTS)]),
        ("{“a”: “b”}", [("“a”", CURLY), ("“b”", CURLY)]),
        ("{'a': ['b']}", [("'a'", SINGLE), ("'b'", SINGLE)]),
        ('{a: 1, "b": yes}', [("a", "key a is not in quotes"), ("yes", "yes is not JSON")]),
        ('{"a": True}', [("True", "True is not JSON")]),
        ('{"a": NaN}', [("NaN", "NaN is not a JSON number")]),
        ('{"a": 01}', [("01", "01 is not a JSON number")]),
        ('{"a": .5}', [(".5", ".5 is not a JSON number")]),
        ('{"a": 1 "b": 2}', [("", "comma is missing")]),
        ('{"a" 1}', [("1", 'no ":" between key and value')]),
        ('{"a": }', [('"a"', "key without a value")]),
        ('{"a"}', [('"a"', "key without a value")]),
        ('{"a": 1,, "b": 2}', [(",", "comma with nothing before it")]),
        ('{"a": [1, 2}', [("}", '"]" is missing')]),
        ('{"a": 1', [("", '"}" is missing')]),
        ('{"a": 1}}', [("}", "text after the end of the JSON value")]),
        ('["a": 1]', [(":", 'unexpected ":"'), ("", "comma is missing")]),
        (r'{"a": "\q"}', [(r"\q", r"\q is not a JSON escape")]),
        ('{"a": "b\tc"}', [("\t", "tab inside a string")]),
        ('{"a": "b\x01c"}', [("\x01", "control character inside a string")]),
        ('{"a": "b\n}', [('"b', "string is not closed on its line")]),
        (
            '{"a": "b,\n "c": 1,}',
            [('"b,', "string is not closed on its line"), (",", TRAILING)],
        ),
        ("", [("", "no JSON value")]),
    ],
)  # fmt: skip
def test_each_mistake_is_reported_where_it_is(text: str, faults: list[tuple[str, str]]) -> None:
    assert reported(text) == faults


@pytest.mark.parametrize(
    "text", ['{"a": "// no comment"}', '{"a": "it\'s “so”"}', '{"a": "NaN"}', '{"a": "1,"}', "[]"]
)
def test_what_looks_like_a_mistake_inside_a_string_is_not_one(text: str) -> None:
    assert reported(text) == []


def test_keys_given_twice_are_found_at_any_depth() -> None:
    document = parse(b'{"a": {"b": 1, "b": 2}, "a": 3}')
    assert [(d.key, d.first.start, d.again.start) for d in document.duplicates] == [
        ("b", 7, 15),
        ("a", 1, 24),
    ]


def test_equal_keys_count_as_one_however_they_are_escaped() -> None:
    assert [d.key for d in parse(rb'{"a": 1, "\u0061": 2}').duplicates] == ["a"]


def test_a_hundred_thousand_brackets_take_no_recursion() -> None:
    assert parse(b"[" * 100_000).faults[0].message == '"]" is missing'
    assert parse(b"[" * 100_000 + b"]" * 100_000).faults == []
