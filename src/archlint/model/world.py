"""The world: everything that was read, and the model objects made from it on demand.

A model class has a class method ``all(world)`` that finds its instances; ``World.all`` remembers the answer.
So a new kind of model object is a new module, and nothing that no rule asks for is ever built. The same
class describes one file, for rules that look at a file alone, and the whole repository, for joins.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Protocol, Self, TypeVar, cast

from archlint.documents import Document, DuplicateKey, Loaded, ParseProblem
from archlint.files import FileProblem, FileTree, Kind, TextProblem, decode
from archlint.finding import ObjectRef, Source, Unread
from archlint.model.pod_spec_paths import PodSpecPath

if TYPE_CHECKING:
    from archlint.documents.charts.rendering import ChartTerms
    from archlint.model.graph.team_calls import TeamCalls
    from archlint.model.kubernetes.schemas.given import SchemaSource
    from archlint.model.network.team_rules import TeamRule
    from archlint.model.redocly.rules import RedoclyRules
    from archlint.model.rulesets.ruleset import Ruleset

T = TypeVar("T")


class Subject(Protocol):
    """A model object that checks are about."""

    @classmethod
    def all(cls, world: World) -> Iterable[Self]:
        """All instances in a world, in a stable order."""

    @property
    def object(self) -> ObjectRef | None:
        """The named thing that findings are about; it begins the fingerprint."""

    @property
    def source(self) -> Source:
        """The document that the subject stands in."""


S = TypeVar("S", bound=Subject)


class World:
    """The documents and files of a repository, or of a part that is taken for one, at one revision."""

    is_for_tests: Callable[[str], bool] | None = None
    """Whether what is deployed from a folder is for tests, and nobody asked for it."""
    is_kept: bool
    """Whether anybody reads what is put into ``blobs``: a later run, or the other side of a comparison."""

    def __init__(
        self,
        tree: FileTree,
        kinds: Mapping[str, Kind],
        documents: Mapping[str, Sequence[Document]],
        *,
        load: Callable[[str], Sequence[Document]] | None = None,
        problems: Sequence[ParseProblem] = (),
        duplicates: Sequence[DuplicateKey] = (),
        unread: Sequence[Unread] = (),
        named: frozenset[str] = frozenset(),
        beside: Collection[str] = (),
        blobs: MutableMapping[str, bytes] | None = None,
        is_alone: bool = False,
        pod_spec_paths: Sequence[PodSpecPath] = (),
    ) -> None:
        """``kinds`` names every file of the world, ``named`` those that a path of the command line names;
        ``beside`` the files that are judged in worlds of their own; ``load`` reads a file that a ``$ref``
        names; ``blobs`` is what costly readings keep between runs; ``unread`` is what of the files was not
        read, with the reasons; ``is_alone`` tells that it is a world of one file, or the like;
        ``pod_spec_paths`` are the places where the configuration says that kinds of object keep pods."""
        self.tree = tree
        self.kinds = kinds
        self.problems = tuple(problems)
        self.duplicates = tuple(duplicates)
        self.unread = tuple(unread)
        self.named = named
        self._beside = beside
        self.is_alone = is_alone
        self.pod_spec_paths = tuple(pod_spec_paths)
        self.is_asked_for: Callable[[str], bool] | None = None
        """Whether anything is to be told of a file, where rules look at single files of some paths alone."""
        self.may_be_patched = False
        """Whether a kustomization that is not built here may add to its manifests."""
        self.charts: ChartTerms | None = None
        """How charts are rendered; ``None`` if they are not."""
        self.team_rules: tuple[TeamRule, ...] = ()
        """Who must not connect to whom, as the configuration says, and who must be able to."""
        self.schema_source: SchemaSource | None = None
        """Where schemas of custom resources are, besides those of the world."""
        self.blobs: MutableMapping[str, bytes] = {} if blobs is None else blobs
        self.is_kept = blobs is not None
        self._documents = dict(documents)
        self._load = load
        self._subjects: dict[type, Sequence[object]] = {}
        self._lent: Callable[[type], list[object] | None] | None = None
        self._facts: dict[Callable[[World], object], object] = {}
        self._readings: dict[Callable[[World], object], object] = {}
        self.referenced: set[str] = set()
        """Files outside of ``kinds`` or of other paths that were read through a reference."""

    excluded: tuple[str, ...] = ()
    """Files that could be read and are left out by the configuration."""
    team_calls: TeamCalls | None = None
    """Which part of the system may call which, as the configuration says."""
    ruleset: Ruleset | None = None
    """The house's own rules about contracts."""
    redocly: RedoclyRules | None = None
    """Rules of the house in the format of Redocly."""

    def documents(self, *kinds: Kind) -> Iterable[Document]:
        """All documents of files of the given kinds (of all kinds if none is given), by path."""
        for path in sorted(self._documents):
            if not kinds or self.kinds.get(path) in kinds:
                yield from self._documents[path]

    def count_documents(self, path: str) -> int:
        """How many documents of a file of the world were read."""
        return len(self._documents.get(path, ()))

    def paths(self, *kinds: Kind) -> list[str]:
        """The files of the given kinds, sorted."""
        return sorted(path for path, kind in self.kinds.items() if kind in kinds)

    def document(self, path: str) -> Document | None:
        """The first document of any file in the tree, read on demand; ``None`` if it cannot be read."""
        if not self._documents.get(path) and self._load is not None:
            self._documents[path] = tuple(self._load(path))
        self.referenced.add(path)
        found = self._documents.get(path, ())
        return found[0] if found else None

    def loaded(self, path: str) -> Loaded:
        """What a file of the world says, and what is wrong with it."""
        return Loaded(
            tuple(self._documents.get(path, ())),
            self.fact(_problems_by_path).get(path, ()),
            self.fact(_duplicates_by_path).get(path, ()),
        )

    def is_judged(self, path: str) -> bool:
        """Whether a contract is looked at for its own sake, here or in a world of its own."""
        return path in self._beside or self.kinds.get(path) is Kind.OPENAPI

    def text(self, path: str) -> str | None:
        """The text of a file of the tree; ``None`` if it is no text."""
        try:
            return decode(self.tree.read(path))
        except (FileProblem, OSError, TextProblem, ValueError):
            return None

    def all(self, subject: type[S]) -> list[S]:
        """All model objects of a class."""
        if subject not in self._subjects:
            lent = None if self._lent is None else self._lent(subject)
            self._subjects[subject] = list(subject.all(self)) if lent is None else lent
        return cast("list[S]", self._subjects[subject])

    def borrow(self, other: World, keep: Callable[[Subject], bool]) -> None:
        """Take the model objects that another world has made already, those that ``keep`` chooses."""
        self._lent = lambda subject: (
            [item for item in other._subjects[subject] if keep(cast("Subject", item))]
            if subject in other._subjects
            else None
        )

    def supply(self, subject: type[S], instances: Iterable[S]) -> None:
        """Set the model objects of a class that come from elsewhere, such as what another program says."""
        self._subjects[subject] = list(instances)

    def fact(self, build: Callable[[World], T]) -> T:
        """The result of ``build(self)``, computed once: indexes and graphs that several rules need."""
        if build not in self._facts:
            self._facts[build] = build(self)
        return cast("T", self._facts[build])

    def known_fact(self, build: Callable[[World], T]) -> T | None:
        """The result of ``fact`` if somebody has asked for it; ``None`` otherwise."""
        return cast("T | None", self._facts.get(build))

    def reading(self, build: Callable[[World], T]) -> T:
        """As ``fact``, for what ``build`` reads from the tree itself, such as compiled protos.

        It must look at ``tree`` and ``kinds`` alone, and is shared with ``without_documents``.
        """
        if build not in self._readings:
            self._readings[build] = build(self)
        return cast("T", self._readings[build])

    def known_reading(self, build: Callable[[World], T]) -> T | None:
        """The result of ``reading`` if somebody has asked for it; ``None`` otherwise."""
        return cast("T | None", self._readings.get(build))

    def anew(self) -> World:
        """The same files and documents, of which nothing is made yet."""
        return World(
            self.tree,
            self.kinds,
            self._documents,
            load=self._load,
            problems=self.problems,
            duplicates=self.duplicates,
            named=self.named,
            blobs=self.blobs,
            pod_spec_paths=self.pod_spec_paths,
        )

    def without_documents(self) -> World:
        """The same files as if none of them were YAML or JSON: what is left for rules about other files."""
        rest = World(self.tree, self.kinds, {}, named=self.named, blobs=self.blobs)
        rest._readings = self._readings
        rest.is_kept = self.is_kept
        return rest


def _problems_by_path(world: World) -> Mapping[str, tuple[ParseProblem, ...]]:
    return _by_path((item.path, item) for item in world.problems)


def _duplicates_by_path(world: World) -> Mapping[str, tuple[DuplicateKey, ...]]:
    return _by_path((item.path, item) for item in world.duplicates)


def _by_path(pairs: Iterable[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    found: dict[str, list[T]] = {}
    for path, item in pairs:
        found.setdefault(path, []).append(item)
    return {path: tuple(items) for path, items in found.items()}
