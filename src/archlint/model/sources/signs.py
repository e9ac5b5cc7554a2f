"""Signs by which a quick search tells what the source of a file may speak of, before it is taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from archlint.finding.regex import regex
from archlint.model.services.variable_names import names_a_peer
from archlint.model.sources.environment import HINTS, MARKS

_URL_REST = regex(rb"(?:[^/\s\"'`@]{0,200}@)?([\w-]{0,63})")
_SCHEME_END = regex(rb"[A-Za-z0-9.+-]{0,20}\Z")
_NAME = regex(rb"[\"'=(@]([A-Za-z][\w-]{0,62})")
_PORT = regex(rb":[0-9]{2,5}[\"'`/]")
_NAME_END = regex(rb"(?<![\w.-])([A-Za-z][\w-]*+)\Z")
_PLAIN_SCHEMES = frozenset({b"", b"http", b"https", b"file", b"ftp"})
_CLIENTS = (
    *(b"redis", b"Redis", b"amqp", b"Amqp", b"AMQP", b"ongo", b"pika", b"afka", b"emcache", b"grpc", b"Grpc"),
    *(b"Feign", b"Socket", b"host=", b"Host=", b"Server=", b"tcp(", b"HttpHost", b"nats", b"lastic"),
    *(b"Transport.", b"abbit", b".host(", b"etHost("),
    *(b"iscoveryClient", b"nameko", b"@Client(", b"@RegisterRestClient", b"@HttpExchange"),
)
_SETTINGS = (b"go-micro", b"BaseSettings", b"onfigService")
"""What names services, or reads variables, in ways that have no other sign."""
ADDRESS_SIGNS = ("://", "host=", "@tcp(", "Server=")
"""One of these stands in each string that holds an address, if it has no name of a host."""
_IN_WORDS = frozenset(b"-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_BETWEEN_WORDS = bytes(byte if byte in _IN_WORDS else 32 for byte in range(256))
_READS_OF_NODE = ((b"process.env.", b"process"), (b"import.meta.env.", b"import"), (b"BaseSettings",) * 2)
"""What reads variables whose names are no words of their own, with a word of it."""
_FRAMEWORKS = (
    *(b"masstransit", b"iconsumer", b"ipublishendpoint", b"nservicebus", b"ihandlemessages", b"easynetq"),
    *(b"capsubscribe", b"icappublisher", b"rebus", b"ieventbus", b"integrationeventhandler", b"nestjs"),
    *(b"ibus", b"clientproxy", b"clientkafka", b"eventpattern"),
)
"""Words of frameworks that send messages by a broker whose client nobody calls."""
_BROKERS = (
    *(b"kafka", b"sarama", b"rabbit", b"amqp", b"pika", b"bunny", b"eventuate", b"franz-go"),
    *_FRAMEWORKS,
)
_OTHERS = {
    "NATS": (
        b"nats",
        regex(rb"nats-io/|nats\.(?:connect|aio|client|net)|\bio\.nats\b|[\"']nats[\"']|import nats\b"),
    ),
    "SQS": (
        b"sqs",
        regex(rb"client-sqs|service/sqs|services?\.sqs|[\"']sqs[\"']|amazonsqs|new sqs\b|\bsqsclient"),
    ),
    "SNS": (
        b"sns",
        regex(rb"client-sns|service/sns|services?\.sns|[\"']sns[\"']|amazonsns|new sns\b|\bsnsclient"),
    ),
    "Pub/Sub": (
        b"pubsub",
        regex(rb"cloud/pubsub|go/pubsub|cloud[.-]pubsub|google\.cloud import pubsub|cloud\.pubsub"),
    ),
}
"""Brokers of which no calls are known, by a word of the file in lower case and what has to follow."""


class Words:
    """The words of a file, among which signs are looked for: there are far fewer than characters."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._all = set(data.translate(_BETWEEN_WORDS).split())
        self._once = b" ".join((b"", *self._all, b""))

    def have_one_of(self, marks: Iterable[tuple[bytes, bytes]]) -> bool:
        """Whether the file has a mark, each given with the longest word of it."""
        once, data = self._once, self.data
        return any(word in once and (len(word) == len(mark) or mark in data) for mark, word in marks)

    @cached_property
    def lower(self) -> bytes:
        """Each word once, in lower case."""
        return self._once.lower()

    def names(self) -> set[bytes]:
        """Those that may be names of hosts and variables."""
        if not any(edge in self._once for edge in (b" -", b" _", b"- ", b"_ ")):
            return self._all
        return {word.strip(b"-_") if word[:1] in b"-_" or word[-1:] in b"-_" else word for word in self._all}


def _with_words(marks: Iterable[bytes]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((mark, max(mark.translate(_BETWEEN_WORDS).split(), key=len)) for mark in marks)


_HINTS_IN_WORDS, _MARKS_IN_WORDS = _with_words(HINTS), _with_words(MARKS)
_SETTINGS_IN_WORDS, _CLIENTS_IN_WORDS = _with_words(_SETTINGS), _with_words(_CLIENTS)


def may_tell(words: Words, hosts: frozenset[bytes]) -> bool:
    """Whether a file may hold an address: a URL whose host is known or put together, a read of the
    environment, a client of a database or broker."""
    if words.have_one_of(_HINTS_IN_WORDS) and words.have_one_of(_MARKS_IN_WORDS):
        return True
    if words.have_one_of(_SETTINGS_IN_WORDS):
        return True
    data = words.data
    at = data.find(b"://")
    while at >= 0:
        if _is_of_interest(data, at, hosts):
            return True
        at = data.find(b"://", at + 3)
    names = _NAME.findall(data) if words.have_one_of(_CLIENTS_IN_WORDS) else ()
    return any(name.lower() in hosts for name in names) or any(_before_ports(data, hosts))


def _before_ports(data: bytes, hosts: frozenset[bytes]) -> Iterator[bytes]:
    """The known hosts that stand before a port: ``"cart:8080"``."""
    for match in _PORT.finditer(data):
        name = _NAME_END.search(data, max(0, match.start() - 64), match.start())
        if name is not None and name[1].lower() in hosts:
            yield name[1]


def may_name_a_peer(words: Words, names: Iterable[bytes]) -> bool:
    """Whether a file, of which some words are in capitals, may read a variable that is called like another
    service."""
    if words.have_one_of(_READS_OF_NODE):
        return True
    return any(names_a_peer(name.decode("ascii", "replace")) for name in names)


def sign_places(text: str, hosts: Iterable[str]) -> list[int]:
    """Where a text has signs of an address, of which some hosts are words of it."""
    found: set[int] = set()
    for sign in ADDRESS_SIGNS:
        found.update(_places(text, sign))
    lower = text.lower()
    if len(lower) != len(text):  # a letter becomes two
        lower = "".join(sign.lower() if sign.isascii() else sign for sign in text)
    for host in hosts:
        found.update(_places(lower, host))
    return sorted(found)


def _places(text: str, sign: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + len(sign))


def _is_of_interest(data: bytes, at: int, hosts: frozenset[bytes]) -> bool:
    """Whether a URL may lead to something of the repository, or to a database or broker."""
    rest = _URL_REST.match(data, at + 3)
    host = rest[1].lower() if rest else b""
    if not host or host in hosts:
        return True
    scheme = _SCHEME_END.search(data, max(0, at - 20), at)
    return scheme is not None and scheme[0].lower() not in _PLAIN_SCHEMES


def may_message(words: Words) -> bool:
    """Whether a file may call the client of a broker."""
    return any(word in words.lower for word in _BROKERS)


def other_brokers(words: Words) -> Iterator[str]:
    """The brokers that a file uses and of which no calls are known."""
    named = [(name, sign) for name, (word, sign) in _OTHERS.items() if word in words.lower]
    lower = words.data.lower() if named else b""
    return (name for name, sign in named if sign.search(lower))
