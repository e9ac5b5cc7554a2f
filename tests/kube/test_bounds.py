"""Which numbers and texts the fields of objects take: the last that are allowed, the first that are not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from archlint.model.kubernetes.validation.choices import CONTAINER as CONTAINER_WORDS
from archlint.model.kubernetes.validation.choices import OBJECTS as WORDS
from archlint.model.kubernetes.validation.choices import POD as POD_WORDS
from archlint.model.kubernetes.validation.tables import CONTAINER, OBJECTS, POD
from tests.kube.test_choices import ELSEWHERE, placed
from tests.kube.test_refusals import refused

VERSIONS = {
    "": "v1",
    "autoscaling": "autoscaling/v2",
}
NOT_BELOW_0, ABOVE_0 = ((0, 1), (-1,)), ((1, 2**31 - 1), (0, -1))
PORT, SHARE = ((1, 65_535), (0, 65_536)), ((0, 1, "25%", "0%", "%SHARE%"), (-1, "25", "25 %", "2.5%"))
NEEDING = {
    "backoffLimitPerIndex": {"completionMode": "Indexed"},
    "maxFailedIndexes": {"completionMode": "Indexed", "backoffLimitPerIndex": 1},
    "endPort": {"port": 1},
    "minReplicas": {"metrics": [{"type": "External", "external": {"metric": {"name": "a"}}}]},
}
"""What has to stand beside a field, by its name."""
NETWORK = (("10.0.0.0/8", "2001:db8::/32"), ("10.0.0.0", "10.0.0.0/33", "a"))
HOST = (("a.example.com", "*.example.com"), ("a_b", "*", "a.*.com"))
ROLLED = {"spec/replicas": NOT_BELOW_0, "spec/minReadySeconds": NOT_BELOW_0}
KEPT = {"spec/revisionHistoryLimit": NOT_BELOW_0}
JOB = dict.fromkeys(
    (
        *("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "backoffLimitPerIndex"),
        *("maxFailedIndexes", "ttlSecondsAfterFinished"),
    ),
    NOT_BELOW_0,
)
WEBHOOKS = {
    "webhooks/*/timeoutSeconds": ((1, 30), (0, 31)),
    "webhooks/*/clientConfig/service/port": PORT,
}
TAKEN: dict[tuple[str, str], dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]]] = {
    ("apps", "Deployment"): {
        **ROLLED,
        **KEPT,
        "spec/progressDeadlineSeconds": NOT_BELOW_0,
        "spec/strategy/rollingUpdate/maxSurge": SHARE,
        "spec/strategy/rollingUpdate/maxUnavailable": SHARE,
    },
    ("apps", "ReplicaSet"): ROLLED,
    ("", "ReplicationController"): ROLLED,
    ("apps", "DaemonSet"): {
        **KEPT,
        "spec/minReadySeconds": NOT_BELOW_0,
        "spec/updateStrategy/rollingUpdate/maxSurge": ((0, "0%"), SHARE[1]),
        "spec/updateStrategy/rollingUpdate/maxUnavailable": ((1, "25%"), SHARE[1]),
    },
    ("apps", "StatefulSet"): {
        **ROLLED,
        **KEPT,
        "spec/ordinals/start": NOT_BELOW_0,
        "spec/updateStrategy/rollingUpdate/partition": NOT_BELOW_0,
    },
    ("batch", "Job"): {f"spec/{way}": bounds for way, bounds in JOB.items()},
    ("batch", "CronJob"): {
        **{f"spec/jobTemplate/spec/{way}": bounds for way, bounds in JOB.items()},
        "spec/schedule": (("30 4 * * 1-5", "@daily"), ("30 4 * *", "61 4 * * *")),
        "spec/startingDeadlineSeconds": NOT_BELOW_0,
        "spec/successfulJobsHistoryLimit": NOT_BELOW_0,
        "spec/failedJobsHistoryLimit": NOT_BELOW_0,
    },
    ("", "Service"): {
        "spec/ports/*/port": PORT,
        "spec/ports/*/name": (("http", "a-b"), ("Http", "a_b", "-a")),
        "spec/ports/*/appProtocol": (("http", "example.com/own"), ("a b", "/a")),
        "spec/sessionAffinityConfig/clientIP/timeoutSeconds": ((1, 86_400), (0, 86_401)),
        "spec/externalIPs/*": (("192.0.2.1", "2001:db8::1"), ("192.0.2", "a")),
        "spec/loadBalancerSourceRanges/*": NETWORK,
        "spec/externalName": (("db.example.com", "db.example.com."), ("a_b", "http://a")),
    },
    ("networking.k8s.io", "Ingress"): {
        "spec/ingressClassName": (("nginx", "a.b"), ("Nginx", "a_b")),
        "spec/rules/*/http/paths/*/backend/service/port/number": PORT,
        "spec/defaultBackend/service/port/number": PORT,
        "spec/rules/*/host": HOST,
        "spec/tls/*/hosts/*": HOST,
    },
    ("networking.k8s.io", "NetworkPolicy"): {
        **{
            f"spec/{way}/*/ports/*/{key}": PORT
            for way in ("ingress", "egress")
            for key in ("port", "endPort")
        },
        **{
            f"spec/{way}/ipBlock/{key}": NETWORK
            for way in ("ingress/*/from/*", "egress/*/to/*")
            for key in ("cidr", "except/*")
        },
    },
    ("autoscaling", "HorizontalPodAutoscaler"): {
        "spec/minReplicas": NOT_BELOW_0,
        "spec/maxReplicas": ABOVE_0,
        "spec/targetCPUUtilizationPercentage": ABOVE_0,
        "spec/metrics/*/resource/target/averageUtilization": ABOVE_0,
        "spec/metrics/*/containerResource/target/averageUtilization": ABOVE_0,
        **{
            f"spec/behavior/{way}/{key}": bounds
            for way in ("scaleUp", "scaleDown")
            for key, bounds in {
                "stabilizationWindowSeconds": ((0, 3600), (-1, 3601)),
                "policies/*/periodSeconds": ((1, 1800), (0, 1801)),
                "policies/*/value": ABOVE_0,
            }.items()
        },
    },
    ("policy", "PodDisruptionBudget"): {"spec/minAvailable": SHARE, "spec/maxUnavailable": SHARE},
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): WEBHOOKS,
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): WEBHOOKS,
}


LABEL = (("a-1", "a" * 63), ("a.b", "A", "-a", "a" * 64))
SUBDOMAIN = (("a.b-1", "a" * 253), ("a_b", "A", "a..b", "a" * 254))
ADDRESS = (("10.0.0.1", "::1"), ("10.0.0", "a", "10.0.0.256"))
QUALIFIED = (("example.com/cart", "cart_1.x"), ("a/b/c", "a b", "/a"))
MODE = ((0, 0o777), (-1, 0o1000))
INSIDE = (("conf/app.yaml", "a..b"), ("/a", "a/../b", ".."))
ITEMS = ("configMap", "secret", "downwardAPI", "projected/sources/*/configMap", "projected/sources/*/secret")
PROBE = {
    **dict.fromkeys(
        ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "failureThreshold"), NOT_BELOW_0
    ),
    **dict.fromkeys(("httpGet/port", "tcpSocket/port", "grpc/port"), PORT),
    "httpGet/httpHeaders/*/name": (("X-Request-Id",), ("a b", "a:")),
}
KILLING = {**PROBE, "successThreshold": ((0, 1), (2, -1)), "terminationGracePeriodSeconds": ABOVE_0}
OF_PODS: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    "activeDeadlineSeconds": ABOVE_0,
    **dict.fromkeys(("hostname", "subdomain", "volumes/*/name"), LABEL),
    **dict.fromkeys(("serviceAccountName", "priorityClassName", "runtimeClassName"), SUBDOMAIN),
    **dict.fromkeys(("hostAliases/*/ip", "dnsConfig/nameservers/*"), ADDRESS),
    "readinessGates/*/conditionType": QUALIFIED,
    "schedulingGates/*/name": QUALIFIED,
    "topologySpreadConstraints/*/topologyKey": QUALIFIED,
    **{
        f"securityContext/{key}": NOT_BELOW_0
        for key in ("runAsUser", "runAsGroup", "fsGroup", "supplementalGroups/*")
    },
    **{f"volumes/*/{kind}/defaultMode": MODE for kind in ("configMap", "secret", "projected", "downwardAPI")},
    **{f"volumes/*/{kind}/items/*/mode": MODE for kind in ITEMS},
    **{f"volumes/*/{kind}/items/*/path": INSIDE for kind in ITEMS},
    **{
        f"affinity/{kind}/preferredDuringSchedulingIgnoredDuringExecution/*/weight": ((1, 100), (0, 101))
        for kind in ("nodeAffinity", "podAffinity", "podAntiAffinity")
    },
}
OF_CONTAINERS: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    "name": LABEL,
    "ports/*/hostPort": ((0, 65_535), (-1, 65_536)),
    "securityContext/runAsUser": NOT_BELOW_0,
    "securityContext/runAsGroup": NOT_BELOW_0,
    "volumeMounts/*/subPath": INSIDE,
    "volumeMounts/*/subPathExpr": INSIDE,
    "readinessProbe/successThreshold": NOT_BELOW_0,
    **{f"readinessProbe/{way}": bounds for way, bounds in PROBE.items()},
    **{
        f"{probe}/{way}": bounds
        for probe in ("livenessProbe", "startupProbe")
        for way, bounds in KILLING.items()
    },
}
_PODS = "spec/template/spec/"
IN_PODS = {
    **{f"{_PODS}{way}": bounds for way, bounds in OF_PODS.items()},
    **{
        f"{_PODS}{role}/*/{way}": bounds
        for role in ("containers", "initContainers")
        for way, bounds in OF_CONTAINERS.items()
    },
}


@pytest.mark.parametrize("way", IN_PODS)
def test_the_last_that_a_pod_may_have_and_the_first_that_it_may_not(way: str) -> None:
    allowed, wrong = IN_PODS[way]
    for value in allowed:
        assert way not in ways_refused("batch", "Job", way, value), value
    for value in wrong:
        assert way in ways_refused("batch", "Job", way, value), value


def test_no_field_of_pods_is_forgotten() -> None:
    assert POD.keys() - POD_WORDS.keys() == OF_PODS.keys()
    assert CONTAINER.keys() - CONTAINER_WORDS.keys() == OF_CONTAINERS.keys()


def test_no_field_is_forgotten() -> None:
    tables = {
        key: table.keys() - WORDS.get(key, {}).keys()
        for key, table in OBJECTS.items()
        if key[0] not in ELSEWHERE
    }
    assert {key: ways for key, ways in tables.items() if ways} == {
        key: set(ways) for key, ways in TAKEN.items()
    }


@pytest.mark.parametrize(
    ("group", "kind", "way", "bounds"),
    [(*key, way, bounds) for key, table in TAKEN.items() for way, bounds in table.items()],
)
def test_the_last_that_is_allowed_and_the_first_that_is_not(
    group: str, kind: str, way: str, bounds: tuple[tuple[Any, ...], tuple[Any, ...]]
) -> None:
    allowed, wrong = bounds
    for value in allowed:
        assert way not in ways_refused(group, kind, way, value), value
    for value in wrong:
        assert way in ways_refused(group, kind, way, value), value


def ways_refused(group: str, kind: str, way: str, value: Any) -> set[str]:
    """The ways to all that is refused of an object that has one value."""
    version = VERSIONS.get(group, f"{group}/v1")
    *above, last = way.split("/")
    whole = {"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, **placed(way, value)}
    here: Any = whole
    for part in above:
        here = here[0] if part == "*" else here[part]
    if last in NEEDING:
        here.update(NEEDING[last])
    if way.startswith(_PODS):
        containers = whole["spec"]["template"]["spec"].setdefault("containers", [{"name": "a"}])
        containers[0]["image"] = "b"
    return {"/".join(_steps(item.node.route)) for item in refused(whole)}


def _steps(route: tuple[str | int, ...]) -> Iterator[str]:
    yield from ("*" if isinstance(part, int) else part for part in route)
