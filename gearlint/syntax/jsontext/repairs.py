"""Changes that could make a text JSON, at one place: what a person may have got wrong there."""

import re
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.syntax.jsontext import brackets
from gearlint.syntax.jsontext.indentation import CLOSERS, Token
from gearlint.syntax.jsontext.place import Change, Place, Repair, insertion, readable, replacement

_WORDS = regex(r'[^\s{}\[\]:,"][^{}\[\]:,"\n]*', re.ASCII)
_ONE_WORD = regex(r'[^\s{}\[\]:,"]+', re.ASCII)
_QUOTED_QUOTES = regex(r'[ \t]*(?:"[^"\n]*"\s*:\s*)?"(.*)"[ \t]*,?[ \t\r]*$', re.MULTILINE)
_UP_TO_QUOTE = regex(r'[^\s"{}\[\],:][^"\n]*(?=")', re.ASCII)
_ENDS_KEY = regex(r'"[ \t]*:')
_BARE_QUOTE = regex(r'(?<!\\)"')
_TEMPLATE = regex(r"\{[{%#][^\n{}]*[}%#]\}")
_ADVICE = "a value is in double quotes, a number, true, false, null, an object or an array"
_MARKS = '{}[]:,"'
_OTHER_QUOTES = "`´‘’‚‛“”„"
_END_MARKS = regex(r"[:,}\]]")
_MOST_MARKS = 8
_WRONG_MARKS = (
    (",", ":"), (":", ","), (";", ","), (".", ","), ("=", ":"), ("=>", ":"),
    ("\xef\xbc\x8c", ","), ("\xef\xbc\x9a", ":"),
)  # fmt: skip
"""What is written instead of a comma or colon; the last two are those of Chinese and Japanese."""


def candidates(place: Place) -> Iterator[Repair]:
    """Repairs that are worth a try; of those that are equally good the first is the likeliest."""
    if place.opened >= 0:
        yield from _open_string(place)
    else:
        yield from _beginning(place)
    if place.opened < 0 and (place.stack or not place.before):
        yield from _template(place)
        yield from brackets.object_instead(place)
        yield from _quotes(place)
        yield from _marks(place)
        yield from _words(place)
        yield from brackets.at_place(place)
    yield from brackets.anywhere(place)


def _open_string(place: Place) -> Iterator[Repair]:
    """A string that does not end on its line."""
    text, start = place.text, place.opened
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    shown = (start, start + len(text[start:end].rstrip()))
    message = "string is not closed on its line"
    advice = r'put the closing " (a line break inside a string is written \n)'
    last = start + len(text[start:end].rstrip(" \t\r,]}"))
    if text.endswith('\\"', start + 1, last):
        span = (last - 2, last)
        escaped = "the backslash makes this quote a part of the string"
        backslashes = [at for at in range(start, last - 1) if text[at] == "\\"]
        for few in (backslashes[-1:], backslashes):
            doubled = tuple(Change(at, at, "\\") for at in few)
            yield Repair(doubled, *span, escaped, r"write each backslash as \\")
    ends = [mark.start() for mark in _END_MARKS.finditer(text, start, end)]
    at_end = [last, *(each for each in ends if each > last)]
    for at in (*at_end, shown[1], *ends[:_MOST_MARKS]):
        yield insertion(at, '"', shown, message, advice)
    yield replacement(start, start + 1, "", "unexpected quote")
    yield from _joined_lines(place, shown)
    if end == len(text):
        closing = '"' + "".join(CLOSERS[token.text] for token in reversed(place.stack))
        yield insertion(
            shown[1], closing, shown, "the file ends inside a string", "is the file cut off?"
        )


def _joined_lines(place: Place, shown: tuple[int, int]) -> Iterator[Repair]:
    """The string goes on over several lines."""
    close = _BARE_QUOTE.search(place.text, place.opened + 1)
    if close is None:
        return
    breaks = [match.start() for match in re.finditer(r"[\r\n]", place.text[: close.start()])]
    changes = tuple(Change(at, at + 1, "\x7f") for at in breaks if at > place.opened)
    if not changes or len(changes) > limits.JSON_JOINED_LINES:
        return
    message = "line break inside a string"
    yield Repair(changes, *shown, message, r"write it as \n, and the string on one line")


def _beginning(place: Place) -> Iterator[Repair]:
    """The outer braces are missing, or something else is before them."""
    text, at = place.text, place.before[0].start if place.before else place.at
    span = (at, at + len(text[at:].partition("\n")[0].rstrip()))
    message = 'the manifest does not begin with "{"'
    if text[at : at + 1] not in ("{", "[", '"'):
        start, last = text.find("{", at), text.rfind("}")
        if 0 <= start < last:
            before, after = Change(at, start, ""), Change(last + 1, len(text), "")
            yield Repair((before,), *span, message, "remove what is before it")
            both = "remove what is before it, and after the last brace"
            yield Repair((before, after), *span, message, both)
        everything = Change(at, len(text), "{}")
        yield Repair((everything,), *span, message, "expected a JSON object: { ... }")
        return
    if len(place.before) > 2 or text[at] != '"':
        return
    first = place.before[0] if place.before else Token("", at, at)
    span = (first.start, first.end)
    open_only = Change(first.start, first.start, "{")
    yield Repair((open_only,), *span, message, 'put "{" before the first line')
    end = Change(len(place.text), len(place.text), "}")
    both = 'put "{" before the first line, and "}" after the last'
    yield Repair((open_only, end), *span, message, both)
    last = len(place.text.rstrip())
    if place.text.endswith(",", 0, last):
        comma = Change(last - 1, last, "}")
        yield Repair((open_only, comma), *span, message, both)


def _quotes(place: Place) -> Iterator[Repair]:
    """A quote is missing, or too many."""
    text, at, previous = place.text, place.at, place.previous
    if word := _UP_TO_QUOTE.match(text, at):
        shown = (at, word.end())
        message = "the opening quote of this string is missing"
        yield insertion(at, '"', shown, message, 'put a " before it')
    if previous is not None and previous.text.startswith('"'):
        yield from _swallowed(place, previous)
    start = text.rfind("\n", 0, at) + 1
    if (line := _QUOTED_QUOTES.match(text, start)) and line.end() >= at:
        inner = [match.start() for match in _BARE_QUOTE.finditer(text, *line.span(1))]
        changes = tuple(Change(each, each, "\\") for each in inner)
        is_one_string = not any(_ENDS_KEY.match(text, each) for each in inner)
        if inner and is_one_string and text[inner[0] : inner[0] + 2] != '",':
            span = (inner[0], inner[-1] + 1)
            yield Repair(changes, *span, "quotes inside a string", r"write each as \"")
    extra = [at] if place.char == '"' else []
    if previous is not None and previous.text.startswith('"'):
        extra += [previous.end - 1, previous.start]
    for each in extra:
        yield replacement(each, each + 1, "", "unexpected quote")


def _swallowed(place: Place, string: Token) -> Iterator[Repair]:
    """The closing quote is missing, and what follows was read up to the next quote."""
    message, advice = "the closing quote of this string is missing", 'put a " where it ends'
    for mark in list(_END_MARKS.finditer(place.text, string.start, string.end))[:_MOST_MARKS]:
        end = len(place.text[: mark.start()].rstrip())
        yield insertion(end, '"', (string.start, end), message, advice)


def _marks(place: Place) -> Iterator[Repair]:
    """A comma or colon is missing, too many, or another mark is in its place."""
    text, at, char = place.text, place.at, place.char
    end = place.previous.end if place.previous else place.begin
    yield insertion(end, ",", (end, end), "comma is missing", "put a comma after this value")
    token = _ONE_WORD.match(text, at)
    span = (at, token.end() if token else at + 1)
    message = 'no ":" between key and value'
    if char:
        yield insertion(end, ":", span, message, 'put a ":" between them')
    if char in (",", ":"):
        before = place.previous.text if place.previous else ","
        is_double = char == "," and before in "{[,"
        message = "comma with nothing before it" if is_double else f'unexpected "{char}"'
        yield Repair((Change(at, at + 1, ""),), *span, message, "remove it")
    comma = place.previous
    if char in ("}", "]") and comma is not None and comma.text == ",":
        message = "trailing commas are not allowed in JSON"
        yield replacement(comma.start, comma.end, "", message, "remove it: nothing follows")
    for wrong, mark in _WRONG_MARKS:
        if text.startswith(wrong, at) and span[1] - at <= len(wrong):
            message = f'unexpected "{readable(wrong)}"'
            yield replacement(at, at + len(wrong), mark, message, f'write "{mark}"')


def _words(place: Place) -> Iterator[Repair]:
    """What is there is not JSON: a text without quotes, or something that does not belong there."""
    text, at, previous = place.text, place.at, place.previous
    starts_value = place.char in ("{", "[", '"')
    if previous is not None and starts_value and previous.text[0] not in _MARKS:
        yield replacement(previous.start, previous.end, "", f"unexpected {readable(previous.text)}")
    words, word = _WORDS.match(text, at), _ONE_WORD.match(text, at)
    if words is None or word is None:
        return
    comma = place.previous if place.previous and place.previous.text == "," else None
    if comma and comma.end == at and text[comma.start - 1].isdigit() and word[0].isdigit():
        advice = "write a point for a decimal comma, and nothing between thousands"
        point = Change(comma.start, comma.end, ".")
        yield Repair((point,), comma.start, word.end(), "comma within a number", advice)
    for end in dict.fromkeys((word.end(), at + len(words[0].rstrip()))):
        shown = readable(text[at:end])
        message, advice = f"unexpected {shown}", "remove it"
        is_ellipsis = shown.strip("…") in ("", "..", "...", "....")
        if is_ellipsis:
            message = f"{shown} leaves something out"
            advice = "write out what it means, or remove it"
        yield replacement(at, end, "", message, advice)
        if comma is not None:
            both = (Change(comma.start, comma.end, ""), Change(at, end, ""))
            yield Repair(both, at, end, message, advice)
        if after := re.compile(r"\s*,").match(text, end):
            yield Repair((Change(at, after.end(), ""),), at, end, message, advice)
        if not is_ellipsis:
            message, advice = f"{shown} is not JSON", _ADVICE
            bare = shown.strip(_OTHER_QUOTES)
            if bare != shown or " " in shown:
                message, advice = f"{shown} is not in double quotes", f'write "{bare}"'
        changes = (Change(at, at, '"'), Change(end, end, '"'))
        yield Repair(changes, at, end, message, advice)
        yield replacement(at, end, "0", message, advice)


def _template(place: Place) -> Iterator[Repair]:
    """A template that is not filled in."""
    for at in (place.at, place.at - 1):
        if match := _TEMPLATE.match(place.text, at):
            shown = readable(match[0])
            message, advice = f"{shown} is not filled in", "a template is not JSON"
            for text in ("0", ""):
                yield replacement(at, match.end(), text, message, advice)
