"""Fields that take one of a few words: each word is taken, and none that is spelt otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.documents.kubernetes.definitions import definitions
from archlint.model.kubernetes.validation.choices import CONTAINER, OBJECTS, POD, Choices
from tests.kube.test_refusals import refused

VERSIONS = {"": "v1", "autoscaling": "autoscaling/v2"}
_TEMPLATE = "spec/template/spec/"


def placed(way: str, value: str) -> Any:
    """The value at the end of a way."""
    first, _, rest = way.partition("/")
    inner: Any = placed(rest, value) if rest else value
    return [inner] if first == "*" else {first: inner}


def merged(one: Any, other: Any) -> Any:
    """Both values in one; of lists the first items."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: merged(one[key], item) if key in one else item for key, item in other.items()}}
    if isinstance(one, list) and isinstance(other, list):
        return [merged(one[0], other[0])]
    return other


def fields() -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Group, kind, way and words of each field; those of pods in a Deployment."""
    within: dict[str, Choices] = {_TEMPLATE: POD, f"{_TEMPLATE}containers/*/": CONTAINER}
    of_pods = [
        ("apps", "Deployment", at + way, words)
        for at, table in within.items()
        for way, words in table.items()
    ]
    return of_pods + [
        (group, kind, way, words) for (group, kind), table in OBJECTS.items() for way, words in table.items()
    ]


SAID = """
dnsPolicy: ClusterFirst ClusterFirstWithHostNet Default None
securityContext/fsGroupChangePolicy: Always OnRootMismatch
securityContext/seccompProfile/type: Localhost RuntimeDefault Unconfined
tolerations/effect: NoExecute NoSchedule PreferNoSchedule
tolerations/operator: Equal Exists Gt Lt
topologySpreadConstraints/whenUnsatisfiable: DoNotSchedule ScheduleAnyway
volumes/hostPath/type: BlockDevice CharDevice Directory DirectoryOrCreate File FileOrCreate Socket
containers/imagePullPolicy: Always IfNotPresent Never
containers/terminationMessagePolicy: FallbackToLogsOnError File
containers/ports/protocol: SCTP TCP UDP
containers/securityContext/procMount: Default Unmasked
containers/securityContext/seccompProfile/type: Localhost RuntimeDefault Unconfined
containers/livenessProbe/httpGet/scheme: HTTP HTTPS
containers/readinessProbe/httpGet/scheme: HTTP HTTPS
containers/startupProbe/httpGet/scheme: HTTP HTTPS
Deployment spec/strategy/type: Recreate RollingUpdate
DaemonSet spec/updateStrategy/type: OnDelete RollingUpdate
StatefulSet spec/updateStrategy/type: OnDelete RollingUpdate
StatefulSet spec/podManagementPolicy: OrderedReady Parallel
StatefulSet spec/volumeClaimTemplates/spec/accessModes: ReadOnlyMany ReadWriteMany ReadWriteOnce ReadWriteOncePod
StatefulSet spec/volumeClaimTemplates/spec/volumeMode: Block Filesystem
Job spec/completionMode: Indexed NonIndexed
Job spec/podReplacementPolicy: Failed TerminatingOrFailed
CronJob spec/jobTemplate/spec/completionMode: Indexed NonIndexed
CronJob spec/jobTemplate/spec/podReplacementPolicy: Failed TerminatingOrFailed
CronJob spec/concurrencyPolicy: Allow Forbid Replace
Service spec/type: ClusterIP ExternalName LoadBalancer NodePort
Service spec/ports/protocol: SCTP TCP UDP
Service spec/sessionAffinity: ClientIP None
Service spec/externalTrafficPolicy: Cluster Local
Service spec/internalTrafficPolicy: Cluster Local
Service spec/ipFamilyPolicy: PreferDualStack RequireDualStack SingleStack
Service spec/ipFamilies: IPv4 IPv6
PersistentVolume spec/accessModes: ReadOnlyMany ReadWriteMany ReadWriteOnce ReadWriteOncePod
PersistentVolume spec/volumeMode: Block Filesystem
PersistentVolume spec/persistentVolumeReclaimPolicy: Delete Recycle Retain
PersistentVolumeClaim spec/accessModes: ReadOnlyMany ReadWriteMany ReadWriteOnce ReadWriteOncePod
PersistentVolumeClaim spec/volumeMode: Block Filesystem
StorageClass reclaimPolicy: Delete Retain
StorageClass volumeBindingMode: Immediate WaitForFirstConsumer
Ingress spec/rules/http/paths/pathType: Exact ImplementationSpecific Prefix
NetworkPolicy spec/policyTypes: Egress Ingress
NetworkPolicy spec/ingress/ports/protocol: SCTP TCP UDP
NetworkPolicy spec/egress/ports/protocol: SCTP TCP UDP
HorizontalPodAutoscaler spec/metrics/type: ContainerResource External Object Pods Resource
HorizontalPodAutoscaler spec/behavior/scaleUp/selectPolicy: Disabled Max Min
HorizontalPodAutoscaler spec/behavior/scaleDown/selectPolicy: Disabled Max Min
HorizontalPodAutoscaler spec/behavior/scaleUp/policies/type: Percent Pods
HorizontalPodAutoscaler spec/behavior/scaleDown/policies/type: Percent Pods
PodDisruptionBudget spec/unhealthyPodEvictionPolicy: AlwaysAllow IfHealthyBudget
RoleBinding roleRef/kind: ClusterRole Role
ClusterRoleBinding roleRef/kind: ClusterRole Role
ValidatingWebhookConfiguration webhooks/failurePolicy: Fail Ignore
ValidatingWebhookConfiguration webhooks/matchPolicy: Equivalent Exact
ValidatingWebhookConfiguration webhooks/sideEffects: None NoneOnDryRun Some Unknown
ValidatingWebhookConfiguration webhooks/rules/operations: * CONNECT CREATE DELETE UPDATE
ValidatingWebhookConfiguration webhooks/rules/scope: * Cluster Namespaced
MutatingWebhookConfiguration webhooks/failurePolicy: Fail Ignore
MutatingWebhookConfiguration webhooks/matchPolicy: Equivalent Exact
MutatingWebhookConfiguration webhooks/sideEffects: None NoneOnDryRun Some Unknown
MutatingWebhookConfiguration webhooks/rules/operations: * CONNECT CREATE DELETE UPDATE
MutatingWebhookConfiguration webhooks/rules/scope: * Cluster Namespaced
MutatingWebhookConfiguration webhooks/reinvocationPolicy: IfNeeded Never
ValidatingAdmissionPolicy spec/failurePolicy: Fail Ignore
ValidatingAdmissionPolicy spec/matchConstraints/matchPolicy: Equivalent Exact
ValidatingAdmissionPolicy spec/matchConstraints/resourceRules/operations: * CONNECT CREATE DELETE UPDATE
ValidatingAdmissionPolicy spec/matchConstraints/resourceRules/scope: * Cluster Namespaced
MutatingAdmissionPolicy spec/failurePolicy: Fail Ignore
MutatingAdmissionPolicy spec/matchConstraints/matchPolicy: Equivalent Exact
MutatingAdmissionPolicy spec/matchConstraints/resourceRules/operations: * CONNECT CREATE DELETE UPDATE
MutatingAdmissionPolicy spec/matchConstraints/resourceRules/scope: * Cluster Namespaced
ValidatingAdmissionPolicyBinding spec/validationActions: Audit Deny Warn
"""  # noqa: E501
"""What the documentation of each field says, written a second time: a slip in one of both is seen."""


ELSEWHERE = frozenset(("policy.networking.k8s.io", "k8s.ovn.org"))
"""The groups of which Kubernetes itself has no schemas."""


def test_the_words_are_those_of_the_documentation() -> None:
    found = []
    for group, kind, way, words in fields():
        if group in ELSEWHERE:
            continue
        is_of_pods = way.startswith(_TEMPLATE)
        name = way.removeprefix(_TEMPLATE) if is_of_pods else f"{kind} {way}"
        found.append(f"{name.replace('/*', '')}: {' '.join(sorted(words))}")
        assert is_field(group, kind, way), name
    assert sorted(found) == sorted(SAID.strip().splitlines())


def is_field(group: str, kind: str, way: str) -> bool:
    """Whether Kubernetes has a text at the end of a way, a list where the way goes through all items."""
    written = definitions().type_of(VERSIONS.get(group, f"{group}/v1"), kind, definitions().newest)
    for part in way.split("/"):
        if written is None:
            return False
        if part == "*":
            written = written.removeprefix("[") if written.startswith("[") else None
        else:
            name = written.partition("|")[0].rstrip("!").removeprefix("#")
            written = dict(definitions().fields(name, definitions().newest)).get(part)
    return written is not None and written.rstrip("!").startswith("s")


def told(group: str, kind: str, way: str, word: str) -> list[str]:
    version = VERSIONS.get(group, f"{group}/v1")
    whole = {"apiVersion": version, "kind": kind, "metadata": {"name": "cart"}}
    if kind == "Deployment":  # pods are judged where containers have images
        whole |= merged(placed(f"{_TEMPLATE}containers/*/image", "shop/cart:1"), placed(way, word))
    else:
        whole |= placed(way, word)
    field = next(part for part in reversed(way.split("/")) if part != "*")
    return [
        item.remedy
        for item in refused(whole)
        if item.problem.startswith(f"'{field}' is '{word}', which is none of")
    ]


@pytest.mark.parametrize(("group", "kind", "way", "words"), fields())
def test_the_words_and_no_others(group: str, kind: str, way: str, words: tuple[str, ...]) -> None:
    for word in words:
        assert told(group, kind, way, word) == []
        if word.swapcase() != word:
            assert told(group, kind, way, word.swapcase()) == [f"'{word}'"]
    assert told(group, kind, way, "zzz") == ["one of these"]
    assert told(group, kind, way, "${WORD}") == []
