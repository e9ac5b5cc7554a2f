"""``dataclass``, whose methods are made when they are first used.

The decorator of the standard library compiles up to eight functions for each class while its module is
imported: 0.9 ms, and a short run imports well over a hundred such classes and makes instances of a third of
them. This one gives the same classes at a tenth of that. It leaves the fields to the standard library,
compiles ``__init__`` when the first instance is made, and takes what compares, hashes and prints from
functions that all classes share. Type checkers are told that it is the standard one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(given=None, /, *, frozen=False, order=False, eq=True, **how):
        """As ``dataclasses.dataclass``; ``how`` may hold ``slots``, ``kw_only`` and ``repr``."""
        shows = how.pop("repr", True)

        def made(kind):
            if hasattr(kind, "__post_init__"):
                raise TypeError(f"{kind.__qualname__}: records have no __post_init__")
            own = {name: vars(kind).get(name) for name in ("__init__", "__repr__", "__eq__", "__hash__")}
            plain = dataclasses.dataclass(init=False, repr=False, eq=False, **how)(kind)
            _complete(plain, own, frozen=frozen, order=order, eq=eq, shows=shows)
            return plain

        return made if given is None else made(given)


def _complete(kind: type, own: dict[str, Any], *, frozen: bool, order: bool, eq: bool, shows: bool) -> None:
    """Add the methods that the class does not define itself, as the standard library does."""
    methods: dict[str, Any] = {}
    if own["__init__"] is None:
        methods["__init__"] = _init_of(kind, frozen=frozen)
    if shows and own["__repr__"] is None:
        methods["__repr__"] = _represent
    if eq:
        key = _Key(kind)
        if own["__eq__"] is None:
            methods["__eq__"] = _equal_by(key)
        # a class with ``__eq__`` alone has the hash ``None`` by Python itself
        if own["__hash__"] is None:
            methods["__hash__"] = _hash_by(key) if frozen else None
    if order:
        methods |= _order_by(_Key(kind))
    if frozen:
        methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
        if "__slots__" in vars(kind):
            methods |= {"__getstate__": _state, "__setstate__": _restore}
    for name, method in methods.items():
        setattr(kind, name, method)


class _Key:
    """The values by which the instances of a class are compared."""

    __slots__ = ("_get", "kind")

    def __init__(self, kind: type) -> None:
        self.kind = kind
        self._get: Callable[[Any], Any] | None = None

    def of(self, instance: Any) -> Any:
        if self._get is None:
            names = [field.name for field in dataclasses.fields(self.kind) if field.compare]
            self._get = attrgetter(*names) if names else lambda _: ()
        return self._get(instance)


def _equal_by(key: _Key) -> Callable[[Any, Any], Any]:
    def equal(self: Any, other: Any) -> Any:
        return key.of(self) == key.of(other) if other.__class__ is self.__class__ else NotImplemented

    return equal


def _hash_by(key: _Key) -> Callable[[Any], int]:
    def hashed(self: Any) -> int:
        return hash(key.of(self))

    return hashed


def _order_by(key: _Key) -> dict[str, Callable[[Any, Any], Any]]:
    def compared(by: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        def compare(self: Any, other: Any) -> Any:
            return by(key.of(self), key.of(other)) if other.__class__ is self.__class__ else NotImplemented

        return compare

    return {f"__{by.__name__}__": compared(by) for by in (lt, le, gt, ge)}


def _represent(self: Any) -> str:
    shown = ", ".join(
        f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr
    )
    return f"{type(self).__qualname__}({shown})"


def _refuse(self: Any, name: str, value: Any = None) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


def _init_of(kind: type, *, frozen: bool) -> Callable[..., None]:
    """The ``__init__`` of a class: a stand-in that puts the real one in its place when it is called."""

    def begin(self: Any, *args: Any, **given: Any) -> None:
        real = _compiled_init(kind, frozen=frozen)
        kind.__init__ = real  # type: ignore[misc]
        real(self, *args, **given)

    return begin


def _compiled_init(kind: type, *, frozen: bool) -> Callable[..., None]:
    names: dict[str, Any] = {"_set": object.__setattr__, "_DEFAULT": dataclasses.MISSING}
    ordered: list[str] = []
    by_name: list[str] = []
    body: list[str] = []
    for field in dataclasses.fields(kind):
        name, value = field.name, field.name
        parameter = name
        if field.default_factory is not dataclasses.MISSING:
            names[f"_make_{name}"] = field.default_factory
            parameter = f"{name}=_DEFAULT"
            value = f"_make_{name}() if {name} is _DEFAULT else {name}"
        elif field.default is not dataclasses.MISSING:
            names[f"_default_{name}"] = field.default
            parameter = f"{name}=_default_{name}"
        (by_name if field.kw_only else ordered).append(parameter)
        body.append(f" _set(self, {name!r}, {value})" if frozen else f" self.{name} = {value}")
    parameters = ", ".join(["self", *ordered, *(["*", *by_name] if by_name else [])])
    exec(f"def __init__({parameters}):\n" + "\n".join(body or [" pass"]), names)
    made: Callable[..., None] = names["__init__"]
    made.__qualname__ = f"{kind.__qualname__}.__init__"
    return made
