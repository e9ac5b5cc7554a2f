"""Whether a name that no manifest defines may be defined by something that cannot be read as objects."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.documents import Document
from archlint.files import Kind
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.kustomizations import Kustomization
from archlint.model.kubernetes.sets import deployment_sets, may_be_elsewhere
from archlint.model.world import World

_WORD = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
_TEMPLATE_SUFFIXES = (
    *(".yaml", ".yml", ".json", ".tpl", ".tmpl", ".gotmpl", ".j2", ".jsonnet", ".libsonnet", ".erb"),
    *(".cue", ".tf", ".k", ".star", ".dhall", ".pkl", ".hcl", ".nomad"),
)
_LONGEST_TEXT = 1_000_000
_BUILT_IN = ("", "apps", "batch", "extensions", "autoscaling", "policy")
_NO_WORKLOAD_GROUPS = (
    *("k8s.io", "istio.io", "monitoring.coreos.com", "external-secrets.io", "cert-manager.io", "kyverno.io"),
    *("keda.sh", "backstage.io", "cilium.io", "bitnami.com", "x-k8s.io"),
)
"""Ends of API groups whose objects make no Services and no workloads."""


class Absence:
    """Knows the names that charts, operators, Compose files, templates and kustomize may define."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._charts = set(_chart_names(world))
        self._operated = sorted(_operated_names(world))
        self._composed = set(_compose_names(world))
        self._unread: frozenset[str] | None = None

    def is_certain(self, kind: str, name: str, asker: KubernetesObject | None) -> bool:
        """Whether an object of this kind and name, which no manifest defines, is defined by nothing else.
        ``None`` as asker means one that is not deployed: then nothing in the world may be unreadable."""
        sets = self._world.fact(deployment_sets).sets
        askers = [group.objects[0] for group in sets if group.objects] if asker is None else [asker]
        return not (
            any(may_be_elsewhere(self._world, item, kind, name) for item in askers)
            or name in self._composed
            or any(_has_part(name, chart) for chart in self._charts)
            or any(name == each or name.startswith(each + "-") for each in self._operated)
            or any(_is_renamed(name, item) for item in self._world.all(Kustomization))
            or name in self._unread_words()
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


def similar_name(name: str, known: list[str]) -> str | None:
    """The known name that is nearest to a misspelt one, or that begins it; ``None`` if there is none."""
    found = [
        each
        for each in sorted(set(known), key=lambda item: (-len(item), item))
        if name.startswith(each + "-")
    ]
    if found:
        return found[0]
    from difflib import get_close_matches

    found = get_close_matches(name, sorted(set(known)), n=1, cutoff=0.75)
    return found[0] if found else None


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
    for document in world.documents(Kind.DATA):
        for name, node in document.root.get("services").items():
            if node.get("image").exists or node.get("build").exists:
                yield name


def _has_part(name: str, part: str) -> bool:
    return f"-{part}-" in f"-{name}-"


def _is_renamed(name: str, kustomization: Kustomization) -> bool:
    prefix = kustomization.node.get("namePrefix").text or ""
    suffix = kustomization.node.get("nameSuffix").text or ""
    return bool(prefix and name.startswith(prefix)) or bool(suffix and name.endswith(suffix))
