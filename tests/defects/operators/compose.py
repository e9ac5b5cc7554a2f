"""Compose files beside the manifests of a repository: made from these, and then spoilt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.defects.defects import Defect, Line, seeds
from tests.defects.manifests import canaries_of, is_tool, manifests
from tests.metamorphic.repositories import Files

PATH = "compose.yaml"
_FEWEST, _MOST = 3, 12
"""Services that a project is given, and those from which on there is one."""


@dataclass(frozen=True)
class Running:
    """A workload of the repository."""

    name: str
    image: str
    ports: tuple[int, ...]
    path: str
    text: str
    own: str = ""
    """What of the text is about it."""

    def lines_of(self, what: str) -> frozenset[Line]:
        """The lines of its file that say something."""
        lines = enumerate(self.text.split("\n"), 1)
        return frozenset((self.path, number) for number, line in lines if what in line)


def running(files: Files) -> list[Running]:
    """The workloads of a repository, each name once."""
    found: dict[str, Running] = {}
    for path, text in sorted(files.items()):
        if not path.endswith((".yaml", ".yml")) or "/templates/" in path or "kind: " not in text:
            continue
        for each in manifests({path: text}, "Deployment", "StatefulSet"):
            for item in _workload(each.data, path, text, each.text):
                if not is_tool(item.name):
                    found.setdefault(item.name, item)
    canaries = canaries_of(files)
    items = sorted((item for item in found.values() if item.name not in canaries), key=lambda item: item.name)
    items = items[:_MOST]
    return items if len(items) >= _FEWEST else []


def alone(files: Files) -> Files:
    """The repository without its own Compose files, so that what is made is all that there is to compare."""
    return {
        path: text
        for path, text in files.items()
        if not (path.endswith((".yml", ".yaml")) and "compose" in path)
    }


def _workload(document: object, path: str, text: str, own: str) -> Iterator[Running]:
    if not isinstance(document, dict) or document.get("kind") not in ("Deployment", "StatefulSet"):
        return
    try:
        container = document["spec"]["template"]["spec"]["containers"][0]
        ports = tuple(entry["containerPort"] for entry in container.get("ports") or ())
        yield Running(document["metadata"]["name"], container["image"], ports, path, text, own)
    except (KeyError, TypeError, IndexError):
        return


def _project(
    running: list[Running],
    images: dict[str, str] | None = None,
    ports: dict[str, int] | None = None,
    after: dict[str, str] | None = None,
) -> tuple[str, dict[tuple[str, str], Line]]:
    """The text of a Compose file in which each service waits for the next one, and where it says what."""
    lines, at = ["services:"], {}
    for number, item in enumerate(running):
        lines.append(f"  {item.name}:")
        at[item.name, "image"] = (PATH, len(lines) + 1)
        lines.append(f"    image: {(images or {}).get(item.name, item.image)}")
        if item.ports:
            at[item.name, "port"] = (PATH, len(lines) + 1)
            lines.append(f'    expose: ["{(ports or {}).get(item.name, item.ports[0])}"]')
        following = running[number + 1].name if number + 1 < len(running) else None
        needed = (after or {}).get(item.name, following)
        if needed:
            at[item.name, "after"] = (PATH, len(lines) + 1)
            lines.append(f"    depends_on: [{needed}]")
    return "\n".join([*lines, ""]), at


@seeds("compose-start-cycle")
def waiting_in_a_circle(files: Files) -> Iterator[Defect]:
    """A service that waits for one that, by way of others, waits for it."""
    items = running(files)
    for first in range(len(items)):
        for last in range(first, len(items)):
            names = [item.name for item in items[first : last + 1]]
            text, at = _project(items, after={names[-1]: names[0]})
            places = frozenset(at[name, "after"] for name in names)
            yield Defect(f"{names[-1]} waits for {names[0]}", {**files, PATH: text}, places)


@seeds("compose-name-undefined")
def dependency_misspelt(files: Files) -> Iterator[Defect]:
    """Another letter in the name of a service."""
    items = running(files)
    for item, following in pairwise(items):
        name = following.name
        for wrong in (name + name[-1], name[:-1], name[0] + name[2:]):
            text, at = _project(items, after={item.name: wrong})
            place = frozenset({at[item.name, "after"]})
            yield Defect(f"{item.name} waits for {wrong}", {**files, PATH: text}, place)


@seeds("compose-differs-from-manifests")
def another_version(files: Files) -> Iterator[Defect]:
    """An older or a newer image than that of the manifest."""
    items = running(files)
    for item in items:
        match = re.search(r":v?(\d+)", item.image)
        for step in (1, 2, 3) if match else ():
            start, end = match.span(1) if match else (0, 0)
            other = item.image[:start] + str(int(item.image[start:end]) + step) + item.image[end:]
            text, at = _project(items, images={item.name: other})
            side = item.lines_of(item.image.partition("@")[0]) | _tags(files, item)
            place = frozenset({at[item.name, "image"]})
            yield Defect(f"{item.name} {item.image} -> {other}", {**alone(files), PATH: text}, place, side)


def _ports(files: Files, item: Running) -> frozenset[Line]:
    """Where all editions of a workload, and Services that name it, say ports."""
    return frozenset(
        (each.path, each.first + number)
        for each in manifests(files, "Deployment", "StatefulSet", "Service")
        if item.name in each.text
        for number, line in enumerate(each.text.split("\n"))
        if "ort: " in line or "ports:" in line
    )


@seeds("compose-differs-from-manifests")
def another_port(files: Files) -> Iterator[Defect]:
    """A port that the service does not have in the cluster."""
    items = running(files)
    for item in items:
        for port in (18080, 18443) if item.ports else ():
            text, at = _project(items, ports={item.name: port})
            place = frozenset({at[item.name, "port"]})
            side = item.lines_of("ort: ") | _ports(files, item)
            yield Defect(f"{item.name} on {port}", {**alone(files), PATH: text}, place, side)


def _tags(files: Files, item: Running) -> frozenset[Line]:
    """Where kustomizations say which version of an image is built in, another edition of its manifest."""
    name = item.image.rpartition(":")[0] or item.image
    return frozenset(
        (path, number)
        for path, text in files.items()
        if path.endswith("kustomization.yaml") and f"name: {name}" in text
        for number, line in enumerate(text.split("\n"), 1)
        if "newTag: " in line or f"name: {name}" in line
    )


_OTHERS = ("billing", "invoicing", "recommendations")
_STORES = ("postgres", "nats", "redis", "mysql", "mongo", "rabbitmq")
_ADDRESS = re.compile(
    r"name: (?P<name>\w*(?:ADDR|URL)\w*)\s+value: [\"']?(?:\w+://)?(?P<host>[a-z][a-z0-9-]+):(?P<port>\d{2,5})"
)


def _is_store(item: Running) -> bool:
    return item.name.endswith("-db") or any(word in item.image for word in _STORES)


@seeds("compose-differs-from-manifests")
def left_out_here(files: Files) -> Iterator[Defect]:
    """A service of the cluster that the Compose file does not have."""
    items = running(files)
    for item in items:
        if not _is_store(item):
            text, _ = _project([other for other in items if other is not item])
            side = item.lines_of(f"name: {item.name}")
            yield Defect(f"without {item.name}", {**alone(files), PATH: text}, frozenset({(PATH, 1)}), side)


@seeds("compose-differs-from-manifests")
def tried_and_never_deployed(files: Files) -> Iterator[Defect]:
    """A service of the Compose file that no manifest has."""
    items = running(files)
    for name in _OTHERS:
        for item in [item for item in items if not _is_store(item)][:3]:
            image = item.image.rpartition("/")[0] + f"/{name}:1.0.0"
            text, _ = _project([*items, Running(name, image, (), "", "")])
            line = text.split("\n").index(f"  {name}:") + 1
            yield Defect(f"{name} like {item.name}", {**alone(files), PATH: text}, frozenset({(PATH, line)}))


@seeds("compose-differs-from-manifests")
def another_callee(files: Files) -> Iterator[Defect]:
    """A variable that leads to another service than in the cluster."""
    items = running(files)
    names = {item.name for item in items}
    for item in items:
        for match in _ADDRESS.finditer(item.own):
            for other in sorted(names - {match["host"], item.name})[:3]:
                if match["host"] not in names:
                    continue
                text, at = _project(items)
                lines = text.split("\n")
                line = at[item.name, "image"][1]
                value = match[0].rpartition("value: ")[2].replace(match["host"], other)
                lines.insert(line, f"    environment:\n      {match['name']}: {value}")
                place = frozenset({(PATH, line + 2)})
                side = item.lines_of(f"{match['host']}:{match['port']}")
                what = f"{item.name} {match['name']} -> {other}"
                yield Defect(what, {**alone(files), PATH: "\n".join(lines)}, place, side)


@seeds("compose-differs-from-manifests")
def another_program(files: Files) -> Iterator[Defect]:
    """Another image under the name of a service."""
    items = running(files)
    for item in items:
        for name in _OTHERS[:2]:
            if _is_store(item):
                continue
            image = item.image.rpartition("/")[0] + f"/{name}:" + item.image.rpartition(":")[2]
            text, at = _project(items, images={item.name: image})
            side = item.lines_of(item.image.partition("@")[0]) | _tags(files, item)
            place = frozenset({at[item.name, "image"]})
            yield Defect(f"{item.name} runs {name}", {**alone(files), PATH: text}, place, side)
