"""GL506-GL509: what the gear's own code expects of options and inputs that are declared."""

from collections.abc import Iterator, Mapping

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.finding import Problem, Severity
from gearlint.core.text import named, nearest, quoted
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.core.source import Span
    from gearlint.gear.code import Code
    from gearlint.gear.script import Script
    from gearlint.gear.shell_options import Test
    from gearlint.python.comparisons import Impossible
    from gearlint.python.evaluator import Evaluator
    from gearlint.python.reads import Kind, Read


@rule("GL506", "not-in-enum", Severity.WARNING)
def not_in_enum(gear: Gear) -> Iterator[Problem]:
    """The script compares an option with a value that its `enum` does not have.

    The comparison is never true, and the choice that was meant does nothing. In a shell script what
    `jq -r` writes is known. Nothing is said where the script may have set the option itself, or a
    default is not known. In the example the manifest has `"enum": ["nifti", "jpeg"]`. Source: seen
    in public gears.

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
    choices = {name: texts for name, texts in choices.items() if texts}
    if not choices or gear.code is None:
        return
    from gearlint.python.comparisons import changed

    steps = Budget(limits.NEAR_STEPS)
    for each in (*_impossible(gear.code, choices), *_impossible_in_shell(gear.code, choices)):
        others = [changed(text, each.methods) for text in choices[each.option]]
        near = nearest(each.text, others, steps)
        why = f" after {each.methods[-1]}()" if each.methods else ": its enum does not have that"
        yield Problem(
            each.source,
            each.span,
            f"option {quoted(each.option)} is never {quoted(each.text)}{why}",
            f"did you mean {quoted(near)}?" if near else f"it is one of {named(others, 6)}",
        )


def _impossible(code: "Code", choices: "Mapping[str, list[str]]") -> "Iterator[Impossible]":
    """The comparisons of the gear's Python that are never true."""
    from gearlint.python.comparisons import impossible, may_compare

    known = {
        (kind, name): frozenset(texts)
        for name, texts in choices.items()
        for kind in ("option", "text of option")
    }
    if not any(may_compare(text, known) for text in code.python_texts):
        return
    evaluators = _with_options_as_given(code)
    for each in {each: None for one in evaluators for each in impossible(one, known)}:
        if not any(each.option in reads.own["option"] for reads in code.reads):
            yield each


def _impossible_in_shell(
    code: "Code", choices: "Mapping[str, list[str]]"
) -> "Iterator[Impossible]":
    """Those of its shell scripts."""
    from gearlint.python.comparisons import Impossible

    for script, test in _tests(code):
        texts = choices.get(test.written.option)
        if texts and test.is_equal and test.written.is_raw and test.text not in texts:
            span = script.source.span_of_text(*test.span)
            yield Impossible(test.written.option, (), test.text, script.source, span)


def _tests(code: "Code") -> "Iterator[tuple[Script, Test]]":
    """The tests of options in the gear's shell scripts, each with its script."""
    for script in code.shell_scripts:
        if "jq" in script.text:
            from gearlint.gear.shell_options import tests_of_options

            yield from ((script, test) for test in tests_of_options(script.text))


def _with_quotes(code: "Code") -> "Iterator[tuple[Script, str, Span]]":
    """What options the gear's shell scripts use in the quotes of JSON, if they are strings."""
    for script in code.shell_scripts:
        if "jq" in script.text:
            from gearlint.gear.shell_options import uses_with_quotes

            yield from ((script, option, at) for option, at in uses_with_quotes(script.text))


def _with_options_as_given(code: "Code") -> "list[Evaluator]":
    """What evaluates the programs of a gear, if none may set any of the options itself."""
    from gearlint.python.comparisons import may_set_any

    if any("option" in reads.changed for reads in code.reads):
        return []
    return [] if any(map(may_set_any, code.evaluators)) else code.evaluators


def _choices(option: Mapping[str, object]) -> list[str]:
    """What an option may be set to, where all of that are strings, and not too many."""
    values = option.get("enum")
    if not isinstance(values, list) or not 0 < len(values) < limits.PYTHON_VALUES:
        return []
    values = [*values, option["default"]] if "default" in option else values
    texts = [value for value in values if isinstance(value, str)]
    return list(dict.fromkeys(texts)) if len(texts) == len(values) else []


_RAISING = {"[]": "KeyError", "pop": "KeyError"}
"""What is raised where something is read that is not there, by how it is read."""
_ADVICE = {
    "option": 'read it by get(), or declare a default instead of "optional"',
    "input": "ask first whether it is given",
}


@rule("GL507", "unguarded-optional", Severity.WARNING)
def unguarded_optional(gear: Gear) -> Iterator[Problem]:
    """The script takes an optional option or input for given.

    Where a job leaves it out, it is not in config.json, and `config["x"]` raises KeyError. Only
    what every run reads is reported, and nothing that the script may ask for or set itself. In the
    example the manifest has `"speed": {"type": "number", "optional": true}`. Source: the
    platform's server code, scitran/core `api/jobs/gears.py`; seen in public gears.

    Bad run.py:

        #!/usr/bin/env python3
        import json

        config = json.load(open("/flywheel/v0/config.json"))["config"]
        print(config["speed"])

    Good run.py:

        #!/usr/bin/env python3
        import json

        config = json.load(open("/flywheel/v0/config.json"))["config"]
        print(config.get("speed", 1.0))
    """
    manifest = gear.manifest
    options = {k for k, v in manifest.config.items() if v.get("optional") is True}
    options = {name for name in options if "default" not in manifest.config[name]}  # GL122
    inputs = {k for k, v in manifest.inputs.items() if v.get("optional") is True}
    optional: dict[Kind, set[str]] = {"option": options, "input": inputs}
    if not (options or inputs) or gear.code is None:
        return
    if not gear.code.may_read_others({*manifest.config, *manifest.inputs} - options - inputs):
        return
    from gearlint.python.taken import taken

    first: dict[tuple[str, str, str], Read] = {}
    for evaluator, reads in zip(gear.code.evaluators, gear.code.reads, strict=True):
        for read in taken(evaluator, reads, optional):
            first.setdefault((read.kind, read.name, read.source.path), read)
    for read in first.values():
        yield Problem(
            read.source,
            read.span,
            f"{read.kind} {quoted(read.name)} is optional, so this raises "
            f"{_RAISING.get(read.how, 'an error')} where it is left out",
            _ADVICE[read.kind],
        )


@rule("GL508", "misplaced-input-key", Severity.WARNING)
def misplaced_input_key(gear: Gear) -> Iterator[Problem]:
    """The script reads a key of an input that only a part of the input has, or that is misspelt.

    In config.json a file input has its path and name in `location`, what Flywheel knows of the file
    in `object`, and where it is in `hierarchy`: `inputs["image"]["path"]` raises KeyError, as
    `inputs["image"]["lcoation"]` does. Nothing is said where the script catches that, or may have
    set the inputs itself. Source: gear specification; seen in the history of a public gear.

    Bad run.py:

        #!/usr/bin/env python3
        import json

        inputs = json.load(open("/flywheel/v0/config.json"))["inputs"]
        print(inputs["image"]["path"])

    Good run.py:

        #!/usr/bin/env python3
        import json

        inputs = json.load(open("/flywheel/v0/config.json"))["inputs"]
        print(inputs["image"]["location"]["path"])
    """
    code = gear.code
    if code is None:
        return
    from gearlint.python.quick_inputs import may_read_wrong_key

    if not any(map(may_read_wrong_key, code.python_texts)):
        return
    from gearlint.python.input_parts import wrong_keys

    first: dict[tuple[str, int], Problem] = {}
    for evaluator, reads in zip(code.evaluators, code.reads, strict=False):
        if "input" in reads.changed or reads.own["input"] or evaluator.is_spent:
            continue
        for each in wrong_keys(evaluator):
            problem = Problem(each.source, each.span, each.message, each.advice)
            first.setdefault((each.source.path, each.span.start), problem)
    yield from first.values()


@rule("GL509", "wrong-option-type", Severity.ERROR)
def wrong_option_type(gear: Gear) -> Iterator[Problem]:
    """The script uses an option as another type than the manifest declares.

    `"--jobs " + config["jobs"]` of a number ends the job with TypeError, as a number in
    `subprocess.run([...])` or `os.environ` does, and `config["jobs"].split()` with AttributeError.
    A comparison such as `config["fast"] == "true"` of a boolean is never true: that is a warning,
    as is what not every run comes to. In a shell script jq writes a boolean as `true` or `false`,
    which is never `True` or `1`, nor empty, and a string in quotes where it has no `-r`. Nothing is
    said where the script catches the error, asks for the type, or may have set the option itself.
    In the example the manifest has `"threads": {"type": "integer", "default": 1}`. Source: the
    reference of Python; the manual of jq; seen in public gears.

    Bad run.py:

        #!/usr/bin/env python3
        import json
        import os

        config = json.load(open("/flywheel/v0/config.json"))["config"]
        os.environ["OMP_NUM_THREADS"] = config["threads"]

    Good run.py:

        #!/usr/bin/env python3
        import json
        import os

        config = json.load(open("/flywheel/v0/config.json"))["config"]
        os.environ["OMP_NUM_THREADS"] = str(config["threads"])
    """
    code = gear.code
    if code is None or not gear.manifest.config:
        return
    from gearlint.python.quick_types import may_misuse_type

    types = {name: _type(option) for name, option in gear.manifest.config.items()}
    types = {name: type_ for name, type_ in types.items() if type_}
    for script, test in _tests(code):
        fault = _of_boolean(test) if types.get(test.written.option) == "boolean" else None
        if fault is not None:
            message = f"option {quoted(test.written.option)} is a boolean, {fault[0]}"
            span = script.source.span_of_text(*test.span)
            yield Problem(script.source, span, message, fault[1], Severity.WARNING)
    for script, option, at in _with_quotes(code):
        if types.get(option) == "string":
            message = f"option {quoted(option)} is a string, which jq writes in quotes"
            span = script.source.span_of_text(*at)
            yield Problem(script.source, span, message, "write jq -r", Severity.WARNING)
    if not any(may_misuse_type(text, types) for text in code.python_texts):
        return
    from gearlint.python.option_types import misuses

    own = {name for reads in code.reads for name in reads.own["option"]}
    types = {name: type_ for name, type_ in types.items() if name not in own}
    for evaluator in _with_options_as_given(code):
        for each in misuses(evaluator, types):
            of = f"option {quoted(each.option)} is {_A_TYPE[types[each.option]]}"
            yield gear.at.code(each, f"{of}, {each.why}", each.advice)


_A_TYPE = {
    "string": "a string", "integer": "an integer", "number": "a number", "boolean": "a boolean",
    "array": "an array",
}  # fmt: skip


def _type(option: Mapping[str, object]) -> str:
    """The type of an option; empty where its default is of another one, or it may be several."""
    from gearlint.python.quick_types import TYPES

    type_, default = option.get("type"), option.get("default")
    if not isinstance(type_, str) or type_ not in TYPES:
        return ""
    return type_ if default is None or type(default) in TYPES[type_] else ""


def _of_boolean(test: "Test") -> tuple[str, str] | None:
    """What is wrong with a test of a boolean that jq writes, and what to do; `None` if nothing."""
    texts = ("true",) if test.written.or_nothing else ("true", "false")
    if test.is_equal:
        if test.text in texts:
            return None
        what = "nothing for false" if test.written.or_nothing else '"true" or "false"'
        return f"which is never {quoted(test.text)}", f"jq writes {what}"
    if test.operator:
        return f"which {test.operator} does not take", 'compare it with "true"'
    if test.written.or_nothing:
        return None
    return "whose text is never empty", 'compare it with "true"'
