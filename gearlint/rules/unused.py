"""GL503, GL505: the options and inputs that the manifest declares and the gear never reads."""

from collections.abc import Iterator

from gearlint.core.finding import Problem, Severity
from gearlint.core.text import quoted
from gearlint.gear.gear import Gear
from gearlint.gear.manifest import variable_of
from gearlint.rules.registry import rule

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.python.reads import Kind


@rule("GL503", "unused-config", Severity.INFO, default=False)
def unused_config(gear: Gear) -> Iterator[Problem]:
    """The manifest declares an option that the gear never reads.

    Whoever starts a job sets it, and it does nothing. Nothing is reported where the code uses the
    options as a whole, starts a program of the base image in /flywheel/v0, or where any of its
    files mentions the name. Source: seen in public gears.

    Bad run.py:

        #!/usr/bin/env python3
        import json

        config = json.load(open("/flywheel/v0/config.json"))["config"]
        print(config["debug"])

    Good run.py:

        #!/usr/bin/env python3
        import json

        config = json.load(open("/flywheel/v0/config.json"))["config"]
        print(config["threads"])
    """
    names = [name for name in gear.manifest.config if not _is_read_by_others(name)]
    for name in _unread(gear, "option", names):
        message = f"the option {quoted(name)} is never read by the gear"
        yield gear.at.key(("config", name), message, "remove it, or read it in the script")


def _is_read_by_others(name: str) -> bool:
    """Whether an option is read by the toolkit, or by what starts gears on a cluster."""
    return name == "debug" or name.startswith(("slurm", "scheduler", "lsf", "sge", "singularity"))


def _unread(gear: Gear, kind: "Kind", names: list[str]) -> list[str]:
    """Those names of options or inputs that nothing reads, if that is known."""
    code = gear.code
    if code is None or not names or not code.started:
        return []
    if any(kind in reads.wholes for reads in code.reads):
        return []
    reads = [read for each in (*code.reads, *code.shell_reads) for read in each.reads]
    if not any(read.kind == kind for read in reads) or code.texts is None or gear.image is None:
        return []
    from gearlint.gear.starts import may_start_others
    from gearlint.python.texts import reads_input_directory, unmentioned

    if may_start_others(code):
        return []
    if kind == "input" and reads_input_directory(code.texts):
        return []
    command = gear.manifest.string("command") or ""
    names = unmentioned(names, [*code.texts, command])
    variables = [text for text in code.texts if "FW_CONFIG_" in text]
    read_names = {read.name for read in reads}
    return [
        name
        for name in names
        if name not in read_names
        and not any(f"FW_CONFIG_{variable_of(name)}" in text.upper() for text in variables)
    ]


@rule("GL505", "unused-input", Severity.INFO, default=False)
def unused_input(gear: Gear) -> Iterator[Problem]:
    """The manifest declares an input that the gear never reads.

    Nothing is reported where the code uses the inputs as a whole, or where any of its files
    mentions the name. Source: seen in public gears.

    Bad run.py:

        #!/usr/bin/env python3
        import json

        inputs = json.load(open("/flywheel/v0/config.json"))["inputs"]
        print(inputs["scan"])

    Good run.py:

        #!/usr/bin/env python3
        import json

        inputs = json.load(open("/flywheel/v0/config.json"))["inputs"]
        print(inputs["image"])
    """
    names = [name for name, one in gear.manifest.inputs.items() if one.get("base") == "file"]
    for name in _unread(gear, "input", names):
        message = f"the input {quoted(name)} is never read by the gear"
        yield gear.at.key(("inputs", name), message, "remove it, or read it in the script")
