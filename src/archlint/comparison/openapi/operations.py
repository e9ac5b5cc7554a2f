"""Compares the operations of two contracts: paths, methods, parameters, bodies, responses, headers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archlint.comparison.openapi.changes import Containment, ContractChange, Direction, Slot
from archlint.comparison.openapi.element_changes import (
    Lifecycle,
    MediaTypeRemoved,
    OperationDeprecated,
    OperationRemoved,
    ParameterRemoved,
    ParameterRequired,
    PathRemoved,
    RequestBodyRequired,
    ResponseHeaderChanged,
    ResponseRemoved,
)
from archlint.comparison.openapi.labels import about, label
from archlint.comparison.openapi.media import is_json, match_media
from archlint.comparison.openapi.sameness import Sameness
from archlint.comparison.openapi.schema_changes import TypeChanged
from archlint.comparison.openapi.schemas import SchemaComparison
from archlint.comparison.terms import ComparisonTerms
from archlint.documents import MISSING, Node
from archlint.finding import Operation as OperationName
from archlint.model.openapi import Body, Contract, Dialect, Operation, Parameter, PathItem, operations_of
from archlint.model.openapi.templates import anonymous, parameter_names

_IGNORED_HEADERS = frozenset(("accept", "content-type", "authorization"))
"""Header parameters that the specification tells readers to ignore."""
Report = Callable[[ContractChange, OperationName, Slot | None], None]


class OperationComparison:
    """Compares what two contracts offer and hands every change to ``report`` with the operation it hits."""

    def __init__(self, base: Contract, revision: Contract, report: Report, terms: ComparisonTerms) -> None:
        self._terms = terms
        self._base = base
        self._revision = revision
        self._report = report
        self._sameness = Sameness(base, revision)
        self._schemas = SchemaComparison(base, revision, self._sameness)

    def run(self) -> None:
        """Compare everything."""
        successors = _successors(self._base, self._revision)
        for item in self._base.path_items:
            self._compare_items(item, successors.get(item.template))
        revised = {item.template: item for item in self._revision.webhooks}
        for hook in self._base.webhooks:
            if hook.template not in revised:
                self._path_removed(hook, is_webhook=True)
        for change, slot, operation in self._schemas.changes():
            self._report(change, operation, slot)

    def _compare_items(self, base: PathItem, revision: PathItem | None) -> None:
        if revision is None:
            self._path_removed(base)
            return
        successors = {operation.method: operation for operation in operations_of([revision])}
        old = [operation for operation in operations_of([base]) if self._is_judged(operation)]
        if old and not successors:
            self._path_removed(base)
            return
        for operation in old:
            successor = successors.get(operation.method)
            if successor is None:
                self._operation_removed(operation, revision)
            else:
                self._compare(operation, successor)

    def _path_removed(self, item: PathItem, *, is_webhook: bool = False) -> None:
        operations = [operation for operation in operations_of([item]) if self._is_judged(operation)]
        home = self._revision.root.get("webhooks" if is_webhook else "paths")
        change = PathRemoved(
            at=home.get(item.template).place(),
            was=item.key.place(),
            about=item.object,
            where=item.template,
            path=item.template,
            is_webhook=is_webhook,
            lifecycles=tuple(_lifecycle(operation.node) for operation in operations),
        )
        for operation in operations:
            self._report(change, operation.name, None)

    def _operation_removed(self, operation: Operation, item: PathItem) -> None:
        change = OperationRemoved(
            at=item.key.place(),
            was=operation.node.place(),
            about=operation.object,
            where=operation.object.name,
            lifecycle=_lifecycle(operation.node),
        )
        self._report(change, operation.name, None)

    def _compare(self, base: Operation, revision: Operation) -> None:
        shared = (base.item.node.get("parameters"), revision.item.node.get("parameters"))
        if self._sameness.same(base.node, revision.node) and self._sameness.same(*shared):
            return
        self._compare_lifecycles(base, revision)
        self._compare_parameters(base, revision)
        self._compare_request(base, revision)
        self._compare_responses(base, revision)

    def _is_judged(self, operation: Operation) -> bool:
        """Whether the base promises to keep the operation: drafts and alpha versions may change at will."""
        return self._terms.promises(_stability(operation))

    def _compare_lifecycles(self, base: Operation, revision: Operation) -> None:
        after = _lifecycle(revision.node)
        if _lifecycle(base.node).is_deprecated or not after.is_deprecated:
            return
        change = OperationDeprecated(
            at=revision.node.get("deprecated").place(),
            was=base.node.place(),
            about=revision.object,
            where=revision.object.name,
            lifecycle=after,
            stability=_stability(revision),
        )
        self._report(change, revision.name, None)

    # parameters

    def _compare_parameters(self, base: Operation, revision: Operation) -> None:
        old, new = _by_place(base), _by_place(revision)
        for key, parameter in old.items():
            other = new.get(key)
            if other is None:
                self._parameter_removed(base, revision, parameter)
                continue
            if not parameter.is_required and other.is_required:
                self._parameter_required(revision, parameter, other)
            slot = Slot.HEADER_PARAMETER if parameter.location == "header" else Slot.PARAMETER
            schemas = _comparable(parameter, other)
            if schemas is not None:
                self._schemas.add(*schemas, Direction.REQUEST, slot, revision.name)
        for key, parameter in new.items():
            if key not in old and parameter.is_required and parameter.location != "path":
                self._parameter_required(revision, None, parameter)

    def _parameter_removed(self, base: Operation, revision: Operation, parameter: Parameter) -> None:
        if parameter.location in ("path", "formData"):
            return
        home = revision.node.get("parameters")
        if parameter.declared.route[:-1] == base.item.node.get("parameters").route:
            home = revision.item.node.get("parameters")
        change = ParameterRemoved(
            at=home.place(),
            was=parameter.declared.place(),
            about=about(home),
            where=label(revision.node),
            name=parameter.name,
            location=parameter.location,
            lifecycle=_lifecycle(parameter.node),
        )
        self._report(change, revision.name, None)

    def _parameter_required(self, operation: Operation, old: Parameter | None, new: Parameter) -> None:
        if new.location == "formData":
            return
        stated, route = new.node.get("required"), operation.item.node.route
        change = ParameterRequired(
            at=stated.place() if old is not None else new.declared.place(),
            was=None if old is None else old.node.get("required").place(),
            about=about(new.node if old is not None else new.declared),
            where=label(new.declared),
            name=new.name,
            location=new.location,
            is_new=old is None,
            is_shared=new.declared.route[:-1] == (*route, "parameters"),
        )
        self._report(change, operation.name, None)

    # request bodies

    def _compare_request(self, base: Operation, revision: Operation) -> None:
        old, new = base.request_body, revision.request_body
        if _has_form(base) or _has_form(revision):
            return
        if old is None or new is None:
            if new is not None and new.is_required:
                self._body_required(revision, None, new)
            if old is not None:
                self._body_removed(base, old, revision)
            return
        if new.is_required and not old.is_required:
            self._body_required(revision, old, new)
        self._compare_content(revision, Direction.REQUEST, old, new, None)

    def _body_required(self, operation: Operation, old: Body | None, new: Body) -> None:
        place = new.node.get("required").place() if old is not None else new.declared.place()
        change = RequestBodyRequired(
            at=place,
            was=None if old is None else old.node.get("required").place(),
            about=about(new.node if old is not None else new.declared),
            where=label(new.declared),
            is_new=old is None,
        )
        self._report(change, operation.name, None)

    def _compare_content(
        self, operation: Operation, direction: Direction, old: Body, new: Body, status: str | None
    ) -> None:
        pairs, removed = match_media(old.content, new.content)
        for before, after in pairs:
            base, revision = old.content[before], new.content[after]
            slot = Slot.BODY if is_json(before) and is_json(after) else Slot.TEXT_BODY
            self._schemas.add(base, revision, direction, slot, operation.name)
            if base.exists != revision.exists and (revision.value if revision.exists else base.value) != {}:
                self._schema_presence(operation, direction, base, revision)
        if not removed:
            return
        home = new.node.get("content")
        change = MediaTypeRemoved(
            at=home.place(),
            was=old.node.get("content", removed[0]).place(),
            about=about(home),
            where=label(new.declared),
            direction=direction,
            names=removed,
            is_whole=not new.content,
            status=status,
        )
        self._report(change, operation.name, None)

    def _body_removed(self, operation: Operation, old: Body, revision: Operation) -> None:
        change = MediaTypeRemoved(
            at=revision.node.get("requestBody").place(),
            was=old.declared.place(),
            about=operation.object,
            where=operation.object.name,
            direction=Direction.REQUEST,
            names=tuple(old.content),
            is_whole=True,
        )
        self._report(change, operation.name, None)

    def _schema_presence(
        self, operation: Operation, direction: Direction, base: Node, revision: Node
    ) -> None:
        """A media type that took anything has a schema now, or the other way round."""
        stated = revision.exists
        change = TypeChanged(
            at=revision.place(),
            was=base.place(),
            about=about(revision),
            where=label(revision),
            direction=direction,
            old="any value" if stated else "a schema",
            new="a schema" if stated else "any value",
            accepts=Containment.NARROWER if stated else Containment.WIDER,
            is_format_only=False,
            is_presence=True,
        )
        self._report(change, operation.name, Slot.BODY)

    # responses

    def _compare_responses(self, base: Operation, revision: Operation) -> None:
        for status, old in base.responses.items():
            new = revision.responses.get(status) or revision.responses.get(_range_of(status))
            if new is None:
                home = revision.node.get("responses")
                change = ResponseRemoved(
                    at=home.get(status).place(),
                    was=old.declared.place(),
                    about=revision.object,
                    where=revision.object.name,
                    status=status,
                )
                self._report(change, revision.name, None)
                continue
            if self._sameness.same(old.declared, new.declared):
                continue
            self._compare_content(revision, Direction.RESPONSE, old.body, new.body, status)
            self._compare_headers(revision, old.node, new.node, status)

    def _compare_headers(self, operation: Operation, old: Node, new: Node, status: str) -> None:
        """The headers of a response; other than success they are not promises that callers rely on."""
        revised = {name.lower(): header for name, header in new.get("headers").items()}
        for name, declared in old.get("headers").items():
            if name.lower() == "content-type":
                continue
            before = self._base.references.follow(declared).node
            was_required = before.get("required").value is True
            kept = revised.get(name.lower())
            if kept is None:
                at, is_removed = new.get("headers", name).place(), True
            else:
                after = self._revision.references.follow(kept).node
                if before.get("schema").exists and after.get("schema").exists:
                    schemas = (before.get("schema"), after.get("schema"))
                    self._schemas.add(*schemas, Direction.RESPONSE, Slot.HEADER, operation.name)
                if not was_required or after.get("required").value is True or not after.exists:
                    continue
                at, is_removed = after.get("required").place(), False
            change = ResponseHeaderChanged(
                at=at,
                was=declared.place(),
                about=about(new),
                where=label(new),
                name=name,
                was_required=was_required,
                is_removed=is_removed,
            )
            self._report(change, operation.name, None)


def _successors(base: Contract, revision: Contract) -> dict[str, PathItem]:
    """The path of the revision for each path of the base: the same, or the same but for parameters' names, or
    the same once the servers' paths stand in front of both."""
    found: dict[str, PathItem] = {}
    exact = {item.template: item for item in revision.path_items}
    free = dict(exact)
    for item in base.path_items:
        if item.template in exact:
            found[item.template] = free.pop(item.template)
    renamed = {anonymous(template): item for template, item in reversed(free.items())}
    whole = {anonymous(path): item for item in free.values() for path in _whole(revision, item)}
    for item in base.path_items:
        if item.template in found:
            continue
        candidates = (
            renamed.get(anonymous(item.template)),
            *(whole.get(anonymous(p)) for p in _whole(base, item)),
        )
        match = next((other for other in candidates if other is not None and other.template in free), None)
        if match is not None:
            found[item.template] = free.pop(match.template)
    return found


def _whole(contract: Contract, item: PathItem) -> Iterator[str]:
    for prefix in [path for _, path in contract.base_paths] or [""]:
        yield prefix.rstrip("/") + item.template


def _by_place(operation: Operation) -> dict[tuple[str, str], Parameter]:
    """Parameters by what identifies them for callers: for those of the path that is their position."""
    positions = {name: str(at) for at, name in enumerate(parameter_names(operation.item.template))}
    found: dict[tuple[str, str], Parameter] = {}
    for parameter in operation.parameters:
        name = parameter.name
        if parameter.location == "header":
            name = name.lower()
            if name in _IGNORED_HEADERS:
                continue
        if parameter.location == "path":
            name = positions.get(name, name)
        found[parameter.location, name] = parameter
    return found


def _comparable(old: Parameter, new: Parameter) -> tuple[Node, Node] | None:
    """The schemas of a parameter on both sides, if it is written in the same way in a request.

    A query parameter that became a list written as ``name=1&name=2`` takes what its items take.
    """
    if old.node.get("content").exists != new.node.get("content").exists:
        return None
    base, revision = old.schema, new.schema
    if _is_exploded(new) and _is_array(revision) and not _is_array(base):
        revision = revision.get("items")
    return base, revision


def _is_array(schema: Node) -> bool:
    return schema.get("type").value in ("array", ["array", "null"], ["null", "array"])


def _is_exploded(parameter: Parameter) -> bool:
    style, explode = parameter.node.get("style"), parameter.node.get("explode")
    return (
        parameter.location == "query"
        and parameter.node.get("schema").exists
        and style.value in (MISSING, "form")
        and explode.value in (MISSING, True)
    )


def _has_form(operation: Operation) -> bool:
    """Whether the body is made of form fields of version 2.0, which are compared as parameters only."""
    is_v2 = operation.contract.dialect is Dialect.V2_0
    return is_v2 and any(parameter.location == "formData" for parameter in operation.parameters)


def _stability(operation: Operation) -> str:
    """The stability level that an operation states; stable if it states none."""
    return (operation.node.get("x-stability-level").text or "stable").lower()


def _lifecycle(node: Node) -> Lifecycle:
    sunset = node.get("x-sunset")
    stated = str(sunset.value) if sunset.is_set and not isinstance(sunset.value, (dict, list)) else None
    return Lifecycle(node.get("deprecated").value is True, stated)


def _range_of(status: str) -> str:
    return status[:1] + "XX"
