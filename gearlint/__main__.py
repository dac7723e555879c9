"""The process `gearlint`, or `python -m gearlint`."""

import gc
import os
import sys

from gearlint.core import importer

OBJECTS = 100_000
"""New objects after which garbage is looked for: more than a run over one gear makes."""


def run() -> None:
    """Run gearlint with the arguments of the process, and exit.

    Looking for garbage as often as Python does, most of all while modules are imported, and
    clearing the memory at exit, takes a sixth of a short run, and finds next to nothing.
    """
    gc.set_threshold(OBJECTS, 20, 20)
    importer.install()
    from gearlint.cli.output import INTERRUPTED

    code = INTERRUPTED
    try:
        from gearlint.cli.main import main

        code = main()
    except KeyboardInterrupt:  # while the program is read, a third of a short run
        pass
    gc.freeze()
    if "multiprocessing" in sys.modules and code != INTERRUPTED:
        sys.exit(code)
    # All is said and flushed. Python would clear its memory, and after an interrupt wait for what
    # the other processes were about to say when they were ended.
    os._exit(code)


if __name__ == "__main__":
    # The directory that is checked is a stranger's: no `json.py` in it is to be imported.
    if sys.path and sys.path[0] in ("", os.getcwd()):
        del sys.path[0]
    run()
