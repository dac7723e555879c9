"""Repairs of a text that is not JSON because of its brackets."""

import re
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.syntax.jsontext.indentation import CLOSERS, Odd, Token, brackets_by_indentation
from gearlint.syntax.jsontext.place import Change, Place, Repair, insertion, readable, replacement

_TABS = (4, 8, 2)  # columns; nobody knows which, where others are indented by spaces
_TAB_FIRST = regex(r"^\t", re.MULTILINE)
_SPACE_FIRST = regex(r"^ ", re.MULTILINE)
_KEY_BEFORE = regex(r'("[^"\n]*")[ \t]*:[ \t]*$')
_KEY_AND_BRACE = regex(r'\s*+,?\s*+("[^"\n]*+")[ \t]*+:[ \t]*+\{')
_NEXT_KEY = regex(r',\s*"[^"\n]*"\s*:')
_STRING_OR_BRACKET = regex(r'"(?:[^"\\\n]|\\.)*+"?|[\[\]{}]')


def at_place(place: Place) -> Iterator[Repair]:
    """A bracket is missing, too many or of the other kind, where the text stops being JSON."""
    yield from _missing_openers(place)
    yield from _brackets_here(place)


def object_instead(place: Place) -> Iterator[Repair]:
    """The brackets around keys and values are those of a list.

    Not where a list of texts may have a colon instead of a comma.
    """
    if place.char != ":" or place.stack[-1:] == [] or place.stack[-1].text != "[":
        return
    start, end, text = place.stack[-1].start, place.stack[-1].end, place.text
    closer = _closer_of(text, place.at)
    is_list = text[closer : closer + 1] == "]"
    has_objects = text[place.at + 1 :].lstrip()[:1] in ("{", "[")
    if is_list and not has_objects and not _NEXT_KEY.search(text, place.at, closer):
        return
    changes = [Change(start, end, "{")]
    if is_list:
        changes.append(Change(closer, closer + 1, "}"))
    advice = 'write "{", and "}" at its end' if is_list else 'write "{"'
    yield Repair(tuple(changes), start, end, '"[" around keys and values', advice)


def _missing_openers(place: Place) -> Iterator[Repair]:
    """The value after the last colon has lost its opening bracket."""
    colon = place.colons[-1]
    for bracket in "{[":
        if colon >= 0:
            message = f'the opening "{bracket}" of this value is missing'
            advice = f'put "{bracket}" after the colon'
            yield insertion(colon, bracket, (colon - 1, colon), message, advice)
        elif place.stack and place.stack[-1].text == "[" and place.previous:
            start = place.previous.start
            span = (start, place.previous.end)
            message = f'the opening "{bracket}" before this is missing'
            yield insertion(start, bracket, span, message, f'put "{bracket}" there')


def _brackets_here(place: Place) -> Iterator[Repair]:
    """A bracket is missing, too many or of the other kind, at this place."""
    at, char = place.at, place.char
    if char == ":" and len(place.before) > 1 and place.before[-2].text == ",":
        end = place.before[-3].end if len(place.before) > 2 else place.begin
    else:
        end = place.after_previous
    if place.stack and char:
        opener = place.stack[-1]
        yield _closer_missing(place, opener, end)
        if char in ("}", "]"):
            other = CLOSERS[opener.text]
            message = f'"{char}" cannot close the "{opener.text}" of line'
            message = f"{message} {place.line_of(opener.start)}"
            yield replacement(at, at + 1, other, message, f'write "{other}"')
        yield replacement(opener.start, opener.end, "", f'unexpected "{opener.text}"')
    if char and char in "{}[]":
        yield replacement(at, at + 1, "", f'unexpected "{char}"')
    key = place.before[-2] if len(place.before) > 1 else None
    if key is not None and place.previous and place.previous.text == ":" and char in (",", "}", ""):
        yield insertion(at, "0", (key.start, key.end), "key without a value", 'write "key": value')
    elif place.previous and place.previous.text.startswith('"') and char in (",", "}"):
        span = (place.previous.start, place.previous.end)
        yield insertion(at, ":0", span, "key without a value", 'write "key": value')
    elif char == "{" and place.previous and place.previous.text in ("{", ","):
        message = "value without a key"
        advice = 'in an object each value has a key: "key": value'
        yield insertion(at, '"":', (at, at + 1), message, advice)


def _closer_of(text: str, at: int) -> int:
    """Where the bracket is that closes what is open at an offset outside of strings."""
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text, at):
        if match[0] in "]}":
            depth -= 1
        elif match[0] in "[{":
            depth += 1
        if depth < 0:
            return match.start()
    return len(text)


def _closer_missing(place: Place, opener: Token, end: int) -> Repair:
    closer = CLOSERS[opener.text]
    line = place.line_of(opener.start)
    advice = f'the "{opener.text}" in line {line} is not closed: put "{closer}" here'
    return insertion(end, closer, (end, end), f'"{closer}" is missing', advice)


def anywhere(place: Place) -> Iterator[Repair]:
    """Brackets that do not fit, seen by the indentation; else the end of the text is wrong."""
    yield from _by_indentation(place)
    end = len(place.text.rstrip())
    if not place.char and place.stack and place.opened < 0:
        yield _closed_at_end(place, end)
    if not place.stack and place.char:
        yield from _after_the_end(place, end)


def _by_indentation(place: Place) -> Iterator[Repair]:
    """The repairs after which every bracket fits the indentation.

    One after which some do not is a guess: it may move keys into another object.
    """
    text = place.text
    is_mixed = _TAB_FIRST.search(text) and _SPACE_FIRST.search(text)
    for tab in _TABS if is_mixed else _TABS[:1]:
        found = _odd_brackets(place, text, tab) or []
        for odd in found[: limits.JSON_ODD_BRACKETS]:
            if again := _opened_again(place, odd):
                yield again
                continue
            repair = _repair_of(place, odd)
            if _odd_brackets(place, repair.applied(text), tab) == []:
                yield repair


def _odd_brackets(place: Place, text: str, tab: int) -> list[Odd] | None:
    """The brackets of the text that do not fit its indentation; `None` after too much of it."""
    return brackets_by_indentation(text, place.begin, tab) if place.scans.spend(len(text)) else None


def _repair_of(place: Place, odd: Odd) -> Repair:
    bracket, line = odd.bracket.text, place.line_of(odd.bracket.start)
    span = (odd.bracket.start, odd.bracket.end)
    if odd.insert_at is None:
        return replacement(*span, "", f'by its indentation this "{bracket}" closes nothing')
    closer = CLOSERS[bracket]
    if place.text[odd.insert_at :].lstrip()[:1] == '"':
        closer += ","
    where = place.line_of(odd.insert_at)
    message = f'by its indentation the "{bracket}" of line {line} is not closed'
    there = "before the comma" if place.text.startswith(",", odd.insert_at) else "at the end"
    advice = f'put "{closer}" {there} of line {where}'
    return insertion(odd.insert_at, closer, span, message, advice)


def _opened_again(place: Place, odd: Odd) -> Repair | None:
    """A `"inputs": {` whose object begins with, or goes on with, the same once more."""
    text, at = place.text, odd.insert_at
    key = _key_before(text, odd.bracket)
    if at is None or key is None:
        return None
    again = _KEY_AND_BRACE.match(text, at)
    if again and again[1] == key[1]:
        start, end = again.start(1), again.end()
    elif odd.within and at == odd.bracket.end:
        outer = _key_before(text, odd.within)
        if outer is None or outer[1] != key[1]:
            return None
        start, end = key.start(), odd.bracket.end
    else:
        return None
    message = f"{readable(text[start:end])} is here a second time, and one of them is not closed"
    return replacement(start, end, "", message, "remove this one")


def _key_before(text: str, bracket: Token) -> re.Match[str] | None:
    """The key of an object, if it is in the line of its bracket."""
    return _KEY_BEFORE.search(text, text.rfind("\n", 0, bracket.start) + 1, bracket.start)


def _closed_at_end(place: Place, end: int) -> Repair:
    """All that is open is closed at the end of the text."""
    opener = place.stack[-1]
    closing = "".join(CLOSERS[token.text] for token in reversed(place.stack))
    previous = place.previous
    if previous is not None and previous.text == ":":
        closing = "0" + closing
    elif previous is not None and previous.text.startswith('"') and opener.text == "{":
        closing = closing if place.colons[-1] == previous.start else ":0" + closing
    comma = 1 if previous is not None and previous.text == "," else 0
    found = Repair((Change(end - comma, end, closing),), end, end, "", "")
    if len(place.stack) > 1:
        lines = place.line_of(place.stack[0].start), place.line_of(opener.start)
        message = f"the file ends, and {len(place.stack)} brackets are not closed"
        advice = f"the first is in line {lines[0]}, the last in line {lines[1]}: is it cut off?"
    else:
        message = f'"{closing[-1]}" is missing'
        advice = f'the "{opener.text}" in line {place.line_of(opener.start)} is not closed'
        if not _fits(place, found):
            advice = f'put "{closing[-1]}" where it belongs: the indentation does not tell where'
    return found._replace(message=message, help=advice)


def _fits(place: Place, repair: Repair) -> bool:
    """Whether every bracket fits the indentation after a repair."""
    text = repair.applied(place.text)
    return any(_odd_brackets(place, text, tab) == [] for tab in _TABS)


def _after_the_end(place: Place, end: int) -> Iterator[Repair]:
    """Something follows the value."""
    text, at = place.text, place.at
    rest = text[at:]
    if place.char in ("}", "]") and not rest.strip("}] \t\r\n,"):
        found = replacement(at, end, "", f'"{place.char}" closes nothing')
        other = f'remove it, or a "{place.char}" before it'
        yield found if _fits(place, found) else found._replace(help=other)
    elif place.char == "{":
        message = "a second JSON object begins here: a manifest is one"
        yield Repair((Change(at, end, ""),), at, at + 1, message, "remove one of the two")
    elif place.previous and place.previous.text == "}" and place.char in (",", '"'):
        span = (place.previous.start, place.previous.end)
        message = "this bracket ends the manifest, but it goes on"
        for change in (Change(*span, ""), Change(at, end, "")):
            yield Repair((change,), *span, message, 'remove it, or a "}" before it')
    else:
        last = at + len(rest.partition("\n")[0].rstrip())
        message = "text after the end of the JSON value"
        yield Repair((Change(at, end, ""),), at, last, message, "remove it")
