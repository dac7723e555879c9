"""What a Dockerfile says of the version of the software that a gear wraps.

Evidence is a base image's tag, or an ARG or ENV `X_VERSION`, whose name shares a word with the
gear's name: `poldracklab/fmriprep:20.0.7` and `FMRIPREP_VERSION` for the gear `fmriprep-hpc`.
"""

import re
from collections.abc import Iterator, Set

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.image.stages import global_lookup
from gearlint.syntax import image_reference
from gearlint.syntax.dockerfile import Dockerfile, Word
from gearlint.syntax.substitution import expand, unset
from gearlint.syntax.version import is_same, without_flavour

_GENERIC = frozenset(
    (
        "alpine", "app", "apps", "base", "bids", "build", "centos", "cpu", "data", "debian",
        "docker", "fedora", "fly", "flywheel", "gear", "gears", "gpu", "image", "latest", "linux",
        "main", "model", "pipeline", "python", "rocky", "run", "runtime", "sdk", "service",
        "server", "test", "tool", "tools", "ubuntu", "util", "utils", "version",
    )
)  # fmt: skip
"""Words that say nothing of which software is meant."""

_NAMED = regex(r"\w+_VERSION\Z", re.IGNORECASE)
_VERSION = regex(r"v?[0-9]+\.[0-9][0-9A-Za-z.+-]*\Z|[0-9]{8}\Z")


class Evidence(NamedTuple):
    """The version (`20.0.7`), of what (`fmriprep`, `FMRIPREP_VERSION`), and where it stands."""

    version: str
    name: str
    span: Span

    def is_of(self, words: Set[str]) -> bool:
        """Whether its name has one of the words in it."""
        return not words.isdisjoint(words_in(self.name))


def software_version(
    dockerfile: Dockerfile, gear_name: str, own_repository: str = ""
) -> Evidence | None:
    """The evidence that there is; `None` where there is none, or two pieces disagree.

    `own_repository` is that of the gear's own image (`me/my-gear`): an older one, built on, says
    nothing of the software.
    """
    words = words_in(gear_name)
    found = [each for each in all_versions(dockerfile, own_repository) if each.is_of(words)]
    if not found or any(not is_same(found[0].version, other.version) for other in found[1:]):
        return None
    return found[0]


def all_versions(dockerfile: Dockerfile, own_repository: str) -> Iterator[Evidence]:
    """The versions of base images and in ARG or ENV `X_VERSION`, of whatever software.

    But not those of images from `own_repository`.
    """
    lookup = global_lookup(dockerfile)
    for stage in dockerfile.stages:
        text = expand(stage.base.text, lookup, dockerfile.escape)
        image = image_reference.parse(text or "")
        if image.fault or image.tag is None or not _VERSION.match(image.tag.text):
            continue
        if image.repository.text == own_repository:
            continue
        yield Evidence(without_flavour(image.tag.text), image.name, stage.base.span)
    for name, word in named_versions(dockerfile):
        value = expand(word.text, unset, dockerfile.escape) or ""
        if _VERSION.match(value):
            yield Evidence(without_flavour(value), name, word.span)


def named_versions(dockerfile: Dockerfile) -> Iterator[tuple[str, Word]]:
    """The name and the value, as written, of each ARG and ENV `X_VERSION` that has a value."""
    for instruction in dockerfile.meant:
        for pair in instruction.pairs if instruction.name in ("ARG", "ENV") else ():
            if pair.value is not None and _NAMED.match(pair.key.text):
                yield pair.key.text, pair.value


def words_in(name: str) -> set[str]:
    """The words of a name that say of which software it is."""
    name = name[: limits.IMAGE_REFERENCE_CHARACTERS].lower()
    plain = "".join(char if char.isascii() and char.isalnum() else " " for char in name)
    words = set(plain.split())
    return {word for word in words if len(word) > 2 and not word.isdigit()} - _GENERIC
