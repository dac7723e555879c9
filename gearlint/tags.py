"""The names of git tags, and the versions in them: which tags are the releases of which gear."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gearlint.version import GearVersion, is_release, sorts_above

_VERSION = re.compile(r"[0-9][0-9A-Za-z_.+-]*\Z")
_VERSION_WITH_V = re.compile(r"v?[0-9][0-9A-Za-z_.+-]*\Z")


class TagForm(NamedTuple):
    """How the tags of a gear are written: `before`, a version, `after`.

    `of_gear` is whether that is the gear's own part alone. `has_v` is whether the versions of the
    gear begin with a `v` themselves, which is then none of the form's.
    """

    before: str = ""
    after: str = ""
    of_gear: bool = False
    has_v: bool = False

    def text_of(self, version: GearVersion) -> str:
        """What of a version is in a tag."""
        return version.gear if self.of_gear else version.text

    def tag(self, version: GearVersion) -> str:
        """The tag of a version."""
        return f"{self.before}{self.text_of(version)}{self.after}"

    def version_in(self, tag: str) -> str | None:
        """The version that a tag has in it, `None` if it is not of this form."""
        if len(tag) <= len(self.before) + len(self.after):
            return None
        if not (tag.startswith(self.before) and tag.endswith(self.after)):
            return None
        text = tag[len(self.before) : len(tag) - len(self.after)]
        return text if (_VERSION_WITH_V if self.has_v else _VERSION).match(text) else None


def form_of_setting(template: str, name: str, version: GearVersion | None) -> TagForm:
    """The form that `tag-format` asks for: `v{version}`, `{name}/{gear}`."""
    part = "{gear}" if "{gear}" in template else "{version}"
    before, _, after = template.replace("{name}", name).partition(part)
    return TagForm(before, after, part == "{gear}", _begins_with_v(version))


def form_in_use(
    tags: Iterable[str],
    name: str,
    version: GearVersion | None,
    others: Sequence[str] = (),
    *,
    is_alone: bool = True,
) -> TagForm:
    """The form of the newest tag that is a release of the gear called `name`.

    `tags` are those of the repository, newest first; `others` the names of the other gears in it.
    Tags without a name in them belong to a gear that `is_alone`. Without a tag of its own a gear
    follows the form of the others, else it gets `{version}`, or `{name}/{version}` beside others.
    """
    has_v = _begins_with_v(version)
    followed: TagForm | None = None
    for tag in tags:
        for owner, form in _readings(tag, [name, *others], has_v, is_alone=is_alone):
            if owner in (name, ""):
                return form
            followed = followed or form._replace(before=name + form.before[len(owner) :])
    return followed or TagForm("" if is_alone else f"{name}/", has_v=has_v)


def _readings(
    tag: str, names: Sequence[str], has_v: bool, *, is_alone: bool
) -> Iterator[tuple[str, TagForm]]:
    """The gear whose name leads a tag (the longest that does), or nobody; and the form of that."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        for separator in ("/", "-", "@"):
            for v in ("",) if has_v else ("", "v"):
                form = TagForm(f"{name}{separator}{v}", has_v=has_v)
                if form.version_in(tag) is not None:
                    yield name, form
                    return
    for v in ("",) if has_v else ("", "v"):
        form = TagForm(v, has_v=has_v)
        if is_alone and form.version_in(tag) is not None:
            yield "", form


def _begins_with_v(version: GearVersion | None) -> bool:
    return version is not None and re.match(r"v[0-9]", version.text) is not None


def newest_release(versions: Iterable[str]) -> str | None:
    """The newest of some versions by Flywheel's order; pre-releases are none."""
    newest: str | None = None
    for version in versions:
        if is_release(version) and (newest is None or sorts_above(version, newest)):
            newest = version
    return newest
