"""What the API server refuses in volumes and claims.

Source: ``ValidatePersistentVolume`` and its neighbours in ``pkg/apis/core/validation`` of Kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.model.kubernetes.amounts import parse_quantity
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open, reach
from archlint.model.kubernetes.validation.selectors import selector_refusals

VOLUME_SOURCES = (
    *(
        "awsElasticBlockStore",
        "azureDisk",
        "azureFile",
        "cephfs",
        "cinder",
        "csi",
        "fc",
        "flexVolume",
        "flocker",
    ),
    *("gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local", "nfs", "photonPersistentDisk"),
    *("portworxVolume", "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume"),
)
"""The keys of a PersistentVolume that say where the data is."""


def claim_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A PersistentVolumeClaim that asks for nothing."""
    yield from _claim(base.get("spec"), f"Claim '{base.name}'")


def template_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """The claims that a StatefulSet makes for its pods."""
    for claim in base.get("spec", "volumeClaimTemplates").elements():
        yield from _claim(claim.get("spec"), f"Claim '{claim.get('metadata', 'name').text or '?'}'")


def _claim(spec: Node, called: str) -> Iterator[Refused]:
    if not spec.is_map:
        return
    yield from _modes(spec.get("accessModes"), called)
    yield from selector_refusals(spec.get("selector"))
    size = spec.get("resources", "requests", "storage")
    if not size.is_set and not is_open(spec.get("resources")):
        yield Refused(
            size, Cause.LACKING, f"{called} does not say how much it needs", "'resources.requests.storage'"
        )
    elif parse_quantity(size.value) == 0:
        yield Refused(size, Cause.NUMBER, f"{called} asks for {size.value} of storage", "more than 0")


def _modes(modes: Node, called: str) -> Iterator[Refused]:
    words = [item.text for item in modes.elements()]
    if not modes.value and not is_open(modes):
        yield Refused(
            modes,
            Cause.LACKING,
            f"{called} does not say who may use it",
            "'accessModes', such as [ReadWriteOnce]",
        )
    elif "ReadWriteOncePod" in words and len(set(words)) > 1:
        yield Refused(
            modes,
            Cause.CONFLICT,
            f"{called} is for one pod alone, and for others",
            "[ReadWriteOncePod] alone",
        )


def volume_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A PersistentVolume without size, data or users."""
    spec = base.get("spec")
    if not spec.is_map:
        return
    called = f"Volume '{base.name}'"
    yield from _modes(spec.get("accessModes"), called)
    sources = [spec.get(key) for key in VOLUME_SOURCES if spec.get(key).is_set]
    if len(sources) > 1:
        words = " and ".join(f"'{node.route[-1]}'" for node in sources[:3])
        yield Refused(sources[1], Cause.CONFLICT, f"{called} is {words}", "only one of them", sources[0])
    elif not sources and not any(spec.get(key).exists for key in VOLUME_SOURCES):
        yield Refused(
            spec,
            Cause.LACKING,
            f"{called} does not say where its data is",
            "a kind of volume, such as 'csi'",
        )
    if not spec.get("capacity", "storage").is_set and not is_open(spec.get("capacity")):
        yield Refused(
            spec.get("capacity"),
            Cause.LACKING,
            f"{called} does not say how large it is",
            "'capacity.storage'",
        )
    if spec.get("local").is_set and not spec.get("nodeAffinity", "required").is_set:
        problem = f"{called} is on the disk of a node, and does not say of which"
        yield Refused(spec.get("local"), Cause.LACKING, problem, "'nodeAffinity'")
    for path in reach(spec, "hostPath/path"):
        if path.text and ".." in path.text.split("/"):
            yield Refused(
                path, Cause.FORMAT, f"The path '{path.text}' of the node has '..'", "the path without '..'"
            )
