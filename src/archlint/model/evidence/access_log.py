"""Access logs of a stated format: of each line the method, the path, the query and the status.

Headers and bodies are hardly in a log, so nothing is said of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import quote

from archlint.model.evidence.exchange import EvidenceKind, Exchange, SentRequest, SentResponse
from archlint.model.evidence.files import EvidenceFile, EvidenceProblem
from archlint.model.evidence.lines import METHOD, Line
from archlint.model.evidence.log_formats import JsonFormat, LogFormat
from archlint.model.evidence.urls import Url, port_of, url_of

_MOST_WRONG = 0.5
"""The share of lines of text from which on the format is taken for a wrong one. Logs in JSON often hold other
lines as well."""

_IN_PATHS = "/:@!$&'()*+,;="
"""What a path has as it is (RFC 3986, 3.3)."""
_MOST_TRIED = 50
"""Lines of a file in JSON that are looked at to see whether it is a log."""


def are_json_lines(file: EvidenceFile, format_: LogFormat) -> bool:
    """Whether a file is a log of a format in JSON, of which the first lines have a request."""
    if not isinstance(format_, JsonFormat):
        return False
    first = islice((line for line in file.text.split("\n") if line.strip()), _MOST_TRIED)
    return any(format_.values(line) is not None for line in first)


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
    most = 1 if isinstance(format_, JsonFormat) else _MOST_WRONG
    if not found or wrong > most * (wrong + len(found)):
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
        path = quote(values.get("path", ""), safe=_IN_PATHS)  # servers write it alone as they have decoded it
        target = path + (f"?{query}" if query not in ("", "-") else "")
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
        host=port_of(host.lower())[0] if host and host != "-" else None,
        query=url.query,
        is_body_known=False,
        are_credentials_known=False,
    )
    answer = SentResponse(int(status), place, is_body_known=False)
    return Exchange(EvidenceKind.LOG, place, request, answer, is_recorded=True)
