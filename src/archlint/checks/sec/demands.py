"""What contracts say of credentials, against what gateways and meshes ask for."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.regex import regex
from archlint.finding.words import listed
from archlint.model.exposure.guards import Guard
from archlint.model.exposure.issuers import OtherIssuer
from archlint.model.exposure.probes import HEALTH
from archlint.model.exposure.ways_in import UncheckedRoute, UnrequiredToken, WaysIn, open_operations, ways_in
from archlint.model.openapi import Contract, Operation
from archlint.model.world import World

NEEDS = ("openapi",)

_FOR_ALL = regex(
    r"(?i)log-?_?(?:in|out|on)|sign-?_?(?:in|up|out)|regist|token|auth|oidc|saml|sso|passw|callback|docs?|swagger|openapi"
    r"|metrics|version|info"
)
"""Matches words of operations by which callers become known, or that tell of the service itself."""
_MOST_RELATED = 10


@join(Contract)
def edge_security_undeclared(contract: Contract, world: World, options: Options) -> Iterator[Observation]:
    """Operations that need no credentials by the contract, and every way to which asks for some."""
    ways: WaysIn = world.fact(ways_in)
    if contract.document.path not in ways.services:
        return
    found: dict[tuple[object, ...], list[tuple[Operation, Guard]]] = {}
    for operation in open_operations(contract):
        guard = None if _is_for_all(operation) else ways.guard(operation)
        if guard is not None:
            own = operation.node.get("security")
            node = own if own.exists else contract.root.get("security")
            key = (node.route, guard.place)
            found.setdefault(key, []).append((operation, guard))
    for group in found.values():
        operation, guard = group[0]
        own = operation.node.get("security")
        yield observe(
            (own if own.exists else contract.root.get("security")).place(),
            related=[(guard.place, "asks who calls")],
            operations=[item.name for item, _ in group],
            identity=(operation.item.template, operation.method, guard.what),
            named=listed([f"{item.method} {item.item.template}" for item, _ in group], 3),
            guard=guard.what,
        )


def _is_for_all(operation: Operation) -> bool:
    words = (operation.item.template, operation.operation_id.text or "")
    return any(_FOR_ALL.search(word) or HEALTH.search(word) for word in words)


@join(UncheckedRoute)
def declared_security_unenforced(
    unchecked: UncheckedRoute, world: World, options: Options
) -> Iterator[Observation]:
    """A route that asks nothing, to operations that demand credentials, beside one that asks."""
    yield observe(
        unchecked.route.node.value_place(),
        related=[
            (unchecked.guard.place, "another route of the gateway asks who calls"),
            *((item.node.place(), "demands credentials") for item in unchecked.operations[:_MOST_RELATED]),
        ],
        identity=(unchecked.operations[0].contract.title,),
        operations=[item.name for item in unchecked.operations],
        kind=unchecked.route.base.kind,
        name=unchecked.route.base.name,
        named=listed([f"{item.method} {item.item.template}" for item in unchecked.operations], 3),
        other=f"{unchecked.other.base.kind} '{unchecked.other.base.name}'",
        guard=unchecked.guard.what,
    )


@join(UnrequiredToken)
def token_not_required(item: UnrequiredToken, world: World, options: Options) -> Iterator[Observation]:
    """Tokens that are checked and never asked for, before operations that demand them."""
    base = item.authentication
    yield observe(
        base.get("spec", "jwtRules").place(),
        related=[(each.node.place(), "demands credentials") for each in item.operations[:_MOST_RELATED]],
        identity=(item.service.name,),
        operations=[each.name for each in item.operations],
        name=base.name,
        service=item.service.name,
        named=listed([f"{each.method} {each.item.template}" for each in item.operations], 3),
    )


@join(OtherIssuer)
def token_issuer_differs(other: OtherIssuer, world: World, options: Options) -> Iterator[Observation]:
    """A mesh that takes the tokens of an issuer that the contract sends nobody to."""
    yield observe(
        other.taken.value_place(),
        related=[(other.told.value_place(), "where the contract sends callers")],
        identity=(other.service,),
        service=other.service,
        issuer=other.taken.text,
        told=other.told.text,
    )
