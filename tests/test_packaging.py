"""What is built and installed: whole, from any directory, with the schemas and the gate inside."""

import hashlib
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from pathspec import GitIgnoreSpec

import gearlint
from tests.conftest import Once
from tests.sound import write_gear

PROJECT = Path(__file__).resolve().parents[1]
VERSION = gearlint.__version__


def files_of_the_project() -> list[str]:
    """The files of the working tree that git knows or would add; all of them in an sdist."""
    if (PROJECT / ".git").exists():
        names = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"],
            cwd=PROJECT,
            check=True,
            capture_output=True,
        ).stdout.decode()
        return [name for name in names.split("\0") if name]
    ignored = GitIgnoreSpec.from_lines((PROJECT / ".gitignore").read_text().splitlines())
    paths = (str(path.relative_to(PROJECT)) for path in PROJECT.rglob("*"))
    return [path for path in paths if not ignored.match_file(path)]


def copy_of_the_project(directory: Path) -> Path:
    """The files of the project, copied into a new directory."""
    for name in files_of_the_project():
        source, target = PROJECT / name, directory / name
        if source.is_file():  # a deleted file is still in the index
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    return directory


def python(*arguments: object, interpreter: Path | str = sys.executable, cwd: Path) -> str:
    """Run Python in another directory, without the checkout on its path; returns its output."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    outcome = subprocess.run(
        [str(interpreter), *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return outcome.stdout


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that has nothing to do with the project."""
    return tmp_path_factory.mktemp("else where")


@pytest.fixture(scope="module")
def tree(once: Once) -> Path:
    """A clean copy of the project."""
    return once("clean copy", copy_of_the_project)


@pytest.fixture(scope="module")
def wheel(once: Once, tree: Path, elsewhere: Path) -> Path:
    """The wheel, built from another directory."""
    build = ("-m", "build", "--wheel", tree, "--outdir")
    (built,) = once("dist", lambda dist: python(*build, dist, cwd=elsewhere)).iterdir()
    return built


@pytest.fixture(scope="module")
def sdist(once: Once, tree: Path, wheel: Path, elsewhere: Path) -> Path:
    """The sdist, built where a wheel was built before, so that there is something stale to ship."""
    assert (tree / "gearlint" / "_built").is_dir()
    build = ("-m", "build", "--sdist", tree, "--outdir")
    (built,) = once("sdist", lambda dist: python(*build, dist, cwd=elsewhere)).iterdir()
    return built


@pytest.fixture(scope="module")
def installed(once: Once, wheel: Path) -> Path:
    """The `bin` directory of a fresh environment in which the wheel is installed."""
    name = "Scripts" if os.name == "nt" else "bin"

    def make(environment: Path) -> None:
        python("-m", "venv", "--without-pip", environment, cwd=environment)
        pip(environment / name, wheel)

    return once("environment", make) / name


def pip(binaries: Path, *arguments: object) -> None:
    """Install into the environment by the pip of this one: to make another takes four seconds."""
    own = ("--python", binaries / "python")
    python("-m", "pip", *own, "install", "--quiet", *arguments, cwd=binaries)


def run(binaries: Path, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(binaries / "gearlint"), *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_wheel_holds_what_gearlint_needs_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert len(names) == len(set(names))
    for name in (
        "gearlint/_built/__init__.py",
        "gearlint/_built/gate.py",
        "gearlint/_built/manifest.schema.json",
        "gearlint/_built/config.schema.json",
        "gearlint/py.typed",
        "gearlint/report/page.css",
        "gearlint/report/page.html.j2",
        "gearlint/report/page.js",
        f"gearlint-{VERSION}.data/data/share/man/man1/gearlint.1",
        f"gearlint-{VERSION}.dist-info/licenses/LICENSE",
    ):
        assert name in names
    assert {name.split("/")[0] for name in names} == {
        "gearlint",
        f"gearlint-{VERSION}.data",
        f"gearlint-{VERSION}.dist-info",
    }
    assert not [name for name in names if "test" in name or name.endswith((".pyc", ".toml"))]


def test_wheel_says_what_it_needs_and_what_starts_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        directory = f"gearlint-{VERSION}.dist-info"
        metadata = archive.read(f"{directory}/METADATA").decode()
        entry_points = archive.read(f"{directory}/entry_points.txt").decode()
    assert "gearlint = gearlint.__main__:run" in entry_points
    assert "Requires-Python: >=3.11" in metadata
    needed = re.findall(r"^Requires-Dist: ([\w-]+)(?!.*extra ==).*$", metadata, re.MULTILINE)
    assert "jsonschema" in needed
    assert not {"argparse-manpage", "fastjsonschema", "hatchling", "pytest"} & set(needed)
    # rfc3987-syntax, which jsonschema's `format` extras bring, takes a second to import.
    assert "jsonschema[" not in metadata


def test_wheel_has_the_schemas_as_they_are_now(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in ("manifest.schema.json", "config.schema.json"):
            schema = (PROJECT / "schemas" / name).read_bytes()
            assert archive.read(f"gearlint/_built/{name}") == schema
        gate = archive.read("gearlint/_built/gate.py").decode()
    digest = hashlib.sha256((PROJECT / "schemas" / "manifest.schema.json").read_bytes())
    assert f'SCHEMA_SHA256 = "{digest.hexdigest()}"' in gate


@pytest.mark.parametrize("how", ["script", "module"])
def test_version_from_an_unrelated_directory(installed: Path, elsewhere: Path, how: str) -> None:
    if how == "script":
        shown = run(installed, "--version", cwd=elsewhere).stdout
    else:
        shown = python(
            "-m", "gearlint", "--version", interpreter=installed / "python", cwd=elsewhere
        )
    assert shown == f"gearlint {VERSION}\n"


def test_installed_wheel_has_a_manual_page(installed: Path) -> None:
    page = installed.parent / "share" / "man" / "man1" / "gearlint.1"
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f'.TH GEARLINT "1" "" "gearlint {VERSION}" "gearlint manual"\n')
    assert r"\-\-unsafe\-fixes" in text


def test_installed_wheel_checks_a_sound_gear(installed: Path, elsewhere: Path) -> None:
    write_gear(elsewhere / "sound")
    outcome = run(installed, "check", "sound", cwd=elsewhere)
    assert (outcome.returncode, outcome.stdout) == (0, "")


def test_installed_wheel_explains_a_gear_that_breaks_the_schema(
    installed: Path, elsewhere: Path
) -> None:
    write_gear(elsewhere / "broken", '"license": "GPL-3"')
    outcome = run(installed, "check", "broken", "--output-format", "concise", cwd=elsewhere)
    assert outcome.returncode == 1
    assert "GL106 error" in outcome.stdout
    assert "did you mean" in run(installed, "check", "broken", cwd=elsewhere).stdout


def test_sdist_builds_the_wheel(sdist: Path, wheel: Path, elsewhere: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    python("-m", "build", "--wheel", "--outdir", tmp_path / "dist", unpacked, cwd=elsewhere)
    again = tmp_path / "dist" / wheel.name
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert other.namelist() == one.namelist()
        assert [other.read(name) for name in other.namelist()] == [
            one.read(name) for name in one.namelist()
        ]


def test_sdist_ships_the_sources_and_no_stale_built_files(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for name in (
        "pyproject.toml",
        "hatch_build.py",
        "LICENSE",
        "README.md",
        "CHANGELOG.md",
        "docs/rules.md",
        "schemas/manifest.schema.json",
        "schemas/config.schema.json",
        "tests/conftest.py",
    ):
        assert name in names
    assert not [name for name in names if name.startswith("gearlint/_built")]


def test_sdist_has_all_files_of_the_project(sdist: Path, tree: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    built = tree / "gearlint" / "_built"
    files = {
        str(path.relative_to(tree))
        for path in tree.rglob("*")
        if path.is_file() and built not in path.parents and path.suffix != ".pyc"
    }
    assert files - names == set()


READ_THE_PROJECT = (
    "tests/test_api.py",
    "tests/test_contributing.py",
    "tests/test_project_files.py",
    "tests/cli/test_schema.py",
    "tests/test_packaging.py::test_versions_agree",
    "tests/test_packaging.py::test_built_schemas_of_this_checkout_are_not_older_than_the_schemas",
)
"""Tests of what is beside the package; the others need the package and the tests alone."""


IMPORT_TESTS = """
import importlib, pathlib
for name in ("gearlint", "tests.conftest"):
    module = importlib.import_module(name)
    assert pathlib.Path(module.__file__).is_relative_to(pathlib.Path.cwd()), module
for path in sorted(pathlib.Path("tests").rglob("test_*.py")):
    importlib.import_module(".".join(path.with_suffix("").parts))
"""
"""What they read when they are imported is in the sdist. All are run from the work tree anyway."""


def test_tests_pass_from_the_sdist(sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    write = "import hatch_build, pathlib; hatch_build.write(pathlib.Path('.'))"
    subprocess.run([sys.executable, "-c", write], cwd=unpacked, check=True)
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    run_tests = ["-m", "pytest", "-q", "-p", "no:cacheprovider", *READ_THE_PROJECT]
    for arguments in (["-c", IMPORT_TESTS], run_tests):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=unpacked,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def test_editable_install_of_a_clean_copy_works_from_any_directory(
    installed: Path, elsewhere: Path, tmp_path: Path
) -> None:
    # What gearlint needs is in the wheel's environment already: it is borrowed, not fetched again.
    copy = copy_of_the_project(tmp_path / "copy")
    assert not (copy / "gearlint" / "_built").exists()
    environment = tmp_path / "environment"
    python("-m", "venv", "--without-pip", environment, cwd=elsewhere)
    binaries = environment / installed.name
    pip(binaries, "--no-deps", "--editable", copy)
    assert (copy / "gearlint" / "_built" / "gate.py").is_file()
    (libraries,) = installed.parent.glob("**/site-packages")
    (own,) = environment.glob("**/site-packages")
    (own / "borrowed.pth").write_text(str(libraries))
    write_gear(tmp_path / "broken", '"license": "GPL-3"')
    where = python(
        "-c",
        "import gearlint; print(gearlint.__file__)",
        interpreter=binaries / "python",
        cwd=elsewhere,
    )
    assert Path(where.strip()).is_relative_to(copy)
    outcome = run(binaries, "check", "broken", "--output-format", "concise", cwd=tmp_path)
    assert "GL106 error" in outcome.stdout, outcome.stderr


@pytest.mark.parametrize("name", ["manifest.schema.json", "config.schema.json"])
def test_built_schemas_of_this_checkout_are_not_older_than_the_schemas(name: str) -> None:
    built = PROJECT / "gearlint" / "_built" / name
    assert built.read_bytes() == (PROJECT / "schemas" / name).read_bytes(), (
        "run `pip install -e .` again"
    )


def test_versions_agree() -> None:
    pyproject = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    assert pyproject["project"]["version"] == VERSION
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[?([^\]\s]+)", changelog, re.MULTILINE)
    released = [heading for heading in headings if heading.lower() != "unreleased"]
    assert released[:1] == [VERSION]
