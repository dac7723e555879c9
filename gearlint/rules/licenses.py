"""GL106: the license."""

import re
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.finding import Fix, Problem, Severity
from gearlint.core.text import brief, one_of, quoted
from gearlint.gear import schema
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule


@rule("GL106", "unknown-license", Severity.ERROR, fix="safe")
def unknown_license(gear: Gear) -> Iterator[Problem]:
    """The license is not one that Flywheel knows.

    It is an OSI identifier in exact case, `Flywheel MSA` or `Other`. Source: manifest schema of
    `fw-gear` 0.3.7.

    The identifiers are AFL-1.1, AFL-1.2, AFL-2.0, AFL-2.1, AFL-3.0, APL-1.0, Apache-1.1,
    Apache-2.0, APSL-1.0, APSL-1.1, APSL-1.2, APSL-2.0, Artistic-1.0, Artistic-1.0-Perl,
    Artistic-1.0-cl8, Artistic-2.0, AAL, BSL-1.0, BSD-2-Clause, BSD-3-Clause, 0BSD, CECILL-2.1,
    CNRI-Python, CDDL-1.0, CPAL-1.0, CPL-1.0, CATOSL-1.1, CUA-OPL-1.0, EPL-1.0, ECL-1.0,
    ECL-2.0, EFL-1.0, EFL-2.0, Entessa, EUDatagrid, EUPL-1.1, Fair, Flywheel MSA, Frameworx-1.0,
    AGPL-3.0, GPL-2.0, GPL-3.0, LGPL-2.1, LGPL-3.0, LGPL-2.0, HPND, IPL-1.0, Intel, IPA, ISC,
    LPPL-1.3c, LiLiQ-P-1.1, LiLiQ-Rplus-1.1, LiLiQ-R-1.1, LPL-1.02, LPL-1.0, MS-PL, MS-RL,
    MirOS, MIT, Motosoto, MPL-1.0, MPL-1.1, MPL-2.0, MPL-2.0-no-copyleft-exception, Multics,
    NASA-1.3, Naumen, NGPL, Nokia, NPOSL-3.0, NTP, OCLC-2.0, OGTSL, OSL-1.0, OSL-2.0, OSL-2.1,
    OSL-3.0, OSET-PL-2.1, PHP-3.0, PostgreSQL, Python-2.0, QPL-1.0, RPSL-1.0, RPL-1.1, RPL-1.5,
    RSCPL, OFL-1.1, SimPL-2.0, Sleepycat, SISSL, SPL-1.0, Watcom-1.0, UPL-1.0, NCSA, VSL-1.0,
    W3C, Xnet, Zlib, ZPL-2.0 and Other.

    Bad:

        "license": "Apache 2.0"

    Good:

        "license": "Apache-2.0"
    """
    for fault in gear.schema_faults("license"):
        value = gear.manifest.get("license")
        yield gear.at.value(
            fault.path,
            f"license {brief(value)} is not an OSI identifier that Flywheel knows",
            _license_meant(value) if isinstance(value, str) else "",
            fix=_license_written_right(gear),
        )


def _license_meant(value: str) -> str:
    from gearlint.gear.vocabulary import licenses_meant

    meant = licenses_meant(value[: limits.QUOTED_CHARACTERS], schema.words("license"))
    if not meant or meant == ["Other"]:
        return 'write "Other" where no identifier fits'
    return f"did you mean {one_of([quoted(word) for word in meant])}?"


def _license_written_right(gear: Gear) -> Fix | None:
    """Where only case, spaces and punctuation differ from exactly one identifier, that one."""
    value = gear.manifest.string("license")
    if value is None or len(value) > limits.REWRITTEN_CHARACTERS:
        return None
    plain = _without_punctuation(value)
    same = [word for word in schema.words("license") if _without_punctuation(word) == plain]
    if len(same) != 1:
        return None
    from gearlint.gear.edits.manifest import rewritten

    return rewritten(gear.manifest, same[0], ("license",), is_safe=True)


def _without_punctuation(text: str) -> str:
    """`text` in one case, without what separates words; a `+` means something."""
    return re.sub(r"[\s\-_.,:;/()\"']+", "", text.casefold())
