"""GL416: variables of shell scripts that nothing sets."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

KNOWN = "FROM python:3.11\n"
UNKNOWN = "FROM me/base\n"
END = 'WORKDIR /flywheel/v0\nCOPY . .\nENTRYPOINT ["bash", "/flywheel/v0/run.sh"]\n'


def found(
    directory: Path, run: Run, text: str, base: str = KNOWN, members: str = "", **files: str
) -> list[str]:
    """`FILE:LINE:COLUMN name -> meant` of GL416 in a gear that runs `run.sh`, or `name` alone."""
    write_gear(directory, f'"command": "bash run.sh"{members}')
    (directory / "Dockerfile").write_text(base + END)
    for name, content in {"run.sh": f"#!/bin/bash\n{text}\n", **files}.items():
        (directory / name.replace("__", ".")).write_text(content)
    outcome = run("check", "--select", "GL416", "--output-format", "json", directory)
    assert {each["severity"] for each in outcome.findings} <= {"warning"}
    places = [f"{Path(one['path']).name}:{one['line']}:{one['column']}" for one in outcome.findings]
    names = [each["message"].split('"')[1] for each in outcome.findings]
    helps = [each["help"] for each in outcome.findings]
    meant = [f" -> {text.split(chr(34))[1]}" if "did you mean" in text else "" for text in helps]
    return [" ".join(each) for each in zip(places, map(str.__add__, names, meant), strict=True)]


@pytest.mark.parametrize("base", [KNOWN, UNKNOWN])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("phantom=1\n[[ $phatom == 1 ]] && ls", "run.sh:3:4 phatom -> phantom"),
        ('phantom="$(x)"\nif [ "${phatom}" = 1 ]; then ls; fi', "run.sh:3:7 phatom -> phantom"),
        ("read -r line\nsuffix=.nii\ncp a a$sufix; echo $sufix", "run.sh:4:7 sufix -> suffix"),
        ("export outdir=/x\ntarget=$outdr/a", "run.sh:3:8 outdr -> outdir"),
        (". /etc/profile\noutdir=/x\nls $outdr", "run.sh:4:4 outdr -> outdir"),
        ('outdir=/x\nline="ls $outdir"\neval $line\nls $outdr', "run.sh:5:4 outdr -> outdir"),
        ("outdir=/x\nread a\neval \"opt_${1}='a'\"\nls $outdr", "run.sh:5:4 outdr -> outdir"),
    ],
)
def test_found(text: str, expected: str, base: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text, base) == [expected]


@pytest.mark.parametrize("base", [KNOWN, UNKNOWN])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo $phatom", "run.sh:2:6 phatom"),
        ('if [ "$ScanID" = 1 ]; then ls; fi', "run.sh:2:7 ScanID"),
        ("phantom=1\necho $fantome", "run.sh:3:6 fantome"),
        ("image1=1\necho $image2", "run.sh:3:6 image2"),
        ("opt_a=1\necho $opt_b", "run.sh:3:6 opt_b"),
        ("name=$1\necho $nmae", "run.sh:3:6 nmae -> name"),
        ("name=$1\necho $nane", "run.sh:3:6 nane -> name"),
        ("img=$1; imp=$1\necho $im", "run.sh:3:6 im"),
        ("t1=$1\necho $t2", "run.sh:3:6 t2"),
        # what sets other variables
        ('export A="$1" B=$2\nlocal c=$3\necho $phatom', "run.sh:4:6 phatom"),
        ('printf "$1"\nprintf -v x "$1"\necho $phatom', "run.sh:4:6 phatom"),
        ('env A="$1" ls "$2"\necho $phatom', "run.sh:3:6 phatom"),
        ("eval \"opt_${1}='a'\"\necho $phatom", "run.sh:3:6 phatom"),
        (". /etc/fsl/5.0/fsl.sh\n. /etc/fsl/fsl.sh\necho $phatom", "run.sh:4:6 phatom"),
        ('source "$FSLDIR/etc/fslconf/fsl.sh"\necho $phatom', "run.sh:3:6 phatom"),
        ("source $FREESURFER_HOME/SetUpFreeSurfer.sh\necho $phatom", "run.sh:3:6 phatom"),
        (". $FREESURFER_HOME/FreeSurferEnv.sh\necho $phatom", "run.sh:3:6 phatom"),
        ("source /flywheel/v0/docker-env.sh\necho $phatom", "run.sh:3:6 phatom"),
        (". /opt/etc/profile.d/conda.sh\nconda activate x\necho $phatom", "run.sh:4:6 phatom"),
        ("source /opt/conda/bin/activate base\necho $phatom", "run.sh:3:6 phatom"),
    ],
)
def test_found_without_a_near_name(
    text: str, expected: str, base: str, tmp_path: Path, run: Run
) -> None:
    assert found(tmp_path, run, text, base) == [expected]


def test_found_in_scripts_that_source_each_other(tmp_path: Path, run: Run) -> None:
    names = found(tmp_path, run, ". ./lib.sh\necho $phatom", lib__sh="x=1\necho $fantome\n")
    assert names == ["lib.sh:2:6 fantome", "run.sh:3:6 phatom"]
    assert found(tmp_path, run, ". ./lib.sh\necho $phatom", lib__sh='read "$1"\n') == []
    assert found(tmp_path, run, ". ./lib.sh\necho $phatom", lib__sh='eval "p${1}=1"\n') == []
    assert found(tmp_path, run, ". ./lib.sh\necho $phatom", lib__sh="echo $[1]\n") == []


def test_help(tmp_path: Path, run: Run) -> None:
    found(tmp_path, run, "echo $phatom")
    outcome = run("check", "--select", "GL416", "--output-format", "json", tmp_path)
    assert [each["help"] for each in outcome.findings] == [
        "set it, or write ${phatom:-} where it may be empty"
    ]


ENTRIES = "eval $(jq -r '.config | to_entries[] | \"config_\\(.key)=\\(.value)\"' config.json)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo $config_threads", []),
        ("echo $config_thread", ["run.sh:3:6 config_thread -> config_threads"]),
        ("echo $config_speed", ["run.sh:3:6 config_speed"]),
        ("eval $(x); echo $config_thread", []),
    ],
)
def test_what_jq_writes_of_each_option(
    text: str, expected: list[str], tmp_path: Path, run: Run
) -> None:
    config = ',\n"config": {"threads": {"type": "integer", "description": "d", "default": 1}}'
    assert found(tmp_path, run, ENTRIES + text, members=config) == expected


def test_python_that_the_script_starts_sets_nothing_of_it(tmp_path: Path, run: Run) -> None:
    main = {"main__py": "import os\nos.environ['other'] = '1'\n"}
    text = "python3 main.py\necho $flag"
    assert found(tmp_path, run, text, **main) == ["run.sh:3:6 flag"]


def test_names_in_capitals(tmp_path: Path, run: Run) -> None:
    text = "export PYTHONPATH=/x:$PYTONPATH"
    assert found(tmp_path, run, text) == ["run.sh:2:22 PYTONPATH -> PYTHONPATH"]
    # they may be of the environment, if they are short
    text = "SCRIPTS=/x:$SCRIPS"
    assert found(tmp_path, run, text) == ["run.sh:2:12 SCRIPS -> SCRIPTS"]
    assert found(tmp_path, run, text, UNKNOWN) == []
    assert found(tmp_path, run, f". /x/setup.sh\n{text}") == []
    assert found(tmp_path, run, text, f"{KNOWN}ENV SCRIPS=/y\n") == []
    text = "export PYTHONPATH=/x:$PYTONPATH"
    assert found(tmp_path, run, text, f"{KNOWN}ENV PYTONPATH=/y\n") == []
    others = "HOSTNAMES=a\nPYTHON_VERSIONS=1\necho $HOSTNAME $PYTHON_VERSION"
    assert found(tmp_path, run, others) == []
    assert found(tmp_path, run, "PYHONPATH=/x:$PYTHONPATH") == []  # which programs read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CONTAINER=x\necho $CONTRAINER", ["run.sh:3:6 CONTRAINER -> CONTAINER"]),
        (
            ". /x/setup.sh\nFEAT_OUTPUT=x\nls ${FEAT_OUPUT}/a",
            ["run.sh:4:4 FEAT_OUPUT -> FEAT_OUTPUT"],
        ),
        ("SUBJECT_DIR=x\nls $SUBJECTS_DIR", []),
        ("ANTSPATHX=x\nls $ANTSPATH_X", []),
        ("OUTPUT_DIR1=x\nls $OUTPUT_DIR2", []),
        ("TEMPLATES=x\nls $TEMPLATE", []),
        ("INPUTS=x\nls $INPUT", []),
        ("CONTAINER=x\neval $(y)\necho $CONTRAINER", []),
    ],
)
def test_long_names_in_capitals_over_an_unknown_image(
    text: str, expected: list[str], tmp_path: Path, run: Run
) -> None:
    assert found(tmp_path, run, text, UNKNOWN) == expected


LEFT_ALONE = [
    "phantom=1\necho $phantom",
    "phantom=1\necho '$phatom' # $phatom",
    "phantom=1\ncat <<'E'\n$phatom\nE",
    "phantom=1\necho ${phatom:-2} ${phatom-2} ${phatom:+2}",
    "phantom=1\n: ${phatom:=2}; echo $phatom",
    "phantom=1\nread -r phatom\necho $phatom",
    "phantom=1\nfor phatom in a b; do echo $phatom; done",
    "phantom=1\nprintf -v phatom x; echo $phatom",
    "phantom=1\nmapfile -t phatom < x; echo ${phatom[0]}",
    "phantom=1\n(( phatom = 2 )); echo $phatom",
    "phantom=1\ngetopts ab phatom; echo $phatom",
    "phantom=1\neval $(x)\necho $phatom",
    "phantom=1\neval `x`\necho $phatom",
    "phantom=1\nread -r line < x\neval $line\necho $phatom",
    "phantom=1\neval $1=2\necho $phatom",
    'phantom=1\neval "ph${1}=2"\necho $phatom',
    'phantom=1\neval "${1}tom=2"\necho $phatom',
    "phantom=1\neval \\\n $(x)\necho $phatom",
    "phantom=1\neval '\n'$(x)\necho $phatom",
    'phantoms=1\neval "p${1}=2"\necho $phantom',
    "echo $PHATOM $HCPPIPEDIR_Templates",  # of the image
    "echo $http_proxy $no_proxy $container $histchars $auto_resume",
    # it may be set by what starts the gear
    'if [ -z "$phatom" ]; then ls; fi\necho $phatom',
    "[ -n $phatom ]\necho $phatom",
    'if [ -n "${phatom:-}" ]; then echo "$phatom"; fi',
    "echo ${phatom?}; echo $phatom",
    # the script may set it
    ". /x/setup.sh\necho $phatom",
    "source <(x)\necho $phatom",
    ". \necho $phatom",
    ". $1/fsl.sh\necho $phatom",
    ". $FREESURFER_HOME/SetUpFreeSurfer.sh\necho $os $output $d $tmp1",
    'declare "$1=2"\necho $phatom',
    'declare -g "ph$1"=2\necho $phatom',
    "local -n x=$1\nx=2\necho $phatom",
    'export "$1=$2"\necho $phatom',
    "export $(cat x)\necho $phatom",
    "export `cat x`\necho $phatom",
    'typeset "${1}=2"\nreadonly "$1"\necho $phatom',
    'read -r "$1"\necho $phatom',
    'mapfile -t "$1" < x\necho $phatom',
    'readarray "$1" < x\necho $phatom',
    'printf -v "$1" x\necho $phatom',
    'let "$1=2"\necho $phatom',
    "env $(cat x) bash run.sh\necho $phatom",
    "eval $1\necho $phatom",
    'x=$(cat x)\neval "$x"\necho $phatom',
    'eval "ph${1}=2"\necho $phatom',
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == []


@pytest.mark.parametrize(
    ("base", "files"),
    [
        (f"{KNOWN}ENV phatom=1\n", {}),
        (KNOWN, {"lib.sh": "phatom=1\n"}),
        (KNOWN, {"main.py": "import os\nos.environ['phatom'] = '1'\n"}),
    ],
)
def test_set_elsewhere(base: str, files: dict[str, str], tmp_path: Path, run: Run) -> None:
    text = "phantom=1\n. ./lib.sh\npython3 main.py\necho $phatom"
    assert found(tmp_path, run, text, base, **files) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", ["run.sh:2"]),
        ("os.environ[key] = '1'", []),
        ("subprocess.run('x', env=other)", []),
    ],
)
def test_python_that_starts_the_script(
    line: str, expected: list[str], tmp_path: Path, run: Run
) -> None:
    write_gear(tmp_path, '"command": "python3 main.py"')
    (tmp_path / "Dockerfile").write_text(
        KNOWN + END.replace("bash", "python3").replace("run.sh", "main.py")
    )
    start = "subprocess.run(['bash', '/flywheel/v0/run.sh'])"
    (tmp_path / "main.py").write_text(f"import os, subprocess\n{line}\n{start}\n")
    (tmp_path / "run.sh").write_text("#!/bin/bash\necho $phatom\n")
    outcome = run("check", "--select", "GL416", "--output-format", "json", tmp_path)
    places = [f"{Path(each['path']).name}:{each['line']}" for each in outcome.findings]
    assert places == expected


def test_set_by_the_manifest(tmp_path: Path, run: Run) -> None:
    text = "phantom=1\necho $phatom"
    assert len(found(tmp_path, run, text)) == 1
    write_gear(tmp_path, '"command": "bash run.sh",\n"environment": {"phatom": "1"}')
    outcome = run("check", "--select", "GL416", "--output-format", "json", tmp_path)
    assert outcome.findings == []


def test_many_variables_are_left_alone(tmp_path: Path, run: Run) -> None:
    text = "phantom=1\n" + "".join(f"echo $phantom{'x' * number}\n" for number in range(1, 200))
    assert found(tmp_path, run, text) == []
