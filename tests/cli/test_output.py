"""What a person, a terminal and a program are reported, on which stream, with which exit code."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gearlint import __version__
from gearlint.core.finding import Problem
from gearlint.gear.gear import Gear
from gearlint.rules import RULES
from tests.conftest import Run
from tests.sound import manifest_text, write_gear

BAD = '"version": "1.0.1_2.0.0"'
"""Members that give a gear exactly one finding, GL201."""

WARNED = '"description": ""'
"""Members that give a gear exactly one warning, GL108."""

CONCISE = re.compile(r"[^:]+:[1-9][0-9]*:[1-9][0-9]*: GL[0-9]{3} (?:error|warning|info): \S.*")

Golden = Callable[..., str]


@pytest.fixture
def golden(run: Run) -> Golden:
    """What `gearlint check --output-format full` says of a file with the given bytes."""

    def golden(data: bytes | str, *options: str) -> str:
        Path("gear.json").write_bytes(data if isinstance(data, bytes) else data.encode())
        outcome = run("check", "gear.json", *options)
        assert outcome.code == 1
        return outcome.stdout

    return golden


def gearlint(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run gearlint as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "gearlint", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


# full


def test_full_shows_line_carets_and_help(golden: Golden) -> None:
    text = '{\n    "name": "my-gear",\n    "license": "GPL-3"\n}\n'
    assert golden(text, "--select", "GL106") == (
        'gear.json:3:16: GL106 error: license "GPL-3" is not an OSI identifier that Flywheel'
        " knows\n"
        "   |\n"
        ' 3 |     "license": "GPL-3"\n'
        "   |                ^^^^^^^\n"
        '   = help: did you mean "GPL-3.0"?\n'
        "\n"
    )


def test_full_counts_a_tab_as_one_character_and_shows_it_as_four(golden: Golden) -> None:
    assert golden('{\n\t"license":\t"GPL-3"}', "--select", "GL106") == (
        'gear.json:2:13: GL106 error: license "GPL-3" is not an OSI identifier that Flywheel'
        " knows\n"
        "   |\n"
        ' 2 |     "license":    "GPL-3"}\n'
        "   |                   ^^^^^^^\n"
        '   = help: did you mean "GPL-3.0"?\n'
        "\n"
    )


def test_full_counts_characters_and_sets_carets_by_their_width(golden: Golden) -> None:
    # ö: 2 bytes, 1 cell; 名, 前: 3 bytes and 2 cells each; e and its accent: 2 characters, 1 cell.
    text = '{"cite": "ö名e\u0301", "description": "", "license": "名前"}'
    assert golden(text, "--select", "GL106,GL108") == (
        "gear.json:1:33: GL108 warning: description is empty\n"
        "   |\n"
        f" 1 | {text}\n"
        f"   | {' ' * 32}^^\n"
        "   = help: write in a sentence what the gear does\n"
        "\n"
        'gear.json:1:48: GL106 error: license "名前" is not an OSI identifier that Flywheel knows\n'
        "   |\n"
        f" 1 | {text}\n"
        f"   | {' ' * 47}^^^^^^\n"
        '   = help: write "Other" where no identifier fits\n'
        "\n"
    )


@pytest.mark.parametrize(
    ("before", "after"), [(300, 0), (0, 300), (300, 300), (5, 300), (300, 5), (70, 70)]
)
def test_full_clips_a_long_line_around_the_place(golden: Golden, before: int, after: int) -> None:
    text = f'{{"a": "{"x" * before}", "license": "GPL-3", "b": "{"y" * after}"}}'
    _, _, line, carets, *_ = golden(text, "--select", "GL106").splitlines()
    shown = line.removeprefix(" 1 | ")
    assert 98 <= len(shown) <= 100
    assert shown.startswith("…") is (before > 5)
    assert shown.endswith("…") is (after > 5)
    start, end = carets.index("^"), carets.rindex("^") + 1
    assert line[start:end] == '"GPL-3"'


def test_full_clips_what_is_itself_too_long(golden: Golden) -> None:
    text = f'{{"license": "{"x" * 500}"}}'
    _, _, line, carets, *_ = golden(text, "--select", "GL106").splitlines()
    assert line.endswith("…")
    assert carets.endswith("^")
    assert len(carets) < len(line)


def test_full_of_a_long_line_of_wide_characters_stays_aligned(golden: Golden) -> None:
    text = f'{{"a": "{"名" * 200}", "license": "GPL-3"}}'
    _, _, line, carets, *_ = golden(text, "--select", "GL106").splitlines()
    cells = len(line[: line.index('"GPL-3"')]) + line[: line.index('"GPL-3"')].count("名")
    assert carets.index("^") == cells


def test_full_of_a_file_with_a_byte_order_mark(golden: Golden) -> None:
    # The mark is not a character of the line: without it the column would be the same.
    assert golden(b'\xef\xbb\xbf{"license": "x"}', "--select", "GL002,GL106") == (
        "gear.json:1:1: GL002 error: [*] the manifest is UTF-8 with a byte order mark, expected"
        " plain UTF-8\n"
        "   |\n"
        ' 1 | {"license": "x"}\n'
        "   | ^\n"
        "   = help: save it as UTF-8 without a byte order mark\n"
        "\n"
        'gear.json:1:13: GL106 error: license "x" is not an OSI identifier that Flywheel knows\n'
        "   |\n"
        ' 1 | {"license": "x"}\n'
        "   |             ^^^\n"
        '   = help: write "Other" where no identifier fits\n'
        "\n"
        "[*] 1 fixable with --fix.\n"
    )


def test_full_of_a_file_with_crlf(golden: Golden) -> None:
    assert golden(b'{\r\n"license": "MIT",\r\n"label": ""\r\n}\r\n', "--select", "GL108") == (
        "gear.json:3:10: GL108 warning: label is empty\n"
        "   |\n"
        ' 3 | "label": ""\n'
        "   |          ^^\n"
        '   = help: write the name that people see, for example "My gear"\n'
        "\n"
    )


def test_full_at_the_end_of_a_last_line_without_newline(golden: Golden) -> None:
    assert golden('{"a": {}\n', "--select", "GL001") == golden('{"a": {}', "--select", "GL001")
    text = golden('{\n  "a": {}', "--select", "GL001")
    assert text == (
        'gear.json:2:10: GL001 error: "}" is missing\n'
        "   |\n"
        ' 2 |   "a": {}\n'
        "   |          ^\n"
        '   = help: the "{" in line 1 is not closed\n'
        "\n"
    )


def test_full_of_an_empty_file_has_no_line_to_show(golden: Golden) -> None:
    assert golden("", "--select", "GL001") == (
        "gear.json:1:1: GL001 error: the manifest is empty, expected a JSON object\n"
        '   = help: write the manifest: "gearlint rule GL101" lists the fields that it needs\n'
        "\n"
    )


def test_full_widens_the_gutter_with_the_line_number(golden: Golden) -> None:
    text = "{\n" + "\n" * 98 + '"description": ""}'
    assert golden(text, "--select", "GL108").splitlines()[1:4] == [
        "     |",
        ' 100 | "description": ""}',
        "     |                ^^",
    ]


# concise


def test_concise_is_a_line_a_finding_and_nothing_else(run: Run) -> None:
    Path("gear.json").write_text('{"name": "My", "license": "x", "größe": 1}')
    outcome = run("check", "gear.json", "--output-format", "concise")
    lines = outcome.stdout.splitlines()
    assert all(CONCISE.fullmatch(line) for line in lines)
    assert (
        'gear.json:1:27: GL106 error: license "x" is not an OSI identifier that Flywheel knows'
        in lines
    )
    assert len(lines) == len({*lines}) > 3


def test_concise_of_a_sound_gear_is_nothing(run: Run) -> None:
    write_gear(Path("gear"))
    outcome = run("check", "--output-format", "concise")
    assert outcome == (0, "", "No findings in 1 gear.\n")


@pytest.mark.parametrize("output_format", ["concise", "full", "json"])
def test_findings_are_in_the_order_of_the_file(run: Run, output_format: str) -> None:
    write_gear(Path("b"), '"label": "",\n"license": "x",\n"author": ""')
    write_gear(Path("a"), '"url": "x y"')
    outcome = run("check", "--output-format", output_format)
    found = re.findall(r"GL[0-9]{3}", outcome.stdout)
    assert found == ["GL107", "GL108", "GL106", "GL108"]


# json


def test_json_has_the_documented_fields(check: Run) -> None:
    Path("gear.json").write_text('{\n  "größe": 1, "license": "GPL-3"}')
    outcome = check("gear.json", "gone", "--select", "GL106")
    document = json.loads(outcome.stdout)
    assert list(document) == ["format", "gears", "findings", "errors", "fixed"]
    assert document["format"] == 1
    assert document["gears"] == 1
    assert document["errors"] == ["gone: no such file or directory"]
    assert document["findings"] == [
        {
            "code": "GL106",
            "name": "unknown-license",
            "severity": "error",
            "message": 'license "GPL-3" is not an OSI identifier that Flywheel knows',
            "help": 'did you mean "GPL-3.0"?',
            "path": "gear.json",
            "line": 2,
            "column": 26,
            "end_line": 2,
            "end_column": 33,
            "fix": None,
        }
    ]


def test_json_of_nothing_is_whole(check: Run) -> None:
    outcome = check("--changed-files")
    assert json.loads(outcome.stdout) == {
        "format": 1,
        "gears": 0,
        "findings": [],
        "errors": [],
        "fixed": 0,
    }


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\xfe\xff\0{", b"{", b"{\n\n", b"\0", b'\xef\xbb\xbf"']
)
def test_json_places_are_inside_the_file(check: Run, data: bytes) -> None:
    Path("gear.json").write_bytes(data)
    lines = data.decode("utf-8", "replace").split("\n")
    last = (len(lines), len(lines[-1]) + 1)
    found = check("gear.json").findings
    assert found
    for finding in found:
        start = (finding["line"], finding["column"])
        assert (1, 1) <= start <= (finding["end_line"], finding["end_column"]) <= last
        columns = len(lines[finding["end_line"] - 1]) + 1
        assert finding["end_column"] <= columns


# Colour


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """What gearlint writes to a terminal, its stdout alone."""
    pty = pytest.importorskip("pty")
    here, there = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "gearlint", "check", *arguments],
            env={**os.environ, "TERM": "xterm", **environment},
            stdin=there,
            stdout=there,
            stderr=subprocess.DEVNULL,
        )
        os.close(there)
        chunks = []
        try:
            while chunk := os.read(here, 4096):
                chunks.append(chunk)
        except OSError:  # how Linux says that the other side is closed
            pass
        process.wait()
    finally:
        os.close(here)
    return b"".join(chunks).decode().replace("\r\n", "\n")


def test_terminal_gets_colour_and_the_same_text() -> None:
    write_gear(Path("gear"), BAD)
    shown = on_a_terminal("gear")
    assert "\x1b[1;31m" in shown
    plain = gearlint("check", "gear").stdout.decode()
    advice = 'Run "gearlint rule GL201" for an explanation.\n'
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == plain + advice
    assert "\x1b" not in plain


@pytest.mark.parametrize(
    ("arguments", "environment", "coloured"),
    [
        ([], {"NO_COLOR": "1"}, False),
        ([], {"NO_COLOR": ""}, True),
        ([], {"TERM": "dumb"}, False),
        (["--color", "never"], {}, False),
        (["--color", "auto"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_on_a_terminal(
    arguments: list[str], environment: dict[str, str], coloured: bool
) -> None:
    write_gear(Path("gear"), BAD)
    assert ("\x1b[" in on_a_terminal("gear", *arguments, **environment)) is coloured


def test_colour_elsewhere_only_when_asked_for(run: Run) -> None:
    write_gear(Path("gear"), BAD)
    assert "\x1b" not in run("check").stdout
    assert "\x1b" not in run("check", "--color", "auto").stdout
    assert "\x1b[1;31m" in run("check", "--color", "always").stdout


@pytest.mark.parametrize("output_format", ["concise", "json"])
def test_formats_for_programs_have_no_colour(run: Run, output_format: str) -> None:
    write_gear(Path("gear"), BAD)
    outcome = run("check", "--color", "always", "--output-format", output_format)
    assert "\x1b" not in outcome.stdout


# -o, --statistics, --quiet, the summary


@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
@pytest.mark.parametrize("option", ["-o", "--output-file"])
def test_output_file_gets_what_stdout_would(run: Run, option: str, output_format: str) -> None:
    write_gear(Path("gear"), BAD)
    plain = run("check", "--output-format", output_format)
    outcome = run("check", "--output-format", output_format, option, "report.txt")
    assert outcome == (1, "", plain.stderr)
    assert Path("report.txt").read_text(encoding="utf-8") == plain.stdout
    assert sorted(os.listdir()) == ["gear", "report.txt"], "nothing else is left behind"


def test_output_file_is_replaced_and_written_when_there_is_nothing_to_say(run: Run) -> None:
    write_gear(Path("gear"))
    Path("report.txt").write_text("old\n")
    assert run("check", "--output-format", "concise", "-o", "report.txt").code == 0
    assert Path("report.txt").read_text() == ""


@pytest.mark.parametrize("path", ["gone/report.txt", "gear", "gear/manifest.json/x", "/dev/full"])
def test_output_file_that_cannot_be_written(run: Run, path: str) -> None:
    write_gear(Path("gear"), BAD)
    outcome = run("check", "-o", path)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert len(outcome.stderr.splitlines()) == 1
    assert outcome.stderr.startswith(f"gearlint: {path}: cannot be written: ")
    assert os.listdir() == ["gear"]


def test_output_file_may_be_a_pipe(tmp_path: Path) -> None:
    write_gear(Path("gear"), BAD)
    shown = gearlint("check", "--output-format", "concise", "-o", "/dev/stdout").stdout
    assert CONCISE.fullmatch(shown.decode().rstrip("\n"))


@pytest.mark.parametrize("target", ["other.txt", "gone.txt"])
def test_output_file_that_is_a_link_is_replaced_and_its_target_left(
    run: Run, tmp_path: Path, target: str
) -> None:
    write_gear(Path("gear"), BAD)
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "other.txt").write_text("another's\n")
    Path("findings.json").symlink_to(outside / target)
    assert run("check", "--output-format", "json", "-o", "findings.json").code == 1
    assert not Path("findings.json").is_symlink()
    assert json.loads(Path("findings.json").read_text())["findings"]
    assert os.listdir(outside) == ["other.txt"]
    assert (outside / "other.txt").read_text() == "another's\n"


@pytest.mark.parametrize("is_repository", [True, False])
def test_output_file_in_a_directory_that_leads_out(
    run: Run, tmp_path: Path, is_repository: bool
) -> None:
    write_gear(Path("gear"), BAD)
    if is_repository:
        Path(".git").mkdir()
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    Path("reports").symlink_to(outside)
    outcome = run("check", "-o", "reports/findings.txt")
    if is_repository:
        reported = "gearlint: reports/findings.txt: leads out of the repository, not written\n"
        assert (outcome.code, outcome.stderr, os.listdir(outside)) == (2, reported, [])
    else:
        assert (outcome.code, os.listdir(outside)) == (1, ["findings.txt"])


def test_output_file_is_written_through_a_link_to_a_device(run: Run) -> None:
    write_gear(Path("gear"), BAD)
    Path("findings.json").symlink_to("/dev/null")
    assert run("check", "-o", "findings.json").code == 1
    assert Path("findings.json").is_symlink()


@pytest.mark.skipif(not os.path.islink("/dev/stdout"), reason="/dev/stdout is not a link here")
def test_standard_output_stays_where_it_is_a_file(tmp_path: Path) -> None:
    write_gear(Path("gear"), BAD)
    with open("shown.txt", "wb") as file:
        command = [sys.executable, "-m", "gearlint", "check", "-o", "/dev/fd/1"]
        subprocess.run([*command, "--output-format", "concise"], stdout=file, check=False)
    assert CONCISE.fullmatch(Path("shown.txt").read_text().rstrip("\n"))


def test_statistics_count_the_findings_of_each_rule_and_gear_and_no_more(run: Run) -> None:
    write_gear(Path("a"), '"label": "",\n"author": "",\n"license": "x"')
    write_gear(Path("b"), WARNED)
    outcome = run("check", "--statistics")
    assert outcome.code == 1
    assert [line.split() for line in outcome.stdout.splitlines()] == [
        ["3", "GL108", "warning", "empty-field"],
        ["1", "GL106", "error", "unknown-license"],
        [],
        ["3", "a/manifest.json:", "GL106", "1,", "GL108", "2"],
        ["1", "b/manifest.json:", "GL108", "1"],
    ]
    assert outcome.stderr == "Found 1 error and 3 warnings in 2 gears.\n"


def test_statistics_as_json(run: Run) -> None:
    write_gear(Path("a"), '"label": "",\n"author": "",\n"license": "x"')
    document = json.loads(run("check", "--statistics", "--output-format", "json").stdout)
    assert [each.pop("gears") for each in document] == [
        {"a/manifest.json": 2},
        {"a/manifest.json": 1},
    ]
    assert document == [
        {"count": 2, "code": "GL108", "severity": "warning", "name": "empty-field"},
        {"count": 1, "code": "GL106", "severity": "error", "name": "unknown-license"},
    ]


def test_statistics_of_nothing(run: Run) -> None:
    write_gear(Path("gear"))
    assert run("check", "--statistics").stdout == ""
    assert json.loads(run("check", "--statistics", "--output-format", "json").stdout) == []


@pytest.mark.parametrize(
    ("members", "summary"),
    [
        ([""], "No findings in 1 gear."),
        (["", ""], "No findings in 2 gears."),
        ([BAD], "Found 1 error in 1 gear."),
        ([BAD, WARNED, WARNED], "Found 1 error and 2 warnings in 3 gears."),
        (['"name": "other"'], "Found 1 info in 1 gear."),
        (['"name": "other"', f'"name": "b",\n{BAD},\n{WARNED}'],
         "Found 1 error, 1 warning and 2 info in 2 gears."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
def test_summary_is_on_stderr(
    run: Run, members: list[str], summary: str, output_format: str
) -> None:
    for number, text in enumerate(members):
        write_gear(Path(f"gear-{number}"), text)
    options = ("--extend-select", "GL211", "--output-format", output_format)
    assert run("check", *options).stderr == summary + "\n"
    quiet = run("check", *options, "--quiet")
    assert quiet.stderr == ""
    whole = run("check", *options)
    of_all = r"^(?:\[\*\] )?\d+ fixable with .*\n"
    findings = re.sub(of_all, "", whole.stdout, flags=re.MULTILINE)
    assert quiet[:2] == (whole.code, findings)


def test_quiet_does_not_hide_errors(run: Run) -> None:
    outcome = run("check", "--quiet", "gone")
    assert outcome == (2, "", "gearlint: gone: no such file or directory\n")


# Exit codes


@pytest.mark.parametrize(
    ("members", "options", "code"),
    [
        ("", [], 0),
        (BAD, [], 1),
        (BAD, ["--fail-on", "error"], 1),
        (BAD, ["--fail-on", "info"], 1),
        (WARNED, [], 1),
        (WARNED, ["--fail-on", "warning"], 1),
        (WARNED, ["--fail-on", "error"], 0),
        ('"name": "other"', ["--extend-select", "GL211"], 0),
        ('"name": "other"', ["--extend-select", "GL211", "--fail-on", "info"], 1),
        ('"name": "other"', ["--extend-select", "GL211", "--fail-on", "error"], 0),
        (BAD, ["--ignore", "GL201"], 0),
        (BAD, ["gone"], 2),
        ("", ["gone"], 2),
        (BAD, ["--fail-on", "never"], 2),
        (BAD, ["--bogus"], 2),
        (BAD, ["--stat"], 2),
        (BAD, ["--output-format", "xml"], 2),
    ],
)
def test_exit_code(run: Run, members: str, options: list[str], code: int) -> None:
    write_gear(Path("gear"), members)
    assert run("check", "gear", *options).code == code


def test_other_paths_are_checked_where_one_is_missing(run: Run) -> None:
    write_gear(Path("a"), BAD)
    write_gear(Path("b"), WARNED)
    Path("empty").mkdir()
    outcome = run("check", "a", "gone", "empty", "b", "--output-format", "concise")
    assert outcome.code == 2
    assert [line.split(":")[0] for line in outcome.stdout.splitlines()] == [
        "a/manifest.json",
        "b/manifest.json",
    ]
    assert outcome.stderr.splitlines() == [
        "gearlint: gone: no such file or directory",
        "gearlint: empty: no gear found (no manifest.json that is a gear's)",
        "Found 1 error and 1 warning in 2 gears.",
    ]


# Nothing of a stranger's text reaches the terminal as it is

HOSTILE = "\x1b[31mred\x07\x08\r\x9b2J\u202e\u200b\u2028\x7f"


def hostile_manifests() -> Iterator[str]:
    """Sound manifests with one key or one value replaced by text that could move a cursor."""
    hostile = json.dumps(HOSTILE + "\n")  # as escapes
    lines = manifest_text().splitlines()
    for number, line in enumerate(lines):
        for part in re.finditer(r'"[^"]*"|\b1\b', line):
            changed = line[: part.start()] + hostile + line[part.end() :]
            yield "\n".join([*lines[:number], changed, *lines[number + 1 :]])
    # and as the characters themselves, where JSON takes some of them
    yield manifest_text(f'"label": "{HOSTILE}"')
    yield manifest_text(f'"license": "{HOSTILE[-5:]}"')
    yield f'{{"name": {HOSTILE}}}'
    yield f'{{"inputs": {{}}, "custom": {{"gear-builder": {{"image": "a/{HOSTILE}:1"}}}}}}'
    yield f'{{"inputs": {{{hostile}: {{"base": "file", {hostile}: {hostile}}}}}}}'
    yield f'{{"config": {{{hostile}: {{"type": {hostile}, "default": {hostile}}}}}}}'
    yield f'{{"config": {{"a": {{"type": "string", "pattern": {hostile}, "enum": [{hostile}]}}}}}}'
    yield f'{{"config": {{"a": {{"type": "string", "pattern": "(", "$ref": {hostile}}}}}}}'
    yield f'{{"environment": {{{hostile}: 1, {hostile}: {hostile}}}}}'
    yield f'{{"custom": {{"gearlint": {{"ignore": [{hostile}]}}}}}}'
    yield f'{{"custom": {{"flywheel": {{"classification": {{"modality": [{hostile}]}}}}}}}}'


@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
def test_control_characters_never_reach_stdout(run: Run, output_format: str) -> None:
    for text in hostile_manifests():
        Path("gear.json").write_text(text, encoding="utf-8", newline="")
        outcome = run("check", "gear.json", "--output-format", output_format, "--select", "ALL")
        assert outcome.code in (0, 1), outcome.stderr
        for line in (outcome.stdout + outcome.stderr).split("\n"):
            assert line.isprintable(), repr(line)
            if (
                output_format == "concise"
                and line
                and not line.startswith(("Found", "No findings"))
            ):
                assert CONCISE.fullmatch(line)


@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
@pytest.mark.parametrize("name", ["a\x1b[31mb", "a\nb.json:1:1: GL201", "a\x9b2J", "a\u202eb"])
def test_control_characters_in_file_names_never_reach_a_stream(
    run: Run, output_format: str, name: str
) -> None:
    write_gear(Path(name, "bad"), BAD)
    Path(name, "empty").mkdir()
    (Path(name) / "broken").mkdir()
    (Path(name) / "broken" / "manifest.json").symlink_to(f"{name}.gone")
    (Path(name) / "broken" / "Dockerfile").touch()
    for path in ("bad", "empty", "gone", "broken", "gone.json"):
        outcome = run("check", "--output-format", output_format, f"{name}/{path}")
        assert all(line.isprintable() for line in outcome.stdout.split("\n"))
        assert all(line.isprintable() for line in outcome.stderr.split("\n"))
        if output_format == "concise":
            assert len(outcome.stdout.splitlines()) == (1 if path == "bad" else 0)
        if path != "bad":
            assert len(outcome.stderr.splitlines()) == (2 if path == "broken" else 1)
    if output_format == "json":
        document = json.loads(run("check", "--output-format", "json", f"{name}/bad").stdout)
        assert document["findings"][0]["path"] == f"{name}/bad/manifest.json"


@pytest.mark.parametrize("toml", ["", "selct = 1\n", '"\\u009b\\u202e" = 1\n'])
def test_control_characters_in_the_settings_never_reach_a_stream(run: Run, toml: str) -> None:
    directory = Path("a\x1b[31mb")
    write_gear(directory, BAD)
    (directory / "gearlint.toml").write_text(toml or 'exclude = ["\\u009b2J\\u202e"]\n')
    for command in (
        ["config", str(directory)],
        ["check", str(directory)],
        ["check", "--changed-files", f"{directory}/x"],
    ):
        outcome = run(*command)
        assert all(line.isprintable() for line in outcome.stdout.split("\n"))
        assert all(line.isprintable() for line in outcome.stderr.split("\n"))


def test_control_characters_in_the_output_file_never_reach_stderr(run: Run) -> None:
    write_gear(Path("gear"))
    outcome = run("check", "-o", "gone\x1b[31m/x")
    assert outcome.code == 2
    assert all(line.isprintable() for line in outcome.stderr.split("\n"))


# Where a rule fails


@pytest.fixture
def broken_rule(monkeypatch: pytest.MonkeyPatch) -> str:
    """A rule that raises, which none does: there is no other way to see what happens then."""

    def check(gear: Gear) -> Iterator[Problem]:
        raise ZeroDivisionError("one\ntwo\x1b")
        yield

    monkeypatch.setitem(RULES, "GL202", RULES["GL202"]._replace(check=check))
    return "GL202"


def test_other_rules_go_on_where_one_fails(run: Run, broken_rule: str) -> None:
    write_gear(Path("a"), BAD)
    write_gear(Path("b"), BAD)
    outcome = run("check", "--output-format", "concise")
    assert outcome.code == 2
    assert outcome.stdout.count("GL201") == 2
    assert outcome.stderr.splitlines() == [
        f"gearlint: internal error: rule {broken_rule} failed on {directory}/manifest.json: "
        r"ZeroDivisionError: one\u000atwo\u001b"
        for directory in "ab"
    ] + ["Found 2 errors in 2 gears."]


def test_traceback_of_a_failed_rule_only_with_debug(run: Run, broken_rule: str) -> None:
    write_gear(Path("gear"))
    assert "Traceback" not in run("check").stderr
    outcome = run("check", "--debug")
    assert outcome.code == 2
    assert "Traceback (most recent call last)" in outcome.stderr
    assert f"internal error: rule {broken_rule}" in outcome.stderr


def test_debug_shows_where_an_error_came_from_and_keeps_the_exit_code() -> None:
    Path("gearlint.toml").write_text("selct = 1\n")
    plain = gearlint("config")
    assert (plain.returncode, plain.stdout) == (2, b"")
    assert len(plain.stderr.splitlines()) == 1
    shown = gearlint("config", "--debug")
    assert b"Traceback (most recent call last)" in shown.stderr
    assert shown.returncode == 2


# Other encodings, closed pipes


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "POSIX"},
    ],
)
@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
def test_stdout_of_another_encoding(environment: dict[str, str], output_format: str) -> None:
    write_gear(Path("größe 名"), f'"cite": "{"名" * 120}", "license": "名前"')
    outcome = gearlint("check", "--output-format", output_format, ".", **environment)
    assert outcome.returncode == 1, outcome.stderr
    assert b"GL106" in outcome.stdout
    assert b"Traceback" not in outcome.stderr
    named = gearlint("check", "größe 名", "gone 名", **environment)
    assert named.returncode == 2
    assert len(named.stderr.splitlines()) == 2


@pytest.mark.parametrize("arguments", [["rule", "--all"], ["rule", "GL105"], ["config"]])
def test_other_commands_with_ascii_stdout(arguments: list[str]) -> None:
    Path("gearlint.toml").write_text('exclude = ["größe"]\n', encoding="utf-8")
    outcome = gearlint(*arguments, PYTHONIOENCODING="ascii")
    assert (outcome.returncode, outcome.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_file_name_that_is_not_utf8(run: Run) -> None:
    name = os.fsdecode(b"ge\xe4r")
    write_gear(Path(name), BAD)
    for output_format in ("full", "concise", "json"):
        outcome = gearlint("check", "--output-format", output_format, name)
        assert outcome.returncode == 1
        assert b"ge\\udce4r" in outcome.stdout
        outcome.stdout.decode("ascii")
    assert run("check", name, "-o", "report.txt").code == 1
    assert "ge\\udce4r" in Path("report.txt").read_text()


@pytest.mark.parametrize("arguments", [["check", "."], ["rule", "--all"], ["config"]])
def test_reader_that_goes_away_gets_no_traceback(arguments: list[str]) -> None:
    write_gear(Path("gear"), BAD)
    here, there = os.pipe()
    os.close(here)
    try:
        outcome = subprocess.run(
            [sys.executable, "-m", "gearlint", *arguments],
            stdout=there,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(there)
    assert outcome.returncode == 141
    assert b"Traceback" not in outcome.stderr
    assert b"Exception" not in outcome.stderr


# The command line itself


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"gearlint {__version__}\n", "")


@pytest.mark.parametrize("command", [[], ["check"], ["rule"], ["config"]])
def test_help_of_each_command(run: Run, command: list[str]) -> None:
    outcome = run(*command, "--help")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout.startswith(" ".join(["usage: gearlint", *command]))
    if command == ["check"]:
        for option in (
            "--changed-files",
            "--select",
            "--extend-select",
            "--ignore",
            "--fail-on",
            "--output-format",
            "--output-file",
            "--statistics",
            "--quiet",
            "--color",
            "--debug",
        ):
            assert option in outcome.stdout


def test_help_in_colours_says_the_same(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    plain = run("bump", "--help").stdout
    monkeypatch.setenv("FORCE_COLOR", "1")  # argparse heeds it from Python 3.14 on
    colored = run("bump", "--help").stdout
    assert ("\x1b[" in colored) is (sys.version_info >= (3, 14))
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_help_of_the_whole_names_each_command_and_the_exit_codes(run: Run) -> None:
    shown = run("--help").stdout
    for command in ("check", "rule", "config"):
        assert re.search(rf"^    {command}\b", shown, re.MULTILINE)
    assert "Exit codes: 0" in shown


@pytest.mark.parametrize(
    "arguments", [["chek"], ["rule"], ["rule", "GL201", "--all"], ["rule", "x"]]
)
def test_wrong_use_is_reported_on_stderr(run: Run, arguments: list[str]) -> None:
    outcome = run(*arguments)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr
