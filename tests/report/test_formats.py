"""The formats for CI servers: as their readers read them, whatever the names in a gear are."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from markdown_it import MarkdownIt

from tests.conftest import SHARED, Outcome, Run
from tests.report.hostile import NAME, write_hostile
from tests.repositories import Repository
from tests.sound import write_gear

SCHEMA = SHARED / "spec" / "sarif-schema-2.1.0.json"

BAD = '"version": "1.0.1_2.0.0"'
"""Members that give a gear exactly one finding, GL201."""

FORMATS = ["sarif", "github", "gitlab", "junit", "markdown"]


@pytest.fixture
def hostile(tmp_path: Path, own_git_configuration: None) -> None:
    """The current directory: a repository with a hostile gear and a sound one."""
    Repository(tmp_path)
    write_hostile(tmp_path)
    write_gear(tmp_path / "sound")


def formatted(run: Run, output_format: str) -> Outcome:
    return run("check", "--output-format", output_format)


# SARIF


@pytest.fixture
def sarif(run: Run) -> Any:
    """The only run in a SARIF report, which is valid where the schema is there."""

    def sarif(*arguments: object) -> Any:
        document = json.loads(run("check", "--output-format", "sarif", *arguments).stdout)
        (only,) = document["runs"]
        return only

    return sarif


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the SARIF schema is not beside the project")
@pytest.mark.parametrize("members", ["", BAD, '"license": "GPL-3", "label": ""'])
@pytest.mark.usefixtures("hostile")
def test_sarif_is_valid(run: Run, members: str, tmp_path: Path) -> None:
    write_gear(tmp_path / "gear", members)
    (tmp_path / "none").mkdir()
    for paths in (["."], ["gear"], ["none"], [".", "absent"]):
        document = json.loads(run("check", "--output-format", "sarif", *paths).stdout)
        jsonschema.validate(
            document,
            json.loads(SCHEMA.read_text(encoding="utf-8")),
            cls=jsonschema.Draft4Validator,
        )


def test_sarif_has_rules_levels_places_fixes_and_fingerprints(sarif: Any) -> None:
    write_gear(Path("gear"), BAD)
    report = sarif()
    (rule,) = report["tool"]["driver"]["rules"]
    assert rule["id"] == "GL201"
    assert rule["name"] == "ImageTagMismatch"
    assert rule["defaultConfiguration"] == {"level": "error", "enabled": True}
    assert "Good manifest.json:" in rule["help"]["text"]
    assert "~~~~" in rule["help"]["markdown"]
    assert rule["helpUri"].endswith("docs/rules.md#gl201-image-tag-mismatch")
    (result,) = report["results"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("GL201", 0, "error")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "gear/manifest.json", "uriBaseId": "%SRCROOT%"}
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    text = Path("gear/manifest.json").read_text().splitlines()
    region = replacement["deletedRegion"]
    assert region["startLine"] == region["endLine"] == place["region"]["startLine"]
    old = text[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
    assert (old, replacement["insertedContent"]["text"]) == ("0", "1")
    assert re.fullmatch("[0-9a-f]{64}", result["partialFingerprints"]["gearlint/v1"])


def test_fingerprints_are_unique_and_stay_when_lines_are_added(sarif: Any) -> None:
    path = write_gear(Path("gear"), '"label": "",\n"author": "",\n"license": "x"')

    def prints() -> list[str]:
        return [each["partialFingerprints"]["gearlint/v1"] for each in sarif()["results"]]

    before = prints()
    path.write_text("\n\n" + path.read_text())
    assert prints() == before
    assert len(set(before)) == 3


def test_sarif_says_what_could_not_be_done(sarif: Any) -> None:
    (invocation,) = sarif("absent")["invocations"]
    assert not invocation["executionSuccessful"]
    (note,) = invocation["toolExecutionNotifications"]
    assert "absent" in note["message"]["text"]


@pytest.mark.usefixtures("hostile")
def test_paths_of_sarif_are_addresses(sarif: Any) -> None:
    results = sarif()["results"]
    uris = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results}
    assert len(uris) >= 1
    for uri in uris:
        assert re.fullmatch(r"[A-Za-z0-9_.~/%-]+", uri)
        assert Path(unquote(uri)).is_file()


# GitHub


COMMAND = re.compile(r"::(error|warning|notice) ([^\r\n]*?)::(.*)")


def properties_of(line: str) -> tuple[dict[str, str], str]:
    """What the runner of GitHub Actions reads of a command (its ActionCommand.TryParseV2)."""
    head, _, data = line.removeprefix("::").partition("::")
    _, _, given = head.partition(" ")
    properties = {}
    for part in given.split(","):
        key, _, value = part.partition("=")
        for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")):
            value = value.replace(code, char)
        properties[key] = value.replace("%25", "%")
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        data = data.replace(code, char)
    return properties, data


@pytest.mark.usefixtures("hostile")
def test_github_commands_are_ours_and_name_the_file(run: Run) -> None:
    lines = formatted(run, "github").stdout.splitlines()
    assert len(lines) > 11
    for line in lines:
        assert COMMAND.fullmatch(line)
        assert "##[" not in line
        assert line.isprintable()
        properties, data = properties_of(line)
        assert set(properties) <= {"title", "file", "line", "endLine", "col", "endColumn"}
        assert Path(properties["file"].replace(r"\u0023#[", "##[")).is_file()
        assert re.search(r":\d+:\d+: GL\d{3} \S", data)


def test_github_line_and_columns(run: Run) -> None:
    write_gear(Path("gear"), BAD)
    assert re.fullmatch(
        "::error title=gearlint GL201,file=gear/manifest.json,line=15,endLine=15,col=34,"
        r"endColumn=45::gear/manifest.json:15:34: GL201 image tag [^\n]+%0A[^\n]+\n",
        formatted(run, "github").stdout,
    )


@pytest.fixture
def on_github(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The environment of a job of GitHub Actions; returns the file of its summary."""
    summary = tmp_path / "summary.md"
    summary.write_text("# before\n")
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_REPOSITORY": "a/b",
        "GITHUB_SHA": "c0ffee",
    }.items():
        monkeypatch.setenv(name, value)
    return summary


def test_in_github_actions_text_annotations_and_summary(run: Run, on_github: Path) -> None:
    plain = write_gear(Path("gear"), BAD)
    outcome = run("check")
    assert outcome.code == 1
    assert f"{plain.as_posix()}:15:34: GL201 error: [*] image tag" in outcome.stdout
    assert "\n::error title=gearlint GL201,file=gear/manifest.json" in outcome.stdout
    text = on_github.read_text()
    assert text.startswith("# before\n## gearlint\n")
    assert "https://github.example/a/b/blob/c0ffee/gear/manifest.json#L15" in text


def test_in_github_actions_a_given_format_is_all(run: Run, on_github: Path) -> None:
    write_gear(Path("gear"), BAD)
    outcome = run("check", "--output-format", "concise")
    assert len(outcome.stdout.splitlines()) == 1
    assert on_github.read_text() == "# before\n"


def test_a_summary_that_cannot_be_written_fails_nothing(
    run: Run, on_github: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(on_github.parent))
    write_gear(Path("gear"))
    outcome = run("check", "gear")
    assert (outcome.code, "cannot be written" in outcome.stderr) == (0, True)


@pytest.mark.usefixtures("hostile", "on_github")
@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--output-format", "full"),
        ("--output-format", "concise"),
        ("--statistics",),
        ("--diff", "--unsafe-fixes"),
        ("absent ##[error]", "::error::"),
        ("--output-format", "junit"),
        ("--output-format", "markdown"),
        ("--output-format", "gitlab"),
        ("--output-format", "sarif"),
        ("--output-format", "json"),
    ],
)
def test_nothing_else_is_a_command_in_github_actions(run: Run, options: tuple[str, ...]) -> None:
    outcome = run("check", *options)
    assert outcome.code in (1, 2)
    for line in (outcome.stdout + outcome.stderr).splitlines():
        assert "##[" not in line
        assert COMMAND.fullmatch(line) or not line.strip().startswith("::")


def test_in_gitlab_nothing_but_text(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write_gear(Path("gear"), BAD)
    plain = run("check")
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("CI_PROJECT_URL", "https://gitlab.example/a/b")
    monkeypatch.setenv("CI_COMMIT_SHA", "c0ffee")
    assert run("check") == plain
    markdown = formatted(run, "markdown").stdout
    assert "https://gitlab.example/a/b/-/blob/c0ffee/gear/manifest.json#L15" in markdown


# GitLab


@pytest.mark.usefixtures("hostile")
def test_gitlab_has_the_documented_fields(run: Run) -> None:
    entries = json.loads(formatted(run, "gitlab").stdout)
    assert len(entries) > 11
    assert len({each["fingerprint"] for each in entries}) == len(entries)
    for entry in entries:
        assert isinstance(entry["description"], str)
        assert re.fullmatch(r"GL\d{3}", entry["check_name"])
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        path = entry["location"]["path"]
        assert not path.startswith(("/", "./"))
        assert Path(path).is_file()
        assert entry["location"]["lines"]["begin"] >= 1


# JUnit


@pytest.mark.usefixtures("hostile")
def test_junit_is_read_by_a_parser(run: Run) -> None:
    root = ET.fromstring(formatted(run, "junit").stdout)
    suites = {suite.get("name", ""): suite for suite in root}
    (hostile,) = [suite for name, suite in suites.items() if name.startswith("::error")]
    for suite in suites.values():
        assert int(suite.get("tests", "")) == len(suite)
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
    assert [case.get("name") for case in suites["sound/manifest.json"]] == ["gearlint"]
    texts = "".join(hostile.itertext())
    assert NAME in texts
    assert "]]></failure>" in texts
    assert {each.tag for each in hostile.iter()} <= {
        "testsuite",
        "testcase",
        "failure",
        "system-out",
    }


def test_junit_has_errors_and_passes_info(run: Run) -> None:
    write_gear(Path("gear"), '"name": "other"')
    outcome = run("check", "gear", "absent", "--extend-select", "GL211", "--output-format", "junit")
    root = ET.fromstring(outcome.stdout)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("2", "0", "1")
    assert len(root.findall("testsuite/testcase/error")) == 1


# Markdown


@pytest.mark.usefixtures("hostile")
def test_markdown_shows_texts_as_they_are(run: Run) -> None:
    text = formatted(run, "markdown").stdout
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    html = html.replace("<!-- -->", "")
    shown = unescape(re.sub(r"<[^>]*>", "", html))
    assert set(re.findall(r"<(\w+)", html)) <= {
        *("h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "a", "br", "blockquote")
    }
    for url in re.findall(r'href="([^"]*)"', html):
        assert url.startswith("https://github.com/your-site/gearlint/blob/main/docs/rules.md#gl")
    assert NAME in shown
    assert "a|b `c` *d* _e_ [f](http://x.example) @someone" in shown
    cells = {row.count("<td") for row in html.split("</tr>") if "<td" in row}
    assert cells == {4}


def test_markdown_of_many_findings_is_cut(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gearlint.core.limits.SUMMARY_BYTES", 2000)
    for number in range(20):
        write_gear(Path(f"gear-{number}"), BAD)
    text = formatted(run, "markdown").stdout
    assert len(text) < 2200
    assert text.endswith("see the log of the job.\n")


def test_markdown_of_sound_gears(run: Run) -> None:
    write_gear(Path("gear"))
    last = formatted(run, "markdown").stdout.splitlines()[-1]
    assert last == "| gear/manifest.json |  |  |  |"


# several at once


def test_several_formats_in_one_run(run: Run) -> None:
    write_gear(Path("gear"), BAD)
    alone = {each: formatted(run, each).stdout for each in FORMATS}
    options = [f"--output-format={each}:{each}.txt" for each in FORMATS]
    outcome = run("check", *options, "--output-format", "concise")
    assert outcome.stdout == formatted(run, "concise").stdout
    for each in FORMATS:
        assert Path(f"{each}.txt").read_text() == alone[each]
    assert not [name for name in os.listdir() if name.endswith(".tmp")]


def test_output_file_is_that_of_the_format_without_one(run: Run) -> None:
    write_gear(Path("gear"), BAD)
    formats = ("--output-format", "sarif:out.sarif", "--output-format", "concise")
    outcome = run("check", *formats, "-o", "out.txt")
    assert outcome.stdout == ""
    assert "GL201" in Path("out.txt").read_text()
    assert json.loads(Path("out.sarif").read_text())["version"] == "2.1.0"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("sarif", "json"), "sarif and json would both go to one place"),
        (("sarif:a", "json:a"), "two formats would be written to one file"),
        (("sarif:a", "json:./a"), "two formats would be written to one file"),
        (("sarif:gear/manifest.json",), "gear/manifest.json: is a file of a gear: name another"),
        (("-o", "gear/Dockerfile"), "gear/Dockerfile: is a file of a gear: name another"),
        (("-o", "json"), "-o json: expected a file: did you mean --output-format json?"),
        (("sarif:a", "-o", "b"), "-o: each format has a file already"),
        (("sarf",), 'did you mean "sarif"?'),
        (("yaml",), "expected full, concise, json"),
        (("json:",), "names no file"),
        (("sarif", "--statistics"), "--statistics are text or json: leave out sarif"),
    ],
)
def test_outputs_that_cannot_be(run: Run, options: tuple[str, ...], message: str) -> None:
    write_gear(Path("gear"), BAD)
    given: list[str] = []
    for option in options:
        is_format = not option.startswith("-") and given[-1:] != ["-o"]
        given += ["--output-format", option] if is_format else [option]
    outcome = run("check", *given)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert message in outcome.stderr


@pytest.mark.parametrize("output_format", [*FORMATS, "html"])
@pytest.mark.usefixtures("hostile")
def test_no_format_lets_control_characters_through(run: Run, output_format: str) -> None:
    text = formatted(run, output_format).stdout
    assert all(line.isprintable() for line in text.split("\n"))


def test_a_check_imports_no_other_format() -> None:
    write_gear(Path("gear"))
    program = "import sys; from gearlint.cli.main import main; main(['check']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    others = {f"gearlint.report.{name}" for name in (*FORMATS, "servers", "html")}
    others |= {f"gearlint.cli.{name}" for name in ("page", "schema", "statistics", "ways")}
    others |= {f"gearlint.engine.{name}" for name in ("files", "ignores", "unsaved")}
    others |= {"gearlint.api", "jinja2", "xml", "html"}
    assert not loaded & others
