"""Whether examples and defaults in AsyncAPI documents fit the schemas that they stand by."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.event.spectral import Element, applied_traits, element_of, looked_at, rule_of
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
    for schema, homes in _schemas(description):
        known = tuple(f"spectral:asyncapi-{home}-examples" for home in homes)
        trials += [(Trial(schema, value, _NONE), known) for value in schema.get("examples").elements()]
    yield from _misfits(description, trials)


@check(AsyncDescription)
def asyncapi_default_invalid(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Each default that its schema rejects."""
    trials: _Judged = []
    for schema, homes in _schemas(description):
        if schema.get("default").exists:
            known = tuple(f"spectral:asyncapi-{home}-default" for home in homes)
            trials.append((Trial(schema, schema.get("default"), _NONE), known))
    yield from _misfits(description, trials)


def _schemas(description: AsyncDescription) -> Iterator[tuple[Node, list[str]]]:
    """Each schema, and as what Spectral looks at it in version 2: as a payload, as a schema."""
    seen = looked_at(description)
    payloads = {
        element_of(description.meant(message.get("payload")))
        for part in _MESSAGES
        for message in description.pieces.of(part)
        if element_of(message) in seen
    }
    for schema in description.pieces.of(Piece.SCHEMA):
        is_top = schema.route[:2] == ("components", "schemas") and len(schema.route) == 3
        is_schema = is_top or schema.route[-1:] == ("schema",)
        homes = ["payload"] if element_of(schema) in payloads else []
        homes += ["schema"] if is_schema else []
        yield schema, [] if description.is_third else homes


def _of_messages(description: AsyncDescription) -> Iterator[tuple[Trial, tuple[str, ...]]]:
    """The payloads and headers of the examples of messages."""
    known: tuple[str, ...] = () if description.is_third else _OF_MESSAGES
    for part in _MESSAGES:
        for message in description.pieces.of(part):
            for field in ("payload", "headers"):
                schema = description.part_of(message, field).schema
                for example in _examples(description, message) if schema is not None else ():
                    if example.get(field).exists and schema is not None:
                        yield Trial(schema, example.get(field), _NONE), known


def _examples(description: AsyncDescription, message: Node) -> Iterator[Node]:
    """The examples of a message: its own, and those that a trait gives it."""
    own, given = message.get("examples"), description.effective(message, "examples")
    yield from own.elements()
    if element_of(given) != element_of(own):
        yield from given.elements()


def _misfits(description: AsyncDescription, trials: _Judged) -> Iterator[Observation]:
    judged = {id(trial): aliases for trial, aliases in trials if not refers(trial.value.value)}
    chosen = [trial for trial, _ in trials if id(trial) in judged]
    world = description.references.world
    told = set()  # a trait may give one example to several messages
    for trial, problem, others in misfits(world, Dialect.V3_0, chosen) if chosen else ():
        if element_of(trial.value) in told:
            continue
        told.add(element_of(trial.value))
        yield observe(
            place_of_problem(problem),
            aliases=judged[id(trial)],
            problem=in_words(trial, problem),
            others="" if not others else f" (and {others} more)",
        )


@check(AsyncDescription)
def asyncapi_headers_not_object(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Schemas of headers that do not say that headers are a map."""
    seen = looked_at(description) | applied_traits(description)
    messages = [message for part in _MESSAGES for message in description.pieces.of(part)]
    told = _completed(description)
    for message in sorted(messages, key=lambda each: element_of(each) not in seen):
        known = rule_of(description, "headers-schema-type-object") if element_of(message) in seen else ()
        headers = description.unwrapped(message.get("headers"))
        schema = description.meant(headers.node)
        is_schema = is_judged(headers.language) and (schema.is_map or schema.value is True)
        if not is_schema or element_of(schema) in told:
            continue
        told.add(element_of(schema))
        stated = schema.get("type")
        if not stated.exists:
            yield observe(schema.place(), "untyped", aliases=known)
        elif not stated.is_map and (types_of(schema.value) != ("object",) or stated.is_list):
            yield observe(stated.value_place(), aliases=known, type=stated.value)


def _completed(description: AsyncDescription) -> set[Element]:
    """Schemas of headers that say what they are together with traits, or with what they are traits of."""
    whole: set[Element] = set()
    parts: set[Element] = set()
    for message in description.pieces.of(Piece.MESSAGE):
        traits = [description.meant(trait) for trait in message.get("traits").elements()]
        homes = [each for each in (message, *traits) if each.get("headers").exists]
        if len(homes) > 1:
            schema = description.meant(description.part_of(message, "headers").node)
            found = {element_of(description.meant(each.get("headers"))) for each in homes}
            (whole if schema.is_map and types_of(schema.value) == ("object",) else parts).update(found)
    return whole - parts


@check(AsyncDescription)
def asyncapi_payload_format_unjudged(
    description: AsyncDescription, options: Options
) -> Iterator[Observation]:
    """Payloads in a format that nothing here reads."""
    aliases, seen = rule_of(description, "payload-unsupported-schemaFormat"), looked_at(description)
    for part in _MESSAGES:
        for message in description.pieces.of(part):
            home = description.meant(message.get("payload")) if description.is_third else message
            stated = home.get("schemaFormat")
            if stated.text is not None and not is_judged(stated.text):
                known = aliases if element_of(message) in seen else ()
                yield observe(stated.value_place(), aliases=known, format=stated.text)
