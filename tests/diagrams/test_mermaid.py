"""Mermaid: flowcharts, sequences and C4 diagrams, in files and in Markdown."""

from __future__ import annotations

import time

import pytest

from tests.diagrams.drawn import arrows, boxes, diagrams, marked, only


def flow(body: str) -> list[str]:
    """The arrows of a flowchart."""
    return arrows(only("a.mmd", f"flowchart LR\n{body}\n"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a --> b", ["a -> b"]),
        ("a-->b", ["a -> b"]),
        ("a --> b --> c", ["a -> b", "b -> c"]),
        ("a & b --> c & d", ["a -> c", "a -> d", "b -> c", "b -> d"]),
        ("a -.-> b", ["a -> b"]),
        ("a -..-> b", ["a -> b"]),
        ("a ==> b", ["a -> b"]),
        ("a ====> b", ["a -> b"]),
        ("a -----> b", ["a -> b"]),
        ("a --- b", ["a -- b"]),
        ("a -.- b", ["a -- b"]),
        ("a === b", ["a -- b"]),
        ("a <--> b", ["a -- b"]),
        ("a x--x b", ["a -- b"]),
        ("a o--o b", ["a -- b"]),
        ("a --o b", ["a -> b"]),
        ("a --x b", ["a -> b"]),
        ("a ~~~ b", []),
        ("a -->|gRPC| b", ["a -> b"]),
        ('a -->|"a --> z"| b', ["a -> b"]),
        ("a -- gRPC --> b", ["a -> b"]),
        ("a -- gRPC --- b", ["a -- b"]),
        ('a -- "x --> y" --> b', ["a -> b"]),
        ("a -. events .-> b", ["a -> b"]),
        ("a == data ==> b", ["a -> b"]),
        ("a e1@--> b", ["a -> b"]),
        ("a --> b; c --> d", ["a -> b", "c -> d"]),
        ("cart-service --> cart-db", ["cart-service -> cart-db"]),
        ("a:::hot --> b:::cold", ["a -> b"]),
        ("a --> end-user", ["a -> end-user"]),
        ("%% a --> b\nc --> d", ["c -> d"]),
        ("style a fill:#f9f\nclassDef x fill:#fff\nclick a href 'x'\na --> b", ["a -> b"]),
        ("a --> b\nlinkStyle 0 stroke:#f00", ["a -> b"]),
        ("a -->\n b", ["a -> b"]),
        ("))) odd\na --> b", ["a -> b"]),
        ("класс --> b", ["класс -> b"]),
    ],
)
def test_links(body: str, expected: list[str]) -> None:
    assert flow(body) == expected


@pytest.mark.parametrize(
    ("node", "label", "kind"),
    [
        ("a[Cart Service]", "Cart Service", "box"),
        ('a["Cart (Go) --> [x]"]', "Cart (Go) --> [x]", "box"),
        ("a(Cart)", "Cart", "box"),
        ("a([Cart])", "Cart", "box"),
        ("a[[Cart]]", "Cart", "box"),
        ("a[(Cart DB)]", "Cart DB", "store"),
        ("a((Cart))", "Cart", "box"),
        ("a(((Cart)))", "Cart", "box"),
        ("a>Cart]", "Cart", "box"),
        ("a{Cart}", "Cart", "box"),
        ("a{{Cart}}", "Cart", "box"),
        ("a[/Cart/]", "Cart", "box"),
        ("a[\\Cart/]", "Cart", "box"),
        ('a@{ shape: cyl, label: "Cart DB" }', "Cart DB", "store"),
        ('a["`**Cart**`"]', "**Cart**", "box"),
    ],
)
def test_shapes(node: str, label: str, kind: str) -> None:
    found = only("a.mmd", f"graph TD\n  {node} --> b\n")
    assert boxes(found) == [f"a={label}:{kind}", "b=b:box"]
    assert arrows(found) == ["a -> b"]


def test_frames() -> None:
    found = only(
        "a.mmd",
        'flowchart TB\nsubgraph shop [The Shop]\n direction LR\n cart --> db\n subgraph "Inner"\n'
        "  x\n end\nend\n"
        "web --> shop\ncart --> web\n",
    )
    assert boxes(found) == [
        "shop=The Shop:group",
        "shop/cart=cart:box",
        "shop/db=db:box",
        "shop/Inner=Inner:group",
        "Inner/x=x:box",
        "web=web:box",
    ]
    assert arrows(found) == ["cart -> db", "web -> shop", "cart -> web"]


def test_places_are_those_of_the_file() -> None:
    text = (
        '# Title\n\n> ```mermaid\n> flowchart LR\n>   a["é"] --> b & c -- x --> d\n> ```\n\n'
        "* list\n\n  ~~~mermaid\n  graph TD; y ==> z\n  ~~~\n"
    )
    first, second = diagrams("docs/a.md", text)
    assert marked(text, first) == ["-->", "-->", "-- x -->", "-- x -->"]
    assert marked(text, second) == ["==>"]
    spans = [box.place.span() for box in first.boxes.values()]
    assert [(span.line, span.column) for span in spans] == [(5, 5), (5, 16), (5, 20), (5, 31)]


def test_a_sequence_shows_calls_and_no_answers() -> None:
    found = only(
        "a.mmd",
        "sequenceDiagram\n autonumber\n actor U as User\n participant C as Cart Service\n"
        " U->>+C: add\n C-->>-U: done\n"
        " loop always\n C->>order-service: get: it\n end\n Note over C: C->>Z: no\n C-)Kafka: sent\n"
        " Kafka--)Mail: read\n"
        " C-xGone: lost\n",
    )
    assert arrows(found) == ["U -> C", "C -> order-service", "C -> Kafka", "Kafka -- Mail", "C -> Gone"]
    assert boxes(found)[:2] == ["U=User:person", "C=Cart Service:box"]


def test_c4() -> None:
    found = only(
        "a.mmd",
        'C4Container\ntitle Shop\nPerson(u, "User")\nContainer_Boundary(s, "Shop") {\n'
        ' Container(web, "Web App", "React, TS", "UI")\n ContainerDb(db, "Cart DB", "Postgres")\n}\n'
        'System_Ext(mail, "Mail")\nRel(u, web, "uses", "https")\nBiRel(web, db, "x")\n'
        'Rel_Back(web, mail, "y")\n'
        'UpdateRelStyle(u, web, $offsetY="-10")\n',
    )
    assert boxes(found) == [
        "u=User:person",
        "s=Shop:group",
        "s/web=Web App:box",
        "s/db=Cart DB:store",
        "mail=Mail:outside",
    ]
    assert arrows(found) == ["u -> web", "web -- db", "mail -> web"]


@pytest.mark.parametrize(
    "text", ["", "pie\n", "stateDiagram-v2\n a --> b\n", "classDiagram\nA --> B\n", "graphs\na --> b"]
)
def test_other_kinds_show_no_services(text: str) -> None:
    assert diagrams("a.mmd", text) == []


def test_what_stands_before_the_diagram() -> None:
    text = "---\ntitle: x\n---\n%%{init: {'theme': 'dark'}}%%\n%% why\n\nflowchart LR\n a --> b\n"
    assert arrows(only("a.mmd", text)) == ["a -> b"]


@pytest.mark.parametrize(
    "piece",
    [
        "a[",
        'a["',
        "a -- ",
        "a & ",
        "subgraph x\n",
        "a -->|",
        "a@{",
        "x--",
        "((",
        "-.",
        '"',
        "a:",
        "a==",
        "%%",
        "```",
    ],
)
def test_hostile_texts_take_linear_time(piece: str) -> None:
    for header in ("flowchart LR\n", "sequenceDiagram\n", "C4Context\n"):
        started = time.process_time()
        diagrams("a.mmd", header + piece * 30_000)
        assert time.process_time() - started < 5
