"""What a system costs: quotas that its peak does not fit in, and many pods where nobody needs them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, edited, line_of, seeds
from tests.metamorphic.repositories import Files

_DEPLOYMENT = re.compile(
    r"(?m)^kind: (?:Deployment|StatefulSet)\nmetadata:\n  name: (?P<name>[\w-]+)\n"
    r"  namespace: (?P<in>[\w-]+)$"
)
_COUNT = re.compile(r"(?m)^  (?:replicas|maxReplicas): \d+$")
_SMALL = {
    "requests.cpu": ("300m", "1", "1500m"),
    "requests.memory": ("512Mi", "1Gi"),
    "limits.cpu": ("1", "2500m"),
    "limits.memory": ("1Gi", "1500Mi"),
    "pods": ("1", "2"),
    "cpu": ("500m",),
    "memory": ("700Mi",),
    "count/pods": ("1",),
}


def _manifests(files: Files) -> list[tuple[str, str]]:
    return [
        (path, text)
        for path, text in sorted(files.items())
        if path.endswith((".yaml", ".yml")) and "/templates/" not in path and _DEPLOYMENT.search(text)
    ]


@seeds("quota-below-peak")
def quota_that_is_too_small(files: Files) -> Iterator[Defect]:
    """A quota that what the manifests ask for does not fit in."""
    sides: dict[str, set[tuple[str, int]]] = {}
    for path, text in _manifests(files):
        for match in _DEPLOYMENT.finditer(text):
            lines = {(path, line_of(text, count.start())) for count in _COUNT.finditer(text)}
            sides.setdefault(match["in"], set()).update(lines)
    path = "deploy/kubernetes/quotas.yaml"
    for namespace, lines in sorted(sides.items()):
        for key, amounts in _SMALL.items():
            for amount in amounts:
                text = (
                    f"apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: all\n  namespace: {namespace}\n"
                    f'spec:\n  hard:\n    services: "500"\n    {key}: "{amount}"\n'
                )
                what = f"{namespace}: {key} {amount}"
                yield Defect(what, edited(files, path, text), frozenset({(path, 9)}), frozenset(lines))


@seeds("replicas-high-in-development")
def as_many_as_in_production(files: Files) -> Iterator[Defect]:
    """A copy for development with as many pods as for customers."""
    for _, text in _manifests(files):
        match, count = _DEPLOYMENT.search(text), _COUNT.search(text)
        if match is None or count is None or "replicas" not in count[0]:
            continue
        for place in ("dev", "staging", "qa"):
            for number in (6, 10):
                start, end = count.span()
                copy = f"{text[:start]}  replicas: {number}{text[end:]}"
                copy = copy.replace(f"namespace: {match['in']}\n", f"namespace: {place}\n")
                target = f"deploy/{place}/{match['name']}.yaml"
                line = line_of(text, start)
                what = f"{number} of {match['name']} in {place}"
                yield Defect(what, edited(files, target, copy), frozenset({(target, line)}))


def _with_object(files: Files, kind: str, body: str, endings: tuple[str, ...]) -> Iterator[Defect]:
    """One more object beside a workload, which nothing names."""
    for path, text in _manifests(files):
        match = _DEPLOYMENT.search(text)
        if match is None or "/rendered/" in path:
            continue
        for ending in endings:
            name = f"{match['name']}-{ending}"
            head = (
                f"---\napiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n  namespace: {match['in']}\n"
            )
            whole = text.rstrip("\n") + "\n" + head + body.format(match["name"])
            line = whole.count("\n", 0, whole.index(head)) + 5
            yield Defect(f"{kind} {name}", edited(files, path, whole), frozenset({(path, line)}))


@seeds("config-unused")
def nobody_takes_it(files: Files) -> Iterator[Defect]:
    """A ConfigMap or Secret that was left behind."""
    yield from _with_object(files, "ConfigMap", 'data: {{limit: "5"}}\n', ("former", "tuning", "wording"))
    yield from _with_object(files, "Secret", "stringData: {{key: x}}\n", ("bygone", "partner"))


@seeds("service-unused")
def nobody_calls_it(files: Files) -> Iterator[Defect]:
    """A Service that was left behind."""
    body = "spec:\n  selector: {{app.kubernetes.io/name: {}}}\n  ports: [{{name: http, port: 8080}}]\n"
    yield from _with_object(files, "Service", body, ("former", "bygone", "trial", "second"))
