"""Whether a key of an input may be read that is not there, without a syntax tree."""

from gearlint.core.lazy import regex
from gearlint.core.text import is_one_edit_away

PARTS = {
    "path": "location", "name": "location", "id": "hierarchy", "type": "object", "info": "object",
    "modality": "object", "mimetype": "object", "classification": "object", "tags": "object",
    "size": "object", "measurements": "object",
}  # fmt: skip
"""The part of a file input in config.json that has a key, which the input itself has not."""
OF_LOCATION = ("name", "path")
"""What the location of a file input has."""
_OF_AN_INPUT = ("hierarchy", "location", "object")
_KEY = regex(rf"\[\s*[\"'](?:{'|'.join(PARTS)})[\"']\s*\]")
_OF_A_PART = tuple(f"{quote}{each}{quote}]" for each in {*PARTS.values()} for quote in "\"'")
_NEAR_KEY = regex(
    r"\[\s*[\"'](?!(?:hierarchy|location|object)[\"'])"
    r"(?i:((?:hie|loc|ob)\w*+|\w{3,7}(?:chy|ion|ct)))[\"']\s*\]"
)
"""A key that begins or ends as one of those does: one wrong letter leaves one of both ends."""
_OTHER_OF_LOCATION = regex(
    rf"[\"']location[\"']\s*+\]\s*+\[\s*+[\"'](?!(?:{'|'.join(OF_LOCATION)})[\"'])"
)
_NAME_CHARACTERS = 50
"""Of what is before a key; what is longer is not a name that anybody gives."""
_WORD = regex(r"\w+")


def meant_key(key: str) -> str:
    """The key of a file input that another is certainly meant for; empty without one."""
    lengths = len(key) - 1, len(key), len(key) + 1
    near = (each for each in _OF_AN_INPUT if len(each) in lengths and is_one_edit_away(key, each))
    return next(near, "")


def may_read_wrong_key(text: str) -> bool:
    """Whether a text may read such a key of an input or its location, as far as is cheap."""
    if "input" not in text:
        return False
    if "location" in text and _OTHER_OF_LOCATION.search(text):
        return True
    return any(map(meant_key, _NEAR_KEY.findall(text))) or _may_read_part(text)


def _may_read_part(text: str) -> bool:
    variables: set[str] | None = None
    for match in _KEY.finditer(text):
        at = match.start()
        if text[at - 1 : at] in ("]", ")"):
            line = text[text.rfind("\n", 0, at) + 1 : at]
            if "input" in line and not line.endswith(_OF_A_PART):
                return True
            continue
        if variables is None:  # what may be set to an input, as in `image = inputs["image"]`
            lines = (line.rpartition("input")[0] for line in text.split("\n"))
            variables = {word for line in lines for word in _WORD.findall(line)}
        words = _WORD.findall(text, max(0, at - _NAME_CHARACTERS), at)
        if words and words[-1] in variables:
            return True
    return False
