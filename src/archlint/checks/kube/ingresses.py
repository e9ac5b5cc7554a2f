"""What comes in from outside: is it sent anywhere, encrypted, and by one rule alone?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents import Node
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.building.builds import patch_text
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.ingresses import Backend, GatewayRoute, Ingress
from archlint.model.kubernetes.references import is_missing
from archlint.model.kubernetes.sets import deployment_sets, find_objects
from archlint.model.services.absence import absence
from archlint.model.world import World

NEEDS = ("Ingress", "gateway.networking.k8s.io")

_DANGLING = ("kube-score:ingress-targets-service", "kube-linter:dangling-ingress")
_OF_PLATFORMS = frozenset({"kubernetes", "webhook-receiver"})
"""Services that a cluster or Flux brings along."""
_SNIPPETS = (
    *("configuration-snippet", "server-snippet", "auth-snippet", "modsecurity-snippet", "stream-snippet"),
)


@join(Ingress)
def ingress_backend_undefined(ingress: Ingress, world: World, options: Options) -> Iterator[Observation]:
    """A path that leads to a Service, or a port of one, that nobody defines."""
    for node in ingress.misspelt():
        yield observe(
            node.place(),
            "spelling",
            asker=f"Ingress '{ingress.name}'",
            key=node.route[-1],
            version=ingress.base.api_version,
            right="'serviceName' and 'servicePort'"
            if ingress.is_old
            else "'service.name' and 'service.port'",
            aliases=(_DANGLING[0], "kube-linter:schema-validation"),
        )
    for backend in ingress.backends():
        yield from _wrong(ingress.base, backend, world, _DANGLING)


@join(GatewayRoute)
def route_backend_undefined(route: GatewayRoute, world: World, options: Options) -> Iterator[Observation]:
    """A route that leads to a Service, or a port of one, that nobody defines."""
    for backend in route.backends():
        yield from _wrong(route.base, backend, world, ())


def _wrong(
    asker: KubernetesObject, backend: Backend, world: World, aliases: Sequence[str]
) -> Iterator[Observation]:
    name = backend.name.text or ""
    told = f"{asker.kind} '{asker.name}'"
    if is_placeholder(name):
        return
    if is_missing(world, asker, "Service", name, backend.namespace):
        if name in _OF_PLATFORMS or not world.fact(absence).is_certain("Service", name, asker):
            return
        yield observe(backend.name.place(), "default", aliases=aliases, asker=told, service=name)
        return
    services = [
        item for item in find_objects(world, asker, "Service", name, backend.namespace) if item.group == ""
    ]
    port = backend.port
    if (
        not services
        or not port.is_set
        or _has_port(services, port)
        or str(port.value) in world.fact(patch_text)
    ):
        return
    ports = sorted({text for item in services for text in _ports(item)})
    yield observe(
        port.place(),
        "port",
        related=[(services[0].get("spec", "ports").place(), "the ports that it has")],
        port=port.value,
        ports=", ".join(ports) or "none",
        aliases=aliases,
        asker=told,
        service=name,
    )


def _has_port(services: Sequence[KubernetesObject], port: Node) -> bool:
    return any(
        str(port.value) in (str(entry.get("port").value), entry.get("name").text)
        for item in services
        for entry in item.get("spec", "ports").elements()
    ) or any(item.get("spec", "type").text == "ExternalName" for item in services)


def _ports(service: KubernetesObject) -> Iterator[str]:
    for entry in service.get("spec", "ports").elements():
        name = entry.get("name").text
        yield f"{entry.get('port').value}" + (f" ('{name}')" if name else "")


@check(Ingress)
def ingress_without_tls(ingress: Ingress, options: Options) -> Iterator[Observation]:
    """An Ingress, or one of its hosts, that is served without encryption."""
    tls = ingress.base.get("spec", "tls")
    if not ingress.base.get("spec").is_map:
        return
    if not tls.value:
        yield observe(tls.place(), name=ingress.name, aliases=["polaris:tlsSettingsMissing"])
        return
    covered = {host.text or "" for entry in tls.elements() for host in entry.get("hosts").elements()}
    if not covered:
        return
    for rule in ingress.base.get("spec", "rules").elements():
        host = rule.get("host").text
        if host and not is_placeholder(host) and not _is_covered(host, covered):
            yield observe(
                rule.get("host").value_place(),
                "host",
                related=[(tls.place(), "the hosts with a certificate")],
                name=ingress.name,
                host=host,
                aliases=[],
            )


def _is_covered(host: str, covered: set[str]) -> bool:
    return host in covered or f"*.{host.partition('.')[2]}" in covered


@join(Ingress)
def ingress_path_doubled(ingress: Ingress, world: World, options: Options) -> Iterator[Observation]:
    """A path of a host that another Ingress claims as well."""
    if _is_canary(ingress):
        return
    index = world.fact(_claims)
    sets = world.fact(deployment_sets)
    for path in ingress.paths():
        for other, node in index.get(_claim(ingress, path.host, path.node), ()):
            is_before = (other.namespace or "", other.name) < (ingress.namespace or "", ingress.name)
            if is_before and sets.are_together(ingress.base, other.base):
                yield observe(
                    path.node.get("path").place(),
                    related=[(node.get("path").place(), "claims it as well")],
                    name=ingress.name,
                    other=other.name,
                    path=path.node.get("path").text or "/",
                    host=path.host,
                )
                break


def _is_canary(ingress: Ingress) -> bool:
    """Whether ingress-nginx takes it as a variant of another one."""
    return any(key.endswith("/canary") for key in ingress.base.annotations)


_Claim = tuple[str, str, str, str]
_MOST_CLAIMS = 2
"""Ingresses of one path that are remembered: two are enough to tell that there are two."""


def _claim(ingress: Ingress, host: str, path: Node) -> _Claim:
    base = ingress.base
    name = base.get("spec", "ingressClassName").text or base.annotations.get(
        "kubernetes.io/ingress.class", ""
    )
    return name, host, path.get("path").text or "/", path.get("pathType").text or ""


def _claims(world: World) -> dict[_Claim, list[tuple[Ingress, Node]]]:
    """Who claims which path; canaries share one by intent."""
    found: dict[_Claim, list[tuple[Ingress, Node]]] = defaultdict(list)
    for ingress in world.all(Ingress):
        if _is_canary(ingress):
            continue
        for path in ingress.paths():
            claim = _claim(ingress, path.host, path.node)
            if len(found[claim]) < _MOST_CLAIMS:
                found[claim].append((ingress, path.node))
    return found


@check(Ingress)
def ingress_snippet(ingress: Ingress, options: Options) -> Iterator[Observation]:
    """Configuration of the proxy that stands in an annotation."""
    for key in ingress.base.annotations:
        prefix, _, name = key.rpartition("/")
        if name in _SNIPPETS and "nginx" in prefix:
            node = ingress.base.get("metadata", "annotations", key)
            yield observe(node.place(), name=ingress.name, annotation=key)
