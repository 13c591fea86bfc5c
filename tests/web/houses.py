"""A housing company with a family, a former owner who owes, and a guarded resident; all invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tests.prepared import applied, example
from tests.web.conftest import Site

from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.settings import Settings
from seloste.store.registers import Registers
from seloste.web.app import make_app

HANNA, OSKARI, MINTTU = "hanna@fluxio.example", "oskari@fluxio.example", "minttu@fluxio.example"

ROWS = [
    NewRow("housing_company", {"name": "Asunto Oy Esimerkin Tuulikello"}, ref="h", source="own_records"),
    NewRow("apartment", {"code": "A 12", "floor": "3"}, {"housing_company": "h"}, ref="a", source="own_records"),
    NewRow("apartment", {"code": "A 2"}, {"housing_company": "h"}, ref="b", source="own_records"),
    NewRow("person", {"first_name": "Joonas", "last_name": "Ketola", "phone": ["050 000 0131"]}, ref="joonas"),
    NewRow(
        "person",
        {"first_name": "Milla", "last_name": "Ketola", "phone": ["050 000 0132"], "non_disclosure": True},
        ref="milla",
    ),
    NewRow("person", {"first_name": "Elina", "last_name": "Saarijoki", "phone": ["050 000 0133"]}, ref="elina"),
    NewRow("residency", {"moved_in": "1.9.2026"}, {"person": "joonas", "apartment": "a"}),
    NewRow("residency", {"moved_in": "1.9.2026"}, {"person": "milla", "apartment": "a"}),
    NewRow("residency", {"moved_in": "1.5.2023", "moved_out": "31.8.2026"}, {"person": "elina", "apartment": "a"}),
    NewRow(
        "maintenance_order",
        {"number": "K-1", "reported_at": "24.11.2026 klo 9.00", "subject": "Hana vuotaa"},
        {"apartment": "a", "person": "joonas"},
    ),
    *(
        NewRow(
            "charge",
            {"period": period, "amount": "416,50", "due_on": due, "paid_on": paid},
            {"apartment": "a"},
            ref=due,
            source="own_records",
        )
        for period, due, paid in (
            ("elokuu", "5.8.2026", None),
            ("syyskuu", "5.9.2026", "22.9.2026"),
            ("lokakuu", "5.10.2026", "5.10.2026"),
            ("joulukuu", "5.12.2026", None),
        )
    ),
    NewRow("debtor", {"liable_as": "shareholder"}, {"charge": "5.8.2026", "person": "elina"}, source="own_records"),
    NewRow("reminder", {"sent_on": "25.8.2026"}, {"charge": "5.8.2026"}, source="own_records"),
]


def house(folder: Path, now: datetime) -> Iterator[tuple[Site, dict[str, int]]]:
    """The pages of the housing company, with a property manager and an accountant; the ids of its rows by ref."""
    registers = Registers(Settings(data_dir=folder, key_file=folder / "key", language="fi"))
    notice = example("fluxio/as-oy-tuulikello")
    applied(registers, notice, now)
    ids = collect(registers.open(notice.register), ROWS, actor=CLI, now=now).ids
    found: list[Site] = []
    app = make_app(registers.settings, registers, now=lambda: found[0].now)
    found.append(Site(registers, app, notice.register, now))
    found[0].add(HANNA, "Hanna Ojala", "property_manager")
    found[0].add(OSKARI, "Oskari Niemelä", "accountant")
    found[0].add(MINTTU, "Minttu Salo", "service_desk")
    yield found[0], dict(ids)
    registers.close()
