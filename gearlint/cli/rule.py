"""`gearlint rule`: the documentation of one rule, or a list of rules."""

from argparse import Namespace

from gearlint.cli import rule_page
from gearlint.cli.output import OK, print_json
from gearlint.core.errors import GearlintError
from gearlint.rules import RULES, Rule, choose
from gearlint.rules.selectors import normalized, unknown_selector


def run(arguments: Namespace) -> int:
    """Print the rules that the arguments name; returns the exit code."""
    rules, is_list = _chosen(arguments)
    if arguments.output_format == "json":
        documents = [_document(rule) for rule in rules]
        print_json(documents if is_list else documents[0])
    elif is_list:
        for rule in rules:
            off = "" if rule.default else " (off)"
            label = f"{rule.severity.label}{off}"
            print(f"{rule.code}  {rule.name:28} {label:13} {rule.documentation.summary}")
    else:
        print("\n".join(rule_page.lines(rules[0])))
    return OK


def _chosen(arguments: Namespace) -> tuple[list[Rule], bool]:
    """The rules that are asked for, and whether they are to be listed: one alone is explained."""
    wanted = arguments.rule
    if arguments.all:
        if wanted is not None:
            raise GearlintError("rule: give a code or --all, not both")
        return sorted(RULES.values()), True
    if wanted is None:
        raise GearlintError("rule: which one? Give a code, as in `gearlint rule GL201`, or --all")
    rules = choose((normalized(wanted),), (), ())
    if not rules:
        raise GearlintError(f"rule: {unknown_selector(wanted)}")
    return rules, normalized(wanted) not in (rules[0].code, rules[0].name)


def _document(rule: Rule) -> dict[str, str | bool | None]:
    summary, text, file, bad, good = rule.documentation
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.label,
        "default": rule.default,
        "fix": rule.fix or None,
        "summary": summary,
        "text": text,
        "file": file,
        "bad": bad,
        "good": good,
    }
