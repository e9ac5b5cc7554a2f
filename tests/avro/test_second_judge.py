"""A second library that knows the rules of resolution, hamba/avro, says the same of each pair of schemas.

It judges schemas and not values, as archlint does; fastavro judges values (``test_resolution``). What it
holds to be no schema is left out: a union that has a branch twice.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from random import Random

from tests.avro.generated import Schemas, changed
from tests.avro.test_resolution import PAIRS, SEED, are_schemas, refusals
from tests.support.programs import hamba_avro


def test_both_refuse_the_same_pairs() -> None:
    program = hamba_avro()
    pairs = []
    for at in range(PAIRS):
        random = Random(f"{SEED} {at}")
        writer = Schemas(random).record()
        reader = changed(writer, random)
        if are_schemas(writer, reader):
            pairs.append((writer, reader))
    lines = "".join(f"{json.dumps(pair)}\n" for pair in pairs)
    told = subprocess.run([program], input=lines, capture_output=True, text=True, check=True, timeout=300)
    seen: Counter[str] = Counter()
    for (writer, reader), line in zip(pairs, told.stdout.splitlines(), strict=True):
        answer, _, reason = json.loads(line).partition(": ")
        if answer == "no schema":
            assert "union type must be unique" in reason, (writer, reader, reason)
            continue
        refused = refusals(writer, reader)
        assert (answer == "refused") is bool(refused), (writer, reader, refused, reason)
        seen[answer] += 1
    assert min(seen["read"], seen["refused"]) > PAIRS * 0.3
