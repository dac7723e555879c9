"""What README and docs say is true."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from gearlint.engine.settings import Settings
from tests.conftest import Run
from tests.readme import PARTS, PICTURE, README, ROOT, part, picture
from tests.sound import MANIFEST, write_gear

TEXT = README.read_text(encoding="utf-8")
DOCS = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}
OURS = "\n".join([TEXT, *(DOCS[name] for name in ("bump.md", "explain.md", "hooks.md"))])


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path, names in PARTS.items() for name in names]
)
def test_generated_parts_are_current(path: Path, name: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert part(text, name) == PARTS[path][name](), "run `make readme`"


def test_picture_is_of_the_real_output() -> None:
    assert PICTURE.read_text(encoding="utf-8") == picture(), "run `make readme`"


def test_readme_is_short() -> None:
    assert len(TEXT.splitlines()) < 300


def test_links_lead_somewhere() -> None:
    for name, text in {"README.md": TEXT, **{f"docs/{key}": DOCS[key] for key in DOCS}}.items():
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            if ":" not in target:
                assert (ROOT / name).parent.joinpath(target).exists(), f"{name}: {target}"


def test_settings_example_holds_every_setting_and_is_read(tmp_path: Path, run: Run) -> None:
    example = part(DOCS["settings.md"], "settings").removeprefix("```toml\n").removesuffix("```\n")
    keys = set(tomllib.loads(example)["tool"]["gearlint"])
    assert keys == {f.replace("_", "-") for f in Settings._fields} - {"base", "file", "given"}
    (tmp_path / "pyproject.toml").write_text(example)
    assert run("config", tmp_path).code == 0


def test_suppression_example_suppresses(tmp_path: Path, check: Run) -> None:
    (example,) = re.findall(r'```json\n("custom".*?)\n```', TEXT, re.DOTALL)
    custom = {**json.loads(f"{{{example}}}")["custom"], **dict(MANIFEST)["custom"]}  # type: ignore[dict-item]
    members = f'"custom": {json.dumps(custom)},\n"inputs": {{"image": {{"base": "file"}}}}'
    write_gear(tmp_path, members)
    assert check(tmp_path).codes == []


def test_options_it_names_exist(run: Run) -> None:
    text = re.sub(r"(?:git|pre-commit) [^\n`]*", "", OURS)
    commands = ("check", "explain", "bump", "tag", "version", "rule", "config")
    help_texts = "".join(run(command, "--help").stdout for command in commands)
    assert "--to" in options(text)
    assert options(text) <= options(help_texts)


def options(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))


def test_hooks_it_names_exist() -> None:
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    named = {*re.findall(r"- id: (\S+)", OURS), *re.findall(r"hook\s+`([\w-]+)`", OURS)}
    assert named >= {"gearlint", "gearlint-release"}
    assert named <= {*re.findall(r"- id: (\S+)", hooks)}


def test_changelog_names_every_rule() -> None:
    from gearlint.rules import RULES

    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    named = set()
    for first, last in re.findall(r"GL(\d{3})(?:-GL(\d{3}))?", changelog):
        named |= set(range(int(first), int(last or first) + 1))
    assert {int(code[2:]) for code in RULES} <= named
