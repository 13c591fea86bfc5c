"""The test services themselves: they are real, separate for each test, and closed to the outside."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

HTML = """<!doctype html><html lang="en"><head><title>A page</title></head>
<body><main><h1>A page</h1>{}</main></body></html>"""


def page_app(body: str, csp: str = "default-src 'self'") -> Callable[..., Any]:
    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        headers = [(b"content-type", b"text/html"), (b"content-security-policy", csp.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": HTML.format(body).encode()})

    return app


def test_it_gives_each_test_an_empty_database_of_its_own(database_url: str) -> None:
    if database_url.startswith("sqlite:///"):
        path = Path(database_url.removeprefix("sqlite:///"))
        assert path.parent.is_dir()
        assert not path.exists()
        return
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT current_database(), current_setting('is_superuser')").fetchone()
        assert row is not None
        assert row[0].startswith("t_")
        assert row[1] == "on"
        tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        assert connection.execute(tables).fetchone() == (0,)


@pytest.mark.parametrize("turn", [1, 2])
def test_it_drops_the_roles_a_test_makes(pg_url: str, turn: int) -> None:
    with psycopg.connect(pg_url) as connection:
        connection.execute("CREATE ROLE lens_of_a_test LOGIN")  # the second turn fails if the first one's is there
        connection.execute("CREATE TABLE held (id int)")
        connection.execute("GRANT SELECT ON held TO lens_of_a_test")


def test_it_refuses_sockets_that_leave_the_machine() -> None:
    with pytest.raises(AssertionError, match="refused"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(AssertionError, match="refused"):
        socket.getaddrinfo("elsewhere.example", 443)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock, pytest.raises(AssertionError, match="refused"):
        sock.sendto(b"x", ("192.0.2.1", 53))


def test_it_fixes_one_moment(fixed_now: datetime) -> None:
    assert fixed_now.isoformat() == "2026-11-25T09:12:00+02:00"


def test_it_serves_pages_to_a_real_browser(live_server: Any, page: Any, axe: Any) -> None:
    page.goto(live_server(page_app("<p>Hello</p>")))
    assert page.locator("h1").inner_text() == "A page"
    assert page.evaluate("navigator.language") == "fi-FI"
    assert axe(page) == []


def test_axe_finds_what_is_wrong(live_server: Any, page: Any, axe: Any) -> None:
    page.goto(live_server(page_app('<input type="text">')))
    assert "label" in {finding["id"] for finding in axe(page)}


def test_a_browser_asks_nobody_else(live_server: Any, browser: Any) -> None:
    page = browser.new_page()
    foreign = []
    page.on("requestfailed", lambda request: foreign.append((request.url, request.failure)))
    names = [f"http://{host}/seen" for host in ("elsewhere.example", "192.0.2.1", "[2001:db8::1]")]
    page.goto(live_server(page_app("".join(f'<img alt="" src="{name}">' for name in names), "img-src *")))
    page.wait_for_load_state("networkidle")
    page.close()
    assert sorted(foreign) == sorted((name, "net::ERR_NAME_NOT_RESOLVED") for name in names)


def test_the_files_that_begin_first_are_there(request: pytest.FixtureRequest) -> None:
    """A file that was renamed would begin last again, and all would wait for it."""
    here = Path(__file__).parent
    plugin = request.config.pluginmanager.get_plugin(str(here / "conftest.py"))
    assert plugin is not None
    assert [name for name in plugin.LONGEST_FIRST if not (here / name).is_file()] == []
