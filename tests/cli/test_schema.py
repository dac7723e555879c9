"""`gearlint schema`, and what the schema of manifests tells an editor."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.conftest import Run

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
MANIFEST: dict[str, Any] = json.loads((SCHEMAS / "manifest.schema.json").read_bytes())


@pytest.mark.parametrize(
    ("arguments", "name"),
    [((), "manifest"), (("manifest",), "manifest"), (("config",), "config")],
)
def test_schema_is_printed(run: Run, arguments: tuple[str, ...], name: str) -> None:
    outcome = run("schema", *arguments)
    assert (outcome.code, outcome.stderr) == (0, "")
    text = (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    assert json.loads(outcome.stdout) == json.loads(text)


def test_no_other_schema(run: Run) -> None:
    outcome = run("schema", "gear")
    assert (outcome.code, outcome.stdout) == (2, "")


def fields(node: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each field and definition of a schema, with its name; not what another schema says of it."""
    if isinstance(node, dict):
        for kind in ("properties", "definitions"):
            members = node.get(kind)
            for key, value in members.items() if isinstance(members, dict) else ():
                yield f"{name}.{key}", value
        for key, value in node.items():
            if key not in ("examples", "enum"):
                yield from fields(value, f"{name}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from fields(value, f"{name}[{index}]")


FIELDS = [
    (name, field)
    for name, field in fields(MANIFEST)
    if "$ref" not in field and not (name.startswith(".definitions.input.anyOf") and "base" in name)
]


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=[name for name, _ in FIELDS])
def test_each_field_says_what_it_is(name: str, field: dict[str, Any]) -> None:
    assert field["title"][0].isupper() or field["title"] == "gearlint"
    assert field["description"].endswith((".", "empty."))
    assert field["examples"]
    resolver_schema = {**field, "definitions": MANIFEST["definitions"]}
    for example in field["examples"]:
        jsonschema.Draft4Validator(resolver_schema).validate(example)


def test_vocabularies_have_a_title_and_examples() -> None:
    classification = MANIFEST["properties"]["custom"]["properties"]["flywheel"]["properties"][
        "classification"
    ]["properties"]
    assert len(classification) == 5
    for field in classification.values():
        words = field["items"]
        assert words["title"]
        assert set(words["examples"]) <= set(words["enum"])
