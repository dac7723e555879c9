"""GL506: what the gear's own code compares the choices of its options with."""

from collections.abc import Iterator, Mapping

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.finding import Problem, Severity
from gearlint.core.text import named, nearest, quoted
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule


@rule("GL506", "not-in-enum", Severity.WARNING)
def not_in_enum(gear: Gear) -> Iterator[Problem]:
    """The script compares an option with a value that its `enum` does not have.

    The comparison is never true, and the choice that was meant does nothing. Nothing is said where
    the script may have set the option itself, or a default is not known. In the example the
    manifest has `"enum": ["nifti", "jpeg"]`. Source: seen in public gears.

    Bad run.py:

        #!/usr/bin/env python3
        import json

        config = json.load(open("/flywheel/v0/config.json"))["config"]
        if config["format"] == "jpg":
            print("a JPEG")

    Good run.py:

        #!/usr/bin/env python3
        import json

        config = json.load(open("/flywheel/v0/config.json"))["config"]
        if config["format"] == "jpeg":
            print("a JPEG")
    """
    choices = {name: _choices(option) for name, option in gear.manifest.config.items()}
    known = {name: frozenset(texts) for name, texts in choices.items() if texts}
    if not known or gear.code is None:
        return
    from gearlint.python.comparisons import changed, impossible, may_compare

    if not any(may_compare(text, known) for text in gear.code.python_texts):
        return
    found = {each: None for one in gear.code.evaluators for each in impossible(one, known)}
    steps = Budget(limits.NEAR_STEPS)
    for each in found:
        if any(
            "option" in reads.changed or each.option in reads.own["option"]
            for reads in gear.code.reads
        ):
            continue
        others = [changed(text, each.methods) for text in choices[each.option]]
        near = nearest(each.text, others, steps)
        why = f" after {each.methods[-1]}()" if each.methods else ": its enum does not have that"
        yield Problem(
            each.source,
            each.span,
            f"option {quoted(each.option)} is never {quoted(each.text)}{why}",
            f"did you mean {quoted(near)}?" if near else f"it is one of {named(others)}",
        )


def _choices(option: Mapping[str, object]) -> list[str]:
    """What an option may be set to, where all of that are strings, and not too many."""
    values = option.get("enum")
    if not isinstance(values, list) or not 0 < len(values) < limits.PYTHON_VALUES:
        return []
    values = [*values, option["default"]] if "default" in option else values
    texts = [value for value in values if isinstance(value, str)]
    return list(dict.fromkeys(texts)) if len(texts) == len(values) else []
