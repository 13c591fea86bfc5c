"""Reading a file: places, limits, frames."""

from __future__ import annotations

from pathlib import Path

import pytest

from seloste.notice import load
from seloste.notice.check import check
from seloste.notice.findings import NoticeFaulty, NoticeUnreadable
from seloste.notice.parse import Parsed, read, read_text
from seloste.notice.tree import MAX_BYTES, plain

CORPUS = Path(__file__).parents[1] / "corpus"


def refused(text: str | bytes) -> str:
    with pytest.raises(NoticeUnreadable) as caught:
        read_text(text)
    return caught.value.finding.code


def test_words_stay_as_they_are_written() -> None:
    parsed = read_text("country: NO\ncode: 00100\nyear_end: 12-31\nday: 2026-11-01\nflag: true\nnothing:\ntilde: ~\n")
    assert plain(parsed.root) == {
        "country": "NO",
        "code": "00100",
        "year_end": "12-31",
        "day": "2026-11-01",
        "flag": "true",
        "nothing": None,
        "tilde": None,
    }


def test_every_word_knows_its_line_and_column() -> None:
    root = read_text("seloste: 1\npurposes:\n  orders:\n    uses: [+, remark]\n").root
    uses = root.map["purposes"].map["orders"].map["uses"]
    assert (root.map["purposes"].keys["orders"].line, root.map["purposes"].keys["orders"].column) == (3, 3)
    assert [(item.word, item.place.line, item.place.column) for item in uses.items] == [("+", 4, 12), ("remark", 4, 15)]


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    assert plain(read_text(b"\xef\xbb\xbfseloste: 1\r\nregister: a\r\n").root) == {"seloste": "1", "register": "a"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "F08-not-a-mapping"),
        ("just words", "F08-not-a-mapping"),
        ("a: 1\na: 2", "F04-written-twice"),
        ("a: {b: 1, b: 2}", "F04-written-twice"),
        ("a: &x 1\nb: *x", "F05-anchor"),
        ("<<: {a: 1}", "F05-anchor"),
        ("a: !!python/object:os.system x", "F05-anchor"),
        ("? {a: 1}\n: b", "F07-key-not-a-word"),
        ("'': b", "F07-key-not-a-word"),
        ("a: " + "[" * 30 + "]" * 30, "F06-too-deep"),
        ('a: "\\0"', "F02-not-utf8"),
        ('a: "\\ud800"', "F02-not-utf8"),
        (b"a: \xff", "F02-not-utf8"),
        ("a: [1, 2", "F03-not-yaml"),
        ("a: @b", "F03-not-yaml"),
        ("extends: other.yaml", "F11-no-frame"),
    ],
)
def test_what_is_no_notice_is_refused_with_a_reason(text: str | bytes, code: str) -> None:
    assert refused(text) == code


def test_a_file_of_a_million_bytes_and_one_is_refused_unread(tmp_path: Path) -> None:
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(NoticeUnreadable) as caught:
        read(big)
    assert caught.value.finding.code == "F01-too-big"


def test_a_bomb_of_words_is_refused() -> None:
    assert refused("a: [" + "1," * 60_000 + "1]") == "F01-too-big"


def test_a_file_that_is_not_there_is_told_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(NoticeUnreadable) as caught:
        read(tmp_path / "none.yaml")
    assert caught.value.finding.code == "F10-no-file"
    assert "sitä ei ole" in caught.value.message("fi")
    assert "it is not there" in caught.value.message("en")


# --- frames -----------------------------------------------------------------------------------------------------------


def frames(tmp_path: Path, frame: str, notice: str) -> Parsed:
    (tmp_path / "frame.yaml").write_text(frame, "utf-8")
    (tmp_path / "notice.yaml").write_text("extends: frame.yaml\n" + notice, "utf-8")
    return read(tmp_path / "notice.yaml")


def test_sections_merge_by_name_and_keep_the_place_where_they_are_written(tmp_path: Path) -> None:
    parsed = frames(
        tmp_path,
        "controller:\n  name: Yritys Oy\n  phone: 010 1\nnever: [selling]\n",
        "register: a\ncontroller:\n  phone: 010 2\nnever: [+, profiling]\n",
    )
    assert plain(parsed.root)["controller"] == {"name": "Yritys Oy", "phone": "010 2"}
    assert plain(parsed.root)["never"] == ["selling", "profiling"]
    controller = parsed.root.map["controller"]
    assert Path(controller.keys["name"].file).name == "frame.yaml"
    assert (Path(controller.keys["phone"].file).name, controller.keys["phone"].line) == ("notice.yaml", 4)
    assert [Path(item.place.file).name for item in parsed.root.map["never"].items] == ["frame.yaml", "notice.yaml"]


def test_a_list_without_a_plus_replaces_and_a_text_replaces_whole(tmp_path: Path) -> None:
    parsed = frames(
        tmp_path,
        "title: {fi: Eka, en: First}\nnever: [selling]\n",
        "register: a\ntitle: {fi: Toka}\nnever: [profiling]\n",
    )
    assert plain(parsed.root) | {"extends": None} == {
        "extends": None,
        "register": "a",
        "title": {"fi": "Toka"},
        "never": ["profiling"],
    }


def test_a_key_that_says_nothing_leaves_what_the_frame_says(tmp_path: Path) -> None:
    parsed = frames(tmp_path, "purposes: {orders: {lasts: 1 year}}\n", "register: a\npurposes:\n  orders:\n")
    assert plain(parsed.root)["purposes"] == {"orders": {"lasts": "1 year"}}


def test_frames_may_extend_frames_but_not_without_end(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.yaml").write_text(f"extends: {number + 1}.yaml\n", "utf-8")
    (tmp_path / "8.yaml").write_text("title: x\n", "utf-8")
    with pytest.raises(NoticeUnreadable) as caught:
        read(tmp_path / "0.yaml")
    assert "more than 5 frames" in caught.value.message("en")
    assert read(tmp_path / "6.yaml").files == tuple(str(tmp_path / f"{number}.yaml") for number in (6, 7, 8))


def test_a_frame_alone_is_told_to_be_one_and_only_its_grammar_is_judged() -> None:
    result = check(CORPUS / "faulty" / "frame.yaml")
    assert result.notice is None
    assert [finding.code for finding in result.findings] == ["F21-frame", "F12-unknown-key"]


# --- load -------------------------------------------------------------------------------------------------------------


def test_load_gives_the_notice_of_a_file_without_errors() -> None:
    notice = load(CORPUS / "gym" / "notice.yaml")
    assert notice.register == "members"
    assert notice.controller.name == "Rautakolmio Oy"


def test_load_refuses_a_faulty_file_with_all_its_findings() -> None:
    with pytest.raises(NoticeFaulty) as caught:
        load(CORPUS / "faulty" / "missing.yaml")
    assert len(caught.value.findings) > 20
    assert "puuttuu" in caught.value.message("fi")
