"""A consent to each row is held to each row: Art. 7(3) and 17(1)(b), by ``per: row``."""

from __future__ import annotations

from collections.abc import Iterator

from seloste.notice.findings import Finding, found, rule
from seloste.notice.model import Notice
from seloste.notice.row_consent import others_of, row_kinds

SHARED = rule(
    "P26-row-consent-shared",
    "error",
    en="`{key}` asks for a consent to each row of `{kind}`, and {others} uses them too: a row would stay after its "
    "consent is withdrawn, and be entered without one.",
    fi="`{key}` kysyy luvan jokaiseen tietolajin `{kind}` riviin, mutta myös {others} käyttää niitä: rivi jäisi, kun "
    "lupa perutaan, ja sen voisi kirjata ilman lupaa.",
    help_en="Leave `{kind}` out of `uses:` of the other purpose, or write it in `borrows:`; or leave `per: row` out.",
    help_fi="Jätä `{kind}` pois toisen tarkoituksen kohdasta `uses:` tai kirjoita se kohtaan `borrows:`; tai jätä "
    "`per: row` pois.",
    law="Art. 7(3), 17(1)(b)",
)
NO_ROW = rule(
    "P27-row-consent-without-rows",
    "error",
    en="`{key}` asks for a consent to each row, and keeps no rows of a person that have a period of their own.",
    fi="`{key}` kysyy luvan jokaiseen riviin, mutta ei pidä ihmisen rivejä, joilla on oma säilytysaika.",
    help_en="Write `keep:` by a date of those rows, as `until publication.ended_on`; or leave `per: row` out.",
    help_fi="Kirjoita `keep:` rivien oman päivän mukaan, esimerkiksi `until publication.ended_on`; tai jätä `per: row` "
    "pois.",
    law="Art. 7(3), 17(1)(b)",
)


def findings(notice: Notice) -> Iterator[Finding]:
    for purpose in notice.purposes.values():
        if purpose.per != "row" or purpose.basis != "consent":
            continue
        kinds = row_kinds(notice, purpose)
        if not kinds:
            yield found(NO_ROW, notice, f"purposes.{purpose.key}.per", key=purpose.key)
        for kind in kinds:
            if others := others_of(notice, purpose, kind):
                listed = ", ".join(f"`{each}`" for each in others)
                yield found(SHARED, notice, f"purposes.{purpose.key}.per", key=purpose.key, kind=kind, others=listed)
