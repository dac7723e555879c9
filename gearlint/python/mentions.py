"""The names that a gear's own Python has in quotes, but where it reads what they name."""

import ast
from collections.abc import Iterable

from gearlint.python.evaluator import Evaluator
from gearlint.python.nodes import called_name


def mentioned(evaluators: Iterable[Evaluator]) -> set[str]:
    """The strings of the modules, but those in `x["name"]`, `{"name": ...}`, and calls of `pop`.

    Whoever has a name in a list, a test or a call may ask by it: `all(n in config for n in NAMES)`.
    """
    found: set[str] = set()
    for tree in {scope.node: None for one in evaluators for scope in one.modules}:
        strings = {}
        reading: set[ast.AST | None] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings[node] = node.value
            elif isinstance(node, ast.Subscript):
                reading.add(node.slice)
            elif isinstance(node, ast.Call) and called_name(node) in ("pop", "open_input"):
                reading.update(node.args)
            elif isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                reading.update(key for key, value in pairs if not isinstance(value, ast.Constant))
        found.update(text for node, text in strings.items() if node not in reading)
    return found
