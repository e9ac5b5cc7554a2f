"""What a release still has and archlint no longer reads, though it read it at the base.

Nothing is found in what is not read: a manifest that becomes a link, a patch or a template loses all its
findings, and looks as if it had got better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping

from archlint.engine.coverage import read_paths
from archlint.files import Kind
from archlint.finding import REASONS, Unread
from archlint.model.kubernetes import KubernetesObject
from archlint.model.world import World

_STILL_READ = frozenset(("unknown-resource", "chart-dependency-absent", "broker-not-read"))
"""Reasons that say nothing of what else stands in the file: no rule knows it, or it lies elsewhere."""
_DEFINES = (Kind.KUBERNETES, Kind.CHART_TEMPLATE)


def no_longer_read(
    base: World, revision: World, is_there: Container[str], renames: Mapping[str, str]
) -> Iterator[str]:
    """A sentence for each file that the base had read, and that is still there and not read, or not wholly.

    ``is_there`` are all names of the release, links and excluded files included.
    """
    now_called = {old: new for new, old in renames.items()}
    had, unread = _unread_by_path(base), _unread_by_path(revision)
    still = read_paths(revision) | {path for path, items in unread.items() if not items}
    parts = Counter({path: len(items) for path, items in had.items()})
    whole = _now_parts(base, revision, now_called)
    for path in sorted(read_paths(base)):
        now = now_called.get(path, path)
        if now not in is_there:
            continue
        items = unread.get(now, [])
        if now not in still:
            yield f"'{now}' was read at the base and is not read now{_why(items)}"
        elif len(items) > parts[path]:
            yield f"'{now}' was read at the base and is not wholly read now{_why(items)}"
        elif path in whole:
            yield f"'{now}' was a manifest at the base and is none now, so nobody judged its {whole[path]}"


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
