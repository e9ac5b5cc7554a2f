"""Dockerfiles: which variables, ports and commands the image has that is built in the end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archlint.model.sources.dockerfiles import Dockerfile, Stage
from archlint.model.sources.traced import UNKNOWN
from tests.safety.growth import growth, seconds


def final(text: str) -> Stage:
    """The stage that is built."""
    stage = Dockerfile(text).final
    assert stage is not None
    return stage


def variables(text: str) -> dict[str, str]:
    """The variables of the image, each with its value; a value stands where it says it does."""
    found = final(text).settings
    for setting in found.values():
        assert text.startswith(setting.name, setting.offset)
        for piece in setting.value.pieces:
            assert piece.text == UNKNOWN or text.startswith(piece.text, piece.offset)
    return {name: setting.value.text for name, setting in found.items()}


def test_both_spellings_and_quotes() -> None:
    text = (
        "FROM a\nENV A=b C=\"d e\" D='f $A' E=g\\ h\nENV  X  a long value\n"
        'env Y="it\'s" \\\n  # remark\n\n  Z=1\n'
    )
    assert variables(text) == {
        "A": "b",
        "C": "d e",
        "D": "f $A",
        "E": "g h",
        "X": "a long value",
        "Y": "it's",
        "Z": "1",
    }


def test_references_are_followed_as_they_were_known_before_the_instruction() -> None:
    text = (
        "ARG TAG=1\nFROM base:${TAG} AS x\nARG TAG\nARG PORT=8080\nARG OPEN\n"
        "ENV HOST=cart ADDR=$HOST:$PORT\nENV URL=http://${HOST}:${PORT:-1}/ OTHER=${NONE:-db} GONE=$OPEN\n"
        "ENV KEPT=\\$HOST ALT=${HOST:+yes} TAGGED=v$TAG"
    )
    stage = final(text)
    assert stage.image == "base:1"
    assert variables(text) == {
        "HOST": "cart",
        "ADDR": f"{UNKNOWN}:8080",
        "URL": "http://cart:8080/",
        "OTHER": "db",
        "GONE": UNKNOWN,
        "KEPT": "$HOST",
        "ALT": "yes",
        "TAGGED": "v1",
    }


def test_only_the_last_stage_and_what_it_is_built_on_counts() -> None:
    text = (
        "FROM golang AS build\nENV A=1\nEXPOSE 1\nFROM redis:7 AS Base\nENV B=2\nEXPOSE 6379/tcp 7000-7001\n"
        'CMD ["old"]\nFROM base\nCOPY --from=build /a /b\nENV C=3\nENTRYPOINT ["/x", "--url=http://cart"]\n'
    )
    stage = final(text)
    assert {name: setting.value.text for name, setting in stage.settings.items()} == {"B": "2", "C": "3"}
    assert (stage.image, stage.store_protocol, stage.ports) == ("redis:7", "redis", [6379, 7000])
    assert [item.text for item in stage.entrypoint] == ["/x", "--url=http://cart"]
    assert stage.command == ()
    build = Dockerfile(text)
    assert build.stage("build") is build.stages[0] is build.stage("0")
    assert build.stage("nope") is build.stage("9") is None


def test_heredocs_comments_and_another_escape() -> None:
    text = (
        "# escape=`\n# syntax=x\nFROM a\nRUN <<EOF cat <<-'B'\nENV NO=1\nEOF\n\tENV NO=2\n\tB\n"
        "ENV A=1 `\r\n  B=c:\\d\r\n# ENV NO=3\nCMD run `\n  --to cart:80\n"
    )
    stage = final(text)
    assert variables(text) == {"A": "1", "B": "c:\\d"}
    assert [item.text for item in stage.command] == ["run", "--to", "cart:80"]


@given(st.text(alphabet="FROMENVARGCD abx=$\"'{}\\\n#<`:-+[],", max_size=120))
def test_no_file_is_too_strange(text: str) -> None:
    found = Dockerfile("FROM a\n" + text)
    assert found.final is not None
    for setting in found.final.settings.values():
        assert setting.value.offset(0) <= len(text) + 7


def test_reading_is_linear() -> None:
    def measure(text: str) -> float:
        return max(seconds(lambda: Dockerfile("FROM a\n" + text), 1), 0.01)

    for piece in ("ENV A=$A$A\n", "ENV A=$A:x\n", "a \\\n", "RUN <<A\n", "ENV \"'\n", "ENV A=1 \\\n"):
        found = growth(lambda size, piece=piece: measure(piece * size), [1_500, 15_000], 25)
        assert found < 25, piece
