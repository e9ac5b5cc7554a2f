"""How long logs are kept, where manifests, Terraform and policies of indices say so.

Sources: Grafana Loki, ``limits_config.retention_period``; Loki's operator, LokiStack; Fluent Bit, output
``cloudwatch_logs``; AWS Controllers for Kubernetes and Crossplane, log groups of CloudWatch;
VictoriaMetrics' operator, VLogs; Terraform's providers for AWS, Azure, Google, Datadog and Elastic;
Elasticsearch, "Index lifecycle management"; OpenSearch, "Index State Management"; Elastic's operator,
StackConfigPolicy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.placed import of_block
from archlint.model.kubernetes.durations import parse_duration
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.tried_out import is_tried_out, says_that_it_is_tried_out
from archlint.model.terraform import Literal, Resource, resources
from archlint.model.world import World

_LOKI = regex(
    r"(?m)^[ \t]{1,12}retention_period:[ \t]{1,8}[\"']?([0-9][0-9a-z]{0,12})[\"']?[ \t]{0,8}(?:#|$)"
)
_FLUENT_BIT = regex(r"(?mi)^[ \t]{0,12}log_retention_days[ \t]{1,40}([0-9]{1,5})[ \t]{0,8}$")
_CLOUDWATCH = ("cloudwatchlogs.services.k8s.aws", "LogGroup")
_DAYS: dict[tuple[str, str], tuple[str, ...]] = {
    ("loki.grafana.com", "LokiStack"): ("spec", "limits", "global", "retention", "days"),
    _CLOUDWATCH: ("spec", "retentionDays"),
    ("cloudwatchlogs.aws.upbound.io", "Group"): ("spec", "forProvider", "retentionInDays"),
    ("cloudwatchlogs.aws.crossplane.io", "LogGroup"): ("spec", "forProvider", "retentionInDays"),
}
_FOR_EVER = frozenset(key for key in _DAYS if "cloudwatch" in key[0])
"""What keeps logs for ever where nothing is said."""
_VLOGS = ("operator.victoriametrics.com", "VLogs")
_STACK = ("stackconfigpolicy.k8s.elastic.co", "StackConfigPolicy")
_OF_TERRAFORM: dict[str, tuple[str, int | None]] = {
    "aws_cloudwatch_log_group": ("retention_in_days", None),
    "azurerm_log_analytics_workspace": ("retention_in_days", 30),
    "google_logging_project_bucket_config": ("retention_days", 30),
    "google_logging_folder_bucket_config": ("retention_days", 30),
    "google_logging_organization_bucket_config": ("retention_days", 30),
    "datadog_logs_index": ("retention_days", 15),
}
"""By type of resource: the argument, and the days where it is not set; ``None`` for ever."""
_LIFECYCLE = "elasticstack_elasticsearch_index_lifecycle"
_NO_LOGS = regex(r"(?i)metric|trace|apm|synthetic|profil|session|cache")
_UNITS = {"d": 1, "w": 7, "y": 365}
_MONTH = 31


@dataclass(frozen=True, eq=False)
class LogRetention:
    """One setting of how long logs are kept."""

    days: Fraction | None
    """``None`` where they are kept for ever."""
    written: str
    place: Place
    object: ObjectRef
    """What keeps the logs."""

    @classmethod
    def all(cls, world: World) -> Iterable[LogRetention]:
        """Every such setting, but for what is tried out."""
        kinds = {*_DAYS, ("", "ConfigMap"), _VLOGS, _STACK}
        for base in world.all(KubernetesObject):
            if (base.group, base.kind) in kinds and not is_tried_out(base):
                yield from _of_object(base)
        for resource in resources(world, (*_OF_TERRAFORM, _LIFECYCLE)):
            if not says_that_it_is_tried_out(resource.path, resource.label):
                yield from _of_resource(resource)
        for document in world.documents(Kind.DATA):
            if document.root.get("policy").is_map and not says_that_it_is_tried_out(document.path):
                yield from _of_policy(document.root.get("policy"), document)

    @property
    def source(self) -> Source:
        """The file."""
        return self.place.source


def _of_object(base: KubernetesObject) -> Iterator[LogRetention]:
    way = _DAYS.get((base.group, base.kind))
    if way is not None:
        node = base.get(*way)
        if node.integer:
            yield _kept(node, Fraction(node.integer), f"{node.integer} days", base.object)
        elif (base.group, base.kind) in _FOR_EVER and not (node.is_set and node.integer is None):
            yield LogRetention(None, "", node.place(), base.object)
    elif (base.group, base.kind) == _VLOGS:
        node = base.get("spec", "retentionPeriod")
        text = str(node.integer) if node.integer is not None else node.text or ""
        months = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None
        days = _days(text) if months is None else Fraction(months * _MONTH)
        if days:
            yield _kept(node, days, text if months is None else f"{text} months", base.object)
    elif (base.group, base.kind) == _STACK:
        for name, policy in base.get("spec", "elasticsearch", "indexLifecyclePolicies").items():
            yield from _of_phases(policy.get("phases"), name, base.object)
    else:
        for _, node in base.get("data").items():
            yield from _of_text(base, node)


def _kept(node: Node, days: Fraction, written: str, holder: ObjectRef) -> LogRetention:
    return LogRetention(days, written, node.value_place(), holder)


def _of_text(base: KubernetesObject, node: Node) -> Iterator[LogRetention]:
    whole = node.text or ""
    is_loki = "limits_config:" in whole and "retention_period:" in whole
    if not is_loki and "log_retention_days" not in whole.lower():
        return
    text = of_block(node)
    for match in (_LOKI if is_loki else _FLUENT_BIT).finditer(text.text) if text is not None else ():
        days = _days(match[1]) if is_loki else Fraction(int(match[1]))
        if days and text is not None:  # 0 keeps logs for ever
            written = match[1] if is_loki else f"{match[1]} days"
            yield LogRetention(days, written, text.place(match.start(1), match.end(1)), base.object)


def _of_resource(resource: Resource) -> Iterator[LogRetention]:
    """What a resource of Terraform says; an expression that is not known says nothing."""
    block, literals = resource.block, resource.literals
    holder = ObjectRef(resource.kind, block.labels[1])
    if resource.kind == _LIFECYCLE:
        for phase in block.blocks:
            found = literals.of(phase.values.get("min_age")) if phase.kind == "delete" else None
            days = _days(found.value) if found else None
            if found and days and not _NO_LOGS.search(block.labels[1]):
                yield LogRetention(days, found.value, found.place, holder)
        return
    key, usual = _OF_TERRAFORM[resource.kind]
    known = literals.of(block.values.get(key))
    if known is None and key in block.names:
        return
    days = _number(known) if known is not None else None if usual is None else Fraction(usual)
    place = literals.place(block.start, block.start + len("resource")) if known is None else known.place
    if known is None or days is not None:
        text = f"{days} days" if days else ""
        yield LogRetention(days or None, text, place, holder)


def _number(known: Literal) -> Fraction | None:
    text = known.value
    return Fraction(int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else None


def _of_policy(policy: Node, document: Document) -> Iterator[LogRetention]:
    """A policy of indices, as the interfaces of Elasticsearch and OpenSearch take it."""
    name = document.path.rpartition("/")[2].rpartition(".")[0]
    holder = ObjectRef("Policy", name)
    yield from _of_phases(policy.get("phases"), name, holder)
    for state in policy.get("states").elements():
        for transition in state.get("transitions").elements():
            node = transition.get("conditions", "min_index_age")
            days = _days(node.text or "")
            if transition.get("state_name").text == "delete" and days and not _NO_LOGS.search(name):
                yield _kept(node, days, node.text or "", holder)


def _of_phases(phases: Node, name: str, holder: ObjectRef) -> Iterator[LogRetention]:
    node = phases.get("delete", "min_age")
    days = _days(node.text or "")
    if days and not _NO_LOGS.search(name):
        yield _kept(node, days, node.text or "", holder)


def _days(text: str) -> Fraction | None:
    """The days of a duration, with the units that Prometheus adds to Go's."""
    number, unit = text[:-1], text[-1:]
    if unit in _UNITS and number.isascii() and number.isdecimal():
        return Fraction(int(number) * _UNITS[unit])
    seconds = parse_duration(text)
    return None if seconds is None else seconds / 86_400
