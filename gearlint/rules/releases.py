"""GL601-GL605: the version and the tags of the releases. Those that run git are off by default."""

import os
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Edit, Fix, Problem, Severity
from gearlint.core.source import shown_path
from gearlint.core.text import listed, named, quoted
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule
from gearlint.syntax.version import GearVersion, is_release, raised

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.gear.bump_files import BumpFile
    from gearlint.release.history import Releases

_TEXTS = (".md", ".rst")
"""Files for people to read, which are named after those that run."""


def _known(gear: Gear) -> "tuple[Releases, GearVersion] | None":
    """The releases of the gear and its version, `None` where there is nothing to say of them.

    Raises GearlintError where git fails, or the clone is too shallow to know.
    """
    from gearlint.release.history import releases_of

    releases = releases_of(gear)
    if releases is None or gear.version is None:
        return None
    releases.confirm_known()
    return releases, releases.version or gear.version


def _bump(releases: "Releases", *options: str) -> str:
    """The command that raises the version of a gear: without a tag on a branch but the main one."""
    from gearlint.release.next_version import command_for

    untagged = [] if releases.repository.is_on_default_branch else ["--no-tag"]
    return command_for("bump", releases.gear, *options, *untagged)


def _above(releases: "Releases", version: GearVersion) -> str:
    """A version above the newest release, `VERSION` where what comes next is not clear."""
    from gearlint.syntax.version_order import sorts_above

    newest = version._replace(text=releases.newest or "")
    if newest.software_part is None:  # the tag has the gear's part alone
        newest = version.with_parts(gear=releases.newest)
    part = raised(newest.gear_part, "patch")
    for start in (version, newest):
        found = start.with_parts(gear=part)
        text = releases.form.text_of(found)
        if part is not None and sorts_above(text, releases.newest or ""):
            return found.text
    return "VERSION"


@rule("GL601", "released-version-changed", Severity.ERROR, default=False)
def released_version_changed(gear: Gear) -> Iterator[Problem]:
    """The version has a tag already, and the gear has changed since.

    A site and the exchange refuse a version that they have: whatever changes, the version has to
    move. What the image holds counts: the manifest, the Dockerfile and what COPY and ADD take, or
    the setting `gears` names, less what `.dockerignore` and the setting `unversioned` leave out;
    without a Dockerfile the gear's directory. `gearlint version --verbose` lists it, and `gearlint
    bump` makes the next version. In the example there is a tag 1.0.0_2.0.0, and run.py has changed
    since. Source: gear specification.

    Bad:

        "version": "1.0.0_2.0.0"

    Good:

        "version": "1.0.0_2.0.1",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.1"}}
    """
    known = _known(gear)
    if known is None:
        return
    releases, version = known
    tag = releases.tag_of(version)
    changed = releases.changed_since(tag) if tag else []
    if tag and changed:
        changed = sorted(changed, key=lambda path: path.endswith(_TEXTS))
        verb = "has" if len(changed) == 1 else "have"
        yield gear.at.value(
            ("version",),
            f"version {quoted(version.text)} is released, as tag {quoted(tag.name)}, but "
            f"{named(changed)} {verb} changed since",
            f"raise the version: {_bump(releases, '--gear')}",
        )


@rule("GL602", "version-not-increased", Severity.ERROR, default=False)
def version_not_increased(gear: Gear) -> Iterator[Problem]:
    """The version is not released yet, and sorts below the newest release.

    The exchange and the `flywheel-cli` upgrade command sort versions by their own order, part by
    part where that fails, and would never offer it. Tags of pre-releases are ignored, and those of
    commits that HEAD does not have in its history. In the example there is a tag 1.0.0_2.1.0.
    Source: the version code of `flywheel-cli` 18.5.1.

    Bad:

        "version": "1.0.0_2.0.0"

    Good:

        "version": "1.0.0_2.2.0",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.2.0"}}
    """
    known = _known(gear)
    if known is None:
        return
    releases, version = known
    newest = releases.newest_tag
    if newest is None or releases.newest is None or releases.tag_of(version) is not None:
        return
    from gearlint.syntax.version_order import sorts_above

    if not sorts_above(releases.form.text_of(version), releases.newest):
        yield gear.at.value(
            ("version",),
            f"version {quoted(version.text)} does not sort above the newest release, tag "
            f"{quoted(newest.name)}",
            f"raise the version: {_bump(releases, '--to', _above(releases, version))}",
        )


@rule("GL603", "tag-version-mismatch", Severity.ERROR, default=False)
def tag_version_mismatch(gear: Gear) -> Iterator[Problem]:
    """The commit that is checked out has a release tag of another version.

    What is then built and uploaded from the tag is not the version that the tag says. Each release
    tag of the commit counts, but not `v1` beside `1.2.3`. In the example the tag 1.0.0_2.1.0 is
    checked out. Source: seen in public gears.

    Bad:

        "version": "1.0.0_2.0.0"

    Good:

        "version": "1.0.0_2.1.0",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.1.0"}}
    """
    known = _known(gear)
    if known is None:
        return
    releases, version = known
    own = releases.form.text_of(version)
    # `v1` and `1.2` beside `1.2.3` are moved from release to release.
    here = [
        text
        for text in releases.released_at_head()
        if text != own and not own.startswith(f"{text}.")
    ]
    if here:
        tags = listed([quoted(releases.tags[text].name) for text in here])
        noun = "the tag" if len(here) == 1 else "the tags"
        yield gear.at.value(
            ("version",),
            f"version {quoted(version.text)} differs from that of {noun} here, {tags}",
            "set the version to that of the tag, or tag the commit that has this version",
        )


@rule("GL604", "changelog-missing", Severity.WARNING, default=False)
def changelog_missing(gear: Gear) -> Iterator[Problem]:
    """The CHANGELOG does not name the version.

    People read there what an upgrade brings. The gear's own part of the version is enough. It is
    looked for beside the manifest, then above it where no other gear is below that, or where the
    setting `changelog` says. The notes of a pre-release may be under "Unreleased". Source: the
    convention of changelogs.

    Bad CHANGELOG.md:

        ## [1.9.0] - 2026-01-31

        - Reads compressed images.

    Good CHANGELOG.md:

        ## [2.0.0] - 2026-02-28

        - Writes the mask as well.

        ## [1.9.0] - 2026-01-31

        - Reads compressed images.
    """
    from gearlint.release.changelogs import changelog_of

    changelog, version = changelog_of(gear), gear.version
    if changelog is None or version is None or changelog.source.text is None:
        return
    if any(map(changelog.names, (version.text, version.gear_part))):
        return
    if is_release(version.text) or changelog.unreleased_notes() is None:
        name = os.path.basename(changelog.source.path)
        message = f"version {quoted(version.text)} is not in {name}"
        yield gear.at.value(("version",), message, "add a heading for it, and what it brings")


@rule("GL605", "version-elsewhere", Severity.ERROR, fix="safe")
def version_elsewhere(gear: Gear) -> Iterator[Problem]:
    """A file under `bump.files` in the settings has another version than the manifest.

    `gearlint bump` changes both, and refuses to where they differ. A text with `{date}` is not
    compared. Source: the settings of the gear.

    Bad pyproject.toml:

        [project]
        version = "1.9.0"

        [[tool.gearlint.bump.files]]
        path = "pyproject.toml"
        key = "project.version"
        value = "{gear}"

    Good pyproject.toml:

        [project]
        version = "2.0.0"

        [[tool.gearlint.bump.files]]
        path = "pyproject.toml"
        key = "project.version"
        value = "{gear}"
    """
    if not gear.options.bump_files or gear.version is None:
        return
    from gearlint.release.order import version_of

    version = version_of(gear)
    if version is not None:
        left = Budget(limits.BUMP_CHECKED_BYTES)
        for file in gear.options.bump_files:
            yield from _elsewhere(gear, version, file, left)


def _elsewhere(
    gear: Gear, version: GearVersion, file: "BumpFile", left: Budget
) -> Iterator[Problem]:
    from gearlint.gear.bump_files import difference, formatted, is_compared

    if not is_compared(file, version):
        return
    name = gear.manifest.string("name") or ""
    try:
        path = formatted(file.path, version, name, "")
        source = gear.disk.read(shown_path(path), gear.root)
        if source.too_large or not left.spend(len(source.data)):
            return
        found = difference(file, source.data, version, name)
    except GearlintError:  # of which bump says more
        return
    if found is None:
        return
    fix = None
    if found.new is not None:
        fix = Fix(source, (Edit(*found.span, found.new.encode()),), is_safe=True)
    yield Problem(
        source,
        found.span,
        f"{found.message} of version {quoted(version.text)}",
        "set it to the version of the manifest",
        fix=fix,
    )
