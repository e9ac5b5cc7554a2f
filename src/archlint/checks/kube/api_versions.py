"""API versions that clusters do not serve any more, or soon will not."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.documents.editing import rewritten
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.api_versions import KUBERNETES, Retirement, retirement

_SCORED_UNTIL = (1, 18)
"""kube-score knows what was deprecated when it was written, of these kinds."""
_SCORED = frozenset({"Deployment", "StatefulSet", "DaemonSet"})


@check(KubernetesObject)
def api_version_removed(item: KubernetesObject, options: Options) -> Iterator[Observation]:
    """An object in an API version that the clusters do not serve."""
    found = retirement(item.api_version, item.kind)
    if found is not None and _is_gone(found, options["kubernetes-version"]):
        assert found.removed is not None
        yield _observed(item, found, _version(found.removed))


@check(KubernetesObject)
def api_version_deprecated(item: KubernetesObject, options: Options) -> Iterator[Observation]:
    """An object in an API version that a later version of the clusters will not serve."""
    found = retirement(item.api_version, item.kind)
    version = options["kubernetes-version"]
    if found is None or _is_gone(found, version) or _parsed(version) < found.deprecated:
        return
    yield _observed(item, found, _version(found.removed) if found.removed else "")


def _is_gone(found: Retirement, version: str) -> bool:
    """Whether it is; extensions are taken to be newer than all versions in the table."""
    return found.removed is not None and (found.product != KUBERNETES or found.removed <= _parsed(version))


def _parsed(version: str) -> tuple[int, int]:
    return 1, int(version.partition(".")[2])


def _version(of: tuple[int, int]) -> str:
    return f"{of[0]}.{of[1]}"


def _observed(item: KubernetesObject, found: Retirement, removed: str) -> Observation:
    old = item.get("apiVersion")
    aliases = ["kube-linter:no-extensions-v1beta"] if item.api_version == "extensions/v1beta1" else []
    if found.deprecated <= _SCORED_UNTIL and item.kind in _SCORED:
        aliases.append("kube-score:stable-version")
    message = "no-replacement" if not found.replacement else "changes" if found.changes else "default"
    return observe(
        old.value_place(),
        message if removed else "open-changes" if found.changes else "open",
        kind=item.kind,
        old=item.api_version,
        new=found.replacement,
        product=found.product,
        removed=removed,
        changes=found.changes,
        aliases=aliases,
        fix=rewritten(old, found.replacement, safe=True) if message == "default" else None,
    )
