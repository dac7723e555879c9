"""Whether a manifest satisfies the schema.

The gate is compiled from the schema at build time and answers in a tenth of a millisecond. The
explanation is imported only where the answer is no, and jsonschema only where that is not plain.
"""

import os
from collections.abc import Mapping
from functools import cache

from gearlint.core.errors import GearlintError
from gearlint.gear.manifest import Json

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from gearlint.gear.schema.explain import SchemaFault


def faults(value: dict[str, Json]) -> "list[SchemaFault]":
    """Every way in which the manifest breaks the schema, one for each cause.

    Raises RuntimeError if gate and jsonschema disagree, which is a mistake in gearlint.
    """
    if _accepts(value):
        return []
    from gearlint.gear.schema.explain import explained

    found = list(dict.fromkeys(explained(value, manifest_schema(), _accepts)))
    if not found:
        raise RuntimeError("the compiled schema refuses a manifest that jsonschema accepts")
    return found


def _accepts(value: Json) -> bool:
    try:
        _gate().validate(value)
    except ValueError:
        return False
    return True


def _gate() -> "ModuleType":
    try:
        from gearlint._built import gate
    except ModuleNotFoundError as error:
        raise _not_built() from error
    return gate


def known_fields() -> list[str]:
    """The top-level keys that a manifest may have."""
    return list(manifest_schema()["properties"])


def words(*path: str) -> list[str]:
    """The words that the schema allows at `path`, which is made of keys of nested properties."""
    node: Mapping[str, Any] = manifest_schema()
    for key in path:
        node = node["properties"][key]
    return list(node["enum"] if "enum" in node else node["items"]["enum"])


@cache
def manifest_schema() -> "dict[str, Any]":
    """The schema of the manifest, as JSON."""
    import json

    # Not by importlib.resources, which takes longer to import than this file to read.
    path = os.path.join(os.path.dirname(str(_gate().__file__)), "manifest.schema.json")
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError as error:
        raise _not_built() from error
    return dict(json.loads(text))


def _not_built() -> GearlintError:
    return GearlintError("gearlint is not installed here: run pip install -e . where its files are")
