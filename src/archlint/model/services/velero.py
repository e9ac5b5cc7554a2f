"""Schedules of Velero, by what they take in.

Source: Velero, Schedule and Backup: ``includedNamespaces``, ``excludedNamespaces``, ``labelSelector``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import string_map
from archlint.model.kubernetes.controller_labels import spellings
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.selectors import label_selector_matches

_VOLUMES = frozenset({"*", "pods", "persistentvolumeclaims", "persistentvolumes"})
_EVERY = "*"
_Label = tuple[str, str] | None
"""A label that something must have to be taken in; ``None`` if none is known."""


@dataclass(frozen=True, eq=False)
class _Schedule:
    left_out: frozenset[str]
    """The namespaces that it does not look into."""
    asked: tuple[Node, ...]
    """Its selectors, one of which has to match, if there are any."""

    def takes(self, namespace: str | None, labels: Mapping[str, str]) -> bool:
        if namespace is not None and namespace in self.left_out:
            return False
        return not self.asked or any(label_selector_matches(item, labels) for item in self.asked)


class Schedules:
    """Which volumes some schedules save, found by namespaces and labels and not one by one."""

    def __init__(self, templates: Iterable[Node]) -> None:
        self._by_place: dict[tuple[str | None, _Label], dict[object, _Schedule]] = defaultdict(dict)
        """By a namespace, ``*`` for all, or ``None`` for one that is not known, and by a label."""
        for template in templates:
            self._add(template)

    def _add(self, template: Node) -> None:
        kinds, without = (_texts(template.get(f"{word}Resources")) for word in ("included", "excluded"))
        if (kinds and kinds.isdisjoint(_VOLUMES)) or "persistentvolumeclaims" in without:
            return
        chosen, left_out = (_texts(template.get(f"{word}Namespaces")) for word in ("included", "excluded"))
        spaces = {_EVERY} if not chosen or _EVERY in chosen else chosen
        selectors = (template.get("labelSelector"), *template.get("orLabelSelectors").elements())
        schedule = _Schedule(left_out, tuple(item for item in selectors if item.is_map))
        same = schedule if schedule.asked else left_out
        for label in _labels(schedule):
            for space in (None, *spaces):
                self._by_place[space, label][same] = schedule

    def take(self, base: KubernetesObject, labels: Mapping[str, str]) -> bool:
        """Whether one of them takes in the volumes of a database that has some labels of its own."""
        known = {**string_map(base.get("metadata", "labels")), **labels}
        spaces = (None,) if base.namespace is None else (_EVERY, base.namespace)
        keys = ((space, label) for space in spaces for label in (None, *known.items()))
        return any(
            schedule.takes(base.namespace, known)
            for key in keys
            for schedule in self._by_place.get(key, {}).values()
        )


def _labels(schedule: _Schedule) -> Iterator[_Label]:
    """A label of each of its selectors, as it may be written."""
    for selector in schedule.asked:
        pair = next(iter(string_map(selector.get("matchLabels")).items()), None)
        yield from [None] if pair is None else [(pair[0], text) for text in spellings(*pair)]
    if not schedule.asked:
        yield None


def _texts(node: Node) -> frozenset[str]:
    return frozenset((item.text or "").lower() for item in node.elements())
