"""Commands that make pods anew while their template stays as it is, and where a repository runs them.

Sources: the kubectl reference (``rollout restart`` takes Deployments, DaemonSets and StatefulSets of
Kubernetes itself and refuses all others); Argo Rollouts, "Restarting Rollout Pods"; OpenShift, "Managing
deployment processes" (``oc rollout latest``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.commands import script_texts
from archlint.model.kubernetes.selectors import selects
from archlint.model.kubernetes.workloads import Container, Workload
from archlint.model.runbooks.kubectl import KINDS
from archlint.model.world import World

_RELOADER = regex(r"--auto-reload-all(?:=true)?\b|\bautoReloadAll:\s*true\b|\breloadOnCreate\b")
_RESTART = regex(r"\brollout[ \t]{1,9}restart\b([^\n;&|]{0,300})")
_COMMAND = regex(r"(?i)\b(?:kubectl|oc)\b([^\n;&|]{0,300})")
_AT_WORK = frozenset({"scale", "patch", "set", "delete", "rollout", "argo"})
"""Verbs of which some make pods anew."""
_KINDS = {
    **KINDS,
    **dict.fromkeys(("dc", "deploymentconfig", "deploymentconfigs"), "DeploymentConfig"),
    **dict.fromkeys(("ro", "rollout", "rollouts", "rollout.argoproj.io"), "Rollout"),
    **dict.fromkeys(("cloneset", "clonesets"), "CloneSet"),
}
_POD = "Pod"
_PODS = dict.fromkeys(("po", "pod", "pods"), _POD)
_ALL_KINDS = {**_KINDS, **_PODS}
_TAKING = frozenset(
    {
        *("-n", "--namespace", "--context", "--kubeconfig", "-f", "--filename", "-l", "--selector"),
        *("--replicas", "--timeout", "-p", "--patch", "--type", "-o", "--output", "-c", "--containers"),
    }
)
"""Flags of kubectl with a value of their own."""
_PAIR = regex(r"([\w./-]{1,200})==?([\w.-]{1,100})")
_BY_KUBECTL = {"Deployment": "deployment", "StatefulSet": "statefulset", "DaemonSet": "daemonset"}


def restart_command(workload: Workload) -> str:
    """What to type for new pods: each kind has a way of its own, and where there is none the pods are
    deleted, as their controller makes others."""
    name, group = workload.name, workload.base.group
    is_left = workload.base.get("spec", "updateStrategy", "type").text == "OnDelete"
    if workload.kind in _BY_KUBECTL and group in ("", "apps", "extensions") and not is_left:
        return f"kubectl rollout restart {_BY_KUBECTL[workload.kind]}/{name}"
    if workload.kind == "Rollout":
        return f"kubectl argo rollouts restart {name}"
    if workload.kind == "DeploymentConfig":
        return f"oc rollout latest dc/{name}"
    labels = ",".join(f"{key}={value}" for key, value in workload.pod_labels.items())
    return f"kubectl delete pod -l {labels or '<labels of its pods>'}"


@dataclass(frozen=True, slots=True)
class Commanded:
    """The workloads whose pods scripts and pipelines make anew, or whose number they set."""

    names: frozenset[tuple[str, str]]
    """Kind and name of each; an empty name stands for all of the kind."""
    selectors: tuple[Mapping[str, str], ...]
    """The labels of pods that are deleted."""
    pods: frozenset[str]
    """The names of those that are deleted by name."""
    is_everything: bool
    """Whether a controller or a command that is not understood may restart any workload."""

    def covers(self, workload: Workload) -> bool:
        """Whether a workload is one of them."""
        return (
            self.is_everything
            or not self.names.isdisjoint(((workload.kind, workload.name), (workload.kind, "")))
            or any(selects(each, workload.running_labels) for each in self.selectors)
            or any(each.startswith(f"{workload.name}-") for each in self.pods)
        )


def commanded(world: World) -> Commanded:
    """What scripts and pipelines make anew; ask with ``world.fact(commanded)``."""
    names: set[tuple[str, str]] = set()
    selectors: list[Mapping[str, str]] = []
    is_everything = False
    for text in script_texts(world):
        is_everything = is_everything or _RELOADER.search(text) is not None
        for said in _restarting(text):
            labels = _selector(said) if _names_pods(said) else {}
            found = [] if labels else list(_named(said))
            selectors += [labels] if labels else []
            names.update(found)
            is_everything = is_everything or not (labels or found) or (_POD, "") in found
    held = world.fact(_reloading_arguments)
    pods = frozenset(name for kind, name in names if kind == _POD and name)
    return Commanded(frozenset(names), tuple(selectors), pods, is_everything or held)


def _restarting(text: str) -> Iterator[list[str]]:
    """The words of each command that makes pods anew, without its verb."""
    if "rollout" in text:
        for match in _RESTART.finditer(text):
            yield match[1].split()
    if "kubectl" not in text and "oc " not in text:
        return
    for match in _COMMAND.finditer(text.replace("\\\n", " ")):
        words = [word.strip("'\"") for word in match[1].split()]
        plain = [at for at, word in enumerate(words) if _is_plain(words, at)]
        verb = next((at for at in plain if words[at] in _AT_WORK), None)
        if verb is not None and verb in plain[:2]:
            yield from _of_verb(words[verb], words[verb + 1 :], words[:verb])


def _is_plain(words: Sequence[str], at: int) -> bool:
    """Whether a word is neither a flag nor its value."""
    is_value = at > 0 and words[at - 1] in _TAKING
    return not is_value and not words[at].startswith(("-", ")", "}"))


def _of_verb(verb: str, rest: list[str], before: list[str]) -> Iterator[list[str]]:
    plain = [word for at, word in enumerate(rest) if _is_plain(rest, at)]
    first = plain[0] if plain else ""
    kind = first.partition("/")[0].lower()
    if verb == "argo":
        if plain[:1] == ["rollouts"] and plain[1:2] in (["restart"], ["set"], ["retry"]):
            at = 3 if plain[1] == "set" else 2
            yield ["rollout", *plain[at : at + 1]]
    elif verb == "rollout":
        if first == "latest":
            yield [word if "/" in word else f"dc/{word}" for word in plain[1:2]]
    elif verb == "set" and first in ("image", "env", "resources"):
        yield from _of_verb("scale", plain[1:], before)
    elif verb == "delete" and kind in _PODS:
        yield [*before, *rest]
    elif kind in _KINDS or (verb == "scale" and first.startswith("$")):
        yield plain[:1] if "/" in first else plain if verb == "delete" else plain[:2]


def _names_pods(said: Sequence[str]) -> bool:
    return any(word.partition("/")[0].lower() in _PODS for word in said)


def _selector(said: Sequence[str]) -> dict[str, str]:
    """The labels that a command names, if all are plain."""
    for word, following in zip(said, (*said[1:], ""), strict=False):
        flag, equals, value = word.partition("=")
        if flag in ("-l", "--selector"):
            pairs = (value if equals else following).strip("'\"").split(",")
            found = [match for pair in pairs if (match := _PAIR.fullmatch(pair))]
            return {match[1]: match[2] for match in found} if len(found) == len(pairs) else {}
    return {}


def _named(said: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What the words of a command name; nothing if it cannot be told."""
    if any("$" in word or "{" in word or word in ("-f", "--filename") for word in said):
        return
    kind, names = "", False
    for at, word in enumerate(said):
        if not _is_plain(said, at):
            continue
        first, slash, name = word.strip("'\"").partition("/")
        kind = _ALL_KINDS.get(first.lower(), kind)
        if kind and (slash or first.lower() not in _ALL_KINDS):
            names = True
            yield kind, name if slash else first
    if kind and not names:
        yield kind, ""


def _reloading_arguments(world: World) -> bool:
    """Whether a container of the repository is a reloader of everything."""
    return any(
        _RELOADER.search(word.text or "")
        for item in world.all(Container)
        if "reloader" in (item.get("image").text or "")
        for word in item.get("args").elements()
    )
