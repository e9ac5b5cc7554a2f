"""Secrets in plain text: known by their form or their name, and not by what only sounds like it."""

from __future__ import annotations

import json
import random
import string
from pathlib import Path

import pytest

from archlint.model.kubernetes.plain_values import PlainValue, looks_random
from tests.kube.worlds import world_of

RANDOM = "f3Xq9LmZ2vRt7KpW4sYb8Nd6"


def value_of(folder: Path, name: str, text: str, *, config: bool = False) -> PlainValue:
    """The one value of a pod or ConfigMap."""
    pod = {"containers": [{"name": "cart", "env": [{"name": name, "value": text}]}]}
    item = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "cart"}, "spec": pod}
    if config:
        item = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cart"}, "data": {name: text}}
    [found] = world_of(folder, {"a.json": json.dumps(item)}).all(PlainValue)
    return found


@pytest.mark.parametrize(
    "name",
    [
        *("password", "DB_PASSWORD", "my-token", "bearer", "CLIENT_SECRET", "apiKey", "API_KEY"),
        *("AWS_SECRET_ACCESS_KEY", "AZURE_BATCH_KEY", "OCI_CLI_KEY_CONTENT", "PASSWD"),
    ],
)
def test_names_of_secrets(tmp_path: Path, name: str) -> None:
    for number, text in enumerate(("abc123", "xxx", "postgres", "pass word")):
        assert value_of(tmp_path / str(number), name, text).is_named_secret
        assert value_of(tmp_path / f"c{number}", name, text, config=True).is_named_secret


@pytest.mark.parametrize(
    "name",
    [
        *("TOKEN_URL", "SECRET_NAME", "PASSWORD_FILE", "TOKEN_TTL", "secretNamespace-name", "TOKEN_TYPE"),
        *("PASSWORD_LENGTH", "SECRET_MANAGER", "TOKEN_AUDIENCE", "SECRETS_PATH", "LOG_LEVEL", "KEYBOARD"),
    ],
)
def test_names_that_are_about_a_secret_or_none(tmp_path: Path, name: str) -> None:
    assert not value_of(tmp_path, name, "abc123").is_named_secret


@pytest.mark.parametrize(
    "text",
    [
        *("true", "False", "3600", "15m", "/run/secrets/db", "./key", "https://login.example.com/token"),
        *("$(DB_PASSWORD)", "${DB_PASSWORD}", "{{ .Values.password }}", "changeme", "***", "<password>"),
    ],
)
def test_values_that_are_no_secrets(tmp_path: Path, text: str) -> None:
    assert not value_of(tmp_path, "DB_PASSWORD", text).is_named_secret


def test_an_address_with_a_password_in_it_is_one(tmp_path: Path) -> None:
    assert value_of(tmp_path, "DB_SECRET", "postgres://cart:kart0ffel@db/cart").is_named_secret


@pytest.mark.parametrize(("name", "text"), [("token.yaml", "a: 1"), ("secrets", "a=1\nb=2\n")])
def test_a_file_in_a_config_map_is_no_secret_by_its_name(tmp_path: Path, name: str, text: str) -> None:
    assert not value_of(tmp_path, name, text, config=True).is_named_secret


def letters(count: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    """A made-up key."""
    return "".join(random.Random(count).choices(alphabet, k=count))


TOKENS = [
    f"-----BEGIN OPENSSH PRIVATE KEY-----\n{letters(64)}\n-----END OPENSSH PRIVATE KEY-----",
    f"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\n{letters(64)}\n",
    rf"-----BEGIN PRIVATE KEY-----\n{letters(64)}\n{letters(40)}=\n-----END PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nREPLACE_ME\n-----END PRIVATE KEY-----\n"
    f"-----BEGIN PRIVATE KEY-----\n{letters(64)}\n-----END PRIVATE KEY-----",
    f"AKIA{letters(16, string.ascii_uppercase)}",
    f"ghp_{letters(36)}",
    f"glpat-{letters(20)}",
    f"xoxb-{letters(24)}",
    f"sk_live_{letters(24)}",
    f"AIza{letters(35)}",
    f"npm_{letters(36)}",
    f"SG.{letters(22)}.{letters(43)}",
    f"dop_v1_{letters(64, '0123456789abcdef')}",
    f"AccountKey={letters(86)}==",
    f"eyJ{letters(20)}.eyJ{letters(40)}.{letters(43)}",
]


@pytest.mark.parametrize("token", TOKENS)
def test_credentials_are_known_by_their_form(tmp_path: Path, token: str) -> None:
    """Under any name, in any text."""
    assert value_of(tmp_path / "a", "X", token).token
    assert value_of(tmp_path / "b", "app.conf", f"a = 1\nb = {token}\nc = 2\n", config=True).token


@pytest.mark.parametrize(
    "text",
    [
        *(
            "-----BEGIN CERTIFICATE-----",
            "-----BEGIN PUBLIC KEY-----",
            "AKIA",
            "ghp_short",
            "sk_test_abcdefghijklmnopqrst",
        ),
        *("sha256:1f0c9a6d2b7e4f8895d1c3a7b0e6f2d4", "arn:aws:iam::123456789012:role/cart", RANDOM),
    ],
)
def test_what_is_no_credential(tmp_path: Path, text: str) -> None:
    assert value_of(tmp_path, "X", text).token is None


PUBLIC = [
    *(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AKIA" + "X" * 16,
    ),
    *("ghp_" + "x" * 36, "glpat-your-token-goes-here", "xoxb-your-bot-token-1", "AIzaSy" + "X" * 33),
    f"https://hooks.slack.com/services/T00000000/B00000000/{'X' * 24}",
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
    ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
    "-----BEGIN PRIVATE KEY-----\nREPLACE_ME\n-----END PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    f"-----BEGIN RSA PRIVATE KEY-----\n{letters(48)}...\n-----END RSA PRIVATE KEY-----",
    f"-----BEGIN RSA PRIVATE KEY-----\n{'x' * 64}\n-----END RSA PRIVATE KEY-----",
    "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey="
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;",
    *("sk_test_4eC39HqLyjWDarjtT1zdp7dc", "pk_live_f3Xq9LmZ2vRt7KpW4sYb8Nd6"),
    "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe",
]


@pytest.mark.parametrize("text", PUBLIC)
def test_examples_masks_and_public_keys_are_no_credentials(tmp_path: Path, text: str) -> None:
    """Whatever their names say; a real one beside them is told."""
    assert value_of(tmp_path / "a", "API_KEY", text).token is None
    both = f"{text}\n{TOKENS[4]}\n"
    assert value_of(tmp_path / "b", "app.conf", both, config=True).token == "an access key of AWS"


def test_a_random_key_is_one_under_a_name_that_says_so(tmp_path: Path) -> None:
    assert value_of(tmp_path / "a", "SIGNING_SECRET", RANDOM).token == "a random key"
    assert value_of(tmp_path / "b", "SIGNING_SECRET_NAME", RANDOM).token is None


@pytest.mark.parametrize(
    "text", ["cart-credentials-production", "0" * 30, "a" * 30, "my-password-for-the-cart-1"]
)
def test_words_are_not_random(text: str) -> None:
    assert not looks_random(text)


WORDS = (
    *("your", "ultra", "secure", "refresh", "secret", "key", "minimum", "characters", "change", "me", "in"),
    *(
        "production",
        "local",
        "development",
        "signing",
        "neo4j",
        "database",
        "jwt",
        "super",
        "2026",
        "32",
    ),
)


@pytest.mark.parametrize("seed", range(40))
def test_a_sentence_in_the_place_of_a_key_is_not_random(seed: int) -> None:
    """However its words are joined, and with numbers among them."""
    source = random.Random(seed)
    words = [*source.choices(WORDS, k=source.randint(3, 8)), "password", str(source.randint(1, 9999))]
    source.shuffle(words)
    joined = source.choice(["-", "_", "."]).join(words)
    capitals = "".join(word.capitalize() for word in words)
    assert not looks_random(source.choice([joined, joined.upper(), capitals]))


@pytest.mark.parametrize("seed", range(20))
def test_keys_are_random(seed: int) -> None:
    source = random.Random(seed)
    text = "".join(source.choices(string.ascii_letters + string.digits, k=32)) + "7a"
    assert looks_random(text)
