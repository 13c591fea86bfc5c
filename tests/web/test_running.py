"""What whoever runs the installation asks of the pages: whether they work, and numbers without anybody's data."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.operations.conftest import contact
from tests.web.conftest import Site, TestClient

from seloste.operations.accounts.keys import make_key
from seloste.operations.actor import CLI
from seloste.operations.daily import run_due
from seloste.operations.rights.receive import receive
from seloste.operations.running import canary
from seloste.operations.running.doctor.examine import examine_open
from seloste.store.engine import StoreError
from seloste.web.running import health, metrics
from seloste.web.running.exposition import CONTENT_TYPE, Exposition

HERE = "http://127.0.0.1:8000"
MIKAEL = "mikael.tuuri@fluiconnecto.example"


@pytest.fixture(autouse=True)
def look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "HOLDS", 0.0)


def parts(client: TestClient) -> tuple[int, list[str]]:
    answer = client.get("/health")
    told = answer.json()
    failing = [part for part, state in told["parts"].items() if state != "ok"]
    assert told["status"] == ("fails" if failing else "ok")
    return answer.status_code, failing


# --- health -----------------------------------------------------------------------------------------------------------


def test_it_tells_anybody_whether_it_works(site: Site) -> None:
    client = site.client()
    assert (client.get("/health/live").status_code, client.get("/health/live").text) == (200, "ok\n")
    assert parts(client) == (200, [])
    text = client.get("/health").text
    assert site.key not in text
    assert str(site.registers.settings.data_dir) not in text


def test_it_names_the_part_that_does_not_work(site: Site) -> None:
    client, registers = site.client(), site.registers
    key = registers.settings.key_file
    whole = key.read_text()
    key.unlink()
    assert parts(client) == (503, ["key"])
    key.write_text("0" * 64)
    assert parts(client) == (503, ["key"]), "another installation's"
    key.write_text(whole)
    with registers.deployment.transaction() as conn:
        conn.execute("DELETE FROM migration WHERE number = (SELECT max(number) FROM migration)")
    assert parts(client) == (503, ["migrations"])
    with registers.deployment.transaction() as conn:
        conn.execute("INSERT INTO migration (number, name) VALUES (99, 'of a newer version')")
    assert parts(client) == (503, ["migrations"])
    with registers.open(site.key).database.transaction() as conn:
        conn.execute("DROP TABLE sys_meta")
    assert parts(client) == (503, ["migrations", "registers"])


def test_it_answers_while_the_database_is_away(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    with site.registers.deployment.transaction() as conn:
        conn.execute("ALTER TABLE register RENAME TO gone")
        conn.execute("ALTER TABLE session RENAME TO gone_too")
    assert client.get("/health/live").status_code == 200
    code, failing = parts(client)
    assert (code, set(failing)) == (503, {"accounts", "migrations", "registers"}), "the key is there all the same"


def test_asking_often_costs_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "HOLDS", 60.0)
    client = site.client()
    assert parts(client) == (200, [])
    site.registers.settings.key_file.unlink()
    assert parts(client) == (200, [])


def test_a_database_that_is_slow_to_say_no_holds_up_nobody(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, go_on = threading.Event(), threading.Event()
    client = site.client()
    assert parts(client) == (200, [])

    def slow() -> tuple[str, ...]:
        asked.set()
        assert go_on.wait(20)
        raise StoreError("", "")

    monkeypatch.setattr(site.registers, "keys", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(parts, site.client())
        assert asked.wait(20)
        assert parts(client) == (200, []), "what is known"
        go_on.set()
        assert first.result(20)[0] == 503
    assert parts(client)[0] == 503


# --- metrics ----------------------------------------------------------------------------------------------------------


def samples(text: str) -> dict[str, float]:
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            assert re.fullmatch(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})?', name), line
            assert name not in found
            found[name] = float(value)
    return found


def read(site: Site, **more: Any) -> dict[str, float]:
    answer = site.client(HERE, client=("127.0.0.1", 40000)).get("/metrics", **more)
    assert (answer.status_code, answer.headers["content-type"]) == (200, CONTENT_TYPE)
    return samples(answer.text)


def test_numbers_are_for_whoever_runs_it(site: Site, tmp_path: Path) -> None:
    def code(base: str = HERE, client: str = "127.0.0.1", **headers: str) -> int:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return site.client(base, client=(client, 40000)).get("/metrics", headers=headers).status_code

    # At a desk: from this machine, asked for by its own name, and passed on by nobody.
    assert code() == 200
    assert code(client="192.0.2.7") == 404
    assert code("http://seloste.example") == 404
    assert code(X_Forwarded_For="127.0.0.1") == 404
    assert code(Via="1.1 proxy") == 404
    # Where people come in, a proxy may pass on whatever it likes: only the token counts.
    site.app.state.settings = replace(site.app.state.settings, public_url="https://rekisteri.example")
    assert code() == 404
    token = tmp_path / "token"
    token.write_text("a long random word\n")
    site.app.state.settings = replace(site.app.state.settings, metrics_token_file=token)
    assert code() == 404
    assert code(Authorization="Bearer another") == 404
    assert code(Authorization="Bearer ") == 404
    assert code(Authorization="Basic a long random word") == 404
    assert code("https://rekisteri.example", "192.0.2.7", Authorization="Bearer a long random word") == 200
    token.write_text("")
    assert code(Authorization="Bearer ") == 404, "an empty file lets nobody in"
    token.unlink()
    assert code(Authorization="Bearer a long random word") == 503


def test_requests_are_counted_by_route_and_never_by_address(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    person = contact(site.registers.open(site.key), site.now)
    client.get(f"/r/{site.key}/person/{person}?q=Havukoski")
    client.get("/Havukoski")
    client.request("HAVUKOSKI", "/sign-in")
    key = make_key(site.registers.deployment, site.registers.open(site.key), "sales", "koe", actor=CLI, now=site.now)
    client.get(f"/api/{site.key}/records/person/{person}", headers={"Authorization": f"Bearer {key.token}"})
    found = read(site)
    assert found['seloste_requests_total{method="GET",route="/r/{reg}/{kind}/{id:int}",status="200"}'] == 1
    assert found['seloste_requests_total{method="GET",route="/api/{reg}/records/{kind}/{id:int}",status="200"}'] == 1
    assert found['seloste_requests_total{method="GET",route="-",status="404"}'] == 1
    assert found['seloste_requests_total{method="other",route="-",status="405"}'] == 1
    assert found['seloste_request_seconds_count{route="/r/{reg}/{kind}/{id:int}"}'] == 1
    assert found['seloste_request_seconds_bucket{route="/r/{reg}/{kind}/{id:int}",le="+Inf"}'] == 1
    assert 0 < found['seloste_request_seconds_sum{route="/r/{reg}/{kind}/{id:int}"}'] < 60
    assert not [name for name in found if "havukoski" in name.lower() or site.key in name or MIKAEL in name]


def test_what_stands_in_the_databases_is_told_in_numbers(site: Site) -> None:
    store = site.registers.open(site.key)
    person = contact(store, site.now)
    run_due(site.registers, now=site.now)
    receive(store, "access", channel="office", person=person, actor=CLI, now=site.now)
    site.later(days=40)
    found = read(site)
    assert found["seloste_registers"] == 1
    assert found["seloste_registers_looked_at"] == 1
    assert found["seloste_registers_broken"] == 0
    assert found["seloste_sweep_age_seconds"] == timedelta(days=40).total_seconds()
    assert found["seloste_requests_overdue"] == 1
    assert found["seloste_letters_waiting"] == found["seloste_letters_failed"] == 0
    assert found["seloste_journal_waiting"] >= 0
    assert found["seloste_road_works"] == 0, "not tried for 40 days"
    assert found['seloste_daily_work{job="sweep",state="waiting"}'] == 1
    run_due(site.registers, now=site.now)
    found = read(site)
    assert (found["seloste_road_works"], found["seloste_sweep_age_seconds"]) == (1, 0)
    assert found['seloste_daily_work{job="sweep",state="done"}'] == 1
    assert found['seloste_daily_work{job="sweep",state="waiting"}'] == 0


def test_registers_are_named_only_where_the_owner_says_so(site: Site) -> None:
    run_due(site.registers, now=site.now)
    site.app.state.settings = replace(site.app.state.settings, metrics_registers=True)
    found = read(site)
    assert found[f'seloste_sweep_age_seconds{{register="{site.key}"}}'] == 0
    assert found[f'seloste_road_works{{register="{site.key}"}}'] == 1


def test_a_label_cannot_break_out_of_its_quotes() -> None:
    out = Exposition()
    out.family("a", "gauge", "b", [({"c": 'd"\\\n'}, 0.25)])
    assert out.text() == '# HELP a b\n# TYPE a gauge\na{c="d\\"\\\\\\n"} 0.25\n'
    assert metrics.PASSED_ON


# --- the trial of the road --------------------------------------------------------------------------------------------


def test_whoever_leads_is_told_that_requests_may_not_arrive(site: Site) -> None:
    run_due(site.registers, now=site.now)
    lead, clerk = site.signed_in("ritva.kaleva@fluiconnecto.example"), site.signed_in(MIKAEL)
    assert "Pyyntö ei ehkä tule perille" not in lead.get(f"/r/{site.key}/").text
    with site.registers.open(site.key).database.transaction() as conn:
        conn.execute("ALTER TABLE request_step RENAME TO gone")
    canary.try_road(site.registers, site.key, site.now)
    with site.registers.open(site.key).database.transaction() as conn:
        conn.execute("ALTER TABLE gone RENAME TO request_step")
    told = lead.get(f"/r/{site.key}/").text
    assert "Pyyntö ei ehkä tule perille" in told
    assert "Kirjaa pyynnöt siihen asti käsin." in told
    assert "Pyyntö ei ehkä tule perille" not in clerk.get(f"/r/{site.key}/").text
    assert read(site)["seloste_road_works"] == 0


# --- what the doctor finds --------------------------------------------------------------------------------------------


def test_whoever_leads_sees_it_as_a_page(site: Site) -> None:
    path = f"/r/{site.key}/privacy/condition"
    lead = site.signed_in("ritva.kaleva@fluiconnecto.example")
    text = lead.get(path).text
    assert "Varmuuskopiota ei ole tehty." in text
    assert "Tee seloste backup joka yö, ja anna SELOSTE_BACKUPS_DIR." in text
    assert "Lokin viimeiset" in text
    assert str(site.registers.settings.data_dir) not in text, "no path of the machine"
    assert "The clock is not behind" in lead.get(f"{path}?lang=en").text
    assert site.signed_in("mikael.tuuri@fluiconnecto.example").get(path).status_code == 403
    site.registers.settings.key_file.chmod(0o644)
    assert str(site.registers.settings.data_dir) not in lead.get(path).text
    assert {each.register for each in examine_open(site.registers, now=site.now, only=site.key)} <= {"", site.key}
