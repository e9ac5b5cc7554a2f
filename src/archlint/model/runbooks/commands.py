"""Workloads that commands in documentation name, and that must exist for the commands to work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archlint.documents import TextFile
from archlint.files import Kind
from archlint.finding import ObjectRef, Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.runbooks.kubectl import created_names, is_name, named_workloads, namespace_of
from archlint.model.runbooks.markdown import CodeLine, shell_lines
from archlint.model.runbooks.shell import Word, simple_commands
from archlint.model.world import World

_INSTALLS = regex(
    r"(?:kubectl|kustomize|oc)\b[^\n]{0,200}\bhttps?://|\bhelm[ ]{1,5}(?:upgrade|install|repo)\b"
    r"|\b(?:istioctl|linkerd|flux|cilium)[ ]{1,5}(?:install|bootstrap)\b"
)
"""Commands that bring workloads which the repository does not hold."""
_OF_A_VERSION = regex(r"(?:\A|/)v?\d{1,4}\.[\dx]{1,4}(?:\.[\w.-]{1,20})?/")
"""Folders of documentation for one version, which is of manifests that are here no more."""


def is_of_a_version(path: str) -> bool:
    """Whether a page is documentation of one version."""
    return _OF_A_VERSION.search(path) is not None


@dataclass(frozen=True)
class NamedWorkload:
    """A workload that a command names."""

    source: TextFile
    span: Span
    kind: str
    name: str
    namespace: str | None
    """What ``-n`` says; ``None`` if it says nothing or is a placeholder."""

    @classmethod
    def all(cls, world: World) -> Iterable[NamedWorkload]:
        """Every workload named in shell blocks of Markdown files, by file and line. Left out are files that
        install something from elsewhere, and names that the file itself creates or shows a manifest for."""
        for path in world.paths(Kind.MARKDOWN):
            text = world.text(path)
            is_judged = text is not None and "kubectl" in text and not _INSTALLS.search(text)
            if text is not None and is_judged and not is_of_a_version(path):
                yield from _of_file(path, text)

    @property
    def object(self) -> ObjectRef:
        """The workload that is named."""
        return ObjectRef(self.kind, self.name, self.namespace)

    @property
    def place(self) -> Place:
        """The words that name it."""
        return self.source.place(self.span)


def _of_file(path: str, text: str) -> Iterator[NamedWorkload]:
    commands = [
        (line, words)
        for line in shell_lines(text)
        if "kubectl" in line.text
        for words in simple_commands(line.text)
        if words[0].text == "kubectl"
    ]
    made = {name for _, words in commands for name in created_names(words)}
    made.update(re.findall(r"^[ \t]*(?:- )?name:[ \t]*[\"']?([\w.-]+)", text, re.MULTILINE))
    for line, words in commands:
        namespace = namespace_of(words)
        for kind, name, word in named_workloads(words):
            if is_name(name) and name not in made:
                yield NamedWorkload(TextFile(path), span_of(line, word), kind, name, namespace)


def span_of(line: CodeLine, word: Word) -> Span:
    """Where a word of a command stands."""
    at, column = line.position(word.offset)
    return Span(at, column, at, column + len(word.text))
