"""GL131-GL134: the inputs of a gear."""

import re
from collections.abc import Iterator

from gearlint.core.finding import Problem, Severity
from gearlint.core.text import brief, did_you_mean, dotted, one_of, quoted, shown
from gearlint.gear.gear import Gear
from gearlint.gear.schema.keys import misspelt_in_input
from gearlint.gear.schema.snippets import BASES, TYPES
from gearlint.rules.registry import rule

_SAY_WHICH = 'say in "description" which file to choose'
_WHICH = 'a file has the base "file", a value of the project "context", a key "api-key"'
_ALLOWED = {
    "context": "base and description",
    "api-key": "base, description and read-only",
}


@rule("GL131", "input-base", Severity.ERROR)
def input_base(gear: Gear) -> Iterator[Problem]:
    """An input does not say what it is.

    Every input has a `base`, which is file, context or api-key. Source: manifest schema of
    `fw-gear` 0.3.7.

    Bad:

        "inputs": {"image": {"base": "nifti", "description": "The image."}}

    Good:

        "inputs": {"image": {"base": "file", "description": "The image."}}
    """
    for fault in gear.schema_faults("input-base"):
        path = fault.path[:2]
        expected = f"expected {one_of(BASES)}"
        if "base" in misspelt_in_input(gear.manifest.object(*path)):
            continue  # GL135 says so
        if fault.keyword == "required":
            is_option = gear.manifest.get(*path, "type") in TYPES
            advice = 'this is an option: move it to "config"' if is_option else _WHICH
            yield gear.at.key(path, f"{dotted(path)} has no base, {expected}", advice)
        else:
            base = gear.manifest.get(*path, "base")
            hint = did_you_mean(base, BASES) if isinstance(base, str) else ""
            is_text = isinstance(base, str)
            wrong = f"the base {brief(base)}" if is_text else f"a base that is {shown(base)}"
            yield gear.at.value(
                (*path, "base"), f"{dotted(path)} has {wrong}, {expected}", hint or _WHICH
            )


@rule("GL132", "input-extra-key", Severity.ERROR, fix="unsafe")
def input_extra_key(gear: Gear) -> Iterator[Problem]:
    """An input has a key that an input of its base cannot have.

    A context input takes a description, an api-key input a description and `read-only`, and
    neither anything else; the upload is refused. Source: manifest schema of `fw-gear` 0.3.7.

    Bad:

        "inputs": {"key": {"base": "api-key", "optional": true}}

    Good:

        "inputs": {"key": {"base": "api-key", "read-only": true}}
    """
    for fault in gear.schema_faults("input-extra-key"):
        from gearlint.gear.edits.manifest import removed, renamed

        base = str(gear.manifest.get(*fault.path, "base"))
        path = (*fault.path, fault.key)
        given = misspelt_in_input(gear.manifest.object(*fault.path))
        meant = next((meant for meant, key in given.items() if key == fault.key), "")
        is_named = isinstance(gear.manifest.get(*path), bool if meant == "read-only" else str)
        fix = renamed(gear.manifest, path, meant, is_safe=False) if meant and is_named else None
        yield gear.at.key(
            path,
            f"{base} input {quoted(str(fault.path[1]))} has the key {quoted(fault.key)}, "
            f"expected only {_ALLOWED[base]}",
            f'did you mean "{meant}"?' if meant else f"remove {quoted(fault.key)}",
            fix=fix if meant else removed(gear.manifest, path, is_safe=False),
        )


@rule("GL133", "input-name", Severity.WARNING)
def input_name(gear: Gear) -> Iterator[Problem]:
    """The name of an input has unusual characters.

    The name becomes a directory under `/flywheel/v0/input` and a command-line flag: letters,
    digits, `_` and `-` work everywhere. Source: gear specification.

    Bad:

        "inputs": {"T1 image": {"base": "file", "description": "The T1-weighted image."}}

    Good:

        "inputs": {"t1-image": {"base": "file", "description": "The T1-weighted image."}}
    """
    for name in gear.manifest.object("inputs"):
        is_word = name.isascii() and name.isidentifier()
        if not is_word and not re.fullmatch(r"[A-Za-z0-9_-]+", name):
            other = re.search(r"[^A-Za-z0-9_-]", name)
            wrong = f"has {quoted(other[0])} in its name" if other else "has an empty name"
            better = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")
            yield gear.at.key(
                ("inputs", name),
                f"input {quoted(name)} {wrong}, expected only letters, digits, _ and -",
                f"rename it, for example to {quoted(better or 'image')}",
            )


@rule("GL134", "input-description", Severity.INFO)
def input_description(gear: Gear) -> Iterator[Problem]:
    """A file input has no description, or an empty one.

    The description is all that shows a user of the gear which file to choose. Source: Flywheel's
    public documentation.

    Bad:

        "inputs": {"image": {"base": "file"}}

    Good:

        "inputs": {"image": {"base": "file", "description": "The T1-weighted image."}}
    """
    for name, given in gear.manifest.inputs.items():
        if given.get("base") != "file":
            continue
        description = given.get("description")
        if description is None and "description" in misspelt_in_input(given):
            continue  # GL135 says so
        if description is None:
            message = f"file input {quoted(name)} has no description"
            yield gear.at.key(("inputs", name), message, _SAY_WHICH)
        elif isinstance(description, str) and not description.strip():
            yield gear.at.value(
                ("inputs", name, "description"),
                f"description of input {quoted(name)} "
                f"{'has only whitespace' if description else 'is empty'}",
                _SAY_WHICH,
            )
