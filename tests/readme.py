"""The parts of README, docs and CONTRIBUTING that are made from the program: `make readme`."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from gearlint.cli import rule_page
from gearlint.rules import RULES, Rule
from tests import first_gear
from tests.sound import write_gear

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
RULES_PAGE = ROOT / "docs" / "rules.md"
PICTURE = ROOT / "docs" / "output.svg"
JSON_PAGE = ROOT / "docs" / "json.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"


def rule_table() -> str:
    """The table of all rules, in Markdown."""
    rows = ["| code | name | | fix | what is wrong |", "| --- | --- | --- | --- | --- |"]
    for rule in sorted(RULES.values()):
        off = "" if rule.default else ", off"
        summary = rule.documentation.summary.rstrip(".").replace("|", "\\|")
        code = f"[{rule.code}](#{rule.code.lower()}-{rule.name})"
        label = f"{rule.severity.label}{off}"
        fix = {"both": "safe or unsafe"}.get(rule.fix, rule.fix)
        rows.append(f"| {code} | {rule.name} | {label} | {fix} | {summary} |")
    return "\n".join(rows) + "\n"


def rule_pages() -> str:
    """The pages of all rules, in Markdown."""
    return "\n".join(_page(rule) for rule in sorted(RULES.values()))


def _page(rule: Rule) -> str:
    summary, text, file, bad, good = rule.documentation
    off = "" if rule.default else ", only when selected"
    language = {".json": "json", ".py": "python", ".toml": "toml", ".md": "markdown"}
    fence = language.get(Path(file).suffix, "dockerfile" if file == "Dockerfile" else "text")
    is_bash = bad.startswith("#!/bin/bash")
    fence = "bash" if is_bash else fence
    shown = file if file == "gear" else f"`{file}`"
    suppressions = [f"- {where}: `{what}`" for where, what in rule_page.suppressions(rule)]
    return "\n".join(
        [
            f"### {rule.code} {rule.name}\n",
            f"{rule.severity.label.capitalize()}{off}. {rule_page.fix(rule)}\n",
            f"{summary}\n\n{text}\n",
            f"Bad {shown}:\n\n```{fence}\n{bad}```\n",
            f"Good {shown}:\n\n```{fence}\n{good}```\n",
            "To suppress it:\n",
            *suppressions,
            "",
        ]
    )


def picture() -> str:
    """The picture of what `make demo` prints of the example gear, an SVG."""
    import os

    from rich.console import Console
    from rich.text import Text

    checked = subprocess.run(
        [sys.executable, "-m", "gearlint", "check", "--color=always"],
        cwd=ROOT / "examples" / "tutorialgear",
        env={**os.environ, "COLUMNS": str(_COLUMNS)},
        capture_output=True,
        text=True,
        check=False,
    )
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=_COLUMNS, file=nowhere, color_system="standard")
        console.print(Text("$ gearlint check", style="bold"))
        console.print(Text.from_ansi(checked.stdout + checked.stderr))
        svg = console.export_svg(title="gearlint", unique_id="gearlint")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


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


def json_output() -> str:
    """What is printed of a gear whose image has the tag of another version."""
    builder = '{"category": "analysis", "image": "me/my-gear:1.0.0"}'
    members = f'"version": "1.0.1",\n"custom": {{"gear-builder": {builder}}}'
    with TemporaryDirectory() as gear:
        write_gear(Path(gear), members)
        (Path(gear) / "gearlint.toml").write_text('version-format = "gear"\n', encoding="utf-8")
        command = [sys.executable, "-m", "gearlint", "check", "--output-format", "json"]
        done = subprocess.run(command, cwd=gear, capture_output=True, text=True, check=False)
    return f"```json\n{done.stdout}```\n"


_COLUMNS = 104
_STEPS = (
    "manifest", "check", "fix", "dockerfile", "script", "again", "hook", "release",
)  # fmt: skip

PARTS: dict[Path, dict[str, Callable[[], str]]] = {
    README: {name: lambda name=name: first_gear.steps()[name] for name in _STEPS},  # type: ignore[misc]
    RULES_PAGE: {"rules": rule_table, "pages": rule_pages},
    JSON_PAGE: {"json": json_output},
    CONTRIBUTING: {"codes": code_table},
}


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
    PICTURE.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
