"""The parts of the README that are made from the program. `make readme` writes them."""

import re
import sys
from pathlib import Path

from gearlint.rules import RULES

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"


def rule_table() -> str:
    """The table of all rules, in Markdown."""
    rows = ["| code | name | | what is wrong |", "| --- | --- | --- | --- |"]
    for rule in sorted(RULES.values()):
        off = "" if rule.default else ", off"
        summary = rule.documentation.summary.rstrip(".").replace("|", "\\|")
        rows.append(f"| {rule.code} | {rule.name} | {rule.severity.label}{off} | {summary} |")
    return "\n".join(rows) + "\n\nRules marked *off* run only when they are selected.\n"


def demo() -> str:
    """What `make demo` prints of the example gear."""
    import subprocess

    checked = subprocess.run(
        [sys.executable, "-m", "gearlint", "check", "examples/tutorialgear"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return f"```text\n{checked.stdout}{checked.stderr}```\n"


PARTS = {"rules": rule_table, "demo": demo}


def part(text: str, name: str) -> str:
    """What is between the marks of a part in the README's text."""
    match = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.DOTALL)
    assert match, name
    return match[1]


def main() -> None:
    """Write every part into the README."""
    text = README.read_text(encoding="utf-8")
    for name, make in PARTS.items():
        before, _, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        text = f"{before}<!-- {name} -->\n{make()}{end}{after}"
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
