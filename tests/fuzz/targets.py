"""What is fuzzed: for each target, how an input is made, and what must hold of it.

An input is the files of a gear that differ from the sound one, or the text for one small reader.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

from gearlint.core.errors import GearlintError, TooMuchError
from gearlint.core.finding import applied
from gearlint.core.globs import any_matches
from gearlint.core.source import Source
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.engine import discovery
from gearlint.engine.discovery import PassedOver
from gearlint.engine.gears import SettingsFinder
from gearlint.gear import schema
from gearlint.gear.changelog import Changelog
from gearlint.gear.edits.dockerfile import software_raised
from gearlint.gear.gear import Gear
from gearlint.gear.manifest import Json, Manifest, Path
from gearlint.image.context import Context
from gearlint.release.next_version import PastReleases, Request, release_of
from gearlint.release.order import order_by
from gearlint.release.plan import PlannedChanges, add_changes
from gearlint.release.tags import Naming, newest_release
from gearlint.syntax import image_reference, patterns
from gearlint.syntax.dockerfile import Dockerfile, Instruction
from gearlint.syntax.dockerfile.faults import faults_of
from gearlint.syntax.gitignore import GitIgnore
from gearlint.syntax.go_glob import glob_pattern
from gearlint.syntax.jsontext import Node, causes
from gearlint.syntax.shell import command_line, expansion
from gearlint.syntax.version import FORMATS, LEVELS, GearVersion, is_same, is_swapped, raised
from gearlint.syntax.version_order import (
    Order,
    flywheel_order,
    is_older,
    order_by_parts,
    sorts_above,
)
from tests.fuzz import grammar, large, seeds
from tests.fuzz.limits import restart
from tests.fuzz.mutation import JsonMutator, Mutator
from tests.fuzz.properties import (
    assert_concise,
    assert_document,
    assert_inside,
    assert_plain,
    assert_reports,
    assert_sound,
)
from tests.fuzz.seeds import Files
from tests.fuzz.workplace import Workplace
from tests.sound import manifest_text


class Target(NamedTuple):
    """What is fuzzed: `make` makes an input by chance, `check` raises where it does harm.

    `share` is the part of all inputs that this target gets, in thousandths.
    """

    name: str
    share: int
    make: Callable[[Random], Files]
    check: Callable[[Files], None]


def targets(place: Workplace) -> list[Target]:
    """All of them; gears are made in the given workplace."""
    manifest = Mutator(seeds.manifests(), MANIFEST_WORDS)
    valid = [text for text in seeds.manifests() if isinstance(_value(text), dict)]
    values = JsonMutator(valid, STRINGS)
    dockerfile = Mutator(seeds.dockerfiles(), DOCKERFILE_WORDS)
    script = Mutator(seeds.scripts(), SCRIPT_WORDS)
    shell_line = Mutator(seeds.shell_lines(), SHELL_WORDS)
    toml = Mutator(SETTINGS, SETTINGS_WORDS)
    ignore = Mutator(IGNORE_FILES, IGNORE_WORDS)
    text = Mutator(TEXTS, [])
    software = Mutator([*seeds.dockerfiles(), *SOFTWARE], SOFTWARE_WORDS)
    released = Mutator([manifest_text().encode(), *valid], STRINGS_OF_VERSIONS)
    files = {"manifest.json": manifest.made, "Dockerfile": dockerfile.made, "run.py": script.made,
             ".dockerignore": ignore.made}  # fmt: skip

    def one(name: str, make: Callable[[Random], bytes]) -> Callable[[Random], Files]:
        return lambda random: {name: make(random)}

    def started(random: Random) -> Files:
        line = shell_line.made(random).decode("utf-8", "replace")
        return {"manifest.json": _with_command(valid, random, line)}

    def whole(random: Random) -> Files:
        gear = dict(random.choice(seeds.gears()))
        for name in random.sample(sorted(files), random.randint(1, 3)):
            gear[name] = files[name](random)
        return gear | {"gearlint.toml": toml.made(random)} if random.random() < 0.1 else gear

    def called(random: Random) -> Files:
        options = [random.choice(choices) for choices in OPTIONS]
        chosen = {"options": "\n".join(filter(None, options)).encode()}
        return whole(random) | chosen | {"name": random.choice(DIRECTORIES)}

    return [
        Target("version", 150, one("text", Mutator(VERSIONS, []).made), check_version),
        Target("reference", 165, one("text", Mutator(REFERENCES, []).made), check_reference),
        Target("shell", 160, one("text", shell_line.made), check_shell),
        Target("dockerfile-reader", 100, one("text", dockerfile.made), check_dockerfile),
        Target("manifest-reader", 70, one("text", manifest.made), check_manifest),
        Target("tags", 30, one("text", Mutator(TAGS, []).made), check_tags),
        Target("changelog", 10, one("text", Mutator(CHANGELOGS, []).made), check_changelog),
        Target("software", 10, one("text", software.made), check_software),
        Target("bump", 15, one("text", released.made), check_bump),
        Target("pattern", 15, one("text", Mutator(PATTERNS, []).made), check_pattern),
        Target("glob", 40, one("text", Mutator(GLOBS, []).made), check_glob),
        Target("dockerignore", 40, one(".dockerignore", ignore.made), place_check(place, _docker)),
        Target("gitignore", 30, one(".gitignore", ignore.made), place_check(place, _git)),
        Target("settings", 40, one("gearlint.toml", toml.made), place_check(place, check_settings)),
        Target("manifest", 20, one("manifest.json", manifest.made), place.check),
        Target("manifest-values", 25, one("manifest.json", values.made), place.check),
        Target("command-line", 10, started, place.check),
        Target("dockerfile", 20, one("Dockerfile", dockerfile.made), place.check),
        Target("script", 15, one("run.py", script.made), place.check),
        Target("gear", 9, whole, place.check),
        Target("grammar", 20, grammar.gear, place.check),
        Target("command", 5, called, lambda files: check_command(place, files)),
        Target(
            "large",
            1,
            large.made(manifest, values, dockerfile, script, ignore, toml, text),
            lambda files: check_large(place, files),
        ),
    ]


def place_check(place: Workplace, check: Callable[[Workplace], None]) -> Callable[[Files], None]:
    """The check of a gear in whose place the files of the input are."""

    def put_and_check(files: Files) -> None:
        place.put(files)
        check(place)

    return put_and_check


# --- the small readers


def _text(files: Files) -> str:
    return files["text"].decode("utf-8", "surrogateescape")


_REVERSED = {
    Order.BELOW: Order.ABOVE,
    Order.EQUAL: Order.EQUAL,
    Order.ABOVE: Order.BELOW,
    Order.UNDEFINED: Order.UNDEFINED,
}


def check_version(files: Files) -> None:
    """Two versions: each is taken apart, and their order is the same from both sides."""
    one, _, other = _text(files).partition("\n")
    for kind in FORMATS:
        version = GearVersion(one, kind)
        assert "_".join(version.parts) == one
        named = [text for _, text in version.named_parts]
        assert named + version.extra_parts == version.parts
        assert version.gear_part in version.parts
        assert version.pre_release in one
        assert sorted(version.swapped.split("_")) == sorted(version.parts)
        is_swapped(version, other)
    assert flywheel_order(one, other) is _REVERSED[flywheel_order(other, one)]
    assert flywheel_order(one, one) in (Order.EQUAL, Order.UNDEFINED)
    assert is_same(one, other) == is_same(other, one)
    assert order_by_parts(one, other) is _REVERSED[order_by_parts(other, one)]
    assert not (sorts_above(one, other) and sorts_above(other, one))
    assert not (is_older(one, other) and is_older(other, one))
    for level in LEVELS:
        higher = raised(one, level)
        assert higher is None or (sorts_above(higher, one) and raised(higher, level))


_NAMELESS = Gear(Manifest(Source("manifest.json", b"{}")), "/nowhere")


def check_tags(files: Files) -> None:
    """Tags are read as a gear's or not, and its next one is of the form that was found."""
    name, _, text = _text(files).partition("\n")
    tags = [tag for tag in text.split("\n") if tag]
    for naming in (Naming(name), Naming(name, ("qc-extra", "x"), is_alone=False)):
        form = naming.form_in_use(tags)
        versions = [own.version_in(tag) for tag in tags if (own := naming.form_of(tag))]
        assert None not in versions
        assert order_by(_NAMELESS, filter(None, versions)).version_format in FORMATS
        newest = newest_release(version for version in versions if version)
        assert newest is None or newest in versions
        assert form.version_in(form.tag(GearVersion("9.9.9", "gear"))) == "9.9.9"


def check_changelog(files: Files) -> None:
    """A CHANGELOG gets a heading that names the version, and keeps all but the end of a link."""
    source = Source("CHANGELOG.md", files["text"])
    edits = sorted(Changelog(source).released("9.8.7_6.5.4", "9.8.7", "2026-01-01").edits)
    after = applied(source.data, edits)
    lost = sum(edit.end - edit.start for edit in edits)
    assert len(after) == len(source.data) - lost + sum(len(edit.replacement) for edit in edits)
    assert not edits or Changelog(Source("CHANGELOG.md", after)).names("9.8.7_6.5.4")


def check_software(files: Files) -> None:
    """A new version of the software takes the place of the old one, and of nothing else."""
    source = Source("Dockerfile", files["text"])
    edits, _ = software_raised(Dockerfile(source), "1.0.0", "1.1.0")
    for edit in edits:
        assert source.data[edit.start : edit.end] == b"1.0.0"
    changed = Source("Dockerfile", applied(source.data, sorted(edits)))
    names = [[step.name for step in Dockerfile(one).instructions] for one in (source, changed)]
    assert names[0] == names[1]


def check_bump(files: Files) -> None:
    """A bump is refused in a line, or changes the version and the tags of the image alone."""
    manifest = Manifest(Source("manifest.json", files["text"]))
    changes = PlannedChanges()
    try:
        gear = Gear(manifest, "/nowhere")
        release = release_of(gear, Request(gear="patch"), PastReleases(order_by(gear, ())))
        add_changes(changes, release, gear, [], "2026-01-01")
    except GearlintError as error:
        assert_plain(str(error))
        return
    (change,) = changes.by_path.values()
    new = Manifest(Source("manifest.json", change.after))
    assert new.value == _with_version(manifest.value, release.old.text, release.new.text)


def _with_version(value: Json, old: str, new: str) -> Json:
    assert isinstance(value, dict)
    copied: dict[str, Any] = json.loads(json.dumps(value))
    copied["version"] = new
    custom = copied.get("custom")
    for where, key in ((custom, "docker-image"), ((custom or {}).get("gear-builder"), "image")):
        if isinstance(where, dict) and isinstance(where.get(key), str):
            where[key] = where[key].removesuffix(old) + new
    return copied


def check_reference(files: Files) -> None:
    """The parts of an image reference are where it says, and make up a legal one again."""
    text = _text(files)
    found = image_reference.parse(text)
    for part in (found.repository, found.tag, found.fault_at):
        if part is not None:
            assert text[part.start : part.end] == part.text
    assert_plain(found.name) if not found.fault else None
    pieces = [f"{found.registry}/" if found.registry is not None else "", found.repository.text]
    pieces += [f":{found.tag.text}" if found.tag else ""]
    pieces += [f"@{found.digest}" if found.digest is not None else ""]
    assert "".join(pieces) == text
    image_reference.is_tag(text)


def check_shell(files: Files) -> None:
    """The commands of a line lie in it, and so does a fault."""
    text = _text(files)

    def lookup(name: str) -> str | Unknown | None:
        return {"HOME": "/root", "PATH": "/bin", "x": " a b* "}.get(name, UNKNOWN)

    found = command_line.parse(text)
    assert found.known is (found.fault is None) or not found.known
    for command in found.commands:
        assert_inside(command.span, len(text))
        for word in command.words:
            assert_inside(word.span, len(text))
            expansion.expand(word, lookup)
            expansion.value(word, lookup)
        for redirection in command.redirections:
            assert_inside(redirection.target.span, len(text))
    if found.fault:
        assert_inside(found.fault.span, len(text))
    if command_line.is_plain(text):
        assert text.split()


def check_dockerfile(files: Files) -> None:
    """Instructions, words, comments and faults lie in the file, instructions one after another."""
    data = files["text"]
    dockerfile = Dockerfile(Source("Dockerfile", data))
    for instruction in dockerfile.instructions:
        _assert_instruction(instruction, len(data))
    for one, other in pairwise(dockerfile.instructions):
        assert one.span.end <= other.span.start
        assert one.end_line < other.start_line
    for comment in dockerfile.comments:
        assert_inside(comment.span, len(data))
    for fault in faults_of(dockerfile):
        assert_inside(fault.span, len(data))


def _assert_instruction(instruction: Instruction, size: int) -> None:
    assert_inside(instruction.span, size)
    assert_inside(instruction.name_span, size)
    assert_inside(instruction.span_of(0, len(instruction.value)), size)
    pairs = [word for pair in instruction.pairs for word in pair if word is not None]
    for span in [one.span for one in (*instruction.words, *pairs)]:
        assert_inside(span, size)
    for flag in instruction.flags:
        assert_inside(flag.span, size)
    for heredoc in instruction.heredocs:
        assert_inside(heredoc.body, size)
    if instruction.trigger is not None:
        _assert_instruction(instruction.trigger, size)


def check_manifest(files: Files) -> None:
    """Each value of a manifest is where its position says, and what is no JSON has a place."""
    data = files["text"]
    manifest = Manifest(Source("manifest.json", data))
    document = manifest.document
    found = causes(data, manifest.source.text_start)
    for fault in (*document.faults, *found):
        assert_inside(fault.span, len(data))
    assert bool(found) == bool(document.faults)

    if manifest.value is None:
        return
    assert not document.faults
    _assert_positions(manifest, document.root, manifest.value)
    if isinstance(manifest.value, dict):
        for broken in schema.faults(manifest.value):
            assert_inside(manifest.span(broken.path), len(data))


def _assert_positions(manifest: Manifest, root: Node, value: Json) -> None:
    pending: list[tuple[Node, Json, Path]] = [(root, value, ())]
    while pending:
        node, value, path = pending.pop()
        text = manifest.source.data[node.span.start : node.span.end].decode()
        if isinstance(value, dict):
            assert text[0] + text[-1] == "{}"
            assert node.members.keys() == value.keys()
            pending += [(node.members[key], value[key], (*path, key)) for key in value]
        elif isinstance(value, list):
            assert text[0] + text[-1] == "[]"
            assert len(node.items) == len(value)
            pending += [
                (item, value[index], (*path, index)) for index, item in enumerate(node.items)
            ]
        elif len(text) < 1000:
            assert json.loads(text) == value
        if node.key is not None:
            key = manifest.source.data[node.key.start : node.key.end]
            assert json.loads(key) == path[-1]


def check_pattern(files: Files) -> None:
    """A pattern is judged, and a text matched with it, in time."""
    pattern, _, text = _text(files).partition("\n")
    error = patterns.syntax_error(pattern)
    if error is not None:
        assert_plain(error)
        assert not patterns.analysed(pattern)[0]
    patterns.analysed(pattern)
    patterns.matches(pattern, text)


def check_glob(files: Files) -> None:
    """A glob is matched with a path, as settings and as Docker have it."""
    glob, _, path = _text(files).partition("\n")
    any_matches((glob,), path)
    glob_pattern.cache_clear()
    for part in glob.split("/"):
        glob_pattern(part).match(path)


# --- gears


PLACES = ("run.py", "a", "a/b/c.txt", "data/x.txt", "data", ".git/config", "a/.b", "é/ /x\\y", "**")


def _docker(place: Workplace) -> None:
    context = Context(str(place.gear), place.root)
    for path in PLACES:
        with suppress(TooMuchError):
            context.is_ignored(path)
    with suppress(TooMuchError):
        sent = {entry.path for entry in context.entries("")}
        assert sent <= {path.name for path in place.gear.iterdir()}


def _git(place: Workplace) -> None:
    ignored = GitIgnore(place.root)
    for path in PLACES:
        with suppress(TooMuchError):
            ignored.covers(str(place.gear / path))


def check_settings(place: Workplace) -> None:
    """Settings are taken, or refused in a line that names the file and a line in it."""
    refused, settings_of = "", SettingsFinder()
    found: list[str | Manifest | PassedOver | GearlintError] = []
    try:
        chosen = settings_of(str(place.gear))
        owners = discovery.Owners(settings_of)
        found = [*discovery.find("gear", chosen, owners), *owners("gear/run.py", chosen)]
    except GearlintError as error:
        refused = str(error)
    assert not refused or "gearlint.toml" in refused
    gears = [
        discovery.gear_at(item, settings_of) if isinstance(item, str) else item for item in found
    ]
    if refused or not any(isinstance(manifest, Manifest) for manifest in gears):
        return
    try:
        result = place.look(settings=chosen)
    except GearlintError:  # of a Dockerfile or context that is not there
        return
    assert_sound(result)
    assert_reports(result.findings)


def check_command(place: Workplace, files: Files) -> None:
    """The command ends with a documented exit code, and its output has the form of its format."""
    gear = {name: data for name, data in files.items() if name not in ("options", "name")}
    options = files["options"].decode().split()
    said = place.run(gear, files["name"].decode("utf-8", "surrogateescape"), ["check", *options])
    assert said.code in (0, 1, 2)
    assert "internal error" not in said.stderr, said.stderr
    assert "Traceback" not in said.stderr, said.stderr
    for line in said.stderr.splitlines():
        assert_plain(line)
    errors = [line for line in said.stderr.splitlines() if line.startswith("gearlint: ")]
    assert errors or said.code != 2
    if "--diff" in options or "--statistics" in options:
        return
    if "json" in options:
        assert_document(said.stdout)
    for line in said.stdout.split("\n")[:-1] if "json" not in options else ():
        assert_concise(line) if "concise" in options else assert_plain(line)


def check_large(place: Workplace, files: Files) -> None:
    """A large input is linted, reported of and fixed in time and memory."""
    place.put(files)
    _git(place)
    restart()
    if "gearlint.toml" in files:
        check_settings(place)
    place.check(files)


def _value(text: bytes) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _with_command(documents: list[bytes], random: Random, line: str) -> bytes:
    manifest = json.loads(random.choice(documents))
    manifest["command"] = line
    return json.dumps(manifest, indent=4).encode()


# --- what to make inputs of

VERSIONS = [
    f"{one}\n{other}".encode()
    for one in ("1.0.0_2.0.0", "v1.1.0", "24.0.07", "6.0.1-5_0.1.0_inc1.0", "20230220", "1.2a1",
                "1.0.0-rc.1", "latest", "_", "1..2", "1.0b2_3.0.0dev", "00.01", "1.0+x")
    for other in ("1.0.0_2.0.0", "1.2.0", "V1.1", "2.0.0_1.0.0", "1.0.0-rc.2", "")
]  # fmt: skip
STRINGS_OF_VERSIONS = [b'"version": "1.0.0_2.0.0",', b":1.0.0_2.0.0", b"2.0.0", b"_", b"@sha256:"]
TAGS = [
    b"my-gear\n1.0.0_2.0.0\nv1.0.0_1.9.0\n2.0.0_rc1\nlatest",
    b"qc\nqc/1.0\nqc-extra/2.0\nqc-1.1\nqc-extra-v2.1\nx@3",
    b"v\nv1\nv/v1\nvv2",
    b"\n/1\n-1\n1",
]
CHANGELOGS = [
    b"# Changes\n\n## [Unreleased]\n\n- a\n\n## [1.0.0] - 2026-01-01\n",
    b"Unreleased\r\n==========\r\n\r\n* b\r\n",
    b"\xef\xbb\xbf### unreleased\n[Unreleased]: https://example.org\n",
]
SOFTWARE = [
    b"FROM a/b:1.0.0 AS x\nFROM b:v1.0.0-slim\nARG X_VERSION=1.0.0\n",
    b'ENV Y_VERSION="1.0.0" \\\n Z=1\n',
    b"ARG X_VERSION=v1.0.0\nFROM a:$X_VERSION\nENV Y_VERSION 1.0.0\nENV 'Z_VERSION'='1.0.0'\n",
]
SOFTWARE_WORDS = [
    b"1.0.0",
    b"_VERSION=",
    b":1.0.0",
    b"ARG ",
    b"ENV ",
    b"FROM ",
    b"@sha256:",
    b"v",
    b"\\\n",
]
REFERENCES = [
    text.encode()
    for text in (
        "me/my-gear:1.0.0_2.0.0", "localhost:5000/a/b:1.0", "[::1]:80/a", "a__b/c--d.e:X",
        "docker.io/library/python:3.11-slim@sha256:" + "0123456789abcdef" * 4, ":", "@",
        "gcr.io/p-1/img@sha256:00", "a" * 200 + "/b:" + "c" * 130,
    )
]  # fmt: skip
PATTERNS = [
    f"{pattern}\n{text}".encode()
    for pattern in (
        "^(a+)+$", "^[a-z]{1,3}-[0-9]+$", "(?i)(x|y)*z", r"\d+(\.\d+)?", "(?<=a)b(?!c)", r"(.)\1",
        "(?P<n>a)|b(?(n)c|d)", "[^\\W_]+?", "(a|ab)(c|bcd)*", "^$", "(?:a{2,5}){3,}", "[[a]--b]",
        "(?>a*)b", "a*+b", r"\N{DIGIT ONE}", "(?a:é)", r"[\d-z]",
    )
    for text in ("a" * 40 + "!", "abc-12", "", "xyzzy", "é")
]  # fmt: skip
GLOBS = [
    f"{glob}\n{path}".encode()
    for glob in ("*.py", "a/**/b", "gears/[a-c]?/*", "[!x]*", "[^x]", "a\\*b", "./x/", "*" * 9, "")
    for path in ("gears/ab/manifest.json", "a/x/y/b", "run.py", "a" * 60)
]
SETTINGS = [
    b'select = ["GL1", "GL201"]\nextend-select = ["GL115"]\nignore = ["GL107"]\n'
    b'fail-on = "error"\nversion-format = "gear_software"\nexclude = ["archive", "gears/old-*"]\n'
    b'dockerfile = "Dockerfile"\ncontext = "."\n[severity]\nGL123 = "error"\n[per-file-ignores]\n'
    b'"gears/legacy/*" = ["GL2"]\n[gears]\n"gear/qc" = ["gear/qc", "common"]\n',
    b'context = ".."\ndockerfile = "../Dockerfile"\n',
    b'[gears]\n"." = ["**"]\n"../.." = ["*"]\n[per-file-ignores]\n"*" = ["ALL"]\n',
    b'exclude = ["../**", "/etc", "[", ""]\n',
    b'select = ["ALL"]\nfail-on = "info"\n[severity]\nGL101 = "info"\n',
]
IGNORE_FILES = [
    b"# comment\n*.txt\n!data\n**/*.pyc\n/dist/\nbuild/**/out\n\n  a b \n[a-c]?\n!!x\n",
    b"*\n!run.py\n!manifest.json\n", b".git\n**\n!**/keep\n",
    b"\\#x\n\\!y\nfoo\\ \nfoo/ \n/\n.\n..\n",
    b"a/*/c\r\n[!a]*\r\n[]a]\n[a-\n[z-a]\n",
]  # fmt: skip
TEXTS = [
    b"a",
    b'"',
    b"\\",
    b"(",
    b"[",
    b"{",
    b" ",
    b"a b",
    b"<<E",
    b"$(",
    b"${",
    b"x=",
    b"/",
    b"../",
]
MANIFEST_WORDS = [
    b'{"$ref":"#"}', b'"default": ', b'"optional": true,', b'"type": "integer"', b'"enum": []',
    b'"pattern": "^(a+)+$",', b"NaN", b"1e999", b"// c\n", b"/* c */", b",,", b"'a'", b"True",
    "“a”".encode(), b'"custom": {"gearlint": {"ignore": ["GL101"]}},', b'"name": "x",', b"\\u0000",
    b"\\ud800", b'"$ref": "#/x"', b'"command": "python run.py",', b'"version": "1",', b"\xff\xfe",
]  # fmt: skip
DOCKERFILE_WORDS = [
    b"\nFROM ", b"\nRUN ", b"\nCOPY ", b"\nADD ", b"\nENV ", b"\nARG ", b"\nWORKDIR ", b"\nUSER ",
    b"\nENTRYPOINT ", b"\nCMD ", b"\nONBUILD ", b"\nSHELL ", b"\nLABEL ", b"\nHEALTHCHECK CMD ",
    b"\nVOLUME ", b"\nEXPOSE ", b"\nSTOPSIGNAL ", b"\nMAINTAINER ", b" AS x", b" scratch",
    b" alpine",
    b"--from=x ", b"--chmod=755 ", b"--chown=a:b ", b"--platform=$BUILDPLATFORM ", b"\\\n", b"`\n",
    b"# escape=`\n", b"# syntax=x\n", b"# gearlint: ignore[GL303]\n", b"<<EOF\n", b"\nEOF\n", b"$x",
    b"${x:-y}", b"${x:+${y}}", b"${x#y}", b'["a", "b"]', b"/flywheel/v0", b"run.py",
    b"manifest.json",
    b"chmod +x ", b"rm ", b"mv ", b"cp -r ", b"ln -s ", b"cd ", b" && ", b"ENV PATH=/x:$PATH\n",
]  # fmt: skip
SHELL_WORDS = [
    b" if ", b" then ", b" fi ", b" for ", b" do ", b" done ", b" case ", b" esac ", b" in ", b"{ ",
    b" }", b"[[ ", b" ]]", b"((", b"))", b"$((", b"$(", b"${", b"<<EOF\n", b"\nEOF\n", b"<(",
    b">&2",
    b"cd ", b"set -e\n", b"exec ", b"function f ", b"() ", b"! ", b"time ", b"python run.py",
    b"a=b ",
    b"$'", b'$"', b";;", b"2>", b"&>", b"|&", b"coproc ", b"~/", b"{a,b}", b"./run ", b"&", b"#",
]  # fmt: skip
SCRIPT_WORDS = [
    b"#!/usr/bin/env python3\n", b"#!/bin/sh\n", b"#! ", b"# -*- coding: ", b"utf-7", b"latin-1",
    b"rot13", b"# gearlint: ignore[GL404]\n", b"print 'x'", b"/flywheel/v0/inputs", b"'''", b"def ",
    b"\x0c", b"if x:\n", b"    ", b"\t", b"\r", b"lambda ", b"f'{", b"match x:\n", b"\\N{x}",
    b"0777", b"import run\n", b"from . import run\n", b"from run import *\n", b"sys.path.append(",
    b"context.config", b'["threads"]', b".get('x')", b"config = ", b"for x in ", b"while x:\n",
    b"class A(A):\n", b"def f(x, *y, **z):\n", b"return f(x)\n", b"global x\n", b"with x as y:\n",
    b"x := ", b"**x", b"try:\n", b"except KeyError:\n", b"if __name__ == '__main__':\n", b"self.x",
    b"lab.flywheel.io:Aq3tZ8Lm0PxR5vWn2K", b"jq .config.x config.json\n", b"$FW_CONFIG_X",
    b"python /flywheel/v0/run.py\n", b"source ./run.py\n", b"parse_args()", b"json.load(open(",
]  # fmt: skip
SETTINGS_WORDS = [
    b'"GL"', b'"ALL"', b'"GL999"', b'"../../etc/passwd"', b'"/dev/zero"', b"[tool.gearlint]\n",
    b"true",
    b"[[x]]", b"1979-05-27", b"inf", b"'''", b'"""', b"exclude = ", b"gears = {}\n", b'"\\u0000"',
    b'"manifest.json"', b'"."', b'"gear"', b'"*"',
]  # fmt: skip
IGNORE_WORDS = [
    b"!",
    b"**/",
    b"/**",
    b"\\",
    b"[a-z]",
    b"[^",
    b"[!",
    b"..",
    b"./",
    b"/",
    b"\n!",
    b"\n#",
]
STRINGS = [
    "name", "version", "1.0.0_2.0.0", "me/my-gear:1.0.0_2.0.0", "python run.py", "./run", "string",
    "integer", "array", "file", "api-key", "context", "MIT", "analysis", "^(a+)+$", "[", "(?i)x",
    "https://example.org", "GL201", "ALL", "#/definitions/a", "\x1b[2J", "\u202e", "\ud800", "PATH",
    "/opt/bin:$PATH", "if then", "Other", "description", "null", "NaN", "a\nb", "%s", "{}", "{{x}}",
]  # fmt: skip
OPTIONS = [
    ("--output-format\nconcise", "--output-format\nfull", "--output-format\njson"),
    ("--select\nALL", ""),
    ("", "", "--fix", "--fix\n--unsafe-fixes", "--diff", "--statistics"),
    ("", "--quiet"), ("", "--changed-files"), ("", "--fail-on\ninfo"),
]  # fmt: skip
DIRECTORIES = [b"a", b"a b", b"\x1b[31mred", b"line\nbreak", b"\xff\xfe", "é→".encode(), b"a\tb",
b"-x",
           b"\xc2\x9b2J", b"a:1:1: GL101 error: b", "\u202edlo".encode()]  # fmt: skip
