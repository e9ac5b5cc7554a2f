"""Mutual TLS that is not demanded, or not done."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.istio.mutual_tls import ROOT_NAMESPACE, TlsSetting, strict_peer_of
from archlint.model.kubernetes.api_server import is_about_webhooks
from archlint.model.world import World


@join(TlsSetting)
def mtls_not_strict(setting: TlsSetting, world: World, options: Options) -> Iterator[Observation]:
    """Peer authentications that accept plain text, and destination rules that send it where it is refused."""
    if setting.is_for_callers:
        yield from _plain_callers(setting, world)
    elif setting.mode.text in ("PERMISSIVE", "DISABLE") and not _is_for_others(setting):
        message = "permissive" if setting.mode.text == "PERMISSIVE" else "disabled"
        yield observe(
            setting.mode.value_place(), message, aliases=(), name=setting.base.name, target=_target(setting)
        )


def _is_for_others(setting: TlsSetting) -> bool:
    """Whether one port is open for callers that are never in the mesh: the API server, which calls webhooks,
    or a monitoring system, which reads metrics."""
    selector = setting.base.get("spec", "selector")
    is_for_metrics = any(word in setting.base.name for word in ("metrics", "exporter", "monitoring"))
    return setting.port is not None and (is_for_metrics or is_about_webhooks(setting.base, selector))


def _plain_callers(setting: TlsSetting, world: World) -> Iterator[Observation]:
    if setting.mode.text != "DISABLE":
        return
    peer = strict_peer_of(setting.base, world)
    if peer is not None:
        host = setting.base.get("spec", "host").text or ""
        yield observe(
            setting.mode.value_place(),
            "callers",
            related=[(peer.mode.value_place(), "mutual TLS is demanded here")],
            aliases=_aliases(host, peer.base.namespace),
            name=setting.base.name,
            host=host,
            peer=peer.base.name,
        )


def _aliases(host: str, namespace: str | None) -> list[str]:
    """Kiali looks at destination rules for the whole mesh and for whole namespaces alone."""
    if host == "*.local":
        return ["kiali:KIA0208"] if namespace == ROOT_NAMESPACE else []
    return ["kiali:KIA0207"] if host.startswith("*.") and namespace != ROOT_NAMESPACE else []


def _target(setting: TlsSetting) -> str:
    """What the mode is for, in words."""
    if setting.base.get("spec", "selector", "matchLabels").value:
        pods = "the pods that it selects"
    elif setting.base.namespace == ROOT_NAMESPACE:
        pods = "all pods of the mesh"
    elif setting.base.namespace:
        pods = f"the pods of namespace '{setting.base.namespace}'"
    else:
        pods = "the pods of its namespace"
    return f"port {setting.port} of {pods}" if setting.port else pods
