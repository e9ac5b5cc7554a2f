"""Whether operations ask for credentials, and name schemes that exist."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.documents import Node
from archlint.finding import Severity
from archlint.finding.words import quoted
from archlint.model.openapi import Contract, Dialect, Operation, operations_of
from archlint.model.openapi.templates import is_plumbing

_PREFLIGHT = frozenset(("OPTIONS",))
"""Browsers send preflight requests without credentials."""
_UNDEFINED = {
    True: "spectral:oas2-operation-security-defined",
    False: "spectral:oas3-operation-security-defined",
}


@check(Contract)
def operation_without_security(contract: Contract, options: Options) -> Iterator[Observation]:
    """Operations that say nothing about security; one finding if the contract never does."""
    exempt = frozenset(options["exempt"])
    operations = [
        each
        for each in operations_of(contract.path_items)
        if not is_plumbing(each.item.template, exempt) and each.method not in _PREFLIGHT
    ]
    open_to_all = [each for each in operations if _is_open(each, options["explicit"])]
    if len(open_to_all) > 1 and len(open_to_all) == len(operations):
        yield _whole_contract(contract, open_to_all)
        return
    is_unprotected = len(open_to_all) == len(operations) and not contract.security_schemes
    for operation in open_to_all:
        place = operation.node.get("security").place()
        yield observe(
            place,
            object=operation.object,
            operations=[operation.name],
            severity=Severity.WARNING if is_unprotected else None,
            operation=f"{operation.method} {operation.item.template}",
        )


def _is_open(operation: Operation, explicit: bool) -> bool:
    security = operation.security
    if not security.is_set:
        return True
    if not explicit or not security.is_list:
        return False
    return not security.value or any(item.value == {} for item in security.elements())


def _whole_contract(contract: Contract, operations: list[Operation]) -> Observation:
    schemes = contract.security_schemes
    return observe(
        contract.schemes_home.place() if schemes else contract.root.get("security").place(),
        "unused" if schemes else "contract",
        identity=("security",),
        severity=None if schemes else Severity.WARNING,
        operations=[each.name for each in operations],
        count=len(operations),
        schemes=", ".join(quoted(schemes)),
    )


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


@check(Contract)
def security_scheme_undefined(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each name in a requirement that no scheme has, at its first use."""
    uses: dict[str, list[tuple[Node, Operation | None]]] = {}
    for operation, requirements in _requirements(contract):
        for requirement in requirements.elements():
            for name, scopes in requirement.items():
                if name not in contract.security_schemes and not _is_reference(contract, name):
                    uses.setdefault(name, []).append((scopes, operation))
    is_v2 = contract.root.get("swagger").exists
    defined = ", ".join(quoted(contract.security_schemes)) or "none"
    for name, found in uses.items():
        yield observe(
            found[0][0].place(),
            identity=("security", name),
            operations=[operation.name for _, operation in found if operation is not None],
            aliases=[_UNDEFINED[is_v2]],
            name=name,
            defined=defined,
            uses="" if len(found) == 1 else f" and {_times(len(found) - 1)} more",
        )


def _requirements(contract: Contract) -> Iterator[tuple[Operation | None, Node]]:
    yield None, contract.root.get("security")
    for operation in operations_of((*contract.path_items, *contract.webhooks)):
        yield operation, operation.node.get("security")


def _is_reference(contract: Contract, name: str) -> bool:
    """Since 3.2 a requirement may name a scheme by URI."""
    return contract.dialect is Dialect.V3_2 and ("/" in name or "#" in name)
