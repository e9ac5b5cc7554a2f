"""Workloads and the labels by which they find their own pods.

The rule is a join: kustomize patches, which have only one side of it, show as such beside the kustomizations.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.documents import Node
from archlint.model.kubernetes import Workload, string_map
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.world import World

_EQUALITY = frozenset({"ReplicationController", "DeploymentConfig"})
_SELECTING = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout", "CloneSet"})


@join(Workload)
def selector_does_not_match_template(
    workload: Workload, world: World, options: Options
) -> Iterator[Observation]:
    """A workload whose selector does not match the labels of its own pod template."""
    selector = workload.base.get("spec", "selector")
    if not workload.pod_spec.is_map or not selector.is_map or not selector.value:
        return
    simple = selector if workload.kind in _EQUALITY else selector.get("matchLabels")
    labels = workload.template.get("metadata", "labels")
    if not (_holds_texts(simple) and _holds_texts(labels)):
        return  # the schema tells, and nobody knows what is meant
    if workload.kind in _EQUALITY:
        wanted = string_map(selector)
        matches = all(workload.pod_labels.get(key) == value for key, value in wanted.items())
    elif workload.kind in _SELECTING or workload.base.get("spec", "manualSelector").value is True:
        matches = label_selector_matches(selector, workload.pod_labels)
    else:
        return
    if not matches:
        yield observe(
            selector.place(),
            related=[(labels.place(), "the labels of the pods")],
            kind=workload.kind,
            name=workload.name,
            difference=_difference(selector, workload),
            aliases=_names(workload),
        )


def _holds_texts(labels: Node) -> bool:
    """Whether labels have the form that labels have, or are not there."""
    return not labels.is_set or (labels.is_map and all(node.text is not None for _, node in labels.items()))


def _difference(selector: Node, workload: Workload) -> str:
    """The first requirement that the labels do not meet, in words."""
    simple = selector if workload.kind in _EQUALITY else selector.get("matchLabels")
    for key, value in string_map(simple).items():
        has = workload.pod_labels.get(key)
        if has != value:
            return f"it wants '{key}: {value}', the pods have " + (
                f"'{key}: {has}'" if has else f"no label '{key}'"
            )
    return "the pods do not meet its expressions"


def _names(workload: Workload) -> list[str]:
    names = ["kube-linter:mismatching-selector"]
    if workload.kind in ("Deployment", "StatefulSet"):
        names.append(f"kube-score:{workload.kind.lower()}-pod-selector-labels-match-template-metadata-labels")
    return names
