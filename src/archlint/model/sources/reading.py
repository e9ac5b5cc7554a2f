"""Which source files of a world may hold evidence: those are taken apart, all others are only looked through.

Text is lexed only where a quick search finds a sign of a connection: a URL whose host is known or put
together, a read of the environment, a client of a database or broker.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from posixpath import dirname

from archlint.files import FileProblem, TextProblem, decode
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.sources.environment import (
    HINTS,
    MARKS,
    PROPERTY,
    TAG_NAME,
    is_variable_name,
    variable_of_name,
)
from archlint.model.sources.languages import language_of
from archlint.model.sources.left_out import LARGEST, is_left_out, is_made
from archlint.model.sources.literals import SourceCode
from archlint.model.system.folders import source_folders
from archlint.model.system.parties import parties
from archlint.model.world import World

_URL_REST = regex(rb"(?:[^/\s\"'`@]{0,200}@)?([\w-]{0,63})")
_SCHEME_END = regex(rb"[A-Za-z0-9.+-]{0,20}\Z")
_NAME = regex(rb"[\"'=(@]([A-Za-z][\w-]{0,62})")
_PLAIN_SCHEMES = frozenset({b"", b"http", b"https", b"file", b"ftp"})
_CLIENTS = (
    *(b"redis", b"Redis", b"amqp", b"Amqp", b"AMQP", b"ongo", b"pika", b"afka", b"emcache", b"grpc", b"Grpc"),
    *(b"Feign", b"Socket", b"host=", b"Host=", b"Server=", b"tcp(", b"HttpHost", b"nats", b"lastic"),
)
_ENVIRONMENT_NAME = regex(r"(?:process|import\.meta|Bun|Deno)\.env\.[A-Za-z_]\w*")


@dataclass(frozen=True)
class SourceFile:
    """A source file that may hold evidence."""

    path: str
    revision: str | None
    code: SourceCode

    @cached_property
    def variables(self) -> frozenset[str]:
        """The environment variables, and properties of Spring, that it names."""
        found = {variable_of_name(match[0]) for match in _ENVIRONMENT_NAME.finditer(self.code.plain)}
        for literal in self.code.literals:
            if is_variable_name(literal.text):
                found.add(literal.text)
            elif "${" in literal.text:
                found.update(match[1] for match in PROPERTY.finditer(literal.text))
            elif self.code.language.name == "go" and "env" in literal.text:
                found.update(match[1] for match in TAG_NAME.finditer(literal.text))
        return frozenset(found)


@dataclass(frozen=True)
class SourceFiles:
    """The files of a world that may hold evidence."""

    files: tuple[SourceFile, ...]
    left_out: tuple[str, ...]
    """Source files above the size that is read."""


def source_files(world: World) -> SourceFiles:
    """The source files that may hold evidence; ask with ``world.fact(source_files)``."""
    hosts = frozenset(host.encode() for host in world.fact(parties).hosts)
    left_out: list[str] = []
    found = tuple(_files(world, hosts, left_out))
    return SourceFiles(found, tuple(left_out))


def variables_read(world: World) -> dict[str, frozenset[str]]:
    """The environment variables that the source of each folder names, by the folder's path; ask with
    ``world.fact(variables_read)``."""
    found: dict[str, set[str]] = {}
    folders = world.fact(source_folders)
    for file in world.fact(source_files).files:
        for folder in folders.around(dirname(file.path)):
            found.setdefault(folder.path, set()).update(file.variables)
            break
    return {path: frozenset(names) for path, names in found.items()}


def _files(world: World, hosts: frozenset[bytes], left_out: list[str]) -> Iterator[SourceFile]:
    folders = world.fact(source_folders)
    for path in sorted(world.kinds):
        language = language_of(path)
        if (
            language is None
            or is_left_out(path)
            or next(folders.around(path.rpartition("/")[0]), None) is None
        ):
            continue
        try:
            data = world.tree.read(path)
        except (FileProblem, OSError, ValueError):
            continue
        if len(data) > LARGEST:
            left_out.append(path)
            continue
        if not may_tell(data, hosts) or is_made(data):
            continue
        try:
            text = decode(data)
        except TextProblem:
            continue
        yield SourceFile(path, world.tree.revision, SourceCode(text, language))


def may_tell(data: bytes, hosts: frozenset[bytes]) -> bool:
    """Whether a file may hold evidence."""
    if any(hint in data for hint in HINTS) and any(mark in data for mark in MARKS):
        return True
    at = data.find(b"://")
    while at >= 0:
        if _is_of_interest(data, at, hosts):
            return True
        at = data.find(b"://", at + 3)
    return any(mark in data for mark in _CLIENTS) and not hosts.isdisjoint(_NAME.findall(data))


def _is_of_interest(data: bytes, at: int, hosts: frozenset[bytes]) -> bool:
    """Whether a URL may lead to something of the repository, or to a database or broker."""
    rest = _URL_REST.match(data, at + 3)
    host = rest[1].lower() if rest else b""
    if not host or host in hosts:
        return True
    scheme = _SCHEME_END.search(data, max(0, at - 20), at)
    return scheme is not None and scheme[0].lower() not in _PLAIN_SCHEMES
