"""What Istio refuses in virtual services.

Source: Istio's reference of VirtualService.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.regex import regex
from archlint.finding.words import either, quoted
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open, reach, shown

_PROTOCOLS = ("http", "tls", "tcp")
_ANSWERS = ("route", "redirect", "directResponse", "delegate")
_TEXTS = ("uri", "scheme", "method", "authority")
_FORMS = ("exact", "prefix", "regex")
_DURATION = regex(r"(?:[0-9]{1,9}(?:\.[0-9]{1,9})?(?:h|ms|m|s|us|ns))++\Z")


def virtual_service_refusals(item: KubernetesObject) -> Iterator[Refused]:
    """Routes without an answer or with two, numbers out of range, times that are none."""
    spec = item.get("spec")
    if spec.get("gateways").value and not spec.get("hosts").value and not is_open(spec.get("hosts")):
        yield Refused(spec.get("hosts"), Cause.LACKING, "The VirtualService has no hosts", "'hosts'")
    if not any(spec.get(key).value for key in _PROTOCOLS):
        problem = "The VirtualService has no routes"
        yield Refused(spec.get("http"), Cause.LACKING, problem, "'http', 'tls' or 'tcp'")
    for route in reach(spec, "http/*"):
        yield from _http(route)
    for protocol in ("tls", "tcp"):
        for route in reach(spec, f"{protocol}/*"):
            if route.is_map and not route.get("route").value:
                problem = f"A route of '{protocol}' leads nowhere"
                yield Refused(route.get("route"), Cause.LACKING, problem, "'route'")
    for match in reach(spec, "tls/*/match/*"):
        if match.is_map and not match.get("sniHosts").value:
            problem = "A match of 'tls' says no hosts"
            yield Refused(match.get("sniHosts"), Cause.LACKING, problem, "'sniHosts'")
    for protocol in _PROTOCOLS:
        for entry in reach(spec, f"{protocol}/*/route/*"):
            yield from _destination(entry)


def _http(route: Node) -> Iterator[Refused]:
    answers = [key for key in _ANSWERS if route.get(key).is_set]
    if route.is_map and not answers:
        problem = "A route of 'http' has no answer"
        yield Refused(route.get("route"), Cause.LACKING, problem, "'route', 'redirect' or 'directResponse'")
    if "route" in answers and len(answers) > 1:
        problem = f"A route has both 'route' and '{answers[1]}'"
        yield Refused(route.get(answers[1]), Cause.CONFLICT, problem, "one of the two", route.get("route"))
    if "redirect" in answers and route.get("rewrite").is_set:
        problem = "A redirected request is rewritten"
        remedy, other = "the route without 'rewrite'", route.get("redirect")
        yield Refused(route.get("rewrite"), Cause.CONFLICT, problem, remedy, other)
    for match in reach(route, "match/*"):
        for key in _TEXTS:
            yield from _text_match(match.get(key), key)
    yield from _times(route)
    yield from _fault(route.get("fault"))
    status = route.get("directResponse", "status").integer
    if status is not None and not 200 <= status <= 599:
        node = route.get("directResponse", "status")
        yield Refused(node, Cause.NUMBER, f"The status is {status}", "200 to 599")
    if route.get("mirrorPercent").is_set or route.get("mirror_percent").is_set:
        key = "mirrorPercent" if route.get("mirrorPercent").is_set else "mirror_percent"
        problem = f"'{key}' is deprecated"
        yield Refused(route.get(key), Cause.NAME, problem, "'mirrorPercentage'", is_accepted=True)


def _text_match(node: Node, key: str) -> Iterator[Refused]:
    if node.text is not None and not is_open(node):
        problem = f"'{key}' is a text, and does not say how it is compared"
        yield Refused(node, Cause.FORMAT, problem, either(quoted(_FORMS)))
    elif node.is_map and len([form for form in _FORMS if node.get(form).is_set]) > 1:
        yield Refused(node, Cause.CONFLICT, f"'{key}' is compared in two ways", "one of them")


def _times(route: Node) -> Iterator[Refused]:
    retries = route.get("retries")
    for node in (
        route.get("timeout"),
        retries.get("perTryTimeout"),
        route.get("fault", "delay", "fixedDelay"),
    ):
        if node.is_set and not is_open(node) and not _DURATION.match(str(node.value)):
            problem = f"'{node.route[-1]}' is '{shown(node.value)}', which is no time with its unit"
            yield Refused(node, Cause.FORMAT, problem, "a time such as '5s'")
    attempts = retries.get("attempts").integer
    if attempts is not None and attempts < 0:
        yield Refused(retries.get("attempts"), Cause.NUMBER, f"'attempts' is {attempts}", "0 or more")
    others = [retries.get(key) for key in ("perTryTimeout", "retryOn") if retries.get(key).is_set]
    if attempts == 0 and others:
        problem = f"Nothing is tried again, and '{others[0].route[-1]}' says how"
        yield Refused(others[0], Cause.CONFLICT, problem, "'attempts' of 1 or more", retries.get("attempts"))


def _fault(fault: Node) -> Iterator[Refused]:
    if fault.is_map and not (fault.get("delay").is_set or fault.get("abort").is_set):
        yield Refused(fault, Cause.LACKING, "A fault neither delays nor aborts", "'delay' or 'abort'")
    for part in ("delay", "abort"):
        share = fault.get(part, "percentage", "value")
        if isinstance(share.value, int | float) and not 0 <= share.value <= 100:
            yield Refused(share, Cause.NUMBER, f"The share of a fault is {share.value}", "0 to 100")
    status = fault.get("abort", "httpStatus").integer
    if status is not None and not 200 <= status <= 600:
        node = fault.get("abort", "httpStatus")
        yield Refused(node, Cause.NUMBER, f"'httpStatus' is {status}", "200 to 599")


def _destination(entry: Node) -> Iterator[Refused]:
    target = entry.get("destination")
    if entry.is_map and not target.get("host").value and not is_open(target):
        yield Refused(target.get("host"), Cause.LACKING, "A destination has no host", "'host'")
    port = target.get("port", "number").integer
    if port is not None and not 1 <= port <= 65_535:
        yield Refused(target.get("port", "number"), Cause.NUMBER, f"The port is {port}", "1 to 65535")
