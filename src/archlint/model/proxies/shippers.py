"""Shippers of logs, and what shows them: where Promtail, Beats, Vector, Fluent Bit, Fluentd, Logstash and
Kibana send what they read, and whom they ask.

Sources: Grafana, "Promtail configuration"; Elastic, "Configure the output" of Beats, "Configure Kibana",
"Logstash configuration structure"; Vector, "Sinks"; Fluent Bit and Fluentd, "Configuration file".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.documents import Node
from archlint.finding.records import replace
from archlint.finding.regex import regex
from archlint.model.appconfig.placed import PlacedText
from archlint.model.proxies.forward import Forward
from archlint.model.proxies.lines import Word, lines_of, targets_in
from archlint.model.proxies.structured import Structured

IS_LOGSTASH = regex(r"(?m)^[ \t]*(?:input|output)[ \t]*\{")
IS_FLUENT = regex(r"(?mi)^[ \t]*(?:\[OUTPUT\]|<(?:match|store)\b[^\n>]*>)")
_PART = regex(
    r"""\#[^\n]*+|([a-z_]{1,60})[ \t]{0,40}+=>[ \t]{0,40}+(\[[^\]]{0,2000}+|"[^"\n]{0,2000}+"?+"""
    r"""|'[^'\n]{0,2000}+'?+|[^\s,{}'"]{1,2000}+)"""
    r"""|"[^"\n]*+"|'[^'\n]*+'|([\w-]{0,60}+)[ \t]{0,40}+\{|(\})"""
)
"""Matches a comment, an option with its value, a text, or where a plugin or a condition begins or ends."""
_ITEM = regex(r"""[^\s"',\[\]]{1,500}+""")
_ASKING = frozenset(
    {"rabbitmq", "kafka", "redis", "jdbc", "elasticsearch", "http_poller", "jms", "sqs", "couchdb"}
)
"""Inputs of Logstash that connect to what they read; all others listen."""
_SCHEMES = {
    "elasticsearch": "elasticsearch",
    "es": "elasticsearch",
    "opensearch": "elasticsearch",
    "rabbitmq": "amqp",
    "kafka": "kafka",
    "rdkafka": "kafka",
    "redis": "redis",
    "loki": "http",
    "http": "http",
    "splunk": "http",
}
"""What the plugins of outputs speak."""
_HOST_KEYS = frozenset(
    {"host", "hosts", "bootstrap_servers", "brokers", "url", "urls", "endpoint", "uri", "address"}
)
_SINK_KEYS = ("endpoint", "endpoints", "address", "uri", "url", "bootstrap_servers")
_ASKED = ("elasticsearch.hosts", "elasticsearch.url", "opensearch.hosts", "monitoring.ui.elasticsearch.hosts")
_MOST_OPEN = 50


def is_shipper(root: Node) -> bool:
    """Whether a document is the configuration of a shipper of logs, or of Kibana."""
    return (
        (root.get("clients").is_list and root.get("scrape_configs").is_list)
        or (root.get("sources").is_map and root.get("sinks").is_map)
        or any(_is_output(name) or name in _ASKED for name, _ in root.items())
    )


def _is_output(name: str) -> bool:
    return name == "output" or name.startswith("output.")


def forwards_of(config: Structured) -> Iterator[Forward]:
    """What it sends to, and whom it asks."""
    root = config.root
    if root.get("scrape_configs").is_list:
        for client in root.get("clients").elements():
            yield from _told(config, client.get("url"), "client", "http")
    for name, sink in root.get("sinks").items() if root.get("sources").is_map else ():
        for key in _SINK_KEYS:
            yield from _told(
                config, sink.get(key), f"sink {name}", _SCHEMES.get(sink.get("type").text or "", "")
            )
    for name, value in root.items():
        if name in _ASKED:
            yield from _told(config, value, name, "elasticsearch")
        elif _is_output(name) and value.is_map:
            below = value.items() if name == "output" else [(name.partition(".")[2], value)]
            for kind, output in below:
                yield from _told(config, output.get("hosts"), f"output.{kind}", _SCHEMES.get(kind, ""))


def _told(config: Structured, node: Node, said_by: str, scheme: str) -> Iterator[Forward]:
    for value in node.elements() if node.is_list else (node,):
        for target in config.targets(value, scheme=scheme):
            yield Forward(target.address, target.place, said_by, None, target.is_filled)


def of_logstash(text: PlacedText, environment: Mapping[str, str]) -> Iterator[Forward]:
    """The outputs of a pipeline, and the inputs that ask others."""
    around: list[str] = []
    for match in _PART.finditer(text.text):
        if match[3] is not None:
            around.append(match[3])
            if len(around) > _MOST_OPEN:
                return
        elif match[4] is not None:
            del around[-1:]
        elif match[1] in _HOST_KEYS and len(around) >= 2 and _is_sent(around):
            plugin = around[-1]
            for word in _ITEM.finditer(text.text, *match.span(2)):
                held = Word(word[0], word.start(), word.end())
                yield from _of_word(held, text, environment, f"{around[0]} {plugin}", plugin)


def _is_sent(around: list[str]) -> bool:
    return around[0] == "output" or (around[0] == "input" and around[-1] in _ASKING)


def _of_word(
    word: Word, text: PlacedText, environment: Mapping[str, str], said_by: str, plugin: str
) -> Iterator[Forward]:
    for address, place, is_filled in targets_in(word, text, environment):
        told = address if address.scheme else replace(address, scheme=_SCHEMES.get(plugin, ""))
        yield Forward(told, place, said_by, None, is_filled)


def of_fluent(text: PlacedText, environment: Mapping[str, str]) -> Iterator[Forward]:
    """The outputs of Fluent Bit (``[OUTPUT]``) and of Fluentd (``<match>``, ``<store>``, ``<server>``)."""
    is_output, plugin = False, ""
    waiting: list[Word] = []
    for line in lines_of(text.text):
        first = line[0].text.lower()
        if first.startswith(("[", "<")):
            yield from _of_words(waiting, text, environment, plugin)
            waiting = []
            is_nested = first.startswith(("<server", "<buffer", "</buffer", "</server"))
            is_output = first.startswith(("[output", "<match", "<store")) or (is_output and is_nested)
            plugin = plugin if is_nested else ""
        elif is_output and len(line) > 1:
            if first in ("name", "@type", "type") and not plugin:
                plugin = line[1].text.lower()
            elif first in _HOST_KEYS:
                waiting.append(line[1])
    yield from _of_words(waiting, text, environment, plugin)


def _of_words(
    words: list[Word], text: PlacedText, environment: Mapping[str, str], plugin: str
) -> Iterator[Forward]:
    for word in words:
        yield from _of_word(word, text, environment, f"output {plugin}".rstrip(), plugin)
