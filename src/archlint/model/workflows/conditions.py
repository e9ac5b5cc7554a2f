"""Conditions of jobs and steps, as they come out for an event that a stranger starts.

Source: GitHub Docs, "Evaluate expressions in workflows and actions" and "Contexts". What a stranger cannot be
(somebody who is named, a member, whoever sets a label, a branch of this repository) is known to be false;
what only the run tells is open, and an open condition lets strangers in.
"""

from __future__ import annotations

import json

from archlint.finding.regex import regex

_TOKEN = regex(r"\s*+('(?:[^']|'')*+'|&&|\|\||==|!=|<=|>=|[<>!(),\[\]]|[\w.*$-]++)")
_LONGEST = 2_000
_DEEPEST = 30


class _Unknown:
    """A value that only the run tells."""


class _Stranger:
    """A value that is none of those which anybody wrote down: a name, a fork, no label."""


class _Action:
    """What happened: anything but what takes a right of the repository."""


_UNKNOWN, _STRANGER, _ACTION = _Unknown(), _Stranger(), _Action()
_Value = str | bool | list[str] | _Unknown | _Stranger | _Action
OF_THE_TEAM = frozenset(
    {
        *("labeled", "unlabeled", "assigned", "unassigned", "milestoned", "demilestoned", "review_requested"),
        *("review_request_removed", "locked", "unlocked", "pinned", "unpinned", "transferred"),
        *("auto_merge_enabled", "auto_merge_disabled", "enqueued", "dequeued", "ready_to_merge"),
    }
)
"""Types of events that take a right of the repository."""
_FOREIGN_RUNS = ("pull_request", "pull_request_target")


def lets_strangers_in(condition: str, event: str) -> bool:
    """Whether a condition may hold when a stranger starts an event; not if it cannot be read."""
    text = condition.strip().removeprefix("${{").removesuffix("}}").strip()
    if not text:
        return True
    if len(text) > _LONGEST or "${{" in text:
        return False
    runs = _FOREIGN_RUNS if event == "workflow_run" else ("",)
    try:
        return any(_Reader(text, event, run).whole() is not False for run in runs)
    except ValueError:
        return False


class _Reader:
    """Reads a condition from left to right; ``None`` is what may be either."""

    def __init__(self, text: str, event: str, run: str) -> None:
        self.tokens: list[str] = []
        at = 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise ValueError(text)
            self.tokens.append(match[1])
            at = match.end()
        self.at, self.depth = 0, 0
        self.event, self.run = event, run

    def whole(self) -> bool | None:
        result = _truth(self._either())
        if self.at < len(self.tokens):
            raise ValueError(self.tokens[self.at])
        return result

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _take(self, *signs: str) -> str:
        found = self._next()
        if found and found in signs:
            self.at += 1
            return found
        return ""

    def _either(self) -> _Value:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ValueError("too deep")
        value = self._both()
        while self._take("||"):
            value = _joined(value, self._both(), True)
        self.depth -= 1
        return value

    def _both(self) -> _Value:
        value = self._compared()
        while self._take("&&"):
            value = _joined(value, self._compared(), False)
        return value

    def _compared(self) -> _Value:
        value = self._single()
        while sign := self._take("==", "!=", "<", ">", "<=", ">="):
            other = self._single()
            same = _same(value, other) if sign in ("==", "!=") else None
            value = _UNKNOWN if same is None else same is (sign == "==")
        return value

    def _single(self) -> _Value:
        is_turned = False
        while self._take("!"):
            is_turned = not is_turned
        value = self._operand()
        if not is_turned:
            return value
        truth = _truth(value)
        return _UNKNOWN if truth is None else not truth

    def _operand(self) -> _Value:
        token = self._next()
        self.at += 1
        if token == "(":
            value = self._either()
            if not self._take(")"):
                raise ValueError(token)
            return value
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if token in ("true", "false"):
            return token == "true"
        if not token or not (token[0].isalnum() or token[0] == "_"):
            raise ValueError(token)
        if self._take("("):
            return self._called(token.lower())
        path = token.lower()
        while self._take("["):
            inner = self._either()
            path += f".{inner}" if isinstance(inner, str) else ".*"
            if not self._take("]"):
                raise ValueError(token)
            if self._next().startswith("."):
                path += self._next().lower()
                self.at += 1
        return self._context(path)

    def _called(self, name: str) -> _Value:
        values: list[_Value] = []
        while not self._take(")"):
            values.append(self._either())
            if not self._take(",") and self._next() != ")":
                raise ValueError(name)
        if name == "fromjson" and len(values) == 1 and isinstance(values[0], str):
            return _listed(values[0])
        if name in ("tojson", "join") and values and isinstance(values[0], list | _Stranger):
            return values[0]
        if name in ("contains", "startswith", "endswith") and len(values) == 2:
            return _has(name, values[0], values[1])
        return _UNKNOWN

    def _context(self, path: str) -> _Value:
        """What a stranger's event has there."""
        last = path.rpartition(".")[2]
        if path == "github.event_name":
            return self.event
        if path == "github.event.workflow_run.event" and self.run:
            return self.run
        if path == "github.event.action":
            return _ACTION
        if last == "author_association":
            return "NONE"
        if last == "fork" and (".head." in path or ".head_repository." in path):
            return True
        if last == "type" and (".user." in path or ".sender." in path):
            return "User"
        is_foreign = any(part in path for part in (".head.repo.", ".head_repository.", ".labels", ".label."))
        is_somebody = last == "login" or path in ("github.actor", "github.triggering_actor")
        return _STRANGER if is_foreign or is_somebody else _UNKNOWN


def _listed(text: str) -> _Value:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return _UNKNOWN
    return [str(item) for item in found] if isinstance(found, list) else _UNKNOWN


def _truth(value: _Value) -> bool | None:
    if isinstance(value, bool):
        return value
    return value != "" if isinstance(value, str) else None


def _joined(one: _Value, other: _Value, decides: bool) -> _Value:
    """Of two conditions: one that is what decides is enough."""
    truths = _truth(one), _truth(other)
    if decides in truths:
        return decides
    return _UNKNOWN if None in truths else not decides


def _same(one: _Value, other: _Value) -> bool | None:
    both = (one, other)
    if any(isinstance(item, _Stranger) for item in both):
        return None if all(isinstance(item, _Stranger) for item in both) else False
    if any(isinstance(item, _Action) for item in both):
        return False if any(isinstance(item, str) and item in OF_THE_TEAM for item in both) else None
    if any(isinstance(item, _Unknown | list) for item in both):
        return None
    return str(one).lower() == str(other).lower()


def _has(function: str, whole: _Value, part: _Value) -> _Value:
    if isinstance(whole, _Stranger) or isinstance(part, _Stranger):
        return False
    if not isinstance(part, str) or not isinstance(whole, str | list):
        return _UNKNOWN
    if isinstance(whole, list):
        return part.lower() in [item.lower() for item in whole]
    one, other = whole.lower(), part.lower()
    if function == "contains":
        return other in one
    return one.startswith(other) if function == "startswith" else one.endswith(other)
