"""``/metrics``: counts and ages for a monitor, in the text format of Prometheus.

Labels are route templates, methods, statuses, daily jobs and states; registers by name only where a setting says so,
for one may be named after somebody. The page is not for the world: it is answered to whoever shows the token, and
without one only at a desk. What a proxy passes on looks as if it came from this machine, so a token is needed as soon
as a setting says where people reach the pages.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from seloste import __version__
from seloste.operations.running.numbers import Numbers, OfRegister, numbers
from seloste.settings import Settings
from seloste.web import registers
from seloste.web.problems import NotFoundError, UnavailableError
from seloste.web.running.exposition import CONTENT_TYPE, Exposition, Labels
from seloste.web.running.measures import BOUNDS, Measures
from seloste.web.security import source_of

PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


def page(request: Request) -> Response:
    """Raises NotFoundError for whoever may not read it: nobody else learns that there is such a page."""
    settings: Settings = request.app.state.settings
    if not may_read(request, settings):
        raise NotFoundError
    out = Exposition()
    out.family("seloste_info", "gauge", "The version that runs.", [({"version": __version__}, 1)])
    _requests(out, request.app.state.measures)
    _numbers(out, numbers(registers.installation(request), now=request.state.now), settings.metrics_registers)
    return PlainTextResponse(out.text(), headers={"content-type": CONTENT_TYPE})


def may_read(request: Request, settings: Settings) -> bool:
    """Whether who asks shows the token; without one set, whether they sit at this machine and nothing is published.

    Raises UnavailableError when the file of the token cannot be read.
    """
    if settings.metrics_token_file is not None:
        try:
            token = settings.metrics_token_file.read_bytes().strip()
        except OSError as problem:
            raise UnavailableError from problem
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        return bool(token) and scheme.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), token)
    if settings.public_url is not None or any(name in request.headers for name in PASSED_ON):
        return False
    return _is_here(source_of(request.scope)) and _is_here(request.url.hostname or "")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _requests(out: Exposition, measures: Measures) -> None:
    answers, times = measures.seen()
    out.family(
        "seloste_requests_total",
        "counter",
        "Requests answered by this process, by route.",
        (
            ({"method": method, "route": route, "status": str(status)}, count)
            for (method, route, status), count in sorted(answers.items())
        ),
    )
    out.histogram(
        "seloste_request_seconds",
        "How long requests took, by route.",
        BOUNDS,
        (({"route": route}, took.cumulative(), took.seconds) for route, took in sorted(times.items())),
    )


def _numbers(out: Exposition, found: Numbers, by_register: bool) -> None:
    each = list(found.registers.items())

    def family(name: str, about: str, value: str) -> None:
        out.family(name, "gauge", about, _of_registers(each, value, by_register))

    broken = sum(not one.opens for _, one in each)
    out.family("seloste_registers", "gauge", "Registers of the installation.", [({}, found.every)])
    about = "Registers that were looked at since the start."
    out.family("seloste_registers_looked_at", "gauge", about, [({}, len(each))])
    out.family("seloste_registers_broken", "gauge", "Registers that do not open.", [({}, broken)])
    family("seloste_sweep_age_seconds", "Since the last sweep; of all registers the oldest.", "sweep_age")
    family("seloste_requests_overdue", "Requests of people whose last day has gone by.", "overdue")
    family("seloste_journal_waiting", "Looks that wait to be committed to the journal.", "journal_waiting")
    family("seloste_road_works", "Whether the daily trial of the road of requests works.", "road_works")
    family("seloste_road_age_seconds", "Since the road of requests was last found to work.", "road_age")
    for state, count in (
        ("waiting", found.letters_waiting),
        ("tried", found.letters_tried),
        ("failed", found.letters_failed),
    ):
        out.family(f"seloste_letters_{state}", "gauge", _LETTERS[state], [({}, count)])
    work = (({"job": job, "state": state}, count) for (job, state), count in sorted(found.work.items()))
    out.family("seloste_daily_work", "gauge", "Daily jobs of registers for the day that is due, by state.", work)


_LETTERS = {
    "waiting": "Letters that wait to be sent.",
    "tried": "Letters that wait after a try that failed.",
    "failed": "Letters given up within a day.",
}

_WORST = {"road_works": min, "sweep_age": max, "road_age": max}
"""How several registers are told in one number; counts are added up."""


def _of_registers(each: list[tuple[str, OfRegister]], value: str, by_register: bool) -> Iterator[tuple[Labels, float]]:
    known = [(key, float(getattr(one, value))) for key, one in each if one.opens and getattr(one, value) is not None]
    if by_register:
        yield from (({"register": key}, number) for key, number in known)
    elif known:
        yield {}, _WORST.get(value, sum)([number for _, number in known])
