"""HAR files (HTTP Archive 1.2), as browsers and proxies record traffic.

Source: http://www.softwareishard.com/blog/har-12-spec/. Bodies may be missing although something was
sent, and browsers take credentials out unless they are asked not to: what is not there is then unknown.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterator
from urllib.parse import quote_plus

from archlint.documents import Node
from archlint.model.evidence.exchange import (
    EvidenceKind,
    Exchange,
    Pair,
    SentBody,
    SentRequest,
    SentResponse,
    header,
)
from archlint.model.evidence.fields import MULTIPART, Field, as_parts
from archlint.model.evidence.files import EvidenceFile
from archlint.model.evidence.urls import url_of

_CLEANED_BY = ("webinspector", "webkit web inspector")
"""What Chrome and Safari call themselves, whose recordings leave out credentials."""
_OF_BROWSERS = frozenset(("data", "blob", "about", "file", "chrome", "javascript", "filesystem", "resource"))
"""Schemes of URLs for which no server is asked."""
_CREDENTIALS = frozenset(("authorization", "cookie"))
_FORM = "application/x-www-form-urlencoded"
_UNKNOWN_TYPE = "x-unknown"
_PACKED = frozenset(("gzip", "x-gzip", "deflate"))
_LONGEST = 20_000_000
"""Bytes of a body that is kept compressed; a longer one is not judged."""


def is_own(file: EvidenceFile) -> bool:
    """Whether a file is a HAR file."""
    if not file.path.lower().endswith(".har") and not (
        '"log"' in file.head and file.head.lstrip()[:1] == "{"
    ):
        return False
    document = file.document
    return document is not None and document.root.get("log", "entries").is_list


def exchanges(file: EvidenceFile) -> Iterator[Exchange]:
    """Each entry; those that are none are counted."""
    document = file.document
    if document is None:
        return
    log = document.root.get("log")
    is_kept = _creator(log) not in _CLEANED_BY or any(
        header["name"].lower() in _CREDENTIALS for header in _plain_headers(log)
    )
    for entry in log.get("entries").elements():
        asked = entry.get("request")
        request = _request(asked, is_kept)
        if _is_of_web_socket(entry, request):
            file.left_out["is a WebSocket, whose messages no OpenAPI contract describes"] += 1
            continue
        if _is_inside(asked.get("url").text or ""):
            file.left_out["went to no server (data:, blob:, pages of the browser)"] += 1
            continue
        if request is None:
            file.left_out["has no method or no URL that can be read"] += 1
            continue
        answer = _response(entry.get("response"), request.method)
        yield Exchange(EvidenceKind.HAR, asked.get("url").value_place(), request, answer, is_recorded=True)


def _creator(log: Node) -> str:
    return (log.get("creator", "name").text or "").strip().lower()


def _is_of_web_socket(entry: Node, request: SentRequest | None) -> bool:
    """Whether an entry goes on in another protocol, by its scheme or as browsers tell."""
    if request is not None and request.scheme in ("ws", "wss"):
        return True
    told = entry.get("_resourceType").text == "websocket" or entry.get("_webSocketMessages").is_list
    upgrade = header(None if request is None else request.headers, "upgrade")
    answered = entry.get("response", "status").integer == 101
    return told or (answered and upgrade is not None and upgrade.value.strip().lower() == "websocket")


def _is_inside(url: str) -> bool:
    """Whether a browser answered by itself."""
    scheme, colon, _ = url[:40].partition(":")
    return bool(colon) and (scheme.lower() in _OF_BROWSERS or scheme.lower().endswith("-extension"))


def _plain_headers(log: Node) -> Iterator[dict[str, str]]:
    for entry in log.get("entries").elements():
        for item in entry.get("request", "headers").elements():
            if item.get("name").text:
                yield item.value


def _request(asked: Node, is_kept: bool) -> SentRequest | None:
    method, at = asked.get("method").text, asked.get("url")
    url = url_of(at.text, at.value_place()) if at.text else None
    if not method or url is None:
        return None
    headers = _with_cookies(asked, _headers(asked))
    body, is_known = _sent(asked, headers)
    return SentRequest(
        method=method.upper(),
        path=url.path,
        place=at.value_place(),
        scheme=url.scheme,
        host=url.host,
        port=url.port,
        query=url.query,
        headers=headers,
        body=body,
        is_body_known=is_known,
        are_credentials_known=is_kept,
    )


def _headers(side: Node) -> tuple[Pair, ...] | None:
    """The headers, without what HTTP/2 adds to them; ``None`` if there is no list of them."""
    listed = side.get("headers")
    if not listed.is_list:
        return None
    found: list[Pair] = []
    for item in listed.elements():
        name, value = item.get("name").text, item.get("value").text
        if name and value is not None and not name.startswith(":"):
            # browsers write several headers of one name into one, each on its line
            place = item.get("value").value_place()
            found += [Pair(name, line, place) for line in value.split("\n")]
    return tuple(found)


def _with_cookies(asked: Node, headers: tuple[Pair, ...] | None) -> tuple[Pair, ...] | None:
    """The headers with that of the cookies, which some recorders list apart."""
    listed = asked.get("cookies")
    if headers is None or header(headers, "cookie") is not None or not listed.value:
        return headers
    cookies = [(item.get("name").text, item.get("value").text) for item in listed.elements()]
    text = "; ".join(f"{name}={value}" for name, value in cookies if name and value is not None)
    return (*headers, Pair("Cookie", text, listed.place())) if text else headers


def _sent(asked: Node, headers: tuple[Pair, ...] | None) -> tuple[SentBody | None, bool]:
    """The body of a request, and whether no body means that there was none."""
    posted, size = asked.get("postData"), asked.get("bodySize").integer
    stated = header(headers, "content-type")
    kind = stated.value if stated else posted.get("mimeType").text
    is_told = (size is not None and size > 0) or _tell_of_body(headers)
    if not posted.is_map:
        if is_told:
            return SentBody(kind or None, "", asked.place(), is_complete=False), True
        return None, size != -1 or (headers is not None and header(headers, "content-length") is None)
    place = posted.place()
    if posted.get("text").text:
        body = _unpacked(_content(posted), headers)
        is_packed = header(headers, "content-encoding") is not None and not _is_json(body)
        return SentBody(kind or None, body, place, is_complete=not is_packed), True
    listed = list(posted.get("params").elements())
    if not listed:
        return (SentBody(kind, "", place, is_complete=False), True) if is_told else (None, True)
    fields = [
        Field(
            item.get("name").text or "",
            item.get("value").text,
            item.get("contentType").text,
            is_file=item.get("fileName").text is not None,
        )
        for item in listed
    ]
    if (kind or "").lower().startswith(MULTIPART):
        return SentBody(*as_parts(fields)[::-1], place, has_part_headers=False), True
    is_form = (kind or "").lower().startswith(_FORM) and all(each.value is not None for each in fields)
    pairs = (f"{quote_plus(each.name)}={quote_plus(each.value or '')}" for each in fields)
    return SentBody(kind or None, "&".join(pairs) if is_form else "", place, is_complete=is_form), True


def _tell_of_body(headers: tuple[Pair, ...] | None) -> bool:
    """Whether headers tell of a body that is not kept, such as a form with files: Chrome counts 0 for it."""
    length = header(headers, "content-length")
    if length is not None:
        return length.value.strip() not in ("", "0")
    kind = header(headers, "content-type")
    is_form = kind is not None and kind.value.strip().lower().startswith(MULTIPART)
    return is_form or header(headers, "transfer-encoding") is not None


def _response(answer: Node, method: str) -> SentResponse | None:
    status = answer.get("status").integer
    if status is None or not 100 <= status <= 999:
        return None  # nothing came: browsers write 0
    headers = _headers(answer)
    body, is_known = _received(answer, headers)
    if method == "HEAD":
        body, is_known = None, False
    return SentResponse(status, answer.get("status").value_place(), headers, body, is_known)


def _received(answer: Node, headers: tuple[Pair, ...] | None) -> tuple[SentBody | None, bool]:
    """The body of a response, and whether no body means that there was none."""
    content = answer.get("content")
    size = content.get("size").integer
    stated, told = header(headers, "content-type"), content.get("mimeType").text
    kind = stated.value if stated else None if told == _UNKNOWN_TYPE else told or None
    if content.get("text").text:
        body = _unpacked(_content(content), headers)
        length = len(body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body)
        is_cut = size is not None and length < size and not _is_json(body)
        is_whole = not is_cut and not _is_packed(content, body, headers)
        return SentBody(kind, body, content.get("text").place(), is_complete=is_whole), True
    if size != 0 or _tell_of_body(headers):
        if kind is None:
            return None, False
        return SentBody(kind, "", content.place(), is_complete=False), True
    return None, True


def _content(part: Node) -> str | bytes:
    text = part.get("text").text or ""
    if part.get("encoding").text != "base64":
        return text
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return text


def _unpacked(body: str | bytes, headers: tuple[Pair, ...] | None) -> str | bytes:
    """A body as it was before it was compressed; as it is if nobody can tell, or it would be too long."""
    encoding = header(headers, "content-encoding")
    if isinstance(body, str) or encoding is None or encoding.value.strip().lower() not in _PACKED:
        return body
    packed = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # of either format
    try:
        plain = packed.decompress(body, _LONGEST)
    except zlib.error:
        return body
    return plain if packed.eof else body


def _is_packed(content: Node, body: str | bytes, headers: tuple[Pair, ...] | None) -> bool:
    """Whether a body was kept as it was compressed, or its base64 cannot be read."""
    if isinstance(body, str):
        return content.get("encoding").text == "base64"
    try:
        body.decode()
    except UnicodeDecodeError:
        return header(headers, "content-encoding") is not None
    return False


def _is_json(body: str | bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
