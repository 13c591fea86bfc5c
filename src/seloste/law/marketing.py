"""May this person be contacted for direct marketing? Act 917/2014, ss. 200-203, as data in ``data/marketing.toml``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Literal

from seloste.law.rules import Alternatives, Mark, Text, matches, rule_set

Channel = Literal["email", "sms", "auto_call", "phone", "post"]
RecipientKind = Literal["person", "sole_trader", "work_address", "company_address"]
Consent = Literal["given", "withdrawn", "none"]
Ground = Literal["ban", "restriction", "consent", "customer", "opt_out", "none"]

CHANNELS: tuple[Channel, ...] = ("email", "sms", "auto_call", "phone", "post")
ELECTRONIC: frozenset[str] = frozenset({"email", "sms", "auto_call"})
"""Automated calls, fax, e-mail and messages (s. 200(1)). A call by a person and a letter are not."""

NO_CONSENT = "5"
"""The row of the table that refuses for want of a consent."""


@dataclass(frozen=True, slots=True)
class ExistingCustomer:
    """The six conditions of s. 200(3); all of them, or none helps."""

    contact_from_customer: bool = False
    in_connection_with_sale: bool = False
    same_seller: bool = False
    own_similar_products: bool = False
    could_refuse_at_collection_and_in_each_message: bool = False
    clearly_told: bool = False

    def holds(self) -> bool:
        return all(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What is known about one person, one channel, one sender and one purpose.

    ``consent`` is the latest say about exactly these. ``banned``: a ban on this channel or on all; ``objected``: Art.
    21(2). ``fits_role``: the message concerns the person's job (for a named work address). ``partner``: somebody else's
    marketing; ``consent_names_partner``: the consent names that somebody. ``left``: they acted for a company and do so
    for none any more.
    """

    channel: Channel
    recipient: RecipientKind
    consent: Consent = "none"
    banned: bool = False
    objected: bool = False
    restricted: bool = False
    unlawful_source: bool = False
    fits_role: bool = True
    partner: bool = False
    consent_names_partner: bool = False
    left: bool = False
    customer: ExistingCustomer = ExistingCustomer()


@dataclass(frozen=True, slots=True)
class Decision:
    allow: bool
    ground: Ground
    reason: Text
    rule_number: int
    """The row of the table that decided."""
    mark: Mark
    rule: str = ""
    """The id of that row; rows of one number differ by it."""


def may_contact(facts: ContactFacts, on: date | None = None) -> Decision:
    """The decision of the first row that matches, by the table in force on the day (default: the present one).

    Raises :class:`NoRuleError` if no row was in force then.
    """
    known = known_of(facts)
    for decision, alternatives in rows(on):
        if matches(alternatives, known):
            return decision
    # Every fact has a row in the present table, so only a day before it can come here; find() says so.
    rule_set("marketing").find("9", on)
    raise AssertionError("the marketing table has a hole")


def known_of(facts: ContactFacts) -> dict[str, Any]:
    """Facts by the names that the table's rows ask for."""
    return {
        **asdict(facts),
        "electronic": facts.channel in ELECTRONIC,
        "existing_customer": facts.customer.holds(),
    }


def rows(on: date | None = None) -> Iterator[tuple[Decision, Alternatives]]:
    """The rows of the table in force on the day, in the order they are tried, for whoever asks of many at once."""
    for entry in rule_set("marketing").entries():
        if entry.mark.holds(on):
            row = entry.facts
            yield Decision(row["allow"], row["ground"], row["reason"], row["number"], entry.mark, entry.id), row["when"]


def default_basis(channel: Channel, recipient: RecipientKind) -> Literal["consent", "interest"]:
    """What marketing on a channel rests on when the person has said nothing: ``interest`` if allowed until refused."""
    return "interest" if may_contact(ContactFacts(channel, recipient)).allow else "consent"


def must_carry() -> tuple[Text, ...]:
    """What every electronic marketing message must carry (ss. 200(3), 202 and 203)."""
    return tuple(entry.facts["text"] for entry in rule_set("marketing").entries("must_carry"))
