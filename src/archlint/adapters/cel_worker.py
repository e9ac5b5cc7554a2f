"""A program of its own that judges values by CEL expressions, so that whatever these do ends with it.

Expressions come from the repository under test. The library bounds iterations and nesting, but a chain of
``map(x, x + x)`` doubles a text at each step; a limit on memory and a time-out from outside bound that too.

Standard input has one JSON object: ``path`` (where modules are imported from), ``memory`` (bytes),
``values``, and ``rules``, each with ``where``, ``assert`` and ``values`` (indexes). Each line of the output
is a JSON object for one rule, in order: ``violations`` (indexes) and, if it failed, ``error``. This file must
import nothing of archlint.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def limit_memory(memory: int) -> None:
    """This process may use so many bytes of address space, and leaves no core."""
    try:
        import resource
    except ImportError:  # not on this system
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _judge(env: Any, rule: dict[str, Any], values: list[Any]) -> dict[str, Any]:
    violations: list[int] = []
    key = "where"
    try:
        where = env.compile(rule["where"]) if rule["where"] is not None else None
        key = "assert"
        condition = env.compile(rule["assert"])
        for index in rule["values"]:
            data = {"object": values[index]}
            # An expression that cannot be evaluated, such as one that asks for a key that is not there, is
            # not true: the value is not meant by `where`, or does not hold what `assert` says.
            key = "where"
            if where is not None and where.eval(data=data).plain_value() is not True:
                continue
            key = "assert"
            if condition.eval(data=data).plain_value() is not True:
                violations.append(index)
    except MemoryError:
        return {"violations": violations, "error": f"'{key}' needs too much memory"}
    except Exception as error:
        return {
            "violations": violations,
            "error": f"'{key}' cannot be judged: {' '.join(str(error).split())}",
        }
    return {"violations": violations}


def main() -> None:
    """Read the request, judge rule by rule, and write each answer at once."""
    request = json.load(sys.stdin)
    sys.path.extend(request["path"])
    from cel_expr_python import cel
    from cel_expr_python.ext import ext_strings

    env = cel.NewEnv(variables={"object": cel.Type.DYN}, extensions=[ext_strings.ExtStrings()])
    limit_memory(request["memory"])
    for rule in request["rules"]:
        print(json.dumps(_judge(env, rule, request["values"])), flush=True)


if __name__ == "__main__":
    main()
