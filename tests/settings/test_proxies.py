"""Where proxies send what they are sent, each in its own language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.proxies import nginx
from archlint.model.proxies.forward import Forward
from archlint.model.proxies.nginx_syntax import directives_of, walk
from archlint.model.proxies.reading import forwards_of_documents, forwards_of_text
from tests.settings.texts import documents, marked, placed


def of_text(text: str, environment: Mapping[str, str]) -> Iterator[Forward]:
    file = placed(text)
    yield from forwards_of_text(file, environment, nginx.upstreams_of(file, environment))


def told(text: str, **environment: str) -> list[str]:
    return [_told(text, item) for item in of_text(text, environment)]


def told_data(text: str, path: str = "some.yaml", **environment: str) -> list[str]:
    roots = [item.root for item in documents(text, path)]
    return [_told(text, item) for item in forwards_of_documents(roots, None, environment)]


def _told(text: str, item: Forward) -> str:
    said = f"{item.address.scheme}://{item.address.authority} at {marked(text, item.place)}"
    way = item.way
    if way is None:
        return said
    rewritten = "" if way.target_path is None else f" as {way.target_path}"
    return f"{way.host}{way.path}{' (pattern)' if way.is_pattern else ''}{rewritten} -> {said}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "server { location /cart/ { proxy_pass http://cart:8080/; } }",
            ["/cart/ as / -> http://cart:8080 at cart"],
        ),
        (
            "server { server_name shop.example; location = /x { proxy_pass http://cart; } }",
            ["shop.example/x -> http://cart at cart"],
        ),
        (
            "upstream up { server a:1 weight=2; server b backup; }\n"
            "server { location / { proxy_pass https://up; } }",
            ["/ -> https://a:1 at a", "/ -> https://b at b"],
        ),
        (
            "server { set $c cart; location /c { proxy_pass http://$c:80/; } }",
            ["/c as / -> http://cart:80 at cart"],
        ),
        (
            "server { location /c { set $u http://cart:80; proxy_pass $u$request_uri; } }",
            ["/c -> http://cart:80 at cart"],
        ),
        (
            r"server { location ~ \.php$ { fastcgi_pass php:9000; } }",
            [r"\.php$ (pattern) -> fastcgi://php:9000 at php"],
        ),
        ("server { location / { grpc_pass grpc://cart:50051; } }", ["/ -> grpc://cart:50051 at cart"]),
        ("stream { server { proxy_pass db:5432; } }", ["://db:5432 at db"]),
        ("server { location / { proxy_pass http://unix:/run/x.sock; } }", []),
        ("server { location / { proxy_pass http://127.0.0.1:80; } }", []),
        ("server { location / { proxy_pass http://{{ .Values.host }}:80; } }", []),
        ("server { location / { proxy_pass http://${NONE}:80; } }", []),
        ("# proxy_pass http://cart;\nserver { return 301 http://cart; }", []),
        (
            "{% if x %}\nserver { location / { proxy_pass http://cart; } }\n{% endif %}",
            ["/ -> http://cart at cart"],
        ),
        (
            'server { content_by_lua_block { local x = "}" -- }\n } location / { proxy_pass http://cart; } }',
            ["/ -> http://cart at cart"],
        ),
        ("server { location / { proxy_pass http://$host:80; } }", []),
    ],
)
def test_nginx(text: str, found: list[str]) -> None:
    assert told(text) == found


def test_templates_of_nginx_are_filled_in_with_the_environment() -> None:
    text = "server {\n  location /c/ {\n    proxy_pass http://${CART_HOST}:${PORT}/;\n  }\n}\n"
    assert told(text, CART_HOST="cart", PORT="80") == ["/c/ as / -> http://cart:80 at ${CART_HOST}"]


NAMES = st.from_regex(r"[a-z]{3,6}", fullmatch=True)
BLANK = st.sampled_from([" ", "\n", "\r\n", "\t", " # proxy_pass http://no;\n", "\n\n  "])


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=5), st.lists(BLANK, min_size=6, max_size=6))
def test_how_a_file_of_nginx_is_laid_out_changes_nothing(
    routes: list[tuple[str, str]], blanks: list[str]
) -> None:
    a, b, c, d, e, f = blanks
    text = f"server{a}{{" + "".join(
        f"{b}location{c}/{path}{d}{{{e}proxy_pass{f}http://{host}:80;{a}}}" for path, host in routes
    )
    assert told(text + "}") == [f"/{path} -> http://{host}:80 at {host}" for path, host in routes]


@given(st.text("a{};\"'\\$# \n/:~", max_size=300))
def test_any_text_has_directives(text: str) -> None:
    for directive in walk(directives_of(text)):
        for word in directive.words:
            assert text[word.start : word.end] == word.text


@given(st.text("a{};\"'\\$# \n/:~@server proxy_pass", max_size=200))
def test_any_text_is_read(text: str) -> None:
    for start in ("proxy_pass x;", "backend b\n", "reverse_proxy x\n", "ProxyPass / x\n"):
        list(of_text(start + text, {}))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "frontend all\n  acl is_cart path_beg /cart\n  use_backend carts if is_cart\n"
            "  use_backend users if { path_beg /user }\n  default_backend web\n"
            "backend carts\n  server one cart:8080 check\nbackend users\n  server one user:80\n"
            "backend web\n  server one web:80\n",
            ["/cart -> http://cart:8080 at cart", "/user -> http://user:80 at user", "http://web:80 at web"],
        ),
        ("listen db\n  mode tcp\n  server one db:5432\n", ["://db:5432 at db"]),
        ("backend b\n  server one 127.0.0.1:80\n  # server two cart:80\n", []),
        ('backend b\n  server one "${CART}":80\n', []),
    ],
)
def test_haproxy(text: str, found: list[str]) -> None:
    assert told(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (":80 {\n  reverse_proxy cart:8080\n}\n", ["http://cart:8080 at cart"]),
        (
            "shop.example {\n  reverse_proxy /cart/* cart:8080 cart2:8080\n}\n",
            [
                "shop.example/cart/ -> http://cart:8080 at cart",
                "shop.example/cart/ -> http://cart2:8080 at cart2",
            ],
        ),
        (
            ":80 {\n  handle_path /api/* {\n    reverse_proxy {$API:api:80}\n  }\n}\n",
            ["/api/ as / -> http://api:80 at api"],
        ),
        (
            ":80 {\n  @c path /c/*\n  reverse_proxy @c {\n    to cart:1\n    header_up X y:1\n  }\n}\n",
            ["/c/ -> http://cart:1 at cart"],
        ),
        (":80 {\n  php_fastcgi php:9000\n}\n", ["fastcgi://php:9000 at php"]),
    ],
)
def test_caddy(text: str, found: list[str]) -> None:
    assert told(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('ProxyPass "/cart" "http://cart:8080/"\n', ["/cart -> http://cart:8080 at cart"]),
        ("<Location /cart>\n  ProxyPass http://cart\n</Location>\n", ["/cart -> http://cart at cart"]),
        (
            "<Proxy balancer://all>\n  BalancerMember http://a:1\n  BalancerMember http://b:1\n</Proxy>\n"
            "ProxyPass / balancer://all/\n",
            ["/ -> http://a:1 at a", "/ -> http://b:1 at b"],
        ),
        ("ProxyPass /x !\nProxyPassReverse / http://cart\n", []),
        (
            "ProxyPassMatch ^/a/(.*)$ http://a:1/$1\n",
            ["^/a/(.*)$ (pattern) -> http://a:1 at a"],
        ),
    ],
)
def test_apache(text: str, found: list[str]) -> None:
    assert told(text) == found


ENVOY = """\
static_resources:
  listeners:
    - filter_chains:
        - filters:
            - typed_config:
                route_config:
                  virtual_hosts:
                    - domains: ["*"]
                      routes:
                        - match: {prefix: /cart/}
                          route: {cluster: cart, prefix_rewrite: /}
                        - match: {safe_regex: {regex: "/u.*"}}
                          route: {weighted_clusters: {clusters: [{name: users}]}}
                        - match: {path: /old}
                          redirect: {path_redirect: /new}
  clusters:
    - name: cart
      load_assignment:
        endpoints:
          - lb_endpoints:
              - endpoint: {address: {socket_address: {address: "${CART}", port_value: "${PORT}"}}}
    - name: users
      hosts: [{socket_address: {address: user, port_value: 80}}]
    - name: traces
      load_assignment:
        endpoints:
          - lb_endpoints: [{endpoint: {address: {socket_address: {address: otel, port_value: 4317}}}}]
admin: {address: {socket_address: {address: 0.0.0.0, port_value: 9901}}}
"""


def test_envoy() -> None:
    assert told_data(ENVOY, CART="cart", PORT="8080") == [
        "/cart/ as / -> http://cart:8080 at ${CART}",
        "/u.* (pattern) -> http://user:80 at user",
        "://otel:4317 at otel",
    ]


def test_prometheus() -> None:
    text = (
        "scrape_configs:\n- job_name: cart\n  metrics_path: /m\n"
        "  static_configs:\n  - targets: ['cart:80', localhost:9090]\n"
        "- job_name: found\n  kubernetes_sd_configs: [{role: pod}]\n"
        "alerting: {alertmanagers: [{static_configs: [{targets: [alerts:9093]}]}]}\n"
        "remote_write: [{url: 'http://mimir/push'}]\n"
    )
    assert told_data(text) == [
        "/m -> http://cart:80 at cart",
        "http://alerts:9093 at alerts",
        "http://mimir at mimir",
    ]


def test_only_what_a_pipeline_names_runs_in_a_collector() -> None:
    text = (
        "receivers:\n  otlp: {protocols: {grpc: {endpoint: 'cart:1'}}}\n  redis: {endpoint: 'cache:6379'}\n"
        "  redis/unused: {endpoint: 'other:6379'}\n"
        "  prometheus: {config: {scrape_configs: [{static_configs: [{targets: ['user:80']}]}]}}\n"
        "exporters:\n  otlp/jaeger: {endpoint: '${env:JAEGER:-jaeger:4317}'}\n"
        "  otlp/unused: {endpoint: 'no:1'}\n"
        "  kafka: {brokers: [kafka:9092]}\n"
        "service:\n  pipelines:\n"
        "    traces: {receivers: [otlp, redis, prometheus], exporters: [otlp/jaeger, kafka]}\n"
    )
    assert told_data(text) == [
        "://jaeger:4317 at jaeger",
        "://kafka:9092 at kafka",
        "://cache:6379 at cache",
        "http://user:80 at user",
    ]


def test_krakend() -> None:
    text = (
        '{"host": ["http://cart"], "endpoints": [\n'
        '{"endpoint": "/b/{id}", "backend": [{"url_pattern": "/bills/{id}", "host": ["http://bills:80"]}]},\n'
        '{"endpoint": "/c", "backend": [{"url_pattern": "/cart"}]}]}'
    )
    assert told_data(text, "krakend.json") == [
        "/b/ as /bills/ -> http://bills:80 at bills",
        "/c as /cart -> http://cart at cart",
    ]


def test_kong() -> None:
    text = (
        "_format_version: '3.0'\nservices:\n- name: cart\n  url: http://cart:80/v1\n"
        "  routes: [{paths: [/cart], hosts: [shop.example]}]\n"
        "- name: users\n  host: pool\n  port: 80\n  routes: [{paths: ['~/u.*'], strip_path: false}]\n"
        "upstreams: [{name: pool, targets: [{target: 'user:8080'}]}]\n"
    )
    assert told_data(text) == [
        "shop.example/cart as /v1 -> http://cart:80 at cart",
        "/u.* (pattern) -> http://user:8080 at user",
    ]


def test_traefik() -> None:
    text = (
        "http:\n  routers:\n    cart: {rule: 'Host(`shop.example`) && PathPrefix(`/cart`)', service: cart}\n"
        "  services:\n    cart: {loadBalancer: {servers: [{url: 'http://cart:80'}]}}\n"
    )
    assert told_data(text) == ["shop.example/cart -> http://cart:80 at cart"]


def test_gateways_of_spring() -> None:
    text = (
        "spring:\n  cloud:\n    gateway:\n      routes:\n      - uri: lb://cart\n"
        "        predicates: ['Path=/api/cart/**,/c/**']\n        filters: [StripPrefix=1]\n"
        "      - uri: http://user:80\n        predicates: [{name: Path, args: {pattern: /u/*}}]\n"
    )
    assert told_data(text) == [
        "/api/cart/ as /cart -> http://cart at cart",
        "/c/ as / -> http://cart at cart",
        "/u/ -> http://user:80 at user",
    ]


def test_zuul() -> None:
    text = (
        "zuul:\n  routes:\n    a: {path: /a/**, serviceId: cart}\n"
        "    b: {path: /b/**, url: 'http://user', stripPrefix: false}\n"
    )
    assert told_data(text) == ["/a/ as / -> ://cart at cart", "/b/ -> http://user at user"]


def test_yarp_and_ocelot() -> None:
    yarp = (
        '{"ReverseProxy": {"Routes": {"r": {"ClusterId": "c", "Match": {"Path": "/cart/{**rest}"}}},'
        ' "Clusters": {"c": {"Destinations": {"d": {"Address": "http://cart:80/"}}}}}}'
    )
    assert told_data(yarp, "appsettings.json") == ["/cart/ -> http://cart:80 at cart"]
    ocelot = (
        '{"Routes": [{"UpstreamPathTemplate": "/api/cart/{x}", "DownstreamPathTemplate": "/c/{x}",'
        ' "DownstreamHostAndPorts": [{"Host": "cart", "Port": 80}]}]}'
    )
    assert told_data(ocelot, "ocelot.json") == ["/api/cart/ as /c/ -> http://cart:80 at cart"]


SHAPES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.sampled_from(["cart:80", "x", "${A}", ""])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "static_resources",
                    "clusters",
                    "routes",
                    "route",
                    "match",
                    "name",
                    "services",
                    "http",
                    "scrape_configs",
                    "url",
                    "paths",
                    "static_configs",
                    "targets",
                    "service",
                    "pipelines",
                    "exporters",
                    "receivers",
                    "_format_version",
                    "zuul",
                    "Routes",
                    "UpstreamPathTemplate",
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)


@given(SHAPES)
def test_any_shape_is_read(shape: object) -> None:
    import json

    roots = [item.root for item in documents(json.dumps(shape), "some.json")]
    for item in forwards_of_documents(roots, None, {}):
        assert item.place.span().line == 1
