"""What has to be done again and again: backups, sweeps, letters, the trial of the road. Whether it was."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from seloste.clock import from_utc_text
from seloste.errors import SelosteError
from seloste.operations.mail.smtp import MailError, Server, server_of
from seloste.operations.retention.runs import runs
from seloste.operations.running.canary import where_broken
from seloste.operations.running.doctor.model import Case, Finding, Level, Text
from seloste.store import canary, mail_trouble, outbox
from seloste.store.backup import Manifest, check_file, opened_copy, read_manifest
from seloste.store.journal_pages import Query, page
from seloste.store.post import WORD

OLD, TOO_OLD = dt.timedelta(hours=36), dt.timedelta(days=7)
"""Of the latest backup: later than a night's, and more than a week of work lost with the disk."""
LATELY = dt.timedelta(days=1)


# --- backups ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was found."""

    folder: Path
    manifest: Manifest

    @property
    def at(self) -> dt.datetime:
        return from_utc_text(self.manifest.made_at)


_BACK_UP: Text = (
    "Tee seloste backup joka yö, ja anna SELOSTE_BACKUPS_DIR.",
    "Run seloste backup every night, and give SELOSTE_BACKUPS_DIR.",
)


def backups(case: Case) -> Iterator[Finding]:
    """How old the last backup is, whether it can be opened with this key, and whether the ledger is apart."""
    yield from _ledger(case)
    folder = case.settings.backups_dir
    if folder is None:
        yield from _journaled(case)
        return
    found = sorted(_made(folder), key=lambda each: each.at)
    if not found:
        what = ("Varmuuskopiota ei ole.", "There is no backup.")
        yield Finding("backup", "bad", what, where=str(folder), todo=_BACK_UP)
        return
    last = found[-1]
    yield _age(case, last.at, str(last.folder))
    yield _opens(case, last)


def _made(folder: Path) -> Iterator[Made]:
    """Whole backups of the installation in a folder; one of a single register is none."""
    for each in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            manifest = read_manifest(each)
        except (SelosteError, OSError):
            continue
        if manifest.deployment is not None:
            yield Made(each, manifest)


def _journaled(case: Case) -> Iterator[Finding]:
    """Without a folder to look in: when the journal says that one was made last."""
    if case.deployment is None or case.registers is None:
        return
    with case.deployment.read() as conn:
        made = [each.entry.at for each in page(conn, Query(verb="backup", limit=20)).entries if not each.entry.note]
    if not made:
        what = ("Varmuuskopiota ei ole tehty.", "No backup has been made.")
        yield Finding("backup", "bad", what, where="SELOSTE_BACKUPS_DIR", todo=_BACK_UP)
        return
    yield _age(case, max(made), "SELOSTE_BACKUPS_DIR")


def _age(case: Case, at: dt.datetime, where: str) -> Finding:
    age = case.now - at
    level: Level = "bad" if age > TOO_OLD else "warn" if age > OLD else "ok"
    hours = int(age.total_seconds() // 3600)
    fi, en = (f"{hours // 24} pv", f"{hours // 24} days") if hours >= 48 else (f"{hours} t", f"{hours} hours")
    return Finding(
        "backup",
        level,
        (f"Viimeisin varmuuskopio on {fi} vanha.", f"The last backup is {en} old."),
        where=where,
        todo=_BACK_UP if level != "ok" else ("", ""),
    )


def _opens(case: Case, last: Made) -> Finding:
    """Every file is as it was written and can be read, and the key of this installation is the backup's."""
    if case.registers is not None and last.manifest.key_mark != case.registers.mark:
        return Finding(
            "backup",
            "bad",
            ("Viimeisin varmuuskopio on tehty toisella avaimella.", "The last backup was made with another key."),
            where=str(last.folder),
            todo=("Tee uusi varmuuskopio. Säilytä vanhan avain.", "Make a new one. Keep the key of the old one."),
        )
    try:
        for copied in last.manifest.files:
            if not case.quick:
                check_file(last.folder, copied)
            with opened_copy(last.folder / copied.file) as conn:
                conn.execute("SELECT count(*) FROM sqlite_master").all()
    except Exception:  # noqa: BLE001  whatever it is, it cannot be brought back
        return Finding(
            "backup",
            "bad",
            ("Viimeisin varmuuskopio on vioittunut.", "The last backup is damaged."),
            where=str(last.folder),
            todo=("Tee uusi ja tarkista levy.", "Make a new one, and check the disk."),
        )
    known = {copied.key for copied in last.manifest.registers}
    missing = [key for key in case.keys if key not in known]
    if missing:
        return Finding(
            "backup",
            "warn",
            ("Viimeisimmästä varmuuskopiosta puuttuu rekistereitä.", "The last backup lacks registers."),
            where=str(last.folder),
            todo=("Tee uusi varmuuskopio.", "Make a new backup."),
        )
    what = ("Viimeisin varmuuskopio avautuu ja on ehjä.", "The last backup opens and is whole.")
    if case.quick:
        what = ("Viimeisin varmuuskopio avautuu.", "The last backup opens.")
    return Finding("backup", "ok", what, where=str(last.folder))


def _ledger(case: Case) -> Iterator[Finding]:
    """Whether the disk that takes the registers takes the ledger with it (docs/howto/backups.md)."""
    ledger, data = case.settings.ledgers, case.settings.data_dir
    try:
        apart = ledger.stat().st_dev != data.stat().st_dev
        writable = os.access(ledger, os.W_OK | os.X_OK)
    except OSError:
        apart = writable = False
    if not writable and ledger.exists():
        what = ("Poistoluetteloon ei voi kirjoittaa.", "The ledger cannot be written.")
        yield Finding("ledger", "bad", what, str(ledger), ("Tarkista oikeudet.", "Check who may write there."))
    elif not apart:
        yield Finding(
            "ledger",
            "warn",
            (
                "Poistoluettelo on samalla levyllä kuin tiedot: sama vika vie molemmat.",
                "The ledger is on the same disk as the data: what takes one takes both.",
            ),
            where=str(ledger),
            todo=("Anna SELOSTE_LEDGER_DIR toiselta levyltä.", "Give SELOSTE_LEDGER_DIR on another disk."),
        )
    else:
        what = ("Poistoluettelo on omalla levyllään.", "The ledger is on a disk of its own.")
        yield Finding("ledger", "ok", what, where=str(ledger))


# --- letters ----------------------------------------------------------------------------------------------------------


def mail(case: Case) -> Iterator[Finding]:
    """Whether letters can be sent: the server is reached, encrypted, and lets us in; and which did not leave."""
    if not case.settings.sends_mail:
        yield Finding(
            "mail",
            "warn",
            (
                "Sähköpostia ei lähetetä: kukaan ei saa linkkiä omiin tietoihinsa.",
                "No mail is sent: nobody gets a link to their own data.",
            ),
            where="SELOSTE_SMTP_URL",
            todo=(
                "Anna SELOSTE_SMTP_URL, SELOSTE_MAIL_FROM ja SELOSTE_PUBLIC_URL.",
                "Give SELOSTE_SMTP_URL, SELOSTE_MAIL_FROM and SELOSTE_PUBLIC_URL.",
            ),
        )
        yield from _unconfirmed(case)
        return
    if case.network:
        yield _reached(case)
    yield from _left(case)


def _unconfirmed(case: Case) -> Iterator[Finding]:
    """The purposes whose yes must be confirmed by a letter, so that without mail nobody's can be written down."""
    for key in case.keys if case.registers is not None else ():
        try:
            purposes = case.registers.open(key).register.purposes if case.registers is not None else {}
        except SelosteError:
            continue  # that it cannot be opened is told of the databases
        named = ", ".join(each.key for each in purposes.values() if each.confirm == "email")
        if named:
            yield Finding(
                "mail",
                "bad",
                (
                    f"Lupaa ei voi kirjata, koska se vahvistetaan sähköpostilla: {named}.",
                    f"No consent can be written down, for it is confirmed by e-mail: {named}.",
                ),
                register=key,
                todo=(
                    "Ota sähköposti käyttöön, tai poista selosteesta rivi `confirm: email` ja aja seloste apply.",
                    "Set up mail, or take the line `confirm: email` out of the notice and run seloste apply.",
                ),
            )


def _reached(case: Case) -> Finding:
    try:
        server: Server = server_of(case.settings)
        where = f"{server.host}:{server.port}"
        encrypted = server.look()
    except MailError as problem:
        name = type(problem.__cause__).__name__
        return Finding(
            "mail",
            "bad",
            (f"Postipalvelin ei ota kirjeitä ({name}).", f"The mail server takes no letters ({name})."),
            where=where,
            todo=(
                "Tarkista osoite, tunnus, salasana ja palvelimen varmenne.",
                "Check the address, the login, the password and the server's certificate.",
            ),
        )
    except SelosteError as problem:
        return Finding("mail", "bad", (problem.message("fi"), problem.message("en")), where="SELOSTE_SMTP_URL")
    how = ("salattuna", "encrypted") if encrypted else ("salaamatta, tällä koneella", "in clear, on this machine")
    return Finding(
        "mail",
        "ok",
        (f"Postipalvelin ottaa kirjeitä ({how[0]}).", f"The mail server takes letters ({how[1]})."),
        where=where,
    )


def _left(case: Case) -> Iterator[Finding]:
    if case.deployment is None or case.registers is None:
        return
    with case.deployment.read() as conn:
        trouble = mail_trouble.since(conn, case.now - LATELY)
        stuck = outbox.count(conn, tried=True, without=WORD)
    given_up = [each for each in trouble if each.outcome == "given_up"]
    if given_up or stuck:
        last = trouble[0].error if trouble else ""
        because = f" ({last})" if last else ""
        yield Finding(
            "letters",
            "bad" if given_up else "warn",
            (
                f"Vuorokauden aikana {len(given_up)} kirjettä jäi lähtemättä, {stuck} yrittää uudelleen{because}.",
                f"Within a day {len(given_up)} letters did not leave, and {stuck} try again{because}.",
            ),
            todo=(
                "Katso lokista, mitkä kirjeet. Toimita viestit, jotka odottavat pyyntöjen sivulla.",
                "See in the log which letters. Deliver the messages that wait on the page of requests.",
            ),
        )
    else:
        yield Finding("letters", "ok", ("Kaikki kirjeet ovat lähteneet.", "All letters have left."))


# --- the work of the night --------------------------------------------------------------------------------------------


def sweeps(case: Case) -> Iterator[Finding]:
    """When each register was last swept, and whether that went well."""
    if case.registers is None or case.deployment is None:
        return
    for key in case.keys:
        try:
            found = runs(case.registers.open(key), case.deployment, now=case.now, most=1)
        except SelosteError:
            continue  # told of by ``databases.databases``
        todo = (
            "Pidä seloste serve tai seloste work käynnissä yölläkin.",
            "Keep seloste serve or seloste work running at night too.",
        )
        if found.missing:
            what = ("Poistoajoa ei ole tehty 36 tuntiin.", "There has been no sweep for 36 hours.")
            yield Finding("sweep", "bad", what, todo=todo, register=key)
        elif found.failed:
            what = (
                f"Viimeisin poistoajo keskeytyi ({found.failed}).",
                f"The last sweep was ended by an error ({found.failed}).",
            )
            yield Finding("sweep", "warn", what, register=key, todo=("Katso loki.", "See the log."))
        elif found.last is None:
            what = ("Ensimmäinen poistoajo on vielä tekemättä.", "The first sweep is still to come.")
            yield Finding("sweep", "ok", what, register=key)
        else:
            hours = int((case.now - found.last).total_seconds() // 3600)
            what = (f"Poistoajo tehtiin {hours} t sitten.", f"The last sweep was {hours} hours ago.")
            yield Finding("sweep", "ok", what, register=key)


_ROAD: dict[str, tuple[Text, Text]] = {
    "request": (
        ("Pyyntöä ei voi kirjata rekisteriin.", "No request can be entered into the register."),
        (
            "Katso lokista virhe. Kirjatkaa pyynnöt siihen asti käsin.",
            "See the error in the log. Keep requests by hand.",
        ),
    ),
    "letter": (
        ("Koekirje ei lähtenyt: linkkiä ei ehkä saa kukaan.", "The trial letter did not leave: nobody may get a link."),
        (
            "Korjaa posti (katso mail yllä). Koe uusitaan itsestään.",
            "Mend the mail (see mail). It is tried again by itself.",
        ),
    ),
    "pages": (
        ("Sivut eivät vastaa osoitteessa, johon kirje vie.", "The pages do not answer where the letter leads."),
        (
            "Tarkista SELOSTE_PUBLIC_URL, välityspalvelin, varmenne ja nimipalvelu.",
            "Check SELOSTE_PUBLIC_URL, the proxy, its certificate and the name.",
        ),
    ),
    "open": (
        ("Koekirjeen linkki ei auennut.", "The link of the trial letter did not open."),
        ("Katso lokista virhe.", "See the error in the log."),
    ),
    "untried": (
        ("Tietä ei ole kokeiltu 36 tuntiin.", "The road has not been tried for 36 hours."),
        ("Pidä seloste serve tai seloste work käynnissä.", "Keep seloste serve or seloste work running."),
    ),
}


def road(case: Case) -> Iterator[Finding]:
    """Whether a person who makes a request today would be heard: the trial of the night."""
    if case.registers is None or case.deployment is None:
        return
    with case.deployment.read() as conn:
        trials = canary.trials(conn)
    for key in case.keys:
        trial = trials.get(key)
        broken = where_broken(trial, case.now) if trial is not None else ""
        if trial is None:
            what = ("Pyyntöjen tietä ei ole vielä kokeiltu.", "The road of requests has not been tried yet.")
            yield Finding("road", "ok", what, register=key)
        elif broken:
            yield Finding("road", "bad", _ROAD[broken][0], register=key, todo=_ROAD[broken][1])
        elif trial.mailed or trial.ended_at is None:
            what = ("Pyyntöjen tie on kokeiltu, ja se toimii.", "The road of requests was tried, and works.")
            yield Finding("road", "ok", what, register=key)
        else:
            what = (
                "Pyynnön voi kirjata; kirjettä ei kokeiltu, koska sähköpostia ei lähetetä.",
                "A request can be entered; no letter was tried, since no mail is sent.",
            )
            yield Finding("road", "ok", what, register=key)
