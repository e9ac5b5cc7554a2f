"""Namespaces: which ones the manifests use, and which ones something makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from archlint.documents import Document, Node
from archlint.documents.kustomize.refusal import LIMITS
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes.building.builds import builds
from archlint.model.kubernetes.building.kustomizations import Kustomization
from archlint.model.kubernetes.commands import made_by_commands
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

ALWAYS_THERE = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
"""Every cluster has these (Kubernetes documentation, "Initial namespaces")."""
OF_INSTALLERS = frozenset(
    {
        *("flux-system", "argocd", "argo-rollouts", "cert-manager", "istio-system", "linkerd", "keda"),
        *("knative-serving", "knative-eventing", "tekton-pipelines", "ingress-nginx", "kyverno"),
        *("external-secrets", "gatekeeper-system", "metallb-system", "rook-ceph", "longhorn-system"),
        *("velero", "crossplane-system"),
    }
)
"""Where the installation guides of these products put them; a bootstrap command makes the namespace."""
_OF_PLATFORMS = ("openshift-", "kube-")


def is_of_platform(name: str) -> bool:
    """Whether the cluster's own software makes it: Kubernetes and OpenShift reserve such names."""
    return name.startswith(_OF_PLATFORMS) or name == "openshift"


@dataclass(frozen=True)
class UsedNamespace:
    """A namespace that objects name as theirs."""

    name: str
    uses: tuple[Node, ...]
    """``metadata.namespace`` of each of them, in the order of the text."""
    has_workload: bool = True
    """Whether pods of the repository run there."""

    @property
    def is_of_installer(self) -> bool:
        """Whether a well-known product brings the namespace, and the repository only puts things into it."""
        return self.name in OF_INSTALLERS and not self.has_workload

    @classmethod
    def all(cls, world: World) -> Iterable[UsedNamespace]:
        """Every namespace that is used, in the order of first use."""
        overridden = world.fact(overridden_paths)
        stand_ins = world.fact(replaced_namespaces)
        uses: dict[str, list[Node]] = defaultdict(list)
        running = {workload.namespace for workload in world.all(Workload)}
        for base in world.all(KubernetesObject):
            if not base.namespace or base.namespace in stand_ins:
                continue
            if base.source.path not in overridden:
                uses[base.namespace].append(base.get("metadata", "namespace"))
        return [cls(name, tuple(nodes), name in running) for name, nodes in uses.items()]

    @property
    def source(self) -> Document:
        """The document of the first use."""
        return self.uses[0].document

    @property
    def object(self) -> ObjectRef:
        """The namespace."""
        return ObjectRef("Namespace", self.name)


def namespace_objects(world: World) -> Mapping[str, Sequence[KubernetesObject]]:
    """The definitions of each namespace, which several builds or files may have; ask with
    ``world.fact(namespace_objects)``."""
    found: dict[str, list[KubernetesObject]] = defaultdict(list)
    for item in world.all(KubernetesObject):
        if item.kind == "Namespace" and not item.group:
            found[item.name].append(item)
    return dict(found)


def defined_namespaces(world: World) -> frozenset[str]:
    """Namespaces that the manifests define; ask with ``world.fact(defined_namespaces)``."""
    return frozenset(_defined(world))


def _defined(world: World) -> Iterator[str]:
    for base in world.all(KubernetesObject):
        if base.kind in ("Namespace", "Project", "ProjectRequest") and base.name:
            yield base.name


def made_namespaces(world: World) -> frozenset[str]:
    """Namespaces that tools or the commands in scripts and documentation create."""
    commands = (name for kind, name in world.fact(made_by_commands) if kind == "Namespace")
    return frozenset((*_made_by_tools(world), *_made_by_remotes(world), *commands))


def _made_by_remotes(world: World) -> Iterator[str]:
    """Namespaces that a kustomization fills from elsewhere, which may well bring them along.

    One of which nothing else is built is in no set.
    """
    lacking = {item.source.path for item in world.fact(builds).unbuilt if item.refusal.reason in LIMITS}
    for kustomization in world.all(Kustomization):
        if kustomization.has_remote or kustomization.source.path in lacking:
            yield kustomization.namespace or ""
    for group in world.fact(deployment_sets).sets:
        if not group.is_complete:
            yield from (item.namespace or "" for item in group.kustomizations)
            yield from (item.namespace or "" for item in group.objects)


def _made_by_tools(world: World) -> Iterator[str]:
    """Argo CD's option CreateNamespace and the like of Flux."""
    for base in world.all(KubernetesObject):
        for spec in (base.get("spec"), base.get("spec", "template", "spec")):  # Application, ApplicationSet
            options = spec.get("syncPolicy", "syncOptions").elements()
            if any(item.text == "CreateNamespace=true" for item in options):
                yield spec.get("destination", "namespace").text or ""
        if base.get("spec", "install", "createNamespace").value is True:
            yield base.get("spec", "targetNamespace").text or ""


def replaced_namespaces(world: World) -> frozenset[str]:
    """Namespaces that objects state and that kustomizations put others in the place of: a stand-in, such as
    ``system`` in what kubebuilder makes, also where no kustomization replaces it."""
    return frozenset(
        document.written.namespace
        for document in world.fact(builds).documents
        if document.written.namespace
        and document.written.namespace != document.root.get("metadata", "namespace").text
    )


def overridden_paths(world: World) -> frozenset[str]:
    """Files whose namespaces a kustomization replaces by its own."""
    return frozenset(
        path
        for group in world.fact(deployment_sets).sets
        if not group.is_built and any(member.namespace for member in group.kustomizations)
        for path in group.paths
    )
