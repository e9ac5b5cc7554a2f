"""Laws that say the same of many fields: which numbers are allowed, and what form a text must have.

Source: ``ValidateNonnegativeField`` and its like in ``k8s.io/kubernetes/pkg/apis/*/validation``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from archlint.documents import Node
from archlint.finding.articles import with_article
from archlint.finding.words import listed
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.kubernetes.validation.choices import CONTAINER as CONTAINER_WORDS
from archlint.model.kubernetes.validation.choices import OBJECTS as OBJECT_WORDS
from archlint.model.kubernetes.validation.choices import POD as POD_WORDS
from archlint.model.kubernetes.validation.choices import Choices
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open, shown
from archlint.model.kubernetes.validation.syntax import (
    Form,
    address,
    dns_label,
    dns_subdomain,
    header_name,
    host_pattern,
    label_value,
    network,
    path_within,
    percentage,
    port_name,
    qualified_name,
    schedule,
)

Law = Callable[[Node], Refused | None]
Table = Mapping[str, Law]
"""Laws by the way to what they judge, ``*`` for each item of a list."""

_PORT = 65_535
_MOST = 2**31 - 1


def _bounded(least: int, most: int = _MOST, remedy: str = "") -> Law:
    """A number that is neither too small nor too large."""
    words = remedy or (f"{least} or more" if most == _MOST else f"a number from {least} to {most}")

    def law(node: Node) -> Refused | None:
        number = node.integer
        if number is None or least <= number <= most:
            return None
        return Refused(node, Cause.NUMBER, f"'{_key(node)}' is {number}", words)

    return law


def _exactly_one(node: Node) -> Refused | None:
    """What must be one; zero is read as the default, which is one."""
    number = node.integer
    if number is None or number in (0, 1):
        return None
    return Refused(
        node,
        Cause.NUMBER,
        f"'{_key(node)}' of {with_article(_probe(node))} is {number}",
        "1, or leave it out",
    )


def _probe(node: Node) -> str:
    return f"{node.route[-2]}".removesuffix("Probe") + " probe"


def _of_form(form: Form, cause: Cause, example: str, sign: str = "") -> Law:
    """A text of a form, which may end in a sign that elsewhere stands for what is filled in."""

    def law(node: Node) -> Refused | None:
        text = node.text
        wrong = None if not text or is_placeholder(text.rstrip(sign)) else form(text)
        return (
            Refused(node, cause, f"'{_key(node)}' is '{shown(text)}', which {wrong}", example)
            if wrong
            else None
        )

    return law


def _key(node: Node) -> str:
    return next((part for part in reversed(node.route) if isinstance(part, str)), "")


def _one_of(words: tuple[str, ...]) -> Law:
    """One of a few words; the server tells capital letters apart."""
    small = {word.lower(): word for word in words}

    def law(node: Node) -> Refused | None:
        text = node.text
        if not text or text in words or is_open(node):
            return None
        said = node.value if isinstance(node.value, str) else text
        meant = small.get(text.lower()) or SimilarNames(words).nearest(shown(text))
        problem = f"'{_key(node)}' is '{shown(said)}', which is none of {listed(words)}"
        return Refused(node, Cause.FORMAT, problem, f"'{meant}'" if meant else "one of these")

    return law


def _words(choices: Choices) -> Table:
    return {way: _one_of(words) for way, words in choices.items()}


def _both(one: Law, other: Law) -> Law:
    return lambda node: one(node) or other(node)


def _named(node: Node) -> Refused | None:
    """A port by its name; a number in quotes is taken for the number."""
    text = node.text or ""
    if not text or node.integer is not None or text.isdigit() or is_open(node):
        return None
    wrong = port_name(text)
    problem = f"The name '{shown(text)}' of a port {wrong}"
    return Refused(node, Cause.NAME, problem, "the name that the port of the pods has") if wrong else None


def _filled(node: Node) -> Refused | None:
    if node.value != "":
        return None
    return Refused(node, Cause.FORMAT, f"'{_key(node)}' is empty", "a network such as 10.0.0.0/8")


_NONE, _SOME, _PORTS = _bounded(0), _bounded(1), _bounded(1, _PORT)
_NAMED_PORT = _both(_PORTS, _named)
_MODE = _bounded(0, 0o777, "a mode from 0 to 0777, which is 511")
_LABEL = _of_form(dns_label, Cause.NAME, "a name such as 'cart-2'")
_SUBDOMAIN = _of_form(dns_subdomain, Cause.NAME, "a name such as 'cart-2'")
_QUALIFIED = _of_form(qualified_name, Cause.NAME, "a name such as 'example.com/cart'")
_ADDRESS = _of_form(address, Cause.FORMAT, "an address such as 10.0.0.1")
_NETWORK = _both(_filled, _of_form(network, Cause.FORMAT, "a network such as 10.0.0.0/8"))
_WITHIN = _of_form(path_within, Cause.FORMAT, "a path within the volume, such as 'conf/app.yaml'")
_SHARE = _both(_NONE, _of_form(percentage, Cause.FORMAT, "a number, or a share such as 25%", "%"))
_HOST = _of_form(host_pattern, Cause.FORMAT, "a name such as 'shop.example.com' or '*.example.com'")
_SCHEDULE = _of_form(schedule, Cause.FORMAT, "five fields such as '30 4 * * 1-5'")

_COUNTS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "failureThreshold")
_IDS = ("runAsUser", "runAsGroup", "fsGroup", "supplementalGroups/*")
_FILES = ("configMap", "secret", "downwardAPI", "projected/sources/*/configMap", "projected/sources/*/secret")
_AFFINITIES = ("nodeAffinity", "podAffinity", "podAntiAffinity")

POD: Table = {
    **_words(POD_WORDS),
    "activeDeadlineSeconds": _SOME,
    "hostname": _LABEL,
    "subdomain": _LABEL,
    "serviceAccountName": _SUBDOMAIN,
    "priorityClassName": _SUBDOMAIN,
    "runtimeClassName": _SUBDOMAIN,
    "hostAliases/*/ip": _ADDRESS,
    "dnsConfig/nameservers/*": _ADDRESS,
    "readinessGates/*/conditionType": _QUALIFIED,
    "schedulingGates/*/name": _QUALIFIED,
    "topologySpreadConstraints/*/topologyKey": _QUALIFIED,
    "volumes/*/name": _LABEL,
    **{f"securityContext/{key}": _NONE for key in _IDS},
    **{
        f"volumes/*/{kind}/defaultMode": _MODE for kind in ("configMap", "secret", "projected", "downwardAPI")
    },
    **{f"volumes/*/{kind}/items/*/mode": _MODE for kind in _FILES},
    **{f"volumes/*/{kind}/items/*/path": _WITHIN for kind in _FILES},
    **{
        f"affinity/{kind}/preferredDuringSchedulingIgnoredDuringExecution/*/weight": _bounded(1, 100)
        for kind in _AFFINITIES
    },
}
_PROBE: Table = {
    **dict.fromkeys(_COUNTS, _NONE),
    "httpGet/port": _PORTS,
    "tcpSocket/port": _PORTS,
    "grpc/port": _PORTS,
    "httpGet/httpHeaders/*/name": _of_form(header_name, Cause.FORMAT, "a name such as 'X-Request-Id'"),
}
_KILLING: Table = {**_PROBE, "successThreshold": _exactly_one, "terminationGracePeriodSeconds": _SOME}
CONTAINER: Table = {
    **_words(CONTAINER_WORDS),
    "name": _LABEL,
    "ports/*/hostPort": _bounded(0, _PORT),
    "securityContext/runAsUser": _NONE,
    "securityContext/runAsGroup": _NONE,
    "volumeMounts/*/subPath": _WITHIN,
    "volumeMounts/*/subPathExpr": _WITHIN,
    "readinessProbe/successThreshold": _NONE,
    **{f"readinessProbe/{way}": law for way, law in _PROBE.items()},
    **{f"{probe}/{way}": law for probe in ("livenessProbe", "startupProbe") for way, law in _KILLING.items()},
}
_ROLLED: Table = {"spec/replicas": _NONE, "spec/minReadySeconds": _NONE}
_KEPT: Table = {"spec/revisionHistoryLimit": _NONE}
_JOB: Table = dict.fromkeys(
    (
        *("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "backoffLimitPerIndex"),
        *("maxFailedIndexes", "ttlSecondsAfterFinished"),
    ),
    _NONE,
)
_SCALING: Table = {
    f"spec/behavior/{way}/{key}": law
    for way in ("scaleUp", "scaleDown")
    for key, law in {
        "stabilizationWindowSeconds": _bounded(0, 3600),
        "policies/*/periodSeconds": _bounded(1, 1800),
        "policies/*/value": _SOME,
    }.items()
}
_WEBHOOKS: Table = {
    "webhooks/*/timeoutSeconds": _bounded(1, 30),
    "webhooks/*/clientConfig/service/port": _PORTS,
}
_WAYS = (("ingress", "from"), ("egress", "to"))
_PRIORITY = _bounded(0, 1000)
_ADMIN: Table = {
    "spec/priority": _PRIORITY,
    "spec/egress/*/to/*/networks/*": _NETWORK,
    **{
        f"spec/{way}/*/ports/*/{key}": _PORTS
        for way, _ in _WAYS
        for key in ("portNumber/port", "portRange/start", "portRange/end")
    },
}
_OBJECTS: Mapping[tuple[str, str], Table] = {
    ("apps", "Deployment"): {
        **_ROLLED,
        **_KEPT,
        "spec/progressDeadlineSeconds": _NONE,
        "spec/strategy/rollingUpdate/maxSurge": _SHARE,
        "spec/strategy/rollingUpdate/maxUnavailable": _SHARE,
    },
    ("apps", "ReplicaSet"): _ROLLED,
    ("", "ReplicationController"): _ROLLED,
    ("apps", "DaemonSet"): {
        "spec/minReadySeconds": _NONE,
        **_KEPT,
        "spec/updateStrategy/rollingUpdate/maxSurge": _SHARE,
        "spec/updateStrategy/rollingUpdate/maxUnavailable": _SHARE,
    },
    ("apps", "StatefulSet"): {
        **_ROLLED,
        **_KEPT,
        "spec/ordinals/start": _NONE,
        "spec/updateStrategy/rollingUpdate/partition": _NONE,
    },
    ("batch", "Job"): {f"spec/{way}": law for way, law in _JOB.items()},
    ("batch", "CronJob"): {
        **{f"spec/jobTemplate/spec/{way}": law for way, law in _JOB.items()},
        "spec/schedule": _SCHEDULE,
        "spec/startingDeadlineSeconds": _NONE,
        "spec/successfulJobsHistoryLimit": _NONE,
        "spec/failedJobsHistoryLimit": _NONE,
    },
    ("", "Service"): {
        "spec/ports/*/port": _PORTS,
        "spec/ports/*/name": _LABEL,
        "spec/ports/*/appProtocol": _QUALIFIED,
        "spec/sessionAffinityConfig/clientIP/timeoutSeconds": _bounded(1, 86_400),
        "spec/externalIPs/*": _ADDRESS,
        "spec/loadBalancerSourceRanges/*": _of_form(
            lambda text: network(text.strip()), Cause.FORMAT, "a network such as 10.0.0.0/8"
        ),
        "spec/externalName": _of_form(
            lambda text: dns_subdomain(text.removesuffix(".")),
            Cause.FORMAT,
            "a host such as 'db.example.com'",
        ),
    },
    ("networking.k8s.io", "Ingress"): {
        "spec/ingressClassName": _SUBDOMAIN,
        "spec/rules/*/http/paths/*/backend/service/port/number": _PORTS,
        "spec/defaultBackend/service/port/number": _PORTS,
        "spec/rules/*/host": _HOST,
        "spec/tls/*/hosts/*": _HOST,
    },
    ("networking.k8s.io", "NetworkPolicy"): {
        **{f"spec/{way}/*/ports/*/port": _NAMED_PORT for way, _ in _WAYS},
        **{f"spec/{way}/*/ports/*/endPort": _PORTS for way, _ in _WAYS},
        **{
            f"spec/{way}/*/{side}/*/ipBlock/{key}": _NETWORK
            for way, side in _WAYS
            for key in ("cidr", "except/*")
        },
    },
    ("policy.networking.k8s.io", "AdminNetworkPolicy"): _ADMIN,
    ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"): _ADMIN,
    ("policy.networking.k8s.io", "ClusterNetworkPolicy"): {
        "spec/priority": _PRIORITY,
        "spec/egress/*/to/*/networks/*": _NETWORK,
        **{
            f"spec/{way}/*/protocols/*/{protocol}/destinationPort/{key}": _PORTS
            for way, _ in _WAYS
            for protocol in ("tcp", "udp", "sctp")
            for key in ("number", "range/start", "range/end")
        },
    },
    ("autoscaling", "HorizontalPodAutoscaler"): {
        "spec/minReplicas": _NONE,
        "spec/maxReplicas": _SOME,
        "spec/targetCPUUtilizationPercentage": _SOME,
        "spec/metrics/*/resource/target/averageUtilization": _SOME,
        "spec/metrics/*/containerResource/target/averageUtilization": _SOME,
        **_SCALING,
    },
    ("policy", "PodDisruptionBudget"): {"spec/minAvailable": _SHARE, "spec/maxUnavailable": _SHARE},
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): _WEBHOOKS,
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): _WEBHOOKS,
}
OBJECTS: Mapping[tuple[str, str], Table] = {
    key: {**_OBJECTS.get(key, {}), **_words(OBJECT_WORDS.get(key, {}))}
    for key in sorted({*_OBJECTS, *OBJECT_WORDS})
}
"""Tables by group and kind."""

_Tree = dict[str, Any]
"""A table by the first steps of its ways; an empty step holds a law."""


def grown(table: Table) -> _Tree:
    """A table as a tree, so that only what an object has is looked at."""
    root: _Tree = {}
    for way, law in table.items():
        here = root
        for part in way.split("/"):
            here = here.setdefault(part, {})
        here[""] = law
    return root


def broken(node: Node, tree: _Tree) -> Iterator[Refused]:
    """What the laws of a tree refuse at a node and below it."""
    for route, law in _meetings(node.value, tree, ()):
        refused = law(node.get(*route))
        if refused is not None:
            yield refused


def _meetings(
    value: object, tree: _Tree, route: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Law]]:
    for part, below in tree.items():
        if not part:
            yield route, below
        elif part == "*":
            if isinstance(value, list):
                for index, item in enumerate(value):
                    yield from _meetings(item, below, (*route, index))
        elif isinstance(value, dict) and part in value:
            yield from _meetings(value[part], below, (*route, part))


def labels_in(node: Node, cause: Cause = Cause.NAME) -> Iterator[Refused]:
    """Labels to select by that nothing can have."""
    for key, value in node.items():
        text = value.text or ""
        if is_open(value) or "$" in key or "{" in key:
            continue
        if wrong := qualified_name(key):
            yield Refused(
                value, cause, f"The label '{shown(key)}' {wrong}", "a name such as 'example.com/tier'"
            )
        elif wrong := label_value(text):
            yield Refused(
                value,
                cause,
                f"The value '{shown(text)}' of label '{key}' {wrong}",
                "a value such as 'cart-2'",
            )
