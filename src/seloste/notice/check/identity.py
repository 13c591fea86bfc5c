"""Who is responsible, and how to reach them: Art. 13(1)(a) and (b), 26(2), 27, 30(1)(a)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seloste.notice.findings import Finding, found, rule
from seloste.notice.model import Notice

NO_ADDRESS = rule(
    "I01-address-missing",
    "error",
    en="The controller has no postal address.",
    fi="Rekisterinpitäjällä ei ole postiosoitetta.",
    help_en="Write `address: Katu 1, 00100 Helsinki` under `controller:`.",
    help_fi="Kirjoita kohtaan `controller:` rivi `address: Katu 1, 00100 Helsinki`.",
    law="Art. 13(1)(a), 14(1)(a), 30(1)(a)",
)
NO_EMAIL = rule(
    "I02-email-missing",
    "error",
    en="There is no e-mail address for matters of the register.",
    fi="Rekisterin asioita varten ei ole sähköpostiosoitetta.",
    help_en="Write `email:` under `controller:` or under its `contact:`. A request may always be made by e-mail.",
    help_fi="Kirjoita `email:` kohtaan `controller:` tai sen kohtaan `contact:`. Pyynnön saa aina tehdä sähköpostilla.",
    law="Art. 12(2), 13(1)(a)",
)
BAD_BUSINESS_ID = rule(
    "I03-business-id",
    "error",
    en="The business ID does not have the right check digit.",
    fi="Y-tunnuksen tarkistusnumero ei täsmää.",
    help_en="Compare it with the trade register; it is written as `2710574-2`.",
    help_fi="Vertaa sitä kaupparekisteriin; se kirjoitetaan `2710574-2`.",
)
BAD_EMAIL = rule(
    "I04-email-shape",
    "error",
    en="`{path}` is not an e-mail address.",
    fi="`{path}` ei ole sähköpostiosoite.",
    help_en="Write it as `tietosuoja@yritys.fi`.",
    help_fi="Kirjoita se muodossa `tietosuoja@yritys.fi`.",
)
BAD_PHONE = rule(
    "I05-phone-shape",
    "error",
    en="`{path}` is not a telephone number.",
    fi="`{path}` ei ole puhelinnumero.",
    help_en="Write it as `010 123 4567` or `+358 10 123 4567`.",
    help_fi="Kirjoita se muodossa `010 123 4567` tai `+358 10 123 4567`.",
)
BAD_URL = rule(
    "I06-web-shape",
    "error",
    en="`{path}` is not a web address.",
    fi="`{path}` ei ole verkko-osoite.",
    help_en="Write it in full, as `https://www.yritys.fi`.",
    help_fi="Kirjoita se kokonaan, esimerkiksi `https://www.yritys.fi`.",
)
NO_ARRANGEMENT = rule(
    "I07-arrangement-missing",
    "error",
    en="There are joint controllers, and the essence of their arrangement is not told.",
    fi="Yhteisrekisterinpitäjiä on, mutta heidän järjestelynsä pääkohtia ei kerrota.",
    help_en="Write under `controller:` `arrangement:` who answers for what, and whom to turn to.",
    help_fi="Kirjoita kohtaan `controller:` `arrangement:`, kuka vastaa mistäkin ja kenen puoleen voi kääntyä.",
    law="Art. 26(2)",
)
IDLE_ARRANGEMENT = rule(
    "I08-joint-missing",
    "error",
    en="An arrangement between joint controllers is told, and no joint controller is named.",
    fi="Yhteisrekisterinpitäjien järjestely kerrotaan, mutta ketään ei nimetä.",
    help_en="Name them under `controller:` `joint: [Name Oy (FI)]`.",
    help_fi="Nimeä heidät kohdassa `controller:` `joint: [Nimi Oy (FI)]`.",
    law="Art. 13(1)(a), 26",
)
UNKNOWN_PROCESSOR = rule(
    "I09-processor-unknown",
    "error",
    en="`{word}` runs the register, and is not among `processors:`.",
    fi="`{word}` hoitaa rekisteriä, mutta ei ole kohdassa `processors:`.",
    help_en="Add it to `processors:` with `name`, `does`, `country` and `agreement`: the one who runs a register "
    "for another is its processor.",
    help_fi="Lisää se kohtaan `processors:` riveineen `name`, `does`, `country` ja `agreement`: toisen rekisteriä "
    "hoitava on sen käsittelijä.",
    law="Art. 28(3), 30(2)",
)
WHO_RUNS = rule(
    "I10-role-unclear",
    "error",
    en="Each `{kind}` is a controller of its own, and it is not said who runs the registers.",
    fi="Jokainen `{kind}` on itse rekisterinpitäjä, eikä kerrota, kuka rekistereitä hoitaa.",
    help_en="Write `processor:` under `controller:`, with the key of one of `processors:`.",
    help_fi="Kirjoita kohtaan `controller:` rivi `processor:` ja jokin kohdan `processors:` avain.",
    law="Art. 4(7), 28",
)

EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s.]{2,}$")
PHONE = re.compile(r"^\+?[0-9][0-9 ()\-]{3,24}$")
URL = re.compile(r"^https?://[^\s/]+\.[^\s]+$")


def findings(notice: Notice) -> Iterator[Finding]:
    of = notice.controller
    if "controller" not in notice.places:
        return
    if not of.address:
        yield found(NO_ADDRESS, notice, "controller.address")
    if not (of.email or of.contact_email):
        yield found(NO_EMAIL, notice, "controller.email")
    yield from _shapes(notice)
    if of.joint and not of.arrangement:
        yield found(NO_ARRANGEMENT, notice, "controller.joint")
    if of.arrangement and not of.joint:
        yield found(IDLE_ARRANGEMENT, notice, "controller.arrangement")
    if of.processor and of.processor_key is None:
        yield found(
            UNKNOWN_PROCESSOR,
            notice,
            "controller.processor" if "controller.processor" in notice.places else "processor",
            word=of.processor,
        )
    if of.each and not of.processor:
        yield found(WHO_RUNS, notice, "controller.each", kind=of.each)


def _shapes(notice: Notice) -> Iterator[Finding]:
    of = notice.controller
    if of.business_id and not _is_business_id(of.business_id):
        yield found(BAD_BUSINESS_ID, notice, "controller.business_id")
    for path, email in (("email", of.email), ("contact.email", of.contact_email)):
        if email and not EMAIL.match(email):
            yield found(BAD_EMAIL, notice, f"controller.{path}", path=f"controller.{path}")
    for path, phone in (("phone", of.phone), ("contact.phone", of.contact_phone)):
        if phone and not PHONE.match(phone):
            yield found(BAD_PHONE, notice, f"controller.{path}", path=f"controller.{path}")
    if of.web and not URL.match(of.web):
        yield found(BAD_URL, notice, "controller.web", path="controller.web")
    for number, other in enumerate(notice.see_also):
        if other.url and not URL.match(other.url):
            yield found(BAD_URL, notice, f"see_also.{number}.url", path=f"see_also.{number}.url")
    for embed in notice.embeds:
        if embed.privacy_url and not URL.match(embed.privacy_url):
            yield found(BAD_URL, notice, f"embeds.{embed.key}.privacy_url", path=f"embeds.{embed.key}.privacy_url")


def _is_business_id(text: str) -> bool:
    """Seven digits, a hyphen and a check digit (weights 7 9 10 5 8 4 2, modulus 11)."""
    match = re.fullmatch(r"(\d{7})-(\d)", text.strip())
    if match is None:
        return False
    rest = sum(int(digit) * weight for digit, weight in zip(match[1], (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return rest != 1 and int(match[2]) == (0 if rest == 0 else 11 - rest)
