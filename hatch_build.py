"""Build hook: writes what is made from other files into `gearlint/_built/`.

Schemas, and the gate compiled from them: it says in a tenth of a millisecond whether a manifest
satisfies the schema; jsonschema, which takes 80 ms to import, is asked only why one does not. And
the manual page, from the parser of the command line. Wheels and editable installs alike run this.
"""

import hashlib
import os
import re
import sys
from pathlib import Path
from typing import Any

import fastjsonschema
from argparse_manpage.manpage import Manpage
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


def manual_page(root: Path) -> str:
    """The manual page in roff, of the commands and options that the parser has.

    The project directory `root` needs none of its dependencies for that.
    """
    os.environ["NO_COLOR"] = "1"  # argparse has colors from Python 3.14 on
    sys.path.insert(0, str(root))
    from gearlint import __version__
    from gearlint.cli.parser import parser_for

    page = Manpage(parser_for(), format="single-commands-section")
    page.description = "check Flywheel gears before they are built or uploaded"
    page.source, page.manual = f"gearlint {__version__}", "gearlint manual"
    page.date = ""  # a build of the same files gives the same page
    return str(page)


def write(root: Path) -> None:
    """Write `gearlint/_built/` under the project directory `root`."""
    built = root / "gearlint" / "_built"
    built.mkdir(exist_ok=True)
    (built / "__init__.py").write_text('"""Written by the build hook."""\n', encoding="utf-8")
    gate = compile_gate(root / "schemas" / "manifest.schema.json")
    (built / "gate.py").write_text(gate, encoding="utf-8")
    (built / "gearlint.1").write_text(manual_page(root), encoding="utf-8")
    for name in SCHEMAS:
        (built / name).write_bytes((root / "schemas" / name).read_bytes())


class BuildSchemas(BuildHookInterface[Any]):
    """Runs before hatchling collects the files of a wheel or an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the built files; hatchling ships them as artifacts."""
        if self.target_name == "wheel":
            write(Path(self.root))
