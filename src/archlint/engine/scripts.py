"""The newest migrations in SQL, judged by squawk for the rules that report what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archlint.files import Kind
from archlint.finding import Rule, Unread
from archlint.model.world import World

RULES = frozenset({"ddl-locks-table", "ddl-breaks-running-version", "ddl-remark"})
"""The rules that need what it says."""
UNREAD = "ddl-not-judged"
OPTION = "newest"


def judge_ddl(
    world: World, rules: Sequence[Rule], options: Mapping[str, Mapping[str, Any]]
) -> tuple[Unread, ...]:
    """Supply a world with what squawk says of its scripts, if a rule in force asks; what was not judged."""
    asking = [rule for rule in rules if rule.name in RULES]
    if not asking or not _has_scripts(world):
        return ()
    from archlint.adapters.squawk import judge_scripts, squawk_program
    from archlint.model.migrations.ddl import DdlRemark, scripts_to_judge

    newest = [int(options.get(rule.code, {}).get(OPTION, rule.defaults()[OPTION])) for rule in asking]
    scripts = scripts_to_judge(world, 0 if 0 in newest else max(newest))
    program = squawk_program()
    if program is None or not scripts:
        return tuple(Unread(item.path, UNREAD) for item in scripts)
    judgement = judge_scripts(program, scripts)
    world.supply(DdlRemark, judgement.remarks)
    return tuple(Unread(path, UNREAD, detail="squawk cannot read it") for path in judgement.unjudged)


def ddl_judge(world: World) -> str:
    """Which program judges the scripts, as what is said of them depends on that; empty if none does."""
    if not _has_scripts(world):
        return ""
    from archlint.adapters.squawk import squawk_stamp

    return squawk_stamp()


def _has_scripts(world: World) -> bool:
    return any(path.lower().endswith(".sql") for path in world.paths(Kind.MIGRATION))
