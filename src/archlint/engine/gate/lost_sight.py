"""What a release still has and archlint no longer reads, though it read it at the base.

Nothing is found in what is not read: a manifest that becomes a link, a patch or a template loses all its
findings, and looks as if it had got better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping

from archlint.engine.coverage import read_paths
from archlint.files import Kind, is_json, path_kind
from archlint.files.kinds import text_kind
from archlint.finding import REASONS, Token, Unread
from archlint.finding.words import number_of
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.building.builds import builds
from archlint.model.world import World

_STILL_READ = frozenset(("unknown-resource", "chart-dependency-absent", "broker-not-read", "ddl-not-judged"))
"""Reasons that say nothing of what else stands in the file: no rule knows it, or it lies elsewhere."""
_DEFINES = (Kind.KUBERNETES, Kind.CHART_TEMPLATE)


def no_longer_read(
    base: World,
    revision: World,
    is_there: Container[str],
    renames: Mapping[str, str],
    links: Container[str] = frozenset(),
) -> Iterator[str]:
    """A sentence for each file that the base had read, and that is still there and not read, or not wholly.

    ``is_there`` are all names of the release, ``links`` and excluded files included.
    """
    behind = Counter[str]()
    now_called = {old: new for new, old in renames.items()}
    had, unread = _unread_by_path(base), _unread_by_path(revision)
    still = read_paths(revision) | {path for path, items in unread.items() if not items}
    parts = Counter({path: len(items) for path, items in had.items()})
    whole = _now_parts(base, revision, now_called)
    for path in sorted(_judged(base)):
        now = now_called.get(path, path)
        if now != path and _is_something_else(path, now, base, revision):
            now = path
        if now not in is_there:
            behind.update(folder for folder in _folders(now) if folder in links)
            continue
        items = unread.get(now, [])
        if now not in still:
            yield f"'{now}' was read at the base and is not read now{_why(items)}"
        elif len(items) > parts[path]:
            yield f"'{now}' was read at the base and is not wholly read now{_why(items)}"
        elif path in whole:
            yield f"'{now}' was a manifest at the base and is none now, so nobody judged its {whole[path]}"
    for folder, count in sorted(behind.items()):
        lost = number_of(count, "file")
        yield f"'{folder}' is a link or submodule now, so that {lost} of the base in it cannot be read"


def _folders(path: str) -> Iterator[str]:
    """The folders that a path lies in, the nearest first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _judged(base: World) -> frozenset[str]:
    """The files of which something was judged: of a template that made nothing there was nothing to judge."""
    read, templates = read_paths(base), base.paths(Kind.CHART_TEMPLATE)
    if not templates:
        return read
    charts = base.fact(builds).charts
    offered = (document for offer in charts.offers for document in offer.documents)
    made = {each.place((), Token.ANCHOR).source.path for each in (*charts.documents, *offered)}
    return read - {path for path in templates if path not in made}


def _is_something_else(path: str, now: str, base: World, revision: World) -> bool:
    """Whether git takes one file for the successor of another for the licence at its top or the like: its
    name is of no kind, and what is in it is no manifest or contract such as the other was. What only a name
    makes a migration or a proto file is gone with that name, and others tell that."""
    if path_kind(now) not in (Kind.OTHER, Kind.MARKDOWN):
        return False
    text = revision.text(now)
    if path_kind(path) is not None or text is None:
        return text is not None
    kind = text_kind(text, is_json(path))
    return kind is Kind.DATA or kind is not base.kinds.get(path)


def _now_parts(base: World, revision: World, now_called: Mapping[str, str]) -> dict[str, str]:
    """The manifests that are of another kind in the release, such as patches, each with an object that no
    file of the release defines any more."""
    changed = {
        path
        for path in base.paths(Kind.KUBERNETES)
        if revision.kinds.get(now_called.get(path, path), Kind.KUBERNETES) not in _DEFINES
    }
    if not changed:
        return {}
    defined = {(item.group, item.kind, item.name) for item in revision.all(KubernetesObject)}
    return {
        item.node.document.path: str(item.object)
        for item in base.all(KubernetesObject)
        if item.node.document.path in changed and (item.group, item.kind, item.name) not in defined
    }


def _unread_by_path(world: World) -> dict[str, list[Unread]]:
    """What of each file is not read; an empty list where all that is told of it leaves the rest read."""
    found: dict[str, list[Unread]] = {}
    for item in world.unread:
        items = found.setdefault(item.path, [])
        if item.reason not in _STILL_READ:
            items.append(item)
    return found


def _why(items: list[Unread]) -> str:
    names = {item.reason: item.detail for item in items}
    told = [
        f"{REASONS[code].one}{f' ({detail})' if detail else ''}"
        for code, detail in names.items()
        if code in REASONS
    ]
    return f": {', '.join(told)}" if told else ""
