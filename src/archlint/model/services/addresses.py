"""Network addresses in text: URLs, ``host:port``, database connection strings.

Only what stands there literally is read: a host that a template fills in is no address.

Connection strings that are no URLs: what drivers of databases read in their place.

Sources: go-sql-driver/mysql (``user:password@tcp(host:port)/name``), libpq keyword/value strings, Microsoft's
ADO.NET strings (``Server=host,port;Database=name``), Oracle's thin JDBC URLs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from ipaddress import ip_address

from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.model.services.protocols import DEFAULT_PORTS

LONGEST_VALUE = 4096
"""Characters above which a value is taken for text, not for an address."""

LONGEST_TEXT = 262_144
"""Characters of a configuration file that are looked through."""

_LABEL = regex(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?", re.IGNORECASE)
_SCHEME_END = regex(r"(?:[a-z][a-z0-9-]{0,15}:){0,3}[a-z][a-z0-9+.-]{0,30}\Z", re.IGNORECASE)
_LONGEST_SCHEME = 84
_WRAPPERS = frozenset(
    {
        *("jdbc", "r2dbc", "lb", "pool", "proxy", "p6spy", "log4jdbc", "tracing", "otel", "aws-wrapper"),
        *("loadbalance", "replication", "failover", "sequential", "pgpool"),
    }
)
"""What stands before or behind a scheme and says how a driver or a framework goes there: ``jdbc:mysql:``,
``r2dbc:pool:mysql:``, ``lb:http:``, ``jdbc:mysql:loadbalance:``."""
_URL_REST = regex(r"[^\s\"'`<>|\\]*")
_HOST_PORT = regex(r"([a-z0-9][a-z0-9._-]{0,252}):([0-9]{1,5})(/[^\s,;]*)?", re.IGNORECASE)
_PORT_IN_TEXT = regex(r":([0-9]{2,5})(?![0-9a-z_:-]|\.[0-9])", re.IGNORECASE)
_HOST_END = regex(r"(?<![\w.@/$}):-])[a-z0-9][a-z0-9.-]{0,252}\Z", re.IGNORECASE)
_CLUSTER_NAME = regex(r"[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}\.svc(?:\.cluster\.local)?(?![\w-])")
BY_NAME = {"lb": "http", "http+https": "http", "https+http": "https"}
"""Schemes by which frameworks find services by their names, with what is spoken then."""
_TARGET_SCHEMES = frozenset({"dns", "passthrough", "xds"})
"""Schemes of gRPC targets: ``dns:///host:port`` names the host in the path."""
_SCHEMA = regex(r"[?&;](?:currentSchema|search_path|schema)=([\w.-]+)", re.IGNORECASE)
_DATABASE_NAME = regex(r"[;?&](?:databaseName|database)=([\w.-]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """A host with what is known about how it is reached."""

    host: str
    """In lower case, without a final dot."""
    port: int | None = None
    scheme: str = ""
    """In lower case, without ``jdbc:``; empty where only ``host:port`` stands."""
    database: str = ""
    """First part of the path, or what a connection string calls the database."""
    schema: str = ""
    """The schema inside the database, if one is named."""
    is_port_open: bool = False
    """Whether there is a port that a template fills in."""
    offset: int = 0
    """Where the address begins in the text it was read from."""

    @property
    def effective_port(self) -> int | None:
        """The port that is written, else the default of the scheme."""
        if self.port is not None or self.is_port_open:
            return self.port
        return DEFAULT_PORTS.get(self.scheme)

    @cached_property
    def is_ip(self) -> bool:
        """Whether the host is an IP address."""
        if not self.host[-1:].isdigit():
            return False
        try:
            ip_address(self.host)
        except ValueError:
            return False
        return True

    @property
    def authority(self) -> str:
        """``host:port`` as it was meant, without user and password."""
        return self.host if self.port is None else f"{self.host}:{self.port}"


def addresses_of_value(text: str) -> list[Address]:
    """The addresses of a value that is nothing else: one address, or several with commas, semicolons or
    blanks between them; nothing for any other text."""
    text = text.strip().strip("\"'")
    if not text or len(text) > LONGEST_VALUE:
        return []
    if "=" in text or "@" in text:
        whole = connection_string(text)
        if whole is not None:
            host, port, scheme, database = whole
            return _valid([Address(host.lower(), port, scheme, database)])
    if "://" in text:
        found = list(_urls(text))
        return found if found and not text[: found[0].offset].strip(" ,;[") else []
    found = []
    for part in re.split(r"[,;\s]+", text):
        match = _HOST_PORT.fullmatch(part)
        if match is None:
            return []
        found.append(_from_parts(match[1], match[2], offset=text.find(part)))
    return _valid(found)


def bare_host(text: str) -> Address | None:
    """The address of a value that is a host name alone."""
    name = text.strip().rstrip(".").lower()
    return Address(name) if len(name) <= 253 and _is_host(name) else None


def addresses_in_text(text: str) -> Iterator[Address]:
    """All addresses in a longer text, comments left out: URLs, ``host:port`` and full names of Services."""
    for start, line in _lines(text[:LONGEST_TEXT]):
        taken: set[int] = set()
        for url in _urls(line):
            taken.update(range(url.offset, url.offset + len(url.scheme) + 3 + len(url.authority)))
            yield replace(url, offset=start + url.offset)
        for found in (*_host_ports(line), *_cluster_names(line)):
            if found.offset not in taken:
                taken.update(range(found.offset, found.offset + len(found.authority)))
                yield replace(found, offset=start + found.offset)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        if not line.lstrip().startswith(("#", "//", ";", "--")):
            yield start, line[:LONGEST_VALUE]
        start += len(line) + 1


def _urls(text: str) -> Iterator[Address]:
    at = text.find("://")
    while at >= 0:
        scheme = _SCHEME_END.search(text, max(0, at - _LONGEST_SCHEME), at)
        rest = _URL_REST.match(text, at + 3)
        end = _end_of_url(text, at + 3, rest.end() if rest else at + 3)
        if scheme:
            yield from _valid(_from_url(scheme[0].lower(), text[at + 3 : end], scheme.start()))
        at = text.find("://", end)


def _end_of_url(text: str, start: int, end: int) -> int:
    """Where a URL ends: before a comma or semicolon after which the next URL begins, if there is one."""
    following = text.find("://", start, end)
    if following < 0:
        return end
    cut = max(text.rfind(",", start, following), text.rfind(";", start, following))
    return cut if cut >= 0 else end


def _from_url(scheme: str, rest: str, offset: int) -> list[Address]:
    names = [part for part in scheme.split(":") if part not in _WRAPPERS] or [scheme]
    if len(names) > 1:
        return []
    name = names[0]
    authority, path = _split_authority(rest)
    hosts = authority.rpartition("@")[2].split(",")
    if name in _TARGET_SCHEMES and rest.startswith("/"):
        authority, path = _split_authority(rest.lstrip("/"))
        hosts = [authority]
    schema = _SCHEMA.search(path)
    base = Address(
        "", scheme=name, database=_database(path), schema=schema[1] if schema else "", offset=offset
    )
    return [_with_host(base, host.strip("[]")) for host in hosts]


def _split_authority(rest: str) -> tuple[str, str]:
    """What stands before the path, and the path; a password may hold anything but a slash."""
    match = re.search(r"[/?#;]", rest)
    at = match.start() if match else len(rest)
    return rest[:at], rest[at:]


def _database(path: str) -> str:
    named = _DATABASE_NAME.search(path)
    if named:
        return named[1]
    first = re.split(r"[?#;]", path, maxsplit=1)[0].strip("/").split("/")[0].rstrip(",;)]}")
    return "" if "$" in first or "{" in first else first


def _with_host(base: Address, text: str) -> Address:
    host, colon, port = text.rpartition(":")
    if not colon:
        host, port = text, ""
    number = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else None
    return replace(
        base, host=host.rstrip(".").lower(), port=number, is_port_open=bool(colon) and number is None
    )


def _from_parts(host: str, port: str, offset: int) -> Address:
    return Address(host.rstrip(".").lower(), int(port), offset=offset)


def _host_ports(line: str) -> Iterator[Address]:
    for match in _PORT_IN_TEXT.finditer(line):
        host = _HOST_END.search(line, max(0, match.start() - 254), match.start())
        if host:
            yield from _valid([_from_parts(host[0], match[1], host.start())])


def _cluster_names(line: str) -> Iterator[Address]:
    if ".svc" in line:
        for match in _CLUSTER_NAME.finditer(line):
            yield Address(match[0], offset=match.start())


def _valid(found: list[Address]) -> list[Address]:
    return [item for item in found if _is_host(item.host) and (item.port is None or 0 < item.port < 65536)]


def _is_host(name: str) -> bool:
    """Whether a name may be a host: DNS labels, not a number alone."""
    labels = name.split(".")
    return all(_LABEL.fullmatch(label) for label in labels) and (len(labels) > 1 or not name.isdigit())


Parts = tuple[str, int | None, str, str]
"""Host, port, scheme and database."""

_GO_MYSQL = regex(r"[^@\s]*@(?:tcp|tcp4|tcp6)\(([\w.-]+)(?::([0-9]{1,5}))?\)/([\w.-]*)")
_ORACLE = regex(r"jdbc:oracle:thin:[^@\s]*@(?://)?([\w.-]+):([0-9]{1,5})[:/]([\w.-]+)", re.IGNORECASE)
_PAIR = regex(r"([a-z][a-z ]{0,30})=([^;]*)", re.IGNORECASE)
_WORD_PAIR = regex(r"([a-z_]{1,30})=([^\s;]+)", re.IGNORECASE)
_HOST_KEYS = ("host", "server", "data source", "address", "addr")
_NAME_KEYS = ("dbname", "database", "initial catalog")
_ACCOUNT_KEYS = frozenset({"username", "user id", "uid", "user", "password", "pwd", "integrated security"})


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
    """libpq separates with blanks, ADO.NET with semicolons; both need a host, and a database or, of ADO.NET,
    an account: without a database it is that of the account."""
    if "=" not in text or "://" in text:
        return None
    pairs = (_PAIR if ";" in text else _WORD_PAIR).findall(text)
    given = {key.strip().lower(): value.strip().strip("'\"") for key, value in pairs}
    host = next((given[key] for key in _HOST_KEYS if given.get(key)), None)
    name = next((given[key] for key in _NAME_KEYS if given.get(key)), None)
    if host is None or (name is None and (";" not in text or _ACCOUNT_KEYS.isdisjoint(given))):
        return None
    host, _, inline = host.removeprefix("tcp:").replace(":", ",").partition(",")
    is_libpq = ";" not in text
    scheme = "postgres" if is_libpq else "sqlserver" if "initial catalog" in given or inline else "sql"
    return (host, _port(inline or given.get("port", "")), scheme, name or "")


def _port(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else None
