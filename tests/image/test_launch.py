"""What ENTRYPOINT, CMD and the manifest's command start in an image, as the model has it."""

from pathlib import Path

import pytest

from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.shell_starts import launches_of_script
from gearlint.image.starts import entrypoint_of, launches_of_command, launches_of_start
from gearlint.image.state import Start
from tests.image.test_build import HOME, STEPS, image_of

STARTED = [
    ('ENTRYPOINT ["./run.sh", "-x"]', ["./run.sh -x"]),
    ('ENTRYPOINT ["sh"]\nCMD ["run.sh"]', ["sh run.sh"]),
    ('CMD ["run.sh"]\nENTRYPOINT ["sh"]', ["sh run.sh"]),
    ('ENTRYPOINT ["sh"]\nCMD run.sh', ["sh /bin/sh -c run.sh"]),
    ('CMD ["sh", "run.sh"]', ["sh run.sh"]),
    ('ENTRYPOINT ["sh", "-c", "cd data && ./a -x"]', ["sh -c cd data && ./a -x", "./a -x"]),
    ('ENTRYPOINT ["env", "python", "run.py"]', ["env python run.py", "python run.py"]),
    ("ENTRYPOINT export A=1; exec ./run.sh -x", ["./run.sh -x"]),
    ("ENTRYPOINT export A=1 && ./run.sh -x", ["./run.sh -x"]),
    ("ENTRYPOINT exec env python run.py", ["env python run.py", "python run.py"]),
    ("ENTRYPOINT exec ./run.sh", ["./run.sh"]),
    ("ENTRYPOINT exec ./run.sh && ./other.sh", ["./run.sh"]),
    ("ENTRYPOINT exec && ./run.sh", ["./run.sh"]),
    ("ENTRYPOINT f() { ./run.sh; }; f", []),
    ("ENTRYPOINT function f { ./run.sh; }; f", []),
    ("ENTRYPOINT ./run.sh && ./other.sh", ["./run.sh"]),
    ("ENTRYPOINT mkdir x && ./other.sh", ["mkdir x"]),
    ("ENTRYPOINT echo x && ./other.sh", ["echo x", "./other.sh"]),
    ("ENTRYPOINT echo x > run.sh && ./other.sh", ["echo x"]),
    ("ENTRYPOINT echo x || ./other.sh", []),
    ("ENTRYPOINT frob; ./run.sh", []),
    ("ENTRYPOINT echo x > run.sh; ./run.sh", []),
    ("ENTRYPOINT echo x; ./run.sh", ["./run.sh"]),
    ("ENTRYPOINT cd data; ./run.sh", []),
    ("ENTRYPOINT A=1 && ./run.sh", ["./run.sh"]),
    ("ENTRYPOINT $(name) && ./run.sh", []),
    ("ENTRYPOINT *.sh && ./other.sh", []),
    ("ENTRYPOINT f() { ./run.sh; } && f", []),
    *(
        (f"ENTRYPOINT {wrapper} ./run.sh", [f"{wrapper} ./run.sh", "./run.sh"])
        for wrapper in (
            "catchsegv",
            "conda run -n x",
            "conda run --no-capture-output --name=x",
            "dumb-init --",
            "env A=1",
            "env -i",
            "env -u A B=2",
            "gosu me",
            "ionice -c 3",
            "mamba run -p /x",
            "micromamba run -n x",
            "nice",
            "nice -n 5",
            "nice -5",
            "nohup",
            "pipenv run",
            "setsid -w",
            "stdbuf -oL",
            "stdbuf -o L",
            "su-exec me:me",
            "sudo -E",
            "sudo -u me A=1",
            "/usr/bin/time -v",
            "timeout 5m",
            "timeout -k 5 --signal=KILL 5m",
            "timeout --preserve-status 5",
            "tini -g --",
            "/sbin/tini --",
            "unbuffer -p",
            "xvfb-run -a",
            "xvfb-run -s x --server-num=99",
            "/usr/bin/env",
        )
    ),
    (
        "ENTRYPOINT nohup nice -n 5 timeout 9 ./run.sh",
        [
            "nohup nice -n 5 timeout 9 ./run.sh",
            "nice -n 5 timeout 9 ./run.sh",
            "timeout 9 ./run.sh",
            "./run.sh",
        ],
    ),
    ('ENTRYPOINT ["tini", "--"]\nCMD ["./run.sh"]', ["tini -- ./run.sh", "./run.sh"]),
    # not clear, or nothing
    *(
        (f"ENTRYPOINT {line}", [line])
        for line in (
            "env",
            "env A=1",
            "env -S run.sh",
            "env -C /x ./run.sh",
            "timeout 5",
            "timeout",
            "timeout --new x ./run.sh",
            "sudo -i",
            "conda activate x",
            "conda ./run.sh",
            "tini -X ./run.sh",
            "gosu me",
        )
    ),
    ('ENTRYPOINT ["poetry", "run", "./run.sh"]', ["poetry run ./run.sh", "./run.sh"]),
    (
        'ENTRYPOINT ["uv", "run", "env", "./run.sh"]',
        ["uv run env ./run.sh", "env ./run.sh", "./run.sh"],
    ),
    ('ENTRYPOINT ["uv", "run", "./run.py", "x"]', ["uv run ./run.py x", "python ./run.py x"]),
    ('ENTRYPOINT ["uv", "run", "./run.sh"]', ["uv run ./run.sh", "./run.sh"]),
    ('ENTRYPOINT ["uv", "run", "run.py"]', ["uv run run.py", "python run.py"]),
    (
        'ENTRYPOINT ["uv", "run", "--no-sync", "--extra", "gpu", "-p=3.11", "./run.sh"]',
        ["uv run --no-sync --extra gpu -p=3.11 ./run.sh"],
    ),
    (
        'ENTRYPOINT ["uv", "run", "--frozen", "--extra", "gpu", "--python=3.11", "./run.sh"]',
        ["uv run --frozen --extra gpu --python=3.11 ./run.sh", "./run.sh"],
    ),
    ('ENTRYPOINT ["uv", "run", "--directory", "/x", "a"]', ["uv run --directory /x a"]),
    (
        'ENTRYPOINT ["/usr/local/bin/_entrypoint.sh", "python", "run.py"]',
        ["/usr/local/bin/_entrypoint.sh python run.py", "python run.py"],
    ),
    ('ENTRYPOINT ["./_entrypoint.sh", "python", "run.py"]', ["./_entrypoint.sh python run.py"]),
    ('ENTRYPOINT ["poetry", "run", "./run.py"]', ["poetry run ./run.py", "./run.py"]),
    ('ENTRYPOINT ["poetry", "run", "-q", "x"]', ["poetry run -q x"]),
    ('ENTRYPOINT ["poetry", "run"]', ["poetry run"]),
    ('ENTRYPOINT ["poetry", "env", "run"]', ["poetry env run"]),
    ('ENTRYPOINT ["frob", "run", "./run.sh"]', ["frob run ./run.sh"]),
    ('ENTRYPOINT ["sh", "-c"]', ["sh -c"]),
    ("""ENTRYPOINT sh -c 'sh -c "./a"'""", ['sh -c sh -c "./a"', "sh -c ./a", "./a"]),
    ('ENTRYPOINT ["bash", "-c", "./run.sh", "x"]', ["bash -c ./run.sh x", "./run.sh"]),
    ('ENTRYPOINT ["frob", "-c", "./run.sh"]', ["frob -c ./run.sh"]),
    ('ENTRYPOINT ["env ./run.sh"]', ["env ./run.sh", "./run.sh"]),
    ('ENTRYPOINT "env ./run.sh" -x', ["env ./run.sh -x", "./run.sh -x"]),
    ('SHELL ["/usr/bin/python3", "-c"]\nENTRYPOINT ./run.sh', []),
    ('SHELL ["/bin/bash", "-c"]\nENTRYPOINT ./run.sh', ["./run.sh"]),
]


@pytest.mark.parametrize(("steps", "launches"), STARTED)
def test_what_is_started(steps: str, launches: list[str], tmp_path: Path) -> None:
    image = image_of(tmp_path, STEPS + steps + "\n")
    start = entrypoint_of(image)
    assert isinstance(start, Start)
    found = launches_of_start(image, start)
    assert [" ".join(word.text for word in one.words) for one in found] == launches
    last = len(start.argv or ()) - 1
    if start.argv is not None:  # each word points at an element of the instruction
        assert all(0 <= word.start == word.end <= last for one in found for word in one.words)


def test_words_in_quotes_are_placed_with_the_quotes(tmp_path: Path) -> None:
    image = image_of(tmp_path, f"{STEPS}ENTRYPOINT 'python run.py' -x\n")
    start = entrypoint_of(image)
    assert start is not None
    [launch] = launches_of_start(image, start)
    places = {start.text[word.start : word.end] for word in launch.words}
    assert places == {"'python run.py'"}


PATHS = [
    ("export A=1 && run.sh", "/bin"),
    ("export PATH=/x:$PATH && run.sh", "/x:/bin"),
    ("export PATH && run.sh", "/bin"),
    ("export $ANY && run.sh", UNKNOWN),
    ("export PATH=$(pwd) && run.sh", "/flywheel/v0"),
    ("source /opt/venv/bin/activate && run.sh", "/opt/venv/bin:/bin"),
    ("PATH=$ANY && . /opt/venv/bin/activate && run.sh", UNKNOWN),
    # what comes before `;` is done too, whether anybody looks or not
    ("export PATH=/x:$PATH; run.sh", "/x:/bin"),
    ("PATH=/x; run.sh", "/x"),
    ("grep x y && export PATH=/x; run.sh", UNKNOWN),
    ("[ -d /x ] && PATH=/x; run.sh", UNKNOWN),
    ("unset PATH; run.sh", UNKNOWN),
    ("(PATH=/x; export PATH=/x) && run.sh", "/bin"),
    (". /etc/environment && run.sh", UNKNOWN),
    ("eval $ANY && run.sh", UNKNOWN),
    ("PATH=/x run.sh", "/x"),
]


@pytest.mark.parametrize(("command", "path"), PATHS)
def test_the_path_after_an_export(command: str, path: str | Unknown) -> None:
    environment: dict[str, str | Unknown] = {"PATH": "/bin", "ANY": UNKNOWN}
    [started] = launches_of_command(command, environment.get)
    assert started.path == path


OF_SCRIPT = [
    # (script, what it may start, and where)
    ("cd data\n./a -x", [("./a -x", f"{HOME}/data", "/bin")]),
    ("cd data || ./b", [("./b", f"{HOME}/data", "/bin")]),
    ("true || cd data\n./a", [("true", HOME, "/bin"), ("./a", UNKNOWN, "/bin")]),
    ("cd $1\n./a", [("./a", UNKNOWN, "/bin")]),
    ("pushd data\n./a", [("./a", UNKNOWN, "/bin")]),
    ("(cd data)\n./a", [("cd data", HOME, "/bin"), ("./a", HOME, "/bin")]),
    ("export PATH=/x:$PATH\na", [("a", HOME, "/x:/bin")]),
    ("(export PATH=/x)\na", [("a", HOME, UNKNOWN)]),
    ("PATH=/x\na", [("a", HOME, "/x")]),
    ("if b; then PATH=/x; fi\na", [("b", HOME, "/bin"), ("a", HOME, UNKNOWN)]),
    ("$(x)\n./a", [("x", HOME, "/bin"), ("./a", HOME, "/bin")]),
    ("X=1\n./a$X", [("./a1", HOME, "/bin")]),
    ("exec ./a -x", [("./a -x", HOME, "/bin")]),
    ("exec\n./a", [("exec", HOME, "/bin"), ("./a", HOME, "/bin")]),
    ("env ./a", [("env ./a", HOME, "/bin"), ("./a", HOME, "/bin")]),
]


@pytest.mark.parametrize(("script", "started"), OF_SCRIPT)
def test_what_a_script_may_start(
    script: str, started: list[tuple[str, str | Unknown, str | Unknown]]
) -> None:
    environment: dict[str, str | Unknown] = {}
    found = launches_of_script(script, environment.get, "/bin", HOME)
    assert [
        (" ".join(word.text for word in launch.words), launch.cwd, launch.path)
        for launch, _ in found
    ] == started


IN_EFFECT = [
    # (instructions, ENTRYPOINT and CMD in effect)
    ('ENTRYPOINT ["a"]\nCMD ["b"]', "a", "b"),
    ('CMD ["b"]\nENTRYPOINT ["a"]', "a", "b"),
    ('ENTRYPOINT ["a"]\nENTRYPOINT ["b", "c"]\nCMD d', "b c", "d"),
    ('FROM scratch AS x\nCMD ["b"]\nFROM x\nENTRYPOINT ["a"]', "a", None),
    ('FROM scratch AS x\nENTRYPOINT ["a"]\nFROM x\nCMD ["b"]', "a", "b"),
    ("FROM debian:12", None, UNKNOWN),
    ("FROM me/unknown", UNKNOWN, UNKNOWN),
    ('FROM debian:12\nENTRYPOINT ["a"]', "a", None),
    ('ENTRYPOINT ["a"]\nENTRYPOINT []', None, None),
    ('ENTRYPOINT ["a"]\nCMD []', "a", None),
    # a list that nobody can read
    ("ENTRYPOINT ['it's', 'x']", UNKNOWN, UNKNOWN),
    ("ENTRYPOINT [\"a\"]\nCMD ['it's', 'x']", "a", UNKNOWN),
]


@pytest.mark.parametrize(("steps", "entrypoint", "cmd"), IN_EFFECT)
def test_which_start_is_in_effect(
    steps: str, entrypoint: str | Unknown | None, cmd: str | Unknown | None, tmp_path: Path
) -> None:
    stages = [f"FROM {each}" for each in steps.split("FROM ") if each]
    text = "\n".join(stages) if "FROM" in steps else f"FROM scratch\n{steps}"
    image = image_of(tmp_path, f"{text}\n")
    found = [
        " ".join(start.argv) if isinstance(start, Start) and start.argv is not None
        else start.text if isinstance(start, Start) else start
        for start in (image.entrypoint, image.cmd)
    ]  # fmt: skip
    assert found == [entrypoint, cmd]


def test_words_end_at_a_template() -> None:
    environment: dict[str, str | Unknown] = {}
    [started] = launches_of_command("cd data && ./run.sh -x {config.a} -y", environment.get)
    assert [word.text for word in started.words] == ["./run.sh", "-x"]


DIRECTORIES = [
    ("cd /opt && ./x", "/opt"),
    ("cd data && ./x", f"{HOME}/data"),
    ("cd $ANY && ./x", UNKNOWN),
    ("cd /opt $ANY && ./x", UNKNOWN),
    ("cd /opt /x && ./x", UNKNOWN),
    ("cd && ./x", UNKNOWN),
    ("export TOP=/opt; cd $TOP && ./x", "/opt"),
    ("TOP=/opt; unset TOP; cd /$TOP && ./x", UNKNOWN),
    (". /etc/environment && ./x", HOME),
    (". ./environment && ./x", UNKNOWN),
    ("eval $ANY && ./x", UNKNOWN),
]


@pytest.mark.parametrize(("command", "directory"), DIRECTORIES)
def test_the_directory_after_a_cd(command: str, directory: str | Unknown) -> None:
    environment: dict[str, str | Unknown] = {"PATH": "/bin", "ANY": UNKNOWN}
    [started] = launches_of_command(command, environment.get)
    assert started.cwd == directory


PROGRAMS = [
    # (base, command, the file of the gear that is started, whether there is certainly none)
    ("debian:12", "./other.sh", f"{HOME}/other.sh", False),
    ("debian:12", "PATH=/flywheel/v0 other.sh", f"{HOME}/other.sh", False),
    ("debian:12", "PATH=/opt:/flywheel/v0 other.sh", f"{HOME}/other.sh", False),
    ("debian:12", "PATH=/flywheel/v0:/opt other.sh", f"{HOME}/other.sh", False),
    ("me/unknown", "PATH=/opt:/flywheel/v0 other.sh", None, False),  # it may be in /opt too
    ("me/unknown", "PATH=/flywheel/v0:/opt other.sh", f"{HOME}/other.sh", False),
    ("debian:12", "PATH=data:. other.sh", f"{HOME}/other.sh", False),
    ("debian:12", "cd data && PATH=..: other.sh", f"{HOME}/other.sh", False),
    ("me/unknown", "cd $ANY && PATH=.:/flywheel/v0 other.sh", None, False),
    ("scratch", "pwd", None, False),
    ("debian:12", "cd $ANY && PATH=. start.sh", None, False),
    ("debian:12", "cd $ANY && PATH=/x start.sh", None, True),
    ("debian:12", "PATH=/flywheel/v0 run.sh", f"{HOME}/run.sh", False),  # which may not be run
    ("debian:12", "run.sh", f"{HOME}/run.sh", False),  # which is not looked up there
    ("me/unknown", "run.sh", None, False),
    ("debian:12", "start.sh", None, True),
    ("debian:12", "pyhton", None, True),
    ("me/unknown", "start.sh", None, False),
    ("scratch", "start", None, True),
    ("debian:12", "pwd", None, False),
]


@pytest.mark.parametrize(("base", "command", "path", "is_nowhere"), PROGRAMS)
def test_which_file_is_started(
    base: str, command: str, path: str | None, is_nowhere: bool, tmp_path: Path
) -> None:
    steps = f"ARG X\nENV ANY=$X\nWORKDIR {HOME}\nCOPY . .\n"
    image = image_of(tmp_path, f"FROM {base}\n{steps}")
    [launch] = launches_of_command(command, image.variable)
    started = launch.started_file(image)
    assert (started.path if started else None) == path
    assert launch.is_nowhere(image) is is_nowhere


MISSING = [
    # (base, command, what certainly cannot be started)
    ("debian:12", "./none", "/flywheel/v0/none, which is not in the image"),
    ("debian:12", "./data/../none", "/flywheel/v0/none, which is not in the image"),
    ("debian:12", "./data", "/flywheel/v0/data, which is a directory"),
    ("debian:12", "bash data", "/flywheel/v0/data, which is a directory"),
    ("debian:12", "bash none.sh", "/flywheel/v0/none.sh, which is not in the image"),
    ("debian:12", "bash -x none.sh", "/flywheel/v0/none.sh, which is not in the image"),
    ("debian:12", "python3.11 -u none.py", "/flywheel/v0/none.py, which is not in the image"),
    ("debian:12", "perl none.pl", "/flywheel/v0/none.pl, which is not in the image"),
    ("debian:12", "/usr/bin/python", "/usr/bin/python, which is not in the image"),
    ("alpine:3.19", "/bin/bash", "/bin/bash, which is not in the image"),
    ("alpine:3.19", "/usr/bin/bash", "/usr/bin/bash, which is not in the image"),
    ("debian:12", "/usr/local/bin/run.py", "/usr/local/bin/run.py, which is not in the image"),
    ("debian:12", "pyhton run.py", '"pyhton", which is not on PATH'),
    ("debian:12", "pthon3 run.py", '"pthon3", which is not on PATH'),
    ("debian:12", "pythno run.py", '"pythno", which is not on PATH'),
    ("debian:12", "pythonn run.py", '"pythonn", which is not on PATH'),
    ("debian:12", "Bash run.sh", '"Bash", which is not on PATH'),
    ("debian:12", "start.sh", '"start.sh", which is not on PATH'),
    ("alpine:3.19", "bash", '"bash", which is not on PATH'),
    ("debian:12", "python", '"python", which is not on PATH'),
    ("scratch", "sh", '"sh", which is not on PATH'),
    # left alone
    ("debian:12", "bash run.sh", None),
    ("debian:12", "bash", None),
    ("debian:12", "bash -", None),
    ("debian:12", "bash --login none.sh", None),
    ("debian:12", "bash -xe +u none.sh", None),
    ("debian:12", "frob none.sh", None),
    ("debian:12", "bsh run.sh", None),
    ("debian:12", "jython run.py", None),
    ("debian:12", "ython run.py", None),
    ("debian:12", "/usr/bin/env", None),
    ("debian:12", "/usr/bin/frob", None),
    ("debian:12", "/opt/frob", None),
    ("debian:12", "/opt/python", None),
    ("debian:12", "bash /flywheel/v0/config.json", None),  # which Flywheel makes
    ("debian:12", "bash /flywheel/v0/output/x", None),
    ("me/unknown", "/usr/bin/python", None),
    ("me/unknown", "/usr/local/bin/run.py", None),
    ("me/unknown", "start.sh", None),
]


@pytest.mark.parametrize(("base", "command", "what"), MISSING)
def test_what_cannot_be_started(base: str, command: str, what: str | None, tmp_path: Path) -> None:
    image = image_of(tmp_path, f"FROM {base}\nWORKDIR {HOME}\nCOPY . .\n")
    [launch] = launches_of_command(command, image.variable)
    missing = launch.missing(image)
    assert (missing[1] if missing else None) == what


INSTALLED = [
    # (base, commands, a program, whether it is certainly not there then)
    ("debian:12", "apt-get install -y curl", "python", True),
    ("debian:12", "apt-get install -y curl", "bash", False),
    ("debian:12", "apt-get install -y python", "python", False),
    ("debian:12", "apt-get install -y some-tool", "python", False),  # which may bring it
    ("debian:12", "frob", "python", False),
    ("alpine:3.19", "apk add python3", "bash", True),
    ("alpine:3.19", "apk add bash", "bash", False),
    ("alpine:3.19", "apk add some-tool", "bash", False),
    ("alpine:3.19", "apk add gcc", "perl", False),
    ("debian:12", "true", "/bin/bash", False),
    ("debian:12", "true", "/bin/env", False),
    ("python:3.11-slim", "true", "/usr/local/bin/python", False),
    ("python:3.11-slim", "true", "/usr/bin/python", True),
    ("python:3.11-slim", "true", "PATH=/usr/local/bin python", False),
    ("python:3.11-slim", "true", "PATH=/usr/bin python", True),
    ("python:3.11-slim", "true", "PATH=/bin python", True),
    ("debian:12", "true", "PATH=/bin bash", False),
]


@pytest.mark.parametrize(("base", "commands", "program", "is_missing"), INSTALLED)
def test_programs_that_are_installed(
    base: str, commands: str, program: str, is_missing: bool, tmp_path: Path
) -> None:
    image = image_of(tmp_path, f"FROM {base}\nWORKDIR {HOME}\nRUN {commands}\n")
    [launch] = launches_of_command(program, image.variable)
    assert (launch.missing(image) is not None) is is_missing


@pytest.mark.parametrize(
    ("step", "is_missing"),
    [
        ("COPY --from=example/app /x /opt/x", False),
        ("COPY --from=example/app /x /flywheel/v0/x", True),
        ("COPY --from=example/app /x.txt /y.txt ./", False),
        ("COPY run.sh $X/", False),
        ("COPY run.sh /opt/", True),
        ("ADD https://example.org/x /opt/", True),
    ],
)
def test_what_comes_from_another_image_may_be_a_program(
    step: str, is_missing: bool, tmp_path: Path
) -> None:
    steps = f"WORKDIR {HOME}\nARG X\n{step}\n"
    image = image_of(tmp_path, f"FROM debian:12\n{steps}")
    [launch] = launches_of_command("python", image.variable)
    assert (launch.missing(image) is not None) is is_missing


@pytest.mark.parametrize(
    ("entrypoint", "what"),
    [
        ('["$APP/run.sh"]', "/flywheel/v0/$APP/run.sh, which is not in the image"),
        ('["bash", "${APP}/run.sh"]', "/flywheel/v0/${APP}/run.sh, which is not in the image"),
        ('["$NONE/run.sh"]', "/flywheel/v0/$NONE/run.sh, which is not in the image"),
        ("$APP/run.sh", None),
        ("$APP/none", "/flywheel/v0/none, which is not in the image"),
    ],
)
def test_only_a_shell_replaces_a_variable(
    entrypoint: str, what: str | None, tmp_path: Path
) -> None:
    steps = f"WORKDIR {HOME}\nCOPY . .\nENV APP={HOME}\nENTRYPOINT {entrypoint}\n"
    image = image_of(tmp_path, f"FROM debian:12\n{steps}")
    start = entrypoint_of(image)
    assert isinstance(start, Start)
    [launch] = launches_of_start(image, start)
    missing = launch.missing(image)
    assert (missing[1] if missing else None) == what
