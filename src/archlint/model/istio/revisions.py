"""Revisions of Istio's control plane: who has them, and which namespaces and pods ask for one.

Sources: Istio, "Canary Upgrades" and "Safely upgrade the Istio control plane with revisions and tags"; the
Sail operator's Istio, IstioRevision and IstioRevisionTag (names are revisions; those of an Istio with the
strategy RevisionBased are made of its version).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.injection import REVISION_KEY
from archlint.model.istio.objects import INSTALL_GROUP, SAIL_GROUP
from archlint.model.istio.webhooks import IstioWebhook
from archlint.model.kubernetes import KubernetesObject, ObjectFacet, Workload
from archlint.model.kubernetes.commands import installs_istio
from archlint.model.kubernetes.installed import installed_elsewhere
from archlint.model.world import World

DEFAULT = "default"
"""The revision of a control plane that names none."""
_TAG_KEY = "istio.io/tag"
_CHART = "istiod"
"""The chart of the control plane, whose values say the revision."""
_MANAGED = ("asm-managed", "asm-1-")
"""How revisions begin that a cloud runs."""


@dataclass(frozen=True)
class AskedRevision(ObjectFacet):
    """The label by which a namespace, or the pods of a workload, ask for a revision."""

    label: Node

    @classmethod
    def all(cls, world: World) -> Iterable[AskedRevision]:
        """Every such label."""
        for item in world.all(KubernetesObject):
            if item.kind == "Namespace" and not item.group:
                yield from cls._in(item, item.get("metadata"))
        for workload in world.all(Workload):
            yield from cls._in(workload.base, workload.template.get("metadata"))

    @classmethod
    def _in(cls, item: KubernetesObject, metadata: Node) -> Iterator[AskedRevision]:
        label = metadata.get("labels", REVISION_KEY)
        if label.text:
            yield cls(item, label)

    @property
    def revision(self) -> str:
        """The revision that is asked for."""
        return self.label.text or ""

    @property
    def is_managed(self) -> bool:
        """Whether it is one that a cloud runs, so that no file installs it."""
        return self.revision.startswith(_MANAGED)


def revisions(world: World) -> Mapping[str, Node] | None:
    """The revisions and tags of all control planes, each with what says so; ``None`` where one has a revision
    that files do not tell. Ask for them with ``world.fact(revisions)``."""
    if _CHART in world.fact(installed_elsewhere) or world.fact(installs_istio):
        return None
    found: dict[str, Node] = {}
    for item in world.all(KubernetesObject):
        for name, node in _installed_by(item):
            if name is None:
                return None
            found.setdefault(name, node)
    for webhook in world.all(IstioWebhook):
        if webhook.is_injector:
            labels = webhook.base.get("metadata", "labels")
            found.setdefault(webhook.revision, labels.get(REVISION_KEY))
            if labels.get(_TAG_KEY).text:
                found.setdefault(labels.get(_TAG_KEY).text or "", labels.get(_TAG_KEY))
    return found


def _installed_by(item: KubernetesObject) -> Iterator[tuple[str | None, Node]]:
    """The revisions that an object installs, each with what says so; ``None`` for one that is not known."""
    if item.kind == "IstioOperator" and item.group == INSTALL_GROUP:
        yield from _of_values(item.get("spec"), item.get("spec", "values"))
    elif item.group == SAIL_GROUP and item.kind in ("IstioRevision", "IstioRevisionTag"):
        yield item.name, item.get("metadata", "name")
    elif item.group == SAIL_GROUP and item.kind == "Istio":
        is_by_version = item.get("spec", "updateStrategy", "type").text == "RevisionBased"
        yield None if is_by_version else item.name, item.get("metadata", "name")


def _of_values(stated: Node, values: Node) -> Iterator[tuple[str | None, Node]]:
    """What an installation says of its revision and of tags for it."""
    revision = stated.get("revision") if stated.get("revision").text else values.get("revision")
    yield revision.text or DEFAULT, revision
    for tag in values.get("revisionTags").elements():
        yield tag.text, tag
