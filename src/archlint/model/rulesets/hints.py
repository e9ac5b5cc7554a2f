"""What a value needs to have for a filter to hold at all, so that most values need not be asked.

Filters look at millions of values. Of conditions that all have to hold one is often that a member is there,
or that the value's own key is a certain one, and both are found by looking up a name.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.rulesets.expressions import Binary, Constant, Expression, Member, Name
from archlint.model.rulesets.methods import METHODS

__all__ = ["needed_key", "needed_member"]

_OTHERS = METHODS | {"length", "source", "flags"}


def needed_member(expression: Expression) -> str | None:
    """A member without which the filter does not hold: only objects have it."""
    for condition in _conditions(expression):
        asked = condition
        if isinstance(condition, Binary) and condition.operator in ("==", "==="):
            if not isinstance(condition.right, Constant) or not isinstance(
                condition.right.value, (str, bool)
            ):
                continue
            asked = condition.left
        if (
            isinstance(asked, Member)
            and asked.of == Name("@")
            and isinstance(asked.name, Constant)
            and isinstance(asked.name.value, str)
            and not asked.name.value.isdecimal()
            and asked.name.value not in _OTHERS
        ):
            return asked.name.value
    return None


def needed_key(expression: Expression) -> str | None:
    """The key that a value needs for the filter to hold."""
    for condition in _conditions(expression):
        if (
            isinstance(condition, Binary)
            and condition.operator in ("==", "===")
            and condition.left == Name("@property")
            and isinstance(condition.right, Constant)
            and isinstance(condition.right.value, str)
            and condition.right.value.strip()
            and not condition.right.value.strip()[0].isdecimal()
        ):
            return condition.right.value
    return None


def _conditions(expression: Expression) -> Iterator[Expression]:
    """The parts that all have to hold."""
    if isinstance(expression, Binary) and expression.operator == "&&":
        yield from _conditions(expression.left)
        yield from _conditions(expression.right)
    else:
        yield expression
