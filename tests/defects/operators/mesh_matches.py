"""Routes of virtual services that are never taken, or lead to what is not there; destination rules."""

from __future__ import annotations

from tests.defects.templates import seed_template

_ROUTE = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: made, namespace: $space}
spec:
  hosts: [made.example.com]
  $protocol:
"""
_TO = "route: [{destination: {host: $name.$space.svc.cluster.local}}]"
_TWO_ROUTES = f"""{_ROUTE}    - {_TO} #OTHER
      name: first #OTHER
      $first
    - {_TO} #HERE
      name: second #HERE
      $second
"""


def _routes(first: str, second: str, protocol: str = "http") -> dict[str, str]:
    marked = (f"{first} #OTHER" if first else "timeout: 1s", f"{second} #HERE" if second else "timeout: 2s")
    return {"first": marked[0], "second": marked[1], "protocol": protocol}


seed_template(
    "route-unreachable",
    _TWO_ROUTES,
    _routes("", "match: [{uri: {prefix: /a}}]"),
    _routes("", ""),
    _routes("match: [{uri: {prefix: /a}}]", "match: [{uri: {prefix: /a}}]"),
    _routes("match: [{uri: {prefix: /a}}]", "match: [{uri: {prefix: /a/b}}]"),
    _routes("match: [{uri: {prefix: /}}]", "match: [{uri: {exact: /a}}]"),
    _routes("match: [{uri: {prefix: /a}}, {method: {exact: PUT}}]", "match: [{method: {exact: PUT}}]"),
    _routes("match: [{port: 80, headers: {a: {exact: b}}}]", "match: [{headers: {a: {exact: b}}, port: 80}]"),
    _routes("match: [{port: 5432}]", "match: [{port: 5432}]", "tcp"),
    _routes("match: [{port: 443, sniHosts: [a.b]}]", "match: [{sniHosts: [a.b], port: 443}]", "tls"),
)
_MATCHES = f"""{_ROUTE}    - match:
        - $first #OTHER
        - $between
      {_TO}
    - match:
        - $second #HERE
        - uri: {{prefix: /z}}
      {_TO}
"""
seed_template(
    "match-ineffective",
    _MATCHES,
    *(
        {"protocol": "http", "between": "uri: {exact: /y}", "first": first, "second": second}
        for first, second in (
            ("uri: {prefix: /a}", "uri: {prefix: /a}"),
            ("uri: {prefix: /a}", "uri: {prefix: /a/b}"),
            ("uri: {prefix: /a}", "uri: {exact: /a/b}"),
            ("headers: {a: {exact: b}}", "{name: again, headers: {a: {exact: b}}}"),
            ("{uri: {prefix: /a}, port: 80}", "{port: 80, uri: {prefix: /ab}}"),
            ("queryParams: {a: {exact: b}}", "queryParams: {a: {exact: b}}"),
        )
    ),
)
seed_template(
    "route-weights-wrong",
    f"""{_ROUTE}    - route: #HERE
        - destination: {{host: $name}} #HERE
          weight: $one #HERE
        - destination: {{host: $name, subset: made}} #HERE
          weight: $other #HERE
""",
    *(
        {"protocol": protocol, "one": one, "other": other}
        for protocol, one, other in (
            ("http", "90", "5"),
            ("http", "100", "10"),
            ("http", "0", "0"),
            ("tcp", "110", "-10"),
            ("tls", "1", "1"),
        )
    ),
)
_DESTINATION = """apiVersion: apps/v1
kind: $kind
metadata: {name: made-$name, namespace: $space}
spec:
  selector: {matchLabels: {made: $name}}
  template:
    metadata:
      labels: {made: $name, version: v1} #OTHER
    spec: {containers: [{name: made, image: "shop/made:1.0.0"}]}
---
apiVersion: v1
kind: Service
metadata: {name: made-$name, namespace: $space}
spec: {selector: {made: $name}, ports: [{port: 80, name: http}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: made, namespace: $space}
spec:
  host: $host
  subsets:
    - name: made
      labels: {$labels} #HERE
"""
seed_template(
    "subset-selects-nothing",
    _DESTINATION,
    *(
        {"kind": kind, "host": f"made-$name{suffix}", "labels": labels}
        for kind, suffix in (("Deployment", ""), ("StatefulSet", ".$space.svc.cluster.local"))
        for labels in ("version: v2", "made: $name, version: V1", "verzion: v1", "version: v1, track: b")
    ),
)
_RULE = """apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: made, namespace: $space}
spec:
  host: $host #HERE
  trafficPolicy: {connectionPool: {http: {maxRetries: 3}}}
"""
_HOSTS = ({"host": "$name-of-nobody"}, {"host": "no-$name.$space.svc.cluster.local"})
seed_template("destination-host-undefined", _RULE, *_HOSTS, {"host": "no-$name.$space.svc"})
seed_template(
    "route-host-undefined",
    f"""{_ROUTE}    - route: [{{destination: {{host: $name.$space.svc.cluster.local}}}}]
      match: [{{$match}}]
    - route:
        - destination:
            host: $host #HERE
""",
    *(
        {"protocol": protocol, "match": match, **host}
        for protocol, match in (("http", "method: {exact: PUT}"), ("tcp", "port: 81"))
        for host in _HOSTS
    ),
)
seed_template(
    "subset-undefined",
    f"""{_RULE.replace(" #HERE", "")}  subsets: #OTHER
    - name: stable
      labels: {{version: v1}}
---
{_ROUTE}    - route:
        - destination: {{host: $host, subset: stable}}
          weight: 90
        - destination: {{host: $route, subset: $subset}} #HERE
          weight: 10
""",
    *(
        {"protocol": "http", "host": host, "route": route, "subset": subset}
        for host, route in (
            ("$name", "$name"),
            ("$name.$space.svc.cluster.local", "$name"),
            ("$name", "$name.$space.svc.cluster.local"),
        )
        for subset in ("stabel", "canary")
    ),
)
_TLS = """apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: made, namespace: $space}
spec:
  host: made.example.com
  $where
"""
seed_template(
    "destination-certificate-unchecked",
    _TLS,
    *(
        {"where": where.replace("TLS", tls)}
        for where in (
            "trafficPolicy:\n    tls: TLS #HERE",
            "trafficPolicy:\n    portLevelSettings:\n      - port: {number: 443}\n        tls: TLS #HERE",
            "subsets:\n    - name: made\n      trafficPolicy:\n        tls: TLS #HERE",
        )
        for tls in (
            "{mode: SIMPLE}",
            "{mode: MUTUAL, clientCertificate: /a.pem, privateKey: /a.key}",
            "{mode: SIMPLE, credentialName: made}",
        )
    ),
)
_ENTRY = """apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: made, namespace: $space}
spec:
  hosts: [$name.example.net]
  resolution: $resolution
  ports:
    - {number: 443, name: https, protocol: HTTPS}
    - {number: $port, name: made$protocol} #HERE
"""
seed_template(
    "service-entry-without-address",
    _ENTRY,
    *(
        {"port": port, "protocol": protocol, "resolution": resolution}
        for port, protocol in (("5432", ", protocol: TCP"), ("9000", ", protocol: tcp"), ("9001", ""))
        for resolution in ("DNS", "STATIC")
    ),
)
