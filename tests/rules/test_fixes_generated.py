"""Fixes of generated Dockerfiles with faults, in every layout that BuildKit takes."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, given, settings

from gearlint.engine.settings import Settings
from tests.fixes import wrongs
from tests.sound import SCRIPT, write_gear

CHOSEN = Settings(select=("GL0", "GL3", "GL4"))

BASES = [
    "FROM python:3.11", "FROM python:3.11", "from ubuntu", "FROM alpine", "FROM scratch",
    "FROM me/base:1", "ARG TAG=3.11\nFROM python:$TAG",
    "FROM python AS build\nCOPY run.py /flywheel/v0/\nFROM build",
]  # fmt: skip
STEPS = [
    "COPY . .", "COPY run.py .", "copy run.py go", "COPY run.py run.sh ./",
    "COPY --chmod=644 run.py .", "ARG MODE=0600\nCOPY --chmod=$MODE run.sh .",
    'ADD ["run.py", "run.sh", "./"]',
    "RUN chmod +x run.py", "RUN chmod 644 run.py", "run chmod +x missing.py", "RUN cp run.py go",
    "RUN mv run.py go", "RUN mkdir -p input && touch input/x", 'RUN ["chmod", "+x", "run.py"]',
    "RUN --mount=type=cache,target=/x ls\t/x", "RUN ./install.sh", "USER me", "USER root",
    "COPY <<EOF run\n#!/bin/bash\nCOPY run.py /flywheel/v0/inputs\nEOF",
    "RUN <<EOF\nchmod +x run.py  # why\n\nEOF", "RUN <<-'A' cat >x && <<B cat\n\tone\n\tA\ntwo\nB",
    "ENV IN=/flywheel/v0/inputs OUT=/flywheel/v0/outputs/x", "ENV PATH=/flywheel/v0:$PATH",
    "WORKDIR /flywheel/v0/", "WORKDIR /", 'SHELL ["/bin/bash", "-c"]', "RUNN x",
    "COPY missing.py .", "RUN ['chmod', '+x', 'run.py']", "COPY [run.py, ./]", "USER me # why",
    "RUN chmod +x run.py && \\\nCOPY run.sh .", "EXPOSE 80 # a \\\n 90 # b", "RUN ls &&",
]  # fmt: skip
STARTS = [
    'ENTRYPOINT ["python run.py"]', 'entrypoint  [ "run.py" , "é" ]', "ENTRYPOINT run.py --x",
    "ENTRYPOINT  python -u run.py ", "ENTRYPOINT ./run.sh", 'ENTRYPOINT ["/flywheel/v0/run.py"]',
    'CMD ["./run.sh"]', 'CMD ["python /flywheel/v0/run.py", "--x"]', "CMD echo é && run.py",
    "ENTRYPOINT ['run.py', '--x'] # why", 'CMD ["./run.sh"', "ENTRYPOINT [python run.py]",
    'ENTRYPOINT ["./run"]\nENTRYPOINT ["sh", "-c", "run.py --x"]', 'CMD ["--x"]\nENTRYPOINT go',
]  # fmt: skip
ASIDE = ["# why", "\t# gearlint: ignore[GL307,GL304]", "", "  ", "# gearlint: ignore[GL306]"]
COMMANDS = ["run.py", "./run.py --x", "./run.sh", "python run.py", "./go && run.sh", "./run", None]
SCRIPTS = [
    SCRIPT, SCRIPT, "print(1)\n", "", "print(1)\r\nprint(2)", SCRIPT.replace("\n", "\r\n"),
    "\ufeff" + SCRIPT, f"{SCRIPT}x = '/flywheel/v0/inputs/é'\n", "#!/bin/bash\r\necho a\r\n",
]  # fmt: skip


def broken(draw: st.DrawFn, instruction: str) -> str:
    """An instruction with some of its spaces made into continuations."""
    if "<<" in instruction:
        return instruction
    join = draw(st.sampled_from([" \\\n  ", "\\\n ", " \\\n# why\n\n\t", " \\  \n  # why\n"]))
    pieces = re.split(r'(?<=[\w",\]]) (?=\S)', instruction)
    return "".join(piece + draw(st.sampled_from([" ", join])) for piece in pieces[:-1]) + pieces[-1]


@st.composite
def dockerfiles(draw: st.DrawFn) -> bytes:
    """The bytes of a Dockerfile, most of them with something to fix."""
    lines = [draw(st.sampled_from(BASES)), "WORKDIR /flywheel/v0"]
    lines += draw(st.lists(st.sampled_from(STEPS + ASIDE), min_size=1, max_size=5))
    lines += draw(st.lists(st.sampled_from(ASIDE), max_size=1))
    lines.append(draw(st.sampled_from(STARTS)))
    lines += draw(st.lists(st.sampled_from(STEPS), max_size=1))
    if draw(st.integers(0, 2)) == 0:
        lines = [line if line in ASIDE else broken(draw, line) for line in lines]
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))
    if draw(st.integers(0, 3)) == 0:
        text = "# escape=`\n" + text.replace("\\", "`")
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text.encode(draw(st.sampled_from(["utf-8"] * 8 + ["utf-8-sig"])))


def write(directory: Path, dockerfile: bytes, command: str | None, script: str, mode: int) -> None:
    """A gear with these, `run.py` being the script."""
    for name, text in (("run.py", script), ("run.sh", "echo a\n"), ("run", SCRIPT)):
        (directory / name).write_bytes(text.encode())
        (directory / name).chmod(mode)
    (directory / "Dockerfile").write_bytes(dockerfile)
    if command is None:
        write_gear(directory, without=("command",))
    else:
        write_gear(directory, f'"command": "{command}"')


@settings(
    max_examples=200,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(
    dockerfiles(),
    st.sampled_from(COMMANDS),
    st.sampled_from(SCRIPTS),
    st.sampled_from([0o644, 0o755, 0o600]),
    st.booleans(),
)
def test_generated_dockerfiles_are_fixed_for_good(
    dockerfile: bytes, command: str | None, script: str, mode: int, unsafe: bool
) -> None:
    """Nothing new is found, fixing twice is as once, and beside the fixes no byte differs."""
    with TemporaryDirectory() as name:
        write(Path(name), dockerfile, command, script, mode)
        _, wrong = wrongs(Path(name), CHOSEN, unsafe=unsafe)
        assert wrong == []
