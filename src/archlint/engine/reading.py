"""One file of a tree as documents: decoded, its kind found, what goes wrong kept as problems."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, MutableMapping, Sequence
from posixpath import splitext

from archlint.documents import Document, Loaded, ParseProblem, is_template, load_text, ytt_line
from archlint.engine.parsing import Parse
from archlint.files import (
    FileProblem,
    FileTree,
    Kind,
    TextProblem,
    chart_folders,
    decode,
    is_json,
    named_kind,
    path_kind,
    text_kind,
)
from archlint.finding import Span, Unread
from archlint.finding.records import dataclass
from archlint.model.kubernetes.building.kustomizations import taken_in
from archlint.model.kubernetes.building.patches import patch_files, unused_patches
from archlint.model.pod_spec_paths import PodSpecPath
from archlint.model.unread import but_for_pods, is_compose, unread_documents, unread_files
from archlint.model.world import World

_STRUCTURED = frozenset({".yaml", ".yml", ".json", ".avsc", ".avpr"})


@dataclass(frozen=True, slots=True)
class FileContent:
    """What one YAML or JSON file says."""

    kind: Kind
    loaded: Loaded
    unread: tuple[Unread, ...] = ()
    """What of it was not read, or is nothing that rules look at."""


def known_kinds(paths: Sequence[str], named: Collection[str]) -> dict[str, Kind | None]:
    """The kind of each path as far as its name tells it.

    A file that is named is always looked into, whatever its name ends in.
    """
    charts = chart_folders(paths)
    known = {path: path_kind(path, charts) for path in paths}
    known.update({path: None for path in named if known.get(path) is Kind.OTHER})
    return known


def mark_patches(
    tree: FileTree, known: dict[str, Kind | None], load: Callable[[str], FileContent]
) -> frozenset[str]:
    """Note which files the kustomizations among them apply as patches, and which they could and do not;
    ``load`` gives their contents.

    Returned are the files and folders that they take in.
    """
    tops: dict[str, Kind | None] = {path: kind for path, kind in known.items() if kind is Kind.KUSTOMIZATION}
    if not tops:
        return frozenset()
    world = make_world(tree, tops, {path: load(path) for path in tops}, frozenset())
    for path in world.fact(patch_files):
        if path in known:
            known[path] = Kind.KUSTOMIZE_PATCH
    for path in unused_patches(world, [path for path, kind in known.items() if kind is None]):
        if text_kind(world.text(path) or "", is_json(path)) is Kind.KUBERNETES:
            known[path] = Kind.UNUSED_PATCH
    return world.fact(taken_in)


def is_structured(path: str, known: Kind | None) -> bool:
    """Whether a file is read as YAML or JSON; templates of charts only look so."""
    if known is Kind.CHART_TEMPLATE:
        return False
    return known in (None, Kind.KUSTOMIZATION) or splitext(path)[1].lower() in _STRUCTURED


def load_file(
    tree: FileTree,
    path: str,
    known: Kind | None,
    *,
    only: Collection[Kind] | None = None,
    parse: Parse = load_text,
) -> FileContent:
    """The documents and problems of a file; with ``only``, files of other kinds are not parsed."""
    try:
        text = decode(tree.read(path))
    except TextProblem as problem:
        span = Span(problem.line, problem.column, problem.line, problem.column + 1)
        return _unreadable(known, ParseProblem(path, problem.message, span), "unreadable")
    except FileProblem as problem:
        return _unreadable(known, ParseProblem(path, problem.message), problem.reason)
    return content_of(tree, path, text, known, only=only, parse=parse)


def content_of(
    tree: FileTree,
    path: str,
    text: str,
    known: Kind | None,
    *,
    only: Collection[Kind] | None = None,
    parse: Parse = load_text,
) -> FileContent:
    """As ``load_file``, for a text that has been read already."""
    kind = known or named_kind(path, text_kind(text, is_json(path)))
    if kind is Kind.DATA and splitext(path)[1].lower() not in _STRUCTURED and known is None:
        return FileContent(Kind.OTHER, Loaded())
    if only is not None and kind not in only:
        return FileContent(kind, Loaded())
    line = None if is_json(path) else ytt_line(text)
    if line is not None:
        return _as_template(ParseProblem(path, "", Span(line, 1, line, 2)))
    loaded = parse(path, text, kind, revision=tree.revision)
    if loaded.problems and is_template(path, text, kind, loaded.problems[0]):
        return _as_template(loaded.problems[0])
    if kind is Kind.DATA and _may_be_compose(text) and is_compose(path, loaded.documents):
        kind = Kind.COMPOSE
    return FileContent(kind, loaded, tuple(_unread(path, kind, loaded)))


def _may_be_compose(text: str) -> bool:
    return any(word in text for word in ("services", "include", "image", "build"))


def _unread(path: str, kind: Kind, loaded: Loaded) -> Iterator[Unread]:
    yield from unread_documents(path, kind, loaded.documents)
    if loaded.problems:
        yield Unread(path, "unreadable", len(loaded.documents) or None)


def _as_template(problem: ParseProblem) -> FileContent:
    """What stands for a template: it has no error, and nobody knows what it makes."""
    message = "The file looks like a template and was not read. Check what it renders to, or leave it out."
    told = ParseProblem(problem.path, message, problem.span, is_template=True)
    return FileContent(Kind.OTHER, Loaded(problems=(told,)), (Unread(problem.path, "template"),))


def _unreadable(known: Kind | None, problem: ParseProblem, reason: str) -> FileContent:
    return FileContent(known or Kind.DATA, Loaded(problems=(problem,)), (Unread(problem.path, reason),))


class ReferencedFiles:
    """Loads the files that ``$ref`` and the like name, each once."""

    def __init__(self, tree: FileTree, parse: Parse = load_text) -> None:
        self._tree = tree
        self._parse = parse
        self._kept: dict[str, tuple[Document, ...]] = {}

    def add(self, path: str, content: FileContent) -> None:
        """Keep what has been read anyway, if it was read as an API description is."""
        if content.kind is Kind.OPENAPI:
            self._kept[path] = content.loaded.documents

    def load(self, path: str) -> tuple[Document, ...]:
        """The documents of a file, read as a part of an API description; none if it cannot be read."""
        if path not in self._kept:
            content = load_file(self._tree, path, Kind.OPENAPI, parse=self._parse)
            self._kept[path] = content.loaded.documents
        return self._kept[path]


def read_world(
    tree: FileTree,
    paths: Sequence[str],
    named: frozenset[str] = frozenset(),
    *,
    only: Collection[Kind] | None = None,
    blobs: MutableMapping[str, bytes] | None = None,
    parse: Parse = load_text,
) -> World:
    """Everything that the given files say; with ``only``, structured files of other kinds stay unread."""
    known = known_kinds(paths, named)
    mark_patches(tree, known, lambda path: load_file(tree, path, known[path]))
    contents = {
        path: load_file(tree, path, kind, only=only, parse=parse)
        for path, kind in known.items()
        if is_structured(path, kind)
    }
    return make_world(tree, known, contents, named, references=ReferencedFiles(tree, parse), blobs=blobs)


def make_world(
    tree: FileTree,
    known: dict[str, Kind | None],
    contents: dict[str, FileContent],
    named: frozenset[str],
    *,
    references: ReferencedFiles | None = None,
    beside: Collection[str] = (),
    blobs: MutableMapping[str, bytes] | None = None,
    is_alone: bool = False,
    pod_spec_paths: Sequence[PodSpecPath] = (),
) -> World:
    """The world of some files that have been read; ``contents`` are those of the structured ones.

    ``beside`` are the files that are judged in worlds of their own, ``is_alone`` tells that this is one.
    """
    found = references or ReferencedFiles(tree)
    for path, content in contents.items():
        found.add(path, content)
    kinds = {
        path: contents[path].kind if path in contents else kind or Kind.OTHER for path, kind in known.items()
    }
    unread = [item for content in contents.values() for item in content.unread]
    return World(
        tree,
        kinds,
        {path: content.loaded.documents for path, content in contents.items()},
        load=found.load,
        problems=[item for content in contents.values() for item in content.loaded.problems],
        duplicates=[item for content in contents.values() for item in content.loaded.duplicates],
        unread=(*but_for_pods(unread, pod_spec_paths), *unread_files(kinds)),
        named=named,
        beside=beside,
        blobs=blobs,
        is_alone=is_alone,
        pod_spec_paths=pod_spec_paths,
    )
