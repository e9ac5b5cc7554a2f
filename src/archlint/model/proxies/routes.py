"""Routes of proxies: which paths of which unit lead to which address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from posixpath import basename, dirname

from archlint.documents import load_text
from archlint.files import Kind
from archlint.finding import Confidence, Place
from archlint.finding.records import dataclass
from archlint.model.appconfig.files import config_files, is_run
from archlint.model.appconfig.mentions import mentions as settings_mentions
from archlint.model.appconfig.mounted import mounted_files
from archlint.model.appconfig.placed import PlacedText, of_block, of_file
from archlint.model.appconfig.units import environment_of, units_of
from archlint.model.proxies import nginx
from archlint.model.proxies.forward import Forward, Way
from archlint.model.proxies.reading import (
    forwards_of_documents,
    forwards_of_text,
    is_template_of_data,
    may_be_data,
    may_be_text,
)
from archlint.model.services.addresses import Address
from archlint.model.system.evidence import Mention, Unit
from archlint.model.world import World

Environment = Callable[[Unit], Mapping[str, str]]
"""The variables that a unit is started with."""

Sent = tuple[Unit, Forward]


@dataclass(frozen=True, slots=True)
class ProxyRoute:
    """A path that a unit sends on to an address."""

    unit: Unit
    way: Way
    address: Address
    place: Place
    """The host that it is sent to."""


def mentions(world: World) -> Iterator[Mention]:
    """Every address that the configuration of a proxy sends to."""
    told = {item.place for item in settings_mentions(world)}
    for unit, forward in world.fact(forwards):
        if forward.place not in told:
            text = f"{forward.said_by} {forward.address.authority}"
            yield Mention(unit, forward.address, forward.place, text, Confidence.HIGH, forward.said_by)


def proxy_routes(world: World) -> list[ProxyRoute]:
    """Every route of every proxy; ask with ``world.fact(proxy_routes)``."""
    return [
        ProxyRoute(unit, forward.way, forward.address, forward.place)
        for unit, forward in world.fact(forwards)
        if forward.way is not None
    ]


def forwards(world: World) -> list[Sent]:
    """What all proxies send to; ask with ``world.fact(forwards)``."""
    return forwards_with(world, lambda unit: environment_of(world, unit))


def forwards_with(world: World, environment: Environment) -> list[Sent]:
    """As ``forwards``, with placeholders filled in with the environment of each unit."""
    found = [
        *_in_documents(world, environment),
        *_in_texts(world, environment),
        *_mounted(world, environment),
    ]
    return list(dict.fromkeys(found))


def _in_documents(world: World, environment: Environment) -> Iterator[Sent]:
    given = {file.path: file.unit for file in world.fact(config_files)}
    for document in world.documents(Kind.DATA):
        path = document.path
        if may_be_data(basename(path)) and is_run(path) and document.root.is_map:
            for unit in [given[path]] if path in given else units_of(world, path):
                for forward in forwards_of_documents((document.root,), None, environment(unit)):
                    yield unit, forward


def _in_texts(world: World, environment: Environment) -> Iterator[Sent]:
    """Files of one unit are read together, as nginx includes one in the other."""
    texts: dict[Unit, list[PlacedText]] = defaultdict(list)
    for path in world.paths(Kind.OTHER):
        name = basename(path)
        units = units_of(world, path) if may_be_text(name) and is_run(path) else ()
        text = of_file(world, path) if units else None
        if text is None:
            continue
        for unit in units:
            if is_template_of_data(name):
                for forward in _of_data(text, environment(unit)):
                    yield unit, forward
            else:
                texts[unit].append(text)
    for unit, together in texts.items():
        for forward in _of_texts(together, environment(unit)):
            yield unit, forward


def _of_data(text: PlacedText, environment: Mapping[str, str]) -> Iterator[Forward]:
    documents = load_text(text.path, text.text, Kind.DATA).documents
    yield from forwards_of_documents([item.root for item in documents], text, environment)


def _of_texts(texts: list[PlacedText], environment: Mapping[str, str]) -> Iterator[Forward]:
    upstreams: dict[str, nginx.Upstreams] = defaultdict(dict)
    for text in texts:
        if "upstream" in text.text:
            for name, servers in nginx.upstreams_of(text, environment).items():
                upstreams[""].setdefault(name, []).extend(servers)
                upstreams[dirname(text.path)].setdefault(name, []).extend(servers)
    for text in texts:
        known = {**upstreams[""], **upstreams[dirname(text.path)]}
        yield from forwards_of_text(text, environment, known)


def _mounted(world: World, environment: Environment) -> Iterator[Sent]:
    """Configuration in ConfigMaps that workloads mount."""
    texts: dict[int, list[PlacedText]] = defaultdict(list)
    workloads = {id(file.workload): file.workload for file in world.fact(mounted_files)}
    for file in world.fact(mounted_files):
        text = of_block(file.node)
        if text is None:
            continue
        if may_be_data(file.name):
            for forward in _of_data(text, environment(file.workload)):
                yield file.workload, forward
        else:
            texts[id(file.workload)].append(text)
    for key, together in texts.items():
        for forward in _of_texts(together, environment(workloads[key])):
            yield workloads[key], forward
