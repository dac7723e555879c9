"""The modules of gearlint are found and loaded as Python finds and loads them, only faster."""

import importlib.util
import os
import pkgutil
import py_compile
import subprocess
import sys
import zipfile
from collections.abc import Callable
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path

import pytest

import gearlint
from gearlint.core.importer import Finder, Loader

PACKAGE = Path(gearlint.__file__).parent
MODULES = [module.name for module in pkgutil.walk_packages([str(PACKAGE)], "gearlint.")]


def by_python(name: str, directory: Path) -> ModuleSpec:
    spec = PathFinder.find_spec(name, [str(directory)])
    assert spec is not None
    return spec


def by_gearlint(name: str, directory: Path) -> ModuleSpec:
    spec = Finder.find_spec(name, [str(directory)])
    assert spec is not None
    return spec


def code_of(spec: ModuleSpec) -> object:
    """The code of a module; Python can say which, whoever loads it."""
    assert isinstance(spec.loader, SourceFileLoader)
    return spec.loader.get_code(spec.name)


def test_every_module_is_found_as_python_finds_it() -> None:
    assert len(MODULES) > 250
    for name in MODULES:
        directory = PACKAGE.joinpath(*name.split(".")[1:-1])
        ours, python = by_gearlint(name, directory), by_python(name, directory)
        assert isinstance(ours.loader, Loader)
        for attribute in ("name", "origin", "cached", "has_location", "parent"):
            assert getattr(ours, attribute) == getattr(python, attribute)
        assert ours.submodule_search_locations == python.submodule_search_locations
        assert code_of(ours) == code_of(python)
        assert ours.loader.get_source(name) == Path(str(ours.origin)).read_text(encoding="utf-8")


def cached(source: Path) -> Path:
    return Path(importlib.util.cache_from_source(str(source)))


def nothing(source: Path) -> None:
    """No bytecode."""


def as_old(source: Path) -> None:
    py_compile.compile(str(source))


def of_an_older_source(source: Path) -> None:
    text, times = source.read_text(), source.stat()
    source.write_text("x = 2\n")
    py_compile.compile(str(source))
    source.write_text(text)
    os.utime(source, ns=(times.st_atime_ns, times.st_mtime_ns + 2_000_000_000))


def of_a_shorter_source(source: Path) -> None:
    text, times = source.read_text(), source.stat()
    source.write_text("x = 22\n")
    os.utime(source, ns=(times.st_atime_ns, times.st_mtime_ns))
    py_compile.compile(str(source))
    source.write_text(text)
    os.utime(source, ns=(times.st_atime_ns, times.st_mtime_ns))


def of_a_hash(source: Path) -> None:
    py_compile.compile(str(source), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    source.write_text("x = 3\n")  # which nobody looks at


def of_another_python(source: Path) -> None:
    py_compile.compile(str(source))
    cached(source).write_bytes(b"\0" + cached(source).read_bytes()[1:])


def compiled_elsewhere(source: Path) -> None:
    py_compile.compile(str(source), dfile="/elsewhere/x.py")


def a_directory(source: Path) -> None:
    cached(source).mkdir(parents=True)


@pytest.mark.parametrize(
    "prepare",
    [
        nothing,
        as_old,
        of_an_older_source,
        of_a_shorter_source,
        of_a_hash,
        of_another_python,
        compiled_elsewhere,
        a_directory,
    ],
)
def test_the_code_is_that_which_python_takes(
    prepare: Callable[[Path], None], tmp_path: Path
) -> None:
    source = tmp_path / "x.py"
    source.write_text("x = 1\n")
    prepare(source)
    # Ours before Python's, which may write new bytecode.
    ours = code_of(by_gearlint("gearlint.x", tmp_path))
    python = code_of(by_python("gearlint.x", tmp_path))
    assert ours == python
    values: dict[str, object] = {}
    exec(ours, values)  # type: ignore[arg-type]
    assert values["x"] == 1
    assert ours.co_filename == str(source)  # type: ignore[attr-defined]


def test_bytecode_is_written_for_the_next_time(tmp_path: Path) -> None:
    source = tmp_path / "x.py"
    source.write_text("x = 1\n")
    written = sys.dont_write_bytecode
    sys.dont_write_bytecode = False
    try:
        code_of(by_gearlint("gearlint.x", tmp_path))
    finally:
        sys.dont_write_bytecode = written
    assert cached(source).is_file()


def zipped(directory: Path) -> Path:
    """The package in an archive, as zipapp makes one."""
    archive = directory / "gearlint.zip"
    with zipfile.ZipFile(archive, "w") as written:
        for path in PACKAGE.rglob("*.py"):
            written.write(path, path.relative_to(PACKAGE.parent))
    return archive


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("json", None),
        ("gearlint", None),
        ("gearlint", [str(PACKAGE.parent)]),
        ("gearlint.cli", []),
        ("json.decoder", [str(PACKAGE)]),
        ("gearlints.api", [str(PACKAGE)]),
        ("gearlint.none", [str(PACKAGE)]),
        ("gearlint.cli", ["archive.zip/gearlint"]),
    ],
)
def test_what_is_left_to_python(name: str, path: list[str] | None) -> None:
    assert Finder.find_spec(name, path) is None


def python(*arguments: str, **environment: str) -> str:
    """What a Python of its own prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **environment},
        text=True,
        check=True,
        capture_output=True,
    )
    return done.stdout


def test_gearlint_runs_from_an_archive(tmp_path: Path) -> None:
    shown = python("-m", "gearlint", "--version", PYTHONPATH=str(zipped(tmp_path)))
    assert shown == f"gearlint {gearlint.__version__}\n"


LOADER_OF_MAIN = """
import sys
from gearlint.__main__ import run
sys.argv = ["gearlint", "--version"]
try:
    run()
finally:
    print(type(sys.modules["gearlint.cli.main"].__spec__.loader).__module__)
"""


@pytest.mark.parametrize(
    ("options", "loader"),
    [
        ([], "gearlint.core.importer"),
        (["-O"], "_frozen_importlib_external"),
        (["-X", "pycache_prefix=elsewhere"], "_frozen_importlib_external"),
    ],
)
def test_where_bytecode_lies_elsewhere_python_does_it(options: list[str], loader: str) -> None:
    shown = python(*options, "-c", LOADER_OF_MAIN)
    assert shown.splitlines()[-1] == loader
