"""Labels, annotations and the order of keys: what teams agree on, and what the server refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.checks import Observation, Options, check, observe
from archlint.documents import Node
from archlint.documents.charts.empty_ends import lacks_an_end
from archlint.finding import Route
from archlint.finding.regex import regex
from archlint.finding.words import written
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.images import is_placeholder

_VALUE = regex(r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)?\Z")
_NAME = regex(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?\Z")
_LONGEST = 63
_ADDRESS = regex(r"[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+")
_OWNED = frozenset({"Service", "Ingress", "ConfigMap", "Secret", "Namespace", "NetworkPolicy"})
_INSTANCE = "app.kubernetes.io/instance"


@check(KubernetesObject)
def label_invalid(item: KubernetesObject, options: Options) -> Iterator[Observation]:
    """A label that the API server refuses."""
    for key, node in item.get("metadata", "labels").items():
        value = node.text
        if is_placeholder(key) or (value is not None and is_placeholder(value)) or not node.is_set:
            continue
        name = key.rpartition("/")[2]
        if not _NAME.match(name) or len(name) > _LONGEST:
            yield _refused(item, node, "key", key, len(name))
        elif value is None:
            yield _refused(item, node, "type", written(node.value), 0)
        elif len(value) > _LONGEST or not (_VALUE.match(value) or lacks_an_end(node)):
            yield _refused(item, node, "default", value, len(value))


def _refused(item: KubernetesObject, node: Node, message: str, text: str, length: int) -> Observation:
    why = (
        f"has {length} characters, and {_LONGEST} are allowed"
        if length > _LONGEST
        else "may have letters, digits, '-', '_' and '.' alone, and begins and ends with a letter or digit"
    )
    return observe(
        node.place(),
        message,
        key=node.route[-1],
        value=text,
        why=why,
        aliases=["kube-score:label-values"] if message == "default" and length <= _LONGEST else [],
    )


@check(KubernetesObject)
def owner_label_missing(item: KubernetesObject, options: Options) -> Iterator[Observation]:
    """An object without the label that says whose it is."""
    if _is_owned(item) and not item.labels.get(options["label"]):
        yield observe(
            item.get("metadata", "labels").place(),
            kind=item.kind,
            name=item.name,
            label=options["label"],
            aliases=_linters(item, "required-label-owner") if "owner" not in item.labels else [],
        )


@check(KubernetesObject)
def contact_annotation_missing(item: KubernetesObject, options: Options) -> Iterator[Observation]:
    """An object without an address to write to."""
    if _is_owned(item) and not _ADDRESS.match(item.annotations.get(options["annotation"], "")):
        yield observe(
            item.get("metadata", "annotations").place(),
            kind=item.kind,
            name=item.name,
            annotation=options["annotation"],
            aliases=_linters(item, "required-annotation-email") if options["annotation"] == "email" else [],
        )


def _linters(item: KubernetesObject, name: str) -> list[str]:
    """kube-linter's name for it; Knative's Services are none that it reads."""
    return [] if item.group == "serving.knative.dev" else [f"kube-linter:{name}"]


def _is_owned(item: KubernetesObject) -> bool:
    """Whether it is of a kind that somebody must answer for."""
    is_workload = item.get("spec", "template").is_map or item.get("spec", "jobTemplate").is_map
    return item.kind in _OWNED or is_workload or item.kind in ("Pod", "DeploymentConfig", "Deployment")


@check(Workload)
def instance_label_differs(workload: Workload, options: Options) -> Iterator[Observation]:
    """A workload whose label of the instance is not its name, or is not there."""
    label = workload.base.get("metadata", "labels", _INSTANCE)
    if (label.text and is_placeholder(label.text)) or label.text == workload.name:
        return
    yield observe(
        label.place(),
        "default" if label.text else "missing",
        kind=workload.kind,
        name=workload.name,
        label=label.text or "",
    )


@check(KubernetesObject)
def keys_not_sorted(item: KubernetesObject, options: Options) -> Iterator[Observation]:
    """A map whose keys are not in alphabetical order; the first of each object is told."""
    found = _unsorted(item.node)
    if found is not None:
        before, node = found
        yield observe(node.place(), kind=item.kind, name=item.name, key=node.route[-1], before=before)


def _stands_behind(value: Node, before: Node) -> bool:
    """Whether somebody wrote it behind another one, as opposed to a build that puts parts of several files
    together."""
    here, there = value.place(), before.place()
    return here.source.path == there.source.path and there.span() < here.span()


def _unsorted(root: Node) -> tuple[str, Node] | None:
    """The first key that stands behind one which comes after it, and that one."""
    waiting: list[tuple[Any, Route]] = [(root.value, ())]
    while waiting:
        value, route = waiting.pop()
        children = value.items() if isinstance(value, dict) else enumerate(value)
        last: str | None = None
        for key in value if isinstance(value, dict) else ():
            if last is not None and key < last:
                node = root.get(*route, key)
                if _stands_behind(node, root.get(*route, last)):
                    return last, node
            last = key
        inner = [(child, (*route, key)) for key, child in children if isinstance(child, dict | list)]
        waiting.extend(reversed(inner))
    return None
