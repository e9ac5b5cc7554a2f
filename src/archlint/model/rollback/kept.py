"""How many old releases are kept, wherever a number says so.

Kubernetes and Argo count the old ones; 0 keeps none. Helm counts all, the present one as well, and 0 or less
is no limit; it never deletes the last one that was deployed, so with 1 one old release is left after an
upgrade. Flux and helmfile hand their number to Helm.

Sources: Kubernetes API reference (``revisionHistoryLimit``); Argo CD, ``Application`` specification
("setting to zero will store no history"); Helm, ``pkg/storage`` (``removeLeastRecent``); Flux,
``HelmRelease.spec.maxHistory``; helmfile, ``historyMax``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import basename

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.workflows.steps import workflow_documents
from archlint.model.world import World

_OPTION = regex(r"--history-max(?:=|[ \t]{1,9})[\"']?(\d{1,6})(?![\w.])")
_HELMFILE = regex(r"helmfile[\w.-]*\.ya?ml\Z")


@dataclass(frozen=True)
class HistoryLimit:
    """A number that limits how many old releases are kept."""

    node: Node
    """What says it."""
    said: int
    left: int
    """How many old releases can be gone back to after an upgrade."""
    key: str
    holder: str
    """What it is about, such as ``Deployment 'orders'``."""
    undo: str
    """The command that goes back."""
    object: ObjectRef

    @classmethod
    def all(cls, world: World) -> Iterable[HistoryLimit]:
        """Every limit that is a number, in the order of the text for each kind of file."""
        for workload in world.all(Workload):
            yield from _of_workload(workload)
        for item in world.all(KubernetesObject):
            yield from _of_object(item)
        for document in workflow_documents(world):
            yield from _of_workflow(document)
        for document in world.documents(Kind.DATA):
            if _HELMFILE.match(basename(document.path)):
                yield from _of_helmfile(document)

    @property
    def source(self) -> Document:
        """The document that says it."""
        return self.node.document


def _of_workload(workload: Workload) -> Iterator[HistoryLimit]:
    node = workload.base.get("spec", "revisionHistoryLimit")
    said = node.integer
    if said is not None and said >= 0 and workload.kind != "Pod":
        is_rollout = workload.base.group == "argoproj.io"
        undo = "kubectl argo rollouts undo" if is_rollout else "kubectl rollout undo"
        holder = f"{workload.kind} '{workload.name}'"
        yield HistoryLimit(node, said, said, "revisionHistoryLimit", holder, undo, workload.object)


def _of_object(item: KubernetesObject) -> Iterator[HistoryLimit]:
    spec = item.get("spec")
    if item.group == "argoproj.io" and item.kind in ("Application", "ApplicationSet"):
        if item.kind == "ApplicationSet":
            spec = spec.get("template", "spec")
        node, undo = spec.get("revisionHistoryLimit"), "argocd app rollback"
        said = node.integer
        if said is not None and said >= 0:
            holder = f"{item.kind} '{item.name}'"
            yield HistoryLimit(node, said, said, "revisionHistoryLimit", holder, undo, item.object)
    if item.kind == "HelmRelease":
        yield from _of_helm(spec.get("maxHistory"), "maxHistory", f"HelmRelease '{item.name}'", item.object)


def _of_helm(node: Node, key: str, holder: str, about: ObjectRef) -> Iterator[HistoryLimit]:
    said = node.integer
    if said is not None and said > 0:
        yield HistoryLimit(node, said, max(said - 1, 1), key, holder, "helm rollback", about)


def _of_workflow(document: Document) -> Iterator[HistoryLimit]:
    for name, job in document.root.get("jobs").items():
        for step in job.get("steps").elements():
            node = step.get("run")
            for match in _OPTION.finditer(node.text or ""):
                said = int(match[1])
                if said > 0:
                    left, holder = max(said - 1, 1), f"Job '{name}'"
                    about = ObjectRef("job", name)
                    yield HistoryLimit(node, said, left, "--history-max", holder, "helm rollback", about)


def _of_helmfile(document: Document) -> Iterator[HistoryLimit]:
    root = document.root
    about = ObjectRef("helmfile", document.path)
    defaults = root.get("helmDefaults", "historyMax")
    yield from _of_helm(defaults, "historyMax", "'helmDefaults'", about)
    for release in root.get("releases").elements():
        name = release.get("name").text or "?"
        yield from _of_helm(release.get("historyMax"), "historyMax", f"Release '{name}'", about)
