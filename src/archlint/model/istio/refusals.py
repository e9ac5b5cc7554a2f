"""What Istio refuses in its objects, or takes with a warning: fields that it does not know, words that a
field does not take, and settings that do not go together.

Source: Istio's reference of its configuration, and the checks of its webhook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.finding.words import either, quoted
from archlint.model.gateway_api.listeners import gateway_api_objects
from archlint.model.gateway_api.refusals import LAWS as GATEWAY_LAWS
from archlint.model.istio.known_fields import known_fields, known_words
from archlint.model.istio.objects import istio_objects
from archlint.model.istio.route_refusals import virtual_service_refusals
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.ingresses import GATEWAYS
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.kubernetes.objects import objects_of
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open, reach, shown
from archlint.model.kubernetes.validation.refusals import may_be_patched
from archlint.model.world import World

_PROTOCOLS = (
    "HTTP",
    "HTTPS",
    "GRPC",
    "GRPC-WEB",
    "HTTP2",
    "MONGO",
    "REDIS",
    "MYSQL",
    "TCP",
    "TLS",
    "UDP",
    "HBONE",
)
_ENDS_TLS = ("HTTPS", "TLS")
_WITH_OWN_CERTIFICATE = ("SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL")
_CERTIFICATES = ("credentialName", "credentialNames", "serverCertificate", "tlsCertificates")
_LAST_PORT = 65_535
_SIGNS = frozenset("${<%")
"""What a text has that another program fills in; words of these fields are in capital letters as well."""
_NAMED_HOST = regex(r"(?:\*|\.|~|[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)/\S+\Z")


@dataclass(frozen=True)
class RefusedMeshField(ObjectFacet):
    """Something in an object of Istio that Istio refuses, or warns of."""

    refused: Refused

    @classmethod
    def all(cls, world: World) -> Iterator[RefusedMeshField]:
        """All of them; what is missing where a patch may add it is not."""
        defined = world.fact(_defined_kinds)
        groups = (world.fact(istio_objects), world.fact(gateway_api_objects))
        for item in (item for by_kind in groups for items in by_kind.values() for item in items):
            if not item.get("spec").is_map:
                continue
            is_part = not item.is_built and may_be_patched(item.source.path, world)
            for refused in refusals_of(item, is_defined=(item.group, item.kind) in defined):
                if not (is_part and refused.cause is Cause.LACKING):
                    yield cls(item, refused)

    @property
    def is_of_istio(self) -> bool:
        """Whether the object is one of Istio's own."""
        return self.base.group != GATEWAYS


def refusals_of(item: KubernetesObject, *, is_defined: bool = False) -> Iterator[Refused]:
    """``is_defined`` tells that a definition of the kind is here, which says itself what fields there are;
    the Gateway API has no other check."""
    if item.group == GATEWAYS:
        law = None if is_defined else GATEWAY_LAWS.get(item.kind)
        yield from law(item) if law is not None else ()
        return
    if not is_defined:
        yield from _unknown_fields(item)
        yield from _unknown_words(item)
    own = _LAWS.get(item.kind)
    yield from own(item) if own is not None else ()


def _defined_kinds(world: World) -> frozenset[tuple[str, str]]:
    """Group and kind of what definitions are about."""
    given = () if world.schema_source is None else world.schema_source.definitions()
    every = (*world.all(KubernetesObject), *(item for document in given for item in objects_of(document)))
    return frozenset(
        (item.get("spec", "group").text or "", item.get("spec", "names", "kind").text or "")
        for item in every
        if item.kind == "CustomResourceDefinition"
    )


def _unknown_fields(item: KubernetesObject) -> Iterator[Refused]:
    for way, names in known_fields().get(item.kind, {}).items():
        for node in reach(item.get("spec"), way):
            for key, value in node.items():
                if key in names or _SIGNS & set(key):
                    continue
                near = SimilarNames(names).nearest(key)
                where = (
                    f"'{way.removesuffix('/*').rpartition('/')[2]}'" if way else f"the spec of {item.kind}"
                )
                problem = f"{where[0].upper()}{where[1:]} has no field '{shown(key)}'"
                remedy = f"'{near}'" if near else either(quoted(names), 6)
                yield Refused(value, Cause.NAME, problem, remedy)


def _unknown_words(item: KubernetesObject) -> Iterator[Refused]:
    for way, words in known_words().get(item.kind, {}).items():
        for node in reach(item.get("spec"), way):
            text = node.text
            if text is not None and text not in words and not _SIGNS & set(text):
                problem = f"'{node.route[-1]}' is '{shown(text)}'"
                yield Refused(node, Cause.FORMAT, problem, either(quoted(words), 6))


def _gateway(item: KubernetesObject) -> Iterator[Refused]:
    spec = item.get("spec")
    if not spec.get("servers").value and not is_open(spec.get("servers")):
        yield Refused(spec.get("servers"), Cause.LACKING, "The Gateway has no servers", "at least one")
    names: dict[str, Node] = {}
    for server in reach(spec, "servers/*"):
        if not server.get("hosts").value:
            yield Refused(server.get("hosts"), Cause.LACKING, "A server has no hosts", "'hosts'")
        port = server.get("port")
        yield from _port(port, "A server")
        yield from _server_tls(port.get("protocol"), server.get("tls"))
        name = port.get("name")
        if name.text and name.text in names:
            problem = f"Two servers have a port called '{name.text}'"
            yield Refused(name, Cause.TWICE, problem, "another name for one", names[name.text])
        names.setdefault(name.text or "", name)


def _server_tls(protocol: Node, tls: Node) -> Iterator[Refused]:
    ends = (protocol.text or "").upper() in _ENDS_TLS
    if protocol.text and ends and not tls.is_set:
        problem = f"A server of protocol {protocol.text} has no settings of TLS"
        yield Refused(protocol, Cause.LACKING, problem, "'tls' with a mode and 'credentialName'")
    mode = tls.get("mode")
    if protocol.text and not is_open(protocol) and not ends and mode.value:
        problem = f"A server of protocol {protocol.text} has a mode of TLS"
        remedy = "protocol HTTPS or TLS, or 'tls' without a mode"
        yield Refused(mode, Cause.CONFLICT, problem, remedy, protocol)
    if ends and mode.text in _WITH_OWN_CERTIFICATE and not any(tls.get(key).value for key in _CERTIFICATES):
        problem = f"A server ends TLS ({mode.text}) and names no certificate"
        yield Refused(mode, Cause.LACKING, problem, "'credentialName'")


def _port(port: Node, what: str) -> Iterator[Refused]:
    if not port.is_map:
        yield Refused(port, Cause.LACKING, f"{what} has no port", "'port' with number, name and protocol")
        return
    for key in ("number", "name", "protocol"):
        if not port.get(key).value and key != "protocol":
            yield Refused(port.get(key), Cause.LACKING, f"A port has no {key}", f"'{key}'")
    number, protocol = port.get("number").integer, port.get("protocol")
    if number is not None and number and not 1 <= number <= _LAST_PORT:
        yield Refused(port.get("number"), Cause.NUMBER, f"The port is {number}", f"1 to {_LAST_PORT}")
    if protocol.text and protocol.text.upper() not in _PROTOCOLS and not is_open(protocol):
        problem = f"The protocol of a port is '{shown(protocol.text)}'"
        yield Refused(protocol, Cause.FORMAT, problem, either(_PROTOCOLS, 12))


def _destination_rule(item: KubernetesObject) -> Iterator[Refused]:
    spec = item.get("spec")
    if not spec.get("host").value:
        yield Refused(spec.get("host"), Cause.LACKING, "The DestinationRule has no host", "'host'")
    seen: dict[str, Node] = {}
    for subset in reach(spec, "subsets/*"):
        name = subset.get("name")
        if not name.value:
            yield Refused(name, Cause.LACKING, "A subset has no name", "'name'")
        if name.text and name.text in seen:
            problem = f"Two subsets are called '{name.text}', of which the first one counts"
            yield Refused(name, Cause.TWICE, problem, "another name", seen[name.text], is_accepted=True)
        seen.setdefault(name.text or "", name)
    for way in ("trafficPolicy", "subsets/*/trafficPolicy", "trafficPolicy/portLevelSettings/*"):
        for policy in reach(spec, way):
            yield from _policy(policy)


def _policy(policy: Node) -> Iterator[Refused]:
    tls, outlier = policy.get("tls"), policy.get("outlierDetection")
    files = [tls.get(key) for key in ("clientCertificate", "privateKey") if tls.get(key).value]
    if tls.get("mode").text == "MUTUAL" and len(files) < 2 and not tls.get("credentialName").value:
        problem = "Mutual TLS has no certificate and key of the caller"
        yield Refused(tls.get("mode"), Cause.LACKING, problem, "'clientCertificate' and 'privateKey'")
    for key in ("maxEjectionPercent", "minHealthPercent"):
        number = outlier.get(key).integer
        if number is not None and not 0 <= number <= 100:
            yield Refused(outlier.get(key), Cause.NUMBER, f"'{key}' is {number}", "0 to 100")
    if outlier.get("consecutiveErrors").is_set:
        problem = "'consecutiveErrors' is deprecated"
        remedy = "'consecutive5xxErrors' or 'consecutiveGatewayErrors'"
        yield Refused(outlier.get("consecutiveErrors"), Cause.NAME, problem, remedy, is_accepted=True)


def _service_entry(item: KubernetesObject) -> Iterator[Refused]:
    spec = item.get("spec")
    hosts, endpoints = spec.get("hosts"), spec.get("endpoints")
    resolution, selector = spec.get("resolution"), spec.get("workloadSelector")
    if not hosts.value and not is_open(hosts):
        yield Refused(hosts, Cause.LACKING, "The ServiceEntry has no hosts", "'hosts'")
    if selector.is_set and endpoints.value:
        problem = "A ServiceEntry has both endpoints and a selector of them"
        yield Refused(endpoints, Cause.CONFLICT, problem, "one of the two", selector)
    if resolution.text in (None, "NONE") and endpoints.value:
        problem = "Endpoints count for no 'resolution' and for NONE in no way"
        yield Refused(endpoints, Cause.CONFLICT, problem, "'resolution: STATIC' or 'DNS'", resolution)
    for host in hosts.elements():
        if (host.text or "").startswith("*") and resolution.text == "DNS" and not endpoints.value:
            problem = f"The host '{shown(host.text)}' is no name that DNS could resolve"
            yield Refused(host, Cause.CONFLICT, problem, "'resolution: NONE', or endpoints", resolution)
    names: dict[object, Node] = {}
    for port in reach(spec, "ports/*"):
        yield from _port(port, "A ServiceEntry")
        for key in ("name", "number"):
            node = port.get(key)
            said = node.text or node.integer
            if said and (key, said) in names:
                problem = f"Two ports have the {key} {said}"
                yield Refused(node, Cause.TWICE, problem, "another one", names[key, said])
            names.setdefault((key, said), node)


def _sidecar(item: KubernetesObject) -> Iterator[Refused]:
    for listener in reach(item.get("spec"), "egress/*"):
        if not listener.get("hosts").value:
            yield Refused(listener.get("hosts"), Cause.LACKING, "An egress listener has no hosts", "'hosts'")
        for host in listener.get("hosts").elements():
            if host.text and not is_open(host) and not _NAMED_HOST.match(host.text):
                problem = f"The host '{shown(host.text)}' has no namespace in front"
                yield Refused(host, Cause.FORMAT, problem, "a form such as './*' or 'shop/cart'")


def _authorization_policy(item: KubernetesObject) -> Iterator[Refused]:
    spec = item.get("spec")
    action, provider = spec.get("action"), spec.get("provider")
    if action.text == "CUSTOM" and not provider.is_set:
        problem = "The action CUSTOM has no provider that decides"
        yield Refused(action, Cause.LACKING, problem, "'provider'")
    if provider.is_set and action.text != "CUSTOM":
        problem = "A provider decides for the action CUSTOM alone"
        remedy = "'action: CUSTOM', or the policy without 'provider'"
        yield Refused(provider, Cause.CONFLICT, problem, remedy, action)
    if action.text in ("DENY", "CUSTOM") and not spec.get("rules").exists:
        problem = f"The action {action.text} without rules is never taken"
        yield Refused(action, Cause.LACKING, problem, "'rules', of which [{}] is for all calls")
    for way, key in (("rules/*/from/*", "source"), ("rules/*/to/*", "operation")):
        for entry in reach(spec, way):
            if entry.is_map and not entry.get(key).value and not is_open(entry.get(key)):
                yield Refused(entry, Cause.LACKING, f"An entry says nothing in '{key}'", f"'{key}'")
    for entry in reach(spec, "rules/*/when/*"):
        if not entry.get("key").value:
            yield Refused(entry.get("key"), Cause.LACKING, "A condition has no key", "'key'")


def _peer_authentication(item: KubernetesObject) -> Iterator[Refused]:
    spec = item.get("spec")
    ports = spec.get("portLevelMtls")
    if ports.value and not spec.get("selector", "matchLabels").value:
        problem = "Modes of single ports need a selector of the pods that have these ports"
        yield Refused(ports, Cause.CONFLICT, problem, "'selector'")


def _request_authentication(item: KubernetesObject) -> Iterator[Refused]:
    for rule in reach(item.get("spec"), "jwtRules/*"):
        if not rule.get("issuer").value:
            yield Refused(rule.get("issuer"), Cause.LACKING, "A rule has no issuer", "'issuer'")
        if rule.get("jwks").value and rule.get("jwksUri").value:
            problem = "A rule has keys and an address of keys"
            yield Refused(rule.get("jwks"), Cause.CONFLICT, problem, "one of the two", rule.get("jwksUri"))


def _telemetry(item: KubernetesObject) -> Iterator[Refused]:
    tracing = [node for node in item.get("spec", "tracing").elements() if node.is_map]
    if len(tracing) > 1:
        problem = "Of several entries of tracing one alone counts"
        yield Refused(tracing[1], Cause.TWICE, problem, "one entry", tracing[0], is_accepted=True)
    for entry in tracing:
        share = entry.get("randomSamplingPercentage")
        if isinstance(share.value, int | float) and not 0 <= share.value <= 100:
            problem = f"'randomSamplingPercentage' is {share.value}"
            yield Refused(share, Cause.NUMBER, problem, "0 to 100")
        if len(list(entry.get("providers").elements())) > 1:
            problem = "Of several providers of traces one alone counts"
            yield Refused(entry.get("providers"), Cause.TWICE, problem, "one provider", is_accepted=True)


_LAWS: Mapping[str, Callable[[KubernetesObject], Iterator[Refused]]] = {
    "AuthorizationPolicy": _authorization_policy,
    "DestinationRule": _destination_rule,
    "Gateway": _gateway,
    "PeerAuthentication": _peer_authentication,
    "RequestAuthentication": _request_authentication,
    "ServiceEntry": _service_entry,
    "Sidecar": _sidecar,
    "Telemetry": _telemetry,
    "VirtualService": virtual_service_refusals,
}
