"""How a check function declares what it looks at.

A check is a generator of observations. Its name is the rule's name with underscores; its decorator says what
it gets: ``check`` one subject and nothing else, so its findings can be kept per file; ``join`` one subject
and the world it stands in; ``change`` one typed change between two revisions of a contract; ``verdict`` what
judging the findings of all others brought to light.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, TypeVar

from archlint.finding import Observation, Options
from archlint.finding.records import dataclass
from archlint.model.world import Subject, World

S = TypeVar("S", bound=Subject)
C = TypeVar("C")

CheckFunction = Callable[[S, Options], Iterable[Observation]]
JoinFunction = Callable[[S, World, Options], Iterable[Observation]]
ChangeFunction = Callable[[C, Options], Iterable[Observation]]

DECLARATION = "__archlint_check__"
"""The attribute of a function that holds its declaration."""


class Scope(StrEnum):
    """How much of the repository a check must see."""

    FILE = "file"
    WORLD = "world"
    CHANGE = "change"
    VERDICT = "verdict"


@dataclass(frozen=True, slots=True)
class Check:
    """A check function with its declaration."""

    name: str
    scope: Scope
    subject: type[Any]
    function: Callable[..., Iterable[Observation]]


def check(subject: type[S]) -> Callable[[CheckFunction[S]], CheckFunction[S]]:
    """Declare a check that looks at one model object and at what its own file refers to."""
    return _declare(Scope.FILE, subject)


def join(subject: type[S]) -> Callable[[JoinFunction[S]], JoinFunction[S]]:
    """Declare a check that compares a model object with the rest of the world."""
    return _declare(Scope.WORLD, subject)


def change(subject: type[C]) -> Callable[[ChangeFunction[C]], ChangeFunction[C]]:
    """Declare a check that judges one kind of change of a contract."""
    return _declare(Scope.CHANGE, subject)


def verdict(subject: type[C]) -> Callable[[ChangeFunction[C]], ChangeFunction[C]]:
    """Declare a check of what judging found out about suppressions or the baseline."""
    return _declare(Scope.VERDICT, subject)


def _declare(scope: Scope, subject: type[Any]) -> Callable[[Any], Any]:
    def declare(function: Any) -> Any:
        name = function.__name__.replace("_", "-")
        setattr(function, DECLARATION, Check(name, scope, subject, function))
        return function

    return declare
