"""What the auth helpers of collections add to a request: where a credential stands, never which."""

from __future__ import annotations

from urllib.parse import quote

from archlint.finding.records import dataclass
from archlint.model.evidence.exchange import OPEN

_IN_HEADER = {"bearer": "Bearer", "oauth2": "Bearer", "basic": "Basic", "digest": "Digest", "jwt": "Bearer"}
INHERITED = "inherit"
"""The helper that is the one of the folder above."""


@dataclass(frozen=True, slots=True)
class Auth:
    """A helper, by its name; ``none`` and the empty text are none."""

    kind: str = ""
    key: str = ""
    """The name of an API key."""
    is_in_query: bool = False

    @property
    def is_known(self) -> bool:
        """Whether one knows what it does."""
        return self.kind in ("", "none", *_IN_HEADER) or (self.kind == "apikey" and bool(self.key))

    def headers(self) -> list[tuple[str, str]]:
        """The headers that it adds."""
        if self.kind in _IN_HEADER:
            return [("Authorization", f"{_IN_HEADER[self.kind]} {OPEN}")]
        return [(self.key, OPEN)] if self.kind == "apikey" and not self.is_in_query else []

    def query(self) -> list[tuple[str, str]]:
        """The pairs of the query that it adds."""
        return [(self.key, OPEN)] if self.kind == "apikey" and self.is_in_query else []

    def url(self, url: str) -> str:
        """A URL with what it adds."""
        for name, value in self.query():
            url = f"{url}{'&' if '?' in url else '?'}{quote(name, safe='')}={value}"
        return url
