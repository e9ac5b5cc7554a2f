"""Filters made runnable: a tree of an expression becomes a function of a place in a document.

The operators and methods are JavaScript's own, as far as data needs them. What would throw there is
``FilterFailed`` here, and what is not known is refused while the path is read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from archlint.model.rulesets.expressions import (
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    FilterError,
    ListOf,
    Member,
    Name,
    RegexLiteral,
    Unary,
)
from archlint.model.rulesets.methods import METHODS, FilterFailed, call_method, member_of
from archlint.model.rulesets.patterns import PatternError, read_pattern
from archlint.model.rulesets.values import (
    UNDEFINED,
    is_true,
    loosely_equal,
    number_of,
    strictly_equal,
    text_of,
    type_of,
)

__all__ = ["Evaluated", "FilterFailed", "compile_filter"]

Evaluated = Callable[[Sequence[str | int], Sequence[Any], int], Any]
"""Of the keys on the way, the values on the way (the root first), and how many keys lead to the value."""


def compile_filter(expression: Expression) -> Evaluated:
    """The function that says what the expression is at a place; raises ``FilterError``."""
    return _COMPILERS[type(expression)](expression)


def _constant(expression: Constant) -> Evaluated:
    value = expression.value
    return lambda route, values, at: value


def _regex_literal(expression: RegexLiteral) -> Evaluated:
    try:
        pattern = read_pattern(expression.pattern, expression.flags)
    except PatternError as error:
        raise FilterError(str(error)) from error
    return lambda route, values, at: pattern


def _list(expression: ListOf) -> Evaluated:
    elements = [compile_filter(element) for element in expression.elements]
    if all(isinstance(element, Constant) for element in expression.elements):
        fixed = [element([], [], 0) for element in elements]
        return lambda route, values, at: fixed
    return lambda route, values, at: [element(route, values, at) for element in elements]


def _name(expression: Name) -> Evaluated:
    if (found := _PLACES.get(expression.name)) is not None:
        return found
    if (kind := _KINDS.get(expression.name)) is not None:
        return lambda route, values, at: kind(values[at])
    raise FilterError(f"{expression.name!r} is not defined")


def _path_text(route: Sequence[str | int], values: Sequence[Any], at: int) -> str:
    return "$" + "".join(f"[{key}]" if isinstance(key, int) else f"['{key}']" for key in route[:at])


_PLACES: dict[str, Evaluated] = {
    "@": lambda route, values, at: values[at],
    "@root": lambda route, values, at: values[0],
    "@property": lambda route, values, at: route[at - 1] if at else None,
    "@parent": lambda route, values, at: values[at - 2] if at > 1 else UNDEFINED,
    "@parentProperty": lambda route, values, at: route[at - 2] if at > 1 else UNDEFINED,
    "@parent?": lambda route, values, at: values[at - 2] if at > 1 else None,
    "@parentProperty?": lambda route, values, at: route[at - 2] if at > 1 else None,
    "@path": _path_text,
    "index": lambda route, values, at: UNDEFINED,
}
"""``@parent`` is what holds the parent: the container of the container, as Spectral's engines have it."""

_KINDS: dict[str, Callable[[Any], bool]] = {
    "@string": lambda value: isinstance(value, str),
    "@number": lambda value: type_of(value) == "number",
    "@boolean": lambda value: isinstance(value, bool),
    "@scalar": lambda value: not isinstance(value, (dict, list)),
    "@array": lambda value: isinstance(value, list),
    "@null": lambda value: value is None,
    "@object": lambda value: isinstance(value, (dict, list)),
    "@integer": lambda value: type_of(value) == "number" and float(value).is_integer(),
}


def _member(expression: Member) -> Evaluated:
    if isinstance(expression.of, Call) and isinstance(expression.of.called, Member):
        method = expression.of.called.name
        if isinstance(method, Constant) and method.value in ("match", "exec"):
            raise FilterError("what a regular expression found is not taken apart here")
    of = compile_filter(expression.of)
    if isinstance(expression.name, Constant):
        key = text_of(expression.name.value)
        if key in ("constructor", "__proto__", "prototype"):
            raise FilterError(f"{key!r} is not looked at")
        if expression.optional:
            return lambda route, values, at: _maybe(of(route, values, at), key)

        def named(route: Sequence[str | int], values: Sequence[Any], at: int) -> Any:
            value = of(route, values, at)
            if type(value) is dict and key in value:
                return value[key]
            return member_of(value, key)

        return named
    name = compile_filter(expression.name)
    if expression.optional:
        return lambda route, values, at: _maybe(of(route, values, at), name(route, values, at))
    return lambda route, values, at: member_of(of(route, values, at), name(route, values, at))


def _maybe(value: Any, key: Any) -> Any:
    return UNDEFINED if value is None or value is UNDEFINED else member_of(value, key)


def _call(expression: Call) -> Evaluated:
    called = expression.called
    if isinstance(called, Name):
        if called.name in _KINDS or called.name in _PLACES:
            return _name(called)
        raise FilterError(f"there is no function {called.name!r}")
    if not isinstance(called, Member) or not isinstance(called.name, Constant):
        raise FilterError("only methods of values are called")
    method = called.name.value
    if method not in METHODS:
        raise FilterError(f"the method {method!r} is not known")
    of = compile_filter(called.of)
    if called.of == Name("@property"):
        of = _text_property
    arguments = [compile_filter(argument) for argument in expression.arguments]
    optional = called.optional

    def call(route: Sequence[str | int], values: Sequence[Any], at: int) -> Any:
        value = of(route, values, at)
        if optional and (value is None or value is UNDEFINED):
            return UNDEFINED
        return call_method(value, method, [argument(route, values, at) for argument in arguments])

    return call


def _text_property(route: Sequence[str | int], values: Sequence[Any], at: int) -> str:
    return text_of(route[at - 1] if at else None)


def _unary(expression: Unary) -> Evaluated:
    operand = compile_filter(expression.operand)
    operation = _UNARY[expression.operator]
    return lambda route, values, at: operation(operand(route, values, at))


_UNARY: dict[str, Callable[[Any], Any]] = {
    "!": lambda value: not is_true(value),
    "-": lambda value: -number_of(value),
    "+": number_of,
    "~": lambda value: ~_whole(value),
    "typeof": type_of,
    "void": lambda value: UNDEFINED,
}


def _conditional(expression: Conditional) -> Evaluated:
    test, yes, no = (compile_filter(part) for part in (expression.test, expression.yes, expression.no))
    return lambda route, values, at: (yes if is_true(test(route, values, at)) else no)(route, values, at)


def _binary(expression: Binary) -> Evaluated:
    operator = expression.operator
    if operator == "~=":
        if not isinstance(expression.right, Constant) or not isinstance(expression.right.value, str):
            raise FilterError("~= is followed by a string that is a pattern")
        return _test_of(expression.left, expression.right.value)
    left, right = compile_filter(expression.left), compile_filter(expression.right)
    if operator == "&&":

        def both(route: Sequence[str | int], values: Sequence[Any], at: int) -> Any:
            first = left(route, values, at)
            return right(route, values, at) if is_true(first) else first

        return both
    if operator == "||":

        def either(route: Sequence[str | int], values: Sequence[Any], at: int) -> Any:
            first = left(route, values, at)
            return first if is_true(first) else right(route, values, at)

        return either
    if operator == "??":

        def present(route: Sequence[str | int], values: Sequence[Any], at: int) -> Any:
            first = left(route, values, at)
            return right(route, values, at) if first is None or first is UNDEFINED else first

        return present
    operation = _BINARY[operator]
    return lambda route, values, at: operation(left(route, values, at), right(route, values, at))


def _test_of(left: Expression, pattern: str) -> Evaluated:
    value = compile_filter(left)
    found = _regex_literal(RegexLiteral(pattern, ""))([], [], 0)
    return lambda route, values, at: found.is_in(text_of(value(route, values, at)))


def _compared(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(left: Any, right: Any) -> bool:
        left, right = _primitive(left), _primitive(right)
        if isinstance(left, str) and isinstance(right, str):
            return test(left, right)
        return test(number_of(left), number_of(right))

    return compare


def _primitive(value: Any) -> Any:
    return text_of(value) if isinstance(value, (dict, list)) else value


def _sum(left: Any, right: Any) -> Any:
    left, right = _primitive(left), _primitive(right)
    if isinstance(left, str) or isinstance(right, str):
        return text_of(left) + text_of(right)
    return number_of(left) + number_of(right)


def _quotient(left: Any, right: Any) -> float:
    over, below = float(number_of(left)), float(number_of(right))
    if below:
        return over / below
    return math.nan if not over or math.isnan(over) or math.isnan(below) else math.copysign(math.inf, over)


def _remainder(left: Any, right: Any) -> float:
    over, below = float(number_of(left)), float(number_of(right))
    return math.nan if not below or math.isinf(over) else math.fmod(over, below)


def _whole(value: Any) -> int:
    """A number in 32 bits, which operators on bits take."""
    number = number_of(value)
    if isinstance(number, float) and not math.isfinite(number):
        return 0
    return (int(number) + 2**31) % 2**32 - 2**31


def _holds(left: Any, right: Any) -> bool:
    """``in`` is ``includes`` of the right side in Spectral's engine."""
    return bool(call_method(right, "includes", [left]))


_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "===": strictly_equal,
    "!==": lambda left, right: not strictly_equal(left, right),
    "==": loosely_equal,
    "!=": lambda left, right: not loosely_equal(left, right),
    "<": _compared(lambda left, right: left < right),
    ">": _compared(lambda left, right: left > right),
    "<=": _compared(lambda left, right: left <= right),
    ">=": _compared(lambda left, right: left >= right),
    "+": _sum,
    "-": lambda left, right: number_of(left) - number_of(right),
    "*": lambda left, right: number_of(left) * number_of(right),
    "/": _quotient,
    "%": _remainder,
    "in": _holds,
    "|": lambda left, right: _whole(left) | _whole(right),
    "&": lambda left, right: _whole(left) & _whole(right),
    "^": lambda left, right: _whole(left) ^ _whole(right),
    "<<": lambda left, right: _whole(_whole(left) << (_whole(right) & 31)),
    ">>": lambda left, right: _whole(left) >> (_whole(right) & 31),
    ">>>": lambda left, right: (_whole(left) & 0xFFFFFFFF) >> (_whole(right) & 31),
}

_COMPILERS: dict[type[Expression], Callable[[Any], Evaluated]] = {
    Constant: _constant,
    RegexLiteral: _regex_literal,
    ListOf: _list,
    Name: _name,
    Member: _member,
    Call: _call,
    Unary: _unary,
    Conditional: _conditional,
    Binary: _binary,
}
