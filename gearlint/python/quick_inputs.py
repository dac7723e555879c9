"""Whether a key of an input may be read that only a part of it has, without a syntax tree."""

from gearlint.core.lazy import regex

PARTS = {
    "path": "location", "name": "location", "id": "hierarchy", "type": "object", "info": "object",
    "modality": "object", "mimetype": "object", "classification": "object", "tags": "object",
    "size": "object", "measurements": "object",
}  # fmt: skip
"""The part of a file input in config.json that has a key, which the input itself has not."""
_KEY = regex(rf"\[\s*[\"'](?:{'|'.join(PARTS)})[\"']\s*\]")
_OF_A_PART = tuple(f"{quote}{each}{quote}]" for each in {*PARTS.values()} for quote in "\"'")
_NAME_CHARACTERS = 50
"""Of what is before a key; what is longer is not a name that anybody gives."""
_WORD = regex(r"\w+")


def may_read_parts(text: str) -> bool:
    """Whether a text may read such a key of an input, as far as is cheap."""
    if "input" not in text:
        return False
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
