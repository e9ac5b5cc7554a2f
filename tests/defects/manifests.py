"""What operators start from: the manifests of a repository, and the calls that their variables show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from tests.defects.defects import Line
from tests.metamorphic.repositories import Files

SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader of YAML, ten times as fast where it was built with libyaml."""
_BETWEEN = re.compile(r"(?m)^---.*\n")
_VARIABLE = re.compile(
    r"name: (?P<name>\w*(?:ADDR|HOST|URL|URI|ENDPOINT|SERVER)\w*)\s+value: [\"']?"
    r"(?:\w+://(?:\w+@)?)?(?P<host>[a-z][a-z0-9-]+)(?=[.:/\s\"'])"
)
_IMAGE = re.compile(r"(?m)^(?P<indent> *)(?P<item>- )?image: .*$")
_RUN = ("Deployment", "StatefulSet")


@dataclass(frozen=True)
class Manifest:
    """An object of Kubernetes, as one file writes it."""

    path: str
    first: int
    """The number of the line that it begins on."""
    text: str
    data: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """Such as ``Deployment``."""
        return str(self.data.get("kind"))

    @property
    def name(self) -> str:
        """Its own."""
        return str(self.data["metadata"]["name"])

    @property
    def namespace(self) -> str | None:
        """As it says itself."""
        return self.data["metadata"].get("namespace")

    @property
    def pod_labels(self) -> dict[str, str]:
        """Those of the pods that a workload makes."""
        return dict(_at(self.data, "spec", "template", "metadata", "labels") or {})

    @property
    def lines(self) -> frozenset[Line]:
        """All of them."""
        return frozenset((self.path, self.first + index) for index in range(self.text.count("\n") + 1))

    def at(self, what: str) -> Line:
        """The first line that holds a text."""
        return (self.path, self.first + self.text.count("\n", 0, self.text.index(what)))

    def with_text(self, files: Files, text: str) -> dict[str, str]:
        """The repository with another text for this object alone."""
        lines = files[self.path].split("\n")
        old = self.text.split("\n")
        start = self.first - 1
        return {
            **files,
            self.path: "\n".join([*lines[:start], *text.split("\n"), *lines[start + len(old) :]]),
        }


def _at(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


@cache
def _in_file(path: str, text: str) -> tuple[Manifest, ...]:
    found, start = [], 0
    for part in [*(match.span() for match in _BETWEEN.finditer(text)), (len(text), len(text))]:
        piece = text[start : part[0]]
        first, start = text.count("\n", 0, start) + 1, part[1]
        try:
            data = yaml.load(piece, SAFE)
        except (yaml.YAMLError, ValueError):
            continue
        if isinstance(data, dict) and "kind" in data and _at(data, "metadata", "name"):
            found.append(Manifest(path, first, piece.rstrip("\n"), data))
    return tuple(found)


def manifests(files: Files, *kinds: str) -> list[Manifest]:
    """The objects of some kinds, or all, but for templates of charts."""
    return [
        item
        for path, text in sorted(files.items())
        if path.endswith((".yaml", ".yml")) and "/templates/" not in path and "kind: " in text
        for item in _in_file(path, text)
        if not kinds or item.kind in kinds
    ]


def is_patched(files: Files, path: str) -> bool:
    """Whether the kustomization of a file's folder changes what the file says, and may undo a defect."""
    folder = path.rpartition("/")[0]
    texts = (files.get(f"{folder}/{name}", "") for name in ("kustomization.yaml", "kustomization.yml"))
    return any(f"\n{key}" in text for text in texts for key in ("patches", "components"))


_TOOLS = re.compile(
    r"^load$|^load-?(?:gen|test)|ingress|alertmanager|^spring-boot-admin$|^monitoring-|prometheus|grafana|exporter|operator|influx|heapster"
    r"|kube-state|cadvisor|jaeger|zipkin|otel|fluent"
)


def is_tool(name: str) -> bool:
    """Whether a workload is called as what tries a system out or looks after it, and is no part of it."""
    return bool(_TOOLS.search(name))


def workloads(files: Files, most: int = 14, *, with_tools: bool = False) -> list[Manifest]:
    """Deployments and stateful sets that say what they run, each name once; those of the system alone, unless
    tools are asked for too."""
    found: dict[str, Manifest] = {}
    for item in manifests(files, *_RUN):
        is_run = _at(item.data, "spec", "template", "spec", "containers") and _IMAGE.search(item.text)
        if is_run and (with_tools or not is_tool(item.name)):
            found.setdefault(item.name, item)
    return list(found.values())[:most]


def fronts(files: Files) -> dict[str, Manifest]:
    """The Services with ports and an address of their own, by name."""
    return {
        item.name: item
        for item in manifests(files, "Service")
        if _at(item.data, "spec", "ports") and _at(item.data, "spec", "clusterIP") != "None"
    }


def port_of(front: Manifest) -> int:
    """The first port of a Service."""
    return int(front.data["spec"]["ports"][0]["port"])


def with_variables(files: Files, workload: Manifest, variables: Sequence[tuple[str, str]]) -> dict[str, str]:
    """A workload whose first container is given further variables."""
    return workload.with_text(files, _with_lines(workload.text, variables))


def place_of_variables(workload: Manifest, variables: Sequence[tuple[str, str]]) -> frozenset[Line]:
    """The lines with the values of variables that a workload was given."""
    text = _with_lines(workload.text, variables)
    wanted = {f"value: {value}" for _, value in variables}
    return frozenset(
        (workload.path, workload.first + index)
        for index, line in enumerate(text.split("\n"))
        if line.strip() in wanted
    )


def _with_lines(text: str, variables: Sequence[tuple[str, str]]) -> str:
    image = _IMAGE.search(text)
    assert image, "workloads() gives those with an image"
    indent = image["indent"] + ("  " if image["item"] else "")
    env = re.compile(rf"(?m)^{indent}env: *\n(?P<list> *)- ").search(text)
    step = env["list"] if env else indent + "  "
    made = "".join(f"{step}- name: {name}\n{step}  value: {value}\n" for name, value in variables)
    if env:
        at = env.end() - len(env["list"]) - 2
        return text[:at] + made + text[at:]
    return text[: image.end()] + f"\n{indent}env:\n{made.rstrip()}" + text[image.end() :]


def canaries_of(files: Files) -> dict[str, str]:
    """Workloads that a Service of another workload's name selects, such as a canary, with that name."""
    running = workloads(files, 40)
    names = {item.name for item in running}
    found = {}
    for front in fronts(files).values():
        wanted = _at(front.data, "spec", "selector") or {}
        for item in running:
            is_other = item.name != front.name in names and item.namespace == front.namespace
            if wanted and is_other and wanted.items() <= item.pod_labels.items():
                found[item.name] = front.name
    return found


def misspelt(name: str) -> Iterator[str]:
    """A name with its last letter doubled, and without its second one."""
    yield name + name[-1:]
    yield name[:1] + name[2:]


@dataclass(frozen=True)
class Call:
    """A workload that is given the address of a Service of the repository."""

    caller: Manifest
    callee: str
    variable: str
    line: Line
    """Where the address stands."""
    lines: frozenset[Line] = frozenset()
    """Where it stands in all editions of the caller: manifests, Compose services of its name, and charts. A
    finding about the call may name any of these, as each is wrong alike."""


def calls(files: Files) -> list[Call]:
    """The calls that variables of workloads show, each pair once; not those of canaries, which are the same
    service as what they stand in for, and none of a second Service of the same pods."""
    again = _second_fronts(files)
    return [call for call in _calls(files) if call.callee not in again and not is_tool(call.caller.name)]


def calls_of_tools(files: Files) -> list[Call]:
    """Those of what tries the system out, such as a generator of load."""
    return [call for call in _calls(files) if is_tool(call.caller.name)]


def _second_fronts(files: Files) -> set[str]:
    """Services that select the pods of a workload with a Service of its own name."""
    known = fronts(files)
    return {
        front.name
        for item in workloads(files, 40)
        for front in known.values()
        if front.name != item.name in known
        and (chosen := _at(front.data, "spec", "selector"))
        and chosen.items() <= item.pod_labels.items()
    }


def _calls(files: Files) -> Iterator[Call]:
    known, seen, canaries = fronts(files), set(), canaries_of(files)
    everywhere = _addresses_of(files)
    for caller in workloads(files, 40, with_tools=True):
        if caller.name in canaries:
            continue
        for match in _VARIABLE.finditer(caller.text):
            pair = (caller.name, match["host"])
            if match["host"] in known and caller.name != match["host"] and pair not in seen:
                seen.add(pair)
                line = caller.first + caller.text.count("\n", 0, match.start("host"))
                lines = frozenset(everywhere[pair]) | _in_compose(files, *pair, match["name"])
                lines |= _in_charts(files, *pair, match["name"])
                yield Call(caller, match["host"], match["name"], (caller.path, line), lines)


def _addresses_of(files: Files) -> dict[tuple[str, str], set[Line]]:
    """Where the manifests of each name have the address of each host."""
    found: dict[tuple[str, str], set[Line]] = {}
    for item in manifests(files, *_RUN):
        for match in _VARIABLE.finditer(item.text):
            line = (item.path, item.first + item.text.count("\n", 0, match.start("host")))
            found.setdefault((item.name, match["host"]), set()).add(line)
    return found


def _in_compose(files: Files, caller: str, callee: str, variable: str) -> frozenset[Line]:
    """Where a Compose service of the caller's name has the same variable, or an address of the same host."""
    host = re.compile(rf"(?<![\w.-]){re.escape(callee)}(?![\w.-])")
    return frozenset(
        (item.path, number)
        for item in composed(files)
        for number, line in item.numbered
        if item.name == caller and (host.search(line) or re.search(rf"\b{re.escape(variable)}[:=]", line))
    )


def _in_charts(files: Files, caller: str, callee: str, variable: str) -> frozenset[Line]:
    """Where a chart has a variable of the caller, or the callee's name as a value that templates fill in."""
    value = re.compile(rf":\s+[\"']?{re.escape(callee)}(?::\d+)?[\"']?$")
    named = re.compile(rf"\bname: {re.escape(variable)}$")
    found: set[Line] = set()
    for path, text in files.items():
        folder, _, rest = path.rpartition("/templates/")
        is_template = bool(folder) and f"{folder}/Chart.yaml" in files
        is_values = path.endswith("/values.yaml") and f"{path[:-11]}Chart.yaml" in files
        pattern = named if is_template and caller in rest + text else value if is_values else None
        for number, line in enumerate(text.split("\n"), 1) if pattern else ():
            if pattern and pattern.search(line):
                found |= {(path, number), (path, number + 1)} if is_template else {(path, number)}
    return frozenset(found)


def editions(files: Files, item: Manifest) -> frozenset[Line]:
    """The lines of all editions of an object: manifests, and Compose services where it is a workload or its
    Service."""
    same = (each.lines for each in manifests(files, item.kind) if each.name == item.name)
    is_run = item.kind in (*_RUN, "Service")
    others = (each.lines for each in composed(files) if is_run and each.name == item.name)
    return item.lines.union(*same, *others)


@dataclass(frozen=True)
class Composed:
    """A service of a Compose file."""

    path: str
    name: str
    numbered: tuple[tuple[int, str], ...]
    """Its lines, with their numbers."""

    @property
    def lines(self) -> frozenset[Line]:
        """All of them."""
        return frozenset((self.path, number) for number, _ in self.numbered)


def composed(files: Files) -> list[Composed]:
    """The services of all Compose files, as each file writes them."""
    return [
        item
        for path, text in sorted(files.items())
        if path.endswith((".yaml", ".yml")) and "compose" in path and _SERVICES.search(text)
        for item in _services_in(path, text)
    ]


_SERVICES = re.compile(r"(?m)^services:[ \t]*$")


@cache
def _services_in(path: str, text: str) -> tuple[Composed, ...]:
    try:
        root = yaml.compose(text, SAFE)
    except yaml.YAMLError:
        return ()
    if not isinstance(root, yaml.MappingNode):
        return ()
    lines = text.split("\n")
    return tuple(
        Composed(path, name.value, tuple((at + 1, lines[at]) for at in _span(name, value)))
        for key, services in root.value
        if key.value == "services" and isinstance(services, yaml.MappingNode)
        for name, value in services.value
    )


def _span(name: yaml.Node, value: yaml.Node) -> range:
    """The numbers, from 0, of the lines of an entry."""
    end = value.end_mark
    return range(name.start_mark.line, max(end.line + (end.column > 0), name.start_mark.line + 1))


_STORES = re.compile(
    r"postgres|mysql|mariadb|mongo|redis|valkey|memcached|rabbit|kafka|nats|zookeeper|elasticsearch|influx"
    r"|cassandra|dynamodb|sqlserver|mssql|(?:^|[-_])db(?:$|[-_0-9])"
)
_PORTS_OF_STORES = frozenset({1433, 2181, 3306, 4222, 5432, 5672, 6379, 9042, 9092, 9200, 11211, 27017})


def stores(files: Files) -> frozenset[str]:
    """The names of databases, caches and brokers, which call nobody."""
    by_port = {name for name, front in fronts(files).items() if port_of(front) in _PORTS_OF_STORES}
    by_image = {
        item.name
        for item in workloads(files, 40)
        if any(_STORES.search(image[0]) for image in _IMAGE.finditer(item.text))
    }
    names = {*fronts(files), *(item.name for item in workloads(files, 40))}
    return frozenset(by_port | by_image | {name for name in names if _STORES.search(name)})
