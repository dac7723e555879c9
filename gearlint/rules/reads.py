"""GL501-GL505: the options and inputs that the gear's own code reads."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gearlint.core.finding import Problem, Severity
from gearlint.core.text import nearest, quoted
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule

if TYPE_CHECKING:
    from gearlint.python.reads import Kind, Read, Reads


def _reads(gear: Gear) -> "list[Reads]":
    """What the gear's programs read; nothing where the manifest cannot be read."""
    if not isinstance(gear.manifest.get("config"), dict | None):
        return []
    if not gear.manifest.fields or gear.code is None:
        return []
    return gear.code.reads


def _undeclared(gear: Gear, kind: "Kind", declared: set[str]) -> "Iterator[Read]":
    for reads in _reads(gear):
        if kind in reads.changed:
            continue
        from gearlint.python.reads import reads_in_order

        for read in reads_in_order(reads.reads):
            if read.kind == kind and read.name not in declared | reads.own[kind]:
                yield read


def _problem(read: "Read", near: str, message: str) -> Problem:
    """Info where the script can do without, unless the name is a misspelt one."""
    is_optional = read.is_guarded or (read.has_default and read.how in ("get", "pop") and not near)
    advice = f"did you mean {quoted(near)}?" if near else "declare it in the manifest"
    severity = Severity.INFO if is_optional else None
    return Problem(read.source, read.span, message, advice, severity)


def _near(name: str, declared: set[str]) -> str:
    """The declared name that was certainly meant: the same but for separators, case and an end."""
    plain = {_plain(one): one for one in sorted(declared)}
    if _plain(name) in plain:
        return plain[_plain(name)]
    near = nearest(_plain(name), plain)
    length = max(len(name), len(near))
    if not near or abs(len(_plain(name)) - len(near)) > 2 or length < 4:
        return ""
    from difflib import SequenceMatcher

    ratio = SequenceMatcher(None, _plain(name), near).ratio()
    return plain[near] if ratio >= 0.8 else ""


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(" ", "")


@rule("GL501", "undeclared-config", Severity.WARNING)
def undeclared_config(gear: Gear) -> Iterator[Problem]:
    """The script reads an option that the manifest does not declare.

    `config["x"]` is then a KeyError, and `config.get("x")` never anything else than its default.
    Source: gear specification.

    Bad run.py:

        #!/usr/bin/env python3
        import json

        config = json.load(open("/flywheel/v0/config.json"))["config"]
        print(config["thread"])

    Good run.py:

        #!/usr/bin/env python3
        import json

        config = json.load(open("/flywheel/v0/config.json"))["config"]
        print(config["threads"])
    """
    declared = set(gear.manifest.object("config"))
    for read in _undeclared(gear, "option", declared | {"debug"}):
        near = _near(read.name, declared)
        what = "it raises KeyError"
        if read.is_guarded or read.has_default:
            what = "it is never set" if read.is_guarded else "it always gets the default"
        yield _problem(read, near, f"option {quoted(read.name)} is not declared, so {what}")


@rule("GL502", "undeclared-input", Severity.WARNING)
def undeclared_input(gear: Gear) -> Iterator[Problem]:
    """The script reads an input that the manifest does not declare.

    `get_input_path("x")` is then always `None`, so the input is silently never used. Source: gear
    specification; `flywheel-gear-toolkit` 0.6.22; `fw-gear` 0.3.7.

    Bad run.py:

        #!/usr/bin/env python3
        import flywheel

        context = flywheel.GearContext()
        print(context.get_input_path("images"))

    Good run.py:

        #!/usr/bin/env python3
        import flywheel

        context = flywheel.GearContext()
        print(context.get_input_path("image"))
    """
    declared = set(gear.manifest.object("inputs"))
    for read in _undeclared(gear, "input", declared):
        near = _near(read.name, declared)
        what = "it is never given"
        if read.how in ("[]", "open_input") and not read.is_guarded:
            what = "it raises KeyError" if read.how == "[]" else "it raises an error"
        yield _problem(read, near, f"input {quoted(read.name)} is not declared, so {what}")


@rule("GL504", "client-without-api-key", Severity.WARNING)
def client_without_api_key(gear: Gear) -> Iterator[Problem]:
    """The script uses the client, and no input is an API key.

    Flywheel gives a gear an API key only by an input with the base `api-key`. Source: gear
    specification.

    Bad run.py:

        #!/usr/bin/env python3
        import flywheel

        print(flywheel.Client().get_current_user())

    Good run.py:

        #!/usr/bin/env python3
        import flywheel

        print(flywheel.GearContext().get_input_path("image"))
    """
    inputs = gear.manifest.object("inputs")
    if any(isinstance(one, dict) and one.get("base") == "api-key" for one in inputs.values()):
        return
    for reads in _reads(gear):
        use = next((use for use in reads.clients if not use.is_guarded), None)
        if use is not None:
            what = "gives the client a key of its own" if use.has_key else "uses the client"
            yield Problem(
                use.source,
                use.span,
                f"the script {what}, but no input is an API key",
                'add an input {"base": "api-key"}',
            )
