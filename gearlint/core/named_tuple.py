"""`NamedTuple` as in typing, but a class with it is made in a fifth of the time.

A run over one gear makes some sixty such classes. Python would compile a constructor for each of
them, and import typing, which together takes as long as it takes to check the gear.
"""

TYPE_CHECKING = False  # as type checkers know it, without importing typing
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple  # noqa: TID251
else:
    # What `collections.namedtuple` reads a field with; a property of Python would take longer.
    # The name is not public: tests/core/test_named_tuple.py watches it.
    from collections import _tuplegetter
    from types import FunctionType

    _VALUE = 1  # `annotationlib.Format.VALUE`
    _new = tuple.__new__
    # By the number of fields; each class has a copy of one, with the names of its own fields.
    _CONSTRUCTORS = (
        lambda cls: _new(cls),
        lambda cls, a: _new(cls, (a,)),
        lambda cls, a, b: _new(cls, (a, b)),
        lambda cls, a, b, c: _new(cls, (a, b, c)),
        lambda cls, a, b, c, d: _new(cls, (a, b, c, d)),
        lambda cls, a, b, c, d, e: _new(cls, (a, b, c, d, e)),
        lambda cls, a, b, c, d, e, f: _new(cls, (a, b, c, d, e, f)),
        lambda cls, a, b, c, d, e, f, g: _new(cls, (a, b, c, d, e, f, g)),
        lambda cls, a, b, c, d, e, f, g, h: _new(cls, (a, b, c, d, e, f, g, h)),
        lambda cls, a, b, c, d, e, f, g, h, i: _new(cls, (a, b, c, d, e, f, g, h, i)),
    )
    # For any other number of fields; there are few such tuples, which may take longer.
    _OF_MANY = lambda cls: _new(cls, tuple(locals().values())[1:])  # noqa: E731

    def _asdict(self):
        return dict(zip(self._fields, self, strict=True))

    def _replace(self, **named):
        values = [named.pop(*item) for item in zip(self._fields, self, strict=True)]
        return type(self)(*values, **named)

    def _repr(self):
        fields = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
        return f"{type(self).__name__}({fields})"

    def _getnewargs(self):
        return tuple(self)

    # Copied into each class: one that derives from another than `tuple` takes longer to make.
    _IN_COMMON = {
        "__slots__": (),
        "__repr__": _repr,
        "__getnewargs__": _getnewargs,
        "_asdict": _asdict,
        "_replace": _replace,
    }

    class _NamedTupleType(type):
        """Makes the fields of a class, and its constructor, of its annotations."""

        def __new__(cls, name, bases, body):
            annotate = body.get("__annotate_func__")  # Python 3.14 makes them when it is asked
            fields = tuple(annotate(_VALUE) if annotate else body.get("__annotations__", ()))
            defaults = tuple([body[field] for field in fields if field in body])
            for index, field in enumerate(fields):
                body[field] = _tuplegetter(index, None)
            body["__new__"] = FunctionType(_constructor(fields), globals(), "__new__", defaults)
            body["__match_args__"] = body["_fields"] = fields
            # One whose type is `type` is made in half the time.
            return type(name, (tuple,), _IN_COMMON | body)

    def _constructor(fields):
        if len(fields) < len(_CONSTRUCTORS):
            return _CONSTRUCTORS[len(fields)].__code__.replace(co_varnames=("_cls", *fields))
        names = ("_cls", *fields)
        number = len(names)
        return _OF_MANY.__code__.replace(co_argcount=number, co_nlocals=number, co_varnames=names)

    NamedTuple = type.__new__(_NamedTupleType, "NamedTuple", (), {})
