"""PlantUML: components, C4 macros, sequences."""

from __future__ import annotations

import time

import pytest

from tests.diagrams.drawn import arrows, boxes, diagrams, marked, only


def parts(body: str) -> list[str]:
    """The arrows of a component diagram."""
    return arrows(only("a.puml", f"@startuml\n{body}\n@enduml\n"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[web] --> [cart]", ["web -> cart"]),
        ("web -> cart : calls", ["web -> cart"]),
        ("web ..> cart", ["web -> cart"]),
        ("web -right-> cart", ["web -> cart"]),
        ("web -[#red,dashed]-> cart", ["web -> cart"]),
        ("web <-- cart", ["cart -> web"]),
        ("web <--> cart", ["web -- cart"]),
        ("web -- cart", ["web -- cart"]),
        ("web --( cart", ["web -> cart"]),
        ("/' a --> b\n c --> d '/\nweb --> cart", ["web -> cart"]),
        ('"Web App" --> "Cart"', ["Web App -> Cart"]),
        (":User: --> [web]", ["User -> web"]),
        ("component [Web App] as web\n[Web App] --> cart", ["web -> cart"]),
        ("order-service --> cart-db", ["order-service -> cart-db"]),
        (
            "' a --> b\nnote left of web: x --> y\nnote right\n x --> y\nend note\nweb --> cart",
            ["web -> cart"],
        ),
    ],
)
def test_arrows(body: str, expected: list[str]) -> None:
    assert parts(body) == expected


def test_elements() -> None:
    found = only(
        "a.puml",
        '@startuml\npackage "Back End" as back {\n [Cart Service] as cart\n'
        ' database "Cart DB" as db\n}\nqueue Kafka\n'
        'actor Customer\nrectangle "Shop" {\n component web\n}\ncart --> db\n@enduml\n',
    )
    assert boxes(found) == [
        "back=Back End:group",
        "back/cart=Cart Service:box",
        "back/db=Cart DB:store",
        "Kafka=Kafka:queue",
        "Customer=Customer:person",
        "Shop=Shop:group",
        "Shop/web=web:box",
    ]


def test_c4_macros() -> None:
    text = (
        '@startuml\n!include <C4/C4_Container>\nSystem_Boundary(s, "Shop") {\n'
        ' Container(a, "Web, App", "Go")\n'
        ' ContainerQueue(q, "Bus")\n}\nRel_D(a, q, "sends")\nRelIndex(1, q, a, "x")\n@enduml\n'
    )
    found = only("a.puml", text)
    assert boxes(found) == ["s=Shop:group", "s/a=Web, App:box", "s/q=Bus:queue"]
    assert arrows(found) == ["a -> q", "q -> a"]
    assert marked(text, found) == ["a, q", "q, a"]


def test_a_sequence() -> None:
    found = only(
        "a.puml",
        '@startuml\nparticipant "Cart Service" as c\nactor User\nUser -> c : add\nc --> User : ok\n@enduml\n',
    )
    assert boxes(found) == ["c=Cart Service:box", "User=User:person"]
    assert arrows(found) == ["User -> c"]


def test_several_in_one_file_and_in_markdown() -> None:
    one = "@startuml\na --> b\n@enduml\n"
    assert [arrows(item) for item in diagrams("a.puml", one + "\n" + one.replace("b", "c"))] == [
        ["a -> b"],
        ["a -> c"],
    ]
    (found,) = diagrams("a.md", f"```plantuml\n{one}```\n")
    assert found.place.span().line == 2


def test_classes_show_no_services() -> None:
    assert diagrams("a.puml", "@startuml\nclass A\nA --> B\n@enduml\n") == []


@pytest.mark.parametrize(
    "piece", ["[a", "a -", 'component "', "Rel(", "a -[", "package x {\n", "<", "/'", "note\n", "a --> b\n"]
)
def test_hostile_texts_take_linear_time(piece: str) -> None:
    started = time.process_time()
    diagrams("a.puml", "@startuml\n" + piece * 30_000)
    assert time.process_time() - started < 5
