"""Asks ``worker``, or another program of its kind, in a child process, again without those questions that
ended it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import field
from typing import Any

from archlint.finding.records import dataclass

SECONDS = 3.0
"""CPU time for one question; a usual one takes some 0.0001 s."""
LONGEST = 60.0
"""Time for all questions together."""
MEMORY = 2 * 1024**3
"""Bytes of address space that the child may use."""
MOST_ENDINGS = 5
"""How often a question may end the process before nothing more is asked."""
_CODE = "import sys; sys.path.extend({path!r}); from archlint.adapters.admission.{worker} import main; main()"

Question = dict[str, Any]
Answer = dict[str, Any]
Problems = list[dict[str, Any]]
TOO_LONG = f"takes longer than {SECONDS:g} seconds or too much memory"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which program is asked."""

    worker: str
    """The module beside this one."""
    empty: dict[str, Any]
    """A policy that does nothing, in place of one that ended the process."""
    besides: dict[str, Any] = field(default_factory=dict)
    """What its request has besides values, policies and questions."""


POLICIES = Asked(
    "worker",
    {
        "strict": False,
        **{section: [] for section in ("variables", "conditions", "validations", "messages", "mutations")},
    },
)
_NOT_ANSWERED = {"state": "unknown", "reason": "is not evaluated, as others before it did not end"}


def ask(
    values: Sequence[Any],
    policies: Sequence[dict[str, Any]],
    questions: Sequence[Question],
    end: float,
    asked: Asked = POLICIES,
) -> tuple[list[Problems], list[Answer]]:
    """What is wrong with the expressions of each policy, and an answer to each question; ``end`` is when, by
    the monotonic clock, no more is asked."""
    left = list(policies)
    dropped: set[int] = set()
    problems: list[Problems] = [[] for _ in policies]
    answers: dict[int, Answer] = {}
    for _ in range(MOST_ENDINGS):
        open_ones = [
            number
            for number, item in enumerate(questions)
            if number not in answers and item["policy"] not in dropped
        ]
        request = {
            **asked.besides,
            "memory": MEMORY,
            "seconds": SECONDS,
            "values": values,
            "policies": left,
            "questions": [questions[number] for number in open_ones],
        }
        lines = _lines(asked.worker, request, end)
        problems[: len(lines)] = lines[: len(policies)]
        given = lines[len(policies) :]
        answers |= dict(zip(open_ones, given, strict=False))
        if len(lines) < len(policies):
            culprit = len(lines)
        elif len(given) < len(open_ones):
            culprit = questions[open_ones[len(given)]]["policy"]
        else:
            break
        dropped.add(culprit)
        left[culprit] = asked.empty
        if time.monotonic() > end:
            break
    rest: Answer = {"state": "unknown", "reason": TOO_LONG}
    return problems, [
        answers.get(number, rest if item["policy"] in dropped else _NOT_ANSWERED)
        for number, item in enumerate(questions)
    ]


def _lines(worker: str, request: dict[str, Any], end: float) -> list[Any]:
    """What the process says before it ends: the problems of each policy, then the answers."""
    code = _CODE.format(path=[entry for entry in sys.path if entry], worker=worker)
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code],
            input=json.dumps(request, default=str).encode("utf-8", "surrogatepass"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=max(end - time.monotonic(), 1.0),
            check=False,
        )
        output = done.stdout
    except subprocess.TimeoutExpired as error:
        output = error.stdout or b""
    return [json.loads(line) for line in output[: output.rfind(b"\n") + 1].splitlines()]
