"""Writes YAML texts anew: the same documents in another style, order or division.

A text is taken apart into PyYAML's nodes without reading any scalar, so a plain ``yes`` stays a plain
``yes`` unless a rewriting is about quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from random import Random

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

_WORD = re.compile(r"(?!true|false|null|yes|off|None)[A-Za-z][A-Za-z/-]{2,}[a-z]\Z", re.IGNORECASE)
"""Texts that every reader of YAML takes for strings, quoted or not."""
UNORDERED = frozenset(
    {
        *("env", "hosts", "items", "allOf", "anyOf", "oneOf", "subsets", "secrets", "gateways"),
        *("containers", "ports", "volumes", "volumeMounts", "envFrom", "imagePullSecrets"),
        *("parameters", "required", "tags", "security", "enum", "from", "to", "ingress", "egress"),
        *("policyTypes", "matchExpressions", "subjects", "rules", "verbs", "apiGroups", "resources"),
    }
)
"""Keys of lists whose order means nothing."""


def documents(text: str) -> list[Node]:
    """The documents of a text; raises ``yaml.YAMLError``, also where a key is no scalar: ``{{ word }}`` of a
    template is such a map, and written anew it would be a template no more."""
    found = [node for node in yaml.compose_all(text, Loader=yaml.CBaseLoader) if node is not None]
    for here in (each for node in found for each in nodes_below(node) if isinstance(each, MappingNode)):
        if not all(isinstance(key, ScalarNode) for key, _ in here.value):
            raise yaml.YAMLError("a key is no scalar")
    return found


def write(nodes: Iterable[Node], indent: int = 2) -> str:
    """The text of some documents, with no line break inside a scalar that is not literal."""
    return yaml.serialize_all(
        list(nodes),
        Dumper=yaml.CBaseDumper,
        indent=indent,
        width=10**9,
        allow_unicode=True,
        explicit_start=True,
    )


def nodes_below(node: Node) -> Iterator[Node]:
    """A node and all below it, each once."""
    waiting, seen = [node], set()
    while waiting:
        here = waiting.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        yield here
        if isinstance(here, MappingNode):
            waiting += [part for pair in here.value for part in pair]
        elif isinstance(here, SequenceNode):
            waiting += here.value


def with_flow(node: Node, is_flow: Callable[[CollectionNode], bool]) -> Node:
    """The document with collections in flow or block style."""
    for here in nodes_below(node):
        if isinstance(here, CollectionNode):
            here.flow_style = is_flow(here)
        elif isinstance(here, ScalarNode):
            _spell_out(here)
    return node


def _spell_out(scalar: ScalarNode) -> None:
    """Write nothing as null, and text of several lines between double quotes: both stand in any style."""
    if not scalar.style and scalar.value == "":
        scalar.value = "null"
    elif "\n" in scalar.value:
        scalar.style = '"'


def with_other_quotes(node: Node) -> Node:
    """The document with quotes around words that need none, and other quotes or none around the rest."""
    for here in nodes_below(node):
        if not isinstance(here, ScalarNode) or here.tag != "tag:yaml.org,2002:str":
            continue
        if not here.style and _WORD.match(here.value):
            here.style = "'" if len(here.value) % 2 else '"'
        elif here.style in ("'", '"') and _WORD.match(here.value):
            here.style = None
        elif here.style in ("|", ">"):
            here.style = '"'
        elif here.style:
            here.style = {"'": '"', '"': "'"}[here.style]
    return node


def with_keys_shuffled(node: Node, random: Random) -> Node:
    """The document with the entries of each map in another order; repeated keys keep theirs."""
    for here in nodes_below(node):
        if isinstance(here, MappingNode) and len(here.value) == len({key.value for key, _ in here.value}):
            random.shuffle(here.value)
    return node


def with_lists_shuffled(node: Node, random: Random) -> Node:
    """The document with the items of lists in another order, where that means nothing."""
    for here in nodes_below(node):
        for key, value in here.value if isinstance(here, MappingNode) else ():
            if key.value in UNORDERED and isinstance(value, SequenceNode):
                random.shuffle(value.value)
    return node


def with_anchors(node: Node) -> Node:
    """The document with an alias wherever a value repeats an earlier one."""
    known: dict[str, Node] = {}

    def shared(value: Node) -> Node:
        return known.setdefault(yaml.serialize(value, Dumper=yaml.CBaseDumper), value)

    for here in list(nodes_below(node)):
        if isinstance(here, MappingNode):
            here.value = [(key, shared(value)) for key, value in here.value]
        elif isinstance(here, SequenceNode):
            here.value = [shared(value) for value in here.value]
    return node


def with_lines_between(text: str) -> str:
    """A written text with comments and blank lines; its scalars must stand on one line each."""
    kept: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if number % 3 == 0 and not line.startswith(("---", "...", "%")):
            kept += ["", "      # between: [lines"]
        kept.append(f"{line}  # key: 'value" if line.strip() and number % 2 else line)
    return "\n".join(kept)


def as_list(nodes: Iterable[Node]) -> Node:
    """The objects of several documents as one object of the kind List."""

    def plain(value: str) -> ScalarNode:
        return ScalarNode("tag:yaml.org,2002:str", value)

    items = SequenceNode("tag:yaml.org,2002:seq", list(nodes), flow_style=False)
    pairs: list[tuple[Node, Node]] = [
        (plain("apiVersion"), plain("v1")),
        (plain("kind"), plain("List")),
        (plain("items"), items),
    ]
    return MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)
