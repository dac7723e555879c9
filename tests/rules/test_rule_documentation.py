"""Every rule is documented, and its documentation is true when it is run."""

import json
import re
from pathlib import Path

import pytest

from gearlint.cli.rule_page import reported_in
from gearlint.core.finding import Severity
from gearlint.gear import schema
from gearlint.rules import RULES, Rule
from gearlint.rules.registry import rule
from tests.conftest import Run
from tests.sound import NOT_AN_EXAMPLE, write_example

EXAMPLES = [rule for rule in RULES.values() if rule.code not in NOT_AN_EXAMPLE]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_documentation_says_what_and_why(rule: Rule) -> None:
    summary, text, _, bad, good = rule.documentation
    assert summary.endswith(".")
    assert text
    assert bad
    assert good


def test_code_is_of_one_rule() -> None:
    check = RULES["GL101"].check
    with pytest.raises(ValueError, match="two rules have the code GL101"):
        rule("GL101", "another", Severity.ERROR)(check)


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.code)
def test_bad_example_is_found_and_good_one_is_not(rule: Rule, tmp_path: Path, check: Run) -> None:
    _, _, file, bad, good = rule.documentation
    path = write_example(tmp_path / "bad", rule.code, file, bad)
    found = check(path, "--extend-select", rule.code)
    assert rule.code in found.codes
    assert not found.stderr.startswith("gearlint:")
    path = write_example(tmp_path / "good", rule.code, file, good)
    found = check(path, "--extend-select", rule.code)
    assert rule.code not in found.codes
    assert not found.codes, "a good example is good altogether"


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.code)
def test_bad_example_has_the_fix_that_the_page_names(
    rule: Rule, tmp_path: Path, check: Run
) -> None:
    path = write_example(tmp_path / "bad", rule.code, *rule.documentation[2:4])
    found = check(path, "--extend-select", rule.code).findings
    fixes = {each["fix"] and each["fix"]["safe"] for each in found if each["code"] == rule.code}
    of_kind: dict[str, set[bool | None]] = {
        "": {None}, "safe": {True}, "unsafe": {False}, "both": {True, False},
    }  # fmt: skip
    assert fixes & of_kind[rule.fix] or rule.code == "GL204"  # only beside an image of the software


@pytest.mark.parametrize(
    "rule", [rule for rule in EXAMPLES if reported_in(rule)], ids=lambda rule: rule.code
)
def test_bad_example_is_suppressed_as_the_page_says(rule: Rule, tmp_path: Path, check: Run) -> None:
    path = write_example(tmp_path / "bad", rule.code, *rule.documentation[2:4])
    for _ in range(9):  # findings of one example
        if not (found := check(path, "--select", rule.code).findings):
            break
        file = Path(found[0]["path"])
        if file.name == "manifest.json":
            manifest = json.loads(file.read_text())
            manifest["custom"]["gearlint"] = {"ignore": [rule.code]}
            file.write_text(json.dumps(manifest))
            continue
        lines = file.read_text().splitlines()
        place = found[0]["line"] - 1
        if place or file.name == "Dockerfile":
            lines.insert(place, f"# gearlint: ignore[{rule.code}]")
        else:  # a `#!` line stays the first
            lines[0] += f"  # gearlint: ignore[{rule.code}]"
        file.write_text("\n".join(lines) + "\n")
    assert not check(path, "--select", rule.code).findings


def test_page_of_licenses_lists_them_all() -> None:
    text = " ".join(RULES["GL106"].documentation.text.split())
    assert all(f" {word}" in text for word in schema.words("license"))


def test_codes_and_names_are_unique_and_well_formed() -> None:
    assert all(re.fullmatch(r"GL\d{3}", code) for code in RULES)
    names = [rule.name for rule in RULES.values()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


def test_rule_prints_a_page_with_both_examples(run: Run) -> None:
    page = run("rule", "GL201").stdout
    assert page.startswith("GL201 image-tag-mismatch (error)\n")
    assert page.index("Bad manifest.json:") < page.index("Good manifest.json:")


@pytest.mark.parametrize("word", ["gl201", "image-tag-mismatch"])
def test_rule_is_found_by_name_and_in_lower_case(run: Run, word: str) -> None:
    assert run("rule", word).stdout == run("rule", "GL201").stdout


def test_unknown_rule_is_reported_with_a_near_one(run: Run) -> None:
    outcome = run("rule", "image-tag-mismach")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert 'did you mean "image-tag-mismatch"?' in outcome.stderr


def test_all_rules_are_listed_as_text_and_as_json(run: Run) -> None:
    listed = [line.split()[0] for line in run("rule", "--all").stdout.splitlines()]
    documents = json.loads(run("rule", "--all", "--output-format", "json").stdout)
    assert listed == [document["code"] for document in documents] == sorted(RULES)


def test_one_rule_as_json(run: Run) -> None:
    document = json.loads(run("rule", "GL115", "--output-format", "json").stdout)
    assert document["name"] == "unknown-suite"
    assert document["severity"] == "info"
    assert document["default"] is False
