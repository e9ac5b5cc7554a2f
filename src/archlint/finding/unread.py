"""What archlint saw and did not read, with the reason: nothing of it may be called checked.

The reasons stand in one table. Whoever meets something new that is not read adds a line there, and makes an
``Unread`` where it is met: reading a file, listing files, or building objects from several files.
"""

from __future__ import annotations

from types import MappingProxyType

from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or one document of it, that was not read."""

    path: str
    reason: str
    """A key of ``REASONS``."""
    document: int | None = None
    """The document, from 0, where the others of the file were read."""
    detail: str = ""
    """What exactly it is, in few words, such as the kind of a resource."""

    def sort_key(self) -> tuple[str, int, str, str]:
        """The order of all reports."""
        return (self.path, -1 if self.document is None else self.document, self.reason, self.detail)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not read: what it is called, one and many, and a sentence for the inventory."""

    one: str
    many: str
    why: str


HELM_ABSENT = "charts are rendered where the package helm-python-sdk is installed beside archlint"
"""The detail of templates that are not rendered since the extra is missing."""

REASONS = MappingProxyType(
    {
        "chart-not-rendered": Reason(
            "chart template", "chart templates", "Templates of a Helm chart are not rendered."
        ),
        "avro-idl": Reason(
            "Avro IDL file",
            "Avro IDL files",
            "Avro's IDL is not read; schemas in JSON are, which `avro-tools idl2schemata` makes of it.",
        ),
        "buf-module-absent": Reason(
            "module of a registry that is not here",
            "modules of a registry that are not here",
            "Modules that `buf.lock` pins are read from buf's cache, which `buf build` fills, or as the files"
            " that `buf export MODULE --output third_party/proto` writes.",
        ),
        "submodule-absent": Reason(
            "submodule of git that is not checked out",
            "submodules of git that are not checked out",
            "Nothing is missing that may stand there; `git submodule update --init PATH` brings its files.",
        ),
        "buf-plugin-not-run": Reason(
            "plugin or policy of buf",
            "plugins and policies of buf",
            "Plugins and policies in `buf.yaml` are programs of others, and are not run.",
        ),
        "chart-dependency-absent": Reason(
            "chart dependency that is not here",
            "chart dependencies that are not here",
            "A chart needs it, and nothing is fetched; the rest of the chart is rendered if it can be.",
        ),
        "chart-template-off": Reason(
            "chart template that is switched off",
            "chart templates that are switched off",
            "Nothing that is stated or tried makes it render anything, so nothing of it was judged.",
        ),
        "values-unknown": Reason(
            "release with values that are not here",
            "releases with values that are not here",
            "What is not here may change what is deployed; the chart is judged without it.",
        ),
        "kustomization-not-built": Reason(
            "kustomization that is not built",
            "kustomizations that are not built",
            "It needs what is not here, or kustomize refuses it; what is here is judged as far as it goes.",
        ),
        "patch-unused": Reason(
            "patch that no kustomization applies",
            "patches that no kustomization applies",
            "It is a part of an object, and so it is not judged as a whole one.",
        ),
        "application-set-unknown": Reason(
            "ApplicationSet that is not carried out",
            "ApplicationSets that are not carried out",
            "Its generators or its template need what is not here; what it applies is judged as it stands.",
        ),
        "policy-not-evaluated": Reason(
            "policy that is not wholly evaluated",
            "policies that are not wholly evaluated",
            "An expression of it needs what archlint does not know, or does not have.",
        ),
        "ddl-not-judged": Reason(
            "migration whose statements are not judged",
            "migrations whose statements are not judged",
            "What they lock and destroy is told by squawk: install squawk-cli beside archlint.",
        ),
        "template": Reason(
            "template", "templates", "It looks like a template that another program fills in first."
        ),
        "asyncapi-payload": Reason(
            "format of event payloads",
            "formats of event payloads",
            "No rule judges payloads of this format inside of an AsyncAPI document.",
        ),
        "pact-not-judged": Reason(
            "Pact file that is not wholly judged",
            "Pact files that are not wholly judged",
            "What is told here of a consumer's expectations is held against no contract: which one is meant"
            " cannot be told, or it is of a kind that is not compared.",
        ),
        "broker-not-read": Reason(
            "use of a broker that is not read",
            "uses of brokers that are not read",
            "Its source sends or receives through a broker of which archlint knows no calls.",
        ),
        "unknown-resource": Reason(
            "resource without rules", "resources without rules", "No rule looks at resources of this kind."
        ),
        "program-configuration": Reason(
            "configuration of a program",
            "configurations of programs",
            "It has the form of a manifest, and a program reads it for itself: no cluster gets it.",
        ),
        "unreadable": Reason("unreadable file", "unreadable files", "It has errors, or may not be read."),
        "too-large": Reason("file that is too large", "files that are too large", "It is too large."),
        "absent": Reason(
            "tracked file that is not checked out",
            "tracked files that are not checked out",
            "git knows it, but a sparse checkout leaves it out.",
        ),
        "other-repository": Reason(
            "other repository", "other repositories", "It is a repository of its own; name it to read it."
        ),
        "link": Reason(
            "link or submodule", "links and submodules", "What it leads to is not read at a revision."
        ),
        "excluded": Reason("excluded file", "excluded files", "It is excluded; name it to read it."),
    }
)
"""All reasons by their code, in the order in which they are told."""
