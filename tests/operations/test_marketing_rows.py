"""Each row of the marketing table that a register can come to, for one person and for all in one statement.

Rows 4, 7 and 8 rest on facts that no register holds: all six conditions of an existing customer (s. 200(3)), a message
that does not fit the job, an address that is nobody's. What is not known is not presumed, so row 5 decides then.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping

import pytest
from tests.operations.conftest import SALES, contact

from seloste.law.marketing import rows
from seloste.operations.actor import CLI, Actor
from seloste.operations.permissions import say
from seloste.operations.permissions.audience import audience, reach, ways
from seloste.operations.permissions.audience_file import audience_file
from seloste.operations.permissions.contact import contacts
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.records.rectify import rectify
from seloste.store.registers import RegisterStore
from seloste.store.verify import verify_derived

MARKETING = Actor("a3", "marketing")


def agrees(
    store: RegisterStore,
    actor: Actor,
    now: dt.datetime,
    expected: Mapping[int, str],
    purpose: str,
    channel: str,
    sender: str = "",
) -> None:
    """The row that decides of each person, and the same of all of them."""
    allows = {decision.rule: decision.allow for decision, _ in rows(now.date())}
    each_by_itself = contacts(store, list(expected), group=True, actor=actor, now=now)
    for person, rule in expected.items():
        found = next(
            a for a in each_by_itself[person] if (a.purpose, a.channel, a.sender) == (purpose, channel, sender)
        )
        assert (person, found.rule, found.answer == "yes") == (person, rule, allows[rule])
    found_all = audience(store, purpose, channel, sender=sender, actor=actor, now=now)
    assert found_all.persons == tuple(sorted(person for person, rule in expected.items() if allows[rule]))
    assert found_all.refused == Counter(rule for rule in expected.values() if not allows[rule])
    counted = next(
        each
        for each in [reach(store, way, actor=actor, now=now) for way in ways(store, actor)]
        if (each.purpose, each.channel, each.sender) == (purpose, channel, sender)
    )
    assert counted.allowed == len(found_all.persons)
    assert sum(count for _, count in counted.refused) == sum(found_all.refused.values())


@pytest.mark.promise("C45", "C58", "C61")
def test_each_row_for_contacts_of_companies(store: RegisterStore, fixed_now: dt.datetime) -> None:
    now, by = fixed_now, {"actor": SALES, "now": fixed_now}
    names = ("Aatu", "Eero", "Iiro", "Outi", "Ulla", "Yrjo", "Aila", "Ossi")
    plain, banned, by_mail, objected, left, paused, yes, no = people = [
        contact(store, now, first=name) for name in names
    ]
    # A number of their own each: a ban on everything comes back with the number it was on.
    for place, person in enumerate(people):
        rectify(store, "person", person, {"phone": [f"050 000 020{place}"]}, source="subject", **by)
    say.ban(store, banned, "all", **by)
    say.ban(store, by_mail, "email", purpose="marketing", sender=store.register.notice.controller.name, **by)
    say.object_to(store, objected, "marketing", **by)
    with store.read(now) as conn:
        tie = conn.execute("SELECT id FROM relationship WHERE person = :id", {"id": left}).all()[0][0]
    rectify(store, "relationship", int(tie), {"ended": now.date().isoformat()}, source="subject", **by)
    words = {"channel": "paper", "language": "fi", "recipient": "Letkuset Oy", **by}
    say.grant(store, yes, "partner_marketing", **words)
    say.grant(store, no, "partner_marketing", **words)
    say.withdraw(store, no, "partner_marketing", **by)
    say.restrict(store, paused, "accuracy", **by)
    # The role sees nothing of somebody whose data rest, so they are counted nowhere (row 2).
    mail = {plain: "6", banned: "1", by_mail: "1", objected: "1", left: "12", yes: "6", no: "6"}
    agrees(store, SALES, now, mail, "marketing", "email")
    call = {plain: "9", banned: "1", by_mail: "9", objected: "1", left: "12", yes: "9", no: "9"}
    agrees(store, SALES, now, call, "marketing", "phone")
    agrees(store, SALES, now, call, "marketing", "post")
    none = dict.fromkeys((plain, by_mail, objected, left), "10-none")
    letkuset = {**none, banned: "1", yes: "10-consent", no: "1"}
    agrees(store, SALES, now, letkuset, "partner_marketing", "email", "Letkuset Oy")
    # A yes to one partner is none to another, and neither is a no.
    agrees(
        store,
        SALES,
        now,
        {**none, banned: "1", yes: "10-none", no: "10-none"},
        "partner_marketing",
        "email",
        "Öljytukku Oy",
    )
    assert verify_derived(store, now).differences == ()


@pytest.mark.promise("F13", "P42")
def test_each_row_for_private_people(opened: Callable[[str], RegisterStore], fixed_now: dt.datetime) -> None:
    store, now, by = opened("fluent-progress/customers"), fixed_now, {"actor": CLI, "now": fixed_now}
    group = "Fluent Progress Group Oy"

    def private(first: str) -> int:
        found = [
            NewRow("person", {"first_name": first, "email": [f"{first.lower()}@aalto.example"]}, ref="p"),
            NewRow("relationship", {"stage": "customer"}, {"person": "p"}),
        ]
        return collect(store, found, actor=CLI, now=now).ids["p"]

    silent, yes, taken_back, past, not_group, objected = map(private, ("Aatu", "Eero", "Iiro", "Outi", "Ulla", "Yrjö"))
    words = {"channel": "paper", "language": "fi", **by}
    for each in (yes, taken_back, not_group):
        say.grant(store, each, "marketing", **words)
    say.withdraw(store, taken_back, "marketing", **by)
    say.grant(store, past, "marketing", given_at=now - dt.timedelta(days=3 * 366 + 1), **words)
    say.ban(store, not_group, "email", sender=group, **by)
    say.object_to(store, objected, "marketing", **by)
    mail = {silent: "5", yes: "3", taken_back: "1", past: "5", not_group: "3", objected: "1"}
    agrees(store, MARKETING, now, mail, "marketing", "email")
    agrees(store, MARKETING, now, {**mail, yes: "10-consent", not_group: "1", silent: "10-none", past: "10-none"},
           "marketing", "email", group)  # fmt: skip
    # A letter on paper goes where somebody has an address of their own.
    place = NewRow("address", {"street": "Kuja 1", "postal_code": "00100", "city": "Helsinki"}, {"person": silent})
    collect(store, [place], actor=CLI, now=now)
    with audience_file(store, "marketing", "post", lang="fi", actor=MARKETING, now=now).file as file:
        lines = file.read().decode("utf-8-sig").splitlines()
    assert [line.split(";")[-4:-1] for line in lines[1:]] == [["Kuja 1", "00100", "Helsinki"]], lines
    call = {silent: "9", yes: "9", taken_back: "9", past: "9", not_group: "9", objected: "1"}
    agrees(store, MARKETING, now, call, "marketing", "phone")
    assert verify_derived(store, now).differences == ()
