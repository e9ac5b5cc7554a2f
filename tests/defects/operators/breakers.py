"""Services that are called without anything that stops or bounds the calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import (
    Manifest,
    canaries_of,
    place_of_variables,
    stores,
    with_variables,
    workloads,
)
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_PATH = "deploy/mesh-of-tests/shelf.yaml"
_SHELF = """\
apiVersion: v1
kind: Service
metadata:
  name: shelf #HERE
  namespace: {namespace}
spec:
  selector: {{app: shelf}}
  ports: [{{name: http, port: 8080}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: shelf, namespace: {namespace}}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: shelf}}}}
  template:
    metadata: {{labels: {{app: shelf}}}}
    spec:
      containers:
        - name: shelf #HERE
          image: registry.example.com/shop/shelf:1.0.0
          resources: {{{resources}}} #HERE
---
"""
_RULE = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: shelf, namespace: {namespace}}}
spec:
  host: {host} #HERE
  trafficPolicy: {{{policy}}}
"""
_ROUTE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: shelf, namespace: {namespace}}}
spec:
  hosts: [shelf]
  http: [{{route: [{{destination: {{host: shelf}}}}], timeout: 2s}}]
"""
_LIMITED = "limits: {cpu: 1, memory: 64Mi}"
_POLICIES = (
    "loadBalancer: {simple: RANDOM}",
    "tls: {mode: ISTIO_MUTUAL}",
    "connectionPool: {}",
    "connectionPool: {tcp: {tcpKeepalive: {time: 7200s}}}",
)


def _callers(files: Files) -> list[Manifest]:
    """What may call by itself: no store, no canary, and nothing that a kustomization moves elsewhere."""
    none = {*stores(files), *canaries_of(files)}
    found = (item for item in workloads(files) if item.name not in none)
    return [item for item in found if "/kustomize/" not in item.path]


@seeds("call-without-circuit-breaker")
def nothing_breaks(files: Files) -> Iterator[Defect]:
    """A called service without a destination rule, or with one that breaks no circuit."""
    for caller in _callers(files):
        namespace = str(caller.namespace)
        variables = [("SHELF_URL", f"http://shelf.{namespace}.svc:8080")]
        base = with_variables(files, caller, variables)
        others = place_of_variables(caller, variables)
        hosts = ("shelf", f"shelf.{namespace}.svc.cluster.local")
        made = [
            _RULE.format(namespace=namespace, host=host, policy=policy)
            for host in hosts
            for policy in _POLICIES
        ]
        for number, more in enumerate([*made, _ROUTE.format(namespace=namespace)]):
            text = _SHELF.format(namespace=namespace, resources=_LIMITED) + more
            yield replace(marked(base, f"{caller.name} {number}", {_PATH: text}), other_sides=others)


@seeds("bulkhead-missing")
def nothing_bounds(files: Files) -> Iterator[Defect]:
    """A service without limits that four or more services call."""
    running = [item for item in _callers(files) if item.namespace == "shop"]
    for count in (4, 5):
        for start in range(len(running)):
            callers = [*running[start:], *running[:start]][:count]
            variables = [("SHELF_URL", "http://shelf.shop.svc:8080")]
            base, others = dict(files), frozenset[tuple[str, int]]()
            for caller in callers:
                base = with_variables(base, caller, variables)
                others |= place_of_variables(caller, variables)
            for resources in ("requests: {cpu: 100m}", "limits: {}"):
                text = _SHELF.format(namespace="shop", resources=resources)
                found = marked(base, f"{count} {start} {resources}", {_PATH: text})
                yield replace(found, other_sides=others)


@seeds("call-without-timeout")
def nothing_ends(files: Files) -> Iterator[Defect]:
    """A called service without any route, in a namespace of the mesh."""
    for caller in _callers(files):
        namespace = str(caller.namespace)
        for host in ("shelf", f"shelf.{namespace}", f"shelf.{namespace}.svc.cluster.local"):
            variables = [("SHELF_URL", f"http://{host}:8080")]
            base = with_variables(files, caller, variables)
            text = _SHELF.format(namespace=namespace, resources=_LIMITED)
            found = marked(base, f"{caller.name} {host} without a route", {_PATH: text})
            yield replace(found, other_sides=place_of_variables(caller, variables))
