"""GL14x: the environment of the run."""

from collections.abc import Iterator

from gearlint.finding import Problem, Severity
from gearlint.gear import Gear
from gearlint.rules.registry import rule
from gearlint.wording import dotted, quoted


@rule("GL140", "environment-type", Severity.ERROR)
def environment_type(gear: Gear) -> Iterator[Problem]:
    """A variable of the environment is not a string.

    Environment variables are text; a number or `true` has to stand in quotes. Source: manifest
    schema of `fw-gear` 0.3.7.

    Bad:

        "environment": {"OMP_NUM_THREADS": 8}

    Good:

        "environment": {"OMP_NUM_THREADS": "8"}
    """
    for violation in gear.violations("environment"):
        from gearlint.manifest_edits import put_in_quotes

        is_path = violation.path[-1] == "PATH"  # which no number can be
        yield gear.at_value(
            violation.path,
            f"{dotted(violation.path)} is {violation.found}, expected a string",
            fix=None if is_path else put_in_quotes(gear.manifest, violation.path, is_safe=True),
        )


@rule("GL141", "environment-path", Severity.WARNING)
def environment_path(gear: Gear) -> Iterator[Problem]:
    """The PATH of the environment leaves out the system's folders.

    The run is `bash -c` with this PATH and no other: where it has neither `/bin` nor `/usr/bin`,
    bash itself is not found. A `$PATH` in it is not replaced by anything. Source: Flywheel's public
    documentation.

    Bad:

        "environment": {"PATH": "/opt/fsl/bin:$PATH"}

    Good:

        "environment": {"PATH": "/opt/fsl/bin:/usr/local/bin:/usr/bin:/bin"}
    """
    path = gear.manifest.string("environment", "PATH")
    if path is None:
        return
    if not {"/bin", "/usr/bin"} & {folder.rstrip("/") for folder in path.split(":")}:
        yield gear.at_value(
            ("environment", "PATH"),
            f"PATH {quoted(path)} has neither /bin nor /usr/bin: bash will not be found",
            "add :/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        )
