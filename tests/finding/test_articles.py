"""Every message says ``a`` or ``an`` as what follows is spoken, whatever a name is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from archlint.finding.articles import article, with_article
from archlint.judging.resolution import format_message
from tests.support.rules import own_rules

SPOKEN = {
    "a": (
        *("Service", "user", "unit", "uint32", "UDPRoute", "URL", "UUID", "URI", "one-way call", "European"),
        *("Workload", "HorizontalPodAutoscaler", "year", "REST call", "unique key", "use", "oneof", "Role"),
        *("180", "1", "100", "7 GiB", "$ref", "StatefulSet", "Boolean", "NATS subject", "UTF-8 text"),
        *("REDIS_URL", "MESSAGE", "FIFO", "NODE", "STATE", "USER", "gRPC call", "k8s object"),
        *("unidirectional flow", "uPnP", "MYSQL_HOST", "SPRING_PROFILES", "STRIPE_KEY", "SYNC_INTERVAL"),
        *("SHOP_URL", "FLAGD_HOST", "SHA256", "mysql", "schema", "SCHEMA", "hydra", "MySQL table", "llama"),
    ),
    "an": (
        *("Ingress", "int32", "Author", "IAMPolicy", "HTTPRoute", "hour", "error", "SLO", "MX", "F", "oil"),
        *("object", "EndpointSlice", "unknown field", "uncle", "X.509", "8 GiB", "80", "11", "18,000", "RPC"),
        *("ushered guest", "unnamed port", "unmarked one", "AuthorizationPolicy", "HTTPS port", "umbrella"),
        *("UPDATE", "UNSET", "UNKNOWN", "mTLS setting", "x-header", "nginx", "sql query", "eTag"),
        *("http2 port", "unidentified part", "unissued card", "SMTP host", "RBAC rule", "nth item"),
        *("NGINX_HOST", "Nginx", "ldap server", "LDAP_URL", "hmac", "hpa", "XML_FILE", "HMAC", "RSocket"),
        *("MQTT_URL", "SSH_KEY", "rsync", "xray", "S3_BUCKET", "HSTS header", "sftp", "AMQP_URL"),
    ),
}  # fmt: skip
NAMES = st.sampled_from([(right, name) for right, names in SPOKEN.items() for name in names])
BEFORE_NAME = re.compile(r"\b([Aa]n?) (['`]?)\{([a-z_][a-z0-9_]*)\}")
MESSAGES = [text for rule in own_rules() for text in rule.messages.values() if BEFORE_NAME.search(text)]


def test_words_letters_and_numbers() -> None:
    for right, names in SPOKEN.items():
        for name in names:
            assert (article(name), with_article(f"'{name}'")) == (right, f"{right} '{name}'"), name


@given(st.text(max_size=20))
def test_any_text_has_an_article(text: str) -> None:
    assert article(text) in ("a", "an")


@given(st.sampled_from(MESSAGES), NAMES)
def test_messages_have_the_article_of_their_argument(template: str, named: tuple[str, str]) -> None:
    right, name = named
    arguments = dict.fromkeys(re.findall(r"\{([a-z_][a-z0-9_]*)\}", template), name)
    told = format_message(template, arguments)
    found = [word.lower() for word in re.findall(rf"\b([Aa]n?) ['`]?{re.escape(name)}", told)]
    assert set(found) == {right}, told


def test_messages_say_articles_right_where_no_name_follows() -> None:
    for rule in own_rules():
        for text in rule.messages.values():
            for said, word in re.findall(r"(?<![\w`'{])([Aa]n?) ([A-Za-z][\w-]*)", text):
                assert said.lower() == article(word), text


def test_no_other_text_puts_an_article_before_a_name() -> None:
    assert list(_open_articles()) == []


def _open_articles() -> Iterator[str]:
    """Places in the source where a text with an article goes on with what somebody fills in."""
    for path in sorted(Path("src/archlint").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            parts = node.values if isinstance(node, ast.JoinedStr) else []
            for text, filled in pairwise(parts):
                before = text.value if isinstance(text, ast.Constant) else ""
                if isinstance(filled, ast.FormattedValue) and re.search(r"\b[Aa]n? ['`(]?\Z", str(before)):
                    yield f"{path}:{node.lineno}"
