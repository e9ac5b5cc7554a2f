"""What source code and Dockerfiles say a service connects to.

A file counts for the folder of source that holds it. Literals count only where they name a host that the
repository knows, or have the scheme of a database or broker; names alone only where a variable, a key or a
call says that they are hosts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from archlint.documents.plain import TextFile
from archlint.files.text import LineIndex
from archlint.finding import Confidence, Place, Span
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.model.compose import ComposeService
from archlint.model.services import protocols
from archlint.model.services.addresses import (
    BY_NAME,
    Address,
    addresses_in_text,
    addresses_of_value,
    bare_host,
)
from archlint.model.services.variable_names import is_call, names_a_peer
from archlint.model.sources.assignments import Assignments
from archlint.model.sources.dockerfiles import Dockerfile, Stage
from archlint.model.sources.expressions import Reading
from archlint.model.sources.extents import expression_starts
from archlint.model.sources.literals import Around, Literal, SourceCode
from archlint.model.sources.overrides import overrides
from archlint.model.sources.reading import source_files
from archlint.model.sources.signs import ADDRESS_SIGNS, sign_places
from archlint.model.sources.traced import Piece, Traced
from archlint.model.sources.values import NOTHING
from archlint.model.system.evidence import Mention, Unit
from archlint.model.system.folders import SourceFolder
from archlint.model.system.local_ports import local_ports
from archlint.model.system.parties import parties
from archlint.model.world import World

_MACHINE = "localhost"
"""The machine, on whose ports others may listen."""
_LOOPBACK = frozenset({"localhost", "localhost.localdomain", "host.docker.internal", "0"})
_LOWEST_PORT = 20
"""Below it, a number behind a name is a version: ``redis:7``."""
_WORD = regex(r"[A-Za-z0-9](?:[\w-]*[A-Za-z0-9])?")
_PDO = regex(r"(mysql|pgsql|sqlsrv|oci|dblib):")
_PDO_SCHEMES = {
    "mysql": "mysql",
    "pgsql": "postgres",
    "sqlsrv": "sqlserver",
    "dblib": "sqlserver",
    "oci": "oracle",
}
_NOT_CALLED = regex(
    r"(?i)(?:\b|_|\.)(?:log\w{0,40}|print\w{0,40}|console\.\w{1,40}|debug|info|warn\w{0,40}|error\w{0,40}|trace"
    r"|fatal\w{0,40}|cors\w{0,40}|\w{0,40}origins?\w{0,40}|redirect\w{0,40}|\w{0,40}container|image|"
    r"assert\w{0,40}|expect\w{0,40}|throw|panic\w{0,40}|echo|raise|describe|it)\Z"
)
"""Calls that only tell or compare what they are given."""
_PLACEHOLDERS = frozenset({"host", "hostname", "server", "address", "example", "domain", "ip", "username"})
"""Hosts that only say that a host stands there."""
_TOP_LEVEL = frozenset(
    {
        *("com", "org", "net", "io", "dev", "app", "cloud", "ai", "co", "uk", "de", "fr", "eu", "us", "gov"),
        *("edu", "info", "sh", "run", "me"),
    }
)
"""Last parts of names outside, which are no namespaces."""
_CLIENT = regex(
    r"(?i)(?:@(?:client|feignclient|registerrestclient|httpexchange)|(?:.*[.>:])?(?:connectionparameters|\w*redis\w*"
    r"|jedis\w*|hostandport|inetsocketaddress|socket|\w*memcached?\w*|mongoclient|httphost|foraddress"
    r"|(?:set|with)?host|amqpconnection\w*|p?fsockopen|dial\w*|\w*kafka\w*|getinstances|getnextserverfromeureka|\w*rpcproxy|servicerpc|new\w+(?:service|client)))\Z"
)
"""Calls whose first argument is a host, or the name of a service."""
_HTTP_CLIENT = regex(r"(?i)@(?:client|feignclient|registerrestclient|httpexchange)\Z")
"""Declarations of clients that speak HTTP."""
_HOST_WORD = regex(
    r"(?:^|_|(?<=[a-z])(?=[A-Z]))(?i:host|hosts|hostname|addr|address|endpoint|url|uri|brokers?)\Z"
)
_HOST_KEYS = frozenset({"server", "servers"})
"""Keys that say that a name alone is a host."""
_LONGEST_PIECES = 40
_REACH = 2_500
"""Characters behind the last sign that may belong to what it stands in."""
_MOST_LITERALS = 3_000
"""Literals of one file whose expressions are followed."""


def mentions(world: World) -> Iterator[Mention]:
    """Every address in the Dockerfiles and the source of each folder of source.

    What is only the default of a variable that all deployments set is never used: it tells little.
    """
    known = world.fact(overrides)
    for mention in chain(_of_dockerfiles(world), _of_sources(world)):
        if mention.confidence is Confidence.HIGH and known.is_set(mention.unit, mention.variable):
            yield replace(mention, confidence=Confidence.LOW)
        else:
            yield mention


def _of_sources(world: World) -> Iterator[Mention]:
    known = _Known(world.fact(parties).hosts, world.fact(local_ports).ports)
    revision = world.tree.revision
    for unit, file in world.fact(source_files).telling():
        code = file.code
        places = sign_places(code.text, file.hosts)
        if places:
            code.read_to(places[-1] + _REACH)
            finder = _Finder(unit, code, _Placer(file.path, revision, code.lines), known)
            yield from finder.mentions(places)


def _of_dockerfiles(world: World) -> Iterator[Mention]:
    hosts = world.fact(parties).hosts
    built: dict[str, list[Unit]] = {}
    for service in world.all(ComposeService):
        if service.dockerfile is not None:
            built.setdefault(service.dockerfile, []).append(service)
    for folder in SourceFolder.all(world):
        for path in folder.dockerfiles:
            text = world.text(path)
            stage = Dockerfile(text).final if text else None
            if text and stage:
                found = list(_of_stage(stage, hosts))
                place = _Placer(path, world.tree.revision, LineIndex(text))
                for unit in built.get(path, [folder]):
                    yield from _told_by_stage(unit, found, place)


def _told_by_stage(unit: Unit, found: list[tuple[str, Traced, Address]], place: _Placer) -> Iterator[Mention]:
    for name, value, address in found:
        if not _is_own(address):
            told = f"{name}={shown(address)}" if name else shown(address)
            where = place.of_host(value, address)
            yield Mention(unit, address, where, told, Confidence.HIGH, name, is_call(name, address.host))


def _of_stage(stage: Stage, hosts: Set[str]) -> Iterator[tuple[str, Traced, Address]]:
    """The addresses that an image is run with, with the variable and the value that hold them."""
    for setting in stage.settings.values():
        found = addresses_of_value(setting.value.text)
        if not found and names_a_peer(setting.name):
            alone = bare_host(setting.value.text)
            found = [alone] if alone and alone.host in hosts else []
        yield from ((setting.name, setting.value, address) for address in found)
    for word in (*stage.entrypoint, *stage.command):
        for address in _in_argument(word.text):
            if address.scheme or address.host in hosts:
                yield "", word, address


def _in_argument(text: str) -> list[Address]:
    flag = text.find("=") + 1 if text.startswith("-") else 0
    return addresses_of_value(text[flag:]) or list(addresses_in_text(text[:4096]))


def _is_own(address: Address) -> bool:
    return address.host in _LOOPBACK or address.is_ip


def shown(address: Address) -> str:
    """An address as people are shown it: no user, no password, no path."""
    scheme = f"{address.scheme}://" if address.scheme else ""
    return f"{scheme}{address.authority}"


class _Placer:
    """Makes places of offsets in one file."""

    def __init__(self, path: str, revision: str | None, lines: LineIndex) -> None:
        self._file = TextFile(path, revision)
        self._lines = lines

    def of_host(self, value: Traced, address: Address) -> Place:
        """Where the host of an address is written, in a value that holds it."""
        start = value.offset(host_at(value, address))
        end = start + len(address.host)
        return self._file.place(Span(*self._lines.position(start), *self._lines.position(end)))


def host_at(value: Traced, address: Address) -> int:
    """Where the host of an address begins in the text of a value."""
    text = value.text.lower()
    at = text.find(address.host, _host_from(text))
    return at if at >= 0 else max(0, text.find(address.host))


def _host_from(text: str) -> int:
    """Where a host may begin: behind a scheme, a user and a password."""
    scheme = text.find("://")
    if scheme < 0:
        return max(text.lower().find("host="), text.rfind("@"), 0)
    end = next((at for at in range(scheme + 3, len(text)) if text[at] in "/?#"), len(text))
    return max(scheme + 3, text.rfind("@", scheme, end) + 1)


@dataclass(frozen=True, slots=True)
class _Found:
    """An address that a literal is part of."""

    address: Address
    value: Traced
    piece: Piece
    """The part that the host stands in."""
    offset: int


class _Known(NamedTuple):
    """What addresses may lead to."""

    hosts: frozenset[str]
    ports: frozenset[int]
    """Those of the machine itself on which something listens."""


class _Finder:
    """Looks through one file."""

    def __init__(self, unit: SourceFolder, code: SourceCode, place: _Placer, known: _Known) -> None:
        self._unit = unit
        self._code = code
        self._hosts, self._ports = known
        self._place = place
        self._reading = Reading(self._code, Assignments(self._code).places)

    def mentions(self, places: Sequence[int]) -> Iterator[Mention]:
        """What the file says the folder connects to, each place once; ``places`` are all those with signs."""
        best: dict[tuple[int, str], tuple[int, Mention]] = {}
        done: set[int] = set()
        for literal in self._code.literals_with(places):
            if not self._may_tell(literal):
                continue
            starts = expression_starts(self._code, literal)
            if starts[0] in done:
                continue
            if len(done) >= _MOST_LITERALS:
                break
            done.add(starts[0])
            around = self._code.around(literal)
            for found in self._addresses(starts, literal, around):
                mention = self._mention(found, around)
                if mention is None:
                    continue
                address = found.address
                rank = 4 * bool(mention.variable and mention.confidence is Confidence.HIGH)
                rank += bool(address.scheme) + bool(address.port) + bool(address.database)
                key = (found.offset, address.host)
                if key not in best or best[key][0] < rank:
                    best[key] = (rank, mention)
        for key in sorted(best):
            yield best[key][1]

    def _may_tell(self, literal: Literal) -> bool:
        """Whether a literal names a known host, or is one that an address is made of."""
        text = literal.text
        if len(text) > 4096:
            return False
        if any(sign in text for sign in ADDRESS_SIGNS):
            return True
        if text.lower() in self._hosts:
            return True
        return any(word.lower() in self._hosts for word in _WORD.findall(text[:512]))

    @cached_property
    def _reads_variables(self) -> bool:
        """Whether any variable decides anything in the file."""
        return any(hint in self._code.text for hint in ("env", "Env", "ENV", "${"))

    def _addresses(self, starts: list[int], literal: Literal, around: Around) -> Iterator[_Found]:
        values = self._reading.of_tag(literal) or next(
            (values for values in map(self._reading.at, reversed(starts)) if values.texts), NOTHING
        )
        if around.target and starts[-1] == literal.start and not values.variables and self._reads_variables:
            # the fallback of a variable that was read on a line above: `host, ok := os.LookupEnv("X")`
            told = self._reading.of_name(around.target.rpartition(".")[2], len(self._code.text))
            values = values.as_default(told.variables)
        for value in values.texts:
            if len(value.pieces) > _LONGEST_PIECES or len(value.text) > 4096:
                continue
            for address in self._of_value(value, literal, around):
                if not self._counts(address):
                    continue
                at = host_at(value, address)
                piece = value.piece_at(at)
                if piece is not None:
                    yield _Found(address, value, piece, value.offset(at))

    def _of_value(self, value: Traced, literal: Literal, around: Around) -> list[Address]:
        text = value.text
        found = addresses_of_value(text)
        pdo = _PDO.match(text)
        if pdo:
            found = [replace(item, scheme=_PDO_SCHEMES.get(pdo[1], pdo[1])) for item in found]
        if found:
            return [item for item in found if item.scheme or item.port is None or item.port >= _LOWEST_PORT]
        alone = bare_host(text)
        if alone is None or alone.host not in self._hosts:
            return []
        variable = next((piece.variable for piece in value.pieces if piece.variable), "")
        return [alone] if self._says_host(variable, around) else []

    def _says_host(self, variable: str, around: Around) -> bool:
        """Whether a name alone is meant as a host."""
        if variable:
            return names_a_peer(variable)
        last = around.target.rpartition(".")[2].rpartition(">")[2]
        if last in _HOST_KEYS or _HOST_WORD.search(last):
            return True
        inner = around.enclosing[0] if around.enclosing else None
        if inner is None or not _CLIENT.match(inner.name):
            return False
        return inner.argument == 0 if around.target == "" else last in ("name", "value", "id", "host")

    def _counts(self, address: Address) -> bool:
        """Whether an address is one of the repository, or of a database or broker anywhere."""
        if _is_own(address):
            return address.host == _MACHINE and address.effective_port in self._ports
        first, _, rest = address.host.partition(".")
        is_inside = ".svc" in rest or ("." not in rest and rest not in _TOP_LEVEL)
        if address.host in self._hosts or (first in self._hosts and is_inside):
            return True
        if first in _PLACEHOLDERS or rest.startswith("example."):
            return False
        protocol = protocols.of_scheme(address.scheme)
        return protocol is not None and protocols.edge_kind(protocol) is not protocols.EdgeKind.SYNC

    def _mention(self, found: _Found, around: Around) -> Mention | None:
        address = found.address
        if address.scheme in BY_NAME:
            address = replace(address, scheme=BY_NAME[address.scheme])
        if not address.scheme and around.enclosing and _HTTP_CLIENT.match(around.enclosing[0].name):
            address = replace(address, scheme="http")
        variable = found.piece.variable
        is_client = bool(around.enclosing) and _CLIENT.match(around.enclosing[0].name) is not None
        name = variable or ("" if is_client else around.target.rpartition(".")[2])
        if not variable and _NOT_CALLED.search(around.call):
            return None
        told = f"{name}={shown(address)}" if name else shown(address)
        return Mention(
            self._unit,
            address,
            self._place.of_host(found.value, address),
            told,
            Confidence.HIGH if variable and address.host != _MACHINE else Confidence.MEDIUM,
            name,
            is_call(name, address.host),
        )
