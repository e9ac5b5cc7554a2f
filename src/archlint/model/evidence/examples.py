"""The examples of an OpenAPI document as exchanges: what its author thinks is sent and answered.

``archlint check`` holds examples against the schemas beside them; here they are held against other contracts,
such as that of the provider where a consumer keeps a copy. References are followed inside of the document.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from archlint.documents import Node, TextFile
from archlint.finding import Place
from archlint.finding.place import steps_of
from archlint.model.evidence.exchange import (
    OPEN,
    EvidenceKind,
    Exchange,
    Pair,
    SentBody,
    SentRequest,
    SentResponse,
)
from archlint.model.evidence.fields import FORM
from archlint.model.evidence.files import EvidenceFile
from archlint.model.evidence.media_types import bare, is_json
from archlint.model.evidence.variables import encoded

ONLY_NAMED = True
"""Contracts are found in many folders of evidence, and are meant as such only if they are named."""
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_MOST_STEPS = 20


def is_own(file: EvidenceFile) -> bool:
    """Whether a file is an OpenAPI document."""
    if not file.is_structured or not any(word in file.text for word in ("openapi", "swagger")):
        return False
    document = file.document
    if document is None or not document.root.get("paths").is_map:
        return False
    return document.root.get("openapi").exists or document.root.get("swagger").exists


def exchanges(file: EvidenceFile) -> Iterator[Exchange]:
    """Each example of a body, with the parameters of its operation as far as these have examples."""
    document = file.document
    if document is None:
        return
    for template, item in document.root.get("paths").items():
        if template.startswith("/"):
            for method in _METHODS:
                operation = _followed(item).get(method)
                if operation.is_map:
                    yield from _of_operation(template, method.upper(), _followed(item), operation)


def _of_operation(template: str, method: str, item: Node, operation: Node) -> Iterator[Exchange]:
    parameters = [
        _followed(each)
        for each in (*item.get("parameters").elements(), *operation.get("parameters").elements())
    ]
    path, query = template, []
    for parameter in parameters:
        name, at = parameter.get("name").text or "", parameter.get("in").text
        value = next(iter(_examples(parameter)), None)
        text = OPEN if value is None or isinstance(value.value, (dict, list)) else _text(value.value)
        if at == "path":
            path = path.replace(f"{{{name}}}", encoded(text))
        elif at == "query" and (value is not None or parameter.get("required").value is True):
            query.append(Pair(encoded(name), encoded(text), _place(parameter)))

    def request(body: SentBody | None) -> SentRequest:
        return SentRequest(
            method=method,
            path=path,
            place=_place(operation),
            query=tuple(query),
            body=body,
            is_body_known=body is not None,
            are_credentials_known=False,
        )

    for body in _bodies(_followed(operation.get("requestBody")).get("content")):
        yield Exchange(EvidenceKind.EXAMPLE, body.place, request(body), None, is_recorded=False)
    for status, listed in operation.get("responses").items():
        if status.isascii() and status.isdigit() and len(status) == 3:
            answer = _followed(listed)
            for body in (*_bodies(answer.get("content")), *_of_version_2(answer)):
                said = SentResponse(int(status), body.place, body=body)
                yield Exchange(EvidenceKind.EXAMPLE, body.place, request(None), said, is_recorded=False)


def _bodies(content: Node) -> Iterator[SentBody]:
    for media_type, media in content.items():
        for example in _examples(_followed(media)):
            yield _body(media_type, example)


def _of_version_2(answer: Node) -> Iterator[SentBody]:
    for media_type, example in answer.get("examples").items():
        if "/" in media_type:
            yield _body(media_type, example)


def _body(media_type: str, example: Node) -> SentBody:
    """An example as it is sent: where its media type may write it in several ways, nothing but that type."""
    text, place = _written(media_type, example.value), _place(example)
    return SentBody(media_type, text or "", place, is_complete=text is not None)


def _written(media_type: str, value: Any) -> str | None:
    """The text of a value in a media type; ``None`` if that may be written in several ways."""
    if is_json(media_type):
        return value if _is_document(value) else json.dumps(value)
    if isinstance(value, str):
        return value
    if bare(media_type) != FORM or not isinstance(value, dict):
        return None
    if any(isinstance(part, (dict, list)) for part in value.values()):
        return None
    return urlencode({name: _text(part) for name, part in value.items()})


def _is_document(value: Any) -> bool:
    """Whether an example of JSON is its text, as many are written, and not a value that is a text."""
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True


def _examples(node: Node) -> Iterator[Node]:
    if node.get("example").exists:
        yield node.get("example")
    for _, entry in node.get("examples").items():
        for name in ("value", "dataValue"):
            if _followed(entry).get(name).exists:
                yield _followed(entry).get(name)


def _place(node: Node) -> Place:
    """Where an element is, without the names that lead to it."""
    return TextFile(node.document.path).place(node.place().span())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _followed(node: Node) -> Node:
    """What a reference inside of the document leads to; a missing node for any other."""
    for _ in range(_MOST_STEPS):
        text = node.get("$ref").text
        if text is None:
            return node
        target = node.document.root if text.startswith("#/") else node.get("$ref", "?")
        for step in steps_of(text.removeprefix("#")) if text.startswith("#/") else ():
            target = target.get(int(step) if target.is_list and step.isdigit() else step)
        node = target
    return node.get("$ref", "?")
