"""Which names of tags are releases of which gear, and which order of the parts they show. No git."""

from pathlib import Path

import pytest

from gearlint.release.order import PartOrder, order_by
from gearlint.release.tags import Naming, TagForm, begins_with_v, form_of_setting, newest_release
from gearlint.syntax.version import GearVersion
from tests.release.test_next_version import gear_at

VERSIONS_IN_TAGS = [
    # (tag, form, the version in it)
    ("1.0.0_2.0.0", TagForm(), "1.0.0_2.0.0"),
    ("v1.0.0", TagForm(), "1.0.0"),
    ("v1.0.0", TagForm("v"), "1.0.0"),
    ("1.0.0", TagForm("v"), "1.0.0"),
    ("v1.0.0", TagForm(has_v=True), "v1.0.0"),
    ("1.0.0", TagForm(has_v=True), "1.0.0"),
    ("x/v1.0.0", TagForm("x/v"), "1.0.0"),
    ("x/1.0.0", TagForm("x/v"), "1.0.0"),
    ("r1.0!", TagForm("r", "!"), "1.0"),
    ("1.0+a-b_2.0", TagForm(), "1.0+a-b_2.0"),
    ("1.0", TagForm("x/"), None),
    ("r1.0", TagForm("r", "!"), None),
    ("1.0!", TagForm("r", "!"), None),
    ("vv1.0", TagForm(), None),
    ("vv1.0", TagForm(has_v=True), None),
    ("v", TagForm(), None),
    ("latest", TagForm(), None),
    ("1.0 b", TagForm(), None),
    ("1.0/x", TagForm(), None),
]


@pytest.mark.parametrize(("tag", "form", "version"), VERSIONS_IN_TAGS)
def test_version_in_a_tag(tag: str, form: TagForm, version: str | None) -> None:
    assert form.version_in(tag) == version


SET = [
    # (setting, version of the gear, its tag)
    ("{version}", "1.0_2.0", "1.0_2.0"),
    ("v{version}", "1.0_2.0", "v1.0_2.0"),
    ("{name}/{gear}", "1.0_2.0", "qc/2.0"),
    ("{name}/{gear}", "2.0", "qc/2.0"),
    ("r{gear}-x", "1.0_2.0", "r2.0-x"),
    ("{version}", "v1.0", "v1.0"),
]


@pytest.mark.parametrize(("template", "version", "tag"), SET)
def test_tag_in_the_form_that_is_set(template: str, version: str, tag: str) -> None:
    of_gear = GearVersion(version, "software_gear")
    form = form_of_setting(template, "qc", of_gear)
    assert form.tag(of_gear) == tag
    assert form.version_in(tag) == form.text_of(of_gear)


@pytest.mark.parametrize(
    ("text", "has_v"),
    [("v1.0", True), ("1.0", False), ("vx", False), ("x-v1.0", False), (None, False)],
)
def test_v_that_is_the_versions_own(text: str | None, has_v: bool) -> None:
    version = None if text is None else GearVersion(text, "gear")
    assert begins_with_v(version) is has_v


OWNERS = [
    # (tag, the gear, other gears, what is before the version if the tag is its own)
    ("1.0", "qc", [], ""),
    ("v1.0", "qc", [], "v"),
    ("qc/1.0", "qc", [], "qc/"),
    ("qc-v1.0", "qc", [], "qc-v"),
    ("qc@1.0", "qc", [], "qc@"),
    ("q/1", "q", [], "q/"),
    ("qc_1.0", "qc", [], None),
    ("qcx1.0", "qc", [], None),
    ("x/1.0", "qc", [], None),
    ("latest", "qc", [], None),
    ("qc/latest", "qc", [], None),
    ("1.0", "qc", ["other"], None),
    ("qc/1.0", "qc", ["other"], "qc/"),
    ("other/1.0", "qc", ["other"], None),
    ("qc-2-1.0", "qc", ["qc-2"], None),
    ("qc-2-1.0", "qc-2", ["qc"], "qc-2-"),
    ("qc-2-1.0", "qc", ["other"], "qc-"),
    ("qc-2/1.0", "qc", ["other"], None),
    ("1.0", "", [], ""),
    ("/1.0", "", [], None),
]


@pytest.mark.parametrize(("tag", "name", "others", "before"), OWNERS)
def test_whose_a_tag_is(tag: str, name: str, others: list[str], before: str | None) -> None:
    form = Naming(name, others, is_alone=not others).form_of(tag)
    assert (form and form.before) == before


IN_USE = [
    # (tags from the newest, the gear, other gears, what is before its next version)
    ([], "qc", [], ""),
    ([], "qc", ["other"], "qc/"),
    (["1.0"], "qc", [], ""),
    (["latest", "v1.0", "0.9"], "qc", [], "v"),
    (["other-1.0", "qc/0.9"], "qc", ["other"], "qc/"),
    (["other-1.0"], "qc", ["other"], "qc-"),
    (["other-v1.0", "other/0.9"], "qc", ["other"], "qc-v"),
    (["other/1.0", "more-0.9"], "qc", ["other", "more"], "qc/"),
    (["1.0"], "qc", ["other"], "qc/"),
]


@pytest.mark.parametrize(("tags", "name", "others", "before"), IN_USE)
def test_form_of_the_next_tag(tags: list[str], name: str, others: list[str], before: str) -> None:
    form = Naming(name, others, is_alone=not others).form_in_use(tags)
    assert form == TagForm(before)
    assert Naming(name, others, not others, has_v=True).form_in_use([]).has_v


@pytest.mark.parametrize(
    ("versions", "newest"),
    [
        ([], None),
        (["1.0", "1.2", "1.1"], "1.2"),
        (["1.0", "2.0-rc1"], "1.0"),
        (["2.0_rc1"], None),
        (["1.9_2.0", "1.10_1.0"], "1.10_1.0"),
    ],
)
def test_newest_release(versions: list[str], newest: str | None) -> None:
    assert newest_release(versions) == newest


GEAR_FIRST = ["1.0.0_5.0.0", "1.0.1_5.0.0", "1.1.0_5.0.0"]
SOFTWARE_FIRST = ["5.0.0_1.0.0", "5.0.0_1.0.1", "5.0.0_1.0.2"]
MOVED = "the {} part moves alone in the tags, as from {} to {}"
ORDERS = [
    # (version, versions in the tags, settings, the order, what it is known from, reason or doubt)
    ("1.1.0_5.0.0", GEAR_FIRST, "", "gear_software", "tags", MOVED.format("first", "1.0.1_5.0.0", "1.1.0_5.0.0")),
    ("5.0.0_1.0.2", SOFTWARE_FIRST, "", "software_gear", "tags", MOVED.format("second", "5.0.0_1.0.1", "5.0.0_1.0.2")),
    ("1.1.0_5.0.0", GEAR_FIRST[::-1], "", "gear_software", "tags", MOVED.format("first", "1.0.1_5.0.0", "1.1.0_5.0.0")),
    ("1.1.0_5.0.0", [*GEAR_FIRST, "1.2.0_6.0.0"], "", "gear_software", "tags", MOVED.format("first", "1.0.1_5.0.0", "1.1.0_5.0.0")),
    ("1.1.0_5.0.0", [f"{tag}_x" for tag in GEAR_FIRST], "", "gear_software", "tags", MOVED.format("first", "1.0.1_5.0.0_x", "1.1.0_5.0.0_x")),
    ("1.1.0_5.0.0", ["1.0_5.0", "1.1_5.0.0", "1.2_5"], "", "gear_software", "tags", MOVED.format("first", "1.1_5.0.0", "1.2_5")),
    ("1.1.0_5.0.0", GEAR_FIRST[:2], "", "software_gear", "default", "the first part moves alone in the tags, from 1.0.0_5.0.0 to 1.0.1_5.0.0"),
    ("1.1.0_5.0.0", [*GEAR_FIRST, "1.1.0_6.0.0"], "", "software_gear", "default", "the first part moves alone in the tags, from 1.0.0_5.0.0 to 1.0.1_5.0.0"),
    ("1.1.0_5.0.0", GEAR_FIRST[1::-1], "", "software_gear", "default", "the first part moves alone in the tags, from 1.0.0_5.0.0 to 1.0.1_5.0.0"),
    ("5.0.0_1.1.0", ["5.0.0_1.0.0", "5.0.0_1.0.1"], "", "software_gear", "default", ""),
    ("1.1.0_5.0.0", ["1.0.0_5.0.0", "v1.0.0_5.0.0", "1.0_5.0.0"], "", "software_gear", "default", ""),
    ("1.1.0_5.0.0", ["1.0.0_5.0.0", "1.0.1_5.0.0_rc1", "1.0.2_5.0.0-rc1"], "", "software_gear", "default", ""),
    ("1.1.0_5.0.0", ["a_b", "1.0_b", "a_1.0"], "", "software_gear", "default", ""),
    ("1.1.0_5.0.0", ["1.0.0", "1.0.1_5.0.0"], "", "software_gear", "default", "the first part goes on from the tag of 1.0.0"),
    ("1.1.0_5.0.0", ["5.0.0", "1.0.1_5.0.0"], "", "software_gear", "default", ""),
    ("1.1.0_1.0.0", ["1.0.0", "1.0.1_1.0.0"], "", "software_gear", "default", ""),
    ("1.1.0_5.0.0", ["1.0.0"], "", "software_gear", "default", ""),
    ("2.0.0", ["1.0.0", "1.0.1_5.0.0"], "", "software_gear", "default", ""),
    ("1.1.0_5.0.0", [], "", "software_gear", "default", ""),
    ("1.1.0_5.0.0", GEAR_FIRST, "software_gear", "software_gear", "setting", "version-format is set"),
    ("1.1.0_5.0.0", [], "gear", "gear", "setting", "version-format is set"),
    ("1.1.0_5.0.0", [], "ENV TOOL_VERSION=5.0.0\n", "software_gear", "default", ""),
]  # fmt: skip


@pytest.mark.parametrize(("version", "tags", "setting", "format", "ground", "why"), ORDERS)
def test_order_that_tags_show(
    version: str,
    tags: list[str],
    setting: str,
    format: str,
    ground: str,
    why: str,
    tmp_path: Path,
) -> None:
    is_line = setting.startswith("ENV")
    settings = f'version-format = "{setting}"\n' if setting and not is_line else ""
    order = order_by(gear_at(tmp_path, version, settings, setting if is_line else ""), tags)
    assert (order.version_format, order.ground.value) == (format, ground)
    assert (order.doubt if ground == "default" else order.reason) == why
    assert order.versions == tuple(tags)


def in_tags(tmp_path: Path, tags: list[str], setting: str = "") -> PartOrder:
    settings = f'version-format = "{setting}"\n' if setting else ""
    return order_by(gear_at(tmp_path, "1.0.0_5.0.0", settings), tags)


AGAINST = [
    # (version, versions in the tags, setting, whether its parts are the other way round)
    ("5.0.0_1.1.1", GEAR_FIRST, "", True),
    ("5.0_1.1.1", GEAR_FIRST, "", True),
    ("1.1.1_5.0.0", GEAR_FIRST, "", False),
    ("1.1.1_6.0.0", GEAR_FIRST, "", False),
    ("6.0.0_1.1.1", GEAR_FIRST, "", False),
    ("5.0.0_2.0.0", GEAR_FIRST, "", False),
    ("5.0.0", GEAR_FIRST, "", False),
    ("1.0.3_5.0.0", SOFTWARE_FIRST, "", True),
    ("5.0.0_1.1.1", GEAR_FIRST[:2], "", False),
    ("5.0.0_1.1.1", GEAR_FIRST, "gear_software", False),
    ("5.0.0_1.1.1", [*GEAR_FIRST, "5.1.0_6.0.0"], "", False),
    ("5.0.0_1.1.1", [*GEAR_FIRST, "0.9.0"], "", True),
]


@pytest.mark.parametrize(("version", "tags", "setting", "is_against"), AGAINST)
def test_parts_the_other_way_round(
    version: str, tags: list[str], setting: str, is_against: bool, tmp_path: Path
) -> None:
    order = in_tags(tmp_path, tags, setting)
    assert order.is_against(GearVersion(version, "software_gear"), None) is is_against


@pytest.mark.parametrize(
    ("tags", "setting", "shown_by"),
    [
        (GEAR_FIRST, "", 'the newest tag has two, "1.1.0_5.0.0": '),
        ([*GEAR_FIRST, "2.0.0"], "", ""),
        ([], "", ""),
        ([], "gear_software", "version-format has two: "),
        (["1.0.0_rc1"], "", ""),
        (["1.0.0_x"], "", ""),
    ],
)
def test_what_shows_two_parts(tags: list[str], setting: str, shown_by: str, tmp_path: Path) -> None:
    assert in_tags(tmp_path, tags, setting).shown_by == shown_by
