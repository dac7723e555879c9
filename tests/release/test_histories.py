"""Public gears' histories, release by release: bump does what their authors did, or refuses."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gearlint.release.tags import Naming
from gearlint.syntax.version import (
    LEVELS,
    GearVersion,
    VersionFormat,
    is_numbered,
    is_pre_release_suffix,
    is_release,
    without_pre_release,
)
from gearlint.syntax.version_order import sorts_above
from tests.conftest import Run
from tests.repositories import Repository
from tests.sound import DOCKERFILE

pytestmark = pytest.mark.usefixtures("own_git_configuration")

HISTORIES = json.loads((Path(__file__).parents[1] / "histories.json").read_text())

SOFTWARE_FIRST = ("afni-proc", "hierarchy-curator", "fw-heudiconv")
"""The gears whose versions begin with the software's part, as their files say; the others, where
there are two parts, begin with their own."""


class Step(NamedTuple):
    """Two releases of a gear, one after the other: texts of the versions, and the second tag."""

    old: str
    new: str
    tag: str


def steps(history: dict[str, Any]) -> Iterator[tuple[Step, list[str]]]:
    """The releases of a gear after the first, each with all tags that were there before it."""
    naming = Naming(history["gear"], history["others"], not history["others"])
    before: list[str] = []
    old = ""
    for tag in reversed(history["tags"]):
        form = naming.form_of(tag)
        text = form.version_in(tag) if form else None
        if text is not None and is_numbered(text):
            if old and text != old:
                yield Step(old, text, tag), list(before)
            old = text
        before.append(tag)


def order_of(history: dict[str, Any]) -> VersionFormat:
    return "software_gear" if history["gear"] in SOFTWARE_FIRST else "gear_software"


def moved(old: str, new: str) -> tuple[int, ...] | None:
    """The indices of the parts that differ, `None` where the number of parts does.

    What makes it a pre-release is none of it: some have it as a part, and some begin with 0.
    """
    parts = [
        re.sub(r"rc\d+\Z", "rc", text.removesuffix(pre_release_part(text))).split("_")
        for text in (old, new)
    ]
    if len(parts[0]) != len(parts[1]):
        return None
    return tuple(i for i, pair in enumerate(zip(*parts, strict=True)) if pair[0] != pair[1])


def pre_release_part(text: str) -> str:
    """The last part of a version with the `_` before it, if it makes a pre-release of it."""
    last = text.rpartition("_")[2]
    return f"_{last}" if is_pre_release_suffix(last) else ""


def level(old: str, new: str) -> str:
    """The first of the numbers of a part that differs."""
    for name, before, after in zip(LEVELS, old.split("."), new.split("."), strict=False):
        if before != after:
            return name
    return "patch"


def asked(step: Step, order: VersionFormat) -> list[str]:
    """The options of bump with which the authors would have asked for their next release.

    The whole version, where the number of the parts changed, an extra one did, or it went back.
    """
    indices = moved(step.old, step.new)
    old, new = (
        GearVersion(text.removesuffix(pre_release_part(text)), order)
        for text in (step.old, step.new)
    )
    if not indices or max(indices) > 1 or not sorts_above(step.new, step.old):
        return ["--to", step.new]
    options = []
    if old.software_part != new.software_part:
        options += ["--software", str(new.software_part)]
    if old.gear_part != new.gear_part:
        options += ["--gear", level(old.gear_part, new.gear_part)]
    if not is_release(step.new):
        is_next = not is_release(step.old) and without_pre_release(
            old.gear_part
        ) == without_pre_release(new.gear_part)
        options = ["--pre"] if is_next else [*options, "--pre"]
    return options


COUNTS = {"same": 171, "refused": 47, "different": 1}
"""Releases after the first one of a history, by what bump does."""

REASONS = {
    "begins with v, as those before, is not clear": 3,
    "the gear's is not clear": 16,
    "does not sort above": 15,
    "is not MAJOR.MINOR.PATCH": 12,
    "exists already": 1,
}
"""Why bump refuses, and how often."""

OTHER_FORM = {"user-management-4.4.3"}
"""Tags that authors wrote otherwise than those before, and which nothing shows before."""


def replayed(
    history: dict[str, Any], directory: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Step, list[str], str]]:
    """For each step: same, refused or different; what was asked; and what bump said or did."""
    repository = Repository(directory)
    name, order = history["gear"], order_of(history)
    for other in history["others"]:
        repository.gear(f'"name": "{other}"', f"gears/{other}")
    made = 0
    for number, (step, tags) in enumerate(steps(history)):
        time = f"{1_600_000_000 + number} +0000"
        monkeypatch.setenv("GIT_COMMITTER_DATE", time)
        whole = "{}"
        if (
            "_" in history["version"] and "_" not in history["last"]
        ):  # the tags have the gear's part
            whole = GearVersion(history["version"], order).with_parts(gear="{}").text
        version = whole.format(step.old)
        image = f'"custom": {{"gear-builder": {{"category": "qa", "image": "me/x:{version}"}}}}'
        members = f'"name": "{name}",\n"version": "{version}",\n{image}'
        gear = repository.gear(members, "gears/own" if history["others"] else ".")
        software = GearVersion(version, order).software_part
        if "base" in history and software:
            dockerfile = DOCKERFILE.replace("python:3.11", f"{history['base']}:{software}")
            (gear / "Dockerfile").write_text(dockerfile)
        repository.commit()
        for tag in tags[made:]:
            repository.git("tag", tag)
        made = len(tags)
        options = asked(step, order)
        if options[0] == "--to":
            options[1] = whole.format(step.new)
        outcome = run("bump", *options, "--dry-run", "--json", gear)
        if outcome.code:
            said = outcome.stderr.strip().splitlines()[-1]
            yield "refused", step, options, said.partition("manifest.json: ")[2] or said
            continue
        plan = json.loads(outcome.stdout)
        (new,), (tag,) = [one["new"] for one in plan["gears"]], plan["tags"]
        same_part = moved(version, new) == moved(version, whole.format(step.new))
        own = new if new in tag else GearVersion(new, order).gear_part
        same_form = tag.removesuffix(own) == step.tag.removesuffix(step.new)
        is_same = same_part and same_form
        yield "same" if is_same else "different", step, options, f"{new}, tag {tag}"


def test_bump_does_what_the_authors_did_or_refuses(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    other: set[str] = set()
    lines: list[str] = []
    for number, history in enumerate(HISTORIES):
        for outcome, step, options, said in replayed(
            history, tmp_path / str(number), run, monkeypatch
        ):
            counts[outcome] += 1
            if outcome == "different":
                other.add(step.tag)
            if outcome == "refused":
                reasons[next((part for part in REASONS if part in said), said)] += 1
            lines.append(
                " ".join([outcome, history["repository"], step.old, step.tag, *options, said])
            )
    print("\n".join(lines))  # not before: what bump prints is read
    assert other == OTHER_FORM
    assert counts == COUNTS
    assert reasons == REASONS
