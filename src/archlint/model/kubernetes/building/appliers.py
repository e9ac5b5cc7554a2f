"""Who applies folders of the repository, and what they change in them: Flux and Argo CD.

A folder is taken for one of this repository if it exists here, and if most folders do that are named for the
same source, more than one of them where several addresses fit. The remotes of a clone are no witness: forks,
mirrors and checkouts in CI have others, and a report must not depend on where a clone came from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from posixpath import join as join_path
from posixpath import normpath

from archlint.documents.kustomize.changes import Changes
from archlint.documents.kustomize.values import Value, root_of
from archlint.files.folders import all_folders
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.world import World


@dataclass(frozen=True, slots=True)
class Applier:
    """One who applies a folder."""

    object: ObjectRef
    value: Value
    """What it says, each part with its origin."""
    source: str
    """What it names as the place of the folder: a URL, or a source object of Flux."""
    folder: str
    changes: Changes
    has_variables: bool = False

    @property
    def path(self) -> str:
        """The file that it is written in."""
        return self.changes.path

    @property
    def key(self) -> str:
        """What tells the build apart from others; no file is called so."""
        called = f"{self.label} of {self.folder or '.'}".replace("/", ":")
        return f"{self.path}#{called}"

    @property
    def label(self) -> str:
        """What messages call it."""
        return f"{self.object.kind} '{self.object.name}'"


def written_in(value: Value) -> str:
    """The file that a value is written in."""
    source, _ = root_of(value.origin)
    return str(source.path)


def text(value: Value, *route: str) -> str:
    """A text some steps below, empty if there is none."""
    found = value.get(*route)
    return found.text if found is not None else ""


def is_true(value: Value, *route: str) -> bool:
    """Whether a boolean some steps below is true."""
    found = value.get(*route)
    return found is not None and found.data is True


def entries(value: Value, *route: str) -> list[Value]:
    """The maps of a list some steps below."""
    found = value.get(*route)
    items = found.data if found is not None and isinstance(found.data, list) else []
    return [item for item in items if isinstance(item.data, dict)]


def folder_of(path: str) -> str | None:
    """A folder that an applier names, from the root of its source; ``None`` if it leads out of that."""
    found = normpath(path.lstrip("/") or ".")
    if found == ".." or found.startswith("../"):
        return None
    return "" if found == "." else found


def folders_in(world: World) -> frozenset[str]:
    """All folders of a world but its root; ask for them with ``world.fact(folders_in)``."""
    return all_folders(world.kinds) - {""}


def of_this_repository(appliers: Iterable[Applier], folders: Iterable[str]) -> list[Applier]:
    """Those that apply folders of this repository; that each source has a root tells nothing."""
    known = set(folders) - {""}
    every = list(appliers)
    own = own_sources(((item.source, item.folder) for item in every), known)
    by_source: dict[str, list[Applier]] = defaultdict(list)
    for item in every:
        by_source[item.source].append(item)
    return [
        item
        for source, named in by_source.items()
        if source in own
        for item in named
        if item.folder in known or item.folder == ""
    ]


def own_sources(claims: Iterable[tuple[str, str]], known: Set[str]) -> frozenset[str]:
    """The sources that are this repository, by all that is named in each. Where more than one address fits,
    those of which a single folder is here may fit by chance: many have ``deploy`` or ``overlays/prod``."""
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, path in claims:
        by_source[source].append(path)
    found = {
        source: {path for path in paths if path in known}
        for source, paths in by_source.items()
        if 2 * sum(path in known for path in paths) > sum(path != "" for path in paths)
    }
    several = sum(map(_is_address, found)) > 1
    return frozenset(
        source for source, here in found.items() if not (several and _is_address(source) and len(here) == 1)
    )


def _is_address(source: str) -> bool:
    """Whether a source is a URL, of which a repository has one; Flux has objects for it, in any number."""
    return " " not in source


def keep_present(fields: dict[str, Value], folder: str, is_there: Callable[[str], bool]) -> None:
    """Leave out those components of a kustomization that are not there (``ignoreMissingComponents``)."""
    said = fields.get("components")
    if said is None or not isinstance(said.data, list):
        return
    kept = [item for item in said.data if is_there(normpath(join_path(folder, item.text)))]
    fields["components"] = Value(kept, said.origin)


def source_of(url: str) -> str:
    """The repository that a URL means, however it is written: scheme, user and ending aside."""
    rest = url.strip().partition("://")[2] or url.strip().replace(":", "/", 1)
    return rest.rpartition("@")[2].rstrip("/").removesuffix(".git").lower()


class OwnSources:
    """Which URLs may be that of this repository, by the folders that are named in each, or else by the
    patterns that something here fits: those of another repository may fit by chance."""

    def __init__(
        self, named: Iterable[tuple[str, str]], fitting: Iterable[tuple[str, str]], known: Set[str]
    ) -> None:
        """Both are URLs with paths that are looked for there."""
        exact = [(source_of(url), path) for url, path in named]
        loose = [(source_of(url), path) for url, path in fitting]
        others = {source for source, path in exact if path}
        self._own = own_sources(exact, known) or own_sources(loose, known) - others
        self._others = (others | {source for source, path in loose if path}) - self._own

    def may_be(self, url: str) -> bool:
        """Whether a URL is, or may be, that of this repository: one of which nothing is known may where no
        other is."""
        source = source_of(url)
        return source in self._own or not (self._own or source in self._others)


def below(folder: str, paths: Sequence[str], kustomized: Set[str], *, recurse: bool) -> tuple[str, ...]:
    """What a kustomization of a folder that has none takes in: manifests below it, and folders that have
    one, relative to it."""
    start = f"{folder}/" if folder else ""
    found: dict[str, None] = {}
    for path in paths:
        if not path.startswith(start):
            continue
        inside = path[len(start) :]
        parts = inside.split("/")[:-1]
        if not recurse and parts:
            continue
        above = (start + "/".join(parts[: depth + 1]) for depth in range(len(parts)))
        nearest = next((name for name in above if name in kustomized), None)
        found[inside if nearest is None else nearest[len(start) :]] = None
    return tuple(found)
