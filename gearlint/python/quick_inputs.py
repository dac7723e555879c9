"""Whether a key of an input may be read that only a part of it has, without a syntax tree."""

from gearlint.core.lazy import regex

PARTS = {
    "path": "location", "name": "location", "id": "hierarchy", "type": "object", "info": "object",
    "modality": "object", "mimetype": "object", "classification": "object", "tags": "object",
    "size": "object", "measurements": "object",
}  # fmt: skip
"""The part of a file input in config.json that has a key, which the input itself has not."""
_KEY = regex(
    r"(\b\w++|[\])])(?<!location[\"']\])(?<!object[\"']\])(?<!hierarchy[\"']\])"
    rf"\[\s*[\"'](?:{'|'.join(PARTS)})[\"']\s*\]"
)
_WORD = regex(r"\w+")


def may_read_parts(text: str) -> bool:
    """Whether a text may read such a key of an input, as far as is cheap."""
    if "input" not in text:
        return False
    variables: set[str] | None = None
    for match in _KEY.finditer(text):
        if match[1] in "])":
            if "input" in text[text.rfind("\n", 0, match.start()) + 1 : match.start()]:
                return True
            continue
        if variables is None:  # what may be set to an input, as in `image = inputs["image"]`
            lines = (line.rpartition("input")[0] for line in text.split("\n"))
            variables = {word for line in lines for word in _WORD.findall(line)}
        if match[1] in variables:
            return True
    return False
