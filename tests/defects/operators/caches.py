"""Caches that grow without end: applications that never let an entry go, and servers without a limit."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import workloads
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_SETTINGS = (
    "spring.cache.type: redis #HERE\n",
    "spring:\n  cache:\n    type: redis #HERE\n    cache-names: prices\n",
    "spring:\n  cache:\n    type: redis #HERE\n    redis:\n      key-prefix: shop\n",
)


@seeds("cache-without-expiry")
def entries_that_stay(files: Files) -> Iterator[Defect]:
    """An application of Spring that caches in Redis, and says not for how long."""
    for item in workloads(files):
        if item.kind == "Deployment":
            for number, settings in enumerate(_SETTINGS):
                made = {
                    f"services/{item.name}/Dockerfile": "FROM eclipse-temurin:21\n",
                    f"services/{item.name}/src/main/resources/application.yaml": settings,
                }
                yield marked(files, f"{item.name} ({number})", made)


_SERVER = """apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop}}
spec:
  selector: {{matchLabels: {{app.kubernetes.io/name: {name}}}}}
  template:
    metadata: {{labels: {{app.kubernetes.io/name: {name}}}}}
    spec:
      containers:
        - name: {name} #HERE
          image: {image} #HERE
          {told}
"""
_TOLD = (
    "ports: [{containerPort: 6379}]",
    "args: [redis-server, --save, ''] #HERE",
    "args: ['--maxmemory', 100mb, '--maxmemory-policy', noeviction] #HERE",
    "command: [redis-server, '--maxmemory', 1gb] #HERE",
)
_COMPOSED = """services:
  {name}: #HERE
    image: {image} #HERE
    command: redis-server {told} #HERE
"""


@seeds("cache-unbounded")
def server_without_a_limit(files: Files) -> Iterator[Defect]:
    """A Redis that is called a cache and drops nothing, beside each service."""
    for item in workloads(files)[:7]:
        name = f"{item.name}-cache"
        for number, told in enumerate(_TOLD):
            image = ("redis:8", "valkey/valkey:9")[number % 2]
            made = {"deploy/cache.yaml": _SERVER.format(name=name, image=image, told=told)}
            yield marked(files, f"{name} ({number})", made)
        for told in ("--appendonly no", "--maxmemory 64mb"):
            made = {"tools/compose.yaml": _COMPOSED.format(name=name, image="redis:8", told=told)}
            yield marked(files, f"{name} composed, {told}", made)
