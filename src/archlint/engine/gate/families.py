"""How a release is taken back where no cluster keeps a history: mesh, gateways, policies, settings, queues.

Sources: Kubernetes, "Deployments" (``kubectl rollout undo`` restores the template of pods alone); Apache
Kafka, "Operations" (partitions are never taken away) and the configuration of topics (``retention.ms``);
RabbitMQ, "Schema Definition Export and Import" (an import deletes nothing); decK, ``deck gateway sync``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from archlint.comparison.resources import ResourceChange, Verb, WorkloadChange
from archlint.documents import Node
from archlint.files import Kind
from archlint.files.tree import content_of
from archlint.finding.records import dataclass
from archlint.finding.words import listed
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.read_at_start import read_at_start
from archlint.model.kubernetes.restarts import restart_command
from archlint.model.telemetry.rules import MetricRule, words_of
from archlint.model.telemetry.signs import SIGNS
from archlint.model.world import World

_MOST_NAMED = 3
_PLAIN = {
    "mesh": "the mesh changes",
    "ingress": "routes and gateways change",
    "network policy": "network policies change",
    "service": "Services change",
}
"""Families of which the cluster keeps no history, in words."""
_TAKES_ALONG = {
    "PersistentVolumeClaim": "its data goes with it, unless the class of its volume retains it",
    "CustomResourceDefinition": "all objects of its kind go with it",
    "Namespace": "everything in it goes with it",
    "KafkaTopic": "its messages go with it",
    "Queue": "its messages go with it",
}
_SETTINGS = ("ConfigMap", "Secret")
_RETENTION = "retention.ms"


@dataclass(frozen=True, slots=True)
class WaysBack:
    """What is to be done besides, as words, and what nothing brings back."""

    told: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def ways_back(
    base: World,
    revision: World,
    workloads: Sequence[WorkloadChange],
    resources: Sequence[ResourceChange],
) -> WaysBack:
    """The ways back of all families but workloads and database schemas, which have their own, and what does
    not show whether going back has worked."""
    topics = list(_topics(base, revision))
    told = (*_applied_again(resources), *_settings(revision, resources), *_files(base, revision))
    told = (*told, *_unshown(revision, workloads))
    lost = (*_taken_along(resources), *(text for text, is_lost in topics if is_lost))
    return WaysBack((*told, *(text for text, is_lost in topics if not is_lost)), lost)


def _applied_again(resources: Iterable[ResourceChange]) -> Iterator[str]:
    """What comes back only if the files of before are applied again."""
    changed: dict[str, list[str]] = {}
    for item in resources:
        if item.family in _PLAIN:
            changed.setdefault(item.family, []).append(str(item.object))
    for family, words in _PLAIN.items():
        if family in changed:
            named = listed(changed[family], _MOST_NAMED)
            yield f"{words} ({named}), and no cluster keeps what was there: apply the base's files again"


def _settings(revision: World, resources: Iterable[ResourceChange]) -> Iterator[str]:
    """What ``kubectl rollout undo`` does not bring back, and who has to be started again."""
    changed = {
        (item.object.kind, item.object.name): str(item.object)
        for item in resources
        if item.object.kind in _SETTINGS and item.verb is Verb.UPDATE
    }
    if not changed:
        return
    named = listed(list(changed.values()), _MOST_NAMED)
    readers = [
        f"'{restart_command(workload)}'"
        for workload in revision.all(Workload)
        if any((each.kind, each.name.text) in changed for each in read_at_start(workload))
    ]
    text = f"settings change ({named}), which 'kubectl rollout undo' does not bring back: apply the base's"
    started = listed(list(dict.fromkeys(readers)), _MOST_NAMED)
    yield f"{text} again, then run {started}" if readers else f"{text} again"


def _taken_along(resources: Iterable[ResourceChange]) -> Iterator[str]:
    for item in resources:
        if item.verb is Verb.DELETE and item.object.kind in _TAKES_ALONG:
            yield f"{item.object} is deleted, and {_TAKES_ALONG[item.object.kind]}"


def _topics(base: World, revision: World) -> Iterator[tuple[str, bool]]:
    """What of topics does not go back, and whether messages are lost."""
    before = _specs(base)
    for name, spec in _specs(revision).items() if before else ():
        old = before.get(name)
        if old is None:
            continue
        was, now = (each.get("partitions").integer for each in (old, spec))
        if was is not None and now is not None and now > was:
            yield (
                f"{name} goes from {was} to {now} partitions, and Kafka never takes one away: they stay",
                False,
            )
        kept, keeps = (_milliseconds(each) for each in (old, spec))
        if kept is not None and keeps is not None and keeps >= 0 and (keeps < kept or kept < 0):
            text = f"{name} has {_RETENTION} {keeps} and had {kept}: what is older is deleted for good"
            yield f"{text}, and consumers that go back cannot read it again", True


def _specs(world: World) -> Mapping[str, Node]:
    return {
        str(item.object): item.get("spec")
        for item in world.all(KubernetesObject)
        if item.kind == "KafkaTopic" and item.group == "kafka.strimzi.io"
    }


def _milliseconds(spec: Node) -> int | None:
    said = spec.get("config", _RETENTION)
    text = str(said.value) if said.is_set else ""
    return int(text) if len(text) < 20 and text.removeprefix("-").isdecimal() else None


def _unshown(world: World, workloads: Sequence[WorkloadChange]) -> Iterator[str]:
    """The workloads of which no alert would tell that going back has not helped, where others have some."""
    alerts = [rule for rule in world.all(MetricRule) if rule.is_alert]
    texts = [" ".join(words_of(rule)).lower() for rule in alerts]
    missing: dict[str, list[str]] = {}
    for change in workloads if alerts else ():
        own = [text for text in texts if change.object.name.lower() in text]
        for what, form in SIGNS.items():
            if change.before is not None and change.after is not None and not any(map(form.search, own)):
                missing.setdefault(what, []).append(str(change.object))
    for what, names in missing.items():
        yield f"no alert on {what} shows whether going back has worked: {listed(names, _MOST_NAMED)}"


def _files(base: World, revision: World) -> Iterator[str]:
    """Files that are loaded into a broker or gateway as a whole."""
    for document in revision.documents(Kind.DATA):
        kind = _loaded_as(document.root) if document.index == 0 else None
        if kind is None:
            continue
        before, now = (content_of(world.tree, document.path) for world in (base, revision))
        if before is not None and before != now:
            yield kind.format(document.path)


def _loaded_as(root: Node) -> str | None:
    if root.get("_format_version").is_set and (root.get("services").is_list or root.get("routes").is_list):
        return (
            "{0} is loaded into the gateway: 'deck gateway sync' with that of the base brings its state back"
        )
    is_broker = any(root.get(key).is_set for key in ("rabbit_version", "rabbitmq_version"))
    if is_broker or (root.get("vhosts").is_list and root.get("queues").is_list):
        return "{0} is imported into a broker, which deletes nothing: what is added stays until it is deleted"
    return None
