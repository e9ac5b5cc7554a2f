"""What is there: every file and document by kind, which rules look at it, and what is not read and why."""

from __future__ import annotations

from collections import defaultdict

from archlint.documents import Document
from archlint.documents.kustomize.built import BuiltDocument
from archlint.engine.caching import open_cache
from archlint.engine.charts import rendering, unread_besides
from archlint.engine.coverage import all_unread, ask_besides, read_paths
from archlint.engine.examining import read_besides, read_side, schemas_of, templates_unknown
from archlint.engine.joining import Joined
from archlint.engine.request import Request
from archlint.engine.running import Runner
from archlint.files import Kind
from archlint.model.inventory import DocumentEntry, FileEntry, Inventory
from archlint.model.kubernetes.building.builds import builds
from archlint.model.kubernetes.objects import objects_of
from archlint.model.sources.reading import source_files
from archlint.model.world import World

_FORM = frozenset({"parse-error", "duplicate-key"})
"""The rules about the form of a file: they look at all that is parsed, and see what is broken."""
_OBJECTS = frozenset({Kind.KUBERNETES, Kind.CATALOG})


def take_inventory(request: Request) -> Inventory:
    """Read the world and note for each file below the named paths what is known of it."""
    runner = Runner(request.rules, request.settings.options)
    with open_cache(request) as cache:
        world = read_side(request, request.revision, runner, cache).world
        with rendering(world):
            made = world.fact(builds)
        _, checked = schemas_of(request, world)
        unknown = (*made.unread(), *templates_unknown(request, world))
        joined = Joined((), unknown, rendered=tuple(made.charts.read), checked=checked)
        rest = unread_besides(world.unread, joined)
        ask_besides(world)
        world.unread = (*rest, *read_besides(world, runner), *joined.unread)
        looked = _looked(runner, world)
        read = read_paths(world)
        by_path: dict[str, list[Document]] = defaultdict(list)
        for document in world.documents():
            by_path[document.path].append(document)
        files = tuple(
            _entry(path, kind, path in read, by_path.get(path, []), looked)
            for path, kind in sorted(world.kinds.items())
            if request.lies_below(path)
        )
        sources = {
            file.path: file.language.name
            for file in world.fact(source_files).files
            if file.folder is not None and request.lies_below(file.path)
        }
    unread = (item for item in all_unread(world, request.unread) if request.lies_below(item.path))
    return Inventory(files, tuple(unread), sources, (*request.notices, *runner.failures))


_Looked = dict[str, dict[int, set[str]]]
"""By path and document: codes of the rules."""


def _looked(runner: Runner, world: World) -> _Looked:
    found: _Looked = defaultdict(lambda: defaultdict(set))
    for rule, subject in runner.subjects(world):
        source = subject.source
        if isinstance(source, BuiltDocument):  # it is its source that is looked at
            source = source.nearest(()).source
        found[source.path][source.index].add(rule.code)
    form = {rule.code for rule in runner.rules if rule.name in _FORM}
    parsed = {(document.path, document.index) for document in world.documents()}
    for path, index in parsed | {(path, 0) for path in world.paths(Kind.PROTO)}:
        found[path][index].update(form)
    return found


def _entry(path: str, kind: Kind, is_read: bool, documents: list[Document], looked: _Looked) -> FileEntry:
    codes = looked.get(path, {})
    return FileEntry(
        path,
        kind,
        is_read,
        tuple(sorted(set().union(*codes.values()))),
        tuple(
            DocumentEntry(item.index, *_called(item, kind), tuple(sorted(codes.get(item.index, ()))))
            for item in documents
        ),
    )


def _called(document: Document, kind: Kind) -> tuple[str, str]:
    """What a document says that it is, and its name."""
    if kind in _OBJECTS:
        objects = list(objects_of(document))
        kinds = dict.fromkeys(f"{item.api_version} {item.kind}" for item in objects)
        names = (f"{item.namespace}/{item.name}" if item.namespace else item.name for item in objects)
        return ", ".join(kinds), ", ".join(names)
    root = document.root
    said = (f"{key} {text}" for key in ("openapi", "swagger", "asyncapi") if (text := root.get(key).text))
    return next(said, ""), root.get("info", "title").text or ""
