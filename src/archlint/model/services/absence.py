"""Whether a name that no manifest defines may be defined by something that cannot be read as objects."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Document
from archlint.files import Kind
from archlint.finding.regex import regex
from archlint.model.compose_format import services_in
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.building.kustomizations import Kustomization
from archlint.model.kubernetes.commands import helm_releases
from archlint.model.kubernetes.names.similar import longest_beginning
from archlint.model.kubernetes.operators import products, services_of_sidecars
from archlint.model.kubernetes.sets import deployment_sets, is_unseen, may_be_elsewhere
from archlint.model.kubernetes.vendored import vendored_names
from archlint.model.world import World

_WORD = regex(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
_TEMPLATE_SUFFIXES = (
    *(".yaml", ".yml", ".json", ".tpl", ".tmpl", ".gotmpl", ".j2", ".jsonnet", ".libsonnet", ".erb"),
    *(".cue", ".tf", ".k", ".star", ".dhall", ".pkl", ".hcl", ".nomad"),
)
_LONGEST_TEXT = 1_000_000
_BUILT_IN = ("", "apps", "batch", "extensions", "autoscaling", "policy")
_NO_WORKLOAD_GROUPS = (
    *("k8s.io", "istio.io", "monitoring.coreos.com", "external-secrets.io", "cert-manager.io", "kyverno.io"),
    *("keda.sh", "backstage.io", "cilium.io", "bitnami.com", "x-k8s.io"),
    *("skaffold", "monitoring.googleapis.com", "networking.gke.io", "cloud.google.com"),
)
"""Ends of API groups whose objects make no Services and no workloads, some of which are no objects of a
cluster at all, such as what Skaffold reads."""


class Absence:
    """Knows the names that charts, operators, Compose files, templates and kustomize may define."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._charts = set(_chart_names(world))
        self._chart_lengths = {chart.count("-") + 1 for chart in self._charts}
        self._operated = set(_operated_names(world))
        self._prefixes = tuple(
            {text for item in world.all(Kustomization) if (text := _added(item, "namePrefix"))}
        )
        self._suffixes = tuple(
            {text for item in world.all(Kustomization) if (text := _added(item, "nameSuffix"))}
        )
        sets = world.fact(deployment_sets).sets
        self._is_all_read = all(group.is_complete for group in sets if group.objects)
        self._composed = set(_compose_names(world))
        self._releases = world.fact(helm_releases)
        self._unread: frozenset[str] | None = None

    def is_certain(
        self, kind: str, name: str, asker: KubernetesObject | None, *, composed: bool = True
    ) -> bool:
        """Whether an object of this kind and name, which no manifest defines, is defined by nothing else.
        ``None`` as asker means one that is not deployed: then nothing in the world may be unreadable. Compose
        files count unless ``composed`` says that what they run is asked for in manifests."""
        if asker is None:
            is_elsewhere = not self._is_all_read or is_unseen(self._world, kind, name)
        else:
            is_elsewhere = may_be_elsewhere(self._world, asker, kind, name)
        return not (
            is_elsewhere
            or (composed and name in self._composed)
            or name in self._releases
            or longest_beginning(name, self._releases) is not None
            or self._names_chart(name)
            or name in self._operated
            or name in self._world.fact(products)
            or name in self._world.fact(services_of_sidecars)
            or longest_beginning(name, self._operated) is not None
            or name.startswith(self._prefixes)
            or name.endswith(self._suffixes)
            or name in self._unread_words()
            or name in self._world.fact(vendored_names)
        )

    def _names_chart(self, name: str) -> bool:
        """Whether the name of a chart stands in a name, between dashes."""
        words = name.split("-")
        return any(
            "-".join(words[at : at + length]) in self._charts
            for length in self._chart_lengths
            for at in range(len(words) - length + 1)
        )

    def _unread_words(self) -> frozenset[str]:
        """The words of files that a program turns into manifests, and of manifests that cannot be parsed."""
        if self._unread is None:
            words: set[str] = set()
            broken = {problem.path for problem in self._world.problems}
            for path in self._world.paths(Kind.OTHER):
                if path.endswith(_TEMPLATE_SUFFIXES):
                    broken.add(path)
            for path in broken:
                words.update(_WORD.findall((self._world.text(path) or "")[:_LONGEST_TEXT]))
            self._unread = frozenset(words)
        return self._unread


def absence(world: World) -> Absence:
    """What a world may define unseen; ask with ``world.fact(absence)``."""
    return Absence(world)


def _chart_names(world: World) -> Iterator[str]:
    """Names of charts and of the charts that they depend on: a release of one makes names that hold it."""
    for document in world.documents(Kind.CHART):
        root = document.root
        for node in (root, *root.get("dependencies").elements()):
            for key in ("name", "alias"):
                text = node.get(key).text
                if text:
                    yield text


def _operated_names(world: World) -> Iterator[str]:
    """Names of custom resources: their operators make objects whose names begin with them."""
    for item in world.all(KubernetesObject):
        is_custom = item.group not in _BUILT_IN and not item.group.endswith(_NO_WORKLOAD_GROUPS)
        if is_custom and len(item.name) > 2:
            yield item.name
    for document in world.documents(Kind.KUBERNETES):
        yield from _entry_hosts(document)


def _entry_hosts(document: Document) -> Iterator[str]:
    """Hosts that an Istio ServiceEntry adds to the mesh."""
    if document.root.get("kind").text == "ServiceEntry":
        for host in document.root.get("spec", "hosts").elements():
            yield from filter(None, [host.text])


def _compose_names(world: World) -> Iterator[str]:
    for document in world.documents(Kind.COMPOSE):
        for name, node in services_in(document.root).items():
            if node.get("image").exists or node.get("build").exists:
                yield name


def _added(kustomization: Kustomization, key: str) -> str:
    """What a kustomization puts before or behind every name."""
    return kustomization.node.get(key).text or ""
