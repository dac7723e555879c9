"""What a text may read, by its words alone: a clean gear has no syntax tree made."""

import pytest

from gearlint.python.quick import names_read

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
