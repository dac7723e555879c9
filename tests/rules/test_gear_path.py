"""GL407: a path that says `inputs` or `ouput`, where the gear's code and its Dockerfile have it."""

from pathlib import Path

import pytest

from tests.conftest import Run
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
        + each["message"].replace(" is not made by Flywheel, which makes ", " -> ")
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
