"""Who finds uses of topics: one function for each kind of file that says who sends and who receives.

A new kind of evidence is a module with such a function, and its name here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archlint.finding import Confidence
from archlint.finding.records import replace
from archlint.model.messaging.access import access_uses
from archlint.model.messaging.agreed_messages import agreed_uses
from archlint.model.messaging.asyncapi import contract_uses
from archlint.model.messaging.bindings import exchange_bindings
from archlint.model.messaging.connectors import connector_uses
from archlint.model.messaging.source_uses import source_uses
from archlint.model.messaging.topics import Form, TopicUse
from archlint.model.messaging.triggers import trigger_uses
from archlint.model.messaging.variables import setting_uses, variable_uses
from archlint.model.world import World

CERTAIN: tuple[Callable[[World], Iterable[TopicUse]], ...] = (
    source_uses,
    setting_uses,
    trigger_uses,
    connector_uses,
)
"""Those that find uses of high confidence."""
OTHERS: tuple[Callable[[World], Iterable[TopicUse]], ...] = (
    variable_uses,
    access_uses,
    contract_uses,
    agreed_uses,
)


def certain_uses(world: World) -> tuple[TopicUse, ...]:
    """What the readers of certain things find, in the order of the list; ask with ``world.fact``."""
    return tuple(use for reader in CERTAIN for use in reader(world))


def topic_uses(world: World) -> tuple[TopicUse, ...]:
    """What all readers find, in the order of the list; ask with ``world.fact(topic_uses)``."""
    others = (use for reader in OTHERS for use in reader(world))
    return (*world.fact(certain_uses), *_led_on(world), *others)


def _led_on(world: World) -> Iterator[TopicUse]:
    """What is sent to an exchange reaches the queues that are bound to it; whether the routing key of a
    message is that of the binding is not compared."""
    sent = [use for use in world.fact(certain_uses) if use.form is Form.EXCHANGE and use.sends]
    for use in sent:
        for binding in world.fact(exchange_bindings):
            if binding.exchange == use.topic:
                yield replace(
                    use,
                    topic=binding.queue,
                    form=Form.QUEUE,
                    confidence=Confidence.MEDIUM,
                    named_at=binding.place,
                )
