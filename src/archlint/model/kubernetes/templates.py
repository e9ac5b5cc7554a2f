"""Manifests in a form that is not read: templates of other engines, Jsonnet, CUE, Terraform, broken YAML."""

from __future__ import annotations

from archlint.finding.regex import regex
from archlint.model.world import World

_SUFFIXES = (
    ".yaml",
    ".yml",
    ".json",
    ".tpl",
    ".tmpl",
    ".gotmpl",
    ".j2",
    ".jsonnet",
    ".libsonnet",
    ".cue",
    ".tf",
)
_WORD = regex(r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?")


def template_words(world: World) -> frozenset[str]:
    """Every word in such files that could be an object's name; ask with ``world.fact(template_words)``."""
    read = {document.path for document in world.documents()}
    broken = {problem.path for problem in world.problems}
    words: set[str] = set()
    for path in sorted(world.kinds):
        is_read = path in read and path not in broken
        if path.lower().endswith(_SUFFIXES) and not is_read:
            words.update(_WORD.findall(world.text(path) or ""))
    return frozenset(words)
