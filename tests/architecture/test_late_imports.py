"""Imports stand at the top of a module, but for those that a short run does without; they are listed here.

An import in a function is found out later by whoever reads, types or moves code. It pays where the imported
module is costly (``test_startup`` has the budgets) and not every run comes to it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import archlint

PACKAGE = Path(archlint.__file__).parent
LATE = {
    "what runs or reads programs and libraries of others": {
        *("google.protobuf.json_format", "google.protobuf.unknown_fields"),
        *("google.protobuf.descriptor_pool", "google.protobuf.message_factory"),
        *("cel_expr_python", "cel_expr_python.ext", "google.protobuf", "google.protobuf.descriptor_pb2"),
        *(
            "google.protobuf.message",
            "grpc_tools",
            "grpc_tools.grpc_version",
            "resource",
            "jsonschema_rs",
            "orjson",
            "yaml",
        ),
        *(
            "archlint.adapters.admission.judging",
            "archlint.adapters.admission.resources",
            "archlint.adapters.cel",
            "archlint.adapters.cel_worker",
            "archlint.adapters.validation",
            "archlint.adapters.kube_score",
            "archlint.adapters.schema_folders",
            "archlint.adapters.policies",
            *("archlint.adapters.redocly", "archlint.adapters.rulesets"),
            *("archlint.config.rulesets.documents", "archlint.config.rulesets.redocly"),
            *("archlint.judging.house_findings", "archlint.judging.redocly_ignores"),
            "archlint.model.redocly.judging",
            *("archlint.judging.local_severities", "archlint.model.rulesets.merging"),
            "archlint.config.rulesets.choosing",
            "archlint.model.rulesets.functions",
            "archlint.model.rulesets.judging",
            "archlint.model.protobuf.well_known_texts",
        ),
        *("helm_python", "archlint.adapters.helm", "archlint.adapters.helm_program"),
    },
    "parts of the standard library that are slow to import and seldom asked": {
        *(
            "difflib",
            "importlib.util",
            "io",
            "pkgutil",
            "select",
            "shutil",
            "signal",
            "sqlite3",
            "subprocess",
        ),
        *(
            "hashlib",
            "html",
            "tarfile",
            "subprocess",
            "textwrap",
            "tokenize",
            "tomllib",
            "traceback",
            "zoneinfo",
        ),
    },
    "the comparison, and its engine once schemas differ": {
        *("archlint.comparison", "archlint.comparison.openapi.lowered_pairs"),
        *("archlint.comparison.openapi.verdicts", "archlint.comparison.protobuf.events"),
        "archlint.comparison.asyncapi",
    },
    "formats that a repository need not have": {
        *("archlint.documents.yaml", "archlint.model.kubernetes.building.applied", "archlint.config.toml"),
        *("archlint.model.pod_spec_paths", "archlint.model.network.team_rules"),
        *("archlint.model.graph.team_calls", "archlint.judging.release.policy"),
        "archlint.checks.oas.pact_breaks",
        "archlint.comparison.evidence.pact_judging",
        *("archlint.model.network.connectivity", "archlint.model.network.connectivity.connections"),
        *("archlint.documents.proto.assembly", "archlint.documents.proto.buf_modules"),
        *(
            "archlint.documents.proto.image",
            "archlint.documents.proto.json_image",
            "archlint.documents.proto.kept",
        ),
        *("archlint.model.kubernetes.building.releases", "archlint.model.kubernetes.building.values_schemas"),
        *("archlint.documents.charts.placing", "archlint.documents.charts.template_marks"),
        "archlint.model.kubernetes.building.inflating",
        *("archlint.documents.proto.links", "archlint.model.migrations.alembic", "archlint.model.protobuf"),
        *("archlint.model.messaging.uses", "archlint.adapters.squawk", "archlint.model.migrations.ddl"),
        *("archlint.judging.proto_lint", "archlint.model.sources.literals"),
        *("archlint.model.sources.reading", "archlint.model.protobuf.validation"),
        *("archlint.model.protobuf.annotations", "archlint.model.protobuf.expressions"),
    },
    "what is done when somebody asks for it, or when there is something to suppress, to link or to keep": {
        *(
            "archlint.cache",
            "archlint.cache.copies",
            "archlint.cache.files",
            "archlint.config.reading",
            "archlint.comparison.manifests",
            "archlint.comparison.openings",
            "archlint.comparison.migrations",
            "archlint.engine.affected",
            "archlint.engine.migrations",
            "archlint.engine.earlier",
            "archlint.files.releases",
            "archlint.engine.offering",
            "archlint.engine.openings",
            "archlint.engine.buf",
            "archlint.engine.parallel",
            "archlint.engine.resources",
            "archlint.engine.schemas",
            "archlint.engine.sharing",
            "archlint.engine.transitions",
        ),
        *(
            "archlint.judging.foreign_comments",
            "archlint.judging.marks",
            "archlint.judging.references",
            "archlint.judging.suppressions",
            "archlint.judging.rendered_files",
        ),
        *("archlint.origin.home", "archlint.origin.metadata", "archlint.documents", "archlint.files"),
    },
    "commands and flags: `archlint --version` imports none of them": {
        "archlint.cli.graph_page",
        *("archlint.reports.graph.dot", "archlint.reports.graph.svg", "archlint.reports.network.html"),
        *("archlint.cli.commands.importing", "archlint.cli.completion", "archlint.cli.fixes"),
        *(
            "archlint.cli",
            "archlint.cli.main",
            "archlint.cli.output",
            "archlint.cli.unknown",
            "archlint.cli.watching",
        ),
    },
}
"""Modules that functions import, by the reason."""


def late_imports() -> Iterator[tuple[str, str]]:
    """Each module that is imported in a function, with the module that does so."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            for node in ast.walk(function) if isinstance(function, ast.FunctionDef) else ():
                home = path.relative_to(PACKAGE).as_posix()
                if isinstance(node, ast.Import):
                    yield from ((alias.name, home) for alias in node.names)
                elif isinstance(node, ast.ImportFrom):
                    yield node.module or "", home


def test_functions_import_only_what_is_listed() -> None:
    listed = {name for names in LATE.values() for name in names}
    found = set(late_imports())
    new = sorted(f"{home} imports {name}" for name, home in found if name not in listed)
    assert not new, f"{new} in a function: import at the top, or add the module to LATE under the reason"
    gone = sorted(listed - {name for name, _ in found})
    assert not gone, f"{gone} are imported in no function any more: take them out of LATE"
