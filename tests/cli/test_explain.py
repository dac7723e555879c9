"""`gearlint explain`: what people and programs read of what is known of a gear's image."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.readme import ROOT
from tests.sound import SCRIPT, write_gear

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
STEPS = """\
WORKDIR /flywheel/v0
COPY run.py manifest.json ./
"""


def gear(dockerfile: str, members: str = "", directory: Path = Path()) -> None:
    """A gear in a directory, with a `run.py`."""
    write_gear(directory, members)
    (directory / "Dockerfile").write_text(dockerfile)


@pytest.fixture
def explained(run: Run) -> Any:
    """The one gear in the output of `gearlint explain --output-format json`."""

    def explained() -> dict[str, Any]:
        outcome = run("explain", "--output-format", "json")
        assert (outcome.code, outcome.stderr) == (0, "")
        data = json.loads(outcome.stdout)
        assert data["format"] == 1
        [only] = data["gears"]
        return dict(only)

    return explained


def test_all_is_known(run: Run) -> None:
    gear(
        f"ARG TAG=22.04\nFROM ubuntu:$TAG\n{STEPS}RUN true && \\\n    chmod 755 run.py\n"
        'ENTRYPOINT ["/flywheel/v0/run.py"]\n',
        '"command": "bash run.py"',
    )
    outcome = run("explain")
    assert (outcome.code, outcome.stderr) == (0, "")
    lines = outcome.stdout.splitlines()
    source = lines.pop(3)
    assert source.startswith(
        "              ubuntu, in the table of base images, like the image of tianon/"
    )
    assert lines == [
        "my-gear: manifest.json",
        "  Dockerfile  Dockerfile",
        "  base image  ubuntu:22.04, line 2",
        '  docker run  ENTRYPOINT ["/flywheel/v0/run.py"], line 7',
        "              in /flywheel/v0",
        f"              PATH {PATH}",
        "              - /flywheel/v0/run.py: from run.py",
        "                put there by line 4: COPY run.py manifest.json ./",
        "                mode 755, executable, set by line 6: RUN chmod 755 run.py",
        "                started by #!/usr/bin/env python3",
        "  Flywheel    command bash run.py",
        "              in /flywheel/v0",
        f"              PATH {PATH}",
        "              - bash: in the base image",
        "              - run.py (/flywheel/v0/run.py): as above",
        "  other files what nothing copies is not in /flywheel/v0: a missing file is reported",
    ]


def test_unknown_base(run: Run, explained: Any) -> None:
    gear(f'FROM example/app:1\n{STEPS}COPY . $HERE/\nENTRYPOINT ["/flywheel/v0/go"]\n')
    found = explained()
    assert found["base"] == {
        "image": "example/app:1",
        "line": 1,
        "known": False,
        "family": None,
        "source": None,
        "why": {
            "reason": "not in the table of base images",
            "line": 1,
            "text": "FROM example/app:1",
        },
    }
    [started] = found["docker"]["starts"]
    assert (started["found"], started["path"]) == ("unknown", "/flywheel/v0/go")
    assert started["why"]["line"] == 1
    assert found["docker"]["path"] is None
    assert found["docker"]["why_path"]["line"] == 1
    assert found["missing_is_known"] is False
    unknown = [(each["why"]["line"], each["why"]["reason"]) for each in found["unknown"]]
    assert unknown == [
        (1, "the base image is not in the table of base images"),
        (4, "$HERE has no known value"),
    ]
    text = run("explain").stdout
    assert "a missing file is not reported, because of\n              - line 1: FROM" in text
    assert "              - line 4: COPY . $HERE/\n" in text


def test_of_several_variables_the_unknown_one_is_named(explained: Any) -> None:
    gear(f"FROM example/app:1\n{STEPS}ARG A=x\nENV B=y\nCOPY . $A/$B/$HERE/\n")
    assert "$HERE has no known value" in [each["why"]["reason"] for each in explained()["unknown"]]


def test_unknown_command_over_a_known_base(explained: Any) -> None:
    gear(
        "FROM python:3.11\nRUN apt-get update \\\n && curl -s https://example.org/i.sh | bash\n"
        f"{STEPS}"
    )
    found = explained()
    assert found["base"]["known"]
    assert found["missing_is_known"] is False
    [unknown] = found["unknown"]
    assert unknown["why"] == {
        "reason": "what it writes is not known",
        "line": 3,
        "text": "RUN curl -s https://example.org/i.sh | bash",
    }


def test_what_is_elsewhere_does_not_keep_missing_files_from_being_known(explained: Any) -> None:
    gear("FROM example/app:1\nCOPY --from=other/x /a /opt/x/\nWORKDIR /flywheel/v0\n")
    assert [each["path"] for each in explained()["unknown"]] == ["/flywheel/v0"]


def test_manifest_of_another_name_has_no_dockerfile(run: Run) -> None:
    gear("FROM python:3.11\n")
    Path("manifest.json").rename("my.json")
    shown = run("explain", "my.json").stdout
    assert "Dockerfile  a Dockerfile is looked for only beside a manifest.json\n" in shown


def test_part_of_the_files_is_unknown(run: Run, explained: Any) -> None:
    gear(f"FROM python:3.11\n{STEPS}RUN mkdir out && cd out && unheard of\n")
    found = explained()
    assert found["missing_is_known"]
    assert [(each["path"], each["why"]["text"]) for each in found["unknown"]] == [
        ("/flywheel/v0/out", "RUN unheard of")
    ]
    assert "but anything may be at /flywheel/v0/out\n" in run("explain").stdout


def test_a_mode_that_is_unknown(run: Run) -> None:
    Path("run.py").write_text(SCRIPT)
    Path("run.py").chmod(0o644)
    step = "RUN test -e x && chmod 755 run.py || true"
    gear(f'FROM python:3.11\n{STEPS}{step}\nENTRYPOINT ["./run.py"]\n')
    text = run("explain").stdout
    assert "unknown whether it is executable: it may change the mode\n" in text
    assert "                  line 4: RUN chmod 755 run.py\n" in text


def test_what_is_started_is_missing_or_not_executable(run: Run, explained: Any) -> None:
    gear(
        f'FROM python:3.11\n{STEPS}RUN chmod 644 run.py\nENTRYPOINT ["/flywheel/v0/run.py"]\n',
        '"command": "python main.py"',
    )
    found = explained()
    [started] = found["docker"]["starts"]
    assert started["put_by"] == {"line": 3, "text": "COPY run.py manifest.json ./"}
    assert (started["mode"], started["executable"]) == ("644", False)
    assert started["mode_set_by"] == {"line": 4, "text": "RUN chmod 644 run.py"}
    program, script = found["flywheel"]["starts"]
    assert (program["role"], program["found"], program["where"]) == ("program", "yes", "base")
    assert (script["role"], script["found"], script["path"]) == (
        "script",
        "no",
        "/flywheel/v0/main.py",
    )
    text = run("explain").stdout
    assert "mode 644, not executable, set by line 4: RUN chmod 644 run.py\n" in text
    assert "- main.py (/flywheel/v0/main.py): not in the image\n" in text


def test_unknown_variables(run: Run, explained: Any) -> None:
    gear(
        f"FROM example/app\n{STEPS}ENV PATH=/opt/bin:$PATH\nWORKDIR $HERE\nENTRYPOINT $START\n",
        '"command": "$START --x"',
    )
    found = explained()
    docker, flywheel = found["docker"], found["flywheel"]
    assert docker["why"]["reason"] == flywheel["why"]["reason"] == "$START has no known value"
    assert docker["why_path"]["text"] == "ENV PATH=/opt/bin:$PATH"
    assert docker["why_directory"] == {
        "reason": "$HERE has no known value",
        "line": 5,
        "text": "WORKDIR $HERE",
    }
    assert "in an unknown directory: $HERE has no known value\n" in run("explain").stdout


def test_a_base_with_a_variable_that_is_not_set(run: Run) -> None:
    gear(f"ARG TAG\nFROM python:$TAG\n{STEPS}")
    text = run("explain").stdout
    assert "base image  python:$TAG, line 2\n              a variable in its name has no" in text


@pytest.mark.parametrize(
    ("base", "start", "shown"),
    [
        ("python:3.11", "", "unknown what it starts: that is in the CMD of the base image"),
        (
            "scitran/freesurfer-dev:1.0", 'CMD ["./run.py"]',
            "- /flywheel/v0/run: not in the image\n",
        ),
        (
            "scitran/freesurfer-dev:1.0", "COPY run.py run",
            "docker run  ENTRYPOINT /flywheel/v0/run of the base image\n",
        ),
        (
            "scratch", 'RUN ./install\nCMD ["none"]',
            "- none: unknown whether it is there: what it writes is not known\n"
            "                  line 4: RUN ./install\n",
        ),
        (
            "python:3.11", 'ENTRYPOINT ["python run.py"]',
            "- python run.py: no program has this name, with its space\n",
        ),
    ],
)  # fmt: skip
def test_what_docker_run_starts(base: str, start: str, shown: str, run: Run) -> None:
    gear(f"FROM {base}\n{STEPS}{start}\n")
    assert shown in run("explain").stdout


P, U, X = "FROM python:3.11\n", "FROM ubuntu:22.04\n", "FROM example/app:1\n"
SEES = [
    # (Dockerfile with STEPS after its first line, members, lines of what is printed)
    (
        f'{P}ENTRYPOINT ["{{{{x}}}}"]',
        '"command": "{x} --y"',
        "unknown what it starts: it is a template",
    ),
    (
        f"{P}ENTRYPOINT eval ls",
        "",
        "unknown what it starts: it is not certain which program it starts",
    ),
    (f"{X}ENTRYPOINT {{x}}$START", "", "unknown what it starts: $START has no known value"),
    (
        f"{P}ENV A=b\nENTRYPOINT $A",
        "",
        "- b: unknown whether it is there: the table does not say whether the base image has b",
    ),
    (
        P,
        '"environment": {"A": "go", "PATH": 5},\n"command": "$A"',
        "PATH unknown: PATH in environment is not a string\n- go: unknown whether it is there: the table does not say whether the base image has go",
    ),
    (P, '"command": ["x"]', "Flywheel    unknown what it starts: command is not a string"),
    (
        P,
        '"command": "eval $A",\n"environment": {"A": "x"}',
        "unknown what it starts: it is not certain which program it starts",
    ),
    (P, '"environment": {"PATH": "/x:/bin"}', "PATH /x:/bin"),
    (
        f'{X}CMD ["./run.py"]',
        "",
        "docker run  unknown what it starts: the base image may have an ENTRYPOINT or CMD",
    ),
    (X, "", "- python: unknown whether it is there: the base image may have it"),
    (f'{X}CMD ["./run.py"]', "", "PATH unknown: that of the base image is not known"),
    (f'{X}ENTRYPOINT ["convert"]', "", "- convert: unknown whether it is there: PATH is not known"),
    (
        f'{U}ENTRYPOINT ["python", "run.py"]',
        "",
        "- python: not on PATH\n- run.py (/flywheel/v0/run.py): from run.py",
    ),
    (
        f'{U}RUN apt-get install -y foo\nENTRYPOINT ["python"]',
        "",
        "- python: unknown whether it is there: not in the base image, and an installed package may bring it",
    ),
    (
        f'{U}RUN ./install\nENTRYPOINT ["python"]',
        "",
        "- python: unknown whether it is there: not in the base image, and this may bring it\nline 4: RUN ./install",
    ),
    (
        f'{P}ENTRYPOINT ["run.py"]',
        "",
        "- run.py: not on PATH; /flywheel/v0/run.py is the gear's file of that name",
    ),
    (
        f'{P}RUN ln -s /flywheel/v0/run.py /usr/bin/go\nENTRYPOINT ["go"]',
        "",
        "- go (/usr/bin/go): from run.py\nput there by line 3: COPY run.py manifest.json ./\nmode 755, executable, as on disk\nstarted by #!/usr/bin/env python3",
    ),
    (
        f"{P}ENTRYPOINT cd /tmp && python run.py",
        "",
        "- run.py (/tmp/run.py): unknown whether it is there: the base image may have it",
    ),
    (f"{P}ENTRYPOINT exec ./run.py", "", "- ./run.py (/flywheel/v0/run.py): from run.py"),
    (f'{P}ENTRYPOINT ["/flywheel/v0"]', "", "- /flywheel/v0: it is a directory"),
    (
        f'{P}ENTRYPOINT ["/bin/bash", "/usr/bin/foo"]',
        "",
        "- /bin/bash: in the base image\n- /usr/bin/foo: unknown whether it is there: the base image may have it",
    ),
    (
        f'{P}ENTRYPOINT ["/opt/bash"]',
        "",
        "- /opt/bash: unknown whether it is there: the base image may have it",
    ),
    (
        f'{P}ENTRYPOINT ["/bin/foo"]',
        "",
        "- /bin/foo: unknown whether it is there: the base image may have it",
    ),
    (
        f'{P}ENTRYPOINT ["python", "/flywheel/v0/input/a.py"]',
        "",
        "- /flywheel/v0/input/a.py: unknown whether it is there: Flywheel makes it",
    ),
    (f'{P}ENV PATH=/x\nENTRYPOINT ["python"]', "", "PATH /x\n- python: not on PATH"),
    (
        f'{P}COPY --from=other/x /a ./e/\nENTRYPOINT ["./e/go"]',
        "",
        "- ./e/go (/flywheel/v0/e/go): unknown whether it is there: what is in that image is not known\nline 4: COPY --from=other/x /a ./e/",
    ),
    (
        f"{P}RUN mystery > h",
        "",
        "anything may be in /flywheel/v0: a missing file is not reported, because of\n- line 4: RUN mystery > h\nwhat it writes is not known",
    ),
    (
        f"{P}RUN --network=none make || \\\n  unheard; more of",
        "",
        "- line 4: RUN make\nwhat it writes is not known\n- line 5: RUN unheard\nwhat it writes is not known",
    ),
    (
        f'{P}RUN echo a > made\nENTRYPOINT ["./made"]',
        "",
        "- ./made (/flywheel/v0/made): made by the build\nput there by line 4: RUN echo a > made\nmode 644, not executable",
    ),
    (
        f"{P}RUN true && chmod 700 /flywheel/v0/*; true\nENTRYPOINT ./run.py",
        "",
        "unknown whether it is executable: it may change the mode\nline 4: RUN chmod 700 /flywheel/v0/*",
    ),
    (f"{P}ENTRYPOINT echo hi", "", "- echo: a command of the shell itself"),
    (f"{P}RUN true&&make", "", "- line 4: RUN make\nwhat it writes is not known"),
    (f'{P}CMD ["python", "run.py"]', "", 'docker run  CMD ["python", "run.py"], line 4'),
    (
        f'{P}ENTRYPOINT ["{80 * "x"}"]',
        "",
        f'docker run  ENTRYPOINT ["{51 * "x"}…{22 * "x"}"], line 4',
    ),
    (f"{P}RUN make {80 * 'x'}", "", f"- line 4: RUN make {44 * 'x'}…{24 * 'x'}"),
    (
        "FROM python:3.11 AS b\nONBUILD RUN x\nFROM b",
        "",
        "the base image is below a stage with ONBUILD, or too much to follow",
    ),
    ("FROM scratch\n", "", "base image  scratch, line 1\nempty"),
]


@pytest.mark.parametrize(("dockerfile", "members", "lines"), SEES, ids=range(len(SEES)))
def test_what_is_seen(dockerfile: str, members: str, lines: str, run: Run) -> None:
    first, _, rest = dockerfile.partition("\n")
    gear(f"{first}\n{STEPS}{rest}\n", members)
    printed = "\n".join(line.strip() for line in run("explain").stdout.splitlines())
    assert f"{lines}\n" in f"{printed}\n"


UNKNOWN_STEPS = [
    # (Dockerfile after an unknown base, what is not known of a start or of files)
    (
        "ENV A=1 PATH=/a:$PATH B=2\nENV PATH2=x\n",
        "PATH unknown: $PATH has no known value\nline 2: ENV PATH=/a:$PATH",
    ),
    ("WORKDIR x\n", "in an unknown directory: its directory is not known\nline 2: WORKDIR x"),
    (
        "ENV W=/a\nWORKDIR $W/$Q\nUSER me\n",
        "in an unknown directory: $Q has no known value\nline 3: WORKDIR $W/$Q",
    ),
    ("ENV W=/a\n", "in an unknown directory: that of the base image is not known"),
    ("COPY run.py ./\n", "- line 2: COPY run.py ./\nthe working directory is not known"),
    (
        "COPY *.py /a/\nCOPY a[b] /flywheel/v0/\n",
        "- line 3: COPY a[b] /flywheel/v0/\nwhat its pattern matches is not known",
    ),
    (
        "ADD https://example.org/ /flywheel/v0/\n",
        "- line 2: ADD https://example.org/ /flywheel/v0/\nwhat it adds, or where to, is not known",
    ),
    (
        "ADD https://example.org/y /flywheel/v0/$R/\n",
        "- line 2: ADD https://example.org/y /flywheel/v0/$R/\n$R has no known value",
    ),
    (
        "COPY none /flywheel/v0/\n",
        "- line 2: COPY none /flywheel/v0/\na source is not in the build context",
    ),
    (
        'ENTRYPOINT ["./run.py"]\n',
        "- ./run.py: unknown whether it is there: the directory it is in is not known",
    ),
    (
        "WORKDIR /flywheel/v0\nRUN <<EOF\nmake\nEOF\n",
        "- line 1: FROM example/app:1\nthe base image is not in the table of base images",
    ),
]


@pytest.mark.parametrize(("steps", "lines"), UNKNOWN_STEPS, ids=range(len(UNKNOWN_STEPS)))
def test_what_is_not_known_over_an_unknown_base(steps: str, lines: str, run: Run) -> None:
    gear(X + steps)
    printed = "\n".join(line.strip() for line in run("explain").stdout.splitlines())
    assert f"{lines}\n" in f"{printed}\n"


READER = """\
#!/usr/bin/env python3
import os
from flywheel_gear_toolkit import GearToolkitContext
context = GearToolkitContext()
context.config["threads"], context.config["depth"]
context.config.get("threads")
context.get_input_path("image")
"""


def test_options_and_inputs_that_are_read(explained: Any) -> None:
    Path("run.py").write_text(READER)
    gear(f"{P}{STEPS}")
    found = explained()
    assert found["options"] == {
        "names": [
            {"name": "threads", "declared": True, "reads": ["run.py:5", "run.py:6"]},
            {"name": "depth", "declared": False, "reads": ["run.py:5"]},
        ],
        "reads_others": False,
    }
    [image] = found["inputs"]["names"]
    assert image == {"name": "image", "declared": True, "reads": ["run.py:7"]}


def test_options_that_are_read_by_no_name(explained: Any) -> None:
    Path("run.py").write_text("""\
#!/usr/bin/env python3
import json
config = json.load(open("/flywheel/v0/config.json"))["config"]
print({name: config[name] for name in config})
""")
    gear(f"{P}{STEPS}")
    found = explained()
    assert [each["name"] for each in found["options"]["names"]] == ["threads"]
    assert (found["options"]["reads_others"], found["inputs"]["reads_others"]) == (True, False)
    assert found["inputs"]["names"] == []


def test_options_that_a_shell_script_reads_by_its_variables(explained: Any) -> None:
    Path("run.sh").write_text("#!/bin/bash\necho $FW_CONFIG_THREADS $FW_CONFIG_OTHER\n")
    gear(f"{P}{STEPS}COPY run.sh ./\n", '"command": "bash run.sh"')
    [threads] = explained()["options"]["names"]
    assert threads == {"name": "threads", "declared": True, "reads": ["run.sh:2"]}


def test_no_start_and_default_run(run: Run) -> None:
    write_gear(Path(), without=("command",))
    Path("Dockerfile").write_text(f"FROM scratch\n{STEPS}")
    text = run("explain").stdout
    assert "docker run  there is neither ENTRYPOINT nor CMD\n" in text
    assert "Flywheel    ./run, as the manifest has no command\n" in text
    assert "- ./run (/flywheel/v0/run): not in the image\n" in text


PROBLEMS = [
    ("FROM x\nRUNN x\n", 'the Dockerfile is refused, line 2: unknown instruction "RUNN"'),
    ("", "the Dockerfile is refused, line 1: the Dockerfile has no instruction"),
    ("FROM x\n" * 10_001, "the Dockerfile is not read: it is too long"),
    (None, "there is no Dockerfile beside the manifest"),
]


@pytest.mark.parametrize(("dockerfile", "problem"), PROBLEMS, ids=range(len(PROBLEMS)))
def test_no_image(dockerfile: str | None, problem: str, run: Run, explained: Any) -> None:
    gear(dockerfile or "")
    if dockerfile is None:
        Path("Dockerfile").unlink()
    found = explained()
    assert found["problem"].startswith(problem)
    assert (found["base"], found["docker"], found["missing_is_known"]) == (None, None, None)
    assert [each["word"] for each in found["flywheel"]["starts"]] == ["python", "run.py"]
    first, second, third = run("explain").stdout.splitlines()
    assert first == "my-gear: manifest.json"
    assert second.startswith(f"  Dockerfile  {problem}")
    assert third == "  Flywheel    command python run.py"


def test_a_dockerfile_that_cannot_be_read(run: Run) -> None:
    gear("")
    Path("Dockerfile").unlink()
    Path("Dockerfile").symlink_to("/etc/hostname")
    outcome = run("explain")
    assert outcome.code == 0
    assert "  Dockerfile  Dockerfile: leads out of the repository" in outcome.stdout


def test_several_gears(run: Run) -> None:
    gear(f"FROM python:3.11\n{STEPS}", '"name": "one"', Path("gears/one"))
    gear(f"FROM python:3.11\n{STEPS}", '"name": "two"', Path("gears/two"))
    text = run("explain", "gears").stdout
    assert text.startswith("one: gears/one/manifest.json\n")
    assert "\n\ntwo: gears/two/manifest.json\n" in text
    only = run("explain", "gears/two/run.py").stdout
    assert only.startswith("two: gears/two/manifest.json\n")
    data = json.loads(run("explain", "--json", "gears").stdout)
    assert [each["name"] for each in data["gears"]] == ["one", "two"]


def test_a_context_above_the_dockerfile(run: Run) -> None:
    Path(".git").mkdir()
    gear(f"FROM python:3.11\n{STEPS}COPY common common\n", directory=Path("gear"))
    Path("common").mkdir()
    for name in ("run.py", "manifest.json"):
        Path(name).write_text(SCRIPT)
    assert "  context     .\n" in run("explain", "gear").stdout


def test_no_gear_is_an_error(run: Run) -> None:
    for path in (".", "nowhere"):
        outcome = run("explain", path)
        assert (outcome.code, outcome.stdout) == (2, "")
        assert outcome.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("word", "rule"), [("GL201", "GL201"), ("gl20", "GL20"), ("Image_Tag_Mismatch", "image-tag-mismatch")]
)  # fmt: skip
def test_a_rule_is_not_a_path(word: str, rule: str, run: Run) -> None:
    said = f'{word}: no such file or directory: did you mean "gearlint rule {rule}"?'
    assert run("explain", word) == (2, "", f"gearlint: {said}\n")
    Path(word).mkdir()
    assert "did you mean" not in run("explain", word).stderr


@pytest.mark.parametrize("word", ["GL299", "gone", "GL201/run.py"])
def test_what_is_neither_a_rule_nor_a_path(word: str, run: Run) -> None:
    assert run("explain", word).stderr == f"gearlint: {word}: no such file or directory\n"


def test_no_character_reaches_the_terminal_raw(run: Run) -> None:
    name = "run\x1b[31m\u202e.py"
    write_gear(Path(), f'"name": "my\\u001b[2J",\n"command": {json.dumps(f"bash ./{name!r}")}')
    manifest = json.loads(Path("manifest.json").read_text())
    manifest["command"] = f"bash './{name}'"
    Path("manifest.json").write_text(json.dumps(manifest))
    Path(name).write_text("#!/bin/sh\x1b[31m\n")
    Path("Dockerfile").write_text(
        f'FROM example/\x1b[31m\nWORKDIR /flywheel/v0\nCOPY ["{name}", "./"]\n'
        f'ENTRYPOINT ["./{name}"]\n'
    )
    outcome = run("explain")
    assert outcome.code == 0
    assert "\\u001b[31m\\u202e.py" in outcome.stdout
    assert all(line.isprintable() for line in outcome.stdout.splitlines())
    assert json.loads(run("explain", "--json").stdout)["gears"][0]["name"] == "my\x1b[2J"


def test_help_has_an_example(run: Run) -> None:
    outcome = run("explain", "--help")
    assert outcome.code == 0
    assert "Example: gearlint explain gears/my-gear" in outcome.stdout


def test_the_example_of_the_documentation(run: Run) -> None:
    gear(
        f'FROM example/app:1\n{STEPS}RUN chmod 755 run.py\nENTRYPOINT ["/flywheel/v0/run.py"]\n',
        '"command": "python main.py"',
        Path("gears/my-gear"),
    )
    page = (ROOT / "docs" / "explain.md").read_text()
    assert f"$ gearlint explain gears/my-gear\n{run('explain', 'gears/my-gear').stdout}```" in page


def test_the_documentation_names_every_key(explained: Any) -> None:
    gear(f'FROM python:3.11\n{STEPS}ENTRYPOINT ["/flywheel/v0/run.py"]\n')
    page = (ROOT / "docs" / "explain.md").read_text()
    found = explained()
    objects = [found, found["base"], found["docker"], found["docker"]["starts"][0]]
    for key in {key for each in objects for key in each}:
        assert f"`{key}`" in page


def test_what_is_misread_is_explained_as_it_was_meant(run: Run) -> None:
    start = "ENTRYPOINT ['/flywheel/v0/run.py']"
    gear(f"FROM python:3.11\n{STEPS}RUN chmod 555 run.py && \\\n{start} # go\n")
    text = run("explain").stdout
    assert "docker run  ENTRYPOINT ['/flywheel/v0/run.py'], line 5" in text
    assert "mode 555, executable, set by line 4: RUN chmod 555 run.py\n" in text
