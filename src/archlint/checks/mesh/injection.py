"""Labels that are meant to switch sidecar injection and do not."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.mesh.heads import head
from archlint.documents import Node
from archlint.finding.words import listed, quoted
from archlint.model.istio.injection import (
    DATAPLANE_KEY,
    INJECT_KEY,
    NAMESPACE_KEY,
    REVISION_KEY,
    Holder,
    InjectionSetting,
)
from archlint.model.istio.revisions import DEFAULT, AskedRevision, revisions
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.world import World

_MOST = 4
"""No more revisions than this are named."""


@check(InjectionSetting)
def injection_label_wrong(setting: InjectionSetting, options: Options) -> Iterator[Observation]:
    """A label or annotation with a value that Istio does not know, or in a place where it does not look."""
    if setting.key == NAMESPACE_KEY:
        yield from _namespace_key(setting)
    elif setting.key == REVISION_KEY:
        if setting.section == "labels" and not setting.label(NAMESPACE_KEY).is_set:
            yield from _conflict(setting, (DATAPLANE_KEY,))
    else:
        yield from _pod_key(setting)


@join(AskedRevision)
def mesh_revision_undefined(asked: AskedRevision, world: World, options: Options) -> Iterator[Observation]:
    """A namespace, or pods, that ask for a revision of Istio which no control plane of the repository has."""
    known = world.fact(revisions)
    if not known or set(known) == {DEFAULT} or asked.revision in known:
        return  # where files name no revision, others may be installed by hand
    if asked.is_managed or is_placeholder(asked.revision):
        return
    is_namespace = asked.kind == "Namespace"
    yield observe(
        asked.label.value_place(),
        related=[(node.place(), f"revision '{name}'") for name, node in known.items()][:_MOST],
        identity=(REVISION_KEY, asked.revision),
        who=f"{'namespace' if is_namespace else f'the pods of {asked.kind}'} '{asked.name}'",
        revision=asked.revision,
        known=listed(quoted(known), _MOST),
    )


def _namespace_key(setting: InjectionSetting) -> Iterator[Observation]:
    if setting.holder is not Holder.NAMESPACE:
        yield _observe(setting, "not-on-workload")
    elif setting.section == "annotations":
        yield _observe(setting, "not-annotation")
    elif setting.value.text not in ("enabled", "disabled"):
        if not is_placeholder(setting.value.text or ""):
            yield _observe(setting, "namespace-value")
    elif setting.value.text == "enabled":
        yield from _conflict(setting, (REVISION_KEY, DATAPLANE_KEY))


def _conflict(setting: InjectionSetting, keys: tuple[str, ...]) -> Iterator[Observation]:
    """Another label of the namespace that chooses a sidecar, or the mode without sidecars."""
    others = (setting.label(key) for key in keys)
    other = next((node for node in others if node.is_set and _chooses(node)), None)
    if other is not None:
        yield observe(
            setting.value.place(),
            "conflict",
            related=[(other.place(), "the other label"), head(setting.base)],
            aliases=["istio:IST0123"],
            name=setting.base.name,
            one=f"{setting.key}: {_written(setting, setting.value.route)}",
            other=f"{other.route[-1]}: {_written(setting, other.route)}",
        )


def _chooses(label: Node) -> bool:
    return label.route[-1] == REVISION_KEY or label.text == "ambient"


def _pod_key(setting: InjectionSetting) -> Iterator[Observation]:
    if setting.holder is Holder.NAMESPACE:
        yield _observe(setting, "not-on-namespace")
    elif setting.holder is Holder.WORKLOAD:
        if not setting.is_repeated_on_pods:
            yield _observe(setting, "not-on-workload-metadata")
    elif isinstance(setting.value.value, bool):
        yield _observe(setting, "unquoted")
    elif setting.value.text not in ("true", "false") and not is_placeholder(setting.value.text or ""):
        yield _observe(setting, "pod-value")


def _observe(setting: InjectionSetting, message: str) -> Observation:
    """A finding at the value if that is wrong, else at the key, which stands in the wrong place."""
    is_value = message in ("namespace-value", "unquoted", "pod-value")
    return observe(
        setting.value.value_place() if is_value else setting.value.place(),
        message,
        related=[head(setting.base)],
        aliases=["istio:IST0107"] if _is_misplaced_annotation(setting) else [],
        kind=setting.base.kind,
        name=setting.base.name,
        value=_written(setting, setting.value.route),
        wanted="true" if setting.value.value else "false",
    )


def _is_misplaced_annotation(setting: InjectionSetting) -> bool:
    """Whether istioctl calls it misplaced: it looks at these two kinds."""
    is_seen = setting.base.kind in ("Namespace", "Deployment") and setting.holder is not Holder.POD
    return is_seen and setting.section == "annotations" and setting.key == INJECT_KEY


def _written(setting: InjectionSetting, route: tuple[str | int, ...]) -> str:
    """A value as it stands in the file, quotes included."""
    return setting.source.source_text(route) or "null"
