"""What the tests of `gearlint bump` have in common."""

import json
from pathlib import Path

from tests.conftest import Outcome

TODAY = "2026-07-09"


def version_of(directory: Path) -> tuple[str, str]:
    """The version and the image of a manifest."""
    data = json.loads((directory / "manifest.json").read_text())
    return data["version"], data["custom"]["gear-builder"]["image"]


def members(version: str, **more: str) -> str:
    image = (
        f'"custom": {{"gear-builder": {{"category": "analysis", "image": "me/my-gear:{version}"}}}}'
    )
    others = "".join(f',\n"{key}": "{value}"' for key, value in more.items())
    return f'"version": "{version}",\n{image}{others}'


def refused(outcome: Outcome, *reported: str) -> None:
    assert outcome.code == 2
    for text in reported:
        assert text in outcome.stderr


def bumped(outcome: Outcome) -> dict[str, str]:
    return {gear["name"]: gear["new"] for gear in json.loads(outcome.stdout)["gears"]}
