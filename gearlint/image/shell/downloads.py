"""What the commands that fetch and unpack write: only what they name.

Each takes the step and the call, and says whether it understood the call.
"""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence

from gearlint.core.lazy import regex
from gearlint.image.nodes import Directory, File
from gearlint.image.shell.operands import options, options_in_order
from gearlint.image.shell.step import Invocation, Step

_WGET_VALUED = "aeoitTwQUPXIDABRlO"
_CURL_VALUED = "oHduXAebcxCmrTEwKFYyztQD"
_RECURSIVE = frozenset(("-r", "-m", "-x", "-i", "--recursive", "--mirror", "--input-file"))
_NAMED_ELSEWHERE = frozenset((
    "-E", "--adjust-extension", "--content-disposition", "--trust-server-names",
))  # fmt: skip
"""Options of wget by which the server says what a file is called."""
_NAMED_BY_URL = frozenset(("-O", "--remote-name", "--remote-name-all"))
_MEANS_OTHERS = regex(r"[*?{\[]|#[0-9]")
"""What programs do not agree on in the name of a file, or curl expands: `{a,b}.py`, `#1.py`."""
_MOVED = ("--strip", "--transform", "--one-top-level", "-j")
"""Options with which what is unpacked has other paths than in the archive."""
_ARCHIVE_OF_GITHUB = regex(
    r"https?://(?:www\.)?github\.com/[^/\s]+/([^/\s]+)/archive/(?:refs/(?:tags|heads)/)?"
    r"([^/\s]+?)\.(?:tar\.gz|tgz|zip)\Z"
)
_ARCHIVES_OF_OTHERS = (
    (r"surfer\.nmr\.mgh\.harvard\.edu/pub/dist/freesurfer/[\w.-]+/freesurfer-\w", "freesurfer"),
    (r"fsl\.fmrib\.ox\.ac\.uk/fsldownloads/fsl-[0-9]", "fsl"),
    (r"www\.humanconnectome\.org/storage/app/media/workbench/workbench-\w", "workbench"),
    (r"www\.python\.org/ftp/python/[\w.]+/(Python-[0-9.]+)\.(?:tgz|tar\.xz)\Z", ""),
    (r"github\.com/Kitware/CMake/releases/download/v[\w.]+/(cmake-[\w.-]+?)\.tar\.gz\Z", ""),
    (r"github\.com/ANTsX/ANTs/releases/download/v[\w.]+/(ants-[0-9.]+[0-9])-", ""),
    (r"nodejs\.org/dist/v[0-9.]+/(node-v[0-9.]+-linux-\w+)\.tar\.[gx]z\Z", ""),
)
"""Addresses of archives that have all in one directory, and its name; `""` where it is group 1."""
_TAR_PLAIN = regex(r"-?[zjv]*x[zjvp]*f\Z")
_TAR_ABSOLUTE = regex(r"-?[A-Za-z]*P")
_TAR_EXTRACTS = regex(r"-?[A-WYZa-wyz]{0,20}x[A-Za-z]{0,20}-?\Z")
_WRITTEN_BY_WGET = ("-o", "-a", "--output-file", "--append-output", "--save-cookies")
_WRITTEN_BY_CURL = ("-c", "-D", "--cookie-jar", "--dump-header")
"""Options that name a file which is written beside what is fetched."""


def _write_beside(
    step: Step, call: Invocation, found: Mapping[str, str], names: Sequence[str]
) -> None:
    for name in names:
        if found.get(name, "-") != "-":
            step.write(found[name], certain=call.certain)


def wget(step: Step, call: Invocation) -> bool:
    """`wget [-O FILE] [-P DIRECTORY] URL...`."""
    found, urls = options(call.args, _WGET_VALUED)
    if _RECURSIVE & found.keys():
        return False
    _write_beside(step, call, found, _WRITTEN_BY_WGET)
    output = found.get("-O", found.get("--output-document"))
    directory = found.get("-P", found.get("--directory-prefix", ""))
    if output is None and _NAMED_ELSEWHERE & found.keys():
        step.fill(directory)
    files = _by_url(urls) if output is None else [(output, "".join(urls[:1]))]
    return _save(step, call, files, directory)


def curl(step: Step, call: Invocation) -> bool:
    """`curl [-o FILE | -O] URL...`; without either it goes to the output.

    Which of several outputs is of which URL is not looked at: each may be made, or not.
    """
    given, urls = options_in_order(call.args, _CURL_VALUED)
    found = dict(given)
    if {"-K", "--config"} & found.keys():  # a file that has more options
        return False
    _write_beside(step, call, found, _WRITTEN_BY_CURL)
    urls += [value for name, value in given if name == "--url"]
    outputs = [value for name, value in given if name in ("-o", "--output")]
    by_url = _by_url(urls) if _NAMED_BY_URL & found.keys() else []
    if len(outputs) > 1 or (outputs and by_url):
        call, urls = call._replace(certain=False), []
    files = [(output, "".join(urls[:1])) for output in outputs]
    directory = found.get("--output-dir", "")
    if by_url and {"-J", "--remote-header-name"} & found.keys():
        step.fill(directory)
    return _save(step, call, files + by_url, directory)


def _by_url(urls: Sequence[str]) -> list[tuple[str, str]]:
    """The files that are named by their URLs, each with that."""
    return [(_name_of(url), url) for url in urls]


def _save(step: Step, call: Invocation, files: Sequence[tuple[str, str]], directory: str) -> bool:
    """Write files, each with the URL that it is of; `-` is the output, and an empty URL unknown."""
    for name, url in files:
        if name == "-":
            continue
        step.image.downloads[posixpath.basename(name)] = directory_in(url)
        if not name or _MEANS_OTHERS.search(name):
            step.fill(directory)
        else:
            step.write(posixpath.join(directory, name), certain=call.certain)
    return True


def _name_of(url: str) -> str:
    """The name that a file gets from its URL; with `?` in it, programs do not agree."""
    return posixpath.basename(url.partition("#")[0])


def directory_in(url: str) -> str:
    """The directory that all of an archive is in, by its URL; empty if that is not known.

    GitHub puts what it packs into REPOSITORY-TAG, without the `v` of `v1.0`. Source for the others:
    the templates of neurodocker, which strip that directory, and the projects' own pages.
    """
    found = _ARCHIVE_OF_GITHUB.match(url)
    if found is None:
        _, _, address = url.partition("://")
        matches = ((re.match(known, address), name) for known, name in _ARCHIVES_OF_OTHERS)
        return next((name or match[1] for match, name in matches if match), "")
    tag = found[2][1:] if re.match(r"v[0-9]", found[2]) else found[2]
    return f"{found[1]}-{tag}"


def tar(step: Step, call: Invocation) -> bool:
    """`tar -x [-C DIRECTORY]`, and lists; what makes an archive is not understood."""
    first, *others = call.args or ("",)
    given = [first, *(arg for arg in others if arg.startswith("-"))]
    if not any(arg in ("--extract", "--get") or _TAR_EXTRACTS.match(arg) for arg in given):
        return False
    if any(arg == "--absolute-names" or _TAR_ABSOLUTE.match(arg) for arg in given):
        step.anything()
    directory = _value_of(call, "-C", "--directory", "--cd")
    if not _unpack(step, call):
        step.fill(posixpath.join(directory, _top(step, call)))
    return True


def _top(step: Step, call: Invocation) -> str:
    """The directory that a fetched archive unpacks to, if it is known; else empty."""
    found = [step.image.downloads.get(posixpath.basename(arg), "") for arg in call.args]
    is_moved = any(arg.startswith(_MOVED) for arg in call.args)
    return "" if is_moved else max(found, default="")


def _unpack(step: Step, call: Invocation) -> bool:
    """Unpack an archive of the gear, with the usual options; false if what is in it is unknown."""
    args = list(call.args)
    directory = "."
    if "-C" in args[:-1]:
        at = args.index("-C")
        _, directory = args.pop(at), args.pop(at)
    is_plain = len(args) == 2 and _TAR_PLAIN.match(args[0]) and all(call.complete)
    if not is_plain or not call.certain or not call.must_succeed or not step.image.is_root:
        return False
    target, node = step.absolute(directory), step.find(args[1])
    if not isinstance(node, File) or node.origin is None or target is None:
        return False
    from gearlint.image import archives

    new = archives.unpacked(step.context.bytes_of(node.origin), step.line)
    return (
        isinstance(step.files.find(target), Directory)
        and new is not None
        and step.files.put(target, new, step.line, through=True)
    )


def unzip(step: Step, call: Invocation) -> bool:
    """`unzip FILE [-d DIRECTORY]`."""
    if not any(re.match(r"-[A-Za-z]*[lptvzZ]", arg) for arg in call.args):
        step.fill(posixpath.join(_value_of(call, "-d"), _top(step, call)))
    return True


def git(step: Step, call: Invocation) -> bool:
    """`git clone URL [DIRECTORY]`; any other changes the directory it works in."""
    directory = _value_of(call, "-C")
    words = call.operands
    if "clone" in words:
        at = call.args.index("clone")
        _, operands = options(call.args[at + 1 :], "bjocuS")
        if not operands:
            return False
        url, *rest = operands
        name = posixpath.basename(url.rstrip("/")).removesuffix(".git").rpartition(":")[2]
        step.fill(posixpath.join(directory, rest[0] if rest else name))
    elif "config" not in words and words[:1] != ["lfs"]:
        step.fill(directory)
    return True


def gpg(step: Step, call: Invocation) -> bool:
    """`gpg [-o FILE] [FILE]`; without `-o` what `--dearmor` makes of a file is beside it."""
    found, operands = options(call.args, "oru")
    _write_beside(step, call, found, ("-o", "--output"))
    step.doubt(f"{operand}.gpg" for operand in operands if "--dearmor" in found)
    return True


def _value_of(call: Invocation, *names: str) -> str:
    """The value of an option, in its own word or after `=`; empty without it."""
    for arg, following in call.followed:
        if arg in names:
            return following
        for name in names:
            if name.startswith("--") and arg.startswith(f"{name}="):
                return arg[len(name) + 1 :]
            if not name.startswith("--") and re.match(rf"{name}[^-\s]", arg) and "/" in arg:
                return arg[len(name) :]
    return ""


FETCHERS: Mapping[str, Callable[[Step, Invocation], bool]] = {
    "wget": wget, "curl": curl, "tar": tar, "bsdtar": tar, "unzip": unzip, "git": git, "gpg": gpg,
}  # fmt: skip
"""What each of them does, by its name."""
