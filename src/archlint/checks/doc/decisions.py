"""Records of decisions, against each other."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from archlint.checks import Observation, Options, change, join, observe
from archlint.comparison.manifests import GoneServiceNamed
from archlint.finding import Place
from archlint.model.decisions import Decision, DecisionRelation, decisions
from archlint.model.decisions.statuses import is_in_force, is_known
from archlint.model.world import World


@join(Decision)
def decision_number_doubled(decision: Decision, world: World, options: Options) -> Iterator[Observation]:
    """A number that an earlier file of the folder has too."""
    alike = world.fact(decisions).by_number[dirname(decision.path), decision.number]
    first = alike[0]
    if decision is first or decision.number == 0 or _is_part(first.slug, decision.slug):
        return
    yield observe(
        decision.place(),
        related=[(first.place(), "has the number too")],
        identity=(str(decision.number),),
        number=decision.number,
        other=first.name,
    )


@join(Decision)
def decision_status_unknown(decision: Decision, world: World, options: Options) -> Iterator[Observation]:
    """A status that begins with no word for one."""
    words = {word.lower() for word in options["allowed"]}
    if decision.status_span is None or _is_known(decision, words):
        return
    others = [item for item in _beside(decision, world) if item.status and item is not decision]
    if not others or 2 * sum(_is_known(item, words) for item in others) < len(others):
        return
    yield observe(decision.place(decision.status_span), identity=("status",), status=decision.status[:80])


@join(Decision)
def decision_replaced_by_none(decision: Decision, world: World, options: Options) -> Iterator[Observation]:
    """A record that is named as replaced or replacing, and is not there."""
    known = world.fact(decisions)
    for reference in decision.references:
        is_there = known.meant(decision, reference) or reference.path in world.kinds
        if is_there or (reference.number is None and reference.path is None):
            continue
        yield observe(
            decision.place(reference.span),
            identity=(reference.relation.value, str(reference.number)),
            relation=reference.relation.value,
            target=reference.text,
        )


@join(Decision)
def decision_replaced_and_in_force(
    decision: Decision, world: World, options: Options
) -> Iterator[Observation]:
    """A decision that a later one in force replaces, and that says that it holds."""
    if not is_in_force(decision.status) or decision.status_span is None or _is_said_to_be_replaced(decision):
        return
    later = world.fact(_replacing).get(decision.path)
    if later is not None:
        yield observe(
            decision.place(decision.status_span),
            related=[(later[1], "replaces it")],
            identity=("status",),
            status=decision.status[:80],
            later=later[0].name,
            number=later[0].number,
        )


def _is_said_to_be_replaced(decision: Decision) -> bool:
    """Whether a record names what it is replaced by: it then holds no more, whatever was left before that."""
    return any(
        reference.relation is DecisionRelation.REPLACED_BY and not reference.is_in_part
        for reference in decision.references
    )


def _replacing(world: World) -> dict[str, tuple[Decision, Place]]:
    """By path: the record in force that says that it replaces another one as a whole."""
    known = world.fact(decisions)
    found: dict[str, tuple[Decision, Place]] = {}
    for decision in known.all:
        for reference in decision.references:
            if reference.relation is DecisionRelation.REPLACES and not reference.is_in_part:
                meant = known.meant(decision, reference)
                if len(meant) == 1 and meant[0] is not decision and is_in_force(decision.status):
                    found.setdefault(meant[0].path, (decision, decision.place(reference.span)))
    return found


def _is_part(one: str, other: str) -> bool:
    """Whether two files are one record: its translation, its appendix."""
    stems = [text.partition(".")[0] for text in (one, other)]
    return stems[0].startswith(stems[1]) or stems[1].startswith(stems[0])


def _is_known(decision: Decision, words: set[str]) -> bool:
    return is_known(decision.status) or any(decision.status.lower().startswith(word) for word in words)


def _beside(decision: Decision, world: World) -> list[Decision]:
    """The records of the same folder."""
    return world.fact(decisions).by_folder[dirname(decision.path)]


@change(GoneServiceNamed)
def decision_names_gone_service(item: GoneServiceNamed, options: Options) -> Iterator[Observation]:
    """A decision in force that speaks of a service which the change removes."""
    yield observe(
        item.place,
        related=[(item.former, "defined here at the base")],
        identity=(item.service,),
        service=item.service,
    )
