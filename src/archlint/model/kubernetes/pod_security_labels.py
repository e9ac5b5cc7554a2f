"""What the labels of a namespace ask of its pods: level and version, for each of three modes.

Source: Kubernetes documentation, "Enforce Pod Security Standards with Namespace Labels".
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.pod_security import LATEST, Breach, Control, controls_of, minor_version
from archlint.model.kubernetes.workloads import Workload

PREFIX = "pod-security.kubernetes.io/"
MODES = ("enforce", "warn", "audit")
LEVELS = ("privileged", "baseline", "restricted")
KEYS = frozenset({*MODES, *(f"{mode}-version" for mode in MODES)})


@dataclass(frozen=True, slots=True)
class Demand:
    """What one mode of a namespace asks of its pods."""

    mode: str
    level: str
    version: int
    label: Node
    """The label that says so."""


def demands_of(namespace: KubernetesObject) -> Iterator[Demand]:
    """What a namespace asks for, the gravest mode first."""
    labels = namespace.get("metadata", "labels")
    for mode in MODES:
        label = labels.get(PREFIX + mode)
        written = labels.get(f"{PREFIX}{mode}-version").text
        version = LATEST if written is None else minor_version(written)
        if label.text in LEVELS and label.text != "privileged":
            yield Demand(mode, label.text, LATEST if version is None else version, label)


@dataclass(frozen=True, slots=True)
class BrokenControl:
    """A control that the pods of a workload break, and who asks for it."""

    demand: Demand
    control: Control
    breaches: tuple[Breach, ...]


def broken_controls(workload: Workload, namespace: KubernetesObject) -> Iterator[BrokenControl]:
    """What of a namespace's demands a workload breaks; each setting only where it is asked for hardest."""
    told: set[tuple[str | int, ...]] = set()
    for demand in demands_of(namespace):
        for control in controls_of(demand.level, demand.version):
            found = [
                breach
                for breach in control.find(workload, demand.version)
                if (control.find.__name__, *breach.node.route) not in told
            ]
            if found:
                yield BrokenControl(demand, control, tuple(found))
            told.update((control.find.__name__, *breach.node.route) for breach in found)
