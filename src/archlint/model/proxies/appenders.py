"""Appenders of Logback and Log4j: the servers that an application sends its logs to.

Sources: Logback, "Appenders" (``SocketAppender``, ``SyslogAppender``); logstash-logback-encoder; loki4j;
Log4j 2, "Network appenders".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.finding.records import replace
from archlint.finding.regex import regex
from archlint.model.appconfig.placed import PlacedText
from archlint.model.proxies.forward import Forward
from archlint.model.proxies.lines import Word, targets_in

IS_APPENDERS = regex(r"<[Aa]ppenders?\b")
FILE = regex(r"(?:logback|log4j2?)(?:[.-][\w.-]{1,60})?\.xml")
_COMMENT = regex(r"<!--(?:[^-]++|-(?!->))*+(?:-->|\Z)")
_HOLDER = (
    "destination|host|remoteHost|graylogHost|syslogHost|reportingHost|targetHost|server|url|endpoint"
    "|bootstrapServers"
)
_ELEMENT = regex(rf"<(?:{_HOLDER})>([^<>]{{1,500}})</")
_ATTRIBUTE = regex(
    r"<(?:Socket|Gelf|Syslog|Http|Loki|Logstash|Kafka|Fluency)\b[^<>]{0,1000}?"
    r"\s(?:host|url|server)=[\"']([^\"'<>]{1,500})[\"']"
)


def forwards_of(text: PlacedText, environment: Mapping[str, str]) -> Iterator[Forward]:
    """The servers that elements and attributes name."""
    plain = _COMMENT.sub(lambda found: " " * len(found[0]), text.text)
    for pattern in (_ELEMENT, _ATTRIBUTE):
        for match in pattern.finditer(plain):
            written = match[1].strip()
            start = match.start(1) + match[1].index(written)
            for kind in ("udp:", "tcp:"):  # Gelf's
                if written.startswith(kind):
                    written, start = written.removeprefix(kind), start + len(kind)
            word = Word(written, start, start + len(written))
            for address, place, is_filled in targets_in(word, text, environment):
                told = address if address.scheme else replace(address, scheme="tcp")
                yield Forward(told, place, "appender", None, is_filled)
