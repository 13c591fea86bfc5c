"""``seloste serve``: the pages and the API, in one process."""

from __future__ import annotations

import dataclasses
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli import logs
from seloste.cli.common import Port, who_may_enter
from seloste.errors import SelosteError
from seloste.settings import Settings

if TYPE_CHECKING:
    from seloste.operations.mail.smtp import Transport
    from seloste.operations.running.in_turn import LookOn
    from seloste.store.registers import Registers, RegisterStore


FEW, AT_START = 3, 20
"""How many registers are looked at before the pages are served: a few however long it takes, more while there is
time."""
START_SECONDS = 3.0


class CannotServeError(SelosteError):
    """A check before the start failed; nothing is served."""


@click.command(epilog="For example: seloste serve --port 8080. Exit codes: 0 stopped, 2 not started, with the reason.")
@click.option("--host", help="Address to listen at; 127.0.0.1 by default, so that only this machine gets in.")
@click.option("--port", type=Port(), help="Port to listen at; 8000 by default, 0 for a free one.")
@click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Folder of the data, var by default."
)
@click.option("--no-work", is_flag=True, help="Leave the work of the night to seloste work.")
def serve(host: str | None, port: int | None, data_dir: Path | None, no_work: bool) -> None:
    """Serve the registers until interrupted, and remove every night what nobody needs any more.

    Behind a proxy on the same machine that adds https, let it set X-Forwarded-For and X-Forwarded-Proto. To have
    registers, run seloste apply first; to have people who may sign in, seloste user add.
    """
    settings = chosen(host, port, data_dir)
    from seloste.store.registers import Registers

    listener = listen(settings.host, settings.port)
    try:
        registers = Registers(settings)
        try:
            check(registers)
            run(settings, registers, listener, works=not no_work)
        finally:
            registers.close()
    finally:
        listener.close()


def chosen(host: str | None, port: int | None, data_dir: Path | None) -> Settings:
    """The settings of the environment with what the command line says instead. Raises SettingError."""
    settings = Settings.from_environment()
    if data_dir is not None:
        # A key that the environment names stays where it is; the default one lies in the data folder.
        at_home = settings.key_file == settings.data_dir / "secret.key"
        key_file = data_dir / "secret.key" if at_home else settings.key_file
        settings = dataclasses.replace(settings, data_dir=data_dir, key_file=key_file)
    return dataclasses.replace(
        settings, host=settings.host if host is None else host, port=settings.port if port is None else port
    )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises CannotServeError when the address is taken or is none of this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as problem:
        raise CannotServeError(
            f"Osoitetta {host}:{port} ei voi käyttää. Se on varattu tai ei ole tämän koneen. Valitse toinen portti "
            f"(esimerkiksi --port {port + 1 if port < 65535 else 8000}) tai toinen osoite (--host).",
            f"The address {host}:{port} cannot be used. It is taken, or is not of this machine. Choose another port "
            f"(for example --port {port + 1 if port < 65535 else 8000}) or another address (--host).",
        ) from problem


def check(registers: Registers) -> None:
    """Every register opens, its lenses hold and its journal ends where it says.

    Raises CannotServeError, naming the register.
    """
    registers.other_version = partial(_renewed, registers)
    keys = registers.keys()
    until = time.monotonic() + START_SECONDS
    for number, key in enumerate(keys[:AT_START]):
        if number >= FEW and time.monotonic() > until:
            break
        _check(key, partial(registers.open, key), thorough=not number)
    # Where there are many, nobody waits for all: the others are looked at before each is used for the first time,
    # or in the background before that.
    registers.first_opened = lambda store: _check(store.register.notice.register, lambda: store, thorough=False)


def _renewed(registers: Registers, key: str) -> bool:
    """Bring a register to this version of the program where nothing is lost by it, and say so."""
    from seloste.clock import now

    done = registers.renew(key, now=now(), actor="register")
    if done is not None:
        finnish = registers.settings.language == "fi"
        click.echo(
            f"Rekisteri {key} tuotiin tähän ohjelman versioon. Selosteesta ei muuttunut mitään, eikä mitään poistettu."
            if finnish
            else f"Register {key} was brought to this version of the program. Nothing of its notice changed, and"
            " nothing was erased.",
            err=True,
        )
    return done is not None


def _check(key: str, opens: Callable[[], RegisterStore], *, thorough: bool) -> None:
    """``thorough``: the lenses are tried on SQLite too."""
    from seloste.store.engine import StoreError
    from seloste.store.journal import head
    from seloste.store.journal_pages import entry

    try:
        store = opens()
        # On SQLite a lens rests on the program alone, so one stands for all.
        if store.database.dialect != "sqlite" or thorough:
            check_lenses(store)
        with store.database.read() as conn:
            end = head(conn)
            last = entry(conn, end.seq)
    except CannotServeError:
        raise
    except SelosteError as problem:
        raise CannotServeError(
            f"Rekisteri {key} ei avaudu: {problem.message('fi')}",
            f"Register {key} does not open: {problem.message('en')}",
        ) from problem
    except Exception as problem:
        if isinstance(problem, KeyboardInterrupt | StoreError):
            raise
        raise CannotServeError(
            f"Rekisteri {key} ei avaudu. Tarkista tietokanta, tai palauta varmuuskopio.",
            f"Register {key} does not open. Check its database, or restore a backup.",
        ) from problem
    if end.seq and (last is None or last.hash != end.hash):
        raise CannotServeError(
            f"Rekisterin {key} loki ei ole ehjä. Aja seloste journal verify {key}.",
            f"The journal of register {key} is not whole. Run seloste journal verify {key}.",
        )


def check_lenses(store: RegisterStore) -> None:
    """The database keeps every role to what it may see. Raises CannotServeError with what does not hold."""
    from seloste.store.lens import check_lens

    lenses = list(store.register.lenses.values())
    for lens in lenses if store.database.dialect != "sqlite" else lenses[:1]:
        found = check_lens(store.database, store.register, lens, store.keys)
        if found:
            key = store.register.notice.register
            raise CannotServeError(
                f"Rekisterin {key} tietokanta ei pidä roolia rajoissaan: {found[0]}",
                f"The database of register {key} does not keep a role within its bounds: {found[0]}",
            )


def run(
    settings: Settings,
    registers: Registers,
    listener: socket.socket,
    *,
    works: bool = True,
    transport: Transport | None = None,
) -> None:
    """Serve until interrupted; with ``works`` the work of the night is done and letters sent beside.

    They go to the mail server of the settings, unless another ``transport`` is given.
    """
    import uvicorn

    from seloste.operations.accounts.passwords import nobodys_hash
    from seloste.operations.daily import Daily
    from seloste.operations.letters import LETTERS, SETTLERS
    from seloste.operations.mail.sender import Sender
    from seloste.operations.mail.smtp import is_set_up
    from seloste.operations.running.health import look_on
    from seloste.web.app import make_app

    logs.set_up(settings)
    nobodys_hash()
    config = uvicorn.Config(
        make_app(settings, registers),
        # Our own log names routes, not addresses; the server's would hold what people search for.
        access_log=False,
        # Its lines go where ours go, in the same form.
        log_config=None,
        log_level="warning",
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=10,
    )
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"http://{shown}:{port}")
    for line in who_may_enter(registers):
        click.echo(line, err=True)
    click.echo("Pysäytä: Ctrl+C." if settings.language == "fi" else "Stop it with Ctrl+C.", err=True)
    # The server stops what it is doing and then raises the interrupt again; being told to stop is no failure.
    beside: list[Daily | Sender | LookOn] = [look_on(registers)]
    if works:
        beside.append(Daily(registers))
    if works and is_set_up(settings):
        beside.append(Sender(registers, LETTERS, settlers=SETTLERS, transport=transport))
    for worker in beside:
        worker.start()
    try:
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])
    finally:
        for worker in beside:
            worker.stop()
