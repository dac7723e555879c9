"""What a gear declares beside what its code reads: for `gearlint explain`."""

from gearlint.core.errors import GearlintError
from gearlint.core.named_tuple import NamedTuple
from gearlint.gear.gear import Gear
from gearlint.gear.manifest import variable_of

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.python.reads import Kind, Read


class Listed(NamedTuple):
    """An option or input: whether the manifest declares it, and where it is read.

    `reads` are `file:line`, lines from 1, each once.
    """

    name: str
    declared: bool
    reads: list[str]


class Listing(NamedTuple):
    """The options or inputs of a gear, those that are declared first.

    `reads_others` is whether the code may read others than is seen: by a name that is computed, or
    in a loop over all.
    """

    names: list[Listed]
    reads_others: bool


NO_LISTING = Listing([], False)


def listing_of(gear: Gear, kind: "Kind") -> Listing:
    """What the manifest declares and the code reads of one kind; empty where it reads none."""
    try:
        code = gear.code
        reads = [*code.reads, *code.shell_reads] if code is not None else []
        found = [read for each in reads for read in each.reads]
        reads_others = code is not None and any(kind in each.wholes for each in code.reads)
    except GearlintError:
        return NO_LISTING
    own = [read for read in found if read.kind == kind]
    if not own and not reads_others:
        return NO_LISTING
    declared = gear.manifest.object("config" if kind == "option" else "inputs")
    names = {name: _places(name, own) for name in declared}
    for read in own:
        if read.how != "variable":
            names.setdefault(read.name, _places(read.name, own))
    listed = [Listed(name, name in declared, places) for name, places in names.items()]
    return Listing(listed, reads_others)


def _places(name: str, reads: "list[Read]") -> list[str]:
    found = [
        f"{read.source.path}:{read.source.position(read.span.start).line}"
        for read in reads
        if read.name == name or (read.how == "variable" and read.name == variable_of(name))
    ]
    return list(dict.fromkeys(found))
