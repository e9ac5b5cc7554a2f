"""Services that find each other by name: at a discovery server, by aliases, by the library alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archlint.finding import Confidence
from archlint.model.graph import service_graph
from tests.arch.worlds import deployment, service, world_of

BUILT = "FROM scratch\n"
APPS = "services:\n  shop: {build: shop-app}\n  stock: {build: stock-app}\n"
FOLDERS = {"shop-app/Dockerfile": BUILT, "stock-app/Dockerfile": BUILT}


def calls(folder: Path, files: dict[str, Any]) -> dict[tuple[str, str], tuple[str, Confidence]]:
    """The first place of each edge, and how sure it is, by the names of its ends."""
    graph = service_graph(world_of(folder, files))
    names = {node.id: node.name for node in graph.nodes.values()}
    found = {}
    for edge in graph.edges:
        first = edge.evidence[0].place
        where = f"{first.source.path}:{first.span().line}"
        found[names[edge.source], names[edge.target]] = (where, edge.confidence)
    return found


def pom(*artifacts: str, scope: str = "") -> str:
    """A build file with libraries, one a line from the second on."""
    tags = "\n".join(f"<dependency><artifactId>{name}</artifactId>{scope}</dependency>" for name in artifacts)
    return f"<project><dependencies>\n{tags}\n</dependencies></project>\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/main/resources/application.yml", "spring: {application: {name: stock-keeper}}\n"),
        ("src/main/resources/bootstrap.yml", "spring.application.name: Stock-Keeper\n"),
        ("src/main/resources/application.yml", "a: 1\n---\nspring:\n  application.name: stock-keeper\n"),
        ("src/main/resources/bootstrap.properties", "spring.application.name = stock-keeper\n"),
        ("src/main/resources/application.properties", "quarkus.application.name=${NAME:stock-keeper}\n"),
        ("src/main/resources/application.yml", "micronaut: {application: {name: stock-keeper}}\n"),
    ],
)
def test_an_application_is_found_by_its_name(tmp_path: Path, path: str, text: str) -> None:
    source = 'class Client {\n  String stock = rest.get("http://STOCK-KEEPER/items");\n}\n'
    files = {
        "compose.yaml": APPS,
        **FOLDERS,
        f"stock-app/{path}": text,
        "shop-app/src/main/java/Client.java": source,
    }
    assert calls(tmp_path, files) == {
        ("shop", "stock"): ("shop-app/src/main/java/Client.java:2", Confidence.MEDIUM)
    }


@pytest.mark.parametrize(
    "name",
    ["spring: {application: {name: '${APP}'}}\n", "spring: {application: {name: [a]}}\n", "spring: 3\n"],
)
def test_a_name_that_nobody_knows_finds_nobody(tmp_path: Path, name: str) -> None:
    files = {
        "compose.yaml": APPS,
        **FOLDERS,
        "stock-app/application.yml": name,
        "shop-app/a.java": 'class A { String a = get("http://app/"); }\n',
    }
    assert calls(tmp_path, files) == {}


def test_names_of_tests_are_no_names(tmp_path: Path) -> None:
    files = {
        "compose.yaml": APPS,
        **FOLDERS,
        "stock-app/src/test/resources/application.yml": "spring: {application: {name: keeper}}\n",
        "shop-app/a.java": 'class A { String a = get("http://keeper/"); }\n',
    }
    assert calls(tmp_path, files) == {}


def test_a_host_of_compose_counts_more_than_a_name_of_an_application(tmp_path: Path) -> None:
    files = {
        "compose.yaml": f"{APPS}  keeper: {{image: k}}\n",
        **FOLDERS,
        "stock-app/application.yml": "spring: {application: {name: keeper}}\n",
        "shop-app/a.java": 'class A { String a = get("http://keeper/"); }\n',
    }
    assert set(calls(tmp_path, files)) == {("shop", "keeper")}


def test_a_folder_is_joined_by_the_name_of_its_application(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {user: {image: x/y}, web: {image: x/z}}\n",
        "users-microservice/pom.xml": pom(),
        "users-microservice/application.yml": "spring: {application: {name: user}}\nweb: {url: 'http://web'}\n",
    }
    assert set(calls(tmp_path, files)) == {("user", "web")}


@pytest.mark.parametrize(
    "setting",
    [
        "spring: {cloud: {config: {discovery: {enabled: true, serviceId: stock-keeper}}}}\n",
        "spring.cloud.config.discovery.service-id: stock-keeper\n",
        "turbine: {appConfig: 'other, stock-keeper'}\n",
        "zuul: {routes: {stock: {path: /stock/**, serviceId: stock-keeper}}}\n",
    ],
)
def test_settings_name_services_by_their_names(tmp_path: Path, setting: str) -> None:
    files = {
        "compose.yaml": APPS,
        **FOLDERS,
        "stock-app/application.yml": "spring: {application: {name: stock-keeper}}\n",
        "shop-app/src/main/resources/application.yml": setting,
    }
    assert set(calls(tmp_path, files)) == {("shop", "stock")}


@pytest.mark.parametrize("key", ["links", "external_links"])
def test_an_alias_is_known_to_what_has_it_alone(tmp_path: Path, key: str) -> None:
    files = {
        "compose.yaml": f"services:\n  shop: {{build: shop-app, {key}: ['mysql:db']}}\n"
        "  stock: {build: stock-app}\n  mysql: {image: mysql}\n",
        **FOLDERS,
        "shop-app/application.yml": "spring: {datasource: {url: 'jdbc:mysql://db:3306/shop'}}\n",
        "stock-app/application.yml": "spring: {datasource: {url: 'jdbc:mysql://db:3306/stock'}}\n",
    }
    assert set(calls(tmp_path, files)) == {("shop", "mysql")}


def test_files_of_the_first_format_have_services(tmp_path: Path) -> None:
    files = {
        "docker-compose.yml": "shop:\n  image: x/shop\n  environment: ['STOCK_URL=http://stock:80']\n"
        "stock:\n  build: stock-app\n",
        "stock-app/Dockerfile": BUILT,
    }
    assert calls(tmp_path, files) == {("shop", "stock"): ("docker-compose.yml:3", Confidence.HIGH)}


@pytest.mark.parametrize(
    "text", ["a: {image: x}\nb: 1\n", "a: {image: x}\nvolumes: {}\n", "a: {b: c}\n", "[]\n"]
)
def test_other_files_are_none_of_the_first_format(tmp_path: Path, text: str) -> None:
    graph = service_graph(world_of(tmp_path, {"docker-compose.yml": text}))
    assert not graph.nodes


SERVERS = [
    ("spring-cloud-starter-netflix-eureka-client", "spring-cloud-starter-netflix-eureka-server", "x"),
    ("spring-cloud-starter-eureka", "spring-cloud-starter-eureka-server", "x"),
    ("spring-cloud-starter-config", "spring-cloud-config-server", "x"),
    ("spring-boot-starter-zipkin", "", "openzipkin/zipkin:2"),
    ("spring-cloud-starter-consul-discovery", "", "hashicorp/consul"),
    ("spring-cloud-starter-alibaba-nacos-config", "", "nacos/nacos-server"),
    ("spring-boot-starter-amqp", "", "rabbitmq:3"),
    ("spring-kafka", "", "confluentinc/cp-kafka"),
    ("spring-boot-starter-data-redis", "", "redis:7"),
    ("postgresql", "", "postgres:16"),
    ("mysql-connector-j", "", "mysql"),
    ("mssql-jdbc", "", "mcr.microsoft.com/mssql/server:2022"),
    ("spring-boot-starter-data-elasticsearch", "", "elasticsearch"),
    ("spring-boot-starter-data-mongodb-reactive", "", "mongo"),
]


def by_library(client: str, server: str, image: str, scope: str = "") -> dict[str, Any]:
    return {
        "compose.yaml": f"services:\n  shop: {{build: shop}}\n  other: {{image: '{image}'}}\n",
        "shop/Dockerfile": BUILT,
        "shop/pom.xml": pom("a", client, scope=scope),
        "other/pom.xml": pom(server),
    }


@pytest.mark.parametrize(("client", "server", "image"), SERVERS)
def test_a_client_calls_the_only_server_of_its_kind(
    tmp_path: Path, client: str, server: str, image: str
) -> None:
    found = calls(tmp_path, by_library(client, server, image))
    assert found == {("shop", "other"): ("shop/pom.xml:3", Confidence.MEDIUM)}


@pytest.mark.parametrize(("client", "server", "image"), SERVERS)
def test_libraries_for_tests_call_nobody(tmp_path: Path, client: str, server: str, image: str) -> None:
    assert calls(tmp_path, by_library(client, server, image, "<scope>test</scope>")) == {}


AMQP = "<dependency><artifactId>spring-boot-starter-amqp</artifactId></dependency>"


@pytest.mark.parametrize(
    "text",
    [
        "<dependencies><dependency><artifactId>a</artifactId><exclusions><exclusion>"
        "<artifactId>spring-boot-starter-amqp</artifactId></exclusion></exclusions></dependency></dependencies>",
        f"<dependencies>{AMQP.replace('spring', 'my-spring')}</dependencies>",
        f"<dependencies><!-- {AMQP}\n --></dependencies>",
        f"<dependencies></dependencies><!-- {AMQP}",
        f"<dependencyManagement><dependencies>{AMQP}</dependencies></dependencyManagement>",
        f"<build><plugins><plugin><dependencies>{AMQP}</dependencies></plugin></plugins></build>",
        "<properties><url>https://x.org/spring-boot-starter-amqp</url></properties>",
        "<artifactId>spring-boot-starter-amqp</artifactId>",
    ],
)
def test_what_is_left_out_is_no_library(tmp_path: Path, text: str) -> None:
    files = by_library("spring-boot-starter-amqp", "", "rabbitmq")
    files["shop/pom.xml"] = f"<project>{text}</project>"
    assert calls(tmp_path, files) == {}


def test_what_a_parent_manages_is_not_inherited(tmp_path: Path) -> None:
    eureka = "<dependency><artifactId>spring-cloud-starter-eureka</artifactId></dependency>"
    files = by_library("", "eureka-server", "x")
    files["shop/pom.xml"] = "<project><parent><artifactId>base</artifactId></parent></project>"
    managed = f"<dependencyManagement><dependencies>{eureka}</dependencies></dependencyManagement>"
    for text, found in ((managed, set()), (f"<dependencies>{eureka}</dependencies>", {("shop", "other")})):
        files["pom.xml"] = f"<project><artifactId>base</artifactId>{text}</project>"
        assert set(calls(tmp_path / str(len(found)), files)) == found


def test_of_two_servers_none_is_meant(tmp_path: Path) -> None:
    files = by_library("spring-boot-starter-amqp", "", "rabbitmq")
    files["compose.yaml"] += "  more: {image: rabbitmq}\n"
    assert calls(tmp_path, files) == {}


def test_settings_that_name_a_server_decide(tmp_path: Path) -> None:
    files = by_library("spring-boot-starter-amqp", "", "rabbitmq")
    files["shop/application.yml"] = "spring: {rabbitmq: {host: mq.elsewhere.com, port: 5672}}\n"
    assert set(calls(tmp_path, files)) == {("shop", "mq.elsewhere.com")}


def test_gradle_names_libraries_too(tmp_path: Path) -> None:
    lines = (
        "tasks { exclude '**/*.java' }; dependencies {"
        "/*\n implementation 'org.springframework.kafka:spring-kafka' */\n"
        "  testImplementation 'org.springframework.kafka:spring-kafka'\n"
        "  implementation 'org.springframework.boot:spring-boot-starter-amqp:1'\n}\n"
    )
    files = by_library("", "", "rabbitmq")
    files["compose.yaml"] += "  kafka: {image: kafka}\n"
    files["shop/build.gradle"] = lines
    assert calls(tmp_path, files) == {("shop", "other"): ("shop/build.gradle:4", Confidence.MEDIUM)}


def test_clients_of_discovery_ask_for_names(tmp_path: Path) -> None:
    files = {
        "compose.yaml": APPS,
        **FOLDERS,
        "shop-app/A.java": 'class A {\n  Object a = discoveryClient.getInstances("stock").get(0);\n}\n',
    }
    assert calls(tmp_path, files) == {("shop", "stock"): ("shop-app/A.java:2", Confidence.MEDIUM)}


def test_a_workload_is_called_without_its_kind(tmp_path: Path) -> None:
    caller = deployment("shop-deployment", STOCK_URL="http://stock-service")
    callee = deployment("stock-deployment")
    front = service("stock-service") | {
        "spec": {"selector": {"app": "stock-deployment"}, "ports": [{"port": 80}]}
    }
    assert set(calls(tmp_path, {"all.yaml": [caller, callee, front]})) == {("shop", "stock")}


def test_two_workloads_that_differ_in_their_kind_stay_apart(tmp_path: Path) -> None:
    caller = deployment("shop-deployment", STOCK_URL="http://shop")
    files = {"all.yaml": [caller, deployment("shop"), service("shop")]}
    assert set(calls(tmp_path, files)) == {("shop-deployment", "shop")}


def test_sources_of_data_are_asked(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services:\n  board: {image: grafana/grafana, volumes: ['./data:/etc/grafana']}\n"
        "  metrics: {image: prom/prometheus}\n",
        "data/sources.yml": "datasources:\n- {name: m, type: prometheus, url: 'http://metrics:9090'}\n",
    }
    assert calls(tmp_path, files) == {("board", "metrics"): ("data/sources.yml:2", Confidence.HIGH)}


def test_declared_clients_speak_http(tmp_path: Path) -> None:
    files = {
        "compose.yaml": APPS,
        **FOLDERS,
        "shop-app/A.java": '@FeignClient(name = "stock")\ninterface A {}\n',
    }
    graph = service_graph(world_of(tmp_path, files))
    assert [edge.protocol for edge in graph.edges] == ["http"]


def test_services_of_go_micro_have_their_names_in_source(tmp_path: Path) -> None:
    files = {
        "compose.yaml": APPS,
        **FOLDERS,
        "shop-app/go.mod": "module shop\nrequire github.com/micro/go-micro v1\n",
        "stock-app/go.mod": "module stock\nrequire go-micro.dev/v4 v4 // go-micro\n",
        "stock-app/main.go": 'import "go-micro.dev/v4"\n'
        'var s = micro.NewService(micro.Name("acme.svc.stock"))\n',
        "shop-app/main.go": 'import micro "github.com/micro/go-micro"\n'
        'var c = pb.NewStockService("acme.svc.stock", service.Client())\n',
    }
    assert calls(tmp_path, files) == {("shop", "stock"): ("shop-app/main.go:2", Confidence.MEDIUM)}


def test_services_of_nameko_have_their_names_in_source(tmp_path: Path) -> None:
    files = {
        "compose.yaml": APPS,
        **FOLDERS,
        "shop-app/setup.py": "install_requires=['nameko']\n",
        "stock-app/requirements.txt": "nameko==2.1\n",
        "stock-app/a.py": "from nameko.rpc import rpc\nclass Stock:\n    name = 'stock_keeper'\n",
        "shop-app/a.py": "from nameko.rpc import RpcProxy\n"
        "class Shop:\n    stock = RpcProxy('stock_keeper')\n",
    }
    assert calls(tmp_path, files) == {("shop", "stock"): ("shop-app/a.py:3", Confidence.MEDIUM)}


@pytest.mark.parametrize("host", ["stock.api", "Stock.Api"])
def test_a_name_with_dots_is_that_of_a_service_in_another_spelling(tmp_path: Path, host: str) -> None:
    files = {
        "compose.yaml": "services: {shop: {build: shop-app}, stock-api: {image: s}, other: {image: o}}\n",
        "shop-app/Dockerfile": BUILT,
        "shop-app/appsettings.json": f'{{"StockUrl": "http://{host}:80", "OtherUrl": "http://other.com:80"}}',
    }
    assert set(calls(tmp_path, files)) == {("shop", "stock-api"), ("shop", "other.com")}


@pytest.mark.parametrize(
    ("name", "is_peer"),
    [("EventBusConnection", True), ("ConnectionString", True), ("CartUrl", True), ("Queue", False)],
)
def test_variables_in_camel_case_name_peers(tmp_path: Path, name: str, is_peer: bool) -> None:
    compose = f"services:\n  shop: {{image: s, environment: ['{name}=bus']}}\n  bus: {{image: rabbitmq}}\n"
    assert set(calls(tmp_path, {"compose.yaml": compose})) == ({("shop", "bus")} if is_peer else set())
