"""An open register follows a notice that another process applies, and one of another version says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from seloste.notice import load
from seloste.settings import Settings
from seloste.store import registers as room
from seloste.store import system
from seloste.store.registers import ChangedError, OtherVersionError, Registers

EXAMPLE = Path(__file__).parents[2] / "examples" / "fluiconnecto" / "notice.yaml"
KEY = "fluiconnecto_customers"


@pytest.fixture
def two(tmp_path: Path, database_url: str) -> Iterator[tuple[Registers, Registers]]:
    """Two processes, as far as one can be two: nothing is shared but the files and the database."""
    url = None if database_url.startswith("sqlite") else database_url
    settings = Settings(data_dir=tmp_path, database_url=url, key_file=tmp_path / "key")
    one, other = Registers(settings), Registers(settings)
    yield one, other
    one.close()
    other.close()


def test_it_reads_by_the_notice_that_another_process_applied(
    two: tuple[Registers, Registers], fixed_now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    served, applying = two
    whole = load(EXAMPLE)
    staff = {key: lens for key, lens in whole.staff.items() if key != "sales"}
    less = replace(whole, staff=staff, digest="0" * 64)
    applying.apply(whole, now=fixed_now, actor="cli")
    before = served.open(KEY)
    assert served.open(KEY) is before
    applying.apply(less, now=fixed_now, actor="cli")
    monkeypatch.setattr(room, "LOOK_AGAIN", 0)
    after = served.open(KEY)
    assert after is not before
    assert "sales" not in after.register.lenses
    assert served.open(KEY) is after
    with after.through("service", fixed_now) as conn:
        assert conn.execute("SELECT count(id) FROM person").all() == [(0,)]
    # Whoever began with the earlier one may end; they write nothing by it.
    with pytest.raises(ChangedError), before.write(fixed_now) as work:
        work.insert("organisation", {"name": "Havupumppu Oy"}, source="subject")
    monkeypatch.setattr(room, "LET_BE", -1)
    served.open(KEY)
    assert served._retired == []


@pytest.mark.parametrize(("key", "value"), [("shape", "{}"), ("shape", "[1"), ("notice", "{}")])
def test_a_register_of_another_version_asks_to_be_applied(
    two: tuple[Registers, Registers], fixed_now: datetime, key: str, value: str
) -> None:
    served, applying = two
    applying.apply(load(EXAMPLE), now=fixed_now, actor="cli")
    database = applying.database(KEY)
    with database.transaction() as conn:
        system.put_meta(conn, key, value)
        system.put_meta(conn, "compiler", "another")
    database.close()
    with pytest.raises(OtherVersionError) as told:
        served.open(KEY)
    assert f"Register {KEY} was built by another version" in told.value.message("en")
