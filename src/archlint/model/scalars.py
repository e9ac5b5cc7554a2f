"""Places where a string is needed and a plain scalar stands that somebody reads as something else.

In Kubernetes these are labels, annotations, environment variables, arguments and configuration data: the API
server refuses numbers and booleans there. In OpenAPI and AsyncAPI they are the values of string schemas:
readers of YAML 1.2 and of YAML 1.1 (PyYAML, go-yaml v2) see words such as ``yes`` and ``0755`` differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from archlint.documents import Document, Node
from archlint.documents.scalars import read_kubernetes
from archlint.files import API_DESCRIPTIONS
from archlint.finding import ObjectRef, Route
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

_BASE_60 = regex(r"[-+]?[1-9][0-9]*(?::[0-5]?[0-9])+(?:\.[0-9]*)?\Z")


@dataclass(frozen=True)
class MisreadString:
    """A scalar that should be a string and is read otherwise."""

    node: Node
    object: ObjectRef | None
    where: str
    """What it is the value of, as the subject of a sentence."""
    written: str
    """The scalar as it stands in the text."""
    reading: str
    """What it is taken for, in words."""
    reader: str
    """Who takes it for that: ``kubernetes``, ``everybody`` or ``old`` (readers of YAML 1.1 only)."""

    @classmethod
    def all(cls, world: World) -> Iterable[MisreadString]:
        """All of them, Kubernetes first."""
        for base in world.all(KubernetesObject):
            for where, node in _strings_of_object(base):
                yield from _refused(where, node, base.object)
        for workload in world.all(Workload):
            for where, node in _strings_of_pods(workload):
                yield from _refused(where, node, workload.object)
        for document in world.documents(*API_DESCRIPTIONS):
            if not document.path.endswith(".json"):
                yield from _misread_in_contract(document)

    @property
    def source(self) -> Document:
        """The document that holds it."""
        return self.node.document


def _strings_of_object(base: KubernetesObject) -> Iterator[tuple[str, Node]]:
    metadata = base.get("metadata")
    for key in ("name", "namespace"):
        yield f"The {key} of an object", metadata.get(key)
    yield from _entries("Label", metadata.get("labels"))
    yield from _entries("Annotation", metadata.get("annotations"))
    if base.group == "" and base.kind == "ConfigMap":
        yield from _entries("Key", base.get("data"))
    elif base.group == "" and base.kind == "Secret":
        yield from _entries("Key", base.get("stringData"))
    elif base.group == "" and base.kind == "Service":
        yield from _entries("Label", base.get("spec", "selector"))


def _strings_of_pods(workload: Workload) -> Iterator[tuple[str, Node]]:
    if workload.kind != "Pod":
        yield from _entries("Label", workload.template.get("metadata", "labels"))
        yield from _entries("Annotation", workload.template.get("metadata", "annotations"))
        yield from _entries("Label", workload.base.get("spec", "selector", "matchLabels"))
    yield from _entries("Label", workload.pod_spec.get("nodeSelector"))
    for container in workload.containers:
        for variable in container.get("env").elements():
            yield f"Environment variable '{variable.get('name').value}'", variable.get("value")
        for key, what in (("command", "A part of the command"), ("args", "An argument")):
            for item in container.get(key).elements():
                yield f"{what} of container '{container.name}'", item


def _entries(what: str, node: Node) -> Iterator[tuple[str, Node]]:
    for key, value in node.items():
        yield f"{what} '{key}'", value


def _refused(where: str, node: Node, about: ObjectRef) -> Iterator[MisreadString]:
    if isinstance(node.value, (bool, int, float)):
        written = node.document.source_text(node.route)
        yield MisreadString(node, about, where, written, _in_words(node.value), "kubernetes")


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    return f"the number {value}" if isinstance(value, (int, float)) else "null"


def _misread_in_contract(document: Document) -> Iterator[MisreadString]:
    """The version, and the values that string schemas list."""
    version = document.root.get("info", "version")
    if isinstance(version.value, (bool, int, float)):
        yield from _misread("The version in 'info'", version)
    for route, schema in _string_schemas(document.data):
        for index in range(len(schema["enum"])):
            yield from _misread("A value of a string enum", document.at((*route, "enum", index)))


def _string_schemas(data: Any) -> Iterator[tuple[Route, dict[str, Any]]]:
    """Every map with ``type: string`` and a list ``enum``, without recursion."""
    waiting: list[tuple[Route, Any]] = [((), data)]
    while waiting:
        route, value = waiting.pop()
        if isinstance(value, dict):
            if value.get("type") == "string" and isinstance(value.get("enum"), list):
                yield route, value
            waiting.extend(
                ((*route, key), item) for key, item in value.items() if isinstance(item, (dict, list))
            )
        elif isinstance(value, list):
            items = enumerate(value)
            waiting.extend(((*route, index), item) for index, item in items if isinstance(item, (dict, list)))


def _misread(where: str, node: Node) -> Iterator[MisreadString]:
    if isinstance(node.value, (bool, int, float)):
        written = node.document.source_text(node.route)
        yield MisreadString(node, None, where, written, _in_words(node.value), "everybody")
        return
    text = node.text
    old = None if not text else read_kubernetes(text)
    if (
        text
        and (not isinstance(old, str) or _BASE_60.match(text))
        and node.document.source_text(node.route) == text
    ):
        reading = _in_words(old) if not isinstance(old, str) else "a number to the base of 60"
        yield MisreadString(node, None, where, text, reading, "old")
