"""What was read of a gear is freed with it: no ring of objects waits for garbage collection."""

import gc
import weakref
from pathlib import Path

from gearlint.engine.gears import gears_under
from gearlint.engine.linter import lint
from tests.sound import write_gear


def test_a_gear_that_was_checked_is_in_no_ring(tmp_path: Path) -> None:
    write_gear(tmp_path)
    (tmp_path / "run.py").write_text("#!/usr/bin/env python3\nimport json\nprint(json)\n")
    ((gear, settings),) = gears_under(str(tmp_path))
    gc.disable()
    try:
        lint(gear, settings)
        code = weakref.ref(gear.code)
        run = weakref.ref(gear.run)
        del gear
        assert code() is None
        assert run() is None
    finally:
        gc.enable()
