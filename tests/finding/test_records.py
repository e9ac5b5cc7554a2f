"""The data classes that make their methods late behave as those of the standard library."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import pickle
from collections.abc import Callable
from dataclasses import field
from functools import cached_property
from typing import Any, Generic, TypeVar

import pytest

from archlint.finding import records

Decorator = Callable[..., Any]
Held = TypeVar("Held")
SHAPES = [
    {},
    {"frozen": True},
    {"slots": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "kw_only": True},
    {"frozen": True, "slots": True, "order": True},
    {"frozen": True, "eq": False},
    {"frozen": True, "slots": True, "eq": False, "repr": False},
]


def declared(decorate: Decorator, shape: dict[str, Any]) -> tuple[type[Any], type[Any]]:
    """A class with every kind of field that archlint uses, and one that inherits from it."""

    @decorate(**shape)
    class Base:
        """A class."""

        name: str
        size: int = 3
        seen: list[int] = field(default_factory=list, compare=False)
        hidden: str = field(default="h", repr=False)

        @property
        def twice(self) -> int:
            return self.size * 2

    @decorate(**shape)
    class Below(Base):
        """A class below it."""

        more: str = "m"

        def __repr__(self) -> str:
            return f"Below {self.name}"

    return Base, Below


@pytest.fixture(params=SHAPES, ids=str)
def both(request: pytest.FixtureRequest) -> list[tuple[type[Any], type[Any]]]:
    """The two classes as each of the two decorators makes them."""
    return [declared(decorate, request.param) for decorate in (dataclasses.dataclass, records.dataclass)]


def outcome(act: Callable[[], Any]) -> Any:
    """What an action gives, or the class of what it raises."""
    try:
        return act()
    except Exception as error:
        return type(error)


def _by_hand(base: type[Any]) -> tuple[str, str, int]:
    """What an instance is and has whose class is written by hand."""
    made = type("ByHand", (base,), {"__slots__": ()})(name="a", size=7)
    return (type(made).__name__, made.name, made.size)


def replaced(instance: Any, **changes: Any) -> Any:
    """A copy with changes, made as the module of its class makes it."""
    own = hasattr(type(instance), "__archlint_fields__")
    return (records if own else dataclasses).replace(instance, **changes)


ACTIONS: dict[str, Callable[[type[Any], type[Any]], Any]] = {
    "fields": lambda base, below: [item.name for item in dataclasses.fields(below)],
    "values": lambda base, below: dataclasses.astuple(below(name="a", size=2, more="x")),
    "defaults": lambda base, below: dataclasses.asdict(below(name="a")),
    "by position": lambda base, below: dataclasses.astuple(base("a", 5)),
    "lists of their own": lambda base, below: base(name="a").seen is base(name="a").seen,
    "missing": lambda base, below: base(),
    "unknown": lambda base, below: base(name="a", other=1),
    "unknown in place of another": lambda base, below: base(nome="a"),
    "equal": lambda base, below: base(name="a") == base(name="a"),
    "equal but for what is not compared": lambda base, below: base(name="a", seen=[1]) == base(name="a"),
    "unequal": lambda base, below: base(name="a") == base(name="b"),
    "unequal classes": lambda base, below: base(name="a") == below(name="a"),
    "another kind of thing": lambda base, below: base(name="a") == "a",
    # both live, so that neither takes the other's place in memory
    "hash": lambda base, below: len(set(map(hash, [base(name="a", seen=[1]), base(name="a")]))),
    "order": lambda base, below: base(name="a") < base(name="b") <= base(name="b"),
    "no order": lambda base, below: base(name="a") > below(name="b"),
    "set": lambda base, below: setattr(base(name="a"), "name", "b"),
    "delete": lambda base, below: delattr(base(name="a"), "name"),
    "standard replace": lambda base, below: dataclasses.astuple(dataclasses.replace(below(name="a"), size=9)),
    "replace": lambda base, below: dataclasses.astuple(replaced(below(name="a", seen=[1]), size=9)),
    "replace what is not there": lambda base, below: replaced(base(name="a"), other=1),
    "given twice": lambda base, below: base("a", name="b"),
    "too many": lambda base, below: base("a", 1, [], "h", "more"),
    "copy": lambda base, below: dataclasses.astuple(copy.deepcopy(below(name="a", seen=[1]))),
    "property": lambda base, below: below(name="a", size=4).twice,
    "own text": lambda base, below: repr(below(name="a")),
    "text": lambda base, below: repr(base(name="a")).partition(" at ")[0].partition("Base")[2],
    "a class below that is no record": lambda base, below: _by_hand(base),
    "positions of a pattern": lambda base, below: below.__match_args__,
}


@pytest.mark.parametrize("action", ACTIONS)
def test_it_behaves_as_the_standard_one(action: str, both: list[tuple[type[Any], type[Any]]]) -> None:
    act = ACTIONS[action]
    expected, found = (outcome(lambda pair=pair: act(*pair)) for pair in both)
    assert found == expected


@pytest.mark.parametrize("action", ACTIONS)
def test_later_instances_behave_as_the_first(action: str, both: list[tuple[type[Any], type[Any]]]) -> None:
    for _, pair in itertools.product(range(100), both):
        for kind in pair:
            kind(name="a", size=2)
    test_it_behaves_as_the_standard_one(action, both)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_generic_classes_may_have_many_instances(shape: dict[str, Any]) -> None:
    @records.dataclass(**shape)
    class Holder(Generic[Held]):
        value: Held
        name: str = ""
        size: int = 0

    made = [Holder(value=number, name="a") for number in range(100)]
    assert [each.value for each in made] == list(range(100))
    assert all(type(each) is Holder for each in made)


@records.dataclass(frozen=True, slots=True)
class Frozen:
    """A class that other processes get."""

    name: str
    sizes: tuple[int, ...] = ()


@records.dataclass(frozen=True)
class Counted:
    """A class that remembers what it computed."""

    name: str

    @cached_property
    def length(self) -> int:
        """How long the name is."""
        return len(self.name)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_it_can_go_to_another_process(protocol: int) -> None:
    for given in (Frozen("a", (1, 2)), Counted("abc")):
        assert pickle.loads(pickle.dumps(given, protocol)) == given


def test_what_is_frozen_may_remember() -> None:
    assert Counted("abc").length == 3


@records.dataclass(frozen=True, kw_only=True, order=True)
class Numbered:
    """A class of which there are many instances."""

    number: int
    seen: list[int] = field(default_factory=list, compare=False)


def test_the_first_instances_are_as_the_later_ones() -> None:
    """Later on ``__init__`` is compiled."""
    made = [Numbered(number=number) for number in range(200)]
    assert [item.number for item in made] == list(range(200))
    assert made == sorted(made, reverse=True)[::-1]
    assert len({id(item.seen) for item in made}) == 200
    assert Numbered.__init__.__code__.co_varnames[:2] == ("self", "number")


def test_fields_are_made_once() -> None:
    assert dataclasses.fields(Numbered) == dataclasses.fields(Numbered(number=1))
    assert dataclasses.is_dataclass(Numbered)
    assert [item.kw_only for item in dataclasses.fields(Numbered)] == [True, True]


def test_a_default_that_can_change_is_refused() -> None:
    with pytest.raises(ValueError, match="default_factory"):

        @records.dataclass
        class Wrong:
            """A class whose instances would share a list."""

            seen: list[int] = []  # noqa: RUF012
