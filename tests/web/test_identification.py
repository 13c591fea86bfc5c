"""Strong identification through a real provider: who gets in by it, and everything that must not."""

from __future__ import annotations

import base64
import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey
from starlette.testclient import TestClient
from tests.oidc_provider import RSA, STRONG, Provider, serving, signed
from tests.prepared import applied
from tests.web.conftest import Site

from seloste.clock import HELSINKI
from seloste.compiler.lower import compile_notice
from seloste.notice import load
from seloste.operations.accounts.create import create_account
from seloste.operations.actor import CLI
from seloste.operations.identification import fetch, metadata
from seloste.operations.identification.person import ways
from seloste.operations.identification.providers import provider
from seloste.operations.portal import unknown
from seloste.operations.portal.requests import ask_own
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.rights.ask import ask
from seloste.operations.rights.receive import receive
from seloste.operations.rights.rows import read_requests
from seloste.settings import SettingError, Settings
from seloste.store.engine import BusyError
from seloste.store.registers import Registers
from seloste.web.app import make_app

NOTICE = Path(__file__).parent / "hire.yaml"
HOME = "http://seloste.example"
AINO = {"given_name": "Aino Maria", "family_name": "Laine", "birthdate": "1990-05-04"}
EEVA = {"given_name": "Eeva", "family_name": "Laine", "birthdate": "1985-02-03"}
BOSS = "paula.johtaja@lainaamo.example"
CODE = "010594Y9032"


@dataclass
class House:
    """The shop's pages, and the provider that identifies people."""

    site: Site
    provider: Provider
    ids: dict[str, int]

    @property
    def path(self) -> str:
        return f"/own/{self.site.key}"

    def out(self, client: TestClient, start: str = "", provider: str = "bank") -> str:
        """Where a browser is sent to."""
        answer = client.get(start or f"{self.path}/identify/{provider}")
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def back(self, url: str, **change: str) -> str:
        """Where the provider sends it back to, as a path here."""
        parts = urlsplit(self.provider.authorize(url))
        assert f"{parts.scheme}://{parts.netloc}" == HOME
        asked = {**dict(parse_qsl(parts.query)), **change}
        return f"{parts.path}?{urlencode(asked)}"

    def moment(self) -> float:
        return self.site.now.timestamp()

    def identified(self, client: TestClient | None = None, **who: Any) -> tuple[TestClient, Any]:
        self.provider.who = {**self.provider.who, **who}
        browser = client or self.site.client()
        return browser, browser.get(self.back(self.out(browser)))


@pytest.fixture(scope="module")
def notice() -> Any:
    return load(NOTICE)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, notice: Any) -> Iterator[House]:
    """The shop, once for all of these tests."""
    folder, now = tmp_path_factory.mktemp("hire"), datetime(2026, 11, 25, 9, 12, tzinfo=HELSINKI)
    (folder / "identification.toml").touch()
    with serving() as provider:
        registers = Registers(
            Settings(
                data_dir=folder,
                key_file=folder / "key",
                language="fi",
                allow_test_identity_codes=True,
                public_url=HOME,
                identification_file=folder / "identification.toml",
            )
        )
        applied(registers, notice, now)
        ids = collect(registers.open(notice.register), PEOPLE, actor=CLI, now=now).ids
        found: list[Site] = []
        app = make_app(registers.settings, registers, now=lambda: found[0].now)
        found.append(Site(registers, app, notice.register, now))
        found[0].add(BOSS, "Paula Johtaja", "shop")
        yield House(found[0], provider, dict(ids))
        registers.close()


@pytest.fixture
def house(built: House, fixed_now: datetime) -> House:
    """The shop as it was, and a provider that tells the truth."""
    for name, value in vars(Provider(url=built.provider.url, clock=built.moment, who=dict(AINO))).items():
        setattr(built.provider, name, value)
    built.site.now = fixed_now
    metadata.forget()
    settings = built.site.registers.settings
    secret = settings.data_dir / "secret"
    secret.write_text(str(built.provider.client) + "\n", "utf-8")
    assert settings.identification_file is not None
    text = TOML.format(url=built.provider.url, client=built.provider.client_id, secret=secret)
    settings.identification_file.write_text(text, "utf-8")
    with built.site.registers.deployment.transaction() as conn:
        for table in ("attempt", "identified", "own_session", "account_link"):
            conn.execute(f"DELETE FROM {table}")
    return built


TOML = """
[bank]
name = {{fi = "Pankin tunnistus", en = "Bank identification", sv = "Bankens identifiering"}}
issuer = "{url}"
client_id = "{client}"
client_secret_file = "{secret}"
own = ["hire"]
acr = ["http://ftn.ficora.fi/2017/loatest2", "http://ftn.ficora.fi/2017/loatest3"]
ways = [["personal_identity_code"], ["first_name", "last_name", "birth_date"]]

[bank.claims]
first_name = "given_name"
last_name = "family_name"
birth_date = "birthdate"
personal_identity_code = "urn:oid:1.2.246.21"

[office]
name = {{fi = "Talon kirjautuminen"}}
issuer = "{url}"
client_id = "{client}"
client_secret_file = "{secret}"
staff = true
scopes = ["openid", "email"]
"""


def person(ref: str, first: str, last: str, born: str | None, **more: Any) -> list[NewRow]:
    values = {"first_name": first, "last_name": last, "email": [f"{ref}@posti.example"], **more}
    if born is not None:
        values["birth_date"] = born
    hire = {"tool": f"Pora {ref}", "taken_on": "2.11.2026"}
    return [NewRow("person", values, ref=ref), NewRow("hiring", hire, {"person": ref}, ref=f"{ref}-hire")]


PEOPLE = [
    *person("aino", "Aino", "Laine", "4.5.1990"),
    *person("eeva", "Eeva", "Laine", "3.2.1985", non_disclosure=True),
    *person("one", "Matti", "Virtanen", "1.1.1970"),
    *person("two", "Matti", "Virtanen", "1.1.1970"),
    *person("coded", "Onni", "Entinen-Nimi", None, personal_identity_code=CODE),
    *person("unborn", "Tyyne", "Koski", None),
]


# --- who gets in ------------------------------------------------------------------------------------------------------


@pytest.mark.promise("X7")
def test_whoever_is_identified_sees_their_own_and_nothing_of_the_claims_is_kept(house: House) -> None:
    entry = house.site.client().get(f"{house.path}?lang=fi").text
    assert "Pankin tunnistus" in entry
    client, answer = house.identified()
    assert (answer.status_code, answer.headers["location"]) == (303, f"{house.path}/home?lang=fi")
    assert "Aino Laine, tässä on kaikki" in client.get(f"{house.path}/home").text
    assert "Pora aino" in client.get(f"{house.path}/data").text
    assert "Eeva" not in client.get(f"{house.path}/data").text
    assert "seloste-identify" not in client.cookies
    for name in ("seloste.db", "seloste.db-wal"):
        path = house.site.registers.settings.data_dir / name
        kept = path.read_bytes() if path.exists() else b""
        assert not any(word in kept for word in (b"Maria", b"1990-05-04", b"s-1"))


def test_what_goes_out_asks_for_what_the_protocol_needs(house: House) -> None:
    asked = parse_qs(urlsplit(house.out(house.site.client())).query)
    assert asked["acr_values"] == [f"{STRONG} http://ftn.ficora.fi/2017/loatest3"]
    assert asked["redirect_uri"] == [f"{HOME}/identified/bank"]
    secrets = [asked[name][0] for name in ("state", "nonce", "code_challenge")]
    assert len(set(secrets)) == 3
    assert min(map(len, secrets)) == 43
    again = parse_qs(urlsplit(house.out(house.site.client())).query)
    assert not set(secrets) & {again[name][0] for name in ("state", "nonce", "code_challenge")}


def test_setting_out_writes_nothing_down(house: House) -> None:
    deployment = house.site.registers.deployment
    tables = ("identified", "own_session", "own_link", "attempt")

    def counts() -> list[int]:
        with deployment.read() as conn:
            return [int(conn.execute(f"SELECT count(*) FROM {table}").all()[0][0]) for table in tables]

    before = counts()
    house.out(house.site.client())
    assert counts() == before


def test_a_guard_does_not_stand_in_ones_own_way_once_one_is_known(house: House) -> None:
    client, answer = house.identified(**EEVA)
    assert why(answer) == ""
    home, data = (client.get(house.path + page).text for page in ("/home", "/data"))
    assert "Eeva Laine, tässä on kaikki" in home
    assert "Pora eeva" in data
    copy = client.post(f"{house.path}/copy", data={"form": "json", **form(house, client)})
    assert json.loads(copy.text)["data"]["person"][0]["values"]["last_name"] == "Laine"


@pytest.mark.promise("F58")
def test_a_request_goes_on_when_who_was_identified_says_that_it_is_theirs(house: House) -> None:
    """Anybody can send one in somebody's name, and its message leads to signing in."""
    store, now = house.site.registers.open(house.site.key), house.site.now
    eeva = house.ids["eeva"]
    first = ask_own(store, eeva, "erasure", asked="", language="fi", now=now)
    second = ask_own(store, eeva, "rectification", asked="", language="fi", now=now)
    ask(store, first.id, "identity", actor=CLI, now=now)
    ask(store, second.id, "detail", actor=CLI, now=now)
    third = receive(store, "portability", channel="phone", person=eeva, actor=CLI, now=now)

    def known() -> dict[str, tuple[str, str]]:
        with store.read(now) as conn:
            found = [each for each in read_requests(store, conn, now) if each.person == eeva]
        return {each.right: (each.identified, each.state) for each in found}

    client, answer = house.identified(**EEVA)
    assert answer.headers["location"].startswith(f"{house.path}/requests?"), "they are led to what came in their name"
    client.post(f"{house.path}/requests/access", data=form(house, client))
    before = {
        "erasure": ("", "waiting"),
        "rectification": ("", "waiting"),
        "portability": ("", "received"),
        "access": ("strong", "received"),
    }
    assert known() == before
    page = client.get(f"{house.path}/requests").text
    assert [f"/requests/{each.id}/mine" in page for each in (first, second, third)] == [True, False, True]
    assert (page.count("lähetit 25.11.2026"), page.count("saapui 25.11.2026")) == (3, 1)
    other, _ = house.identified(**AINO)
    for browser, number in ((other, first.id), (client, second.id), (client, 10**20)):
        path = f"{house.path}/requests/{number}/mine"
        assert browser.post(path, data=form(house, browser)).status_code == 404
    assert known() == before
    assert client.post(f"{house.path}/requests/{first.id}/mine", data=form(house, client)).status_code == 303
    assert known() == {**before, "erasure": ("strong", "received")}
    assert client.post(f"{house.path}/requests/{first.id}/mine", data=form(house, client)).status_code == 404


def why(answer: Any) -> str:
    """Why nobody was let in, by the word of the address; empty when somebody was."""
    assert answer.status_code == 303, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query)).get("why", "")


def form(house: House, client: TestClient) -> dict[str, str]:
    from seloste.web.security import form_token

    return {"form_token": form_token(client.cookies["seloste-own"])}


def test_an_identity_code_tells_who_where_the_register_may_hold_it(house: House) -> None:
    who = {"given_name": "Onni", "family_name": "Uusi-Nimi", "birthdate": None, "urn:oid:1.2.246.21": CODE}
    client, answer = house.identified(**who)
    assert why(answer) == ""
    assert "Pora coded" in client.get(f"{house.path}/data").text


def test_an_identity_code_is_compared_nowhere_else(house: House, notice: Any) -> None:
    """Data Protection Act 1050/2018, s. 29: a ground of the notice, and a cell that is needed today."""
    who = {"given_name": "Onni", "family_name": "Uusi-Nimi", "birthdate": None, "urn:oid:1.2.246.21": CODE}
    house.site.later(days=4 * 365)
    assert "/unknown" in house.identified(**who)[1].headers["location"]
    bank = provider(house.site.registers.settings, "bank", register="hire")
    assert bank is not None
    assert ways(compile_notice(notice), bank, house.site.now) == bank.ways
    without = {key: replace(each, identity_code_ground=None) for key, each in notice.purposes.items()}
    assert ways(compile_notice(replace(notice, purposes=without)), bank, house.site.now) == bank.ways[1:]


@pytest.mark.parametrize(
    "who",
    [
        {"given_name": "Matti", "family_name": "Virtanen", "birthdate": "1970-01-01"},  # two of them
        {"birthdate": "1990-05-05"},
        {"family_name": "Lainen"},
        {"given_name": "Maria"},
        {"given_name": "Tyyne", "family_name": "Koski", "birthdate": "1950-01-01"},  # no date is held
        {"birthdate": None},
        {"birthdate": "joskus"},
        {"birthdate": 19900504},
        {"given_name": "%", "family_name": "' OR 1=1 --"},
    ],
)
def test_whoever_the_register_cannot_tell_is_not_let_in(house: House, who: dict[str, Any]) -> None:
    client, answer = house.identified(**who)
    assert answer.headers["location"].startswith(f"{house.path}/unknown")
    assert "seloste-own" not in client.cookies
    assert client.get(f"{house.path}/home").status_code == 303


def test_whoever_is_not_found_may_send_a_request_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    store, now = house.site.registers.open(house.site.key), house.site.now
    client, answer = house.identified(given_name="Aino Olga", family_name="Laine<b>", birthdate="1991-01-02")
    seal = client.cookies["seloste-proven"]
    assert "Laine" not in seal
    page = client.get(answer.headers["location"]).text
    assert "Aino Olga Laine&lt;b&gt;, 2.1.1991" in page
    token = re.search(r'name="form_token" value="([0-9a-f]{64})"', page)
    assert token
    sent = {"right": "access", "answer_to": "aino.olga@posti.example", "form_token": token[1]}
    path = f"{house.path}/unknown"
    for wrong, code in (({"form_token": ""}, 403), ({"answer_to": "jonnekin"}, 422), ({"right": "money"}, 422)):
        assert client.post(path, data={**sent, **wrong}).status_code == code
    assert client.post(path, data=sent, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    # Another browser with the seal has not the other's form, and a made-up seal is none.
    for fake in (seal[:-2] + "AA", "", "x", "ä"):
        browser = house.site.client(headers={"cookie": f"seloste-proven={fake}".encode()})
        assert browser.post(path, data=sent).headers["location"].endswith("why=failed")
    before = open_requests(house)
    # A register that is away when it is sent takes nothing from whoever sends it again.
    with monkeypatch.context() as away:
        away.setattr(unknown, "receive", refuse)
        assert client.post(path, data=sent).status_code == 503
    done = client.post(path, data=sent)
    assert done.headers["location"].endswith("sent=1")
    assert "Pyyntö on perillä" in client.get(done.headers["location"]).text
    made = [each for each in open_requests(house) if each not in before]
    with store.read(now) as conn:
        found = read_requests(store, conn, now, made)[0]
    assert found.asked_by == "Aino Olga Laine<b>, 2.1.1991, aino.olga@posti.example, tunnistettu vahvasti: bank"
    assert (found.identified, found.channel, found.person in house.ids.values()) == ("", "portal", False)
    # Once, and for half an hour.
    again = house.site.client()
    again.cookies["seloste-proven"] = seal
    assert again.post(path, data=sent).status_code == 422
    house.site.later(minutes=31)
    assert again.post(path, data=sent).headers["location"].endswith("why=failed")
    assert len(open_requests(house)) == len(before) + 1


def refuse(*_: object, **__: object) -> None:
    raise BusyError("odota", "wait")


def open_requests(house: House) -> list[int]:
    with house.site.registers.open(house.site.key).database.read() as conn:
        return [int(number) for (number,) in conn.execute("SELECT id FROM rights_request ORDER BY id").all()]


# --- what does not hold -----------------------------------------------------------------------------------------------


def none(claims: dict[str, Any]) -> str:
    parts = [json.dumps({"alg": "none"}).encode(), json.dumps(claims).encode()]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."


def by_the_shared_secret(claims: dict[str, Any]) -> str:
    key = OctKey.import_key("salainen sana: ä/&+")
    return jws.serialize_compact({"alg": "HS256"}, json.dumps(claims), key)


def by_the_public_key(claims: dict[str, Any]) -> str:
    """The old confusion: the public key taken for a shared secret."""
    key = OctKey.import_key(RSA[0].as_pem(private=False))
    return jws.serialize_compact({"alg": "HS256", "kid": "rsa1"}, json.dumps(claims), key)


def its_own_key(claims: dict[str, Any]) -> str:
    return signed(claims, RSA[1], jwk=RSA[1].as_dict(private=False), kid="rsa1")


def changed(claims: dict[str, Any]) -> str:
    head, _, mark = signed(claims, RSA[0]).split(".")
    other = base64.urlsafe_b64encode(json.dumps({**claims, "given_name": "Eeva"}).encode()).decode().rstrip("=")
    return f"{head}.{other}.{mark}"


LIES: dict[str, Callable[[dict[str, Any]], None]] = {
    "nonce of another": lambda claims: claims.update(nonce="toinen"),
    "no nonce": lambda claims: claims.update(nonce=None),
    "for another": lambda claims: claims.update(aud="joku muu"),
    "for others too": lambda claims: claims.update(aud=["seloste rekisteri", "joku muu"]),
    "made for another": lambda claims: claims.update(azp="joku muu"),
    "no audience": lambda claims: claims.update(aud=None),
    "of another issuer": lambda claims: claims.update(iss="https://toinen.example"),
    "almost the issuer": lambda claims: claims.update(iss=claims["iss"] + "/"),
    "expired": lambda claims: claims.update(exp=claims["iat"] - 61),
    "never expires": lambda claims: claims.update(exp=None),
    "expires in words": lambda claims: claims.update(exp="huomenna"),
    "old": lambda claims: claims.update(iat=claims["iat"] - 700),
    "of tomorrow": lambda claims: claims.update(iat=claims["iat"] + 3600, exp=claims["iat"] + 7200),
    "not yet": lambda claims: claims.update(nbf=claims["iat"] + 3600),
    "too weak": lambda claims: claims.update(acr="http://ftn.ficora.fi/2017/loatest1"),
    "of no level": lambda claims: claims.update(acr=None),
    "of several levels": lambda claims: claims.update(acr=[STRONG]),
    "of nobody": lambda claims: claims.update(sub=None),
    "of somebody who cannot be written": lambda claims: claims.update(sub="\ud800"),
    "nonce that cannot be written": lambda claims: claims.update(nonce="\ud800"),
    "of no time": lambda claims: claims.update(exp=float("nan"), iat=float("nan")),
    "of the end of time": lambda claims: claims.update(exp=10**400),
    "with another access token": lambda claims: claims.update(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
}
FORGED = [none, by_the_shared_secret, by_the_public_key, its_own_key, changed, lambda claims: "ei tunniste",
          lambda claims: "", lambda claims: "a.b.c", lambda claims: "x." * 4 + "x"]  # fmt: skip


def refused(house: House, answer: Any, client: TestClient) -> None:
    assert answer.status_code == 422 or "why=" in answer.headers["location"], answer.text
    assert "seloste-own" not in client.cookies
    assert client.get(f"{house.path}/home").status_code == 303


def test_a_token_that_says_anything_wrong_opens_nothing(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.site.later(minutes=1)
    for name, lie in LIES.items():
        house.provider.lie = lie
        with caplog.at_level(logging.DEBUG):
            client, answer = house.identified()
        assert why(answer) == "failed", name
        refused(house, answer, client)
    assert "identification by bank failed: nonce" in caplog.text
    assert not any(word in caplog.text for word in ("Aino", "Laine", "1990-05", "4.5.1990"))
    house.provider.lie = lambda claims: None
    house.site.later(hours=25)
    assert why(house.identified()[1]) == ""


def test_a_token_that_nobody_we_trust_signed_opens_nothing(house: House) -> None:
    for sign in FORGED:
        house.provider.sign = sign
        client, answer = house.identified()
        refused(house, answer, client)
    house.provider.sign = None
    assert why(house.identified()[1]) == ""


def test_a_shared_key_among_the_public_ones_is_not_taken(house: House) -> None:
    shared = OctKey.generate_key(256, {"kid": "shared"})
    house.provider.published = [{**shared.as_dict(private=True), "kid": "shared"}, RSA[0]]
    house.provider.sign = lambda claims: jws.serialize_compact(
        {"alg": "HS256", "kid": "shared"}, json.dumps(claims), shared
    )
    client, answer = house.identified()
    refused(house, answer, client)


def test_an_answer_is_used_once_and_by_whoever_asked(house: House) -> None:
    client, other = house.site.client(), house.site.client()
    url = house.out(client)
    back = house.back(url)
    # Another browser, with no trip of its own and with one.
    refused(house, other.get(back), other)
    house.out(other)
    refused(house, other.get(back), other)
    # The state of another, a state that nobody made, none at all.
    cookie = client.cookies["seloste-identify"]
    for state in ("väärä", "", parse_qs(urlsplit(house.out(house.site.client())).query)["state"][0]):
        client.cookies["seloste-identify"] = cookie
        refused(house, client.get(house.back(url, state=state)), client)
    client.cookies["seloste-identify"] = cookie
    assert why(client.get(back)) == ""
    thief = house.site.client()
    thief.cookies["seloste-identify"] = cookie
    refused(house, thief.get(back), thief)
    refused(house, thief.get(house.back(url)), thief)


def test_a_trip_ends_and_its_cookie_cannot_be_made(house: House) -> None:
    client = house.site.client()
    back = house.back(house.out(client))
    cookie = client.cookies["seloste-identify"]
    text, _, mark = cookie.partition(".")
    parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    parts[1] = "2030-01-01T00:00:00Z"
    forged = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
    house.site.later(minutes=16)
    for each in (cookie, f"{forged}.{mark}", f"{forged}.", ".", "ä.ä", "", "a" * 5000):
        browser = house.site.client(headers={"cookie": f"seloste-identify={each}".encode()})
        refused(house, browser.get(back), browser)


def test_no_provider_answers_for_another(house: House) -> None:
    """Mix-up: RFC 9207, and an address for each."""
    client = house.site.client()
    back = house.back(house.out(client))
    refused(house, client.get(back.replace("/identified/bank", "/identified/office")), client)
    for iss in ("https://toinen.example", None):
        house.provider.answer = lambda answer, iss=iss: answer.update(iss=iss) if iss else answer.pop("iss")  # type: ignore[misc]
        client, answer = house.identified()
        refused(house, answer, client)
    house.provider.metadata = {"authorization_response_iss_parameter_supported": None}
    metadata.forget()
    assert why(house.identified()[1]) == ""


def test_a_code_of_somebody_else_is_of_no_use(house: House) -> None:
    """PKCE: a code taken from another browser's answer does not fit the verifier of one's own."""
    victim, thief = house.site.client(), house.site.client()
    code = parse_qs(urlsplit(house.back(house.out(victim))).query)["code"][0]
    refused(house, thief.get(house.back(house.out(thief), code=code)), thief)


@pytest.mark.parametrize("error", ["access_denied", "server_error", "<script>"])
def test_turning_back_opens_nothing_and_says_so(house: House, error: str) -> None:
    house.provider.answer = lambda answer: (answer.pop("code"), answer.update(error=error))  # type: ignore[func-returns-value]
    client, answer = house.identified()
    refused(house, answer, client)
    assert why(answer) == ("cancelled" if error == "access_denied" else "failed")
    assert "script" not in answer.headers["location"]


# --- the provider -----------------------------------------------------------------------------------------------------


def test_a_provider_may_change_its_keys_whenever_it_likes(house: House) -> None:
    assert why(house.identified()[1]) == ""
    new = ECKey.generate_key("P-256", {"kid": "ec1", "use": "sig"})
    house.provider.keys = [new, RSA[1]]
    assert why(house.identified()[1]) == ""
    assert house.provider.asked.count("/keys") == 2
    # What it signed with before is worth nothing now.
    house.provider.sign = lambda claims: signed(claims, RSA[0])
    client, answer = house.identified()
    refused(house, answer, client)
    # A key without a name, and one that is for encryption.
    house.provider.sign = lambda claims: signed(claims, RSA[1], kid=None)
    assert why(house.identified()[1]) == ""
    house.provider.published = [{**RSA[1].as_dict(private=False), "use": "enc"}]
    metadata.forget()
    client, answer = house.identified()
    refused(house, answer, client)


def test_a_provider_that_does_not_answer_as_it_should_is_not_believed(house: House) -> None:
    client = house.site.client()
    url = house.out(client)
    for broken in (
        {"issuer": "https://toinen.example"},
        {"token_endpoint": "http://kaukana.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ):
        house.provider.metadata = broken
        metadata.forget()
        assert client.get(f"{house.path}/identify/bank").status_code == 422, broken
    house.provider.metadata = {}
    for fault in ("down", "redirects"):
        setattr(house.provider, fault, True)
        metadata.forget()
        answer = client.get(f"{house.path}/identify/bank")
        assert (answer.status_code, "Tunnistuspalvelu ei vastaa" in answer.text) == (422, True), fault
        setattr(house.provider, fault, False)
    # For a moment it is not asked again, however often somebody would have us ask.
    before = len(house.provider.asked)
    assert client.get(f"{house.path}/identify/bank").status_code == 422
    assert len(house.provider.asked) == before
    metadata.forget()
    assert why(client.get(house.back(url))) == ""


def test_a_provider_that_answers_letter_by_letter_holds_nobody_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty who waited for it would be all the threads there are, so that nobody had any page."""
    monkeypatch.setattr(fetch, "WHOLE", 1.5)
    monkeypatch.setattr(metadata, "WAITS", 0.1)
    house.provider.drips, began = True, time.monotonic()

    def ask(_: int) -> tuple[int, float]:
        return house.site.client().get(f"{house.path}/identify/bank").status_code, time.monotonic() - began

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(ask, range(3)), key=lambda each: each[1])
    assert [status for status, _ in answers] == [422, 422, 422]
    assert answers[1][1] < 1.2 and answers[2][1] < 5, answers


def test_a_provider_that_takes_no_secret_knows_us_by_our_key(house: House, tmp_path: Path) -> None:
    """private_key_jwt (RFC 7523) and an ID token that is encrypted to us, as Finnish brokers demand."""
    own = RSA[1]
    file = house.site.registers.settings.identification_file
    (tmp_path / "own.pem").write_bytes(own.as_pem(private=True))
    assert file is not None
    text = file.read_text("utf-8").replace("client_secret_file", "private_key_file")
    file.write_text(text.replace(str(file.parent / "secret"), str(tmp_path / "own.pem")), "utf-8")
    house.provider.client, house.provider.client_key = None, own
    assert why(house.identified()[1]) == ""
    house.provider.encrypt_to = RSAKey.import_key(own.as_pem(private=False))
    assert why(house.identified()[1]) == ""
    house.provider.encrypt_to = RSA[0]
    client, answer = house.identified()
    refused(house, answer, client)
    house.provider.encrypt_to = RSAKey.import_key(own.as_pem(private=False))
    house.provider.sign = none
    client, answer = house.identified()
    refused(house, answer, client)


def test_one_network_cannot_try_for_ever(house: House) -> None:
    house.provider.sign = none
    words = [why(house.identified()[1]) for _ in range(32)]
    assert words == ["failed"] * 30 + ["often"] * 2
    house.provider.sign = None
    assert why(house.identified()[1]) == "often"
    house.site.later(hours=2)
    assert why(house.identified()[1]) == ""


# --- the staff --------------------------------------------------------------------------------------------------------


def enter(house: House, **who: Any) -> tuple[TestClient, Any]:
    house.provider.who = {"sub": "staff-1", **who}
    client = house.site.client()
    return client, client.get(house.back(house.out(client, "/sign-in/with/office?next=/account")))


def test_the_staff_sign_in_by_a_verified_address_once_and_by_the_link_after(house: House) -> None:
    assert "Kirjaudu: Talon kirjautuminen" in house.site.client().get("/sign-in").text
    client, answer = enter(house, email=BOSS.upper(), email_verified=True)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert "Paula Johtaja" in client.get("/account").text
    # The address may change at the provider; whoever has it next is somebody else.
    assert enter(house, email="paula.uusi@lainaamo.example", email_verified=True)[1].headers["location"] == "/account"
    stranger, answer = enter(house, sub="staff-2", email=BOSS, email_verified=True)
    assert why(answer) == "no_account"
    assert stranger.get("/account").status_code == 303


@pytest.mark.parametrize(
    "who",
    [
        {"email": BOSS},
        {"email": BOSS, "email_verified": "true"},
        {"email": BOSS, "email_verified": False},
        {"email": [BOSS], "email_verified": True},
        {"email": "joku.muu@lainaamo.example", "email_verified": True},
        {"email_verified": True},
    ],
)
def test_no_account_is_made_nor_lent(house: House, who: dict[str, Any]) -> None:
    client, answer = enter(house, **who)
    assert why(answer) == "no_account"
    assert "ei ole tunnusta" in client.get(answer.headers["location"]).text
    assert "seloste" not in client.cookies
    with house.site.registers.deployment.read() as conn:
        assert len(conn.execute("SELECT 1 FROM account").all()) == 1
        assert conn.execute("SELECT 1 FROM account_link").all() == []


def test_who_was_known_to_the_provider_since_the_morning_proves_it_anew(house: House) -> None:
    from seloste.operations.accounts.proof import is_fresh
    from seloste.operations.accounts.session import use_session

    def fresh(client: TestClient) -> bool:
        opened = use_session(house.site.registers.deployment, client.cookies["seloste"], now=house.site.now)
        assert opened is not None
        assert opened.session.way == "by:office"
        return is_fresh(opened, house.site.now)

    email = "vain.palvelu@lainaamo.example"
    create_account(house.site.registers.deployment, email, "Vain Palvelu", actor=CLI, now=house.site.now)
    boss = {"sub": "staff-9", "email": email, "email_verified": True}
    assert fresh(enter(house, **boss)[0])
    for told in (house.moment() - 601, house.moment() + 60, "now", True, -1):
        assert not fresh(enter(house, **boss, auth_time=told)[0]), told
    client, _ = enter(house, **boss, auth_time=house.moment() - 3600)
    assert "/account/password" not in client.get("/account").text, "there is none to change"
    asked = client.get("/account/codes")
    page = client.get(asked.headers["location"]).text
    # No password, code or passkey: the way is to the provider again.
    assert "/sign-in/with/office?next=%2Faccount%2Fcodes&amp;again=1" in page
    url = house.out(client, "/sign-in/with/office?next=%2Faccount%2Fcodes&again=1")
    assert {"prompt=login", "max_age=0"} <= set(urlsplit(url).query.split("&"))
    house.provider.who = {**boss, "auth_time": house.moment() - 1}
    assert client.get(house.back(url)).headers["location"] == "/account/codes"
    assert fresh(client)


def test_one_door_does_not_open_the_other(house: House) -> None:
    client = house.site.client()
    assert client.get(f"{house.path}/identify/office").status_code == 404
    assert client.get("/sign-in/with/bank").status_code == 404
    client, _ = house.identified()
    assert client.get("/account").status_code == 303
    url = house.out(client, "/sign-in/with/office?next=//evil.example")
    house.provider.who = {"email": BOSS, "email_verified": True}
    assert client.get(house.back(url)).headers["location"] == "/"


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("[bank]", "[bank", "not TOML"),
        ('issuer = "http://127', 'issuer = "http://kaukana.example#', "[bank] issuer"),
        ("acr = [", "level = [", "[bank] level"),
        ('acr = ["http://ftn.ficora.fi/2017/loatest2", "http://ftn.ficora.fi/2017/loatest3"]', "", "needs acr"),
        ('own = ["hire"]', "", "of no use"),
        ("client_secret_file", "client_secret", "[bank] client_secret"),
        ('birth_date = "birthdate"', "", "ways name birth_date"),
    ],
)
def test_a_file_that_cannot_be_used_stops_the_start_and_says_where(
    house: House, tmp_path: Path, old: str, new: str, why: str
) -> None:
    settings = house.site.registers.settings
    assert settings.identification_file is not None
    text = settings.identification_file.read_text("utf-8")
    assert old in text
    file = tmp_path / "identification.toml"
    file.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(SettingError) as wrong:
        make_app(replace(settings, identification_file=file), house.site.registers)
    assert why in str(wrong.value)
    assert "salainen" not in str(wrong.value)


def test_without_the_file_there_is_nobody_to_ask(house: House) -> None:
    registers = house.site.registers
    settings = registers.settings
    try:
        registers.settings = replace(settings, identification_file=None)
        assert "Tunnistaudu vahvasti" not in house.site.client().get(house.path).text
        assert house.site.client().get(f"{house.path}/identify/bank").status_code == 404
        assert house.site.client().get("/identified/bank").status_code == 422
    finally:
        registers.settings = settings
