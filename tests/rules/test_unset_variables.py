"""GL143: the environment variables that the gear's own code needs, and Flywheel does not set."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

BASE = "FROM python:3.11\n{}WORKDIR /flywheel/v0\nCOPY *.py *.sh manifest.json ./\n"
ENV = "ENV FSLDIR=/opt/fsl\n"
RAISES = 'os.environ["FSLDIR"] raises KeyError on Flywheel, where the manifest alone sets variables'
EMPTY = "$FSLDIR is empty on Flywheel, where the manifest alone sets variables"
IN_PYTHON = [
    ('import os\nprint(os.environ["FSLDIR"])\n', "2:7"),
    ("import os\nprint(os.environ['FSLDIR'] + '/bin', os.environ['FSLDIR'])\n", "2:7"),
    ('import os\ndef main():\n    print(os.environ["FSLDIR"])\nmain()\n', "3:11"),
    ('import os\nprint(os.environ["FSLDIR"], os.environ["HOME"])\n', "2:7"),
    ('import os\nos.environ["OTHER"] = "1"\nprint(os.environ["FSLDIR"])\n', "3:7"),
]
SET_IN_PYTHON = [
    'import os\nprint(os.environ.get("FSLDIR"), os.getenv("FSLDIR"))\n',
    'import os\nos.environ["FSLDIR"] = "/opt/fsl"\nprint(os.environ["FSLDIR"])\n',
    'import os\nos.environ.setdefault("FSLDIR", "/opt/fsl")\nprint(os.environ["FSLDIR"])\n',
    'import os\nif "FSLDIR" in os.environ:\n    print(os.environ["FSLDIR"])\n',
    'import os\nif os.getuid():\n    print(os.environ["FSLDIR"])\n',
    'import os\ntry:\n    print(os.environ["FSLDIR"])\nexcept KeyError:\n    pass\n',
    'import os\ndef main():\n    print(os.environ["FSLDIR"])\n',
    'import os\nos.environ.update(x())\nprint(os.environ["FSLDIR"])\n',
    'import os, dotenv\ndotenv.load_dotenv()\nprint(os.environ["FSLDIR"])\n',
    'import os\nos.environ |= x()\nprint(os.environ["FSLDIR"])\n',
    'import os\nos.environ = x()\nprint(os.environ["FSLDIR"])\n',
    'environ = {"FSLDIR": 1}\nprint(environ["FSLDIR"])\n',
    'import os\nos = x()\nprint(os.environ["FSLDIR"])\n',
    'import os\nprint(os.environ["HOME"], os.environ["FW_CONFIG_N"], os.environ["SLURM_JOB_ID"])\n',
    'import os\nprint(os.environ["PATH"], os.environ["HOSTNAME"], os.environ["PYTHON_VERSION"])\n',
    'import os\ndel os.environ["FSLDIR"]\n',
]
IN_SHELL = [
    ("echo $FSLDIR\n", "2:6"),
    ('X="${FSLDIR}/bin"\n', "2:3"),
    ("if [ -f x ]; then\n  $FSLDIR/bin/bet x y\nfi\n", "3:3"),
    (". $FSLDIR/etc/fslconf/fsl.sh\n", "2:3"),
    ("echo $FSLDIR\nsource x.sh\necho $FSLDIR\n", "2:6"),
]
SET_IN_SHELL = [
    "FSLDIR=/opt/fsl\necho $FSLDIR\n",
    "export FSLDIR\necho $FSLDIR\n",
    "read FSLDIR\necho $FSLDIR\n",
    "for FSLDIR in a b; do echo $FSLDIR; done\n",
    "echo ${FSLDIR:-/opt/fsl} ${FSLDIR:=/opt/fsl}\n",
    "source /etc/profile\necho $FSLDIR\n",
    ". ./env.sh\necho $FSLDIR\n",
    "eval $(x)\necho $FSLDIR\n",
    "echo $PATH $OTHER '$FSLDIR'\n",
    "echo $FSLDIR )\n",  # GL406
]


def _gear(directory: Path, script: str, name: str, *, env: str = ENV, members: str = "") -> None:
    start = "python run.py" if name == "run.py" else "bash run.sh"
    write_gear(directory, members or f'"command": "{start}"')
    for other in ("run.py", "run.sh"):
        (directory / other).write_text("")
    (directory / name).write_text(script)
    (directory / "Dockerfile").write_text(BASE.format(env))


@pytest.mark.parametrize("env", [ENV, ""])
@pytest.mark.parametrize(("script", "place"), IN_PYTHON)
def test_python_that_needs_a_variable(
    script: str, place: str, env: str, tmp_path: Path, check: Run
) -> None:
    _gear(tmp_path, script, "run.py", env=env)
    (found,) = check(tmp_path, "--select", "GL143").findings
    said = f"{found['line']}:{found['column']}", found["message"], found["severity"]
    assert said == (place, RAISES, "warning")


@pytest.mark.parametrize("script", SET_IN_PYTHON)
def test_python_that_may_have_it(script: str, tmp_path: Path, check: Run) -> None:
    _gear(tmp_path, script, "run.py")
    assert check(tmp_path, "--select", "GL143").codes == []


@pytest.mark.parametrize(("script", "place"), IN_SHELL)
def test_shell_script_that_needs_a_variable(
    script: str, place: str, tmp_path: Path, check: Run
) -> None:
    _gear(tmp_path, f"#!/bin/bash\n{script}", "run.sh")
    (found,) = check(tmp_path, "--select", "GL143").findings
    assert (f"{found['line']}:{found['column']}", found["message"]) == (place, EMPTY)


@pytest.mark.parametrize("script", SET_IN_SHELL)
def test_shell_script_that_may_have_it(script: str, tmp_path: Path, check: Run) -> None:
    _gear(tmp_path, f"#!/bin/bash\n{script}", "run.sh")
    assert check(tmp_path, "--select", "GL143").codes == []


@pytest.mark.parametrize(
    ("name", "script", "members", "env"),
    [
        (
            "run.py",
            'import os\nprint(os.environ["FSLDIR"])\n',
            '"environment": {"FSLDIR": "/opt/fsl"}',
            ENV,
        ),
        (
            "run.sh",
            "echo $FSLDIR\n",
            '"command": "bash run.sh", "environment": {"FSLDIR": "/opt/fsl"}',
            ENV,
        ),
        ("run.sh", "echo $FSLDIR\n", "", ""),  # maybe of the base image: GL416 knows more
        ("run.sh", "echo $FSLDIR\n", '"command": "FSLDIR=/opt/fsl bash run.sh"', ENV),
        (
            "run.py",
            'import os\nprint(os.environ["FSLDIR"])\n',
            '"command": "FSLDIR=/opt/fsl python run.py"',
            ENV,
        ),
        ("run.sh", "python run.py\n", '"command": "FSLDIR=/opt/fsl bash run.sh"', ENV),
        ("run.sh", "echo $FSLDIR\n", '"command": "bash -l run.sh"', ENV),
        ("run.sh", "echo $FSLDIR\n", '"command": "bash -lc ./run.sh"', ENV),
        ("run.sh", "#!/bin/bash -l\necho $FSLDIR\n", '"command": "./run.sh"', ENV),
        (
            "run.py",
            'import os\nprint(os.environ["FSLDIR"])\n',
            '"command": "bash run.sh"',  # that Docker alone starts it is unknown to Flywheel
            f'{ENV}ENTRYPOINT ["python", "/flywheel/v0/run.py"]\n',
        ),
    ],
)  # fmt: skip
def test_variable_that_is_set(
    name: str, script: str, members: str, env: str, tmp_path: Path, check: Run
) -> None:
    _gear(tmp_path, script, name, env=env, members=members)
    assert check(tmp_path, "--select", "GL143").codes == []


def test_environment_that_is_misspelt(tmp_path: Path, check: Run) -> None:
    _gear(tmp_path, 'import os\nprint(os.environ["FSLDIR"])\n', "run.py")
    write_gear(tmp_path, '"enviroment": {"FSLDIR": "/opt/fsl"}', without=("environment",))
    assert check(tmp_path, "--select", "GL102,GL143").codes == ["GL102"]


@pytest.mark.parametrize(
    "line",
    [
        "FSLDIR=/opt/fsl python run.py",
        "export FSLDIR=/opt/fsl",
        ". /opt/env.sh",
        "if true; then source $HOME/env.sh; fi",
        "eval $(cat env)",
        "#!/bin/bash -l",
    ],
)
def test_script_that_sets_it_for_python(line: str, tmp_path: Path, check: Run) -> None:
    _gear(tmp_path, f"{line}\npython run.py\n", "run.sh")
    (tmp_path / "run.py").write_text('import os\nprint(os.environ["FSLDIR"])\n')
    assert check(tmp_path, "--select", "GL143").codes == []


def test_fix_puts_it_into_the_manifest(tmp_path: Path, check: Run) -> None:
    _gear(tmp_path, 'import os\nprint(os.environ["FSLDIR"], os.environ["OTHER"])\n', "run.py")
    assert check(tmp_path, "--select", "GL143", "--fix").codes == ["GL143"]
    assert '"FSLDIR": "/opt/fsl"' in (tmp_path / "manifest.json").read_text()
