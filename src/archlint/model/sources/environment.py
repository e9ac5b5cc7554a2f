"""Environment variables that source code reads, and the defaults that it has for them.

Sources: the standard libraries of the languages (``os.getenv``, ``process.env``, ``System.getenv``,
``Environment.GetEnvironmentVariable``, ``os.LookupEnv``, ``getenv``, ``ENV.fetch``), Spring's placeholders.
"""

from __future__ import annotations

from archlint.finding.regex import regex

HINTS = (b"env", b"Env", b"ENV", b"@Value")
"""One of these stands in each file with one of the marks."""
MARKS = (
    *(b"getenv", b"GETENV", b"Getenv", b"getEnv", b"GetEnv", b"environ[", b"environ.", b"process.env"),
    *(b"LookupEnv", b"ENV[", b"ENV.fetch", b"@Value", b"import.meta.env", b"GetEnvironmentVariable"),
    *(b"Env(", b"env(", b'env:"', b"env.get", b"envconfig:", b"EnvOr", b"Environ()"),
)
"""One of these stands in each file that reads the environment."""

_CALL = regex(
    r"(?:\w+[.>:]+)*(?:\w*getenv\w*|\w*env(?:ironment)?(?:_?(?:variable|var|or|default|with|string|get|value)\w*)?"
    r"|lookupenv|os\.environ(?:\.get|\.setdefault|\.pop)?|environ(?:\.get)?|env\.(?:fetch|get|str|string|url|var|optional)"
    r"|(?:deno|bun|std|process|import\.meta)[.:]+env(?:[.:]+get|[.:]+var)?|\$?_env|\$?_server)",
)
_UPPER = regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_OF_NAME = regex(r"(?:process|import\.meta|Bun|Deno)\.env\.([A-Za-z_]\w*)")
PROPERTY = regex(r"\\?\$\{([\w.-]{1,100})(?::([^{}]*))?\}")
"""Matches what Spring fills in, with its default."""
TAG = regex(
    r'\benv(?:config)?:"([A-Za-z_]\w*+)[^"]*"[^"]*(?:"[^"]*"[^"]*){0,9}?\b(?:envDefault|default):"([^"]*)"'
)
"""Matches the tag of a field of Go that is filled from a variable, with its default."""
TAG_NAME = regex(r'\benv(?:config)?:"([A-Za-z_]\w*+)')
_GIVEN = (
    (b"${", regex(rb"\$\{([\w.-]{1,100})")),
    (b'env:"', regex(rb'\benv:"([A-Za-z_]\w*+)')),
    (b'envconfig:"', regex(rb'\benvconfig:"([A-Za-z_]\w*+)')),
    (b".env.", regex(rb"\.env\.([A-Za-z_]\w*)")),
)
_LONGEST_NAME = 120


def names_given(data: bytes) -> set[bytes]:
    """The names behind signs that say that a variable or a property of Spring is read, whatever they are."""
    found: set[bytes] = set()
    for sign, pattern in _GIVEN:
        if sign in data:
            found.update(pattern.findall(data))
    return found


def is_environment_call(name: str) -> bool:
    """Whether a function or a map of this name gives environment variables."""
    return len(name) <= _LONGEST_NAME and _CALL.fullmatch(name.lower()) is not None


def is_variable_name(text: str) -> bool:
    """Whether a text may be the name of an environment variable."""
    return _UPPER.fullmatch(text) is not None


def variable_of_name(name: str) -> str:
    """The variable that ``process.env.CART_HOST`` and the like are; empty for any other name."""
    match = _OF_NAME.match(name)
    return match[1] if match else ""
