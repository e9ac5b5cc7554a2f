"""Contracts that no pipeline lints, or compares with what they were before.

Sources: the manuals of oasdiff, buf, Spectral, Redocly CLI, Vacuum, Optic, Pact, Schemathesis, Protolint and
others, for the names by which they are run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archlint.documents import Document
from archlint.files import API_DESCRIPTIONS, Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.sources.left_out import is_left_out
from archlint.model.workflows.scripts import pipeline_texts
from archlint.model.workflows.steps import steps_by_job, workflow_documents
from archlint.model.workflows.strangers import OF_PULLS, starts_of
from archlint.model.world import World

_PROGRAMS = regex(
    r"(?i)(?<![a-z0-9])(?:oasdiff|buf|bufbuild|optic|useoptic|spectral|redocly|vacuum|pact\w{0,20}|schemathesis"
    r"|archlint|protolint|prototool|protolock|api-linter|dredd|specmatic|microcks|zally|asyncapi|apicurio"
    r"|super-?linter|mega-?linter|schema-registry|swagger-(?:diff|cli|parser|brake|validator|request-validator)"
    r"|open-?api-(?:diff|changes|compare|lint\w{0,4}|style-validator|spec-validator|schema-validator)"
    r"|lint-openapi|spring-cloud-contract|speakeasy|fern-api|tufin|prism|portman|tcases)(?![a-z0-9])"
)
"""Programs and actions that lint contracts, compare them, or hold services to them."""
_NAMED_SO = regex(
    r"(?i)(?:lint|valid|diff|break|compat|check|verif|test)[a-z]{0,10}[-_:./ ]{1,2}(?:[a-z]{1,12}[-_:]){0,2}"
    r"(?:proto|open-?api|swagger|avro|contract|schema|api-?spec|avsc)"
    r"|(?:proto|open-?api|swagger|avro|contract|schema|api-?spec|avsc)[a-z]{0,6}[-_:./ ]{1,2}"
    r"(?:[a-z]{1,12}[-_:]){0,2}(?:lint|valid|diff|break|compat|check|verif|test)"
)
"""Names of commands and jobs of a team's own."""
_BUILDS = regex(r"(?i)build|test|compile|package|publish|push|install|release")
_LONGEST = 50_000


@dataclass(frozen=True, eq=False)
class UnguardedContracts:
    """The contracts of a repository whose pipelines do nothing with them."""

    workflow: Document
    """Where they could: the first that pull requests start, else the first."""
    paths: Sequence[str]

    @classmethod
    def all(cls, world: World) -> Iterable[UnguardedContracts]:
        """At most one."""
        kinds = (*API_DESCRIPTIONS, Kind.PROTO, Kind.AVRO, Kind.AVRO_IDL)
        paths = [path for path in sorted(world.paths(*kinds)) if not is_left_out(path)]
        workflows = [item for item in workflow_documents(world) if _works(item)] if paths else []
        texts = world.fact(pipeline_texts) if workflows else None
        if texts is not None and not any(map(_may_guard, texts.values())):
            yield cls(next(filter(_is_of_pulls, workflows), workflows[0]), paths)

    @property
    def source(self) -> Document:
        """The workflow."""
        return self.workflow

    @property
    def object(self) -> ObjectRef | None:
        """None: it is about the repository."""
        return None


def _works(workflow: Document) -> bool:
    """Whether a workflow builds, tests or publishes something."""
    return any(
        _BUILDS.search(text)
        for _, step in steps_by_job(workflow)
        for text in (step.get("run").text, step.get("uses").text)
        if text and len(text) <= _LONGEST
    )


def _is_of_pulls(workflow: Document) -> bool:
    return any(start.event in OF_PULLS for start in starts_of(workflow.root))


def _may_guard(text: str) -> bool:
    return _PROGRAMS.search(text) is not None or _NAMED_SO.search(text) is not None
