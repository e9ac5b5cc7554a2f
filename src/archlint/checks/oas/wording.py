"""What many rules about OpenAPI documents need: which operation an element belongs to, and how to say it."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.documents import Node
from archlint.finding import OperationName
from archlint.finding.regex import regex
from archlint.finding.words import quoted
from archlint.model.openapi import METHODS, Contract, Dialect, Operation


def label(operation: Operation) -> str:
    """An operation as messages call it."""
    return f"{operation.method} {operation.item.template}"


def operation_of(node: Node) -> tuple[OperationName, ...]:
    """The operation that an element stands in, if its route says so."""
    route = node.route
    if len(route) < 3 or route[0] != "paths" or route[2] not in METHODS:
        return ()
    return (OperationName(str(route[2]).upper(), str(route[1])),)


def home_of(node: Node) -> str:
    """How messages call an element: the last two names that lead to it."""
    named = [str(part) for part in node.route if isinstance(part, str)]
    return ".".join(named[-2:]) if named else "the document"


def spectral(contract: Contract, name: str) -> tuple[str, ...]:
    """The alias of a rule that Spectral has once for 2.0 and once for all later versions."""
    return (f"spectral:oas{2 if contract.is_v2 else 3}-{name}",)


def owasp(contract: Contract, name: str, *dialects: Dialect) -> tuple[str, ...]:
    """The alias of an OWASP rule, which is for some versions only; for all of them if none is named."""
    return (f"owasp:{name}",) if not dialects or contract.dialect in dialects else ()


_WRITTEN = {"None": "null", "True": "true", "False": "false"}


def short(value: object) -> str:
    """A value as messages show it."""
    text = f"'{value}'" if isinstance(value, str) else _WRITTEN.get(str(value), str(value))
    end = "...'" if isinstance(value, str) else "..."
    return text if len(text) <= 60 else text[:57] + end


def joined(names: Sequence[str], most: int) -> str:
    """Some names as a list for people, with the number of those left out."""
    shown = ", ".join(quoted(names[:most]))
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def together(names: Sequence[str], most: int) -> str:
    """As ``joined``, with an "and" before the last one: ``'a', 'b' and 'c'``."""
    rest, _, last = joined(names, most).rpartition(", ")
    return f"{rest} and {last}" if rest and len(names) <= most else joined(names, most)


def words_of(name: str) -> list[str]:
    """The words of a name in lower case: ``pageSize``, ``page_size`` and ``page-size`` have the same."""
    return [word.lower() for word in _WORD.findall(name)]


_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


MOST_NAMED = 5
"""Values or alternatives that a message names."""


def number_words(names: tuple[str, ...], noun: str) -> dict[str, str]:
    """The words of a message that depend on how many things it names."""
    is_one = len(names) == 1
    return {
        "noun": noun if is_one else f"{noun}s",
        "are": "is" if is_one else "are",
        "were": "was" if is_one else "were",
        "them": "it" if is_one else "them",
    }
