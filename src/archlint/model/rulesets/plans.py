"""How nimma follows a path, and what differs from the plain reading of it.

* ``$..*.x`` is ``$..x``: "everything below" before another step makes that step deep, and chooses nothing
  itself.
* A filter that is the first of several steps is asked of the value at the end of the path, and not of its
  own; parts of arrays within ``..`` are looked for at other places too. ``odd`` has all of these.
* Where several steps are deep, and not only names follow each other, the other engine follows the path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archlint.model.rulesets.expressions import FilterError
from archlint.model.rulesets.matching import Ending, Selector
from archlint.model.rulesets.odd import OddSelector
from archlint.model.rulesets.steps import NotInGrammar, Step, StepKind, parse_steps
from archlint.model.rulesets.walking import (
    DeepSelector,
    EverythingSelector,
    FixedSelector,
    MemberSelector,
    RootSelector,
    chooser,
)

__all__ = ["planned"]


def planned(text: str) -> Selector:
    """The way to follow a path.

    Raises ``NotInGrammar`` where the other engine is asked, and ``FilterError`` for filters.
    """
    parsed = parse_steps(text)
    if len(parsed.steps) > _MOST_STEPS:
        raise FilterError(f"a path of {len(parsed.steps):,} steps is not followed")
    if _is_walked_twice([*parsed.steps, *(_MODIFIER for _ in parsed.modifiers)]):
        raise NotInGrammar(0)
    steps, ending = _compacted(parsed.steps), Ending.of(parsed.modifiers)
    if not steps:
        return RootSelector(ending)
    if steps[0].kind is StepKind.EVERYTHING:
        return EverythingSelector(ending)
    depths = [position for position, step in enumerate(steps) if step.deep]
    if not depths and all(step.kind is StepKind.NAMES and step.alone for step in steps):
        return MemberSelector([step.names[0] for step in steps], ending)
    if len(depths) > 1 or not _is_plain(steps, depths[0] if depths else None):
        return OddSelector(steps, ending)
    choosers = [chooser(step) for step in steps]
    if not depths:
        return FixedSelector(choosers, ending)
    return DeepSelector(choosers, depths[0], ending, [step.text for step in steps if step.text])


_MOST_STEPS = 100
_MODIFIER = Step(StepKind.EVERYTHING, False)


def _compacted(steps: Sequence[Step]) -> list[Step]:
    found: list[Step] = []
    deepened = False
    for position, step in enumerate(steps):
        if step.kind is StepKind.ALL and step.deep and position < len(steps) - 1:
            deepened = True
        else:
            found.append(replace(step, deep=True) if deepened else step)
            deepened = False
    return found


def _is_walked_twice(steps: Sequence[Step]) -> bool:
    """Whether nimma leaves the path to the other engine: deep steps that are more than names in a row."""
    first = next((position for position, step in enumerate(steps) if step.deep), None)
    if first is None:
        return False
    if not _is_name(steps[first]):
        return any(step.deep for step in steps[first + 1 :])
    flat, deep_steps = False, 1
    for step in steps[first + 1 : -1]:
        if not step.deep:
            flat = flat or _is_name(step) or step.kind is StepKind.ALL
            continue
        deep_steps += 1
        if not _is_name(step) and step.kind is not StepKind.ALL:
            return True
        if flat:
            return True
    last = steps[-1]
    if first == len(steps) - 1:
        return False
    return flat or last.kind is StepKind.ALL if last.deep else deep_steps > 1


def _is_name(step: Step) -> bool:
    return step.kind is StepKind.NAMES and step.alone


def _is_plain(steps: Sequence[Step], deep: int | None) -> bool:
    """Whether each step is asked of its own place."""
    last = len(steps) - 1
    for position, step in enumerate(steps):
        if step.kind is StepKind.FILTER:
            if position == 0 and last > 0 and not step.deep:
                return False
        elif step.kind is StepKind.SLICE:
            counted_back = any(bound < 0 for bound in step.bounds)
            if deep is None or position < deep:
                if counted_back and position == 0 and last > 0:
                    return False
            elif position == deep or position < last or (counted_back and deep > 0):
                return False
    return True
