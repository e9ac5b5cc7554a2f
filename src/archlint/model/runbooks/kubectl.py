"""What a kubectl command names: verb, namespace, workloads.

Source: the kubectl reference; workloads are named as ``kind/name`` or as kind and names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.finding.regex import regex
from archlint.model.runbooks.shell import Word

KINDS = {
    alias: kind
    for kind, aliases in {
        "Deployment": "deployment deployments deploy deployment.apps deployments.apps",
        "StatefulSet": "statefulset statefulsets sts statefulset.apps statefulsets.apps",
        "DaemonSet": "daemonset daemonsets ds daemonset.apps daemonsets.apps",
        "CronJob": "cronjob cronjobs cj cronjob.batch cronjobs.batch",
    }.items()
    for alias in aliases.split()
}
"""Names under which kubectl knows the kinds of workload that outlive a command."""

_VERBS = frozenset(
    {
        *(
            "get",
            "describe",
            "logs",
            "exec",
            "scale",
            "rollout",
            "delete",
            "edit",
            "patch",
            "set",
            "annotate",
        ),
        *("label", "port-forward", "expose", "autoscale", "wait", "attach", "debug"),
    }
)
_TAKES_ONE_NAME = frozenset({"exec", "logs", "port-forward", "set", "annotate", "label", "attach", "debug"})
_HAS_SUBCOMMAND = frozenset({"rollout", "set"})
_SWITCHES = frozenset(
    {
        *("--all", "--watch", "--follow", "--previous", "--force", "--show-labels", "--all-namespaces"),
        *("--overwrite", "--recursive", "--rm", "--stdin", "--tty", "--timestamps", "--now", "--no-headers"),
        *("--ignore-not-found", "--local", "--list", "--quiet", "--help", "--all-containers", "--record"),
        *("--watch-only", "--prefix", "--show-managed-fields"),
    }
)
_SHORT_WITH_VALUE = frozenset({"-n", "-l", "-o", "-c", "-s", "-L"})
_SHORT_BY_VERB = {"-f": frozenset({"logs"}), "-p": frozenset({"logs"})}
"""Short flags that take a value except for these verbs."""

_NAME = regex(r"[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?")
_PLACEHOLDER = regex(
    r"(?:my|your|the|some)-.*|.*-(?:name|here)|name|foo|bar|baz|example.*|x+|deployment|statefulset|daemonset|cronjob"
)


def is_name(text: str) -> bool:
    """Whether a word is a name, and not a placeholder for one."""
    return _NAME.fullmatch(text) is not None and _PLACEHOLDER.fullmatch(text) is None


def namespace_of(words: Sequence[Word]) -> str | None:
    """The namespace that the flags name; ``None`` if they name none, or a placeholder."""
    for at, word in enumerate(words):
        flag, equals, value = word.text.partition("=")
        if word.text == "--":
            break
        if flag in ("-n", "--namespace"):
            named = value if equals else words[at + 1].text if at + 1 < len(words) else ""
            return named if is_name(named) else None
    return None


def created_names(words: Sequence[Word]) -> Iterator[str]:
    """What ``kubectl create KIND NAME`` and ``kubectl run NAME`` make."""
    arguments = [word.text for word in _arguments(words)]
    if arguments[:1] == ["run"]:
        yield from arguments[1:2]
    elif arguments[:1] == ["create"]:
        yield from arguments[2:3]


def named_workloads(words: Sequence[Word]) -> Iterator[tuple[str, str, Word]]:
    """Kind, name and the word that holds the name, for each workload that must exist for the command."""
    for word in words:
        flag, _, value = word.text.partition("=")
        kind, slash, name = value.partition("/")
        if flag == "--from" and slash and kind in KINDS:
            yield KINDS[kind], name, Word(value, word.offset + len(flag) + 1)
    arguments = list(_arguments(words))
    verb = arguments[0].text if arguments else ""
    if verb not in _VERBS or _takes_files(words, verb):
        return
    rest = arguments[2 if verb in _HAS_SUBCOMMAND else 1 :]
    for word in rest:
        kind, slash, name = word.text.partition("/")
        if slash and kind in KINDS:
            yield KINDS[kind], name, word
    if rest and rest[0].text in KINDS:
        for word in rest[1:2] if verb in _TAKES_ONE_NAME else rest[1:]:
            yield KINDS[rest[0].text], word.text, word


def _takes_files(words: Sequence[Word], verb: str) -> bool:
    flags = {word.text.partition("=")[0] for word in words}
    return bool(flags & {"--filename", "--kustomize", "-k"}) or ("-f" in flags and verb != "logs")


def _arguments(words: Sequence[Word]) -> Iterator[Word]:
    """The words after ``kubectl`` that are neither flags nor values of flags, up to ``--``. A long flag that
    is not known is taken to have a value: that may miss a name, but takes no value for one."""
    skip = False
    verb = ""
    for word in words[1:]:
        text = word.text
        if text == "--":
            return
        if skip:
            skip = False
        elif text.startswith("--"):
            skip = "=" not in text and text not in _SWITCHES
        elif text.startswith("-"):
            skip = text in _SHORT_WITH_VALUE or (text in _SHORT_BY_VERB and verb not in _SHORT_BY_VERB[text])
        else:
            verb = verb or text
            yield word
