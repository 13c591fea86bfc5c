"""Views of lists that somebody keeps under a name: choices and an order, never what was typed or a row's number."""

from __future__ import annotations

from seloste.store.engine import Connection

# A view goes with the role it was kept in, and that goes with the account and with the register.
TABLE = """CREATE TABLE list_view (
  account TEXT NOT NULL, register TEXT NOT NULL, lens TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
  query TEXT NOT NULL, PRIMARY KEY (account, register, lens, kind, name),
  FOREIGN KEY (account, register, lens) REFERENCES granted (account, register, lens) ON DELETE CASCADE)"""

_OF = "account = :account AND register = :register AND lens = :lens AND kind = :kind"


def views_of(conn: Connection, account: str, register: str, lens: str, kind: str) -> list[tuple[str, str]]:
    """(name, query) of one list."""
    names = {"account": account, "register": register, "lens": lens, "kind": kind}
    return [
        (str(name), str(query)) for name, query in conn.execute(f"SELECT name, query FROM list_view WHERE {_OF}", names)
    ]


def put_view(conn: Connection, account: str, register: str, lens: str, kind: str, name: str, query: str) -> None:
    """Keep a view; one of the same name is replaced."""
    conn.execute(
        "INSERT INTO list_view (account, register, lens, kind, name, query)"
        " VALUES (:account, :register, :lens, :kind, :name, :query)"
        " ON CONFLICT (account, register, lens, kind, name) DO UPDATE SET query = excluded.query",
        {"account": account, "register": register, "lens": lens, "kind": kind, "name": name, "query": query},
    )


def remove_view(conn: Connection, account: str, register: str, lens: str, kind: str, name: str) -> bool:
    """Forget a view; whether it was there."""
    names = {"account": account, "register": register, "lens": lens, "kind": kind, "name": name}
    return conn.execute(f"DELETE FROM list_view WHERE {_OF} AND name = :name", names).rowcount == 1
