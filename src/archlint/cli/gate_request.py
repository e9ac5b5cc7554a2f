"""From the flags of ``archlint gate`` to what is judged: two commits, the release before, and a policy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date

from archlint.cache import cache_folder
from archlint.cli.flags import Flags
from archlint.cli.release_policy import PolicySource, open_policy
from archlint.cli.session import Session, helm_program
from archlint.cli.sides import earlier_sides
from archlint.engine.gate.judging import GateQuestion
from archlint.engine.openings import RULE as OPENED
from archlint.engine.request import Request, Side
from archlint.files import Git, GitTree, Kind, path_kind
from archlint.files.globs import DEFAULT_EXCLUDE, Exclusion
from archlint.files.releases import last_release, not_in_head, refuse_ambiguous, release_base
from archlint.finding import Notice, Rule, Unread
from archlint.finding.records import dataclass, replace
from archlint.finding.words import listed, number_of

_CHANGELOG = "changelog"
_MOST_NAMED = 3


@dataclass(frozen=True)
class GateWishes:
    """The flags that only this command has."""

    base: str
    released: str | None
    policy: str | None
    kube_score: str | None
    ticket: str | None
    written: tuple[str, ...] = ()
    """Files that the gate itself writes, which make no tree dirty."""


@contextmanager
def open_release(git: Git, wishes: GateWishes, flags: Flags) -> Iterator[GateQuestion]:
    """What is to be judged, as long as its revisions are open; raises ``UsageProblem`` and ``GitProblem``."""
    base_commit = release_base(git, wishes.base)
    head = git.resolve("HEAD")
    with ExitStack() as opened:
        # of the revision that is named, since who makes a change chooses where it branched
        source = opened.enter_context(open_policy(wishes.policy, git, git.resolve(wishes.base), flags))
        settings = source.session.settings
        excluded = Exclusion((*DEFAULT_EXCLUDE, *settings.exclude))

        def belongs(path: str) -> bool:
            return not excluded.excludes_file(path, "")

        def side(commit: str, revision: str | None) -> Side:
            tree = opened.enter_context(GitTree(git, commit, revision=revision))
            return Side(tree, tuple(filter(belongs, tree.paths())))

        revision = side(head, None)
        released = _released(git, wishes, base_commit, source)
        commits, renames = {"base": base_commit, "head": head}, dict[str, str]()
        if released is not None:
            commits["released"] = git.resolve(released)
            renames = git.renames(commits["released"], "HEAD")
        yield GateQuestion(
            request=replace(
                _request(git, wishes, flags, source, base_commit=base_commit, revision=revision),
                earlier=earlier_sides(git, base_commit, settings, belongs),
            ),
            base=side(base_commit, "base"),
            policy=source.policy,
            policy_name=source.name,
            policy_files=source.files,
            ticket=wishes.ticket,
            released=None if released is None else side(commits["released"], "base"),
            released_name=released,
            released_renames=renames,
            commits=commits,
        )


def _left_out(side: Side) -> Iterator[Unread]:
    """What the policy excludes of a commit, and links, which are not followed."""
    tree = side.tree
    if not isinstance(tree, GitTree):
        return
    yield from (
        Unread(path, "excluded")
        for path in sorted({*tree.paths()} - {*side.paths})
        if path_kind(path) not in (Kind.OTHER, Kind.MARKDOWN)
    )
    yield from (Unread(path, "link") for path in sorted(tree.others()))


def _released(git: Git, wishes: GateWishes, base_commit: str, source: PolicySource) -> str | None:
    """The last release: what a flag names, else the nearest tag of the policy's patterns before the base."""
    if wishes.released is None:
        return last_release(git, base_commit, source.policy.tags)
    refuse_ambiguous(git, wishes.released)
    git.resolve(wishes.released)
    return wishes.released


def _request(
    git: Git, wishes: GateWishes, flags: Flags, source: PolicySource, *, base_commit: str, revision: Side
) -> Request:
    session = source.session
    return Request(
        revision=revision,
        unread=tuple(_left_out(revision)),
        root=str(session.root),
        registry=session.registry,
        rules=_rules(session),
        on_request=session.rules_on_request,
        settings=session.settings,
        today=date.today(),
        renames=git.renames(base_commit, "HEAD"),
        base_commit=base_commit,
        baseline=source.baseline,
        kube_score=wishes.kube_score,
        helm=helm_program(flags),
        schema_folders=source.schemas,
        cache_folder=None if flags.no_cache else cache_folder(),
        facts=git.facts(),
        notices=(*session.notices, *_notices(git, wishes)),
    )


def _rules(session: Session) -> tuple[Rule, ...]:
    """The rules of the policy, and the one that tells connections: the gate asks for it in every profile."""
    rules = session.rules_with(_CHANGELOG)
    opened = session.registry.find(OPENED)
    if (
        opened is None
        or opened in rules
        or any(opened.code in session.registry.codes(each) for each in session.settings.ignore)
    ):
        return rules
    return (*rules, opened)


def _notices(git: Git, wishes: GateWishes) -> Iterator[Notice]:
    """What is told of the clone and the working tree."""
    if git.is_shallow():
        yield Notice("warning", "this clone is shallow: tags and history before it are not known")
    here = {os.path.relpath(os.path.realpath(path), git.root).replace(os.sep, "/") for path in wishes.written}
    left = [path for path in not_in_head(git) if path not in here]
    if left:
        named = listed([f"'{path}'" for path in left], _MOST_NAMED)
        count = number_of(len(left), "file")
        yield Notice("warning", f"the gate judges HEAD, from which {count} here differs: {named}")
