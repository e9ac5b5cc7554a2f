"""Which queues an exchange leads to: bindings of definitions, of custom resources, and of calls in source."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.messaging.expressions import Expressions
from archlint.model.messaging.rabbitmq import RabbitBinding
from archlint.model.sources.arguments import given
from archlint.model.sources.reading import SourceFile, source_files
from archlint.model.world import World

_CALLS = {
    "QueueBind": (("queue", 0), ("exchange", 2), "go"),
    "queue_bind": (("queue", 0), ("exchange", 1), "python php"),
    "queueBind": (("queue", 0), ("exchange", 1), "java kotlin"),
    "QueueBindAsync": (("queue", 0), ("exchange", 1), "csharp"),
    "bindQueue": ((0,), (1,), "javascript typescript tsx"),
}
"""By what is called: the arguments that may hold the queue and the exchange, and the languages."""
_IN_CSHARP = (("queue", 0), ("exchange", 1), "csharp")
_CALLED = regex(r"(?<![\w$@])(QueueBindAsync|QueueBind|queue_bind|queueBind|bindQueue)\s{0,3}\(")


@dataclass(frozen=True)
class ExchangeBinding:
    """What an exchange gets is put into a queue, all of it or a part."""

    exchange: str
    queue: str
    place: Place


def exchange_bindings(world: World) -> tuple[ExchangeBinding, ...]:
    """Every binding whose ends are known; ask with ``world.fact(exchange_bindings)``."""
    return (*_declared(world), *_called(world))


def _declared(world: World) -> Iterator[ExchangeBinding]:
    for binding in world.all(RabbitBinding):
        source, target = binding.node.get("source"), binding.node.get("destination")
        if source.text and target.text and binding.leads_to_queue:
            yield ExchangeBinding(source.text, target.text, target.value_place())


def _called(world: World) -> Iterator[ExchangeBinding]:
    found = world.fact(source_files)
    expressions = Expressions(found)
    for _, file in found.messaging():
        yield from _of_file(file, expressions)


def _of_file(file: SourceFile, expressions: Expressions) -> Iterator[ExchangeBinding]:
    for match in _CALLED.finditer(file.code.plain) if _CALLED.search(file.text) else ():
        row = _IN_CSHARP if (match[1], file.language.name) == ("QueueBind", "csharp") else _CALLS[match[1]]
        queues, exchanges, languages = row
        if file.language.name not in languages.split():
            continue
        arguments = given(file, match.end() - 1)
        ends = [
            next((part for which in ways if (part := arguments.get(which)) is not None), None)
            for ways in (queues, exchanges)
        ]
        if ends[0] is None or ends[1] is None:
            continue
        names = [expressions.names(end) for end in ends if end is not None]
        for queue in names[0]:
            for exchange in names[1]:
                if queue.text and exchange.text and not (queue.is_pattern or exchange.is_pattern):
                    place = file.place(ends[0].start, ends[0].end)
                    yield ExchangeBinding(exchange.text, queue.text, place)
