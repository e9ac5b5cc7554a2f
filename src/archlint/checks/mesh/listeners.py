"""Listeners of the Gateway API: routes that none of them takes, and those that clash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.checks import Observation, Options, check, join, observe
from archlint.finding import Place
from archlint.finding.words import listed, quoted
from archlint.model.gateway_api.conflicts import ListenerClash, clashes
from archlint.model.gateway_api.listeners import Listener, ListenerHolder, is_of_api
from archlint.model.gateway_api.parents import Hindrance, ParentReference, RefusedRoute
from archlint.model.kubernetes.ingresses import ROUTES
from archlint.model.world import World

NEEDS = ("gateway.networking.k8s.io",)

_SHOWN = 3


@join(ParentReference)
def route_listener_undefined(
    reference: ParentReference, world: World, options: Options
) -> Iterator[Observation]:
    """A listener, by name or port, that the Gateway does not have."""
    refused = reference.refused(world)
    if refused is not None and refused.reason in (Hindrance.SECTION, Hindrance.PORT):
        is_port = refused.reason is Hindrance.PORT
        names = [_port(each) if is_port else f"'{each.name}'" for each in refused.listeners]
        yield observe(
            reference.node.get("port" if is_port else "sectionName").value_place(),
            refused.reason.value,
            related=_shown(refused, [refused.parent.base.get("spec", "listeners").place()]),
            identity=_identity(reference),
            kind=reference.kind,
            name=reference.name,
            parent=_parent(refused),
            wanted=reference.port if is_port else reference.section,
            listeners=listed(list(dict.fromkeys(names)), 6),
        )


@join(ParentReference)
def route_not_allowed(reference: ParentReference, world: World, options: Options) -> Iterator[Observation]:
    """A route whose namespace or kind none of the listeners takes."""
    refused = reference.refused(world)
    if refused is not None and refused.reason in (Hindrance.NAMESPACE, Hindrance.KIND):
        first = refused.listeners[0]
        source = first.node.get("allowedRoutes", "namespaces", "from").text or "Same"
        is_kind = refused.reason is Hindrance.KIND
        place = reference.base.get("kind") if is_kind else reference.node.get("name")
        yield observe(
            place.value_place(),
            "kind" if is_kind else source.lower(),
            related=_shown(refused, [_what_allows(each, is_kind=is_kind) for each in refused.listeners]),
            identity=_identity(reference),
            aliases=["kiali:KIA1401"] if not is_kind else [],
            kind=reference.kind,
            name=reference.name,
            parent=_parent(refused),
            namespace=reference.namespace or "?",
            own=refused.parent.namespace or "?",
            kinds=listed(sorted(quoted(first.kinds or ())), 4) or "none",
        )


@join(ParentReference)
def route_hostname_unserved(
    reference: ParentReference, world: World, options: Options
) -> Iterator[Observation]:
    """A route none of whose hosts a listener serves."""
    refused = reference.refused(world)
    if refused is not None and refused.reason is Hindrance.HOST:
        hosts = [listener.node.get("hostname") for listener in refused.listeners]
        yield observe(
            reference.base.get("spec", "hostnames", 0).value_place(),
            related=_shown(refused, [host.value_place() for host in hosts]),
            identity=_identity(reference),
            kind=reference.kind,
            name=reference.name,
            parent=_parent(refused),
            hosts=listed(quoted(reference.hosts), 3),
            served=listed(quoted(dict.fromkeys(host.text or "" for host in hosts)), 4),
        )


def _shown(refused: RefusedRoute, places: Sequence[Place]) -> list[tuple[Place, str]]:
    return [(place, f"a listener of {_parent(refused)}") for place in places[:_SHOWN]]


def _what_allows(listener: Listener, *, is_kind: bool) -> Place:
    """What says which kinds a listener takes, or which namespaces."""
    allowed = listener.node.get("allowedRoutes")
    if is_kind and not allowed.get("kinds").exists:
        return listener.node.get("protocol").value_place()
    return (allowed if allowed.exists else listener.node.get("name")).place()


def _identity(reference: ParentReference) -> tuple[str, ...]:
    return (reference.parent_name, reference.section, str(reference.port))


def _parent(refused: RefusedRoute) -> str:
    return f"{refused.parent.kind} '{refused.parent.name}'"


def _port(listener: Listener) -> str:
    return str(listener.port) if listener.port is not None else "?"


@check(ListenerHolder)
def listener_conflict(holder: ListenerHolder, options: Options) -> Iterator[Observation]:
    """Two listeners of one Gateway of which a controller serves one alone."""
    for found in clashes(holder):
        listener, earlier = found.listener, found.earlier
        key = {ListenerClash.NAME: "name", ListenerClash.PROTOCOL: "protocol"}.get(found.clash, "port")
        yield observe(
            listener.node.get(key).value_place(),
            found.clash.value,
            related=[(earlier.node.get(key).value_place(), "the other listener")],
            identity=(listener.name, earlier.name),
            kind=holder.kind,
            name=holder.name,
            listener=listener.name or "?",
            other=earlier.name or "?",
            port=_port(listener),
            host=f"host '{listener.hostname}'" if listener.hostname else "all hosts",
            one=earlier.protocol,
            second=listener.protocol,
        )


@check(ListenerHolder)
def listener_kind_unsupported(holder: ListenerHolder, options: Options) -> Iterator[Observation]:
    """A kind of route that the protocol of its listener cannot carry."""
    for listener in holder.listeners:
        carried = listener.carried
        if carried is None:
            continue
        for entry in listener.node.get("allowedRoutes", "kinds").elements():
            kind = entry.get("kind").text
            if kind in ROUTES and is_of_api(entry) and kind not in carried:
                yield observe(
                    entry.get("kind").value_place(),
                    related=[(listener.node.get("protocol").value_place(), "its protocol")],
                    identity=(listener.name, kind),
                    kind=holder.kind,
                    name=holder.name,
                    listener=listener.name or "?",
                    protocol=listener.protocol,
                    wanted=kind,
                    carried=listed(sorted(quoted(carried)), 3),
                )
