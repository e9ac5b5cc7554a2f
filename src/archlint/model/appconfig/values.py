"""The addresses that the value of a setting names, and where in the value their hosts stand.

Sources: Spring's ``spring.config.import`` (``optional:configserver:URL``), R2DBC URLs, StackExchange.Redis
(``host:port,option=value``), besides what ``services.addresses`` reads.
"""

from __future__ import annotations

from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.model.appconfig.placeholders import UNKNOWN
from archlint.model.services.addresses import BY_NAME, LONGEST_VALUE, Address, addresses_of_value, bare_host

_PREFIXES = regex(
    r"(?:(?:optional|configserver|consul|vault|r2dbc|pool|jdbc-secretsmanager|static|stork|async):)*"
)
_OPTIONS = regex(r"(?:,[A-Za-z][\w ]{0,30}=[^,;]*)+$")
_HOST_LIST = regex(r"[A-Za-z0-9][\w.-]*(?:\s*,\s*[A-Za-z0-9][\w.-]*)*")
_LOCAL = frozenset({"localhost", "0.0.0.0", "127.0.0.1", "host.docker.internal", "docker.for.mac.localhost"})
MACHINE = frozenset({"localhost", "127.0.0.1", "host.docker.internal", "docker.for.mac.localhost"})
"""Names of the machine, on whose ports others may listen."""
_ENDS = ":/,;?#) \t\"']"
_BEGINS = "/@,(=: \t\"'["


@dataclass(frozen=True, slots=True)
class FoundAddress:
    """An address in a text, and the stretch of its host."""

    address: Address
    start: int
    end: int
    is_bare: bool = False
    """Whether it is a name alone, without scheme and port."""


def addresses_in_value(text: str, *, bare: bool, machine: bool = False) -> list[FoundAddress]:
    """The addresses of a value; names without port and scheme are read as hosts if ``bare`` says so, those
    of the machine itself are left out unless ``machine`` says so."""
    left_out = _LOCAL - MACHINE if machine else _LOCAL
    if len(text) > LONGEST_VALUE:
        return []
    prefix = _PREFIXES.match(text.lstrip())
    skipped = len(text) - len(text.lstrip()) + (prefix.end() if prefix else 0)
    rest = text[skipped:]
    options = _OPTIONS.search(rest) if "=" in rest and "," in rest and "://" not in rest else None
    plain = rest[: options.start()] if options else rest
    found = [item for item in addresses_of_value(plain) if item.host not in left_out]
    if found:
        return [_placed(text, item, skipped) for item in found]
    if not bare or UNKNOWN in plain or not _HOST_LIST.fullmatch(plain.strip()):
        return []
    names = [bare_host(part) for part in plain.split(",")]
    hosts = [item for item in names if item is not None and item.host not in left_out]
    return [_placed(text, item, skipped, is_bare=True) for item in hosts]


def _placed(text: str, address: Address, skipped: int, *, is_bare: bool = False) -> FoundAddress:
    """Where the host of an address stands; user and password before it may have the same name."""
    lower = text.lower()
    begins = lower.find("://", skipped + address.offset)
    start = begins + 3 if address.scheme and begins >= 0 else skipped
    slash = next((at for at in range(start, len(text)) if text[at] in "/?#"), len(text))
    at_sign = text.rfind("@", start, slash)
    at = host_at(lower, address.host, at_sign + 1 if at_sign >= 0 and address.scheme else start)
    if at < 0:
        at = host_at(lower, address.host, 0)
    address = replace(address, scheme=BY_NAME.get(address.scheme, address.scheme))
    return FoundAddress(address, max(at, 0), at + len(address.host) if at >= 0 else len(text), is_bare)


def host_at(text: str, name: str, start: int) -> int:
    """The offset of a name as a whole; -1 if it is not there."""
    at = text.find(name, start)
    while at >= 0:
        end = at + len(name)
        if (at == 0 or text[at - 1] in _BEGINS) and (end == len(text) or text[end] in _ENDS):
            return at
        at = text.find(name, at + 1)
    return -1
