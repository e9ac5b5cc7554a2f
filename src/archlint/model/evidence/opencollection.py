"""Requests of Bruno in YAML (OpenCollection): one in each file, or a whole collection in one.

Source: https://docs.usebruno.com/opencollection-yaml/structure-reference.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import replace
from archlint.model.evidence.auth import INHERITED
from archlint.model.evidence.bruno import with_path_values
from archlint.model.evidence.bruno_folders import (
    Said,
    auth_in,
    is_scripted,
    pairs_in,
    said_above,
    said_by,
    text_in,
    values_in,
)
from archlint.model.evidence.environments import layered, set_by_scripts
from archlint.model.evidence.exchange import EvidenceKind, Exchange
from archlint.model.evidence.fields import FORM, Field, as_form, as_parts, sent_json
from archlint.model.evidence.files import EvidenceFile
from archlint.model.evidence.lines import Written, exchange_of

_TYPES = {
    "json": "application/json",
    "text": "text/plain",
    "xml": "application/xml",
    "graphql": "application/json",
}
_MOST_LEVELS = 50


def is_own(file: EvidenceFile) -> bool:
    """Whether a file has a request, or a collection with its requests."""
    if "http:" not in file.text or not file.path.lower().endswith((".yml", ".yaml")):
        return False
    document = file.document
    if document is None:
        return False
    root = document.root
    return _is_request(root) or (root.get("opencollection").exists and root.get("items").is_list)


def exchanges(file: EvidenceFile) -> Iterator[Exchange]:
    """The request of a file, or all of its collection."""
    document = file.document
    if document is None:
        return
    root = document.root
    if _is_request(root):
        yield from _of_request(file, root, said_above(file.path, file.around))
        return
    environments = [
        values_in(each.get("variables")) for each in root.get("config", "environments").elements()
    ]
    whole = said_by(root.get("request"))
    whole = replace(whole, values=layered(whole.values, environments), set_later=set_by_scripts((file.text,)))
    waiting = [(item, whole, 0) for item in root.get("items").elements()][::-1]
    while waiting:
        item, above, depth = waiting.pop()
        if _is_request(item):
            yield from _of_request(file, item, above)
        elif depth < _MOST_LEVELS:
            here = said_by(item.get("request")).inside(above)
            waiting += [(below, here, depth + 1) for below in item.get("items").elements()][::-1]


def _is_request(node: Node) -> bool:
    return node.get("http", "url").text is not None and node.get("http", "method").text is not None


def _of_request(file: EvidenceFile, node: Node, above: Said) -> Iterator[Exchange]:
    values = {**above.values, **values_in(node.get("runtime", "variables")), **above.set_later}
    found = exchange_of(_written(node, above), values, EvidenceKind.BRUNO)
    if found is None:
        file.left_out["has no URL that can be read"] += 1
    else:
        yield found


def _written(node: Node, above: Said) -> Written:
    asked, runtime = node.get("http"), node.get("runtime")
    own = auth_in(asked.get("auth") if asked.get("auth").exists else runtime.get("auth"))
    auth = above.auth if own.kind == INHERITED else own
    at = asked.get("url").value_place()
    headers = [(name, value, item.place()) for name, value, item in pairs_in(asked.get("headers"))]
    inherited = [(name, value, at) for name, value in above.headers_without({each[0] for each in headers})]
    body, media_type = _body(_chosen(asked.get("body")))
    return Written(
        method=(asked.get("method").text or "GET").upper(),
        url=auth.url(_url(asked)),
        at=at,
        headers=[*headers, *inherited, *((name, value, at) for name, value in auth.headers())],
        body=body or "",
        body_at=asked.get("body").place() if asked.get("body").exists else None,
        media_type=media_type,
        is_complete=body is not None,
        is_listed=True,
        are_credentials_known=auth.is_known
        and not above.is_scripted
        and not is_scripted(runtime.get("scripts")),
    )


def _url(asked: Node) -> str:
    """The URL, with the parameters that are listed beside it."""
    url, listed = asked.get("url").text or "", asked.get("params")
    url = with_path_values(url, {name: value for name, value, _ in pairs_in(listed, "path")})
    query = as_form((name, value) for name, value, _ in pairs_in(listed, "query"))
    return f"{url}?{query}" if query and "?" not in url else url


def _chosen(body: Node) -> Node:
    """The body, of several the one that is selected."""
    if not body.is_list:
        return body
    every = list(body.elements())
    selected = next((each for each in every if each.get("selected").value is True), None)
    return (selected or every[0]).get("body") if every else body


def _body(body: Node) -> tuple[str | None, str | None]:
    """The body and its media type; ``None`` for one that is not written here."""
    kind, data = body.get("type").text, body.get("data")
    if kind is None or kind == "none":
        return "", None
    if kind == "form-urlencoded":
        return as_form((name, value) for name, value, _ in pairs_in(data)), FORM
    if kind == "multipart-form":
        fields = (
            Field(
                name,
                None if item.get("type").text == "file" else value,
                item.get("contentType").text,
                is_file=item.get("type").text == "file",
            )
            for name, value, item in pairs_in(data)
        )
        return as_parts(fields)
    if kind == "json":
        return sent_json(text_in(data)), _TYPES[kind]
    return (text_in(data) if kind in ("text", "xml") else None), _TYPES.get(kind)
