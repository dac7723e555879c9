"""What the page of `--output-format html` shows of gears beside their findings."""

from argparse import Namespace

from gearlint.cli.check_options import overrides_of
from gearlint.core.errors import GearlintError
from gearlint.core.source import read
from gearlint.engine.gears import SettingsFinder, gear_of, root_of
from gearlint.gear.gear import Gear
from gearlint.gear.manifest import Manifest
from gearlint.release.history import releases_of
from gearlint.report.summary import GearFacts, Report


def with_facts(report: Report, arguments: Namespace) -> Report:
    """The report with the facts of each gear that can be read."""
    facts, settings_of = {}, SettingsFinder(overrides_of(arguments))
    for each in report.gears:
        try:
            manifest = Manifest(read(each.path, root_of(each.path)))
            facts[each.path] = _facts(gear_of(manifest, settings_of(each.path)))
        except GearlintError:  # it was reported already
            continue
    return report._replace(facts=facts)


def _facts(gear: Gear) -> GearFacts:
    image = gear.image_reference
    return GearFacts(
        name=gear.manifest.string("name") or "",
        label=gear.manifest.string("label") or "",
        version=gear.manifest.string("version") or "",
        image=image.text if image is not None else "",
        last_tag=_last_tag(gear),
    )


def _last_tag(gear: Gear) -> str:
    """The name of the newest release tag; empty where there is none, or it is not known."""
    try:
        releases = releases_of(gear)
        if releases is None or releases.repository.is_shallow:
            return ""
        tag = releases.newest_tag
    except GearlintError:
        return ""
    return tag.name if tag is not None else ""
