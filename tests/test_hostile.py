"""Whatever is given as a manifest: a finding or one line of an error, at once, and no traceback."""

import codecs
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Outcome, Run, seconds_of_processor
from tests.machine import in_time
from tests.sound import DOCKERFILE, MANIFEST, manifest_text, write_gear

Lint = Callable[[str | bytes], list[str]]

SECONDS = 1.0
"""No manifest takes longer."""

NOTHING, FOUND, FAILED = 0, 1, 2

OF_MANIFESTS = ("--select", "GL0,GL1,GL2")
"""The rules on manifests alone: these gears have no script and mostly no Dockerfile."""


@pytest.fixture
def quick(check: Run) -> Run:
    """`check`, which must be done in a second, without a traceback, each error in one line."""

    def quick(*arguments: object) -> Outcome:
        with in_time(SECONDS):
            outcome = check("--quiet", *arguments)
        assert "Traceback" not in outcome.stdout + outcome.stderr
        assert all(line.startswith("gearlint: ") for line in outcome.stderr.splitlines())
        assert "internal error" not in outcome.stderr
        assert (outcome.code == FAILED) is bool(outcome.stderr)
        return outcome

    return quick


@pytest.fixture
def lint(quick: Run, tmp_path: Path) -> Lint:
    """The codes found in a manifest of the given text, or with the given members in it."""

    def lint(text: str | bytes) -> list[str]:
        if isinstance(text, str):
            text = (manifest_text(text) if text.startswith('"') else text).encode()
        path = tmp_path / "gear.json"  # by this name, the manifest alone is looked at
        path.write_bytes(text)
        outcome = quick(path)
        assert outcome.code in (NOTHING, FOUND)
        assert (outcome.code == FOUND) is bool(outcome.codes)
        return outcome.codes

    return lint


def image(reference: object, version: str = "1.0.0_2.0.0") -> str:
    builder = {"gear-builder": {"category": "analysis", "image": reference}}
    return f'"version": "{version}",\n"custom": {json.dumps(builder)}'


def option(**keywords: object) -> str:
    return f'"config": {json.dumps({"a": {"description": "An option.", **keywords}})}'


DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("members", "codes"),
    [
        pytest.param(image("localhost:5000/a/b:1.0"), ["GL209"], id="port, other tag"),
        pytest.param(image("localhost:5000/a/b:1.0", "1.0"), ["GL204", "GL209"], id="port, tag"),
        pytest.param(image("localhost:5000/a/b"), ["GL202", "GL209"], id="port, no tag"),
        pytest.param(image(f"me/my-gear@{DIGEST}"), ["GL202"], id="digest"),
        pytest.param(image("[::1]:5000/a/b:1.0.0_2.0.0"), ["GL209"], id="IPv6 and port"),
        pytest.param(image("[::1]/a/b:1.0.0_2.0.0"), ["GL209"], id="IPv6"),
        pytest.param(image("localhost:x/a:1.0.0_2.0.0"), ["GL208"], id="port without digits"),
        pytest.param(image("localhost/a/b:1.0.0_2.0.0"), [], id="registry without a port"),
        pytest.param(image(f"me/my-gear:1.0.0_2.0.0@{DIGEST}"), ["GL209"], id="tag and digest"),
        pytest.param(image(f"me/my-gear:1@{DIGEST}"), ["GL209"], id="other tag and digest"),
        pytest.param(image(f"me/my-gear:@{DIGEST}"), ["GL202"], id="empty tag and digest"),
        pytest.param(image("me/my-gear@sha256:"), ["GL208"], id="no digest"),
        pytest.param(image(5), ["GL103"], id="number"),
        pytest.param(image(True), ["GL103"], id="true"),
        pytest.param(image({}), ["GL103"], id="object"),
        pytest.param(image(":"), ["GL208"], id="colon"),
        pytest.param(image("@"), ["GL208"], id="at"),
        pytest.param(image("/" * 10_000), ["GL208"], id="slashes"),
        pytest.param(image("a" * 1_000_000), ["GL208"], id="long"),
    ],
)
def test_image_of_any_kind(lint: Lint, members: str, codes: list[str]) -> None:
    assert lint(members) == codes


@pytest.mark.parametrize("wrong", ["[]", '[{"a": 1}]', "1", "null", '""', "true"])
@pytest.mark.parametrize("field", ["custom", "config", "inputs", "environment"])
def test_field_that_is_not_an_object_is_reported_once(lint: Lint, field: str, wrong: str) -> None:
    assert lint(f'"{field}": {wrong}') == ["GL103"]


@pytest.mark.parametrize("deep", [101, 990, 1010, 100_000])
@pytest.mark.parametrize(
    "text",
    [
        "[...]",
        '{"a": [...]}',
        '"custom": [...]',
        '"config": {"a": {"type": "array", "default": [...], "description": "Deep."}}',
        '"config": {"a": {"type": "array", "items": [...], "description": "Deep."}}',
    ],
)
def test_nested_arrays(lint: Lint, text: str, deep: int) -> None:
    assert lint(text.replace("[...]", "[" * deep + "]" * deep)) == ["GL004"]


def test_nested_objects(lint: Lint) -> None:
    assert lint('{"a":' * 100_000 + "1" + "}" * 100_000) == ["GL004"]
    assert lint('"config": {"a": ' + '{"items":' * 100_000 + "{}" + "}" * 100_001) == ["GL004"]


def test_nested_arrays_that_are_not_closed(lint: Lint) -> None:
    assert lint("[" * 100_000) in (["GL001"], ["GL004"])
    assert set(lint('{"a": x ' + "[" * 100_000 + "]" * 100_000)) <= {"GL001", "GL004"}


TEXT = json.dumps(MANIFEST, ensure_ascii=False).replace("A. Author", "É. Author")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(codecs.BOM_UTF8 + TEXT.encode(), id="byte order mark"),
        pytest.param(codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), id="UTF-16 LE, mark"),
        pytest.param(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), id="UTF-16 BE, mark"),
        pytest.param(TEXT.encode("utf-16-le"), id="UTF-16 LE"),
        pytest.param(TEXT.encode("utf-16-be"), id="UTF-16 BE"),
        pytest.param(("\r\n" + TEXT).encode("utf-16-le"), id="UTF-16 LE after a newline"),
        pytest.param(codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), id="UTF-32 LE, mark"),
        pytest.param(TEXT.encode("latin-1"), id="Latin-1"),
        pytest.param(codecs.BOM_UTF8, id="byte order mark alone"),
        pytest.param(codecs.BOM_UTF16_LE, id="UTF-16 mark alone"),
        pytest.param(b"\xff" * 100_000, id="no encoding"),
    ],
)
def test_encoding_other_than_utf8(lint: Lint, data: bytes) -> None:
    assert set(lint(data)) <= {"GL001", "GL002"}
    assert "GL002" in lint(data)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("", ["GL001"], id="empty"),
        pytest.param(" \n\t", ["GL001"], id="whitespace"),
        pytest.param("\0" * 1000, ["GL001"], id="NULs"),
        pytest.param("\0" * 15_000_000, ["GL001"], id="many NULs"),
        pytest.param("null", ["GL004"], id="null"),
        pytest.param('"name"', ["GL004"], id="string"),
        pytest.param("1" * 5000, ["GL004"], id="5,000 digits"),
        pytest.param("NaN", ["GL001"], id="NaN alone"),
    ],
)
def test_file_without_an_object(quick: Run, text: str, codes: list[str]) -> None:
    Path("manifest.json").write_text(text)
    outcome = quick(*OF_MANIFESTS, "manifest.json")
    assert (outcome.code, outcome.codes) == (FOUND, codes)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_number_that_json_does_not_have(lint: Lint, number: str) -> None:
    text = f'{{"type": "number", "default": {number}, "description": "How much."}}'
    assert lint(f'"config": {{"a": {text}}}') == ["GL001"]


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" * 10_000, "1e-999", "-0"])
def test_number_that_json_has_and_machines_have_not(lint: Lint, number: str) -> None:
    text = f'{{"type": "number", "minimum": {number}, "default": 1, "description": "How much."}}'
    assert set(lint(f'"config": {{"a": {text}}}')) <= {"GL121"}


def test_key_given_twice(lint: Lint) -> None:
    assert lint('"environment": {"A": "1", "A": "2"}') == ["GL003"]


PATTERNS = ["^(a+)+$", "^(a|a)*$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$"]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("end", ["", "!"])
def test_pattern_that_takes_exponential_time_is_reported_and_not_run(
    lint: Lint, pattern: str, end: str
) -> None:
    letter = "x" if "x" in pattern else "a"
    codes = lint(option(type="string", pattern=pattern, default=letter * 40 + end))
    assert "GL126" in codes
    assert set(codes) <= {"GL121", "GL126"}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_pattern_for_keys_that_takes_exponential_time_is_reported_and_not_run(
    lint: Lint, pattern: str
) -> None:
    items = {"patternProperties": {pattern: {"type": "string"}}, "additionalProperties": False}
    codes = lint(option(type="array", items=items, default=[{"a" * 40 + "!": 1}]))
    assert "GL126" in codes


def test_slow_pattern_costs_no_more_where_it_is_applied_often(lint: Lint) -> None:
    items = {"type": "string", "pattern": "^(a|a)*$"}
    codes = lint(option(type="array", items=items, default=["a" * 40 + "!"] * 100))
    assert set(codes) - {"GL121"} == {"GL126"}


NUMBERS = list(range(3000))
LISTS = [[number] for number in range(5000)]
TAKES_THE_PRODUCT = {
    "choices and items": option(
        type="array", items={"anyOf": [{"enum": [one]} for one in NUMBERS]}, default=NUMBERS
    ),
    "lists in lists": option(type="array", items={"enum": LISTS}, default=LISTS[::-1]),
    "objects to be unlike": option(
        type="array", uniqueItems=True, default=[{"a": number} for number in range(6000)]
    ),
    "references and items": option(
        type="array", items={"allOf": [{"$ref": "#/definitions/x"}] * 4000},
        definitions={"x": {"type": "integer"}}, default=NUMBERS,
    ),
    "options": json.dumps({
        f"o{one}": {"type": "array", "items": {"type": "string"}, "default": ["a"],
                    "description": "x"} for one in NUMBERS
    }),
    "slow patterns": json.dumps({
        f"o{one}": {"type": "string", "pattern": f"a*a*a*a*a*a*b{one}$", "default": "a" * 300,
                    "description": "x"} for one in NUMBERS[:1000]
    }),
    "exponential patterns": json.dumps({
        f"o{one}": {"type": "string", "pattern": f"(a|a)*(b+c?)*{one}$", "default": "a" * 30,
                    "description": "x"} for one in NUMBERS[:1000]
    }),
    "choices that are mixed": option(
        enum=[one if one % 2 else f"a{one}" for one in range(9000)], minimum="x"
    ),
    "choices that are objects": option(enum=[{"a": one} for one in range(6000)], minimum="x"),
    "references one after another": option(
        type="string", default="x",
        allOf=[*({"$ref": f"#/allOf/{one + 1}"} for one in range(6000)), {"type": "string"}],
    ),
    "references that double": option(
        type="string", default="x", allOf=[{"$ref": "#/definitions/a0"}],
        definitions={
            **{f"a{one}": {"allOf": [{"$ref": f"#/definitions/a{one + 1}"}] * 2}
               for one in range(22)}, "a22": {"type": "string"},
        },
    ),
    "choices that double": option(
        type="string", default="x", allOf=[{"$ref": "#/definitions/a0"}],
        definitions={
            **{f"a{one}": {"anyOf": [{"$ref": f"#/definitions/a{one + 1}"}] * 2}
               for one in range(22)}, "a22": {"type": "integer"},
        },
    ),
}  # fmt: skip
"""Config of under 400 kB, where each part is small and all together would take a minute."""


@pytest.mark.parametrize("config", TAKES_THE_PRODUCT.values(), ids=TAKES_THE_PRODUCT)
def test_what_takes_the_product_of_two_comes_to_an_end(tmp_path: Path, config: str) -> None:
    members = config if config.startswith('"config"') else f'"config": {config}'
    write_gear(tmp_path, members)
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert outcome.code in (0, 1)
    assert json.loads(outcome.stdout)["gears"] == 1
    assert seconds < 2


@pytest.mark.parametrize("value", [[1, 1.0], [{"a": [1]}, {"a": [1.0]}], ["a", "b", "a"]])
def test_items_that_are_alike(lint: Lint, value: object) -> None:
    assert lint(option(type="array", uniqueItems=True, default=value)) == ["GL121"]


@pytest.mark.parametrize("value", [[1, True, "1", None, [1], {"a": 1}], [0, False, ""], []])
def test_items_that_are_not_alike(lint: Lint, value: object) -> None:
    assert lint(option(type="array", uniqueItems=True, default=value)) == []


def test_pattern_beside_a_draft_of_its_own_is_not_run_either(lint: Lint) -> None:
    items = {"$schema": "http://json-schema.org/draft-07/schema#", "pattern": "^(a+)+$"}
    reported = lint(option(type="array", items=items, default=["a" * 40 + "!"]))
    assert "GL126" in reported
    assert "GL121" not in reported


def test_script_that_is_not_python_is_not_taken_apart(tmp_path: Path) -> None:
    write_gear(tmp_path)
    script = "#!/usr/bin/env python3\n# gearlint: ignore[GL404]\n" + '"\\' * 20_000
    (tmp_path / "run.py").write_text(script)
    seconds, outcome = seconds_of_processor("check", tmp_path)
    assert "GL006" in outcome.stdout
    assert seconds < 2


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a socket or looks up a name fails."""

    def refuse(*arguments: object, **options: object) -> None:
        pytest.fail("something was to be fetched")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:1/schema.json",
        "https://example.org/schema.json#/definitions/a",
        "http://json-schema.org/draft-04/schema#",
        "ftp://example.org/a",
        "//example.org/a",
        "file:///etc/passwd",
        "other.json",
        "urn:a",
        "",
    ],
)
@pytest.mark.parametrize("base", [None, "http://localhost:1/"])
def test_reference_that_leaves_the_snippet_is_reported_and_not_followed(
    lint: Lint, address: str, base: str | None
) -> None:
    given = {"type": "integer", "default": 1} | ({"id": base} if base else {})
    assert lint(option(**given, **{"$ref": address})) == ["GL130"]
    assert lint(option(**given, allOf=[{"$ref": address}])) == ["GL130"]
    file = {"base": "file", "description": "A file.", "type": {"$ref": address}}
    assert lint(f'"inputs": {json.dumps({"a": file})}') == ["GL130"]


@pytest.mark.usefixtures("no_network")
def test_base_address_alone_is_not_fetched(lint: Lint) -> None:
    inside = {"id": "http://localhost:1/b", "allOf": [{"$ref": "#/definitions/c"}]}
    snippet = {
        "id": "http://localhost:1/a",
        "$schema": "http://localhost:1/schema",
        "type": "array",
        "items": inside,
        "default": [1],
        "definitions": {"c": {"type": "integer"}},
    }
    assert set(lint(option(**snippet))) <= {"GL130"}


LOOP = {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}


@pytest.mark.parametrize(
    "snippet",
    [
        pytest.param({"$ref": "#"}, id="itself"),
        pytest.param({"allOf": [{"$ref": "#"}]}, id="itself in allOf"),
        pytest.param({"not": {"$ref": "#"}}, id="itself in not"),
        pytest.param({"$ref": "#/definitions/a", "definitions": LOOP}, id="each other"),
        pytest.param({"anyOf": [{"$ref": "#/definitions/a"}], "definitions": LOOP}, id="in anyOf"),
        pytest.param({"$ref": "#/$ref"}, id="its own text"),
        pytest.param({"items": {"$ref": "#/items"}}, id="items"),
        pytest.param({"items": {"allOf": [{"$ref": "#/items"}]}}, id="items in allOf"),
        pytest.param({"dependencies": {"a": {"$ref": "#/dependencies/a"}}}, id="dependencies"),
    ],
)
def test_reference_that_never_ends(lint: Lint, snippet: dict[str, object]) -> None:
    assert set(lint(option(type="array", default=[[1]], **snippet))) == {"GL130"}


def test_schema_that_holds_itself_is_not_a_loop(lint: Lint) -> None:
    tree = {"type": "array", "items": {"$ref": "#"}, "default": [[], [[]]]}
    assert lint(option(**tree)) == []
    assert lint(option(**tree | {"default": [[], [1]]})) == ["GL121"]


@pytest.mark.parametrize("reference", [None, 1, True, [], {}, ["#"], {"$ref": "#"}])
def test_reference_that_is_not_text(lint: Lint, reference: object) -> None:
    # Flywheel's validator fails on it with a traceback.
    assert lint(option(type="integer", default=1, **{"$ref": reference})) == ["GL130"]


@pytest.mark.parametrize(
    ("value", "factor"), [(10**400, 0.1), (0.5, 10**400), (1e308, 5e-324), (10**400, 3)]
)
def test_multiple_of_what_machines_cannot_divide(lint: Lint, value: float, factor: float) -> None:
    assert set(lint(option(type="number", default=value, multipleOf=factor))) <= {"GL121"}


@pytest.mark.parametrize(
    "reference", ["#/definitions", "#/%", "#/~", "#/~2", "#a", "#//", "#/definitions/a", "#/0"]
)
def test_reference_to_nothing(lint: Lint, reference: str) -> None:
    assert lint(option(type="integer", default=1, **{"$ref": reference})) == ["GL130"]


# Shell text without an end, or nearly so.

CALLS = "".join(f"f{number}() {{ f{number + 1}; }}; " for number in range(400))
IN_ITSELF = r'ENV A="sh -c \"\$A\""' + "\n"
RUNS_SH = DOCKERFILE.replace('["python", "/flywheel/v0/run.py"]', '["/flywheel/v0/run.sh"]')
RUNS_SH = RUNS_SH.replace("run.py", "run.py run.sh")
TWICE = "".join(f"f{number}() {{ f{number + 1}; f{number + 1}; }}; " for number in range(28))
LOOPS = "for i in 1 2; do " * 25 + "A=1; " + "done; " * 25
ENDLESS = {
    "RUN of a text that starts itself": (IN_ITSELF + 'RUN sh -c "$A"\n', "", ""),
    "ENTRYPOINT of a text that starts itself": (IN_ITSELF + 'ENTRYPOINT sh -c "$A"\n', "", ""),
    "command that starts itself": (
        "", '"environment": {"A": "sh -c \\"$A\\""},\n"command": "sh -c \\"$A\\""', ""
    ),
    "script with a text that starts itself": ("", "", "A='sh -c \"$A\"'\nsh -c \"$A\"\n"),
    "script that sources itself": ("RUN . ./run.sh\n", "", ". ./run.sh\n"),
    "test that is negated again and again": (f"RUN [ {'! ' * 3000}x ] && touch a\n", "", ""),
    "RUN of loops in one another": (f"RUN {LOOPS}\n", "", ""),
    "RUN of functions that call the next one twice": (f"RUN {TWICE}f0\n", "", ""),
    "RUN of functions that call one another": (f"RUN {CALLS}f0\n", "", ""),
}  # fmt: skip
"""What is added to the Dockerfile, the manifest and a shell script that is started."""


@pytest.mark.parametrize(("lines", "members", "script"), ENDLESS.values(), ids=ENDLESS)
def test_shell_text_without_an_end(
    quick: Run, tmp_path: Path, lines: str, members: str, script: str
) -> None:
    write_gear(tmp_path, members)
    (tmp_path / "Dockerfile").write_text((RUNS_SH if script else DOCKERFILE) + lines)
    (tmp_path / "run.sh").write_text("#!/bin/sh\n" + script)
    (tmp_path / "run.sh").chmod(0o755)
    assert quick(tmp_path).code != FAILED


def test_path_that_no_file_has(quick: Run, tmp_path: Path) -> None:
    write_gear(tmp_path, r'"command": "./\ud800/run.py"')
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.replace("run.py manifest.json", "."))
    assert quick(tmp_path).codes == ["GL402"]


def test_image_that_cannot_be_modelled_is_tried_and_reported_once(
    check: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistakes_of_rules: list[str]
) -> None:
    tried: list[object] = []

    def build(*arguments: object) -> None:
        tried.append(arguments)
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("gearlint.image.build.build", build)
    write_gear(tmp_path, '"label": ""')
    outcome = check("--quiet", "--select", "ALL", tmp_path)
    assert (outcome.code, outcome.codes) == (FAILED, ["GL108"])
    assert len(outcome.stderr.splitlines()) == len(tried) == 1
    assert outcome.stderr.endswith("ZeroDivisionError: by nothing\n")
    mistakes_of_rules.clear()


# Files that are not files.


def test_manifest_of_50_mb_is_reported_and_not_read(quick: Run, tmp_path: Path) -> None:
    path = write_gear(tmp_path)
    os.truncate(path, 50_000_000)
    outcome = quick(*OF_MANIFESTS, path)
    assert (outcome.code, outcome.codes) == (FOUND, ["GL007"])
    assert "50 MB" in outcome.findings[0]["message"]


def test_manifest_of_50_mb_in_a_directory_counts_beside_a_dockerfile(
    quick: Run, tmp_path: Path
) -> None:
    os.truncate(write_gear(tmp_path), 50_000_000)
    (tmp_path / "Dockerfile").unlink()
    assert quick(tmp_path).code == FAILED
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    assert quick(*OF_MANIFESTS, tmp_path).codes == ["GL007"]


@pytest.mark.parametrize(
    ("lines", "has"),
    [
        ("\n" * 10_000, "10005 lines and is not checked, expected at most 10000"),
        (f"# {'a' * 1_200_000}\n", "1.2 MB and is not checked, expected at most 1 MB"),
        (f"ENV {'a=b ' * 30_001}\n", "too many words in lists, or variables, and is not checked"),
    ],
)
def test_dockerfile_that_is_too_long_is_reported_and_not_read(
    lines: str, has: str, quick: Run, tmp_path: Path
) -> None:
    write_gear(tmp_path)
    path = tmp_path / "Dockerfile"
    path.write_text(path.read_text() + lines)
    (found,) = quick("--select", "GL007,GL3", tmp_path).findings
    assert (found["code"], found["severity"]) == ("GL007", "warning")
    assert str(found["message"]).startswith(f"the Dockerfile has {has}")


def made(kind: str, directory: Path) -> Path:
    """Something called `manifest.json` that cannot be read, in a gear's directory."""
    gear = directory / "repository" / "gear"
    gear.mkdir(parents=True)
    (directory / "repository" / ".git").mkdir()
    (gear / "Dockerfile").touch()
    path = gear / "manifest.json"
    match kind:
        case "directory":
            path.mkdir()
        case "dangling link":
            path.symlink_to("missing.json")
        case "loop of links":
            path.symlink_to("manifest.json")
        case "link out of the repository":
            path.symlink_to(write_gear(directory / "elsewhere"))
        case "link to a device":
            path.symlink_to("/dev/zero")
        case "FIFO":
            os.mkfifo(path)
        case "socket":
            with socket.socket(socket.AF_UNIX) as one:
                here = Path.cwd()
                os.chdir(gear)  # the path of a socket has at most 107 bytes
                one.bind("manifest.json")
                os.chdir(here)
    return path


KINDS = {
    "directory": "is a directory",
    "dangling link": "which does not exist",
    "loop of links": "",
    "link out of the repository": "leads out of the repository",
    "link to a device": "leads out of the repository",
    "FIFO": "is not a regular file",
    "socket": "is not a regular file",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("named", ["manifest.json", ".", "Dockerfile"])
def test_manifest_that_is_not_a_readable_file(
    quick: Run, tmp_path: Path, kind: str, named: str
) -> None:
    path = made(kind, tmp_path)
    outcome = quick(path.parent / named)
    assert (outcome.code, outcome.findings) == (FAILED, [])
    assert len(outcome.stderr.splitlines()) == 1
    # A directory that is named is looked through, whatever it is called.
    reported = "no gear found" if kind == "directory" and named == "manifest.json" else KINDS[kind]
    assert reported in outcome.stderr
    assert "manifest.json: " in outcome.stderr


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "directory"])
def test_manifest_that_is_not_a_readable_file_is_reported_to_the_hook_too(
    quick: Run, tmp_path: Path, kind: str
) -> None:
    path = made(kind, tmp_path)
    outcome = quick("--changed-files", path.parent / "Dockerfile")
    assert outcome.code == FAILED
    assert len(outcome.stderr.splitlines()) == 1


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A temporary directory that every user can enter, unlike `tmp_path`."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        directory.chmod(0o755)
        yield directory


# Checks the gear of its first argument, which imports all that is needed and may not be readable
# for another user; then, as `nobody` if it is root, checks its second.
AS_NOBODY = """
import os, sys, time
from gearlint.cli.main import main

main(["check", "--quiet", "--select", "GL0,GL1,GL2", sys.argv[1]])
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
start = time.process_time()
code = main(["check", "--quiet", sys.argv[2]])
assert time.process_time() - start < 1
sys.exit(code)
"""


@pytest.mark.parametrize("named", ["gear/manifest.json", "gear", "gear/Dockerfile"])
@pytest.mark.parametrize("closed", ["gear/manifest.json", "gear"])
def test_manifest_that_may_not_be_read(open_directory: Path, named: str, closed: str) -> None:
    sound, path = write_gear(open_directory / "sound"), write_gear(open_directory / "gear")
    (path.parent / "Dockerfile").touch()
    (open_directory / closed).chmod(0)
    try:
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, sound, named],
            cwd=open_directory,
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        (open_directory / closed).chmod(0o755)
    assert (done.returncode, done.stdout) == (FAILED, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("gearlint: gear")
    if (named, closed) != ("gear/Dockerfile", "gear"):  # whether that file is there, nobody sees
        assert "Permission denied" in done.stderr


@pytest.mark.parametrize(
    "path", ["missing", "missing.json", "missing/manifest.json", "missing/Dockerfile", "a\nb", ""]
)
def test_path_that_does_not_exist(quick: Run, path: str) -> None:
    outcome = quick(path)
    assert (outcome.code, outcome.findings) == (FAILED, [])
    assert len(outcome.stderr.splitlines()) == 1
    assert "no such file or directory" in outcome.stderr


@pytest.mark.parametrize("files", [(), ("README.md",), ("Dockerfile",), ("a/b/c.json",)])
def test_directory_without_a_gear(quick: Run, tmp_path: Path, files: tuple[str, ...]) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    outcome = quick(tmp_path)
    assert (outcome.code, outcome.findings) == (FAILED, [])
    assert "no gear found" in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1


# Manifests of others.

WEB_EXTENSION = {"manifest_version": 3, "name": "Ext", "version": "1.0", "permissions": ["tabs"]}
WEB_APPLICATION = {
    "name": "App",
    "short_name": "App",
    "start_url": "/",
    "icons": [{"src": "a.png"}],
}


@pytest.mark.parametrize("other", [WEB_EXTENSION, WEB_APPLICATION], ids=["extension", "PWA"])
@pytest.mark.parametrize("has_dockerfile", [True, False])
def test_manifest_of_the_web_is_passed_over(
    quick: Run, tmp_path: Path, other: dict[str, object], has_dockerfile: bool
) -> None:
    write_gear(tmp_path / "gear")
    web = tmp_path / "web"
    web.mkdir()
    (web / "manifest.json").write_text(json.dumps(other))
    if has_dockerfile:
        (web / "Dockerfile").write_text("FROM scratch\n")
    assert quick(*OF_MANIFESTS, tmp_path).code == NOTHING
    outcome = quick(web)
    assert (outcome.code, outcome.findings) == (FAILED, [])
    assert "no gear found" in outcome.stderr


@pytest.mark.parametrize("text", ['{"name": "my-gear",}', "", "[]", "\ufeff{", "[" * 100_000])
def test_broken_manifest_beside_a_dockerfile_is_not_passed_over(
    quick: Run, tmp_path: Path, text: str
) -> None:
    write_gear(tmp_path / "sound")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "manifest.json").write_text(text, encoding="utf-8")
    assert quick(*OF_MANIFESTS, tmp_path).code == NOTHING
    (broken / "Dockerfile").write_text("FROM scratch\n")
    outcome = quick(*OF_MANIFESTS, tmp_path)
    assert outcome.code == FOUND
    assert {Path(found["path"]).parent.name for found in outcome.findings} == {"broken"}


# What a clean gear costs.

HEAVY = (
    "dataclasses", "git", "importlib.resources", "inspect", "jsonschema", "packaging", "parso",
    "pathspec", "referencing", "regex", "rich", "tomllib", "tree_sitter", "typing",
)  # fmt: skip
IMPORTED = f"""
import sys
before = set(sys.modules)  # what this environment imports of its own
from gearlint.cli.main import main

code = main(["check", *{OF_MANIFESTS!r}, *sys.argv[1:]])
print([name for name in {HEAVY!r} if name in sys.modules and name not in before])
sys.exit(code)
"""
IMAGE = '{"image": {"base": "file", "description": "The image."}}'
FILES_BESIDE = {
    ".gitignore": "# nothing of a gear\n*.pyc\n__pycache__/\n/dist\n!keep.me\nbuild/**/out\n",
    "pyproject.toml": '[project]\nname = "my-gear"\n\n[tool.ruff]\nline-length = 100\n',
}


@pytest.mark.parametrize("beside", [(), *((name,) for name in FILES_BESIDE), tuple(FILES_BESIDE)])
@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
def test_check_of_a_clean_gear_imports_nothing_that_costs(
    tmp_path: Path, beside: tuple[str, ...], output_format: str
) -> None:
    write_gear(tmp_path)
    (tmp_path / ".git").mkdir()
    for name in beside:
        (tmp_path / name).write_text(FILES_BESIDE[name])
    command = [sys.executable, "-c", IMPORTED, "--output-format", output_format, "."]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == NOTHING, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_names_are_compared_only_where_one_is_wrong(tmp_path: Path) -> None:
    program = "import sys; from gearlint.cli.main import main; main(['check', sys.argv[1]]); "
    program += "print('difflib' in sys.modules)"
    for inputs, is_compared in (("{}", False), (IMAGE, False), (IMAGE.replace("fil", "fli"), True)):
        write_gear(tmp_path, f'"inputs": {inputs}')
        command = [sys.executable, "-c", program, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.stdout.splitlines()[-1] == str(is_compared), done.stderr


def test_an_option_that_fits_its_snippet_takes_no_jsonschema(tmp_path: Path) -> None:
    size = '{"type": "array", "items": {"type": "integer", "minimum": 0}, "maxItems": 3'
    described = '"description": "The size.", "default": [3, 3, 1]}'
    write_gear(tmp_path, f'"config": {{"size": {size}, {described}}}')
    command = [sys.executable, "-c", IMPORTED, "."]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == NOTHING, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_plain_faults_of_the_schema_take_no_jsonschema(tmp_path: Path) -> None:
    write_gear(
        tmp_path,
        '"name": "My gear",\n"maintainer": 7,\n"license": "mine",\n"lable": "",\n'
        '"inputs": {"image": {"base": "fil", "description": "The image."}},\n'
        '"config": {"size": {"type": "integer", "default": "3", "description": "The size."}}',
    )
    command = [sys.executable, "-c", IMPORTED, "."]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == FOUND, done.stdout + done.stderr
    for code in ("GL102", "GL103", "GL104", "GL106", "GL121", "GL131"):
        assert code in done.stdout
    assert "jsonschema" not in done.stdout.splitlines()[-1]
