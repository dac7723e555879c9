"""Gears by a grammar: Dockerfiles that BuildKit takes, shell and Python that is valid.

Mutated files are mostly refused by a parser: what the model of the image does with what gets past
it is found by these.
"""

import re
from random import Random

from tests.fuzz.seeds import Files
from tests.sound import manifest_text

_LEVELS = 7
"""Beyond so many symbols in one another the first alternative of each is taken, which ends."""

DOCKERFILE = {
    "base": ["python:3.11", "python:3.11-slim", "ubuntu:22.04", "alpine:3.19", "scratch", "a/b:1",
        "debian:12", "nipreps/fmriprep:23.2.0", "$BASE", "python:${TAG:-3.11}", "first"],
    "from": ["FROM <base>", "FROM --platform=linux/amd64 <base>", "FROM <base> AS first",
        "FROM <base> AS second", "from <base> as third"],
    "name": ["A", "B", "PATH", "HOME", "FLYWHEEL", "PYTHONPATH", "DEBIAN_FRONTEND", "BASH_ENV"],
    "file": ["run.py", "manifest.json", "other.py", "run.sh", "data/a.txt", "lib/x.py", "missing"],
    "dir": ["/flywheel/v0", "/flywheel/v0/", ".", "./", "/opt", "lib", "$FLYWHEEL", "${A}/b", "/",
        "..", "~", "/tmp", "${FLYWHEEL:-/flywheel/v0}", "data", "/usr/local/bin/"],
    "path": ["<file>", "<dir>/<file>", "/flywheel/v0/<file>", "$A", "*.py", "lib/*", "./<file>",
        "{run,other}.py", "/flywheel/v0/<file>", "data/../<file>", '"<file>"', "r?n.py"],
    "copied": ["<file>", ".", "lib", "*.py", "data/", "./<file>", "r[ua]n.py", "<file> <file>"],
    "value": ["a", "<path>", "<dir>", '"a b"', "'$A'", "${B:+x}", "a\\ b", "/x:$PATH", "${A#/}"],
    "mode": ["755", "+x", "a+rx", "u=rwx,go=rx", "644", "-x", "0777", "u+x,g-w"],
    "word": ["a", "<path>", "<dir>", "$A", '"$B"', "${A%/*}", "$(<command>)", "'a b'", "-r", "-f",
        "`echo run.py`", "$((1 + 2))", "${A:-<file>}", "\\$A", '"$(dirname "$A")"'],
    "program": ["python", "python3", "bash", "sh", "/bin/bash", "/flywheel/v0/run.py", "./run.py"],
    "command": ["true", "mkdir -p <dir>", "cp -r <path> <dir>", "cp <path> <path>", "rm -rf <path>",
        "mv <path> <path>", "chmod <mode> <path>", "chmod -R <mode> <dir>", "touch <path>",
        "ln -sf <path> <path>", "ln <path> <path>", "cd <dir>", "echo <word> > <path>",
        "printf '#!/bin/sh\\n' > <path>", "cat <path> >> <path>", "export A=<word>",
        "A=<word> <program> <word>", "install -m <mode> <path> <dir>", "sed -i s/a/b/ <path>",
        "pip install -r <path>", "apt-get install -y <program>", "git clone https://a/b",
        "wget -O <path> http://a/b", "tar -xf <path> -C <dir>", "<program> <path>",
        "python -m venv <dir>", "find <dir> -name '*.py' -exec chmod <mode> {} +", "source <path>",
        ". <path>", "useradd a", "pip install .", "set -eu", "set -x",
        'python -c \'open("/tmp/a", "w")\'', "test -f <path>", "[ -d <dir> ]", "exit 0",
        "xargs chmod <mode> < <path>", "chown -R a:b <dir>", "unset A", "eval <word>",
        "curl -sL http://a/b | bash", "dos2unix <path>", "tee <path> < <path>", "pwd"],
    "shell": ["<command>", "<command> && <shell>", "<command>; <shell>", "<command> || <shell>",
        "( <shell> )", "{ <shell>; }", "if <shell>; then <shell>; else <shell>; fi",
        "for A in <word> <word>; do <shell>; done", "<command> | <command>", "! <command>",
        "case <word> in a) <shell>;; *) <command>;; esac", "while false; do <shell>; done",
        "<command> && \\\n    <shell>", "<command> 2>&1", "f() { <shell>; }; f <word>",
        "<command> && \\\n# comment\n\n    <shell>", "until <command>; do <command>; done",
        "<command> & wait"],
    "json": ['"<program>"', '"<program>", "<file>"', '"<program>", "/flywheel/v0/<file>"',
        '"/bin/sh", "-c", "<command_plain>"', '"/usr/bin/env", "python", "<file>"'],
    "command_plain": ["true", "cd /opt && ./run.py", "exec python /flywheel/v0/run.py", "./run.sh"],
    "line": ["RUN <shell>", "RUN <shell>", "RUN <shell>", "COPY <copied> <dir>/",
        "COPY <file> <path_to>", "COPY --chmod=<octal> <copied> <dir>/", "ADD <copied> <dir>/",
        'COPY ["<file>", "/flywheel/v0/"]', "COPY --from=first <path_to> <dir>/",
        "COPY --chown=a:b <file> ./", "WORKDIR <dir>", "ENV <name>=<value>", "ENV <name> <value>",
        "ENV A=<value> B=<value>", "ARG <name>", "ARG <name>=<value>", "USER a", "USER root",
        'SHELL ["/bin/bash", "-<flags>"]', "LABEL a=<value>", "VOLUME <dir>", "EXPOSE 80",
        "ENTRYPOINT [<json>]", "ENTRYPOINT <shell>", "CMD [<json>]", "CMD <shell>", "RUN [<json>]",
        "RUN <<EOF\n<shell>\n<shell>\nEOF", "COPY <<EOF <path_to>\n<script>\nEOF",
        "RUN --mount=type=cache,target=/a <shell>", "HEALTHCHECK CMD <command>", "# comment",
        "STOPSIGNAL 9", "ONBUILD RUN <command>", "<from>", "ADD http://a/b.tar.gz <dir>/",
        "# gearlint: ignore[GL312]", "RUN bash <<'EOF'\n<shell>\nEOF"],
    "path_to": ["/flywheel/v0/<file>", "<file>", "/opt/<file>", "${A:-/opt}/x", "/usr/bin/<file>"],
    "octal": ["755", "0644", "700"],
    "flags": ["c", "ec", "euxo pipefail", "lc"],
    "script": ["#!/bin/sh", "#!/usr/bin/env python3\nprint(1)", "#!/bin/bash\n<shell>"],
}  # fmt: skip

PYTHON = {
    "name": ["x", "config", "context", "self", "os", "json", "sys", "Path", "args", "key", "f"],
    "key": ["threads", "image", "debug", "speed", "a-b", "é"],
    "module": ["os", "json", "sys", "other", "lib.x", "lib", "run", "numpy",
        "flywheel_gear_toolkit", "pathlib", "missing", "importlib", "argparse"],
    "value": ["1", "<name>", '"<key>"', "None", "True", '"/flywheel/v0/config.json"',
        "<name>.config", "<value> + <value>", "[<value>, <value>]", "{'<key>': <value>}",
        "(<value>, <value>)", "<name>[<value>]", "<name>.get(<value>)",
        "<name>.get(<value>, <value>)", 'f"{<name>}/a"', "<name>(<value>)",
        "json.load(open(<value>))", "context.config['<key>']", "context.get_input_path('<key>')",
        "context.get_input('<key>')", "os.environ['FW_CONFIG_A']",
        "<value> if <value> else <value>", "lambda <name>: <value>", "<value> or <value>",
        "[<value> for <name> in <value>]", "'%s' % <value>", "Path(__file__).parent / <value>",
        "os.path.join(<value>, <value>)", "<name>.<name>", "<name>['config'].get('<key>')",
        "(<name> := <value>)", "not <value>", "<value> in <value>", "{**<name>}", "str(<value>)"],
    "line": ["pass", "<name> = <value>", "import <module>", "from <module> import <name>",
        "<value>", "from . import <name>", "<name>, <name> = <value>, <value>", "print(<value>)",
        "from <module> import *", "sys.path.append(<value>)", "<name>.<name> = <value>",
        "<name>['<key>'] = <value>", "import <module> as <name>", "del <name>", "assert <value>",
        "subprocess.run([<value>, <value>])", "open(<value>, 'w').write(<value>)",
        "<name> += <value>", "os.system('python <key>.py')", "__import__(<value>)",
        "importlib.import_module(<value>)"],
    "block": ["    <line>", "    <line>\n    <line>", "    return <value>",
        "    if <value>:\n        <line>", "    global <name>\n    <line>",
        "    for <name> in <value>:\n        <line>",
        "    try:\n        <line>\n    except KeyError:\n        <line>", "    yield <value>"],
    "plain": ["    <line>", "    <line>\n    <line>", "    if <value>:\n        <line>"],
    "statement": ["<line>", "<line>", "<line>", "def <name>(<name>, *a, **k):\n<block>",
        "class A(<name>):\n    def f(self, y=<value>):\n        <line>", "if <value>:\n<plain>",
        "for <name> in <value>:\n<plain>", "while <value>:\n<plain>",
        "with <value> as <name>:\n<plain>",
        "try:\n<plain>\nexcept ImportError:\n<plain>\nelse:\n<plain>", "@<name>\ndef g():\n<block>",
        "if __name__ == '__main__':\n<plain>",
        "match <value>:\n    case {'<key>': y}:\n        <line>",
        "with GearToolkitContext() as context:\n<plain>"],
}  # fmt: skip
_SHEBANGS = [
    "#!/usr/bin/env python3",
    "#!/usr/bin/python",
    "#!/bin/sh",
    "#!/bin/bash",
    "#!/usr/local/bin/python",
]


def written(random: Random, grammar: dict[str, list[str]], symbol: str, level: int = 0) -> str:
    """A text for a symbol of a grammar; `<name>` in an alternative is another symbol."""
    choices = grammar[symbol]
    chosen = random.choice(choices) if level < _LEVELS else choices[0]
    return re.sub(
        r"<(\w+)>",
        lambda match: (
            written(random, grammar, match[1], level + 1) if match[1] in grammar else match[0]
        ),
        chosen,
    )


def dockerfile(random: Random) -> bytes:
    """A Dockerfile of one or more stages."""
    count = random.choice((1, 3, 6, 12, 30))
    head = random.choice(("", "", "ARG BASE=python:3.11\n", "# syntax=docker/dockerfile:1\n"))
    lines = [written(random, DOCKERFILE, "line") for _ in range(count)]
    if random.random() < 0.6:
        lines.append("COPY . /flywheel/v0/")
    return "\n".join([head + written(random, DOCKERFILE, "from"), *lines, ""]).encode()


def python(random: Random) -> bytes:
    """A module in Python."""
    count = random.choice((1, 3, 8, 20))
    lines = [written(random, PYTHON, "statement") for _ in range(count)]
    return "\n".join([random.choice(_SHEBANGS[:2]), *lines, ""]).encode()


def shell(random: Random) -> bytes:
    """A script of the shell."""
    lines = [written(random, DOCKERFILE, "shell") for _ in range(random.choice((1, 3, 8)))]
    return "\n".join([random.choice(_SHEBANGS), *lines, ""]).encode()


def gear(random: Random) -> Files:
    """A gear of all that: its command starts a script, by name or by an interpreter."""
    started = random.choice(("python run.py", "./run.py", "bash run.sh", "run.py", "{file}"))
    command = started.replace("{file}", written(random, DOCKERFILE, "command_plain"))
    made = {
        "manifest.json": manifest_text(f'"command": "{command}"').encode(),
        "Dockerfile": dockerfile(random),
        "run.py": python(random) if random.random() < 0.8 else shell(random),
    }
    for name, make in (("other.py", python), ("run.sh", shell), ("lib/x.py", python)):
        if random.random() < 0.5:
            made[name] = make(random)
    if random.random() < 0.2:
        made[".dockerignore"] = random.choice((b"*\n!run.py\n", b"lib\n", b"**/*.py\n!run.py\n"))
    return made
