"""What an expression of a gear's Python may be, as far as the reading of its options needs.

A value is a tuple that begins with its kind. An expression has a set of values: a value alone in
its set is certain. What is empty (`None`, `{}`) does not count.
"""

import ast
import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.lazy import regex
from gearlint.python.modules import Found, Module, Program
from gearlint.python.scopes import Binding, ModuleScope, Place, Scope, Site

Value: TypeAlias = tuple[Any, ...]
Values: TypeAlias = frozenset[Value]

CONTEXT: Value = ("context",)  # a GearContext or GearToolkitContext
OPTIONS: Value = ("options",)  # what the manifest's `config` declares, by name
DOCUMENT: Value = ("document",)  # what is in config.json
INPUTS: Value = ("inputs",)  # what the manifest's `inputs` declares, by name
INPUT: Value = ("input",)
CLIENT: Value = ("client",)
FILE: Value = ("file",)  # config.json, opened
TEXT: Value = ("text",)  # its text
PARSER: Value = ("parser",)  # of the command line
OTHER: Value = ("other",)  # anything else
# ("text of", str), ("library", "a.b"), ("module", Module), ("scope", Scope), ("instance", Scope),
# ("literal", Site), ("arguments", ModuleScope) of a command line

NOTHING: Values = frozenset()
UNKNOWN: Values = frozenset((OTHER,))

CLIENT_CLASSES = ("flywheel.Client", "flywheel.client.Client", "flywheel.Flywheel")
CONFIG_FILES = ("/flywheel/v0/config.json", "config.json", "./config.json")
_CONTEXT_CLASS = regex(r"(?:flywheel|fw_gear|gear_toolkit)[\w.]*\.(?:GearContext|GearToolkitContext)\Z")
_SAME = ("copy.copy", "copy.deepcopy", "builtins.dict", "collections.OrderedDict", "builtins.list",
         "builtins.sorted", "builtins.set", "builtins.tuple", "builtins.str", "pathlib.Path",
         "pathlib.PosixPath", "pathlib.PurePath", "os.path.abspath", "os.path.realpath",
         "os.path.expanduser", "os.path.normpath", "os.fspath", "munch.Munch")  # fmt: skip
"""Functions that give what they are given, or a copy."""

_OF_VALUES: dict[tuple[str, str], Value] = {
    ("context", "config"): OPTIONS,
    ("context", "config_json"): DOCUMENT,
    ("context", "client"): CLIENT,
    ("options", "opts"): OPTIONS,
    ("options", "_opts"): OPTIONS,
    ("options", "inputs"): INPUTS,
}
_CALLED: dict[tuple[str, str], Value] = {
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
_OF_DOCUMENT = {"config": OPTIONS, "inputs": INPUTS}


class Evaluator:
    """Evaluates the expressions of a program; `environment` gives its environment variables."""

    def __init__(
        self, program: Program, environment: Callable[[str], str | None] = lambda name: None
    ) -> None:
        self.program = program
        self.environment = environment
        self.modules: dict[ModuleScope, Module] = {}
        self._calls: dict[str, list[Site]] = {}
        self._known: dict[int, Values] = {}
        self._active: dict[int, int] = {}
        self._lowest = limits.PYTHON_STEPS
        self._steps = Budget(limits.PYTHON_STEPS)
        for module in program.modules:
            if module.scope is not None:
                self.modules[module.scope] = module
                for site in module.scope.calls:
                    self._calls.setdefault(_called_name(site.node), []).append(site)
        self._evaluators: dict[type, Callable[[Any, Place], Values]] = {
            ast.Constant: self._constant,
            ast.JoinedStr: self._joined,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.Call: self._call,
            ast.BoolOp: self._either,
            ast.IfExp: self._either,
            ast.BinOp: self._operation,
            ast.NamedExpr: self._inner,
            ast.Await: self._inner,
            ast.Starred: self._inner,
            ast.Dict: self._dict,
            ast.Tuple: self._literal,
            ast.List: self._literal,
            ast.Set: self._literal,
        }

    @property
    def is_spent(self) -> bool:
        """Whether there was too much to evaluate: all is unknown then."""
        return self._steps.is_spent

    def of(self, node: ast.AST, place: Place) -> Values:
        """The values that an expression may have."""
        key = id(node)
        if key in self._known:
            return self._known[key]
        if key in self._active:
            self._lowest = min(self._lowest, self._active[key])
            return NOTHING
        evaluate = self._evaluators.get(type(node))
        if evaluate is None or not self._steps.spend(1):
            return UNKNOWN
        depth = len(self._active)
        if depth > limits.PYTHON_LEVELS:
            return UNKNOWN
        outer, self._lowest = self._lowest, limits.PYTHON_STEPS
        self._active[key] = depth
        values = evaluate(node, place)
        del self._active[key]
        if len(values) > limits.PYTHON_VALUES:
            values = UNKNOWN
        if self._lowest >= depth:  # it does not depend on one that is not known yet
            self._known[key] = values
            self._lowest = outer
        else:
            self._lowest = min(outer, self._lowest)
        return values

    def is_certainly(self, node: ast.AST, place: Place, value: Value) -> bool:
        """Whether an expression can only be one value."""
        return self.of(node, place) == {value}

    def may_be_of_gear(self, name: str) -> bool:
        """Whether what is imported by a name may be the gear's own, of which nothing is known."""
        return self.program.top(name.partition(".")[0]) is not None

    def texts(self, node: ast.AST, place: Place) -> list[str]:
        """The strings that an expression may be, as far as they are known."""
        return sorted(value[1] for value in self.of(node, place) if value[0] == "text of")

    # Expressions

    def _constant(self, node: ast.Constant, place: Place) -> Values:
        if node.value is None:
            return NOTHING
        if isinstance(node.value, str) and len(node.value) <= limits.PYTHON_TEXT_CHARACTERS:
            return frozenset((("text of", node.value),))
        return UNKNOWN

    def _joined(self, node: ast.JoinedStr, place: Place) -> Values:
        parts: list[Values] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                if part.format_spec is not None or part.conversion not in (-1, 115):
                    return UNKNOWN
                parts.append(self.of(part.value, place))
            else:
                parts.append(self.of(part, place))
        return _concatenated(parts)

    def _operation(self, node: ast.BinOp, place: Place) -> Values:
        if isinstance(node.op, ast.BitOr):
            return self.of(node.left, place) | self.of(node.right, place)
        if not isinstance(node.op, ast.Add | ast.Div):
            return UNKNOWN
        sides = [self.of(node.left, place), self.of(node.right, place)]
        if isinstance(node.op, ast.Div):
            sides.insert(1, frozenset((("text of", "/"),)))
        return _concatenated(sides)

    def _inner(self, node: Any, place: Place) -> Values:
        return self.of(node.value, place)

    def _either(self, node: ast.BoolOp | ast.IfExp, place: Place) -> Values:
        parts = node.values if isinstance(node, ast.BoolOp) else (node.body, node.orelse)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            parts = node.values[-1:]
        return _union(self.of(part, place) for part in parts)

    def _dict(self, node: ast.Dict, place: Place) -> Values:
        if not node.keys:
            return NOTHING
        copied = [self.of(v, place) for k, v in zip(node.keys, node.values, strict=True) if not k]
        if copied:
            return _union(copied)
        return self._literal(node, place)

    def _literal(self, node: ast.AST, place: Place) -> Values:
        return frozenset((("literal", Site(node, place)),))

    def _name(self, node: ast.Name, place: Place) -> Values:
        scope: Scope | None = place.scope
        while scope is not None:
            if not scope.is_class or scope is place.scope:
                here = place if scope is place.scope else scope.end
                found = scope.bound(node.id, here)
                if found:
                    return _union(self._bound(each, node.id) for each in found)
                if node.id in scope.bindings and not scope.is_class:
                    return UNKNOWN
            scope = scope.parent
        if node.id == "__file__":
            return frozenset((("text of", self._module(place).path),))
        starred = self._starred(place.scope.module, node.id)
        return starred or frozenset((("library", f"builtins.{node.id}"),))

    def _module(self, place: Place) -> Module:
        return self.modules[place.scope.module]

    def _starred(self, scope: ModuleScope, name: str) -> Values:
        """What `from module import *` may bind a name to."""
        found: list[Values] = []
        for binding in scope.bindings.get("*", ()):
            if isinstance(binding.node, ast.ImportFrom):
                found.append(self._imported_from(binding.node, name, scope))
        known = [values for values in found if values != UNKNOWN]
        return _union(known) if known else (UNKNOWN if found else NOTHING)

    def _bound(self, binding: Binding, name: str) -> Values:
        place = binding.seen_from or binding.place
        kind, node = binding.kind, binding.node
        if kind == "value":
            return self.of(node, place)
        if kind == "with":
            return _union(self._entered(value) for value in self.of(node, place))
        if kind == "item":
            return self.items(node, place)
        if kind == "part":
            return self._part(node, place, binding.index)
        if kind == "parameter" and isinstance(node, ast.arg):
            return self._parameter(node, place.scope, binding.index)
        if kind == "import":
            return self._imported(binding, name)
        if kind == "definition" and binding.scope is not None:
            return frozenset((("scope", binding.scope),))
        return UNKNOWN

    def _entered(self, value: Value) -> Values:
        """What `with value as x` gives."""
        if value[0] == "instance":
            entered = self._method(value[1], "__enter__")
            if entered is not None:
                return self._returned(entered)
        return frozenset((value,))

    def items(self, node: ast.AST, place: Place) -> Values:
        """What a loop over an expression gives, one by one."""
        found: list[Values] = []
        for value in self.of(node, place):
            if value[0] == "literal":
                site = value[1]
                inner = site.node.keys if isinstance(site.node, ast.Dict) else site.node.elts
                found += [self.of(each, site.place) for each in inner if each is not None]
            else:
                found.append(UNKNOWN)
        return _union(found)

    def _part(self, node: ast.AST, place: Place, index: int) -> Values:
        """Number `index` of what an expression is unpacked to."""
        found: list[Values] = []
        for value in self.of(node, place):
            elements: Sequence[ast.AST] = ()
            if value[0] == "literal":
                elements = getattr(value[1].node, "elts", ())
            is_plain = not any(isinstance(each, ast.Starred) for each in elements)
            if is_plain and index < len(elements):
                found.append(self.of(elements[index], value[1].place))
            else:
                found.append(UNKNOWN)
        return _union(found)

    # Attributes and items

    def _attribute(self, node: ast.Attribute, place: Place) -> Values:
        return _union(self._of(value, node.attr) for value in self.of(node.value, place))

    def _of(self, value: Value, name: str) -> Values:
        """An attribute of a value."""
        kind = value[0]
        if kind == "library":
            return frozenset((("library", f"{value[1]}.{name}"),))
        if kind == "module":
            return self._of_module(value[1], name)
        if kind == "instance":
            return self._of_instance(value[1], name)
        if kind == "scope" and value[1].is_class:
            found = value[1].bindings.get(name)
            return _union(self._bound(each, name) for each in found) if found else UNKNOWN
        if kind == "arguments":
            return self._of_arguments(value[1], name)
        if kind == "text of" and name == "parent":
            return frozenset((("text of", posixpath.dirname(value[1]) or "."),))
        known = _OF_VALUES.get((kind, name))
        return frozenset((known,)) if known is not None else UNKNOWN

    def _of_module(self, module: Module, name: str) -> Values:
        scope = module.scope
        if scope is not None and name in scope.bindings:
            return _union(self._bound(each, name) for each in scope.bound(name, scope.end))
        if scope is not None:
            starred = self._starred(scope, name)
            if starred:
                return starred
        if module.is_package:
            inner = self.program.find(module, 1, name)
            found = self.program.module_at(inner) if isinstance(inner, Found) else None
            if found is not None:
                return frozenset((("module", found),))
        return UNKNOWN

    def _classes(self, scope: Scope) -> Iterator[Scope | Value]:
        """A class and those that it is built on: of the gear, or as values."""
        pending, seen = [scope], {id(scope)}
        while pending:
            here = pending.pop()
            yield here
            place = (here.parent or here).end
            for base in getattr(here.node, "bases", ()):
                for value in self.of(base, place):
                    if value[0] == "scope" and id(value[1]) not in seen:
                        seen.add(id(value[1]))
                        pending.append(value[1])
                    elif value[0] != "scope":
                        yield value

    def _of_instance(self, scope: Scope, name: str) -> Values:
        found: list[Values] = []
        for each in self._classes(scope):
            if isinstance(each, tuple):
                if each[0] == "library" and _CONTEXT_CLASS.match(each[1]):
                    known = _OF_VALUES.get(("context", name))
                    found.append(frozenset((known,)) if known is not None else UNKNOWN)
                continue
            found += [self.of(site.node, site.place) for site in each.attributes.get(name, ())]
            for binding in each.bindings.get(name, ()):
                inner = binding.scope
                if inner is not None and _is_property(inner.node):
                    found.append(self._returned(inner))
                else:
                    found.append(self._bound(binding, name))
            if found:
                break
        return _union(found) if found else UNKNOWN

    def _method(self, scope: Scope, name: str) -> Scope | None:
        """The method of a class, or of one that it is built on."""
        for each in self._classes(scope):
            if isinstance(each, Scope):
                for binding in each.bindings.get(name, ()):
                    if binding.scope is not None:
                        return binding.scope
        return None

    def _subscript(self, node: ast.Subscript, place: Place) -> Values:
        found: list[Values] = []
        for value in self.of(node.value, place):
            keys = self.texts(node.slice, place) if value[0] in ("document", "literal") else []
            if value == DOCUMENT:
                found.append(_union(_of_document(key) for key in keys) if keys else UNKNOWN)
            elif value in (INPUTS, INPUT):
                found.append(frozenset((INPUT,)))
            elif value[0] == "library" and value[1] == "os.environ":
                found.append(self._variables(node.slice, place))
            elif value[0] == "literal" and isinstance(value[1].node, ast.Dict):
                found.append(self._of_dict(value[1], keys))
            else:
                found.append(UNKNOWN)
        return _union(found)

    def _of_dict(self, site: Site, keys: list[str]) -> Values:
        assert isinstance(site.node, ast.Dict)  # noqa: S101
        pairs = zip(site.node.keys, site.node.values, strict=True)
        found = [
            self.of(value, site.place)
            for key, value in pairs
            if isinstance(key, ast.Constant) and key.value in keys
        ]
        return _union(found) if found else UNKNOWN

    def _variables(self, name: ast.AST, place: Place) -> Values:
        values = [self.environment(text) for text in self.texts(name, place)]
        known = [value for value in values if value is not None]
        return frozenset(("text of", value) for value in known) or UNKNOWN

    # Calls

    def _call(self, node: ast.Call, place: Place) -> Values:
        return _union(self._called(value, node, place) for value in self.callees(node, place))

    def callees(self, node: ast.Call, place: Place) -> Values:
        """What is called: `("method", value, name)` for a method of a value that is not the gear's."""
        if not isinstance(node.func, ast.Attribute):
            return self.of(node.func, place)
        found: list[Values] = []
        for value in self.of(node.func.value, place):
            if value[0] in ("library", "module", "scope"):
                found.append(self._of(value, node.func.attr))
            elif value[0] == "instance":
                found.append(self._callee_of_instance(value, node.func.attr))
            else:
                found.append(frozenset((("method", value, node.func.attr),)))
        return _union(found)

    def _callee_of_instance(self, value: Value, name: str) -> Values:
        method = self._method(value[1], name)
        if method is not None:
            return frozenset((("scope", method),))
        bases = [each for each in self._classes(value[1]) if isinstance(each, tuple)]
        if any(each[0] == "library" and _CONTEXT_CLASS.match(each[1]) for each in bases):
            return frozenset((("method", CONTEXT, name),))
        return self._of(value, name)

    def _called(self, callee: Value, node: ast.Call, place: Place) -> Values:
        kind = callee[0]
        if kind == "library":
            return self._of_library(callee[1], node, place)
        if kind == "method":
            return self._of_method(callee[1], callee[2], node, place)
        if kind == "scope" and callee[1].is_class:
            return frozenset((("instance", callee[1]),))
        if kind == "scope" and callee[1].is_function:
            return self._returned(callee[1])
        return UNKNOWN

    def _returned(self, scope: Scope) -> Values:
        if isinstance(scope.node, ast.Lambda):
            return self.of(scope.node.body, scope.end)
        decorators = getattr(scope.node, "decorator_list", [])
        if any(not _is_plain_decorator(each) for each in decorators):
            return UNKNOWN
        if scope.is_generator:
            return UNKNOWN
        return _union(self.of(site.node, site.place) for site in scope.returns)

    def _of_library(self, name: str, node: ast.Call, place: Place) -> Values:
        if _CONTEXT_CLASS.match(name):
            return frozenset((CONTEXT,)) if self._is_of_gear(node, place) else UNKNOWN
        arguments = [self.of(each, place) for each in node.args]
        first = arguments[0] if arguments else NOTHING
        if name in CLIENT_CLASSES:
            return UNKNOWN if node.args or node.keywords else frozenset((CLIENT,))
        if name in ("json.load", "json.loads", "simplejson.load", "yaml.safe_load"):
            known = frozenset((DOCUMENT,)) if first and first <= {FILE, TEXT} else UNKNOWN
            return known
        if name in ("builtins.open", "io.open", "codecs.open"):
            return _opened(first, arguments[1:2])
        if name == "argparse.ArgumentParser":
            return frozenset((PARSER,))
        if name in _SAME:
            return first if arguments else NOTHING
        return self._of_path_library(name, node, place, arguments)

    def _of_path_library(
        self, name: str, node: ast.Call, place: Place, arguments: list[Values]
    ) -> Values:
        if name in ("os.path.join", "pathlib.Path.joinpath"):
            return _joined_path(arguments)
        if name in ("os.getcwd", "pathlib.Path.cwd"):
            return frozenset((("text of", "/flywheel/v0"),))
        if name == "os.path.dirname" and arguments:
            return _union(self._of(value, "parent") for value in arguments[0])
        if name in ("os.environ.get", "os.getenv") and node.args:
            values = self._variables(node.args[0], place)
            return values if values != UNKNOWN else _union(arguments[1:2]) or UNKNOWN
        if name in ("collections.defaultdict", "builtins.object"):
            return UNKNOWN
        return UNKNOWN

    def _of_arguments(self, scope: ModuleScope, name: str) -> Values:
        """The default of an option of the command line, of which a gear is given none."""
        found: list[Values] = []
        for site in self._calls.get("add_argument", ()):
            call = site.node
            if not isinstance(call, ast.Call) or site.place.scope.module is not scope:
                continue
            given = {word.arg: word.value for word in call.keywords}
            flags = [text for each in call.args for text in self.texts(each, site.place)]
            names = [flag.lstrip("-").replace("-", "_") for flag in flags]
            if "dest" in given:
                names = self.texts(given["dest"], site.place)
            if name in names and "default" in given:
                found.append(self.of(given["default"], site.place))
        return _union(found) if found else UNKNOWN

    def _is_of_gear(self, node: ast.Call, place: Place) -> bool:
        """Whether a context that is made reads the gear's own config.json."""
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        if None in given or "tempdir" in given:
            return False
        for name, own in (("gear_path", ("/flywheel/v0", ".")), ("config_path", CONFIG_FILES)):
            value = given.get(name)
            texts = self.texts(value, place) if value is not None else []
            if value is not None and not {posixpath.normpath(text) for text in texts} & set(own):
                return isinstance(value, ast.Constant) and value.value is None
        return True

    def _of_method(self, value: Value, name: str, node: ast.Call, place: Place) -> Values:
        known = _CALLED.get((value[0], name))
        if known is not None:
            return frozenset((known,))
        if name == "parse_args" and value in (OTHER, PARSER):
            return frozenset((("arguments", place.scope.module),))
        if value == DOCUMENT and name in ("get", "pop") and node.args:
            keys = self.texts(node.args[0], place)
            return _union(_of_document(key) for key in keys) if keys else UNKNOWN
        if value in (INPUTS, INPUT) and name in ("get", "pop"):
            return frozenset((INPUT,))
        if value[0] == "text of":
            return self._of_text(value[1], name, node, place)
        return UNKNOWN

    def _of_text(self, text: str, name: str, node: ast.Call, place: Place) -> Values:
        """A method of a string, or of a path."""
        arguments = [self.of(each, place) for each in node.args]
        if name == "open":
            return _opened(frozenset((("text of", text),)), arguments[:1])
        if name in ("read_text", "read_bytes") and text in CONFIG_FILES:
            return frozenset((TEXT,))
        if name in ("resolve", "absolute", "expanduser", "strip", "as_posix"):
            return frozenset((("text of", text),))
        if name == "joinpath":
            return _joined_path([frozenset((("text of", text),)), *arguments])
        if name == "lower":
            return frozenset((("text of", text.lower()),))
        return UNKNOWN

    # Functions of the gear

    def _parameter(self, argument: ast.arg, scope: Scope, index: int) -> Values:
        """What a parameter is given: by its annotation, else where the function is called."""
        owner = scope.parent
        is_method = owner is not None and owner.is_class and not _is_static(scope.node)
        if is_method and index == 0:
            kind = "scope" if _is_class_method(scope.node) else "instance"
            return frozenset(((kind, owner),))
        if argument.annotation is not None:
            for value in self.of(argument.annotation, (owner or scope).end):
                if value[0] == "library" and _CONTEXT_CLASS.match(value[1]):
                    return frozenset((CONTEXT,))
        found = list(self._given(argument.arg, scope, index - is_method))
        default = _default_of(scope, argument, index)
        if default is not None and found:
            found.append(self.of(default, (owner or scope).end))
        return _union(found) if found else UNKNOWN

    def _given(self, name: str, scope: Scope, index: int) -> Iterator[Values]:
        for site in self.calls_of(scope):
            call = site.node
            assert isinstance(call, ast.Call)  # noqa: S101
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            is_starred = any(isinstance(each, ast.Starred) for each in call.args)
            if name in given:
                yield self.of(given[name], site.place)
            elif is_starred or None in given:
                yield UNKNOWN
            elif 0 <= index < len(call.args):
                yield self.of(call.args[index], site.place)
        if self._may_be_called_elsewhere(scope):
            yield UNKNOWN

    def calls_of(self, scope: Scope) -> Iterator[Site]:
        """The calls of a function of the gear."""
        name = scope.name
        owner = scope.parent
        is_init = name == "__init__" and owner is not None and owner.is_class
        for site in self._calls.get(owner.name if is_init and owner is not None else name, ()):
            assert isinstance(site.node, ast.Call)  # noqa: S101
            for value in self.callees(site.node, site.place):
                meant = value[1] if value[0] == "scope" else None
                if is_init and meant is not None and meant.is_class:
                    meant = self._method(meant, "__init__")
                if meant is scope:
                    yield site

    def _may_be_called_elsewhere(self, scope: Scope) -> bool:
        """Whether something is called by its name of which nobody knows what it is."""
        sites = self._calls.get(scope.name, ()) if scope.parent is not scope.module else ()
        for site in sites:
            assert isinstance(site.node, ast.Call)  # noqa: S101
            if any(value == OTHER or value[0] == "method" and value[1] == OTHER
                   for value in self.callees(site.node, site.place)):  # fmt: skip
                return True
        return False

    # Imports

    def _imported(self, binding: Binding, name: str) -> Values:
        node, scope = binding.node, binding.place.scope.module
        if isinstance(node, ast.ImportFrom):
            return self._imported_from(node, node.names[binding.index].name, scope)
        assert isinstance(node, ast.Import)  # noqa: S101
        alias = node.names[binding.index]
        dotted = alias.name if alias.asname else alias.name.partition(".")[0]
        return self._module_named(scope, 0, dotted)

    def _imported_from(self, node: ast.ImportFrom, name: str, scope: ModuleScope) -> Values:
        module = self.modules[scope]
        inner = f"{node.module}.{name}" if node.module else name
        values = self._module_named(scope, node.level, node.module or "")
        found: list[Values] = []
        for value in values:
            if value[0] == "module":
                found.append(self._of_module(value[1], name))
            elif value[0] == "library":
                found.append(frozenset((("library", f"{value[1]}.{name}"),)))
        result = _union(found) or UNKNOWN
        if result == UNKNOWN or (values and next(iter(values))[0] == "library"):
            place = self.program.find(module, node.level, inner)
            one = self.program.module_at(place) if isinstance(place, Found) else None
            if one is not None:
                return frozenset((("module", one),))
        return result

    def _module_named(self, scope: ModuleScope, level: int, name: str) -> Values:
        found = self.program.find(self.modules[scope], level, name)
        module = self.program.module_at(found) if isinstance(found, Found) else None
        if module is not None and (module.scope in self.modules):
            return frozenset((("module", module),))
        return frozenset((("library", name),)) if name else UNKNOWN


def _union(sets: Iterable[Values]) -> Values:
    return NOTHING.union(*sets)


def _of_document(key: str) -> Values:
    known = _OF_DOCUMENT.get(key)
    return frozenset((known,)) if known is not None else UNKNOWN


def _concatenated(parts: list[Values]) -> Values:
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


def _joined_path(parts: list[Values]) -> Values:
    slash = frozenset((("text of", "/"),))
    with_slashes = [each for part in parts for each in (slash, part)][1:]
    joined = _concatenated(with_slashes)
    return frozenset(
        ("text of", posixpath.normpath(value[1])) if value[0] == "text of" else value
        for value in joined
    )


def _opened(paths: Values, modes: list[Values]) -> Values:
    """What `open` gives: config.json, to be read, or another file."""
    for mode in modes:
        if any(value[0] != "text of" or set(value[1]) & set("wax+") for value in mode):
            return UNKNOWN
    is_config = paths and all(
        value[0] == "text of" and posixpath.normpath(value[1]) in CONFIG_FILES for value in paths
    )
    return frozenset((FILE,)) if is_config else UNKNOWN


def _called_name(call: ast.AST) -> str:
    """The last name of what is called."""
    function = getattr(call, "func", None)
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _decorators(node: ast.AST) -> list[str]:
    return [
        each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "")
        for each in getattr(node, "decorator_list", ())
    ]


def _is_property(node: ast.AST) -> bool:
    return any(name in ("property", "cached_property") for name in _decorators(node))


def _is_static(node: ast.AST) -> bool:
    return "staticmethod" in _decorators(node)


def _is_class_method(node: ast.AST) -> bool:
    return "classmethod" in _decorators(node)


def _is_plain_decorator(decorator: ast.AST) -> bool:
    names = ("property", "cached_property", "staticmethod", "classmethod")
    name = decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", "")
    return name in names


def _default_of(scope: Scope, argument: ast.arg, index: int) -> ast.AST | None:
    """The default of a parameter."""
    arguments = getattr(scope.node, "args", None)
    if arguments is None:
        return None
    if index < 0:
        at = arguments.kwonlyargs.index(argument)
        return arguments.kw_defaults[at]
    first = len(scope.parameters) - len(arguments.defaults)
    return arguments.defaults[index - first] if index >= first else None
