"""Edits on a manifest: what is changed, in whose style, and that all else stays byte for byte."""

import pytest

from gearlint.core import limits
from gearlint.core.finding import Fix, applied
from gearlint.core.source import Source
from gearlint.gear.edits import manifest as edits
from gearlint.gear.manifest import Json, Manifest

ORDER = ["name", "label", "version", "url", "custom"]


def manifest(text: str) -> Manifest:
    return Manifest(Source("manifest.json", text.encode()))


def after(fix: Fix | None) -> str | None:
    """The text with the fix applied; `None` where there is no fix."""
    return applied(fix.source.data, fix.edits).decode() if fix else None


REWRITTEN = [
    # (string at "a" as it is written, new text, as it is written then)
    (r'{"a": "1.0"}', "2.0", r'{"a": "2.0"}'),
    ('{"a" :\t"x:1" , "b": 1e3}', "x:2", '{"a" :\t"x:2" , "b": 1e3}'),
    (r'{"a": "me\/gear:1.0"}', "me/gear:1.1", r'{"a": "me\/gear:1.1"}'),
    (r'{"a": "\u00e9\/X:1"}', "é/x:1", r'{"a": "\u00e9\/x:1"}'),
    (r'{"a": "\ud83e\udde0:1"}', "🧠:22", r'{"a": "\ud83e\udde0:22"}'),
    ('{"a": "é🧠:1", "b": "é"}', "é🧠:", '{"a": "é🧠:", "b": "é"}'),
    ('{"a": ""}', 'say "no"', r'{"a": "say \"no\""}'),
    ('{"a": "x", "a": "y"}', "z", '{"a": "x", "a": "z"}'),
    ('{"a": "aa"}', "aaa", '{"a": "aaa"}'),
    ('{"a": "aba"}', "a", '{"a": "a"}'),
]


@pytest.mark.parametrize(("text", "new", "expected"), REWRITTEN)
def test_string_is_rewritten_where_it_differs(text: str, new: str, expected: str) -> None:
    assert after(edits.rewritten(manifest(text), new, ("a",), is_safe=True)) == expected


@pytest.mark.parametrize("text", ['{"a": "same"}', '{"a": 1}', '{"b": "x"}', "[]", "{"])
def test_what_is_no_other_string_is_not_rewritten(text: str) -> None:
    assert edits.rewritten(manifest(text), "same", ("a",), is_safe=True) is None


REMOVED = [
    # ("a" is removed)
    ('{"a": 1}', "{}"),
    ('{ "a": 1 }', "{}"),
    ('{\n  "a": 1\n}\n', "{}\n"),
    ('{"a": 1, "b": 2}', '{"b": 2}'),
    ('{"b": 2, "a": 1}', '{"b": 2}'),
    ('{"b": 2, "a": 1, "c": 3}', '{"b": 2, "c": 3}'),
    ('{\n    "a": {},\n    "b": 2\n}', '{\n    "b": 2\n}'),
    ('{\n\t"b": 2,\n\t"a": [1]\n}', '{\n\t"b": 2\n}'),
    ('{\r\n  "b": 2,  \r\n  "a": 1\r\n}', '{\r\n  "b": 2\r\n}'),
    ('{\n  "b": 2,\n  "a": 1,\n  "c": 3\n}', '{\n  "b": 2,\n  "c": 3\n}'),
    ('{\n  "b": 2, "a": 1,\n  "c": 3\n}', '{\n  "b": 2,\n  "c": 3\n}'),
    ('{\n  "b": 2, "a": 1, "c": 3\n}', '{\n  "b": 2, "c": 3\n}'),
    ('{ "b": 2\n, "a": 1\n, "c": 3\n}', '{ "b": 2\n, "c": 3\n}'),
    ('{ "b": 2\n, "a": 1\n}', '{ "b": 2\n}'),
    ('{ "a": 1\n, "b": 2\n}', '{ "b": 2\n}'),
    ('{"b": 2 , "a": 1 }', '{"b": 2 }'),
    ('{\n  "b": 2,\n\n  "a": 1,\n\n  "c": 3\n}', '{\n  "b": 2,\n\n  "c": 3\n}'),
    ('{\n  "a": 1,\n      "b": 2\n}', '{\n      "b": 2\n}'),
    ('{"a": 1,\n  "b": 2}', '{\n  "b": 2}'),
    ('{\n  "b": 2 ,\n  "a": 1\n}', '{\n  "b": 2 \n}'),
    (r'{"\u0061": 1, "b": "\/"}', r'{"b": "\/"}'),
    ('{\n "b": 2,"a": 1\n,"c": 3}', '{\n "b": 2,"c": 3}'),
    ('{"b": 1,\n\n "a": 1}', '{"b": 1}'),
    ('{"b": 1, \n "a": 1\n ,\n "c": 1}', '{"b": 1, \n "c": 1}'),
    ('{"b": 1, "a": 1,\n"c": 1}', '{"b": 1,\n"c": 1}'),
    ('{"b": 1 , "a": 1}', '{"b": 1}'),
    ('{"b": 1\n, \n"a": 1}', '{"b": 1\n}'),
    ('{"x": [1], "a": 1}', '{"x": [1]}'),
]


@pytest.mark.parametrize(("text", "expected"), REMOVED)
def test_member_is_removed_with_its_comma_and_its_line(text: str, expected: str) -> None:
    assert after(edits.removed(manifest(text), ("a",), is_safe=True)) == expected


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"b": 1}', "[1]", '{"A": 1}'])
def test_member_whose_removal_would_bring_back_another_stays(text: str) -> None:
    assert edits.removed(manifest(text), ("a",), is_safe=True) is None


INSERTED = [
    # ("url" is added)
    ('{"name": "x"}', '{"name": "x", "url": ""}'),
    ('{"name":"x"}', '{"name":"x","url":""}'),
    ('{"name":"x","custom":{}}', '{"name":"x","url":"","custom":{}}'),
    ('{ "name" : "x" }', '{ "name" : "x", "url" : "" }'),
    ('{\n  "name": "x"\n}\n', '{\n  "name": "x",\n  "url": ""\n}\n'),
    ('{\n\t"name":\t"x"\n}', '{\n\t"name":\t"x",\n\t"url":\t""\n}'),
    ('{\r\n   "name": "x"\r\n}', '{\r\n   "name": "x",\r\n   "url": ""\r\n}'),
    (
        '{\n  "custom": {\n    "a": 1\n  },\n  "version": "1",\n  "é": "é"\n}',
        '{\n  "custom": {\n    "a": 1\n  },\n  "version": "1",\n  "url": "",\n  "é": "é"\n}',
    ),
    ('{\n  "custom": {},\n\n  "b": 1\n}', '{\n  "custom": {},\n\n  "b": 1,\n  "url": ""\n}'),
    ('{ "name": "x"\n, "label": "y"\n}', '{ "name": "x"\n, "label": "y"\n, "url": ""\n}'),
    ('{\n"name"   : "x",\n"version": "1"}', '{\n"name"   : "x",\n"version": "1",\n"url": ""}'),
    ('{"name"    :    "x"}', '{"name"    :    "x", "url" : ""}'),
    ('{"name": "x",\n "version": "1"}', '{"name": "x",\n "version": "1",\n "url": ""}'),
    ('{"name":\n"x"}', '{"name":\n"x", "url": ""}'),
    ('{\n "name": "x",   \n "a": 1}', '{\n "name": "x",   \n "url": "",\n "a": 1}'),
    ('{\r\n "name": "x" ,\t\r\n "a": 1}', '{\r\n "name": "x" ,\t\r\n "url": "",\r\n "a": 1}'),
    ('{\n "name": "x", \n\n "a": 1}', '{\n "name": "x", \n "url": "",\n\n "a": 1}'),
    ('{\n "a": 1, "name": "x",  \n "b": 1}', '{\n "a": 1, "name": "x", "url": "",  \n "b": 1}'),
    ('{"name": "x",  "a": 1}', '{"name": "x",  "url": "",  "a": 1}'),
    ('{\n "name": "x"  \n}', '{\n "name": "x",\n "url": ""  \n}'),
    ('{"name": "x",' + " " * 999 + '"version": "1"}', None),
]


@pytest.mark.parametrize(("text", "expected"), INSERTED)
def test_member_is_inserted_in_the_style_of_its_neighbours(text: str, expected: str | None) -> None:
    fix = edits.inserted(manifest(text), "url", "", ORDER, is_safe=True)
    assert after(fix) == (expected or text[:-1] + ', "url": ""}')


@pytest.mark.parametrize("text", ["{}", "{\n}", "[]", '{"url": 1}', '{"url": 1, "url": 2}'])
def test_nothing_is_inserted_where_there_are_no_neighbours_or_it_is_there(text: str) -> None:
    assert edits.inserted(manifest(text), "url", "", ORDER, is_safe=True) is None


def test_nothing_is_inserted_that_makes_the_file_too_large_to_read() -> None:
    text = '{"name": "' + "x" * (limits.FILE_BYTES - 15) + '"}'
    assert edits.inserted(manifest(text), "url", "", ORDER, is_safe=True) is None


MOVED = [
    # ("old" is moved to "new" as "key")
    ('{"old": "\\/"}', '{"new": {"key": "\\/"}}'),
    ('{ "old":"x" }', '{ "new":{ "key":"x" } }'),
    ('{\n  "old": "x"\n}', '{\n  "new": {\n    "key": "x"\n  }\n}'),
    ('\n{\n  "old": "x"\n}', '\n{\n  "new": {\n    "key": "x"\n  }\n}'),
    ('{\n\t"b": 1,\n\t"old": 1.0\n}', '{\n\t"b": 1,\n\t"new": {\n\t\t"key": 1.0\n\t}\n}'),
    ('{\r\n "old": 1\r\n}', '{\r\n "new": {\r\n  "key": 1\r\n }\r\n}'),
    (
        '{\n  "b": {"c": 1},\n  "old": "x"\n}',
        '{\n  "b": {"c": 1},\n  "new": {"key": "x"}\n}',
    ),
    ('{"new": {}, "old": 1}', '{"new": {"key": 1}}'),
    ('{"old": 1, "new": {}}', '{"new": {"key": 1}}'),
    ('{\n  "old": 1,\n  "new": {}\n}', '{\n  "new": {\n    "key": 1\n  }\n}'),
    ('{"old": 1, "new": {"a": 2}}', '{"new": {"a": 2, "key": 1}}'),
    ('{"new": {\n  "a": 2\n},\n "old": 1}', '{"new": {\n  "a": 2,\n  "key": 1\n}}'),
    ('{"new": {"key": null, "a": 2}, "old": 1}', '{"new": {"key": 1, "a": 2}}'),
    ('{\n"old": 1\n}', '{\n"new": {\n    "key": 1\n}\n}'),
    ('{\n    "old": 1, "b": 2\n}', '{\n    "new": {\n        "key": 1\n    }, "b": 2\n}'),
    ('{"b":{"c":1},"old":1}', '{"b":{"c":1},"new":{"key":1}}'),
    ('{"old"   :   1}', '{"new" : {"key" : 1}}'),
    ('{"old":\n1}', '{"new": {"key": 1}}'),
    ('{\n "b": {}, "old": 1\n}', '{\n "b": {}, "new": {"key": 1}\n}'),
    ('{\n "old": 1,\n "b": {"x": 1}\n}', '{\n "new": {"key": 1},\n "b": {"x": 1}\n}'),
    ('{"c": {"new": {}}, "old": 1}', '{"c": {"new": {}}, "new": {"key": 1}}'),
]


@pytest.mark.parametrize(("text", "expected"), MOVED)
def test_member_is_moved_and_its_value_stays_as_it_is_written(text: str, expected: str) -> None:
    assert after(edits.moved(manifest(text), ("old",), "new", "key", is_safe=True)) == expected


@pytest.mark.parametrize("text", ['{"old": 1, "old": 2}', '{"new": {}}'])
def test_member_that_is_repeated_or_missing_is_not_moved(text: str) -> None:
    assert edits.moved(manifest(text), ("old",), "new", "key", is_safe=True) is None


def test_nested_object_is_indented_by_the_step_of_its_parent() -> None:
    text = '{\n  "custom": {\n    "old": 1\n  }\n}'
    moved = edits.moved(manifest(text), ("custom", "old"), "new", "key", is_safe=True)
    expected = '{\n  "custom": {\n    "new": {\n      "key": 1\n    }\n  }\n}'
    assert after(moved) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a" : 1, "b": 2}', '{"z" : 1, "b": 2}'),
        (r'{"\u0061": "\u0061"}', r'{"z": "\u0061"}'),
        ('{"a": 1, "z": 2}', None),
        ('{"a": 1, "a": 2}', None),
        ('{"b": 1}', None),
    ],
)
def test_key_is_renamed(text: str, expected: str | None) -> None:
    assert after(edits.renamed(manifest(text), ("a",), "z", is_safe=True)) == expected


@pytest.mark.parametrize("value", ["1", "1.0", "-1e3", "true", "false", "10000000000000000000000"])
def test_scalar_is_put_in_quotes_as_it_is_written(value: str) -> None:
    fix = edits.put_in_quotes(manifest(f'{{"a":{value} }}'), ("a",), is_safe=True)
    assert after(fix) == f'{{"a":"{value}" }}'


@pytest.mark.parametrize("value", ["null", "[]", "{}", '"1"'])
def test_what_is_no_number_or_truth_value_is_not_put_in_quotes(value: str) -> None:
    assert edits.put_in_quotes(manifest(f'{{"a": {value}}}'), ("a",), is_safe=True) is None


ITEMS_REMOVED = [
    # (text, the item of custom.g.i, the text without it)
    ('{"custom": {"g": {"i": [1, 2]}}}', 0, '{"custom": {"g": {"i": [2]}}}'),
    ('{"custom": {"g": {"i": [1, 2]}}}', 1, '{"custom": {"g": {"i": [1]}}}'),
    ('{"custom": {"g": {"i": [\n  1,\n  2\n]}}}', 0, '{"custom": {"g": {"i": [\n  2\n]}}}'),
    ('{"custom": {"g": {"i": [\n  1,\n  2\n]}}}', 1, '{"custom": {"g": {"i": [\n  1\n]}}}'),
    ('{"custom": {"g": {"i": [1], "j": 2}}}', 0, '{"custom": {"g": {"j": 2}}}'),
    ('{"custom": {"g": {"i": [1]}, "h": 1}}', 0, '{"custom": {"h": 1}}'),
    ('{"a": 1, "custom": {"g": {"i": [1]}}}', 0, '{"a": 1, "custom": {}}'),
    ('{"custom": {"g": {"i": [1], "i": [1]}}}', 0, None),
    ('{"custom": {"g": {}, "g": {"i": [1]}}}', 0, None),
]


@pytest.mark.parametrize(("text", "index", "expected"), ITEMS_REMOVED)
def test_item_is_removed_with_what_held_nothing_else(
    text: str, index: int, expected: str | None
) -> None:
    path = ("custom", "g", "i")
    found = manifest(text)
    span = found.span((*path, index))
    assert after(edits.item_removed(found, path, span, path[:1], is_safe=True)) == expected


@pytest.mark.parametrize("text", ['{"custom": {"g": {"i": []}}}', '{"custom": {"g": 1}}', "[]"])
def test_item_that_is_not_there_is_not_removed(text: str) -> None:
    found = manifest(text)
    path = ("custom", "g", "i")
    assert edits.item_removed(found, path, found.span(path), path[:1], is_safe=True) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1, "a": 2}', '{"a": 2}'),
        ('{"b": 1, "a": {"x": 1}, "a": 2}', '{"b": 1, "a": 2}'),
        ('{\n "a": 1,\n "b": 3,\n "a": 2\n}', '{\n "b": 3,\n "a": 2\n}'),
    ],
)
def test_earlier_of_two_members_is_removed(text: str, expected: str) -> None:
    found = manifest(text)
    (duplicate,) = found.document.duplicates
    assert after(edits.earlier_removed(found, duplicate, is_safe=True)) == expected


INSERTED_UNDER = [
    # ("x" and "y" are added to "custom")
    ('{"name": "a"}', '{"name": "a", "custom": {"x": 1, "y": "z"}}'),
    ('{"name": "a", "custom": {}}', '{"name": "a", "custom": {"x": 1, "y": "z"}}'),
    ('{"custom":{}}', '{"custom":{"x": 1, "y": "z"}}'),
    ('{ "custom": {} }', '{ "custom": { "x": 1, "y": "z" } }'),
    ('{"custom": {"b": 1}}', '{"custom": {"b": 1, "x": 1, "y": "z"}}'),
    (
        '{\n  "custom": {\n    "b": 1\n  }\n}',
        '{\n  "custom": {\n    "b": 1,\n    "x": 1,\n    "y": "z"\n  }\n}',
    ),
    ('{\n  "custom": {}\n}', '{\n  "custom": {\n    "x": 1, "y": "z"\n  }\n}'),
    ('{\r\n\t"custom": {}\r\n}', '{\r\n\t"custom": {\r\n\t\t"x": 1, "y": "z"\r\n\t}\r\n}'),
    ('{\n"custom": {}\n}', '{\n"custom": {\n    "x": 1, "y": "z"\n}\n}'),
    ('{\n "a": "b", "custom": {}\n}', '{\n "a": "b", "custom": {"x": 1, "y": "z"}\n}'),
    # as the object beside it
    (
        '{\n "a": {"b": 1},\n "custom": {}\n}',
        '{\n "a": {"b": 1},\n "custom": {"x": 1, "y": "z"}\n}',
    ),
    (
        '{\n "a": {  "b": 1  },\n "custom": {}\n}',
        '{\n "a": {  "b": 1  },\n "custom": {  "x": 1, "y": "z"  }\n}',
    ),
    (
        '{\n "a": {   "b": 1   },\n "custom": {}\n}',
        '{\n "a": {   "b": 1   },\n "custom": {"x": 1, "y": "z"}\n}',
    ),
    (
        '{\n "a": {\n  "b": 1\n },\n "custom": {}\n}',
        '{\n "a": {\n  "b": 1\n },\n "custom": {\n  "x": 1, "y": "z"\n }\n}',
    ),
    # left alone
    ('{"custom": 5}', None),
    ('{"custom": []}', None),
    ("{}", None),
    ("[]", None),
]


@pytest.mark.parametrize(("text", "expected"), INSERTED_UNDER)
def test_members_are_inserted_under_an_object(text: str, expected: str | None) -> None:
    values: dict[str, Json] = {"x": 1, "y": "z"}
    assert (
        after(edits.inserted_under(manifest(text), "custom", values, ORDER, is_safe=True))
        == expected
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbf{}", b"{}"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}", b"{}"),
        ("\ufeff{}".encode("utf-16-le"), b"{}"),
        ("\ufeff{}".encode("utf-16-be"), b"{}"),
        ("{}".encode("utf-16-le"), b"{}"),
        ("{}".encode("utf-16-be"), b"{}"),
        ("\ufeff{".encode("utf-16-le"), b"{"),
        # without a mark, only what is JSON then is certain
        ('{"a"'.encode("utf-16-le"), None),
        ("\ufeff{\0}".encode("utf-16-le"), None),
        (b"\xff\xfe{", None),
        (b'{"\xe9": 1}', None),
        (b"{}", None),
    ],
)
def test_manifest_becomes_plain_utf8(data: bytes, expected: bytes | None) -> None:
    fix = edits.as_utf8(Manifest(Source("manifest.json", data)))
    assert (fix and applied(data, fix.edits)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1,}', '{"a": 1}'),
        ('{"a": 1, // x\n}', '{"a": 1\n}'),
        ('{"a": 1}', None),
        ('{"a": 1,}}', None),
        ('{"a": 1, "b": tru,}', None),
        ('{"a": ', None),
    ],
)
def test_manifest_becomes_json_where_all_that_is_meant_is_certain(
    text: str, expected: str | None
) -> None:
    assert after(edits.readable(manifest(text))) == expected
