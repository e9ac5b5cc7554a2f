"""Gathers what another tool's configuration says, in the words of archlint's configuration.

What was on there is on here, what was off is off, and what the tool does not look at stays as archlint's
profile has it. Whatever has no counterpart is named, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from archlint.finding import Profile, Rule, Severity, Status
from archlint.finding.records import dataclass
from archlint.registry import Registry

PROFILE = Profile.RECOMMENDED
_PARTS = {
    "host-namespace-shared": (
        "namespaces",
        {
            "host-network": "hostNetwork",
            "host-pid": "hostPID",
            "host-ipc": "hostIPC",
            "hostNetworkSet": "hostNetwork",
            "hostPIDSet": "hostPID",
            "hostIPCSet": "hostIPC",
        },
    ),
}
"""Rules with an option that says which of their parts are looked at, and the part that a check stands for."""
NO_RULE = "archlint has no rule for it"


@dataclass(frozen=True, slots=True)
class Lost:
    """Things without a counterpart, and why."""

    what: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Suppression:
    """An entry of ``suppress``."""

    rules: tuple[str, ...]
    paths: tuple[str, ...]
    elements: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Switch:
    """A rule that is put on or off, and the checks of the tool because of which."""

    rule: Rule
    checks: tuple[str, ...]


class Translation:
    """What is on, off and set, told one by one; later words win, as in a file that is read downwards."""

    def __init__(self, tool: str, registry: Registry, rule_names: Callable[[str], Sequence[str]]) -> None:
        self.tool = tool
        self.exclude: dict[str, None] = {}
        self.ruleset = ""
        """The file itself, as seen from the root, where rules of it are run as they are."""
        self.runs_ruleset = False
        self.says_all = False
        """Whether that file says what is on, off and how grave, and this translation does not."""
        self.suppress: list[Suppression] = []
        self.sets: dict[str, None] = {}
        """Selectors of the sets of rules that are on."""
        self.names_off: dict[str, None] = {}
        """Names that the tool has of what is not told."""
        self._by_name: dict[str, list[Rule]] = {}
        for rule in registry.rules:
            for name in (rule.name, *rule.aliases) if rule.name != tool else ():
                self._by_name.setdefault(name, []).append(rule)
        self._rule_names = rule_names
        self._on: dict[str, Severity | None] = {}
        self._off: dict[str, None] = {}
        self._omitted: dict[str, None] = {}
        self._options: dict[str, dict[str, Any]] = {}
        self._lost: dict[str, dict[str, None]] = {}

    def rules_of(self, check: str) -> list[Rule]:
        """The rules of archlint that stand for a check; the adapter that runs the tool itself is none."""
        found = [rule for name in self._rule_names(check) for rule in self._by_name.get(name, ())]
        return list({rule.code: rule for rule in found}.values())

    def names_beginning(self, start: str) -> list[str]:
        """All names beginning so under which rule pages know rules of other tools."""
        return sorted(name for name in self._by_name if name.startswith(start))

    def turn_on(self, check: str, severity: Severity | None = None) -> None:
        """A check is in force, with a severity if its user chose one."""
        self._off.pop(check, None)
        self._omitted.pop(check, None)
        self._on[check] = severity

    def turn_off(self, check: str) -> None:
        """A check is not in force although the tool knows it."""
        self._on.pop(check, None)
        if self.rules_of(check):
            self._off[check] = None

    def omit(self, check: str) -> None:
        """A check is not in force because nobody names it: a rule that another check needs stays on."""
        if self.rules_of(check):
            self._omitted[check] = None

    def set_option(self, check: str, option: str, value: Any) -> None:
        """An option of the rules that stand for a check and have it."""
        for rule in self.rules_of(check):
            if option in rule.options:
                self._options.setdefault(rule.name, {})[option] = value

    def leave_out(self, pattern: str) -> None:
        """Files that are not looked at."""
        self.exclude[pattern] = None

    def allow(
        self, checks: Iterable[str], paths: Sequence[str], reason: str, elements: Sequence[str] = ()
    ) -> None:
        """Findings of some checks that do not count at some paths or elements."""
        names: dict[str, None] = {}
        for check in checks:
            found = self.rules_of(check)
            names.update((rule.name, None) for rule in found)
            if not found:
                self.lose(check, NO_RULE)
        if names:
            self.suppress.append(Suppression(tuple(names), tuple(paths), tuple(elements), reason))

    def keep_ruleset(self) -> None:
        """Something of the file is run as it is."""
        self.runs_ruleset = True

    def leave_to_ruleset(self) -> None:
        """What is on, off and how grave is said by the ruleset itself, which is run as it is."""
        self.says_all = True
        for check in self._on:
            if not self.rules_of(check):
                self.lose(check, NO_RULE)
        for said in (self._on, self._off, self._omitted):
            said.clear()

    def lose(self, what: str, why: str) -> None:
        """Something has no counterpart."""
        self._lost.setdefault(why, {})[what] = None

    @property
    def in_force(self) -> tuple[str, ...]:
        """The checks that are on."""
        return tuple(self._on)

    @property
    def selected(self) -> list[Switch]:
        """Rules that are on and would not be without being named."""
        return [
            switch
            for switch in self._switches(self._on)
            if not _is_in_profile(switch.rule)
            and (switch.rule.name in _PARTS or not self._named(switch.rule, self._off))
        ]

    @property
    def ignored(self) -> list[Switch]:
        """Rules that are off, also where another check of theirs is on, unless they are told by parts or
        nobody named the check that is off."""
        return [
            switch
            for switch in self._switches({**self._off, **self._omitted})
            if not self._named(switch.rule, self._on)
            or (switch.rule.name not in _PARTS and self._named(switch.rule, self._off))
        ]

    @property
    def settings(self) -> dict[str, dict[str, Any]]:
        """Severity and options by the name of the rule, where they are not what the rule has anyway."""
        found: dict[str, dict[str, Any]] = {}
        for switch in self._switches(self._on):
            chosen = [severity for check in switch.checks if (severity := self._on[check]) is not None]
            if chosen and max(chosen) != switch.rule.severity:
                found[switch.rule.name] = {"severity": max(chosen).label}
        off = {**self._off, **self._omitted}
        for name, (option, parts) in _PARTS.items():
            if any(check in parts for check in self._on) and any(check in parts for check in off):
                kept = [part for check, part in parts.items() if check in self._on]
                found.setdefault(name, {})[option] = kept
        for name, options in self._options.items():
            found.setdefault(name, {}).update(options)
        ignored = {switch.rule.name for switch in self.ignored}
        return {name: found[name] for name in sorted(found) if name not in ignored}

    @property
    def lost(self) -> list[Lost]:
        """What has no counterpart, by reason."""
        lost = {why: list(what) for why, what in self._lost.items()}
        for check in self._on:
            if not self.rules_of(check):
                lost.setdefault(NO_RULE, []).append(check)
        for switch in self.ignored:
            also = self._named(switch.rule, self._on)
            if also:
                off = f"{', '.join(switch.checks)}, which {'is' if len(switch.checks) == 1 else 'are'} off"
                why = f"{switch.rule.name} reports it together with {off}; so it is off too"
                lost.setdefault(why, []).extend(also)
        return [Lost(tuple(dict.fromkeys(what)), why) for why, what in lost.items()]

    def _switches(self, checks: Iterable[str]) -> list[Switch]:
        found: dict[str, list[str]] = {}
        rules: dict[str, Rule] = {}
        for check in checks:
            for rule in self.rules_of(check):
                rules[rule.code] = rule
                found.setdefault(rule.code, []).append(check)
        return [Switch(rules[code], tuple(found[code])) for code in sorted(found)]

    def _named(self, rule: Rule, checks: Iterable[str]) -> list[str]:
        return [check for check in checks if rule in self.rules_of(check)]


def _is_in_profile(rule: Rule) -> bool:
    return rule.status is Status.STABLE and rule.profile <= PROFILE
