"""What an expression of a gear's Python may be, as far as the reading of its options needs.

A value is a tuple that begins with its kind. An expression has a set of values: a value alone in
its set is certain. What is empty (`None`, `{}`) does not count.
"""

import posixpath
from collections.abc import Iterable

from gearlint.core import limits
from gearlint.core.lazy import regex

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Any

Value = tuple["Any", ...]
Values = frozenset[Value]

CONTEXT: Value = ("context",)  # a GearContext or GearToolkitContext
OPTIONS: Value = ("options",)  # what the manifest's `config` declares, by name
DOCUMENT: Value = ("document",)  # what is in config.json
INPUTS: Value = ("inputs",)  # what the manifest's `inputs` declares, by name
INPUT: Value = ("input",)
PART: Value = ("part of input",)  # or a part of that
CLIENT: Value = ("client",)
FILE: Value = ("file",)  # config.json, opened
TEXT: Value = ("text",)  # its text
PARSER: Value = ("parser",)  # of the command line
OTHER: Value = ("other",)  # anything else
# ("text of", str), ("library", "a.b"), ("module", Module), ("scope", Scope), ("instance", Scope),
# ("literal", Site), ("arguments", ModuleScope) of a command line,
# ("option", name) for what an option is set to, ("text of option", name) for that by str()

NOTHING: Values = frozenset()
UNKNOWN: Values = frozenset((OTHER,))

CLIENT_CLASSES = ("flywheel.Client", "flywheel.client.Client", "flywheel.Flywheel")
CONFIG_FILES = ("/flywheel/v0/config.json", "config.json", "./config.json")
CONTEXT_CLASS = regex(
    r"(?:flywheel|fw_gear|gear_toolkit)[\w.]*\.(?:GearContext|GearToolkitContext)\Z"
)
SAME_VALUE = (
    "copy.copy", "copy.deepcopy", "builtins.dict", "collections.OrderedDict", "builtins.list",
    "builtins.sorted", "builtins.set", "builtins.tuple", "builtins.str", "pathlib.Path",
    "pathlib.PosixPath", "pathlib.PurePath", "os.path.abspath", "os.path.realpath",
    "os.path.expanduser", "os.path.normpath", "os.fspath", "munch.Munch",
)  # fmt: skip
"""Functions that give what they are given, or a copy; `as_given` says what they give of options."""

_COPIES = ("copy.copy", "copy.deepcopy")

OF_VALUES: dict[tuple[str, str], Value] = {
    ("context", "config"): OPTIONS,
    ("context", "config_json"): DOCUMENT,
    ("context", "client"): CLIENT,
    ("options", "opts"): OPTIONS,
    ("options", "_opts"): OPTIONS,
    ("options", "inputs"): INPUTS,
}
CALLED: dict[tuple[str, str], Value] = {
    ("context", "get_client"): CLIENT,
    ("context", "__enter__"): CONTEXT,
    ("context", "_get_invocation"): DOCUMENT,
    ("options", "copy"): OPTIONS,
    ("inputs", "copy"): INPUTS,
    ("document", "copy"): DOCUMENT,
    ("file", "read"): TEXT,
    ("context", "get_input"): INPUT,
    ("options", "get_input"): INPUT,
}
OF_DOCUMENT = {"config": OPTIONS, "inputs": INPUTS}
OF_INPUT = {INPUTS: INPUT, INPUT: PART, PART: PART}
"""What has a key of each."""
LOGS = ("debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log")
"""Methods of a logger, which do nothing with what they are given."""


def only(value: Value | None) -> Values:
    """A value alone, which is certain; what is unknown for `None`."""
    return UNKNOWN if value is None else frozenset((value,))


def union(sets: Iterable[Values]) -> Values:
    """All values of several sets."""
    return NOTHING.union(*sets)


def of_document(key: str) -> Values:
    """What is under a key of config.json."""
    return only(OF_DOCUMENT.get(key))


def of_options(keys: list[str]) -> Values:
    """What the options of these names are set to."""
    return frozenset(("option", key) for key in keys) or UNKNOWN


def as_given(name: str, values: Values) -> Values:
    """What such a function gives: of an option only a copy is the same, and `str()` its text."""
    if name in _COPIES:
        return values
    options = [value for value in values if value[0] == "option"]
    is_text = name == "builtins.str"
    made = [("text of option", option[1]) if is_text else OTHER for option in options]
    return values.difference(options).union(made)


def concatenated(parts: list[Values]) -> Values:
    """The strings that the parts make one after the other."""
    texts = [""]
    for values in parts:
        ends = [value[1] for value in values if value[0] == "text of"]
        if len(ends) != len(values) or len(texts) * len(ends) > limits.PYTHON_VALUES or not ends:
            return UNKNOWN
        texts = [text + end for text in texts for end in ends]
    if any(len(text) > limits.PYTHON_TEXT_CHARACTERS for text in texts):
        return UNKNOWN
    return frozenset(("text of", text) for text in texts)


def joined_path(parts: list[Values]) -> Values:
    """The paths that parts make, with slashes between them."""
    slash = only(("text of", "/"))
    with_slashes = [each for part in parts for each in (slash, part)][1:]
    joined = concatenated(with_slashes)
    return frozenset(
        ("text of", posixpath.normpath(value[1])) if value[0] == "text of" else value
        for value in joined
    )


def opened(paths: Values, modes: list[Values]) -> Values:
    """What `open` gives: config.json, to be read, or another file."""
    for mode in modes:
        if any(value[0] != "text of" or set(value[1]) & set("wax+") for value in mode):
            return UNKNOWN
    is_config = paths and all(
        value[0] == "text of" and posixpath.normpath(value[1]) in CONFIG_FILES for value in paths
    )
    return only(FILE) if is_config else UNKNOWN
