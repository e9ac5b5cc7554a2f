"""What many rules about OpenAPI documents need: which operation an element belongs to, and how to say it."""

from __future__ import annotations

from archlint.documents import Node
from archlint.finding import Operation as OperationName
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


def short(value: object) -> str:
    """A value as messages show it."""
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
