"""Calls of Python's own library that fail, or lose what they are given, for their arguments."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.core.text import quoted
from gearlint.python.missing_attributes import imported_name, in_effect
from gearlint.python.program import Program
from gearlint.python.runs import ModuleRun, runs_of, surest
from gearlint.python.scopes import Binding, Block, Place, is_caught

_MODULES = ("argparse", "json", "subprocess")
STARTERS = ("Popen", "call", "check_call", "check_output", "run")
"""What of `subprocess` starts a program."""
_HAS_ARGUMENTS = regex(r"\s*(?!cmd\s|[\"'])(?:[^\s/]+\s+\S|\S+\s+-)")
"""A program with its arguments in one string: no file has such a name. `cmd` is of Windows."""
_ASKS_FOR_SYSTEM = ("platform", "'nt'", "win")
_HOLE = "\0"
_WITHOUT_VALUE = frozenset(("choices", "const", "nargs", "type"))
NOT_TAKEN = {
    "store_true": _WITHOUT_VALUE, "store_false": _WITHOUT_VALUE, "count": _WITHOUT_VALUE,
    "store_const": frozenset(("choices", "nargs", "type")),
}  # fmt: skip
"""The parameters that `add_argument` does not take with an `action`, in any version."""
_MAKE_PARSERS = ("add_argument_group", "add_mutually_exclusive_group", "add_parser")
_OWN_OPTIONS = ("-h", "--help")
_NO_FILE = ("FileNotFoundError", "OSError", "IOError", "EnvironmentError")
_NO_METHOD = ("AttributeError",)
_CONFLICT = ("ArgumentError",)
_PATHS = ("os.path.join", "os.path.abspath", "os.path.expanduser", "pathlib.Path")
_ONE_STRING = "give it a list, as shlex.split() makes one, or add shell=True"


class LibraryCall(NamedTuple):
    """A call of the library with what it does not take; `is_certain` is whether every run fails."""

    message: str
    advice: str
    source: Source
    span: Span
    is_certain: bool


class _Fault(NamedTuple):
    """What is wrong with a call, what to do, and the errors that it raises: none if it goes on."""

    message: str
    advice: str
    errors: tuple[str, ...] = ("TypeError",)


def wrong_library_calls(programs: Iterable[Program]) -> list[LibraryCall]:
    """Each such call of the modules that a program runs."""
    found = (
        one
        for program in programs
        for run in runs_of(program)
        if "*" not in run.scope.bindings and not _is_hidden(run)
        for one in _of_module(run)
    )
    return surest(found, lambda one: (one.source.path, one.span))


def _is_hidden(run: ModuleRun) -> bool:
    """Whether a file of the gear has the name of a module of the library."""
    return any(run.program.find(run.module, 0, name) is not None for name in _MODULES)


def _of_module(run: ModuleRun) -> Iterator[LibraryCall]:
    added: set[tuple[ast.AST, Block, str]] = set()
    for node, place in run.scope.calls:
        if any(keyword.arg is None for keyword in node.keywords):
            continue
        if any(isinstance(each, ast.Starred) for each in node.args):
            continue
        fault = _fault(node, place) or _of_parser(node, place, added)
        if fault is None or is_caught(place, *fault.errors):
            continue
        if not run.program.called.may_be(place.scope):
            continue
        if place.block.is_guarded(_asks_for_system):
            continue
        is_certain = bool(fault.errors) and run.always.comes_to(place)
        span = run.module.span(node)
        yield LibraryCall(fault.message, fault.advice, run.module.source, span, is_certain)


def _asks_for_system(guard: ast.AST) -> bool:
    """Whether a test asks for the operating system."""
    test = ast.dump(guard).lower() if isinstance(guard, ast.expr) else ""
    return any(word in test for word in _ASKS_FOR_SYSTEM)


def _fault(node: ast.Call, place: Place) -> _Fault | None:
    """What is wrong with a call of a function of the library, if that is known."""
    module, _, name = imported_name(node.func, place).rpartition(".")
    if (module, name) == ("os", "environ"):
        return _Fault("os.environ is called, and is not a function", "write os.environ[...]")
    if not node.args:
        return None
    if module == "subprocess" and name in STARTERS:
        return _of_starter(node, place, f"subprocess.{name}()")
    if module == "json" and name in ("load", "dump"):
        at = int(name == "dump")
        if len(node.args) > at and _is_path(node.args[at], place):
            advice = f"open it first: with open(...) as file: json.{name}(...)"
            return _Fault(f"json.{name}() takes a file, and is given a path", advice, _NO_METHOD)
    if (module, name) == ("json", "loads") and _is_file(node.args[0], place):
        return _Fault("json.loads() takes a text, and is given a file", "write json.load")
    return None


def _of_starter(node: ast.Call, place: Place, name: str) -> _Fault | None:
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    shell = given.get("shell", ast.Constant(value=False))
    if "executable" in given or not isinstance(shell, ast.Constant):
        return None
    words = node.args[0]
    if shell.value is True and isinstance(words, ast.List | ast.Tuple) and len(words.elts) > 1:
        first = words.elts[0]
        if not isinstance(first, ast.Constant) or "$" in str(first.value):
            return None
        what = f"{name} runs {quoted(str(first.value))} alone: with shell=True"
        message = f"{what} the rest of a list are no arguments of it"
        return _Fault(message, "leave out shell=True, or give it one string", ())
    texts = _texts(words, place) if shell.value is False else []
    if not texts or not all(map(_HAS_ARGUMENTS.match, texts)):
        return None
    program = quoted(texts[0].replace(_HOLE, "{}"))
    return _Fault(f"{name} looks for a program called {program}", _ONE_STRING, _NO_FILE)


def _texts(node: ast.expr, place: Place) -> list[str]:
    """The strings that an expression may be, with a mark for what is not known; none if unknown."""
    if not isinstance(node, ast.Name):
        text = _text(node)
        return [] if text is None else [text]
    found = [
        _text(each.node) if each.kind == "value" and isinstance(each.node, ast.expr) else None
        for each in _bindings(node.id, place)
    ]
    return [] if None in found else [text for text in found if text is not None]


def _bindings(name: str, place: Place) -> list[Binding]:
    """What may have bound a name at a place."""
    scope = place.scope_of(name)
    return in_effect(scope.bindings[name], scope, place) if scope is not None else []


def _text(node: ast.expr) -> str | None:
    """A string as it is written, with a mark for what is put into it; `None` if it is none."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(
                str(part.value) if isinstance(part, ast.Constant) else _HOLE for part in parts
            )
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(text))):
            return text
        case ast.BinOp(op=ast.Add(), left=left):
            before = _text(left)
            return None if before is None else before + _HOLE
        case ast.Call(func=ast.Attribute(attr="format", value=ast.Constant(value=str(text)))):
            return text
        case ast.Call(
            func=ast.Attribute(attr="join", value=ast.Constant(value=" ")),
            args=[ast.List(elts=[ast.Constant(value=str(first)), _, *_])],
        ):
            return f"{first} {_HOLE}"
    return None


def _is_path(node: ast.expr, place: Place) -> bool:
    if isinstance(node, ast.Call):
        return imported_name(node.func, place) in _PATHS
    return bool(_texts(node, place))


def _is_file(node: ast.expr, place: Place) -> bool:
    """Whether an expression is an open file."""
    if isinstance(node, ast.Name):
        bindings = _bindings(node.id, place)
        return bool(bindings) and all(
            each.kind == "with" and _is_opened(each.node, place) for each in bindings
        )
    return _is_opened(node, place)


def _is_opened(node: ast.AST, place: Place) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    return node.func.id == "open" and place.scope_of("open") is None


def _of_parser(
    node: ast.Call, place: Place, added: set[tuple[ast.AST, Block, str]]
) -> _Fault | None:
    """What is wrong with a call of `add_argument`; `added` is what was added to which parser."""
    parser = _parser(node.func, place)
    if parser is None:
        return None
    names = [each.value for each in node.args if isinstance(each, ast.Constant)]
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    action = given.get("action")
    if isinstance(action, ast.Constant) and action.value in NOT_TAKEN:
        wrong = [each for each in given if each in NOT_TAKEN[action.value]]
        if wrong:
            what = f'with action="{action.value}"'
            return _Fault(f"add_argument() does not take {quoted(wrong[0])} {what}", "leave it out")
    is_positional = bool(names) and not str(names[0]).startswith("-")
    wrong = [each for each in ("required", "dest") if each in given]
    if is_positional and wrong and len(names) == len(node.args):
        message = f"add_argument() does not take {quoted(wrong[0])} of an argument without dashes"
        return _Fault(message, "leave it out", ("TypeError", "ValueError"))
    return _added_twice(parser, names, place, added)


def _parser(function: ast.expr, place: Place) -> ast.Call | None:
    """The call that made the parser, or group, to which an argument is added."""
    if not isinstance(function, ast.Attribute) or function.attr != "add_argument":
        return None
    owner = function.value
    bindings = _bindings(owner.id, place) if isinstance(owner, ast.Name) else []
    node = bindings[0].node if len(bindings) == 1 and bindings[0].kind == "value" else None
    if not isinstance(node, ast.Call):
        return None
    made = imported_name(node.func, bindings[0].place)
    is_group = isinstance(node.func, ast.Attribute) and node.func.attr in _MAKE_PARSERS
    return node if made == "argparse.ArgumentParser" or (is_group and not made) else None


def _added_twice(
    parser: ast.Call,
    names: Sequence[object],
    place: Place,
    added: set[tuple[ast.AST, Block, str]],
) -> _Fault | None:
    keywords = [keyword.arg for keyword in parser.keywords]
    if "conflict_handler" in keywords or None in keywords:
        return None
    for name in names:
        if not isinstance(name, str) or not name.startswith("-"):
            continue
        if (
            name in _OWN_OPTIONS
            and "ArgumentParser" in ast.unparse(parser.func)
            and "add_help" not in keywords
        ):
            advice = "call it otherwise, or write add_help=False"
            return _Fault(f"the parser has {quoted(name)} already, for its help", advice, _CONFLICT)
        key = (parser, place.block, name)
        if key in added:
            return _Fault(f"the parser gets {quoted(name)} twice", "remove one", _CONFLICT)
        added.add(key)
    return None
