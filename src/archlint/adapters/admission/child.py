"""Asks ``worker`` in a child process, again without those questions that ended it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

SECONDS = 3.0
"""CPU time for one question; a usual one takes some 0.0001 s."""
LONGEST = 120.0
"""Time for all questions together."""
MEMORY = 2 * 1024**3
"""Bytes of address space that the child may use."""
MOST_ENDINGS = 5
"""How often a question may end the process before nothing more is asked."""
_CODE = "import sys; sys.path.extend({path!r}); from archlint.adapters.admission.worker import main; main()"

Question = dict[str, Any]
Answer = dict[str, Any]
TOO_LONG = f"takes longer than {SECONDS:g} seconds or too much memory"


def ask(
    values: Sequence[Any], policies: Sequence[dict[str, Any]], questions: Sequence[Question]
) -> tuple[list[list[dict[str, Any]]], list[Answer]]:
    """What is wrong with the expressions of each policy, and an answer to each question."""
    problems: list[list[dict[str, Any]]] = [[] for _ in policies]
    answers: list[Answer] = []
    left = set(range(len(policies)))
    for _ in range(MOST_ENDINGS):
        waiting = questions[len(answers) :]
        asked = [index for index, item in enumerate(waiting) if item["policy"] in left]
        found, given = _once(values, policies, [waiting[index] for index in asked])
        problems = found if found is not None else problems
        by_place = dict(zip(asked, given, strict=False))
        for index, item in enumerate(waiting):
            if index in by_place:
                answers.append(by_place[index])
            elif item["policy"] not in left:
                answers.append({"state": "unknown", "reason": TOO_LONG})
            else:
                answers.append({"state": "unknown", "reason": TOO_LONG})
                left.discard(item["policy"])
                break
        if len(answers) == len(questions) or found is None:
            break
    rest = len(questions) - len(answers)
    answers += [{"state": "unknown", "reason": "is not evaluated, as others before it did not end"}] * rest
    return problems, answers


def _once(
    values: Sequence[Any], policies: Sequence[dict[str, Any]], questions: Sequence[Question]
) -> tuple[list[list[dict[str, Any]]] | None, list[Answer]]:
    """The problems, ``None`` if the process did not come to tell them, and the answers it gave."""
    request = {
        "memory": MEMORY,
        "seconds": SECONDS,
        "values": values,
        "policies": policies,
        "questions": questions,
    }
    code = _CODE.format(path=[entry for entry in sys.path if entry])
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code],
            input=json.dumps(request, default=str).encode("utf-8", "surrogatepass"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST,
            check=False,
        )
        output = done.stdout
    except subprocess.TimeoutExpired as error:
        output = error.stdout or b""
    lines = output[: output.rfind(b"\n") + 1].splitlines()
    if not lines:
        return None, []
    first, *rest = (json.loads(line) for line in lines)
    return first, rest
