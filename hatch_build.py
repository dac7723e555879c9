"""Build hook: writes the schemas and the gate compiled from them into `gearlint/_built/`.

The gate says in a tenth of a millisecond whether a manifest satisfies the schema; jsonschema, which
takes 80 ms to import, is asked only why one does not. Wheels and editable installs alike run this.
"""

import hashlib
import re
from pathlib import Path
from typing import Any

import fastjsonschema
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from jsonschema_specifications import REGISTRY

SCHEMAS = ("manifest.schema.json", "config.schema.json")
# fastjsonschema's own classes would have to be imported at run time.
HEADER = '''\
"""Compiled from {name} when gearlint was built. Do not edit."""

import re

SCHEMA_SHA256 = "{digest}"


class JsonSchemaValueException(ValueError):
    """The manifest does not satisfy the schema."""


class JsonSchemaValuesException(ValueError):
    """Never raised: the gate stops at the first mistake."""


'''


def compile_gate(schema_path: Path) -> str:
    """Python source of a module whose `validate(data)` raises ValueError for invalid data."""
    import json

    raw = schema_path.read_bytes()
    schema = json.loads(raw)
    if re.search(r'"pattern":\s*"[^"]*\$"', raw.decode()):
        raise ValueError(f"{schema_path}: fastjsonschema reads $ as \\Z; write the pattern without")
    code: str = fastjsonschema.compile_to_code(
        schema,
        handlers={"http": lambda uri: REGISTRY.contents(uri)},
        use_default=False,
        use_formats=False,
        detailed_exceptions=False,
    )
    body = code[code.index("REGEX_PATTERNS") :]
    # JSON has no decimals: `json` gives int and float.
    body = body.replace("(int, float, Decimal)", "(int, float)")
    # Nobody reads what a refusal says, and it takes long where names are long and keys deep.
    body = re.sub(r"(?m)^( *raise \w+)\(.*\)$", r"\1", body)
    body = re.sub(r'(?m), custom_formats, \(name_prefix or "data"\).*\)$', ")", body)
    body = body.replace("(data, custom_formats={}, name_prefix=None):", "(data):")
    header = HEADER.format(name=schema_path.name, digest=hashlib.sha256(raw).hexdigest())
    return header + body


def write(root: Path) -> None:
    """Write `gearlint/_built/` under the project directory `root`."""
    built = root / "gearlint" / "_built"
    built.mkdir(exist_ok=True)
    (built / "__init__.py").write_text('"""Written by the build hook."""\n', encoding="utf-8")
    gate = compile_gate(root / "schemas" / "manifest.schema.json")
    (built / "gate.py").write_text(gate, encoding="utf-8")
    for name in SCHEMAS:
        (built / name).write_bytes((root / "schemas" / name).read_bytes())


class BuildSchemas(BuildHookInterface[Any]):
    """Runs before hatchling collects the files of a wheel or an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the built files; hatchling ships them as artifacts."""
        if self.target_name == "wheel":
            write(Path(self.root))
