"""Looks up a base image in the table `images.txt`, which says what its columns are."""

import os.path
from functools import lru_cache

from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.bases import DEFAULT_PATH, PROGRAMS, Base, Value
from gearlint.syntax import image_reference

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Any

TABLE = f"{os.path.dirname(__file__)}/images.txt"  # pathlib costs as much as the whole table

_MIRRORS = (
    "docker.io/library/", "docker.io/", "index.docker.io/library/", "index.docker.io/",
    "registry-1.docker.io/library/", "registry-1.docker.io/", "registry.hub.docker.com/library/",
    "registry.hub.docker.com/", "public.ecr.aws/docker/library/", "mirror.gcr.io/library/",
    "mirror.gcr.io/", "library/",
)  # fmt: skip
"""What may be before the name of an image of Docker Hub."""

_ANY = "unknown"  # a family

TOP_LEVEL = frozenset((
    ".dockerenv", "NGC-DL-CONTAINER-LICENSE", "afs", "anaconda-post.log", "bin",
    "bin.usr-is-merged", "boot", "dev", "etc", "home", "lib", "lib.usr-is-merged", "lib32", "lib64",
    "libx32", "local", "lost+found", "media", "mnt", "opt", "proc", "root", "run", "sbin",
    "sbin.usr-is-merged", "selinux", "srv", "sys", "tmp", "usr", "var",
))  # fmt: skip
"""What `/` may have in an image that is no more than its distribution."""
DIRECTORIES = (
    "/etc", "/home", "/mnt", "/opt", "/root", "/srv", "/tmp", "/usr/bin", "/usr/lib",  # noqa: S108
    "/usr/local/bin", "/usr/sbin", "/var",
)  # fmt: skip
"""What every distribution has, but for busybox."""


@lru_cache(maxsize=64)
def base_named(reference: str) -> Base | None:
    """What is certain of the image that a FROM names, `None` if nothing is."""
    image = image_reference.parse(reference)
    if image.fault:
        return None
    name = _canonical(reference[: image.repository.end])
    lines = _lines_of(name)
    if not lines:
        return None
    if image.tag is None and image.digest is not None:
        return Base(name, has_entrypoint=None, workdir=UNKNOWN, user=UNKNOWN, path=UNKNOWN,
                    shell=UNKNOWN, source=_fields(lines[0])["source"])  # fmt: skip
    tag = image.tag.text if image.tag else "latest"
    for line in lines:
        tags = line.split()[0][len(name) + 1 :]
        if not tags or any(_fits(tag, glob) for glob in tags.split("|")):
            return _base(name, line)
    return None


def _fits(tag: str, glob: str) -> bool:
    """Whether a tag matches a glob with `*` and `[3-9]`.

    Tags are short and few are tried: importing fnmatch, and compiling, would take longer.
    """
    if not all(word in tag for word in glob.split("*") if "[" not in word):
        return False
    if glob in ("", "*"):
        return bool(glob) or not tag
    if glob[0] == "*":
        return any(_fits(tag[at:], glob[1:]) for at in range(len(tag) + 1))
    one, rest = glob[0], glob[1:]
    if one == "[":
        one, _, rest = rest.partition("]")
    is_one = one[0] <= tag[:1] <= one[2] if one[1:2] == "-" else tag[:1] in tuple(one)
    return is_one and _fits(tag[1:], rest)


def _canonical(name: str) -> str:
    """The name that an image has in the table: without a registry that is Docker Hub."""
    for mirror in _MIRRORS:
        if name.startswith(mirror):
            return name[len(mirror) :]
    return name


@lru_cache(maxsize=1)
def _text() -> str:
    with open(TABLE, encoding="utf-8") as table:
        return "\n" + table.read()


def _lines_of(name: str) -> list[str]:
    """The lines of the table that begin with a name, in their order."""
    rests = (piece.partition("\n")[0] for piece in _text().split(f"\n{name}")[1:])
    return [f"{name}{rest}" for rest in rests if rest.startswith((":", " "))]


def _fields(line: str) -> dict[str, str]:
    return dict(field.split("=", 1) for field in line.split() if "=" in field)


def _base(name: str, line: str) -> Base:
    _, family, kind, *_ = line.split()
    fields = _fields(line)
    of_family = {} if family == _ANY else _fields(_lines_of(f"@{family}")[0])
    is_plain = kind == "plain" and bool(of_family.get("sh"))
    environment, sets_no_more = _environment(fields.get("env", ""))
    path = fields.get("path", DEFAULT_PATH).replace("$PATH", DEFAULT_PATH)
    shell = fields.get("shell", "/bin/sh,-c")
    sh: Any = of_family.get("sh", "")
    entrypoint = fields.get("entrypoint", "")
    return Base(
        name,
        "" if family == _ANY else family,
        sh,
        _programs(fields, of_family, is_plain=kind == "plain"),
        None if entrypoint == "unknown" else bool(entrypoint),
        entrypoint if entrypoint.startswith("/") else "",
        _known(fields.get("workdir", "/")),
        _known(fields.get("user", "root")),
        _known(path),
        UNKNOWN if shell == "?" else tuple(shell.split(",")),
        environment,
        sets_no_more,
        (*(DIRECTORIES if is_plain and family != "busybox" else ()), *_names(fields, "dirs")),
        TOP_LEVEL if is_plain else None,
        fields.get("pip") == "refused",
        fields["source"],
    )


def _known(text: str) -> str | Unknown:
    return UNKNOWN if text == "?" else text


def _programs(
    fields: dict[str, str], of_family: dict[str, str], *, is_plain: bool
) -> dict[str, bool]:
    """Whether each program is there; an `app` may have more than is said."""
    has, lacks, unknown = (set(_names(fields, key)) for key in ("has", "lacks", "unknown"))
    answers = dict.fromkeys(PROGRAMS, False) if is_plain and of_family else {}
    for program in set(_names(of_family, "unknown")) | unknown:
        answers.pop(program, None)
    answers.update(dict.fromkeys(set(_names(of_family, "has")) - unknown, True))
    return {**answers, **dict.fromkeys(has, True), **dict.fromkeys(lacks, False)}


def _names(fields: dict[str, str], key: str) -> list[str]:
    return [name for name in fields.get(key, "").split(",") if name]


def _environment(text: str) -> tuple[dict[str, Value], bool]:
    """The variables that an image sets, and whether those are all."""
    pieces = [piece for piece in text.split(";") if piece]
    variables: dict[str, Value] = {}
    for piece in pieces:
        name, equals, value = piece.partition("=")
        if equals:
            variables[name] = _known(value)
    return variables, "complete" in pieces
