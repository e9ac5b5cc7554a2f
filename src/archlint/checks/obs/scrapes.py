"""What Prometheus is told to scrape, against ports of pods, paths of applications, and all services."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.documents import Node
from archlint.model.appconfig.mounted import MountedFile, mounted_files
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.monitors import PORT, SCRAPE
from archlint.model.kubernetes.ports import container_ports
from archlint.model.services.configuration import configuration
from archlint.model.services.references import variables_of
from archlint.model.telemetry.metric_paths import VainCause, VainScrape
from archlint.model.telemetry.scraping import Unscraped
from archlint.model.world import World

_HIGHEST = 65_535
_LONGEST = 200_000


@join(Workload)
def scrape_port_undefined(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """A port in an annotation that no container of the pods has."""
    notes = workload.template.get("metadata", "annotations")
    node, scrape = notes.get(PORT), str(notes.get(SCRAPE).value).lower()
    text = str(node.value).strip() if node.is_set else ""
    if not text or scrape in ("false", "none") or is_placeholder(text):
        return
    ports = [port.node.get("containerPort") for item in workload.containers for port in container_ports(item)]
    numbers = sorted({port.integer for port in ports if port.integer is not None})
    is_number = text.isascii() and text.isdigit() and 0 < len(text) < 6 and 0 < int(text) <= _HIGHEST
    is_wrong = not is_number or (int(text) not in numbers and not _is_named(text, workload, world))
    if numbers and is_wrong and int(text if is_number else 0) not in options["sidecars"]:
        yield observe(
            node.value_place(),
            "default" if is_number else "no-number",
            related=[(port.place(), "a port of the pods") for port in ports[:3]],
            kind=workload.kind,
            name=workload.name,
            port=text,
            ports=", ".join(map(str, numbers)),
        )


def _is_named(number: str, workload: Workload, world: World) -> bool:
    """Whether a number stands anywhere else in what the pods are told: a program may listen on a port that
    its manifest does not list."""
    notes = workload.template.get("metadata", "annotations")
    texts = [item.text or "" for key, item in notes.items() if key != PORT]
    texts += workload.pod_spec.texts()
    known = world.fact(configuration)
    for container in workload.containers:
        texts += [variable.value for variable in variables_of(container, known)]
        texts += [str(item) for item in _numbers(container.get())]
    texts += [file.node.text or "" for file in world.fact(_files_of).get(id(workload), ())]
    return any(number in text[:_LONGEST] for text in texts)


def _numbers(node: Node) -> Iterator[int]:
    """All whole numbers below a node."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if here.integer is not None:
            yield here.integer
        waiting += [*(value for _, value in here.items()), *here.elements()]


def _files_of(world: World) -> dict[int, list[MountedFile]]:
    found: dict[int, list[MountedFile]] = {}
    for file in world.fact(mounted_files):
        found.setdefault(id(file.workload), []).append(file)
    return found


@join(VainScrape)
def scrape_path_undefined(vain: VainScrape, world: World, options: Options) -> Iterator[Observation]:
    """A path that is scraped, and where the application shows no figures."""
    scraping, shown = vain.scraping, vain.shown
    is_shut = vain.fault is VainCause.SHUT
    other, text = (
        (scraping.place, f"{scraping.by} scrapes it")
        if is_shut
        else (shown.place, "the operation" if vain.fault is VainCause.CONTRACT else "what makes its path")
    )
    yield observe(
        vain.place,
        str(vain.fault),
        related=[(other, text)],
        identity=(scraping.party.name, scraping.by, scraping.path),
        by=scraping.by,
        path=scraping.path,
        service=scraping.party.name,
        shown=shown.path,
    )


@join(Unscraped)
def service_not_scraped(item: Unscraped, world: World, options: Options) -> Iterator[Observation]:
    """A service that nothing scrapes, where others are scraped."""
    if item.known >= options["share"] * item.total:
        yield observe(
            item.service.anchor.get("metadata", "name").value_place(),
            related=[(item.example.place, f"{item.example.by} scrapes '{item.example.party.name}'")],
            service=item.service.name,
            known=item.known,
            total=item.total,
        )
