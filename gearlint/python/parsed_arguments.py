"""Attributes of parsed arguments, as `args.name`, that no `add_argument` makes."""

import ast
from collections.abc import Iterable, Iterator

from gearlint.core.lazy import cached_property, regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.core.text import is_one_edit_away
from gearlint.python.bindings import called_function, imported_name
from gearlint.python.nodes import last_name, module_of
from gearlint.python.program import Found, Program
from gearlint.python.runs import ModuleRun, runs_of, surest
from gearlint.python.scopes import Binding, Place, is_caught

_ERRORS = ("AttributeError", "BaseException")
_PARSE = ("parse_args", "parse_known_args")
_GROUPS = ("add_argument_group", "add_mutually_exclusive_group")
_ADD_NOTHING = frozenset((
    *_PARSE, "description", "epilog", "error", "exit", "format_help", "format_usage", "print_help",
    "print_usage", "prog", "usage",
))  # fmt: skip
"""What of a parser makes no attribute."""
_SETS_ANY = regex(r"\bsetattr\(|\bvars\(|__dict__")
"""What may set attributes of any name."""
_SHOW = ("print", "repr", "str")
_LOG = ("critical", "debug", "error", "exception", "info", "log", "warning")
_LEVELS = 4
"""Names and functions on the way from the arguments to the parser."""


class MissingArgument(NamedTuple):
    """An attribute that parsed arguments do not have; `owner` is what they are called there.

    `meant` is the one that is nearly called so, if there is one. `is_certain` is whether every run
    comes to it.
    """

    name: str
    owner: str
    meant: str
    source: Source
    span: Span
    is_certain: bool


def missing_arguments(programs: Iterable[Program]) -> list[MissingArgument]:
    """Each attribute that a module reads of the arguments that it parses, and that is not there."""
    found = (
        one
        for program in programs
        for run in runs_of(program)
        if "*" not in run.scope.bindings
        for one in _Arguments(run).missing()
    )
    return surest(found, lambda one: (one.source.path, one.name))


class _Arguments:
    """What one module parses, and reads of it."""

    def __init__(self, run: ModuleRun) -> None:
        self._run = run
        self._scope = run.scope
        self._attributes = {id(node.value): node for node, _ in run.scope.attributes_read}
        self._calls = {id(call.node.func): call for call in run.scope.calls}
        self._made: dict[int, set[str] | None] = {}

    @cached_property
    def _uses(self) -> dict[int, list[ast.Name]]:
        """Where each name that is bound once is read, by what binds it."""
        found: dict[int, list[ast.Name]] = {}
        for node, place in self._scope.names_read:
            binding = _only_binding(node.id, place) if isinstance(node, ast.Name) else None
            if isinstance(node, ast.Name) and binding is not None:
                found.setdefault(id(binding), []).append(node)
        return found

    def missing(self) -> Iterator[MissingArgument]:
        program = self._run.program
        place_of = program.find(self._run.module, 0, "argparse")
        if isinstance(place_of, Found) or self._are_handed_over():
            return
        for node, place in self._scope.attributes_read:
            if not isinstance(node.value, ast.Name) or node.attr.startswith("_"):
                continue
            parser = self._parser_of(node.value, place)
            names = self._names_of(parser) if parser is not None else None
            if names is None or node.attr in names or is_caught(place, *_ERRORS):
                continue
            if not program.called.may_be(place.scope) or _may_be_given(node.attr, program):
                continue
            near = [each for each in sorted(names) if is_one_edit_away(node.attr, each)]
            yield MissingArgument(
                node.attr,
                node.value.id,
                "".join(near[:1]),
                self._run.module.source,
                self._run.module.span(node),
                place_of is None and self._run.always.comes_to(place),
            )

    def _are_handed_over(self) -> bool:
        """Whether what is not the gear's gets parsed arguments, and may give them more."""
        for call, place in self._scope.calls:
            given = (*call.args, *(keyword.value for keyword in call.keywords))
            names = [each for each in given if isinstance(each, ast.Name)]
            if any(self._parser_of(each, place) for each in names) and self._may_add(call, place):
                return True
        return False

    def _may_add(self, call: ast.Call, place: Place) -> bool:
        """Whether what is called may set attributes that no text of the gear names."""
        if called_function(call.func, place) in _SHOW or _method(call) in _LOG:
            return False
        first = call.func
        while isinstance(first, ast.Attribute):
            first = first.value
        binding = _only_binding(first.id, place) if isinstance(first, ast.Name) else None
        if binding is None or not isinstance(binding.node, ast.Import | ast.ImportFrom):
            return binding is None or binding.kind != "definition"
        level = getattr(binding.node, "level", 0)
        name = module_of(binding.node, binding.node.names[binding.number])
        return not isinstance(self._run.program.find(self._run.module, level, name), Found)

    def _parser_of(self, node: ast.AST, place: Place, levels: int = _LEVELS) -> Binding | None:
        """The parser of which an expression certainly is the parsed arguments."""
        if not levels:
            return None
        if isinstance(node, ast.Name):
            binding = _only_binding(node.id, place)
            if binding is None:
                return None
            is_first = binding.kind == "part" and binding.number == 0
            parses = isinstance(binding.node, ast.Call) and _method(binding.node) == _PARSE[1]
            if binding.kind != "value" and not (is_first and parses):
                return None
            return self._parser_of(binding.node, binding.place, levels - 1)
        if not isinstance(node, ast.Call):
            return None
        if isinstance(node.func, ast.Name):
            binding = _only_binding(node.func.id, place)
            scope = binding.scope if binding is not None and binding.kind == "definition" else None
            if scope is None or scope.is_class or scope.is_generator or len(scope.returns) != 1:
                return None
            if getattr(scope.node, "decorator_list", ()):
                return None
            [returned] = scope.returns
            return self._parser_of(returned.node, returned.place, levels - 1)
        parser = node.func.value if isinstance(node.func, ast.Attribute) else None
        if _method(node) not in _PARSE or not isinstance(parser, ast.Name):
            return None
        has_own = any(keyword.arg != "args" for keyword in node.keywords) or len(node.args) > 1
        return None if has_own else _only_binding(parser.id, place)

    def _names_of(self, parser: Binding) -> set[str] | None:
        """The attributes that a parser makes; `None` where they are not all known."""
        if id(parser.node) not in self._made:
            self._made[id(parser.node)] = self._names_made(parser)
        return self._made[id(parser.node)]

    def _names_made(self, parser: Binding) -> set[str] | None:
        made = parser.node
        if not isinstance(made, ast.Call):
            return None
        keywords = {keyword.arg for keyword in made.keywords}
        if imported_name(made.func, parser.place) != "argparse.ArgumentParser":
            return None
        if keywords & {None, "parents", "prefix_chars"} or self._is_elsewhere(parser):
            return None
        return self._added_to(parser)

    def _is_elsewhere(self, parser: Binding) -> bool:
        """Whether another module may add to a parser."""
        if parser.place.scope is not self._scope:
            return False
        others = (each for each in self._run.program.modules if each is not self._run.module)
        names = {name for name, many in self._scope.bindings.items() if parser in many}
        return any(not names.isdisjoint(each.words) for each in others)

    def _added_to(self, parser: Binding) -> set[str] | None:
        """The attributes of what is added to a parser, and to the groups of it."""
        names: set[str] = set()
        owners = [parser]
        for owner in owners:  # which grow meanwhile
            for name in self._uses.get(id(owner), ()):
                method = self._attributes.get(id(name))
                call = self._calls.get(id(method))
                if method is None:
                    return None  # it is handed over
                if method.attr in _ADD_NOTHING:
                    continue
                made = _name_made(call.node) if call is not None else ""
                group = self._groups.get(id(method))
                if method.attr == "add_argument" and made:
                    names.add(made)
                elif group is not None and group not in owners:
                    owners.append(group)
                else:
                    return None
        return names

    @cached_property
    def _groups(self) -> dict[int, Binding]:
        """What binds each group of arguments that has the only one of its name, by its method."""
        calls = {id(call): call for call, _ in self._scope.calls if _method(call) in _GROUPS}
        scopes = {place.scope for call, place in self._scope.calls if id(call) in calls}
        bound = (many for scope in scopes for many in scope.bindings.values())
        return {
            id(calls[id(binding.node)].func): binding
            for binding, *others in bound
            if not others and binding.kind == "value" and id(binding.node) in calls
        }


def _only_binding(name: str, place: Place) -> Binding | None:
    """What binds a name that is bound once; `None` for any other."""
    scope = place.scope_of(name)
    bindings = scope.bindings[name] if scope is not None else []
    return bindings[0] if len(bindings) == 1 else None


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _name_made(call: ast.Call) -> str:
    """The attribute that a call of `add_argument` makes; empty if that is unknown."""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    action = given.get("action")
    is_known = action is None or isinstance(action, ast.Constant)
    if None in given or not (is_known or last_name(action) == "BooleanOptionalAction"):
        return ""
    written = [given["dest"]] if "dest" in given else call.args
    texts = [each.value if isinstance(each, ast.Constant) else None for each in written]
    names = [each for each in texts if isinstance(each, str)]
    if not names or len(names) < len(texts):
        return ""
    chosen = next((name for name in names if name.startswith("--")), names[0])
    return chosen.lstrip("-").replace("-", "_") if chosen.startswith("-") else chosen


def _may_be_given(name: str, program: Program) -> bool:
    """Whether something may set the attribute, or asks for it."""
    return any(
        name in module.attributes_set
        or name in module.words_in_quotes
        or _SETS_ANY.search(module.text) is not None
        for module in program.modules
    )
