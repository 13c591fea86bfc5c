"""Every link of every sort of page, as every account of the demo: each leads somewhere, and no page shows a raw key."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from tests.web.conftest import TestClient

from seloste.cli.demo import PASSWORD, DemoAccount, fill
from seloste.settings import Settings
from seloste.store.registers import Registers
from seloste.web.app import make_app

EXAMPLES = Path(__file__).parents[2] / "examples"
# A sentence of the notice may name a cookie.
NOT_WORDS = re.compile(r'<(script|style|svg|code|dialog)\b.*?</\1>|<p class="said">.*?</p>|<[^>]+>', re.DOTALL)
# Two words joined as keys are, or a key of the screen texts; an address, a file or a cookie's name is neither.
RAW = re.compile(
    r"(?<![\w@./:-])(?:[a-z]+(?:_[a-z]+)+|(?:list|state|frame|home|entry|end|why|done)\.[a-z_]+)(?![\w@/.-])"
)


@pytest.fixture(params=["fluent-progress", "fluiconnecto", "fluxio", "proseduuri"])
def demo(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Registers, tuple[DemoAccount, ...]]]:
    """One example of the demo, as ``seloste demo`` fills it."""
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / request.param).symlink_to(EXAMPLES / request.param, target_is_directory=True)
    settings = Settings(
        data_dir=tmp_path / "data", key_file=tmp_path / "key", demo=True, allow_test_identity_codes=True
    )
    registers = Registers(settings)
    yield registers, fill(registers, tmp_path / "examples", settings)
    registers.close()


def sort_of(path: str) -> str:
    """Pages of one sort differ in the row they show, or in what narrows them."""
    return re.sub(r"/\d+", "/N", path.partition("?")[0])


def words_of(page: str) -> str:
    return unescape(NOT_WORDS.sub(" ", page))


def links_of(page: str) -> Iterator[str]:
    for found in re.findall(r'\bhref="([^"]+)"', page):
        address = unescape(found).partition("#")[0]
        if address.startswith("/") and not address.startswith("/static/"):
            yield address


def faults_of(page: str, path: str) -> Iterator[str]:
    ids = re.findall(r'\bid="([^"]+)"', page)
    yield from (f"{path}: two of id {each}" for each, many in Counter(ids).items() if many > 1)
    for anchor in re.findall(r'href="#([^"]+)"', page):
        if anchor not in ids:
            yield f"{path}: no place #{anchor}"
    if not path.startswith("/notice/"):
        yield from (f"{path}: {raw}" for raw in RAW.findall(words_of(page)))


def crawl(client: TestClient, known: set[str]) -> Iterator[str]:
    """What is wrong with the pages that one comes to from home, one of each sort.

    Pages of a row, exports and what is for anybody are looked at once for all accounts: ``known``.
    """
    waiting, seen = deque(["/account", "/"]), set[str]()
    while waiting:
        path = waiting.popleft()
        sort = sort_of(path)
        if sort in seen or sort in known:
            continue
        (known if re.search("/N|/export$|^/notice/", sort) else seen).add(sort)
        answer = client.get(path)
        if answer.status_code in (302, 303):
            waiting.append(answer.headers["location"])
        elif answer.status_code != 200:
            yield f"{path}: {answer.status_code}"
        elif "html" in answer.headers["content-type"]:
            yield from faults_of(answer.text, path)
            waiting.extend(links_of(answer.text))


def test_every_link_leads_somewhere_and_every_page_speaks(
    demo: tuple[Registers, tuple[DemoAccount, ...]],
) -> None:
    registers, accounts = demo
    app, faults, known = make_app(registers.settings, registers), dict[str, list[str]](), set[str]()
    for number, account in enumerate(accounts):
        client = TestClient(app, follow_redirects=False, headers={"Accept-Language": ("fi", "en")[number % 2]})
        assert client.post("/sign-in", data={"email": account.email, "password": PASSWORD}).status_code == 303
        if found := list(crawl(client, known)):
            faults[account.email] = found
    assert faults == {}
    assert len(known) > 20, "most sorts of pages were come to"
