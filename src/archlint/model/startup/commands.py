"""Which hosts a command of a shell or a tool connects to, and whether it goes on only when they answer.

Nothing is executed, and only what stands there literally is read: words that hold a variable are none.

Sources: the manuals of the tools: nc, curl, wget, pg_isready, mysqladmin, redis-cli, mongosh, dockerize,
wait-for-it, wait-port, and the page of ``bash`` about ``/dev/tcp``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.services.addresses import addresses_of_value

_WORDS = regex(r"[;&|(){}\n]++|[^\s;&|(){}'\"`]++")
_VARIABLE = regex(r"\$(?:\(([A-Za-z_]\w{0,99})\)|\{([A-Za-z_]\w{0,99})\}|([A-Za-z_]\w{0,99}))")
_HOST = regex(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\Z")
_SOCKET = regex(r"[<>]?/dev/tcp/([^/]{1,253})/([0-9]{1,5})\Z")
_NUMBER = regex(r"[0-9]{1,5}\Z")
_SEPARATORS = ";&|(){}\n"
_BEFORE_COMMANDS = frozenset({"do", "then", "else", "if", "elif", "while", "until", "!"})
"""Words of a shell that a command follows. Elsewhere they are words as any others, such as a host."""
_LOOPS = frozenset({"until", "while"})
_NEGATIONS = frozenset({"!", "!=", "-ne"})
_COUNTS = frozenset({"-lt", "-le", "-gt", "-ge"})
_BOTH = frozenset({"&&", "||"})
_BACKGROUND = regex(r"(?<![&<>|\\])&(?=[\s)'\"]|\Z)")
"""A lone ``&``, which lets what stands before it run beside what follows."""
_ENDS_AT_FAILURE = frozenset({"-e", "-ec", "-ex", "-exc", "-euo", "-eu", "-eux", "-euxo", "-eo"})
"""Options of a shell, or of ``set``, with which a command that fails ends it."""
_GIVES_UP = regex(r"\bbreak\b|\bexit 0\b|\|\|[ \t]{0,9}(?:true|:|exit 0)")
_WAITERS = frozenset(
    {"wait-for-it", "wait-for", "waitforit", "wait4x", "wait-port", "wait-for-port", "dockerize", "wait"}
)
"""Programs that go on only when what they are given answers."""
_SOCKETS = frozenset({"nc", "ncat", "netcat"})
_FETCHERS = frozenset({"curl", "wget", "grpcurl", "grpc_health_probe", "grpc-health-probe"})
_CLIENTS = frozenset(
    {
        *("pg_isready", "psql", "mysqladmin", "mysql", "mariadb-admin", "mariadb", "redis-cli", "valkey-cli"),
        *("mongosh", "mongo", "cqlsh", "rabbitmq-diagnostics", "wait-for-port"),
    }
)
"""Programs that are told the host with an option."""
_HOST_OPTIONS = frozenset({"-h", "--host", "-H", "--hostname"})
_LONGEST = 20_000
_MOST = 50


@dataclass(frozen=True, slots=True)
class AskedHost:
    """A host that a command connects to."""

    host: str
    port: int | None
    item: int
    """Which part of the command names it."""
    is_awaited: bool
    """Whether the command goes on only when it answers."""


def asked_hosts(parts: Sequence[str], variables: Mapping[str, str]) -> list[AskedHost]:
    """The hosts that a command, given in its parts, connects to."""
    words = [(word, item) for item, part in enumerate(parts) for word in _split(part, variables)]
    texts = [part[:_LONGEST] for part in parts]
    gives_up = any(_GIVES_UP.search(text) or _BACKGROUND.search(text) for text in texts)
    tried = _tried_again(words)
    found: list[AskedHost] = []
    for at, (word, item) in enumerate(words):
        program = word.rpartition("/")[2].removesuffix(".sh")
        awaited = not gives_up and (at in tried or (program in _WAITERS and _is_strict(program, words, at)))
        socket = _SOCKET.match(word)
        if socket is not None:
            found.append(AskedHost(socket[1].lower(), int(socket[2]), item, awaited))
            continue
        for host, port, index in _asked_by(program, _arguments(words, at + 1)):
            if _HOST.match(host):
                found.append(AskedHost(host.lower(), port, index, awaited))
    return found[:_MOST]


_Words = list[tuple[str, int]]
_Asked = Iterator[tuple[str, int | None, int]]


def _tried_again(words: _Words) -> set[int]:
    """The places of words that a loop tries until they work: between ``until``, or ``while`` with a negation,
    and ``do``; none of a loop that counts as well."""
    found: set[int] = set()
    start: int | None = None
    for at in _beginnings(words):
        word = words[at][0]
        if word in _LOOPS:
            start = at
        elif word == "do" and start is not None:
            condition = {each for each, _ in words[start + 1 : at]}
            is_negated = words[start][0] == "until" or not _NEGATIONS.isdisjoint(condition)
            is_counted = not (_COUNTS.isdisjoint(condition) or _BOTH.isdisjoint(condition))
            if is_negated and not is_counted:
                found.update(range(start, at))
            start = None
    return found


def _beginnings(words: _Words) -> Iterator[int]:
    """The places of words that a shell takes for the first one of a command, so that they may be its own."""
    part, begins = -1, True
    for at, (word, item) in enumerate(words):
        is_first = begins or item != part
        if is_first:
            yield at
        begins = word[0] in _SEPARATORS or (is_first and word in _BEFORE_COMMANDS)
        part = item


def _is_strict(program: str, words: _Words, at: int) -> bool:
    """Whether nothing goes on when a program has waited in vain: ``wait-for-it`` runs its command all the
    same unless it is told ``--strict``, and a shell runs the next line."""
    own = [word for word, _ in _arguments(words, at + 1)]
    rest = [word for word, _ in words[at + 1 + len(own) :]]
    if program == "wait-for-it" and rest[:1] == ["--"]:
        is_endless = any(pair in (("-t", "0"), ("--timeout", "0")) for pair in pairwise(own))
        return is_endless or not {"-s", "--strict", "--timeout=0"}.isdisjoint(own)
    is_last = len(rest) < 2 or rest[0][0] not in ";\n"
    return is_last or not _ENDS_AT_FAILURE.isdisjoint(word for word, _ in words[:at])


def _split(part: str, variables: Mapping[str, str]) -> list[str]:
    def value(match: object) -> str:
        groups = match.groups() if hasattr(match, "groups") else ()
        return variables.get(next(filter(None, groups), ""), "?")

    return _WORDS.findall(_VARIABLE.sub(value, part[:_LONGEST]))


def _arguments(words: _Words, start: int) -> _Words:
    """What follows a program, up to the end of its command."""
    found: _Words = []
    for word, item in words[start : start + _MOST]:
        if word == "--" or word[0] in _SEPARATORS:
            break
        found.append((word, item))
    return found


def _asked_by(program: str, arguments: _Words) -> _Asked:
    if program in _SOCKETS:
        yield from _of_socket(arguments)
    if program in _CLIENTS:
        yield from _of_option(arguments)
    if program in _WAITERS or program in _FETCHERS:
        yield from _of_addresses(arguments)


def _of_socket(arguments: _Words) -> _Asked:
    """``nc -z -w 2 host port``."""
    given: _Words = []
    is_value = False
    for word, item in arguments:
        if word.startswith("-"):
            is_value = word.endswith(("w", "i", "q", "G"))
        elif is_value and _NUMBER.match(word):
            is_value = False
        else:
            given.append((word, item))
    for (host, item), (port, _) in pairwise(given[:2]):
        if _NUMBER.match(port):
            yield host, int(port), item


def _of_option(arguments: _Words) -> _Asked:
    """``pg_isready -h host``, ``--host=host``."""
    for at, (word, item) in enumerate(arguments):
        option, equals, value = word.partition("=")
        if option in _HOST_OPTIONS and equals:
            yield value, None, item
        elif option in _HOST_OPTIONS and at + 1 < len(arguments):
            yield arguments[at + 1][0], None, arguments[at + 1][1]


def _of_addresses(arguments: _Words) -> _Asked:
    """URLs and ``host:port``, also behind the name of an option."""
    for word, item in arguments:
        text = word.partition("=")[2] if word.startswith("-") and "=" in word else word
        for address in addresses_of_value(text):
            yield address.host, address.effective_port, item


def texts_of(parts: Iterable[str | None]) -> list[str]:
    """The parts of a command; what is no text stays as an empty part, so that places agree."""
    return [part or "" for part in parts]
