"""Access logs of a stated format: of each line the method, the path, the query and the status.

The format is ``common``, ``combined``, ``envoy`` (its default, which Istio has too), or one as nginx
(``[$time_local] "$request" $status``) or Apache (``%h "%r" %>s``) write it down. Headers and bodies are in
no log, so nothing is said of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.evidence.exchange import EvidenceKind, Exchange, SentRequest, SentResponse
from archlint.model.evidence.files import EvidenceFile, EvidenceProblem
from archlint.model.evidence.lines import METHOD, Line
from archlint.model.evidence.urls import Url, url_of

FORMATS = {
    "common": '%h %l %u %t "%r" %>s %b',
    "combined": '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
    "envoy": '[$start] "$request" $status $more',
}
"""The formats that have a name."""
_FIELD = regex(r"(\$\w+|\$\{\w+\}|%[<>]?(?:\{[^{}]*\})?[A-Za-z])")
_MEANT = {
    "%r": "request",
    "%m": "method",
    "%U": "path",
    "%q": "query",
    "%s": "status",
    "%>s": "status",
    "%<s": "status",
    "%V": "host",
    "%v": "host",
    "%t": "time",
    "$request": "request",
    "$request_method": "method",
    "$request_uri": "target",
    "$uri": "path",
    "$args": "query",
    "$query_string": "query",
    "$status": "status",
    "$host": "host",
    "$http_host": "host",
    "$scheme": "scheme",
}
_MOST_WRONG = 0.5
"""The share of lines from which on the format is taken for a wrong one."""


@dataclass(frozen=True, slots=True)
class LogFormat:
    """The texts of a line, and what stands between them."""

    texts: tuple[str, ...]
    fields: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> LogFormat | None:
        """A format as it is written down; ``None`` if it has no request or no status."""
        parts = _FIELD.split(FORMATS.get(text, text))
        names = tuple(_MEANT.get(part.replace("{", "").replace("}", ""), "") for part in parts[1::2])
        says_where = "request" in names or "target" in names or "path" in names
        return cls(tuple(parts[::2]), names) if says_where and "status" in names else None

    def values(self, line: str) -> dict[str, str] | None:
        """What a line says; ``None`` if it is written otherwise."""
        if not line.startswith(self.texts[0]):
            return None
        at, found = len(self.texts[0]), {}
        for name, text in zip(self.fields, self.texts[1:], strict=True):
            if name == "time" and line[at : at + 1] == "[":
                end = line.find("]", at) + 1
            else:
                end = line.find(text, at) if text else len(line)
            if end < at or not line.startswith(text, end):
                return None
            if name:
                found[name] = line[at:end]
            at = end + len(text)
        return found


def exchanges_of(file: EvidenceFile, format_: LogFormat) -> Iterator[Exchange]:
    """The exchanges of all lines that the format fits; raises ``EvidenceProblem`` if it fits few of them."""
    wrong, lines = 0, file.text.split("\n")
    found: list[Exchange] = []
    for number, text in enumerate(lines, 1):
        line = Line(number, text.rstrip("\r"))
        if not line.text.strip():
            continue
        values = format_.values(line.text)
        exchange = None if values is None else _exchange(values, line, file)
        if exchange is None:
            wrong += 1
        else:
            found.append(exchange)
    if wrong > _MOST_WRONG * (wrong + len(found)):
        raise EvidenceProblem("is not written in the format that --log-format states")
    if wrong:
        file.left_out["is a line of another form"] += wrong
    yield from found


def _exchange(values: dict[str, str], line: Line, file: EvidenceFile) -> Exchange | None:
    place = line.place(file.source)
    method, target = values.get("method"), values.get("target")
    if "request" in values:
        words: Sequence[str] = values["request"].split(" ")
        if len(words) not in (2, 3):
            return None
        method, target = words[0], words[1]
    elif target is None:
        query = values.get("query", "").lstrip("?")
        target = values.get("path", "") + (f"?{query}" if query not in ("", "-") else "")
    status = values["status"]
    url: Url | None = url_of(target, place)
    if url is None or not METHOD.match(method or "GET") or not (status.isascii() and status.isdigit()):
        return None
    if not 100 <= int(status[:4]) <= 999:
        return None
    host = values.get("host") or url.host
    request = SentRequest(
        method=method or "GET",
        path=url.path,
        place=place,
        scheme=values.get("scheme") or url.scheme,
        host=host.partition(":")[0].lower() if host and host != "-" else None,
        query=url.query,
        is_body_known=False,
        are_credentials_known=False,
    )
    answer = SentResponse(int(status), place, is_body_known=False)
    return Exchange(EvidenceKind.LOG, place, request, answer, is_recorded=True)
