"""The shape of a value: what of a schema archlint's own checker judges, whatever it was written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

NULL = type(None)
STRING = frozenset((str,))
INTEGER = frozenset((int,))
NUMBER = frozenset((int, float))
BOOLEAN = frozenset((bool,))
MAP = frozenset((dict,))
LIST = frozenset((list,))


class Shape:
    """What a value may be; what is not said is not asked for."""

    __slots__ = (
        *(
            "_fields",
            "_make",
            "asks",
            "classes",
            "distinct",
            "expected",
            "items",
            "limits",
            "name",
            "refuses_null",
        ),
        *("required", "rest"),
    )

    def __init__(
        self,
        classes: frozenset[type] | None = None,
        expected: str = "",
        *,
        make: Callable[[], Mapping[str, Shape]] | None = None,
        required: tuple[str, ...] = (),
        rest: Shape | None = None,
        items: Shape | None = None,
        limits: dict[str, Any] | None = None,
        name: str = "",
        distinct: Mapping[str, Any] | None = None,
        refuses_null: bool = False,
    ) -> None:
        """``classes`` are the types of Python that the value may have, ``expected`` the same in words;
        ``make`` gives the fields of a map when they are asked for, as kinds contain themselves; ``rest`` is
        the shape of all other keys (``None``: there are none); ``limits`` are keywords of JSON Schema that
        limit the value; ``name`` is that of a type of Kubernetes; ``distinct`` are the keys in which the
        entries of a list differ, with their defaults (none: they differ as a whole); ``refuses_null`` is of
        entries of lists."""
        self.classes = classes
        self.expected = expected
        self._make = make
        self._fields: Mapping[str, Shape] | None = None if make is not None else {}
        self.required = required
        self.rest = rest
        self.items = items
        self.limits = limits
        self.name = name
        self.distinct = distinct
        self.refuses_null = refuses_null
        self.asks = True
        """Whether there are values that it refuses."""

    def become(self, other: Shape) -> None:
        """Be as another shape, for one that had to be there before it was known."""
        for name in Shape.__slots__:
            setattr(self, name, getattr(other, name))

    @property
    def fields(self) -> Mapping[str, Shape]:
        """The shapes of the fields."""
        if self._fields is None:
            assert self._make is not None
            self._fields = self._make()
        return self._fields


ANYTHING = Shape()
ANYTHING.asks = False
"""A value of which nothing is asked."""
