"""What Flywheel's own validator refuses, gearlint refuses too, and nothing else but for a reason.

The validator of `fw-gear` runs live on the corpus of real manifests.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gearlint.gear import schema
from tests.conftest import SHARED, Run, needs_corpus

pytestmark = needs_corpus

CORPUS = SHARED / "corpus"
MANIFESTS = sorted(
    str(path.relative_to(CORPUS))
    for path in CORPUS.rglob("*.json")
    if path.name != "invocation.json"
)
SPEC_EXAMPLES = [name for name in MANIFESTS if name.startswith("spec-examples/")]


class Telling(NamedTuple):
    """How gearlint tells a reason of fw-gear: its code, and a text that is in its message."""

    code: str
    text: str = ""


# What fw-gear says, as a regular expression, and how gearlint tells it; {} is its first group.
# An OrderedDict is printed in another way since Python 3.12, and jsonschema changes its wording.
REASONS = {
    r"Error decoding at line \d+, column \d+": Telling("GL001"),
    r"'(\w+)' is a required property": Telling("GL101", '"{}"'),
    r".+ is not of type '(\w+)'": Telling("GL103", "{}"),
    r'"custom\.gear-builder\.image" missing from manifest': Telling("GL110"),
    r'"custom\.gear-builder\.image" is different from "custom\.docker-image"': Telling("GL112"),
    r"'(.*?)' is not one of \['(?:Animal|Adrenal|Conversion|AR|Cardiology).*\]": Telling(
        "GL116", '"{}"'
    ),
    r"OrderedDict\(.*\) should not be valid under \{'required': \['default', 'optional'\]\}": (
        Telling("GL122")
    ),
    r"version and docker image tag do not match": Telling("GL201"),
}

# Each was read: the file, and in fw-gear's code why it says nothing. fw-gear crashes on none.
OVERLOOKED: dict[str, list[str]] = {}


@cache
def reasons_of_fw_gear(name: str) -> tuple[str, ...]:
    """What fw-gear says against a manifest of the corpus; nothing if it accepts it."""
    from fw_gear.manifest import Manifest as ManifestOfFlywheel
    from fw_gear.manifest import ManifestValidationError

    try:
        ManifestOfFlywheel(CORPUS / name).validate()
    except ManifestValidationError as error:
        return tuple(error.errors)
    return ()


Errors = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def errors_of_gearlint(check: Run) -> Errors:
    """The errors that gearlint finds in a manifest of the corpus, with default settings."""

    def errors(name: str) -> list[dict[str, Any]]:
        outcome = check("--quiet", CORPUS / name)
        assert not outcome.stderr
        return [found for found in outcome.findings if found["severity"] == "error"]

    return errors


def telling(reason: str) -> Telling:
    """How gearlint has to tell a reason of fw-gear."""
    for pattern, reported in REASONS.items():
        if match := re.fullmatch(pattern, reason, re.DOTALL):
            return reported._replace(text=reported.text.format(*match.groups()))
    pytest.fail(f"fw-gear gives a reason that is not in the table: {reason[:300]}")


def test_the_whole_corpus_is_looked_at() -> None:
    assert len(MANIFESTS) == 142
    assert len(SPEC_EXAMPLES) == 10


@pytest.mark.parametrize("name", MANIFESTS)
def test_each_reason_of_fw_gear_is_reported_by_an_error_of_its_own(
    errors_of_gearlint: Errors, name: str
) -> None:
    left = errors_of_gearlint(name)
    for reason in reasons_of_fw_gear(name):
        reported = telling(reason)
        found = [
            error
            for error in left
            if error["code"] == reported.code and reported.text in error["message"]
        ]
        assert found, f"{reason[:200]!r} is not reported by {reported}"
        left.remove(found[0])


@pytest.mark.parametrize("name", MANIFESTS)
def test_what_fw_gear_accepts_has_no_error_but_for_what_it_overlooks(
    errors_of_gearlint: Errors, name: str
) -> None:
    if reasons_of_fw_gear(name):
        assert name not in OVERLOOKED
        return
    codes = [error["code"] for error in errors_of_gearlint(name)]
    reported = [code for code in codes if code.startswith(("GL1", "GL2"))]
    assert reported == OVERLOOKED.get(name, [])


def test_fw_gear_overlooks_only_what_is_in_the_corpus() -> None:
    assert set(OVERLOOKED) <= set(MANIFESTS)


def test_fw_gear_still_says_what_was_recorded_of_it() -> None:
    lines = (CORPUS / "fw-gear-0.3.7-verdicts.tsv").read_text(encoding="utf-8").splitlines()
    recorded = {name: verdict for name, verdict, *_ in (line.split("\t") for line in lines)}
    live = {name: "invalid" if reasons_of_fw_gear(name) else "valid" for name in MANIFESTS}
    assert live == recorded


@pytest.mark.parametrize("name", SPEC_EXAMPLES)
def test_names_of_the_specification_s_examples_agree_with_the_schema(name: str) -> None:
    named = Path(name).parent.name.partition("-")[0]
    value = json.loads((CORPUS / name).read_bytes())
    verdict = "invalid" if schema.faults(value) else "valid"
    assert verdict == named
