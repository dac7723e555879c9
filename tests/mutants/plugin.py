"""Pytest's part: records which tests run which line, or runs only the listed tests."""

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Generator
from pathlib import Path
from types import FrameType

import pytest

PACKAGE = str(Path(__file__).resolve().parents[2] / "gearlint") + os.sep
RECORD, ONLY = os.environ.get("MUTANTS_RECORD"), os.environ.get("MUTANTS_ONLY")
Trace = Callable[[FrameType, str, object], "Trace | None"]
runs: dict[str, list[int]] = defaultdict(list)
seconds: dict[str, float] = {}
failed: set[str] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if ONLY:
        wanted = set(json.loads(Path(ONLY).read_text()))
        items[:] = [item for item in items if item.nodeid in wanted]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    if not RECORD:
        return (yield)
    lines: set[tuple[str, int]] = set()

    def traced(frame: FrameType, _event: str, _: object) -> Trace | None:
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        lines.add((frame.f_code.co_filename, frame.f_lineno))
        return traced

    began = time.monotonic()
    sys.settrace(traced)
    try:
        return (yield)
    finally:
        sys.settrace(None)
        number = len(seconds)
        seconds[item.nodeid] = time.monotonic() - began
        for file, line in lines:
            runs[f"{file.removeprefix(PACKAGE)}:{line}"].append(number)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if not report.passed:
        failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    if RECORD:
        tests = [(test, took if test not in failed else None) for test, took in seconds.items()]
        Path(RECORD).write_text(json.dumps({"runs": runs, "tests": tests}))
