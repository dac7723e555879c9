"""Steps of the build that do not do what they say: what GL330 and GL331 find and leave alone.

Each case is the end of a Dockerfile with all that is found in it.
"""

from pathlib import Path

import pytest

from tests.machine import in_time
from tests.rules.test_instruction_rules import end, findings, found, shown

# --- GL330: (the Dockerfile from its last COPY on, severity and place, file, program, package)
WRITES, READS = "writes to", "reads from"
REDIRECTED = [
    ("RUN pip install flywheel-sdk>=5.0.2", "warning 4:17", WRITES, "=5.0.2", "pip", "flywheel-sdk"),
    ("RUN pip3 install -U a[x,y]>=1.0rc1", "warning 4:21", WRITES, "=1.0rc1", "pip", "a[x,y]"),
    ("RUN python3 -m pip install a>1", "warning 4:28", WRITES, "1", "pip", "a"),
    ("RUN uv pip install a>=1.*", "warning 4:20", WRITES, "=1.*", "pip", "a"),
    ("RUN PIP_NO_CACHE_DIR=1 /usr/local/bin/pip install a>=1", "warning 4:51", WRITES, "=1", "pip", "a"),
    ("RUN apt-get update && apt-get install -y sudo\nRUN sudo -H pip install a>=1", "warning 5:25", WRITES, "=1", "pip", "a"),
    ("RUN pip install 'a'>=1", "warning 4:17", WRITES, "=1", "pip", "a"),
    ("RUN pip install a >=1", "warning 4:17", WRITES, "=1", "pip", "a"),
    ("RUN pip install a!=1.5,>=1.4", "warning 4:17", WRITES, "=1.4", "pip", "a!=1.5,"),
    ("RUN pip install a>=1,!=1.5 > log.txt", "warning 4:17", WRITES, "=1,!=1.5", "pip", "a"),
    ("ARG V=1\nRUN pip install a>=${V} 2>&1", "warning 5:17", WRITES, "=${V}", "pip", "a"),
    ("RUN cd /tmp && \\\n  pip install \\\n    a>=1 \\\n    b", "warning 6:5", WRITES, "=1", "pip", "a"),
    ('SHELL ["/bin/bash", "-c"]\nRUN pip install a>=1', "warning 5:17", WRITES, "=1", "pip", "a"),
    ("RUN pip install a>=1 <<EOF\nx\nEOF", "warning 4:17", WRITES, "=1", "pip", "a"),
    ("RUN pip install a<2", "error 4:17", READS, "2", "pip", "a"),
    ("RUN pip install a<=2", "error 4:17", READS, "=2", "pip", "a"),
    ("RUN pip install a>=1,<2", "error 4:17", READS, "2", "pip", "a"),
    ("RUN pip install a<2 || true", "warning 4:17", READS, "2", "pip", "a"),
    ("RUN touch 2\nRUN pip install a<2", "warning 5:17", READS, "2", "pip", "a"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "where", "does", "file", "program", "package"),
    REDIRECTED,
    ids=[row[0] for row in REDIRECTED],
)
def test_requirements_that_the_shell_takes_apart(
    text: str, where: str, does: str, file: str, program: str, package: str, tmp_path: Path
) -> None:
    message = (
        f'the shell {does} the file "{file}", and {program} gets "{package}" without its version'
    )
    assert found(tmp_path, end(text)) == [f"GL330 {where} {message}"]


def test_several_requirements_of_conda(tmp_path: Path) -> None:
    text = "FROM continuumio/miniconda3:4.9.2\nRUN conda install -y a>=1 b && mamba create c>2\n"
    reported = [one for one in findings(tmp_path, text) if one.code == "GL330"]
    assert [shown(one) for one in reported] == [
        'GL330 warning 2:22 the shell writes to the file "=1", and conda gets "a" without its version',
        'GL330 warning 2:45 the shell writes to the file "2", and mamba gets "c" without its version',
    ]
    assert reported[0].help == 'write "a>=1", in double quotes'


NOT_REDIRECTED = [
    "RUN pip install \"a>=1\" 'b<2' c\\>=1",
    "RUN pip install a > log.txt",
    "RUN pip install a >log.txt 2>&1",
    "RUN pip install a>/dev/null",
    "RUN pip install a >> 1",
    "RUN pip install a > 1",
    "RUN pip install a>1.log",
    "RUN pip install a>2&1",
    "ARG LOG=x\nRUN pip install a>$LOG",
    "RUN pip install a==1 b~=2 c!=3",
    "RUN touch r && pip install -r r>=1",
    "RUN pip download a>=1",
    "RUN echo pip install a>=1",
    "RUN echo a>=1",
    "RUN python setup.py install a>=1",
    "RUN perl -m pip install a>=1",
    "RUN apt-get install -y a>=1",
    "RUN conda remove a>=1",
    "RUN pip install 'a>=1,<2' $(echo a>=1)x b{c>1}",
    "RUN <<EOF cat\npip install a>=1\nEOF",
    "RUN pip install --log>=1 a",
    'RUN ["pip", "install", "a>=1"]',
    "RUN <<EOF\npip install a>=1\nEOF",
    'SHELL ["pwsh", "-c"]\nRUN pip install a>=1',
]


@pytest.mark.parametrize("text", NOT_REDIRECTED)
def test_redirections_that_may_be_meant(text: str, tmp_path: Path) -> None:
    assert not [line for line in found(tmp_path, end(text)) if "GL330" in line]


@pytest.mark.parametrize(
    "word", ["a>=1 ", "a=1 ", "a<1,", "a>=", "a ", "a>1<2>3<", "'a'>=1;pip install "]
)
def test_many_requirements_take_as_long_each(word: str, tmp_path: Path) -> None:
    with in_time(3):
        findings(tmp_path, end(f"RUN pip install {word * 10_000}"))


# --- GL312: what `<` reads
READ_BY_SHELL = [
    ("RUN cat < none", ["GL312 error 4:5 RUN fails: the shell reads /flywheel/v0/none, which does not exist"]),
    ("RUN cd /flywheel && cat <none", ["GL312 error 4:21 RUN fails: the shell reads /flywheel/none, which does not exist"]),
    ("RUN cat < run.py", []),
    ("RUN cat < /tmp/none", []),
    ("RUN cat < none || true", []),
    ("RUN false || cat < none", []),
    ("RUN touch none && cat < none", []),
    ("RUN cat < /dev/null && cat < /etc/hosts && cat < /proc/self/status", []),
    ("ARG F\nRUN cat < $F", []),
    ("RUN --mount=type=bind,target=/m cat < none", []),
    ("RUN cat 0<> none", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ_BY_SHELL)
def test_what_a_redirection_reads(text: str, expected: list[str], tmp_path: Path) -> None:
    assert found(tmp_path, end(text)) == expected


# --- GL312: what pip refuses
ONE, NONE = "as it has one =", "as it has no version"
REFUSED = [
    ("RUN pip install pip=20.0.2", ["4:5", '"pip=20.0.2"', ONE]),
    ("RUN pip3 install -U --no-cache-dir 'a[x]=1'", ["4:5", '"a[x]=1"', ONE]),
    ("RUN python -m pip install a=1", ["4:5", '"a=1"', ONE]),
    ("RUN uv pip install a=1", ["4:5", '"a=1"', ONE]),
    ("RUN pip install 'a~='", ["4:5", '"a~="', NONE]),
    ("COPY d/r.txt .\nRUN pip install -r r.txt", ["5:5", 'line 2 of /flywheel/v0/r.txt, "a = 1"', ONE]),
    ("COPY d/s.txt .\nRUN pip install a && pip install -c s.txt b", ["5:22", 'line 1 of /flywheel/v0/s.txt, "a~="', NONE]),
    ("COPY d/r.txt .\nRUN pip install -r r.txt\nRUN pip install -r r.txt", ["5:5", 'line 2 of /flywheel/v0/r.txt, "a = 1"', ONE]),
]  # fmt: skip
NOT_REFUSED = [
    "RUN pip install a=1 || true",
    "RUN pip install a==1 b===1 c~=1 d!=1",
    "RUN pip install a=b a=1.tar.gz ./a=1 a=$V $W=1",
    "RUN pip install --global-option a=1 -C a=1 b",
    "RUN pip download a=1",
    "RUN python run.py x install a=1",
    "RUN apt-get update && apt-get install -y a=1",
    "COPY d/good.txt .\nRUN pip install -r good.txt",
    "COPY d/r.txt .\nRUN sed -i s/=/==/ r.txt && pip install -r r.txt",
    "COPY d/r.txt .\nRUN pip install -r $R",
]


def write_requirements(tmp_path: Path) -> None:
    directory = tmp_path / "gear" / "d"
    directory.mkdir(parents=True)
    (directory / "r.txt").write_text("# a=1\na = 1 --hash=sha256:0 # x\n")
    (directory / "s.txt").write_text("a~= ; python_version > '3'\n")
    (directory / "good.txt").write_text(
        "a==1\n-e x=1\n--find-links=1\nhttps://x/?a=1\nb @ file:///a=1\nc>=\n$A=1\nd \\\n=1\ne=1 \\\n\n"
        "f==1 ; python_version=='3'\n./g=1\nh\n"
    )


@pytest.mark.parametrize(("text", "expected"), REFUSED, ids=[row[0] for row in REFUSED])
def test_requirements_that_pip_refuses(text: str, expected: list[str], tmp_path: Path) -> None:
    write_requirements(tmp_path)
    where, what, why = expected
    message = f"GL312 error {where} RUN fails: pip install refuses {what}, {why}"
    assert found(tmp_path, end(text)) == [message]


@pytest.mark.parametrize("text", NOT_REFUSED)
def test_requirements_that_pip_takes(text: str, tmp_path: Path) -> None:
    write_requirements(tmp_path)
    assert not [line for line in found(tmp_path, end(text)) if "refuses" in line]


def test_a_long_file_of_requirements_takes_as_long_a_line(tmp_path: Path) -> None:
    write_requirements(tmp_path)
    (tmp_path / "gear" / "d" / "r.txt").write_text("a[" * 100_000 + "\n" + "a~= 1 =\n" * 100_000)
    text = "COPY d/r.txt .\n" + "RUN pip install -r r.txt\n" * 1000
    with in_time(3):
        findings(tmp_path, end(text))


# --- GL331: (the end of the Dockerfile, place, command, what to do)
EACH = "put it into each RUN that needs it"
SOURCED = f"{EACH}, or set its variables by ENV"
WITHOUT_EFFECT = [
    ("RUN cd /flywheel", "4:5", "cd", "write WORKDIR /flywheel"),
    ("RUN cd", "4:5", "cd", "write WORKDIR"),
    ("RUN true && (pwd; cd /flywheel) && cd ..", "4:36", "cd", "write WORKDIR .."),
    ("RUN cd / 2>/dev/null >&2 </dev/null", "4:5", "cd", "write WORKDIR /"),
    ("RUN export A=b", "4:5", "export", "set the variable by ENV A=..."),
    ("RUN A=b; export A", "4:5", "A=", "set the variable by ENV A=..."),
    ("RUN PATH=$PATH:/x", "4:5", "PATH=", "set the variable by ENV PATH=..."),
    ("RUN export A=$(cat run.py | head -1)", "4:5", "export", "set the variable by ENV A=..."),
    ("RUN umask 002", "4:5", "umask", EACH),
    ("RUN readonly A=b", "4:5", "readonly", EACH),
    ("RUN . /opt/fsl/etc/fslconf/fsl.sh", "4:5", ".", SOURCED),
    ("RUN . $FREESURFER_HOME/SetUpFreeSurfer.sh", "4:5", ".", SOURCED),
    ('RUN . "/venv/bin/activate"', "4:5", ".", SOURCED),
    ("RUN bash -c 'source ~/.bashrc && cd /'", "4:5", "source", SOURCED),
    ('RUN ["/bin/bash", "-lc", "source docker-env.sh"]', "4:1", "source", SOURCED),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "where", "name", "advice"), WITHOUT_EFFECT, ids=[row[0] for row in WITHOUT_EFFECT]
)
def test_steps_that_only_change_their_shell(
    text: str, where: str, name: str, advice: str, tmp_path: Path
) -> None:
    (one,) = findings(tmp_path, end(text))
    what = "changes only the shell of this step, and nothing of it is left after the step"
    assert shown(one) == f'GL331 info {where} "{name}" {what}'
    assert one.help == advice


CONDAS = [(3, '"conda"'), (4, '"conda"'), (5, '"mamba"')]


def test_environments_of_conda(tmp_path: Path) -> None:
    steps = "conda activate a", "conda deactivate", "mamba activate b", "conda install -y c"
    login = 'SHELL ["/bin/bash", "-lc"]'  # in another shell activate fails: GL312
    lines = "FROM continuumio/miniconda3:4.9.2", login, *(f"RUN {step}" for step in steps)
    text = "\n".join(lines)
    reported = [one for one in findings(tmp_path, text) if one.code == "GL331"]
    places = [shown(one).partition(" changes ")[0] for one in reported]
    assert places == [f"GL331 info {line}:5 {name}" for line, name in CONDAS]


WITH_EFFECT = [
    "RUN cd /flywheel && touch x",
    "RUN cd /flywheel && ls",
    "RUN export A=b && echo $A",
    "RUN export A=$(python run.py)",
    "RUN export",
    "RUN A=b python run.py",
    "RUN A=b > x",
    "RUN cd / > x",
    "RUN cd / | tee x",
    "RUN f() { cd /; }",
    "RUN (cd /)",
    "RUN true",
    "RUN cd / || exit 1",
    "RUN . ./build.sh",
    "RUN . ./setup_env.sh",
    "RUN . ./env.sh && touch x",
    "RUN bash ./env.sh",
    "RUN bash -c 'cd / && touch x'",
    "RUN bash -c 'export A=b' x y",
    'RUN bash -c "$X"',
    'RUN ["bash", "-c", "cd /", "x"]',
    'RUN ["touch", "-c", "cd /"]',
    "RUN <<EOF\ncd /\nEOF",
    "RUN cd / <<EOF\nx\nEOF",
    "RUN cd / && bash <<EOF\ncd /\nEOF",
    'SHELL ["pwsh", "-c"]\nRUN cd /',
    # another rule says so
    "RUN source /etc/profile",
    "RUN cd none",
    "RUN cd / \\\n  mkdir x",
    "RUN export A=b \\\nENV B=c",
]


@pytest.mark.parametrize("text", WITH_EFFECT)
def test_steps_that_may_do_more(text: str, tmp_path: Path) -> None:
    assert not [line for line in found(tmp_path, end(text)) if "GL331" in line]


def test_many_changes_of_a_shell_take_as_long_each(tmp_path: Path) -> None:
    nested = "RUN " + "bash -c 'cd /'; " * 1000
    with in_time(3):
        findings(tmp_path, end("\n".join(["RUN cd /; " + "A=1;" * 4000] * 100 + [nested])))
