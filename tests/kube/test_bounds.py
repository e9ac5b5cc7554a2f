"""Which numbers and texts the fields of objects take: the last that are allowed, the first that are not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from archlint.model.kubernetes.validation.choices import OBJECTS as WORDS
from archlint.model.kubernetes.validation.tables import OBJECTS
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
    return {"/".join(_steps(item.node.route)) for item in refused(whole)}


def _steps(route: tuple[str | int, ...]) -> Iterator[str]:
    yield from ("*" if isinstance(part, int) else part for part in route)
