"""Marketing by channel, visitors and cookies: Act 917/2014, sections 200 to 205; Art. 7, 21."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seloste.catalogue.model import PERSON
from seloste.notice.expand.context import read_period
from seloste.notice.expand.people import business_only
from seloste.notice.expand.purposes import default_channel
from seloste.notice.findings import Finding, found, place_of, rule
from seloste.notice.model import Notice, Purpose

NO_CHANNEL = rule(
    "M02-channels-missing",
    "error",
    en="`{key}` is marketing, and it is not told how people are reached.",
    fi="`{key}` on markkinointia, mutta ei kerro, miten ihmisiin otetaan yhteyttä.",
    help_en="Write `channels: [email, phone, post]`, those that you use.",
    help_fi="Kirjoita `channels: [email, phone, post]`, ne joita käytät.",
    law="Act 917/2014, section 200",
)
NEEDS_CONSENT = rule(
    "M03-channel-needs-consent",
    "error",
    en="Marketing by `{channel}` to private persons needs a consent, and `{key}` rests it on interest.",
    fi="Markkinointi kanavassa `{channel}` yksityishenkilöille vaatii luvan, mutta `{key}` nojaa etuun.",
    help_en="Write `{channel}: consent`.",
    help_fi="Kirjoita `{channel}: consent`.",
    law="Act 917/2014, section 200(1)",
)
FALLS_BACK = rule(
    "M04-consent-falls-back",
    "error",
    en="`{key}` rests on consent, and its channel `{channel}` on interest: a withdrawn consent never falls back to "
    "an interest.",
    fi="`{key}` on suostumuksen varassa, mutta sen kanava `{channel}` edun: peruttu suostumus ei muutu eduksi.",
    help_en="Write `{channel}: consent`.",
    help_fi="Kirjoita `{channel}: consent`.",
    law="Art. 7(3)",
)
NO_SENTENCE = rule(
    "M05-channel-wording-missing",
    "warning",
    en="`{key}` asks consent for {channels}, and the sentence people say yes to is not written.",
    fi="`{key}` kysyy luvan ({channels}), mutta lausetta, johon suostutaan, ei ole.",
    help_en="Write `consent:` in each language, as `You may send me offers by e-mail.`",
    help_fi="Kirjoita `consent:` joka kielellä, esimerkiksi `Saatte lähettää minulle tarjouksia sähköpostilla.`",
    law="Art. 7(1) and (2)",
)
NO_ADDRESS = rule(
    "M06-channel-without-address",
    "warning",
    en="`{key}` uses the channel `{channel}`, and neither uses nor borrows what it takes ({items}).",
    fi="`{key}` käyttää kanavaa `{channel}`, mutta ei käytä eikä lainaa sitä, mitä se vaatii ({items}).",
    help_en="Add it to `borrows:`, or leave the channel out.",
    help_fi="Lisää se kohtaan `borrows:` tai jätä kanava pois.",
    law="Art. 5(1)(c)",
)
NO_RECIPIENT_IN_WORDING = rule(
    "M07-recipient-not-named",
    "error",
    en="Consent to `{key}` is asked for each recipient, and its sentence does not name the recipient.",
    fi="Tarkoitukseen `{key}` kysytään lupa vastaanottaja kerrallaan, mutta lause ei nimeä vastaanottajaa.",
    help_en="Write `{{recipient}}` where the name belongs.",
    help_fi="Kirjoita `{{recipient}}` siihen, mihin nimi kuuluu.",
    law="Art. 4(11), 7",
)
NOT_MARKETING_BASIS = rule(
    "M08-marketing-basis",
    "error",
    en="`{key}` is marketing, and rests on `{basis}`.",
    fi="`{key}` on markkinointia, mutta sen peruste on `{basis}`.",
    help_en="Write `basis: consent` or `basis: legitimate_interest`.",
    help_fi="Kirjoita `basis: consent` tai `basis: legitimate_interest`.",
    law="Art. 6(1), 21(2)",
)
SENDERS_EMPTY = rule(
    "M09-sender-unknown",
    "error",
    en="`{key}` is sent by `{sender}` too, and it is not told who they are.",
    fi="Tarkoituksen `{key}` lähettäjä on myös `{sender}`, mutta ei kerrota, keitä he ovat.",
    help_en="Name them: the group under `controller: group:`, partners under `recipients:`.",
    help_fi="Nimeä heidät: konserni kohdassa `controller: group:`, kumppanit kohdassa `recipients:`.",
    law="Act 917/2014, section 203; Art. 13(1)(e)",
)
COOKIE_CONSENT = rule(
    "M10-cookie-without-consent",
    "error",
    en="The cookie `{name}` is not necessary, and no consent stands behind it.",
    fi="Eväste `{name}` ei ole välttämätön, eikä sillä ole suostumusta.",
    help_en="Write `purpose:` with a purpose that rests on consent; or `necessary: true` when the visitor asked for "
    "what it does.",
    help_fi="Kirjoita `purpose:` ja suostumuksen varassa oleva tarkoitus; tai `necessary: true`, kun kävijä on "
    "pyytänyt sitä, mitä eväste tekee.",
    law="Act 917/2014, section 205(1)",
)
COOKIE_BOTH = rule(
    "M11-cookie-necessary-and-not",
    "error",
    en="The cookie `{name}` is called necessary, and belongs to `{purpose}`, which rests on consent.",
    fi="Evästettä `{name}` sanotaan välttämättömäksi, mutta se kuuluu tarkoitukseen `{purpose}`, joka on "
    "suostumuksen varassa.",
    help_en="Leave one of the two out.",
    help_fi="Jätä toinen pois.",
    law="Act 917/2014, section 205",
)
COOKIE_TIME = rule(
    "M12-cookie-duration",
    "error",
    en="How long the cookie `{name}` stays cannot be read.",
    fi="Evästeen `{name}` kestoa ei voi lukea.",
    help_en="Write `session`, or a period as `12 months`.",
    help_fi="Kirjoita `session` tai aika, esimerkiksi `12 months`.",
    law="Act 917/2014, section 205(1)",
)
NO_COOKIES = rule(
    "M13-cookies-missing",
    "warning",
    en="`{key}` knows browsers, and the notice lists no cookie or other storage for it.",
    fi="`{key}` tunnistaa selaimia, mutta seloste ei luettele sen evästeitä.",
    help_en="List them under `cookies:` with name, provider, purpose and duration.",
    help_fi="Luettele ne kohdassa `cookies:`: nimi, asettaja, tarkoitus ja kesto.",
    law="Act 917/2014, section 205(1)",
)
BROWSERS_WITHOUT_CONSENT = rule(
    "M14-visitors-without-consent",
    "error",
    en="`{key}` knows browsers, and does not rest on consent.",
    fi="`{key}` tunnistaa selaimia, mutta ei ole suostumuksen varassa.",
    help_en="Write `basis: consent` and the sentence visitors say yes to.",
    help_fi="Kirjoita `basis: consent` ja lause, johon kävijä suostuu.",
    law="Act 917/2014, section 205(1)",
)
EMBED_POLICY = rule(
    "M15-embed-policy-missing",
    "warning",
    en="The notice of the provider of `{key}` is not linked.",
    fi="Sisällön `{key}` tarjoajan selosteeseen ei ole linkkiä.",
    help_en="Write `privacy_url:`.",
    help_fi="Kirjoita `privacy_url:`.",
    law="Art. 13(1)(e)",
)

REACHED_BY = {"email": ("email",), "sms": ("phone",), "phone": ("phone",), "post": ("address", "street")}
"""Channel -> types of item, or item keys, one of which it takes."""


def findings(notice: Notice) -> Iterator[Finding]:
    for purpose in notice.purposes.values():
        if purpose.nature == "marketing":
            yield from _marketing(notice, purpose)
        if (
            purpose.per == "recipient"
            and purpose.consent
            and not all("{recipient}" in text for text in purpose.consent.values())
        ):
            yield found(NO_RECIPIENT_IN_WORDING, notice, f"purposes.{purpose.key}.consent", key=purpose.key)
        yield from _browsers(notice, purpose)
    yield from _cookies(notice)
    for embed in notice.embeds:
        if not embed.privacy_url:
            yield found(EMBED_POLICY, notice, f"embeds.{embed.key}", key=embed.key)


def _marketing(notice: Notice, of: Purpose) -> Iterator[Finding]:
    path = f"purposes.{of.key}"
    if not of.channels:
        yield found(NO_CHANNEL, notice, f"{path}.channels", key=of.key)
    if of.basis not in ("consent", "legitimate_interest", ""):
        yield found(NOT_MARKETING_BASIS, notice, f"{path}.basis", key=of.key, basis=of.basis)
    business = business_only(notice.categories, notice.kinds)
    for channel, rests in of.channels.items():
        if rests == "interest" and of.basis == "consent":
            yield found(FALLS_BACK, notice, f"{path}.channels.{channel}", key=of.key, channel=channel)
        elif rests == "interest" and default_channel(channel, business=business) == "consent":
            yield found(NEEDS_CONSENT, notice, f"{path}.channels.{channel}", key=of.key, channel=channel)
        wanted = REACHED_BY.get(channel, ())
        written = place_of(notice, f"{path}.channels") != of.place
        if wanted and written and not _reaches(notice, of, wanted):
            yield found(
                NO_ADDRESS, notice, f"{path}.channels", key=of.key, channel=channel, items=" / ".join(wanted[:1])
            )
    asked = [channel for channel, rests in of.channels.items() if rests == "consent"]
    if asked and not of.consent and of.basis != "consent":
        yield found(NO_SENTENCE, notice, f"{path}.consent", key=of.key, channels=", ".join(asked))
    if "group" in of.senders and not notice.controller.group:
        yield found(SENDERS_EMPTY, notice, f"{path}.senders", key=of.key, sender="group")
    if "partners" in of.senders and not any(of.key in recipient.purposes for recipient in notice.recipients):
        yield found(SENDERS_EMPTY, notice, f"{path}.senders", key=of.key, sender="partners")


def _reaches(notice: Notice, of: Purpose, wanted: tuple[str, ...]) -> bool:
    for ref in (*of.uses, *of.borrows):
        item = notice.kinds[ref.kind].items.get(ref.item)
        if item is not None and (item.type in wanted or item.key in wanted):
            return True
    return False


def _browsers(notice: Notice, of: Purpose) -> Iterator[Finding]:
    """Purposes that hold a subject without a name: a browser or a device."""
    path = f"purposes.{of.key}"
    if not any(ref.kind != PERSON and notice.kinds[ref.kind].subject for ref in of.uses):
        return
    if of.basis != "consent" and of.basis:
        yield found(BROWSERS_WITHOUT_CONSENT, notice, f"{path}.basis", key=of.key)
    elif not any(cookie.purpose == of.key for cookie in notice.cookies):
        yield found(NO_COOKIES, notice, "cookies" if "cookies" in notice.places else path, key=of.key)


def _cookies(notice: Notice) -> Iterator[Finding]:
    for cookie in notice.cookies:
        path = f"cookies.{cookie.name}"
        purpose = notice.purposes.get(cookie.purpose or "")
        if not cookie.necessary and (purpose is None or purpose.basis != "consent"):
            yield found(COOKIE_CONSENT, notice, path, name=cookie.name)
        if cookie.necessary and purpose is not None and purpose.basis == "consent":
            yield found(COOKIE_BOTH, notice, path, name=cookie.name, purpose=purpose.key)
        if (
            cookie.duration
            and cookie.duration != "session"
            and read_period(cookie.duration) is None
            and not _HOURS.match(cookie.duration)
        ):
            yield found(COOKIE_TIME, notice, path, name=cookie.name)


_HOURS = re.compile(r"^\d{1,4} (minute|hour)s?$")
