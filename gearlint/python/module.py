"""A module of a gear: its text and, where it is needed, its syntax tree."""

import posixpath
import warnings

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.lazy import cached_property, regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    import ast
    from collections.abc import Callable
    from typing import TypeVar

    from gearlint.python.scopes import ModuleScope
    from gearlint.python.symbols import Symbols

    Parsed = TypeVar("Parsed")

_IMPORT = regex(
    r"\n[ \t]*+(?:from[ \t]++([\w.]++)[ \t]++)?+import\b"
    r"([ \t]*+\([^)]*+|[^#\n\\]*+(?:\\\r?\n[^#\n\\]*+)*+)"
)
"""A line that imports, with the end of the line before it, which `re` finds faster than `^`."""
_TAKEN = regex(r"(\w++)(?:\s++as\s++(\w++))?")
_WORD = regex(r"\w+")
_SET = regex(r"\.(\w++)(?=[^=\n(:]{0,80}=(?!=))")
_IN_QUOTES = regex(r"[\"'](\w++)(?=[\"'])")
_ADDS_MODULES = regex(
    r"\b(?:(?:exec|eval|setattr)\s*\(|(?:__getattr__|__path__|sys\s*\.\s*modules|import_module)\b)"
    r"|\bsys\s+import\b.*\bmodules\b"
)
"""What may give a package modules that are not in its directory."""
_PARTS = regex(rb"(?:\.[\s\\]*+[\w\x80-\xff]++[\s\\]*+)++")
"""The parts of `a.b.c` after the first."""


class ImportLine(NamedTuple):
    """A line that may import a module, by the number of leading dots and its dotted name.

    `taken` are the names that it takes from it, and what each is called here; where it takes the
    module itself, that is called `local`.
    """

    level: int
    name: str
    local: str
    taken: tuple[tuple[str, str], ...] = ()


class Module:
    """A module of the gear: its text, and its path in the image."""

    def __init__(
        self, source: Source, path: str, name: str, budget: Budget, *, is_meant: bool = False
    ) -> None:
        self.source = source
        self.path = path
        self.name = name
        self.is_package = posixpath.basename(path) == "__init__.py"
        self.is_main = name == "__main__"
        self.is_meant = is_meant
        """Whether it is only meant to be in the image: nobody knows what is there."""
        self._budget = budget

    @property
    def directory(self) -> str:
        """The directory of the image that it is in."""
        return posixpath.dirname(self.path)

    @cached_property
    def text(self) -> str:
        """Its text; empty where it is not UTF-8 or has no lines as others have them."""
        text = self.source.text
        if text is None or "\0" in text or text.count("\r") != text.count("\r\n"):
            return ""
        return text

    @cached_property
    def words(self) -> set[str]:
        """The words of its text."""
        return set(_WORD.findall(self.text))

    @cached_property
    def may_have_other_names(self) -> bool:
        """Whether something may give it names that are not in its text."""
        from gearlint.python.dynamic import may_be_given_names

        lines = self.lines_that_import
        taken = (local for line in lines for _, local in line.taken)
        return may_be_given_names(
            self.text, (*taken, *(line.local.partition(".")[0] for line in lines))
        )

    @cached_property
    def may_add_modules(self) -> bool:
        """Whether something may give it, a package, modules that are not in its directory."""
        return _ADDS_MODULES.search(self.text) is not None

    @cached_property
    def attributes_set(self) -> frozenset[str]:
        """The names of attributes that its text may set, of whatever has them (`a.name = 1`)."""
        return frozenset(_SET.findall(self.text))

    @cached_property
    def words_in_quotes(self) -> frozenset[str]:
        """The words that are alone in quotes."""
        return frozenset(_IN_QUOTES.findall(self.text))

    def words_after(self, name: str) -> set[str]:
        """What its text has after a name and a dot."""
        pieces = self.text.split(f"{name}.")[1:]
        found = {match[0] for piece in pieces if (match := _WORD.match(piece))}
        if "" in pieces[:-1]:
            found.add(name.partition(".")[0])  # `name.name.`
        return found

    @cached_property
    def lines_that_import(self) -> list[ImportLine]:
        """What its lines may import, without its tree."""
        found: list[ImportLine] = []
        if "import" not in self.text:
            return found
        for match in _IMPORT.finditer(f"\n{self.text}"):
            if match[1]:
                name = match[1].lstrip(".")
                taken = tuple((each[1], each[2] or each[1]) for each in _TAKEN.finditer(match[2]))
                found.append(ImportLine(len(match[1]) - len(name), name, "", taken))
            else:
                parts = match[2].replace("\\", " ").replace(";", ",").split(",")
                lines = [words for words in map(str.split, parts) if words]
                found += [ImportLine(0, words[0], words[-1]) for words in lines]
        return list(dict.fromkeys(found))

    @cached_property
    def scope(self) -> "ModuleScope | None":
        """Its names and places of interest; `None` where it cannot be parsed."""
        import ast

        from gearlint.python.walker import module_scope

        return self._parsed(lambda text: module_scope(ast.parse(text), is_main=self.is_main))

    @cached_property
    def docstrings(self) -> "list[Span]":
        """The strings that are statements by themselves, which nothing reads."""
        import ast

        nodes = ast.walk(self.scope.node) if self.scope is not None else ()
        found = [
            self.span(node)
            for node in nodes
            if isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ]
        return sorted(found)

    @cached_property
    def _symbols(self) -> "Symbols | None":
        """Its names; `None` where it cannot be parsed. That is far quicker than its tree."""
        from gearlint.python.symbols import symbols_of

        return self._parsed(symbols_of)

    @property
    def is_refused(self) -> bool:
        """Whether the Python that runs gearlint does not parse it, so that another may not."""
        return self._may_be_parsed and self._symbols is None

    @property
    def bound(self) -> frozenset[str] | None:
        """The names that its text binds in it, `*` aside; `None` where that is not known."""
        return self._symbols.bound if self._symbols is not None else None

    @property
    def unbound(self) -> frozenset[str]:
        """The names that it looks up as its own, and never binds; none where that is not known."""
        unbound = self._symbols.unbound if self._symbols is not None else frozenset()
        return frozenset() if unbound and self.may_have_other_names else unbound

    @cached_property
    def misused(self) -> frozenset[str]:
        """The functions of Python itself that it may take for variables."""
        if self._symbols is None or not self._symbols.of_python:
            return frozenset()
        from gearlint.python.symbols import may_be_variable

        names = {name for name in self._symbols.of_python if may_be_variable(self.text, name)}
        return frozenset() if names and self.may_have_other_names else frozenset(names)

    @cached_property
    def may_read_unset(self) -> bool:
        """Whether one of its functions may read a variable of its own before anything sets it."""
        if self._symbols is None or not self._symbols.variables:
            return False
        from gearlint.python.quick_locals import may_read_unset

        return may_read_unset(self.text, self._symbols.variables)

    @cached_property
    def may_lack_names(self) -> bool:
        """Whether it may read a name, or an attribute of a module of Python, that is not there."""
        has_others = bool(self.unbound or self.misused)
        return has_others or self.may_read_unset or self.may_lack_attributes

    @cached_property
    def may_lack_attributes(self) -> bool:
        """Whether it may read an attribute that a module of Python does not have."""
        if self._symbols is None or all(line.level for line in self.lines_that_import):
            return False
        from gearlint.python.attributes import may_lack_attributes

        return may_lack_attributes(self)

    @cached_property
    def _may_be_parsed(self) -> bool:
        """Whether its text is within the limits; what is left of those of the program is spent."""
        text = self.text
        if text != self.source.text or not self._budget.spend(len(text)):
            return False
        return not has_long_names(self.source.data)

    def _parsed(self, parser: "Callable[[str], Parsed]") -> "Parsed | None":
        """What a parser makes of its text; `None` where it is too long, or cannot be parsed."""
        if not self._may_be_parsed:
            return None
        try:
            with warnings.catch_warnings(action="ignore"):
                return parser(self.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def span(self, node: "ast.AST") -> Span:
        """The bytes of a node of its tree."""
        first, last = (
            self.source.line_start(getattr(node, line)) + getattr(node, column)
            for line, column in (("lineno", "col_offset"), ("end_lineno", "end_col_offset"))
        )
        return Span(first, last)


def has_long_names(data: bytes) -> bool:
    """Whether Python would take long to parse a script for a name of many parts, as `a.b.c`."""
    return data.count(b".") > limits.SCRIPT_NAME_PARTS and any(
        name[0].count(b".") > limits.SCRIPT_NAME_PARTS for name in _PARTS.finditer(data)
    )
