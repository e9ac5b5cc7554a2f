"""Annotations, labels, sidecars, webhooks and patches of Istio, and Services as its proxies read them."""

from __future__ import annotations

from tests.defects.templates import pods, seed_objects, seed_template

_PATCH = """apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: made-$name, namespace: $space}
spec:
  configPatches:
    - applyTo: $target
      match: $match
      patch: {operation: $operation, value: {name: made}} #HERE
"""
_VERSION = '{proxy: {proxyVersion: "^1"}}'
seed_template(
    "envoy-patch-ignored",
    _PATCH,
    *(
        {"target": target, "operation": operation, "match": "{context: GATEWAY}"}
        for target, operation in (
            ("ROUTE_CONFIGURATION", "ADD"),
            ("HTTP_ROUTE", "REMOVE"),
            ("HTTP_ROUTE", "ADD"),
            ("LISTENER", "REPLACE"),
            ("CLUSTER", "REPLACE"),
            ("VIRTUAL_HOST", "REPLACE"),
        )
    ),
)
seed_template(
    "envoy-patch-unordered",
    _PATCH,
    *(
        {"target": target, "operation": operation, "match": match}
        for match in ("{context: ANY}", _VERSION)
        for target, operation in (
            ("HTTP_FILTER", "INSERT_BEFORE"),
            ("HTTP_FILTER", "INSERT_AFTER"),
            ("NETWORK_FILTER", "REPLACE"),
            ("CLUSTER", "REMOVE"),
        )
    ),
)
_WEBHOOK = """apiVersion: v1
kind: Service
metadata: {name: made-istiod, namespace: istio-system}
spec: {selector: {app: made-istiod}, ports: [{port: 443, name: https}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: $kind
metadata: {name: made-$name, labels: {istio.io/rev: "$rev"}}
webhooks:
  - name: $webhook.istio.io $mark
    clientConfig: $config
    namespaceSelector: {matchLabels: {made: $name}}
"""
_ANSWERED = '{service: {name: made-istiod, namespace: istio-system, path: "/"}, caBundle: ""}'
_MUTATING = {"kind": "MutatingWebhookConfiguration", "webhook": "sidecar-injector", "mark": ""}
_VALIDATING = {"kind": "ValidatingWebhookConfiguration", "webhook": "rev.validation", "mark": ""}
seed_template(
    "injector-webhook-wrong",
    _WEBHOOK,
    *(
        {**_MUTATING, "rev": rev, "config": f"{{service: {{name: {name}, namespace: istio-system}}}} #HERE"}
        for rev in ("default", "canary")
        for name in ("made-istio", "made-istiod-canary")
    ),
)
seed_template(
    "injector-webhook-wrong",
    _WEBHOOK.replace("made: $name}}", "made: $name}} #HERE #OTHER").replace("$mark", "#HERE #OTHER")
    + """---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {labels: {istio.io/rev: "$rev"}, name: made-other-$name}
webhooks:
  - name: object.sidecar-injector.istio.io #HERE #OTHER
    clientConfig: $config
    namespaceSelector: {matchLabels: {made: $name}} #HERE #OTHER
""",
    *({**_MUTATING, "rev": rev, "config": _ANSWERED} for rev in ("default", "canary")),
)
_NOBODY = ({"config": "{} #HERE"}, {"config": '{caBundle: ""} #HERE'}, {"config": '{url: ""} #HERE'})
seed_template(
    "control-plane-address-missing",
    _WEBHOOK,
    *({**kind, "rev": "default", **how} for kind in (_MUTATING, _VALIDATING) for how in _NOBODY),
)
seed_template(
    "control-plane-address-numeric",
    _WEBHOOK,
    *(
        {**kind, "rev": "default", "config": f'{{url: "https://{host}/inject"}} #HERE'}
        for kind in (_MUTATING, _VALIDATING)
        for host in ("10.0.0.1:15017", "192.0.2.7", "[2001:db8::1]:443")
    ),
)
_ANNOTATED = """apiVersion: apps/v1
kind: $kind
metadata:
  name: made-$name
  namespace: $space
  annotations: $own
spec:
  selector: {matchLabels: {made: $name}}
  template:
    metadata:
      labels: {made: $name}
      annotations: $pods
    spec: {containers: [{name: made, image: "shop/made:1.0.0"}]}
"""


def _annotations(*keys: str, own: bool = False, values: str = "made") -> list[dict[str, str]]:
    """Each key on the pods of workloads, or on the workloads themselves."""
    texts = [f'{{{key}: "{values}"}} #HERE' for key in keys]
    return [
        {"kind": kind, "own": text if own else "{}", "pods": "{}" if own else text}
        for kind in ("Deployment", "StatefulSet")
        for text in texts
    ]


seed_template(
    "mesh-annotation-unknown",
    _ANNOTATED,
    *_annotations("sidecar.istio.io/proxyCpu", "traffic.istio.io/excludeOutboundPorts"),
    *_annotations("sidecar.istio.io/made", "proxy.istio.io/configuration", own=True),
)
seed_template(
    "mesh-annotation-misplaced",
    _ANNOTATED,
    *_annotations("networking.istio.io/exportTo", "traffic.istio.io/nodeSelector"),
)
seed_template(
    "mesh-annotation-deprecated",
    _ANNOTATED,
    *_annotations("sidecar.istio.io/discoveryAddress", "sidecar.istio.io/statsInclusionPrefixes"),
)
seed_template(
    "mesh-annotation-alpha",
    _ANNOTATED,
    *_annotations("sidecar.istio.io/logLevel", "sidecar.istio.io/proxyCPU", values="100"),
)
_OF_PODS = "traffic.sidecar.istio.io/"
seed_template(
    "mesh-annotation-invalid",
    _ANNOTATED,
    *_annotations(f"{_OF_PODS}excludeInboundPorts", f"{_OF_PODS}includeOutboundPorts", values="80;81"),
    *_annotations(f"{_OF_PODS}includeOutboundIPRanges", values="10.0.0.0"),
    *_annotations("sidecar.istio.io/logLevel", "sidecar.istio.io/interceptionMode", values="tproxy"),
    *_annotations("status.sidecar.istio.io/port", values="70000"),
)
_NAMESPACE = """apiVersion: v1
kind: Namespace
metadata:
  name: made-$name
  $labels
"""
_LABELLED = (
    "labels: {istio-injection: enable} #HERE",
    "labels: {istio-injection: true} #HERE",
    "annotations: {istio-injection: enabled} #HERE",
    'labels: {sidecar.istio.io/inject: "true"} #HERE',
)
_TWICE = (
    "istio-injection: enabled #HERE #OTHER\n    istio.io/rev: canary #HERE #OTHER",
    "istio.io/rev: canary #HERE #OTHER\n    istio.io/dataplane-mode: ambient #HERE #OTHER",
)
seed_template("injection-label-wrong", _NAMESPACE, *({"labels": text} for text in _LABELLED))
seed_template("injection-label-wrong", _NAMESPACE, *({"labels": f"labels:\n    {text}"} for text in _TWICE))
seed_template(
    "injection-label-wrong",
    _ANNOTATED,
    *_annotations("sidecar.istio.io/inject", own=True, values="true"),
    *_annotations("sidecar.istio.io/inject", values="no"),
)
_POD = (
    _NAMESPACE
    + """---
apiVersion: v1
kind: Pod
metadata: #HERE
  name: made #HERE
  namespace: made-$name
  labels: {app: made$said}
spec:
  containers:
    - {name: made, image: "shop/made:1.0.0"}
    - {name: $second, image: $image}
"""
)
_MARKED = ("labels: {istio-injection: enabled} #OTHER", "labels: {istio.io/rev: canary} #OTHER")
seed_template(
    "pod-without-proxy",
    _POD,
    *(
        {"labels": labels, "second": second, "image": image, "said": ""}
        for labels in _MARKED
        for second, image in (("istio-proxy", "auto"), ("envoy", "shop/envoy:1.0.0"))
    ),
)
_VALUES = """apiVersion: v1
kind: ConfigMap
metadata: {name: istio-sidecar-injector$rev, namespace: istio-system}
data:
  values: '{"global": {"hub": "docker.io/istio", "tag": "1.24.1", "proxy": {"image": "$proxy"}}}'
---
"""
seed_template(
    "proxy-image-differs",
    _VALUES
    + _POD.replace("  name: made #HERE", "  name: made")
    .replace("metadata: #HERE", "metadata:")
    .replace("  name: made-$name\n  $labels", "  name: made-$name #HERE\n  $labels")
    .replace("image: $image}", "image: $image} #OTHER"),
    *(
        {"labels": labels, "rev": rev, "proxy": proxy, "second": "istio-proxy", "image": image, "said": ""}
        for labels, rev in (("labels: {istio-injection: enabled}", ""), ("labels: {istio.io/rev: b}", "-b"))
        for proxy, image in (
            ("proxyv2", '"docker.io/istio/proxyv2:1.23.0"'),
            ("proxyv2", '"example.com/istio/proxyv2:1.24.1-distroless"'),
            ("example.com/proxy:2", '"docker.io/istio/proxyv2:1.24.1"'),
        )
    ),
)
_OVER_PODS = """apiVersion: v1
kind: Service
metadata: {name: made-%s, namespace: $space}
spec:
  selector: {made: $name}
  ports:
    - {port: %s, targetPort: 8080, $%s} #HERE #OTHER
"""
_SERVICES = "---\n".join((_OVER_PODS % ("a", "80", "one"), _OVER_PODS % ("b", "$port", "other")))
_SERVICES = pods('sidecar.istio.io/inject: "true"') + _SERVICES
seed_template(
    "service-protocols-differ",
    _SERVICES,
    *(
        {"kind": kind, "one": one, "other": other, "port": port}
        for kind, port in (("Deployment", "80"), ("StatefulSet", "81"))
        for one, other in (
            ("name: http", "name: grpc"),
            ("name: tcp-web", "name: http-web"),
            ("appProtocol: http, name: tcp", "name: https"),
            ("name: redis", "appProtocol: tcp"),
        )
    ),
)
seed_template(
    "service-ports-differ",
    _SERVICES,
    *(
        {"kind": kind, "one": one, "other": other, "port": "8000"}
        for kind in ("Deployment", "DaemonSet")
        for one, other in (("name: http", "name: http-web"), ("name: grpc", "appProtocol: http2"))
    ),
)
seed_template(
    "external-port-name-wrong",
    """apiVersion: v1
kind: Service
metadata: {name: made-$name, namespace: $space}
spec:
  type: ExternalName
  externalName: made.example.net
  ports:
    - {port: $port, $said} #HERE
""",
    *(
        {"port": port, "said": said}
        for port in ("443", "5432")
        for said in ("name: made", "name: tcp-made", "name: tcp", "protocol: TCP", "appProtocol: tcp")
    ),
)
_USER = """apiVersion: $group
kind: $kind
metadata: {name: made-$name, namespace: $space}
spec:
  selector: {matchLabels: {made: $name}}
  template:
    metadata: {labels: {made: $name, sidecar.istio.io/inject: "true"}}
    spec:
      securityContext: $pod
      containers:
        - name: made
          image: "shop/made:1.0.0"
          securityContext: $own
"""
seed_template(
    "runs-as-proxy-user",
    _USER,
    *(
        {"group": "apps/v1", "kind": kind, "pod": pod, "own": own}
        for kind in ("Deployment", "StatefulSet", "DaemonSet")
        for pod, own in (
            ("{runAsUser: 1337} #HERE", "{}"),
            ("{runAsUser: 1000}", "{runAsUser: 1337} #HERE"),
        )
    ),
)
seed_template(
    "status-condition-false",
    """apiVersion: $group
kind: $kind
metadata: {name: made-$name, namespace: $space}
spec: {}
status:
  conditions:
    - {type: Ready, status: "True"}
    - {type: $condition, status: "False", reason: Made} #HERE
""",
    *(
        {"group": group, "kind": kind, "condition": condition}
        for group, kind, condition in (
            ("gateway.networking.k8s.io/v1", "Gateway", "Programmed"),
            ("gateway.networking.k8s.io/v1", "HTTPRoute", "Accepted"),
            ("security.istio.io/v1", "AuthorizationPolicy", "WaypointAccepted"),
            ("networking.istio.io/v1", "ServiceEntry", "Reconciled"),
        )
    ),
)
seed_objects(
    "mesh-reference-elsewhere",
    ("networking", "VirtualService", "hosts: [a.b]\n  gateways: [elsewhere/made]"),
    ("networking", "VirtualService", "http:\n    - route: [{destination: {host: no-such}}]"),
    ("networking", "VirtualService", "tcp:\n    - route: [{destination: {host: a.b.svc}}]"),
    ("networking", "DestinationRule", "host: made.elsewhere.svc.cluster.local"),
    ("networking", "Gateway", "selector: {made: nobody}"),
    ("networking", "Sidecar", "workloadSelector: {labels: {made: nobody}}"),
    (
        "networking",
        "Gateway",
        "selector: {istio: ingressgateway}\n  servers: [{port: {number: 9443}, hosts: []}]",
    ),
    ("security", "AuthorizationPolicy", "selector: {matchLabels: {made: nobody}}"),
    ("security", "AuthorizationPolicy", "rules: [{from: [{source: {namespaces: [made-elsewhere]}}]}]"),
)
