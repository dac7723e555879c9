"""Writes `gearlint/python/signatures.txt`: what functions of Python take, in any version.

`python -m tests.python.signatures_table PYTHON...` asks each Python that is named for the functions
in the table, and takes what the type stubs of mypy have for newer versions. A line is one
signature. Those that another one includes are left out; nothing else is dropped.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path

import mypy

from gearlint.python.quick_signatures import OF_2, PATH, TABLE, table
from gearlint.python.signatures import parameters_of

_STUBS = Path(mypy.__file__).parent / "typeshed" / "stdlib"
_FILES = {"": ["builtins"], "os.path": ["posixpath", "genericpath"]}
_SHORT = 24
"""Characters of a default that is written out."""
ASK = """
import importlib, inspect, json, sys
try:
    import builtins
except ImportError:
    import __builtin__ as builtins

def written(name, default):
    if name == "mode" and isinstance(default, int):
        return "0o%o" % default
    plain = default is None or type(default) in (bool, int, str) or default == ()
    return repr(default) if plain and len(repr(default)) < 24 else "..."

def of_3(thing, is_method):
    given = list(inspect.signature(thing).parameters.values())[is_method:]
    parts, before = [], None
    for each in given:
        kind = str(each.kind.name)
        if before == "POSITIONAL_ONLY" and kind != before:
            parts.append("/")
        if kind == "KEYWORD_ONLY" and before not in (kind, "VAR_POSITIONAL"):
            parts.append("*")
        star = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(kind, "")
        default = each.default
        has = default is not inspect.Parameter.empty
        parts.append(star + each.name + ("=" + written(each.name, default) if has else ""))
        before = kind
    if before == "POSITIONAL_ONLY":
        parts.append("/")
    return ", ".join(parts)

def of_2(thing, is_method):
    if inspect.isclass(thing):
        thing, is_method = thing.__init__, True
    args, star, stars, defaults = inspect.getargspec(thing)
    is_bound = is_method or getattr(thing, "__self__", None) is not None
    first = len(args) - len(defaults or ())
    parts = args[:first]
    parts += [n + "=" + written(n, d) for n, d in zip(args[first:], defaults or ())]
    parts = parts[is_bound:] + (["*" + star] if star else []) + (["**" + stars] if stars else [])
    return ", ".join(parts)

found = {}
for name in sys.argv[1:]:
    is_method = name.startswith("Path.")
    module, _, last = (("pathlib." if name.startswith("Path.") else "") + name).rpartition(".")
    owner = ""
    if module in ("pathlib.Path", "datetime.datetime"):
        module, _, owner = module.partition(".")
    try:
        thing = importlib.import_module(module) if module else builtins
        for part in (owner, last):
            thing = getattr(thing, part) if part else thing
        found[name] = (of_2 if sys.version_info[0] == 2 else of_3)(thing, is_method)
    except (AttributeError, ImportError, TypeError, ValueError):
        pass
print(json.dumps(found))
"""
"""A program of Python 2 and 3 that prints what functions take."""


def signatures_of(python: str, names: Iterable[str]) -> dict[str, str]:
    """What the functions of one Python take, as far as it says so."""
    run = subprocess.run([python, "-c", ASK, *names], check=True, capture_output=True)
    found: dict[str, str] = json.loads(run.stdout)
    return found


def stub_signatures(name: str) -> Iterator[str]:
    """What the type stubs say that a function takes, in any version."""
    module, _, last = (f"pathlib.{name}" if name.startswith(PATH) else name).rpartition(".")
    owners = [last]
    if module in ("datetime.datetime", "pathlib.Path"):
        module, _, owner = module.partition(".")
        owners = [owner, last]
    for file in _FILES.get(module, [module]):
        path = _STUBS / file.replace(".", "/")
        path = path / "__init__.pyi" if path.is_dir() else path.with_suffix(".pyi")
        for names in (owners, [last, "__init__"], [last, "__new__"]):
            for function in _defined(_body(path), names):
                yield _written(deepcopy(function), is_method=len(names) > 1)


@cache
def _body(path: Path) -> list[ast.stmt]:
    return ast.parse(path.read_text()).body


def _defined(body: list[ast.stmt], names: list[str]) -> Iterator[ast.FunctionDef]:
    """The functions of a name; of more than one, those in a class."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _defined([*node.body, *node.orelse], names)
        elif isinstance(node, ast.ClassDef) and node.name == names[0] and names[1:]:
            yield from _defined(node.body, names[1:])
        elif isinstance(node, ast.FunctionDef) and node.name == names[0] and not names[1:]:
            yield node


def _written(function: ast.FunctionDef, *, is_method: bool) -> str:
    given = function.args
    if is_method:
        (given.posonlyargs or given.args).pop(0)
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    for each in filter(None, every):
        each.annotation = None
    ellipsis = ast.Constant(value=...)
    for defaults in (given.defaults, given.kw_defaults):
        for at, default in enumerate(defaults):
            if default is not None and len(ast.unparse(default)) > _SHORT:
                defaults[at] = ellipsis
    return re.sub(r"\bmode=(\d{3})", lambda match: f"mode={int(match[1]):#o}", ast.unparse(given))


def includes(wider: ast.arguments, other: ast.arguments) -> bool:
    """Whether each call that fits a signature fits another one too."""
    wide, narrow = _places(wider), _places(other)
    if (other.vararg and not wider.vararg) or (other.kwarg and not wider.kwarg):
        return False
    for at, (name, is_named, is_needed) in enumerate(narrow):
        if at >= len(wide):
            if not wider.vararg or (is_named and not wider.kwarg):
                return False
        else:
            its_name, its_named, its_needed = wide[at]
            if (is_named and not (its_named and its_name == name)) or (
                its_needed and not is_needed
            ):
                return False
    if any(is_needed for _, _, is_needed in wide[len(narrow) :]):
        return False
    named = {name: is_needed for name, is_named, is_needed in wide if is_named} | _by_name(wider)
    needed = _by_name(other)
    if any(is_needed and not needed.get(name) for name, is_needed in _by_name(wider).items()):
        return False
    return all(
        (name in named and (is_needed or not named[name])) or (wider.kwarg and name not in named)
        for name, is_needed in needed.items()
    )


def _places(given: ast.arguments) -> list[tuple[str, bool, bool]]:
    """Of each parameter that may be given by position: name, may be named, is needed."""
    every = [*given.posonlyargs, *given.args]
    needed = len(every) - len(given.defaults)
    only = len(given.posonlyargs)
    return [(each.arg, at >= only, at < needed) for at, each in enumerate(every)]


def _by_name(given: ast.arguments) -> dict[str, bool]:
    """The parameters that may be given by name alone, with whether each is needed."""
    pairs = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    return {each.arg: default is None for each, default in pairs}


def widest(signatures: Iterable[str]) -> list[str]:
    """Those that no other one includes; of equals the first."""
    kept: list[str] = []
    for new in signatures:
        if any(includes(parameters_of(each), parameters_of(new)) for each in kept):
            continue
        kept = [each for each in kept if not includes(parameters_of(new), parameters_of(each))]
        kept.append(new)
    return kept


def main(pythons: list[str]) -> None:
    """Adds what each Python takes to the table."""
    known = table()
    of_3: dict[str, list[str]] = {}
    of_2: dict[str, list[str]] = {}
    for python in pythons:
        version = subprocess.run(
            [python, "-c", "import sys; print(sys.version_info[0])"],
            check=True,
            capture_output=True,
        ).stdout.strip()
        target = of_2 if version == b"2" else of_3
        for name, each in signatures_of(python, known).items():
            target.setdefault(name, []).append(each)
    lines = []
    for name, before in sorted(known.items()):
        kept = [each for each in before if not each.startswith(OF_2)]
        newest = list(dict.fromkeys((*stub_signatures(name), *of_3.get(name, ()))))
        found = widest([*newest, *kept])
        old = [each.removeprefix(OF_2) for each in before if each.startswith(OF_2)]
        old = widest([*old, *of_2.get(name, ())])
        lines += [f"{name}({each})\n" for each in found]
        lines += [
            f"{OF_2}{name}({each})\n"
            for each in old
            if not any(includes(parameters_of(one), parameters_of(each)) for one in found)
        ]
    Path(TABLE).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
