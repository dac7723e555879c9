"""Programs that start the program that comes after their own words: `timeout 5m`, `env A=1`."""

import re
from collections.abc import Sequence

from gearlint.core.named_tuple import NamedTuple


class _Wrapper(NamedTuple):
    """How the words of a wrapper go on to the program that it starts.

    `flags` matches an option that is one word, `valued` one that takes the next word too; then come
    `operands` words. `runs` is the subcommand that it needs to be one, and `own_path` is
    whether the program is looked for on another PATH.
    """

    flags: str = ""
    valued: str = ""
    operands: int = 0
    runs: str = ""
    own_path: bool = False


_CONDA = _Wrapper(
    r"-v+|--no-capture-output|--live-stream|--(?:name|prefix)=.*", "-[np]|--name|--prefix",
    runs="run", own_path=True,
)  # fmt: skip
_UV = _Wrapper(
    r"--(?:active|all-extras|exact|frozen|isolated|locked|no-(?:dev|sync|project|config|cache|editable)"
    r"|offline|quiet|verbose)|-[qv]+|--(?:extra|group|no-group|with|python|project|env-file)=.*",
    r"-p|--(?:extra|group|no-group|with|with-requirements|python|project|env-file)",
    runs="run", own_path=True,
)  # fmt: skip
ENTRYPOINT_OF_MICROMAMBA = "/usr/local/bin/_entrypoint.sh"
"""What activates the environment in the images of micromamba, and starts the words after it."""
_WRAPPERS = {
    "_entrypoint.sh": _Wrapper(own_path=True),
    "catchsegv": _Wrapper(),
    "command": _Wrapper(),
    "conda": _CONDA,
    "dumb-init": _Wrapper("-[vc]|--|--verbose|--single-child"),
    "env": _Wrapper("-|-i|--ignore-environment|-u.+|--unset=.*|-[v0]|--", "-u|--unset"),
    "exec": _Wrapper("-[cl]+", "-a"),
    "gosu": _Wrapper(operands=1),
    "ionice": _Wrapper("-[cn].+|-t|--ignore|--class(?:data)?=.*", "-[cn]|--class(?:data)?"),
    "mamba": _CONDA,
    "micromamba": _CONDA,
    "nice": _Wrapper(r"-n.+|--?\d+|--adjustment=.*", "-n|--adjustment"),
    "nohup": _Wrapper("--"),
    "pipenv": _Wrapper(runs="run", own_path=True),
    "poetry": _Wrapper(runs="run", own_path=True),
    "setsid": _Wrapper("-[cfw]+|--ctty|--fork|--wait"),
    "stdbuf": _Wrapper("-[ioe].+|--(?:input|output|error)=.*", "-[ioe]|--(?:input|output|error)"),
    "su-exec": _Wrapper(operands=1),
    "sudo": _Wrapper("-[EHnSi]+|--preserve-env(?:=.*)?|--", "-[ug]", own_path=True),
    "time": _Wrapper(
        "-[apqv]+|-[fo].+|--(?:append|portability|quiet|verbose)|--(?:format|output)=.*",
        "-[fo]|--format|--output",
    ),
    "timeout": _Wrapper(
        "-[fpv]+|-[ks].+|--(?:foreground|preserve-status|verbose)|--(?:kill-after|signal)=.*",
        "-[ks]|--kill-after|--signal", operands=1,
    ),
    "tini": _Wrapper("-[gsvw]+|--", "-[pe]"),
    "unbuffer": _Wrapper("-p"),
    "uv": _UV,
    "xvfb-run": _Wrapper(
        "-[al]+|--auto-(?:servernum|display)|--listen-tcp|-[efnpsw].+|--[a-z-]+=.*",
        "-[efnpsw]|--(?:error|auth)-file|--server-(?:num|args)|--xauth-protocol|--wait",
    ),
}  # fmt: skip
_ASSIGNS = ("env", "sudo")
"""Those that may be given variables before the program."""


class Wrapped(NamedTuple):
    """The program that a wrapper starts: the index of its word, and whether PATH is another."""

    first: int
    own_path: bool


def is_wrapper(name: str, *, by_subcommand: bool = True) -> bool:
    """Whether a program of this name may start another, also by a subcommand (`conda run`)."""
    return name in _WRAPPERS and (by_subcommand or not _WRAPPERS[name].runs)


def wrapped(name: str, words: Sequence[str]) -> Wrapped | None:
    """What a wrapper starts with these words after its name; `None` where that is not clear.

    The index is the number of words where it starts nothing.
    """
    wrapper = _WRAPPERS[name]
    if wrapper.runs and (not words or words[0] != wrapper.runs):
        return None
    at, own_path = int(wrapper.runs != ""), wrapper.own_path
    while at < len(words):
        word = words[at]
        if name in _ASSIGNS and re.match(r"[A-Za-z_]\w*=", word):
            own_path = own_path or word.startswith("PATH=")
        elif re.fullmatch(wrapper.valued, word):
            at += 1
        elif not re.fullmatch(wrapper.flags, word):
            break
        at += 1
    else:
        return Wrapped(len(words), own_path)
    if words[at].startswith("-"):
        return None
    return Wrapped(min(at + wrapper.operands, len(words)), own_path)
