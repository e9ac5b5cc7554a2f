"""The least time of going back, against a rollout that is played through by the rules of the controller."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlint.model.rollback.times import RollbackTime, spoken
from tests.arch.worlds import world_of

_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: orders}}
spec:
  replicas: {count}
  minReadySeconds: {settled}
  strategy: {{rollingUpdate: {{maxSurge: {surge}, maxUnavailable: {missing}}}}}
  template:
    spec:
      containers:
        - name: orders
          image: shop/orders:1.0.0
          readinessProbe: {{initialDelaySeconds: {delay}, tcpSocket: {{port: 8080}}}}
"""
_AMOUNTS = st.one_of(st.integers(0, 12), st.integers(0, 100).map(lambda share: f"{share}%"))


def _played(count: int, surge: int, missing: int, each: int) -> int:
    """The time of a rollout in which every pod is as fast as it may be."""
    old, ready, ends, now = count, 0, [], 0
    while ready < count:
        old -= max(min(old, old + ready - (count - missing)), 0)
        room = min(count + surge - old - ready - len(ends), count - ready - len(ends))
        ends += [now + each] * max(room, 0)
        now = min(ends)
        ready += sum(end <= now for end in ends)
        ends = [end for end in ends if end > now]
    return now


def _amount(said: int | str, count: int, *, up: bool) -> int:
    if isinstance(said, int):
        return said
    share = int(said.removesuffix("%")) * count
    return -(-share // 100) if up else share // 100


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    count=st.integers(1, 40),
    surge=_AMOUNTS,
    missing=_AMOUNTS,
    delay=st.integers(1, 300),
    settled=st.integers(0, 60),
)
def test_no_rollout_is_faster_and_the_fastest_takes_as_long(
    tmp_path: Path, *, count: int, surge: int | str, missing: int | str, delay: int, settled: int
) -> None:
    text = _DEPLOYMENT.format(count=count, surge=surge, missing=missing, delay=delay, settled=settled)
    (found,) = world_of(tmp_path, {"deploy.yaml": text}).all(RollbackTime)
    more, less = _amount(surge, count, up=True), min(_amount(missing, count, up=False), count)
    assert found.least == _played(count, more, less if more + less else 1, delay + settled)
    assert found.arithmetic.endswith(f" = {spoken(found.least)}")


def test_what_is_not_known_is_not_told(tmp_path: Path) -> None:
    text = _DEPLOYMENT.format(count='"${REPLICAS}"', surge=1, missing=0, delay=60, settled=0)
    assert not world_of(tmp_path, {"deploy.yaml": text}).all(RollbackTime)


def test_times_are_spoken() -> None:
    assert [spoken(each) for each in (0, 45, 300, 750, 7500)] == [
        "0 s",
        "45 s",
        "5 min",
        "12 min 30 s",
        "2 h 5 min",
    ]
