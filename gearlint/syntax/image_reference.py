"""Image references: registry, repository, tag and digest, as Docker reads them."""

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple

_TOO_LONG = "is longer than 255 characters"
_PUNCTUATION = dict.fromkeys(map(ord, "_.-"))
_HOST = regex(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
    r"|\[[0-9a-fA-F:]+\])(?::[0-9]+)?\Z"
)
_COMPONENT = regex(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*\Z")
_DIGEST = regex(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}\Z")


class Part(NamedTuple):
    """A part of a reference: its text, and its character offsets (0-based) in the whole."""

    text: str
    start: int
    end: int


class ImageReference(NamedTuple):
    """`registry/repository:tag@digest`; a part that is not given is `None`.

    `fault` says why the text is not a valid reference, and is empty if it is valid; `fault_at` is
    the part that is not valid.
    """

    text: str
    registry: str | None
    repository: Part
    tag: Part | None
    digest: str | None
    fault: str
    fault_at: Part

    @property
    def name(self) -> str:
        """The last part of the repository: `fmriprep` of `poldracklab/fmriprep`."""
        return self.repository.text.rpartition("/")[2]

    @property
    def has_port(self) -> bool:
        """Whether the registry has a port, or is an IPv6 address: it has a colon in it."""
        return ":" in (self.registry or "")

    @property
    def is_pinned(self) -> bool:
        """Whether there is a digest beside the tag."""
        return self.digest is not None and self.tag is not None and bool(self.tag.text)

    def tagged(self, tag: str) -> str:
        """The text with `tag` as its tag, whether it has one or not."""
        end = (self.tag or self.repository).end
        return f"{self.text[: self.repository.end]}:{tag}{self.text[end:]}"


def is_tag(text: str) -> bool:
    """Whether `text` is a valid tag: 1 to 128 of `[A-Za-z0-9_.-]`, the first not `.` or `-`."""
    letters = text.translate(_PUNCTUATION)
    is_plain = not letters or (letters.isascii() and letters.isalnum())
    return is_plain and 1 <= len(text) <= 128 and text[0] not in ".-"


def parse(text: str) -> ImageReference:
    """Split a reference into its parts. Never raises; `fault` says what is not valid."""
    if len(text) > limits.IMAGE_REFERENCE_CHARACTERS:
        whole = Part(text, 0, len(text))
        return ImageReference(text, None, whole, None, None, _TOO_LONG, whole)
    named, at, after = text.partition("@")
    digest = after if at else None
    first, slash, _ = named.partition("/")
    registry, start = None, 0
    if slash and (first == "localhost" or any(c in first for c in ".:") or first != first.lower()):
        registry, start = first, len(first) + 1
    path, colon, tag_text = named[start:].partition(":")
    repository = Part(path, start, start + len(path))
    tag = Part(tag_text, repository.end + 1, len(named)) if colon else None
    fault, fault_at = _fault(text, registry, repository, tag, digest)
    return ImageReference(text, registry, repository, tag, digest, fault, fault_at)


def _fault(
    text: str, registry: str | None, repository: Part, tag: Part | None, digest: str | None
) -> tuple[str, Part]:
    """Why a reference is not valid (an empty string if it is), and the part that is not."""
    whole = Part(text, 0, len(text))
    if any(char.isspace() for char in text):
        return "has a space in it", whole
    if registry is not None and not _HOST.match(registry):
        at = Part(registry, 0, len(registry))
        return f"has the registry {registry}, which is not a host name", at
    for component in repository.text.split("/"):
        if not _is_component(component):
            return _component_fault(component), repository
    if len(repository.text) + len(registry or "") > 255:
        return _TOO_LONG, repository
    if tag is not None and tag.text and not is_tag(tag.text):
        return f'has the tag "{tag.text}", which is not valid', tag
    if digest is not None and not _DIGEST.match(digest):
        return "has no digest such as sha256:… after the @", whole
    return "", whole


def _is_component(text: str) -> bool:
    """Whether `text` is valid as a part of the path of a repository."""
    # Most are words with hyphens; the expression takes longer to compile than a reference to parse.
    is_plain = text.isascii() and text.islower() and all(map(str.isalnum, text.split("-")))
    return is_plain or _COMPONENT.match(text) is not None


def _component_fault(component: str) -> str:
    """Why a component of a repository is not valid."""
    if not component:
        return "has an empty part in its path"
    if component != component.lower():
        return f'has upper-case letters in "{component}"'
    return f'has "{component}" in its path, which is not valid there'
