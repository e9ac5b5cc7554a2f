"""Users of databases: a service signs in at a database server as the user that is another service's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from tests.defects.defects import Defect, edited, line_of, seeds
from tests.defects.marked import marked
from tests.defects.operators.databases import _clients
from tests.metamorphic.repositories import Files

_SHAPES = (
    (("DATABASE_URL", "postgres://{user}@{host}:5432/{own}"),),
    (("DATABASE_URL", "postgresql://{user}:hidden@{host}/{own}?sslmode=require"),),
    (("DB_HOST", "{host}"), ("DB_NAME", "{own}"), ("DB_USER", "{user}")),
    (("PGHOST", "{host}"), ("PGDATABASE", "{own}"), ("PGUSER", "{user}")),
    (
        ("SPRING_DATASOURCE_URL", "jdbc:postgresql://{host}:5432/{own}"),
        ("SPRING_DATASOURCE_USERNAME", "{user}"),
    ),
    (("STORE_DSN", "host={host} port=5432 user={user} dbname={own}"),),
)
_ADDRESSED = 'value: "'


@seeds("database-user-shared")
def user_of_another_service(files: Files) -> Iterator[Defect]:
    """A service is given the server and the user of another one, with a database of its own."""
    for (path, block, url, _), (other, theirs, known, _) in permutations(_clients(files), 2):
        host, user = known["host"] + known["rest"].partition(":")[0], known["scheme"][11:-1]
        line = (other, line_of(files[other], theirs.start() + known.start()))
        for number, shape in enumerate(_SHAPES):
            text = files[path]
            start = text.rindex("            - name: ", 0, block.start() + url.start())
            entries = "".join(
                f"            - name: {name}\n              {_ADDRESSED}"
                f'{value.format(user=user, host=host, own=block["name"])}"\n'
                for name, value in shape
            )
            changed = edited(files, path, text[:start] + entries + text[block.start() + url.end() :])
            first = line_of(text, start)
            places = frozenset((path, first + 2 * step + 1) for step in range(len(shape)))
            sides = frozenset({line})
            both = places | sides  # nobody can tell whose user it is but by its name
            yield Defect(f"{block['name']} as {user} ({number})", changed, both, both)


_COMPOSED = """services:
  ledger:
    image: example/ledger:1
    environment:
      DATABASE_URL: postgres://{user}@money:5432/ledger #HERE #OTHER
  billing:
    image: example/billing:1
    environment:
      - DB_HOST=money
      - DB_NAME=billing
      - DB_USER={user} #HERE #OTHER
  money:
    image: postgres:17
"""


@seeds("database-user-shared")
def user_of_several_in_compose(files: Files) -> Iterator[Defect]:
    """Two services of Docker Compose, each with a database of its own on one server, and one user."""
    for user in ("app", "postgres", "ledger", "money"):
        made = {"tools/money/compose.yaml": _COMPOSED.format(user=user)}
        yield marked(files, f"both sign in as {user}", made)
