"""The quick look at what functions read before they set it: it decides whether a tree is made."""

import pytest

from gearlint.python.quick_locals import may_read_unset
from gearlint.python.symbols import symbols_of

READ = [
    "print(image)",
    "x = image",
    "image += 1",
    "image = image.size()",
    "image = f(image=1, size=image)",
    "image, x = x, image",
    "return image",
    "f(x, image)",
    "f(x=image)",
    "if image == 1:",
    "if not image:\n        print(1)",
    "if image in x:",
    "while x < image:",
    "if image and (y := x):",
    "for x in image: y = 1",
    "print([y for y in image if y in x])",
    "print({image: 1}, x[image:])",
    "x = [\n        image,\n        image\n    ]",
    "image.append(1)",
    "image[0] = 1",
    "image.x = 1",
    "del image",
    "print(x.image, image)",
    "an_image = image2 = 1; print(image)",
    "'image'; print(image)",
    "f(image=1)\n    print(image)",
    "f(x,\n      b=1, image=2)\n    print(image)",
    "g = lambda image: image\n    print(image)",
    "print(f'{image}')\n    print(image)",
    "'''The\n    image.'''\n    print(image)",
]
SET = [
    "image = 1",
    "image: int = 1",
    "image, x = f()",
    "(image, [x, *y]) = f()",
    "x = image = 1",
    "for image in f():",
    "for x, image in f():",
    "async with f() as image:",
    "except OSError as image:",
    "import image",
    "from a import image",
    "from a import b as image",
    "def image():",
    "async def image(x):",
    "class image:",
    "if (image := f()):",
    "print([image for image in f()])",
    "print([image.x for image in f()])",
    "print({x: image for x, image in f()})",
]
SET_AFTER = [
    "print(x.image)",
    "an_image(1)",
    "image2(1)",
    "image_of(1)",
    "f(image=1)",
    "f(x,\n      image=1)",
    "g = lambda image: image",
    "'''The image.'''",
    '"""The\n    image."""',
    "'the image'",
    "# the image",
    "x = 1  # print(image)",
    "def g(image: int) -> None:",
    "def g(\n        image: int,\n    ) -> None:",
    "image: int",
]


def of(body: str) -> str:
    return f'"""The\nimage."""\n\n\ndef f(x):\n    {body}\n'


@pytest.mark.parametrize("body", READ)
def test_read_first(body: str) -> None:
    assert may_read_unset(of(f"{body}\n    image = 1"), [("image", 5)])


@pytest.mark.parametrize("body", [*SET, *(f"{each}\n    image = 1" for each in SET_AFTER)])
def test_set_first(body: str) -> None:
    text = of(f"{body}\n    print(image)")
    assert not may_read_unset(text, [("image", 5)])
    assert may_read_unset(f"{text}\ndef g():\n    print(x)\n    x = 1", [("image", 5), ("x", 9)])


@pytest.mark.parametrize("body", SET_AFTER)
def test_only_named(body: str) -> None:
    assert not may_read_unset(of(body), [("image", 5)])


def test_a_function_at_the_end_of_the_text() -> None:
    assert not may_read_unset("def f(): image = 1", [("image", 1)])
    assert not may_read_unset("print(image)\ndef f(): image = 1", [("image", 2)])
    assert may_read_unset("def f():\n    image += 1", [("image", 1)])


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("def f(x):\n    a = 1\n\n    def g():\n        import b", [("a", 1), ("b", 4), ("g", 1)]),
        ("async def f():\n    a += 1", [("a", 1)]),
        ("def f(a, *b, c=1):\n    a = b = c = 2", []),
        ("def f():\n    global a\n    a = print(b)", []),
        ("a = 1\nclass A:\n    b = a\nlambda c: (d := c)\n[e for e in a]", []),
    ],
)
def test_variables_of_functions(text: str, variables: list[tuple[str, int]]) -> None:
    assert sorted(symbols_of(text).variables) == variables
