"""Run as a program that gets killed: sweep one register in small chunks until done, or until the end comes."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from seloste.operations.actor import CLI
from seloste.operations.retention import sweep as sweeping
from seloste.settings import Settings
from seloste.store.registers import Registers
from seloste.store.sweep import Swept
from seloste.store.sweep_due import compiled
from seloste.store.work import Work


def main(folder: str, url: str, key: str, moment: str) -> None:
    place = Path(folder)
    registers = Registers(Settings(data_dir=place, database_url=url or None, key_file=place / "key"))
    store = registers.open(key)
    compiled(store.register, store.database.dialect)
    sweeping.CHUNK = 20
    look = sweeping.chunk

    def told(work: Work, run: int, most: int) -> Swept | None:
        print("chunk", flush=True)
        return look(work, run, most)

    sweeping.chunk = told
    sweeping.sweep(store, now=datetime.fromisoformat(moment), actor=CLI)
    registers.close()
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
