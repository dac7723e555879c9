"""What a Makefile, a CI file or a build script may do to files, by its text: nothing runs it."""

import re
from collections.abc import Callable

from gearlint.core.lazy import regex

_READS = regex(
    rb"(?:\b(?:"
    rb"(?:pylint|flake8|black|isort|mypy|ruff|bandit|pycodestyle|pydocstyle|shellcheck)\b[^;&|>]*"
    rb"|(?:pytest|cd|ls|cat)(?:[ \t]+-[vqxsla]+|[ \t]+[\w./]+)*"
    rb"|(?:python[0-9.]*|bash|sh)|chmod [+\w]+"
    rb"|(?:bazel|cargo|compose|conda|coverage|docker|gear|go|hatch|mamba|npm|pdm|pipenv|pixi|pnpm"
    rb"|podman|poetry|uv|yarn))[ \t]+"
    rb"|\bpip[0-9.]*[ \t][^;&|>]*[ \t](?:-[rc]|--requirement|--constraint)[ \t=]*[\"']?"
    rb"|(?:\A|\bdeps[ \t]*=)[ \t]*-[rc][ \t]*"
    rb"|\bhashFiles\([^)]*[\"'])[\w./]*\Z"
)
"""What is before the name of a file that is read there and not made, or before a sub-command."""
_READ_BYTES = 100
_BEFORE_NAME = regex(rb"[^\s\"'=,:;|&<>`\[\]]*\Z")
"""The directories that are written before a name."""
_IN_A_WORD = regex(rb"[\w.-]\Z(?<!\s-[oO])(?<!\A-[oO])")
"""What is before a name that goes on to its left; an option may be glued to it."""
_GOES_ON = regex(rb"[\w-]|\.(?!(?:zip|tar|tgz|tbz2?|txz|gz|bz2|xz|7z)\b)\w")
"""What is after a name that goes on to its right; an archive may bring what it is called like."""
_YAML = (".yml", ".yaml")
_COMMENT = regex(rb"(?m)(?:^|(?<=[ \t]))#")
_NO_FILES = regex(
    rb"(?m)^[ \t]*(?:-[ \t]+)?(?:"
    rb"name:[ \t]+[^\s#]+[ \t]+[^\s#].*"
    rb"|(?:cache-dependency-path|container|image|runs-on|stage|uses):[ \t].*"
    rb"|(?:stages|needs|branches):[ \t]*(?:\S.*|(?:\r?\n[ \t]*-[ \t]+[\w./*-]+[ \t]*(?=\r?\n))+))"
)
"""What names no file that is made: titles of more than a word, jobs, images."""
_KEY_OF_YAML = regex(rb"(?m)^[ \t]*(?:-[ \t]+)?[\"']?[\w./-]+[\"']?[ \t]*:(?=\s|\Z)")
_PHONY = regex(rb"(?m)^\.PHONY[ \t]*:(.*)$")
_RULE = regex(rb"(?m)^[^\s#:=][^#:=\n]*:(?!=).*$")
_BUILDERS = {b"docker", b"podman", b"buildah", b"gear"}
"""Programs, and the command of Flywheel's, that build an image by their `build` or `bud`."""
_BRINGERS = {
    b"aws", b"curl", b"datalad", b"dvc", b"gsutil", b"rsync", b"scp", b"tar", b"unzip", b"wget",
}  # fmt: skip
"""Programs that bring files whose names need not be on the command line."""
_MODULES_THAT_BRING = {b"boto3", b"requests", b"shutil", b"tarfile", b"urllib", b"zipfile"}
_BETWEEN_WORDS = regex(rb"[\s\"'\[\](){},;&|]+")
_WORDS_OF_A_COMMAND = 8
"""So many words after the name of a builder its sub-command is looked for, past its options."""


def commands_of(name: str, text: bytes) -> bytes:
    """The text of a build file of a name without what makes no file: comments, keys, titles."""
    text = _without_comments(text)
    if name.endswith(_YAML):
        return _KEY_OF_YAML.sub(b"", _NO_FILES.sub(b"", text))
    if name.endswith(".mk") or name.lower().endswith("makefile"):
        return _without_phony(text)
    return text


def _without_comments(text: bytes) -> bytes:
    """A text without what is behind a `#` that begins a word outside of quotes.

    So it is a comment of YAML, Makefiles, shells and Python, as far as one line shows.
    """
    return b"\n".join(_without_comment(line) for line in text.split(b"\n"))


def _without_comment(line: bytes) -> bytes:
    match = _COMMENT.search(line)
    before = line[: match.start()] if match else line
    return before if before.count(b'"') % 2 == 0 and before.count(b"'") % 2 == 0 else line


def _without_phony(text: bytes) -> bytes:
    """A Makefile whose rules do not name the targets that are no files."""
    phony = {name for match in _PHONY.finditer(text) for name in match[1].split()}
    if not phony:
        return text

    def files_of(rule: re.Match[bytes]) -> bytes:
        words = rule[0].replace(b":", b" : ").split()
        return b" ".join(word for word in words if word not in phony)

    return _RULE.sub(files_of, text)


def may_make(commands: bytes, name: bytes, may_be_in: Callable[[bytes], bool]) -> bool:
    """Whether commands name a file, or a directory on the way to another, and do not only read it.

    `may_be_in` says whether the directories that are written before its name may be its own.
    """
    at = commands.find(name)  # which is faster than a pattern
    while at >= 0:
        before = commands[max(at - _READ_BYTES, 0) : at].rpartition(b"\n")[2]
        directories = _BEFORE_NAME.search(before)
        is_whole = not _IN_A_WORD.search(before) and not _GOES_ON.match(commands, at + len(name))
        if is_whole and directories and may_be_in(directories[0]) and not _READS.search(before):
            return True
        at = commands.find(name, at + 1)
    return False


def brings_files(name: str, script: bytes) -> bool:
    """Whether a script downloads or unpacks files, and then builds an image."""
    if name.endswith(".py"):
        return _python_brings_files(script)
    return name.endswith(".sh") and _shell_brings_files(script)


def _shell_brings_files(script: bytes) -> bool:
    has_brought = False
    for line in _without_comments(script).splitlines():
        words = set(line.split())
        if has_brought and words & _BUILDERS and words & {b"build", b"bud"}:
            return True
        has_brought = has_brought or bool(words & _BRINGERS) or {b"git", b"clone"} <= words
    return False


def _python_brings_files(script: bytes) -> bool:
    """The words of a command may be in a string, or each in one of its own."""
    words = _BETWEEN_WORDS.split(_without_comments(script))
    has_brought = False
    for at, word in enumerate(words):
        if has_brought and word in _BUILDERS:
            following = words[at + 1 : at + 1 + _WORDS_OF_A_COMMAND]
            if not {b"build", b"bud"}.isdisjoint(following):
                return True
        if has_brought and word.endswith(b".images.build"):
            return True
        is_module = b"." in word and word.partition(b".")[0] in _MODULES_THAT_BRING
        is_clone = word == b"clone" and words[at - 1] == b"git"
        has_brought = has_brought or is_module or is_clone or word in _BRINGERS
    return False
