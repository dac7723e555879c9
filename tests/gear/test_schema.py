"""The compiled gate says what jsonschema says, and refusals are reported in plain words."""

import copy
import hashlib
import importlib
import json
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import cache, partial
from io import BytesIO, StringIO, TextIOWrapper
from itertools import cycle
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft4Validator

import gearlint
from gearlint.cli.main import main
from gearlint.gear import schema
from gearlint.gear.schema.explain import explained
from gearlint.gear.schema.plain import plain_errors
from gearlint.gear.schema.snippets import Judge
from tests.conftest import SHARED, Run, needs_corpus
from tests.sound import MANIFEST, write_gear

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
BUILT = Path(gearlint.__file__).parent / "_built"
SCHEMA: dict[str, Any] = json.loads((SCHEMAS / "manifest.schema.json").read_bytes())
VALIDATOR = Draft4Validator(SCHEMA)
CORPUS = sorted((SHARED / "corpus").rglob("*.json"))

RAW_PHRASES = (
    "is not of type",
    "is not valid under any of the given schemas",
    "Additional properties",
    "is a required property",
    "does not match any",
)


def accepts(gate: object, value: object) -> bool:
    """Whether the compiled gate takes a value."""
    try:
        gate.validate(value)  # type: ignore[attr-defined]
    except ValueError:
        return False
    return True


def assert_gate_agrees(value: Any, *, on_errors: bool = True) -> bool:
    """Gate and jsonschema agree on a value, which the gate does not change; returns its verdict.

    With `on_errors` so do the errors that are plain without jsonschema and those of jsonschema.
    Where not all are plain, they are those of jsonschema anyway.
    """
    gate = importlib.import_module("gearlint._built.gate")
    before = json.dumps(value)  # unlike ==, it tells 1, 1.0 and true apart
    accepted = accepts(gate, value)
    assert json.dumps(value) == before
    assert accepted == VALIDATOR.is_valid(value)
    if isinstance(value, dict) and not accepted and on_errors:
        takes = partial(accepts, gate)
        if plain_errors(value, SCHEMA, takes) is not None:
            found = set(explained(value, SCHEMA, takes))
            assert found == set(explained(value, SCHEMA, lambda _: False))
    return accepted


def assert_reported_in_plain_words(data: bytes, *, is_valid: bool) -> None:
    """All rules run on a manifest without failing; its faults are reported in one line each."""
    Path("gear.json").write_bytes(data)
    written = BytesIO()
    with redirect_stdout(TextIOWrapper(written)), redirect_stderr(StringIO()) as err:
        main(["check", "--quiet", "--output-format", "json", "gear.json"])
        findings = json.loads(written.getvalue())["findings"]
    assert not err.getvalue()  # where a rule that failed would be reported
    lines = data.decode().split("\n")
    for found in findings:
        start, end = (found["line"], found["column"]), (found["end_line"], found["end_column"])
        assert (1, 1) <= start < end <= (len(lines), len(lines[-1]) + 1)
        assert start[1] <= len(lines[start[0] - 1])
        for text in (found["message"], found["help"] or ""):
            assert text.isprintable(), text
            assert len(text) < 300, text
            assert not any(phrase in text for phrase in RAW_PHRASES), text
    if not is_valid:
        assert any(found["severity"] == "error" for found in findings)


# Manifests to start from, and what to put in them.

SCALARS = [
    None, True, False, 0, 1, -1, 2, 0.0, 1.0, -0.0, 10.0, 0.5, 1e308, 5e-324, 2**63, -(2**64),
    10**400, "", " ", "a", "object", "string", "integer", "file", "context", "api-key", "MIT", "MR",
    "Any", "#", "#/definitions/a", "my-gear\n", "My Gear", "gear\u2028", "é", "\U0001f9e0",
    "\ud800", "\x00", "\x1b[31m", "'", '"', "\\", "x" * 100, "x" * 101, "x" * 1001, "x" * 5001,
    "é" * 100, "^(", "[^a-z0-9-]", "1.0.0_2.0.0", "v1", "me/my-gear", "me/my-gear:1",
    "localhost:5000/a/b:1.0",
]  # fmt: skip
CONTAINERS: list[Any] = [
    [], {}, [1, True, 1.0], [0, False], [1, 1.0], ["a", "a"], [[1], [True]],
    [{"a": 1}, {"a": True}], [None, None], [""], ["MR"], ["networking", 1], {"": ""},
    {"type": "string"}, {"type": []}, {"type": ["string", "string"]}, {"type": ["integer", "null"]},
    {"base": "file"},
    {"base": "context"}, {"base": "api-key", "read-only": 1}, {"base": "file", "type": {}},
    {"image": 1}, {"a": []}, {"a": ["b"]}, {"a": ["b", "b"]}, {"a": {"type": 1}}, {"a": 1},
    {"$ref": "#"}, {"$ref": 1}, {"enum": []}, {"exclusiveMaximum": True}, {"modality": ["", "MR"]},
]  # fmt: skip
KEYWORDS = [
    "$ref", "$schema", "additionalItems", "additionalProperties", "allOf", "anyOf", "default",
    "definitions", "dependencies", "description", "enum", "exclusiveMaximum", "exclusiveMinimum",
    "format", "id", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems",
    "minLength", "minProperties", "minimum", "multipleOf", "not", "oneOf", "optional", "pattern",
    "patternProperties", "properties", "required", "title", "type", "uniqueItems",
]  # fmt: skip
KEYS = [
    *KEYWORDS, *SCHEMA["properties"], "base", "read-only", "docker-image", "gear-builder",
    "image", "category", "suite", "show-job", "invalid", "module", "classification", "modality",
    "organ", "enforce_file_version_match", "gearlint", "ignore", "PATH", "a", "", " ", "a.b", "é",
    "name\n", "Name", "'", "\ud800", "\x1b", "x" * 300, "0",
]  # fmt: skip
TYPES = ["array", "boolean", "integer", "number", "string", "object", "null", "any", "", 1, None]
# Keywords with values that they can have.
SOUND_KEYWORDS: list[tuple[str, Any]] = [
    ("additionalItems", False), ("additionalProperties", False), ("additionalProperties", {}),
    ("allOf", [{"type": "integer"}, {"minimum": 1}]), ("anyOf", [{"enum": [1]}, {"maximum": 0}]),
    ("default", 1), ("default", 1.0), ("default", True), ("default", "a"), ("default", None),
    ("default", []), ("default", {}), ("default", 10**400), ("default", "x" * 5001),
    ("default", [1, True]), ("default", ["a", {"b": 0.1}]), ("dependencies", {"b": ["a"]}),
    ("description", ""), ("description", "\x1b[31m"), ("enum", [1, True, 1.5, "1", None]),
    ("enum", ["a"]), ("exclusiveMaximum", True), ("exclusiveMinimum", False), ("format", "uri"),
    ("id", "http://example.org/"), ("id", ""), ("items", {"type": "integer"}), ("items", [{}, {}]),
    ("maxItems", 1), ("maxLength", 0), ("maxProperties", 0), ("maximum", 0), ("maximum", 1e308),
    ("minItems", 2), ("minLength", 2), ("minProperties", 2), ("minimum", 2), ("minimum", 10**400),
    ("multipleOf", 2), ("multipleOf", 0.1), ("multipleOf", 5e-324), ("multipleOf", 10**400),
    ("not", {}), ("not", {"type": "string"}), ("oneOf", [{}, {}]), ("optional", True),
    ("pattern", "^(a+)+$"), ("pattern", "("), ("pattern", "^b$"), ("pattern", "\\p{L}"),
    ("patternProperties", {"(": {}}), ("patternProperties", {"": {"type": "null"}}),
    ("properties", {"b": {"type": "string"}}), ("required", ["a"]), ("title", ""),
    ("type", ["integer", "string"]), ("uniqueItems", True), ("$schema", "x"), ("$ref", "#"),
    ("$ref", "#/definitions/a"), ("$ref", "http://example.org/x"), ("$ref", "#a"), ("$ref", "#/%"),
    ("$ref", "#/definitions"), ("$ref", "#/items/0"), ("definitions", {"a": {"type": "string"}}),
    ("definitions", {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}),
]  # fmt: skip


@cache
def starts() -> list[str]:
    """Manifests as JSON: the sound one, one that uses every part of the schema, the corpus."""
    full = {
        **MANIFEST,
        "cite": "",
        "capabilities": ["networking"],
        "output_configuration": {"enforce_file_version_match": True},
        "flywheel": "0",
        "custom": {
            "docker-image": "me/my-gear:1.0.0_2.0.0",
            "gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"},
            "flywheel": {
                "suite": "Other",
                "show-job": True,
                "invalid": False,
                "module": "runsc",
                "classification": {"modality": ["MR"], "organ": ["Brain"], "species": []},
            },
        },
        "inputs": {
            "image": {"base": "file", "description": "", "optional": True, "type": {"enum": ["a"]}},
            "notes": {"base": "context", "description": ""},
            "key": {"base": "api-key", "read-only": True},
        },
        "config": {
            "a": {"type": "integer", "minimum": 0, "maximum": 9, "exclusiveMaximum": True},
            "b": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
            "c": {"type": "string", "pattern": "^a$", "default": "a", "enum": ["a", "b"]},
            "d": {"type": "number", "optional": True, "anyOf": [{"minimum": 1}, {"maximum": -1}]},
        },
    }
    real = [path.read_text(encoding="utf-8") for path in CORPUS]
    return [json.dumps(MANIFEST), json.dumps(full), *filter(is_object, real)]


def is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def containers(value: Any) -> Iterator[Any]:
    """Every object and array in a value, the outer ones first."""
    pending = [value]
    while pending:
        node = pending.pop(0)
        if isinstance(node, dict | list):
            yield node
            pending += node.values() if isinstance(node, dict) else node


def keys(node: Any) -> list[Any]:
    """The keys of an object, or the indices of an array."""
    return list(node) if isinstance(node, dict) else list(range(len(node)))


def json_values() -> st.SearchStrategy[Any]:
    """Small values of JSON, most of them of use somewhere in a manifest."""
    listed = st.sampled_from([*SCALARS, *CONTAINERS]).map(copy.deepcopy)  # they will be changed
    free = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
        ),
        max_leaves=5,
    )
    return st.one_of(listed, listed, free)


def snippets() -> st.SearchStrategy[Any]:
    """Config options and the like: a type, and keywords with values of any type, nested or not."""
    keywords = st.dictionaries(st.sampled_from(KEYWORDS), VALUES, max_size=3)
    nested = st.one_of(
        keywords.map(lambda inner: {"items": inner}),
        keywords.map(lambda inner: {"anyOf": [{"type": "string"}, inner]}),
        keywords.map(lambda inner: {"not": inner}),
        keywords.map(lambda inner: {"properties": {"a": inner}, "dependencies": {"a": ["b"]}}),
        keywords.map(lambda inner: {"dependencies": {"a": inner}}),
        keywords.map(lambda inner: {"definitions": {"a": inner}, "$ref": "#/definitions/a"}),
    )
    kind = st.sampled_from(TYPES).map(lambda kind: {"type": kind})
    parts = st.one_of(
        st.tuples(kind, keywords), st.tuples(kind, nested), st.tuples(kind, keywords, nested)
    )
    return parts.map(lambda parts: {key: one for part in parts for key, one in part.items()})


def sound_snippets() -> st.SearchStrategy[Any]:
    """Config options that are JSON schemas of draft 4, whose defaults may not fit, or else."""
    keywords = st.lists(st.sampled_from(SOUND_KEYWORDS), max_size=4)
    return st.builds(
        lambda kind, given: copy.deepcopy({"type": kind, **dict(given)}),
        st.sampled_from(TYPES[:5]),
        keywords,
    )


# Made once: hypothesis takes its time over every new strategy.
VALUES = json_values()
SNIPPETS = snippets()
SOUND_SNIPPETS = sound_snippets()
KEY = st.sampled_from(KEYS)
NUMBER = st.integers(0, 9999)
BASE = st.sampled_from(["file", "file", "context", "api-key", "File", 1])
INPUT_KEY = st.sampled_from(["type", "description", "optional", "read-only", *KEYS])
INPUT_MEMBERS = st.dictionaries(INPUT_KEY, SNIPPETS | VALUES, max_size=2)


def one_of(draw: st.DrawFn, choices: Sequence[Any]) -> Any:
    """One of the choices, `None` if there are none."""
    return choices[draw(NUMBER) % len(choices)] if choices else None


def part(draw: st.DrawFn, value: Any, *kinds: type) -> Any:
    """One of the objects (`dict`) or arrays (`list`) in a value; `None` if it has none."""
    return one_of(draw, [node for node in containers(value) if isinstance(node, kinds)])


def delete(draw: st.DrawFn, value: Any) -> None:
    if node := part(draw, value, dict):
        del node[one_of(draw, list(node))]


def rename(draw: st.DrawFn, value: Any) -> None:
    if node := part(draw, value, dict):
        node[draw(KEY)] = node.pop(one_of(draw, list(node)))


def replace(draw: st.DrawFn, value: Any) -> None:
    if node := part(draw, value, dict, list):
        node[one_of(draw, keys(node))] = draw(VALUES)


def insert(draw: st.DrawFn, value: Any) -> None:
    part(draw, value, dict)[draw(KEY)] = draw(VALUES)


def append(draw: st.DrawFn, value: Any) -> None:
    if (node := part(draw, value, list)) is not None:
        node.append(copy.deepcopy(one_of(draw, node)))
        if draw(NUMBER) % 2:
            node[-1] = draw(VALUES)


def add_option(draw: st.DrawFn, value: Any) -> None:
    if isinstance(value.setdefault("config", {}), dict):
        value["config"][draw(KEY)] = draw(SNIPPETS)


def add_sound_option(draw: st.DrawFn, value: Any) -> None:
    if isinstance(value.setdefault("config", {}), dict):
        value["config"][draw(KEY)] = draw(SOUND_SNIPPETS)


def add_input(draw: st.DrawFn, value: Any) -> None:
    if isinstance(value.setdefault("inputs", {}), dict):
        value["inputs"][draw(KEY)] = {"base": draw(BASE), **draw(INPUT_MEMBERS)}


def with_option(snippet: Any) -> Any:
    """The sound manifest with one config option of the given schema."""
    return {**MANIFEST, "config": {"a": snippet}}


CHANGES = (
    delete, rename, replace, replace, insert, append, add_option, add_option, add_sound_option,
    add_sound_option, add_sound_option, add_input,
)  # fmt: skip


@st.composite
def manifests(draw: st.DrawFn) -> Any:
    """A manifest that was sound or real once, after one to three changes somewhere in it."""
    value = json.loads(one_of(draw, starts()))
    for _ in range(1 + draw(NUMBER) % 3):
        one_of(draw, CHANGES)(draw, value)
    return value


def as_text(value: Any) -> bytes:
    """A manifest as it is saved: its characters as they are where UTF-8 has them."""
    try:
        return json.dumps(value, indent=2, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair: only an escape can say it
        return json.dumps(value, indent=2).encode()


@settings(
    max_examples=1000,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(manifests())
def test_gate_agrees_with_jsonschema_on_changed_manifests_and_each_refusal_is_reported(
    value: Any,
) -> None:
    is_valid = assert_gate_agrees(value)
    assert_reported_in_plain_words(as_text(value), is_valid=is_valid)


@pytest.mark.parametrize("value", [None, True, 0, 1.0, "a", [], [{}], {}, {"": None}])
def test_gate_agrees_with_jsonschema_on_what_is_no_manifest_at_all(value: Any) -> None:
    assert not assert_gate_agrees(value)


def test_gate_agrees_with_jsonschema_on_every_keyword_with_every_value() -> None:
    verdicts = set()
    for keyword in KEYWORDS:
        for value in (*SCALARS, *CONTAINERS):
            verdicts.add(assert_gate_agrees(with_option({"type": "integer", keyword: value})))
    assert verdicts == {True, False}


@pytest.mark.parametrize("limit", ["maximum", "minimum"])
def test_exclusive_limit_needs_its_limit(limit: str) -> None:
    exclusive = f"exclusive{limit.capitalize()}"
    for value in (True, False):
        assert not assert_gate_agrees(with_option({"type": "integer", exclusive: value}))
        given = {"type": "integer", exclusive: value, limit: 1.5}
        assert assert_gate_agrees(with_option(given))
        assert not assert_gate_agrees(with_option({"type": "array", "items": {exclusive: value}}))


def test_gate_agrees_with_jsonschema_on_every_field_with_every_value() -> None:
    verdicts = set()
    turn = cycle((True, False, False))  # to say why each is wrong would take five times as long
    for name, part in json.loads(starts()[1]).items():
        manifest = {**MANIFEST, name: part}
        inner = [(node, key) for node in containers(part) for key in keys(node)]
        for node, key in [(manifest, name), *inner]:
            before = node[key]
            for value in (*SCALARS, *CONTAINERS[:8]):
                node[key] = value
                verdicts.add(assert_gate_agrees(manifest, on_errors=next(turn)))
            node[key] = before
    assert verdicts == {True, False}


@needs_corpus
def test_gate_agrees_with_jsonschema_on_every_real_manifest() -> None:
    verdicts = []
    for path in CORPUS:
        if path.name == "manifest.json" or "exchange" in path.parts:
            try:
                value = json.loads(path.read_bytes())
            except ValueError:
                continue
            verdicts.append(assert_gate_agrees(value))
            assert_reported_in_plain_words(path.read_bytes(), is_valid=verdicts[-1])
    assert len(verdicts) == 141  # of 142, one is not JSON
    assert {True, False} == set(verdicts)


def test_refusal_that_jsonschema_cannot_explain_is_an_internal_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run: Run, mistakes_of_rules: list[str]
) -> None:
    def refuse(value: object) -> None:
        raise ValueError

    monkeypatch.setattr("gearlint._built.gate.validate", refuse)
    with pytest.raises(RuntimeError, match="refuses a manifest that jsonschema accepts"):
        schema.faults(dict(MANIFEST))  # type: ignore[arg-type]
    outcome = run("check", write_gear(tmp_path))
    assert outcome.code == 2
    assert "gearlint: internal error: rule GL101 failed on manifest.json: " in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "GL101 crashes" in mistakes_of_rules[0]
    mistakes_of_rules.clear()


@pytest.mark.parametrize(
    ("value", "snippet", "is_plain"),
    [
        ("a", {"type": "string", "id": "x", "optional": True}, True),
        (5, {"type": "integer", "minimum": 5, "maximum": 5}, True),
        (5, {"type": "integer", "minimum": 4.5, "maximum": 5.5}, True),
        (1.5, {"type": "number", "enum": [1, 1.5]}, True),
        ("ab", {"type": "string", "minLength": 2, "maxLength": 2}, True),
        ([1, 2], {"type": "array", "items": {"type": "integer"}, "minItems": 2}, True),
        ([0] * 100, {"type": "array", "items": {"type": "integer"}}, True),
        # what only jsonschema can tell
        (4, {"type": "integer", "minimum": 5}, False),
        (6, {"type": "integer", "maximum": 5}, False),
        (5, {"type": "integer", "maximum": 5, "exclusiveMaximum": True}, False),
        ("5", {"maximum": 5}, False),
        (5, {"minLength": 1}, False),
        ("a", {"minItems": 1}, False),
        (1, {"enum": [True, 1.0]}, False),
        ([1, "b"], {"items": {"type": "integer"}}, False),
        ([[1]], {"items": {"items": {"type": "integer"}}}, False),
        ([1], {"items": [{"type": "integer"}]}, False),
        (1, {"items": {"type": "integer"}}, False),
        ([0] * 101, {"items": {"type": "integer"}}, False),
        ("a", {"type": ["string"]}, False),
        ("a", {"type": "null"}, False),
    ],
)
def test_what_plainly_fits_needs_no_jsonschema(value: Any, snippet: Any, is_plain: bool) -> None:
    judge = Judge()
    judge.mismatch(value, snippet)
    assert ("_validator" not in vars(judge)) is is_plain


def test_gate_was_compiled_from_the_schema_as_it_is_now() -> None:
    gate = importlib.import_module("gearlint._built.gate")
    data = (SCHEMAS / "manifest.schema.json").read_bytes()
    assert hashlib.sha256(data).hexdigest() == gate.SCHEMA_SHA256, "run `pip install -e .` again"


@pytest.mark.parametrize("name", ["manifest.schema.json", "config.schema.json"])
def test_shipped_schemas_are_the_originals(name: str) -> None:
    assert (BUILT / name).read_bytes() == (SCHEMAS / name).read_bytes()
