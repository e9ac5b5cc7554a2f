"""Logs that are kept too short, or for ever: Terraform, policies of indices, and manifests."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import workloads
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_SHORT = {
    "infra/logs.tf": (
        'resource "aws_cloudwatch_log_group" "{0}" {{\n  name = "/shop/{0}"\n'
        "  retention_in_days = 30 #HERE\n}}\n"
    ),
    "infra/workspace.tf": (
        'variable "days" {{\n  default = 60\n}}\n'
        'resource "azurerm_log_analytics_workspace" "{0}" {{\n  name = "{0}"\n'
        "  retention_in_days = var.days #HERE\n}}\n"
    ),
    "infra/bucket.tf": (
        'resource "google_logging_project_bucket_config" "{0}" {{ #HERE\n  location = "global"\n'
        '  bucket_id = "{0}"\n}}\n'
    ),
    "search/{0}-logs.json": (
        '{{"policy": {{"phases": {{"hot": {{"actions": {{}}}},\n'
        '  "delete": {{"min_age": "14d", "actions": {{"delete": {{}}}}}}}}}}}}\n'
    ),
    "deploy/logs/{0}.yaml": (
        "apiVersion: stackconfigpolicy.k8s.elastic.co/v1alpha1\nkind: StackConfigPolicy\n"
        "metadata: {{name: {0}, namespace: shop}}\nspec:\n  elasticsearch:\n    indexLifecyclePolicies:\n"
        "      {0}:\n        phases:\n          delete:\n            min_age: 7d #HERE\n"
    ),
}
_UNLIMITED = {
    "infra/logs.tf": 'resource "aws_cloudwatch_log_group" "{0}" {{ #HERE\n  name = "/shop/{0}"\n}}\n',
    "infra/other.tf": (
        'locals {{\n  keep = 0\n}}\nresource "aws_cloudwatch_log_group" "{0}" {{\n  name = "/shop/{0}"\n'
        "  retention_in_days = local.keep #HERE\n}}\n"
    ),
    "deploy/logs/{0}.yaml": (
        "apiVersion: cloudwatchlogs.services.k8s.aws/v1alpha1\nkind: LogGroup\n"
        "metadata: {{name: {0}, namespace: shop}}\nspec: #HERE\n  name: /shop/{0}\n"
    ),
}


def _of(files: Files, texts: dict[str, str]) -> Iterator[Defect]:
    for item in workloads(files):
        for path, text in texts.items():
            made = text.format(item.name)
            if path.endswith(".json"):
                defect = marked(files, "", {path.format(item.name): made})
                yield Defect(f"{path} of {item.name}", defect.files, frozenset({(path.format(item.name), 2)}))
            else:
                yield marked(files, f"{path} of {item.name}", {path.format(item.name): made})


@seeds("log-retention-short")
def kept_for_some_days(files: Files) -> Iterator[Defect]:
    """Fewer days than are asked for."""
    yield from _of(files, _SHORT)


@seeds("log-retention-unlimited")
def kept_for_ever(files: Files) -> Iterator[Defect]:
    """No limit, or one of 0 days, which is none."""
    yield from _of(files, _UNLIMITED)
