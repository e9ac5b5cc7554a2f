"""Rollbacks of Argo CD in documentation.

Source: Argo CD, "Automated Sync Policy": a rollback cannot be performed against an application with automated
sync enabled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archlint.documents import Node, TextFile
from archlint.files import Kind
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import KubernetesObject
from archlint.model.runbooks.commands import is_of_a_version, span_of
from archlint.model.runbooks.markdown import shell_lines
from archlint.model.runbooks.shell import Word, simple_commands
from archlint.model.world import World

_SWITCHED_OFF = regex(
    r"sync-policy[ =]{1,3}(?:none|manual)|skip-reconcile|syncPolicy"
    r"|(?:disabl|turn(?:ing)? off|switch(?:ing)? off|suspend|paus|stop)\w{0,5}[^\n]{0,40}(?:auto|sync)"
)
"""What on a page tells to stop the automated sync."""


@dataclass(frozen=True)
class RefusedRollback:
    """A rollback of an application that is synced by itself."""

    source: TextFile
    place: Place
    application: str
    automated: Node

    @classmethod
    def all(cls, world: World) -> Iterable[RefusedRollback]:
        """Every one of shell blocks of Markdown files, by file and line."""
        known = world.fact(_automated)
        for path in world.paths(Kind.MARKDOWN) if known else ():
            text = world.text(path)
            if text is None or "app rollback" not in text or is_of_a_version(path):
                continue
            if _SWITCHED_OFF.search(text) is None:
                yield from _of_file(path, text, known)

    @property
    def object(self) -> ObjectRef:
        """The application."""
        return ObjectRef("Application", self.application)


def _of_file(path: str, text: str, known: Mapping[str, Node]) -> Iterator[RefusedRollback]:
    source = TextFile(path)
    for line in shell_lines(text):
        for words in simple_commands(line.text) if "rollback" in line.text else ():
            named = _named(words)
            if named is not None and named.text in known:
                yield RefusedRollback(
                    source, source.place(span_of(line, named)), named.text, known[named.text]
                )


def _named(words: list[Word]) -> Word | None:
    """The application that a command rolls back."""
    plain = [word for word in words if not word.text.startswith("-")]
    is_meant = [word.text for word in plain[:3]] == ["argocd", "app", "rollback"]
    return plain[3] if is_meant and len(plain) > 3 else None


def _automated(world: World) -> Mapping[str, Node]:
    """What says that an application is synced by itself, by the names of those that all are."""
    found: dict[str, Node | None] = {}
    for item in world.all(KubernetesObject):
        if item.kind != "Application" or item.group != "argoproj.io":
            continue
        node = item.get("spec", "syncPolicy", "automated")
        is_on = node.is_map and node.get("enabled").value is not False
        found[item.name] = node if is_on and found.get(item.name, node) is not None else None
    return {name: node for name, node in found.items() if node is not None}
