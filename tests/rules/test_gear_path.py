"""GL407: a path that says `inputs` or `ouput`, where the gear's code and its Dockerfile have it."""

import re
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.machine import in_time
from tests.sound import write_gear

HEAD = "FROM python:3.11\nENV FLYWHEEL=/flywheel/v0\nWORKDIR /flywheel/v0\nCOPY . .\n"
UNKNOWN = HEAD.replace("python:3.11", "example/unknown:1")
END = 'ENTRYPOINT ["bash", "/flywheel/v0/run.sh"]\n'


def found(directory: Path, run: Run, text: str, dockerfile: str = HEAD, **files: str) -> list[str]:
    """`FILE:LINE:COLUMN: name -> meant` of GL407 in a gear that `run.sh` is started of."""
    write_gear(directory, '"command": "bash run.sh"')
    (directory / "Dockerfile").write_text(dockerfile + END)
    for name, content in {"run.sh": f"#!/bin/bash\n{text}", **files}.items():
        path = directory / name.replace("__", ".")
        path.write_text(content)
        path.chmod(0o755)
    outcome = run("check", "--select", "GL407", "--output-format", "json", directory)
    assert all(each["severity"] == "warning" for each in outcome.findings)
    return [
        f"{Path(each['path']).name}:{each['line']}:{each['column']}: "
        + re.sub(
            " is not made by Flywheel, which (makes|writes) /flywheel/v0/", " -> ", each["message"]
        )
        for each in outcome.findings
    ]


OUPUT = "/flywheel/v0/ouput -> output"
CONFIG = "/flywheel/v0/input/config.json -> config.json"
INPUTS = "/flywheel/v0/inputs -> input"
# (what the script has, the rest of the Dockerfile, what is found)
FOUND = [
    ("ls /flywheel/v0/ouput\n", HEAD, [f"run.sh:2:4: {OUPUT}"]),
    ("ls /flywheel/v0/inut/image\n", HEAD, ["run.sh:2:4: /flywheel/v0/inut -> input"]),
    ("ls $FLYWHEEL/outputs\n", HEAD, ["run.sh:2:4: /flywheel/v0/outputs -> output"]),
    ('ls "${FLYWHEEL}"/inputs/a\n', HEAD, ["run.sh:2:5: /flywheel/v0/inputs -> input"]),
    ("B=/flywheel/v0\nX=$B/inputs\n", HEAD, ["run.sh:3:3: /flywheel/v0/inputs -> input"]),
    ('export B="/flywheel/v0/"\nX=$B/ouput/a\n', HEAD, [f"run.sh:3:3: {OUPUT}"]),
    ("ls /flywheel/v0/outputs/x\n", UNKNOWN, ["run.sh:2:4: /flywheel/v0/outputs -> output"]),
    ("ls /flywheel/v0/ouput\n", f"{HEAD}RUN make\n", [f"run.sh:2:4: {OUPUT}"]),
    ("true\n", f"{HEAD}ENV OUT=$FLYWHEEL/ouput\n", [f"Dockerfile:5:9: {OUPUT}"]),
    ("X='a # b /flywheel/v0/inputs'\n", HEAD, ["run.sh:2:10: /flywheel/v0/inputs -> input"]),
    ("cp /flywheel/v0/inputs/a output\n", HEAD, ["run.sh:2:4: /flywheel/v0/inputs -> input"]),
    ("cat $FLYWHEEL/input/config.json\n", HEAD, [f"run.sh:2:5: {CONFIG}"]),
    ("# of config.json\ncat $FLYWHEEL/input/config.json\n", HEAD, [f"run.sh:3:5: {CONFIG}"]),
    ('X="a # b /flywheel/v0/inputs"\n', HEAD, ["run.sh:2:10: /flywheel/v0/inputs -> input"]),
    # ENV does not heed what a RUN sets
    (
        "true\n",
        f"{HEAD}RUN FLYWHEEL=/tmp x\nRUN for FLYWHEEL in a; do x; done\nENV O=$FLYWHEEL/ouput\n",
        [f"Dockerfile:7:7: {OUPUT}"],
    ),
    ("cd /flywheel/v0/inputs.\n", HEAD, ["run.sh:2:4: /flywheel/v0/inputs -> input"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "dockerfile", "expected"), FOUND)
def test_found(text: str, dockerfile: str, expected: list[str], tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text, dockerfile) == expected


def test_modules_and_what_a_script_starts(tmp_path: Path, run: Run) -> None:
    files = {
        "a.py": "import b\n",
        "b.py": "X = '/flywheel/v0/ouput'\n",
        "c.sh": "ls /flywheel/v0/inputs\n",
        "unused.py": "X = '/flywheel/v0/ouput'\n",
    }
    text = "python3 /flywheel/v0/a.py\nbash /flywheel/v0/c.sh\n"
    assert found(tmp_path, run, text, **files) == [
        "b.py:1:6: /flywheel/v0/ouput -> output",
        "c.sh:1:4: /flywheel/v0/inputs -> input",
    ]


LEFT_ALONE = [
    ("ls /flywheel/v0/output /flywheel/v0/input\n", HEAD),
    ("# ls /flywheel/v0/ouput\n", HEAD),
    ("ls /flywheel/v0/inputs.json /flywheel/v0/ouput_x /flywheel/v0/inputs-1\n", HEAD),
    ("cat /flywheel/v0/config.json /flywheel/v0/input/config.json.bak\n", HEAD),
    ("cat /flywheel/v0/input/a/config.json /opt/input/config.json\n", HEAD),
    ("X=/flywheel/v0/input/config.json\njq . config.json > input/config.json\n", HEAD),
    ("C=/flywheel/v0/input/config.json\n[ -f $C ] || C=/flywheel/v0/config.json\n", HEAD),
    ("ln -s ../config.json $FLYWHEEL/input/config.json\n", HEAD),
    ("cp config.json input\ncat /flywheel/v0/input/config.json\n", HEAD),
    ("cp config.json input/config.json\ncat /flywheel/v0/input/config.json\n", HEAD),
    ("ls /flywheel/ouput /opt/inputs work/outputs\n", HEAD),
    ("ls $OTHER/outputs\n", HEAD),  # a variable that nobody knows
    ("B=/tmp\nls $B/outputs\n", HEAD),
    ("FLYWHEEL=/tmp\nls $FLYWHEEL/outputs\n", HEAD),  # in the image it is /flywheel/v0
    ("B=/flywheel/v0\nB=/tmp\nls $B/outputs\n", HEAD),
    ("B=$(mktemp -d)\nls $B/outputs\n", HEAD),
    ("mkdir -p /flywheel/v0/outputs\nls /flywheel/v0/outputs\n", HEAD),
    ("mkdir -p $FLYWHEEL/inputs\nls /flywheel/v0/inputs\n", HEAD),
    ("ls /flywheel/v0/outputs\n", f"{HEAD}RUN mkdir outputs\n"),
    ("ls /flywheel/v0/ouput\n", f"{HEAD}RUN mkdir ouput\n"),
    ("ls /flywheel/v0/inputs\n", f"{HEAD}RUN make\n"),
    ("true\n", f"{HEAD}# $FLYWHEEL/outputs\nRUN mkdir -p $FLYWHEEL/outputs\n"),
    # made in a line without the path, or under another name
    ("for d in inputs outputs; do mkdir /flywheel/v0/$d; done\nls /flywheel/v0/outputs\n", HEAD),
    ("mkdir -p /flywheel/v0/{inputs,outputs}\nls /flywheel/v0/inputs\n", HEAD),
    ("mkdir outputs\nls /flywheel/v0/outputs\n", HEAD),
    ("mkdir -p work \\\n  /flywheel/v0/outputs\nls /flywheel/v0/outputs\n", HEAD),
    ("OUT=/flywheel/v0/outputs\nmkdir -p $OUT\n", HEAD),
    ("ln -sfn output outputs\nls /flywheel/v0/outputs\n", HEAD),
    ("unzip -q a.zip -d /flywheel/v0/inputs\nls /flywheel/v0/inputs\n", HEAD),
    # a line with both names says which it means
    ("mv /flywheel/v0/input /flywheel/v0/inputs\nls /flywheel/v0/inputs\n", HEAD),
    ("echo /flywheel/v0/inputs is not /flywheel/v0/input\n", HEAD),
    ("ls /flywheel/v0/outputs\n", f"{HEAD}RUN ln -s /flywheel/v0/output /flywheel/v0/outputs\n"),
    ("ls 'a' # not /flywheel/v0/inputs\n", HEAD),
    ('ls "a" # not /flywheel/v0/inputs\n', HEAD),
    ("true\n", f"FORM a\n{HEAD}ENV O=/flywheel/v0/ouput\n"),  # GL005: the image is not known
    ("ls /data/flywheel/v0/inputs ${ROOT}/flywheel/v0/inputs\n", HEAD),  # of another directory
    # a variable that is not always /flywheel/v0
    ("B=/flywheel/v0\nB+=/x\nls $B/outputs\n", HEAD),
    ("B='/flywheel/v0 /x'\nls $B/outputs\n", HEAD),
    ("for FLYWHEEL in /a /b; do ls $FLYWHEEL/outputs; done\n", HEAD),
    ("read -r FLYWHEEL\nls $FLYWHEEL/outputs\n", HEAD),
    ("printf -v FLYWHEEL /x\nls $FLYWHEEL/outputs\n", HEAD),
]


@pytest.mark.parametrize(("text", "dockerfile"), LEFT_ALONE)
def test_left_alone(text: str, dockerfile: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text, dockerfile) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "import os\nOUT = '/flywheel/v0/outputs'\nos.makedirs(OUT)\n"),
        ("a.py", "OUT: Path = Path('/flywheel/v0/outputs')\nOUT.mkdir()\n"),
        ("a.py", "import os\nos.makedirs(os.path.join(BASE, 'outputs'))\n"),
        ("a.sh", "mkdir outputs\n"),
    ],
)
def test_made_by_another_file(name: str, text: str, tmp_path: Path, run: Run) -> None:
    start = "bash" if name.endswith("sh") else "python3"
    script = f"{start} /flywheel/v0/{name}\nls /flywheel/v0/outputs\n"
    assert found(tmp_path, run, script, **{name: text}) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('def f():\n    """Unzips.\n\n    >>> f("/flywheel/v0/inputs/a.zip")\n    """\nf()\n', []),
        ("'/flwyheel/v0/x is misspelt, and /flywheel/v0/ouput'\n", []),
        ("'a'\nprint('/flywheel/v0/inputs')\n'b'\n", [f"a.py:2:8: {INPUTS}"]),
        ("f'{print(\"/flywheel/v0/inputs\")}'\n", [f"a.py:1:11: {INPUTS}"]),
    ],
)
def test_docstrings(text: str, expected: list[str], tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, "python3 /flywheel/v0/a.py\n", a__py=text) == expected


@pytest.mark.parametrize(
    ("command", "is_found"),
    [
        ("mkdir /flywheel/v0/outputs; bash run.sh", False),
        ("bash run.sh /flywheel/v0/outputs", True),
    ],
)
def test_of_the_command(command: str, is_found: bool, tmp_path: Path, run: Run) -> None:
    write_gear(tmp_path, f'"command": "{command}"')
    (tmp_path / "run.sh").write_text("#!/bin/bash\n")
    outcome = run("check", "--select", "GL407", "--output-format", "json", tmp_path)
    assert bool(outcome.findings) is is_found


def test_the_fix_keeps_the_variable(tmp_path: Path, run: Run) -> None:
    found(tmp_path, run, "ls $FLYWHEEL/outputs/x\n")
    run("check", "--select", "GL407", "--fix", "--unsafe-fixes", tmp_path)
    assert (tmp_path / "run.sh").read_text() == "#!/bin/bash\nls $FLYWHEEL/output/x\n"


# (what the script has, the rest of the Dockerfile, where and what is found, whether its fix is safe)
ROOTS = [
    ("ls /flwyheel/v0/a\n", HEAD, ["run.sh:2:4: /flwyheel"], True),
    ("ls /flyweel/v0; ls '/flwyhweel/v0/'\n", HEAD, ["run.sh:2:4: /flyweel", "run.sh:2:21: /flwyhweel"], True),
    ("ls /Flywheel/v0.\n", HEAD, ["run.sh:2:4: /Flywheel"], True),
    ("ls /flywele/v0 /lfyweel/v0\n", HEAD, ["run.sh:2:4: /flywele", "run.sh:2:16: /lfyweel"], True),
    ("ls /flyweel/v0\n", UNKNOWN, ["run.sh:2:4: /flyweel"], False),
    ("true\n", f"{HEAD}ENV A=/flwywheel/v0\n", ["Dockerfile:5:7: /flwywheel"], True),
    ("ls /flyweel/v0/x\n", f"{HEAD}COPY run.sh /flyweel/v0/x\n", ["Dockerfile:5:13: /flyweel", "run.sh:2:4: /flyweel"], False),
    ("true\n", f"{HEAD}RUN rm /flyweel/v0/x || true\n", ["Dockerfile:5:8: /flyweel"], True),
    # GL312 says so
    ("true\n", f"{HEAD}RUN rm /flyweel/v0/x\n", [], True),
    ("true\n", f"{HEAD}RUN rm /flyweel/v0/x /flwheel/v0/y\n", ["Dockerfile:5:22: /flwheel"], True),
    ("# ls /flyweel/v0\nls . # /flyweel/v0\n", HEAD, [], True),
    ("ls /wheel/v0 /flyweheels/v0 /flightwheel/v0 /freewheel/v0\n", HEAD, [], True),
    ("ls /flyweel/v1 /flyweel/v0x /flyweel/v0.txt\n", HEAD, [], True),
    ("curl https://example.org/flyweel/v0; ls x/flyweel/v0 $A/flyweel/v0 ${A}/flyweel/v0\n", HEAD, [], True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "dockerfile", "expected", "is_safe"), ROOTS)
def test_flywheel_misspelt(
    text: str, dockerfile: str, expected: list[str], is_safe: bool, tmp_path: Path, run: Run
) -> None:
    message = "/v0 is not the gear's directory, /flywheel/v0"
    assert found(tmp_path, run, text, dockerfile) == [f"{each}{message}" for each in expected]
    run("check", "--select", "GL407", "--fix", tmp_path)
    after = [(tmp_path / name).read_text() for name in ("run.sh", "Dockerfile")]
    is_fixed = bool(expected) and is_safe
    assert after == [
        f"#!/bin/bash\n{text}" if not is_fixed else _corrected(f"#!/bin/bash\n{text}"),
        dockerfile + END if not is_fixed else _corrected(dockerfile + END, keep="/flyweel/v0/x /"),
    ]


def _corrected(text: str, keep: str = "\0") -> str:
    pattern = rf"(?!{re.escape(keep)})/(?:flwyheel|flyweel|flwyhweel|Flywheel|flwywheel|flwheel"
    pattern += "|flywele|lfyweel)/v0"
    return re.sub(pattern, "/flywheel/v0", text)


@pytest.mark.parametrize(
    ("command", "entrypoint", "codes"),
    [
        ("bash run.sh > /flyweel/v0/output/x", "/flywheel/v0/run.sh", ["GL407"]),
        ("bash /flyweel/v0/run.sh", "/flywheel/v0/run.sh", ["GL402"]),
        ("bash run.sh", "/flyweel/v0/run.sh", ["GL305"]),
    ],
)
def test_flywheel_misspelt_in_what_starts(
    command: str, entrypoint: str, codes: list[str], tmp_path: Path, run: Run
) -> None:
    write_gear(tmp_path, f'"command": "{command}"')
    (tmp_path / "Dockerfile").write_text(f'{HEAD}ENTRYPOINT ["bash", "{entrypoint}"]\n')
    (tmp_path / "run.sh").write_text("#!/bin/bash\n")
    (tmp_path / "run.sh").chmod(0o755)
    selected = ("check", "--select", "GL305,GL402,GL407", "--output-format", "json", tmp_path)
    assert [each["code"] for each in run(*selected).findings] == codes


def test_a_name_is_reported_once_a_file_and_fixed_everywhere(tmp_path: Path, run: Run) -> None:
    text = "ls /flyweel/v0 /flyweel/v0/a\nls /flywheel/v0/inputs /flyweel/v0\n"
    text += "ls /flywheel/v0/inputs/b /flywheel/v0/ouput\n"
    assert sorted(found(tmp_path, run, text)) == [
        "run.sh:2:4: /flyweel/v0 is not the gear's directory, /flywheel/v0: "
        "here and in 2 more places",
        f"run.sh:3:4: {INPUTS}: here and in 1 more place",
        f"run.sh:4:26: {OUPUT}",
    ]
    run("check", "--select", "GL407", "--fix", "--unsafe-fixes", tmp_path)
    fixed = text.replace("flyweel", "flywheel").replace("inputs", "input")
    assert (tmp_path / "run.sh").read_text() == "#!/bin/bash\n" + fixed.replace("ouput", "output")


def test_a_misspelt_flywheel_is_reported_up_to_v0(tmp_path: Path, run: Run) -> None:
    write_gear(tmp_path, '"command": "bash run.sh > /flyweel/v0/x"')
    (tmp_path / "Dockerfile").write_text(HEAD + END)
    (tmp_path / "run.sh").write_text("#!/bin/bash\nls /flyweel/v0/x\n")
    outcome = run("check", "--select", "GL407", "--output-format", "json", tmp_path)
    assert [
        Path(each["path"])
        .read_text()
        .splitlines()[each["line"] - 1][each["column"] - 1 : each["end_column"] - 1]
        for each in outcome.findings
    ] == ["/flyweel/v0", "/flyweel/v0"]


@pytest.mark.parametrize(
    "text", ["/flyweel/v0 ", "/abcdefgh/v0/", "/v0/flywheel", "/flyweel/v0/flyweel"]
)
def test_many_paths_take_as_long_each(text: str, tmp_path: Path, run: Run) -> None:
    with in_time(30):
        found(tmp_path, run, f"ls {text * 20_000}\n" * 3)
