"""Requests as texts of lines: the first line, headers, and a body after an empty one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archlint.documents import TextFile
from archlint.finding import Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.evidence.exchange import OPEN, EvidenceKind, Exchange, Pair, SentBody, SentRequest, header
from archlint.model.evidence.urls import url_of
from archlint.model.evidence.variables import filled, without_base

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
    at: Line
    headers: Sequence[tuple[str, str, Line]]
    body: str
    body_at: Line | None
    media_type: str | None = None
    is_complete: bool = True
    are_credentials_known: bool = True


def exchange_of(
    written: Written, source: TextFile, values: Mapping[str, str], kind: EvidenceKind
) -> Exchange | None:
    """What a written request asks; ``None`` if its URL cannot be read."""
    place = written.at.place(source)
    url = url_of(without_base(filled(written.url.replace(" ", "%20"), values)), place)
    if url is None:
        return None
    headers = tuple(
        Pair(name, filled(value, values), line.place(source)) for name, value, line in written.headers
    )
    stated = header(headers, "content-type")
    body = None
    if written.body.strip() or not written.is_complete:
        at = place if written.body_at is None else written.body_at.place(source)
        media_type = stated.value if stated else written.media_type
        body = SentBody(media_type, filled(written.body, values), at, written.is_complete)
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
    )
    return Exchange(kind, place, request, None, is_recorded=False)
