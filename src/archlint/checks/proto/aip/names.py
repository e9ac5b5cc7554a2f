"""Names of fields, enums and their values, after https://google.aip.dev/140 and what follows it."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.proto.elements import documented
from archlint.finding import Place
from archlint.finding.regex import regex
from archlint.model.protobuf import Enum, Field, Label, ProtoSchema
from archlint.model.protobuf.annotations import reference_of

TIMESTAMP = "google.protobuf.Timestamp"

_ABBREVIATED = {
    "configuration": "config",
    "identifier": "id",
    "information": "info",
    "specification": "spec",
    "statistics": "stats",
}
"""https://google.aip.dev/140#abbreviations"""

_CODES = {
    "content_type": "mime_type",
    "country": "region_code",
    "country_code": "region_code",
    "currency": "currency_code",
    "lang": "language_code",
    "language": "language_code",
    "mime": "mime_type",
    "mimetype": "mime_type",
    "timezone": "time_zone",
    "tz": "time_zone",
}
"""https://google.aip.dev/143"""

_PEOPLE = {"first_name": "given_name", "last_name": "family_name"}
"""https://google.aip.dev/148"""

_MOODS = {
    "created": "create",
    "creation": "create",
    "expired": "expire",
    "modified": "update",
    "purged": "purge",
    "updated": "update",
}
"""https://google.aip.dev/142"""

_STATES = {
    "CANCELED": "CANCELLED",
    "CANCELING": "CANCELLING",
    "FAIL": "FAILED",
    "FAILURE": "FAILED",
    "READY": "ACTIVE",
    "SUCCESS": "SUCCEEDED",
    "SUCCESSFUL": "SUCCEEDED",
}
"""https://google.aip.dev/216"""

PREPOSITIONS = frozenset(
    (
        *("after", "at", "before", "between", "but", "by", "except", "for", "from", "in", "including"),
        *("into", "of", "over", "since", "to", "toward", "under", "upon", "with", "within", "without"),
    )
)
"""Words that no name of a field or a method should have: https://google.aip.dev/140#prepositions"""

_OF_LANGUAGES = {
    "Java": "abstract assert boolean break byte case catch char class const continue default do double else "
    "enum extends final finally float for goto if implements import instanceof int interface long native new "
    "package private protected public return short static strictfp super switch synchronized this throw "
    "throws transient try void volatile while",
    "JavaScript": "arguments await break case catch class const continue debugger default delete do else "
    "enum eval export extends false finally for function if implements import in instanceof interface let "
    "new null package private protected public return static super switch this throw true try typeof var "
    "void while with yield",
    "Python": "and as assert async await break class continue def del elif else except finally for from "
    "global if import in is lambda nonlocal not or pass raise return self try while with yield",
}
_KEYWORDS = {language: frozenset(words.split()) for language, words in _OF_LANGUAGES.items()}
"""Words that no variable can be called, from the reference of each language."""

_OF_TIMES = frozenset(
    {"at", "date", "last", "millis", "ms", "sec", "seconds", "time", "times", "timestamp", "ts"}
)
"""Words that say of a time that it is one."""

_CASES = {"message": "message", "rpc": "method", "service": "service"}
_CAPITAL = regex(r"(?<=[a-z0-9])(?=[A-Z])")
_CAPITALS = regex(r"[A-Z]{2,}+(?![a-z])|[A-Z]{2,}(?=[A-Z][a-z])")
_RUN_OF_CAPITALS = regex(r"[A-Z]{2}(?!uth)")
"""Two capitals; ``OAuth`` is a word of its own."""


def api_linter(law: str) -> str:
    """The id of a rule of Google's linter without what all of them begin with."""
    return f"api-linter:core::{law}"


@check(ProtoSchema)
def aip_word_irregular(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A word for which all APIs have another one, or a shorter one."""
    for kind, name, route, owner in documented(schema):
        if kind == "oneof":
            continue
        proposal = _abbreviated(name)
        if proposal != name:
            yield observe(
                Place(schema.source, route),
                object=owner,
                aliases=[api_linter("0140::abbreviations")],
                kind=kind.replace("-", " ").capitalize(),
                name=name,
                proposal=proposal,
            )
    for field in fields_of(schema):
        laws, proposal = _usual_name(field)
        if laws:
            yield observe(
                field.place(),
                "field",
                aliases=map(api_linter, laws),
                name=field.name,
                proposal=proposal,
            )


def _abbreviated(name: str) -> str:
    """A name in any style with short words for those that are always abbreviated."""
    if name.isupper() or "_" in name or name.islower():
        words = name.split("_")
        return "_".join(_in_case_of(word, _ABBREVIATED.get(word.lower(), word)) for word in words)
    return "".join(
        _in_case_of(word, _ABBREVIATED.get(word.lower(), word)) for word in _CAPITAL.split(name) if word
    )


def _in_case_of(word: str, other: str) -> str:
    """Another word with capitals where the first has them."""
    if other == word:
        return word
    return other.upper() if word.isupper() else other.capitalize() if word[0].isupper() else other


def _usual_name(field: Field) -> tuple[list[str], str]:
    """The laws that a field's name breaks, and the name that it should have."""
    name = field.name
    laws: list[str] = []
    proposal = name
    if field.type_name == TIMESTAMP and field.label is not Label.MAP:
        proposal = _time_name(name.split("_"), may_be_many=field.label is Label.REPEATED)
        laws += ["0142::time-field-names"] if proposal != name else []
    if name.startswith("num_"):
        laws.append("0141::count-suffix")
        proposal = f"{name.removeprefix('num_').removesuffix('s')}_count"
    if name in _CODES and reference_of(field) is None:
        laws.append("0143::standardized-codes")
        proposal = _CODES[name]
    if name in _PEOPLE:
        laws.append("0148::human-names")
        proposal = _PEOPLE[name]
    return laws, proposal


def _time_name(words: list[str], *, may_be_many: bool) -> str:
    """The name that a time should have, which is its own if that says what happens at that time."""
    moved = [_MOODS.get(word, word) for word in words]
    is_time = len(words) > 1 and (words[-1] == "time" or (may_be_many and words[-1] == "times"))
    return "_".join(words) if is_time and moved == words else _as_time(moved)


def _as_time(words: list[str]) -> str:
    """The name of a time that some words are about."""
    kept = [word for word in words if word not in _OF_TIMES]
    return "_".join([*kept, "time"]) if kept else "create_time"


@check(ProtoSchema)
def aip_field_preposition(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A field whose name says how it relates to something, where a noun would do."""
    for field in fields_of(schema):
        found = [word for word in field.name.split("_") if word in PREPOSITIONS]
        if found and field.name not in options["except"]:
            yield observe(field.place(), name=field.name, word=found[0])


@check(ProtoSchema)
def aip_field_keyword(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A field that cannot keep its name in generated code."""
    for field in fields_of(schema):
        languages = [name for name, words in _KEYWORDS.items() if field.name in words]
        if languages:
            shown = " and ".join(languages) if len(languages) < 3 else "Java, JavaScript and Python"
            yield observe(field.place(), name=field.name, languages=shown)


@check(ProtoSchema)
def aip_field_number_word(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A word of a field's name that begins with a digit, which styles of names without ``_`` cannot show."""
    for field in fields_of(schema):
        word = next((word for word in field.name.split("_") if word[:1].isdigit()), None)
        if word is not None:
            yield observe(field.place(), name=field.name, word=word)


@check(ProtoSchema)
def aip_field_name_suffix(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A field called after the name of a thing, which is called after the thing itself."""
    for message in schema.messages:
        beside = {field.name for field in message.fields}
        for field in message.fields:
            proposal = field.name.removesuffix("_name")
            is_reference = proposal != field.name and not field.name.endswith(tuple(options["except"]))
            if is_reference and proposal not in beside:
                yield observe(field.place(), name=field.name, proposal=proposal)


@check(ProtoSchema)
def aip_name_capitals(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """An abbreviation in capitals, after which nobody knows where the next word begins."""
    for kind, name, route, owner in documented(schema):
        if kind in _CASES and name[0].isupper() and "_" not in name and _RUN_OF_CAPITALS.search(name):
            yield observe(
                Place(schema.source, route),
                object=owner,
                aliases=[api_linter(f"0190::{_CASES[kind]}-case")],
                kind=_CASES[kind].capitalize(),
                name=name,
                proposal=lower_runs(name),
            )


def lower_runs(name: str) -> str:
    """A name in which only the first letter of each word is a capital: ``XMLHttp`` is ``XmlHttp``."""
    return _CAPITALS.sub(lambda found: found[0][0] + found[0][1:].lower(), name)


@check(Enum)
def aip_state_word(enum: Enum, options: Options) -> Iterator[Observation]:
    """A state, or one of its values, under another word than other APIs have."""
    if enum.name.endswith("Status"):
        proposal = enum.name.removesuffix("Status") + "State"
        yield observe(enum.place(), aliases=[api_linter("0216::synonyms")], name=enum.name, proposal=proposal)
    if not enum.name.endswith("State"):
        return
    for value in enum.values:
        if value.name in _STATES:
            yield observe(
                value.place(),
                "value",
                aliases=[api_linter("0216::value-synonyms")],
                name=value.name,
                proposal=_STATES[value.name],
            )


def fields_of(schema: ProtoSchema) -> Iterator[Field]:
    """The fields of all messages of a file."""
    return (field for message in schema.messages for field in message.fields)
