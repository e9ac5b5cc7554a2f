"""Objects of Istio that its webhook refuses, or takes with a warning."""

from __future__ import annotations

from tests.defects.templates import seed_objects

_ROUTE = "hosts: [made.example.com]\n  http:\n    - route: [{destination: {host: $name}}]\n      "
_SERVER = "selector: {made: $name}\n  servers:\n    - hosts: [made.example.com]\n      "
_POLICY = "host: made.example.com\n  trafficPolicy:\n    "
seed_objects(
    "mesh-object-refused",
    ("networking", "VirtualService", f"{_ROUTE}timeout: 5"),
    ("networking", "VirtualService", f"{_ROUTE}match: [{{uri: /a}}]"),
    ("networking", "VirtualService", f"{_ROUTE}retry: {{attempts: 3}}"),
    ("networking", "VirtualService", f"{_ROUTE}redirect: {{uri: /a}}"),
    ("networking", "VirtualService", f"{_ROUTE}fault: {{abort: {{httpStatus: 5}}}}"),
    ("networking", "DestinationRule", f"{_POLICY}tls: {{mode: mutual}}"),
    ("networking", "DestinationRule", f"{_POLICY}tls: {{mode: MUTUAL}}"),
    ("networking", "DestinationRule", f"{_POLICY}outlierDetection: {{maxEjectionPercent: 150}}"),
    ("networking", "DestinationRule", f"{_POLICY}loadBalancer: {{simple: ROUND_ROBBIN}}"),
    ("networking", "Gateway", f"{_SERVER}port: {{number: 443, name: a, protocol: HTTPS}}"),
    ("networking", "Gateway", f"{_SERVER}port: {{number: 80, name: a, protocol: HTPP}}"),
    ("networking", "ServiceEntry", "hosts: [made.example.net]\n  resolution: dns"),
    ("networking", "ServiceEntry", "location: MESH_EXTERNAL\n  hosts: []"),
    ("networking", "Sidecar", "egress:\n    - hosts: [made.example.com]"),
    ("security", "AuthorizationPolicy", "action: CUSTOM"),
    ("security", "AuthorizationPolicy", "rules: [{from: [{principals: [a]}]}]"),
    ("security", "PeerAuthentication", "portLevelMtls: {8080: {mode: STRICT}}"),
    ("security", "RequestAuthentication", "jwtRules: [{jwksUri: https://made.example.com}]"),
)
seed_objects(
    "mesh-object-doubtful",
    ("networking", "VirtualService", f"{_ROUTE}mirrorPercent: 5"),
    ("networking", "DestinationRule", f"{_POLICY}outlierDetection: {{consecutiveErrors: 5}}"),
    ("telemetry", "Telemetry", "tracing: [{}, {randomSamplingPercentage: 1}]"),
    ("telemetry", "Telemetry", "tracing: [{providers: [{name: a}, {name: b}]}]"),
)
