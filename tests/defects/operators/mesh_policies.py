"""Objects of Istio that are for workloads: those that meet another one, or nobody."""

from __future__ import annotations

from tests.defects.templates import pods, seed_template

_WORKLOAD = pods("tier: made-a, zone: made-b", "Deployment")
_LABELS = "\n  selector:\n    matchLabels: {{{}}} #HERE\n  metrics: [{{providers: [{{name: prometheus}}]}}]"
_WHOLE = "\n  tracing: [{randomSamplingPercentage: 1}]"
_TELEMETRY = """apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: made-%s, namespace: $space} #OTHER%s
spec:$%s
"""
_TWO_TELEMETRIES = _WORKLOAD + "---\n".join(_TELEMETRY % (each, "$mark", each) for each in ("one", "other"))
seed_template(
    "telemetry-conflict",
    _TWO_TELEMETRIES,
    *(
        {"one": _LABELS.format(one), "other": _LABELS.format(other), "mark": ""}
        for one, other in (
            ("made: $name", "tier: made-a"),
            ("tier: made-a", "zone: made-b"),
            ("made: $name", "made: $name"),
            ("made: $name, tier: made-a", "made: $name"),
        )
    ),
)
seed_template(
    "telemetry-conflict",
    _TWO_TELEMETRIES,
    {"one": _WHOLE, "other": _WHOLE, "mark": " #HERE"},
    {"one": _WHOLE, "other": "\n  selector: {}\n  accessLogging: [{disabled: true}]", "mark": " #HERE"},
)
_SELECTION = (
    _WORKLOAD
    + """apiVersion: $group.istio.io/v1
kind: $kind
metadata: {name: made, namespace: $space}
spec:
  $where #HERE
"""
)
seed_template(
    "mesh-selector-matches-nothing",
    _SELECTION,
    *(
        {"group": group, "kind": kind, "where": f"{key}: {{{inner}: {{made: ${{name}}{suffix}}}}}"}
        for group, kind, key, inner in (
            ("security", "AuthorizationPolicy", "selector", "matchLabels"),
            ("security", "RequestAuthentication", "selector", "matchLabels"),
            ("security", "PeerAuthentication", "selector", "matchLabels"),
            ("networking", "Sidecar", "workloadSelector", "labels"),
            ("telemetry", "Telemetry", "selector", "matchLabels"),
        )
        for suffix in ("z", "-none, tier: made-a")
    ),
)
_AMBIENT = """apiVersion: v1
kind: Namespace
metadata:
  name: made-$name
  labels: {$labels}
---
apiVersion: networking.istio.io/v1
kind: Sidecar #HERE
metadata: {name: default, namespace: made-$name}
spec:
  $spec
"""
seed_template(
    "sidecar-in-ambient",
    _AMBIENT,
    *(
        {"labels": f"istio.io/dataplane-mode: ambient{more}", "spec": spec}
        for more in ("", ", istio-injection: disabled")
        for spec in ('egress: [{hosts: ["./*"]}]', "workloadSelector: {labels: {app: made}}")
    ),
)
seed_template(
    "gateway-selected-by-label",
    """apiVersion: $group.istio.io/v1
kind: $kind
metadata: {name: made, namespace: $space}
spec:
  selector:
    matchLabels:
      gateway.networking.k8s.io/gateway-name: $name #HERE
  $spec
""",
    {"group": "security", "kind": "AuthorizationPolicy", "spec": "action: DENY"},
    {"group": "security", "kind": "RequestAuthentication", "spec": "jwtRules: [{issuer: made}]"},
    {"group": "telemetry", "kind": "Telemetry", "spec": "tracing: [{}]"},
    {"group": "extensions", "kind": "WasmPlugin", "spec": "url: oci://example.com/made:1"},
)
_PROVIDER = """apiVersion: $group
kind: $kind
metadata: {name: $mesh, namespace: istio-system}
$key:
  $config
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: made-$name, namespace: $space}
spec:
  $section:
    - providers:
        - name: $provider #HERE
"""
_OPENCENSUS = "opencensus: {{service: a.b.svc.cluster.local, port: 55678}}{}"
_LIGHTSTEP = "lightstep: {{service: a.b.svc.cluster.local, port: 443}}{}"
_IN_OPERATOR = "meshConfig:\n    extensionProviders:\n      - name: made\n        "
_IN_MAP = "mesh: |\n    extensionProviders:\n      - name: made\n        "
_OPERATOR = {"group": "install.istio.io/v1alpha1", "kind": "IstioOperator", "mesh": "made", "key": "spec"}
_MAP = {"group": "v1", "kind": "ConfigMap", "mesh": "istio-made", "key": "data"}
seed_template(
    "telemetry-provider-deprecated",
    _PROVIDER,
    *(
        {**_OPERATOR, "config": _IN_OPERATOR + how.format(" #OTHER"), "section": part, "provider": "made"}
        for how in (_OPENCENSUS, _LIGHTSTEP)
        for part in ("tracing", "accessLogging")
    ),
    {**_MAP, "config": _IN_MAP + _LIGHTSTEP.format(" #OTHER"), "section": "tracing", "provider": "made"},
)
seed_template(
    "telemetry-provider-deprecated",
    _PROVIDER,
    {**_MAP, "config": _IN_MAP + "prometheus: {}", "section": "tracing", "provider": "opencensus"},
)
seed_template(
    "policy-namespace-undefined",
    """apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: made, namespace: $space}
spec:
  action: $action
  rules:
    - from:
        - source:
            $key:
              - $wrong #HERE
""",
    *(
        {"action": action, "key": key, "wrong": f"{front}${{space}}{back}"}
        for action, key in (("ALLOW", "namespaces"), ("DENY", "notNamespaces"))
        for front, back in (("", "s"), ("s", ""))
    ),
)
_PEER = """apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: made, namespace: $where}
spec:
  $spec
"""
seed_template(
    "mtls-not-strict",
    _PEER,
    *(
        {"where": where, "spec": spec.replace("MODE", mode)}
        for where in ("istio-system", "$space")
        for mode in ("PERMISSIVE", "DISABLE")
        for spec in (
            "mtls: {mode: MODE} #HERE",
            "selector: {matchLabels: {made: $name}}\n  portLevelMtls:\n    8080: {mode: MODE} #HERE",
        )
    ),
)
seed_template(
    "mtls-not-strict",
    f"""{_PEER.replace("$where", "made-$name")}---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: made, namespace: made-$name}}
spec:
  host: $host
  trafficPolicy:
    tls: {{mode: DISABLE}} #HERE
""",
    *(
        {"spec": "mtls: {mode: STRICT} #OTHER", "host": host}
        for host in ("made", "made.made-$name.svc.cluster.local", '"*.made-$name.svc.cluster.local"')
    ),
)
