"""Why a text is not JSON: one fault for one cause.

The parser goes on after a mistake, and what it reports then may follow from the first one. So the
changes that would undo a mistake are tried, and the one after which the most of the text is JSON
says what was wrong.
"""

import json
from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.errors import TooMuchError
from gearlint.core.source import Span
from gearlint.syntax.jsontext.model import Fault
from gearlint.syntax.jsontext.other_texts import other_text
from gearlint.syntax.jsontext.parser import parse
from gearlint.syntax.jsontext.place import Place, Repair
from gearlint.syntax.jsontext.repairs import candidates

_DECODER = json.JSONDecoder(parse_int=len, parse_float=len)


def causes(data: bytes, start: int = 0) -> list[Fault]:
    """What is wrong in a text that is not JSON, from byte offset `start` on; empty if it is JSON.

    Each fault is independent of the others. Many of one kind are one fault.
    """
    found = other_text(data, start)
    if not found and len(data) > limits.JSON_REPAIRED_BYTES:
        faults = parse(data, start).faults
        found = list(takewhile(_is_plain, faults)) or faults[:1]
    elif not found:
        found = _Diagnosis(data, start).faults
    return list(_merged(sorted(found, key=lambda fault: fault.span)))


class _Diagnosis:
    """Finds one fault after another in `text`, which is repaired meanwhile."""

    def __init__(self, data: bytes, start: int) -> None:
        self.start = start
        self.data = data
        self.text = data.decode("latin-1")
        self.origin = array("L", range(len(data) + 1))  # offsets in `data`
        self.budget = Budget(limits.JSON_REPAIR_CHARACTERS)
        self.scans = Budget(limits.JSON_INDENTED_CHARACTERS)
        self.faults: list[Fault] = []
        for _ in range(limits.JSON_REPAIRS):
            if not self._step():
                break

    def _step(self) -> bool:
        """Add the next faults, and go on as if they were not there; false if that is the end."""
        found = parse(self.text.encode("latin-1"), self.start).faults
        plain = list(takewhile(_is_plain, found))
        for fault in plain:
            self._read_instead(fault)
        if len(plain) == len(found):
            return False
        try:
            repair = self._best_repair()
        except TooMuchError:
            repair = None
        if repair is None:
            self._add(found[len(plain)])
            return False
        self._add(Fault(Span(repair.start, repair.end), repair.message, repair.help))
        self._apply(repair)
        return True

    def _add(self, fault: Fault) -> None:
        start, end = fault.span
        self.faults.append(fault._replace(span=Span(self.origin[start], self.origin[end])))

    def _read_instead(self, fault: Fault) -> None:
        self._add(fault)
        start, end = fault.span
        stand_in = (fault.stand_in or b"").decode("latin-1")
        self.text = self.text[:start] + stand_in + self.text[end:]

    def _apply(self, repair: Repair) -> None:
        self.text = repair.applied(self.text)
        for change in reversed(repair.changes):
            kept = self.origin[change.start]
            self.origin[change.start : change.end] = array("L", [kept] * len(change.text))

    def _line_of(self, offset: int) -> int:
        return self.data.count(b"\n", 0, self.origin[offset]) + 1

    def _best_repair(self) -> Repair | None:
        """The repair after which the text is JSON for longest, at least up to a later line."""
        at = self._stop(self.text)
        if at is None:
            return None
        place = Place(self.text, at, self.start, self._line_of, self.scans)
        line_end = self.text.find("\n", place.at + 1)
        best, least = None, len(self.text) - line_end if line_end >= 0 else 0
        for repair in candidates(place):
            repaired = repair.applied(self.text)
            stop = self._stop(repaired)
            left = -1 if stop is None else len(repaired) - stop
            if left < least:
                best, least = repair, left
        return best

    def _stop(self, text: str) -> int | None:
        """Where a strict parser stops; `None` if it reads the whole text."""
        self.budget.require(len(text))
        begin = len(text) - len(text[self.start :].lstrip(" \t\r\n"))
        try:
            _, end = _DECODER.raw_decode(text, begin)
        except json.JSONDecodeError as error:
            return error.pos
        except RecursionError:
            return 0
        rest = len(text) - len(text[end:].lstrip(" \t\r\n"))
        return rest if rest < len(text) else None


def _merged(faults: list[Fault]) -> Iterator[Fault]:
    """Without the later ones of many faults of a kind, which have one cause."""
    counts = Counter(_kind(fault) for fault in faults)
    seen = set()
    for fault in faults:
        kind = _kind(fault)
        if counts[kind] <= limits.JSON_FAULTS_OF_A_KIND:
            yield fault
        elif kind not in seen:
            seen.add(kind)
            yield fault._replace(message=f"{fault.message}, here and at other places")


def _is_plain(fault: Fault) -> bool:
    """Whether the mistake is certainly this one, so that the text can be read on behind it."""
    return fault.stand_in is not None


def _kind(fault: Fault) -> str:
    """What faults of one cause have in common."""
    return fault.kind or fault.message
