"""Files that cannot be read, keys that are set twice, and plain scalars where a string is needed."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents import TextFile
from archlint.finding import Severity
from archlint.model.kubernetes.configured_pods import ConfiguredPods
from archlint.model.reading import RepeatedKey, UnreadableFile
from archlint.model.scalars import MisreadString
from archlint.model.world import World


@check(UnreadableFile)
def parse_error(file: UnreadableFile, options: Options) -> Iterator[Observation]:
    """A file that cannot be read, at the place where reading stopped."""
    yield observe(
        file.source.place(file.problem.span),
        related=[(TextFile(at.path).place(at.span), at.message) for at in file.problem.related],
        identity=(file.problem.message,),
        severity=None if file.matters else Severity.INFO,
        problem=file.problem.message,
    )


@check(RepeatedKey)
def duplicate_key(repeated: RepeatedKey, options: Options) -> Iterator[Observation]:
    """A repeated key, with the place of the first one."""
    duplicate = repeated.duplicate
    yield observe(
        repeated.source.place(duplicate.span),
        related=[(repeated.source.place(duplicate.first), "first defined here")],
        identity=(duplicate.key,),
        key=duplicate.key,
        line=duplicate.first.line,
    )


@check(MisreadString)
def ambiguous_scalar(value: MisreadString, options: Options) -> Iterator[Observation]:
    """A value without quotes that some reader of the file takes for a number, a boolean or nothing."""
    if _is_own_label(value):
        return
    yield observe(
        value.node.value_place(),
        value.reader,
        where=value.where,
        text=value.written,
        reading=value.reading,
    )


def _is_own_label(value: MisreadString) -> bool:
    """Whether it is a label of an object itself, of which ``label-invalid`` tells."""
    route = value.node.route
    own = route[2:] if route[:1] == ("items",) else route
    return value.reader == "kubernetes" and len(own) == 3 and own[:2] == ("metadata", "labels")


@join(ConfiguredPods)
def pod_spec_path_wrong(pods: ConfiguredPods, world: World, options: Options) -> Iterator[Observation]:
    """A path of the configuration under which no object of its kind has a pod spec."""
    if not pods.objects:
        message = "no-kind"
    elif pods.leads_nowhere:
        message = "nowhere"
    elif pods.lacks_containers:
        message = "no-pod"
    else:
        return
    instead = pods.found_instead
    yield observe(
        pods.place,
        message,
        related=[(item.get("spec").place(), "an object of this kind") for item in pods.objects[:1]],
        identity=(pods.name, pods.said.text),
        kind=pods.name,
        written=pods.said.text,
        hint=f": '{instead}' leads to some" if instead else "",
    )
