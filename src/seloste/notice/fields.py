"""The keys of a notice file, declared once: others are refused, the schema and the reference are made from it.

A field's ``shape`` is one of: ``text`` (a sentence, or one per language), ``word`` (any one-line text), ``date``,
``flag`` (true or false), ``names`` (a word or a list of words), ``period`` (``2 years``), ``keep``, ``uses``,
``parties`` (``Name Oy (FI)``), ``map:SECTION`` (key -> SECTION), ``section:SECTION``, ``list:SECTION``,
``choice:a|b``, ``free``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    shape: str
    doc: str
    required: bool = False
    fi: str = ""
    """``doc`` in Finnish, where a finding may need it (of required fields)."""


BASES = ("consent", "contract", "company_contract", "legal_obligation", "legitimate_interest", "public_task", "vital")
ON_INTEREST = ("legitimate_interest", "company_contract")
"""Bases that rest on an interest: only with these is the interest of a purpose told. A preset may bring one with it
that the notice, having chosen another basis, no longer rests on."""
NATURES = ("ordinary", "claims", "marketing", "research", "statistics", "profiling", "accountability")
PER = ("recipient", "embed", "row")
SENDERS = ("own", "group", "partners")
CONFIRM = ("email",)
SPECIAL_GROUNDS = (
    "explicit_consent",
    "employment",
    "vital_interest",
    "association",
    "made_public",
    "legal_claims",
    "public_interest",
    "health_care",
    "public_health",
    "archiving",
)
CODE_GROUNDS = (
    "consent",
    "law",
    "statutory_task",
    "rights_and_duties",
    "research_or_statistics",
    "credit",
    "debt_collection",
    "insurance",
    "credit_institution",
    "payment_service",
    "rental_and_lending",
    "credit_information",
    "health_care",
    "social_welfare",
    "employment",
    "address_update",
)
SAFEGUARDS = (
    "adequacy",
    "dpf",
    "scc",
    "bcr",
    "code_of_conduct",
    "certification",
    "authority_scc",
    "public_instrument",
    "explicit_consent",
    "contract_derogation",
    "claims_derogation",
)
HEADINGS = (
    "introduction",
    "controller",
    "people",
    "purposes",
    "data",
    "sources",
    "recipients",
    "processors",
    "transfers",
    "keep",
    "rights",
    "requests",
    "complaint",
    "profiling",
    "cookies",
    "security",
    "changes",
)
PROOFS = ("periods", "consents", "recipients", "requests", "looks", "checks")
REQUESTS = ("office", "post", "phone")
GIVES_MORE = ("ban_erasable", "portability", "erasure", "answer_within")


def _choice(words: tuple[str, ...]) -> str:
    return "choice:" + "|".join(words)


SECTIONS: dict[str, dict[str, Field]] = {
    "notice": {
        "seloste": Field("choice:1", "Version of the format: 1.", required=True, fi="Muodon versio: 1."),
        "vocabulary": Field(
            "word",
            "Version of the presets and kinds, as `2026-11`. It changes only when you change it.",
            required=True,
            fi="Sanaston versio, esimerkiksi `2026-11`. Se vaihtuu vain, kun vaihdat sen.",
        ),
        "extends": Field("word", "Path of a frame, relative to this file."),
        "register": Field(
            "word", "Short name of the register: small letters, digits and underscores. A file without it is a frame."
        ),
        "title": Field("text", "Name of the register for people.", required=True, fi="Rekisterin nimi ihmisille."),
        "languages": Field(
            "names",
            "Languages the notice is published in, as `[fi, en]`.",
            required=True,
            fi="Kielet, joilla seloste julkaistaan, esimerkiksi `[fi, en]`.",
        ),
        "effective": Field(
            "date",
            "The day from which this version holds.",
            required=True,
            fi="Päivä, josta alkaen tämä versio on voimassa.",
        ),
        "controller": Field(
            "section:controller", "Who is responsible for the register.", required=True, fi="Kuka vastaa rekisteristä."
        ),
        "processor": Field("word", "Who runs the register for the controller: a key of `processors:` or a name."),
        "requests": Field("section:requests", "Where else than by e-mail and in the portal a request may be made."),
        "people": Field(
            "map:category",
            "The categories of people, by the tie that makes a person one.",
            required=True,
            fi="Ihmisryhmät, joita tiedot koskevat.",
        ),
        "kinds": Field("map:kind", "Kinds and items of your own, or more items to a kind of the catalogue."),
        "purposes": Field("map:purpose", "Why data are processed.", required=True, fi="Miksi tietoja käsitellään."),
        "processors": Field("map:processor", "Companies that handle the data on your behalf."),
        "recipients": Field("map:recipient", "Those who receive data for purposes of their own."),
        "sources": Field("map:source", "Where the data come from.", required=True, fi="Mistä tiedot saadaan."),
        "staff": Field(
            "map:lens",
            "Who inside acts for which purposes.",
            required=True,
            fi="Kuka talon sisällä toimii missäkin tarkoituksessa.",
        ),
        "never": Field("names", "What is never done. Each is checked against the rest and published."),
        "proofs": Field(
            "names",
            "What the public page shows beside its promises: periods, consents, recipients, requests, looks, checks. "
            "Left out: nothing.",
        ),
        "gives_more": Field("section:gives_more", "Promises wider than the law."),
        "security": Field(
            "map:measure",
            "Security measures: proved by the system, or attested by a person.",
            required=True,
            fi="Miten tiedot on suojattu.",
        ),
        "paragraphs": Field("section:paragraphs", "Own sentences by heading, for what no field says."),
        "forms": Field("map:form", "Forms of the website that bring data into the register."),
        "embeds": Field("map:embed", "Content of others on the website; nothing loads before the click."),
        "cookies": Field("map:cookie", "Cookies and other storage in the browser."),
        "see_also": Field("list:see_also", "Sister notices."),
        "accept": Field("list:accept", "Findings you accept, each with its reason."),
    },
    "controller": {
        "name": Field("word", "Name of the company.", required=True, fi="Yrityksen nimi."),
        "business_id": Field("word", "Business ID, as `2710574-2`."),
        "address": Field("word", "Street address, postal code and town."),
        "email": Field("word", "E-mail address of the company."),
        "phone": Field("word", "Telephone number of the company."),
        "web": Field("word", "Address of the website."),
        "contact": Field(
            "section:contact",
            "Who answers in matters of the register: a role, not a person's name.",
            required=True,
            fi="Kuka vastaa rekisterin asioista: tehtävä, ei ihmisen nimi.",
        ),
        "financial_year_ends": Field(
            "word", "Month and day the financial year ends, as `12-31`. Bookkeeping counts from it."
        ),
        "group": Field("parties", "Companies of the same group, as `Name AB (SE)`."),
        "data_protection_officer": Field(
            "text", "Contact details of the data protection officer, when there is one (Art. 37)."
        ),
        "representative": Field("text", "Name and contact details of the representative in the Union (Art. 27)."),
        "joint": Field("parties", "Joint controllers (Art. 26)."),
        "arrangement": Field("text", "The essence of the arrangement between joint controllers (Art. 26(2))."),
        "each": Field(
            "word", "In a frame: the kind of row each of which is a controller of its own (`housing_company`)."
        ),
        "processor": Field("word", "Who runs the register for the controller: a key of `processors:` or a name."),
        "processor_contact": Field("word", "Contact details of the one who runs the register."),
    },
    "contact": {
        "role": Field(
            "text", "A role, as `Customer service`.", required=True, fi="Tehtävä, esimerkiksi `Asiakaspalvelu`."
        ),
        "email": Field("word", "E-mail address."),
        "phone": Field("word", "Telephone number."),
    },
    "requests": {key: Field("flag", f"Whether a request may be made: {key}.") for key in REQUESTS},
    "category": {
        "text": Field("text", "Name of the category, when it is not of the vocabulary."),
        "tie": Field(
            "word", "The kind that makes a person one, and ends that must exist: `relationship !organisation`."
        ),
        "through": Field("word", "The item of the tie that points at the person, when it is not the tie's own person."),
        "youngest": Field("word", "Youngest age, as `13`."),
    },
    "kind": {
        "label": Field("text", "Name of one row."),
        "plural": Field("text", "Name of many rows."),
        "about": Field("choice:person|visitor|owner|nobody", "Whose a row is."),
        "of": Field("names", "Kinds a row belongs to."),
        "tie": Field("flag", "The row ties all of `of` together."),
        "optional_of": Field("names", "Ends a tie may lack."),
        "only_with": Field("free", "End: the items that only one who has it is asked for."),
        "act": Field("word", "The item that dates a deed of the person."),
        "dated": Field("word", "The item that dates a row of its own."),
        "due": Field("word", "The item by which something is to be done about a row."),
        "done": Field("word", "The item that says when it was done; empty means open work."),
        "assigned": Field("word", "The item of type code that says who does it."),
        "title": Field("names", "Items that name a row."),
        "owner_item": Field("word", "An item pointing at the person whose row it is."),
        "subject": Field("flag", "Rows are data subjects themselves."),
        "items": Field("free", "Items: `key: type flags`, or a mapping with type, label, flags, options, dpv."),
        "groups": Field("free", "Names that stand for several items."),
    },
    "purpose": {
        "text": Field("text", "The purpose in words (Art. 13(1)(c))."),
        "like": Field("word", "The preset it inherits from, when its own name is another."),
        "basis": Field(_choice(BASES), "Legal basis (Art. 6(1))."),
        "is": Field(
            _choice(NATURES), "What kind of purpose it is. `claims` is not ended by an objection or an erasure."
        ),
        "interest": Field("text", "The legitimate interest (Art. 13(1)(d)); needed when the basis is one."),
        "balancing": Field("text", "Where the weighing of the interest against the person's is recorded."),
        "law": Field(
            "names", "The law that obliges, as `kirjanpitolaki 1336/1997`; needed when the basis is a legal obligation."
        ),
        "uses": Field(
            "uses", "What the purpose holds and uses: groups, kinds, items. `[+, remark]` adds to the preset."
        ),
        "borrows": Field("uses", "What it may use while another purpose holds it."),
        "keep": Field("keep", "How long, per matter."),
        "at_most": Field("free", "Kind -> how long a row of it lasts, however long its matter."),
        "channels": Field("free", "Marketing channels: a list, or channel -> consent or interest."),
        "senders": Field("names", "Whose marketing: own, group, partners."),
        "consent": Field("text", "The sentence a person says yes to; needed when the basis is consent."),
        "lasts": Field("period", "How long a consent lasts before it is asked again."),
        "confirm": Field(_choice(CONFIRM), "How a given address is confirmed before it is used."),
        "per": Field(_choice(PER), "Consent is asked for each of these."),
        "only_during": Field("word", "Kind of an open parent outside which no row is taken."),
        "longest": Field("period", "How long that parent may stay open."),
        "becomes": Field("word", "Category a visitor becomes under this consent."),
        "at_intake": Field("uses", "Items used when data arrive and never stored."),
        "needed_for": Field("text", "What happens if the data are not given (Art. 13(2)(e))."),
        "special": Field(_choice(SPECIAL_GROUNDS), "Ground of Art. 9(2) for special categories."),
        "identity_code": Field(
            _choice(CODE_GROUNDS), "Ground of section 29 of the Data Protection Act for an identity code."
        ),
        "profiling": Field("text", "What is evaluated, with what consequence (Art. 13(2)(f))."),
    },
    "processor": {
        "name": Field("word", "Name of the company; the role is enough."),
        "does": Field("text", "What it does.", required=True, fi="Mitä käsittelijä tekee."),
        "country": Field(
            "word",
            "Country where it handles the data, as `FI`.",
            required=True,
            fi="Maa, jossa tietoja käsitellään, esimerkiksi `FI`.",
        ),
        "safeguard": Field(_choice(SAFEGUARDS), "Ground of a transfer out of the EEA (Art. 44 to 49)."),
        "for": Field("names", "Purposes it works for; all, if left out."),
        "sub_processors": Field("parties", "Its own subcontractors, as `Name Inc. (US)`."),
        "agreement": Field(
            "word",
            "The agreement of Art. 28(3): its name and date.",
            required=True,
            fi="28 artiklan sopimus: sen nimi ja päivä.",
        ),
    },
    "recipient": {
        "text": Field("text", "Who receives, in words."),
        "who": Field("parties", "Names as `Name Oy (FI)`, `group`, or an item of the row (`order.carrier`)."),
        "is": Field("choice:authority", "`authority`: a public authority."),
        "country": Field("word", "Country, as `FI`, or an item of the row (`order.destination`)."),
        "for": Field("names", "Purposes for which it receives."),
        "gets": Field("uses", "What it receives."),
        "when": Field("word", "Condition: legal_request, agreed, released, invoice.overdue, housing_law."),
        "safeguard": Field(_choice(SAFEGUARDS), "Ground of a transfer out of the EEA (Art. 44 to 49)."),
    },
    "source": {
        "text": Field("text", "Name of the source, when it is not of the vocabulary."),
        "art14": Field("flag", "The person must be told where the data came from (Art. 14)."),
        "public": Field("flag", "The source is public."),
        "items": Field("uses", "What it may bring; all, if left out."),
    },
    "lens": {
        "text": Field("text", "Name of the role."),
        "for": Field("names", "Purposes the role acts for."),
        "only": Field("word", "Narrows to the acting person's own, as `office.housing_company`."),
    },
    "gives_more": {
        "ban_erasable": Field("flag", "A person may have even the ban erased."),
        "portability": Field("names", "Purposes whose data the person may take along, though the law does not ask."),
        "erasure": Field(
            "choice:on_request", "Data are erased on request, though a basis remains; what the law obliges stays."
        ),
        "answer_within": Field("period", "A request is answered sooner than the law asks."),
    },
    "measure": {
        "text": Field("text", "The measure in words, when it is not of the vocabulary."),
        "by": Field("text", "Who attests it: a role."),
        "at": Field("date", "When it was checked."),
        "next_check": Field("date", "When it is checked next."),
    },
    "paragraphs": {key: Field("text", f"Own sentences under the heading {key}.") for key in HEADINGS},
    "form": {
        "text": Field("text", "Name of the form."),
        "items": Field("uses", "What is asked.", required=True, fi="Mitä lomakkeella kysytään."),
        "for": Field(
            "names", "Purposes the data are asked for.", required=True, fi="Käyttötarkoitukset, joihin tiedot kysytään."
        ),
    },
    "embed": {
        "text": Field("text", "What it is."),
        "provider": Field("word", "Whose it is.", required=True, fi="Kenen sisältö on."),
        "privacy_url": Field("word", "Address of the provider's own notice."),
        "country": Field("word", "Country of the provider."),
    },
    "cookie": {
        "name": Field("word", "Name of the cookie."),
        "provider": Field("word", "Who sets it.", required=True, fi="Kuka evästeen asettaa."),
        "text": Field("text", "What it does.", required=True, fi="Mitä eväste tekee."),
        "purpose": Field("word", "The purpose whose consent it needs."),
        "duration": Field(
            "word",
            "How long it stays: `session`, or a period as `12 months`.",
            required=True,
            fi="Kauanko se säilyy: `session` tai aika, esimerkiksi `12 months`.",
        ),
        "necessary": Field("flag", "Needed for a service the visitor asked for; no consent."),
    },
    "see_also": {
        "text": Field("text", "What the other notice is about.", required=True, fi="Mistä toinen seloste kertoo."),
        "url": Field("word", "Its address."),
        "register": Field("word", "Its register, when it runs here."),
    },
    "accept": {
        "code": Field(
            "word", "Code of the finding, as `K05`.", required=True, fi="Havainnon koodi, esimerkiksi `K05`."
        ),
        "at": Field(
            "word",
            "Path it is about, as `purposes.orders`.",
            required=True,
            fi="Kohta, jota se koskee, esimerkiksi `purposes.orders`.",
        ),
        "because": Field("text", "Why it is right here.", required=True, fi="Miksi se on tässä oikein."),
    },
}
