"""The time frames for libraries are held by a command: an index that speaks as PyPI does is asked about each."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from scripts.audit import index_of_pip, main, pinned

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)


def release(days: int, **more: Any) -> list[dict[str, Any]]:
    return [{"upload_time_iso_8601": (NOW - dt.timedelta(days=days)).isoformat(), "yanked": False, **more}]


RELEASES = {
    "fresh": {"1.0": release(400), "1.1": release(80), "2.0rc1": release(300), "1.2": release(200, yanked=True)},
    "old": {"1.0": release(400), "1.1": release(91), "1.2": release(2)},
    "holed": {"1.0": release(40), "1.1": release(8)},
    "mended": {"1.0": release(40), "1.1": release(6)},
    "gone": {"1.0": release(40, yanked=True)},
}
HOLE = [{"id": "PYSEC-2026-1", "fixed_in": ["1.1"], "withdrawn": None}]


@pytest.fixture
def index() -> Iterator[str]:
    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _, _, name, *rest = self.path.split("/")
            info = {"yanked": name == "gone", "yanked_reason": "broken"}
            body: dict[str, Any] = {"info": info, "releases": RELEASES[name]}
            if rest != ["json"]:
                body = {"info": info, "vulnerabilities": HOLE if name in ("holed", "mended") else []}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_is_past_its_time_is_told_and_nothing_else(
    index: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("".join(f"{name}==1.0 \\\n    --hash=sha256:00\n" for name in RELEASES))
    assert main(["--index", index], lock, NOW) == 1
    assert capsys.readouterr().out.splitlines() == [
        "old 1.0 has had a newer release since 2026-08-26; the newest is 1.2",
        "holed 1.0 is vulnerable: PYSEC-2026-1, mended by 1.1",
        "gone 1.0 was withdrawn: broken",
        "5 libraries, 3 past their time",
    ]
    lock.write_text("fresh==1.0\n")
    assert main(["--index", index], lock, NOW) == 0


def test_it_asks_the_index_that_pip_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://packages.example/simple/")
    assert index_of_pip() == "https://packages.example"


def test_every_locked_library_is_asked_about() -> None:
    text = (Path(__file__).parent.parent / "requirements.lock").read_text("utf-8")
    assert len(pinned(text)) == sum("==" in line for line in text.splitlines() if not line.startswith(("#", " ")))
