"""Tells of compatible changes of operations and documents: new, called otherwise, gone as announced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from archlint.checks import Observation, Options, Scope, announced, change, check_of
from archlint.checks.oas.breaking_lifecycles import (
    identity_of,
    lifecycle_names,
    notice_of,
    subject_of,
)
from archlint.checks.oas.breaking_operations import judge, way_of
from archlint.checks.oas.element_names import (
    ANNOUNCED,
    DOCUMENT,
    LIFECYCLES,
    OPERATIONS,
    PARAMETERS,
    PATHS,
    WEBHOOKS,
    aliases,
)
from archlint.comparison.openapi.changes import ContractChange, Realm
from archlint.comparison.openapi.element_changes import (
    ComponentRemoved,
    ContractAdded,
    DeprecationChanged,
    Happening,
    OperationAdded,
    OperationIdChanged,
    OperationMoved,
    OperationTagChanged,
    Retired,
    StabilityChanged,
    VersionStated,
)
from archlint.finding import Severity
from archlint.finding.regex import regex

_NUMBERS = regex(r"[0-9]+")


@change(OperationAdded)
def operation_added(added: OperationAdded, options: Options) -> Iterator[Observation]:
    """An operation, webhook or callback that the base does not have."""
    is_webhook = added.is_whole and added.realm is Realm.WEBHOOK
    names = aliases(added, WEBHOOKS if is_webhook else OPERATIONS, Happening.ADDED)
    message_id = added.realm.value if added.is_whole else "default"
    yield judge(added, (added.name,), names, message_id=message_id, arguments={"name": added.name})


@change(OperationIdChanged)
def operation_id_changed(changed: OperationIdChanged, options: Options) -> Iterator[Observation]:
    """The name of an operation in generated code."""
    names = aliases(changed, OPERATIONS, ("operation-id", bool(changed.old)))
    message_id = "default" if changed.old and changed.new else "removed" if changed.old else "added"
    arguments = {"operation": changed.where, "old": changed.old, "new": changed.new}
    yield judge(changed, (), names, message_id=message_id, arguments=arguments)


@change(OperationTagChanged)
def operation_tag_changed(changed: OperationTagChanged, options: Options) -> Iterator[Observation]:
    """The groups that an operation belongs to."""
    is_renamed = changed.what is Happening.CHANGED
    happened = (Happening.REMOVED, Happening.ADDED) if is_renamed else (changed.what,)
    names = aliases(changed, OPERATIONS, *(("tag", what) for what in happened))
    message_id = {Happening.ADDED: "added", Happening.CHANGED: "renamed"}.get(changed.what, "default")
    arguments = {"operation": changed.where, "tag": changed.tag, "old": changed.old}
    yield judge(changed, (changed.what, changed.tag), names, message_id=message_id, arguments=arguments)


@change(DeprecationChanged)
def deprecation_changed(changed: DeprecationChanged, options: Options) -> Iterator[Observation]:
    """A deprecation that is announced as it should be, or taken back."""
    if notice_of(changed, options):
        return
    sunset, is_deprecated = changed.after.sunset, changed.after.is_deprecated
    key = ("deprecated", sunset is not None) if is_deprecated else "reactivated"
    message_id = "default" if is_deprecated and sunset is None else "sunset" if is_deprecated else "kept"
    subject = subject_of(changed)
    yield judge(
        changed,
        identity_of(changed),
        lifecycle_names(changed, key),
        message_id=message_id,
        arguments={"subject": subject[:1].upper() + subject[1:], "sunset": sunset or ""},
    )


@change(StabilityChanged)
def stability_raised(changed: StabilityChanged, options: Options) -> Iterator[Observation]:
    """An operation that promises more than before."""
    if not changed.is_lower:
        arguments = {"operation": changed.where, "old": changed.old, "new": changed.new}
        yield judge(changed, (), aliases(changed, LIFECYCLES, "stability-increased"), arguments=arguments)


@change(Retired)
def removed_as_announced(retired: Retired, options: Options) -> Iterator[Observation]:
    """Something that is gone after it had been deprecated, and not before its day."""
    if way_of(retired.lifecycle, options) != ANNOUNCED:
        return
    is_parameter = retired.kind == "parameter"
    if retired.lifecycle.sunset is not None or (is_parameter and retired.is_shared):
        names: list[str] = []  # once its day has come, nobody else has a word for it
    elif is_parameter:
        names = aliases(retired, PARAMETERS, (Happening.REMOVED, ANNOUNCED))
    else:
        names = aliases(retired, PATHS, (retired.is_shared_path, ANNOUNCED))
    yield judge(
        retired,
        (retired.kind, retired.location, retired.name),
        names,
        message_id="parameter" if is_parameter else "default",
        arguments={"name": retired.name, "location": retired.location},
    )


@change(ContractAdded)
def contract_added(added: ContractAdded, options: Options) -> Iterator[Observation]:
    """A contract that the base does not have, so that nothing of it could be compared."""
    arguments = {"title": added.title, "count": len(added.operations)}
    arguments["noun"] = "operation" if len(added.operations) == 1 else "operations"
    yield judge(added, (), [], arguments=arguments)


@change(OperationMoved)
def operation_moved(moved: OperationMoved, options: Options) -> Iterator[Observation]:
    """An operation that another contract of the same server describes now."""
    arguments = {"operation": moved.where, "old": moved.old, "new": moved.new}
    yield judge(moved, (), [], arguments=arguments)


@change(ComponentRemoved)
def component_schema_removed(removed: ComponentRemoved, options: Options) -> Iterator[Observation]:
    """A schema that other documents may have referred to by its name."""
    yield judge(removed, (), aliases(removed, DOCUMENT, "schema"), arguments={"name": removed.name})


def _is_breaking(changed: ContractChange, options: Options) -> bool:
    """Whether a rule takes a change for an error, or for whatever is usual for it."""
    for judges in _judges().get(type(changed), ()):
        if {seen.severity for seen in judges(changed, options)} & {None, Severity.ERROR}:
            return True
    return False


@cache
def _judges() -> dict[type, list[Callable[..., Iterable[Observation]]]]:
    """The functions of all rules about breaking changes, by what they judge."""
    package = __name__.rpartition(".")[0]
    found: dict[type, list[Callable[..., Iterable[Observation]]]] = {}
    for name, told in announced(package).items():
        if told.scope is Scope.CHANGE and ".changelog_" not in told.module:
            judging = check_of(package, name)
            if judging is not None:
                found.setdefault(judging.subject, []).append(judging.function)
    return found


def _magnitude(digits: str) -> tuple[int, str]:
    """What orders whole numbers by size, of any length: Python reads no more than 4,300 digits."""
    significant = digits.lstrip("0")
    return len(significant), significant


_ZERO = _magnitude("0")


@change(VersionStated)
def contract_version_kept(stated: VersionStated, options: Options) -> Iterator[Observation]:
    """A contract that changed under the same version, or under an older one."""
    old, new = (tuple(map(_magnitude, _NUMBERS.findall(text)[:3])) for text in (stated.old, stated.new))
    if stated.old == stated.new:
        message_id, key = "default" if stated.old else "empty", "same"
    elif not old or not new:
        return
    elif new < old:
        message_id, key = "lower", "lower"
    elif old[0] == new[0] and old[0] > _ZERO and any(_is_breaking(each, options) for each in stated.changes):
        message_id, key = "minor", "minor"
    else:
        return
    arguments = {"old": stated.old, "new": stated.new}
    yield judge(stated, (), aliases(stated, DOCUMENT, key), message_id=message_id, arguments=arguments)
