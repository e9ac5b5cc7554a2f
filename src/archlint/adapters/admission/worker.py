"""A program of its own that judges objects by policies in CEL, so that whatever these do ends with it.

Standard input has one JSON object: ``memory`` (bytes), ``seconds`` (of CPU for one question), ``values``,
``policies`` and ``questions``. A policy has ``strict`` (whether its language is that of Kubernetes alone),
``variables`` (names and expressions), ``conditions``, ``validations``, ``messages`` and ``mutations``. A
question names its ``policy`` and ``object`` (an index of ``values``), and what is ``given`` of the request,
by the names of expressions, each an index of ``values``.

The first lines of the output have the problems of each policy's expressions; each other one answers one
question, in order. The alarm of the system ends the process if one takes too long; who asked goes on
without it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from archlint.adapters.admission.explanation import Explanation
from archlint.adapters.admission.library import UnknownValue
from archlint.adapters.admission.mutation import Refused, mutated
from archlint.adapters.admission.programs import CompiledPolicy, Engine, Failure, Problem, Program, Scope
from archlint.adapters.cel_worker import limit_memory

DEEPEST = 4000
"""Frames of Python; the parser has some ten for each level of brackets, of which it takes 100."""


def set_alarm(seconds: float) -> None:
    """Let the system end this process, whatever runs in it, once it has used so much time."""
    try:
        from signal import ITIMER_PROF, setitimer
    except ImportError:  # not on this system
        return
    setitimer(ITIMER_PROF, seconds)


def _answer(
    engine: Engine, policy: CompiledPolicy, question: dict[str, Any], values: list[Any]
) -> dict[str, Any]:
    given = {name: values[index] for name, index in question["given"].items()}
    engine.scope = Scope({"object": values[question["object"]]}, given, policy)
    state, reason = _meant(engine, policy)
    if state != "meant":
        return {"state": state, "reason": reason}
    if policy.mutations:
        return _mutated(engine, policy, question, values)
    results = []
    for index, program in enumerate(policy.validations):
        found = _judged(engine, policy, index, program)
        if found is not None:
            results.append({"index": index, **found})
    return {"state": "meant", "results": results}


def _meant(engine: Engine, policy: CompiledPolicy) -> tuple[str, str]:
    """Whether all conditions hold: one that is false decides, whatever becomes of the others."""
    worst = ("meant", "")
    for program in policy.conditions:
        try:
            if _value(engine, program) is False:
                return "other", ""
        except Failure as failure:
            worst = worst if worst[0] == "unknown" else ("error", str(failure))
        except UnknownValue as problem:
            worst = ("unknown", str(problem))
    return worst


def _value(engine: Engine, program: Program | Problem | None) -> Any:
    if not isinstance(program, Program):
        raise UnknownValue("an expression that is not evaluated here")
    return engine.evaluate(program.program)


def _judged(
    engine: Engine, policy: CompiledPolicy, index: int, program: Program | Problem | None
) -> dict[str, Any] | None:
    try:
        value = _value(engine, program)
    except Failure as failure:
        reason = str(failure)
        missing = reason.removeprefix("no such key: ")
        return {"state": "error", "reason": reason, "route": _route(engine, policy, program, missing)}
    except UnknownValue as problem:
        return {"state": "unknown", "reason": str(problem)}
    if value is True:
        return None
    if value is not False:
        return {"state": "error", "reason": "it gives no boolean", "route": None}
    found: dict[str, Any] = {"state": "denied", "route": _route(engine, policy, program)}
    message = policy.messages[index]
    if message is not None:
        try:
            text = _value(engine, message)
        except (Failure, UnknownValue):
            text = None
        if isinstance(text, str) and text.strip():
            found["message"] = text.strip()
    return found


def _route(
    engine: Engine, policy: CompiledPolicy, program: Program | Problem | None, missing: str | None = None
) -> list[Any] | None:
    if not isinstance(program, Program):
        return None
    explained = Explanation(engine, policy)
    route = explained.of(program) if missing is None else explained.of_error(program, missing)
    return None if route is None else list(route)


def _mutated(
    engine: Engine, policy: CompiledPolicy, question: dict[str, Any], values: list[Any]
) -> dict[str, Any]:
    """The object after all mutations of a policy; each sees what those before it made."""
    value = values[question["object"]]
    given = {name: values[index] for name, index in question["given"].items()}
    for program in policy.mutations:
        engine.scope = Scope({"object": value}, given, policy)
        try:
            value = mutated(value, _value(engine, program), question["version"])
        except (Failure, Refused) as failure:
            return {"state": "error", "reason": str(failure)}
        except UnknownValue as problem:
            return {"state": "unknown", "reason": str(problem)}
    return {"state": "meant", "object": value}


def _problems(policy: CompiledPolicy) -> list[dict[str, Any]]:
    return [
        {"section": section, "index": index, "message": item.message, "offset": item.offset}
        | {"certain": item.is_certain}
        for section, index, item in policy.problems
    ]


def main() -> None:
    """Read the request, compile all policies, answer question by question, each at once."""
    request = json.load(sys.stdin)
    sys.setrecursionlimit(DEEPEST)
    limit_memory(request["memory"])
    engine = Engine()
    policies = []
    for said in request["policies"]:
        set_alarm(request["seconds"])
        policies.append(CompiledPolicy(engine, said))
        print(json.dumps(_problems(policies[-1])), flush=True)
    for question in request["questions"]:
        set_alarm(request["seconds"])
        try:
            answer = _answer(engine, policies[question["policy"]], question, request["values"])
        except MemoryError:
            answer = {"state": "unknown", "reason": "it needs too much memory"}
        print(json.dumps(answer, default=str), flush=True)


if __name__ == "__main__":
    main()
