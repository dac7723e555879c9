"""Times gearlint beside other tools, and writes how that compares with what it must reach.

The machine should have nothing else to do.
"""

import platform
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import NamedTuple

from benchmarks import gears
from benchmarks.timing import Time, in_turn, memory
from benchmarks.tools import (
    CHECK_JSONSCHEMA,
    FW_GEAR,
    HADOLINT,
    ROOT,
    MissingError,
    Tools,
    installed,
)
from gearlint.engine.workers import processors

REPORT = ROOT / "BENCHMARKS.md"
ROUNDS = 10
"""Rounds of three runs for what takes milliseconds."""


class Row(NamedTuple):
    """One thing that must be reached: what, the bound in words, the figure, whether it is met."""

    what: str
    bound: str
    measured: str
    met: bool


class Bench:
    """The measurements, on gears in a directory."""

    def __init__(self, tools: Tools, directory: Path) -> None:
        self.tools = tools
        self.directory = directory
        self.rows: list[Row] = []
        self.times: list[tuple[str, str, Time]] = []
        # Timed beside whatever is counted in it: the machine is not as fast all the time.
        self.start = ("python -c pass", "", [*tools.python, "-c", "pass"])

    def time(
        self, reported: list[tuple[str, str, list[str]]], rounds: int = ROUNDS, runs: int = 3
    ) -> list[float]:
        """The least milliseconds of each (tool, on what, command), in turn; they are kept."""
        commands = [command for _, _, command in reported]
        times = in_turn(self.tools.hyperfine, commands, rounds, runs)
        self.times += [
            (tool, what, time) for (tool, what, _), time in zip(reported, times, strict=True)
        ]
        return [time.least for time in times]

    def check(self, *arguments: object) -> list[str]:
        """The command that checks the paths."""
        return [*self.tools.gearlint, "check", *map(str, arguments)]

    def one_gear(self) -> None:
        """The rows on one gear."""
        clean = gears.clean(self.directory / "clean")
        long = gears.with_long_dockerfile(self.directory / "long")
        ten = gears.with_ten_findings(self.directory / "ten")
        schema = ROOT / "schemas" / "manifest.schema.json"
        start, gear, theirs, _, ours, hadolint, findings = self.time(
            [
                self.start,
                ("gearlint", "one clean gear", self.check(clean)),
                (FW_GEAR, "its manifest", [*self.tools.fw_gear, str(clean / "manifest.json")]),
                (
                    CHECK_JSONSCHEMA, "its manifest",
                    [*self.tools.check_jsonschema, "--schemafile", str(schema),
                     str(clean / "manifest.json")],
                ),
                ("gearlint", "one with a long Dockerfile", self.check(long)),
                (HADOLINT, "its Dockerfile", [*self.tools.hadolint, str(long / "Dockerfile")]),
                ("gearlint", "one with ten findings", self.check("--output-format", "full", ten)),
            ]
        )  # fmt: skip
        what = "one clean gear, cold, whole process, from an installed wheel"
        self.at_most(what, "3.5 interpreter starts", gear / start, 3.5)
        self.at_most("the same", "a quarter of fw-gear's validate", gear / theirs, 0.25)
        what = "a gear with a Dockerfile of 35 instructions, shell in its RUNs"
        self.at_most(what, "hadolint's time on the Dockerfile", ours / hadolint, 1)
        what = "one gear with ten findings, full output, cold"
        more = (findings - gear) / start
        self.at_most(what, "5.0 interpreter starts over a clean gear", more, 5)
        self.code()

    def code(self) -> None:
        """The rows on gears with code of their own."""
        clean = self.directory / "clean"
        short = gears.with_short_script(self.directory / "short")
        four = gears.with_four_modules(self.directory / "four")
        several = self.directory / "several"
        for number in range(100):
            gears.with_four_modules(several / f"gear-{number}")
        start, nothing, ten, modules = self.time(
            [
                self.start,
                ("gearlint", "one clean gear", self.check(clean)),
                ("gearlint", "one whose script of ten lines reads options", self.check(short)),
                ("gearlint", "one with 500 lines in four modules", self.check(four)),
            ]
        )
        one, all_of_them = self.time(
            [
                ("gearlint", "one of those", self.check(four)),
                ("gearlint --jobs 1", "100 of them", self.check("--jobs", 1, several)),
            ],
            runs=1,
        )
        what = "a gear whose script of ten lines reads options and inputs, cold"
        self.at_most(what, "3.8 interpreter starts", ten / start, 3.8)
        more = (ten - nothing) / start
        self.at_most("the same", "0.3 interpreter starts over a clean gear", more, 0.3)
        more = (modules - nothing) / start
        what = "a gear with 500 lines in four modules, cold"
        self.at_most(what, "1.5 interpreter starts over a clean gear", more, 1.5)
        warm = (all_of_them - one) / 99
        self.at_most("100 of them, one core", "5 ms a gear", warm, 5, " ms")

    def many_gears(self) -> None:
        """The rows on repositories of gears whose scripts read options and inputs."""
        few, thousand, most = (
            gears.repository(self.directory / str(number), number) for number in (100, 1000, 10_000)
        )
        reported = [
            self.start,
            ("gearlint --jobs 1", "1,000 clean gears", self.check("--jobs", 1, thousand)),
            ("gearlint --jobs 2", "1,000 clean gears", self.check("--jobs", 2, thousand)),
        ]
        start, single, double = self.time(reported, rounds=16, runs=1)
        what = "1,000 clean gears, one core"
        each = single / 1000 / start
        self.at_most(what, "0.105 interpreter starts a gear", each, 0.105, digits=3)
        self.faster("the same with --jobs 2", single / double, 1.7)
        reported = [
            ("gearlint", "one of them", self.check(gears.gear_of(few, 0))),
            ("gearlint --jobs 1", "100 clean gears", self.check("--jobs", 1, few)),
            ("gearlint --jobs 1", "10,000 clean gears", self.check("--jobs", 1, most)),
            ("gearlint --jobs 2", "10,000 clean gears", self.check("--jobs", 2, most)),
        ]
        one, small, large, double = self.time(reported, rounds=4, runs=1)
        self.faster("10,000 clean gears with --jobs 2", large / double, 1.8)
        growth = (large - one) / (10_000 - 1) / ((small - one) / (100 - 1))
        what = "time a gear at 10,000 gears, start-up not counted"
        self.at_most(what, "1.15 times that at 100", growth, 1.15)
        for jobs, what in ((1, "memory at 10,000 gears"), (2, "the largest process of --jobs 2")):
            used = [memory(self.check("--jobs", jobs, path)) for path in (few, most)]
            self.at_most(what, "60 MiB over that at 100", used[1] - used[0], 60, " MiB")
        self.one_of(thousand)

    def one_of(self, thousand: Path) -> None:
        """The row on a commit that touches one gear of 1,000."""
        single = gears.repository(self.directory / "single", 1)
        scripts = gears.gear_of(thousand, 555) / "run.py", gears.gear_of(single, 0) / "run.py"
        first, second = (self.check("--changed-files", script) for script in scripts)
        touched, alone = self.time(
            [
                ("gearlint --changed-files", "one of 1,000", first),
                ("gearlint --changed-files", "one of one", second),
            ]
        )
        what = "a commit that touches one gear of 1,000"
        self.at_most(what, "20 ms over a repository with one gear", touched - alone, 20, " ms")

    def faster(self, what: str, value: float, least: float) -> None:
        """Add the row of a figure that must be `least`: how many times as fast as one core."""
        bound = f"at least {least} times as fast as one core"
        self.rows.append(Row(what, bound, f"{value:.2f}", value >= least))

    def at_most(
        self, what: str, bound: str, value: float, most: float, unit: str = "", digits: int = 2
    ) -> None:
        """Add the row of a figure that may be `most`."""
        measured = f"{value:.{digits}f}{unit}"
        self.rows.append(Row(what, f"at most {bound}", measured, value <= most))

    def report(self) -> str:
        """All of it, in Markdown."""
        rows = [
            f"| {row.what} | {row.bound} | {row.measured} | {'yes' if row.met else '**no**'} |"
            for row in self.rows
        ]
        times = [
            f"| {tool} | {what} | {time.least:.1f} | {time.median:.1f} |"
            for tool, what, time in self.times
        ]
        return "\n".join(
            [
                "# Benchmarks",
                "",
                "`make bench` writes this page. Each time is that of a whole process, the least of",
                "its runs: what else the machine does only adds to it. The tools that are compared",
                "run in turn, on gears that are made for it (`benchmarks/gears.py`).",
                "",
                f"{machine()}, {date.today():%B %Y}.",
                "",
                "| what | must reach | measured | met |",
                "| --- | --- | --- | --- |",
                *rows,
                "",
                "| tool | on | ms | median |",
                "| --- | --- | --- | --- |",
                *times,
                "",
            ]
        )


def machine() -> str:
    """The processor, how many of it, the system and the Python."""
    model = platform.processor() or platform.machine()
    about = Path("/proc/cpuinfo")
    if about.is_file():
        names = [line for line in about.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    number = processors()
    cores = f"{number} core{'' if number == 1 else 's'}"
    return f"{model}, {cores}, {platform.system()}, Python {platform.python_version()}"


def main() -> int:
    """Measure, print and write; 0 if all is met."""
    try:
        tools = installed()
    except MissingError as missing:
        print(f"benchmarks: {missing}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as directory:
        bench = Bench(tools, Path(directory))
        bench.one_gear()
        bench.many_gears()
    text = bench.report()
    print(text)
    REPORT.write_text(text, encoding="utf-8")
    return 0 if all(row.met for row in bench.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
