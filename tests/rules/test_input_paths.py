"""GL502 and GL505 where an input is read by its directory, `/flywheel/v0/input/NAME`."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

DOCKERFILE = """\
FROM python:3.11
ENV FLYWHEEL=/flywheel/v0
WORKDIR /flywheel/v0
COPY . .
ENTRYPOINT ["{interpreter}", "/flywheel/v0/{script}"]
"""
WARNING = 'GL502 warning: input "{}" is not declared, so it is never given'
INFO = WARNING.replace("warning", "info")
SET = "BASE=/flywheel/v0\nIN=$BASE/input\n"


def found(directory: Path, run: Run, script: str, text: str, **files: str) -> list[str]:
    """`LINE:COLUMN CODE severity: message` of GL502 in a gear whose one input is `image`."""
    interpreter = "bash" if script.endswith(".sh") else "python3"
    write_gear(directory, f'"command": "{interpreter} {script}"')
    dockerfile = DOCKERFILE.format(interpreter=interpreter, script=script)
    (directory / "Dockerfile").write_text(dockerfile)
    (directory / script).write_text(text)
    for name, content in files.items():
        (directory / f"{name}.py").write_text(content)
    _, out, _ = run("check", "--select", "GL502", "--output-format", "concise", directory)
    lines = [line for line in out.splitlines() if "GL502" in line]
    return [line.rpartition(f"{script}:")[2].replace(": GL", " GL") for line in lines]


# (what the script does after it has set $BASE and $IN, what is found)
SHELL = [
    ("ls /flywheel/v0/input/anat", f"3:23 {INFO.format('anat')}"),
    ("ls $IN/anat", f"3:8 {INFO.format('anat')}"),
    ('ls "${IN}/anat/"', f"3:11 {INFO.format('anat')}"),
    ('ls "$IN"/anat/*.nii.gz', f"3:10 {INFO.format('anat')}"),
    ("ls $FLYWHEEL/input/anat", f"3:20 {INFO.format('anat')}"),
    ("X=$(find $IN/anat -name '*.nii' | head -1)", f"3:14 {INFO.format('anat')}"),
    ("X=`ls $IN/anat`", f"3:11 {INFO.format('anat')}"),
    ("for x in $IN/anat/*; do echo $x; done", f"3:14 {INFO.format('anat')}"),
    ("ANAT=$IN/anat\nls $ANAT", f"3:10 {INFO.format('anat')}"),
    ("f() { ls $IN/anat; }\nf", f"3:14 {INFO.format('anat')}"),
    ("cp $IN/anat/a.txt output/", f"3:8 {INFO.format('anat')}"),
    ("unzip $IN/anat/*.zip -d output", f"3:11 {INFO.format('anat')}"),
    ("cat < $IN/anat/a.txt", f"3:11 {INFO.format('anat')}"),
    ("if true; then X=$IN/anat; fi\nls $X", f"3:21 {INFO.format('anat')}"),
    ("ls $IN/images", f"3:8 {WARNING.format('images')}"),
    ("[ -d $IN/images ] && ls $IN/images", f"3:10 {WARNING.format('images')}"),
    ("if [ -d $IN/anat ]; then ls $IN/anat; fi", f"3:13 {INFO.format('anat')}"),
    ("[[ -e $IN/anat ]] && ls $IN/anat", f"3:11 {INFO.format('anat')}"),
    ("test -d $IN/anat && ls $IN/anat", f"3:13 {INFO.format('anat')}"),
]


@pytest.mark.parametrize(("text", "expected"), SHELL)
def test_shell_reads_an_input_by_its_directory(
    text: str, expected: str, tmp_path: Path, run: Run
) -> None:
    assert found(tmp_path, run, "run.sh", f"{SET}{text}\n") == [expected]


SHELL_LEFT_ALONE = [
    "ls $IN/image/*.nii",
    "ls $IN",
    "ls $IN/*/a.txt",
    "ls $IN/$1",
    "ls $IN/a.txt",
    "ls $IN/{anat,func}",
    "ls /tmp/input/anat",
    "ls $OTHER/input/anat",
    "# ls $IN/anat",
    "echo $IN/anat",
    "printf '%s' $IN/anat",
    # a path that nothing uses
    "ANAT=$IN/anat",
    # what the script makes, or takes away
    "mkdir -p $IN/work\nls $IN/work",
    "cp -r /data $IN/work\nls $IN/work",
    "unzip a.zip -d $IN/work\nls $IN/work",
    "tar xf a.tar -C $IN/work\nls $IN/work",
    "prepare --out-dir $IN/work\nls $IN/work",
    "date > $IN/work/a.txt\ncat $IN/work/a.txt",
    "WORK=$IN/work\nif true; then mkdir $WORK; fi\nls $WORK",
    "rm -rf $IN/work",
    # another directory than at first
    "IN=/tmp/in\nls $IN/anat",
    "IN=$1\nls $IN/anat",
]


@pytest.mark.parametrize("text", SHELL_LEFT_ALONE)
def test_shell_left_alone(text: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, "run.sh", f"{SET}{text}\n") == []


def test_a_directory_that_a_program_may_make_is_left_alone(tmp_path: Path, run: Run) -> None:
    script = f"{SET}python3 $BASE/fetch.py\nls $IN/anat\n"
    fetch = "import os, sys\nos.makedirs(os.path.join(sys.argv[1], 'input', '{}'))\n"
    assert found(tmp_path, run, "run.sh", script, fetch=fetch.format("anat")) == []
    assert found(tmp_path, run, "run.sh", script, fetch=fetch.format("anatomy")) == [
        f"4:8 {INFO.format('anat')}"
    ]


PYTHON = [
    ('os.listdir("/flywheel/v0/input/anat")', f"3:1 {INFO.format('anat')}"),
    ('os.listdir("/flywheel/v0/input/anat/")', f"3:1 {INFO.format('anat')}"),
    ('open("/flywheel/v0/input/anat/a.txt")', f"3:1 {INFO.format('anat')}"),
    ('os.listdir(os.path.join("/flywheel/v0", "input", "anat"))', f"3:1 {INFO.format('anat')}"),
    ('x = "/flywheel/v0/input/anat"\nos.listdir(x)', f"4:1 {INFO.format('anat')}"),
    ('os.listdir(f"{BASE}/input/anat")', f"3:1 {INFO.format('anat')}"),
    ('list((Path(BASE) / "input" / "anat").iterdir())', f"3:6 {INFO.format('anat')}"),
    ('os.listdir(os.environ["FLYWHEEL"] + "/input/anat")', f"3:1 {INFO.format('anat')}"),
    ('os.listdir("/flywheel/v0/input/images")', f"3:1 {WARNING.format('images')}"),
    ('glob.glob("/flywheel/v0/input/anat/*.nii")', f"3:1 {INFO.format('anat')}"),
    ('list(Path("/flywheel/v0/input/anat").glob("*"))', f"3:6 {INFO.format('anat')}"),
    ('glob.glob("/flywheel/v0/input/images/*.nii")', f"3:1 {WARNING.format('images')}"),
    ("os.listdir(os.path.join(BASE, 'input/anat'))", f"3:1 {INFO.format('anat')}"),
    ('list(Path("input/images").glob("*"))', f"3:6 {WARNING.format('images')}"),
    ('os.listdir(os.path.join(BASE, "input/images/"))', f"3:1 {WARNING.format('images')}"),
    (
        'x = "/flywheel/v0/input/anat"\nif os.path.isdir(x):\n    os.listdir(x)',
        f"5:5 {INFO.format('anat')}",
    ),
]
IMPORTS = 'import glob, os, shutil, sys; from pathlib import Path\nBASE = "/flywheel/v0"\n'


@pytest.mark.parametrize(("text", "expected"), PYTHON)
def test_python_reads_an_input_by_its_directory(
    text: str, expected: str, tmp_path: Path, run: Run
) -> None:
    assert found(tmp_path, run, "run.py", f"{IMPORTS}{text}\n") == [expected]


PYTHON_LEFT_ALONE = [
    'os.listdir("/flywheel/v0/input/image")',
    'os.listdir("/flywheel/v0/input")',
    'os.listdir("/flywheel/v0/input/" + sys.argv[1])',
    'open("/flywheel/v0/input/a.txt")',
    'os.listdir("/tmp/input/anat")',
    'os.listdir(os.path.join("/tmp", "input/anat"))',
    'os.listdir("input/anat")',  # a library may be given what is no path
    'print("/flywheel/v0/input/anat")',
    'x = os.path.basename("/flywheel/v0/input/anat")',
    # a function that nothing calls
    'def never():\n    os.listdir("/flywheel/v0/input/anat")',
    # what the script makes itself, or something else may make
    'os.makedirs("/flywheel/v0/input/work")\nos.listdir("/flywheel/v0/input/work")',
    'Path("/flywheel/v0/input/work").mkdir()\nos.listdir("/flywheel/v0/input/work")',
    'open("/flywheel/v0/input/work/a", "w")\nos.listdir("/flywheel/v0/input/work")',
    'shutil.copytree("/data", "/flywheel/v0/input/work")\nos.listdir("/flywheel/v0/input/work")',
    'load().download("/flywheel/v0/input/work")\nos.listdir("/flywheel/v0/input/work")',
    'load("/flywheel/v0/input/work")\nos.listdir("/flywheel/v0/input/work")',
]


@pytest.mark.parametrize("text", PYTHON_LEFT_ALONE)
def test_python_left_alone(text: str, tmp_path: Path, run: Run) -> None:
    script = f"from somewhere import load\n{IMPORTS}{text}\n"
    assert found(tmp_path, run, "run.py", script) == []


def test_what_a_log_is_given_makes_nothing(tmp_path: Path, run: Run) -> None:
    script = (
        f"import logging\n{IMPORTS}x = BASE + '/input/anat'\nlog = logging.getLogger()\n"
        "log.info(x)\nlogging.info(x)\nprint(len(os.listdir(x)))\n"
    )
    assert found(tmp_path, run, "run.py", script) == [f"8:11 {INFO.format('anat')}"]


def test_a_directory_that_a_shell_script_makes_is_its_own(tmp_path: Path, run: Run) -> None:
    script = f"{SET}mkdir $IN/work\npython3 $BASE/main.py\n"
    main = 'import os\nos.listdir("/flywheel/v0/input/work")\n'
    assert found(tmp_path, run, "run.sh", script, main=main) == []
