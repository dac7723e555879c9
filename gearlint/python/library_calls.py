"""Calls of Python's own library that fail, or lose what they are given, for their arguments."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.core.text import quoted
from gearlint.core.unknown import Unknown
from gearlint.python.bindings import bindings_of, called_function, imported_name
from gearlint.python.fault import Fault
from gearlint.python.literals import refused_literal
from gearlint.python.nodes import is_for_a_version
from gearlint.python.program import ALWAYS_FIRST, Program
from gearlint.python.quick_signatures import PATH
from gearlint.python.runs import ModuleRun, runs_of, surest
from gearlint.python.scopes import Block, Place, is_caught
from gearlint.python.signatures import wrong_arguments

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from collections.abc import Callable

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


def wrong_library_calls(
    programs: Iterable[Program], minor_of: "Callable[[Program], int | None]"
) -> list[LibraryCall]:
    """Each such call of the modules that a program runs.

    `minor_of` is the 12 of the Python 3.12 that certainly runs a program, `None` if not known.
    """
    found = (
        one
        for program in programs
        for run in runs_of(program)
        if "*" not in run.scope.bindings
        for one in _of_module(run, minor_of)
    )
    return surest(found, lambda one: (one.source.path, one.span))


def _of_module(
    run: ModuleRun, minor_of: "Callable[[Program], int | None]"
) -> Iterator[LibraryCall]:
    added: set[tuple[ast.AST, Block, str]] = set()
    for node, place in run.scope.calls:
        if any(keyword.arg is None for keyword in node.keywords):
            continue
        if any(isinstance(each, ast.Starred) for each in node.args):
            continue
        name = _name_in_tables(node.func, place)
        fault = _fault(node, place, name) or _of_parser(node, place, added)
        if fault is None or is_caught(place, *fault.errors):
            continue
        if not run.program.called.may_be(place.scope) or _may_be_another(name, run):
            continue
        if place.block.is_guarded(_asks_for_another):
            continue
        if fault.since is not None and not run.program.started.is_3:
            continue
        if fault.since and fault.since > (minor_of(run.program) or 0):
            continue
        is_hidden = _hides(name, run)
        if is_hidden:
            continue
        is_certain = bool(fault.errors) and is_hidden is False and run.always.comes_to(place)
        span = run.module.span(node)
        yield LibraryCall(fault.message, fault.advice, run.module.source, span, is_certain)


def _name_in_tables(function: ast.expr, place: Place) -> str:
    """The dotted name of a function of Python, with the class of a path; empty if unknown."""
    if isinstance(function, ast.Attribute) and _is_path(function.value, place):
        return f"{PATH}.{function.attr}"
    return called_function(function, place)


def _is_path(node: ast.expr, place: Place, levels: int = 5) -> bool:
    """Whether an expression is certainly a `Path`."""
    match node:
        case ast.Call(func=function):
            return imported_name(function, place) == "pathlib.Path"
        case ast.BinOp(op=ast.Div(), left=left):
            return _is_path(left, place, levels)
        case ast.Attribute(attr="parent", value=value):
            return _is_path(value, place, levels)
        case ast.Name(id=name) if levels:
            bindings = bindings_of(name, place)
            return 0 < len(bindings) <= levels and all(
                each.kind == "value"
                and isinstance(each.node, ast.expr)
                and _is_path(each.node, each.seen_from or each.place, levels - 1)
                for each in bindings
            )
    return False


def _may_be_another(name: str, run: ModuleRun) -> bool:
    """Whether something may set the function, or the name of one of Python itself."""
    last = name.rpartition(".")[2]
    if last == name and name and run.module.may_have_other_names:
        return True
    return any(last in each.attributes_set for each in run.program.modules)


def _hides(name: str, run: ModuleRun) -> bool | None:
    """Whether a file of the gear has the name of a function's module; `None` if that is unknown."""
    top, dot, _ = (name or "argparse.").partition(".")
    if not dot or top in ALWAYS_FIRST:
        return False
    found = run.program.find(run.module, 0, "pathlib" if top == PATH else top)
    return None if isinstance(found, Unknown) else found is not None


def _asks_for_another(guard: ast.AST) -> bool:
    """Whether a test asks for the operating system, or the version of Python."""
    if is_for_a_version(guard):
        return True
    test = ast.dump(guard).lower() if isinstance(guard, ast.expr) else ""
    return any(word in test for word in _ASKS_FOR_SYSTEM)


def _fault(node: ast.Call, place: Place, called: str) -> Fault | None:
    """What is wrong with a call of a function of the library, if that is known."""
    fault = refused_literal(node, called, place) or wrong_arguments(node, called)
    if fault is not None:
        return fault
    module, _, name = called.rpartition(".")
    if (module, name) == ("os", "environ"):
        return Fault("os.environ is called, and is not a function", "write os.environ[...]")
    if not node.args:
        return None
    if module == "subprocess" and name in STARTERS:
        return _of_starter(node, place, f"subprocess.{name}()")
    if module == "json" and name in ("load", "dump"):
        at = int(name == "dump")
        if len(node.args) > at and _gives_path(node.args[at], place):
            advice = f"open it first: with open(...) as file: json.{name}(...)"
            return Fault(f"json.{name}() takes a file, and is given a path", advice, _NO_METHOD)
    if (module, name) == ("json", "loads") and _is_file(node.args[0], place):
        return Fault("json.loads() takes a text, and is given a file", "write json.load")
    return None


def _of_starter(node: ast.Call, place: Place, name: str) -> Fault | None:
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
        return Fault(message, "leave out shell=True, or give it one string", ())
    texts = _texts(words, place) if shell.value is False else []
    if not texts or not all(map(_HAS_ARGUMENTS.match, texts)):
        return None
    program = quoted(texts[0].replace(_HOLE, "{}"))
    return Fault(f"{name} looks for a program called {program}", _ONE_STRING, _NO_FILE)


def _texts(node: ast.expr, place: Place) -> list[str]:
    """The strings that an expression may be, with a mark for what is not known; none if unknown."""
    if not isinstance(node, ast.Name):
        text = _text(node)
        return [] if text is None else [text]
    found = [
        _text(each.node) if each.kind == "value" and isinstance(each.node, ast.expr) else None
        for each in bindings_of(node.id, place)
    ]
    return [] if None in found else [text for text in found if text is not None]


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


def _gives_path(node: ast.expr, place: Place) -> bool:
    if isinstance(node, ast.Call):
        return imported_name(node.func, place) in _PATHS
    return bool(_texts(node, place))


def _is_file(node: ast.expr, place: Place) -> bool:
    """Whether an expression is an open file."""
    if isinstance(node, ast.Name):
        bindings = bindings_of(node.id, place)
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
) -> Fault | None:
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
            return Fault(f"add_argument() does not take {quoted(wrong[0])} {what}", "leave it out")
    is_positional = bool(names) and not str(names[0]).startswith("-")
    wrong = [each for each in ("required", "dest") if each in given]
    if is_positional and wrong and len(names) == len(node.args):
        message = f"add_argument() does not take {quoted(wrong[0])} of an argument without dashes"
        return Fault(message, "leave it out", ("TypeError", "ValueError"))
    return _added_twice(parser, names, place, added)


def _parser(function: ast.expr, place: Place) -> ast.Call | None:
    """The call that made the parser, or group, to which an argument is added."""
    if not isinstance(function, ast.Attribute) or function.attr != "add_argument":
        return None
    owner = function.value
    bindings = bindings_of(owner.id, place) if isinstance(owner, ast.Name) else []
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
) -> Fault | None:
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
            return Fault(f"the parser has {quoted(name)} already, for its help", advice, _CONFLICT)
        key = (parser, place.block, name)
        if key in added:
            return Fault(f"the parser gets {quoted(name)} twice", "remove one", _CONFLICT)
        added.add(key)
    return None
