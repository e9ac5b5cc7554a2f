"""Routes of OpenShift and of Contour, as paths and hosts.

Sources: OpenShift, Route (``host``, ``path``, ``to``, ``alternateBackends``) and its annotation
``rewrite-target``; Contour, HTTPProxy (``conditions``, ``pathRewritePolicy``, ``includes``).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.exposure.path_matches import EVERYTHING, Mode, PathMatch
from archlint.model.kubernetes import KubernetesObject

_REWRITE = "haproxy.router.openshift.io/rewrite-target"


@dataclass(frozen=True, slots=True)
class RouteParts:
    """A path of such an object, with what it leads to."""

    node: Node
    asked: PathMatch | None
    sent: PathMatch | None
    hosts: tuple[str, ...]
    targets: tuple[str, ...]


def of_openshift(base: KubernetesObject) -> Iterator[RouteParts]:
    """The path of a Route."""
    spec = base.get("spec")
    path = spec.get("path")
    asked = PathMatch(path.text, Mode.ELEMENTS) if path.text else EVERYTHING
    is_rewritten = base.get("metadata", "annotations", _REWRITE).exists
    host = (spec.get("host").text or "").lower()
    backends = (spec.get("to"), *spec.get("alternateBackends").elements())
    targets = tuple(filter(None, (item.get("name").text for item in backends)))
    node = path if path.exists else spec.get("to")
    yield RouteParts(node, asked, None if is_rewritten else asked, (host,) if host else (), targets)


def of_contour(base: KubernetesObject) -> Iterator[RouteParts]:
    """The paths of an HTTPProxy; those of one that others include begin in a way that is not known."""
    host = (base.get("spec", "virtualhost", "fqdn").text or "").lower()
    hosts = (host,) if host else ()
    for route in base.get("spec", "routes").elements():
        conditions = list(route.get("conditions").elements())
        paths = [item.get(key) for item in conditions for key in _MODES if item.get(key).exists]
        asked = _asked(conditions, paths) if host else None
        services = route.get("services").elements()
        targets = tuple(filter(None, (item.get("name").text for item in services)))
        rewritten = route.get("pathRewritePolicy")
        sent = _rewritten(rewritten, asked) if rewritten.exists else asked
        yield RouteParts(paths[0] if paths else route, asked, sent, hosts, targets)
    for include in base.get("spec", "includes").elements():
        yield RouteParts(include, None, None, hosts, ())


_MODES = {"prefix": Mode.LETTERS, "exact": Mode.EXACT, "regex": None}


def _asked(conditions: list[Node], paths: list[Node]) -> PathMatch | None:
    if not paths:
        return EVERYTHING
    if len(paths) > 1:
        return None
    key = next(key for item in conditions for key in _MODES if item.get(key).exists)
    mode = _MODES[key]
    return PathMatch(paths[0].text, mode) if mode is not None and paths[0].text else None


def _rewritten(policy: Node, asked: PathMatch | None) -> PathMatch | None:
    """What arrives where one replacement is for whatever prefix was asked for."""
    replacements = list(policy.get("replacePrefix").elements())
    is_for_all = len(replacements) == 1 and not replacements[0].get("prefix").exists
    text = replacements[0].get("replacement").text if is_for_all else None
    return PathMatch(text, asked.mode) if text and asked is not None else None
