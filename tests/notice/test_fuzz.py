"""Whatever the file holds, the answer is a notice with findings or ``NoticeUnreadable``, never another error."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from seloste.notice.check import CheckResult, check_parsed
from seloste.notice.fields import SECTIONS
from seloste.notice.findings import NoticeUnreadable
from seloste.notice.model import Place
from seloste.notice.parse import Parsed, read, read_text
from seloste.notice.tree import Node, tree_of

CORPUS = Path(__file__).parents[1] / "corpus"
SOUND = [read(path) for path in sorted(CORPUS.glob("*/notice.yaml"))]
KEYS = sorted({key for fields in SECTIONS.values() for key in fields})
WORDS = [
    "name", "contact", "order", "order.notes", "person.email", "relationship", "permission", "+", "", "true", "yes",
    "~", "consent", "contract", "marketing", "US", "QQ", "Nimi Oy (SE)", "group", "order.carrier", "12-31",
    "2026-11-01", "13", "2 years after order.ordered_on", "until withdrawn", "1 year each", "debt",
    "accounting_voucher, at most 1 year each", "3 years after last_contact, at least until agreement.ended_on",
    "at most", ", ,", "0 days after x.y.z", "{recipient}", "{", "%s {0} {key}", "[fill in]", "523/1999",
    "relationship !organisation", "text + S T !", "person >", "choice", "2026-11",
]  # fmt: skip

words = st.one_of(st.sampled_from(WORDS), st.text(max_size=12))
keys = st.one_of(
    st.sampled_from(KEYS),
    st.sampled_from(["fi", "en", "orders", "customer_care", "person", "accountability"]),
    st.text(max_size=8),
)
shapes: st.SearchStrategy[Any] = st.recursive(
    st.one_of(words, st.none(), st.booleans(), st.integers(-5, 99999)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=25,
)


def settle(parsed: Parsed) -> None:
    """Check, and say everything that is found in both languages and as JSON."""
    result: CheckResult = check_parsed(parsed)
    for finding in result.findings:
        for lang in ("en", "fi"):
            assert finding.message(lang)
            assert finding.help(lang)
        assert finding.line >= 1
        assert finding.column >= 1
        json.dumps(finding.as_json())


def try_text(text: str | bytes) -> None:
    try:
        parsed = read_text(text)
    except NoticeUnreadable as error:
        assert error.message("en")
        assert error.message("fi")
        return
    settle(parsed)


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    try_text(data)


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    try_text(text)


@given(st.text(alphabet=" \n\t:-[]{}&*!|>'\"#%@,?~abc1", max_size=120))
def test_any_text_of_signs_that_mean_something_in_yaml(text: str) -> None:
    try_text("seloste: 1\n" + text)


@given(st.dictionaries(keys, shapes, max_size=8))
def test_any_tree_of_the_words_of_the_format(tree: dict[str, Any]) -> None:
    # JSON is YAML; the register makes it a notice rather than a frame.
    try_text(json.dumps({"seloste": 1, "register": "fuzzed", **tree}, ensure_ascii=False))


@st.composite
def grafted(draw: st.DrawFn) -> Parsed:
    """A sound notice with one to three nodes replaced by something else."""
    parsed = draw(st.sampled_from(SOUND))
    root = parsed.root
    for _ in range(draw(st.integers(1, 3))):
        root = _graft(draw, root)
    return replace(parsed, root=root)


def _graft(draw: st.DrawFn, node: Node) -> Node:
    if (node.map or node.items) and draw(st.integers(0, 4)):
        if node.map:
            key = draw(st.sampled_from(sorted(node.map)))
            return replace(node, map={**node.map, key: _graft(draw, node.map[key])})
        number = draw(st.integers(0, len(node.items) - 1))
        items = list(node.items)
        items[number] = _graft(draw, items[number])
        return replace(node, items=items)
    return tree_of(draw(shapes), Place(node.place.file, node.place.line, node.place.column))


@settings(max_examples=300)
@given(grafted())
def test_a_sound_notice_with_something_odd_in_it(parsed: Parsed) -> None:
    if parsed.root.shape == "map":
        settle(parsed)
