"""What a gear's own Python reads of its options and inputs, and where it uses the client."""

import ast

from gearlint.core import limits
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.image.state import input_at
from gearlint.python import quick
from gearlint.python.conditions import Conditions
from gearlint.python.evaluator import Evaluator
from gearlint.python.nodes import is_try
from gearlint.python.scopes import ModuleScope, Place, Scope, Site, StoreSite, is_caught
from gearlint.python.values import (
    CLIENT,
    CLIENT_CLASSES,
    CONTEXT,
    DOCUMENT,
    INPUT,
    INPUTS,
    LOGS,
    OPTIONS,
    PART,
    Value,
)

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Literal

    Kind = Literal["option", "input"]
else:
    Kind = str


_OF_INPUT = (
    "get_input", "get_input_path", "get_input_filename", "get_input_file_object", "open_input",
    "get_input_file_object_value", "get_context_value",
)  # fmt: skip
"""Methods of a context whose first argument is the name of an input."""
_BY_CLIENT = (
    "get_destination_container", "get_destination_parent", "get_container_from_ref",
    "download_session_bids", "download_project_bids",
)  # fmt: skip
"""Methods of a context that use the client."""
_ERRORS = ("KeyError", "LookupError", "Exception", "BaseException", "TypeError")
_KINDS: dict[Value, Kind] = {OPTIONS: "option", INPUTS: "input"}


PATH = "path"
"""How an input is read by its directory, `/flywheel/v0/input/NAME`."""


class Read(NamedTuple):
    """One place that reads an option or an input.

    `how` is `[]`, the name of the method, `default` for one that is given a default, or `PATH`.
    `has_default` is whether it gives something else where there is none. `is_guarded` is whether it
    is asked before, or an error is caught, `is_tested` whether what a method gives is tested
    afterwards: `if path:`. `place` is where a program reads it by a key.
    """

    kind: Kind
    name: str
    how: str
    has_default: bool
    is_guarded: bool
    source: Source
    span: Span
    is_tested: bool = False
    place: Place | None = None


class ClientUse(NamedTuple):
    """One place that uses the client.

    `is_guarded` is whether it is asked before if there is one, `has_key` whether it is made with a
    key that is not an input's.
    """

    is_guarded: bool
    has_key: bool
    source: Source
    span: Span


class Reads(NamedTuple):
    """All that the Python of a gear reads.

    `own` are the keys that the gear sets itself, by kind. `wholes` are the kinds of which anything
    may be read: by a key that is computed, or in a loop over all. `changed` are those of which any
    key may be the gear's own.
    """

    reads: list[Read]
    clients: list[ClientUse]
    own: dict[Kind, set[str]]
    wholes: set[Kind]
    changed: set[Kind]
    asked: set[Kind]


def nothing_read() -> Reads:
    """What reads nothing, to which what is found is added."""
    return Reads([], [], {"option": set(), "input": set()}, set(), set(), set())


def reads_of(evaluator: Evaluator) -> Reads:
    """What the modules of a program read, in the order of their text."""
    return _Collector(evaluator).collect()


class _Collector:
    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.found = nothing_read()
        self._tests: dict[Scope, Conditions] = {}
        self._over_mapping: dict[ast.AST, bool] = {}
        self._asks_client: dict[Scope, bool] = {}
        self.mentioned = {name for scope in evaluator.modules for name in scope.mentioned}

    def collect(self) -> Reads:
        for scope in self.evaluator.modules:
            self._module(scope)
        self._paths()
        if self.evaluator.is_spent:
            return self.found._replace(reads=[], clients=[])
        return self.found

    def _module(self, scope: ModuleScope) -> None:
        for store in scope.stores:
            self._store(store)
        for site in scope.reads:
            if isinstance(site.node, ast.Subscript):
                self._subscript(site.node, site.place)
        for call, place in scope.calls:
            self._call(call, place)
        for site in scope.wholes:
            self._whole(site)
        for node, place in scope.attributes_read:
            if self.evaluator.is_certainly(node.value, place, CLIENT):
                self._used_client(node, place)

    def _is_live(self, scope: Scope) -> bool:
        """Whether a function may be called: something has its name, or it is for a library."""
        return all(
            not each.name
            or each.name.startswith("__")
            or each.name in self.mentioned
            or self.evaluator.classes.is_called_by_others(each)
            for each in scope.outward()
        )

    def _kind(self, node: ast.AST, place: Place) -> Kind | None:
        """Whether an expression certainly is all the options, or all the inputs."""
        values = self.evaluator.of(node, place)
        return _KINDS.get(next(iter(values))) if len(values) == 1 else None

    def _source_of(self, node: ast.AST, place: Place) -> tuple[Source, Span]:
        """The file that has a node, and where in it."""
        module = self.evaluator.modules[place.scope.module]
        return module.source, module.span(node)

    # Reads

    def _subscript(self, node: ast.Subscript, place: Place) -> None:
        kind = self._kind(node.value, place)
        if kind is not None:
            self._read(kind, node.slice, "[]", place)

    def _call(self, node: ast.Call, place: Place) -> None:
        for callee in self.evaluator.callees(node, place):
            if callee[0] == "library":
                self._given(node, place, may_change=self.evaluator.may_be_of_gear(callee[1]))
                if callee[1] in CLIENT_CLASSES:
                    self._client_made(node, place)
            elif callee[0] == "method":
                self._method(callee, node, place)
            elif callee[0] == "other":
                self._given(node, place, may_change=True)

    def _method(self, callee: Value, node: ast.Call, place: Place) -> None:
        _, value, name = callee
        key = node.args[0] if node.args else None
        key = key or next((word.value for word in node.keywords if word.arg == "name"), None)
        if not self.evaluator.is_certainly(_base(node), place, value):
            return
        if value in _KINDS and name in ("get", "pop") and key is not None:
            how = "default" if len(node.args) > 1 else name
            self._read(_KINDS[value], key, how, place, how != "pop")
        elif value in (CONTEXT, OPTIONS) and name in _OF_INPUT and key is not None:
            self._read("input", key, name, place, name != "open_input", node)
        elif value in _KINDS and name in ("items", "keys", "values", "__getitem__"):
            self.found.wholes.add(_KINDS[value])
        elif value in _KINDS and name in ("update", "setdefault", "__setitem__"):
            self._updated(_KINDS[value], name, node, place)
        elif value == CONTEXT and name in _BY_CLIENT:
            self._used_client(node, place)
        else:
            self._given(node, place, may_change=value[0] == "other" and name not in LOGS)

    def _read(
        self,
        kind: Kind,
        key: ast.AST,
        how: str,
        place: Place,
        has_default: bool = False,
        call: ast.Call | None = None,
    ) -> None:
        values = self.evaluator.of(key, place)
        if any(value[0] != "text of" for value in values) or not values:
            self.found.wholes.add(kind)
        if not self._is_live(place.scope) or len(self.found.reads) > limits.PYTHON_READS:
            return
        tests = self._tests_of(place.scope)
        if isinstance(key, ast.Name) and tests.ask_for(key, ""):
            return  # one of many names, each read only where it is there
        is_tested = call is not None and tests.are_of(call)
        source, span = self._source_of(key, place)
        for name in self.evaluator.texts(key, place):
            is_guarded = tests.ask_for(key, name) or is_caught(place, *_ERRORS)
            self.found.reads.append(
                Read(kind, name, how, has_default, is_guarded, source, span, is_tested, place)
            )

    def _tests_of(self, scope: Scope) -> Conditions:
        if scope not in self._tests:
            self._tests[scope] = Conditions(scope)
        return self._tests[scope]

    def _paths(self) -> None:
        """What is read by the directory of an input, which may be one that the gear makes."""
        modules = self.evaluator.program.modules
        if not any(quick.names_input_directory(module.text) for module in modules):
            return
        from gearlint.python.opened import Use, files_opened

        for one in files_opened(self.evaluator):
            name = input_at(one.path)
            if name and one.use in (Use.WRITES, Use.UNKNOWN):
                self.found.own["input"].add(name)
            elif name and one.use is Use.READS and self._is_live(one.place.scope):
                read = Read("input", name, PATH, True, False, one.source, one.span)
                self.found.reads.append(read)

    # What the gear sets itself, and what it uses as a whole

    def _store(self, store: StoreSite) -> None:
        node, place, _ = store
        if isinstance(node, ast.Subscript):
            self._item_stored(node, place)
        elif isinstance(node, ast.Attribute) and node.attr in ("config", "opts", "config_json"):
            values = self.evaluator.of(node.value, place)
            if values & {CONTEXT, OPTIONS}:
                self.found.changed.add("option")

    def _item_stored(self, node: ast.Subscript, place: Place) -> None:
        values = self.evaluator.of(node.value, place)
        texts = self.evaluator.texts(node.slice, place)
        if isinstance(node.value, ast.Attribute) and node.value.attr in ("config", "opts"):
            self.found.own["option"].update(texts)
        for value, kind in _KINDS.items():
            if value in values:
                self.found.own[kind].update(texts)
                if not texts and not self._is_own_key(node.slice, place):
                    self.found.changed.add(kind)
        if DOCUMENT in values:
            kinds: dict[str, Kind] = {"config": "option", "inputs": "input"}
            self.found.changed.update(kinds[text] for text in texts if text in kinds)

    def _is_own_key(self, key: ast.AST, place: Place) -> bool:
        """Whether a key is one of those that a loop over the same mapping gives."""
        if not isinstance(key, ast.Name):
            return False
        bindings = place.scope.bound(key.id, place)
        return bool(bindings) and all(
            binding.kind in ("item", "other") and self._is_over_mapping(binding.node, place)
            for binding in bindings
        )

    def _is_over_mapping(self, node: ast.AST, place: Place) -> bool:
        """Whether what a loop goes over has all the options, or all the inputs, in it."""
        if node not in self._over_mapping:  # many stores may be in one loop
            self._over_mapping[node] = any(
                isinstance(each, ast.Name | ast.Attribute) and self._kind(each, place) is not None
                for each in ast.walk(node)
            )
        return self._over_mapping[node]

    def _updated(self, kind: Kind, name: str, node: ast.Call, place: Place) -> None:
        """`update({...})`, `update(a=1)` and `setdefault("a", 1)`."""
        self.found.own[kind].update(word.arg for word in node.keywords if word.arg)
        if any(word.arg is None for word in node.keywords):
            self.found.changed.add(kind)
        for argument in node.args[:1]:
            if name != "update":
                self._set(kind, argument, place)
                continue
            for value in self.evaluator.of(argument, place):
                literal = value[1].node if value[0] == "literal" else None
                if not isinstance(literal, ast.Dict):
                    self.found.changed.add(kind)
                    continue
                for key in literal.keys:
                    self._set(kind, key, value[1].place)

    def _set(self, kind: Kind, key: ast.AST | None, place: Place) -> None:
        """The gear sets a key; `None` is of the `**` of a mapping, which may have any."""
        texts = self.evaluator.texts(key, place) if key is not None else []
        self.found.own[kind].update(texts)
        if not texts:
            self.found.changed.add(kind)

    def _given(self, node: ast.Call, place: Place, *, may_change: bool) -> None:
        """What is called is not the gear's: of what it is given it may read anything, or set it."""
        arguments = [*node.args, *(word.value for word in node.keywords)]
        if isinstance(node.func, ast.Name) and node.func.id == "setattr" and len(arguments) == 3:
            texts = self.evaluator.texts(arguments[1], place)
            may_change = not texts or bool(set(texts) & {"config", "opts", "config_json"})
        for argument in arguments:
            self._whole(Site(argument, place))
            if isinstance(argument, ast.Dict):
                continue  # a copy
            if may_change and self.evaluator.of(argument, place) & {CONTEXT, OPTIONS, DOCUMENT}:
                self.found.changed.add("option")
            if may_change and self.evaluator.of(argument, place) & {INPUTS, DOCUMENT}:
                self.found.changed.add("input")

    def _whole(self, site: Site) -> None:
        node, place = site
        parts = node.comparators if isinstance(node, ast.Compare) else [node]
        is_asked = isinstance(node, ast.Compare) and not self.evaluator.texts(node.left, place)
        for part in parts:
            for value in self.evaluator.of(part, place):
                if value in _KINDS:
                    self.found.wholes.add(_KINDS[value])
                    self.found.asked.update((_KINDS[value],) if is_asked else ())
                elif value in (DOCUMENT, CONTEXT):
                    self.found.wholes.update(("option", "input"))

    # The client

    def _client_made(self, node: ast.Call, place: Place) -> None:
        """`flywheel.Client()`, or with a key that is not an input's."""
        given = [*node.args, *(word.value for word in node.keywords if word.arg == "api_key")]
        for part in (part for argument in given for part in ast.walk(argument)):
            if isinstance(part, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
                values = self.evaluator.of(part, place)
                if values & {INPUT, PART} or any(
                    "os.environ" in str(value[1:]) for value in values
                ):
                    return
        self._used_client(node, place, has_key=bool(given))

    def _used_client(self, node: ast.AST, place: Place, *, has_key: bool = False) -> None:
        if not self._is_live(place.scope) or len(self.found.clients) > limits.PYTHON_READS:
            return
        if place.scope not in self._asks_client:
            self._asks_client[place.scope] = self._may_ask_for_client(place)
        is_guarded = self._asks_client[place.scope] or place.block.is_guarded(is_try)
        self.found.clients.append(ClientUse(is_guarded, has_key, *self._source_of(node, place)))

    def _may_ask_for_client(self, place: Place) -> bool:
        """Whether a test of the scope asks for the client, or for an input: it may be its key."""
        return any(
            bool(self.evaluator.of(node, place) & {CLIENT, INPUT, PART})
            for node in self._tests_of(place.scope).nodes
            if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
        )


def _base(call: ast.Call) -> ast.AST:
    return call.func.value if isinstance(call.func, ast.Attribute) else call.func
