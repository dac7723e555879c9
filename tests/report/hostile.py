"""A gear whose names and values try to be markup, commands, or code in each format."""

import json
from pathlib import Path

from tests.sound import manifest_text, write_beside

NAME = "<img src=x onerror=alert(1)>"
TEXTS = (
    NAME,
    "::error::x",
    "##[error]y",
    "%0A::error::z",
    "a,b:c",
    "]]></failure>",
    "a|b `c` *d* _e_ [f](http://x.example) @someone",
    "\x1b[31mred\r\n::error::w",
    "ünïcode \U0001f9e0 &amp; \"q\" 'q'",
    "</script><script>alert(1)</script>",
    "{{ 7 * 7 }}",
)


def write_hostile(directory: Path) -> None:
    """Write the gear, with a finding for each text, in a directory with a hostile name."""
    place = directory / "::error file=a,b:c::%25" / "##[debug]<b>|`x` ünï]]>"
    write_beside(place)
    options = ",\n".join(
        f'        {json.dumps(text)}: {{"type": {json.dumps(text)}}}' for text in TEXTS
    )
    members = f'"name": {json.dumps(NAME)},\n"license": {json.dumps(TEXTS[7])},\n"config": {{\n'
    (place / "manifest.json").write_text(manifest_text(members + options + "\n}"), encoding="utf-8")
