"""Gateways of the Gateway API and routes at them: made for the Services of a repository, and then spoilt."""

from __future__ import annotations

from tests.defects.templates import seed_template

_ATTACHED = """apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: made-$name, namespace: $space}
spec:
  gatewayClassName: istio
  listeners: #OTHER
    - name: made-a #OTHER
      port: 80
      protocol: $protocol #OTHER
      $listener
---
apiVersion: gateway.networking.k8s.io/v1
kind: $kind #MARK
metadata: {name: made-$name, namespace: $where}
spec:
  parentRefs:
    - name: made-$name #PARENT
      namespace: $space
      $section
  $hosts
  rules:
    - backendRefs: [{name: $name, port: 80}]
"""
_WEB = {"protocol": "HTTP", "kind": "HTTPRoute", "where": "$space", "hosts": "useDefaultGateways: None"}
_ANY = "allowedRoutes: {namespaces: {from: All}}"
_PLAIN = _ATTACHED.replace(" #MARK", "").replace(" #PARENT", "")
seed_template(
    "route-listener-undefined",
    _PLAIN,
    *(
        {**_WEB, "kind": kind, "listener": _ANY, "section": f"{wanted} #HERE"}
        for kind in ("HTTPRoute", "GRPCRoute")
        for wanted in ("sectionName: made", "sectionName: made-A", "sectionName: http", "port: 8080")
    ),
)
_SELECTED = "allowedRoutes: {namespaces: {from: Selector, selector: {SELECTOR}}} #OTHER"
_BY_NAME = 'matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: ["made-else"]}]'
seed_template(
    "route-not-allowed",
    _ATTACHED.replace(" #MARK", "").replace("#PARENT", "#HERE"),
    *(
        {**_WEB, "listener": listener, "where": where, "section": "group: gateway.networking.k8s.io"}
        for listener, where in (
            ("hostname: made.example.com", "made-elsewhere"),
            ("allowedRoutes: {namespaces: {from: Same}} #OTHER", "made-elsewhere"),
            ("allowedRoutes: {namespaces: {from: None}} #OTHER", "$space"),
            (_SELECTED.replace("SELECTOR", _BY_NAME), "$space"),
            (_SELECTED.replace("SELECTOR", "matchLabels: {kubernetes.io/metadata.name: made}"), "$space"),
        )
    ),
)
seed_template(
    "route-not-allowed",
    _ATTACHED.replace("#MARK", "#HERE").replace(" #PARENT", ""),
    *(
        {
            **_WEB,
            "protocol": protocol,
            "kind": kind,
            "listener": _ANY,
            "section": "group: gateway.networking.k8s.io",
        }
        for protocol, kind in (("HTTP", "TCPRoute"), ("TCP", "HTTPRoute"), ("UDP", "TCPRoute"))
    ),
)
seed_template(
    "route-hostname-unserved",
    _PLAIN,
    *(
        {
            **_WEB,
            "listener": f'hostname: "{served}" #OTHER',
            "section": "sectionName: made-a",
            "hosts": f"hostnames:\n    - {host} #HERE",
        }
        for served, host in (
            ("*.made.example.com", "made.example.com"),
            ("made.example.com", "mad.example.com"),
            ("*.example.com", "made.example.org"),
            ("made.example.com", '"*.made.example.com"'),
        )
    ),
)
_LISTENERS = """apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: made-$name, namespace: $space}
spec:
  gatewayClassName: istio
  listeners:
    - {name: $name, $one} #HERE #OTHER
    - {name: between, port: 9000, protocol: HTTP}
    - {name: $second, $other} #HERE #OTHER
"""
_HTTPS = "port: 443, protocol: HTTPS, hostname: made.example.com"
seed_template(
    "listener-conflict",
    _LISTENERS,
    *(
        {"second": second, "one": one, "other": other}
        for second, one, other in (
            ("made", "port: 80, protocol: HTTP", "protocol: HTTP, port: 80"),
            ("made", _HTTPS, _HTTPS),
            ("made", _HTTPS, _HTTPS.replace("HTTPS", "TLS")),
            ("made", "port: 80, protocol: HTTP", "port: 80, protocol: HTTPS, hostname: made.example.com"),
            ("made", "port: 80, protocol: TCP", "port: 80, protocol: HTTP"),
            ("$name", "port: 80, protocol: HTTP", "port: 81, protocol: HTTP"),
        )
    ),
)
seed_template(
    "listener-kind-unsupported",
    """apiVersion: gateway.networking.k8s.io/v1
kind: $kind
metadata: {name: made-$name, namespace: $space}
spec:
  listeners:
    - name: made
      port: 80
      protocol: $protocol
      allowedRoutes:
        kinds:
          - kind: $wrong #HERE
""",
    *(
        {"kind": kind, "protocol": protocol, "wrong": wrong}
        for kind in ("Gateway", "ListenerSet")
        for protocol, wrong in (
            ("HTTP", "TCPRoute"),
            ("HTTPS", "TLSRoute"),
            ("TCP", "HTTPRoute"),
            ("UDP", "TCPRoute"),
            ("TLS", "HTTPRoute"),
        )
    ),
)
