"""What keys say of the addresses that they hold."""

from __future__ import annotations

import pytest

from archlint.model.appconfig.keys import is_call, names_a_peer

CALLS = [
    "spring.datasource.url",
    "spring.data.mongodb.host",
    "spring.kafka.bootstrap-servers",
    "eureka.client.serviceUrl.defaultZone",
    "security.oauth2.client.accessTokenUri",
    "spring.security.oauth2.resourceserver.jwt.issuer-uri",
    "services.user.url",
    "topic-service.endpoint",
    "ConnectionStrings.Redis",
    "ReverseProxy.Clusters.cart.Destinations.one.Address",
    "DB_HOST",
    "redis.nodes[0]",
    "eventuatelocal.zookeeper.connection.string",
    "server.upstream.url",
]
OTHERS = [
    "server.address",
    "server.host",
    "management.server.address",
    "eureka.instance.hostname",
    "Kestrel.Endpoints.Http.Url",
    "Urls",
    "app.cors.allowed-origins[0]",
    "oauth.redirect-uri",
    "kafka.advertised.listeners",
    "listen.address",
    "jwt.issuer",
    "quarkus.http.host",
    "spring.boot.admin.client.instance.service-url",
    "app.public-url",
    "host",
]


@pytest.mark.parametrize("key", CALLS)
def test_a_key_names_another_service(key: str) -> None:
    names = [part.partition("[")[0] for part in key.split(".")]
    assert is_call(names)
    assert names_a_peer(names)


@pytest.mark.parametrize("key", OTHERS)
def test_a_key_names_where_the_application_itself_is(key: str) -> None:
    assert not is_call([part.partition("[")[0] for part in key.split(".")])


@pytest.mark.parametrize("key", ["app.title", "logging.level.root", "spring.jpa.database", "x"])
def test_a_key_that_says_nothing_names_no_peer(key: str) -> None:
    assert not names_a_peer(key.split("."))
