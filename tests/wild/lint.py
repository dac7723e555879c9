"""Runs gearlint as people do, in this process, and reads its JSON."""

import io
import json
import re
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple


class Finding(NamedTuple):
    """What makes a finding the same before and after, and its severity."""

    code: str
    path: str
    message: str
    severity: str

    @property
    def is_of_starting(self) -> bool:
        """Whether it is an error or a warning, and about what the image starts."""
        return self.severity in ("error", "warning") and self.code.startswith(("GL3", "GL4"))


class Verdict(NamedTuple):
    """What gearlint says of a gear; `crash` is what it could not do."""

    findings: frozenset[Finding]
    crash: str = ""


class _Output(io.TextIOWrapper):
    """A stream in memory that is like one of the process."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", errors="surrogateescape")

    @property
    def text(self) -> str:
        """All that was written."""
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode("utf-8", "replace")


def lint(directory: Path) -> Verdict:
    """Check the gear in a directory."""
    from gearlint.cli.main import main

    out, err = _Output(), _Output()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code: object = main(
                [
                    "check",
                    "--jobs",
                    "1",
                    "--output-format",
                    "json",
                    str(directory / "manifest.json"),
                ]
            )
    except SystemExit as end:
        code = end.code
    except Exception:
        return Verdict(frozenset(), traceback.format_exc())
    try:
        report = json.loads(out.text)
    except ValueError:
        return Verdict(frozenset(), f"exit code {code}: {err.text.strip() or 'no JSON'}")
    findings = frozenset(
        Finding(
            found["code"],
            found["path"],
            re.sub(r"\bline \d+", "line N", found["message"]),
            found["severity"],
        )
        for found in report["findings"]
    )
    return Verdict(findings, "\n".join(report["errors"]))
