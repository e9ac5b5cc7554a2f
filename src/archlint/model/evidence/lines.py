"""Requests as texts of lines: the first line, headers, and a body after an empty one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archlint.documents import TextFile
from archlint.finding import Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.evidence.exchange import OPEN, EvidenceKind, Exchange, Pair, SentBody, SentRequest, header
from archlint.model.evidence.fields import FORM
from archlint.model.evidence.urls import url_of
from archlint.model.evidence.variables import encoded, filled, without_base

METHOD = regex(r"[A-Z][A-Z-]{1,19}\Z")


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number."""

    number: int
    text: str

    def place(self, source: TextFile) -> Place:
        """The line as a place."""
        return source.place(Span(self.number, 1, self.number, max(2, len(self.text) + 1)))


@dataclass(frozen=True, slots=True)
class Written:
    """A request as it is written down."""

    method: str
    url: str
    at: Place
    headers: Sequence[tuple[str, str, Place]]
    body: str = ""
    body_at: Place | None = None
    media_type: str | None = None
    is_complete: bool = True
    is_listed: bool = False
    """Whether the body was put together from fields that the evidence lists."""
    are_credentials_known: bool = True


def exchange_of(written: Written, values: Mapping[str, str], kind: EvidenceKind) -> Exchange | None:
    """What a written request asks; ``None`` if its URL cannot be read."""
    place = written.at
    url = url_of(without_base(filled(written.url.replace(" ", "%20"), values)), place)
    if url is None:
        return None
    headers = tuple(Pair(name, filled(value, values), at) for name, value, at in written.headers)
    stated = header(headers, "content-type")
    body = None
    if written.body.strip() or not written.is_complete:
        own = written.media_type if written.is_listed or stated is None else None
        media_type = own or (stated.value if stated else None)
        is_form = written.is_listed and media_type == FORM
        known = {name: encoded(value) for name, value in values.items()} if is_form else values
        body = SentBody(
            media_type,
            filled(written.body, known),
            written.body_at or place,
            written.is_complete,
            not written.is_listed,
        )
    request = SentRequest(
        method=written.method,
        path=url.path,
        place=place,
        scheme=url.scheme,
        host=None if url.host and OPEN in url.host else url.host,
        port=url.port,
        query=url.query,
        headers=headers,
        body=body,
        are_credentials_known=written.are_credentials_known,
        are_cookies_known=False,
    )
    return Exchange(kind, place, request, None, is_recorded=False)
