"""`check` with stdin, --show-files, --config, and variables of the environment."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome, Run
from tests.sound import DOCKERFILE, manifest_text, write_gear

BAD = '"version": "1.0.1_2.0.0"'
"""Members that give a gear exactly one finding, GL201, with a safe fix."""

Typed = Callable[..., Outcome]


@pytest.fixture
def typed(run: Run, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Run `gearlint check` with a text on stdin."""

    def typed(text: str | bytes, *arguments: object) -> Outcome:
        data = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        return run("check", *arguments)

    return typed


def test_stdin_is_checked_instead_of_the_file(typed: Typed) -> None:
    path = write_gear(Path("gear"))
    before = path.read_bytes()
    options = ("--stdin-filename", path, "-", "--output-format", "concise")
    assert typed(path.read_bytes(), *options).code == 0
    outcome = typed(manifest_text(BAD), *options)
    assert outcome.code == 1
    assert outcome.stdout.startswith("gear/manifest.json:15:34: GL201 error")
    assert path.read_bytes() == before


def test_stdin_of_a_dockerfile_reports_that_file_alone(typed: Typed) -> None:
    write_gear(Path("gear"), BAD)
    path = Path("gear/Dockerfile")
    options = ("--stdin-filename", path, "-", "--output-format", "json")
    assert typed(DOCKERFILE, *options).findings == []
    outcome = typed(DOCKERFILE + "COPPY a b\n", *options)
    assert outcome.codes == ["GL005"]


def test_stdin_is_fixed_to_stdout(typed: Typed) -> None:
    path = write_gear(Path("gear"))
    text = manifest_text(f'{BAD},\n"label": ""')
    outcome = typed(text, "--fix", "--stdin-filename", path, "-")
    assert outcome.code == 1
    assert outcome.stdout == text.replace("my-gear:1.0.0", "my-gear:1.0.1")
    assert "GL108" in outcome.stderr
    assert "GL201" not in outcome.stderr
    assert path.read_text() == manifest_text()


def test_a_fix_of_another_file_is_left_out(typed: Typed) -> None:
    path = write_gear(Path("gear"), '"command": "./run.py"')
    Path("gear/run.py").chmod(0o644)
    outcome = typed(path.read_bytes(), "--fix", "--stdin-filename", path, "-")
    assert outcome.stdout == path.read_text()
    assert Path("gear/run.py").stat().st_mode & 0o777 == 0o644


def test_diff_of_stdin(typed: Typed) -> None:
    path = write_gear(Path("gear"))
    outcome = typed(manifest_text(BAD), "--diff", "--stdin-filename", path, "-")
    assert (outcome.code, "+            " in outcome.stdout) == (1, True)
    assert typed(manifest_text(), "--diff", "--stdin-filename", path, "-").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-",), "--stdin-filename PATH"),
        (("--stdin-filename", "gear/manifest.json"), "give - too"),
        (("--stdin-filename", "gear/manifest.json", "-", "gear"), "give - too"),
        (("--stdin-filename", "absent/manifest.json", "-"), "absent/manifest.json"),
    ],
)
def test_stdin_that_cannot_be(typed: Typed, arguments: tuple[str, ...], message: str) -> None:
    write_gear(Path("gear"))
    outcome = typed("{}", *arguments)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert message in outcome.stderr


def test_stdin_without_end_is_refused(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gearlint.core.limits.FILE_BYTES", 3000)
    path = write_gear(Path("gear"))
    outcome = typed(" " * 3001, "--stdin-filename", path, "-")
    assert (outcome.code, "more than 3000 bytes" in outcome.stderr) == (2, True)


def test_show_files(run: Run) -> None:
    Path("gearlint.toml").write_text("")
    write_gear(Path("gear"), BAD)
    write_gear(Path("other"))
    outcome = run("check", "--show-files")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout.splitlines() == [
        "gearlint.toml",
        "gear/manifest.json",
        "gear/Dockerfile",
        "gear/run.py",
        "other/manifest.json",
        "other/Dockerfile",
        "other/run.py",
    ]
    assert run("check", "--show-files", "absent").code == 2


def test_config_takes_the_place_of_all_settings(run: Run) -> None:
    write_gear(Path("gear"), BAD)
    Path("gearlint.toml").write_text('ignore = ["GL201"]\n')
    Path("elsewhere").mkdir()
    given = Path("elsewhere/strict.toml")
    given.write_text('exclude = ["other"]\n')
    write_gear(Path("other"), BAD)
    assert run("check").code == 0
    outcome = run("check", "--config", given)
    assert outcome.code == 1
    assert "in 1 gear" in outcome.stderr
    shown = json.loads(run("config", "--config", given, "--output-format", "json").stdout)
    assert shown["file"] == str(given)
    given.write_text("exclud = []\n")
    outcome = run("check", "--config", given)
    assert (outcome.code, "unknown setting" in outcome.stderr) == (2, True)
    assert run("check", "--config", "absent.toml").code == 2


def test_path_of_config_is_shown_as_it_was_typed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_gear(Path("gear"))
    monkeypatch.chdir("gear")
    (tmp_path / "wrong.toml").write_text("exclud = []\n")
    (tmp_path / "right.toml").write_text("")
    for directory in (str(tmp_path), "..", "../gear/.."):
        for command in ("check", "config"):
            absent = run(command, "--config", f"{directory}/gone.toml").stderr.splitlines()[0]
            assert absent == f"gearlint: {directory}/gone.toml: no such file or directory"
            wrong = run(command, "--config", f"{directory}/wrong.toml").stderr
            assert wrong.startswith(f"gearlint: {directory}/wrong.toml:1: unknown setting")
        said = run("config", "--config", f"{directory}/right.toml").stdout
        assert said.startswith(f"# settings file: {directory}/right.toml\n")


def test_config_may_be_a_pyproject(run: Run) -> None:
    write_gear(Path("gear"), BAD)
    Path("elsewhere").mkdir()
    Path("elsewhere/pyproject.toml").write_text('[tool.gearlint]\nignore = ["GL201"]\n')
    assert run("check", "--config", "elsewhere/pyproject.toml").code == 0


@pytest.mark.parametrize(
    ("variable", "value", "code", "shown"),
    [
        ("GEARLINT_OUTPUT_FORMAT", "concise", 1, "gear/manifest.json:15:34: GL201 error: "),
        ("GEARLINT_OUTPUT_FORMAT", "json, sarif:out", 1, '{\n  "format": 1'),
        ("GEARLINT_OUTPUT_FORMAT", "yaml", 2, ""),
        ("GEARLINT_OUTPUT_FILE", "out", 1, ""),
        ("GEARLINT_FAIL_ON", "erorr", 2, ""),
        ("GEARLINT_CONFIG", "own.toml", 0, ""),
    ],
)
def test_variables_of_the_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, code: int, shown: str
) -> None:
    write_gear(Path("gear"), BAD)
    Path("own.toml").write_text('ignore = ["GL201"]\n')
    monkeypatch.setenv(variable, value)
    outcome = run("check")
    assert outcome.code == code
    assert outcome.stdout.startswith(shown)
    assert bool(outcome.stdout) == bool(shown)
    assert (variable in outcome.stderr) == (code == 2)
    assert Path("out").exists() == ("out" in value)


def test_an_option_takes_the_place_of_its_variable(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_gear(Path("gear"), BAD)
    monkeypatch.setenv("GEARLINT_OUTPUT_FORMAT", "json")
    outcome = run("check", "--output-format", "concise")
    assert outcome.stdout.startswith("gear/manifest.json:")
    assert run("check", "--diff").code == 1
