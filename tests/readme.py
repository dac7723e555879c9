"""The parts of README and CONTRIBUTING that are made from the program: `make readme`."""

import re
import sys
from pathlib import Path

from gearlint.rules import RULES

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"


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


def code_table() -> str:
    """The families of rules, in Markdown: module, what it is about by its docstring, codes."""
    families: dict[str, list[int]] = {}
    for rule in sorted(RULES.values()):
        families.setdefault(rule.check.__module__, []).append(int(rule.code[2:]))
    rows = ["| module | about | codes |", "| --- | --- | --- |"]
    for module, numbers in families.items():
        about = (sys.modules[module].__doc__ or "").splitlines()[0].partition(": ")[2].rstrip(".")
        rows.append(f"| `{module.rpartition('.')[2]}` | {about} | {_ranges(numbers)} |")
    return "\n".join(rows) + "\n"


def _ranges(numbers: list[int]) -> str:
    """`GL101-GL103, GL105` for 101, 102, 103 and 105."""
    ends: list[list[int]] = []
    for number in numbers:
        if ends and ends[-1][-1] == number - 1:
            ends[-1] = [ends[-1][0], number]
        else:
            ends.append([number])
    return ", ".join("-".join(f"GL{number:03}" for number in one) for one in ends)


PARTS = {README: {"rules": rule_table, "demo": demo}, CONTRIBUTING: {"codes": code_table}}


def part(text: str, name: str) -> str:
    """What is between the marks of a part in a text."""
    match = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.DOTALL)
    assert match, name
    return match[1]


def main() -> None:
    """Write every part into its file."""
    for path, parts in PARTS.items():
        text = path.read_text(encoding="utf-8")
        for name, make in parts.items():
            before, _, rest = text.partition(f"<!-- {name} -->\n")
            _, end, after = rest.partition(f"<!-- /{name} -->")
            text = f"{before}<!-- {name} -->\n{make()}{end}{after}"
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
