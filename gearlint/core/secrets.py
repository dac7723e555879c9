"""What looks like a key or a password, and how it is hidden wherever text is shown."""

import re
from collections.abc import Iterator
from itertools import pairwise

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.core.finding import Fix

SHOWN = 4
"""Characters of a key that may be shown."""
MARGIN = 300
"""Characters around a part of a text that are looked at too, before it is cut out and shown."""

_API_KEY = regex(r":([A-Za-z0-9_-]{14,})(?![A-Za-z0-9_-])")
_HOST_CHARACTERS = 110
_NO_HOST = regex(r"[^A-Za-z0-9.:-]")
_HOST = regex(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_LINE_CHARACTERS = 200
_SAYS_KEY = regex(r"(?i)key|client|login|token")
_SAYS_FAKE = regex(r"(?i)fake|dummy|mock")
_NO_LETTER = regex(r"[^a-z]+")
_PLACEHOLDER = regex(
    r"(?i)your|example|api[_-]?key|secret|placeholder|change[_-]?me|dummy|fake|insert|replace|redact"
)
_NAMED = regex(
    r"(?i)\A(?:.*[_-])?(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key"
    r"|secret[_-]?key|private[_-]?key|auth[_-]?key|credentials?)\Z"
)
_URL_WITH_PASSWORD = regex(r"[a-z][a-z0-9+.-]{0,20}://[^\s/:@]{0,100}:([^\s/@]{1,200})@")
_NO_SECRET = regex(
    r"(?i)[<$%{(\[*]|x+\Z|\.+\Z|/|\./|~|[a-z]:\\|[a-z+]{2,20}://|none\Z|null\Z|true\Z|false\Z"
    r"|[0-9]{1,5}\Z|todo\b|tbd\Z|undefined\Z|string\Z|required\Z|optional\Z"
)
_NAME_ENDS = ("word", "passwd", "phrase", "secret", "token", "key", "credential", "credentials")
"""Of names that hold passwords. Most texts have none: to search for each is faster than a regex."""
_ASSIGNED = regex(
    rf"(?i)(?:{'|'.join(_NAME_ENDS)})"
    r"(?:\"?[ \t]*+[=:][ \t]*+|[ \t]++)(\"(?:[^\"\\\n]|\\.)++|'[^'\n]++|[^\s\"',}]++)"
)
_ENV = regex(r"(?i)\bENV[ \t]+[\w-]*\Z")
"""Before the end of a name in `ENV NAME value`."""
_NO_NAME = regex(r"[^\w-]")
_NAME_CHARACTERS = 80
_ROW = 10
"""Letters that make an example when they are in a row, with digits between them."""


class Key(NamedTuple):
    """A Flywheel API key: its host, and where the key itself is (characters, end excluded)."""

    host: str
    start: int
    end: int


def api_keys(text: str) -> Iterator[Key]:
    """The Flywheel API keys in a text, `HOST:KEY`; no example keys."""
    for match in _API_KEY.finditer(text):
        host = _host_before(text, match.start())
        if not host:
            continue
        before = text[max(0, match.start() - _LINE_CHARACTERS) : match.start()]
        *_, line_before, line = ("\n" + before).split("\n")
        if _SAYS_FAKE.search(line) or _SAYS_FAKE.search(line_before):
            continue
        is_sure = host.endswith(".flywheel.io")
        if not is_sure and not (_SAYS_KEY.search(line) and _is_random(match[1])):
            continue
        if not is_example(match[1]):
            yield Key(host, match.start(1), match.end(1))


def _host_before(text: str, end: int) -> str:
    """The host that ends, with its port, before a place; empty if there is none."""
    parts = _NO_HOST.split(text[max(0, end - _HOST_CHARACTERS) : end])[-1].split(":")
    if len(parts) > 1 and parts[-1].isdecimal():
        parts.pop()
    host = parts[-1]
    is_host = _HOST.fullmatch(host) and ("." in host or host == "localhost")
    return host if is_host else ""


def is_example(key: str) -> bool:
    """Whether a key is a placeholder: words, or characters or letters in a row."""
    if _PLACEHOLDER.search(key) or not re.search(r"[0-9]|[a-z][A-Z]|[A-Z][a-z]", key):
        return True
    letters = _NO_LETTER.sub("", key.lower())
    return len(set(key)) < 5 or _is_row(key) or (len(letters) >= _ROW and _is_row(letters))


def _is_row(text: str) -> bool:
    """Whether nearly each character is the one before or the next; after z comes a."""
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    enough = len(steps) - 2
    return steps.count(0) >= enough or steps.count(1) + steps.count(ord("a") - ord("z")) >= enough


def _is_random(key: str) -> bool:
    return all(re.search(kind, key) for kind in ("[0-9]", "[a-z]", "[A-Z]"))


def is_password(name: str, value: str) -> bool:
    """Whether a variable of this name and value holds a password, token or the like."""
    url = _URL_WITH_PASSWORD.match(value)
    if url is not None:
        return not _NO_SECRET.match(url[1]) and not _PLACEHOLDER.match(url[1])
    if not _NAMED.match(name) or "GPG" in name.upper() or "PUBLIC" in name.upper():
        return False
    if len(value) < SHOWN or _NO_SECRET.match(value) or _PLACEHOLDER.match(value):
        return False
    return " " not in value.strip()


def redacted(text: str) -> str:
    """`text`, of the same length, with each key but its start and each password as `*`."""
    spans = [(key.start(1) + SHOWN, key.end(1)) for key in _shown_keys(text)]
    lower = text.lower()
    if any(end in lower for end in _NAME_ENDS):
        spans += _assigned_passwords(text)
    if "://" in text and "@" in text:
        spans += [match.span(1) for match in _URL_WITH_PASSWORD.finditer(text)]
    pieces, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            pieces += [text[at : max(start, at)], "*" * (end - max(start, at))]
            at = end
    return "".join([*pieces, text[at:]])


def is_written_by(fix: "Fix") -> bool:
    """Whether what a fix writes has a key or a password in it."""
    data = fix.source.data
    for edit in fix.edits:
        start, end = data.rfind(b"\n", 0, edit.start) + 1, edit.end + MARGIN
        pieces = (data[start : edit.start][-MARGIN:], edit.replacement, data[edit.end : end])
        before, text, after = (piece.decode("utf-8", "replace") for piece in pieces)
        hidden = redacted(before + text + after)[len(before) :]
        if not hidden.startswith(text):
            return True
    return False


def _assigned_passwords(text: str) -> Iterator[tuple[int, int]]:
    """Where the passwords are that a text gives to names."""
    for match in _ASSIGNED.finditer(text):
        value = match[1].lstrip("\"'")
        name = re.split(r"[\"\s=:]", match[0], maxsplit=1)[0]
        before = text[max(0, match.start() - _NAME_CHARACTERS) : match.start()]
        is_set = "=" in match[0][: -len(value)] or ":" in match[0][: -len(value)]
        if not is_set and not _ENV.search(before):
            continue
        if is_password(_NO_NAME.split(before)[-1] + name, value):
            yield match.end(1) - len(value), match.end(1)


def _shown_keys(text: str) -> Iterator[re.Match[str]]:
    """What may be a key in a text that is to be shown: more than is certainly one."""
    for match in _API_KEY.finditer(text):
        host = _host_before(text, match.start())
        if host and (re.search("[0-9]", match[1]) or host.endswith(".flywheel.io")):
            yield match
