"""Probes beside the contract, or the source, of what they ask."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

PROBES = ("readinessProbe", "livenessProbe", "startupProbe")
_WORKLOAD = """\
apiVersion: v1
kind: Service
metadata: {{name: stock, namespace: shop}}
spec:
  selector: {{app: stock}}
  ports: [{{name: api, port: 80, targetPort: {target}}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: stock, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: stock}}}}
  template:
    metadata: {{labels: {{app: stock}}}}
    spec:
      containers:
        - name: stock
          image: registry.example.com/shop/stock:1.0.0
          ports: [{{name: api, containerPort: 8080}}]
          {probe}:
            {asks}
"""
_CONTRACT = """\
openapi: 3.0.3
info: {{title: Stock, version: 1.0.0}}
servers: [{{url: "{base}"}}]
security: [{{key: []}}]
paths:
  {entry}
  /items/{{id}}:
    get: {{responses: {{"200": {{description: An item}}}}}}
components:
  securitySchemes:
    key: {{type: {scheme}}}
"""
_SCHEMES = ("http, scheme: bearer", "apiKey, in: header, name: X-Key", "oauth2, flows: {}")


def _http(path: str, probe: str, target: str) -> str:
    asks = f"httpGet:\n              path: {path} #HERE\n              port: {target}"
    return _WORKLOAD.format(probe=probe, asks=asks, target=target)


def _stock(
    files: Files, probe: str, asked: str, entry: str, contract: tuple[str, str] = (_SCHEMES[0], "/")
) -> Iterator[Defect]:
    scheme, base = contract
    for target in ("api", "8080"):
        made = {
            "deploy/kubernetes/stock.yaml": _http(asked, probe, target),
            "contracts/openapi/stock.yaml": _CONTRACT.format(entry=entry, scheme=scheme, base=base),
        }
        yield marked(files, f"{probe} {asked} at {target}: {entry} {scheme}", made)


@seeds("probe-path-refused")
def probe_of_a_secured_operation(files: Files) -> Iterator[Defect]:
    """A probe that shows no credentials to an operation that asks for some."""
    answer = 'responses: {"200": {description: Fine}}'
    for probe in PROBES:
        for scheme in _SCHEMES:
            entry = f"/status:\n    get: {{{answer}}} #OTHER"
            yield from _stock(files, probe, "/status", entry, (scheme, "/"))
            entry = f"/status:\n    get: {{security: [{{key: []}}], {answer}}} #OTHER"
            yield from _stock(files, probe, "/v1/status?full=1", entry, (scheme, "/v1"))


@seeds("probe-path-refused")
def probe_of_another_method(files: Files) -> Iterator[Defect]:
    """A probe of a path that takes no GET."""
    for probe in PROBES:
        for method in ("post", "put", "delete"):
            entry = (
                f'/check: #OTHER\n    {method}: {{security: [], responses: {{"200": {{description: Fine}}}}}}'
            )
            yield from _stock(files, probe, "/check", entry)


@seeds("probe-path-undefined")
def probe_of_a_path_that_is_no_longer_there(files: Files) -> Iterator[Defect]:
    """A health path that was renamed, in the contract or in the probe."""
    pairs = (
        ("/health", "/healthz"),
        ("/healthz", "/health"),
        ("/health/ready", "/ready"),
        ("/internal/health", "/health"),
        ("/livez", "/live"),
        ("/v1/status", "/status"),
    )
    for probe in PROBES:
        for known, asked in pairs:
            entry = f'{known}: #OTHER\n    get: {{security: [], responses: {{"200": {{description: Fine}}}}}}'
            yield from _stock(files, probe, asked, entry)


@seeds("probe-asks-operation")
def probe_of_the_work_itself(files: Files) -> Iterator[Defect]:
    """A probe that makes the service do its work."""
    for probe in PROBES:
        for path in ("/items", "/reports/daily", "/products"):
            entry = f'{path}:\n    get: {{security: [], responses: {{"200": {{description: All}}}}}} #OTHER'
            yield from _stock(files, probe, path, entry)
        entry = '/parts/{part}:\n    get: {security: [], responses: {"200": {description: One}}} #OTHER'
        yield from _stock(files, probe, "/parts/1", entry)


_SERVERS = {
    "main.go": "package main\n\nfunc main() {\n\tserver := grpc.NewServer() #OTHER\n\tserver.Serve(at)\n}\n",
    "server.py": "import grpc\n\nserver = grpc.server(futures.ThreadPoolExecutor()) #OTHER\nserver.start()\n",
    "server.js": 'const grpc = require("@grpc/grpc-js");\nconst server = new grpc.Server(); #OTHER\n',
    "Server.java": (
        "class Server {\n  void run() throws Exception {\n"
        "    ServerBuilder.forPort(8080).addService(new Stock()).build().start(); #OTHER\n  }\n}\n"
    ),
    "Program.cs": "var app = builder.Build();\napp.MapGrpcService<Stock>(); #OTHER\napp.Run();\n",
}


@seeds("grpc-probe-unanswered")
def probe_by_grpc_without_the_service(files: Files) -> Iterator[Defect]:
    """A probe by gRPC of a server that offers no health service."""
    for probe in PROBES:
        for name, text in _SERVERS.items():
            for asks in (
                "grpc: {port: 8080} #HERE",
                "grpc: #HERE\n              port: 8080\n              service: live",
            ):
                made = {
                    "deploy/kubernetes/stock.yaml": _WORKLOAD.format(probe=probe, asks=asks, target="api"),
                    "services/stock/Dockerfile": "FROM scratch\n",
                    f"services/stock/{name}": text,
                }
                yield marked(files, f"{probe} of {name}: {asks}", made)
