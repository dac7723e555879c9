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
    seen: set[tuple[str, int]] = set()
    for read in _undeclared(gear, "option", declared | {"debug"}):
        if (read.source.path, read.span.start) in seen:
            continue
        seen.add((read.source.path, read.span.start))
        near = nearest(read.name, declared)
        what = "the default is always taken" if read.has_default else "every run stops: KeyError"
        if read.is_guarded:
            what = "it is never there"
        severity = Severity.INFO if read.is_guarded or (read.has_default and not near) else None
        yield Problem(
            read.source,
            read.span,
            f"the script reads the option {quoted(read.name)}, which the manifest does not declare: "
            f"{what}",
            f"did you mean {quoted(near)}?" if near else "",
            severity,
        )


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
        near = nearest(read.name, declared)
        what = "it is never there" if read.has_default or read.is_guarded else "every run stops"
        yield Problem(
            read.source,
            read.span,
            f"the script reads the input {quoted(read.name)}, which the manifest does not declare: "
            f"{what}",
            f"did you mean {quoted(near)}?" if near else "",
            Severity.INFO if read.is_guarded else None,
        )


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
            yield Problem(
                use.source,
                use.span,
                "the script uses the client, but no input is an API key",
                'add an input {"base": "api-key"}',
            )
