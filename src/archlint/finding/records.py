"""``dataclass``, whose methods and fields are made when they are first used.

The decorator of the standard library compiles up to eight functions for each class while its module is
imported: 0.9 ms, and a short run imports two hundred such classes and makes instances of a third of them.
This one reads the annotations and no more: what compares, hashes and prints is shared by all classes, the
first instances are made by a function that is shared as well, and ``__init__`` is compiled for a class that
has many. What ``dataclasses.fields`` and ``asdict`` look at is made by the standard library when it asks for
it, which takes longer than all else: so ``replace`` is here too, and ``values`` for ``asdict``. Type checkers
are told that ``dataclass`` and ``replace`` are the standard ones.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cached_property
from operator import attrgetter, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass", "replace", "values"]

_OWN = "__archlint_fields__"
"""The attribute of a class that holds its fields, those of its bases included."""
_PAYS = 3
"""Fields from which on it pays to make a frozen instance as one that is not."""
_MANY = 64
"""Instances from which on an ``__init__`` of their own pays: it takes as long as making a hundred."""

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:

    def dataclass(given=None, /, *, frozen=False, order=False, eq=True, slots=False, kw_only=False, **how):
        """As ``dataclasses.dataclass``, but that a class has neither ``__post_init__`` nor ``InitVar``."""
        shows = how.pop("repr", True)
        if how:
            raise TypeError(f"records know no {', '.join(how)}")

        def made(kind):
            if hasattr(kind, "__post_init__"):
                raise TypeError(f"{kind.__qualname__}: records have no __post_init__")
            record = _Record(kind, frozen=frozen, kw_only=kw_only)
            methods = record.methods(vars(kind), order=order, eq=eq, shows=shows)
            if frozen and slots:
                methods |= {"__getstate__": _state, "__setstate__": _restore}
            return record.with_slots(methods) if slots else record.with_members(methods)

        return made if given is None else made(given)

    def replace(instance, /, **changes):
        """As ``dataclasses.replace``, of an instance of a record."""
        return instance.__class__(**{**values(instance), **changes})


def values(instance: Any) -> dict[str, Any]:
    """What the fields of a record hold, by name; a record in one of them stays what it is."""
    return {field.name: getattr(instance, field.name) for field in _fields(instance)}


class _Field:
    """One field of a class: what it is when nothing is given for it, and what it is used for."""

    __slots__ = ("annotation", "compare", "default", "factory", "kw_only", "name", "repr")

    def __init__(self, name: str, annotation: Any, given: Any, *, kw_only: bool) -> None:
        self.name = name
        self.annotation = annotation
        self.kw_only = kw_only
        self.factory: Any = dataclasses.MISSING
        self.compare = self.repr = True
        if isinstance(given, dataclasses.Field):
            if not given.init:
                raise TypeError(f"{name}: every field of a record can be given")
            self.factory, self.compare, self.repr = given.default_factory, bool(given.compare), given.repr
            given = given.default
        elif given.__class__.__hash__ is None:
            raise ValueError(f"mutable default {type(given)} for field {name}: use default_factory")
        self.default = given

    def standard(self) -> dataclasses.Field[Any]:
        """The field as the standard library declares it."""
        how: dict[str, Any] = {"repr": self.repr, "compare": self.compare, "kw_only": self.kw_only}
        if self.factory is not dataclasses.MISSING:
            how["default_factory"] = self.factory
        else:
            how["default"] = self.default
        made: dataclasses.Field[Any] = dataclasses.field(**how)
        return made


class _Record:
    """What a class is made of, from its annotations and those of its bases."""

    def __init__(self, kind: type, *, frozen: bool, kw_only: bool) -> None:
        self.kind = kind
        self.frozen = frozen
        fields: dict[str, _Field] = {}
        for base in kind.__mro__[-1:0:-1]:
            fields.update((field.name, field) for field in vars(base).get(_OWN, ()))
        self._given = vars(kind)
        self._names = [
            name
            for name, annotation in self._given.get("__annotations__", {}).items()
            if not str(annotation).startswith(("ClassVar", "typing.ClassVar"))
        ]
        for name in self._names:
            value = self._given.get(name, dataclasses.MISSING)
            annotation = self._given["__annotations__"][name]
            fields[name] = _Field(name, annotation, value, kw_only=kw_only)
        self.fields = tuple(fields.values())
        self.by_name = fields
        self.positional = tuple(field.name for field in self.fields if not field.kw_only)

    def methods(self, written: Any, *, order: bool, eq: bool, shows: bool) -> dict[str, Any]:
        """The members that the class does not define itself, as the standard library would add them."""
        key = _Key(self.fields)
        members: dict[str, Any] = {_OWN: self.fields, "__dataclass_fields__": _StandardFields(self)}
        if "__match_args__" not in written:
            members["__match_args__"] = self.positional
        if "__init__" not in written:
            members["__init__"] = _init_of(self)
        if shows and "__repr__" not in written:
            members["__repr__"] = _represent
        if eq:
            if "__eq__" not in written:
                members["__eq__"] = _equal_by(key)
            # a class with ``__eq__`` alone has the hash ``None`` by Python itself
            if written.get("__hash__") is None:
                members["__hash__"] = _hash_by(key) if self.frozen else None
        if order:
            members |= _order_by(key)
        if self.frozen:
            members |= {"__setattr__": _refuse, "__delattr__": _refuse}
        return members

    def with_members(self, members: dict[str, Any]) -> type:
        """The class itself with members added."""
        for name in self._names:
            if isinstance(self._given.get(name), dataclasses.Field):
                default = self.by_name[name].default
                if default is dataclasses.MISSING:
                    delattr(self.kind, name)
                else:
                    setattr(self.kind, name, default)
        for name, member in members.items():
            setattr(self.kind, name, member)
        return self.kind

    def with_slots(self, members: dict[str, Any]) -> type:
        """A class as this one whose fields are slots: these can be had no later than with a class."""
        old = self.kind
        inherited = {name for base in old.__mro__[1:-1] for name in _slots_of(base)}
        left_out = {*self.by_name, "__dict__", "__weakref__"}
        names = {name: value for name, value in self._given.items() if name not in left_out}
        names["__slots__"] = tuple(name for name in self.by_name if name not in inherited)
        self.kind = type(old)(old.__name__, old.__bases__, {**names, **members})
        self.kind.__qualname__ = old.__qualname__
        return self.kind

    def filled(self, instance: Any, args: tuple[Any, ...], given: dict[str, Any]) -> bool:
        """Give an instance its values; false, and nothing done, for arguments that do not fit."""
        put = object.__setattr__ if self.frozen else setattr
        if not given and len(args) == len(self.fields) == len(self.positional):
            for name, value in zip(self.positional, args, strict=True):
                put(instance, name, value)
            return True
        values = {**self.defaults, **dict(zip(self.positional, args, strict=False)), **given}
        for name, factory in self.factories:
            if name not in values:
                values[name] = factory()
        is_twice = bool(args and given) and not given.keys().isdisjoint(self.positional[: len(args)])
        if is_twice or len(args) > len(self.positional) or values.keys() != self.by_name.keys():
            return False
        for name, value in values.items():
            put(instance, name, value)
        return True

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The values of the fields that have one and for which none is given."""
        return {
            field.name: field.default for field in self.fields if field.default is not dataclasses.MISSING
        }

    @cached_property
    def factories(self) -> list[tuple[str, Callable[[], Any]]]:
        """What makes the value of the other fields for which none is given."""
        made = ((field.name, field.factory) for field in self.fields)
        return [(name, factory) for name, factory in made if factory is not dataclasses.MISSING]


def _slots_of(kind: type) -> tuple[str, ...]:
    slots = vars(kind).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


class _StandardFields:
    """The fields as the standard library makes them, once it asks for them."""

    __slots__ = ("_record",)

    def __init__(self, record: _Record) -> None:
        self._record = record

    def __get__(self, instance: object, kind: type) -> Any:
        record = self._record
        declared = [(field.name, field.annotation, field.standard()) for field in record.fields]
        twin: Any = dataclasses.make_dataclass(
            record.kind.__name__, declared, init=False, repr=False, eq=False
        )
        record.kind.__dataclass_fields__ = twin.__dataclass_fields__  # type: ignore[attr-defined]
        return twin.__dataclass_fields__


class _Key:
    """The values by which the instances of a class are compared."""

    __slots__ = ("_fields", "_get")

    def __init__(self, fields: tuple[_Field, ...]) -> None:
        self._fields = fields
        self._get: Callable[[Any], Any] | None = None

    def of(self, instance: Any) -> Any:
        if self._get is None:
            names = [field.name for field in self._fields if field.compare]
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
    shown = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in _fields(self) if field.repr)
    return f"{type(self).__qualname__}({shown})"


def _refuse(self: Any, name: str, value: Any = None) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in _fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for field, value in zip(_fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


def _fields(instance: Any) -> tuple[_Field, ...]:
    found: tuple[_Field, ...] = getattr(instance, _OWN)
    return found


def _init_of(record: _Record) -> Callable[..., None]:
    """The ``__init__`` of a class: one that all share, until there are many instances, or wrong arguments."""
    left = _MANY

    def begin(self: Any, *args: Any, **given: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0 or not record.filled(self, args, given):
            real = _compiled_init(record)
            record.kind.__init__ = real  # type: ignore[misc]
            real(self, *args, **given)

    return begin


def _compiled_init(record: _Record) -> Callable[..., None]:
    names: dict[str, Any] = {"_set": object.__setattr__, "_DEFAULT": dataclasses.MISSING}
    ordered: list[str] = []
    by_name: list[str] = []
    body: list[str] = []
    for field in record.fields:
        name = field.name
        parameter = name
        if field.factory is not dataclasses.MISSING:
            names[f"_make_{name}"] = field.factory
            parameter = f"{name}=_DEFAULT"
            body.append(f" {name} = _make_{name}() if {name} is _DEFAULT else {name}")
        elif field.default is not dataclasses.MISSING:
            names[f"_default_{name}"] = field.default
            parameter = f"{name}=_default_{name}"
        (by_name if field.kw_only else ordered).append(parameter)
    parameters = ", ".join(["self", *ordered, *(["*", *by_name] if by_name else [])])
    body += _assignments(record, names)
    exec(f"def __init__({parameters}):\n" + "\n".join(body or [" pass"]), names)
    made: Callable[..., None] = names["__init__"]
    made.__qualname__ = f"{record.kind.__qualname__}.__init__"
    return made


def _assignments(record: _Record, names: dict[str, Any]) -> list[str]:
    """What gives an instance its values.

    A frozen one with slots is of a class that is not frozen while it gets them: ``object.__setattr__`` takes
    five times as long as an assignment, and there may be a million of such instances.
    """
    plain = [f" self.{field.name} = {field.name}" for field in record.fields]
    if not record.frozen:
        return plain
    slowly = [f" _set(self, {field.name!r}, {field.name})" for field in record.fields]
    if "__slots__" not in vars(record.kind) or len(plain) < _PAYS:
        return slowly
    names["_Kind"] = record.kind
    names["_Open"] = _open_twin(record.kind)
    return [
        " if self.__class__ is _Kind:",
        "  _set(self, '__class__', _Open)",
        *(f" {line}" for line in plain),
        "  self.__class__ = _Kind",
        "  return",
        *slowly,
    ]


def _open_twin(kind: type) -> type:
    """A class whose instances look like those of ``kind`` to the interpreter, and can be assigned to."""
    kept = ("__slots__", "__orig_bases__")  # a generic class needs the latter to be made
    members = {name: vars(kind)[name] for name in kept if name in vars(kind)}
    members["__setattr__"] = object.__setattr__
    return type(kind)(kind.__name__, kind.__bases__, members)
