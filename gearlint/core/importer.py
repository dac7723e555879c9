"""Imports the modules of gearlint in less time than Python takes for those of any package.

A run over one gear imports some hundred of them. For each Python asks several finders, lists
directories, and looks for several kinds of files; all ours are `.py` files in the directory of
their package, with bytecode in its `__pycache__`. Where that is not so, Python imports them.
"""

import marshal
import sys

# `importlib.machinery` and `importlib.util`, which give them other names, take a while to import.
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader
from collections.abc import Sequence
from io import FileIO
from os import sep, stat, stat_result

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from types import CodeType, ModuleType

_BYTECODE = f".{sys.implementation.cache_tag}.pyc"
_START = MAGIC_NUMBER + b"\0\0\0\0"
"""The beginning of bytecode that is compared with its source by time and size (PEP 552)."""


def install() -> None:
    """Import what comes from now on so, unless bytecode is to be somewhere else."""
    if sys.pycache_prefix is None and not sys.flags.optimize:
        sys.meta_path.insert(0, Finder)


class Finder:
    """Finds the modules of gearlint, as Python asks for one in `sys.meta_path`."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None, target: "ModuleType | None" = None
    ) -> ModuleSpec | None:
        """The module of a name, `None` if it is not ours or its file is not where ours are."""
        if not path or not name.startswith("gearlint."):
            return None
        directory, base = path[0], name.rpartition(".")[2]
        source = _status(f"{directory}{sep}{base}.py")
        if source is None:
            directory, base = f"{directory}{sep}{base}", "__init__"
            source = _status(f"{directory}{sep}{base}.py")
        if source is None:
            return None
        file = f"{directory}{sep}{base}.py"
        bytecode = f"{directory}{sep}__pycache__{sep}{base}{_BYTECODE}"
        spec = ModuleSpec(name, Loader(name, file, bytecode, source), origin=file)
        spec.has_location = True
        spec.cached = bytecode
        if base == "__init__":
            spec.submodule_search_locations = [directory]
        return spec


class Loader(SourceFileLoader):
    """Loads a module from a file of bytecode if that is of its source, else as Python does."""

    def __init__(self, fullname: str, path: str, bytecode: str, source: stat_result) -> None:
        super().__init__(fullname, path)
        self._bytecode = bytecode
        self._source = source

    def get_code(self, fullname: str) -> "CodeType | None":
        """The code of the module, of the name that the loader was made for."""
        try:
            with FileIO(self._bytecode) as file:
                data = file.readall()
        except OSError:
            return super().get_code(fullname)
        source = self._source
        header = _START + _four(int(source.st_mtime)) + _four(source.st_size)
        if data.startswith(header):
            # Python reads the same file in the same way.
            code: CodeType = marshal.loads(memoryview(data)[len(header) :])  # noqa: S302
            if code.co_filename == self.path:  # else it was compiled elsewhere
                return code
        return super().get_code(fullname)


def _status(file: str) -> stat_result | None:
    try:
        return stat(file)
    except OSError:
        return None


def _four(number: int) -> bytes:
    """The last four bytes of a number, the least first."""
    return (number & 0xFFFFFFFF).to_bytes(4, "little")
