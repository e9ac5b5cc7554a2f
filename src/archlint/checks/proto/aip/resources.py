"""Resources: their types, names and references, after https://google.aip.dev/122 and the next proposal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.proto.aip.names import api_linter, fields_of
from archlint.checks.proto.cycles import PackageCycles, cycles_of
from archlint.finding import Place, Token
from archlint.finding.regex import regex
from archlint.model.protobuf import Field, Label, ProtoSchema
from archlint.model.protobuf.annotations import (
    RESOURCE_DEFINITION,
    FieldBehavior,
    behaviors_of,
    defined_resources,
    knows_annotations,
    reference_of,
    resource_of,
)
from archlint.model.protobuf.resources import ApiResource, lower_camel, resources_by_message, snake
from archlint.model.world import World

_TYPE = regex(r"[^/]++/[A-Z][A-Za-z0-9]*+")
_ANY_TYPE = regex(r"[^/]++/[^/]++")
_VARIABLE = regex(r"\{([^{}=]++)(?:=[^{}]*+)?\}")
_IDS = regex(r"\{[a-z][a-z0-9_]*+\}(?:[-_.~]?\{[a-z][a-z0-9_]*+\})*+")


@check(ProtoSchema)
def aip_resource_unannotated(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A message that looks like a resource and does not say of which type it is."""
    if not knows_annotations(schema.source):
        return
    for message in schema.messages:
        if len(message.route) > 2 or message.name.endswith(("Request", "Response")):
            continue
        if message.field_called("name") is not None and resource_of(message) is None:
            yield observe(message.place(), object=message.object, name=message.name)


@check(ApiResource)
def aip_resource_name_field(resource: ApiResource, options: Options) -> Iterator[Observation]:
    """A resource whose name is missing, no text, or may be left out."""
    wanted = resource.said.name_field
    field = resource.name
    if field is None:
        yield observe(
            resource.message.place(),
            "missing",
            aliases=[api_linter("0123::resource-name-field")],
            name=wanted,
            resource=resource.message.name,
        )
    elif field.declared_type != "string":
        yield observe(
            field.place(),
            "type",
            aliases=[api_linter("0123::resource-name-field")],
            name=wanted,
            type=field.type_text,
        )
    elif field.label is Label.OPTIONAL:
        yield observe(
            field.place(), "optional", aliases=[api_linter("0123::name-never-optional")], name=wanted
        )


@check(ApiResource)
def aip_resource_type(resource: ApiResource, options: Options) -> Iterator[Observation]:
    """A type of resource that is malformed, or has another name than its message."""
    if not _TYPE.fullmatch(resource.said.type):
        is_other = resource.said.type.rpartition("/")[2] != resource.message.name
        laws = ("name", "message") if is_other else ("name",)
        yield observe(
            resource.place(),
            aliases=[api_linter(f"0123::resource-type-{law}") for law in laws],
            type=resource.said.type,
        )
    elif resource.noun != resource.message.name:
        yield observe(
            resource.place(),
            "message",
            aliases=[api_linter("0123::resource-type-message")],
            type=resource.said.type,
            message=resource.message.name,
        )


@check(ProtoSchema)
def aip_resource_definition(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A resource that a file defines without a message, and that is malformed."""
    for at, said in enumerate(defined_resources(schema)):
        laws = [] if _ANY_TYPE.fullmatch(said.type) else ["0123::resource-definition-type-name"]
        laws += [] if said.patterns else ["0123::resource-definition-pattern"]
        if any(_variable_problem(pattern) for pattern in said.patterns):
            laws.append("0123::resource-definition-variables")
        if laws:
            yield observe(
                Place(schema.source, ("option", RESOURCE_DEFINITION, at), Token.VALUE),
                identity=(said.type,),
                aliases=map(api_linter, laws),
                type=said.type,
                problem=_PROBLEMS[laws[0]],
            )


_PROBLEMS = {
    "0123::resource-definition-type-name": "its type is not of the form 'service.example/Type'",
    "0123::resource-definition-pattern": "it has no pattern",
    "0123::resource-definition-variables": "a variable of its pattern is not in snake_case, or ends in '_id'",
}


@check(ApiResource)
def aip_resource_pattern(resource: ApiResource, options: Options) -> Iterator[Observation]:
    """A pattern of names that is missing or malformed."""
    if not resource.said.patterns:
        yield observe(
            resource.place(),
            "missing",
            aliases=[api_linter("0123::resource-pattern")],
            resource=resource.message.name,
        )
        return
    problems: dict[str, tuple[str, str]] = {}
    for pattern in resource.said.patterns:
        for law, problem in _pattern_problems(pattern):
            problems.setdefault(law, (pattern, problem))
    if problems:
        pattern, problem = next(iter(problems.values()))
        yield observe(
            resource.place(),
            aliases=map(api_linter, problems),
            identity=(resource.said.type,),
            pattern=pattern,
            problem=problem,
        )


def _pattern_problems(pattern: str) -> Iterator[tuple[str, str]]:
    """The laws that a pattern breaks, each with what is wrong."""
    problem = _variable_problem(pattern)
    if problem:
        yield "0123::resource-variables", problem
    if not pattern[:1].islower():
        yield "0122::resource-collection-identifiers", "it does not begin with a collection in lower case"
    segments = pattern.split("/")
    for segment in segments:
        if "{" not in segment and segment[:1].isupper():
            yield "0122::resource-collection-identifiers", f"collection '{segment}' begins with a capital"
        if "{" not in segment and "_" in segment:
            yield "0123::resource-pattern", f"collection '{segment}' is not in camelCase"
    for at, segment in enumerate(segments if pattern != "*" else ()):
        if at % 2 and not _IDS.fullmatch(segment):
            yield "0123::resource-name-components-alternate", f"'{segment}' stands where an id should"
        if not at % 2 and "{" in segment:
            yield "0123::resource-name-components-alternate", f"'{segment}' stands where a collection should"


def _variable_problem(pattern: str) -> str:
    """What is wrong with the name of a variable in a pattern; empty if nothing is."""
    for name in _VARIABLE.findall(pattern):
        if name.endswith("_id"):
            return f"variable '{name}' ends in '_id', which says nothing"
        if name != name.lower():
            return f"variable '{name}' is not in snake_case"
    return ""


@check(ApiResource)
def aip_resource_noun(resource: ApiResource, options: Options) -> Iterator[Observation]:
    """A resource that does not say what one and several of it are called."""
    said = resource.said
    laws: list[str] = []
    singular = lower_camel(resource.noun)
    if said.singular != singular or not singular:
        laws.append("0123::resource-singular")
    if said.plural != lower_camel(said.plural) or not said.plural:
        laws.append("0123::resource-plural")
    if laws:
        shown = [f'singular: "{singular}"'] if laws[0].endswith("singular") else []
        shown += ['plural in lowerCamelCase, such as "books"'] if laws[-1].endswith("plural") else []
        yield observe(
            resource.place(),
            aliases=map(api_linter, laws),
            resource=resource.message.name,
            wanted=" and ".join(shown),
        )


@check(ApiResource)
def aip_resource_noun_unused(resource: ApiResource, options: Options) -> Iterator[Observation]:
    """A pattern of names that calls the resource otherwise than its singular and plural do."""
    said = resource.said
    singular = said.singular or resource.noun
    laws: dict[str, tuple[str, str]] = {}
    for pattern in said.patterns:
        segments = pattern.split("/")
        if not pattern.endswith("}"):  # there is one in each parent
            if len(segments) > 1 and snake(segments[-1]) != snake(singular):
                laws.setdefault("0123::resource-pattern-singular", (pattern, lower_camel(singular)))
            continue
        if segments[-1] not in _ids(snake(singular), segments):
            laws.setdefault("0123::resource-pattern-singular", (pattern, f"{{{snake(singular)}}}"))
        if said.plural and len(segments) > 1 and segments[-2] not in _plurals(said.plural, segments):
            laws.setdefault("0123::resource-pattern-plural", (pattern, said.plural))
    if laws:
        pattern, wanted = next(iter(laws.values()))
        yield observe(
            resource.place(),
            aliases=map(api_linter, laws),
            identity=(said.type,),
            pattern=pattern,
            wanted=wanted,
        )


def _ids(singular: str, segments: Sequence[str]) -> tuple[str, ...]:
    """How the last variable of a pattern may be called: without what the parent says already."""
    parent = segments[-3].strip("{}") if len(segments) > 2 else ""
    short = singular.removeprefix(f"{parent}_") if parent else singular
    return f"{{{singular}}}", f"{{{short}}}"


def _plurals(plural: str, segments: Sequence[str]) -> tuple[str, ...]:
    parent = lower_camel(segments[-3].strip("{}")) if len(segments) > 2 else ""
    short = plural.removeprefix(parent) if parent else ""
    return (plural, short[:1].lower() + short[1:]) if short not in ("", plural) else (plural,)


def resources_by_type(world: World) -> Mapping[str, Sequence[ApiResource]]:
    """All resources by their type."""
    found: dict[str, list[ApiResource]] = {}
    for resource in world.all(ApiResource):
        found.setdefault(resource.said.type, []).append(resource)
    return found


@join(ApiResource)
def aip_resource_twice(resource: ApiResource, world: World, options: Options) -> Iterator[Observation]:
    """A type of resource that two messages are, of one file or of one that it imports."""
    near = {resource.source.path, *(item.target for item in resource.source.imports)}
    for other in world.fact(resources_by_type)[resource.said.type]:
        if other.message.full_name != resource.message.full_name and other.source.path in near:
            yield observe(
                resource.place(),
                related=[(other.place(), "the other message")],
                type=resource.said.type,
                message=resource.message.name,
                other=other.message.full_name,
            )
            return


@check(ProtoSchema)
def aip_reference_not_text(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A reference to a resource at a field that cannot hold a name."""
    for field in fields_of(schema):
        holds_names = field.type == "string" and field.label is not Label.MAP
        if not holds_names and reference_of(field) is not None:
            yield observe(field.place("reference"), name=field.name, type=field.type_text)


@join(ApiResource)
def aip_resource_embedded(resource: ApiResource, world: World, options: Options) -> Iterator[Observation]:
    """A resource that holds another one instead of its name."""
    known = world.fact(resources_by_message)
    for field in resource.message.fields:
        other = known.get(field.type_name)
        is_revision = resource.message.full_name == f"{field.type_name}Revision"
        if other is not None and field.label is not Label.MAP and not is_revision:
            yield observe(field.place("type"), name=field.name, type=other.said.type)


@check(ApiResource)
def aip_self_link(resource: ApiResource, options: Options) -> Iterator[Observation]:
    """A resource that holds its own address beside its name."""
    field = resource.field("self_link")
    if field is not None and field.type == "string":
        yield observe(field.place(), resource=resource.message.name)


@check(ApiResource)
def aip_resource_id(resource: ApiResource, options: Options) -> Iterator[Observation]:
    """A resource whose unique id is called otherwise than those of all others."""
    field = resource.field("id")
    if field is not None:
        yield observe(field.place(), resource=resource.message.name)


@check(ProtoSchema)
def aip_state_apart(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """The states of a message in an enum beside it, or in it under a name that says so again."""
    names = {message.name for message in schema.messages if len(message.route) == 2}
    for enum in schema.enums:
        owner = enum.name.removesuffix("State")
        if owner != enum.name and owner in names:
            is_inside = enum.route[1] == owner
            yield observe(
                enum.place(),
                "inside" if is_inside else "default",
                object=enum.object,
                name=enum.name,
                message=owner,
            )


@join(ApiResource)
def aip_reference_cycle(resource: ApiResource, world: World, options: Options) -> Iterator[Observation]:
    """Resources that refer to each other in a circle that callers can change."""
    ways = world.fact(reference_cycles)
    for field in resource.message.fields:
        target = _mutable_target(field)
        way = ways.way(resource.said.type, target) if target else ()
        if target == resource.said.type:
            way = (target, target)
        if way:
            yield observe(field.place("reference"), name=field.name, way=" -> ".join(way))


def reference_cycles(world: World) -> PackageCycles:
    """The circles of references among the types of all resources."""
    edges: dict[str, list[str]] = {}
    for resource in world.all(ApiResource):
        targets = edges.setdefault(resource.said.type, [])
        targets += filter(None, map(_mutable_target, resource.message.fields))
    for targets in list(edges.values()):
        for target in targets:
            edges.setdefault(target, [])
    return cycles_of(edges)


def _mutable_target(field: Field) -> str:
    """The type of resource that a field refers to, if callers can set it."""
    reference = reference_of(field)
    is_set = reference is not None and FieldBehavior.OUTPUT_ONLY not in behaviors_of(field)
    return reference.type if reference is not None and is_set else ""


@join(ProtoSchema)
def aip_reference_foreign(schema: ProtoSchema, world: World, options: Options) -> Iterator[Observation]:
    """A reference to a resource that another package defines, in a file that this one imports."""
    known = world.fact(resources_by_type)
    near = {item.target for item in schema.source.imports}
    for field in fields_of(schema):
        reference = reference_of(field)
        found = known.get(reference.type or reference.child_type, ()) if reference is not None else ()
        packages = {item.source.descriptor.package for item in found if item.source.path in near}
        own = {item.source.descriptor.package for item in found}
        if packages and schema.package not in own:
            yield observe(
                field.place("reference"),
                name=field.name,
                type=found[0].said.type,
                package=min(packages),
            )
