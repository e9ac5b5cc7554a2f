"""What the API server refuses in Gateways and routes, by the rules that their definitions bring along: they
are in few repositories.

Source: the definitions of the Gateway API (``config/crd``), patterns, bounds and rules in CEL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from archlint.documents import Node
from archlint.finding.regex import regex
from archlint.finding.words import either, quoted
from archlint.model.gateway_api.listeners import HOLDERS
from archlint.model.kubernetes.ingresses import ROUTES
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open, reach, shown
from archlint.model.kubernetes.validation.syntax import address, host_pattern

_WITHOUT_TLS = ("HTTP", "TCP", "UDP")
_WITHOUT_HOST = ("TCP", "UDP")
_LAST_PORT = 65_535
_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH")
_PATHS = ("Exact", "PathPrefix", "RegularExpression")
_FILTERS = {
    "HTTPRoute": {
        "RequestHeaderModifier": "requestHeaderModifier",
        "ResponseHeaderModifier": "responseHeaderModifier",
        "RequestMirror": "requestMirror",
        "RequestRedirect": "requestRedirect",
        "URLRewrite": "urlRewrite",
        "ExtensionRef": "extensionRef",
        "CORS": "cors",
        "ExternalAuth": "externalAuth",
    },
    "GRPCRoute": {
        "RequestHeaderModifier": "requestHeaderModifier",
        "ResponseHeaderModifier": "responseHeaderModifier",
        "RequestMirror": "requestMirror",
        "ExtensionRef": "extensionRef",
    },
}
"""The key of the settings of each type of filter."""
_REPEATED = ("RequestMirror", "ExtensionRef")
"""Filters that a rule may have several of."""
_NOT_IN_PATHS = ("//", "/./", "/../", "%2f", "%2F", "#")
_NOT_AT_ENDS = ("/..", "/.")
_PATH = regex(r"(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*+\Z")
_HEADER = regex(r"[-A-Za-z0-9!#$%&'*+.^_`|~]++\Z")
_DURATION = regex(r"(?:([0-9]{1,5})(h|ms|m|s)){1,4}\Z")
_PART = regex(r"([0-9]{1,5})(h|ms|m|s)")
_MILLISECONDS = {"h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}


def gateway_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """Listeners with settings that their protocol does not have, and addresses that are none."""
    for listener in reach(base.node, "spec/listeners/*"):
        protocol, host, tls = listener.get("protocol"), listener.get("hostname"), listener.get("tls")
        called = f"Listener '{listener.get('name').text or '?'}' of protocol {protocol.text}"
        if protocol.text in _WITHOUT_HOST and host.value:
            problem = f"{called} has a host, which its connections do not tell"
            yield Refused(host, Cause.CONFLICT, problem, "the listener without 'hostname'", protocol)
        if protocol.text in _WITHOUT_TLS and tls.is_set:
            problem = f"{called} has settings of TLS"
            yield Refused(tls, Cause.CONFLICT, problem, "protocol HTTPS or TLS, or no 'tls'", protocol)
        if protocol.text == "HTTPS" and tls.get("mode").text == "Passthrough":
            problem = f"{called} passes TLS through, so it sees no HTTP"
            yield Refused(tls.get("mode"), Cause.CONFLICT, problem, "protocol TLS, or 'Terminate'", protocol)
        elif protocol.text in ("HTTPS", "TLS") and _lacks_certificate(tls):
            problem = f"{called} ends TLS and names no certificate"
            yield Refused(tls, Cause.LACKING, problem, "'certificateRefs'")
        yield from _port(listener.get("port"))
        yield from _host(host)
    for entry in reach(base.node, "spec/addresses/*"):
        value = entry.get("value")
        if entry.get("type").text in (None, "IPAddress") and value.text and not is_open(value):
            wrong = address(value.text)
            if wrong:
                problem = f"The address '{shown(value.text)}' {wrong}"
                yield Refused(value, Cause.FORMAT, problem, "an IP address, or 'type: Hostname'")


def _lacks_certificate(tls: Node) -> bool:
    is_ended = tls.is_map and tls.get("mode").text != "Passthrough"
    return is_ended and not tls.get("certificateRefs").value and not tls.get("options").value


def route_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """Routes with filters, matches or backends that the definitions shut out."""
    for host in reach(base.node, "spec/hostnames/*"):
        yield from _host(host)
    yield from _parents(base)
    for rule in reach(base.node, "spec/rules/*"):
        backends = [node for node in rule.get("backendRefs").elements() if node.is_map]
        for backend in backends:
            yield from _backend(backend)
        if base.kind in _FILTERS:
            matches = [node for node in rule.get("matches").elements() if node.is_map]
            yield from _filters(base.kind, rule, rule.get("filters"), matches, backends)
            for backend in backends:
                yield from _filters(base.kind, rule, backend.get("filters"), matches, [])
            for match in matches:
                yield from _match(match)
            yield from _timeouts(rule.get("timeouts"))


def grant_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A ReferenceGrant that says not from where, or not to what."""
    for key in ("from", "to"):
        entries = base.get("spec", key)
        if base.get("spec").is_map and not entries.value and not is_open(entries):
            yield Refused(entries, Cause.LACKING, f"A ReferenceGrant says nothing in '{key}'", f"'{key}'")
    for entry in reach(base.node, "spec/from/*"):
        if entry.is_map and not entry.get("namespace").value:
            problem = "A source of a ReferenceGrant names no namespace"
            yield Refused(entry.get("namespace"), Cause.LACKING, problem, "'namespace'")


def _port(port: Node) -> Iterator[Refused]:
    number = port.integer
    if number is not None and not 1 <= number <= _LAST_PORT:
        yield Refused(port, Cause.NUMBER, f"'port' is {number}", f"a number from 1 to {_LAST_PORT}")


def _host(host: Node) -> Iterator[Refused]:
    wrong = host_pattern(host.text) if host.text and not is_open(host) else None
    if wrong:
        problem = f"The host '{shown(host.text)}' {wrong}"
        yield Refused(host, Cause.FORMAT, problem, "a name such as 'shop.example.com' or '*.example.com'")


def _parents(base: KubernetesObject) -> Iterator[Refused]:
    """Parents that are named twice, of which neither says which of its parts is meant."""
    seen: dict[tuple[object, ...], Node] = {}
    for parent in base.get("spec", "parentRefs").elements():
        name = parent.get("name")
        if not name.text or is_open(name):
            continue
        keys = ("group", "kind", "namespace", "name", "sectionName")
        key = (*(parent.get(each).text for each in keys), parent.get("port").integer)
        if key in seen:
            problem = f"The parent '{name.text}' is named twice with the same 'sectionName' and 'port'"
            yield Refused(name, Cause.TWICE, problem, "another listener, or one entry", seen[key])
        seen.setdefault(key, name)


def _backend(backend: Node) -> Iterator[Refused]:
    is_service = backend.get("kind").text in (None, "Service") and not backend.get("group").text
    if is_service and backend.get("name").text and not backend.get("port").is_set:
        problem = f"The backend '{backend.get('name').text}' is a Service, and no port of it is said"
        yield Refused(backend.get("name"), Cause.LACKING, problem, "'port'")
    yield from _port(backend.get("port"))


def _filters(
    kind: str, rule: Node, filters: Node, matches: list[Node], backends: list[Node]
) -> Iterator[Refused]:
    seen: dict[str, Node] = {}
    for entry in filters.elements():
        kind_of = entry.get("type")
        name = kind_of.text or ""
        if not name:
            continue  # what lacks its type is told as that, where the definition is known
        yield from _filter(kind, entry, name)
        if name in seen and name not in _REPEATED:
            yield Refused(kind_of, Cause.TWICE, f"A rule has two filters '{name}'", "one of them", seen[name])
        seen.setdefault(name, kind_of)
        for settings in (entry.get("requestRedirect"), entry.get("urlRewrite")):
            yield from _prefix(settings.get("path"), matches)
    redirect, rewrite = seen.get("RequestRedirect"), seen.get("URLRewrite")
    if redirect is not None and rewrite is not None:
        problem = "A rule redirects requests and rewrites them, and what is redirected goes nowhere"
        yield Refused(rewrite, Cause.CONFLICT, problem, "one of the two filters", redirect)
    if redirect is not None and backends:
        problem = "A rule redirects requests and sends them to a Service"
        remedy = "the rule without 'backendRefs', or without 'RequestRedirect'"
        yield Refused(rule.get("backendRefs"), Cause.CONFLICT, problem, remedy, redirect)


def _filter(kind: str, entry: Node, name: str) -> Iterator[Refused]:
    """Whether a filter has the settings of its type, and no others."""
    known = _FILTERS[kind]
    node = entry.get("type")
    if not entry.is_map or is_open(node):
        return
    if name not in known:
        if name:
            problem = f"A filter of {kind} has the type '{shown(name)}'"
            yield Refused(node, Cause.FORMAT, problem, either(quoted(known), 8))
        return
    if not entry.get(known[name]).is_set:
        yield Refused(node, Cause.LACKING, f"A filter '{name}' has no settings", f"'{known[name]}'")
    for key in known.values():
        if key != known[name] and entry.get(key).is_set:
            problem = f"A filter '{name}' has the settings '{key}' of another type"
            yield Refused(entry.get(key), Cause.CONFLICT, problem, "the type that they are of", node)
    for part in (entry.get("requestHeaderModifier"), entry.get("responseHeaderModifier")):
        for list_ in ("set", "add"):
            yield from _distinct(part.get(list_), "header")
        names = [item.text for item in part.get("remove").elements() if item.text]
        if len(set(names)) < len(names):
            yield Refused(part.get("remove"), Cause.TWICE, "A header is removed twice", "each once")


def _distinct(entries: Node, what: str) -> Iterator[Refused]:
    """Entries that are told apart by name; the name of a header has a form as well."""
    seen: dict[str, Node] = {}
    for entry in entries.elements():
        name = entry.get("name")
        if not name.text or is_open(name):
            continue
        if what == "header" and not _HEADER.match(name.text):
            problem = f"The header '{shown(name.text)}' has characters that no header has"
            yield Refused(name, Cause.FORMAT, problem, "the name of a header")
        if name.text in seen:
            problem = f"The {what} '{shown(name.text)}' stands here twice"
            yield Refused(name, Cause.TWICE, problem, "each once", seen[name.text])
        seen.setdefault(name.text, name)


def _prefix(path: Node, matches: list[Node]) -> Iterator[Refused]:
    """The replacement of a prefix, which needs one match with a prefix."""
    node = path.get("replacePrefixMatch")
    is_meant = path.get("type").text == "ReplacePrefixMatch"
    if not node.is_set or not is_meant:
        return
    kinds = [match.get("path", "type").text or "PathPrefix" for match in matches] or ["PathPrefix"]
    if kinds != ["PathPrefix"]:
        problem = (
            "'replacePrefixMatch' replaces the prefix of a match, and the rule has not one match with one"
        )
        yield Refused(node, Cause.CONFLICT, problem, "exactly one match with a path of type 'PathPrefix'")


def _match(match: Node) -> Iterator[Refused]:
    yield from _distinct(match.get("headers"), "header")
    yield from _distinct(match.get("queryParams"), "parameter")
    method = match.get("method")
    if method.text and method.text not in _METHODS and not is_open(method):
        problem = f"A match asks for the method '{shown(method.text)}'"
        yield Refused(method, Cause.FORMAT, problem, "a method of HTTP in capital letters")
    path = match.get("path")
    kind, value = path.get("type"), path.get("value")
    if kind.text and kind.text not in _PATHS and not is_open(kind):
        problem = f"A path has the type '{shown(kind.text)}'"
        yield Refused(kind, Cause.FORMAT, problem, either(quoted(_PATHS)))
        return
    text = value.text
    if text is None or kind.text == "RegularExpression" or is_open(value):
        return
    wrong = _path_fault(text)
    if wrong:
        yield Refused(value, Cause.FORMAT, f"The path '{shown(text)}' {wrong}", "a path such as '/carts'")


def _path_fault(text: str) -> str | None:
    if not text.startswith("/"):
        return "does not begin with '/'"
    inner = next((part for part in _NOT_IN_PATHS if part in text), None)
    inner = inner or next((part for part in _NOT_AT_ENDS if text.endswith(part)), None)
    if inner:
        return f"has '{inner}' in it"
    return None if _PATH.match(text) else "has characters that no path has"


def _timeouts(timeouts: Node) -> Iterator[Refused]:
    whole, each = timeouts.get("request"), timeouts.get("backendRequest")
    most, asked = _duration(whole), _duration(each)
    if most and asked and asked > most:
        problem = f"A call to the backend may take {each.text}, and the whole request {whole.text}"
        yield Refused(each, Cause.CONFLICT, problem, "at most as long as 'request'", whole)


def _duration(node: Node) -> int | None:
    """Milliseconds; ``None`` for what is no duration of the Gateway API."""
    text = node.text or ""
    if not _DURATION.match(text):
        return None
    return sum(int(number) * _MILLISECONDS[unit] for number, unit in _PART.findall(text))


LAWS: Mapping[str, Callable[[KubernetesObject], Iterator[Refused]]] = {
    **dict.fromkeys(HOLDERS, gateway_refusals),
    **dict.fromkeys(sorted(ROUTES), route_refusals),
    "ReferenceGrant": grant_refusals,
}
"""What is refused in each kind."""
