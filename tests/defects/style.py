"""Manifests of public systems in the style that operators look for."""

from __future__ import annotations

import yaml
from yaml.nodes import MappingNode, SequenceNode

from archlint.files import Kind, text_kind
from tests.metamorphic import yaml_text
from tests.metamorphic.repositories import Files

_FIRST = ("apiVersion", "kind", "metadata", "name", "namespace", "image", "command", "args", "ports", "env")
"""Keys in the order in which the shop writes them, before all others."""


class _Indented(yaml.BaseDumper):
    """Items of lists are indented below their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def in_one_style(files: Files) -> dict[str, str]:
    """The same manifests, each in block style, with keys in the same order and lists indented."""
    return {path: _written(path, text) for path, text in files.items()}


def _written(path: str, text: str) -> str:
    if (
        not path.endswith((".yaml", ".yml"))
        or "/templates/" in path
        or text_kind(text) is not Kind.KUBERNETES
    ):
        return text
    try:
        nodes = yaml_text.documents(text)
    except yaml.YAMLError:
        return text
    for node in nodes:
        for here in yaml_text.nodes_below(node):
            if isinstance(here, MappingNode):
                here.value.sort(key=lambda pair: _place(pair[0].value))
            if isinstance(here, MappingNode | SequenceNode):
                here.flow_style = not here.value
    made = yaml.serialize_all(nodes, Dumper=_Indented, width=10**9, allow_unicode=True, explicit_start=True)
    return made.removeprefix("---\n")


def _place(key: str) -> int:
    return _FIRST.index(key) if key in _FIRST else len(_FIRST)
