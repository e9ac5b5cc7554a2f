"""Structurizr workspaces: elements, identifiers, relationships, includes."""

from __future__ import annotations

import time

import pytest

from tests.diagrams.drawn import arrows, boxes, marked, only

SHOP = """workspace "Shop" "what it is" {
    model {
        user = person "User"
        shop = softwareSystem "Shop" {
            web = container "Web" "the pages" "React"
            api = container "Cart API" {
                -> db "reads"
                part = component "Part"
            }
            db = container "Cart DB" {
                technology "Postgres"
                tags "Database" "team-cart"
            }
            web -> api "calls" "REST"
        }
        mail = softwareSystem "Mail" "sends" "External"
        user -> web "uses"
        # web -> mail
        /* web -> mail */
        api.part -> mail
        part -> mail "sends" {
            tags "async"
        }
    }
    views {
        container shop { include * }
        dynamic shop { web -> mail "not so" }
    }
}
"""


def test_flat_identifiers() -> None:
    found = only("workspace.dsl", SHOP)
    assert boxes(found) == [
        "user=User:person",
        "shop=Shop:box",
        "shop/web=Web:box",
        "shop/api=Cart API:box",
        "api/part=Part:box",
        "shop/db=Cart DB:store",
        "mail=Mail:outside",
    ]
    assert arrows(found) == ["api -> db", "web -> api", "user -> web", "part -> mail"]
    assert marked(SHOP, found) == ["->"] * 4


def test_hierarchical_identifiers() -> None:
    text = """workspace {
    !identifiers hierarchical
    model {
        a = softwareSystem "A" {
            db = container "A DB"
            api = container "A API" {
                -> db
            }
            api -> db "again"
        }
        b = softwareSystem "B" {
            db = container "B DB"
            api = container "B API"
            group "Inner" {
                x = container "X"
            }
            x -> db
        }
        a.api -> b.api
        this -> a
        A.API -> b.x
    }
}
"""
    assert arrows(only("workspace.dsl", text)) == [
        "a.api -> a.db",
        "a.api -> a.db",
        "b.x -> b.db",
        "a.api -> b.api",
        "a.api -> b.x",
    ]


def test_included_files_keep_their_places() -> None:
    files = {
        "model.dsl": 'shop = softwareSystem "Shop" {\n !include ${WHAT}.dsl\n}\n',
        "parts.dsl": 'a = container "A"\na -> b\n',
    }
    text = 'workspace {\n!const WHAT parts\nmodel {\n!include model.dsl\nb = softwareSystem "B"\n}\n}\n'
    found = only("workspace.dsl", text, files)
    assert boxes(found) == ["shop=Shop:box", "shop/a=A:box", "b=B:box"]
    assert arrows(found) == ["a -> b"]
    (arrow,) = found.arrows
    assert (arrow.place.source.path, arrow.place.span().line, arrow.place.span().column) == (
        "parts.dsl",
        2,
        3,
    )


def test_archetypes_extensions_and_deployments() -> None:
    text = """workspace {
    model {
        archetypes {
            service = container {
                technology "Go"
            }
            https = -> {
                technology "HTTPS"
            }
        }
        s = softwareSystem "S"
        !extend s {
            a = service "A"
            b = service "B"
        }
        a --https-> b "calls"
        deploymentEnvironment "Live" {
            deploymentNode "Node" {
                containerInstance a
                x = infrastructureNode "LB"
                x -> a
            }
        }
    }
}
"""
    found = only("workspace.dsl", text)
    assert boxes(found) == ["s=S:box", "s/a=A:box", "s/b=B:box"]
    assert arrows(found) == ["a -> b"]


def test_an_include_that_turns_in_a_circle_ends() -> None:
    files = {"a.dsl": '!include a.dsl\n!include a.dsl\nx = container "X"\n'}
    started = time.process_time()
    found = only("workspace.dsl", "workspace {\nmodel {\n!include a.dsl\n}\n}\n", files)
    assert time.process_time() - started < 5 and "x=X:box" in boxes(found)


@pytest.mark.parametrize(
    "piece", ["{\n", "}\n", 'a = container "', "a -> b\n", "/*", '"""', "a\\\n", "!include x\n", "${", '"']
)
def test_hostile_texts_take_linear_time(piece: str) -> None:
    started = time.process_time()
    only("workspace.dsl", "workspace {\nmodel {\n" + piece * 30_000)
    assert time.process_time() - started < 5
