"""OpenTelemetry collectors: components, and the pipelines that use them.

Source: the collector's documentation, "Configuration". A collector merges several files, maps key by key,
while lists replace each other; so what one file of a folder uses another one may define.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from posixpath import dirname

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass, replace
from archlint.model.appconfig.inner import content_of, documents_in
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.proxies.collector import is_collector
from archlint.model.world import World

RECEIVERS, PROCESSORS, EXPORTERS = "receivers", "processors", "exporters"
CONNECTORS, EXTENSIONS = "connectors", "extensions"
PARTS = (RECEIVERS, PROCESSORS, EXPORTERS, CONNECTORS, EXTENSIONS)
_ENDS = frozenset({RECEIVERS, EXPORTERS})
_KEYS = frozenset({*PARTS, "service"})
_MARK = "pipelines:"
_FILLED = ("$", "{", "<")


@dataclass(frozen=True, slots=True)
class Use:
    """A component that a pipeline, or the list of extensions, names."""

    node: Node
    name: str
    part: str
    pipeline: str
    """Empty for extensions."""


class Together:
    """Texts that a collector may merge."""

    def __init__(self, roots: Sequence[Node]) -> None:
        self.texts = tuple(roots)

    @cached_property
    def defined(self) -> Mapping[str, Mapping[str, Node]]:
        """What the texts define, by part and name."""
        return {
            part: {name: node for root in self.texts for name, node in root.get(part).items()}
            for part in PARTS
        }

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """What the texts use."""
        return tuple(use for root in self.texts for use in _uses(root))

    @cached_property
    def used(self) -> frozenset[tuple[str, str]]:
        """Part and name of what the texts use; a connector stands among the receivers or exporters."""
        names = {(use.part, use.name) for use in self.uses}
        return frozenset(names | {(CONNECTORS, name) for _, name in names})

    @cached_property
    def allowed(self) -> Mapping[str, SimilarNames]:
        """What each list of a pipeline may name."""
        connectors = self.defined[CONNECTORS]
        return {
            part: SimilarNames({**self.defined[part], **(connectors if part in _ENDS else {})})
            for part in PARTS
        }

    @cached_property
    def is_known(self) -> bool:
        """Whether all of it stands here: nothing takes the place of a whole part, or of a name."""
        values = [root.get(part) for root in self.texts for part in (*PARTS, "service")]
        names = (name for found in self.defined.values() for name in found)
        return all(not node.is_set or node.is_map for node in values) and not any(map(is_filled, names))


@dataclass(frozen=True, eq=False)
class Collector:
    """One text of configuration, with those that may be merged with it."""

    root: Node
    together: Together
    base: KubernetesObject | None
    """The object that holds it; ``None`` for a file."""
    entry: Node | None = None
    """The entry of a ConfigMap that it was read from."""
    is_copy: bool = False
    """Whether the entry is made of a file of the repository, which is read as such too."""

    @classmethod
    def all(cls, world: World) -> Iterable[Collector]:
        """Every text once, where people write it: of a ConfigMap that is made of files, the files."""
        return (item for item in world.fact(configured_collectors) if not item.is_copy)

    @property
    def object(self) -> ObjectRef | None:
        """What findings are about."""
        return None if self.base is None else self.base.object

    @property
    def source(self) -> Document:
        """The document that it stands in."""
        return self.root.document

    def uses(self) -> Iterator[Use]:
        """What this text uses."""
        return _uses(self.root)


def configured_collectors(world: World) -> tuple[Collector, ...]:
    """Every collector that the files of a world configure, files first; ask with
    ``world.fact(configured_collectors)``."""
    found = list(_of_files(world))
    texts = frozenset(content_of(world.text(item.source.path)) for item in found)
    for item in world.all(KubernetesObject):
        if item.kind == "ConfigMap" and not item.group:
            found += _of_config_map(item, texts)
        elif item.group == "opentelemetry.io" and item.kind == "OpenTelemetryCollector":
            found += _of_resource(item)
    return tuple(found)


def is_filled(text: str) -> bool:
    """Whether something is put into a text later."""
    return any(mark in text for mark in _FILLED)


def _uses(root: Node) -> Iterator[Use]:
    service = root.get("service")
    for node in service.get(EXTENSIONS).elements():
        if node.text and not is_filled(node.text):
            yield Use(node, node.text, EXTENSIONS, "")
    for pipeline, parts in service.get("pipelines").items():
        for part in (RECEIVERS, PROCESSORS, EXPORTERS):
            for node in parts.get(part).elements():
                if node.text and not is_filled(node.text):
                    yield Use(node, node.text, part, pipeline)


def _of_files(world: World) -> Iterator[Collector]:
    folders: dict[str, list[Node]] = defaultdict(list)
    for document in world.documents(Kind.DATA):
        if is_collector(document.root) or _is_part(document.root):
            folders[dirname(document.path)].append(document.root)
    for roots in folders.values():
        yield from _of_texts([(root, None) for root in roots], None)


def _is_part(root: Node) -> bool:
    """Whether a document may be a file that a collector merges with others."""
    keys = set(root.value) if root.is_map else set()
    return bool(keys) and keys <= _KEYS and any(root.get(part).is_map for part in keys)


def _of_texts(
    texts: Sequence[tuple[Node, Node | None]], base: KubernetesObject | None
) -> Iterator[Collector]:
    if any(is_collector(root) for root, _ in texts):
        together = Together([root for root, _ in texts])
        yield from (Collector(root, together, base, entry) for root, entry in texts)


def _of_config_map(item: KubernetesObject, files: Set[str]) -> Iterator[Collector]:
    entries = [node for _, node in item.get("data").items() if _is_marked(node.text or "")]
    if any(_MARK in (node.text or "") for node in entries):
        found = [(document.root, node) for node in entries for document in documents_in(node)]
        texts = [(root, node) for root, node in found if is_collector(root) or _is_part(root)]
        for collector in _of_texts(texts, item):
            is_copy = collector.entry is not None and content_of(collector.entry.text) in files
            yield replace(collector, is_copy=is_copy)


def _is_marked(text: str) -> bool:
    return any(f"{part}:" in text for part in (*PARTS, "service"))


def _of_resource(item: KubernetesObject) -> Iterator[Collector]:
    config = item.get("spec", "config")
    roots = [config] if config.is_map else [document.root for document in documents_in(config)]
    yield from _of_texts([(root, None) for root in roots], item)
