"""What a system costs: quotas that its peak does not fit in, and many pods where nobody needs them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, Line, edited, line_of, seeds
from tests.defects.manifests import is_tool, manifests
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
    """A quota that what the manifests of a file ask for does not fit in."""
    sides: dict[tuple[str, str], set[Line]] = {}
    for path, text in _manifests(files):
        for match in _DEPLOYMENT.finditer(text):
            lines = {(path, line_of(text, count.start())) for count in _COUNT.finditer(text)}
            sides.setdefault((match["in"], path), set()).update(lines)
    asked = _asked(files)
    for (namespace, path), lines in sorted(sides.items()):
        above = files[path].rstrip("\n") + "\n---\n"
        for key, amounts in _SMALL.items():
            for amount in amounts:
                if asked.get((namespace, path, key), 0) <= _quantity(amount):
                    continue  # there is room for all
                text = (
                    f"apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: all\n  namespace: {namespace}\n"
                    f'spec:\n  hard:\n    services: "500"\n    {key}: "{amount}"\n'
                )
                what = f"{namespace}: {key} {amount} in {path}"
                place = (path, above.count("\n") + 9)
                yield Defect(what, edited(files, path, above + text), frozenset({place}), frozenset(lines))


def _asked(files: Files) -> dict[tuple[str, str, str], float]:
    """How much the pods of a namespace ask for in each file, by the key of quotas."""
    found: dict[tuple[str, str, str], float] = {}
    for item in manifests(files, "Deployment", "StatefulSet"):
        spec = item.data.get("spec") or {}
        scaled = [
            each.data["spec"].get("maxReplicas") or 1
            for each in manifests(files, "HorizontalPodAutoscaler")
            if each.path == item.path and each.data["spec"]["scaleTargetRef"]["name"] == item.name
        ]
        count = max([spec.get("replicas") or 1, *scaled])
        amounts = {"pods": 1.0, "count/pods": 1.0}
        pods = (spec.get("template") or {}).get("spec") or {}
        for container in pods.get("containers") or ():
            for kind, said in (container.get("resources") or {}).items():
                for what, amount in (said or {}).items():
                    key = f"{kind}.{what}"
                    amounts[key] = amounts.get(key, 0.0) + _quantity(str(amount))
        for key, amount in amounts.items():
            for name in {key, key.removeprefix("requests.")}:
                place = (item.namespace or "", item.path, name)
                found[place] = found.get(place, 0.0) + count * amount
    return found


def _quantity(text: str) -> float:
    """A number of Kubernetes, such as ``250m`` or ``1Gi``."""
    match = re.fullmatch(r"([\d.]+)(m|[KMGT]i?)?", text)
    if match is None:
        return 0.0
    unit = match[2] or ""
    power = "KMGT".index(unit[0]) + 1 if unit[:1] in tuple("KMGT") else 0
    return float(match[1]) * (0.001 if unit == "m" else (1024 if unit.endswith("i") else 1000) ** power)


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
    many = rf"(?:{kind.lower()}s|\*)"
    listed = re.compile(rf"(?m)resources: *\[[^\]]*{many}|^ *- [\"']?{many}[\"']?$")
    roles = (text for text in files.values() if "Role\n" in text and "resourceNames" not in text)
    if any(map(listed.search, roles)):
        return  # one lets somebody read all of them, without their names
    for path, text in _manifests(files):
        match = _DEPLOYMENT.search(text)
        if match is None or "/rendered/" in path or is_tool(match["name"]):
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
    endings = ("former", "tuning", "wording", "limits", "texts")
    yield from _with_object(files, "ConfigMap", 'data: {{limit: "5"}}\n', endings)
    yield from _with_object(files, "Secret", "stringData: {{key: x}}\n", ("bygone", "partner"))


@seeds("service-unused")
def nobody_calls_it(files: Files) -> Iterator[Defect]:
    """A Service that was left behind."""
    body = "spec:\n  selector: {{app.kubernetes.io/name: {}}}\n  ports: [{{name: http, port: 8080}}]\n"
    yield from _with_object(files, "Service", body, ("former", "bygone", "trial", "second"))
