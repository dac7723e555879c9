"""The next version of a gear: what it is and what is said of it, or why there is none. No git."""

from pathlib import Path

import pytest

from gearlint.core.errors import GearlintError
from gearlint.engine.gears import gears_under
from gearlint.gear.gear import Gear
from gearlint.release.next_version import (
    PastReleases,
    Request,
    command_for,
    present_release,
    release_of,
)
from gearlint.release.order import order_by
from gearlint.release.tags import TagForm, newest_release
from tests.sound import DOCKERFILE, write_gear

ONE_PART, SWAPPED = 'version-format = "gear"\n', 'version-format = "gear_software"\n'


def gear_at(directory: Path, version: str, settings: str = "", lines: str = "") -> Gear:
    """The gear my-prep of this version, with settings and more lines in its Dockerfile."""
    builder = f'{{"category": "analysis", "image": "me/my-gear:{version}"}}'
    members = (
        f'"name": "my-prep",\n"version": "{version}",\n"custom": {{"gear-builder": {builder}}}'
    )
    write_gear(directory, members)
    (directory / "gearlint.toml").write_text(settings)
    (directory / "Dockerfile").write_text(DOCKERFILE.replace("WORKDIR", f"{lines}WORKDIR"))
    [(gear, _)] = gears_under(str(directory))
    return gear


def answer(gear: Gear, request: Request | None, tags: list[str], form: TagForm) -> str:
    """The version, and what is said of it after `; `; else `refused: ` and the reason."""
    newest = newest_release(tags)
    names = frozenset(f"{form.before}{tag}" for tag in tags)
    past = PastReleases(order_by(gear, tags), form, names, newest)
    try:
        release = (
            present_release(gear, past) if request is None else release_of(gear, request, past)
        )
    except GearlintError as error:
        return "refused: " + str(error).replace(f"{gear.manifest.source.path}: ", "")
    return "; ".join([release.new.text, *release.notes])


PATCH, MINOR, MAJOR = Request("patch"), Request("minor"), Request("major")
PRE = Request(pre=True)
MOVING = ["1.0.0_5.0.0", "1.0.1_5.0.0", "1.0.2_5.0.0"]  # the first part is the gear's
NOT_ABOVE = "does not sort above the newest release"
NEXT = [
    # (version, what is asked, tags, settings, the next)
    ("1.0.0_2.0.0", PATCH, [], "", "1.0.0_2.0.1"),
    ("1.0.0_2.0.9", MINOR, [], "", "1.0.0_2.1.0"),
    ("1.0.0_2.1.9", MAJOR, [], "", "1.0.0_3.0.0"),
    ("1.0.0_2.1", PATCH, [], "", "1.0.0_2.1.1"),
    ("1.0.0_v2.1", PATCH, [], "", "refused: the gear's part \"v2.1\""),
    ("v1.0.0_v2.1", PATCH, [], "", "v1.0.0_v2.1.1"),
    ("v1.0.0_2.1.0", PATCH, [], "", "v1.0.0_2.1.1"),
    ("1.0.0_v2.1", PATCH, [], SWAPPED, "1.0.1_v2.1"),
    ("v2.1", PATCH, [], "", "v2.1.1"),
    ("1.0.0_2.0.0", PATCH, [], SWAPPED, "1.0.1_2.0.0"),
    ("1.0.0_2.0.0_x", PATCH, [], "", "1.0.0_2.0.1_x"),
    ("1.0.2_5.0.0", PATCH, MOVING, "", "1.0.3_5.0.0"),
    ("1.0.0_2.0.0", Request("5.0"), [], "", "1.0.0_5.0"),
    ("1.0.0_2.0.0", Request(software="5.0"), [], "", "5.0_2.0.0"),
    ("1.0.0_2.0.0", Request("minor", "5.0"), [], "", "5.0_2.1.0"),
    ("1.0.0_2.0.0", Request("7.0", "5.0"), [], "", "5.0_7.0"),
    ("1.0.0_2.0.0", Request(to="9.0"), [], "", "9.0"),
    ("1.0.0_2.0.0", Request(to="1.0.0_2.0.0"), [], "", 'refused: the version is "1.0.0_2.0.0" already'),
    ("1.0.0_2.0.0", Request("1_0"), [], "", 'refused: "1_0" is not a single part: --to takes'),
    ("1.0.0_2.0.0", Request(software="1_0"), [], "", 'refused: "1_0" is not a single part'),
    ("2.0.0", Request(software="5.0"), [], "", 'refused: version "2.0.0" has no part for the software'),
    ("2.0.0_rc1", Request(software="5.0"), [], "", "refused: version \"2.0.0_rc1\" has no part"),
    # what it has to sort above
    ("1.0.0_2.0.0", Request("1.0.0"), [], "", "refused: version \"1.0.0_1.0.0\" does not sort above the version that is there, \"1.0.0_2.0.0\": name a higher one, or give --force"),
    ("1.0.0_2.0.0", Request("1.0.0", force=True), [], "", "1.0.0_1.0.0"),
    ("1.0.0_2.0.0", Request("2.0.5"), ["1.0.0_3.0.0"], "", f'refused: version "1.0.0_2.0.5" {NOT_ABOVE} "1.0.0_3.0.0"'),
    ("1.0.0_2.0.0", Request("2.0.5", force=True), ["1.0.0_3.0.0"], "", "1.0.0_2.0.5"),
    ("1.0.0_2.0.0", PATCH, ["1.0.0_2.0.0"], "", "1.0.0_2.0.1"),
    ("1.0.0_2.0.0", PATCH, ["1.0.0_2.0.1"], "", 'refused: the tag "1.0.0_2.0.1" exists already: name a higher version'),
    ("1.0.0_2.0.1-rc1", PATCH, [], "", '1.0.0_2.0.1; Flywheel sorts the pre-release "1.0.0_2.0.1-rc1" after it (GL210)'),
    ("1.0.0_2.0.0-rc1", MAJOR, ["1.0.0_1.0.0"], "", '1.0.0_2.0.0; Flywheel sorts the pre-release "1.0.0_2.0.0-rc1" after it (GL210)'),
    ("1.0.0_v2.0.0", Request(to="1.0.0_2.1.0"), [], "", '1.0.0_2.1.0; Flywheel cannot compare "1.0.0_2.1.0" with the version that is there, "1.0.0_v2.0.0": they were compared part by part'),
    ("1.0.0_v2.0.0", Request(to="1.0.0_1.1.0", force=True), [], "", '1.0.0_1.1.0; Flywheel cannot compare "1.0.0_1.1.0" with the version that is there, "1.0.0_v2.0.0": they were compared part by part'),
    # a pre-release was begun
    ("1.0.0_2.1.0-rc1", MINOR, ["1.0.0_2.0.0"], "", '1.0.0_2.1.0; Flywheel sorts the pre-release "1.0.0_2.1.0-rc1" after it (GL210)'),
    ("1.0.0_2.1.1-rc1", MINOR, ["1.0.0_2.0.0"], "", "1.0.0_2.2.0"),
    ("1.0.0_2.1.0_rc1", PATCH, [], "", '1.0.0_2.1.0; Flywheel sorts the pre-release "1.0.0_2.1.0_rc1" after it (GL210)'),
    # pre-releases
    ("1.0.0_2.0.0", Request("minor", pre=True), [], "", '1.0.0_2.1.0-rc1; "1.0.0_2.1.0-rc1" is a pre-release, but sorts after its release (GL210)'),
    ("1.0.0_2.1.0-rc1", PRE, [], "", '1.0.0_2.1.0-rc2; "1.0.0_2.1.0-rc2" is a pre-release, but sorts after its release (GL210)'),
    ("1.0.0_2.1.0-rc", PRE, [], "", '1.0.0_2.1.0-rc2; "1.0.0_2.1.0-rc2" is a pre-release, but sorts after its release (GL210)'),
    ("1.0.0_2.1.0_rc1", PRE, [], "", '1.0.0_2.1.0_rc2; "1.0.0_2.1.0_rc2" is a pre-release, but sorts after its release (GL210)'),
    ("1.0.0_2.1.0-rc3", Request("major", pre=True), [], "", '1.0.0_3.0.0-rc1; "1.0.0_3.0.0-rc1" is a pre-release, but sorts after its release (GL210)'),
    ("1.0.0_2.0.0", Request("minor", pre=True), ["1.0.0_1.0.0.beta.4"], "", '1.0.0_2.1.0.beta.1; "1.0.0_2.1.0.beta.1" is a pre-release, but sorts after its release (GL210)'),
    ("1.0.0_2.0.0", Request("minor", pre=True), ["1.0.0_1.0.0", "1.0.0_0.9.0_rc2"], "", '1.0.0_2.1.0_rc1; "1.0.0_2.1.0_rc1" is a pre-release, but sorts after its release (GL210)'),
    ("2.1.0-rc1_1.0.0", PRE, [], SWAPPED, '2.1.0-rc2_1.0.0; "2.1.0-rc2_1.0.0" is a pre-release, but sorts after its release (GL210)'),
    ("2.0.0_1.0.0", Request("minor", pre=True), ["1.9.0_1.0.0_rc2"], SWAPPED, '2.1.0_1.0.0_rc1; "2.1.0_1.0.0_rc1" is a pre-release, but sorts after its release (GL210)'),
    ("1.0.0_2.0.0", PRE, [], "", 'refused: version "1.0.0_2.0.0" is not a pre-release: say which is the next with --gear major, minor or patch'),
    # what cannot be raised
    ("1.0.0_2", PATCH, [], "", "refused: the gear's part \"2\" of version \"1.0.0_2\" is not MAJOR.MINOR.PATCH, so it cannot be raised: if \"1.0.0\" is the gear's part, set version-format = \"gear_software\" in gearlint.toml, else name the next with gearlint bump --to VERSION"),
    ("1.0.0_2", PATCH, [], 'version-format = "software_gear"\n', "refused: the gear's part \"2\" of version \"1.0.0_2\" is not MAJOR.MINOR.PATCH, so it cannot be raised: name the next"),
    ("1.0.0_x", PATCH, [], "", "refused: the gear's part \"x\" of version \"1.0.0_x\" is not MAJOR.MINOR.PATCH, so it cannot be raised: name the next"),
    ("x_2", PATCH, [], "", "refused: the gear's part \"2\" of version \"x_2\" is not MAJOR.MINOR.PATCH, so it cannot be raised: name the next"),
    ("inc0.2", PATCH, [], "", "refused: the gear's part \"inc0.2\" of version \"inc0.2\" is not MAJOR.MINOR.PATCH, so it cannot be raised: give --gear minor, or name the next"),
    ("inc0.2", MINOR, [], "", "inc0.3"),
    ("inc0.2.1", PATCH, [], "", "inc0.2.2"),
    ("1.0.0_2019.1", MINOR, [], SWAPPED, "1.1.0_2019.1"),
    ("2.0.0_2019.1.0", MINOR, [], "", "refused: the gear's part \"2019.1.0\""),
    ("2.0.0_201.1.0", MINOR, [], "", "2.0.0_201.2.0"),
    # what would be an error
    ("1.0.0_2.0.0", Request(to="1.0.0 2"), [], "", 'refused: "1.0.0 2" cannot be the tag of an image: name another version'),
    ("1.0.0_2.0.0", Request(to="2" * 101), [], "", "has over 100 characters: name another version"),
    ("1.0.0_2.0.0", Request(to="3.0.0_"), [], "", 'refused: "3.0.0_" has an empty part: name another version'),
    ("1.0.0_2.0.0", Request(to="next"), [], "", 'refused: "next" does not start with a number: name another version'),
    ("next", Request(to="nexu"), [], "", "nexu"),
    ("1.0.0_2.0.0", Request(to="1.0.0_next"), [], "", "1.0.0_next"),
    ("1.0.0", Request(to="x"), [], ONE_PART, 'refused: "x" has the gear part "x", which does not start with a number: name another version'),
]  # fmt: skip


@pytest.mark.parametrize(("version", "request_", "tags", "settings", "expected"), NEXT)
def test_next_version(
    version: str, request_: Request, tags: list[str], settings: str, expected: str, tmp_path: Path
) -> None:
    said = answer(gear_at(tmp_path, version, settings), request_, tags, TagForm())
    assert said == expected or ("refused" in said and expected in said)
    assert "GL210" not in said or "GL210" in expected


GEAR_PART_ONLY = TagForm(has_gear_part_only=True)
OF_FORM = [
    # (version, what is asked, tags, form, the next)
    ("1.0.0_2.0.0", PATCH, ["2.0.0"], GEAR_PART_ONLY, "1.0.0_2.0.1"),
    ("1.0.0_2.0.0", Request("1.5.0"), ["1.9.0"], GEAR_PART_ONLY, f'refused: version "1.0.0_1.5.0" {NOT_ABOVE} "1.9.0"'),
    ("1.0.0_2.0.0", Request(to="1.0.0_2.0.1_rc1"), ["2.0.0"], GEAR_PART_ONLY, "1.0.0_2.0.1_rc1"),
    ("1.0.0_2.0.0", Request("minor", pre=True), ["2.0.0", "1.0.0_rc1"], GEAR_PART_ONLY, "1.0.0_2.1.0-rc1"),
    ("2.0.0", Request("minor", pre=True), ["2.0.0", "1.0.0_rc1"], GEAR_PART_ONLY, "2.1.0_rc1"),
    ("1.0.0_2.0.0", PATCH, ["2.0.1"], GEAR_PART_ONLY, 'refused: the tag "2.0.1" exists already'),
    ("2.0.0", PATCH, ["2.0.1"], TagForm("x/"), 'refused: the tag "x/2.0.1" exists already'),
    # the first of two parts after tags with a v
    ("1.0.0_2.0.0", PATCH, ["1.9.0"], TagForm("x/v"), "refused: version \"1.0.0_2.0.1\" is the first with two parts, and whether its tag begins with v, as those before, is not clear: set tag-format = \"x/{version}\" or \"x/v{version}\" in gearlint.toml"),
    ("1.0.0_2.0.0", PATCH, ["1.9.0"], TagForm("v", has_gear_part_only=True), "1.0.0_2.0.1"),
    ("1.0.0_2.0.0", PATCH, [], TagForm("v"), "1.0.0_2.0.1"),
    ("1.0.0_2.0.0", PATCH, ["1.0.0_1.9.0"], TagForm("v"), "1.0.0_2.0.1"),
    ("2.0.0", PATCH, ["1.9.0"], TagForm("v"), "2.0.1"),
    ("1.0.0_2.0.0", PATCH, ["0.9.0"], TagForm("x/"), "1.0.0_2.0.1"),
]  # fmt: skip


@pytest.mark.parametrize(("version", "request_", "tags", "form", "expected"), OF_FORM)
def test_next_version_beside_tags_of_a_form(
    version: str, request_: Request, tags: list[str], form: TagForm, expected: str, tmp_path: Path
) -> None:
    said = answer(gear_at(tmp_path, version), request_, tags, form)
    assert said.startswith(expected)


def test_form_that_is_set_is_not_asked_for(tmp_path: Path) -> None:
    gear = gear_at(tmp_path, "1.0.0_2.0.0", 'tag-format = "v{version}"\n')
    assert answer(gear, PATCH, ["0.9.0"], TagForm("v")) == "1.0.0_2.0.1"


PRESENT = [
    # (version, tags, the release of it)
    ("1.0.0_2.0.0", [], "1.0.0_2.0.0"),
    ("1.0.0_2.0.0", ["1.0.0_2.0.0"], "1.0.0_2.0.0"),
    ("1.0.0_2.0.0", ["1.0.0_1.0.0"], "1.0.0_2.0.0"),
    ("1.0.0_2.0.0", ["1.0.0_2.0.0", "1.0.0_3.0.0"], "1.0.0_2.0.0"),
    ("1.0.0_2.0.0", ["1.0.0_3.0.0"], f'refused: version "1.0.0_2.0.0" {NOT_ABOVE} "1.0.0_3.0.0": raise it first, as with gearlint bump'),
    ("1.0.0_v2.0.0", ["1.0.0_1.0.0"], '1.0.0_v2.0.0; Flywheel cannot compare "1.0.0_v2.0.0" with the newest release "1.0.0_1.0.0": they were compared part by part'),
    ("1.0.0_", [], 'refused: "1.0.0_" has an empty part: name another version'),
]  # fmt: skip


@pytest.mark.parametrize(("version", "tags", "expected"), PRESENT)
def test_release_of_the_version_that_is_there(
    version: str, tags: list[str], expected: str, tmp_path: Path
) -> None:
    assert answer(gear_at(tmp_path, version), None, tags, TagForm()).startswith(expected)


SOFTWARE = [
    # (version, lines of the Dockerfile, tags, the next)
    ("1.0.0_2.0.0", "ENV TOOL_VERSION=2.0.0\n", [], "refused: the gear's part \"2.0.0\" of version \"1.0.0_2.0.0\" seems to be the software's, as the Dockerfile has TOOL_VERSION 2.0.0: name the next"),
    ("1.0.0_2.0.0", "ENV TOOL_VERSION=v2.0\n", [], "refused: the gear's part \"2.0.0\" of version \"1.0.0_2.0.0\" seems"),
    ("1.0.0_2.0.0", "ENV TOOL_VERSION=2.0.0 OTHER_VERSION=1.0.0\n", [], "1.0.0_2.0.1"),
    ("1.0.0_2.0.0", "ENV GEAR_VERSION=2.0.0\n", [], "1.0.0_2.0.1"),
    ("1.0.0_2.0.0", "ENV MY_GEAR_VERSION=2.0.0\n", [], "1.0.0_2.0.1"),
    ("2.0.0", "ENV TOOL_VERSION=2.0.0\n", [], "refused: the gear's part \"2.0.0\" of version \"2.0.0\" seems"),
    ("1.0.2_5.0.0", "ENV TOOL_VERSION=1.0.2\n", MOVING, "refused: the gear's part \"1.0.2\" of version \"1.0.2_5.0.0\" seems"),
    ("1.0.2_5.0", "RUN apt-get install -y prep-5.0-complete\n", [], "refused: the gear's part \"5.0\" of version \"1.0.2_5.0\" seems to be the software's, as the Dockerfile has prep 5.0: name the next"),
    ("1.0.2_5.0.9", "RUN apt-get update && apt-get install -y curl prep-core=5.0.9-1~nd16\n", [], "refused: the gear's part \"5.0.9\" of version \"1.0.2_5.0.9\" seems to be the software's, as the Dockerfile has prep-core 5.0.9: name"),
    ("1.0.2_3.0.4", "RUN conda install -y -c prep prep=3.0.4\n", [], "refused: "),
    ("1.0.2_20.2.0", "RUN pip install my-prep==20.2.0\n", [], "refused: "),
    ("1.0.2_20.2.0", "RUN pip install my-prep==20.2.1\n", [], "1.0.2_20.2.1"),
    ("21.0.0_1.0.0", "RUN pip install tqdm==1.0.0\n", [], "21.0.0_1.0.1"),  # equal by chance
    ("5.0_1.0.2", "RUN apt-get install -y fsl-5.0-complete && pip install other==1.0.2\n", [], "5.0_1.0.3"),
    ("5.0.0_1.0.2", "ENV TOOL_VERSION=5.0.0\nRUN pip install other==1.0.2\n", [], "5.0.0_1.0.3"),
    ("5.0_1.0.2", "ENV TOOL_VERSION=1.0.2\nRUN apt-get install -y fsl-5.0-complete\n", [], "refused: "),
    ("1.0.2", "RUN pip install other==1.0.2\n", [], "1.0.3"),
    ("1.0.2", "RUN pip install my-prep==1.0.2\n", [], "refused: the gear's part \"1.0.2\" of version \"1.0.2\" seems"),
]  # fmt: skip


@pytest.mark.parametrize(("version", "lines", "tags", "expected"), SOFTWARE)
def test_part_that_the_dockerfile_has(
    version: str, lines: str, tags: list[str], expected: str, tmp_path: Path
) -> None:
    gear = gear_at(tmp_path, version, lines=lines)
    assert answer(gear, PATCH, tags, TagForm()).startswith(expected)
    gear = gear_at(tmp_path, version, 'version-format = "gear"\n', lines=lines)
    assert "seems to be" not in answer(gear, PATCH, tags, TagForm())
    (tmp_path / "Dockerfile").unlink()
    (tmp_path / "gearlint.toml").unlink()
    [(gear, _)] = gears_under(str(tmp_path / "manifest.json"))
    assert "seems to be" not in answer(gear, PATCH, tags, TagForm())


PARTS_NOT_CLEAR = [
    # (version, lines of the Dockerfile, tags, why its gear's part is not known)
    ("5.0.0_1.0.3", "", MOVING, "by the tags its parts are <gear>_<software>, as the first part moves alone in the tags, as from 1.0.1_5.0.0 to 1.0.2_5.0.0, but the version has them the other way round: set version-format in gearlint.toml"),
    ("1.0.1_5.0.0", "", MOVING[:2], "which of its parts is the gear's is not clear, as the first part moves alone in the tags, from 1.0.0_5.0.0 to 1.0.1_5.0.0: set version-format in gearlint.toml"),
    ("1.1.0_5.0.0", "", ["1.0.0", "1.0.1_5.0.0"], "which of its parts is the gear's is not clear, as the first part goes on from the tag of 1.0.0: set version-format in gearlint.toml"),
    ("1.0.3_5.0.0", "FROM nipreps/my-prep:1.0.3\n", MOVING, "by the tags its parts are <gear>_<software>, as the first part moves alone in the tags, as from 1.0.1_5.0.0 to 1.0.2_5.0.0, but the Dockerfile has my-prep 1.0.3: set version-format in gearlint.toml"),
    ("1.0.3_5.0.0", "FROM nipreps/my-prep:5.0.0\n", MOVING, ""),
    ("1.0.3_5.0.0", "FROM nipreps/my-prep:6.0.0\n", MOVING, ""),
    ("6.0.0", "", MOVING[:2], ""),
    ("1.0.3_6.0.0", "FROM nipreps/my-prep:1.0.3\n", MOVING[:2], ""),
]  # fmt: skip


@pytest.mark.parametrize(("version", "lines", "tags", "reason"), PARTS_NOT_CLEAR)
def test_parts_that_are_not_clear(
    version: str, lines: str, tags: list[str], reason: str, tmp_path: Path
) -> None:
    said = answer(gear_at(tmp_path, version, lines=lines), PATCH, tags, TagForm())
    expected = f'refused: version "{version}": {reason}'
    assert said == (
        expected if reason else version.replace("0.3_5", "0.4_5").replace("6.0.0", "6.0.1")
    )


MANIFESTS = [
    # members of a manifest, and why its version cannot be raised
    ('"version": 1', "has no version that can be raised: see gearlint check"),
    ('"version": " "', "has no version that can be raised"),
    ('"version": "2.0"', 'version "2.0" and image "me/my-gear:1.0.0_2.0.0" do not agree: set the tag to the version, or the version to "1.0.0_2.0.0" if you forgot to raise it'),
    ('"version": "v1.0.0_2.0.0"', 'do not agree: run gearlint check --fix first'),
    ('"custom": {"gear-builder": {"image": "me/my-gear"}}', 'and image "me/my-gear" do not agree: run gearlint check --fix first'),
    ('"custom": {"gear-builder": {"image": ":1.0.0_2.0.0"}}', 'and image ":1.0.0_2.0.0" do not agree: see gearlint check'),
    ('"custom": {"gear-builder": {"image": "a.b:50/me/x:1"}}', 'do not agree: see gearlint check'),
    ('"custom": {"gear-builder": {"image": "x:1.0.0_2.0.0"}, "docker-image": "x:1"}', 'do not agree: see gearlint check'),
    ('"custom": {"gear-builder": {"image": "python:3.11"}}', 'do not agree: this is the base image of the Dockerfile: name the gear\'s own, "ME/my-gear:1.0.0_2.0.0"'),
    ('"custom": {"docker-image": "me/my-gear:1"}', 'and image "me/my-gear:1" do not agree: run gearlint check --fix first'),
    (f'"custom": {{"docker-image": "me/x:1.0.0_2.0.0@sha256:{"0" * 64}"}}', "has the digest of the old version: take it out"),
    ('"custom": {}', ""),
    ('"custom": {"docker-image": "me/my-gear:1.0.0_2.0.0"}', ""),
    ('"name": "x\\\\ud800"', "cannot stand in a commit's message: see gearlint check"),
    ('"name": "x\\\\udfff"', "cannot stand in a commit's message: see gearlint check"),
    ('"name": "x\\\\u0000"', "cannot stand in a commit's message: see gearlint check"),
    ('"name": "x\\\\ue000"', ""),
    ("[", "cannot be read as a manifest: see gearlint check"),
]  # fmt: skip


@pytest.mark.parametrize(("members", "reason"), MANIFESTS)
def test_manifest_whose_version_cannot_be_raised(members: str, reason: str, tmp_path: Path) -> None:
    write_gear(tmp_path, members.replace("\\\\", "\\"))
    if members == "[":
        (tmp_path / "manifest.json").write_text("[]")
    [(gear, _)] = gears_under(str(tmp_path / "manifest.json"))
    said = answer(gear, PATCH, [], TagForm())
    assert said == (said if reason else "1.0.0_2.0.1")
    assert reason in said


@pytest.mark.parametrize(
    ("directory", "command"),
    [
        ("gear", "gearlint bump gear --gear"),
        ("-gear", "gearlint bump ./-gear --gear"),
        ("a b", "gearlint bump 'a b' --gear"),
        (".", "gearlint bump --gear"),
    ],
)
def test_command_to_type(
    directory: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    gear = gear_at(tmp_path / directory, "1.0.0_2.0.0")
    [(gear, _)] = gears_under(directory)
    assert command_for("bump", gear, "--gear") == command
