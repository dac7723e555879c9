"""Pytest's part: records which tests call which function, or runs only the listed tests."""

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from types import CodeType, FrameType

import pytest

PACKAGE = str(Path(__file__).resolve().parents[2] / "gearlint") + os.sep
RECORD, ONLY = os.environ.get("MUTANTS_RECORD"), os.environ.get("MUTANTS_ONLY")
calls: dict[str, list[str]] = defaultdict(list)
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
    codes: set[CodeType] = set()

    def called(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            codes.add(frame.f_code)

    began = time.monotonic()
    sys.setprofile(called)
    try:
        return (yield)
    finally:
        sys.setprofile(None)
        seconds[item.nodeid] = time.monotonic() - began
        for code in codes:
            if code.co_filename.startswith(PACKAGE):
                path = code.co_filename.removeprefix(PACKAGE)
                calls[f"{path}:{code.co_qualname}"].append(item.nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if not report.passed:
        failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    if RECORD:
        passed = {test: took for test, took in seconds.items() if test not in failed}
        Path(RECORD).write_text(json.dumps({"calls": calls, "seconds": passed}))
