"""Gateways of Istio, the virtual services at them, and what stands in front of them."""

from __future__ import annotations

from tests.defects.templates import seed_template

_TWO_GATEWAYS = """apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: made-one, namespace: $space}
spec:
  selector: {made: $name}
  servers:
    - port: {number: $port, name: a, protocol: $one} #OTHER
      tls: {mode: SIMPLE, credentialName: $first} #HERE #OTHER
      hosts: ["$host"] #HERE
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: made-other, namespace: $space}
spec:
  selector: {made: $name$narrower}
  servers:
    - port: {number: $port, name: b, protocol: $other} #OTHER
      tls: {mode: SIMPLE, credentialName: $second} #HERE #OTHER
      hosts: ["$same"] #HERE
"""


def _pair(one: str, other: str, host: str, same: str = "", narrower: str = "") -> dict[str, str]:
    names = {"one": one, "other": other, "host": host, "same": same or host, "narrower": narrower}
    return {**names, "port": "443" if "S" in one else "80", "first": "made-a", "second": "made-b"}


seed_template(
    "gateway-server-conflict",
    _TWO_GATEWAYS,
    _pair("HTTPS", "HTTPS", "made.example.com"),
    _pair("HTTPS", "HTTPS", "made.example.com", narrower=", zone: a"),
    _pair("HTTPS", "TLS", "*.example.com"),
    _pair("TCP", "HTTP", "*"),
    _pair("HTTP", "MONGO", "made.example.com", "*.example.com"),
    _pair("HTTPS", "HTTPS", "shop/made.example.com", "*/made.example.com"),
)
seed_template(
    "gateway-host-shared",
    _TWO_GATEWAYS,
    _pair("HTTP", "HTTP", "made.example.com"),
    _pair("HTTP", "HTTP2", "made.example.com", "*.example.com"),
    _pair("HTTP", "HTTP", "*", "made.example.com", ", zone: a"),
    _pair("GRPC", "GRPC", "made.example.com"),
)
seed_template(
    "gateway-certificate-shared",
    _TWO_GATEWAYS,
    *(
        {**_pair("HTTPS", "HTTPS", host, other, narrower), "first": "made-cert", "second": "made-cert"}
        for host, other in (("a.example.com", "b.example.com"), ("*.a.example.com", "b.example.com"))
        for narrower in ("", ", zone: a")
    ),
)
_FRONT = """apiVersion: apps/v1
kind: $kind
metadata: {name: made-$name, namespace: $space}
spec:
  selector: {matchLabels: {made: $name}}
  template:
    metadata: {labels: {made: $name}}
    spec:
      containers:
        - {name: istio-proxy, image: "istio/proxyv2:1.24.1", ports: [{containerPort: 8080, name: web}]}
---
apiVersion: v1
kind: Service
metadata: {name: made-$name, namespace: $space}
spec:
  selector: {made: $name}
  ports: #OTHER
    - {port: 80, name: http, targetPort: $target}
    - {port: 443, name: https}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: made, namespace: $space}
spec:
  selector: {made: $name}
  servers:
    - port: {number: 443, name: https, protocol: TLS}
      tls: {mode: PASSTHROUGH}
      hosts: [made.example.com]
    - port: {number: $port, name: a, protocol: $protocol} #HERE
      hosts: ["*"]
"""
seed_template(
    "gateway-port-closed",
    _FRONT,
    {"kind": "Deployment", "target": "8080", "port": "8081", "protocol": "HTTP"},
    {"kind": "Deployment", "target": "web", "port": "15443", "protocol": "TCP"},
    {"kind": "DaemonSet", "target": "web", "port": "800", "protocol": "HTTP"},
    {"kind": "StatefulSet", "target": "80", "port": "8080", "protocol": "GRPC"},
)
_SECRET = """apiVersion: v1
kind: Secret
metadata: {name: made-$name, namespace: $space} #OTHER
$data #OTHER
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: made, namespace: $space}
spec:
  selector: {made: $name}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      tls: {mode: $mode, credentialName: made-$name} #HERE
      hosts: [made.example.com]
"""
_PEM = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUIKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo="
seed_template(
    "gateway-secret-invalid",
    _SECRET,
    {"mode": "SIMPLE", "data": f"data: {{tls.crt: {_PEM}}}"},
    {"mode": "MUTUAL", "data": f"data: {{tls.key: {_PEM}, ca.crt: {_PEM}}}"},
    {"mode": "SIMPLE", "data": f"data: {{tls.crt: {_PEM}, tls.key: aGVsbG8gd29ybGQ=}}"},
    {"mode": "SIMPLE", "data": f"data: {{cert: {_PEM}, tls.key: {_PEM}}}"},
    {"mode": "SIMPLE", "data": "stringData: {tls.crt: /etc/certs/tls.crt, tls.key: /etc/certs/tls.key}"},
)
_AT_GATEWAY = """apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: made, namespace: $space}
spec:
  selector: {made: $name}
  servers: #OTHER
    - port: {number: 80, name: http, protocol: HTTP}
      hosts: ["$served", tools.example.com]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: made, namespace: $space}
spec:
  hosts:
    - tools.example.com
    - "$host" #HERE
  gateways: [$gateway] #HERE
  http: [{route: [{destination: {host: $name.$space.svc.cluster.local}}]}]
"""
seed_template(
    "gateway-host-unserved",
    _AT_GATEWAY.replace(" #HERE\n  http", "\n  http"),
    {"served": "made.example.com", "host": "mad.example.com", "gateway": "made"},
    {"served": "*.made.example.com", "host": "made.example.com", "gateway": "made"},
    {"served": "*.example.net", "host": "*.example.org", "gateway": "made"},
    {"served": "elsewhere/made.example.com", "host": "made.example.com", "gateway": "made"},
)
seed_template(
    "gateway-generated",
    _AT_GATEWAY.replace(" #HERE\n  gateways", "\n  gateways").replace("servers: #OTHER", "servers:"),
    *(
        {"served": "*", "host": "made.example.com", "gateway": f"{where}{suffix}"}
        for where in ("made~istio-autogenerated-k8s-gateway~", "edge/made~istio-autogenerated-k8s-gateway~")
        for suffix in ("http", "https")
    ),
)
_INGRESS = """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: #OTHER
  name: made #OTHER
  namespace: $space$annotated
spec:
  $klass
  rules:
    - host: made.example.com
      http:
        paths: [{path: /, pathType: Prefix, backend: {service: {name: $name, port: {number: 80}}}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: made, namespace: $space}
spec:
  hosts: [$name$suffix]
  $protocol:
    - route:
        - destination:
            host: $name
            subset: made #HERE
"""
_ANNOTATED = "\n  annotations: {kubernetes.io/ingress.class: istio}"
seed_template(
    "subset-unseen-by-ingress",
    _INGRESS,
    {"klass": "ingressClassName: istio", "annotated": "", "suffix": "", "protocol": "http"},
    {"klass": "ingressClassName: istio", "annotated": "", "suffix": ".$space.svc", "protocol": "tcp"},
    {"klass": "tls: []", "annotated": _ANNOTATED, "suffix": "", "protocol": "http"},
)
