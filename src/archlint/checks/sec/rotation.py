"""Whether certificates and secrets are ever renewed."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.documents import Node
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.durations import parse_duration

_LEAST_DURATION, _LEAST_RENEWAL, _DEFAULT = 3600, 300, 2160 * 3600
"""Seconds: bounds of cert-manager's webhook, and what it takes for a duration that is not set."""
_CERTIFICATE = ("cert-manager.io", "Certificate")
_INGRESSES = frozenset({("networking.k8s.io", "Ingress"), ("gateway.networking.k8s.io", "Gateway")})


@check(KubernetesObject)
def certificate_renewal_impossible(item: KubernetesObject, options: Options) -> Iterator[Observation]:
    """A certificate with times that cert-manager refuses."""
    if (item.group, item.kind) == _CERTIFICATE:
        lasts, renewed = item.get("spec", "duration"), item.get("spec", "renewBefore")
    elif (item.group, item.kind) in _INGRESSES:
        annotations = item.get("metadata", "annotations")
        lasts = annotations.get("cert-manager.io/duration")
        renewed = annotations.get("cert-manager.io/renew-before")
    else:
        return
    fault = _fault(lasts, renewed)
    if fault is not None:
        is_joined = fault == "default"
        yield observe(
            (lasts if fault == "short" else renewed).value_place(),
            fault,
            related=[(lasts.value_place(), "how long it lasts")] if is_joined else [],
            kind=item.kind,
            name=item.name,
            duration=lasts.text or "2160h",
            renew=renewed.text,
        )


def _fault(lasts: Node, renewed: Node) -> str | None:
    """Why the times of a certificate are refused, as the id of a message."""
    seconds = parse_duration(lasts.text) if lasts.is_set else _DEFAULT
    before = parse_duration(renewed.text)
    if seconds is not None and seconds < _LEAST_DURATION:
        return "short"
    if before is None or seconds is None:
        return None
    if before < _LEAST_RENEWAL:
        return "late"
    return None if before < seconds else "default" if lasts.is_set else "unset"


@check(KubernetesObject)
def secret_never_renewed(item: KubernetesObject, options: Options) -> Iterator[Observation]:
    """A secret that is fetched from its store once, and never again."""
    spec = item.get("spec")
    if item.kind == "ClusterExternalSecret":
        spec = spec.get("externalSecretSpec")
    if item.group == "external-secrets.io" and item.kind in ("ExternalSecret", "ClusterExternalSecret"):
        every, policy = spec.get("refreshInterval"), spec.get("refreshPolicy")
        if _is_generated(spec):
            return
        if policy.text == "CreatedOnce":
            yield observe(
                policy.value_place(), kind=item.kind, name=item.name, said="refreshPolicy: CreatedOnce"
            )
        elif policy.text in (None, "Periodic") and parse_duration(_text(every)) == 0:
            said = f"refreshInterval: {_text(every)}"
            yield observe(every.value_place(), kind=item.kind, name=item.name, said=said)
    elif (item.group, item.kind) == ("secrets.hashicorp.com", "VaultStaticSecret"):
        every = spec.get("refreshAfter")
        is_told = spec.get("syncConfig", "instantUpdates").value is True
        if spec.is_map and not is_told and (not every.is_set or parse_duration(_text(every)) == 0):
            yield observe(every.place(), "vault", name=item.name)


def _is_generated(spec: Node) -> bool:
    """Whether the secret is made up where it is asked for, so that a renewal would be another secret."""
    return any(
        entry.get("sourceRef", "generatorRef").is_set
        for key in ("data", "dataFrom")
        for entry in spec.get(key).elements()
    )


def _text(node: Node) -> str:
    return "0" if node.integer == 0 else node.text or ""
