"""The shape of a system: ways past the gateway, pods of several services, and what all depend on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from tests.defects.defects import Defect, Line, edited, line_of, seeds
from tests.defects.manifests import is_tool
from tests.metamorphic.repositories import Files

_SERVICE = re.compile(
    r"(?m)^kind: Service\nmetadata:\n  name: (?P<name>[\w-]+)\n(?:  .*\n)*?(?P<spec>spec:\n)"
    r"(?:  .*\n)*?    - name: (?:grpc|http)\n      port: (?P<port>\d+)\n"
)
_DEPLOYMENT = re.compile(
    r"(?m)^kind: Deployment\nmetadata:\n  name: (?P<name>[\w-]+)\n  namespace: (?P<in>[\w-]+)$"
)
_ROUTE = re.compile(r"(?m)^kind: VirtualService$")
_PORT = re.compile(r"(?m)^ +containerPort: \d+\n")
_ENV = re.compile(r"(?m)^          env:\n")
_CONTAINERS = re.compile(r"(?m)^      containers:\n")
_REPLICAS = re.compile(r"(?m)^  (?:replicas|minReplicas): \d+$")


def _manifests(files: Files) -> list[tuple[str, str]]:
    return [
        (path, text)
        for path, text in sorted(files.items())
        if path.endswith((".yaml", ".yml")) and "/templates/" not in path
    ]


def _routes(files: Files, beside: str) -> frozenset[Line]:
    """The lines of all routes from outside that are applied with a file."""
    folder = beside.rpartition("/")[0].rpartition("/")[0]
    return frozenset(
        (path, number)
        for path, text in _manifests(files)
        if _ROUTE.search(text) and path.startswith(f"{folder}/")
        for number in range(1, text.count("\n") + 1)
    )


@seeds("gateway-bypassed")
def opened_directly(files: Files) -> Iterator[Defect]:
    """A Service that is opened to the outside itself, while others are reached through the gateway."""
    for path, text in _manifests(files):
        sides = _routes(files, path)
        for match in _SERVICE.finditer(text) if sides else ():
            if is_tool(match["name"]):
                continue
            at, line = match.end("spec"), line_of(text, match.end("spec"))
            for kind in ("NodePort", "LoadBalancer"):
                rest = re.sub(r"\A((?:  .*\n)*?)  type: \w+\n", r"\1", text[at:])
                changed = f"{text[:at]}  type: {kind}\n{rest}"
                what = f"{match['name']} is a {kind}"
                yield Defect(what, edited(files, path, changed), frozenset({(path, line)}), sides)


@seeds("gateway-bypassed")
def opened_on_the_node(files: Files) -> Iterator[Defect]:
    """A container whose port is one of the node."""
    for path, text in _manifests(files):
        front, port, sides = _SERVICE.search(text), _PORT.search(text), _routes(files, path)
        if front and port and sides and _DEPLOYMENT.search(text) and not is_tool(front["name"]):
            for number in (80, 8090):
                changed = f"{text[: port.end()]}              hostPort: {number}\n{text[port.end() :]}"
                line = line_of(text, port.end())
                what = f"{front['name']} has port {number} of the node"
                yield Defect(what, edited(files, path, changed), frozenset({(path, line)}), sides)


@seeds("pod-with-several-services")
def moved_in(files: Files) -> Iterator[Defect]:
    """Another service in the pod of one, with a Service of its own."""
    for path, text in _manifests(files):
        name, at = _DEPLOYMENT.search(text), _CONTAINERS.search(text)
        front = _SERVICE.search(text)
        if not name or not at or not front or len(_CONTAINERS.findall(text)) != 1:
            continue
        for other, port in (("invoices", 7001), ("search", 7002), ("reports", 7003), ("wishes", 7004)):
            block = (
                f"        - name: {other}\n          image: registry.example.com/shop/{other}:1.0.0\n"
                f"          ports:\n            - containerPort: {port}\n"
            )
            added = (
                f"---\napiVersion: v1\nkind: Service\nmetadata:\n  name: {other}\n  namespace: {name['in']}\n"
                f"spec:\n  selector: {{app.kubernetes.io/name: {name['name']}}}\n"
                f"  ports: [{{name: http, port: 80, targetPort: {port}}}]\n"
            )
            changed = text[: at.end()] + block + text[at.end() :] + added
            line = line_of(text, at.end())
            side = frozenset({(path, changed.count("\n") - 4), (path, changed.count("\n"))})
            own = {(path, number) for number in range(line, line + 8)}
            yield Defect(f"{other} beside {name['name']}", edited(files, path, changed), frozenset(own), side)


@seeds("single-point-of-failure")
def many_call_one_pod(files: Files) -> Iterator[Defect]:
    """A service of one replica that three others call."""
    known: dict[str, tuple[str, int]] = {}
    for path, text in _manifests(files):
        name, front = _DEPLOYMENT.search(text), _SERVICE.search(text)
        is_one = len(_DEPLOYMENT.findall(text)) == 1 and _ENV.search(text) and _REPLICAS.search(text)
        if name and front and name["name"] == front["name"] and is_one:
            known[name["name"]] = (path, int(front["port"]))
    for target, (home, port) in known.items():
        for callers in combinations(sorted(set(known) - {target}), 3):
            made = dict(files)
            sides: set[Line] = set()
            for caller in callers:
                path = known[caller][0]
                match = _ENV.search(made[path])
                assert match is not None
                entry = (
                    f"            - name: THE_{target.upper()}_ADDR\n              value: {target}:{port}\n"
                )
                made[path] = made[path][: match.end()] + entry + made[path][match.end() :]
                sides.add((path, line_of(made[path], match.end()) + 1))
            made[home] = _REPLICAS.sub(lambda m: m[0].rpartition(" ")[0] + " 1", files[home])
            lines = {line_of(made[home], match.start()) for match in _REPLICAS.finditer(made[home])}
            places = frozenset((home, line) for line in lines)
            yield Defect(f"{', '.join(callers)} call {target}", made, places, frozenset(sides))


def callable_services(files: Files) -> dict[str, tuple[str, int]]:
    """Services with variables and a port, by name: the path of each, and the port."""
    known = {}
    for path, text in _manifests(files):
        name, front = _DEPLOYMENT.search(text), _SERVICE.search(text)
        if name and front and name["name"] == front["name"] and _ENV.search(text):
            known[name["name"]] = (path, int(front["port"]))
    return known


def calling(made: dict[str, str], path: str, target: str, port: int) -> int:
    """One more variable in a manifest, with the address of a service; gives the line of the address."""
    match = _ENV.search(made[path])
    assert match is not None
    entry = f"            - name: THE_{target.upper()}_ADDR\n              value: {target}:{port}\n"
    made[path] = made[path][: match.end()] + entry + made[path][match.end() :]
    return line_of(made[path], match.end()) + 1


@seeds("hub-service")
def all_calls_meet(files: Files) -> Iterator[Defect]:
    """A service that four others call, and that calls four."""
    known = callable_services(files)
    for target, (home, port) in known.items():
        others = sorted(set(known) - {target})
        for callers in combinations(others, 4):
            for callees in list(combinations(others, 4))[:2]:
                made = dict(files)
                for caller in callers:
                    calling(made, known[caller][0], target, port)
                for callee in callees:
                    calling(made, home, callee, known[callee][1])
                places = {(home, number + 1) for number in range(made[home].count("\n"))}
                sides = {
                    (known[caller][0], number + 1)
                    for caller in callers
                    for number, line in enumerate(made[known[caller][0]].split("\n"))
                    if f"value: {target}:{port}" in line
                }
                what = f"{', '.join(callers)} -> {target} -> {', '.join(callees)}"
                yield Defect(what, made, frozenset(places), frozenset(sides))


def _contract(name: str, count: int) -> str:
    paths = "".join(
        f"  /{name}/part{number}:\n    get:\n      operationId: get{number}\n"
        "      responses: {'200': {description: There it is}}\n"
        for number in range(count)
    )
    return f"openapi: 3.0.3\ninfo: {{title: {name}, version: 1.0.0}}\npaths:\n{paths}"


@seeds("service-too-large")
def everything_in_one(files: Files) -> Iterator[Defect]:
    """A contract with more operations than anybody oversees."""
    known = callable_services(files)
    for target, (home, _) in known.items():
        for count in (90, 101, 150, 300):
            path = f"contracts/large/{target}/openapi.yaml"
            places = {(home, number + 1) for number in range(files[home].count("\n"))}
            made = {**files, path: _contract(target, count)}
            side = frozenset({(path, 3)})
            yield Defect(f"{count} operations of {target}", made, frozenset(places), side)


@seeds("service-too-small")
def a_function_of_its_own(files: Files) -> Iterator[Defect]:
    """A service of one operation that one other calls."""
    known = callable_services(files)
    for caller, (home, _) in known.items():
        for name in ("tax", "rounding", "greeting", "postcodes"):
            made = dict(files)
            calling(made, home, name, 8080)
            path = f"services/{name}/deploy.yaml"
            made[f"contracts/openapi/{name}.yaml"] = _contract(name, 1)
            made[path] = (
                f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: shop}}\n"
                f"spec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n"
                f"    metadata: {{labels: {{app: {name}}}}}\n"
                f"    spec: {{containers: [{{name: {name}, image: 'shop/{name}:1.0.0'}}]}}\n---\n"
                f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: shop}}\n"
                f"spec:\n  selector: {{app: {name}}}\n  ports: [{{name: http, port: 8080}}]\n"
            )
            side = frozenset({(home, number + 1) for number in range(made[home].count("\n"))})
            yield Defect(f"{caller} calls {name}", made, frozenset({(path, 3)}), side)
