"""Comments as documentation, after https://google.aip.dev/192: Markdown of a simple kind, right above."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.proto.aip.names import api_linter
from archlint.checks.proto.elements import documented, public_part
from archlint.finding import ObjectRef, Place, Token
from archlint.finding.regex import regex
from archlint.model.protobuf import ProtoSchema
from archlint.model.protobuf.deprecation import is_deprecated

_CODE = regex(r"`[^`\n]*+`")
_MARKUP = (
    ("HTML", "0192::no-html", regex(r"</[a-z][a-z0-9]*+>|<[a-z][a-z0-9]*+ ?/>", re.IGNORECASE)),
    ("a heading", "0192::no-markdown-headings", regex(r"^ ?#{1,6} .*+$", re.MULTILINE)),
    ("a table", "0192::no-markdown-tables", regex(r"^ ?\|?[ :]*+--++[-:| ]*\|[-:| ]*+$", re.MULTILINE)),
)
"""What generators of documentation show as text, or not at all."""

_RELATIVE = regex(r"\[[^\[\]\n]++\]\(((?!#)(?![a-z]++:)[\w./#?=&%~+-]++)\)", re.IGNORECASE)

_MARKS = (
    ("App Engine", r"AppEngine|App\s+engine"),
    ("BigQuery", r"Bigquery|Big\s+Query"),
    ("Bigtable", r"BigTable|Big\s+Table"),
    ("Bitbucket", r"BitBucket"),
    ("Cloud Storage", r"GCS|gcs"),
    ("Compute Engine", r"GCE|gce"),
    ("Dataflow", r"DataFlow|Data\s+Flow"),
    ("Dataprep", r"DataPrep"),
    ("Dialogflow", r"DialogFlow"),
    ("G Suite", r"GSuite|G-Suite"),
    ("GitHub", r"Github"),
    ("GitLab", r"Gitlab"),
    ("Pub/Sub", r"PubSub|Pubsub|Cloud\s+Pub/Sub"),
    ("Stack Overflow", r"StackOverflow"),
)
"""Names as their owners write them, and as others do."""

_MISSPELT = regex(r"\b(?:" + "|".join(f"({pattern})" for _, pattern in _MARKS) + r")\b")

_Element = tuple[str, str, Place, ObjectRef | None, str]


def _elements(schema: ProtoSchema) -> Iterator[_Element]:
    """What documentation shows: kind, name, place, owner, and the comment as far as it is public."""
    for kind, name, route, owner in documented(schema):
        if kind != "oneof":
            place = Place(schema.source, route)
            yield kind.replace("-", " "), name, place, owner, public_part(schema.source.comment(route))


@check(ProtoSchema)
def aip_comment_apart(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A comment that is meant for readers and does not stand where documentation is made from."""
    for kind, name, place, owner, _ in _elements(schema):
        behind, apart = schema.source.stray_comments(place.route)
        for message_id, comment in (("behind", behind), ("apart", apart)):
            if public_part(comment):
                yield observe(place, message_id, object=owner, identity=(name,), kind=kind, name=name)
                break


@check(ProtoSchema)
def aip_comment_markup(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A comment with markup that not all documentation can show."""
    for kind, name, place, owner, comment in _elements(schema):
        shown = _CODE.sub("", comment)
        found = [(what, law, hit[0].strip()) for what, law, sign in _MARKUP if (hit := sign.search(shown))]
        if found:
            yield observe(
                place,
                object=owner,
                aliases=[api_linter(law) for _, law, _ in found],
                kind=kind,
                name=name,
                what=" and ".join(what for what, _, _ in found),
                seen=found[0][2][:40],
            )


@check(ProtoSchema)
def aip_comment_link(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A link that leads somewhere only where the comment was written."""
    for kind, name, place, owner, comment in _elements(schema):
        found = _RELATIVE.search(_CODE.sub("", comment))
        if found:
            yield observe(place, object=owner, kind=kind, name=name, target=found[1])


@check(ProtoSchema)
def aip_comment_trademark(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A product whose owner writes its name otherwise."""
    for kind, name, place, owner, comment in _elements(schema):
        found = _MISSPELT.search(comment)
        if found:
            right = _MARKS[(found.lastindex or 1) - 1][0]
            seen = " ".join(found[0].split())
            yield observe(place, object=owner, kind=kind, name=name, seen=seen, right=right)


@check(ProtoSchema)
def aip_deprecation_unexplained(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """Something deprecated of which no comment says what to use instead."""
    for kind, name, place, owner, comment in _elements(schema):
        if is_deprecated(schema.source, place.route) and not comment.startswith("Deprecated:"):
            yield observe(Place(schema.source, place.route, Token.VALUE), object=owner, kind=kind, name=name)
