"""What a text may read, by its words alone: a clean gear has no syntax tree made."""

import pytest

from gearlint.core import limits
from gearlint.python.quick import names_read
from gearlint.python.quick_locals import may_read_unset

TEXTS = [
    ('context.config["speed"]', {"speed"}),
    ("config.get( 'speed', 1)", {"speed"}),
    ('context.get_input_path("scan")\ncontext.open_input("mask")', {"scan", "mask"}),
    ('load()["speed"] + x[0]["mode"]', {"speed", "mode"}),
    ('c["config"]["speed"], c["inputs"]["scan"]["location"]["path"]', {"speed", "scan"}),
    ('opt["type"]', {"type"}),
    ('x["type"]', set()),
    ("x[0], x[-1], x[1:2], x[], x.get()", set()),
    ("['a', 'b']", set()),
    ("def f(x: list[str], y: Optional[int]) -> dict[str, int]: ...", set()),
    ("sys.argv[number], os.environ[name]", set()),
    ("Path('input/scan') / \"input/mask/a\", base + '/input/mean/'", {"scan", "mask", "mean"}),
    ("print('input of the gear', 'my input/scan')", set()),
    ("", set()),
    # any name
    ("os.path.join(base, 'input')", None),
    ("config[name]", None),
    ('config[f"{name}"]', None),
    ('config["a" + name]', None),
    ('config["a\\n"]', None),
    ("config.get(name)", None),
    ("a_list[name]", None),
    ("argv[number]", None),
]


@pytest.mark.parametrize(("text", "names"), TEXTS)
def test_names_that_a_text_may_read(text: str, names: set[str] | None) -> None:
    assert names_read(text) == names


def test_how_much_is_looked_at_for_variables_that_are_read_too_early() -> None:
    text = "def f():\n" + "    g()\n" * 1000 + "    print(image)\n    image = 1\n"
    number = limits.UNSET_CHARACTERS // len(text)
    assert may_read_unset(text, [("image", 1)])
    assert may_read_unset(text, [("none", 1)] * number + [("image", 1)])
    earlier = text.replace("print(image)", "other = 1").replace("image = 1", "print(image)")
    assert may_read_unset(earlier, [("image", 1)])
    assert not may_read_unset(earlier, [("other", 1)] * (number + 1) + [("image", 1)])
