"""``security.txt`` (RFC 9116): whom somebody who found a fault tells of it, made of the settings."""

from __future__ import annotations

import datetime as dt

from seloste.clock import HELSINKI, to_utc_text
from seloste.settings import Settings

PATH = "/.well-known/security.txt"
"""Section 3."""


def expires(settings: Settings) -> dt.datetime | None:
    """The moment after which the file must not be used (section 2.5.5): the end of the last day in Finland."""
    if settings.security_expires is None:
        return None
    return dt.datetime.combine(settings.security_expires + dt.timedelta(days=1), dt.time(), HELSINKI)


def security_txt(settings: Settings, *, now: dt.datetime) -> str | None:
    """The file; None without a contact or a last day, and once that has gone by: an old one is worse than none."""
    until = expires(settings)
    if not settings.security_contact or until is None or now >= until:
        return None
    lines = [f"Contact: {each}" for each in settings.security_contact]
    lines += [f"Expires: {to_utc_text(until)}", "Preferred-Languages: fi, en"]
    # An address of the web must be https (section 2.5.2); on a desk there is none to name.
    if settings.public_url is not None and settings.public_url.startswith("https://"):
        lines.append(f"Canonical: {settings.public_url}{PATH}")
    return "\n".join(lines) + "\n"
