"""Timeouts, retries, ejections and limits that work against each other or do nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.defects.operators.mesh_routes import PATH, Front, fronts, virtual_service
from tests.metamorphic.repositories import Files


def _metadata(front: Front) -> str:
    return f"metadata: {{name: made, namespace: {front.namespace}}}\n"


@seeds("retries-outlast-timeout")
def retries_too_many(files: Files) -> Iterator[Defect]:
    """Retries that take longer together than the route that asks for them."""
    for front in fronts(files):
        for attempts, each, whole in (
            (3, "2s", "5s"),
            (5, "500ms", "2s"),
            (1, "10s", "3s"),
            (10, "1m", "5m"),
        ):
            spec = (
                f"  hosts: [{front.name}]\n  http:\n    - route: [{{destination: {{host: {front.name}}}}}]\n"
            )
            spec += f"      timeout: {whole} #OTHER\n      retries:\n"
            spec += f"        attempts: {attempts} #HERE\n        perTryTimeout: {each} #HERE\n"
            text = virtual_service("made", front.namespace, spec)
            yield marked(files, f"VirtualService {front.name} {attempts} {each} {whole}", {PATH: text})
            spec = "spec:\n  parentRefs: [{name: made}]\n  rules:\n    - backendRefs:\n"
            spec += f"        - {{name: {front.name}, port: {front.ports[0] if front.ports else 80}}}\n"
            spec += (
                f"      timeouts:\n        request: {whole} #OTHER\n        backendRequest: {each} #HERE\n"
            )
            spec += f"      retry:\n        attempts: {attempts} #HERE\n"
            head = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n" + _metadata(front)
            yield marked(files, f"HTTPRoute {front.name} {attempts} {each} {whole}", {PATH: head + spec})


def _repeated(front: Front, lines: str) -> str:
    spec = f"  hosts: [{front.name}]\n  http:\n    - route: [{{destination: {{host: {front.name}}}}}]\n"
    return virtual_service("made", front.namespace, spec + lines)


@seeds("retry-attempts-above-limit")
def retries_without_end(files: Files) -> Iterator[Defect]:
    """A route that repeats calls very often."""
    for front in fronts(files):
        for attempts in (6, 10, 100):
            lines = f"      retries:\n        attempts: {attempts} #HERE\n        perTryTimeout: 10ms\n"
            yield marked(files, f"{front.name} {attempts}", {PATH: _repeated(front, lines)})


@seeds("retry-without-own-timeout")
def tries_without_end(files: Files) -> Iterator[Defect]:
    """A route with retries and a timeout, and none for a try."""
    for front in fronts(files):
        for attempts, whole in ((1, "2s"), (3, "1m"), (2, "500ms")):
            lines = f"      timeout: {whole} #OTHER\n      retries:\n        attempts: {attempts} #HERE\n"
            yield marked(files, f"{front.name} {attempts} {whole}", {PATH: _repeated(front, lines)})


@seeds("fault-injected")
def fault_left_on(files: Files) -> Iterator[Defect]:
    """Requests that the mesh delays or refuses on purpose."""
    faults = (
        "delay:\n          fixedDelay: 5s #HERE\n          percentage: {value: 10}\n",
        "abort:\n          httpStatus: 503 #HERE\n          percentage: {value: 0.5}\n",
        "abort:\n          grpcStatus: UNAVAILABLE #HERE\n          percentage: {value: 100}\n",
    )
    for front in fronts(files):
        for number, fault in enumerate(faults):
            spec = (
                f"  hosts: [{front.name}]\n  http:\n    - route: [{{destination: {{host: {front.name}}}}}]\n"
            )
            spec += f"      fault: #HERE\n        {fault.replace(':', ': #HERE', 1)}"
            path = "deploy/istio/made.yaml"
            yield marked(
                files, f"{front.name} {number}", {path: virtual_service("made", front.namespace, spec)}
            )


@seeds("fault-injected")
def fault_in_a_filter(files: Files) -> Iterator[Defect]:
    """Requests that a filter of Envoy delays or refuses on purpose."""
    parts = (
        "delay: {fixed_delay: 3s, percentage: {numerator: 20, denominator: HUNDRED}} #HERE\n",
        "abort: {http_status: 500, percentage: {numerator: 5000, denominator: MILLION}} #HERE\n",
    )
    for front in fronts(files):
        for form in ("            {0}", "            value:\n              {0}"):
            for number, part in enumerate(parts):
                head = "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\n" + _metadata(front)
                spec = "spec:\n  configPatches:\n    - applyTo: HTTP_FILTER\n      patch:\n"
                spec += "        operation: INSERT_BEFORE\n        value:\n"
                spec += "          name: envoy.filters.http.fault\n          typed_config:\n"
                path = "deploy/istio/made.yaml"
                what = f"{front.name} filter {number} {len(form)}"
                yield marked(files, what, {path: head + spec + form.format(part)})


def _rule(front: Front, policy: str) -> Mapping[str, str]:
    head = "apiVersion: networking.istio.io/v1\nkind: DestinationRule\n" + _metadata(front)
    return {PATH: f"{head}spec:\n  host: {front.name}\n  trafficPolicy:\n{policy}"}


@seeds("ejection-ineffective")
def ejection_off(files: Files) -> Iterator[Defect]:
    """Outlier detection that ejects nothing, and failover without any."""
    for front in fronts(files):
        policies = (
            "    outlierDetection:\n      consecutive5xxErrors: 0 #HERE\n      interval: 10s\n",
            "    outlierDetection:\n      consecutive5xxErrors: 3\n      consecutiveGatewayErrors: 5 #HERE\n",
            "    outlierDetection:\n      consecutiveGatewayErrors: 7 #HERE\n      baseEjectionTime: 1m\n",
            "    loadBalancer:\n      localityLbSetting:\n        failover: [{from: a, to: b}] #HERE\n",
        )
        for number, policy in enumerate(policies):
            yield marked(files, f"{front.name} {number}", _rule(front, policy))


_LIMITS = (
    ("traefik.io/v1alpha1", "Middleware", "  rateLimit:\n    average: 2000000 #HERE\n    period: 1m\n"),
    ("traefik.io/v1alpha1", "Middleware", "  rateLimit:\n    average: 90000 #HERE\n"),
    (
        "policy.linkerd.io/v1alpha1",
        "HTTPLocalRateLimitPolicy",
        "  targetRef: {group: policy.linkerd.io, kind: Server, name: made}\n"
        "  total:\n    requestsPerSecond: 50000 #HERE\n",
    ),
    (
        "gateway.envoyproxy.io/v1alpha1",
        "BackendTrafficPolicy",
        "  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: made}]\n"
        "  rateLimit:\n    local:\n      rules:\n        - limit:\n"
        "            requests: 0 #HERE\n            unit: Minute\n",
    ),
)


@seeds("edge-rate-limit-wrong")
def limit_without_sense(files: Files) -> Iterator[Defect]:
    """Limits at the edge that refuse everybody, limit nothing, or cannot be read."""
    annotation = "nginx.ingress.kubernetes.io/limit-"
    for front in fronts(files):
        for key, value in (("rps", "20000"), ("rpm", "1000000"), ("rps", "ten"), ("rpm", "10/m")):
            head = "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
            head += f"metadata:\n  name: made\n  namespace: {front.namespace}\n  annotations:\n"
            head += f'    {annotation}{key}: "{value}" #HERE\n'
            spec = "spec:\n  ingressClassName: nginx\n  rules:\n    - host: made.example.com\n      http:\n"
            port = front.ports[0] if front.ports else 80
            backend = f"{{service: {{name: {front.name}, port: {{number: {port}}}}}}}"
            spec += f"        paths: [{{path: /, pathType: Prefix, backend: {backend}}}]\n"
            yield marked(files, f"Ingress {front.name} {key} {value}", {PATH: head + spec})
        for version, kind, spec in _LIMITS:
            head = f"apiVersion: {version}\nkind: {kind}\n{_metadata(front)}spec:\n"
            yield marked(files, f"{kind} {front.name}", {PATH: head + spec})


_PODS = """\
apiVersion: v1
kind: Service
metadata: {{name: shelf, namespace: {namespace}}}
spec: {{selector: {{app: shelf}}, ports: [{{port: 8080, name: http}}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: shelf, namespace: {namespace}}}
spec:
  replicas: {pods} #OTHER
  selector: {{matchLabels: {{app: shelf}}}}
  template:
    metadata: {{labels: {{app: shelf, version: v1}}}}
    spec: {{containers: [{{name: shelf, image: "registry.example.com/shop/shelf:1.0.0"}}]}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: shelf, namespace: {namespace}}}
spec:
  host: shelf
"""
_DETECTED = "outlierDetection: #HERE\n{0}  consecutive5xxErrors: 3\n{0}  interval: 10s\n{0}  {1} #HERE\n"


@seeds("ejection-share-too-small")
def share_below_one_pod(files: Files) -> Iterator[Defect]:
    """Outlier detection for fewer pods than its share needs to be one, of a host or of a subset."""
    for namespace in sorted({front.namespace for front in fronts(files)}):
        for pods, share in ((1, "20"), (2, "49"), (3, None), (9, None), (4, "10"), (2, "0")):
            told = "baseEjectionTime: 1m" if share is None else f"maxEjectionPercent: {share}"
            whole = "  trafficPolicy:\n    " + _DETECTED.format("    ", told)
            subset = "  subsets:\n    - name: v1\n      labels: {version: v1}\n      trafficPolicy:\n        "
            for form in (whole, subset + _DETECTED.format("        ", told)):
                text = _PODS.format(namespace=namespace, pods=pods) + form
                yield marked(files, f"{namespace} {pods} {share} {form[:12]}", {PATH: text})
