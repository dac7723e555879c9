"""What `--fix` and `--diff` do to gears: which fixes, in which order, and no more."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gearlint.core.finding import Edit, Fix, Problem
from gearlint.core.source import Span
from gearlint.engine.fixer import SILENCED, _meet
from gearlint.gear.gear import Gear
from gearlint.rules import RULES
from tests.conftest import SHARED, Outcome, Run, needs_corpus
from tests.machine import in_time
from tests.sound import (
    NOT_AN_EXAMPLE,
    SCRIPT,
    manifest_text,
    write_example,
    write_gear,
)

BAD = '"version": "1.0.1_2.0.0"'
"""The image's tag says otherwise: GL201, which has a safe fix."""

TAG = "me/my-gear:1.0.{}_2.0.0"

HIDING = {"GL001", "GL002", "GL004", "GL005", "GL007"}
"""Rules on files that cannot be read, behind which there may be anything."""

Edits = Callable[[Gear], Iterator[Fix]]
SetRule = Callable[..., None]


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> SetRule:
    """Make a rule find, in each gear, a problem for every fix that the given function yields."""

    def rule(code: str, fixes: Edits) -> None:
        def check(gear: Gear) -> Iterator[Problem]:
            for fix in fixes(gear):
                start = fix.edits[0].start if fix.edits else 0
                problem = Problem(fix.source, Span(0, 0), f"problem at {start}")
                yield problem._replace(fix=fix)

        monkeypatch.setitem(RULES, code, RULES[code]._replace(check=check))

    return rule


def replacing(old: str, new: str, *, is_safe: bool = True) -> Edits:
    """A fix for every place of the manifest that holds `old`."""

    def fixes(gear: Gear) -> Iterator[Fix]:
        source = gear.manifest.source
        for match in re.finditer(re.escape(old.encode()), source.data):
            yield Fix(source, (Edit(*match.span(), new.encode()),), is_safe)

    return fixes


def of_gear_json(fixes: Edits) -> Edits:
    """The fixes of gear.json alone."""

    def chosen(gear: Gear) -> Iterator[Fix]:
        return iter([fix for fix in fixes(gear) if fix.source.path.endswith("gear.json")])

    return chosen


def fixed(run: Run, text: str, *options: str) -> tuple[str, Outcome]:
    """What becomes of a manifest's text, and what is said."""
    path = Path("gear.json")
    path.write_bytes(text.encode())
    outcome = run("check", "gear.json", "--fix", *options)
    assert not list(Path().glob(".gearlint-*"))
    return path.read_bytes().decode(), outcome


# What is fixed


def test_fix_changes_the_bytes_that_it_names_and_no_others(run: Run) -> None:
    path = write_gear(Path("gear"), BAD)
    before = path.read_bytes()
    assert run("check", "--fix") == (
        0,
        "",
        "Fixed gear/manifest.json: GL201 image-tag-mismatch\n"
        "Fixed 1 problem, nothing left in 1 gear.\n",
    )
    after = path.read_bytes()
    assert after == before.replace(b":1.0.0_2.0.0", b":1.0.1_2.0.0")
    assert run("check", "--fix") == (0, "", "No findings in 1 gear.\n")
    assert path.read_bytes() == after


def test_check_without_fix_changes_nothing(run: Run) -> None:
    path = write_gear(Path("gear"), BAD)
    before = path.read_bytes()
    assert run("check").code == 1
    assert path.read_bytes() == before


def test_what_cannot_be_fixed_is_reported_as_ever(run: Run) -> None:
    write_gear(Path("gear"), BAD + ',\n"label": ""')
    outcome = run("check", "--fix", "--output-format", "concise")
    assert (outcome.code, outcome.stderr) == (
        1,
        "Fixed gear/manifest.json: GL201 image-tag-mismatch\n"
        "Fixed 1 problem, 1 warning left in 1 gear.\n",
    )
    assert outcome.stdout.count("\n") == 1
    assert "GL108 warning: " in outcome.stdout
    assert run("check", "--fix", "--fail-on", "error").code == 0


@pytest.mark.parametrize(
    "members",
    [
        '"custom": {"gearlint": {"ignore": ["GL201"]}, "gear-builder": '
        '{"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}},\n' + BAD,
        '"label": "fine"',
    ],
    ids=["suppressed", "sound"],
)
def test_what_is_not_found_is_not_fixed(run: Run, members: str) -> None:
    path = write_gear(Path("gear"), members)
    before, time = path.read_bytes(), path.stat().st_mtime_ns
    assert run("check", "--fix") == (0, "", "No findings in 1 gear.\n")
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, time)
    assert run("check", "--diff") == (0, "", "Would fix nothing in 1 gear.\n")


@pytest.mark.parametrize(
    "settings", ['ignore = ["GL201"]', 'exclude = ["gear"]', 'per-file-ignores = {"*" = ["GL201"]}']
)
def test_settings_say_what_is_fixed(run: Run, settings: str) -> None:
    path = write_gear(Path("gear"), BAD)
    write_gear(Path("other"))
    Path("gearlint.toml").write_text(settings)
    before = path.read_bytes()
    assert run("check", "--fix").code == 0
    assert path.read_bytes() == before


def test_both_places_of_the_image_are_fixed_together(run: Run) -> None:
    image = TAG.format(0)
    custom = {"docker-image": image, "gear-builder": {"category": "analysis", "image": image}}
    path = write_gear(Path("gear"), f'{BAD},\n"custom": {json.dumps(custom)}')
    outcome = run("check", "--fix", "--select", "GL2,GL112", "--output-format", "concise")
    assert "GL112" not in outcome.stdout
    assert path.read_text().count(TAG.format(1)) == 2


@pytest.mark.parametrize("text", [r"me\/my-gear:1.0.0_2.0.0", r"\u006de/my-gear:1.0.0_2.0.0"])
def test_image_written_with_escapes_keeps_them(run: Run, text: str) -> None:
    builder = f'{{"category": "analysis", "image": "{text}"}}'
    path = write_gear(Path("gear"), f'{BAD},\n"custom": {{"gear-builder": {builder}}}')
    assert run("check", "--fix").code == 0
    assert text.replace("1.0.0", "1.0.1") in path.read_text()


STYLES = {
    "tabs": lambda text: text.replace("    ", "\t"),
    "two": lambda text: text.replace("    ", "  "),
    "three": lambda text: text.replace("    ", "   "),
    "one line": lambda text: text.replace("\n", ""),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "no final newline": lambda text: text.rstrip("\n"),
    "trailing spaces": lambda text: text.replace(",\n", ", \t\n") + " \n\n",
    "text": lambda text: text.replace("A. Author", r"Ä. 名 \u00e9 \/"),
    "numbers": lambda text: text.replace('"default": 1', '"default": 1e0'),
}


@pytest.mark.parametrize("style", STYLES)
def test_style_of_the_file_stays(run: Run, style: str) -> None:
    text = STYLES[style](manifest_text(BAD))
    after, _ = fixed(run, text)
    assert after == text.replace(TAG.format(0), TAG.format(1)) != text


# Several fixes


def test_fixes_apart_are_applied_together(run: Run, rule: SetRule) -> None:
    rule("GL202", replacing("aa", "b"))
    after, outcome = fixed(run, '{"aa": "aa aa"}', "--select", "GL202")
    assert after == '{"b": "b b"}'
    assert outcome.stderr == (
        "Fixed gear.json: GL202 image-tag-missing (3 times)\n"
        "Fixed 3 problems, nothing left in 1 gear.\n"
    )


@pytest.mark.parametrize(("one", "other", "expected"), [
    ("abc", "bcd", "{Xd}"),  # meet: the first is applied, the other is no more
    ("ab", "cd", "{XY}"),  # touch: after one another
    ("bcd", "abc", "{Yd}"),  # the order is that of the file, not of the rules
])  # fmt: skip
def test_fixes_that_meet_are_not_applied_together(
    run: Run, rule: SetRule, one: str, other: str, expected: str
) -> None:
    rule("GL202", replacing(one, "X"))
    rule("GL204", replacing(other, "Y"))
    # All problems are at the start of the file: the order of the codes decides.
    after, _ = fixed(run, "{abcd}", "--select", "GL202,GL204")
    assert after == (expected if one != "bcd" else "{aX}")


def test_insertions_at_one_place_come_one_after_the_other(run: Run, rule: SetRule) -> None:
    def insertion(word: bytes) -> Edits:
        def fixes(gear: Gear) -> Iterator[Fix]:
            source = gear.manifest.source
            if word not in source.data:
                at = len(source.data) - 1
                comma = b"" if source.data == b"{}" else b", "
                yield Fix(source, (Edit(at, at, comma + b'"%b": 1' % word),), is_safe=True)

        return fixes

    codes = sorted(code for code in RULES if code.startswith("GL1"))[:25]  # more than ten
    for number, code in enumerate(codes):
        rule(code, insertion(b"k%02d" % number))
    after, outcome = fixed(run, "{}", "--select", ",".join(codes))
    assert list(json.loads(after)) == [f"k{number:02}" for number in range(len(codes))]
    assert outcome.stderr.endswith(f"\nFixed {len(codes)} problems, nothing left in 1 gear.\n")


def test_the_same_fix_of_two_findings_is_applied_once(run: Run, rule: SetRule) -> None:
    def insertion(at: int, text: bytes) -> Edits:
        def fixes(gear: Gear) -> Iterator[Fix]:
            source = gear.manifest.source
            if text not in source.data:
                yield Fix(source, (Edit(at, at, text),), is_safe=True)

        return fixes

    rule("GL201", insertion(2, b"?"))
    rule("GL202", insertion(1, b"!"))
    rule("GL204", insertion(1, b"!"))
    after, outcome = fixed(run, "{ }", "--select", "GL201,GL202,GL204")
    assert after == "{! ?}"
    assert "Fixed 3 problems" in outcome.stderr


def test_fix_that_uncovers_another_is_followed_by_it(run: Run, rule: SetRule) -> None:
    rule("GL202", replacing("a", "b"))
    rule("GL204", replacing("b", "c"))
    after, outcome = fixed(run, "{a}", "--select", "GL202,GL204")
    assert after == "{c}"
    assert outcome.stderr.endswith("\nFixed 2 problems, nothing left in 1 gear.\n")


@pytest.mark.parametrize(("there", "back"), [("b", "a"), ("ab", "zz")])
def test_fixes_that_come_to_no_end_change_nothing(
    run: Run, rule: SetRule, there: str, back: str
) -> None:
    other = write_gear(Path("other"), BAD)
    rule("GL202", of_gear_json(replacing("a", there)))
    rule("GL204", of_gear_json(replacing("b", back)))
    Path("gear.json").write_text("{a}")
    outcome = run("check", "gear.json", "other", "--fix", "--select", "GL201,GL202,GL204")
    assert outcome.code == 2
    assert Path("gear.json").read_text() == "{a}"
    assert "gearlint: gear.json: not fixed: the fixes of GL2" in outcome.stderr
    assert "GL202" in outcome.stdout
    assert TAG.format(1) in other.read_text()


@pytest.mark.parametrize(("fixes", "is_fixed"), [(200, True), (201, False)])
def test_fixes_one_after_the_other_have_a_limit_without_progress(
    run: Run, rule: SetRule, fixes: int, is_fixed: bool
) -> None:
    def next_number(gear: Gear) -> Iterator[Fix]:
        source = gear.manifest.source
        number = int(source.data[1:4])
        if number < fixes:
            yield Fix(source, (Edit(1, 4, b"%03d" % (number + 1)),), is_safe=True)

    rule("GL202", next_number)
    after, outcome = fixed(run, "{000}", "--select", "GL202")
    assert after == (f"{{{fixes}}}" if is_fixed else "{000}")
    assert (outcome.code == 0) is is_fixed


def test_fixes_that_undo_each_other_end_where_a_state_is_there_again(
    run: Run, rule: SetRule
) -> None:
    states = []

    def noted(gear: Gear) -> Iterator[Fix]:
        states.append(gear.manifest.source.data)
        return iter(())

    rule("GL201", noted)
    rule("GL202", replacing("a", "b"))
    rule("GL204", replacing("b", "a"))
    after, outcome = fixed(run, "{a}", "--select", "GL201,GL202,GL204")
    assert (after, outcome.code) == ("{a}", 2)
    assert len(states) < 10


def test_more_faults_of_a_dockerfile_than_are_known_at_once_are_all_fixed(run: Run) -> None:
    write_gear(Path("gear"))
    path = Path("gear/Dockerfile")
    broken = "RUN ['true']\n" * 700
    path.write_text(path.read_text().replace("WORKDIR", f"{broken}WORKDIR", 1))
    run("check", "gear", "--fix", "--unsafe-fixes", "--select", "GL320")
    assert path.read_text().count('RUN ["true"]\n') == 700


def test_unsafe_fixes_only_when_asked_for(run: Run, rule: SetRule) -> None:
    rule("GL202", replacing("a", "b", is_safe=False))
    after, outcome = fixed(run, "{a}", "--select", "GL202")
    assert (after, outcome.code) == ("{a}", 1)
    assert outcome.stdout.endswith("\n\n1 fixable with --fix --unsafe-fixes.\n")
    after, outcome = fixed(run, "{a}", "--select", "GL202", "--unsafe-fixes")
    assert (after, outcome.code) == ("{b}", 0)


def test_unsafe_fixes_alone_are_wrong_use(run: Run) -> None:
    write_gear(Path("gear"), BAD)
    outcome = run("check", "--unsafe-fixes")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "give --fix or --diff too" in outcome.stderr


def test_finding_in_the_manifest_may_fix_the_dockerfile(run: Run, rule: SetRule) -> None:
    def fixes(gear: Gear) -> Iterator[Fix]:
        assert gear.dockerfile is not None
        source = gear.dockerfile.source
        at = source.data.find(b"3.11")
        if at >= 0:
            yield Fix(source, (Edit(at, at + 4, b"3.12"),), is_safe=True)

    rule("GL202", fixes)
    manifest = write_gear(Path("gear"), BAD)
    outcome = run("check", "--fix", "--select", "GL201,GL202")
    assert (outcome.code, outcome.stdout) == (0, "")
    assert outcome.stderr.endswith("\nFixed 2 problems, nothing left in 1 gear.\n")
    assert Path("gear/Dockerfile").read_text().startswith("FROM python:3.12\n")
    assert TAG.format(1) in manifest.read_text()


@given(
    st.sets(st.builds(Edit, st.integers(0, 20), st.integers(0, 20), st.just(b"x"))),
    st.sets(st.builds(Edit, st.integers(0, 20), st.integers(0, 20), st.just(b"x"))),
)
def test_edits_that_meet_are_known(some: set[Edit], others: set[Edit]) -> None:
    def apart(edits: set[Edit]) -> set[Edit]:
        kept: set[Edit] = set()
        for edit in sorted(Edit(min(e[:2]), max(e[:2]), e[2]) for e in edits):
            if all(edit.start > other.end for other in kept):
                kept.add(edit)
        return kept

    some, others = apart(some), apart(others)
    meeting = any(
        a.start <= b.end and b.start <= a.end for a in some - others for b in others - some
    ) or any(a.start <= b.end and b.start <= a.end for a in some & others for b in (some ^ others))
    assert _meet(sorted(some), tuple(sorted(others))) == meeting


# No finding that was not there before


def findings(outcome: Outcome) -> Counter[tuple[str, str]]:
    return Counter((found["code"], found["path"]) for found in outcome.findings)


def assert_fixed(check: Run, path: Path, *unsafe: str) -> Counter[tuple[str, str]]:
    """`--fix` brings no finding, and has nothing to do a second time; what was found before."""
    before = findings(check(path, "--select", "ALL"))
    after = findings(check(path, "--select", "ALL", "--fix", *unsafe))
    if not HIDING & {code for code, _ in before}:
        silenced = {code for fixed, _ in before for code in SILENCED.get(fixed, ())}
        assert not {found for found in after - before if found[0] not in silenced}
    contents = {file: file.read_bytes() for file in path.parent.rglob("*") if file.is_file()}
    assert contents
    again = check(path, "--select", "ALL", "--fix", *unsafe)
    assert json.loads(again.stdout)["fixed"] == 0
    assert findings(again) == after
    assert contents == {file: file.read_bytes() for file in contents}
    return before


@pytest.mark.parametrize("unsafe", [(), ("--unsafe-fixes",)], ids=["safe", "unsafe"])
@pytest.mark.parametrize("code", RULES)
def test_fixes_of_the_documented_examples_bring_no_finding(
    check: Run, code: str, unsafe: tuple[str, ...]
) -> None:
    _, _, file, bad, _ = RULES[code].documentation
    before = assert_fixed(check, write_example(Path("gear"), code, file, bad), *unsafe)
    assert code in {found for found, _ in before} or code in NOT_AN_EXAMPLE


@pytest.mark.parametrize(
    ("members", "kept", "reported"),
    [
        ('"verison": ""', '"verison"', "GL102, which would bring GL203"),
        ('"verison": "1",\n"enviroment": {}', '"verison"', "GL102, which would bring GL204"),
    ],
)
def test_fix_that_would_bring_a_finding_is_left_out(
    run: Run, members: str, kept: str, reported: str
) -> None:
    path = write_gear(Path("gear"), members, without=("version", "environment"))
    outcome = run("check", "--fix", "--unsafe-fixes", "--ignore", "GL2,GL101", "--quiet")
    assert kept not in path.read_text()
    path = write_gear(Path("gear"), members, without=("version", "environment"))
    outcome = run("check", "--fix", "--unsafe-fixes", "--output-format", "concise")
    assert kept in path.read_text()
    assert f"gearlint: gear/manifest.json: not fixed: {reported}\n" in outcome.stderr
    assert "GL102" in outcome.stdout


def test_hundreds_of_fixes_are_reported_apart_at_once(run: Run) -> None:
    environment = {f"A{number}": number for number in range(2000)}
    path = write_gear(Path("gear"), f'"environment": {json.dumps(environment)}')
    with in_time(5):
        assert run("check", "--fix").code == 0
    assert json.loads(path.read_text())["environment"]["A1999"] == "1999"


@needs_corpus
def test_fixes_of_the_corpus_bring_no_finding_and_change_what_they_name(check: Run) -> None:
    for real in sorted((SHARED / "corpus").rglob("*.json")):
        path = Path("gear.json")
        path.write_bytes(real.read_bytes())
        before = check(path, "--select", "ALL")
        if not any(found["fix"] and found["fix"]["safe"] for found in before.findings):
            continue
        assert_fixed(check, path)
        if not HIDING & set(before.codes):
            json.loads(path.read_bytes())


# --diff


@pytest.mark.parametrize("tool", ["patch", "git"])
@pytest.mark.parametrize(
    ("style", "directory"),
    [*((style, "gear") for style in STYLES), *(("CRLF", name) for name in ("a b", "g/é", 'a"b'))],
)
def test_diff_is_what_fix_does(run: Run, tool: str, style: str, directory: str) -> None:
    path = write_gear(Path(directory), BAD)
    path.write_bytes(STYLES[style](path.read_text()).encode())
    before = path.read_bytes()
    outcome = run("check", "--diff", "-o", "all.diff")
    assert (outcome.code, outcome.stdout) == (1, "")
    assert outcome.stderr == "Would fix 1 problem in 1 gear.\n"
    assert path.read_bytes() == before
    diff = Path("all.diff").read_bytes()
    command = ["patch", "-p1", "--silent"] if tool == "patch" else ["git", "apply"]
    done = subprocess.run(command, input=diff, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr or tool == "git"  # git warns of trailing spaces
    patched = path.read_bytes()
    path.write_bytes(before)
    run("check", "--fix")
    assert path.read_bytes() == patched != before


def test_diff_on_stdout_is_byte_for_byte(run: Run) -> None:
    path = write_gear(Path("gear"), BAD)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    done = subprocess.run(
        [sys.executable, "-m", "gearlint", "check", "--diff"], capture_output=True, check=False
    )
    run("check", "--diff", "-o", "all.diff")
    assert (done.returncode, done.stdout) == (1, Path("all.diff").read_bytes())
    assert done.stdout.count(b"\r\n") > 3


def test_diff_and_fix_together_write_nothing(run: Run) -> None:
    path = write_gear(Path("gear"), BAD)
    before = path.read_bytes()
    outcome = run("check", "--fix", "--diff")
    assert outcome.code == 1
    assert outcome.stdout.startswith("--- a/gear/manifest.json\n+++ b/gear/manifest.json\n@@ ")
    assert path.read_bytes() == before


def test_diff_of_all_gears_is_one_and_says_nothing_of_what_cannot_be_fixed(run: Run) -> None:
    write_gear(Path("a"), BAD)
    write_gear(Path("b"), '"label": ""')
    write_gear(Path("c"), BAD)
    outcome = run("check", "--diff")
    assert re.findall(r"^\+\+\+ b/(.*)", outcome.stdout, re.MULTILINE) == [
        "a/manifest.json",
        "c/manifest.json",
    ]
    assert "GL108" not in outcome.stdout + outcome.stderr
    assert outcome.stderr == "Would fix 2 problems in 3 gears.\n"


def test_diff_of_a_file_of_two_gears_is_one(run: Run, rule: SetRule) -> None:
    Path(".git").mkdir()

    def fixes(gear: Gear) -> Iterator[Fix]:
        assert gear.dockerfile is not None
        source = gear.dockerfile.source
        for match in re.finditer(b"3.11", source.data):
            yield Fix(source, (Edit(*match.span(), b"3.12"),), is_safe=True)

    rule("GL202", fixes)
    write_gear(Path("a"))
    write_gear(Path("b"))
    Path("b/Dockerfile").unlink()
    Path("b/Dockerfile").symlink_to("../a/Dockerfile")
    outcome = run("check", "--diff", "--select", "GL202")
    assert outcome.stdout.count("+FROM python:3.12\n") == 1
    assert outcome.stderr == "Would fix 1 problem in 2 gears.\n"


def test_diff_does_not_go_with_statistics(run: Run) -> None:
    assert run("check", "--diff", "--statistics").code == 2


# Modes


def make_executable(gear: Gear) -> Iterator[Fix]:
    from gearlint.core.source import read, shown_path

    path = os.path.join(gear.directory, "run.py")
    if not os.access(path, os.X_OK) or not os.stat(path).st_mode & 0o111:
        yield Fix(read(shown_path(path), gear.root), (), is_safe=True, makes_executable=True)


@pytest.mark.parametrize(("mode", "expected"), [(0o644, 0o755), (0o600, 0o700), (0o640, 0o750)])
def test_executable_bits_go_where_the_file_may_be_read(
    run: Run, rule: SetRule, mode: int, expected: int
) -> None:
    rule("GL202", make_executable)
    write_gear(Path("gear"))
    script = Path("gear/run.py")
    script.chmod(mode)
    outcome = run("check", "--fix", "--select", "GL202")
    assert outcome == (
        0,
        "",
        "Fixed gear/run.py: GL202 image-tag-missing\nFixed 1 problem, nothing left in 1 gear.\n",
    )
    assert script.stat().st_mode & 0o777 == expected
    assert script.read_text() == SCRIPT
    assert run("check", "--fix", "--select", "GL202").stderr == "No findings in 1 gear.\n"


@pytest.mark.parametrize("tool", ["patch", "git"])
def test_diff_of_a_mode_applies(run: Run, rule: SetRule, tool: str) -> None:
    rule("GL202", make_executable)
    write_gear(Path("gear"))
    script = Path("gear/run.py")
    script.chmod(0o644)
    outcome = run("check", "--diff", "--select", "GL202")
    assert outcome.code == 1
    assert script.stat().st_mode & 0o777 == 0o644
    command = ["patch", "-p1"] if tool == "patch" else ["git", "apply"]
    done = subprocess.run(command, input=outcome.stdout.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert script.stat().st_mode & 0o777 == 0o755


# What people and programs are reported


def test_full_marks_what_is_fixable_and_counts_it(run: Run, rule: SetRule) -> None:
    rule("GL202", replacing("MIT", "Other", is_safe=False))
    write_gear(Path("gear"), BAD)
    lines = run("check").stdout.splitlines()
    assert lines[-1] == "[*] 1 fixable with --fix, 1 more fixable with --fix --unsafe-fixes."
    assert lines[-2] == ""
    marked = [line for line in lines[:-1] if "[*]" in line]
    assert len(marked) == 1
    assert "GL201 error: [*] image tag " in marked[0]


def test_full_without_anything_fixable_says_nothing_of_it(run: Run) -> None:
    write_gear(Path("gear"), '"label": ""')
    outcome = run("check")
    assert outcome.code == 1
    assert "fix" not in outcome.stdout


def test_concise_marks_what_can_be_fixed_and_says_no_more_of_it(run: Run) -> None:
    write_gear(Path("gear"), f'{BAD},\n"label": ""')
    outcome = run("check", "--output-format", "concise")
    of_tag, of_label = sorted(outcome.stdout.splitlines(), key=lambda line: "GL108" in line)
    assert ": GL201 error: [*] image tag " in of_tag
    assert ": GL108 warning: label " in of_label
    assert "fixable" not in outcome.stdout + outcome.stderr


def test_json_has_the_edits(check: Run) -> None:
    Path("gear.json").write_text(
        '{"cite": "é", "version": "2_1",\n "custom": {"gear-builder": {"image": "é/a:2_0"}}}'
    )
    write_gear(Path("gear"), BAD)
    (found,) = check("gear").findings
    line = manifest_text(BAD).splitlines()[found["line"] - 1]
    column = line.index(":1.0.0_2.0.0") + len(":1.0.0")  # of the one character that differs
    assert found["fix"] == {
        "safe": True,
        "path": "gear/manifest.json",
        "makes_executable": False,
        "edits": [
            {
                "start_line": found["line"],
                "start_column": column,
                "end_line": found["line"],
                "end_column": column + 1,
                "replacement": "1",
            }
        ],
    }
    assert json.loads(check("gear", "--fix").stdout)["fixed"] == 1


@pytest.mark.parametrize(("arguments", "loaded"), [
    ((), []),
    (("--fix",), ["gearlint.engine.fixer", "gearlint.core.atomic", "shutil"]),
    (("--diff",), ["gearlint.engine.fixer", "gearlint.report.diff", "difflib"]),
])  # fmt: skip
def test_what_fixing_needs_is_imported_only_for_it(
    arguments: tuple[str, ...], loaded: list[str]
) -> None:
    write_gear(Path("gear"), BAD)
    names = [
        "gearlint.engine.fixer",
        "gearlint.core.atomic",
        "gearlint.report.diff",
        "difflib",
        "shutil",
        "tempfile",
        "inspect",
    ]
    program = (
        "import sys\nbefore = set(sys.modules)\nfrom gearlint.cli.main import main\n"
        f"main(['check', '--select', 'GL201', '--quiet', *{arguments!r}])\n"
        f"print([n for n in {names!r} if n in sys.modules and n not in before], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr == f"{loaded}\n"


def test_diff_on_a_terminal_cannot_change_it() -> None:
    pty = pytest.importorskip("pty")

    path = write_gear(Path("gear"), BAD)
    text = path.read_text().replace('"image": "me', '"\x9b31m": 1, "image": "me')
    path.write_text(text, encoding="utf-8")
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        command = [sys.executable, "-m", "gearlint", "check", "--diff", "--quiet"]
        done = subprocess.run(command, stdout=theirs, check=False)
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # as Linux has the end of a terminal
            while data := terminal.read(65536):
                shown += data
    assert done.returncode == 1
    assert "+++ b/gear/manifest.json\x1b[m\r\n" in shown.decode()
    assert "\x9b" not in shown.decode()
    assert r"\u009b31m" in shown.decode()


def test_many_fixes_at_one_place_all_come_about(run: Run) -> None:
    names = [f"x{number}" for number in range(25)]
    steps = "".join(f"RUN chmod +x {name}\n" for name in names)
    directory = Path("gear")
    path = write_gear(directory, '"license": "mit"')
    for name in names:
        (directory / name).write_text("")
    head, rest = "FROM python:3.11\nWORKDIR /flywheel/v0\n", "COPY run.py manifest.json ./\n"
    end = 'ENTRYPOINT ["python", "/flywheel/v0/run.py"]\n'
    copy = f"COPY {' '.join(names)} ./\n"
    (directory / "Dockerfile").write_text(head + steps + copy + rest + end)
    outcome = run("check", "gear", "--fix", "--unsafe-fixes")
    assert (outcome.code, outcome.stdout) == (0, "")
    text = (directory / "Dockerfile").read_text()
    assert text.startswith(head + copy)
    assert sorted(text.splitlines()) == sorted((head + steps + copy + rest + end).splitlines())
    assert json.loads(path.read_text())["license"] == "MIT"


def test_a_fix_that_does_no_harm_once_another_is_made(tmp_path: Path, run: Run) -> None:
    write_gear(tmp_path)
    start = 'ENTRYPOINT ["run.py"]\n'
    text = f"FROM python:3.11\nENV GEAR=/flywHeel/v0\nWORKDIR $GEAR\nCOPY run.py ./\n{start}"
    (tmp_path / "Dockerfile").write_text(text)
    outcome = run("check", "--fix", "--unsafe-fixes", "--select", "GL304,GL305,GL407", tmp_path)
    assert "not fixed" not in outcome.stderr
    fixed = text.replace("/flywHeel", "/flywheel").replace('"run.py"', '"/flywheel/v0/run.py"')
    assert (tmp_path / "Dockerfile").read_text() == fixed
