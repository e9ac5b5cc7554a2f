"""What kind a file is: by its path where that is enough, else by a quick look at its top-level lines.

The look is a sniff, not a parse: it works on broken files too, so that a parse error can be judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from enum import StrEnum
from posixpath import basename, dirname

from archlint.finding.regex import regex


class Kind(StrEnum):
    """The kinds of file that later stages tell apart."""

    OPENAPI = "openapi"
    ASYNCAPI = "asyncapi"
    KUBERNETES = "kubernetes"
    """YAML or JSON with ``apiVersion`` and ``kind`` at the top, Istio and PrometheusRule objects included."""
    KUSTOMIZATION = "kustomization"
    KUSTOMIZE_PATCH = "kustomize-patch"
    """A file that a kustomization applies as a patch: a part of an object, told by the kustomization."""
    UNUSED_PATCH = "unused-patch"
    """A file that is called a patch, beside a kustomization, and that none applies."""
    CHART = "chart"
    """``Chart.yaml``."""
    CHART_VALUES = "chart-values"
    CHART_TEMPLATE = "chart-template"
    """Anything below ``templates/`` of a chart: a Go template, never read as YAML."""
    PROMETHEUS_RULES = "prometheus-rules"
    """Alert and recording rules in a file of their own, with ``groups`` at the top."""
    CATALOG = "catalog"
    """Entities of a Backstage software catalog."""
    COMPOSE = "compose"
    """Services of Docker Compose."""
    JSON_SCHEMA = "json-schema"
    """A JSON Schema of anything: of events, of settings."""
    PACT = "pact"
    """A consumer's contract, as Pact writes it in JSON."""
    DATA = "data"
    """Any other YAML or JSON."""
    PROTO = "proto"
    AVRO = "avro"
    """A schema, or a protocol, of Apache Avro in JSON."""
    AVRO_IDL = "avro-idl"
    MIGRATION = "migration"
    """A step of a database's schema, by the names that tools give to files and folders; the text may say that
    it is none (see ``is_alembic``). Liquibase's changelogs in YAML and JSON are ``DATA``."""
    MARKDOWN = "markdown"
    CODEOWNERS = "codeowners"
    DIAGRAM = "diagram"
    """A diagram as text: Mermaid, PlantUML, Structurizr. Those in Markdown are part of their page."""
    OTHER = "other"


API_DESCRIPTIONS = (Kind.OPENAPI, Kind.ASYNCAPI)
"""Kinds whose scalars are read as YAML 1.2's core schema has them, and whose ``$ref`` is a reference."""

CONTRACT_LINE = regex(
    r"""^(?:["']?(?:apiVersion|kind|openapi|swagger|asyncapi)["']?[ \t]*:|syntax[ \t]*=)"""
    r"""|(?:\A|^---)\s*\{\s*["']?(?:apiVersion|kind|openapi|swagger|asyncapi)["']?\s*:""",
    re.MULTILINE,
)
"""Matches text that was meant to be a contract or manifest: a parse error in it is an error, else info."""

_TEST_FOLDERS = ("tests", "__tests__")
# The patterns below that only some files need are compiled on first use.
_ALEMBIC = r"(?m)^(?:down_)?revision\b[^=\n]*="

_BY_NAME = {
    "Chart.yaml": Kind.CHART,
    "kustomization.yaml": Kind.KUSTOMIZATION,
    "kustomization.yml": Kind.KUSTOMIZATION,
    "Kustomization": Kind.KUSTOMIZATION,
    "CODEOWNERS": Kind.CODEOWNERS,
}
_DIAGRAMS = ("mmd", "mermaid", "puml", "plantuml", "wsd", "dsl")
_BY_SUFFIX = {
    "proto": Kind.PROTO,
    "avsc": Kind.AVRO,
    "avpr": Kind.AVRO,
    "avdl": Kind.AVRO_IDL,
    "md": Kind.MARKDOWN,
    "markdown": Kind.MARKDOWN,
    **dict.fromkeys(_DIAGRAMS, Kind.DIAGRAM),
}
_SCHEMA_SUFFIXES = (".schema.json", ".schema.yaml", ".schema.yml")
_DATA_SUFFIXES = frozenset({"yaml", "yml", "json"})
_JSON_SUFFIXES = (".json", ".avsc", ".avpr")

# Flyway's default naming (prefix, version of digits with dots or underscores, two underscores), then
# golang-migrate's `{version}_{title}.up.sql`.
_SQL_MIGRATION = r"(?i)(?>(?:[VUB]\d[\d._]*?|R)__).+\.sql|\d+_.*\.(?:up|down)\.sql"
_IN_MIGRATIONS = {
    "sql": r"\d+[-_.].*|(?:migration|down)\.sql",  # goose, dbmate, sql-migrate; Prisma
    "py": r"(?!__)\w+\.py",  # Django
    "rb": r"\d+_\w+\.rb",  # Rails
    "cs": r"(?i)\d{14}_\w+(?<!\.designer)\.cs",  # EF Core
    "php": r"\d{4}_\d\d_\d\d_\d+_\w+\.php|Version\d+\.php",  # Laravel, Doctrine
    **dict.fromkeys(("js", "cjs", "mjs", "ts"), r"\d+[-_].*(?<!\.d)\.[cm]?[jt]s"),  # Knex, Sequelize, TypeORM
}
"""By suffix: the names of migrations in folders that are called so."""
_FLYWAY_CODE = r"(?>[VU]\d[\d._]*?__)\w+\.(?:java|kt)"
_CHANGELOG = r"(?i)(?:.*[/._-])?(?:changelogs?|changesets?|liquibase)(?:[/._-].*)?|.*[/._-]db\.change.*"
_VALUES = r"values(?:[-_.].*)?\.ya?ml|.*[-_.]values\.ya?ml"


def is_json(path: str) -> bool:
    """Whether a file with this name is read as JSON, and as nothing else."""
    return path.lower().endswith(_JSON_SUFFIXES)


def chart_folders(paths: Iterable[str]) -> frozenset[str]:
    """The folders that hold a ``Chart.yaml``; the root is the empty string."""
    return frozenset(
        dirname(path) for path in paths if path.endswith("Chart.yaml") and basename(path) == "Chart.yaml"
    )


def path_kind(path: str, charts: Set[str] = frozenset()) -> Kind | None:
    """The kind that the path alone tells; ``None`` for YAML and JSON whose text has to be looked at.

    ``charts`` are the folders from ``chart_folders``.
    """
    folder, name = dirname(path), basename(path)
    if charts and _in_templates(folder, charts):
        return Kind.CHART_TEMPLATE
    if name in _BY_NAME:
        return _BY_NAME[name]
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in _DATA_SUFFIXES:
        return Kind.CHART_VALUES if folder in charts and re.fullmatch(_VALUES, name) else None
    if suffix in _MIGRATION_SUFFIXES and _is_named_migration(folder, name, suffix):
        return Kind.MIGRATION
    return _BY_SUFFIX.get(suffix, Kind.OTHER)


def _is_named_migration(folder: str, name: str, suffix: str) -> bool:
    """Whether a file has the name of a migration, in a folder of such where the name alone tells little."""
    if suffix == "sql" and re.fullmatch(_SQL_MIGRATION, name):
        return True
    if suffix == "py" and basename(folder) == "versions":  # Alembic
        return name != "__init__.py"
    if suffix in ("java", "kt"):
        return re.fullmatch(_FLYWAY_CODE, name) is not None
    if suffix in ("xml", "sql") and re.fullmatch(_CHANGELOG, f"{folder}/{name}"):
        return True
    pattern = _IN_MIGRATIONS.get(suffix)
    if pattern is None or "migrat" not in (where := folder.lower()):
        return False
    inner, outer = basename(where), basename(dirname(where))
    if name.lower() in ("migration.sql", "down.sql"):  # Prisma: a folder for each
        return outer in _MIGRATION_FOLDERS and re.fullmatch(pattern, name) is not None
    return inner in _MIGRATION_FOLDERS and re.fullmatch(pattern, name) is not None


_MIGRATION_SUFFIXES = frozenset((*_IN_MIGRATIONS, "java", "kt", "xml"))
_MIGRATION_FOLDERS = frozenset({"migrations", "migration", "migrate", "db-migrations", "dbmigrations"})


def is_test_values(path: str) -> bool:
    """Whether a file holds values that a chart is tested with, as chart-testing finds them."""
    return basename(dirname(path)) == "ci" and path.endswith(("-values.yaml", "-values.yml"))


def is_called_values(path: str) -> bool:
    """Whether a file is called as values of a chart are, of this repository or of another."""
    name = basename(path)
    return name.endswith((".yaml", ".yml")) and "values" in name


def is_for_tests(path: str, asked: Iterable[str] = ("",)) -> bool:
    """Whether a path lies in a folder of tests in which nothing was asked for; an overlay that is called
    ``test`` may be an environment that people use."""
    parts = path.split("/")
    outermost = next((at for at, part in enumerate(parts) if part in _TEST_FOLDERS), None)
    if outermost is None:
        return False
    folder = "/".join(parts[: outermost + 1])
    return not any(f"{item}/".startswith(f"{folder}/") for item in asked)


def holds_test_data(path: str) -> bool:
    """Whether a path lies among tests, so that a schema there describes no data that anybody keeps."""
    return is_for_tests(path) or "/src/test/" in f"/{path}"


def is_alembic(text: str) -> bool:
    """Whether a Python file in a ``versions`` folder is an Alembic revision: it sets ``revision``."""
    return re.search(_ALEMBIC, text) is not None


def _in_templates(folder: str, charts: Set[str]) -> bool:
    """Whether ``folder`` is, or lies below, ``templates`` of one of the charts."""
    while folder:
        parent, name = dirname(folder), basename(folder)
        if name == "templates" and parent in charts:
            return True
        folder = parent
    return False


_KEYS = (
    r"apiVersion|kind|metadata|openapi|swagger|asyncapi|groups|info|paths|\$schema|type|properties"
    r"|allOf|anyOf|oneOf|title|\$id|\$defs|definitions|consumer|provider|interactions|messages"
)
# The leading "\n" is a literal prefix that the regex engine can search for quickly.
_YAML_KEY = regex(rf"""\n(["']?)({_KEYS})\1[ \t]*:(?=[ \t\r\n]|\Z)[ \t]*([^\n]{{0,80}})""")
_YAML_START = regex(r"(?:[ \t]*(?:#[^\n]*)?\r?\n|(?:---|%)[^\n]*\n)*+([ ]*)")
_JSON_START = r'\s*\{[ \t]*\r?\n([ \t]+)"'
# A string that never ends reaches to the end of the text: stopping short would make the search quadratic.
_JSON_TOKEN = r'(?s)"(?:[^"\\]+|\\.)*+(?:"|\\?\Z)|[{}\[\]]'
_JSON_KEY = rf'"({_KEYS})"\s*:\s*("?[^",}}\n]{{0,80}})'
_FLOW_START = r"(?:\A(?:---(?=\s))?|\n---(?=\s))(?:\s|#[^\n]*\n)*+\{"
_FLOW_TOKEN = (
    r"""(?s)"(?:[^"\\]+|\\.)*+(?:"|\\?\Z)|(?<=[\s,:{\[])'(?:[^']+|'')*+(?:'|\Z)|(?<=\s)#[^\n]*|[{}\[\],]"""
)
_FLOW_KEY = rf"""(?<!\s)\s*+(["']?)({_KEYS})\1\s*:\s*(["']?[^"',}}\n]{{0,80}})"""
_VERSION = regex(r"""["']?\d""")
_SCHEMA = regex(r"""^["']?https?://json-schema\.org/""")
_OBJECT = regex(r"""["']?object["']?[ \t\r]*+\Z""")
_BRANCHES = regex(r"^(?:\[|[ \t\r]*+\Z)")
_ALERT_RULE = regex(
    r"""\n[ \t]*(?:-[ \t]+)?["']?(?:alert|record)["']?[ \t]*:|["'](?:alert|record)["']\s*:"""
    r"""|[{,]\s*(?:alert|record)\s*:"""
)

# Above this many characters, JSON on one line is not scanned token by token (about 0.1 s) but taken by the
# look of its keys alone.
_SCAN_LIMIT = 1_000_000
_LINE_LIMIT = 2_000


def named_kind(path: str, kind: Kind) -> Kind:
    """The kind of a YAML or JSON file whose text tells nothing, if its name does."""
    is_schema = kind is Kind.DATA and path.lower().endswith(_SCHEMA_SUFFIXES)
    return Kind.JSON_SCHEMA if is_schema else kind


def text_kind(text: str, is_json: bool = False) -> Kind:
    """The kind of a YAML or JSON file by its top-level keys; ``DATA`` if these tell nothing.

    A file of several documents has one kind: Kubernetes objects win, then OpenAPI and AsyncAPI, and what is
    nearly an object comes last.
    """
    keys: dict[str, list[str]] = {}
    if is_json or text.lstrip()[:1] == "{":
        _json_keys(text, keys)
    if not is_json:
        _yaml_keys(text, keys)
        _flow_keys(text, keys)
    if "apiVersion" in keys and "kind" in keys:
        backstage = all(value.strip("\"'").startswith("backstage.io/") for value in keys["apiVersion"])
        return Kind.CATALOG if backstage else Kind.KUBERNETES
    if _names_version("openapi", keys) or _names_version("swagger", keys):
        return Kind.OPENAPI
    if _names_version("asyncapi", keys):
        return Kind.ASYNCAPI
    if "groups" in keys and _ALERT_RULE.search(text):
        return Kind.PROMETHEUS_RULES
    if _is_pact(keys):
        return Kind.PACT
    if _is_schema(keys):
        return Kind.JSON_SCHEMA
    is_nearly = "metadata" in keys and ("apiVersion" in keys or "kind" in keys)
    return Kind.KUBERNETES if is_nearly else Kind.DATA


def _is_pact(keys: dict[str, list[str]]) -> bool:
    """Whether it says who expects what of whom: both parties, and interactions or messages."""
    return {"consumer", "provider"} <= keys.keys() and not keys.keys().isdisjoint(
        ("interactions", "messages")
    )


def _is_schema(keys: dict[str, list[str]]) -> bool:
    """Whether it says that it is a JSON Schema, that it is about objects with properties, or that what has a
    name is one of several things, or all of them."""
    is_stated = any(_SCHEMA.search(value) for value in keys.get("$schema", ()))
    is_object = any(map(_OBJECT.match, keys.get("type", ())))
    branches = (value for name in ("allOf", "anyOf", "oneOf") for value in keys.get(name, ()))
    has_branches = any(map(_BRANCHES.match, branches))
    is_named = not keys.keys().isdisjoint(("title", "$id", "$defs", "definitions"))
    return is_stated or (is_object and "properties" in keys) or (has_branches and (is_named or is_object))


def _names_version(key: str, keys: dict[str, list[str]]) -> bool:
    """Whether the key holds a version, or whatever else in a document that has an API's other keys."""
    values = keys.get(key, ())
    return any(_VERSION.match(value) for value in values) or (
        bool(values) and ("info" in keys or "paths" in keys)
    )


def _yaml_keys(text: str, keys: dict[str, list[str]]) -> None:
    start = _YAML_START.match(text)
    indent = start.group(1) if start else ""
    if start and indent:
        text = text[start.end() :].replace("\n" + indent, "\n")
    for match in _YAML_KEY.finditer("\n" + text):
        keys.setdefault(match.group(2), []).append(match.group(3))


def _flow_keys(text: str, keys: dict[str, list[str]]) -> None:
    """Top-level keys of documents in flow style, such as ``--- {apiVersion: v1, kind: Pod}``."""
    for start in re.finditer(_FLOW_START, text):
        end = text.find("\n---", start.end())
        body = text[start.end() - 1 : end if end >= 0 else len(text)]
        for match in re.finditer(_FLOW_KEY, body) if len(body) > _SCAN_LIMIT else _scanned_flow_keys(body):
            keys.setdefault(match.group(2), []).append(match.group(3))


def _scanned_flow_keys(text: str) -> Iterable[re.Match[str]]:
    key = re.compile(_FLOW_KEY)
    depth = 0
    for token in re.finditer(_FLOW_TOKEN, text):
        first = token.group()[0]
        if first in "{[":
            depth += 1
        elif first in "}]":
            depth -= 1
        if depth == 1 and first in "{,":
            match = key.match(text, token.end())
            if match:
                yield match


def _json_keys(text: str, keys: dict[str, list[str]]) -> None:
    """Top-level keys of JSON: by indentation if it is laid out in lines, else by counting brackets."""
    laid_out = re.match(_JSON_START, text)
    matches: Iterable[re.Match[str]]
    if laid_out:
        matches = _keys_of_lines(text, "\n" + laid_out.group(1))
    elif len(text) > _SCAN_LIMIT:
        matches = re.finditer(_JSON_KEY, text)
    else:
        matches = _scanned_keys(text)
    for match in matches:
        keys.setdefault(match.group(1), []).append(match.group(2))


def _keys_of_lines(text: str, begin: str) -> Iterable[re.Match[str]]:
    """The keys that lines begin with, and those that stand behind them in short lines."""
    for match in re.finditer(begin + _JSON_KEY, text):
        yield match
        end = text.find("\n", match.end())
        line = text[match.start(2) : end if end >= 0 else len(text)]
        if len(line) <= _LINE_LIMIT and "," in line:
            yield from _keys_at(0, line)


def _scanned_keys(text: str) -> Iterable[re.Match[str]]:
    return _keys_at(1, text) if re.search(_JSON_KEY, text) else ()


def _keys_at(level: int, text: str) -> Iterable[re.Match[str]]:
    """The keys inside of so many brackets."""
    key = re.compile(_JSON_KEY)
    depth = 0
    for token in re.finditer(_JSON_TOKEN, text):
        first = token.group()[0]
        if first in "{[":
            depth += 1
        elif first in "}]":
            depth -= 1
        elif depth == level:
            match = key.match(text, token.start())
            if match:
                yield match
