"""Where shippers of logs send what they read, and whom what shows logs asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.proxies import shippers
from archlint.model.proxies.reading import may_be_text
from tests.settings.test_proxies import told, told_data
from tests.support.limits import within


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "clients: [{url: http://loki:3100/push}]\nscrape_configs: [{job_name: x}]",
            ["http://loki:3100 at loki"],
        ),
        (
            "output.elasticsearch: {hosts: ['es:9200', es2]}",
            ["elasticsearch://es:9200 at es", "elasticsearch://es2 at es2"],
        ),
        ("output: {logstash: {hosts: ['logs:5044']}}", ["://logs:5044 at logs"]),
        ("output.kafka: {hosts: ['${BROKER:kafka}:9092']}", ["kafka://kafka:9092 at kafka"]),
        ("elasticsearch.hosts: http://es:9200\nserver.host: 0.0.0.0", ["http://es:9200 at es"]),
        (
            "sources: {a: {type: file}}\nsinks: {b: {type: loki, endpoint: 'http://loki:3100'}}",
            ["http://loki:3100 at loki"],
        ),
        ("sinks: {b: {endpoint: 'http://loki:3100'}}", []),
        ("output: elasticsearch", []),
        ("clients: [{url: http://loki:3100}]", []),
    ],
)
def test_documents(text: str, found: list[str]) -> None:
    assert told_data(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            'input { beats { port => 5044 host => "0.0.0.0" } }\n'
            'output { elasticsearch { hosts => ["http://es:9200", "es2:9200"] } }',
            ["http://es:9200 at es", "elasticsearch://es2:9200 at es2"],
        ),
        (
            "input {\n  rabbitmq {\n    host => mq # other:1\n  }\n}\n",
            ["amqp://mq at mq"],
        ),
        (
            'output {\n  if "x" in [tags] { elasticsearch { index => "a-%{+YYYY}" hosts => "es" } }\n'
            '  else { http { url => "http://hook/x" } }\n}',
            ["elasticsearch://es at es", "http://hook at hook"],
        ),
        (
            'filter { mutate { replace => { "host" => "other:1" } } }\n'
            'output {\n# elasticsearch { hosts => "no:1" }\n}',
            [],
        ),
        ("input { http { host => cart } }\noutput { stdout { codec => rubydebug } }", []),
        (
            "[INPUT]\n    Name forward\n    Host in\n"
            "[OUTPUT]\n    Name es\n    Host es\n    Port 9200\n[FILTER]\n    Host no\n",
            ["elasticsearch://es at es"],
        ),
        (
            "<source>\n  @type forward\n  host in\n</source>\n"
            "<match **>\n  @type copy\n  <store>\n    @type elasticsearch\n"
            "    hosts es:9200\n  </store>\n</match>\n",
            ["elasticsearch://es:9200 at es"],
        ),
        (
            "<match app.**>\n  @type forward\n"
            "  <server>\n    host more\n    port 24224\n  </server>\n</match>\n",
            ["://more at more"],
        ),
    ],
)
def test_texts(text: str, found: list[str]) -> None:
    assert told(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            '<configuration><appender name="a" class="x.LogstashTcpSocketAppender">'
            "<destination>logs:5000</destination></appender></configuration>",
            ["tcp://logs:5000 at logs"],
        ),
        (
            "<configuration><appender><!-- <host>no</host> --><http><url> http://loki:3100/push </url></http>"
            "</appender></configuration>",
            ["http://loki:3100 at loki"],
        ),
        (
            '<Configuration><Appenders><Gelf name="g" host="udp:graylog" port="12201"/></Appenders>'
            "</Configuration>",
            ["tcp://graylog at graylog"],
        ),
        ("<appender><file>app.log</file><level>INFO</level></appender>", []),
        ("<appender><destination>${LOGS}:5000</destination></appender>", []),
        ("<project><url>http://cart</url></project>", []),
    ],
)
def test_appenders(text: str, found: list[str]) -> None:
    assert told(text) == found


@pytest.mark.parametrize(
    "name",
    [
        "logback-spring.xml",
        "log4j2.xml",
        "logstash.conf",
        "logstash.config",
        "fluent.conf",
        "fluent-bit.conf",
    ],
)
def test_their_files_are_read(name: str) -> None:
    assert may_be_text(name)


@given(st.text(alphabet="output{} =>[]\"'#\n<match>hosts:[OUTPUT] a1", max_size=300))
def test_any_text_is_read(text: str) -> None:
    told(f"output {{\n{text}")
    told(f"[OUTPUT]\n{text}")


@pytest.mark.parametrize(
    "piece",
    [
        "{",
        "}",
        "<!--",
        "<Socket ",
        " host=",
        "<host>",
        "a {",
        "hosts => [",
        '"',
        "host => a ",
        "a" * 60,
        " ",
        "<store>\nhost a\n",
    ],
)
def test_long_texts_take_no_time(piece: str) -> None:
    text = "output {\n" + (piece * 400_000)[:400_000]
    assert shippers.IS_LOGSTASH.search(text)
    within(6, lambda: (told(text), told("[OUTPUT]\n" + text), told("<appender>" + text)))
