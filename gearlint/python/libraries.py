"""What the functions and methods of libraries give, as far as they lead to config.json."""

import ast
import posixpath

from gearlint.python.nodes import last_name
from gearlint.python.scopes import ModuleScope, Place
from gearlint.python.values import (
    CALLED,
    CONFIG_FILES,
    CONTEXT,
    CONTEXT_CLASS,
    DOCUMENT,
    FILE,
    NOTHING,
    OF_INPUT,
    OPTIONS,
    OTHER,
    PARSER,
    SAME_VALUE,
    TEXT,
    UNKNOWN,
    Value,
    Values,
    as_given,
    joined_path,
    of_document,
    of_options,
    only,
    opened,
    union,
)

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.python.evaluator import Evaluator


_JOINED = (
    "os.path.join", "pathlib.Path", "pathlib.Path.joinpath", "pathlib.PosixPath",
    "pathlib.PurePath",
)  # fmt: skip
"""Functions that make one path of several parts."""
_DICTIONARIES = ("dict", "OrderedDict")


class Libraries:
    """Calls of what is not the gear's own."""

    def __init__(self, evaluator: "Evaluator") -> None:
        self.evaluator = evaluator

    def of_library(self, name: str, node: ast.Call, place: Place) -> Values:
        """What a function of a library gives, by its dotted name."""
        if CONTEXT_CLASS.match(name):
            return only(CONTEXT) if self._is_of_gear(node, place) else UNKNOWN
        arguments = [self.evaluator.of(each, place) for each in node.args]
        first = arguments[0] if arguments else NOTHING
        if name in ("json.load", "json.loads", "simplejson.load", "yaml.safe_load"):
            is_plain = not any(map(_is_hook, node.keywords))
            return only(DOCUMENT) if first and first <= {FILE, TEXT} and is_plain else UNKNOWN
        if name in ("builtins.open", "io.open", "codecs.open"):
            return opened(first, arguments[1:2])
        if name == "argparse.ArgumentParser":
            return only(PARSER)
        if name in SAME_VALUE and len(arguments) < 2:
            is_dictionary = name.rpartition(".")[2] in _DICTIONARIES
            has_more = is_dictionary and bool(node.keywords)  # dict(config, speed=1)
            return union((first, UNKNOWN)) if has_more else as_given(name, first)
        return self._of_path_library(name, node, place, arguments)

    def _of_path_library(
        self, name: str, node: ast.Call, place: Place, arguments: list[Values]
    ) -> Values:
        if name in _JOINED:
            return joined_path(arguments)
        if name in ("os.getcwd", "pathlib.Path.cwd"):
            return only(("text of", "/flywheel/v0"))
        if name == "os.path.dirname" and arguments:
            return union(self.evaluator.attribute_of(value, "parent") for value in arguments[0])
        if name in ("os.environ.get", "os.getenv") and node.args:
            values = self.evaluator.variables(node.args[0], place)
            return values if values != UNKNOWN else union(arguments[1:]) or UNKNOWN
        return UNKNOWN

    def of_arguments(self, scope: ModuleScope, name: str) -> Values:
        """The default of an option of the command line, of which a gear is given none."""
        found: list[Values] = []
        for site in self.evaluator.calls.get("add_argument", ()):
            call = site.node
            if not self.evaluator.spend():
                return UNKNOWN
            if site.place.scope.module is not scope:
                continue
            given = {word.arg: word.value for word in call.keywords}
            flags = [text for each in call.args for text in self.evaluator.texts(each, site.place)]
            names = [flag.lstrip("-").replace("-", "_") for flag in flags]
            if "dest" in given:
                names = self.evaluator.texts(given["dest"], site.place)
            if name in names and "default" in given:
                found.append(self.evaluator.of(given["default"], site.place))
        return union(found) if found else UNKNOWN

    def _is_of_gear(self, node: ast.Call, place: Place) -> bool:
        """Whether a context that is made reads the gear's own config.json."""
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        if None in given or "tempdir" in given:
            return False
        return all(
            value[0] == "text of" and posixpath.normpath(value[1]) in own
            for name, own in (("gear_path", ("/flywheel/v0", ".")), ("config_path", CONFIG_FILES))
            if name in given
            for value in self.evaluator.of(given[name], place)
        )

    def of_method(self, value: Value, name: str, node: ast.Call, place: Place) -> Values:
        """What a method of a value gives."""
        known = CALLED.get((value[0], name))
        if known is not None:
            return only(known)
        if name == "parse_args" and value in (OTHER, PARSER):
            return only(("arguments", place.scope.module))
        if value == DOCUMENT and name in ("get", "pop") and node.args:
            keys = self.evaluator.texts(node.args[0], place)
            return union(of_document(key) for key in keys) if keys else UNKNOWN
        if value == OPTIONS and name in ("get", "pop") and node.args:
            default = [self.evaluator.of(each, place) for each in node.args[1:]]
            return union([of_options(self.evaluator.texts(node.args[0], place)), *default])
        if value in OF_INPUT and name in ("get", "pop"):
            return only(OF_INPUT[value])
        if value[0] == "text of":
            return self._of_text(value[1], name, node, place)
        return UNKNOWN

    def _of_text(self, text: str, name: str, node: ast.Call, place: Place) -> Values:
        """A method of a string, or of a path."""
        arguments = [self.evaluator.of(each, place) for each in node.args]
        if name == "open":
            return opened(only(("text of", text)), arguments[:1])
        if name in ("read_text", "read_bytes") and text in CONFIG_FILES:
            return only(TEXT)
        if name in ("resolve", "absolute", "expanduser", "strip", "as_posix"):
            return only(("text of", text))
        if name == "joinpath":
            return joined_path([only(("text of", text)), *arguments])
        if name == "lower":
            return only(("text of", text.lower()))
        return UNKNOWN


def _is_hook(word: ast.keyword) -> bool:
    """Whether an argument of `json.load` makes something else of objects than dictionaries."""
    name = word.arg or ""
    return name == "cls" or (name.endswith("_hook") and last_name(word.value) not in _DICTIONARIES)
