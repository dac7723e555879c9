"""Calls of functions of Python whose arguments fit no signature of any version."""

import ast
from functools import lru_cache

from gearlint.core.text import brief_line, is_one_edit_away, quoted
from gearlint.python.arguments import misfit
from gearlint.python.fault import Fault
from gearlint.python.nodes import call_of
from gearlint.python.quick_signatures import OF_2, table


@lru_cache(maxsize=100)
def parameters_of(signature: str) -> ast.arguments:
    """The parameters of a signature without its brackets."""
    node = ast.parse(f"lambda {signature.removeprefix(OF_2)}: 0", mode="eval").body
    assert isinstance(node, ast.Lambda)  # noqa: S101
    return node.args


def fit(arguments: str, name: str) -> bool:
    """Whether what is between the brackets of a call fits a function, as far as it can be read."""
    call = call_of(f"f({arguments}\n)")
    return call is not None and wrong_arguments(call, name) is None


def wrong_arguments(call: ast.Call, name: str) -> Fault | None:
    """What does not fit of the arguments of a call, where they fit no signature of its function."""
    faults = {each: misfit(call, parameters_of(each)) for each in table().get(name, ())}
    of_3 = [each for each in faults if not each.startswith(OF_2)]
    if not of_3 or not all(faults[each] for each in of_3):
        return None
    signature = of_3[-1]
    parameters = parameters_of(signature)
    known = sorted(each.arg for each in (*parameters.args, *parameters.kwonlyargs))
    others = [each.arg for each in call.keywords if each.arg and each.arg not in known]
    near = [each for word in others for each in known if is_one_edit_away(word, each)]
    takes = f"it takes {name}({brief_line(signature)})"
    advice = f"did you mean {quoted(near[0])}?" if near else takes
    since = None if all(faults.values()) else 0
    return Fault(f"{name}() {faults[signature]}", advice, since=since)
