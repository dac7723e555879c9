"""`gearlint rule`: the documentation of one rule, or the list of all."""

from argparse import Namespace
from collections.abc import Iterator

from gearlint.cli import rule_page
from gearlint.cli.output import OK
from gearlint.core.errors import GearlintError
from gearlint.rules import RULES, Rule
from gearlint.rules.selectors import unknown_selector


def run(arguments: Namespace) -> int:
    """Print the rules that the arguments name; returns the exit code."""
    rules = list(_chosen(arguments))
    if arguments.output_format == "json":
        import json

        documents = [_document(rule) for rule in rules]
        print(json.dumps(documents if arguments.all else documents[0], indent=2))
    elif arguments.all:
        for rule in rules:
            off = "" if rule.default else " (off)"
            label = f"{rule.severity.label}{off}"
            print(f"{rule.code}  {rule.name:28} {label:13} {rule.documentation.summary}")
    else:
        for rule in rules:
            print("\n".join(rule_page.lines(rule)))
    return OK


def _chosen(arguments: Namespace) -> Iterator[Rule]:
    if arguments.all:
        if arguments.rule is not None:
            raise GearlintError("rule: give a code or --all, not both")
        yield from sorted(RULES.values())
        return
    if arguments.rule is None:
        raise GearlintError("rule: which one? Give a code, as in `gearlint rule GL201`, or --all")
    wanted = arguments.rule
    for rule in RULES.values():
        if wanted in (rule.code, rule.code.lower(), rule.name):
            yield rule
            return
    raise GearlintError(f"rule: {unknown_selector(wanted)}")


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
