"""Whether examples and defaults in AsyncAPI documents fit the schemas that they stand by."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.event.spectral import rule_of
from archlint.checks.oas.instances import Trial, in_words, misfits, place_of_problem, refers
from archlint.documents import Node
from archlint.model.asyncapi import AsyncDescription, Piece
from archlint.model.event_formats import is_judged
from archlint.model.openapi import Dialect, types_of

_NONE: frozenset[str] = frozenset()
_OF_MESSAGES = ("spectral:asyncapi-message-examples",)
_Judged = list[tuple[Trial, tuple[str, ...]]]
_MESSAGES = (Piece.MESSAGE, Piece.MESSAGE_TRAIT)


@check(AsyncDescription)
def asyncapi_example_invalid(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Each example that its schema rejects."""
    trials: _Judged = list(_of_messages(description))
    for schema in description.pieces.of(Piece.SCHEMA):
        listed = schema.get("examples")
        alias = f"spectral:asyncapi-{_home(schema)}-examples"
        known = (alias,) if _home(schema) and not description.is_third else ()
        trials += [(Trial(schema, value, _NONE), known) for value in listed.elements()]
    yield from _misfits(description, trials)


@check(AsyncDescription)
def asyncapi_default_invalid(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Each default that its schema rejects."""
    trials: _Judged = []
    for schema in description.pieces.of(Piece.SCHEMA):
        if schema.get("default").exists:
            alias = f"spectral:asyncapi-{_home(schema)}-default"
            known = (alias,) if _home(schema) and not description.is_third else ()
            trials.append((Trial(schema, schema.get("default"), _NONE), known))
    yield from _misfits(description, trials)


def _home(schema: Node) -> str:
    """Whether Spectral looks at a schema as a payload, or as a schema; others it does not look at."""
    if schema.route[-1:] == ("payload",):
        return "payload"
    is_top = schema.route[:2] == ("components", "schemas") and len(schema.route) == 3
    return "schema" if is_top or schema.route[-1:] == ("schema",) else ""


def _of_messages(description: AsyncDescription) -> Iterator[tuple[Trial, tuple[str, ...]]]:
    """The payloads and headers of the examples of messages."""
    known: tuple[str, ...] = () if description.is_third else _OF_MESSAGES
    for part in _MESSAGES:
        for message in description.pieces.of(part):
            for field in ("payload", "headers"):
                schema = description.schema_of(message, field)
                for example in message.get("examples").elements() if schema is not None else ():
                    if example.get(field).exists and schema is not None:
                        yield Trial(schema, example.get(field), _NONE), known


def _misfits(description: AsyncDescription, trials: _Judged) -> Iterator[Observation]:
    judged = {id(trial): aliases for trial, aliases in trials if not refers(trial.value.value)}
    chosen = [trial for trial, _ in trials if id(trial) in judged]
    world = description.references.world
    for trial, problem, others in misfits(world, Dialect.V3_0, chosen) if chosen else ():
        yield observe(
            place_of_problem(problem),
            aliases=judged[id(trial)],
            problem=in_words(trial, problem),
            others="" if not others else f" (and {others} more)",
        )


@check(AsyncDescription)
def asyncapi_headers_not_object(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Schemas of headers that do not say that headers are a map."""
    aliases = rule_of(description, "headers-schema-type-object")
    told = set()
    for part in _MESSAGES:
        for message in description.pieces.of(part):
            schema = description.meant(message.get("headers"))
            if schema.get("schemaFormat").exists:
                if not is_judged(schema.get("schemaFormat").text):
                    continue
                schema = description.meant(schema.get("schema"))
            where = schema.document.path, schema.route
            if not schema.is_map or where in told:
                continue
            told.add(where)
            stated = schema.get("type")
            if not stated.exists:
                yield observe(schema.place(), "untyped", aliases=aliases)
            elif types_of(schema.value) != ("object",) or stated.is_list:
                yield observe(stated.value_place(), aliases=aliases, type=stated.value)


@check(AsyncDescription)
def asyncapi_payload_format_unjudged(
    description: AsyncDescription, options: Options
) -> Iterator[Observation]:
    """Payloads in a format that nothing here reads."""
    aliases = rule_of(description, "payload-unsupported-schemaFormat")
    for part in _MESSAGES:
        for message in description.pieces.of(part):
            home = description.meant(message.get("payload")) if description.is_third else message
            stated = home.get("schemaFormat")
            if stated.text is not None and not is_judged(stated.text):
                yield observe(stated.value_place(), aliases=aliases, format=stated.text)
