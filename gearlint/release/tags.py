"""The names of git tags, and the versions in them: which tags are the releases of which gear."""

import re
from collections.abc import Collection, Iterable

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.syntax.version import GearVersion, is_release
from gearlint.syntax.version_order import sorts_above

_VERSION = regex(r"[0-9][0-9A-Za-z_.+-]*\Z")
_VERSION_WITH_V = regex(r"v?[0-9][0-9A-Za-z_.+-]*\Z")


class TagForm(NamedTuple):
    """How the tags of a gear are written: `before`, a version, `after`.

    With `has_gear_part_only`, that is the gear's own part of the version. With `has_v`, the gear's
    versions start with `v`, so a `v` in a tag belongs to the version.
    """

    before: str = ""
    after: str = ""
    has_gear_part_only: bool = False
    has_v: bool = False

    def text_of(self, version: GearVersion) -> str:
        """What of a version is in a tag."""
        has_software = version.software_part is not None
        return version.gear_part if self.has_gear_part_only and has_software else version.text

    def tag(self, version: GearVersion) -> str:
        """The tag of a version."""
        return f"{self.before}{self.text_of(version)}{self.after}"

    def with_v_of(self, tag: str) -> "TagForm":
        """This form, with a `v` before the version if a tag of it has one."""
        has_own = tag.startswith(f"{self.before}v") and not self.has_v
        return self._replace(before=f"{self.before}v") if has_own else self

    def version_in(self, tag: str) -> str | None:
        """The version that a tag has in it, `None` if it is not of this form.

        A `v` before the version may be there or not: authors come to leave it out, or to add it.
        """
        before = self.before.removesuffix("v")
        if not (tag.startswith(before) and tag.endswith(self.after)):
            return None
        text = tag.removeprefix(before).removesuffix(self.after)
        if not self.has_v:
            text = text.removeprefix("v")
        match = _VERSION_WITH_V.match(text) if self.has_v else _VERSION.match(text)
        return text if match else None


def form_of_setting(template: str, name: str, version: GearVersion | None) -> TagForm:
    """The form that `tag-format` asks for: `v{version}`, `{name}/{gear}`."""
    part = "{gear}" if "{gear}" in template else "{version}"
    before, _, after = template.replace("{name}", name[: limits.TAG_NAME_CHARACTERS]).partition(
        part
    )
    return TagForm(before, after, part == "{gear}", begins_with_v(version))


class Naming:
    """Which tags of a repository are whose: by the gear's name, and those of the other gears.

    Tags without a name in them belong to a gear that `is_alone`. `has_v` as in `TagForm`.
    """

    def __init__(
        self, name: str, others: Collection[str] = (), is_alone: bool = True, has_v: bool = False
    ) -> None:
        self.name = name
        self.is_alone = is_alone
        self.has_v = has_v
        self._names = {name, *others} - {""}
        self._longest = max(map(len, (name, *others)))

    def form_of(self, tag: str) -> TagForm | None:
        """The form of a tag that is a release of the gear, `None` of any other."""
        owner, form = self._read(tag) if self._may_be_own(tag) else ("", None)
        return form if owner in (self.name, "") else None

    def _may_be_own(self, tag: str) -> bool:
        """False of most tags of other gears, without a closer look."""
        return self.is_alone or tag.startswith(self.name)

    def form_in_use(self, tags: Iterable[str]) -> TagForm:
        """The form that the gear's next tag follows; `tags` are all of them, newest first.

        That of its own newest one; else that of the other gears' newest; else `{version}`, or
        `{name}/{version}` beside others.
        """
        followed: TagForm | None = None
        for tag in tags:
            if followed is not None and not self._may_be_own(tag):
                continue
            owner, form = self._read(tag)
            if form is not None and owner in (self.name, ""):
                return form
            if form is not None and followed is None:
                followed = form._replace(before=self.name + form.before[len(owner) :])
        return followed or TagForm("" if self.is_alone else f"{self.name}/", has_v=self.has_v)

    def _read(self, tag: str) -> tuple[str, TagForm | None]:
        """The name that leads a tag, the longest that does, or none; and the form after it."""
        for end in range(min(self._longest, len(tag) - 2), 0, -1):
            if tag[end] in "/-@" and tag[:end] in self._names:
                form = TagForm(tag[: end + 1], has_v=self.has_v)
                if form.version_in(tag) is not None:
                    return tag[:end], form.with_v_of(tag)
        form = TagForm(has_v=self.has_v)
        is_own = self.is_alone and form.version_in(tag) is not None
        return "", form.with_v_of(tag) if is_own else None


def begins_with_v(version: GearVersion | None) -> bool:
    """Whether a version begins with a `v` of its own."""
    return version is not None and re.match(r"v[0-9]", version.text) is not None


def newest_release(versions: Iterable[str]) -> str | None:
    """The newest of some versions by Flywheel's order, but for pre-releases."""
    newest: str | None = None
    for version in versions:
        if is_release(version) and (newest is None or sorts_above(version, newest)):
            newest = version
    return newest
