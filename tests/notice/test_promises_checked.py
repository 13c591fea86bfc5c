"""Promises that a notice cannot break unnoticed: the example keeps them, and a change that breaks one is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seloste.notice.check import check_parsed
from seloste.notice.parse import read
from seloste.notice.tree import Node, tree_of

EXAMPLES = Path(__file__).parents[2] / "examples"


def errors(example: str, change: dict[str, Any]) -> set[str]:
    """The codes found when each dotted path of ``change`` is given a value; nothing is found before."""
    parsed = read(EXAMPLES / example)
    assert not [finding for finding in check_parsed(parsed).findings if finding.severity == "error"]
    root = parsed.root
    for path, value in change.items():
        root = _put(root, path.split("."), value)
    return {finding.code.split("-")[0] for finding in check_parsed(replace(parsed, root=root)).findings}


def _put(node: Node, path: list[str], value: Any) -> Node:
    key, *rest = path
    inner = node.map.get(key, Node("map", node.place))
    made = _put(inner, rest, value) if rest else tree_of(value, inner.place)
    return replace(node, shape="map", map={**node.map, key: made}, keys={key: node.place, **node.keys})


@pytest.mark.parametrize(
    ("example", "change", "code"),
    [
        pytest.param(
            "fluent-progress/customers.yaml",
            {
                "paragraphs.introduction": {
                    "fi": "Henkilötietolain (523/1999) mukainen.",
                    "en": "Personal Data Act (523/1999).",
                }
            },
            "T04",
            id="F4",
            marks=pytest.mark.promise("F4"),
        ),
        pytest.param(
            "fluiconnecto/notice.yaml",
            {
                "recipients.buyer": {
                    "text": {"fi": "Ostaja", "en": "Buyer"},
                    "who": "Ostaja Oy (FI)",
                    "for": "marketing",
                    "gets": ["name"],
                }
            },
            "N01",
            id="C41",
            marks=pytest.mark.promise("C41"),
        ),
        pytest.param(
            "fluiconnecto/notice.yaml",
            {
                "purposes.partner_marketing.basis": "legitimate_interest",
                "purposes.partner_marketing.interest": {"fi": "a", "en": "a"},
            },
            "R14",
            id="C45",
            marks=pytest.mark.promise("C45"),
        ),
        pytest.param(
            "fluiconnecto/notice.yaml",
            {"recipients.group.safeguard": None},
            "R05",
            id="C50",
            marks=pytest.mark.promise("C50"),
        ),
        pytest.param(
            "fluiconnecto/notice.yaml",
            {"processors.mailing.safeguard": None, "processors.mailing.sub_processors": ["Alihankkija Ltd (IN)"]},
            "R05",
            id="C52",
            marks=pytest.mark.promise("C52"),
        ),
        pytest.param(
            "fluiconnecto/notice.yaml",
            {"processors.mailing.safeguard": "adequacy", "processors.mailing.country": "IN"},
            "R06",
            id="C53",
            marks=pytest.mark.promise("C53"),
        ),
        pytest.param(
            "fluiconnecto/notice.yaml",
            {"recipients.carrier.gets": ["delivery", "remark"]},
            "R10",
            id="C54",
            marks=pytest.mark.promise("C54"),
        ),
        pytest.param(
            "fluiconnecto/notice.yaml",
            {"controller.contact.email": "[täydennä]"},
            "T03",
            id="C64",
            marks=pytest.mark.promise("C64"),
        ),
        pytest.param(
            "proseduuri/notice.yaml",
            {"processors.crm.country": "US", "processors.crm.safeguard": "scc"},
            "N03",
            id="P35",
            marks=pytest.mark.promise("P35"),
        ),
        pytest.param(
            "proseduuri/notice.yaml",
            {"paragraphs.keep": {"fi": "Tietoja säilytetään toistaiseksi.", "en": "Data are kept indefinitely."}},
            "T06",
            id="P36",
            marks=pytest.mark.promise("P36"),
        ),
        pytest.param(
            "proseduuri/notice.yaml",
            {"purposes.customer_care.keep": {"relationship": "6 months after ended"}},
            "K09",
            id="P36-end-date",
            marks=pytest.mark.promise("P36"),
        ),
    ],
)
def test_a_broken_promise_is_found(example: str, change: dict[str, Any], code: str) -> None:
    assert code in errors(example, change)
