"""Connection strings that are no URLs: what drivers of databases read in their place.

Sources: go-sql-driver/mysql (``user:password@tcp(host:port)/name``), libpq keyword/value strings, Microsoft's
ADO.NET strings (``Server=host,port;Database=name``), Oracle's thin JDBC URLs.
"""

from __future__ import annotations

import re

from archlint.finding.regex import regex

Parts = tuple[str, int | None, str, str]
"""Host, port, scheme and database."""

_GO_MYSQL = regex(r"[^@\s]*@(?:tcp|tcp4|tcp6)\(([\w.-]+)(?::([0-9]{1,5}))?\)/([\w.-]*)")
_ORACLE = regex(r"jdbc:oracle:thin:[^@\s]*@(?://)?([\w.-]+):([0-9]{1,5})[:/]([\w.-]+)", re.IGNORECASE)
_PAIR = regex(r"([a-z][a-z ]{0,30})=([^;]*)", re.IGNORECASE)
_WORD_PAIR = regex(r"([a-z_]{1,30})=([^\s;]+)", re.IGNORECASE)
_HOST_KEYS = ("host", "server", "data source", "address", "addr")
_NAME_KEYS = ("dbname", "database", "initial catalog")


def connection_string(text: str) -> Parts | None:
    """The parts of a connection string; ``None`` for text that is none."""
    return _go_mysql(text) or jdbc_oracle(text) or _pairs(text)


def jdbc_oracle(text: str) -> Parts | None:
    """The parts of Oracle's thin JDBC URL."""
    match = _ORACLE.match(text)
    return (match[1], _port(match[2]), "oracle", match[3]) if match else None


def _go_mysql(text: str) -> Parts | None:
    match = _GO_MYSQL.match(text)
    return (match[1], _port(match[2]), "mysql", match[3]) if match else None


def _pairs(text: str) -> Parts | None:
    """libpq separates with blanks, ADO.NET with semicolons; both need a host and a database."""
    if "=" not in text or "://" in text:
        return None
    pairs = (_PAIR if ";" in text else _WORD_PAIR).findall(text)
    given = {key.strip().lower(): value.strip().strip("'\"") for key, value in pairs}
    host = next((given[key] for key in _HOST_KEYS if given.get(key)), None)
    name = next((given[key] for key in _NAME_KEYS if given.get(key)), None)
    if host is None or name is None:
        return None
    host, _, inline = host.removeprefix("tcp:").replace(":", ",").partition(",")
    is_libpq = ";" not in text
    scheme = "postgres" if is_libpq else "sqlserver" if "initial catalog" in given or inline else "sql"
    return (host, _port(inline or given.get("port", "")), scheme, name)


def _port(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else None
