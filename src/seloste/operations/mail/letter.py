"""A letter as plain text, and its headers: RFC 5322, RFC 3834 (automatic), RFC 8058 (one-click unsubscribe)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from seloste.errors import SelosteError


class LetterError(SelosteError):
    """The letter cannot be written so: an address or header that no mail may carry."""


@dataclass(frozen=True, slots=True)
class Letter:
    """To one address. ``headers`` go along as they are; a subject holds nothing of the person."""

    to: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


def one_click(address: str) -> dict[str, str]:
    """The two headers by which a mail program ends a mailing with one press (RFC 8058, section 3.1).

    ``address`` is the https address that names the person and the mailing without being readable. Both headers must be
    under the message's DKIM signature, which the mail server adds. Raises LetterError for an address without https.
    """
    if not address.startswith("https://") or any(letter in address for letter in "<>, \t\r\n"):
        raise LetterError(
            "Postituksen lopettamisen osoitteen on alettava https://. Aseta SELOSTE_PUBLIC_URL.",
            "The address that ends a mailing must begin with https://. Set SELOSTE_PUBLIC_URL.",
        )
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def message(letter: Letter, sender: str, now: dt.datetime) -> EmailMessage:
    """The letter as it is handed to the mail server. Raises LetterError for an address that is none."""
    # Long header lines stay whole: a signer before us may not fold them as we would (RFC 8058 headers are signed).
    found = EmailMessage(policy=SMTP.clone(max_line_length=998))
    try:
        sent_by = _address(sender)
        found["From"] = sent_by
        found["To"] = Address(addr_spec=letter.to)
        found["Subject"] = letter.subject
        for name, value in letter.headers.items():
            found[name] = value
    except (ValueError, IndexError, AttributeError) as problem:
        raise LetterError(
            "Kirjettä ei voi lähettää, koska jokin sen osoite tai otsake ei kelpaa.",
            "The letter cannot be sent, since an address or header of it is not valid.",
        ) from problem
    found["Date"] = format_datetime(now)
    found["Message-ID"] = make_msgid(domain=sent_by.domain)
    # Nobody's holiday message comes back, and no list takes it for a person's.
    found["Auto-Submitted"] = "auto-generated"
    found.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    return found


def _address(text: str) -> Address:
    name, found, rest = text.rpartition("<")
    if not found:
        return Address(addr_spec=text.strip())
    return Address(display_name=name.strip().strip('"'), addr_spec=rest.strip().rstrip(">"))
