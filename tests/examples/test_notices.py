"""The four examples are complete: nothing is found in them, and every promise of their sources has its place."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from seloste.notice.check import check

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
NOTICES = sorted(
    path for path in EXAMPLES.glob("*/*.yaml") if re.search(r"^register:", path.read_text("utf-8"), re.MULTILINE)
)
PROMISES: dict[str, dict[str, str]] = tomllib.loads((ROOT / "tests" / "promises.toml").read_text("utf-8"))


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_nothing_is_found_in_an_example(path: Path) -> None:
    result = check(path)
    assert [(one.code, one.line, one.message()) for one in result.findings] == []
    assert result.accepted == ()


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_example_is_in_finnish_and_english_and_its_register_has_a_name_of_its_own(path: Path) -> None:
    notice = check(path).notice
    assert notice is not None
    assert notice.languages == ("fi", "en")
    assert [other for other in NOTICES if f"\nregister: {notice.register}\n" in other.read_text("utf-8")] == [path]
    assert all(
        one.register is None or any(one.register in other.read_text("utf-8") for other in NOTICES)
        for one in notice.see_also
    )


def numbers(text: str) -> set[str]:
    """Promise numbers in a text; ``F17 to F25`` names all between."""
    found = set(re.findall(r"\b([FCXP]\d{1,2})\b", text))
    for letter, first, last in re.findall(r"\b([FCXP])(\d{1,2}) to \1?(\d{1,2})\b", text):
        found |= {f"{letter}{number}" for number in range(int(first), int(last) + 1)}
    return found


@pytest.mark.parametrize("example", sorted(PROMISES))
def test_each_promise_of_a_source_is_kept_by_a_line_or_told_in_the_readme(example: str) -> None:
    folder = EXAMPLES / example
    written = "".join(path.read_text("utf-8") for path in (*folder.glob("*.yaml"), *folder.glob("frames/*.yaml")))
    told = (folder / "README.md").read_text("utf-8")
    assert set(PROMISES[example]) - numbers(written) - numbers(told) == set()
    assert numbers(written) | numbers(told) <= set(PROMISES[example]), "a number no promise has"


def test_a_frame_is_no_notice_and_one_company_is_about_a_dozen_lines() -> None:
    frames = sorted(EXAMPLES.glob("*/frames/*.yaml"))
    assert len(frames) == 3
    assert all(check(path).notice is None for path in frames)
    lines = [
        line
        for line in (EXAMPLES / "fluxio" / "as-oy-metsakulma.yaml").read_text("utf-8").splitlines()
        if line[:1] != "#"
    ]
    assert len(lines) < 20


def test_the_housing_company_is_the_controller_and_the_manager_its_processor() -> None:
    notice = check(EXAMPLES / "fluxio" / "as-oy-tuulikello.yaml").notice
    assert notice is not None
    assert notice.controller.name == "Asunto Oy Esimerkin Tuulikello"
    assert notice.controller.processor == "Fluxio Isännöinti Oy"
    assert any(one.name == "Fluxio Isännöinti Oy" and one.agreement for one in notice.processors)


def test_an_identity_code_is_held_for_collection_alone() -> None:
    notice = check(EXAMPLES / "fluxio" / "as-oy-tuulikello.yaml").notice
    assert notice is not None
    holds = [
        key for key, one in notice.purposes.items() if any(ref.item == "personal_identity_code" for ref in one.uses)
    ]
    assert holds == ["debt_collection"]
    assert notice.purposes["debt_collection"].identity_code_ground == "debt_collection"


def test_no_real_address_stands_in_an_example() -> None:
    for path in EXAMPLES.rglob("*.yaml"):
        for address in re.findall(r"[\w.+-]+@([\w.-]+)", path.read_text("utf-8")):
            assert address.endswith(".example"), f"{path}: {address}"
