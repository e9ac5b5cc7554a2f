"""The names by which objects mean others, by the table of the fields that hold them (``name_table``).

Around a name its neighbours are read alike everywhere: ``kind`` chooses among kinds, ``apiVersion``,
``apiGroup`` and ``group`` tell its group, ``namespace`` is another namespace, ``optional: true`` says that
the program can do without, and what has a ``bundle`` is in a registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.names.name_table import (
    CLUSTER_WIDE,
    GROUP_OF,
    NameRow,
    rows_by_kind,
    rows_of_pods,
)
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

OF_EVERY_CLUSTER = frozenset(
    {
        *(("PriorityClass", "system-cluster-critical"), ("PriorityClass", "system-node-critical")),
        *(("ServiceAccount", "default"), ("Service", "kubernetes"), ("AppProject", "default")),
        ("Broker", "default"),
        *(
            ("PriorityLevelConfiguration", name)
            for name in (
                *("exempt", "catch-all", "system", "node-high", "leader-election"),
                *("workload-high", "workload-low", "global-default"),
            )
        ),
    }
)
"""Kind and name of what is there without a manifest."""
_KEYED = ("ConfigMap", "Secret")
_NAMESPACES = ("namespace", "secretNamespace")


@dataclass(frozen=True)
class NamedObject(ObjectFacet):
    """One name of another object."""

    node: Node
    target: str
    """The kind that is named."""
    target_group: str | None
    """Its API group; ``None`` if that is unknown, or the kind is of one group alone."""
    in_namespace: str | None
    """Where it is; ``None`` if that is unknown, or it is of no namespace."""
    rule: str
    """The rule that tells of it if nothing has the name."""
    is_optional: bool = False
    key: Node | None = None
    """The key of a ConfigMap or Secret that is used, if one is named."""

    @classmethod
    def all(cls, world: World) -> Iterable[NamedObject]:
        """Every name of another object, in the order of the table for each object."""
        table = rows_by_kind()
        for base in world.all(KubernetesObject):
            for row in table.get(base.kind, {}).get(base.group, ()):
                yield from _at(base, base.node, row)
        for workload in world.all(Workload):
            if workload.names_images:
                for row in rows_of_pods():
                    yield from _at(workload.base, workload.pod_spec, row)

    @property
    def target_name(self) -> str:
        """The name."""
        return self.node.text or ""


def _at(base: KubernetesObject, root: Node, row: NameRow) -> Iterator[NamedObject]:
    for around, found in _reach(root, row.ways):
        holder, node = (found, found.get("name")) if found.is_map else (around, found)
        is_apart = holder is not root and holder.route != base.node.route
        said = holder.get("kind").text if is_apart else None
        kind = said or next(iter(row.kinds), None)
        if kind is None or not _is_name(node.text) or (is_apart and holder.get("bundle").exists):
            continue
        if said is not None and row.kinds and said not in row.kinds:
            continue
        said_group = _said_group(holder) if is_apart else None
        group = GROUP_OF.get(kind, said_group)
        if said_group is not None and "." in said_group and group != said_group:
            continue
        is_optional = is_apart and holder.get("optional").value is True
        namespace = None if kind in CLUSTER_WIDE else _namespace(base, holder if is_apart else None)
        yield NamedObject(base, node, kind, group, namespace, row.rule, is_optional, _key(kind, holder))


def _is_name(text: str | None) -> bool:
    """Whether a text can be a name of Kubernetes; some fields also take paths, patterns, and what Traefik has
    from elsewhere (``api@internal``)."""
    return text is not None and text not in ("", "*") and not any(sign in text for sign in "/@")


def _key(kind: str, holder: Node) -> Node | None:
    """The key that is said beside the name of a ConfigMap or Secret."""
    found = (holder.get(key) for key in ("key", "valuesKey")) if kind in _KEYED else ()
    return next((node for node in found if node.text), None)


def _said_group(holder: Node) -> str | None:
    """The API group that is said beside a name."""
    version = holder.get("apiVersion").text
    if version is not None:
        return version.rpartition("/")[0]
    return holder.get("apiGroup").text or holder.get("group").text


def _namespace(base: KubernetesObject, holder: Node | None) -> str | None:
    said = [holder.get(key).text for key in _NAMESPACES] if holder is not None else []
    return next(filter(None, said), base.namespace)


def _reach(root: Node, ways: tuple[str, ...]) -> Iterator[tuple[Node, Node]]:
    """What stands at a way, with what holds it; lists on the way and at its end mean each of their items."""
    if not root.is_map or ways[0] not in root.value:  # most ways end here
        return
    found = [(root, root)]
    for part in ways:
        below = ((here, here.get(part)) for _, here in found)
        found = [
            (holder, item)
            for holder, node in below
            if node.is_set
            for item in (node.elements() if node.is_list else (node,))
        ]
        if not found:
            return
    yield from found
