"""Contracts and services that lose each other, and servers of contracts that are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.defects.operators.routes import offered
from tests.metamorphic.repositories import Files

_NAMES = ("stock", "prices", "returns", "reviews", "loyalty", "invoices", "search")
_SERVICE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{containers: [{{name: {name}, image: "registry.example.com/shop/{name}:1.0.0"}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: shop}}
spec:
  selector: {{app: {name}}}
  ports:
    - port: 8080
      {said} #HERE
"""


@seeds("service-without-contract")
def service_added(files: Files) -> Iterator[Defect]:
    """A new service that speaks HTTP or gRPC, and that nobody described."""
    for name in _NAMES:
        for said in ("name: http", "appProtocol: grpc", "name: grpc-api", "name: http-api"):
            made = {f"deploy/kubernetes/{name}.yaml": _SERVICE.format(name=name, said=said)}
            yield marked(files, f"{name} with {said}", made)


@seeds("contract-without-service")
def contract_added(files: Files) -> Iterator[Defect]:
    """A new contract beside those of services, or one of a service that is gone."""
    for name in _NAMES:
        for version in ("3.0.3", "3.1.0", "3.0.1"):
            text = (
                f"openapi: {version}\ninfo:\n  title: {name.title()} #HERE\n  version: 1.0.0\n"
                f'paths:\n  /{name}:\n    get: {{responses: {{"200": {{description: All}}}}}}\n'
            )
            yield marked(files, f"{name} {version}", {f"contracts/openapi/{name}.yaml": text})


@seeds("server-address-undefined")
def server_moved(files: Files) -> Iterator[Defect]:
    """A server inside of the cluster with another port, or of a name that no Service has."""
    for item in offered(files):
        for host, port in (
            (f"{item.name}.shop.svc.cluster.local", ":8081"),
            (f"{item.name}.shop.svc", ":9000"),
            (item.name, ":8443"),
            (f"{item.name}s-api.shop.svc.cluster.local", ":8080"),
            (f"{item.name}{item.name[-1]}", ":8080"),
            (f"old-{item.name}.shop.svc.cluster.local", ""),
        ):
            for scheme in ("http", "https") if item.contract.endswith(".yaml") else ():
                server = f"  - url: {scheme}://{host}{port}/v1 #HERE"
                text = re.sub(r"(?m)^  - url: .*$", server, item.text)
                yield marked(files, f"{item.name} at {scheme}://{host}{port}", {item.contract: text})
