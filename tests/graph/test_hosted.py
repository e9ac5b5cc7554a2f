"""Resources of application hosts of .NET Aspire."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.graph import NodeKind, service_graph
from archlint.model.graph.graph import ServiceGraph
from tests.arch.worlds import world_of

START = "var builder = DistributedApplication.CreateBuilder(args);\n"
PROJECT = '<Project Sdk="Microsoft.NET.Sdk.Web"/>'


def graph_of(folder: Path, body: str, **more: str) -> ServiceGraph:
    files: dict[str, str] = {
        "Shop.AppHost/Shop.AppHost.csproj": "<Project/>",
        "Shop.AppHost/Program.cs": f"{START}{body}\nbuilder.Build().Run();\n",
        "Shop.Web/Shop.Web.csproj": PROJECT,
        "Stock.API/Stock.API.csproj": PROJECT,
    }
    return service_graph(world_of(folder, {**files, **more}))


def edges(graph: ServiceGraph) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.target, edge.protocol) for edge in graph.edges}


def test_references_are_calls(tmp_path: Path) -> None:
    body = """\
var cache = builder.AddRedis("cache").WithRedisInsight();
IResourceBuilder<PostgresServerResource> pg = builder.AddPostgres("pg").WithImage("x/y");
var stockDb = pg.AddDatabase("stockdb");
var bus = builder.AddRabbitMQ("bus");
var stock = builder.AddProject<Projects.Stock_API>("stock-api")
    .WithReference(stockDb).WaitFor(bus);
builder.AddProject<Projects.Shop_Web>("web")
    .WithReference(stock) // the stock
    .WithReference(cache);
stock.WithReference(bus);
"""
    graph = graph_of(tmp_path, body)
    assert edges(graph) == {
        ("service:stock-api", "datastore:pg", "postgres"),
        ("service:stock-api", "broker:bus", "amqp"),
        ("service:web", "service:stock-api", "http"),
        ("service:web", "datastore:cache", "redis"),
    }
    first = next(edge for edge in graph.edges if edge.target == "datastore:cache").evidence[0]
    assert (first.place.span().line, first.text) == (10, "WithReference(cache)")


A, B = 'var a = builder.AddRedis("a");\n', 'builder.AddProject<Projects.Shop_Web>("b")'


@pytest.mark.parametrize(
    "body",
    [
        f"{A}{B}.WaitFor(a);",
        f"{A}{B}.WithParentRelationship(a);",
        f"{A}{B}.WithReferenceRelationship(a);",
        f'{A}{B}.WithRelationship(a.Resource, "Reads");',
        f'{A}{B}.WithEnvironment("ALLOWED_ORIGIN", a);',
        f"{A}// {B}.WithReference(a);",
        f'{A}var text = "builder.AddX(a).WithReference(a);";',
        f"var a = builder.AddRedis(name);\n{B}.WithReference(a);",
        f"{B}.WithReference(",
    ],
)
def test_what_gives_no_address_is_no_call(tmp_path: Path, body: str) -> None:
    assert edges(graph_of(tmp_path, body)) == set()


def test_addresses_in_variables_are_calls(tmp_path: Path) -> None:
    body = """\
var identity = builder.AddProject<Projects.Stock_API>("identity");
var endpoint = identity.GetEndpoint("https");
var web = builder.AddProject<Projects.Shop_Web>("web").WithEnvironment("Identity__Url", endpoint);
identity.WithEnvironment("WebClient", web.GetEndpoint("http"));
"""
    assert edges(graph_of(tmp_path, body)) == {("service:web", "service:identity", "http")}


def test_proxies_are_given_what_they_forward_to(tmp_path: Path) -> None:
    body = """\
var stock = builder.AddProject<Projects.Stock_API>("stock");
builder.AddYarp("edge").WithConfiguration(yarp => { yarp.AddRoute("/stock", stock); });
builder.AddContainer("db", "mongo", "7");
builder.AddNpmApp("front", "../frontend").WithReference(stock);
"""
    graph = graph_of(tmp_path, body, **{"frontend/package.json": "{}"})
    assert edges(graph) == {
        ("service:edge", "service:stock", "http"),
        ("service:front", "service:stock", "http"),
    }
    assert graph.nodes["datastore:db"].kind is NodeKind.DATASTORE


def test_source_of_a_project_is_that_of_its_resource(tmp_path: Path) -> None:
    body = 'builder.AddProject<Projects.Stock_API>("stock");\nbuilder.AddProject<Projects.Shop_Web>("web");'
    source = (
        'class A { A() { services.AddHttpClient<B>(o => o.BaseAddress = new("https+http://stock")); } }\n'
    )
    assert edges(graph_of(tmp_path, body, **{"Shop.Web/A.cs": source})) == {
        ("service:web", "service:stock", "https")
    }


def test_extensions_of_a_host_add_nothing(tmp_path: Path) -> None:
    more = {
        "Shop.AppHost/More.cs": 'class A { void B(IDistributedApplicationBuilder b) { b.AddRedis("r"); } }'
    }
    assert not graph_of(tmp_path, "", **more).nodes.keys() & {"datastore:r"}


def host(first: str, second: str) -> str:
    return (
        f'{START}var a = builder.AddProject<Projects.{first}>("{first[:-1]}");\n'
        'var cache = builder.AddRedis("cache");\n'
        f'builder.AddProject<Projects.{second}>("{second[:-1]}").WithReference(a).WithReference(cache);\n'
    )


def test_each_host_is_a_system(tmp_path: Path) -> None:
    files = {f"{at}/{name}/{name}{at}.csproj": PROJECT for at in "12" for name in ("web", "api")}
    files |= {"1/AppHost/Program.cs": host("api1", "web1"), "2/AppHost/Program.cs": host("web2", "api2")}
    files["2/api/A.cs"] = (
        'class A { B() { services.AddHttpClient<C>(o => o.BaseAddress = new("http://web")); } }\n'
    )
    assert edges(service_graph(world_of(tmp_path, dict(files)))) == {
        ("service:1-AppHost-web", "service:1-AppHost-api", "http"),
        ("service:1-AppHost-web", "datastore:1-AppHost-cache", "redis"),
        ("service:2-AppHost-api", "service:2-AppHost-web", "http"),
        ("service:2-AppHost-api", "datastore:2-AppHost-cache", "redis"),
    }


def test_hosts_of_one_project_are_editions_of_one_system(tmp_path: Path) -> None:
    files = {f"{name}/{name}1.csproj": PROJECT for name in ("web", "api")}
    files |= {f"{name}.AppHost/Program.cs": host("api1", "web1") for name in ("Shop", "Test")}
    assert edges(service_graph(world_of(tmp_path, dict(files)))) == {
        ("service:web", "service:api", "http"),
        ("service:web", "datastore:cache", "redis"),
    }
