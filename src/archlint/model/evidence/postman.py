"""Collections of Postman, format 2.0 and 2.1: requests, and responses that were saved with them.

Source: https://schema.postman.com/. A request without a saved response is what somebody means to
send. Variables are filled in where the collection has their values, and are open elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.evidence.auth import Auth
from archlint.model.evidence.environments import layered, postman_environments, set_by_scripts
from archlint.model.evidence.exchange import (
    OPEN,
    EvidenceKind,
    Exchange,
    Pair,
    SentBody,
    SentRequest,
    SentResponse,
    header,
)
from archlint.model.evidence.fields import Field, as_parts, sent_json
from archlint.model.evidence.files import EvidenceFile
from archlint.model.evidence.media_types import is_json
from archlint.model.evidence.urls import Url, url_of
from archlint.model.evidence.variables import encoded, filled, without_base

_LANGUAGES = {"json": "application/json", "xml": "application/xml", "html": "text/html", "text": "text/plain"}
_MOST_LEVELS = 50


@dataclass(frozen=True, slots=True)
class _Around:
    """What folders say for the requests in them."""

    values: Mapping[str, str]
    auth: Node
    is_scripted: bool


def is_own(file: EvidenceFile) -> bool:
    """Whether a file is a collection."""
    if '"info"' not in file.text[:200_000] or not file.is_structured:
        return False
    document = file.document
    return document is not None and document.root.get("info").is_map and document.root.get("item").is_list


def exchanges(file: EvidenceFile) -> Iterator[Exchange]:
    """Each request with each of its saved responses; alone where it has none."""
    document = file.document
    if document is None:
        return
    root = document.root
    shared, environments = file.around.once(postman_environments, "")
    scripted = set_by_scripts((file.text,))
    values = {**layered({**shared, **_variables(root)}, environments), **scripted}
    around = _Around(values, root.get("auth"), _is_scripted(root))
    waiting = [(item, around, 0) for item in root.get("item").elements()][::-1]
    while waiting:
        item, above, depth = waiting.pop()
        own = item.get("auth")
        mine = _variables(item)
        here = _Around(
            {**above.values, **mine, **scripted} if mine else above.values,
            own if own.is_map else above.auth,
            above.is_scripted or _is_scripted(item),
        )
        if item.get("item").is_list:
            if depth < _MOST_LEVELS:
                waiting += [(below, here, depth + 1) for below in item.get("item").elements()][::-1]
            continue
        yield from _of_item(file, item, here)


def _variables(part: Node) -> dict[str, str]:
    """The variables of a collection or a folder; those without a value are open."""
    return {
        item.get("key").text or item.get("id").text or "": item.get("value").text or OPEN
        for item in part.get("variable").elements()
        if item.get("disabled").value is not True
    }


def _is_scripted(part: Node) -> bool:
    return any(event.get("listen").text == "prerequest" for event in part.get("event").elements())


def _of_item(file: EvidenceFile, item: Node, around: _Around) -> Iterator[Exchange]:
    asked = item.get("request")
    saved = [each for each in item.get("response").elements() if each.is_map]
    for answer in saved:
        first = answer.get("originalRequest")
        request = _request(first if first.is_map else asked, around, is_saved=True)
        status = answer.get("code").integer
        if request is None or status is None or not 100 <= status <= 999:
            file.left_out["has no URL or status that can be read"] += 1
            continue
        yield Exchange(
            EvidenceKind.POSTMAN,
            answer.get("code").value_place(),
            request,
            SentResponse(
                status,
                answer.get("code").value_place(),
                _headers(answer, {}),
                _answered(answer),
                request.method != "HEAD",
            ),
            is_recorded=True,
        )
    if not saved:
        request = _request(asked, around)
        if request is None:
            file.left_out["has no URL that can be read"] += 1
            return
        yield Exchange(EvidenceKind.POSTMAN, request.place, request, None, is_recorded=False)


def _request(asked: Node, around: _Around, *, is_saved: bool = False) -> SentRequest | None:
    """What is asked; requests that are saved with their responses are saved without what helpers add."""
    if asked.text:  # a URL alone
        url = url_of(without_base(filled(asked.text, around.values)), asked.value_place())
        method, place = "GET", asked.value_place()
    else:
        url, method = _url(asked.get("url"), around.values), asked.get("method").text or "GET"
        place = asked.get("url").place()
    if url is None:
        return None
    own = asked.get("auth")
    headers, query, is_known = _with_auth(
        own if own.is_map else around.auth, _headers(asked, around.values) or (), url.query
    )
    body = _body(asked.get("body"), headers, around.values)
    return SentRequest(
        method=method.upper(),
        path=url.path,
        place=place,
        scheme=url.scheme,
        host=None if url.host and OPEN in url.host else url.host,
        port=url.port,
        query=query,
        headers=headers,
        body=body,
        are_cookies_known=False,
        are_credentials_known=is_known
        and not is_saved
        and not around.is_scripted
        and not _is_scripted(asked),
    )


def _url(node: Node, values: Mapping[str, str]) -> Url | None:
    """A URL, as text or in parts: these are what is sent, whatever ``raw`` says beside them."""
    raw = node.text or _joined(node) or node.get("raw").text
    if raw is None:
        return None
    own = {
        item.get("key").text or "": item.get("value").text or OPEN for item in node.get("variable").elements()
    }
    address, mark, query = filled(raw, values).partition("?")
    head, slashes, path = without_base(address).partition("://")
    if not slashes:
        head, path = "", head
    parts = [
        encoded(filled(own.get(part[1:], OPEN), values)) if len(part) > 1 and part[0] == ":" else part
        for part in path.split("/")
    ]
    if slashes:
        parts[0] = path.split("/")[0]
    return url_of(head + slashes + "/".join(parts) + mark + query, node.place())


def _joined(node: Node) -> str | None:
    """A URL of which only the parts are told, as generators of collections write it."""
    if not node.get("path").exists and not node.get("host").exists:
        return None
    host, path = (_text_of(node.get(name), between) for name, between in (("host", "."), ("path", "/")))
    scheme, port = node.get("protocol").text, node.get("port").text
    start = f"{scheme}://{host}" if scheme else host
    if node.get("query").is_list:
        every = (item for item in node.get("query").elements() if item.get("disabled").value is not True)
        query = "&".join(map(_pair, every))
    else:
        query = (node.get("raw").text or "").partition("?")[2]
    port = f":{port}" if port else ""
    return f"{start}{port}/{path.removeprefix('/')}{'?' if query else ''}{query}"


def _pair(item: Node) -> str:
    """A pair of the query, with the signs encoded that would end it."""
    name, value = (item.get(key).text for key in ("key", "value"))
    texts = [text.replace("&", "%26").replace("#", "%23") for text in (name, value) if text is not None]
    return "=".join(texts)


def _text_of(node: Node, between: str) -> str:
    return node.text or between.join(item.text or item.get("value").text or "" for item in node.elements())


def _headers(side: Node, values: Mapping[str, str]) -> tuple[Pair, ...] | None:
    listed = side.get("header")
    found: list[Pair] = []
    for line in (listed.text or "").split("\n"):  # as 2.0 may have it
        key, sign, text = line.partition(":")
        if sign and key.strip():
            found.append(Pair(key.strip(), filled(text.strip(), values), listed.value_place()))
    for item in listed.elements():
        name, value = item.get("key").text, item.get("value").text
        if name and value is not None and item.get("disabled").value is not True:
            found.append(Pair(name, filled(value, values), item.get("value").value_place()))
    return tuple(found) if listed.is_list or listed.text else None


def _with_auth(
    auth: Node, headers: tuple[Pair, ...], query: tuple[Pair, ...]
) -> tuple[tuple[Pair, ...], tuple[Pair, ...], bool]:
    """Headers and query with what an auth helper adds, and whether one knows what it does."""
    kind = auth.get("type").text
    if kind is None or kind == "noauth":
        return headers, query, True
    own = auth.get(kind)
    told: dict[str | None, str | None] = {name: item.text for name, item in own.items()}  # a map in 2.0
    told.update((item.get("key").text, item.get("value").text) for item in own.elements())
    if "query" in (told.get("addTokenTo") or "").lower():
        return headers, (*query, Pair("access_token", OPEN, auth.place())), kind == "oauth2"
    helper = Auth(kind, told.get("key") or "", told.get("in") == "query")
    in_headers, in_query = (
        tuple(Pair(name, value, auth.place()) for name, value in added)
        for added in (helper.headers(), helper.query())
    )
    return (*headers, *in_headers), (*query, *in_query), helper.is_known


def _body(node: Node, headers: tuple[Pair, ...], values: Mapping[str, str]) -> SentBody | None:
    mode, stated = node.get("mode").text, header(headers, "content-type")
    if mode is None or node.get("disabled").value is True:
        return None
    if mode == "raw":
        text = node.get("raw").text
        if not text:
            return None
        kind = stated.value if stated else _LANGUAGES.get(node.get("options", "raw", "language").text or "")
        text = sent_json(text) if is_json(kind or "") else text
        return SentBody(kind, filled(text, values), node.place())
    if mode == "urlencoded":
        fields = [
            item for item in node.get("urlencoded").elements() if item.get("disabled").value is not True
        ]
        pairs = [
            f"{encoded(item.get('key').text or '')}={encoded(filled(item.get('value').text or '', values))}"
            for item in fields
        ]
        return SentBody("application/x-www-form-urlencoded", "&".join(pairs), node.place())
    if mode == "formdata":
        parts = (
            Field(
                item.get("key").text or "",
                None if item.get("type").text == "file" else filled(item.get("value").text or "", values),
                item.get("contentType").text,
                is_file=item.get("type").text == "file",
            )
            for item in node.get("formdata").elements()
            if item.get("disabled").value is not True
        )
        return SentBody(*as_parts(parts)[::-1], node.place(), has_part_headers=False)
    usual = {"graphql": "application/json"}.get(mode)
    return SentBody(stated.value if stated else usual, "", node.place(), is_complete=False)


def _answered(answer: Node) -> SentBody | None:
    text = answer.get("body").text
    if not text:
        return None
    stated = header(_headers(answer, {}), "content-type")
    language = answer.get("_postman_previewlanguage").text or ""
    kind = stated.value if stated else _LANGUAGES.get(language)
    return SentBody(kind, filled(text, {}), answer.get("body").place())
