"""Bodies of both directions: their media type among those that are declared, and what is to be tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from archlint.comparison.evidence import media
from archlint.comparison.evidence.encodings import PartMisfit, judged_parts
from archlint.comparison.evidence.gathering import Case, Gathered
from archlint.comparison.evidence.mismatches import BodyMisfit, MediaTypeUndeclared
from archlint.comparison.evidence.styles import StyleProblem, Unread
from archlint.comparison.evidence.trying import Trial
from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.evidence.exchange import SentBody
from archlint.model.evidence.media_types import bare
from archlint.model.openapi import HIDDEN, Direction


@dataclass(frozen=True, slots=True)
class BodyJudge:
    """Judges bodies; those whose media type has a schema wait in ``trials``."""

    gathered: Gathered
    trials: list[Trial]
    shows_values: bool

    def judge(
        self,
        case: Case,
        sent: SentBody,
        content: Mapping[str, Node],
        home: Node,
        *,
        status: str = "",
        declared_as: str = "",
    ) -> None:
        """Note what is wrong. ``status``: that of a response, and ``declared_as`` which it is.

        ``home`` is where media types are declared, or would be.
        """
        if not sent.media_type:
            if content:
                self.gathered.pass_over_body(case, Unread(), is_of_request=not status)
            return
        name = media.declared_for(sent.media_type, content)
        if name is None:
            self.undeclared(case, sent, home, status, content)
        else:
            media_type = case.contract.references.follow(home.get(name)).node
            items, encoding = media_type.get("itemSchema"), media_type.get("encoding")
            if items.exists:
                values = self._value(case, items, sent, status, is_item=True)
            else:
                self._parts(case, sent, encoding, status)
                values = self._value(case, content[name], sent, status, encoding=encoding)
            self._cover(case, declared_as, name, items if items.exists else content[name], values)

    def undeclared(
        self, case: Case, sent: SentBody, home: Node, status: str, declared: Iterable[str]
    ) -> None:
        """Note that a body is in none of the media types that are declared for it."""
        kind = bare(sent.media_type or "")
        self.gathered.add(
            MediaTypeUndeclared,
            case,
            home,
            sent.place,
            identity=("media type", status),
            is_of_request=not status,
            status=status,
            media_type=kind if self.shows_values or media.is_known(kind) else "another media type",
            declared=", ".join(declared),
        )

    def _parts(self, case: Case, sent: SentBody, encoding: Node, status: str) -> None:
        """Note what is wrong with the parts of a body; one that cannot be parted is told with its value."""
        try:
            found = list(judged_parts(sent, encoding, case.contract, self.shows_values))
        except (StyleProblem, Unread):
            return
        for one in found:
            if isinstance(one, PartMisfit):
                self.misfit(case, one.node, sent, status=status, cause="part", problem=one.problem)
            else:
                whole = f"the header '{one.name}' of the part '{one.part}'"
                self._wait(case, one.schema, one.readings, sent, status=status, whole=whole)

    def _cover(self, case: Case, status: str, name: str, schema: Node, values: Sequence[Any]) -> None:
        if case.operation is not None:
            self.gathered.coverage.add(case.operation, status, name)
            self.gathered.coverage.add_values(case.operation, status, name, schema, values)

    def _value(
        self,
        case: Case,
        schema: Node,
        sent: SentBody,
        status: str,
        *,
        is_item: bool = False,
        encoding: Node | None = None,
    ) -> Sequence[Any]:
        """Keep a body to be tried; returned are the values that it has."""
        if not schema.exists:
            return ()
        try:
            if is_item:
                values = [[item] for item in media.items_of(sent)]
            else:
                values = [media.values_of(sent, schema, case.contract, encoding)]
        except Unread as why:
            self.gathered.pass_over_body(case, why, is_of_request=not status)
            return ()
        except StyleProblem as problem:
            self.misfit(case, schema, sent, status=status, cause="text", problem=f"the body {problem}")
            return ()
        for readings in values:
            whole = "an item of the body" if is_item else "the body"
            self._wait(case, schema, readings, sent, status=status, whole=whole)
        return [readings[0] for readings in values]

    def misfit(
        self, case: Case, node: Node, sent: SentBody, *, status: str, cause: str, problem: str
    ) -> None:
        """Note that a body does not fit at some element; ``cause`` tells it from others there."""
        self.gathered.add(
            BodyMisfit,
            case,
            node,
            sent.place,
            identity=(cause, status),
            is_of_request=not status,
            status=status,
            problem=problem,
        )

    def _wait(
        self, case: Case, schema: Node, readings: Sequence[Any], sent: SentBody, *, status: str, whole: str
    ) -> None:
        optional = HIDDEN[Direction.RESPONSE if status else Direction.REQUEST]
        self.trials.append(
            Trial(
                case=case,
                schema=schema,
                readings=readings,
                optional=frozenset((optional,)),
                kind=BodyMisfit,
                place=sent.place,
                whole=whole,
                terms={"status": status},
                is_of_request=not status,
                open_parts=sent.open_parts,
            )
        )
