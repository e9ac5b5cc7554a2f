"""One exchange of HTTP as some evidence tells it: what was asked, what was answered, and where that stands.

Nothing here is judged or decoded further than the evidence itself is: paths, queries and headers are raw, so
that styles and encodings can be judged. Values may be secrets: they reach no report (``docs/verify.md``), and
so places lead to fixed fields of the evidence, never through a name that only it has.
"""

from __future__ import annotations

from enum import StrEnum

from archlint.finding import Place
from archlint.finding.records import dataclass

OPEN = "\ufffc"
"""Stands in a text for what the evidence leaves open, such as a variable of a collection: it may be any text,
so what has it is not judged."""


class EvidenceKind(StrEnum):
    """What an exchange was taken from."""

    HAR = "har"
    POSTMAN = "postman"
    BRUNO = "bruno"
    HTTP = "http"
    LOG = "log"
    EXAMPLE = "example"
    PACT = "pact"


@dataclass(frozen=True, slots=True)
class Pair:
    """A header, or a pair of the query as it is written: still percent-encoded."""

    name: str
    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class SentBody:
    """What was sent after the headers."""

    media_type: str | None
    """As ``Content-Type`` says it, parameters included; ``None`` if nothing does."""
    content: str | bytes
    """Text where the evidence keeps text, else the bytes."""
    place: Place
    is_complete: bool = True
    """Whether all of it is there; of a part only the media type can be judged."""
    has_part_headers: bool = True
    """Whether the parts of a form have all headers that they were sent with: some evidence lists fields."""
    open_parts: tuple[tuple[str | int, ...], ...] = ()
    """Ways to parts of its value that the evidence leaves open; ``*`` stands for any step."""


@dataclass(frozen=True, slots=True)
class SentRequest:
    """What a client asked."""

    method: str
    """Upper case for the methods that HTTP has, else as it was written."""
    path: str
    """The path of the URL as it was written, without query; it begins with ``/``."""
    place: Place
    """The URL, or what tells it."""
    scheme: str | None = None
    host: str | None = None
    """Lower case, without port; ``None`` if the evidence does not tell it."""
    port: int | None = None
    """The port if the URL names one."""
    query: tuple[Pair, ...] = ()
    """In the order of the URL, with what was sent twice."""
    headers: tuple[Pair, ...] | None = None
    """``None`` if the evidence does not keep them, so that nothing is known of what was not sent."""
    body: SentBody | None = None
    is_body_known: bool = True
    """Whether no body means that none was sent."""
    are_credentials_known: bool = True
    """Whether credentials would be there if they had been sent: some recorders take them out."""
    are_cookies_known: bool = True
    """Whether cookies would be there: clients that run written requests keep them from earlier answers."""


@dataclass(frozen=True, slots=True)
class SentResponse:
    """What was answered."""

    status: int
    place: Place
    """The status."""
    headers: tuple[Pair, ...] | None = None
    """``None`` if the evidence does not keep them."""
    body: SentBody | None = None
    is_body_known: bool = True
    """Whether no body means that none was sent."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, its response, or both; at least one of them is there."""

    kind: EvidenceKind
    place: Place
    """The whole: its name, or the token that it begins with."""
    request: SentRequest | None
    response: SentResponse | None
    is_recorded: bool
    """Whether it took place, and is not only what somebody wants or expects."""

    @property
    def path(self) -> str:
        """The file that tells it."""
        return self.place.source.path


def headers_of(pairs: tuple[Pair, ...] | None, name: str) -> list[Pair]:
    """All headers of a name, in their order: a list may be sent in several of them (RFC 9110, 5.3)."""
    wanted = name.lower()
    return [pair for pair in pairs or () if pair.name.lower() == wanted]


def header(pairs: tuple[Pair, ...] | None, name: str) -> Pair | None:
    """The first header of a name; names of headers have no case."""
    wanted = name.lower()
    return next((pair for pair in pairs or () if pair.name.lower() == wanted), None)
