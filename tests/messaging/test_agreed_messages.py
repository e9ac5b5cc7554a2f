"""Messages that are agreed by a type or a pattern, with both of their ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.graph import service_graph
from tests.arch.worlds import world_of
from tests.graph.test_discovery import BUILT
from tests.support.limits import within

HANDLES = "using MassTransit;\nclass Handler : IConsumer<OrderPlaced> { }\n"
TAKES = "@Controller()\nexport class B { @EventPattern('placed') on(data) {} }\n"


def links(folder: Path, sender: str, receiver: str, ending: str = "cs") -> set[str]:
    """The edges between two programs and topics."""
    files = {
        "compose.yaml": "services: {shop: {build: shop}, stock: {build: stock}}\n",
        "shop/Dockerfile": BUILT,
        "stock/Dockerfile": BUILT,
        f"shop/src/A.{ending}": sender,
        f"stock/src/B.{ending}": receiver,
    }
    return {f"{edge.source} {edge.target}" for edge in service_graph(world_of(folder, files)).edges}


@pytest.mark.parametrize(
    ("sender", "receiver"),
    [
        ("class A { IPublishEndpoint e; void Do() { e.Publish(new OrderPlaced(1)); } }", HANDLES),
        ("class A { IPublishEndpoint e; void Do() { e.Publish<OrderPlaced>(new { Id = 1 }); } }", HANDLES),
        (
            "class A { IBus e; void Do() { var m = dto.Adapt<OrderPlaced>(); e.Publish(m, t); } }",
            HANDLES,
        ),
        ("class A { IBus b; void Do(OrderPlaced message) { b.Publish(message); } }", HANDLES),
        (
            "class A { IBus s; void Do() { s.Send(new OrderPlaced()); } }",
            "class H : Saga, IHandleMessages<OrderPlaced> { }",
        ),
        (
            "using EasyNetQ;\nclass A { void Do() { bus.PubSub.PublishAsync(new OrderPlaced()); } }",
            'using EasyNetQ;\nclass B { void Do() { bus.PubSub.SubscribeAsync<OrderPlaced>("x", On); } }',
        ),
    ],
)
def test_types(tmp_path: Path, sender: str, receiver: str) -> None:
    assert links(
        tmp_path, sender.replace(" // NServiceBus", "\n// x").replace("IMessageSession", "IBus"), receiver
    ) == {
        "service:shop topic:OrderPlaced",
        "topic:OrderPlaced service:stock",
    }


def test_names_and_patterns(tmp_path: Path) -> None:
    cap = links(
        tmp_path / "cap",
        'class A { ICapPublisher p; void Do() { p.PublishAsync("placed", x); } }',
        'class B : ICapSubscribe { [CapSubscribe("placed")] public void On(X x) {} }',
    )
    sender = "class A { constructor(private client: ClientProxy) {} do() { this.client.emit('placed', 1); } }"
    nest = links(tmp_path / "nest", sender, TAKES, "ts")
    assert cap == nest == {"service:shop topic:placed", "topic:placed service:stock"}


@pytest.mark.parametrize(
    ("sender", "receiver"),
    [
        ("class A { IPublishEndpoint e; void Do() { e.Publish(new OrderPaid()); } }", HANDLES),
        ("class A { void Do() { cfg.Publish<OrderPlaced>(e => { }); } } // MassTransit", HANDLES),
        ("class A { IPublishEndpoint e; void Do() { e.Publish(Make()); } }", HANDLES),
        (
            "class A { IMediator m; void Do() { m.Publish(new OrderPlaced()); } }",
            "class H : INotificationHandler<OrderPlaced> { }",
        ),
        ("class A { IPublishEndpoint e; /* e.Publish(new OrderPlaced()); */ }", HANDLES),
        (HANDLES, HANDLES),
    ],
)
def test_none(tmp_path: Path, sender: str, receiver: str) -> None:
    assert not links(tmp_path, sender, receiver)


@pytest.mark.parametrize("piece", [".Publish(", "IConsumer<", ": ", "new ", "x = ", "emit(", "<A>("])
def test_long_texts_take_no_time(tmp_path: Path, piece: str) -> None:
    text = "using MassTransit;\n" + (piece * 60_000)[:60_000]
    within(6, lambda: links(tmp_path, text, HANDLES))
