"""The small changes that can be made to the functions of a module."""

import ast
import copy
from typing import NamedTuple

SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
BUDGETS = ("require", "spend", "visit")
"""Methods that count the steps of a budget: one more or less of them is nobody's matter."""
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
}
"""For comparisons with one of `limits`: nobody minds whether a limit is a thousand or one more."""


class Mutant(NamedTuple):
    """One change: the line that it is in, and the module with and without it."""

    line: int
    before: str
    after: str


def changed(node: ast.AST) -> ast.AST | None:
    """The node with its change, or nothing if there is none for it."""
    new = copy.copy(node)
    match new:
        case ast.If() | ast.IfExp() | ast.While():
            new.test = ast.UnaryOp(ast.Not(), new.test)
        case ast.BoolOp():
            new.op = ast.Or() if isinstance(new.op, ast.And) else ast.And()
        case ast.Compare(ops=[operator]):
            swapped = SWAPPED | TURNED if "limits." in ast.unparse(new) else SWAPPED
            new.ops = [swapped[type(operator)]()]
        case ast.UnaryOp(op=ast.Not()):
            return new.operand
        case ast.Return() | ast.Continue() | ast.Break():
            return ast.Pass()
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            new.value = value + 1
        case _:
            return None
    return new


def _is_false(node: ast.stmt) -> bool:
    match node:
        case ast.Return(value=None | ast.Constant(value=None | False)):
            return True
        case _:
            return False


class _Changer(ast.NodeTransformer):
    """Makes the change of one number, or only counts them (-1)."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.count = 0
        self.line = 0
        self.functions = 0

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Change the body alone: decorators, defaults and annotations are not run by a test."""
        self.functions += 1
        for index, child in enumerate(node.body):
            if child is node.body[-1] and _is_false(child):
                continue  # without it `None` is returned, which mypy reports
            new = self.visit(child)
            assert isinstance(new, ast.stmt)
            node.body[index] = new
        self.functions -= 1
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Do not change by one what a limit is multiplied by or divided by."""
        return node if "limits." in ast.unparse(node) else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Do not change by one how many steps of a budget are taken."""
        is_counted = isinstance(node.func, ast.Attribute) and node.func.attr in BUDGETS
        if is_counted and all(isinstance(each, ast.Constant) for each in node.args):
            return node
        return self.generic_visit(node)

    def visit(self, node: ast.AST) -> ast.AST:
        if self.functions and (new := changed(node)) is not None:
            self.count += 1
            if self.count - 1 == self.wanted:
                self.line = getattr(node, "lineno", 0)
                return ast.copy_location(new, node)
        visited: ast.AST = super().visit(node)
        return visited


def count_of(text: str) -> int:
    """How many changes there are for a module."""
    changer = _Changer(-1)
    changer.visit(ast.parse(text))
    return changer.count


def mutant_of(text: str, number: int) -> Mutant:
    """The change of that number, from 0."""
    changer, tree = _Changer(number), ast.parse(text)
    before = ast.unparse(tree)
    after = ast.unparse(ast.fix_missing_locations(changer.visit(tree)))
    return Mutant(changer.line, before, after)
