"""The record in fideslang, the taxonomy of the Fides tools: the register as a system and a dataset, purposes as uses.

Categories of data are of the taxonomy; uses are the notice's own below a use of the taxonomy, and so are the
categories of people. Words are in one language, since the format has one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from seloste.catalogue.model import Item, Kind
from seloste.notice.model import Notice, Purpose, Ref
from seloste.notice.record.make import people_of, recipients_of, record
from seloste.notice.record.model import Activity
from seloste.notice.render.tell import Teller
from seloste.notice.render.transfers import goings

Node = dict[str, Any]


@cache
def keys() -> Mapping[str, Any]:
    """The keys that are kept beside this module, by what of ours each stands for; nothing is fetched."""
    return tomllib.loads((Path(__file__).parent / "fides.toml").read_text("utf-8"))


def fides(notice: Notice, lang: str) -> Node:
    """The taxonomy of a notice: organization, data_subject, data_use, dataset, system. Raises ``NoSuchLanguage``."""
    made = record(notice, lang)
    return _Writer(notice, Teller(notice, lang)).whole(made.activities)


class _Writer:
    def __init__(self, notice: Notice, t: Teller) -> None:
        self.notice, self.t = notice, t
        self.organization = f"{notice.register}_controller"

    def whole(self, activities: Iterable[Activity]) -> Node:
        notice, t = self.notice, self.t
        purposes = [(notice.purposes[each.key], each) for each in activities]
        return {
            "organization": [self.controller()],
            "data_subject": [
                {"fides_key": one.key, "name": t.w.capital(t.pick(one.text))} for one in notice.categories
            ],
            "data_use": [
                {"fides_key": self.use(purpose), "name": t.name(purpose), "parent_key": self.parent(purpose)}
                for purpose, _ in purposes
            ],
            "dataset": [self.dataset()],
            "system": [self.system(purposes)],
        }

    def controller(self) -> Node:
        one, t = self.notice.controller, self.t
        contact = {
            "name": t.pick(one.contact_role) or one.name,
            "address": one.address or "",
            "email": one.contact_email or one.email or "",
            "phone": one.contact_phone or one.phone or "",
        }
        officer = t.pick(one.data_protection_officer)
        return {
            "fides_key": self.organization,
            "name": one.name,
            "controller": contact,
            **({"data_protection_officer": {**contact, "name": officer}} if officer else {}),
        }

    def parent(self, purpose: Purpose) -> str:
        known = keys()
        of = known["use"].get(purpose.preset or purpose.key) or known["nature"].get(purpose.nature)
        return str(of or known["use_of_basis"][purpose.basis])

    def use(self, purpose: Purpose) -> str:
        return f"{self.parent(purpose)}.{purpose.key}"

    def category(self, kind: Kind, item: Item) -> str:
        if kind.about == "nobody" and kind.owner_item is None:
            return "system.operations"
        return str(keys()["category"].get((item.dpv or "").partition(":")[2], "user"))

    def dataset(self) -> Node:
        collections = []
        for kind in self.notice.kinds.values():
            fields = [
                {
                    "name": item.key,
                    "description": self.t.pick(item.label),
                    "data_categories": [self.category(kind, item)],
                }
                for item in kind.items.values()
                if item.type != "ref"
            ]
            if fields:
                collections.append({"name": kind.key, "description": self.t.pick(kind.label), "fields": fields})
        return {
            "fides_key": self.notice.register,
            "organization_fides_key": self.organization,
            "name": self.t.pick(self.notice.title),
            "collections": collections,
        }

    def system(self, purposes: Iterable[tuple[Purpose, Activity]]) -> Node:
        notice, controller, t = self.notice, self.notice.controller, self.t
        ways = goings(t)
        safeguards = [keys()["safeguard"].get(way.mechanism or "", "Other") for way in ways]
        return {
            "fides_key": f"{notice.register}_system",
            "organization_fides_key": self.organization,
            "name": t.pick(notice.title),
            "system_type": "Application",
            "legal_name": controller.name,
            "legal_address": controller.address or "",
            "responsibility": ["Controller"],
            "dpo": t.pick(controller.data_protection_officer) or None,
            "joint_controller_info": t.pick(controller.arrangement) or None,
            "data_security_practices": " ".join(t.w.sentence(t.pick(one.text)) for one in notice.security) or None,
            "does_international_transfers": bool(ways),
            "legal_basis_for_transfers": list(dict.fromkeys(safeguards)),
            "uses_profiling": any(purpose.profiling for purpose in notice.purposes.values()),
            "uses_cookies": bool(notice.cookies),
            "dataset_references": [notice.register],
            "privacy_declarations": [self.declaration(purpose, told) for purpose, told in purposes],
        }

    def declaration(self, purpose: Purpose, told: Activity) -> Node:
        recipients = recipients_of(self.notice, purpose)
        given = [ref for one in recipients for ref in one.gets]
        found = {
            "name": self.t.name(purpose),
            "data_use": self.use(purpose),
            "data_categories": self.categories((*purpose.uses, *purpose.borrows, *purpose.at_intake)),
            "data_subjects": [one.key for one in people_of(self.notice, purpose)],
            "legal_basis_for_processing": keys()["basis"][purpose.basis],
            "retention_period": "; ".join(told.keeps),
            "impact_assessment_location": self.t.pick(purpose.balancing) or None,
            "processes_special_category_data": purpose.special is not None,
            "special_category_legal_basis": keys()["special"].get(purpose.special or ""),
            "data_shared_with_third_parties": bool(recipients),
            "third_parties": "; ".join(told.recipients) if recipients else None,
            "shared_categories": self.categories(given) if given else [],
            "dataset_references": [self.notice.register],
        }
        return {key: value for key, value in found.items() if value is not None}

    def categories(self, refs: Iterable[Ref]) -> list[str]:
        kinds = self.notice.kinds
        known = (
            (kinds[ref.kind], kinds[ref.kind].items[ref.item])
            for ref in refs
            if ref.kind in kinds and ref.item in kinds[ref.kind].items
        )
        found = dict.fromkeys(self.category(kind, item) for kind, item in known if item.type != "ref")
        return list(found) or ["user"]
