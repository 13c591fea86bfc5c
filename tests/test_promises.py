"""The list of promises is whole, and the counter counts what a test closes and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts.promises import marks, read_promises

TESTS = Path(__file__).parent


def test_all_promises_are_listed_in_order() -> None:
    listed = {notice: list(numbers) for notice, numbers in read_promises().items()}
    assert listed == {
        "fluent-progress": [f"F{number}" for number in range(1, 82)],
        "fluiconnecto": [f"C{number}" for number in range(1, 69)],
        "fluxio": [f"X{number}" for number in range(1, 38)],
        "proseduuri": [f"P{number}" for number in range(1, 47)],
    }
    assert sum(len(numbers) for numbers in listed.values()) == 232


def test_every_mark_names_a_promise_that_exists() -> None:
    known = {number for numbers in read_promises().values() for number in numbers}
    assert {number: test for number, test in marks(TESTS) if number not in known} == {}


def test_it_counts_marks_of_tests_classes_and_modules(tmp_path: Path) -> None:
    write(
        tmp_path,
        """
import pytest
from pytest import mark
pytestmark = [pytest.mark.slow, pytest.mark.promise("F1")]

@mark.promise("F2", "F3")
def test_a(): ...

@pytest.mark.promise("F4")
class TestB:
    @pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.promise("F5"))])
    def test_c(self, x): ...
""",
    )
    where = "tests/test_it.py"
    assert list(marks(tmp_path / "tests")) == [
        ("F1", where),
        ("F2", f"{where}::test_a"),
        ("F3", f"{where}::test_a"),
        ("F4", f"{where}::TestB"),
        ("F5", f"{where}::TestB::test_c"),
    ]


@pytest.mark.parametrize("mark", ["skip(reason='later')", "skip", "xfail", "skipif(True, reason='x')"])
def test_a_test_that_does_not_run_closes_nothing(tmp_path: Path, mark: str) -> None:
    write(tmp_path, f"import pytest\n@pytest.mark.{mark}\n@pytest.mark.promise('F1')\ndef test_a(): ...\n")
    assert list(marks(tmp_path / "tests")) == []


def test_it_refuses_numbers_that_are_not_written_out(tmp_path: Path) -> None:
    write(tmp_path, "import pytest\n@pytest.mark.promise(NUMBER)\ndef test_a(): ...\n")
    with pytest.raises(ValueError, match="write the numbers"):
        list(marks(tmp_path / "tests"))


def write(folder: Path, text: str) -> None:
    (folder / "tests").mkdir()
    (folder / "tests" / "test_it.py").write_text(text, encoding="utf-8")
