"""Bodies of both directions: their media type among those that are declared, and what is to be tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archlint.comparison.evidence import media
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
            return
        name = media.declared_for(sent.media_type, content)
        if name is None:
            kind = bare(sent.media_type)
            self.gathered.add(
                MediaTypeUndeclared,
                case,
                home,
                sent.place,
                identity=("media type", status),
                is_of_request=not status,
                status=status,
                media_type=kind if self.shows_values or media.is_known(kind) else "another media type",
                declared=", ".join(content),
            )
        else:
            media_type = case.contract.references.follow(home.get(name)).node
            items, encoding = media_type.get("itemSchema"), media_type.get("encoding")
            if items.exists:
                values = self._value(case, items, sent, status, is_item=True)
            else:
                values = self._value(case, content[name], sent, status, encoding=encoding)
            self._cover(case, declared_as, name, items if items.exists else content[name], values)

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
        except Unread:
            self.gathered.pass_over_body(case, is_of_request=not status)
            return ()
        except StyleProblem as problem:
            self.gathered.add(
                BodyMisfit,
                case,
                schema,
                sent.place,
                identity=("text", status),
                is_of_request=not status,
                status=status,
                problem=f"the body {problem}",
            )
            return ()
        optional = HIDDEN[Direction.RESPONSE if status else Direction.REQUEST]
        for readings in values:
            self.trials.append(
                Trial(
                    case=case,
                    schema=schema,
                    readings=readings,
                    optional=frozenset((optional,)),
                    kind=BodyMisfit,
                    place=sent.place,
                    whole="an item of the body" if is_item else "the body",
                    terms={"status": status},
                    is_of_request=not status,
                )
            )
        return [readings[0] for readings in values]
