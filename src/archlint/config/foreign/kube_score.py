"""kube-score, which has flags alone: they are looked for in whatever file a team keeps its command line in.

That may be a workflow, a Makefile, a script, or a list of arguments in YAML. The text is cut into words; no
shell reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archlint.config.foreign.source import ForeignFile
from archlint.config.foreign.translation import Translation
from archlint.finding.regex import regex

TOOL = "kube-score"
FILES: Sequence[str] = ()

_DEFAULT = (
    *("container-ephemeral-storage-request-and-limit", "container-image-pull-policy", "container-image-tag"),
    *("container-resources", "container-security-context-privileged", "cronjob-has-deadline"),
    *("container-security-context-readonlyrootfilesystem", "container-security-context-user-group-id"),
    *("cronjob-restartpolicy", "deployment-has-host-podantiaffinity", "deployment-has-poddisruptionbudget"),
    *("deployment-pod-selector-labels-match-template-metadata-labels", "deployment-replicas"),
    *("deployment-strategy", "deployment-targeted-by-hpa-does-not-have-replicas-configured"),
    *("environment-variable-key-duplication", "horizontalpodautoscaler-has-target"),
    *("horizontalpodautoscaler-replicas", "ingress-targets-service", "label-values"),
    *("networkpolicy-targets-pod", "pod-networkpolicy", "pod-probes", "pod-probes-identical"),
    *("pod-topology-spread-constraints", "poddisruptionbudget-has-policy", "service-targets-pod"),
    *("service-type", "stable-version", "statefulset-has-host-podantiaffinity"),
    *("statefulset-has-poddisruptionbudget", "statefulset-has-servicename"),
    "statefulset-pod-selector-labels-match-template-metadata-labels",
)
_OPTIONAL = (
    *("container-cpu-requests-equal-limits", "container-ephemeral-storage-request-equals-limit"),
    *("container-memory-requests-equal-limits", "container-ports-check", "container-seccomp-profile"),
    "container-resource-requests-equal-limits",
)
_WORD = regex(r"[^\s\"'`\[\]]+")
_COMMENT = regex(r"(?m)^[ \t]*(?:#|//).*$")
_CONTINUED = regex(r"\\\r?\n")
_VALUED = frozenset(("ignore-test", "enable-optional-test", "min-replicas-deployment", "min-replicas-hpa"))
_SWITCHES = frozenset(
    (
        *("ignore-container-cpu-limit", "ignore-container-memory-limit", "all-default-optional"),
        *("disable-ignore-checks-annotations", "disable-optional-checks-annotations", "exit-one-on-warning"),
    )
)
_RESOURCES = "container-resources"
_PARTS = {
    f"{_RESOURCES} (CPU limits)": "cpu-limit-missing",
    f"{_RESOURCES} (CPU requests)": "cpu-request-missing",
    f"{_RESOURCES} (memory limits)": "memory-limit-missing",
    f"{_RESOURCES} (memory requests)": "memory-request-missing",
}
"""The parts of one test, two of which have a flag of their own, and the rule for each."""
_LIMITS = {
    "ignore-container-cpu-limit": f"{_RESOURCES} (CPU limits)",
    "ignore-container-memory-limit": f"{_RESOURCES} (memory limits)",
}
_ASK_KUBE_SCORE = "archlint has no rule for it; `archlint check --kube-score` asks kube-score itself"


def is_own(source: ForeignFile) -> bool:
    """Whether a text has a flag that only kube-score has."""
    return any(True for _ in _flags(source.text))


def rule_names(check: str) -> Sequence[str]:
    """How rule pages call a test; one that has parts is several rules."""
    if check in _PARTS:
        return (_PARTS[check],)
    return (f"{TOOL}:{check}",)


def translate(source: ForeignFile, into: Translation) -> None:
    """Tell the tests that run, as the flags say."""
    flags = list(_flags(source.text))
    tests = dict.fromkeys(_DEFAULT)
    if ("all-default-optional", "true") in flags:
        tests |= dict.fromkeys(_OPTIONAL)
    named = {flag: _names(flags, flag) for flag in ("enable-optional-test", "ignore-test")}
    tests |= dict.fromkeys(named["enable-optional-test"])
    off = {name for name in named["ignore-test"] if name in (*_DEFAULT, *_OPTIONAL)}
    for test in tests:
        if test not in (*_DEFAULT, *_OPTIONAL):
            into.lose(f"test '{test}'", "kube-score has no test of that name, and archlint no rule for it")
        elif test not in off:
            _turn_on(test, into)
    for test in sorted(off):
        for part in _parts(test):
            into.turn_off(part)
    for flag, value in flags:
        _flag(flag, value, into)


def _turn_on(test: str, into: Translation) -> None:
    for part in _parts(test):
        if into.rules_of(part):
            into.turn_on(part)
        else:
            into.lose(part, _ASK_KUBE_SCORE)


def _parts(test: str) -> Iterable[str]:
    return _PARTS if test == _RESOURCES else (test,)


def _flag(flag: str, value: str, into: Translation) -> None:
    if flag in _LIMITS and value == "true":
        into.turn_off(_LIMITS[flag])
    elif flag == "min-replicas-deployment" and value.isascii() and value.isdigit() and 0 < len(value) < 7:
        into.set_option("deployment-replicas", "min", max(1, int(value)))
    elif flag == "min-replicas-hpa":
        into.lose(f"--{flag}", "archlint has no rule for it")
    elif flag == "exit-one-on-warning" and value == "true":
        into.lose(f"--{flag}", "how a run ends is a flag of archlint too: --fail-on warning")
    elif flag.endswith("-annotations") and value == "true":
        into.lose(f"--{flag}", "annotations of kube-score have no effect on archlint anyway")


def _names(flags: Sequence[tuple[str, str]], wanted: str) -> list[str]:
    named = [name.strip() for flag, value in flags if flag == wanted for name in value.split(",")]
    return [name for name in named if name]


def _flags(text: str) -> Iterator[tuple[str, str]]:
    """The flags of kube-score in a text with their values, wherever they stand."""
    plain = _CONTINUED.sub(" ", _COMMENT.sub("", text))
    waiting = ""
    for found in _WORD.finditer(plain):
        word = found.group().strip(",;")
        if not word or word == "-":
            continue
        if not word.startswith("--"):
            if waiting:
                yield waiting, word
            waiting = ""
            continue
        name, has_value, value = word[2:].partition("=")
        waiting = ""
        if name in _SWITCHES:
            yield name, value if has_value else "true"
        elif name in _VALUED and value:
            yield name, value
        elif name in _VALUED:
            waiting = name
