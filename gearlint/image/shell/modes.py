"""Permission bits, and what the mode operand of chmod makes of them (POSIX chmod, umask 022)."""

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.image.nodes import EXECUTABLE

_OCTAL = regex(r"[0-7]{1,4}\Z")
_CLAUSE = regex(r"([ugoa]*)((?:[-+=][rwxXst]*|[-+=][ugo])+)\Z")
_OPERATION = regex(r"([-+=])([rwxXstugo]*)")
_SHIFTS = {"u": 6, "g": 3, "o": 0}
_PERMISSIONS = {"r": 4, "w": 2, "x": 1}
_UMASK = 0o022
_ALL = 0o7
_SET_ID = {6: 0o4000, 3: 0o2000, 0: 0}
"""The bit that `s` is for user and group."""
_STICKY = 0o1000


class Operation(NamedTuple):
    """One operation of a symbolic mode: `ug+x` is `+` with `x` for `u` and `g`."""

    who: str
    sign: str
    letters: str

    @property
    def is_for_everyone(self) -> bool:
        """Whether user, group and others are all meant, as without any of the letters `ugo`."""
        return not self.who or "a" in self.who

    @property
    def shifts(self) -> list[int]:
        """Where the three bits of each class that is meant are."""
        return [at for name, at in _SHIFTS.items() if self.is_for_everyone or name in self.who]


Mode = int | tuple[Operation, ...]
"""The mode operand of chmod: an octal number, or the operations of a symbolic mode."""


class Permissions(NamedTuple):
    """The bits of a file, `None` if unknown, and whether any executable bit is set."""

    bits: int | None
    runs: bool | None


def parse(text: str) -> Mode | None:
    """The mode that an operand of chmod is, `None` if it is neither octal nor symbolic."""
    if _OCTAL.match(text):
        return int(text, 8)
    operations: list[Operation] = []
    for clause in text.split(","):
        match = _CLAUSE.match(clause)
        if match is None:
            return None
        operations += (Operation(match[1], *each) for each in _OPERATION.findall(match[2]))
    return tuple(operations)


def of_all(mode: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """The operations as they are where the umask is 0: without a `who` they are for all."""
    return tuple(each._replace(who=each.who or "a") for each in mode)


def changed(mode: Mode, old: Permissions) -> Permissions:
    """The permissions of a file after chmod."""
    if isinstance(mode, int):
        return Permissions(mode, bool(mode & EXECUTABLE))
    if old.bits is not None:
        bits = bits_after(mode, old.bits)
        return Permissions(bits, bool(bits & EXECUTABLE))
    runs = old.runs
    for operation in mode:
        runs = _runs_after(operation, runs)
    return Permissions(None, runs)


def bits_after(mode: tuple[Operation, ...], bits: int) -> int:
    """The bits of a file after chmod with a symbolic mode."""
    for operation in mode:
        bits = _bits_after(operation, bits)
    return bits


def has_set_id(bits: int | None) -> bool:
    """Whether the set-user-ID or the set-group-ID bit is certainly set."""
    return bits is not None and bits & 0o6000 != 0


def _runs_after(operation: Operation, runs: bool | None) -> bool | None:
    """Whether it is executable then, where the other bits are not known."""
    letters = operation.letters
    if "x" in letters or ("X" in letters and runs):
        if operation.sign in "+=":
            return True
        return False if operation.is_for_everyone else None
    if "X" in letters or set(letters) & set("ugo"):
        return None
    if operation.sign == "=":
        return False if operation.is_for_everyone else None
    return runs


def _bits_after(operation: Operation, bits: int) -> int:
    value = _value(operation.letters, bits)
    mask = 0
    for shift in operation.shifts:
        mask |= value << shift
    if not operation.who:
        mask &= ~_UMASK
    mask |= _special(operation)
    if operation.sign == "+":
        return bits | mask
    if operation.sign == "-":
        return bits & ~mask
    replaced = sum(_ALL << shift | _SET_ID[shift] for shift in operation.shifts)
    replaced |= _STICKY if operation.is_for_everyone else 0
    return (bits & ~replaced) | mask


def _value(letters: str, bits: int) -> int:
    """The three bits that the letters mean: some of rwx, or those that u, g or o have."""
    value = 0
    for letter in letters:
        if letter in _SHIFTS:
            value |= bits >> _SHIFTS[letter] & _ALL
        elif letter == "X":
            value |= 1 if bits & EXECUTABLE else 0
        else:
            value |= _PERMISSIONS.get(letter, 0)
    return value


def _special(operation: Operation) -> int:
    """The set-ID bits and the sticky bit that are meant."""
    set_id = sum(_SET_ID[shift] for shift in operation.shifts)
    return (set_id if "s" in operation.letters else 0) | (
        _STICKY if "t" in operation.letters else 0
    )
