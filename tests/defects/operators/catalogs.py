"""Catalogs and diagrams that tell of other calls than there are: made from these, and then spoilt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tests.defects.defects import Defect, Line, seeds
from tests.defects.manifests import Call, calls, composed, manifests, stores, workloads
from tests.metamorphic.repositories import Files

CATALOG, DIAGRAM = "catalog/catalog-info.yaml", "diagrams/system.md"
Pair = tuple[str, str]


def _told(files: Files) -> tuple[dict[str, str], list[Call], list[str]]:
    """The repository without its own catalog, the calls of it, and those that take part in them."""
    kept = {
        path: text
        for path, text in files.items()
        if not path.endswith(("catalog-info.yaml", ".md", ".puml", ".mmd", ".dsl"))
    }
    running = {item.name for item in workloads(files, 40)}
    edges = [call for call in calls(files) if call.callee in running]
    return kept, edges, sorted({name for call in edges for name in (call.caller.name, call.callee)})


def _catalog(names: Sequence[str], needed: dict[str, list[str]]) -> str:
    return "---\n".join(
        f"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\nspec:\n"
        "  type: service\n  lifecycle: production\n  owner: team-all\n  dependsOn:"
        + ("".join(f"\n    - component:{other}" for other in needed[name]) or " []")
        + "\n"
        for name in names
    )


def _needed(edges: Iterable[Call], names: Sequence[str]) -> dict[str, list[str]]:
    return {name: [call.callee for call in edges if call.caller.name == name] for name in names}


def _part_of(catalog: str, name: str) -> frozenset[Line]:
    """The lines of one component."""
    lines = catalog.split("\n")
    first = lines.index(f"  name: {name}")
    return frozenset((CATALOG, first + offset) for offset in range(-2, 20) if first + offset > 0)


@seeds("catalog-dependency-unfounded")
def dependency_that_is_not(files: Files) -> Iterator[Defect]:
    """A component is said to need one that it does not call."""
    kept, edges, names = _told(files)
    callers = {call.caller.name for call in edges}
    for caller, callee in _strangers(files, edges):
        for written in (callee, f"default/{callee}") if caller in callers else ():
            needed = _needed(edges, names)
            needed[caller] = [*needed[caller], written]
            text = _catalog(names, needed)
            place = _entry(text, caller, written)
            yield Defect(f"{caller} needs {written}", {**kept, CATALOG: text}, frozenset({place}))


def _entry(catalog: str, caller: str, callee: str) -> Line:
    lines = catalog.split("\n")
    start = lines.index(f"  name: {caller}")
    return (CATALOG, lines.index(f"    - component:{callee}", start) + 1)


@seeds("catalog-dependency-missing")
def dependency_forgotten(files: Files) -> Iterator[Defect]:
    """A call that is taken out of the catalog, with what is called left in, by name or by its API."""
    kept, edges, names = _told(files)
    for call in edges:
        needed = _needed(edges, names)
        needed[call.caller.name].remove(call.callee)
        plain = _catalog(names, needed)
        described = plain.replace("  owner: team-all\n", "  owner: team-all\n  providesApis: []\n")
        consumed = plain.replace("  dependsOn:", "  consumesApis: []\n  dependsOn:")
        for text in (plain, described, consumed):
            yield Defect(
                f"{call.caller.name} needs {call.callee}, {text[100:240]!r}",
                {**kept, CATALOG: text},
                _part_of(text, call.caller.name),
                call.lines,
            )


def _flowchart(names: Iterable[str], arrows: Iterable[Pair]) -> str:
    boxes = "".join(f'  {_id(name)}["{name}"]\n' for name in names)
    lines = "".join(f"  {_id(caller)} --> {_id(callee)}\n" for caller, callee in arrows)
    return f"# System\n\n```mermaid\nflowchart LR\n{boxes}{lines}```\n"


def _sequence(names: Iterable[str], arrows: Iterable[Pair]) -> str:
    boxes = "".join(f"  participant {_id(name)} as {name}\n" for name in names)
    lines = "".join(f"  {_id(caller)}->>{_id(callee)}: asks\n" for caller, callee in arrows)
    return f"# System\n\n```mermaid\nsequenceDiagram\n{boxes}{lines}```\n"


def _containers(names: Iterable[str], arrows: Iterable[Pair]) -> str:
    boxes = "".join(f'Container({_id(name)}, "{name}", "", "")\n' for name in names)
    lines = "".join(f'Rel({_id(caller)}, {_id(callee)}, "asks")\n' for caller, callee in arrows)
    return f"@startuml\n!include C4_Container.puml\n{boxes}{lines}@enduml\n"


def _id(name: str) -> str:
    return "n" + name.replace("-", "")


def _workspace(names: Iterable[str], arrows: Iterable[Pair]) -> str:
    boxes = "".join(f'      {_id(name)} = container "{name}"\n' for name in names)
    lines = "".join(f'    {_id(caller)} -> {_id(callee)} "asks"\n' for caller, callee in arrows)
    return (
        'workspace {\n  model {\n    all = softwareSystem "All" {\n'
        f"{boxes}    }}\n{lines}  }}\n  views {{\n    container all {{\n      include *\n    }}\n  }}\n}}\n"
    )


def _components(names: Iterable[str], arrows: Iterable[Pair]) -> str:
    boxes = "".join(f"component [{name}] as {_id(name)}\n" for name in names)
    lines = "".join(f"{_id(caller)} --> {_id(callee)} : asks\n" for caller, callee in arrows)
    return f"@startuml\n{boxes}{lines}@enduml\n"


_PICTURES = (
    (_flowchart, DIAGRAM),
    (_containers, "diagrams/system.puml"),
    (_workspace, "diagrams/workspace.dsl"),
    (_components, "diagrams/parts.puml"),
)
_MAKERS = ((_sequence, DIAGRAM), *_PICTURES)
"""A sequence shows one course of events, so that it lacks nothing."""


def _lines_of(path: str, text: str, *what: str) -> frozenset[Line]:
    lines = enumerate(text.split("\n"), 1)
    return frozenset((path, number) for number, line in lines if all(part in line for part in what))


def _arrows(edges: Iterable[Call]) -> list[Pair]:
    return [(call.caller.name, call.callee) for call in edges]


_BROKER = re.compile(r"\b(?:nats|amqps?|kafka|mqtt)://([\w.-]+)|BOOTSTRAP_SERVERS?\s+value: (\S+)")


def _brokers(files: Files) -> dict[str, set[str]]:
    """The brokers that each workload is given."""
    texts = {item.name: item.text for item in workloads(files, 40)}
    return {
        name: {(match[1] or match[2]).partition(":")[0] for match in _BROKER.finditer(text)}
        for name, text in texts.items()
    }


def _strangers(files: Files, edges: Sequence[Call]) -> Iterator[Pair]:
    """Pairs of those that take part in calls of which neither calls the other, nor do they share a broker."""
    brokers = _brokers(files)
    names = sorted({name for pair in _arrows(edges) for name in pair})
    joined = set(_arrows(edges))
    for one in names:
        for other in names:
            is_joined = {(one, other), (other, one)} & joined or brokers[one] & brokers[other]
            if one != other and not is_joined:
                yield one, other


@seeds("diagram-arrow-unfounded")
def arrow_that_is_not(files: Files) -> Iterator[Defect]:
    """An arrow between two boxes of which neither calls the other, and one turned round."""
    kept, edges, names = _told(files)
    arrows, brokers, kept_apart = _arrows(edges), _brokers(files), stores(files)
    for call in edges:
        pair = (call.caller.name, call.callee)
        turned = [(b, a) if (a, b) == pair else (a, b) for a, b in arrows]
        is_joined = pair[::-1] in arrows or brokers[pair[0]] & brokers[pair[1]]
        if not is_joined and call.callee not in kept_apart:  # an arrow may tell that data come from there
            yield from _with_arrow(kept, names, turned, pair[::-1], call.lines)
    callers = {call.caller.name for call in edges}
    for pair in _strangers(files, edges):
        if pair[0] in callers:  # the configuration of others may be elsewhere
            yield from _with_arrow(kept, names, [*arrows, pair], pair, frozenset())


def _with_arrow(
    kept: Files, names: Sequence[str], arrows: Sequence[Pair], wrong: Pair, side: frozenset[Line]
) -> Iterator[Defect]:
    for make, path in _MAKERS:
        text = make(names, arrows)
        places = _lines_of(path, text, _id(wrong[0]), _id(wrong[1]))
        yield Defect(f"{make.__name__} {wrong[0]} -> {wrong[1]}", {**kept, path: text}, places, side)


@seeds("diagram-call-missing")
def arrow_forgotten(files: Files) -> Iterator[Defect]:
    """A diagram with boxes for both sides of a call, and no arrow."""
    kept, edges, names = _told(files)
    arrows = _arrows(edges)
    for call in edges:
        pair = (call.caller.name, call.callee)
        others = [arrow for arrow in arrows if arrow != pair]
        joined = {name for arrow in others for name in arrow}
        for make, path in _PICTURES if joined.issuperset(pair) else ():
            text = make(names, others)
            places = _lines_of(path, text, _id(pair[0])) | _lines_of(path, text, _id(pair[1]))
            what = f"{make.__name__} without {pair[0]} -> {pair[1]}"
            yield Defect(what, {**kept, path: text}, places, call.lines)


@seeds("diagram-box-unknown")
def box_renamed(files: Files) -> Iterator[Defect]:
    """A box that keeps the name that a service had, or that is of none."""
    kept, edges, names = _told(files)
    for name in names if len(names) > 4 else []:
        for wrong in (f"{name[:2]}{name[:1]}{name[2:]}x", "wishlist"):
            arrows = [(wrong if a == name else a, wrong if b == name else b) for a, b in _arrows(edges)]
            boxes = [wrong if box == name else box for box in names]
            for make, path in _MAKERS:
                text = make(boxes, arrows)
                what = f"{make.__name__} {name} -> {wrong}"
                yield Defect(what, {**kept, path: text}, _lines_of(path, text, _id(wrong)))


@seeds("diagram-service-missing")
def box_forgotten(files: Files) -> Iterator[Defect]:
    """A service with calls that the diagram has no box for."""
    kept, edges, names = _told(files)
    for name in names if len(names) > 4 else []:
        arrows = [pair for pair in _arrows(edges) if name not in pair]
        side = {line for call in edges if name in (call.caller.name, call.callee) for line in call.lines}
        for item in manifests(files):
            side |= item.lines if name in item.text else set()
        for service in composed(files):
            side |= service.lines if service.name == name else set()
        for make, path in _PICTURES:
            text = make([box for box in names if box != name], arrows)
            places = _lines_of(path, text, "")
            what = f"{make.__name__} without {name}"
            yield Defect(what, {**kept, path: text}, places, frozenset(side))
