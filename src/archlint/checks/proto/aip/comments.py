"""Comments as documentation, after https://google.aip.dev/192: Markdown of a simple kind, right above."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.proto.aip.names import api_linter
from archlint.checks.proto.elements import documented, public_part
from archlint.documents.proto import ProtoFile
from archlint.finding import ObjectRef, Place, Route, Token
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.protobuf import schemas
from archlint.model.protobuf.deprecation import is_deprecated
from archlint.model.world import World

_CODE = regex(r"`[^`\n]*+`")
_MARKUP = (
    ("HTML", "0192::no-html", regex(r"</[a-z][a-z0-9]*+>|<[a-z][a-z0-9]*+ ?/>", re.IGNORECASE)),
    ("a heading", "0192::no-markdown-headings", regex(r"^ ?#{1,6} .*+$", re.MULTILINE)),
    ("a table", "0192::no-markdown-tables", regex(r"^ ?\|?[ :]*+--++[-:| ]*\|[-:| ]*+$", re.MULTILINE)),
)
"""What generators of documentation show as text, or not at all."""

_RELATIVE = regex(r"\[[^\[\]\n]++\]\(((?!#)(?![a-z]++:)[\w./#?=&%~+-]++)\)", re.IGNORECASE)

_MARKS = (
    ("App Engine", r"GAE|gae|AppEngine|App\s+engine"),
    ("BigQuery", r"BQ|Bigquery|Big\s+Query"),
    ("BigQuery ML", r"BQML|bqml"),
    ("Bigtable", r"BigTable|Big\s+Table"),
    ("Bitbucket", r"BitBucket|Bit\s+Bucket"),
    ("Cloud Storage", r"GCS|gcs"),
    ("Compute Engine", r"GCE|gce"),
    ("Dataflow", r"DataFlow|Data\s+Flow"),
    ("Dataprep", r"DataPrep|Data\s+Prep"),
    ("Dialogflow", r"DialogFlow|Dialog\s+Flow"),
    ("Directory Sync", r"GCDS|gcds|DirectorySync"),
    ("G Suite", r"GSuite|gSuite|G-Suite"),
    ("GitHub", r"Github|Git\s+Hub"),
    ("GitLab", r"Gitlab|Git\s+Lab"),
    ("Pub/Sub", r"PubSub|Pubsub|Cloud\s+Pub/Sub"),
    ("Service Mesh", r"GCSM|gcsm"),
    ("Stack Overflow", r"StackOverflow"),
)
"""Names as their owners write them, and as others do; ``ASM`` and ``CDS`` mean other things too."""

_MISSPELT = regex(r"\b(?:" + "|".join(f"({pattern})" for _, pattern in _MARKS) + r")\b")


@dataclass(frozen=True, slots=True)
class Documented:
    """What documentation shows."""

    source: ProtoFile
    route: Route
    object: ObjectRef | None
    """What it belongs to."""
    kind: str
    name: str
    comment: str
    """What stands before it, as far as it is public."""

    @classmethod
    def all(cls, world: World) -> Iterable[Documented]:
        """Everything that a proto file names, but for its oneofs."""
        for schema in world.reading(schemas):
            for kind, name, route, owner in documented(schema):
                if kind != "oneof":
                    comment = public_part(schema.source.comment(route))
                    yield cls(schema.source, route, owner, kind.replace("-", " "), name, comment)

    def place(self) -> Place:
        """Its name."""
        return Place(self.source, self.route)


@check(Documented)
def aip_comment_apart(element: Documented, options: Options) -> Iterator[Observation]:
    """A comment that is meant for readers and does not stand where documentation is made from."""
    behind, apart = element.source.stray_comments(element.route)
    for message_id, comment in (("behind", behind), ("apart", apart)):
        if public_part(comment):
            yield observe(
                element.place(), message_id, identity=(element.name,), kind=element.kind, name=element.name
            )
            return


@check(Documented)
def aip_comment_markup(element: Documented, options: Options) -> Iterator[Observation]:
    """A comment with markup that not all documentation can show."""
    shown = _CODE.sub("", element.comment)
    found = [(what, law, hit[0].strip()) for what, law, sign in _MARKUP if (hit := sign.search(shown))]
    if found:
        yield observe(
            element.place(),
            aliases=[api_linter(law) for _, law, _ in found],
            kind=element.kind,
            name=element.name,
            what=" and ".join(what for what, _, _ in found),
            seen=found[0][2][:40],
        )


@check(Documented)
def aip_comment_link(element: Documented, options: Options) -> Iterator[Observation]:
    """A link that leads somewhere only where the comment was written."""
    found = _RELATIVE.search(_CODE.sub("", element.comment))
    if found:
        yield observe(element.place(), kind=element.kind, name=element.name, target=found[1])


@check(Documented)
def aip_comment_trademark(element: Documented, options: Options) -> Iterator[Observation]:
    """A product whose owner writes its name otherwise."""
    found = _MISSPELT.search(element.comment)
    if found:
        right = _MARKS[(found.lastindex or 1) - 1][0]
        seen = " ".join(found[0].split())
        yield observe(element.place(), kind=element.kind, name=element.name, seen=seen, right=right)


@check(Documented)
def aip_deprecation_unexplained(element: Documented, options: Options) -> Iterator[Observation]:
    """Something deprecated of which no comment says what to use instead."""
    if is_deprecated(element.source, element.route) and not element.comment.startswith("Deprecated:"):
        place = Place(element.source, element.route, Token.VALUE)
        message = "elsewhere" if element.comment.strip() else "default"
        yield observe(place, message, kind=element.kind, name=element.name)
