"""What stands around the databases: settings, keys, disks, the certificate, ``security.txt``."""

from __future__ import annotations

import datetime as dt
import shutil
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from seloste.errors import SelosteError
from seloste.operations.running.doctor.model import Case, Finding, Text
from seloste.operations.running.security_txt import expires
from seloste.store.deployment import key_mark
from seloste.store.keys import mark_of, master_secret

MIB = 1024 * 1024
LITTLE, NONE = 1024 * MIB, 100 * MIB
"""Free bytes under which there is little, and as good as none."""
SHORT = 20
"""Letters under which a token or a password can be guessed by trying."""
SOON, AT_ONCE = dt.timedelta(days=30), dt.timedelta(days=7)
LONG = dt.timedelta(days=366)
SECONDS = 5.0


def is_here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host in ("", "localhost")


def settings(case: Case) -> Iterator[Finding]:
    """Settings that weaken the installation, each by its name and never by its value."""
    found = list(_weak(case))
    yield from (Finding("settings", "warn", what, where=f"SELOSTE_{name}", todo=todo) for name, what, todo in found)
    if not found:
        yield Finding("settings", "ok", ("Asetuksissa ei ole heikkoja kohtia.", "No setting weakens anything."))


def _weak(case: Case) -> Iterator[tuple[str, Text, Text]]:
    chosen = case.settings
    yield from _weak_secrets(case)
    if chosen.demo or chosen.allow_test_identity_codes:
        yield (
            "DEMO" if chosen.demo else "ALLOW_TEST_IDENTITY_CODES",
            ("Asetus on vain kokeilua varten.", "This setting is for trying only."),
            ("Poista asetus, jos rekisterissä on oikeita ihmisiä.", "Remove it if real people are in the register."),
        )
    smtp = urlsplit(chosen.smtp_url or "")
    if smtp.query == "tls=off" and not is_here(smtp.hostname or ""):
        yield (
            "SMTP_URL",
            ("Kirjeet kulkevat verkossa salaamattomina (tls=off).", "Letters cross the network in clear (tls=off)."),
            ("Poista ?tls=off tai käytä smtps-osoitetta.", "Remove ?tls=off, or use an smtps address."),
        )
    public = urlsplit(chosen.public_url or "")
    if public.scheme == "http" and not is_here(public.hostname or ""):
        yield (
            "PUBLIC_URL",
            ("Linkit kirjeissä vievät salaamattomille sivuille.", "Links in letters lead to pages in clear."),
            ("Lisää https ja kirjoita osoite https-alkuisena.", "Add https, and write the address with it."),
        )
    if not is_here(chosen.host):
        yield (
            "HOST",
            (
                "Ohjelma kuuntelee verkkoa suoraan, ilman salausta.",
                "The program listens to the network itself, without encryption.",
            ),
            (
                "Kuuntele osoitetta 127.0.0.1 ja anna välityspalvelimen lisätä https.",
                "Listen at 127.0.0.1 and let a proxy add https.",
            ),
        )
    if chosen.key_file.resolve().is_relative_to(chosen.data_dir.resolve()):
        yield (
            "KEY_FILE",
            (
                "Avain on tietojen kansiossa: sen kopio avaa kaiken.",
                "The key lies in the folder of the data: a copy of it opens everything.",
            ),
            ("Siirrä avain muualle ja kerro asetuksella, minne.", "Move the key elsewhere, and say here where."),
        )


def _weak_secrets(case: Case) -> Iterator[tuple[str, Text, Text]]:
    chosen = case.settings
    if urlsplit(chosen.smtp_url or "").password:
        yield (
            "SMTP_URL",
            (
                "Postipalvelimen salasana on ympäristömuuttujassa.",
                "The password of the mail server lies in the environment.",
            ),
            ("Siirrä se tiedostoon: SELOSTE_SMTP_PASSWORD_FILE.", "Move it into a file: SELOSTE_SMTP_PASSWORD_FILE."),
        )
    database = urlsplit(chosen.database_url or "").password
    if database and len(database) < SHORT:
        yield (
            "DATABASE_URL",
            ("Tietokannan salasana on lyhyt.", "The password of the database is short."),
            (f"Vaihda siihen vähintään {SHORT} satunnaista merkkiä.", f"Make it {SHORT} random letters or more."),
        )
    for name, file in (
        ("METRICS_TOKEN_FILE", chosen.metrics_token_file),
        ("SMTP_PASSWORD_FILE", chosen.smtp_password_file),
    ):
        if file is None:
            continue
        try:
            mode, length = file.stat().st_mode, len(file.read_text("utf-8").strip())
        except (OSError, UnicodeDecodeError):
            yield (
                name,
                ("Tiedostoa ei voi lukea.", "The file cannot be read."),
                ("Tarkista polku ja lukuoikeus.", "Check its path, and who may read it."),
            )
            continue
        if mode & 0o077:
            yield (
                name,
                ("Muutkin koneen käyttäjät voivat lukea tiedoston.", "Others on this machine can read the file."),
                ("Aja chmod 600 tiedostolle.", "Run chmod 600 on the file."),
            )
        if name == "METRICS_TOKEN_FILE" and length < SHORT:
            yield (
                name,
                ("Tunniste on lyhyt.", "The token is short."),
                (f"Kirjoita siihen vähintään {SHORT} satunnaista merkkiä.", f"Write {SHORT} random letters or more."),
            )


def key(case: Case) -> Iterator[Finding]:
    """The key file is there, only its owner may read it, and it is that of these registers."""
    path = case.settings.key_file
    try:
        mark = mark_of(master_secret(path, make=False))
        mode = path.stat().st_mode & 0o777
    except SelosteError as problem:
        yield Finding(
            "key",
            "bad",
            (problem.message("fi"), problem.message("en")),
            where=str(path),
            todo=("Palauta oikea avain. Älä tee uutta.", "Restore the right key. Do not make a new one."),
        )
        return
    noted = None
    if case.deployment is not None:
        with case.deployment.read() as conn:
            noted = key_mark(conn)
    if noted is not None and mark != noted:
        yield Finding(
            "key",
            "bad",
            ("Avain on toisen asennuksen.", "The key is another installation's."),
            where=str(path),
            todo=("Palauta oikea avain varmuuskopiostaan.", "Restore the right key from its own backup."),
        )
    elif mode & 0o077:
        yield Finding(
            "key",
            "bad",
            (
                f"Muutkin koneen käyttäjät pääsevät avaintiedostoon (oikeudet {mode:04o}).",
                f"Others on this machine may use the key file (mode {mode:04o}).",
            ),
            where=str(path),
            todo=("Aja tiedostolle chmod 600.", "Run chmod 600 on the file."),
        )
    else:
        yield Finding(
            "key",
            "ok",
            (
                "Avain on paikallaan, oikea, ja vain omistaja voi lukea sen.",
                "The key is there, is the right one, and only its owner can read it.",
            ),
            where=str(path),
        )


def disks(case: Case) -> Iterator[Finding]:
    """Free space where the data, the ledger and the backups lie; each disk once."""
    seen: set[int] = set()
    for folder in (case.settings.data_dir, case.settings.ledgers, case.settings.backups_dir):
        if folder is None or not folder.is_dir() or (disk := folder.stat().st_dev) in seen:
            continue
        seen.add(disk)
        usage = shutil.disk_usage(folder)
        free = f"{usage.free // MIB} MiB" if usage.free < 10 * LITTLE else f"{usage.free // LITTLE} GiB"
        level = "bad" if usage.free < NONE else "warn" if usage.free < LITTLE else "ok"
        yield Finding(
            "disk",
            level,  # type: ignore[arg-type]
            (f"Levyllä on vapaana {free}.", f"{free} of the disk are free."),
            where=str(folder),
            todo=(
                ("Vapauta tilaa tai siirrä tiedot isommalle levylle.", "Free space, or move the data to a larger disk.")
                if level != "ok"
                else ("", "")
            ),
        )


def certificate(case: Case) -> Iterator[Finding]:
    """Until when the certificate holds that people's browsers are shown, where a setting says which it is."""
    told = case.settings.certificate
    if told is None or (not case.network and not Path(told).is_file()):
        return
    try:
        until = _read_certificate(told).not_valid_after_utc
    except (OSError, ValueError):
        yield Finding(
            "certificate",
            "bad",
            ("Varmennetta ei voi lukea.", "The certificate cannot be read."),
            where=told,
            todo=(
                "Tarkista asetus SELOSTE_CERTIFICATE: PEM-tiedosto tai kone:portti.",
                "Check SELOSTE_CERTIFICATE: a PEM file, or host:port.",
            ),
        )
        return
    left = until - case.now
    level = "bad" if left < AT_ONCE else "warn" if left < SOON else "ok"
    day = until.date().isoformat()
    over = left < dt.timedelta(0)
    yield Finding(
        "certificate",
        level,  # type: ignore[arg-type]
        (
            f"Varmenne on vanhentunut {day}." if over else f"Varmenne on voimassa {day} asti.",
            f"The certificate expired on {day}." if over else f"The certificate holds until {day}.",
        ),
        where=told,
        todo=(
            "Uusi varmenne ja tarkista, että se uusitaan itsestään.",
            "Renew it, and see that it is renewed by itself.",
        )
        if level != "ok"
        else ("", ""),
    )


def _read_certificate(told: str) -> x509.Certificate:
    """Raises OSError, ValueError."""
    if Path(told).is_file():
        return x509.load_pem_x509_certificates(Path(told).read_bytes())[0]
    host, _, port = told.rpartition(":") if ":" in told else (told, "", "443")
    pem = ssl.get_server_certificate((host.strip("[]"), int(port)), timeout=SECONDS)
    return x509.load_pem_x509_certificate(pem.encode())


def security_txt(case: Case) -> Iterator[Finding]:
    """Whether somebody who finds a fault is told whom to tell, and for how long."""
    chosen, until = case.settings, expires(case.settings)
    where, todo = "SELOSTE_SECURITY_EXPIRES", (
        "Tarkista yhteystieto ja anna uusi päivä, alle vuoden päästä.",
        "Check the contact and give a new day, less than a year ahead.",
    )  # fmt: skip
    if not chosen.security_contact or until is None:
        if chosen.public_url is None:
            return  # nobody comes here from outside
        yield Finding(
            "security_txt",
            "warn",
            (
                "Kukaan ei löydä täältä, kenelle tietoturvan viasta kerrotaan (security.txt).",
                "Nobody finds here whom to tell of a fault in security (security.txt).",
            ),
            where="SELOSTE_SECURITY_CONTACT",
            todo=(
                "Anna SELOSTE_SECURITY_CONTACT ja SELOSTE_SECURITY_EXPIRES.",
                "Give SELOSTE_SECURITY_CONTACT and SELOSTE_SECURITY_EXPIRES.",
            ),
        )
        return
    day = chosen.security_expires
    left = until - case.now
    if left <= dt.timedelta(0):
        what = (
            f"security.txt on vanhentunut {day}. Sitä ei näytetä.",
            f"security.txt expired on {day}. It is not served.",
        )
        yield Finding("security_txt", "warn", what, where, todo)
    elif left < SOON or left > LONG:
        what = (f"security.txt on voimassa {day} asti.", f"security.txt holds until {day}.")
        yield Finding("security_txt", "warn", what, where, todo)
    else:
        what = (f"security.txt on voimassa {day} asti.", f"security.txt holds until {day}.")
        yield Finding("security_txt", "ok", what, where)
