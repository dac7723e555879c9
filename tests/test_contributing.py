"""What CONTRIBUTING says is true."""

import re

from gearlint.rules import RULES
from tests.readme import CONTRIBUTING, ROOT, code_table, part

TEXT = CONTRIBUTING.read_text(encoding="utf-8")
PACKAGE = ROOT / "gearlint"


def codes_in(text: str) -> set[str]:
    """The codes of a text, those inside of a range like `GL101-GL109` too."""
    found = set()
    for first, last in re.findall(r"GL(\d{3})(?:-GL(\d{3}))?", text):
        found |= {f"GL{number:03}" for number in range(int(first), int(last or first) + 1)}
    return found


def section(start: str, end: str) -> str:
    return TEXT[TEXT.index(start) : TEXT.index(end, TEXT.index(start))]


RESERVED = codes_in(section("- **Reserved**", "- **Free**"))


def test_rooms_are_the_directories() -> None:
    rooms = set(
        re.findall(r"(?:^|\| )(\w+)/", section("## The rooms", "`tests/` has"), re.MULTILINE)
    )
    directories = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert rooms == directories - {"_built"}


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"make (\w+)`", TEXT))
    assert named >= {"test", "readme"}
    assert named <= set(re.findall(r"^(\w+):", makefile, re.MULTILINE))


def test_table_of_codes_is_current() -> None:
    assert part(TEXT, "codes") == code_table(), "run `make readme`"


def test_reserved_codes_are_no_rules_yet() -> None:
    assert RESERVED.isdisjoint(RULES), "a rule now: take it out of the list"


def test_next_codes_follow_the_last_ones() -> None:
    named = codes_in(section("the next rule on", "GL8 and GL9"))
    last = {code[:3]: code for code in sorted(RULES)}
    assert len(named) == 3
    for code in named:
        assert int(code[2:]) == int(last[code[:3]][2:]) + 1


def test_rules_that_yield_exist() -> None:
    table = section("| reports | rather than |", "A rule that is silent")
    assert codes_in(table) <= RULES.keys()


def test_example_of_a_rule_is_that_rule() -> None:
    (example,) = re.findall(r"```python\n(@rule.*?)```", TEXT, re.DOTALL)
    assert example in (PACKAGE / "rules" / "image_reference.py").read_text(encoding="utf-8")


def test_paths_exist() -> None:
    named = set(re.findall(r"`([\w/]+/[\w.]*\.(?:py|txt|json|md))`", TEXT))
    assert len(named) > 8
    for path in named - {"gearlint/_built/gate.py"}:
        places = (ROOT, PACKAGE, PACKAGE / "image")
        assert any((place / path).exists() for place in places), path


def test_tables_it_names_exist() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    named = set(re.findall(r"`(_?[A-Z][A-Z_]{3,})`", TEXT))
    assert named >= {"FOUND", "LEFT_ALONE", "LEFT_ALONE_IF_SELECTED", "_MEMBERS"}
    for name in named - {"PROGRAMS"}:
        assert re.search(rf"^{name}\b.* = ", tests, re.MULTILINE), name
