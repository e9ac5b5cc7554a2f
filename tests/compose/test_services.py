"""Services of Compose projects: which files count, what they say together, and where it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compose.projects import at, environment, services, services_of


def test_a_service_is_read_with_its_variables(tmp_path: Path) -> None:
    found = services_of(
        tmp_path,
        compose_yaml="""
services:
  web:
    build: {context: ./web, dockerfile: docker/Dockerfile}
    image: shop/web:${TAG}
    container_name: web-1
    environment:
      - CART_URL=http://${CART_HOST}:8080
      - CART_HOST
      - SHELL_ONLY
    ports: ["80:8080", "9090"]
    depends_on: {cart: {condition: service_healthy}}
    networks: {default: {aliases: [www]}}
  db:
    image: postgres:${PG}
""",
        _env="CART_HOST=cart\nTAG=1\n",
    )
    web = found["web"]
    assert (web.image, web.build_context, web.dockerfile) == ("shop/web:1", "web", "web/docker/Dockerfile")
    assert web.hostnames == ("web", "web-1", "www")
    assert environment(web) == {"CART_URL": "http://cart:8080", "CART_HOST": "cart"}
    assert web.ports == (8080, 9090)
    assert [(item.name, item.condition) for item in web.depends_on] == [("cart", "service_healthy")]
    assert at(web.depends_on[0].place) == "compose.yaml:12:18-22"
    assert (found["db"].store_protocol, web.store_protocol) == ("postgres", None)


def test_a_host_is_found_where_it_is_written(tmp_path: Path) -> None:
    found = services_of(
        tmp_path,
        compose_yaml="services:\n  web:\n    image: w\n    environment:\n      A: http://${H}:80\n",
        _env="X=1\nH=cart\n",
    )
    (variable,) = found["web"].variables
    assert at(variable.value.place(7, 11)) == ".env:2:3-7"
    assert at(variable.place) == "compose.yaml:5:10-17"
    assert at(variable.entry) == "compose.yaml:5:10-24"


def test_files_with_variables_come_before_the_environment(tmp_path: Path) -> None:
    found = services_of(
        tmp_path,
        compose_yaml="""
services:
  web:
    image: w
    env_file: [a.env, {path: b.env, required: false}, {path: none.env, required: false}]
    environment: {A: own}
""",
        a_env="A=file\nB=first\nC=${A}\n",
        b_env="B=second\n",
    )
    assert environment(found["web"]) == {"A": "own", "B": "second", "C": "own"}


OVERRIDE = """
services:
  web:
    environment: [B=2]
    command: [run]
    ports: ["81:81"]
    depends_on: [cart]
"""


@pytest.mark.parametrize("name", ["compose.override.yaml", "compose.dev.yaml"])
def test_an_override_adds_to_what_is_there(tmp_path: Path, name: str) -> None:
    base = """
services:
  web: {image: w, environment: {A: "1", B: "1"}, command: [start, now], ports: ["80:80"]}
"""
    web = services(tmp_path, {"compose.yaml": base, name: OVERRIDE})["web"]
    last = web.variants[-1]
    values = [entry.value.text for entry in last.entries("environment").values() if entry.value]
    assert values == ["1", "2"]
    assert [item.known_text for item in last.items("ports")] == ["80:80", "81:81"]
    assert [item.name for item in web.depends_on] == ["cart"]
    assert len(web.variants) == (1 if "override" in name else 2)


def test_tags_take_away_and_replace(tmp_path: Path) -> None:
    web = services_of(
        tmp_path,
        compose_yaml="services: {web: {image: w, environment: {A: '1', B: '2'}, ports: ['80'], command: x}}",
        compose_override_yaml="""
services:
  web:
    environment:
      A: !reset null
    ports: !override
      - "90"
    command: !reset
""",
    )["web"]
    assert environment(web) == {"B": "2"}
    assert web.ports == (90,)
    assert web.commands == ()


def test_bases_are_merged_with_paths_of_their_own_folder(tmp_path: Path) -> None:
    files = {
        "compose.yaml": """
services:
  web:
    extends: {file: common/base.yaml, service: app}
    environment: {B: "2"}
  twin: {extends: web, image: t}
""",
        "common/base.yaml": "services:\n  app: {build: ., environment: {A: '1', B: '1'}, env_file: x.env}\n",
        "common/x.env": "C=3\n",
    }
    found = services(tmp_path, files)
    web = found["web"]
    assert environment(web) == {"A": "1", "B": "2", "C": "3"}
    assert web.build_context == "common"
    assert environment(found["twin"]) == {"A": "1", "B": "2", "C": "3"}


def test_included_files_are_of_the_project(tmp_path: Path) -> None:
    found = services(
        tmp_path,
        {
            "compose.yaml": "include: [parts/db.yaml]\nservices: {web: {image: w}}\n",
            "parts/db.yaml": "services: {db: {image: postgres, environment: {A: $X}}}\n",
            "parts/.env": "X=1\n",
        },
    )
    assert {item.project.folder for item in found.values()} == {""}
    assert environment(found["db"]) == {"A": "1"}


@pytest.mark.parametrize(
    "text",
    [
        "include: [compose.yaml]\nservices: {a: {image: x}}",
        "services: {a: {image: x, extends: a}}",
        "services: {a: {image: x, extends: b}, b: {image: y, extends: a}}",
        "services: {a: {image: x, extends: {file: ../../etc/passwd, service: a}}}",
        "services: {a: {image: x, env_file: /etc/passwd}}",
        "services: {a: {image: [1], build: [2], environment: 3, ports: {a: b}, depends_on: 1}}",
        "services: {a: {image: x, environment: [[1], {b: c}, null, 1], command: {a: b}, networks: [null]}}",
        "services: {a: {image: null, environment: {A: [1], B: {c: d}}, depends_on: {b: null}}}",
        "services: {a: {build: {context: ../.., dockerfile: /x}}}",
        "services: [a]\ninclude: {a: b}",
        "include: [{path: [null, 1]}, 3, null]\nservices: {a: {image: x}}",
    ],
)
def test_hostile_shapes_are_read(tmp_path: Path, text: str) -> None:
    for service in services(tmp_path, {"compose.yaml": text}).values():
        assert service.variables is not None
        assert service.build_context is None and service.dockerfile is None
        shown = (service.image, service.hostnames, service.ports, service.commands, service.links)
        assert shown and service.depends_on is not None and service.profiles == ()


@pytest.mark.parametrize(
    ("dockerfile", "store"),
    [
        ("FROM mongo:5\nCOPY x /\n", "mongodb"),
        ("ARG V=16\nARG FROM_IMAGE=postgres\nFROM --platform=linux/amd64 ${FROM_IMAGE}:${V}\n", "postgres"),
        ("FROM golang AS build\nFROM redis as store\nFROM store\n", "redis"),
        ("FROM redis AS cache\nFROM python\nRUN x\n", None),
        ("from $UNKNOWN\n", None),
        ("", None),
    ],
)
def test_what_a_store_is_built_from_tells_what_it_speaks(
    tmp_path: Path, dockerfile: str, store: str | None
) -> None:
    files = {"compose.yaml": "services: {x: {build: db, image: shop/x}}", "db/Dockerfile": dockerfile}
    assert services(tmp_path, files)["x"].store_protocol == store


def test_every_file_of_a_folder_is_read(tmp_path: Path) -> None:
    files = {f"compose.{number}.yaml": f"services: {{s{number}: {{image: x}}}}" for number in range(150)}
    assert len(services(tmp_path, files)) == 150
