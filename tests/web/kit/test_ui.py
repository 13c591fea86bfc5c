"""Drawing helpers, away from the browser."""

from __future__ import annotations

import re

import pytest
from jinja2 import DictLoader, UndefinedError
from markupsafe import Markup

from seloste.web import ui
from seloste.web.parts import Chip, Field, Life


def numbers(svg: str, part: str) -> list[float]:
    found = re.search(rf'class="{part}" d="M0 6H([\d.]+)"', svg)
    return [float(found[1])] if found else []


@pytest.mark.parametrize(
    ("life", "uprights", "ring", "dots", "spent"),
    [
        (Life(end="date", elapsed=0.5), 1, 0, 0, 19.5),
        (Life(end="running"), 0, 0, 3, 26.67),
        (Life(end="law", elapsed=0.1), 2, 0, 0, 3.9),
        (Life(end="person"), 0, 1, 0, 10.58),
        (Life(end="soon"), 1, 0, 0, 35.88),
        (Life(end="past"), 1, 0, 0, 39),
    ],
)
def test_the_end_says_who_ends_it(life: Life, uprights: int, ring: int, dots: int, spent: float) -> None:
    svg = ui.life_line(life, width=40)
    assert svg.count('class="mark-end"') == uprights
    assert svg.count('class="ring"') == ring
    assert svg.count('r=".9"') == dots
    assert numbers(svg, "spent") == [spent]
    assert 'aria-hidden="true"' in svg
    assert "style=" not in svg


def test_soon_and_past_have_their_colour_and_a_life_stays_within_its_line() -> None:
    assert 'class="lifeline date soon"' in ui.life_line("soon")
    assert 'class="lifeline date past"' in ui.life_line("past")
    assert 'class="lifeline law soon"' in ui.life_line(Life(end="law", tone="soon"))
    assert numbers(ui.life_line(Life(end="date", elapsed=7.0), width=40), "spent") == [39]
    assert numbers(ui.life_line(Life(end="date", elapsed=-1.0), width=40), "spent") == []


def test_a_line_that_stands_alone_is_named_and_its_name_is_escaped() -> None:
    svg = ui.life_line("date", label="<6 months>")
    assert 'role="img"><title>&lt;6 months&gt;</title>' in svg


def test_the_chart_of_days_puts_a_dot_for_each_request() -> None:
    svg = ui.days_used((0, 0, 0, 5, 44), "23 requests")
    assert svg.count("<circle") == 5
    xs = sorted({float(x) for x in re.findall(r'cx="([\d.]+)"', svg)})
    assert xs[0] == 2
    assert xs[-1] == 228, "a late request stands at the end of the line"


@pytest.mark.parametrize(
    "basis",
    ["consent", "contract", "company_contract", "legal_obligation", "legitimate_interest", "vital", "public_task"],
)
def test_every_basis_of_the_notice_has_a_sign(basis: str) -> None:
    env = ui.environment("fi")
    drawn = env.from_string('{% import "components/signs.html" as s %}{{ s.ground(b) }}').render(b=basis)
    assert "<svg" in drawn
    assert re.search("<(path|circle|text)", drawn)


def test_a_basis_without_a_sign_is_an_error() -> None:
    with pytest.raises(KeyError):
        ui.ground_of("because")


def test_a_static_file_is_named_by_its_content() -> None:
    assert re.fullmatch(r"/static/css/tokens\.css\?v=[0-9a-f]{12}", ui.static("css/tokens.css"))
    with pytest.raises(FileNotFoundError):
        ui.static("css/none.css")


def test_what_a_page_forgot_is_an_error() -> None:
    env = ui.environment("en", DictLoader({"page": "{{ head.title }}"}))
    with pytest.raises(UndefinedError):
        env.get_template("page").render()


def test_values_are_escaped_and_markup_is_not() -> None:
    env = ui.environment("en")
    draw = env.from_string('{% import "components/page.html" as p %}{{ p.chip(c) }}').render
    assert "&lt;b&gt;" in draw(c=Chip(text="<b>"))
    assert "<b>" in draw(c=Chip(text=Markup("<b>bold</b>")))
    assert ui.breaks("a<b@post.example") == Markup("a&lt;b@<wbr>post.example")


def test_a_typed_value_cannot_leave_its_field() -> None:
    env = ui.environment("fi")
    draw = env.from_string('{% import "components/form.html" as form %}{{ form.field(x) }}').render
    bad = '"><script>alert(1)</script>'
    for widget in ("text", "textarea", "hidden"):
        assert "<script" not in draw(x=Field(name="a", label=bad, widget=widget, shown=(bad,), error=bad, hint=bad))


def test_a_password_is_never_written_back() -> None:
    draw = ui.environment("fi").from_string('{% import "components/form.html" as form %}{{ form.field(x) }}').render
    assert "hunter2" not in draw(x=Field(name="p", label="Salasana", widget="password", shown=("hunter2",)))


def test_every_template_compiles_in_both_languages() -> None:
    for lang in ("fi", "en"):
        env = ui.environment(lang)
        for name in env.list_templates(extensions=["html"]):
            env.get_template(name)
