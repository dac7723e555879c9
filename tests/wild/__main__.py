"""Breaks real gears and counts what is reported: `python -m tests.wild DIRECTORY`.

DIRECTORY holds checked-out repositories of gears. Each gear is broken in five ways, one at a time,
in a copy; a break is reported if a finding about starting (GL3xx, GL4xx) is there that was not.
"""

import argparse
import json
import os
import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.wild import gears
from tests.wild.breaks import WAYS
from tests.wild.runs import Break, Row, rows_of


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.wild", description=__doc__)
    parser.add_argument("directory", type=Path, help="of checked-out repositories")
    parser.add_argument("--all", action="store_true", help="all gears, not one a repository")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there")
    parser.add_argument("-v", "--verbose", action="store_true", help="name the gears, show errors")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    arguments = parser.parse_args()
    if not arguments.directory.is_dir():
        print(f"{arguments.directory}: no such directory", file=sys.stderr)
        return 2
    repositories = gears.repositories(arguments.directory)
    of = partial(rows_of, is_all=arguments.all)
    if arguments.jobs == 1:
        found = list(map(of, repositories))
    else:
        with ProcessPoolExecutor(arguments.jobs) as pool:
            found = list(pool.map(of, repositories))
    rows = [row for each in found for row in each]
    without = [path.name for path, each in zip(repositories, found, strict=True) if not each]
    report(rows, is_verbose=arguments.verbose)
    if without:
        print(f"\n{len(without)} repositories without a gear that has a Dockerfile beside it")
        print(f"    {' '.join(without)}" if arguments.verbose else "", end="\n")
    if arguments.json:
        arguments.json.write_text(json.dumps([as_json(row) for row in rows], indent=1) + "\n")
    return 0


def as_json(row: Row) -> dict[str, object]:
    """A row for programs."""
    return {
        "gear": row.gear,
        "crash": row.crash,
        "findings": [found._asdict() for found in row.findings],
        "breaks": [one._asdict() | {"why": one.why and one.why._asdict()} for one in row.breaks],
    }


def report(rows: list[Row], *, is_verbose: bool) -> None:
    """Print what came of all gears."""
    print(f"{len(rows)} gears")
    for way in WAYS:
        _report_way(way, [(r.gear, b) for r in rows for b in r.breaks if b.way == way], is_verbose)
    _report_causes(rows)
    _report_behind(rows, is_verbose)
    wrong = [row for row in rows if row.errors]
    print(f"\n{len(wrong)} gears have errors as they are")
    for row in wrong if is_verbose else ():
        for error in row.errors:
            print(f"    {row.gear}: {error.path}: {error.code} {error.message}")
    crashes = [(row.gear, row.crash) for row in rows if row.crash]
    for row in rows:
        crashes += [
            (f"{row.gear} ({one.way})", one.why.text if one.why else "")
            for one in row.breaks
            if one.state == "crash"
        ]
    print(f"\n{len(crashes)} crashes")
    for gear, text in crashes:
        print(f"    {gear}: {text}")


def _report_causes(rows: list[Row]) -> None:
    """The causes of all ways together, each once a gear."""
    causes = Counter(
        kind for row in rows for kind in {one.why.kind for one in row.breaks if one.why}
    )
    silent = sum(any(one.state == "silent" for one in row.breaks) for row in rows)
    print(f"\n{silent} gears with a silent break; causes, each once a gear:")
    for kind, count in sorted(causes.items(), key=lambda item: (-item[1], item[0])):
        print(f"  {count:4} {kind}")


def _report_behind(rows: list[Row], is_verbose: bool) -> None:
    """What stands behind an unknown base, each gear once."""
    behind: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        whys = [one.why for one in row.breaks if one.why and one.why.kind.startswith("FROM ")]
        if whys:
            behind[next((why.behind for why in whys if why.behind), "")].append(row.gear)
    print(f"\n{sum(map(len, behind.values()))} gears have an unknown base; what else is unknown:")
    for kind, of in sorted(behind.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"  {len(of):4} {kind or 'nothing that is known of'}")
        print(f"           {' '.join(of)}\n" if is_verbose else "", end="")


def _report_way(way: str, found: list[tuple[str, Break]], is_verbose: bool) -> None:
    states: dict[str, list[str]] = defaultdict(list)
    codes: dict[str, list[str]] = defaultdict(list)
    causes: dict[str, list[str]] = defaultdict(list)
    for gear, one in found:
        states[one.state].append(gear)
        if one.codes:
            codes[" ".join(one.codes)].append(gear)
        if one.state == "silent" and one.why:
            text = one.why.text if len(one.why.text) < 100 else f"{one.why.text[:97]}..."
            causes[one.why.kind].append(f"{gear}: {text}" if is_verbose else gear)
    reported = len(states["reported"])
    applicable = len(found) - len(states["broken before"])
    share = f" ({100 * reported / applicable:.0f} %)" if applicable else ""
    print(f"\n{way}: {reported} / {applicable}{share} reported", end="")
    shown = sorted(codes.items(), key=lambda item: -len(item[1]))
    print("".join(f"; {len(gears_of)} {code}" for code, gears_of in shown))
    if states["broken before"]:
        print(
            f"  {len(states['broken before'])} more did not start before, as was reported", end=""
        )
        print(f": {' '.join(states['broken before'])}" if is_verbose else "")
    for kind, of in sorted(causes.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"  {len(of):4} {kind}")
        for line in of if is_verbose else ():
            print(f"           {line}")


if __name__ == "__main__":
    sys.exit(main())
