"""Security measures that somebody attests, forms, and links to other notices: Art. 5(1)(c), 24, 32."""

from __future__ import annotations

from collections.abc import Iterator

from seloste.notice.findings import Finding, found, rule
from seloste.notice.model import Measure, Notice

UNATTESTED = rule(
    "X02-measure-unattested",
    "warning",
    en="`{key}` cannot be proved by the system, and nobody attests it ({missing} is missing).",
    fi="Järjestelmä ei voi näyttää toteen kohtaa `{key}`, eikä kukaan vahvista sitä (puuttuu: {missing}).",
    help_en="Write who checked it, when, and when it is checked next: `{key}: {{by: ..., at: 2026-10-05, "
    "next_check: 2027-10-05}}`.",
    help_fi="Kirjoita, kuka sen on tarkistanut, milloin, ja milloin seuraavan kerran: `{key}: {{by: ..., at: "
    "2026-10-05, next_check: 2027-10-05}}`.",
    law="Art. 5(2), 24(1), 32(1)(d)",
)
CHECKED_BACKWARDS = rule(
    "X03-next-check-before",
    "error",
    en="The next check of `{key}` is not after the last one.",
    fi="Kohdan `{key}` seuraava tarkistus ei ole edellisen jälkeen.",
    help_en="Write a later day under `next_check:`.",
    help_fi="Kirjoita kohtaan `next_check:` myöhempi päivä.",
)
FORM_ASKS_TOO_MUCH = rule(
    "X04-form-asks-too-much",
    "error",
    en="The form `{key}` asks for `{ref}`, which its purposes do not use.",
    fi="Lomake `{key}` kysyy tietoa `{ref}`, jota sen tarkoitukset eivät käytä.",
    help_en="Leave it out of the form, or name it in the `uses:` of {purposes}.",
    help_fi="Jätä se pois lomakkeelta tai nimeä se tarkoituksen {purposes} kohdassa `uses:`.",
    law="Art. 5(1)(c)",
)
LINK_MISSING = rule(
    "X05-link-missing",
    "error",
    en="The sister notice has neither an address nor a register.",
    fi="Toisella selosteella ei ole osoitetta eikä rekisteriä.",
    help_en="Write `url:` or `register:`.",
    help_fi="Kirjoita `url:` tai `register:`.",
    law="Art. 12(1)",
)
PORTABLE_ALREADY = rule(
    "X06-portability-already",
    "note",
    en="The law gives portability for `{key}` already.",
    fi="Laki antaa jo oikeuden siirtää tarkoituksen `{key}` tiedot.",
    help_en="Leave it out of `gives_more:`.",
    help_fi="Jätä se pois kohdasta `gives_more:`.",
    law="Art. 20(1)",
)


def findings(notice: Notice) -> Iterator[Finding]:
    for measure in notice.security:
        if not measure.proved:
            yield from _attested(notice, measure)
    for form in notice.forms:
        allowed = {ref for key in form.purposes for ref in notice.purposes[key].uses}
        for ref in form.items:
            if form.purposes and ref not in allowed and ref.item in notice.kinds[ref.kind].items:
                at = f"forms.{form.key}.items.{ref}"
                yield found(FORM_ASKS_TOO_MUCH, notice, at, key=form.key, ref=ref, purposes=", ".join(form.purposes))
    for number, other in enumerate(notice.see_also):
        if not other.url and not other.register:
            yield found(LINK_MISSING, notice, f"see_also.{number}")
    portable = notice.gives_more.get("portability")
    for key in portable if isinstance(portable, tuple) else ():
        if notice.purposes[key].basis in ("consent", "contract"):
            yield found(PORTABLE_ALREADY, notice, f"gives_more.portability.{key}", key=key)


def _attested(notice: Notice, of: Measure) -> Iterator[Finding]:
    path = f"security.{of.key}"
    missing = [name for name, value in (("by", of.by), ("at", of.on), ("next_check", of.next_check)) if value is None]
    if missing:
        yield found(UNATTESTED, notice, path, key=of.key, missing=", ".join(missing))
    if of.on is not None and of.next_check is not None and of.next_check <= of.on:
        yield found(CHECKED_BACKWARDS, notice, f"{path}.next_check", key=of.key)
