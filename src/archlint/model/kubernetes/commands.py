"""Objects that commands in scripts and documentation make: ``kubectl create configmap settings``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.files import Kind
from archlint.finding.regex import regex
from archlint.model.world import World

_KINDS = {
    "ns": "Namespace",
    "namespace": "Namespace",
    "project": "Namespace",
    "cm": "ConfigMap",
    "configmap": "ConfigMap",
    "sa": "ServiceAccount",
    "serviceaccount": "ServiceAccount",
}
_NAME = r"""['"]?([a-z0-9][-a-z0-9.]*)"""
_FLAGS = r"(?:(?:(?:-n|--namespace|--context|--kubeconfig)[ =]++\S++|--?[\w-]++(?:=\S*+)?+) ++){0,6}+"
"""What may stand between the words of a command, such as ``-n shop`` and ``--dry-run=client``."""
_CREATE = regex(
    rf"create +{_FLAGS}(?:secret +(?:generic|tls|docker-registry) +{_FLAGS}{_NAME}"
    rf"|(ns|namespace|project|cm|configmap|sa|serviceaccount) +{_FLAGS}{_NAME})"
)
_LABEL = regex(
    r"label +(?:--overwrite +)?(?:ns|namespaces?)[ /]+(?:--overwrite +)?"
    r"""(?P<name>["'$\w{}.-]+)(?P<rest>[^\n]{1,300})"""
)
_LABEL_KEY = regex(r"(?<![\w./-])([\w./-]++)=")
_HELM = regex(
    rf"(?:-n|--namespace)[ =]+{_NAME}[^\n]{{0,300}}--create-namespace"
    rf"|--create-namespace[^\n]{{0,300}}(?:-n|--namespace)[ =]+{_NAME}"
)
_INSTALL = regex(
    r"(?:\bhelm3?|\$[({]?HELM\w*+[)}]?\"?)"
    r"(?:[ ]++-\S++(?:[ ]++(?!(?:upgrade|install|\"?\$)\s?)[^\s-]\S*+)?+){0,4}+"
    r"[ ]++(?:upgrade|install|\"?\$[({]?(?P<verb>\w++)[)}]?\"?)(?=\s)"
)
"""A command that installs a release; program and verb may be variables, as in ``$(HELM) $VERB``."""
_SET = regex(r"""\b(\w++)[ \t]*+[?:]?=[ \t]*+["']?([\w$-]*+)""")
"""What a variable of a shell or of make is set to."""
_ISTIOCTL = regex(
    r"\bistioctl\b[^\n]{0,200}?\b(?:install|upgrade|manifest|operator|tag[ ]{1,9}(?:set|generate))\b"
)
_RELEASE = regex(rf"{_NAME}['\"]?\Z")
_WRITES = regex(
    r"(?<![-=<>])>{1,2}(?![=>])|\b(?:cp|copy|scp|mv|tee|touch|sops|decrypt|rename|envsubst|openssl|gpg)\b",
    re.IGNORECASE,
)
"""What a line of a script has that makes a file."""
_ASKS = regex(
    r"\b(?:cp|copy|mv|tee|touch|create|generate|write|add|make|rename|decrypt|inject|export)\b", re.IGNORECASE
)
"""What tells people in prose to make a file."""
_QUOTE = regex(r"[ \t]{0,20}(?:>[ \t]{0,3}){1,9}")
_PATH = regex(r"[\w./-]++")
_PROSE = frozenset({"a", "an", "the", "it", "this", "your"})
_LONGEST_COMMAND = 400
_SWITCHES = frozenset(
    {
        *("--install", "-i", "--wait", "--atomic", "--create-namespace", "--debug", "--force", "--dry-run"),
        *(
            "--reuse-values",
            "--reset-values",
            "--devel",
            "--dependency-update",
            "--cleanup-on-fail",
            "--replace",
        ),
        *("--skip-crds", "--no-hooks", "--verify", "--wait-for-jobs", "--rollback-on-failure"),
    }
)
"""Flags of ``helm`` without a value; what follows another flag is taken for its value."""


def helm_releases(world: World) -> frozenset[str]:
    """Names of the releases that commands install; ask with ``world.fact(helm_releases)``."""
    return frozenset(
        name
        for text in written_texts(world)
        if "helm" in text or "HELM" in text
        for found in _INSTALL.finditer(text)
        if _may_install(found["verb"], text)
        if (name := _release(text[found.end() : found.end() + _LONGEST_COMMAND]))
    )


def installs_istio(world: World) -> bool:
    """Whether a command installs a control plane of Istio, or a tag for one; ask with
    ``world.fact(installs_istio)``."""
    return any("istioctl" in text and _ISTIOCTL.search(text) for text in written_texts(world)) or any(
        name.startswith("istiod") for name in world.fact(helm_releases)
    )


def _may_install(variable: str | None, text: str) -> bool:
    """Whether a verb that stands in a variable may install: all that is known of it says something else."""
    said = [value for name, value in _SET.findall(text) if name == variable] if variable else []
    return not said or any("$" in value or value in ("", "install", "upgrade") for value in said)


def _release(rest: str) -> str | None:
    """The release that a command installs, by what follows its verb: the first word that is no flag."""
    command = rest.replace("\\\n", " ").replace("`\n", " ").partition("\n")[0]
    arguments, is_value = [], False
    for word in command.split():
        if word.startswith("-"):
            is_value = "=" not in word and word not in _SWITCHES
        elif is_value:
            is_value = False
        else:
            arguments.append(word)
    match = _RELEASE.match(arguments[0]) if len(arguments) > 1 else None
    return match[1] if match and match[1] not in _PROSE else None


def made_by_commands(world: World) -> frozenset[tuple[str, str]]:
    """Kind and name of all of them; ask with ``world.fact(made_by_commands)``."""
    return frozenset(_made(world))


def _made(world: World) -> Iterator[tuple[str, str]]:
    for text in written_texts(world):
        for found in _CREATE.finditer(text):
            yield ("Secret", found[1]) if found[1] else (_KINDS[found[2]], found[3])
        for found in _HELM.finditer(text):
            yield "Namespace", found[1] or found[2]


def labelled_by_commands(world: World) -> frozenset[tuple[str, str]]:
    """Namespace and key of each label that a command gives to one, ``*`` where the command says a variable or
    a flag in place of the namespace; ask with ``world.fact(labelled_by_commands)``."""
    return frozenset(
        ("*" if "$" in found["name"] or found["name"].startswith("-") else found["name"].strip("\"'"), key)
        for text in written_texts(world)
        for found in _LABEL.finditer(text)
        for key in _LABEL_KEY.findall(found["rest"])
    )


def made_files(world: World) -> frozenset[str]:
    """The paths of files that documentation or a command makes, and other words of such lines, as they are
    written; ask with ``world.fact(made_files)``, and compare with ``may_be``."""
    found = set[str]()
    for path in sorted(world.paths(Kind.MARKDOWN)):
        found.update(*map(_words, _asking(world.text(path) or "")))
    for text in script_texts(world):
        found.update(*map(_words, filter(_WRITES.search, text.split("\n"))))
    return frozenset(found)


def _asking(page: str) -> Iterator[str]:
    """The lines of a page that say to make a file: in prose, or by a command in a block of code."""
    is_code = False
    for line in page.split("\n"):
        quoted = _QUOTE.match(line)
        text = line[quoted.end() :] if quoted else line
        if text.lstrip().startswith(("```", "~~~")):
            is_code = not is_code
        elif "." in text and (_ASKS.search(text) or (is_code and _WRITES.search(text))):
            yield text


def _words(line: str) -> list[str]:
    return [word for word in _PATH.findall(line) if "." in word]


def may_be(written: str, path: str) -> bool:
    """Whether a path as somebody wrote it, from a folder that is not known, may be one of the repository."""
    parts = [part for part in written.split("/") if part not in ("", ".", "..")]
    own = path.split("/")
    return bool(parts) and (parts == own[-len(parts) :] or own == parts[-len(own) :])


def written_texts(world: World) -> Iterator[str]:
    """Documentation, and what is carried out."""
    for path in sorted(world.paths(Kind.MARKDOWN)):
        yield world.text(path) or ""
    yield from script_texts(world)


def script_texts(world: World) -> Iterator[str]:
    """Scripts, and what pipelines, Ansible and Taskfiles carry out, ordered by path."""
    for path, kind in sorted(world.kinds.items()):
        if _is_script(path) or (kind is Kind.DATA and path.endswith((".yml", ".yaml"))):
            yield world.text(path) or ""


def _is_script(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.endswith((".sh", ".bash", ".zsh", ".mk", ".txt", ".ps1", ".bat", ".cmd")) or name in (
        "Makefile",
        "Tiltfile",
        "justfile",
        "Jenkinsfile",
    )
