"""What `.dockerignore` and the globs of COPY match, and that no pattern takes long."""

import re
from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.core.errors import TooMuchError
from gearlint.core.source import Source
from gearlint.image.context import Context
from gearlint.image.context_search import find_context
from gearlint.image.stages import context_sources
from gearlint.syntax.dockerfile import Dockerfile
from gearlint.syntax.go_glob import glob_pattern
from tests.machine import in_time

LIMIT = 0.5
"""Seconds; without care, each of the slow ones here takes years."""


def is_ignored(directory: Path, lines: str, path: str) -> bool:
    (directory / ".dockerignore").write_text(lines)
    return Context(str(directory), str(directory)).is_ignored(path)


@pytest.mark.parametrize(
    ("glob", "names"),
    [
        ("*.py", "run.py"),
        ("a*b*c", "abc a__b__b_c"),
        ("*a*b*", "xxabyy"),
        ("?[a-c]", "xb"),
        ("[^a-c]", "d ]"),
        (r"[\]\-\\]", "] - \\"),
        (r"\*", "*"),
        ("[[&~|^]", "[ & ~ | ^"),
        ("[z-ab]", "b"),
        ("[^z-a]", "m"),
    ],
)
def test_glob_matches(glob: str, names: str) -> None:
    for name in names.split():
        assert glob_pattern(glob).match(name)


@pytest.mark.parametrize(
    ("glob", "name"),
    [
        ("*.py", "run.pyc"),
        ("a*b*c", "acb"),
        ("*", "a/b"),
        ("[^a]", "/"),
        ("[z-a]", "m"),
        # Go refuses these, so they match nothing.
        ("[-a]", "a"),
        ("[a-]", "a"),
        ("[]a]", "a"),
        ("[a", "a"),
        ("[]", "]"),
        ("[a--b]", "b"),
    ],
)
def test_glob_does_not_match(glob: str, name: str) -> None:
    assert not glob_pattern(glob).match(name)


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ("**/x", "x a/x a/b/x"),
        ("**.py", "a.py a/b.py"),
        ("a/**", "a/b a/b/c"),
        ("**", "a a/b"),
        ("**/**/x", "x a/x"),
        ("a**b", "ab ax/b a/b"),
        ("a/**/b/**/c", "a/b/c a/x/b/y/z/c"),
        ("**/a*/b", "q/ab/ac/b"),
        ("**/*.pyc", "x.pyc x/y.pyc"),
    ],
)
def test_dockerignore_line_matches(tmp_path: Path, line: str, paths: str) -> None:
    for path in paths.split():
        assert is_ignored(tmp_path, line, path)


@pytest.mark.parametrize(
    ("line", "path"),
    [("a/**", "a"), ("**/x", "ax"), ("a**b", "axb"), ("**/a/**/b", "a/x/c"), ("a\\", "a\\")],
)
def test_dockerignore_line_does_not_match(tmp_path: Path, line: str, path: str) -> None:
    assert not is_ignored(tmp_path, line, path)


@pytest.mark.parametrize(
    "line",
    ["*a" * 40 + "b", "*?" * 40 + "b", "**/a/" * 40 + "b", "a**" * 40 + "b", "/**" * 40 + "/b"],
)
def test_stars_of_dockerignore_take_no_time(tmp_path: Path, line: str) -> None:
    with in_time(LIMIT):
        assert not is_ignored(tmp_path, line, "a/" * 100 + "a" * 100 + "!")
        assert not is_ignored(tmp_path, line, "a" * 200)


def test_what_a_dockerignore_past_any_use_leaves_out_is_unknown(tmp_path: Path) -> None:
    assert is_ignored(tmp_path, "a\n" + "[b" * 100 + "]\n", "a")
    for lines in ("a\n" + "b\n" * 100_000, "a" * 301):
        with pytest.raises(TooMuchError):
            is_ignored(tmp_path, lines, "a")


def test_line_that_leaves_out_a_path_is_unknown_where_it_takes_too_long(tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_text("b\na\n")
    directory = str(tmp_path)
    assert Context(directory, directory).excluding_line("a") == (2, "a")
    assert Context(directory, directory, tries=0).excluding_line("a") == (0, "")


def test_long_comment_of_a_dockerignore_is_none_of_its_lines(tmp_path: Path) -> None:
    assert is_ignored(tmp_path, f"# {'long ' * 100}\na", "a")


@pytest.mark.parametrize(
    ("line", "is_made"),
    [
        ("pylint run.py || true", False),
        ("flake8 --max-line-length 100 other.py src/run.py", False),
        ("python3 run.py", False),
        ("chmod +x ./run.py; bash run.py", False),
        ("cp template run.py", True),
        ("python3 make.py > run.py", True),
        ("black other.py; cat a > run.py", True),
        ("python3 make.py -o run.py", True),
        ("run.py: template", False),
        ("cp a ./run.py", True),
        ("curl x -orun.py", True),
        ("cp a $DIR/run.py", True),
        ("cp a ${{ github.workspace }}/run.py", True),
        ("cp a '/builds/me/run.py'", True),
        ("cp a /usr/bin/run.py", False),
        ("cp a bin/run.py", True),  # the repository may be below a directory that it has not
        ("cp a tests/run.py", False),
        ("cp a $DIR/tests/run.py", False),
        ("mkdir run.py/sub", True),
        ("cp a my-run.py b.run.py run.pyc run.py.in run.py-1", False),
        ("cp a b # run.py", False),
        ("echo 'a # b' > run.py", True),
        ("echo 'a # b > run.py'", True),
        ("pip install -r run.py", False),
        ("pip3 install -U -r a.txt --requirement=./run.py", False),
        ("pip install -r a.txt > run.py", True),
        ("zip -r run.py a", True),
        ("key: ${{ hashFiles('a', 'run.py') }}", False),
        ("pytest -v tests run.py", False),
        ("pytest --junitxml run.py", True),
        ("docker run.py", False),
        ("docker cp a:b run.py", True),
        ("name: Check run.py", False),
        ("name: run.py", True),
        ("path: run.py", True),
        ("needs: [run.py]", False),
        ("stages:\n      - a\n      - run.py\n", False),
        ("paths:\n      - a\n      - run.py\n", True),
        ("pylint run.py\n    - mv other.py run.py", True),
    ],
)
def test_what_a_ci_file_only_reads_is_not_made(line: str, is_made: bool, tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / ".gitlab-ci.yml").write_text(f"script:\n    - {line}\n")
    assert Context(str(tmp_path), str(tmp_path)).may_be_made("run.py") is is_made


def test_path_from_above_is_not_missing_outside_of_a_repository(tmp_path: Path) -> None:
    gear = tmp_path / "project" / "docker"
    gear.mkdir(parents=True)
    (gear / "run.py").write_text("print(1)\n")
    context = Context(str(gear), str(gear))
    paths = ("project/docker/run.py", "docker/run.py", "docker/none.py", "project/run.py", "run")
    assert [context.may_be_made(path) for path in paths] == [True, True, False, False, False]
    (gear / ".git").mkdir()
    assert not Context(str(gear), str(gear)).may_be_made("docker/run.py")


@pytest.mark.parametrize("paths", [["a/made", "b/sub/made"], ["b/sub/made", "a/made"]])
def test_gitignore_above_what_a_link_leads_to(paths: list[str], tmp_path: Path) -> None:
    (tmp_path / "b" / "sub").mkdir(parents=True)
    (tmp_path / "b" / ".gitignore").write_text("made\n")
    (tmp_path / "a").symlink_to("b/sub")
    context = Context(str(tmp_path), str(tmp_path))
    assert [context.may_be_made(path) for path in paths] == [True, True]
    assert not context.may_be_made("b/sub/other")


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ("data\n!data/a/keep\n", ["data/a/keep"]),
        ("**/*.txt\n!data\n", ["data/a/keep", "data/b"]),
        ("data\n!data\ndata/b\n", ["data/a/keep", "data/a/x.txt", "data/x.txt"]),
        ("**\n!**/b\n", ["data/b"]),
        ("data/a\n!data/a/x.txt\ndata/a/x*\n", ["data/b", "data/x.txt"]),
        ("data\n!!data/b\n", []),
        ("data\n! data/b\n", ["data/b"]),
    ],
)
def test_lines_of_a_dockerignore_one_after_another(
    lines: str, kept: list[str], tmp_path: Path
) -> None:
    (tmp_path / ".dockerignore").write_text(lines)
    context = Context(str(tmp_path), str(tmp_path))
    paths = ["data/a/keep", "data/a/x.txt", "data/b", "data/x.txt"]
    for each in (paths, paths[::-1]):  # what is known of a directory is kept
        assert sorted(path for path in each if not context.is_ignored(path)) == sorted(kept)


@pytest.mark.parametrize("path", ["a/x", "a/b/x", "here/x", "here/b/x"])
def test_directory_through_a_link_that_stays_inside(path: str, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "x").touch()
    (tmp_path / "a" / "b" / "x").touch()
    (tmp_path / "here").symlink_to("a")
    assert Context(str(tmp_path), str(tmp_path)).on_disk(path)


@pytest.mark.parametrize("path", ["out/x", "a/out/x", "gone/x", "a/x/y", "loop/x", "a/\0/x"])
def test_directory_that_is_not_of_the_context(path: str, tmp_path: Path) -> None:
    context, outside = tmp_path / "context", tmp_path / "outside"
    (context / "a").mkdir(parents=True)
    outside.mkdir()
    for file in (outside / "x", context / "a" / "x"):
        file.touch()
    (context / "out").symlink_to("../outside")
    (context / "a" / "out").symlink_to(outside)
    (context / "gone").symlink_to("nowhere")
    (context / "loop").symlink_to("loop")
    assert Context(str(context), str(tmp_path)).on_disk(path) is None


MADE = [
    # (files of the repository, path in the context `docker`, whether it may be made)
    ({}, "prog", False),
    ({}, "atlas.tar.gz", True),
    ({}, "atlas.gz", True),
    ({}, "atlas.nii.gz", False),
    ({}, "build/atlas.nii.gz", True),
    ({}, "atlas.mgz", False),
    ({"src/prog.c": ""}, "prog", True),
    ({"src/prog.c": ""}, "other", False),
    ({"src/prog.c": ""}, "prog/", True),
    ({"docker/run_prog.sh": ""}, "bin/prog", True),
    ({".hidden/prog.c": ""}, "prog", False),
    ({"a.b.c": ""}, "a.b", False),
    ({"Makefile": "all: made.txt\n"}, "made.txt", True),
    ({"docker/Makefile": "all: made.txt\n"}, "made.txt", True),
    ({"other/Makefile": "all: made.txt\n"}, "made.txt", False),
    ({"Makefile": "docker/made.txt: a\n"}, "made.txt", True),
    ({"Makefile": "docker/a/made.txt: a\n"}, "made.txt", False),
    ({"Makefile": "a/docker/made.txt: a\n"}, "made.txt", True),
    ({"Makefile": "a/made.txt: a\n"}, "made.txt", True),
    ({"Makefile": "a/made.txt: a\n", "docker/a/x": ""}, "made.txt", False),
    ({"Makefile": "a/made.txt: a\n", "a/x": ""}, "made.txt", False),
    ({"Makefile": "../docker/made.txt: a\n"}, "made.txt", True),
    ({"Makefile": "other/made.txt: a\n", "other/x": ""}, "a/made.txt", False),
    ({"Makefile": ".PHONY: made\nall: made\nmade:\n\ttrue\n"}, "made", False),
    ({"Makefile": ".PHONY: made\nmade: a\n\tcp a made\n"}, "made", True),
    ({"Makefile": ".PHONY: all\nall: made\n"}, "made", True),
    ({"Makefile": "# makes made\nall:\n\ttrue # made\n"}, "made", False),
    ({"tox.ini": "deps = -r made.txt\n"}, "made.txt", False),
    ({"tox.ini": "deps =\n    -rmade.txt\n"}, "made.txt", False),
    ({".pre-commit-config.yaml": "args: [made.txt]\n"}, "made.txt", False),
    ({".readthedocs.yml": "requirements: made.txt\n"}, "made.txt", False),
    ({"other.yml": "args: [made.txt]\n"}, "made.txt", True),
    ({"Makefile": "pylint made.py\n"}, "made.py", False),
    ({"Makefile": "pylint made.py\ncp a made.py\n"}, "made.py", True),
    ({"Makefile": "pylint made.pyx made.py\n"}, "made.py", False),
    ({"build_all.py": "made.txt"}, "made.txt", True),
    ({"docker/build.sh": "cp a made.txt"}, "made.txt", True),
    ({"test.sh": "cp a made.txt"}, "made.txt", False),
    ({"build.txt": "cp a made.txt"}, "made.txt", False),
    ({"build.sh": "wget a.org/x.zip\nunzip x.zip\ndocker build -t me .\n"}, "made.txt", True),
    ({"docker/build.sh": "git clone a.org/x\nfw-beta gear build\n"}, "made.txt", True),
    ({"build.sh": "tar xf x.tar\nsudo podman buildx build .\n"}, "made.txt", True),
    ({"build.sh": "docker build -t me .\nwget a.org/x.zip\n"}, "made.txt", False),
    ({"build.sh": "# wget a.org/x.zip\ndocker build -t me .\n"}, "made.txt", False),
    ({"build.sh": "wget a.org/x.zip\n# docker build .\ndocker run me\n"}, "made.txt", False),
    ({"build.sh": "wget a.org/x.zip\ndocker run me # docker build .\n"}, "made.txt", False),
    ({"build.sh": "git status\n\ndocker build -t me .\n"}, "made.txt", False),
    ({"build.py": "system(f'wget {x}')\nsystem('docker build -t me .')\n"}, "made.txt", True),
    ({"build.py": 'run(["curl", x])\nrun(["docker",\n"--debug", "build"])\n'}, "made.txt", True),
    ({"build.py": "run('git clone x')\nrun('podman bud')\n"}, "made.txt", True),
    ({"build.py": "requests.get(x)\ndocker.from_env().images.build()\n"}, "made.txt", True),
    ({"build.py": "requests.get(x)\nclient.images.build(path='.')\n"}, "made.txt", True),
    ({"build.py": "system('docker build')\nsystem('unzip x.zip')\n"}, "made.txt", False),
    ({"build.py": "# wget x.zip\nsystem('docker build') # unzip\n"}, "made.txt", False),
    ({"build.py": "system('a # b; wget x')\nsystem('docker build .')\n"}, "made.txt", True),
    ({"build.py": "system('wget x')\nsystem('docker run')\n"}, "made.txt", False),
    ({"build.py": f"'wget x'\n'docker {'-x ' * 9}build'\n"}, "made.txt", False),
    ({"build.py": "import requests\ncall('git status; docker build')\n"}, "made.txt", False),
    ({"run.py": "system('wget x')\nsystem('docker build .')\n"}, "made.txt", False),
    ({"start.sh": "wget a.org/x.zip\ndocker build -t me .\n"}, "made.txt", False),
    ({"other/build.sh": "wget a.org/x.zip\ndocker build .\n"}, "made.txt", False),
    ({".github/workflows/ci.yml": "- run: cp a made.txt"}, "made.txt", True),
    ({".circleci/config.yml": "- run: cp a made.txt"}, "made.txt", True),
    ({".gitmodules": '[submodule "x"]\n\tpath = docker/lib\n'}, "lib/x", True),
    ({".gitmodules": '[submodule "x"]\n\tpath = docker/lib/sub\n'}, "lib", True),
    ({".gitmodules": '[submodule "x"]\n\tpath = lib\n'}, "lib/x", False),
    ({".gitmodules": "path = x\n" * (limits.SUBMODULES + 1)}, "made.txt", True),
    ({".gitignore": "*.txt\n"}, "made.txt", True),
    ({"docker/.gitignore": "*.txt\n"}, "made.txt", True),
    ({"other/.gitignore": "*.txt\n"}, "made.txt", False),
    ({".gitignore": "*.md\n"}, "made.txt", False),
    ({".gitignore": "a" * (limits.IGNORE_LINE_CHARACTERS + 1)}, "made.txt", True),
    ({"src/prog.c": ""}, "prog\0", False),
]


@pytest.mark.parametrize(("files", "path", "is_made"), MADE, ids=range(len(MADE)))
def test_what_may_be_made_before_the_build(
    files: dict[str, str], path: str, is_made: bool, tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "docker").mkdir()
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    context = Context(str(tmp_path / "docker"), str(tmp_path))
    assert context.may_be_made(path) is is_made


@pytest.mark.parametrize(("files", "is_made"), [(10, False), (1, True)])
def test_a_program_may_be_made_where_there_are_too_many_files_to_look_at(
    files: int, is_made: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).touch()
    monkeypatch.setattr(limits, "SOURCES_SEARCHED", files)
    assert Context(str(tmp_path), str(tmp_path)).may_be_made("program") is is_made


def test_sources_that_a_dockerfile_names() -> None:
    text = (
        "FROM a AS y\nCOPY a $B c/\nADD https://example.org/x b d/\nCOPY --from=y e f\n"
        "COPY <<E g h/\nE\nRUN cp i j\nENTRYPOINT k l\n"
    )
    assert context_sources(Dockerfile(Source("Dockerfile", text.encode()))) == ["a", "b", "g"]


CONTEXTS = [
    # (Dockerfile, sources of its COPY, files, the build context)
    ("docker/Dockerfile", ["run.py"], ["docker/run.py", "run.py"], "docker"),
    ("docker/Dockerfile", ["run.py"], ["run.py"], "."),
    ("docker/Dockerfile", ["docker/run.py"], ["docker/run.py"], "."),
    ("docker/Dockerfile", ["run.py", "x"], ["docker/run.py", "run.py", "x"], "."),
    ("docker/Dockerfile", ["run.py", "x"], ["docker/run.py", "x"], "docker"),
    ("docker/Dockerfile", ["run.py", "run.py", "x", "y"], ["docker/run.py", "x", "y"], "."),
    ("a/b/Dockerfile", ["run.py"], ["a/run.py", "run.py"], "a"),
    ("docker/Dockerfile", ["none.py"], [], "docker"),
    ("docker/Dockerfile", [], ["run.py"], "docker"),
    ("docker/Dockerfile", ["outside.py"], ["../outside.py"], "docker"),
    ("docker/Dockerfile", ["a/" * 1000 + "x", "run.py"], ["run.py"], "."),
]


@pytest.mark.parametrize(("dockerfile", "sources", "files", "context"), CONTEXTS)
def test_build_context_of_a_dockerfile(
    dockerfile: str, sources: list[str], files: list[str], context: str, tmp_path: Path
) -> None:
    root = tmp_path / "repository"
    for name in (dockerfile, *files):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = find_context(str(root / dockerfile), str(root), sources)
    assert Path(found.directory) == root / context


def test_glob_is_no_regular_expression() -> None:
    for char in "().+|{}$#-~&":
        assert glob_pattern(char).fullmatch(char)
    assert glob_pattern("a.c").match("abc") is None
    assert isinstance(glob_pattern("("), re.Pattern)


def test_a_directory_with_too_many_names_has_no_near_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run.py").touch()
    assert Context(str(tmp_path), str(tmp_path)).near("runn.py") == "run.py"
    monkeypatch.setattr(limits, "DIRECTORY_ENTRIES", 0)
    assert Context(str(tmp_path), str(tmp_path)).near("runn.py") == ""
