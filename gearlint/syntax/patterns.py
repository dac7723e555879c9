"""The regular expressions of a manifest: is one valid, does a text match, can it be slow.

They come from strangers, so Python's `re` compiles them but never runs one on a text.
"""

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from re import _compiler, _parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.lazy import cached_property
from gearlint.core.text import escaped

_MANY = 10  # in the search for a loop, this many repetitions count as endless
_COMPILING = 50  # steps that compiling one item takes
_COMPILING_CHARACTER = 4  # steps for each character of a pattern
_COMPILING_WIDE = 2000  # steps for each range beyond Latin-1: `re` may look at each character of it

_ALPHABET = "".join(map(chr, range(128))) + "éя中→"
_START, _END = 0, 1
_REFUSED = (re.error, OverflowError, ValueError)
_TOO_MUCH = (RecursionError, MemoryError)

_Ends: TypeAlias = Counter[tuple[int, int]]
"""The number of ways to a state, by state and the assertions (bits) that must hold there."""
_Part: TypeAlias = tuple[_Ends, _Ends, _Ends]
"""The first states of a part of a pattern, its last ones, and its ways to be empty (state 0)."""


def syntax_error(pattern: str) -> str | None:
    """What is wrong with `pattern`, such as `nothing to repeat at character 3` (1-based).

    `None` if the `re` of this Python accepts it, or if it is too large or too deep to compile.
    """
    if _is_too_large(pattern):
        return None
    try:
        _quietly(re.compile, pattern)
    except re.error as error:
        place = "" if error.pos is None else f" at character {error.pos + 1}"
        return escaped(error.msg[: 2 * limits.QUOTED_CHARACTERS]) + place
    except (OverflowError, ValueError) as error:
        # The only other ValueError is about a number with too many digits for Python.
        flags = "flags are incompatible" in str(error)
        return f"{error}" if flags else "the repetition number is too large"
    except _TOO_MUCH:
        pass
    return None


def matches(pattern: str, text: str) -> bool | None:
    """Whether `re.search` finds `pattern` in `text`; `None` if that is not known.

    It is not if `pattern` is not valid or too slow, or if `regex`, which is used instead of `re`
    because it has a timeout, may differ from it.
    """
    if _is_too_large(pattern) or len(text) > limits.PATTERN_CHARACTERS or syntax_error(pattern):
        return None
    # `regex` differs in its Unicode tables, \B in an empty text, [[:alpha:]] as a class of letters
    # and {e} as a number of errors.
    if re.search(r"[^\t\n\r -~]", text) or (not text and r"\B" in pattern):
        return None
    plain = re.sub(r"(?s)\\.", "", pattern)
    if re.search(r"\[:|\{(?!\d{1,6}(,\d*)?\}|,\d+\})", plain):
        return None
    if copies(pattern) > limits.PATTERN_COPIES:
        return None
    try:
        compiled = _compiled(pattern)
        return bool(_quietly(compiled.search, text, timeout=limits.PATTERN_SECONDS))
    except Exception:  # a timeout, or any error that a strange pattern causes in `regex`
        return None


@lru_cache(maxsize=8)  # that of `regex` keeps 500, of some megabytes each
def _compiled(pattern: str) -> Any:
    import regex

    return _quietly(regex.compile, pattern, regex.V0, cache_pattern=False)


@lru_cache(maxsize=256)
def copies(pattern: str) -> int:
    """The items that `regex` makes of a valid pattern: each takes 400 bytes, and 2 µs.

    It writes out what is repeated: `a{3,}` takes four of `a`, and `a+` two. Where the pattern is
    too deep for `re`, there are more than `limits.PATTERN_COPIES`.
    """
    try:
        return _copies(_quietly(_parser.parse, pattern))
    except (*_REFUSED, *_TOO_MUCH):
        return limits.PATTERN_COPIES + 1


def _copies(value: Any) -> int:
    """The items of a part of a pattern, as `re` has parsed it."""
    if isinstance(value, _parser.SubPattern):
        return sum(1 + _copies_of_item(kind, item) for kind, item in value)
    if isinstance(value, tuple | list):
        return sum(map(_copies, value))
    return 0


def _copies_of_item(kind: object, value: Any) -> int:
    if kind is _parser.IN:
        return len(value)
    if kind in (_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT):
        low, high, body = value
        return _copies(body) * (1 if low == high == 1 else low + 1)
    return _copies(value)


def compiling_steps(pattern: str) -> int:
    """What compiling a pattern costs in `re`, in steps of 5 µs."""
    return _COMPILING_CHARACTER * len(pattern) + _COMPILING_WIDE * _wide_ranges(pattern)


@lru_cache(maxsize=256)
def analysed(pattern: str) -> tuple[bool, int]:
    """Whether `re.search` certainly takes exponential time for `pattern` on some text.

    False if that is not certain: for large patterns, for those with look-around, back references,
    conditions, atomic groups or possessive repeats, and for those that match such texts after all.
    Also the steps that it took to know it, of about 1 µs each.
    """
    if _is_too_large(pattern):
        return False, 0
    automata: list[_Automaton] = []

    def made(many: int | None = None) -> _Automaton:
        automata.append(_Automaton(many))
        automata[-1].read(tree)
        return automata[-1]

    verdict = False
    try:
        tree = _quietly(_parser.parse, pattern)
        exact = None
        for prefix, pump in made(_MANY).pumps():
            exact = exact or made()
            if exact.explodes(prefix, pump):
                verdict = True
                break
    except (_UnknownError, *_REFUSED, *_TOO_MUCH):
        pass
    used = sum(limits.PATTERN_STEPS - each.steps.left for each in automata)
    # Each automaton compiles the ranges once more.
    return verdict, len(pattern) + _COMPILING_WIDE * _wide_ranges(pattern) * len(automata) + used


def _is_too_large(pattern: str) -> bool:
    """Whether compiling a pattern may take long."""
    too_many = _wide_ranges(pattern) > limits.PATTERN_WIDE_RANGES
    return too_many or len(pattern) > limits.PATTERN_CHARACTERS


def _wide_ranges(pattern: str) -> int:
    """The ranges in a pattern that may go beyond Latin-1."""
    has_wide = not pattern.isascii() or re.search(r"\\[uUN]", pattern[: limits.PATTERN_CHARACTERS])
    return pattern.count("-") if has_wide else 0


def _quietly(function: Callable[..., Any], *args: object, **options: object) -> Any:
    """Call a function without its warnings."""
    with warnings.catch_warnings(action="ignore"):
        return function(*args, **options)


class _UnknownError(Exception):
    """The pattern has something that is not understood here, or is too large."""


class _Automaton:
    """The ways that `re` can take through a pattern, with one state for each of its characters.

    `chars[s]` is the set of characters of `_ALPHABET` (bits) that lead into state `s`, `follow[s]`
    the ways on from there. With `many`, that many repetitions count as an endless loop.

    If some text, the pump, leads from a state back to itself in two ways, n pumps do so in 2^n.
    `re` tries all of them if the search fails in the end. So a text that fails is built from pumps,
    and the ways through it are counted.

    Methods raise _UnknownError if the pattern is not understood, or takes too many steps.
    """

    def __init__(self, many: int | None) -> None:
        self.many = many
        self.max_states = limits.PATTERN_STATES if many else 10 * limits.PATTERN_STATES
        self.steps = Budget(limits.PATTERN_STEPS)
        self.chars = [0, 0]
        self.follow: list[_Ends] = [Counter(), Counter()]
        self.known: dict[tuple[object, object, int], int] = {}
        self.assertions: dict[tuple[object, int], re.Pattern[str]] = {}

    def read(self, tree: Any) -> None:
        """Add the states of a pattern, as `re` has parsed it."""
        first, last, empty = self.sequence(tree, tree.state.flags)
        self.link(Counter({(_START, 0): 1}), first)
        self.link(last + empty, Counter({(_END, 0): 1}))

    def spend(self, steps: int) -> None:
        """Count steps; raises _UnknownError once there are too many, or too many states."""
        if not self.steps.spend(steps) or len(self.chars) > self.max_states:
            raise _UnknownError

    def sequence(self, items: Any, flags: int) -> _Part:
        """Add the states of items that follow one another."""
        part = _nothing()
        for kind, value in items:
            part = self.join(part, self.item(kind, value, flags))
        return part

    def item(self, kind: object, value: Any, flags: int) -> _Part:
        """Add the states of one item of a parsed pattern."""
        if kind in (_parser.LITERAL, _parser.NOT_LITERAL, _parser.IN, _parser.ANY):
            key = (kind, id(value) if kind is _parser.IN else value, flags)
            if key not in self.known:
                self.spend(_COMPILING)
                found = _one(kind, value, flags).finditer(_ALPHABET)
                self.known[key] = sum(1 << match.start() for match in found)
            self.chars.append(self.known[key])
            self.follow.append(Counter())
            state = (len(self.chars) - 1, 0)
            return Counter([state]), Counter([state]), Counter()
        if kind is _parser.AT:
            self.assertions.setdefault((value, flags), _one(kind, value, flags))
            need = 1 << list(self.assertions).index((value, flags))
            return Counter(), Counter(), Counter([(0, need)])
        if kind is _parser.SUBPATTERN:
            _, added, removed, body = value
            return self.sequence(body, _compiler._combine_flags(flags, added, removed))
        if kind is _parser.BRANCH:
            whole: _Part = Counter(), Counter(), Counter()
            for branch in value[1]:
                for ends, more in zip(whole, self.sequence(branch, flags), strict=True):
                    ends.update(more)
            return whole
        if kind in (_parser.MAX_REPEAT, _parser.MIN_REPEAT):
            low, high, body = value
            return self.repeat(low, high, body, flags)
        raise _UnknownError

    def repeat(self, low: int, high: int, body: Any, flags: int) -> _Part:
        """Add the states of `body`, repeated from `low` to `high` times."""
        part = nothing = _nothing()
        if high is _parser.MAXREPEAT or (self.many and high >= self.many):
            first, last, empty = self.sequence(body, flags)
            self.link(last, first)
            part = first, last, (empty if low else nothing[2])
            low = max(low - 1, 0)
        else:
            for _ in range(high - low):  # from the inside: (x(x)?)?
                first, last, _ = self.join(self.sequence(body, flags), part)
                part = first, last, nothing[2]
        for _ in range(low):
            part = self.join(self.sequence(body, flags), part)
        return part

    def join(self, left: _Part, right: _Part) -> _Part:
        """The part that is `left` and then `right`."""
        self.link(left[1], right[0])
        first = left[0] + _through(left[2], right[0])
        last = right[1] + _through(right[2], left[1])
        self.spend(len(first) + len(last) + 5)
        return first, last, _through(left[2], right[2])

    def link(self, left: _Ends, right: _Ends) -> None:
        """Add the ways from the ends `left` on to `right`."""
        self.spend(len(left) * len(right))
        for (state, need), ways in left.items():
            self.follow[state] += _through(Counter({(0, need): ways}), right)

    def pumps(self) -> Iterator[tuple[str, str]]:
        """Pairs of a prefix, which leads from the start to some state, and a pump of that state."""
        prefixes = {_START: ""}
        for state in (queue := [_START]):
            for target, _ in self.follow[state]:
                if target not in prefixes and self.chars[target]:
                    prefixes[target] = prefixes[state] + self.rarest(self.chars[target])
                    queue.append(target)
        for home in queue:
            pump = self.pump(home)
            if pump:
                yield prefixes[home], pump

    def pump(self, home: int) -> str:
        """The shortest text with two ways from `home` to `home`; empty if there is none."""
        Pair: TypeAlias = tuple[int, int, bool]  # where two ways are, and whether they have parted
        came_from: dict[Pair, tuple[Pair, int]] = {}
        for pair in (queue := [(home, home, False)]):
            self.spend(len(self.follow[pair[0]]) * len(self.follow[pair[1]]))
            for one, need in self.follow[pair[0]]:
                for other, also in self.follow[pair[1]]:
                    both = self.chars[one] & self.chars[other]
                    ways = self.follow[pair[0]][one, need]
                    parted = pair[2] or one != other or need != also or ways > 1
                    new = (min(one, other), max(one, other), parted)
                    if both and new not in came_from:
                        came_from[new] = (pair, both)
                        queue.append(new)
        text, pair = "", (home, home, True)
        while pair in came_from and (not text or pair != (home, home, False)):
            pair, both = came_from[pair]
            text = self.rarest(both) + text
        return text

    def rarest(self, chars: int) -> str:
        """The character of the set that the fewest states accept, so that most fail on it."""
        return _ALPHABET[next(bit for bit in self.by_rarity if chars >> bit & 1)]

    @cached_property
    def by_rarity(self) -> list[int]:
        """The indices in `_ALPHABET`, rarest first: by how many states accept the character."""
        bits = range(len(_ALPHABET))
        return sorted(bits, key=lambda bit: sum(chars >> bit & 1 for chars in self.chars))

    def explodes(self, prefix: str, pump: str) -> bool:
        """Whether a search fails in exponentially many ways on many pumps after the prefix."""
        sets = set(self.chars)
        kinds = {tuple(chars >> b & 1 for chars in sets): c for b, c in enumerate(_ALPHABET)}
        for tail in ("", *kinds.values(), *(2 * char for char in kinds.values())):
            if self.ways_to_fail(prefix + 2 * pump + tail):
                few, more = (self.ways_to_fail(prefix + n * pump + tail) for n in (32, 64))
                if few and more:
                    return more >> 12 > few
        return False

    def ways_to_fail(self, text: str) -> int:
        """In how many ways a search goes through `text` in vain; 0 if it finds something."""
        most = 1
        ways: Counter[int] = Counter()
        for at in range(len(text) + 1):
            self.spend(1 + len(self.assertions))
            holds = [bool(check.match(text, at)) for check in self.assertions.values()]
            fails = sum(1 << bit for bit, hold in enumerate(holds) if not hold)
            char = 1 << _ALPHABET.index(text[at]) if at < len(text) else 0
            before, ways = ways + Counter({_START: 1}), Counter()
            for state, count in before.items():
                self.spend(len(self.follow[state]))
                for (target, need), times in self.follow[state].items():
                    if target == _END and not need & fails:
                        return 0
                    if self.chars[target] & char and not need & fails:
                        ways[target] += count * times
            most = max(most, ways.total())
        return most


def _nothing() -> _Part:
    """The part that is only empty."""
    return Counter(), Counter(), Counter([(0, 0)])


def _one(kind: object, value: Any, flags: int) -> re.Pattern[str]:
    """One item of a pattern, compiled by itself, so that `re` decides what it matches."""
    item = _parser.SubPattern(_parser.State(), [(kind, value)])
    return _compiler.compile(item, flags)  # type: ignore[no-any-return]


def _through(empty: _Ends, ends: _Ends) -> _Ends:
    """The ways to `ends` through a part that is empty in the ways `empty`."""
    found: _Ends = Counter()
    for (_, need), ways in empty.items():
        for (state, more), times in ends.items():
            found[state, need | more] += ways * times
    return found
