"""Routes from outside against the contracts of what they lead to."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.regex import regex
from archlint.finding.words import listed, quoted
from archlint.model.exposure import outside_routes, providers, routes_of, servers_of
from archlint.model.exposure.demands import is_open
from archlint.model.exposure.proxy_paths import ProxyPath
from archlint.model.exposure.retries import RiskyRetry
from archlint.model.kubernetes import KubernetesObject
from archlint.model.openapi import Contract, Operation, operations_of
from archlint.model.world import World

_OUTSIDE_OF_CONTRACTS = regex(
    r"(?i)\.|^(?:health\w*|live\w*|ready\w*|status|ping|version|info|metrics|actuator|docs?|api-docs|"
    r"swagger\w*|swagger-ui|redoc|openapi|assets|static|public|images?|css|js|fonts|media|files|uploads|"
    r"downloads|ui|web|www|admin|console|dashboard|graphi?ql?|playground|ws|wss|websockets?|socket\w*|events|"
    r"stream|sse|hubs?|signalr|auth\w*|oauth2?|oidc|sso|saml|log-?in|log-?out|sign-?in|sign-?out|callback|"
    r"webhooks?|hooks?|internal|debug|test|grpc\w*|rpc)$"
)
"""Matches segments of what services offer besides their API, and seldom describe."""
_ENTRY = regex(
    r"(?i)log-?_?(?:in|out|on)|sign-?_?(?:in|up|out)|regist(?:er|ration)|token|auth|oidc|saml|sso|passw|forgot|"
    r"verif|confirm|session|webhook|hook|callback|public|contact|feedback|subscri|health|csp|invit|activat|reset"
)
"""Matches words of operations that people call before they are known, or that prove the caller otherwise."""
_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_MOST_RELATED = 10


@join(KubernetesObject)
def route_path_undefined(base: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """A route to a path that the contract of its service does not have."""
    seen = set[tuple[str, str]]()
    for route in routes_of(base, world):
        provider = world.fact(providers).of(route) if route.sent is not None else None
        if provider is None or route.sent is None or provider.has(route.sent):
            continue
        nearest = provider.nearest(route.sent)
        key = (provider.service, route.sent.text)
        if nearest is None or key in seen or _is_beside(route.sent.text, nearest.text):
            continue
        seen.add(key)
        yield observe(
            route.node.value_place(),
            "default" if route.sent is route.asked else "rewritten",
            related=[(nearest.item.key.place(), "the nearest path of the contract")],
            identity=key,
            kind=base.kind,
            name=base.name,
            path=route.sent.text,
            service=provider.service,
            nearest=nearest.text,
        )


@join(Contract)
def operation_unreachable(contract: Contract, world: World, options: Options) -> Iterator[Observation]:
    """A path of a contract whose host a gateway routes, and that no route of the host takes."""
    known = world.fact(outside_routes)
    servers = list(dict.fromkeys(servers_of(contract)))
    routes = [route for host, _ in servers for route in known.of_host(host)]
    if not routes or not all(known.of_host(host) for host, _ in servers):
        return
    for item in contract.path_items:
        if item.get("servers").exists or any(
            known.leads(host, base.rstrip("/") + item.template) for host, base in servers
        ):
            continue
        yield observe(
            item.key.place(),
            related=[(route.node.value_place(), "a route of this host") for route in routes[:_MOST_RELATED]],
            operations=[operation.name for operation in operations_of([item])],
            path=item.template,
            hosts=listed(quoted(dict.fromkeys(host for host, _ in servers)), 3),
        )


@join(Contract)
def exposed_operation_without_security(
    contract: Contract, world: World, options: Options
) -> Iterator[Observation]:
    """An operation that writes, that anybody may call from outside, among others that ask who calls."""
    operations = list(operations_of(contract.path_items))
    guarded = [item for item in operations if not is_open(item)]
    if not guarded:
        return
    for operation in operations:
        if operation.method not in _WRITING or not is_open(operation):
            continue
        routes = [] if _is_entry(operation) else world.fact(outside_routes).to(operation)
        if routes:
            own = operation.node.get("security")
            yield observe(
                own.place(),
                related=[
                    (route.node.value_place(), "a route by which it is reached")
                    for route in routes[:_MOST_RELATED]
                ],
                object=operation.object,
                operations=[operation.name],
                operation=f"{operation.method} {operation.item.template}",
                kind=routes[0].base.kind,
                name=routes[0].base.name,
                guarded=len(guarded),
                total=len(operations),
            )


@join(ProxyPath)
def proxied_path_undefined(path: ProxyPath, world: World, options: Options) -> Iterator[Observation]:
    """A path of a proxy or gateway that the contract of its service does not have."""
    if path.sent is None or path.provider.has(path.sent):
        return
    nearest = path.provider.nearest(path.sent)
    if nearest is None or _is_beside(path.sent.text, nearest.text):
        return
    yield observe(
        path.route.way.place,
        "default" if path.route.way.target_path is None else "rewritten",
        related=[(nearest.item.key.place(), "the nearest path of the contract")],
        identity=(path.provider.service, path.route.way.host, path.route.way.path),
        proxy=path.unit,
        path=path.sent.text,
        service=path.provider.service,
        nearest=nearest.text,
    )


@join(RiskyRetry)
def retry_not_idempotent(retry: RiskyRetry, world: World, options: Options) -> Iterator[Observation]:
    """Something that retries operations which must not be carried out twice."""
    names = [f"{item.method} {item.item.template}" for item in retry.operations]
    yield observe(
        retry.place,
        related=[(item.node.place(), "is not idempotent") for item in retry.operations[:_MOST_RELATED]],
        operations=[item.name for item in retry.operations],
        kind=retry.object.kind,
        name=retry.object.name,
        repeated=listed(names, 3),
    )


def _is_entry(operation: Operation) -> bool:
    """Whether an operation is one by which callers become known, or that says by other means who calls."""
    words = (*operation.item.template.split("/"), operation.operation_id.text or "")
    return any(_ENTRY.search(word) for word in words)


def _is_beside(path: str, nearest: str) -> bool:
    """Whether a path has a segment of what services offer besides their API, which the nearest has not."""
    known = set(nearest.split("/"))
    return any(part not in known and _OUTSIDE_OF_CONTRACTS.search(part) for part in path.split("/"))
