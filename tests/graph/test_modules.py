"""Modules of a repository that are built into each other, and programs that only their source shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archlint.finding import Confidence
from archlint.model.graph import service_graph
from archlint.model.system.modules import modules
from tests.arch.worlds import world_of
from tests.graph.test_discovery import BUILT, calls

SETTINGS = "src/main/resources/application.yml"
PLUGIN = (
    "<build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>"
)


def pom(own: str, *needed: str, parent: str = "", more: str = "") -> str:
    above = f"<parent><artifactId>{parent}</artifactId></parent>" if parent else ""
    tags = "".join(f"<dependency><artifactId>{name}</artifactId></dependency>" for name in needed)
    return (
        f"<project>{above}<artifactId>{own}</artifactId><dependencies>{tags}</dependencies>{more}</project>"
    )


BUILDS: dict[str, dict[str, Any]] = {
    "maven": {
        "lib/pom.xml": pom("shared"),
        "shop/pom.xml": pom("shop", "shared", "guava"),
        "base/pom.xml": pom("base", more="<dependencyManagement><dependencies/></dependencyManagement>"),
        "stock/pom.xml": pom("stock", parent="base"),
    },
    "gradle": {
        "build.gradle": "",
        "lib/build.gradle": "",
        "shop/build.gradle": "implementation project(':lib')\n",
    },
    "kotlin": {
        "build.gradle.kts": "",
        "lib/build.gradle.kts": "",
        "shop/build.gradle.kts": 'implementation(project(path = ":lib"))\n',
    },
    "dotnet": {
        "lib/Lib.csproj": "<Project/>",
        "shop/Shop.csproj": '<Project><ProjectReference Include="..\\lib\\Lib.csproj" /></Project>',
    },
}


@pytest.mark.parametrize("name", BUILDS)
def test_what_a_module_is_built_of(tmp_path: Path, name: str) -> None:
    found = world_of(tmp_path, dict(BUILDS[name])).fact(modules)
    assert list(found.all_used("shop")) == ["lib"]
    assert list(found.all_users("lib")) == ["shop"]
    if name == "maven":
        assert list(found.all_used("stock")) == ["base"]
        assert list(found.all_users("base")) == []


@pytest.mark.parametrize(
    ("dependency", "is_used"),
    [
        ("<artifactId>shared</artifactId>", True),
        ("<groupId>org.shop</groupId><artifactId>shared</artifactId>", True),
        ("<groupId>${project.groupId}</groupId><artifactId> shared\n</artifactId>", True),
        ("<groupId>org.other</groupId><artifactId>shared</artifactId>", False),
        ("<artifactId>shared</artifactId><scope>test</scope>", False),
        ("<scope>provided</scope><artifactId>shared</artifactId>", True),
        ("<artifactId>a</artifactId><!-- <artifactId>shared</artifactId> -->", False),
        ("<!-- a --><artifactId>shared</artifactId><type/>", True),
        (
            "<exclusions><exclusion><artifactId>shared</artifactId></exclusion></exclusions>"
            "<artifactId>a</artifactId>",
            False,
        ),
    ],
)
def test_a_module_is_built_of_what_is_on_its_class_path(
    tmp_path: Path, dependency: str, is_used: bool
) -> None:
    text = f"<dependencies><dependency>{dependency}</dependency></dependencies>"
    base = "<parent><groupId>org.shop</groupId><artifactId>base</artifactId></parent>"
    files = {
        "lib/pom.xml": f"<project>{base}<artifactId>shared</artifactId></project>",
        "shop/pom.xml": f"<project><artifactId>shop</artifactId>{text}</project>",
    }
    found = world_of(tmp_path, files).fact(modules)
    assert list(found.all_users("lib")) == (["shop"] if is_used else [])


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("build.gradle", "// implementation project(':lib')"),
        ("build.gradle", "/*\n implementation project(':lib')\n*/"),
        ("build.gradle.kts", 'testImplementation(project(":lib"))'),
        ("Shop.csproj", '<!-- <ProjectReference Include="..\\lib\\Lib.csproj" /> -->'),
    ],
)
def test_what_is_left_out_is_no_module(tmp_path: Path, path: str, line: str) -> None:
    files = {"build.gradle": "", "lib/build.gradle": "", "lib/Lib.csproj": "", f"shop/{path}": line}
    assert not world_of(tmp_path, files).fact(modules).users


@pytest.mark.parametrize("text", ["<project>", "<parent>", "", "<dependencies><artifactId>", "project(':')"])
def test_build_files_of_any_shape_are_read(tmp_path: Path, text: str) -> None:
    files = {"a/pom.xml": text, "b/build.gradle": text, "c/C.csproj": text}
    assert not any(world_of(tmp_path, files).fact(modules).users.values())


def test_modules_in_a_circle_end(tmp_path: Path) -> None:
    files = {"a/pom.xml": pom("a", "b"), "b/pom.xml": pom("b", "a")}
    assert list(world_of(tmp_path, files).fact(modules).all_used("a")) == ["b"]


CLIENT = '@FeignClient("STOCK")\ninterface Stock {}\n'


@pytest.mark.parametrize(("users", "found"), [(1, {"user0"}), (2, {"user0", "user1"}), (3, set())])
def test_a_module_calls_for_the_few_that_it_is_built_into(
    tmp_path: Path, users: int, found: set[str]
) -> None:
    names = [f"user{at}" for at in range(users)]
    services = "".join(f"  {name}: {{build: {name}}}\n" for name in [*names, "stock"])
    files = {"compose.yaml": f"services:\n{services}", "stock/Dockerfile": BUILT}
    files |= {f"{name}/Dockerfile": BUILT for name in names}
    files |= {f"{name}/pom.xml": pom(name, "clients") for name in names}
    files |= {"clients/pom.xml": pom("clients"), "clients/src/main/java/Stock.java": CLIENT}
    assert {ends[0] for ends in calls(tmp_path, files)} == found


def test_libraries_of_a_parent_are_those_of_its_children(tmp_path: Path) -> None:
    """But for stores: what many may use, not all do."""
    files = {
        "compose.yaml": "services: {shop: {build: shop}, db: {image: redis}, trace: {image: x/zipkin}}\n",
        "shop/Dockerfile": BUILT,
        "shop/pom.xml": pom("shop", parent="base"),
        "base/pom.xml": pom("base", "spring-cloud-starter-zipkin", "spring-boot-starter-data-redis"),
    }
    assert calls(tmp_path, files) == {("shop", "trace"): ("base/pom.xml:1", Confidence.MEDIUM)}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pom.xml", pom("a", more=PLUGIN)),
        ("build.gradle", "plugins { id 'org.springframework.boot' version '3' }\n"),
        ("build.gradle.kts", 'plugins { id("org.springframework.boot") }\n'),
        ("build.gradle", "apply plugin: 'spring-boot'\n"),
    ],
)
def test_programs_of_spring_need_no_name(tmp_path: Path, path: str, text: str) -> None:
    files = {
        "a/" + path: text,
        f"a/{SETTINGS}": "server: {port: 8761}\n",
        "b/" + path: text,
        f"b/{SETTINGS}": "server: {port: 8081}\na: {url: 'http://localhost:8761/'}\n",
        "lib/" + path: text,
    }
    graph = service_graph(world_of(tmp_path, files))
    assert {node.name for node in graph.nodes.values()} == {"a", "b"}
    assert [(edge.source, edge.target) for edge in graph.edges] == [("service:b", "service:a")]


def test_a_build_of_others_is_no_program(tmp_path: Path) -> None:
    files = {"a/pom.xml": pom("a", more=f"<packaging>pom</packaging>{PLUGIN}"), f"a/{SETTINGS}": "a: 1\n"}
    assert not service_graph(world_of(tmp_path, files)).nodes


@pytest.mark.parametrize(
    ("more", "is_program"),
    [
        ({"scripts": {"start": "node ."}}, True),
        ({"scripts": {"start:prod": "node ."}}, True),
        ({"scripts": {"dev": "vite"}}, True),
        ({"scripts": {"build": "vite build"}, "devDependencies": {"vite": "5"}}, False),
        ({"scripts": {"build": "serve"}, "keywords": ["start"]}, False),
        ({"scripts": ["start"]}, False),
        ({}, False),
    ],
)
def test_programs_of_npm_have_a_script_that_starts_them(
    tmp_path: Path, more: dict[str, Any], is_program: bool
) -> None:
    text = json.dumps({"dependencies": {"vue": "3"}, **more})
    graph = service_graph(world_of(tmp_path, {"lib/package.json": text}))
    assert bool(graph.nodes) is is_program


def test_source_is_that_of_who_mounts_it(tmp_path: Path) -> None:
    seen = "volumes: ['./:/var/www']"
    compose = f"services:\n  php: {{build: ./docker/php, {seen}}}\n  web: {{image: nginx, {seen}}}\n"
    files = {
        "shop/compose.yaml": compose,
        "shop/docker/php/Dockerfile": BUILT,
        "shop/composer.json": "{}",
        "shop/.env": "DB_HOST=db\nAPP_URL=https://shop.org\n",
        "shop/src/a.php": "<?php $client->get('http://stock_php_1/items');\n",
        "stock/compose.yaml": compose,
        "stock/docker/php/Dockerfile": BUILT,
        "stock/composer.json": "{}",
        "data/compose.yaml": "services: {db: {image: mysql}}\n",
    }
    assert {ends: sure for ends, (_, sure) in calls(tmp_path, files).items()} == {
        ("shop-php", "db"): Confidence.HIGH,
        ("shop-php", "stock-php"): Confidence.MEDIUM,
    }
