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
from os import sep, stat

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from types import CodeType, ModuleType

_BYTECODE = f".{sys.implementation.cache_tag}.pyc"
_CHECKED_BY_TIME = b"\0\0\0\0"
"""The flags of bytecode that is as old as its source says, as PEP 552 has them."""


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
        file = f"{directory}{sep}{base}.py"
        try:
            source = stat(file)
        except OSError:
            directory, base = f"{directory}{sep}{base}", "__init__"
            file = f"{directory}{sep}{base}.py"
            try:
                source = stat(file)
            except OSError:
                return None
        bytecode = f"{directory}{sep}__pycache__{sep}{base}{_BYTECODE}"
        spec = ModuleSpec(name, None, origin=file)
        spec.has_location = True
        spec.cached = bytecode
        if base == "__init__":
            spec.submodule_search_locations = [directory]
        loader = Loader(name, file)
        loader.bytecode = bytecode
        loader.header = b"".join(
            (MAGIC_NUMBER, _CHECKED_BY_TIME, _four(int(source.st_mtime)), _four(source.st_size))
        )
        spec.loader = loader
        return spec


class Loader(SourceFileLoader):
    """Loads a module from the file `bytecode` if that begins with `header`, else as Python does."""

    bytecode: str
    header: bytes

    def get_code(self, fullname: str) -> "CodeType | None":
        """The code of the module, of the name that the loader was made for."""
        try:
            with FileIO(self.bytecode) as file:
                data = file.readall()
        except OSError:
            return super().get_code(fullname)
        if data.startswith(self.header):
            # Python reads the same file in the same way.
            code: CodeType = marshal.loads(memoryview(data)[len(self.header) :])  # noqa: S302
            if code.co_filename == self.path:  # else it was compiled elsewhere
                return code
        return super().get_code(fullname)


def _four(number: int) -> bytes:
    """The last four bytes of a number, the least first."""
    return (number & 0xFFFFFFFF).to_bytes(4, "little")
