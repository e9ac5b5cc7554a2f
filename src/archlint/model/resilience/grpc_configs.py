"""Service configs of gRPC: timeouts, retries and hedging of methods, in the JSON that clients are given.

They stand in files of their own, in entries of ConfigMaps, and in variables of containers. Clients refuse a
config with one fault as a whole: a Go client does not start, others go on without any. Go clients take keys
in any case, and times that begin with a point, so both are read.

Sources: gRPC, ``service_config.proto`` (``methodConfig``, ``retryThrottling``); proposal A6, "Client Retries"
(what makes a config invalid; ``maxAttempts`` above 5 counts as 5); the mapping of durations to JSON in
"ProtoJSON Format".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from posixpath import basename, splitext

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.inner import documents_in
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.workloads import Container
from archlint.model.world import World

_KEY = "methodConfig"
_GENERATOR = "_grpc_service_config"
"""The end of names of files that generators of client libraries read, which set attempts themselves."""
_DURATION = regex(r"-?(?:\d{1,12}(?:\.\d{0,9})?|\.\d{1,9})s")
_NUMBER = regex(r"\d{1,9}(?:\.\d{1,9})?")
_LONGEST_SAID = 80
MOST_ATTEMPTS = 5
"""Tries that clients make at most, whatever is asked for."""
_MOST_TOKENS = 1000
_CODES = (
    *("OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS"),
    *("PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE"),
    *("UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"),
)
"""By their numbers."""


@dataclass(frozen=True, eq=False)
class GrpcServiceConfig:
    """One config, wherever it stands."""

    root: Node
    owner: ObjectRef
    """The object that holds it, else the first service that it names."""
    container: Container | None = None
    """The container that is given it."""

    @classmethod
    def all(cls, world: World) -> Iterable[GrpcServiceConfig]:
        """Every config in files, ConfigMaps and variables."""
        for document in world.documents(Kind.DATA):
            if _is_config(document.root):
                first = next(_names(document.root), document.root)
                yield cls(document.root, ObjectRef("Service config", _name(first)))
        for base in world.all(KubernetesObject):
            if base.kind == "ConfigMap" and not base.group:
                for _, node in base.get("data").items():
                    for root in _in_text(node):
                        yield cls(root, base.object)
        for container in world.all(Container):
            for variable in container.get("env").elements():
                for root in _in_text(variable.get("value")):
                    yield cls(root, container.object, container)

    @property
    def source(self) -> Document:
        """The document that it stands in."""
        return self.root.document

    @property
    def object(self) -> ObjectRef:
        """What holds it."""
        return self.owner

    @property
    def names(self) -> Iterator[Node]:
        """The entries that name services and methods."""
        yield from _names(self.root)

    @property
    def is_for_generators(self) -> bool:
        """Whether it is a source of generated client libraries, which have attempts of their own."""
        return _stem(self.source.path).endswith(_GENERATOR)


def _names(root: Node) -> Iterator[Node]:
    for part in field(root, _KEY).elements():
        yield from field(part, "name").elements()


def _stem(path: str) -> str:
    return splitext(basename(path))[0]


def _in_text(node: Node) -> Iterator[Node]:
    if _KEY.lower() in (node.text or "").lower():
        for document in documents_in(node, "service-config.json"):
            if _is_config(document.root):
                yield document.root


def field(node: Node, key: str) -> Node:
    """A field of a config, whose name may begin with a capital."""
    capital = node.get(key[:1].upper() + key[1:])
    return capital if capital.exists and not node.get(key).exists else node.get(key)


def _is_config(root: Node) -> bool:
    """Whether the parts of a list called ``methodConfig`` look like those of gRPC."""
    return any(
        field(item, key).exists
        for item in field(root, _KEY).elements()
        for key in ("name", "retryPolicy", "hedgingPolicy", "timeout", "waitForReady")
    )


@dataclass(frozen=True, eq=False)
class ConfigFault:
    """What makes clients refuse a config, or pass over a part of it."""

    config: GrpcServiceConfig
    node: Node
    law: str
    """The message that tells it."""
    where: str
    """The methods that the part is for."""
    key: str = ""
    said: str = ""

    @classmethod
    def all(cls, world: World) -> Iterable[ConfigFault]:
        """Every fault of every config."""
        for config in world.all(GrpcServiceConfig):
            yield from (fault for fault in _of_config(config) if not _is_filled_in(fault))

    @property
    def source(self) -> Document:
        """The document that it stands in."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """What holds the config."""
        return self.config.owner


def _of_config(config: GrpcServiceConfig) -> Iterator[ConfigFault]:
    known: set[str] = set()
    for part in field(config.root, _KEY).elements():
        yield from _of_part(config, part, known)
    yield from _of_throttling(config, field(config.root, "retryThrottling"))


def _is_filled_in(fault: ConfigFault) -> bool:
    """Whether another program writes a value before clients read it; codes look like names of some."""
    text = fault.node.text or ""
    return is_placeholder(text) and not (fault.law == "code" and text.isidentifier())


def _said(node: Node) -> str:
    """A value as JSON has it, texts without their quotes."""
    if not node.is_set:
        return "missing"
    return node.text if node.text is not None else json.dumps(node.value, default=str)[:_LONGEST_SAID]


def _name(entry: Node) -> str:
    service, method = field(entry, "service").text or "", field(entry, "method").text or ""
    return f"{service}/{method}" if method else service or "all methods"


def _of_part(config: GrpcServiceConfig, part: Node, known: set[str]) -> Iterator[ConfigFault]:
    names = list(field(part, "name").elements())
    where = ", ".join(map(_name, names[:3])) or "no method"
    if not names:
        yield ConfigFault(
            config, field(part, "name") if field(part, "name").exists else part, "nameless", where
        )
    for entry in names:
        if field(entry, "method").text and not field(entry, "service").text:
            yield ConfigFault(
                config, field(entry, "method"), "no-service", where, said=str(field(entry, "method").text)
            )
        elif _name(entry) in known:
            yield ConfigFault(config, entry, "again", where, said=_name(entry))
        known.add(_name(entry))
    timeout = field(part, "timeout")
    if timeout.is_set and not is_duration(timeout):
        yield ConfigFault(config, timeout, "duration", where, "timeout", _said(timeout))
    retry, hedging = field(part, "retryPolicy"), field(part, "hedgingPolicy")
    if retry.is_set and hedging.is_set:
        yield ConfigFault(config, hedging, "both", where)
    for policy in (retry, hedging):
        if policy.is_map:
            yield from _of_attempts(config, policy, where)
    if retry.is_map:
        yield from _of_backoff(config, retry, where)
        yield from _of_codes(config, field(retry, "retryableStatusCodes"), where, is_needed=True)
    if hedging.is_map:
        yield from _of_codes(config, field(hedging, "nonFatalStatusCodes"), where, is_needed=False)
        delay = field(hedging, "hedgingDelay")
        if delay.is_set and not is_duration(delay):
            yield ConfigFault(config, delay, "duration", where, "hedgingDelay", _said(delay))


def _of_attempts(config: GrpcServiceConfig, policy: Node, where: str) -> Iterator[ConfigFault]:
    attempts = field(policy, "maxAttempts")
    if not attempts.is_set and config.is_for_generators:
        return
    count, meant = attempts.integer, _meant(attempts)
    if count is None and meant >= 2 and meant.is_integer():
        yield _typed(config, attempts, where, "maxAttempts")
    elif count is None or count < 2:
        yield ConfigFault(config, attempts, "attempts", where, said=_said(attempts))
    elif count > MOST_ATTEMPTS:
        yield ConfigFault(config, attempts, "capped", where, said=_said(attempts))


def _of_backoff(config: GrpcServiceConfig, retry: Node, where: str) -> Iterator[ConfigFault]:
    for key in ("initialBackoff", "maxBackoff"):
        node = field(retry, key)
        if not is_duration(node, is_positive=True):
            yield ConfigFault(config, node, "backoff", where, key, _said(node))
    node = field(retry, "backoffMultiplier")
    yield from _of_number(config, node, where, "backoffMultiplier")


def _typed(config: GrpcServiceConfig, node: Node, where: str, key: str) -> ConfigFault:
    text = node.text
    said = json.dumps(node.value) if text is None else f'"{text}"'
    return ConfigFault(config, node, "typed", where or "all methods", key, said)


def _of_number(config: GrpcServiceConfig, node: Node, where: str, key: str) -> Iterator[ConfigFault]:
    if node.text is not None and _meant(node) > 0:
        yield _typed(config, node, where, key)
    elif not _is_positive(node):
        yield ConfigFault(config, node, "multiplier", where, key, _said(node))


def _meant(node: Node) -> float:
    """The number that a text holds, or a whole one that is written with a point; else 0."""
    if node.text is not None:
        return float(node.text) if _NUMBER.fullmatch(node.text) else 0.0
    is_whole = isinstance(node.value, float) and node.value.is_integer()
    return float(node.value) if is_whole else 0.0


def _of_codes(
    config: GrpcServiceConfig, codes: Node, where: str, *, is_needed: bool
) -> Iterator[ConfigFault]:
    found = list(codes.elements())
    if not found and is_needed:
        yield ConfigFault(config, codes, "codes", where, said=_said(codes))
    for code in found:
        number = code.integer
        is_known = 0 <= number < len(_CODES) if number is not None else (code.text or "").upper() in _CODES
        if not is_known:
            yield ConfigFault(config, code, "code", where, said=_said(code))


def _of_throttling(config: GrpcServiceConfig, throttling: Node) -> Iterator[ConfigFault]:
    if not throttling.is_map:
        return
    tokens, ratio = field(throttling, "maxTokens"), field(throttling, "tokenRatio")
    if tokens.text is not None and 0 < _meant(tokens) <= _MOST_TOKENS:
        yield _typed(config, tokens, "", "maxTokens")
    elif not _is_positive(tokens) or _number(tokens) > _MOST_TOKENS:
        yield ConfigFault(config, tokens, "tokens", "", "maxTokens", _said(tokens))
    yield from _of_number(config, ratio, "", "tokenRatio")


def _number(node: Node) -> float:
    value = node.value
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _is_positive(node: Node) -> bool:
    return _number(node) > 0


def is_duration(node: Node, *, is_positive: bool = False) -> bool:
    """Whether something is a time as JSON has it."""
    text = node.text
    if text is None or not _DURATION.fullmatch(text):
        return False
    seconds = float(text[:-1])
    return seconds > 0 if is_positive else seconds >= 0
