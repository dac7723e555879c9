"""What programs that run code do: interpreters, scripts and builds.

Code that is not the gear's own knows nothing of `/flywheel`: it writes to its working directory, to
what its arguments name, and to directories of the system. What the gear's own code does is unknown.
"""

import posixpath
import re
from collections.abc import Sequence

from gearlint.core.lazy import regex
from gearlint.core.unknown import UNKNOWN
from gearlint.image.nodes import Directory, File
from gearlint.image.shell.installers import install
from gearlint.image.shell.operands import options
from gearlint.image.shell.step import Input, Invocation, Step
from gearlint.syntax.shell.command_line import SHELLS
from gearlint.syntax.shell.expansion import HOLE, expand

PYTHON = regex(r"(?:python|pypy)(?:[23](?:\.[0-9]+)?)?\Z")
_BUILDS = frozenset((
    "ant", "autoconf", "autoreconf", "c++", "cargo", "cc", "clang", "cmake", "cmake3", "configure",
    "g++", "gcc", "gfortran", "gmake", "go", "gradle", "javac", "make", "meson", "mex", "mvn",
    "ninja", "qmake", "scons",
))  # fmt: skip
"""Programs that build what is in their working directory."""
_CONDA_INSTALLER = regex(r"(?:mini(?:conda|forge)|mambaforge|anaconda)[^/]*\.sh\Z", re.IGNORECASE)
_FSL_INSTALLER = "fslinstaller.py"
_KNOWN_SCRIPTS = regex(
    r"https?://(?:"
    r"(?:deb|rpm)\.nodesource\.com/|install\.python-poetry\.org|sh\.rustup\.rs|astral\.sh/|pyenv\.run"
    r"|bootstrap\.pypa\.io/|get\.docker\.com|neuro\.debian\.net/|repo\.anaconda\.com/|micro\.mamba\.pm/"
    r"|(?:packages\.)?packagecloud\.io/|packages\.microsoft\.com/|dl\.yarnpkg\.com/|bun\.sh/"
    r"|www\.npmjs\.com/install\.sh|get\.pnpm\.io/|install\.julialang\.org|cli\.github\.com/|sdk\.cloud\.google\.com"
    r"|raw\.githubusercontent\.com/(?:(?:python|sdispater)/?-?poetry/|python-poetry/|nvm-sh/|pyenv/"
    r"|creationix/nvm/|git-lfs/|pypa/)"
    r")"
)
"""Scripts that install what they are named for: to the system or the home directory."""
_MODULES_THAT_WRITE_ELSEWHERE = (
    "compileall",
    "ensurepip",
    "ipykernel",
    "nltk.downloader",
    "site",
    "spacy",
)


def start_code(step: Step, call: Invocation, given: Input) -> bool:
    """Do what a program that runs code does, if the call is of one; false where it is not.

    `given` is what it reads.
    """
    name = posixpath.basename(call.name)
    if PYTHON.match(name):
        return _python(step, call, given)
    if name in SHELLS:
        return _shell(step, call, given)
    if name in _BUILDS:
        return _not_own(step, call, "")
    if name in ("perl", "node", "Rscript", "ruby", "julia", "tcsh", "csh", "octave", "matlab"):
        words = call.operands
        return bool(words) and "-e" not in call.args and _not_own(step, call, words[0])
    if "/" in call.name:
        return _script(step, call, call.name)
    return False


def _python(step: Step, call: Invocation, given: Input) -> bool:
    args = list(call.args)
    while args and re.match(r"-[BEIOPSsuvx]+\Z", args[0]):
        args.pop(0)
    skipped = len(call.args) - len(args)
    if not args or args[0] == "-":
        if isinstance(given.document, str):
            return _python_code(step, call, given.document)
        if any(url.endswith(f"/{_FSL_INSTALLER}") for url in _fetched(given, step)):
            return _python_file(step, call, [_FSL_INSTALLER, *args[1:]])
        return _is_known_script(given, step)
    if args[0] == "-c" and len(args) > 1:
        is_known = _python_code(step, call, args[1])
        if not is_known and call.complete[skipped + 1]:
            _need_code(step, call, args[1])
        return is_known
    if args[0] == "-m" and len(args) > 1:
        inner = call.from_word(skipped + 2)
        return inner.name in _MODULES_THAT_WRITE_ELSEWHERE or install(step, inner)
    return _python_file(step, call, args)


def _need_code(step: Step, call: Invocation, code: str) -> None:
    """The step fails where no Python takes the code that it is given."""
    from gearlint.image.shell.python_code import refused_code  # late: it has Python's grammar

    reason = refused_code(code)
    if reason:
        what = f"{call.name} -c refuses its code: {reason}"
        step.report(call, what, "correct the quotes and brackets of the code")


def _python_code(step: Step, call: Invocation, code: str) -> bool:
    from gearlint.image.shell.python_code import files_written  # late: it has Python's grammar

    written = files_written(code)
    for path in written or ():
        step.write(path, certain=call.certain)
    return written is not None


def _python_file(step: Step, call: Invocation, args: Sequence[str]) -> bool:
    if args[0].startswith("-"):
        return args[0] in ("-V", "--version", "-h", "--help")
    name = posixpath.basename(args[0])
    if name == "setup.py":
        step.image.mark_foreign()
        step.doubt(posixpath.join(posixpath.dirname(args[0]), each) for each in ("build", "dist"))
        return True
    if name == "get-pip.py":
        return True
    if name == _FSL_INSTALLER:
        found, _ = options(args[1:], "dV")
        directory = found.get("-d", found.get("--dest", ""))
        if directory:
            step.fill(directory)
        return True
    return _not_own(step, call, args[0])


def _shell(step: Step, call: Invocation, given: Input) -> bool:
    args = list(call.args)
    while args and re.match(r"[-+][a-zA-Z]+\Z|--login|--norc|--noprofile", args[0]):
        option = args.pop(0)
        letters = "" if option.startswith(("--", "+")) else option
        if "c" in letters:
            if not args or not call.complete[len(call.args) - len(args)]:
                return False
            step.lines.run_script(step, args[0], posixpath.basename(call.name), call)
            return True
        if "s" in letters:
            return _shell_input(step, call, given)
    if not args or args[0] in ("-", "/dev/stdin", "--"):
        return _shell_input(step, call, given)
    return _script(step, call, args[0], posixpath.basename(call.name))


def _shell_input(step: Step, call: Invocation, given: Input) -> bool:
    """The commands that a shell reads: a here-document, or a download."""
    if isinstance(given.document, str):
        step.lines.run_script(step, given.document, posixpath.basename(call.name), call)
        return True
    return _is_known_script(given, step)


def _script(step: Step, call: Invocation, path: str, shell: str = "") -> bool:
    """A script by its path: an installer that is known, a shell script of the gear, or another."""
    if _CONDA_INSTALLER.search(path):
        found, _ = options(call.args, "p")
        prefix, home = found.get("-p", found.get("--prefix", "")), step.shell.value("HOME")
        names = ("miniconda3", "miniforge3", "anaconda3", "mambaforge")
        usual = [posixpath.join(home if isinstance(home, str) else HOLE, name) for name in names]
        for directory in [prefix] if prefix else usual:
            step.fill(directory)
        return True
    text = step.own_script(path)
    if text is not None:
        first = [word for word in text.partition("\n")[0].split() if not word.startswith("-")]
        node = step.find(path)
        is_run = bool(shell) or (isinstance(node, File) and node.is_executable is True)
        started = call._replace(certain=call.certain and (is_run or call.must_succeed))
        step.lines.run_script(step, text, shell or posixpath.basename(first[-1]), started)
        return True
    return _not_own(step, call, path)


def _is_known_script(given: Input, step: Step) -> bool:
    """Whether the code is read from a download that is known to install elsewhere."""
    is_known = any(_KNOWN_SCRIPTS.match(url) for url in _fetched(given, step))
    step.image.has_package_lists |= is_known  # of a distribution's packages it fetches them first
    return is_known


def _fetched(given: Input, step: Step) -> list[str]:
    """The addresses of what is fetched to be read."""
    source = given.source
    if given.document is not None or source is None or source.name not in ("curl", "wget"):
        return []
    words = (expand(word, step.shell.value, hole=HOLE) or () for word in source.words[1:])
    return [field.text for fields in words for field in fields if "://" in field.text]


def _not_own(step: Step, call: Invocation, path: str) -> bool:
    """Run code at a path, or in the working directory, that is certainly not the gear's own."""
    cwd = step.absolute(".")
    if cwd is None or _is_own(step, cwd):
        return False
    absolute = step.absolute(path) if path else cwd
    if absolute is None or _is_own(step, absolute):
        return False
    step.image.mark_foreign()
    step.blur_cwd()
    step.forget_named([call.name, *call.args])
    return True


def _is_own(step: Step, path: str) -> bool:
    """Whether what is at a path, or in the directory, may come from the build context."""
    node = step.files.find(path)
    if isinstance(node, File):
        return node.origin is not None or node.doubt is not None
    if isinstance(node, Directory):
        return bool(node.origins) or any(
            isinstance(each, File) and each.origin is not None for each in node.entries.values()
        )
    if node is UNKNOWN:
        parent = posixpath.dirname(posixpath.normpath(path))
        above = step.files.find(parent)
        return (above is UNKNOWN and parent.startswith("/flywheel")) or (
            isinstance(above, Directory) and bool(above.origins)
        )
    return True  # nothing is there: the step fails, or it was not understood
