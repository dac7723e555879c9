"""`gearlint check --jobs`: many gears in several processes give what one process gives."""

import os
import shutil
import signal
import subprocess
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from gearlint.engine import linter
from gearlint.engine import run as checking
from gearlint.engine import workers as parallel
from gearlint.engine.settings import Settings
from gearlint.gear.gear import Gear
from tests.conftest import Outcome, Run
from tests.machine import HANGING, wait_for_group
from tests.sound import write_gear

NUMBER = parallel.FEW + 50
"""Gears that are enough for several processes."""

SOUND = '"url": ""'


def gears(top: Path, number: int = NUMBER) -> None:
    """Gears without findings, but for every seventh; one is no JSON, and one's settings are bad."""
    for index in range(number):
        members = '"license": "none of these",\n"label": ""' if index % 7 == 0 else SOUND
        write_gear(top / f"gear-{index:04}", members)
    (top / "gear-0003" / "manifest.json").write_text("{,}")
    (top / "gear-0010" / "gearlint.toml").write_text("selct = []\n")
    (top / "gear-0020" / "gearlint.toml").write_text('fail-on = "error"\nignore = ["GL1"]\n')
    (top / "gear-0140" / "Dockerfile").unlink()
    (top / "gear-0140" / "Dockerfile").symlink_to("/etc/passwd")


def own(*arguments: object, prelude: str = "", cwd: Path | None = None) -> Outcome:
    """A gearlint in a process of its own, which runs `prelude` first."""
    code = f"import sys\n{prelude}\nfrom gearlint.__main__ import run\nrun()"
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=HANGING, cwd=cwd,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gears that every test leaves as they are."""
    top = tmp_path_factory.mktemp("many")
    gears(top)
    return top


@pytest.fixture(scope="module")
def by_one(many: Path) -> Outcome:
    """What one process says of them, where no option says otherwise."""
    return own("check", "--jobs", 1, cwd=many)


@pytest.fixture
def own_many(many: Path, tmp_path: Path) -> Path:
    """The same gears, for a test that adds to them; the current directory."""
    top = shutil.copytree(many, tmp_path / "many", symlinks=True)
    os.chdir(top)
    return top


@pytest.mark.parametrize(
    "options",
    [
        ["--output-format", "full"],
        ["--output-format", "concise", "--color", "always"],
        ["--output-format", "json"],
        ["--statistics"],
        ["--ignore", "GL1", "--extend-select", "GL211"],
        ["--quiet", "--fail-on", "error"],
    ],
)
def test_output_is_that_of_one_process(
    options: list[str], many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(many)
    one = own("check", *options, "--jobs", 1)
    assert one.stdout
    assert len(one.stderr.splitlines()) >= 2
    for jobs in (2, 5):
        assert own("check", *options, "--jobs", jobs) == one
    assert own("check", *options) == one


@pytest.mark.usefixtures("own_many")
def test_a_gear_is_reported_once_however_many_paths_lead_to_it() -> None:
    Path("again").mkdir()
    Path("again/manifest.json").symlink_to("../gear-0007/manifest.json")  # out of its repository
    paths = [
        ".",
        "gear-0007",
        "gear-0000/run.py",
        "gear-0000/manifest.json",
        "gear-0003",
        "nothing",
        "gear-0001",
        "gear-0003/Dockerfile",
    ]
    one = own("check", *paths, "--jobs", 1)
    reported = one.stdout.count("gear-0007/manifest.json:")
    assert reported == one.stdout.count("gear-0014/manifest") > 0
    assert "nothing: no such file or directory" in one.stderr
    assert "no gear found" not in one.stderr
    assert own("check", *paths, "--jobs", 3) == one


@pytest.mark.usefixtures("own_many")
def test_directories_without_a_gear_are_reported_in_their_place() -> None:
    Path("empty").mkdir()
    Path("other").mkdir()
    Path("other/manifest.json").write_text("[]")
    one = own("check", "empty", ".", "other", "nothing", "--jobs", 1)
    reported = [line.split(": ")[1] for line in one.stderr.splitlines()[:-1]]
    assert reported[0] == "empty"
    assert reported[-2:] == ["other", "nothing"]
    assert own("check", "empty", ".", "other", "nothing", "--jobs", 2) == one


def test_changed_files_of_many_gears(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(many)
    files = [
        f"gear-{index:04}/{name}" for index in range(NUMBER) for name in ("run.py", "Dockerfile")
    ]
    one = own("check", "--changed-files", *files, "--jobs", 1)
    assert one == own("check", *files, "--jobs", 1)
    assert own("check", "--changed-files", *files, "--jobs", 3) == one


FAILING = """
from gearlint.rules import RULES
def fail(gear):
    if gear.directory.endswith("5"):
        raise ValueError("out of order")
    yield from ()
RULES["GL101"] = RULES["GL101"]._replace(check=fail)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process does not copy this one")
@pytest.mark.parametrize("debug", [["--debug"], []])
def test_internal_errors_are_reported_whatever_process_they_are_of(
    debug: list[str], many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(many)
    one = own("check", "--jobs", 1, *debug, prelude=FAILING)
    several = own("check", "--jobs", 2, *debug, prelude=FAILING)
    assert several.stderr.count("internal error: rule GL101 failed on") == NUMBER // 10
    assert (several.code, several.stdout) == (2, one.stdout)
    assert several.stderr == one.stderr
    assert several.stderr.count("Traceback") == (NUMBER // 10 if debug else 0)


KILLED = """
import os
from gearlint.rules import RULES
parent = os.getpid()
def fail(gear):
    if os.getpid() != parent:
        os.kill(os.getpid(), 9)
    yield from ()
RULES["GL101"] = RULES["GL101"]._replace(check=fail)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process does not copy this one")
def test_a_process_that_is_killed_is_reported(many: Path) -> None:
    outcome = own("check", "--jobs", 2, many, prelude=KILLED)
    assert outcome.code == 2
    assert outcome.stderr == "gearlint: a process of gearlint was killed; try --jobs 1\n"


UNNOTICED = """
import signal
import threading
import time
# Another thread is what receives an interrupt: it ends no wait of this one.
threading.Thread(target=time.sleep, args=(300,), daemon=True).start()
signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
"""
SLEEPING = """
import time
from gearlint.rules import RULES
def wait(gear):
    sys.stderr.write("begun\\n")  # in one piece
    for _ in range(3000):  # an interrupt may come just before one of them begins
        time.sleep(0.1)
    yield from ()
RULES["GL101"] = RULES["GL101"]._replace(check=wait)
from gearlint.__main__ import run
run()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process does not copy this one")
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("to_group", [True, False])
@pytest.mark.parametrize("prelude", ["", UNNOTICED])
def test_an_interrupt_ends_all_processes(
    jobs: int, to_group: bool, prelude: str, many: Path
) -> None:
    command = [f"import sys\n{prelude}{SLEEPING}", "check", "--jobs", str(jobs), str(many)]
    with subprocess.Popen(
        [sys.executable, "-c", *command],
        text=True,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        begun = [process.stderr.readline() for _ in range(jobs)]
        send = os.killpg if to_group else os.kill
        send(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=HANGING)
        assert begun == ["begun\n"] * jobs
    assert (process.returncode, out, err) == (130, "", "")
    wait_for_group(process.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process does not copy this one")
@pytest.mark.parametrize("killed_by", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("wait", [SLEEPING, SLEEPING.replace("range(3000)", "range(5)")])
def test_no_process_outlives_one_that_is_killed(
    killed_by: signal.Signals, wait: str, many: Path
) -> None:
    command = ["import sys" + wait, "check", "--jobs", "3", str(many)]
    with subprocess.Popen(
        [sys.executable, "-c", *command],
        text=True,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        assert [process.stderr.readline() for _ in range(3)] == ["begun\n"] * 3
        process.send_signal(killed_by)
        assert process.wait(timeout=HANGING) == -killed_by
        wait_for_group(process.pid)


NO_SEMAPHORES = """
import multiprocessing.synchronize
def refuse(*_):
    raise OSError(30, "Read-only file system")
multiprocessing.synchronize._multiprocessing.SemLock = refuse
"""
NO_PROCESSES = """
import os
fork, left = os.fork, [{left}]
def refuse():
    left[0] -= 1
    if left[0] < 0:
        raise OSError(24, "Too many open files")
    return fork()
os.fork = refuse
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process is made otherwise")
@pytest.mark.parametrize(
    "prelude", [NO_SEMAPHORES, *(NO_PROCESSES.format(left=left) for left in range(3))]
)
def test_where_no_process_can_be_made_this_one_does_all(
    prelude: str, many: Path, by_one: Outcome
) -> None:
    assert own("check", "--jobs", 3, prelude=prelude, cwd=many) == by_one


def test_where_no_signal_can_be_held_back(many: Path, by_one: Outcome) -> None:
    prelude = "import signal; vars(signal).pop('pthread_sigmask', None)"
    assert own("check", "--jobs", 3, prelude=prelude, cwd=many) == by_one


@pytest.mark.parametrize("jobs", ["0", "-1", "-2", "two", "1.5", "", "٣x"])
def test_what_is_no_number_of_processes_is_refused(jobs: str, run: Run) -> None:
    outcome = run("check", f"--jobs={jobs}", ".")
    assert outcome.code == 2
    assert f'"{jobs}" is not a number of processes, expected 1 or more' in outcome.stderr


def test_more_processes_than_there_is_work_for(many: Path) -> None:
    outcome = own("check", "--jobs", 10**12, "--statistics", many)
    assert outcome == own("check", "--jobs", 1, "--statistics", many)


WHICH_MODULES = """
import atexit, os
leave = os._exit
os._exit = lambda code: leave(code) if "multiprocessing" in sys.modules else sys.exit(code)
atexit.register(lambda: print("concurrent.futures.process" in sys.modules))
"""


@pytest.mark.parametrize("count", [parallel.FEW // 2, NUMBER])
def test_few_gears_are_checked_in_one_process(count: int, tmp_path: Path) -> None:
    for index in range(count):
        write_gear(tmp_path / f"{index}")
    outcome = own("check", "--jobs", 8, tmp_path, prelude=WHICH_MODULES)
    assert (outcome.code, outcome.stdout) == (0, f"{count >= parallel.FEW}\n")


def test_fixing_takes_one_process_and_says_nothing_of_it(tmp_path: Path) -> None:
    for index in range(NUMBER):
        directory = tmp_path / f"gear-{index}"
        write_gear(directory)
        (directory / "Dockerfile").write_text(
            "FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\n"
            'ENTRYPOINT ["python /flywheel/v0/run.py"]\n'
        )
    outcome = own("check", "--fix", "--jobs", 4, tmp_path)
    assert outcome.code == 0
    *files, in_short = outcome.stderr.splitlines()
    assert in_short == f"Fixed {NUMBER} problems, nothing left in {NUMBER} gears."
    assert len(files) == NUMBER


def test_a_gear_is_let_go_of_when_it_is_checked(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index in range(40):
        write_gear(tmp_path / str(index))
    alive: weakref.WeakSet[Gear] = weakref.WeakSet()
    most = 0

    def lint(gear: Gear, settings: Settings) -> linter.Result:
        nonlocal most
        alive.add(gear)
        most = max(most, len(alive))
        return linter.lint(gear, settings)

    monkeypatch.setattr(checking, "lint", lint)
    run("check", "--jobs", 1, tmp_path)
    assert 1 <= most <= 2


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("number", [0, 1, parallel.FEW - 1, parallel.FEW, parallel.FEW + 1, 600])
def test_results_are_in_the_order_of_the_tasks(number: int, jobs: int) -> None:
    tasks = range(-number, 0)
    assert list(parallel.results(abs, tasks, jobs)) == list(map(abs, tasks))


@pytest.mark.parametrize(("number", "jobs"), [(parallel.FEW - 1, 2), (parallel.FEW, 1)])
def test_few_tasks_are_done_in_this_process(number: int, jobs: int) -> None:
    done: list[int] = []  # which another process would not fill
    assert len(list(parallel.results(done.append, range(number), jobs))) == number
    assert len(done) == number


def test_many_tasks_are_done_in_others() -> None:
    done: list[int] = []
    with pytest.raises(Exception, match=r"pickle|local object"):
        list(parallel.results(lambda task: done.append(task), range(parallel.FEW), 2))
    assert done == []


def test_tasks_are_taken_as_they_are_needed() -> None:
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        for number in range(10_000):
            taken += 1
            yield number

    results = parallel.results(abs, tasks(), 2)
    assert next(results) == 0
    assert taken < 1000
    results.close()  # type: ignore[attr-defined]
