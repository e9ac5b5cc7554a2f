"""Annotations by which an object tells other linters to leave some of their checks out, or to run more.

Sources: kube-score (`scorecard/enabled.go`), kube-linter (`pkg/ignore`), polaris (`pkg/validator/schema.go`)
and checkov (`kubernetes_utils.py`). kube-score and checkov also read those of the pod template; the others
look at the object that a check is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.model.kubernetes.foreign_checks import is_known
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.workloads import POD_TEMPLATES
from archlint.model.world import World

_PREFIXES = ("kube-score/", "ignore-check.kube-linter.io/", "kube-linter.io/", "polaris.fairwinds.com/")
_WORDS = (".io/skip", *_PREFIXES)
_CHECKOV = ("checkov.io/skip", "bridgecrew.io/skip")
_POLARIS = regex(r"polaris\.fairwinds\.com/(?:([^/]+)-)?exempt\Z")
_IMPLIED = {"container-resources": ("container-ephemeral-storage-request-and-limit",)}
"""What kube-score leaves out as well where a check is left out."""


@dataclass(frozen=True)
class ForeignIgnore:
    """One annotation, and the checks of a tool that it names."""

    tool: str
    key: str
    checks: tuple[str, ...]
    node: Node
    """The value of the annotation."""
    is_for_all: bool = False
    """Whether it is about all checks of the tool."""
    turns_on: bool = False
    """Whether it turns checks on that are off by default, in place of leaving some out."""
    is_on_pods: bool = False
    """Whether it stands in the pod template, where it outweighs the same of the object."""

    @property
    def text(self) -> str:
        """The annotation, with the checks that it names."""
        return f"{self.key}: {', '.join(self.checks)}" if self.key in (_SCORE, _SCORE_ON) else self.key

    def covers(self, check: str) -> bool:
        """Whether it speaks of a check."""
        implied = _IMPLIED if self.tool == "kube-score" and not self.turns_on else {}
        return self.is_for_all or any(
            check == named or check in implied.get(named, ()) for named in self.checks
        )


_SCORE, _SCORE_ON = "kube-score/ignore", "kube-score/enable"


def foreign_ignores(base: KubernetesObject) -> list[ForeignIgnore]:
    """The annotations of an object and its pods that are meant for other linters."""
    found = list(_in(base.get("metadata", "annotations"), is_template=False))
    way = POD_TEMPLATES.get((base.group, base.kind))
    if way:
        found += _in(base.get(*way, "metadata", "annotations"), is_template=True)
    return found


def _in(annotations: Node, *, is_template: bool) -> Iterator[ForeignIgnore]:
    if not annotations.is_map or not any(word in key for key in annotations.value for word in _WORDS):
        return
    for key, node in annotations.items():
        ignore = _meant(key, node)
        if ignore is None or not is_template:
            yield from () if ignore is None else (ignore,)
        elif ignore.tool in ("kube-score", "checkov"):
            yield replace(ignore, is_on_pods=True)


def ignored_by(ignores: Sequence[ForeignIgnore], check: str) -> ForeignIgnore | None:
    """The first of one tool's annotations that leaves a check out, unless the pods turn it on."""
    is_on = any(item.turns_on and item.is_on_pods and item.covers(check) for item in ignores)
    for item in ignores:
        if not item.turns_on and item.covers(check) and (item.is_on_pods or not is_on):
            return item
    return None


def _meant(key: str, node: Node) -> ForeignIgnore | None:
    """What one annotation says to whom."""
    value = str(node.value).strip() if isinstance(node.value, (str, bool)) else ""
    if key in (_SCORE, _SCORE_ON):
        named = tuple(name for part in value.split(",") if (name := part.strip()))
        return ForeignIgnore("kube-score", key, named, node, turns_on=key == _SCORE_ON)
    if key == "kube-linter.io/ignore-all":
        return ForeignIgnore("kube-linter", key, (), node, is_for_all=True)
    if key.startswith("ignore-check.kube-linter.io/"):
        return ForeignIgnore("kube-linter", key, (key.partition("/")[2],), node)
    if any(word in key for word in _CHECKOV):
        check = value.partition("=")[0].strip()
        return ForeignIgnore("checkov", f"{key}: {check}", (check,) if check else (), node)
    exempt = _POLARIS.match(key)
    if exempt is None or value.lower() != "true":
        return None
    check = exempt[1]
    return ForeignIgnore("polaris", key, (check,) if check else (), node, is_for_all=check is None)


@dataclass(frozen=True)
class UnknownForeignCheck(ObjectFacet):
    """A check that an annotation names and the tool does not have."""

    ignore: ForeignIgnore
    check: str

    @classmethod
    def all(cls, world: World) -> Iterable[UnknownForeignCheck]:
        """Those of all objects."""
        for base in world.all(KubernetesObject):
            for ignore in foreign_ignores(base):
                for check in dict.fromkeys(ignore.checks):
                    if not is_known(ignore.tool, check):
                        yield cls(base, ignore, check)

    @property
    def place(self) -> Place:
        """The annotation."""
        return self.ignore.node.place()


def any_turns_on(world: World) -> bool:
    """Whether some object turns checks on for itself; ask with ``world.fact(any_turns_on)``."""
    return any(item.turns_on for base in world.all(KubernetesObject) for item in foreign_ignores(base))


def turned_on_by(ignores: Sequence[ForeignIgnore], check: str) -> bool:
    """Whether annotations of one tool turn a check on."""
    return any(item.turns_on and item.covers(check) for item in ignores)
