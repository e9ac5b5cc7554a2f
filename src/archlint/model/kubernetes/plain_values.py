"""Values that stand in a manifest as they are: of environment variables, and of entries of ConfigMaps."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.workloads import Container
from archlint.model.world import World

_TOKENS: tuple[tuple[str, str], ...] = (
    ("an access key of AWS", r"\b(?:AKIA|ASIA)([0-9A-Z]{16})\b"),
    ("a token of GitHub", r"\b(?:gh[pousr]_([0-9A-Za-z]{36})|github_pat_([0-9A-Za-z_]{60,90}))\b"),
    ("a token of GitLab", r"\bglpat-([0-9A-Za-z_-]{20,40})\b"),
    ("a token of Slack", r"\bxox[abprs]-([0-9A-Za-z-]{10,80})"),
    (
        "a webhook of Slack",
        r"hooks\.slack\.com/services/T[0-9A-Z]{6,12}/B[0-9A-Z]{6,12}/([0-9A-Za-z]{20,30})",
    ),
    ("a live key of Stripe", r"\b[rs]k_live_([0-9A-Za-z]{20,100})\b"),
    ("a key of a Google API", r"\bAIza([0-9A-Za-z_-]{35})\b"),
    ("a token of npm", r"\bnpm_([0-9A-Za-z]{36})\b"),
    ("a key of SendGrid", r"\bSG\.[0-9A-Za-z_-]{22}\.([0-9A-Za-z_-]{43})\b"),
    ("a token of DigitalOcean", r"\bdo[opr]_v1_([0-9a-f]{64})\b"),
    ("a key of Azure Storage", r"AccountKey=([0-9A-Za-z+/]{86}==)"),
    (
        "a signed token (JWT)",
        r"\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.([\w-]{20,1000})",
    ),
)
"""Credentials, and the forms by which they are known; the group is what differs from one to the next."""
_KNOWN = tuple((what, regex(pattern)) for what, pattern in _TOKENS)
_BEGIN = regex(r"-----BEGIN (?:[A-Z]{1,12} ){0,3}PRIVATE KEY-----")
_LINE_OF_KEY = regex(r"[A-Za-z0-9+/]{40}")
_FEWEST_DIFFERENT = 6
"""What has fewer different characters is a mask, such as ``XXXX`` or ``0000``."""
_PUBLISHED = (
    # Azurite and the emulator of Cosmos DB: learn.microsoft.com, "Use the Azurite emulator"
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
    "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==",
    # reCAPTCHA for automated tests: developers.google.com/recaptcha/docs/faq
    "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe",
    # jwt.io, every example token: its payload begins {"sub":"1234567890
    ".eyJzdWIiOiIxMjM0NTY3ODkw",
)
"""Keys that their makers publish: everybody has them, and they open nothing."""
_OF_NO_SECRET = ("sk_test_", "rk_test_", "pk_")
"""Stripe and its like: keys of a sandbox, and keys that are made to be public (docs.stripe.com/keys)."""
_HINTS = (
    *("PRIVATE KEY", "AKIA", "ASIA", "gh", "glpat-", "xox", "hooks.slack", "k_live_", "AIza", "npm_"),
    *("SG.", "_v1_", "AccountKey=", "eyJ"),
)
"""A text without any of these needs no search for tokens."""
_LONGEST = 200_000
_SECRET_NAME = regex(
    r"password|passwd|token|bearer|secret|api[_-]?key|private[_-]?key|access[_-]?key|credential"
    r"|\AAZURE_.+KEY\Z|\AOCI_CLI_KEY_CONTENT\Z|\AGOOGLE_APPLICATION_CREDENTIALS\Z",
    re.IGNORECASE,
)
_ABOUT_ONE = regex(
    r"(?:file|path|dir|name|names|ref|url|uri|host|port|endpoint|issuer|audience|ttl|expiry|expiration|expires"
    r"|lifetime|timeout|duration|period|interval|length|size|count|limit|enabled|disabled|required|type"
    r"|provider|manager|backend|store|engine|mode|policy|header|field|algorithm|alg|prefix|suffix|version|namespace"
    r"|hash|digest|checksum|fingerprint|kind|class|id|key_id|mount|cleanup|review|rotation|s_?in_?days?|in_seconds|seconds|minutes|hours|days)"
    r"s?\Z",
    re.IGNORECASE,
)
"""What a name ends in that is about a secret and holds none."""
_HARMLESS = regex(
    r"(?:true|false|yes|no|on|off|null|none|nil|\d[\d.]*(?:[smhd]|ms)?|(?:\./|~/|/)[\w./ -]*"
    r"|[a-z][a-z0-9+.-]*://[^@\s]*|changeme|change-me|example|xxx+|\*+|\.\.\.|redacted|todo)\Z",
    re.IGNORECASE,
)
"""What no secret looks like: switches, numbers, times, paths, addresses, and words that stand for one."""
_PARTS = regex(r"[^A-Za-z0-9]+")
_SMALL = regex(r"[a-z]+")
_CODE = regex(r"[A-Za-z0-9+/_=.~-]{20,512}\Z")
_WORD = regex(r"(?<![A-Za-z0-9])(?:[A-Z]++|[A-Za-z][a-z]++)(?![A-Za-z0-9])|[A-Z][a-z]{2,}+|[a-z]{4,}+")
"""What may be a word: letters between separators, with a capital in front, or several in a row."""
_VOWEL = regex(r"[aeiouyAEIOUY]")
_COUNTED_UP = ("123456789", "987654321", "abcdefgh", "a1b2c3")
"""What fingers type in the place of something random."""


@dataclass(frozen=True)
class PlainValue(ObjectFacet):
    """One value that stands in a manifest as it is."""

    key: str
    node: Node
    container: Container | None = None

    @classmethod
    def all(cls, world: World) -> Iterable[PlainValue]:
        """Every value of the manifests, in the order of the text, variables first."""
        for container in world.all(Container):
            for entry in container.get("env").elements():
                name, value = entry.get("name"), entry.get("value")
                if name.text and isinstance(value.value, str) and value.value:
                    yield cls(container.workload.base, name.text, value, container)
        for base in world.all(KubernetesObject):
            if (base.group, base.kind) == ("", "ConfigMap"):
                yield from cls._entries(base)

    @classmethod
    def _entries(cls, base: KubernetesObject) -> Iterator[PlainValue]:
        for key, value in base.get("data").items():
            if value.text:
                yield cls(base, key, value)

    @property
    def text(self) -> str:
        """The value."""
        return self.node.text or ""

    @property
    def where(self) -> str:
        """What it is, for a message."""
        if self.container is not None:
            return f"Variable '{self.key}' of container '{self.container.name}'"
        return f"Entry '{self.key}' of ConfigMap '{self.base.name}'"

    @property
    def token(self) -> str | None:
        """What kind of credential it is or has in it, as its form says; ``None`` if it has no known form."""
        text = self.text[:_LONGEST]
        return known_token(text) or (random_key(self.key, text) if self.is_named_secret else None)

    @property
    def is_named_secret(self) -> bool:
        """Whether its name says that it is a secret, and neither name nor value says otherwise."""
        name, text = self.key, self.text
        if self.container is None and ("\n" in text.strip() or "." in name):
            return False  # a file, whatever it is called
        if not _SECRET_NAME.search(name) or (_HARMLESS.match(text.strip()) and not _is_told_anyway(text)):
            return False
        return not (_is_about_one(name) or is_placeholder(text) or "$(" in text)


def known_token(text: str) -> str | None:
    """What kind of credential a text is or has in it, as its form says; ``None`` if it has no known form."""
    if not any(hint in text for hint in _HINTS):
        return None
    if any(_is_key(text, match.end()) for match in _BEGIN.finditer(text)):
        return "a private key"
    for what, pattern in _KNOWN:
        for match in pattern.finditer(text):
            if not _is_public(match[0]) and not _is_mask(match[match.lastindex or 0]):
                return what
    return None


def _is_key(text: str, start: int) -> bool:
    """Whether a key stands behind the line with which it begins, and not a word or dots in its place."""
    end = text.find("-----", start)
    body = text[start : end if end >= 0 else len(text)]
    line = _LINE_OF_KEY.search(body)
    return line is not None and "..." not in body and not _is_public(body) and not _is_mask(line[0])


def _is_public(text: str) -> bool:
    """Whether a credential is an example of its maker, or one that everybody has."""
    return "example" in text.lower() or any(each in text for each in _PUBLISHED)


def _is_mask(payload: str) -> bool:
    """Whether words or a few characters stand where a credential differs from others."""
    return len(set(payload)) < _FEWEST_DIFFERENT or payload.lower().startswith(_STANDING_BEGINNINGS)


def names_a_secret(name: str) -> bool:
    """Whether a name says that what it holds is a secret."""
    return _SECRET_NAME.search(name) is not None and not _is_about_one(name)


_STANDING = frozenset(
    {
        *("admin", "root", "user", "guest", "default", "foo", "bar", "foobar", "pass", "password", "secret"),
        *(
            "postgres",
            "mysql",
            "mongo",
            "redis",
            "minio",
            "minioadmin",
            "rabbitmq",
            "tbd",
            "n/a",
            "empty",
            "",
        ),
        *("mypassword", "my-password", "mysecret", "my-secret", "mytoken", "my-token", "pa$$w0rd"),
    }
)
"""Words that everybody tries first, without digits behind them."""
_STANDING_BEGINNINGS = (
    *("your", "replace", "change", "insert", "put", "some", "to-be", "to_be", "placeholder", "example"),
    *("dummy", "fake", "demo", "test", "not-", "not_", "set-", "sample", "1234", "p@ss"),
)


def stands_for_one(text: str) -> bool:
    """Whether a text is no secret: a switch, a number, a path, or a word in the place of one."""
    bare = text.strip().strip("\"'<>[](){}").lower()
    if _HARMLESS.match(bare) or bare.rstrip("0123456789!") in _STANDING or _is_public(text):
        return True
    return bare.startswith(_STANDING_BEGINNINGS)


def random_key(name: str, text: str) -> str | None:
    """``a random key`` for the value of a variable whose name says that it is a secret, and that looks so."""
    is_code = _CODE.match(text) is not None and not _HARMLESS.match(text) and not is_placeholder(text)
    is_secret = is_code and not text.startswith(_OF_NO_SECRET) and not _is_public(text)
    return "a random key" if names_a_secret(name) and is_secret and looks_random(text) else None


def _is_told_anyway(text: str) -> bool:
    """Whether a value that stands for a secret is told, because only its owner knows that it does."""
    return text.strip().lower().strip("x") == ""


def _is_about_one(name: str) -> bool:
    last = [part for part in _PARTS.split(name) if part][-1:]
    return bool(last) and _ABOUT_ONE.match(last[0]) is not None


def looks_random(text: str) -> bool:
    """Whether a text without spaces is made of letters and digits that follow no language. More than half of
    ``your-secret-of-32-letters`` are words, so somebody wrote it and will put another in its place."""
    digits = sum(character.isdigit() for character in text)
    letters = sum(character.isalpha() for character in text)
    if not digits or not letters or digits + letters < 0.85 * len(text):
        return False
    if 2 * _in_words(text) > digits + letters or any(each in text.lower() for each in _COUNTED_UP):
        return False
    counts = Counter(text)
    bits = -sum(number / len(text) * math.log2(number / len(text)) for number in counts.values())
    return bits >= 3.5 and max(map(len, _SMALL.findall(text)), default=0) < 12


def _in_words(text: str) -> int:
    """How many letters of a text stand in words that can be spoken: a fourth of their letters are vowels."""
    words = _WORD.findall(text)
    return sum(len(word) for word in words if 4 * len(_VOWEL.findall(word)) >= len(word))
