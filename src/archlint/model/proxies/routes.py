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
from archlint.model.appconfig.units import FileHolder, built_with, environment_of, holders_of
from archlint.model.compose import ComposeService
from archlint.model.proxies import nginx
from archlint.model.proxies.forward import Forward, Way
from archlint.model.proxies.reading import (
    PROGRAMS,
    WATCHERS,
    forwards_of_documents,
    forwards_of_text,
    is_of_application,
    is_of_source,
    is_template_of_data,
    may_be_data,
    may_be_text,
)
from archlint.model.services.addresses import Address
from archlint.model.system.evidence import Mention, Unit
from archlint.model.system.folders import SourceFolder
from archlint.model.system.parties import parties
from archlint.model.world import World

Environment = Callable[[Unit], Mapping[str, str]]
"""The variables that a unit is started with."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a unit sends on, and how sure it is that the configuration is its own."""

    unit: Unit
    forward: Forward
    confidence: Confidence


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
    for sent in world.fact(forwards):
        forward = sent.forward
        if forward.place not in told:
            text = f"{forward.said_by} {forward.address.authority}"
            sure = Confidence.LOW if forward.is_check else sent.confidence
            yield Mention(sent.unit, forward.address, forward.place, text, sure, forward.said_by)


def proxy_routes(world: World) -> list[ProxyRoute]:
    """Every route of every proxy; ask with ``world.fact(proxy_routes)``."""
    return [
        ProxyRoute(sent.unit, sent.forward.way, sent.forward.address, sent.forward.place)
        for sent in world.fact(forwards)
        if sent.forward.way is not None and sent.confidence is not Confidence.LOW
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
    given: dict[str, list[FileHolder]] = defaultdict(list)
    for file in world.fact(config_files):
        given[file.path].append(FileHolder(file.unit, file.confidence))
    for document in world.documents(Kind.DATA):
        path, root = document.path, document.root
        if not (may_be_data(basename(path)) and is_run(path) and root.is_map):
            continue
        is_own = is_of_application(root)
        for holder in (given[path] or holders_of(world, path)) if is_own else _readers(world, path):
            for forward in forwards_of_documents((root,), None, environment(holder.unit)):
                yield Sent(holder.unit, forward, holder.confidence)


def _readers(world: World, path: str) -> Iterator[FileHolder]:
    """Who has a file of a proxy: of a folder of source it is surely only if its image is built with it, and
    where several are built in the folder, of those that are."""
    for holder in holders_of(world, path):
        unit = holder.unit
        if not isinstance(unit, SourceFolder) or is_of_source(basename(path)):
            yield holder
            continue
        dockerfiles = built_with(world, unit, path, (*PROGRAMS, *WATCHERS))
        if dockerfiles and len(world.fact(parties).of_path(unit.path)) < 2:
            yield holder
            continue
        built = [each for each in world.all(ComposeService) if each.dockerfile in dockerfiles]
        yield from (FileHolder(each, holder.confidence) for each in built)
        if not built:
            yield FileHolder(unit, Confidence.LOW)


def _in_texts(world: World, environment: Environment) -> Iterator[Sent]:
    """Files of one unit are read together, as nginx includes one in the other."""
    texts: dict[FileHolder, list[PlacedText]] = defaultdict(list)
    for path in world.paths(Kind.OTHER):
        name = basename(path)
        holders = list(_readers(world, path)) if may_be_text(name) and is_run(path) else ()
        text = of_file(world, path) if holders else None
        if text is None:
            continue
        for holder in holders:
            if is_template_of_data(name):
                for forward in _of_data(text, environment(holder.unit)):
                    yield Sent(holder.unit, forward, holder.confidence)
            else:
                texts[holder].append(text)
    for holder, together in texts.items():
        for forward in _of_texts(together, environment(holder.unit)):
            yield Sent(holder.unit, forward, holder.confidence)


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
                yield Sent(file.workload, forward, Confidence.HIGH)
        else:
            texts[id(file.workload)].append(text)
    for key, together in texts.items():
        for forward in _of_texts(together, environment(workloads[key])):
            yield Sent(workloads[key], forward, Confidence.HIGH)
