"""What each fix of the manifest rewrites, what it leaves alone, and that nothing else changes.

Fixes are applied here as simply as can be: those that do not overlap, round after round.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from gearlint.core.finding import Edit, Finding, Fix, applied
from gearlint.core.source import read
from gearlint.engine.fixer import SILENCED
from gearlint.engine.linter import lint
from gearlint.engine.settings import Settings
from gearlint.gear.gear import Gear, Options
from gearlint.gear.manifest import Manifest
from gearlint.syntax.version import VersionFormat
from tests.conftest import needs_corpus
from tests.gear.test_schema import CORPUS, manifests
from tests.sound import MANIFEST, manifest_text, write_beside, write_gear

ROUNDS = 10
MINE = frozenset(
    (
        "GL001", "GL002", "GL003", "GL006", "GL101", "GL102", "GL104", "GL106", "GL107", "GL110", "GL111",
        "GL122", "GL132", "GL135", "GL140", "GL201", "GL202", "GL204", "GL205", "GL206", "GL208", "GL210",
    )
)  # fmt: skip
"""The rules whose fixes are of the manifest, or of its suppressions elsewhere."""


def findings(
    path: Path, version_format: VersionFormat | None = None, select: tuple[str, ...] | None = None
) -> list[Finding]:
    """What the rules find in the gear of a manifest, of which none fails."""
    root = os.path.realpath(path.parent)
    gear = Gear(Manifest(read(os.path.join(root, path.name), root)), root, Options(version_format))
    result = lint(gear, Settings(select=select))
    assert result.failures == []
    return [finding for finding in result.findings if finding.code in MINE or not finding.fix]


def assert_well_formed(fix: Fix) -> None:
    """The edits of a fix are in order, do not overlap and lie in the file."""
    assert fix.edits
    assert all(0 <= edit.start <= edit.end <= fix.source.size for edit in fix.edits)
    assert all(one.end <= other.start for one, other in pairwise(fix.edits))
    assert applied(fix.source.data, fix.edits) != fix.source.data


def chosen(found: list[Finding], unsafe: bool) -> Iterator[Fix]:
    """The fixes to apply in one round: each that overlaps none before it; edits may touch."""
    taken: dict[str, list[Edit]] = {}
    for finding in found:
        fix = finding.fix
        if fix is None or not (fix.is_safe or unsafe):
            continue
        assert_well_formed(fix)
        others = taken.setdefault(fix.source.path, [])
        if all(_apart(edit, other) for edit in fix.edits for other in others):
            others += fix.edits
            yield fix


def _apart(one: Edit, other: Edit) -> bool:
    return one[:2] != other[:2] and (one.end <= other.start or other.end <= one.start)


def fix(
    path: Path,
    *,
    unsafe: bool,
    version_format: VersionFormat | None = None,
    select: tuple[str, ...] | None = None,
) -> list[Finding]:
    """Fix until nothing changes; returns what was found to begin with."""
    first = found = findings(path, version_format, select)
    for _ in range(ROUNDS):
        edits: dict[str, list[Edit]] = {}
        for fix in chosen(found, unsafe):
            edits.setdefault(fix.source.path, []).extend(fix.edits)
        if not edits:
            return first
        for name, ordered in edits.items():
            file = Path(name)
            file.write_bytes(applied(file.read_bytes(), sorted(ordered)))
        found = findings(path, version_format, select)
    raise AssertionError("still something to fix after ten rounds")


def kept_codes(found: list[Finding]) -> Counter[str]:
    return Counter(finding.code for finding in found)


SAFE, UNSAFE = False, True
DIGEST = "sha256:" + "a1" * 32


def image(text: str) -> str:
    return f'"custom": {{"gear-builder": {{"category": "qa", "image": "{text}"}}}}'


REWRITTEN = [
    # (code, fixes, members of a sound manifest, the same after fixing)
    ("GL001", SAFE, '"name": "a", // mine', '"name": "a"'),
    ("GL001", SAFE, '// mine\n"name": "a",\n/* and\nyours */\n', '"name": "a"'),
    ("GL001", SAFE, '"name": "a", # one /* two\n"url": "" // x', '"name": "a",\n"url": ""'),
    ("GL001", SAFE, '"custom": {“a”: “b„}', '"custom": {"a": "b"}'),
    ("GL001", SAFE, '"name": "a”,', '"name": "a"'),
    ("GL001", SAFE, '"name": “é\\u00e9” ', '"name": "é\\u00e9" '),
    ("GL001", SAFE, '"custom": {"a": [1, 2,],}', '"custom": {"a": [1, 2]}'),
    ("GL001", SAFE, '\u00a0\u2003"name":\u00a0"a\u00a0b"\u200b', '  "name": "a\u00a0b"'),
    ("GL001", SAFE, '"custom": {\ufeff"a":\u00a01\u00a0}', '"custom": {"a": 1 }'),
    ("GL001", SAFE, '"name": "a",,\n"url": ""', '"name": "a",\n"url": ""'),
    ("GL001", SAFE, '"custom": {,"a": /* b */ 1}', '"custom": {"a": 1}'),
    ("GL003", UNSAFE, '"name": "a",\n"name": "b"', '"name": "b"'),
    ("GL003", SAFE, '"name": "a",\n"name": "\\u0061"', '"name": "\\u0061"'),
    ("GL003", SAFE, '"custom": {"a": {"x": [1, 2]},\n  "b": 2,\n      "a": {"x": [1,2]}}', '"custom": {\n  "b": 2,\n      "a": {"x": [1,2]}}'),
    ("GL003", UNSAFE, '"custom": {"a": {}, "a": {"x": 1}}', '"custom": {"a": {"x": 1}}'),
    ("GL003", UNSAFE, '"custom": {"a": 1, "b": 2, "a": 1.0}', '"custom": {"b": 2, "a": 1.0}'),
    ("GL003", UNSAFE, '"custom": {"a": 1, "b": 2, "a": 3, "\\u0061": 4}', '"custom": {"b": 2, "\\u0061": 4}'),
    ("GL006", SAFE, '"custom": {"gearlint": {"ignore": ["GL134"]}, "a": 1}', '"custom": {"a": 1}'),
    ("GL006", SAFE, '"custom": {"gearlint": {"ignore": ["GL134", "GL107"]}, "why": 1}', '"custom": {"why": 1}'),
    ("GL006", SAFE, '"custom": {"gearlint": {"ignore": ["GL134", "GL110"]}}', '"custom": {"gearlint": {"ignore": ["GL110"]}}'),
    ("GL006", SAFE, '"custom": {"gearlint": {"ignore": ["GL110", "gl110" , "GL134" ]}}', '"custom": {"gearlint": {"ignore": ["GL110", "GL110" ]}}'),
    ("GL006", SAFE, '"custom": {"gearlint": {"ignore": ["image-missing"]}}', '"custom": {"gearlint": {"ignore": ["GL110"]}}'),
    ("GL006", SAFE, '"custom": {"gearlint": {"ignore": ["Image_Missing"]}}', '"custom": {"gearlint": {"ignore": ["GL110"]}}'),
    ("GL102", UNSAFE, '"capability" : []', '"capabilities" : []'),
    ("GL102", UNSAFE, '"citation": "x"', '"cite": "x"'),
    ("GL104", UNSAFE, '"name": "My_Gear"', '"name": "my-gear"'),
    ("GL104", UNSAFE, '"name": "\\u00e9-My gear!"', '"name": "my-gear"'),
    ("GL107", UNSAFE, '"url": "example.org/a"', '"url": "https://example.org/a"'),
    ("GL107", UNSAFE, '"url": "https:/example.org"', '"url": "https://example.org"'),
    ("GL107", UNSAFE, '"url": "git@example.org:a/b.git"', '"url": "https://example.org/a/b"'),
    ("GL107", SAFE, '"url": "https://example.org "', '"url": "https://example.org"'),
    ("GL107", SAFE, '"source": "\\t https://example.org/a\\n"', '"source": "https://example.org/a"'),
    ("GL106", SAFE, '"license": "mit"', '"license": "MIT"'),
    ("GL106", SAFE, '"license" :"apache 2.0"', '"license" :"Apache-2.0"'),
    ("GL106", SAFE, '"license": "BSD 3 clause"', '"license": "BSD-3-Clause"'),
    ("GL106", SAFE, '"license": "flywheel-msa"', '"license": "Flywheel MSA"'),
    ("GL110", SAFE, '"custom": {"docker-image": "a\\/b:1.0.0_2.0.0"}', '"custom": {"gear-builder": {"image": "a\\/b:1.0.0_2.0.0"}}'),
    ("GL110", SAFE, '"custom": {"docker-image": "x:1.0.0_2.0.0", "gear-builder": {"category": "qa"}}', image("x:1.0.0_2.0.0")),
    ("GL110", SAFE, '"custom": {"gear_builder": {"category": "qa", "image": "x:1.0.0_2.0.0"}}', image("x:1.0.0_2.0.0")),
    ("GL110", SAFE, '"custom": {"docker-image": "x:1.0.0_2.0.0", "gear-builder": {"category": "qa", "image": ""}}', image("x:1.0.0_2.0.0")),
    ("GL111", SAFE, '"custom": {"docker-image": "x:1.0.0_2.0.0", "gear-builder": {"category": "qa", "image": "x:1.0.0_2.0.0"}}', image("x:1.0.0_2.0.0")),
    ("GL122", UNSAFE, '"config": {"a": {"optional": false, "type": "integer", "default": 1}}', '"config": {"a": {"type": "integer", "default": 1}}'),
    ("GL132", UNSAFE, '"inputs": {"a": {"base": "api-key", "type": {}, "optional": true}}', '"inputs": {"a": {"base": "api-key"}}'),
    ("GL132", UNSAFE, '"inputs": {"a": {"base": "api-key", "descripton": "x"}}', '"inputs": {"a": {"base": "api-key", "description": "x"}}'),
    ("GL135", SAFE, '"config": {"a": {"tpye" :"integer", "defualt": 4}}', '"config": {"a": {"type" :"integer", "default": 4}}'),
    ("GL135", SAFE, '"config": {"a": {"type": "array", "items": {"oneOf": [{}, {"tpye": "string"}]}}}', '"config": {"a": {"type": "array", "items": {"oneOf": [{}, {"type": "string"}]}}}'),
    ("GL135", SAFE, '"config": {"a": {"type": "string", "enmu": ["b"], "default": "b"}}', '"config": {"a": {"type": "string", "enum": ["b"], "default": "b"}}'),
    ("GL135", SAFE, '"inputs": {"a": {"bsae": "file"}, "b": {"base": "file", "optinal": true}}', '"inputs": {"a": {"base": "file"}, "b": {"base": "file", "optional": true}}'),
    ("GL135", SAFE, '"inputs": {"a": {"base": "file", "type": {"Enum": ["x"]}}}', '"inputs": {"a": {"base": "file", "type": {"enum": ["x"]}}}'),
    ("GL135", SAFE, '"config": {' + ", ".join(f'"{name}": {{"type": "integer", "defualt": 4}}' for name in "abcdef") + "}", '"config": {' + ", ".join(f'"{name}": {{"type": "integer", "default": 4}}' for name in "abcdef") + "}"),
    ("GL135", UNSAFE, '"config": {"a": {"type": "string", "choices": ["x"]}}', '"config": {"a": {"type": "string", "enum": ["x"]}}'),
    ("GL135", UNSAFE, '"config": {"a": {"type": "integer", "min": 4}}', '"config": {"a": {"type": "integer", "minimum": 4}}'),
    ("GL140", SAFE, '"environment": {"A": 1.0, "B":true, "C": -1e3, "D": "1"}', '"environment": {"A": "1.0", "B":"true", "C": "-1e3", "D": "1"}'),
    ("GL201", SAFE, image("localhost/a/b:1.0"), image("localhost/a/b:1.0.0_2.0.0")),
    ("GL201", SAFE, image("a\\/b:v1.0"), image("a\\/b:1.0.0_2.0.0")),
    ("GL201", SAFE, image("a/b:latest"), image("a/b:1.0.0_2.0.0")),
    ("GL201", SAFE, image("a/b:v1.0.0_2.0.0"), image("a/b:1.0.0_2.0.0")),
    ("GL201", SAFE, image("a/b:v1.0.0_v1.9.0"), image("a/b:1.0.0_2.0.0")),
    ("GL201", SAFE, image("a/b:1.0.0_1.9.0-rc1"), image("a/b:1.0.0_2.0.0")),
    ("GL201", SAFE, '"version": "1.0.0_2.0.0-rc1",\n' + image("a/b:1.0.0_1.9.0"), '"version": "1.0.0_2.0.0-rc1",\n' + image("a/b:1.0.0_2.0.0-rc1")),
    ("GL201", UNSAFE, image("a/b:1.0.0"), image("a/b:1.0.0_2.0.0")),
    ("GL201", UNSAFE, image("a/b:2.0.0"), image("a/b:1.0.0_2.0.0")),
    ("GL201", UNSAFE, image("a/b:1.0.0_2.0.1"), image("a/b:1.0.0_2.0.0")),
    ("GL201", UNSAFE, image("a/b:v1.0.0_2.0.1"), image("a/b:1.0.0_2.0.0")),
    ("GL201", UNSAFE, image("a/b:1.0.0_1.9.0_x"), image("a/b:1.0.0_2.0.0")),
    ("GL201", UNSAFE, image("a/b:1.0.0_2.0.0_rc1"), image("a/b:1.0.0_2.0.0")),
    ("GL201", UNSAFE, image("a/b:main"), image("a/b:1.0.0_2.0.0")),
    ("GL201", UNSAFE, image("a/b:20240930"), image("a/b:1.0.0_2.0.0")),
    ("GL201", UNSAFE, '"version": "1.0.0_2.0.0-rc1",\n' + image("a/b:1.0.0_2.0.0"), '"version": "1.0.0_2.0.0-rc1",\n' + image("a/b:1.0.0_2.0.0-rc1")),
    ("GL201", UNSAFE, '"version": "1.0.0_0.1.0rc2",\n' + image("a/b:1.0.0_0.2.0"), '"version": "1.0.0_0.1.0rc2",\n' + image("a/b:1.0.0_0.1.0rc2")),
    ("GL201", SAFE, '"version": "v1.0.0_2.0.0",\n' + image("a/b:1.0.0_2.0.0"), '"version": "1.0.0_2.0.0",\n' + image("a/b:1.0.0_2.0.0")),
    ("GL201", SAFE, '"version": "v1.0.0_V2.0.0",\n' + image("a/b:1.0.0_2.0.0"), '"version": "1.0.0_2.0.0",\n' + image("a/b:1.0.0_2.0.0")),
    ("GL201", UNSAFE, '"version": "v1.0.0_v2.0.0",\n' + image("a/b:v1.0.0_2.0.0"), '"version": "1.0.0_2.0.0",\n' + image("a/b:1.0.0_2.0.0")),
    ("GL210", UNSAFE, '"version": "v1.0.0_2.0.0",\n' + image("a/b:v1.0.0_2.0.0"), '"version": "1.0.0_2.0.0",\n' + image("a/b:1.0.0_2.0.0")),
    ("GL210", UNSAFE, '"version": "v1.0.0_V2.0.0",\n' + image("a/b"), '"version": "1.0.0_2.0.0",\n' + image("a/b:1.0.0_2.0.0")),
    ("GL201", SAFE, '"custom": {"docker-image": "x:1", "gear-builder": {"category": "qa", "image": "\\u0078:1"}}', '"custom": {"gear-builder": {"category": "qa", "image": "\\u0078:1.0.0_2.0.0"}}'),
    ("GL201", SAFE, '"custom": {"docker-image": "y:1", "gear-builder": {"category": "qa", "image": "x:1"}}', '"custom": {"docker-image": "y:1", "gear-builder": {"category": "qa", "image": "x:1.0.0_2.0.0"}}'),
    ("GL202", SAFE, image("a/b"), image("a/b:1.0.0_2.0.0")),
    ("GL202", SAFE, image("a:5000/b:"), image("a:5000/b:1.0.0_2.0.0")),
    ("GL202", SAFE, image(f"a/b@{DIGEST}"), image(f"a/b:1.0.0_2.0.0@{DIGEST}")),
    ("GL208", UNSAFE, image("me/My Gear:1.0.0_2.0.0"), image("me/my-gear:1.0.0_2.0.0")),
    ("GL208", UNSAFE, image(" me / gear : 1.0.0_2.0.0 "), image("me/gear:1.0.0_2.0.0")),
    ("GL208", UNSAFE, image("My_Org/Gear :1"), image("my_org/gear:1.0.0_2.0.0")),
    ("GL208", UNSAFE, image("Me/Gear"), image("Me/gear:1.0.0_2.0.0")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "unsafe", "members", "expected"), REWRITTEN)
def test_rewritten(code: str, unsafe: bool, members: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    write_beside(tmp_path)
    path.write_text(manifest_text(members))
    assert code in kept_codes(fix(path, unsafe=unsafe))
    assert path.read_text() == manifest_text(expected)
    assert code not in kept_codes(findings(path))


LEFT_ALONE = [
    # (code, members): found, and not even an unsafe fix
    ("GL001", '"name": NaN, // mine'),
    ("GL001", '"name": "a" "url": "",'),
    ("GL001", '"name": \'a\','),
    ("GL001", '"name": True,'),
    ("GL001", '"name": "a\tb",'),
    ("GL001", '"name": “a\\q”'),
    ("GL001", '"custom": {"a": [1,,2]}'),
    ("GL001", '"custom": {"a": [,1]}'),
    ("GL001", '"custom": {"a": ,}'),
    ("GL001", '"custom": {"a": 1,} }'),
    ("GL001", '"custom": {"a": 1, /* mine'),
    ("GL101", '"custom": {"label": "x"}'),
    ("GL101", '"custom": [{"label": "x"}]'),
    ("GL006", '"custom": {"gearlint": {"ignore": ["GL2"]}}'),
    ("GL006", '"custom": {"gearlint": {"ignore": ["ALL", "GL9999", "GL2O1", "image-mising", ""]}}'),
    ("GL104", '"name": "___"'),
    ("GL104", '"name": ""'),
    ("GL106", '"license": "GPL"'),
    ("GL107", '"url": "example.org/a b"'),
    ("GL107", '"url": "https://a b "'),
    ("GL107", '"url": " "'),
    ("GL107", '"url": "https://example.org/{{skeleton}}"'),
    ("GL107", '"url": "example.org/{a}"'),
    ("GL106", '"license": "GPL-2.0+"'),
    ("GL106", '"license": "mit",\n"custom": {"gearlint": {"ignore": ["GL106 - ours"]}}'),
    ("GL106", '"license": "GPL-3.0-or-later"'),
    ("GL106", '"license": "MIT License"'),
    ("GL106", '"license": ""'),
    ("GL110", '"custom": {}'),
    ("GL110", '"custom": {"gear_builder": {"category": "qa", "image": "x:1"}}'),
    ("GL110", '"custom": {"gear_builder": {"category": "QA!", "image": "x:1.0.0_2.0.0"}}'),
    ("GL110", '"custom": {"gear_builder": {"category": "qa", "image": "X:1.0.0_2.0.0"}}'),
    ("GL102", '"gear-builder": {"category": "qa", "image": "x:1.0.0_2.0.0"},\n"custom": {}'),
    ("GL201", image("python:3.11")),
    ("GL201", image("python:2")),
    ("GL202", image("python")),
    ("GL003", '"config": {"a": {"type": "string"}, "a": {"type": "integer"}}'),
    ("GL003", '"config": {"a": {"type": "string"}},\n"config": {}'),
    ("GL003", '"custom": {"a": [1], "a": [2]}'),
    ("GL102", '"maintainers": "x"'),
    ("GL102", '"Environment" : {}'),
    ("GL102", '"image": "x"'),
    ("GL102", '"capability": 1'),
    ("GL102", '"citation": 1'),
    ("GL110", '"custom": {"docker-image": ""}'),
    ("GL110", '"custom": {"docker-image": 1}'),
    ("GL112", '"custom": {"docker-image": "x:1", "gear-builder": {"category": "qa", "image": "x:1.0.0_2.0.0"}}'),
    ("GL132", '"inputs": {"a": {"base": "api-key", "descripton": 1}}'),
    ("GL135", '"config": {"a": {"type": "integer", "defualt": "4"}}'),
    ("GL135", '"config": {"a": {"type": "integer", "defualt": 4, "optional": true}}'),
    ("GL135", '"config": {"a": {"type": "integer", "default": 4, "min": 5}}'),
    ("GL135", '"config": {"a": {"type": "string", "default": "y", "choices": ["x"]}}'),
    ("GL135", '"config": {"a": {"tpye": "int"}}'),
    ("GL135", '"config": {"a": {"type": "integer", "enmu": [1, "b"]}}'),
    ("GL135", '"config": {"a": {"type": "string", "patern": "a(b"}}'),
    ("GL135", '"config": {"a": {"type": "array", "item": {"pattern": "a(b"}}}'),
    ("GL135", '"config": {"a": {"type": "array", "item": {"$ref": "#/x"}}}'),
    ("GL135", '"inputs": {"a": {"base": "file", "optinal": "yes"}}'),
    ("GL135", '"inputs": {"a": {"base": "file", "tpye": {"pattern": "a(b"}}}'),
    ("GL140", '"environment": {"A": null}'),
    ("GL140", '"environment": {"A": {}, "B": [1]}'),
    ("GL140", '"environment": {"PATH": 1}'),
    ("GL202", '"version": "1+2_3",\n' + image("x")),
    ("GL202", '"version": "",\n' + image("x")),
    ("GL204", '"version": "1.0",\n' + image("x:1.0")),
    ("GL207", '"version": "1+2_3",\n' + image("x:1")),
    ("GL208", image("me//gear:1.0.0_2.0.0")),
    ("GL208", image("me/gear!:1.0.0_2.0.0")),
    ("GL208", image("me/gear:1.0.0 2.0.0")),
    ("GL208", image("me/gear@sha256:1")),
    ("GL208", '"version": "1+2_3",\n' + image("me/Gear")),
    ("GL208", '"version": "1+2_3",\n' + image("me/Gear:")),
    ("GL208", image("é/Gear:1")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "members"), LEFT_ALONE)
def test_left_alone(code: str, members: str, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    write_beside(tmp_path)
    without = ("label",) if code == "GL101" else ()
    path.write_text(manifest_text(members, without=without))
    before = path.read_bytes()
    assert code in kept_codes(fix(path, unsafe=code != "GL101"))
    assert path.read_bytes() == before


def test_repeated_keys_are_not_touched_by_safe_fixes(tmp_path: Path) -> None:
    members = '"custom": {"docker-image": "y:1", "docker-image": "x:1", "gear-builder": {"category": "qa", "image": "x:1"}}'
    path = tmp_path / "manifest.json"
    write_beside(tmp_path)
    path.write_text(manifest_text(members))
    assert "GL111" in kept_codes(fix(path, unsafe=False))
    expected = members.replace('"x:1"', '"x:1.0.0_2.0.0"')  # the last one counts
    assert path.read_text() == manifest_text(expected)
    fix(path, unsafe=True)
    assert path.read_text() == manifest_text(image("x:1.0.0_2.0.0"))


@pytest.mark.parametrize(
    ("members", "without", "expected"),
    [
        ("", ("source",), '"license": "MIT",\n    "source": "",\n    "url": "",'),
        ("", ("source", "url"), '"license": "MIT",\n    "source": "",\n    "url": "",\n    "comm'),
        ("", ("label",), '{\n    "name": "my-gear",\n    "label": "my-gear",\n    "desc'),
        ("", ("config", "inputs"), '"config": {},\n    "inputs": {},\n    "environment": {},\n'),
    ],
)
def test_missing_fields_are_added_in_the_order_of_the_specification(
    members: str, without: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    path = tmp_path / "manifest.json"
    write_beside(tmp_path)
    path.write_text(manifest_text(members, without=without))
    before = json.loads(path.read_text())
    fix(path, unsafe=False)
    assert expected in path.read_text()
    after = json.loads(path.read_text())
    assert {key: value for key, value in after.items() if key not in without} == before
    assert not findings(path)


@pytest.mark.parametrize("field", ["name", "version", "author", "license", "description"])
def test_missing_fields_of_unknown_value_are_not_added(field: str, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    write_beside(tmp_path)
    path.write_text(manifest_text(without=(field,)))
    (found,) = fix(path, unsafe=True)
    assert (found.code, found.fix) == ("GL101", None)


def test_misspelt_field_is_renamed_and_not_also_added(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    write_beside(tmp_path)
    path.write_text(manifest_text('"lable" : "é"', without=("label",)))
    assert kept_codes(fix(path, unsafe=False)) == {"GL102": 1}
    assert path.read_text() == manifest_text('"lable" : "é"', without=("label",))
    fix(path, unsafe=True)
    assert path.read_text() == manifest_text('"label" : "é"', without=("label",))


def test_of_two_misspelt_fields_one_is_renamed(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    write_beside(tmp_path)
    path.write_text(manifest_text('"lable": "a",\n"labell": "b"', without=("label",)))
    fix(path, unsafe=True)
    assert [left.message for left in findings(path)] == ['unknown field "labell"']
    expected = manifest_text('"label": "a",\n"labell": "b"', without=("label",))
    assert path.read_text() == expected


VERSIONS = [
    # (base image, format, version, version and tag after unsafe fixes)
    ("fmriprep:20.0.7", None, "1.0", "20.0.7_1.0"),
    ("fmriprep:20.0.7", "gear_software", "1.0", "1.0_20.0.7"),
    ("fmriprep:v20.0.7", None, "1.0", "20.0.7_1.0"),
    ("fmriprep:20.0.7", "gear", "1.0", "1.0"),
    ("fmriprep:20.0.7", None, "20.0.7", "20.0.7"),
    ("fmriprep:20.0.7", None, "20.0.1", "20.0.1"),
    ("fmriprep:20.0.7-rc1", None, "1.0", "1.0"),
    ("stranger:20.0.7", None, "1.0", "1.0"),
    ("fmriprep:20.0.7", None, "1.0_20.0.7", "1.0_20.0.7"),
    ("fmriprep:20.0.7", None, "1.0_20.0.5_x", "1.0_20.0.7_x"),
    ("fmriprep:20.0.7", "software_gear", "1.0_20.0.7", "20.0.7_1.0"),
    ("fmriprep:20.0.7", "gear_software", "20.0.7_1.0", "1.0_20.0.7"),
    ("fmriprep:20.0.7", None, "19.1_1.0", "20.0.7_1.0"),
    ("fmriprep:20.0.7", "gear_software", "1.0_19.1_x", "1.0_20.0.7_x"),
    ("fmriprep:v20.0.7", None, "19.1_1.0", "20.0.7_1.0"),
    ("fmriprep:20.0.7-rc1", None, "19.1_1.0", "19.1_1.0"),
    ("fmriprep:20.0.7", None, "20.0.7_1.0", "20.0.7_1.0"),
]


@pytest.mark.parametrize(("base", "version_format", "version", "expected"), VERSIONS)
def test_version_follows_the_dockerfile_and_the_tag_the_version(
    base: str, version_format: VersionFormat | None, version: str, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / "manifest.json"
    write_beside(tmp_path)
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("python:3.11", base))

    def text(version: str) -> str:
        return manifest_text(f'"name": "fmriprep-hpc",\n"version": "{version}",\n{image("x:")}')

    path.write_text(text(version).replace("x:", f"x:{version}"))
    fix(path, unsafe=False, version_format=version_format)
    assert path.read_text() == text(version).replace("x:", f"x:{version}")
    fix(path, unsafe=True, version_format=version_format)
    assert path.read_text() == text(expected).replace("x:", f"x:{expected}")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbf{}", b"{}"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}\r\n", b"{}\r\n"),
        ('{"é": 1}\r\n'.encode("utf-16"), '{"é": 1}\r\n'.encode()),
        (b"\xfe\xff" + '{"🧠": 1}'.encode("utf-16-be"), '{"🧠": 1}'.encode()),
        ('{"a": 1}'.encode("utf-16-le"), b'{"a": 1}'),
        ('{"a": 1}'.encode("utf-16-be"), b'{"a": 1}'),
        ('{"a": 1}'.encode("utf-32"), None),
        (b'{\0"a": 1}', None),
        ('{"a": "é"}'.encode("latin-1"), None),
        (b"\xff\xfe{", None),
        (b"\xff\xfe\x00\xd8", None),
    ],
)
def test_encoding_becomes_utf_8_where_it_is_certain(
    data: bytes, expected: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(data)
    assert "GL002" in kept_codes(fix(path, unsafe=False, select=("GL002",)))
    assert path.read_bytes() == (data if expected is None else expected)


COMMENTS = [
    # (file, text, the same after fixing; `None` where it is left alone)
    ("Dockerfile", "# gearlint: ignore[GL307]\nUSER root\n", "USER root\n"),
    ("Dockerfile", "  # gearlint: ignore[GL307] for a reason\r\nUSER root\n", "USER root\n"),
    ("Dockerfile", "# gearlint: ignore[GL307,GL306, GL310]\nUSER root\n", "USER root\n"),
    ("Dockerfile", "# gearlint: ignore[gl307,GL3, exec-space]\nUSER root\n", "# gearlint: ignore[GL3, exec-space]\nUSER root\n"),
    ("Dockerfile", "# gearlint: ignore[GL3, exec-space, GL307]\nUSER root\n", "# gearlint: ignore[GL3, exec-space]\nUSER root\n"),
    ("Dockerfile", "RUN true && \\\n  # gearlint: ignore[GL305]\n  true\n", "RUN true && \\\n  true\n"),
    ("Dockerfile", "# a\n# gearlint: ignore[GL305]\n# b\nUSER root\n", "# a\n# b\nUSER root\n"),
    ("Dockerfile", "USER root\n# gearlint: ignore[GL305]\n", "USER root\n"),
    ("Dockerfile", "# gearlint: ignore[GL305]\n# escape=`\nUSER root\n", None),
    ("Dockerfile", "# gearlint: ignore[GL305]\n \t# escape=`\nUSER root\n", None),
    ("run.py", "# gearlint: ignore[GL405]\nx = 1\n", "x = 1\n"),
    ("run.py", "x = 1  # gearlint: ignore[GL405]\n", "x = 1\n"),
    ("run.py", "x = 1  # noqa # gearlint: ignore[GL405]\r\n", "x = 1  # noqa\r\n"),
    ("run.py", "x = 1  # gearlint: ignore[GL405] # noqa\n", "x = 1  # noqa\n"),
    ("run.py", 'x = """\n# gearlint: ignore[GL405]\n"""\n', None),
    ("run.py", 'x = "# gearlint: ignore[GL405]"\n', None),
    ("run.py", "# gearlint: ignore[GL405]\n# coding: utf-8\n", None),
    ("run.py", "if x:\n  'é'  # é # gearlint: ignore[GL405] so\n", "if x:\n  'é'  # é\n"),
    ("run.py", "x = (1,\n# gearlint: ignore[GL405]\n2)\n", "x = (1,\n2)\n"),
    ("run.py", "x = 'é# gearlint: ignore[GL405]' # y\n", None),
    ("run.sh", "# gearlint: ignore[GL405]\ntrue\n", "true\n"),
    ("run.sh", "true  # gearlint: ignore[GL405] # b\n", "true  # b\n"),
    ("run.sh", "cat <<X\n# gearlint: ignore[GL405]\nX\n", None),
    ("run.sh", "echo '\n# gearlint: ignore[GL405]\n'\n", None),
    ("run.sh", "echo a#gearlint: ignore[GL405]\n", None),
    ("run.sh", "echo a \\\n# gearlint: ignore[GL405]\necho b\n", None),
]  # fmt: skip


@pytest.mark.parametrize(("file", "text", "expected"), COMMENTS)
def test_unused_suppressions_in_comments_are_taken_away(
    file: str, text: str, expected: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "manifest.json"
    script = "run.sh" if file == "run.sh" else "run.py"
    path.write_text(manifest_text(f'"command": "./{script}"'))
    write_beside(tmp_path)
    (tmp_path / "run.py").rename(tmp_path / script)
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("run.py", script))
    start = dockerfile.read_text() if file == "Dockerfile" else "#!/bin/sh\n"
    start = "" if "escape" in text else "#!/usr/bin/env python3\n" if file == "run.py" else start
    end = dockerfile.read_text() if "escape" in text else ""
    (tmp_path / file).write_bytes((start + text + end).encode())
    assert "GL006" in kept_codes(fix(path, unsafe=False))
    left = text if expected is None else expected
    assert (tmp_path / file).read_bytes() == (start + left + end).encode()


def test_an_unused_suppression_is_taken_away_below_an_empty_first_line(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(manifest_text('"command": "python run.py"'))
    write_beside(tmp_path)
    (tmp_path / "run.py").write_text("\nx = 1  # gearlint: ignore[GL405]\n")
    assert "GL006" in kept_codes(fix(path, unsafe=False))
    assert (tmp_path / "run.py").read_text() == "\nx = 1\n"


@pytest.mark.parametrize(
    ("manifest", "dockerfile"), [('"url": NaN', ""), ('"url": ""', "COPPY x y\n")]
)
def test_suppressions_stay_while_a_file_is_unreadable(
    manifest: str, dockerfile: str, tmp_path: Path
) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(manifest_text(manifest))
    write_beside(tmp_path)
    text = (tmp_path / "Dockerfile").read_text() + "# gearlint: ignore[GL309]\nUSER root\n"
    (tmp_path / "Dockerfile").write_text(text + dockerfile)
    assert "GL006" in kept_codes(fix(path, unsafe=True))
    assert (tmp_path / "Dockerfile").read_text() == text + dockerfile


ODD = r"""
    "url": "https:\/\/example.org\/\u00e9",
    "version": "1.0.0_2.0.0",
    "description": "größer 🧠 \u00e9\/\u0041",
    "name": "my-gear", "label": "x",
    "author": "A",   
    "license" : "mit",
    "source":"",
    "environment": {"A": 1e3, "B": 1.0, "C": "\u00e9"},
    "inputs": {},

    "config": {"a": {"type": "number", "default": 1.0, "maximum": 1E+3, "description": "é"}},
    "custom": {
        "x": [1.0, -0, 1e3, 1E400, 10000000000000000000000],
        "gear-builder": {"image":"me\/gear:1", "category": "qa"},
        "docker-image": "me/gear:1"
    }
"""  # noqa: W291
FIXED = [
    ('"mit"', '"MIT"'),
    ('"A": 1e3, "B": 1.0,', '"A": "1e3", "B": "1.0",'),
    ('"me\\/gear:1"', '"me\\/gear:1.0.0_2.0.0"'),
    (',\n        "docker-image": "me/gear:1"', ""),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("indent", ["\t", "  ", "   ", "    ", ""])
@pytest.mark.parametrize("end", ["", "\n", " \n\n\t"])
def test_every_other_byte_stays(newline: str, indent: str, end: str, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    write_beside(tmp_path)
    expected = ODD
    for old, new in FIXED:
        assert expected.count(old) == 1
        expected = expected.replace(old, new)

    def data(text: str) -> bytes:
        text = text.replace("    ", indent) if indent else text.replace("\n    ", "")
        return ("{" + text + "}" + end).replace("\n", newline).encode()

    if not indent:  # one line, so that the comma before the last member has no newline behind it
        expected = expected.replace("\n    ", "")
    path.write_bytes(data(ODD))
    fix(path, unsafe=False)
    assert path.read_bytes().decode() == data(expected).decode()


def test_a_clean_gear_imports_nothing_that_fixes(tmp_path: Path) -> None:
    write_gear(tmp_path)
    code = (
        "import sys; from gearlint.cli.main import main; main(['check', '.']);"
        "print([name for name in sys.modules if '.edits' in name or 'jsontext' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout


# Which values a fix may change, by the code of the finding.
CHANGES = {
    "GL006": r"custom\.gearlint",
    "GL101": r"label|source|url|config|inputs",
    "GL102": r"[^.]*",
    "GL104": r"name",
    "GL106": r"license",
    "GL110": r"custom\.docker-image|custom\.gear-builder(\.image)?",
    "GL111": r"custom\.docker-image",
    "GL122": r"config\..*\.optional",
    "GL132": r"inputs\..*",
    "GL135": r"(config|inputs)\..*",
    "GL140": r"environment\..*",
    "GL201": r"version|custom\.(docker-image|gear-builder\.image)",
    "GL202": r"custom\.(docker-image|gear-builder\.image)",
    "GL204": r"version",
    "GL205": r"version",
    "GL206": r"version",
    "GL210": r"version|custom\.(docker-image|gear-builder\.image)",
    "GL208": r"custom\.(docker-image|gear-builder\.image)",
}


def changed(old: Any, new: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """The dotted paths of all that differs, in value or in type."""
    if isinstance(old, dict) and isinstance(new, dict) and path != ("custom", "gearlint"):
        for key in old | new:
            if key not in old or key not in new:
                yield ".".join((*path, key))
            else:
                yield from changed(old[key], new[key], (*path, key))
    elif json.dumps(old) != json.dumps(new):
        yield ".".join(path)


def assert_fixed(data: bytes, path: Path, *, unsafe: bool) -> list[Finding]:
    """All that must hold of any manifest; returns what was found in it."""
    path.write_bytes(data)
    before = fix(path, unsafe=unsafe)
    fixed = path.read_bytes()
    after = findings(path)
    assert not list(chosen(after, unsafe)), "a second run changes nothing"
    unreadable = {"GL001", "GL002"} & {finding.code for finding in before}
    if not unreadable:
        allowed = "|".join(f"(?:{CHANGES[code]})" for code in kept_codes(before) if code in CHANGES)
        for place in changed(json.loads(data), json.loads(fixed)):
            assert allowed, place
            assert re.fullmatch(allowed, place, re.DOTALL), place
        silenced = {code for found in before for code in SILENCED.get(found.code, ())}
        new = (kept_codes(after) - kept_codes(before)).keys() - silenced
        assert not new, "nothing is found that was not before"
    return before


@needs_corpus
@pytest.mark.parametrize("unsafe", [False, True])
def test_real_manifests_change_only_where_something_was_found(unsafe: bool, tmp_path: Path) -> None:
    codes: Counter[str] = Counter()  # of all that was found
    for path in CORPUS:
        found = assert_fixed(path.read_bytes(), tmp_path / "manifest.json", unsafe=unsafe)
        codes += kept_codes(found)
    assert codes["GL001"] == 1
    assert codes["GL110"] > 20
    assert codes["GL201"] > 10


def laid_out(value: Any, indent: int | str | None, compact: bool, ascii_only: bool) -> str:
    separators = (",", ":") if compact else None
    text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=ascii_only)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair: only an escape can say it
        return json.dumps(value, indent=indent, separators=separators)
    return text


def again(draw: st.DrawFn, text: str) -> str:
    """A member whose key is given once more before it."""
    keys = list(re.finditer(r'"[\w-]+"(?= ?:)', text))
    if not keys:
        return text
    key = draw(st.sampled_from(keys))
    what = draw(st.sampled_from(["1, ", '{"a": 1, "a": 2},\n', '"x:1",']))
    return f"{text[: key.start()]}{key[0]}: {what}{text[key.start() :]}"


def put_in(draw: st.DrawFn, text: str, behind: str, what: str) -> str:
    places = [match.end() for match in re.finditer(re.escape(behind), text)] or [0]
    at = draw(st.sampled_from(places))
    return text[:at] + what + text[at:]


def comment(draw: st.DrawFn, text: str) -> str:
    what = draw(st.sampled_from([" // no\n", "\n# no\n  ", "/* no */", "\n\t/* no\n */\n"]))
    return put_in(draw, text, draw(st.sampled_from(["{", ",", "}", ": "])), what)


def comma(draw: st.DrawFn, text: str) -> str:
    return put_in(draw, text, draw(st.sampled_from(["]", "}", '"', ",", "{"])), ",")


def curly(draw: st.DrawFn, text: str) -> str:
    return re.sub(r'"(name|a|config)"', r"“\1”", text)


def spaces(draw: st.DrawFn, text: str) -> str:
    return put_in(draw, text, draw(st.sampled_from(["{", ",", "}"])), " \t")


def slashes(draw: st.DrawFn, text: str) -> str:
    return text.replace("/", "\\/")


MEMBERS: list[dict[str, Any]] = [
    {"license": "mit"}, {"license": "Apache 2.0"}, {"name": "My_Gear é"}, {"lable": "x"},
    {"versoin": 1, "url ": ""}, {"sources": "https://example.org"}, {"maintainers": ["a"]},
    {"environment": {"A": 1.0, "B": True, "C": None, "PATH": 7, "D": "é"}},
    {"custom": {"docker-image": "me/my-gear:1"}},
    {"custom": {"docker-image": "me/my-gear:1", "flywheel": {"suite": "x"}}},
    {"custom": {"docker-image": "me/my-gear", "gear-builder": {"category": "qa"}}},
    {"custom": {"gear-builder": {}, "docker-image": "Me/My-gear :1"}},
    {"custom": {"docker-image": "é/x", "gear-builder": {"image": None}}},
    {"custom": {"docker-image": "a/b", "gear-builder": {"image": "a/b", "category": "qa"}}},
    {"custom": {"gear-builder": {"image": "a:5/B:1_x@sha256:" + "a1" * 32, "category": "qa"}}},
    {"custom": {"gearlint": {"ignore": ["GL201", "GL123", "x", "é"]}}},
    {"custom": {"gearlint": {"ignore": ["GL101"]}, "docker-image": "a/b:1.0.0_2.0.0"}},
    {"custom": {"gearlint": {"ignore": [1, "GL102"], "why": []}}, "why": 1},
    {"inputs": {"a": {"base": "context", "optional": 1, "type": {}}, "b": {"base": "api-key"}}},
    {"config": {"a": {"type": "integer", "default": 1, "optional": True}}},
    {"version": "2+1_x"}, {"version": "v1.0"}, {"version": "\ud800"},
]  # fmt: skip


@st.composite
def manifest_files(draw: st.DrawFn) -> bytes:
    """The bytes of a manifest, most of them with something to fix, in any layout."""
    value: dict[str, Any] = dict(draw(st.just(MANIFEST) | manifests()))
    for members in draw(st.lists(st.sampled_from(MEMBERS), max_size=3)):
        value.update(members)
    for field in draw(st.lists(st.sampled_from(list(MANIFEST)), max_size=2)):
        value.pop(field, None)
    order = draw(st.sampled_from([list, lambda items: list(items)[::-1], sorted]))
    value = {key: value[key] for key in order(value)}
    indent = draw(st.sampled_from([None, "\t", 0, 1, 2, 3, 4]))
    text = laid_out(value, indent, draw(st.booleans()), draw(st.booleans()))
    for change in draw(
        st.lists(
            st.sampled_from([again, again, comment, comma, curly, spaces, slashes]), max_size=2
        )
    ):
        text = change(draw, text)
    text += draw(st.sampled_from(["", "\n", " \n\n"]))
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    encoding = draw(st.sampled_from(["utf-8"] * 8 + ["utf-8-sig", "utf-16", "utf-16-be"]))
    return text.encode(encoding)


@settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(manifest_files(), st.booleans())
def test_generated_manifests_are_fixed_for_good(data: bytes, unsafe: bool) -> None:
    with TemporaryDirectory() as directory:
        assert_fixed(data, Path(directory) / "manifest.json", unsafe=unsafe)
