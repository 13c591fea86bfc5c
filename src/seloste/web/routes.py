"""Every route of the pages in one list: path, who answers it, for whom, and what it takes to open it.

A handler is ``module:function`` under ``seloste.web``, imported when it is first asked for: ``def page(request) ->
Response``, run in a thread. Before it runs, :mod:`seloste.web.app` has looked up the session, checked audience and
permission, refused a write from another site, and read the form into ``request.state.form``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Audience = Literal["public", "staff", "lead", "person", "api"]
"""Anybody; a signed-in account (with a role in the register, when the path names one); one whose role leads there;
a data subject whose own page is open; a program with a key, which the API itself checks."""

KIB = 1024
MIB = 1024 * KIB

PERMISSIONS: dict[str, tuple[Audience, ...]] = {
    "open": ("public",),
    "account:own": ("staff",),
    "register:read": ("staff",),
    "register:write": ("staff",),
    "register:export": ("staff",),
    "register:import": ("staff",),
    "privacy:read": ("lead",),
    "privacy:write": ("lead",),
    "own": ("person",),
    "api": ("api",),
}
"""What each permission is open to. What a role may see *in* a register is its lens, held by the database."""


@dataclass(frozen=True, slots=True)
class Route:
    """One address. ``limit`` is the most bytes that a request's body may have.

    ``from_anywhere``: a write that another site caused is taken too, for what is asked lies in the address itself and
    no cookie adds to it.
    ``fresh``: the deed, a word of ``proof.for_...`` of the texts, for which whoever is signed in proves anew who they
    are (:mod:`seloste.web.proof`): what cannot be undone, gives data away, or changes who gets in.
    ``nobodys``: the file that it answers with holds nobody's data. Of the staff's, others must be ``fresh``.
    ``alone``: nobody is looked up before it answers, so that it answers without the databases.
    """

    path: str
    handler: str
    methods: tuple[str, ...]
    audience: Audience
    permission: str
    limit: int = 256 * KIB
    from_anywhere: bool = False
    fresh: Literal["", "erase", "publish", "take_out", "tell", "access", "staff"] = ""
    nobodys: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Mount:
    """A whole application under a path, made by ``factory(registers, settings)`` when it is first asked for."""

    path: str
    factory: str
    audience: Audience
    permission: str
    limit: int = 4 * MIB


ROUTES: tuple[Route, ...] = (
    Route("/", "staff.signin:front", ("GET",), "public", "open"),
    Route("/sign-in", "staff.signin:page", ("GET",), "public", "open"),
    Route("/sign-in", "staff.signin:enter", ("POST",), "public", "open", 16 * KIB),
    Route("/sign-in/step", "staff.signin_step:page", ("GET",), "public", "open"),
    Route("/sign-in/step", "staff.signin_step:enter", ("POST",), "public", "open", 32 * KIB),
    Route("/sign-in/passkey", "staff.passkeys:enter", ("POST",), "public", "open", 32 * KIB),
    Route("/passkey/options", "staff.passkeys:options", ("GET",), "public", "open"),
    Route("/sign-in/with/{provider}", "staff.signin_with:start", ("GET",), "public", "open"),
    Route("/sign-out", "staff.signin:leave", ("POST",), "public", "open", 16 * KIB),
    Route("/health", "running.health:ready", ("GET",), "public", "open", alone=True),
    Route("/health/live", "running.health:live", ("GET",), "public", "open", alone=True),
    Route("/metrics", "running.metrics:page", ("GET",), "public", "open", alone=True),
    Route("/.well-known/security.txt", "running.well_known:security_txt", ("GET",), "public", "open", alone=True),
    Route("/.well-known/gpc.json", "running.well_known:gpc", ("GET",), "public", "open", alone=True),
    Route("/static/{name:path}", "static_files:serve", ("GET",), "public", "open"),
    Route("/welcome/{token}", "staff.welcome:page", ("GET",), "public", "open"),
    Route("/welcome/{token}", "staff.welcome:choose", ("POST",), "public", "open", 16 * KIB),
    Route("/notice/{reg}", "public.notice:front", ("GET",), "public", "open"),
    Route("/notice/{reg}/{lang}", "public.notice:page", ("GET",), "public", "open"),
    Route("/confirm/{reg}/{token}", "public.confirm:page", ("GET",), "public", "open"),
    Route("/confirm/{reg}/{token}", "public.confirm:agree", ("POST",), "public", "open", 16 * KIB),
    Route("/menu", "staff.menu:page", ("GET",), "staff", "account:own"),
    Route("/r/{reg}/menu", "staff.menu:page", ("GET",), "staff", "register:read"),
    Route("/account", "staff.account:page", ("GET",), "staff", "account:own"),
    Route("/account", "staff.account:settings", ("POST",), "staff", "account:own", 16 * KIB),
    Route("/account/password", "staff.account:password", ("POST",), "staff", "account:own", 16 * KIB),
    Route("/account/sessions", "staff.account:sessions", ("POST",), "staff", "account:own", 16 * KIB),
    Route("/account/proof", "proof:page", ("GET",), "staff", "account:own"),
    Route("/account/proof", "proof:done", ("POST",), "staff", "account:own", 32 * KIB, fresh="access"),
    Route("/account/codes", "staff.codes:page", ("GET",), "staff", "account:own", fresh="access"),
    Route("/account/codes", "staff.codes:begin", ("POST",), "staff", "account:own", 16 * KIB, fresh="access"),
    Route("/account/codes/first", "staff.codes:first", ("POST",), "staff", "account:own", 16 * KIB, fresh="access"),
    Route("/account/codes/remove", "staff.codes:remove", ("POST",), "staff", "account:own", 16 * KIB, fresh="access"),
    Route("/account/recovery", "staff.codes:recovery", ("POST",), "staff", "account:own", 16 * KIB, fresh="access"),
    Route("/account/passkeys", "staff.passkeys:add", ("POST",), "staff", "account:own", 32 * KIB, fresh="access"),
    Route(
        "/account/passkeys/remove", "staff.passkeys:remove", ("POST",), "staff", "account:own", 16 * KIB, fresh="access"
    ),
    Route("/account/passkeys/{id}", "staff.passkeys:one", ("GET",), "staff", "account:own"),
    Route(
        "/account/passkeys/{id}", "staff.passkeys:rename", ("POST",), "staff", "account:own", 16 * KIB, fresh="access"
    ),
    Route("/account/role", "staff.account:role", ("POST",), "staff", "account:own", 16 * KIB),
    Route("/r/{reg}/register", "staff.register_page:page", ("GET",), "staff", "register:read"),
    Route("/r/{reg}/import", "staff.imports:start", ("GET",), "staff", "register:import"),
    Route("/r/{reg}/import", "staff.imports:send", ("POST",), "staff", "register:import", 64 * MIB),
    Route("/r/{reg}/import/{job}", "staff.imports:step", ("GET",), "staff", "register:import"),
    Route("/r/{reg}/import/{job}", "staff.imports:go_on", ("POST",), "staff", "register:import"),
    Route(
        "/r/{reg}/import/{job}/faults.csv", "staff.imports:faults", ("GET",), "staff", "register:import", nobodys=True
    ),
    Route("/r/{reg}/audience", "staff.audience:page", ("GET",), "staff", "register:read"),
    Route("/r/{reg}/audience/{purpose}/{channel}", "staff.audience:ask", ("GET",), "staff", "register:export"),
    Route(
        "/r/{reg}/audience/{purpose}/{channel}",
        "staff.audience:send",
        ("POST",),
        "staff",
        "register:export",
        fresh="take_out",
    ),
    Route("/r/{reg}/{kind}/export", "staff.exports:page", ("GET",), "staff", "register:export"),
    Route("/r/{reg}/{kind}/export", "staff.exports:send", ("POST",), "staff", "register:export", fresh="take_out"),
    Route("/r/{reg}/{kind}/views", "staff.list_views:change", ("POST",), "staff", "register:read", 16 * KIB),
    Route("/r/{reg}/undo", "staff.undo:take_back", ("POST",), "staff", "register:write", 16 * KIB),
    Route("/r/{reg}/pick/{kind}", "staff.forms:suggest", ("GET", "POST"), "staff", "register:read", 16 * KIB),
    Route("/r/{reg}/{kind}/new", "staff.forms:new", ("GET", "POST"), "staff", "register:write"),
    Route("/r/{reg}/{kind}/{id:int}/edit", "staff.forms_edit:edit", ("GET", "POST"), "staff", "register:write"),
    Route("/r/{reg}/privacy/journal", "staff.journal_page:page", ("GET",), "lead", "privacy:read"),
    Route("/r/{reg}/privacy/journal/check", "staff.journal_page:check", ("POST",), "lead", "privacy:read", 16 * KIB),
    Route("/r/{reg}/privacy/notice", "staff.notice_pages:page", ("GET",), "lead", "privacy:read"),
    Route("/r/{reg}/privacy/notice", "staff.notice_pages:send", ("POST",), "lead", "privacy:write", 2 * MIB),
    Route(
        "/r/{reg}/privacy/notice/file/{number:int}.yaml",
        "staff.notice_pages:file",
        ("GET",),
        "lead",
        "privacy:read",
        nobodys=True,
    ),
    Route("/r/{reg}/privacy/notice/{id:int}", "staff.notice_change:page", ("GET",), "lead", "privacy:read"),
    Route(
        "/r/{reg}/privacy/notice/{id:int}",
        "staff.notice_change:act",
        ("POST",),
        "lead",
        "privacy:write",
        16 * KIB,
        fresh="publish",
    ),
    Route("/r/{reg}/privacy/retention", "staff.retention:page", ("GET",), "lead", "privacy:read"),
    Route("/r/{reg}/privacy/retention/next", "staff.retention_rows:coming", ("GET",), "lead", "privacy:read"),
    Route("/r/{reg}/privacy/retention/tonight", "staff.retention_rows:tonight", ("GET",), "lead", "privacy:read"),
    Route("/r/{reg}/privacy/holds", "staff.holds:page", ("GET",), "lead", "privacy:read"),
    Route("/r/{reg}/privacy/holds/new", "staff.holds:new", ("GET", "POST"), "lead", "privacy:write", 16 * KIB),
    Route("/r/{reg}/privacy/holds/{id:int}", "staff.holds:act", ("POST",), "lead", "privacy:write", 16 * KIB),
    Route("/r/{reg}/privacy/requests", "staff.requests:page", ("GET",), "lead", "privacy:read"),
    Route("/r/{reg}/privacy/requests/new", "staff.requests:new", ("GET", "POST"), "lead", "privacy:write"),
    Route("/r/{reg}/privacy/requests/calendar", "staff.request_calendar:page", ("GET",), "lead", "privacy:read"),
    Route(
        "/r/{reg}/privacy/requests/calendar",
        "staff.request_calendar:change",
        ("POST",),
        "lead",
        "privacy:read",
        16 * KIB,
    ),
    Route(
        "/r/{reg}/privacy/requests/calendar.ics",
        "staff.request_calendar:file",
        ("GET",),
        "lead",
        "privacy:read",
        nobodys=True,
    ),
    Route("/calendar/{token}.ics", "staff.request_calendar:feed", ("GET",), "public", "open"),
    Route("/r/{reg}/privacy/requests/{id:int}", "staff.request_page:page", ("GET",), "lead", "privacy:read"),
    Route(
        "/r/{reg}/privacy/requests/{id:int}/answer.{form}",
        "staff.request_acts:file",
        ("GET",),
        "lead",
        "privacy:read",
        fresh="take_out",
    ),
    Route(
        "/r/{reg}/privacy/requests/{id:int}/erase",
        "staff.request_acts:erase_now",
        ("POST",),
        "lead",
        "privacy:write",
        fresh="erase",
    ),
    Route(
        "/r/{reg}/privacy/requests/{id:int}/give",
        "staff.request_acts:give",
        ("POST",),
        "lead",
        "privacy:write",
        fresh="take_out",
    ),
    Route(
        "/r/{reg}/privacy/requests/{id:int}/portable",
        "staff.request_acts:give_along",
        ("POST",),
        "lead",
        "privacy:write",
        fresh="take_out",
    ),
    Route(
        "/r/{reg}/privacy/requests/{id:int}/print",
        "staff.request_acts:on_paper",
        ("POST",),
        "lead",
        "privacy:write",
        fresh="take_out",
    ),
    Route("/r/{reg}/privacy/requests/{id:int}/{act}", "staff.request_acts:do", ("POST",), "lead", "privacy:write"),
    Route("/r/{reg}/privacy/breaches", "staff.breaches:page", ("GET",), "lead", "privacy:read"),
    Route("/r/{reg}/privacy/breaches/new", "staff.breaches:new", ("GET", "POST"), "lead", "privacy:write"),
    Route("/r/{reg}/privacy/breaches/{id:int}", "staff.breach_page:page", ("GET",), "lead", "privacy:read"),
    Route("/r/{reg}/privacy/breaches/{id:int}/edit", "staff.breaches:edit", ("GET", "POST"), "lead", "privacy:write"),
    Route(
        "/r/{reg}/privacy/breaches/{id:int}/authority",
        "staff.breach_sheets:for_authority",
        ("GET",),
        "lead",
        "privacy:read",
    ),
    Route(
        "/r/{reg}/privacy/breaches/{id:int}/letters",
        "staff.breach_sheets:letters",
        ("GET", "POST"),
        "lead",
        "privacy:write",
    ),
    Route(
        "/r/{reg}/privacy/breaches/{id:int}/letters/{lang}",
        "staff.breach_sheets:printed",
        ("GET",),
        "lead",
        "privacy:read",
    ),
    Route(
        "/r/{reg}/privacy/breaches/{id:int}/letters/tell",
        "staff.breach_sheets:tell",
        ("POST",),
        "lead",
        "privacy:write",
        fresh="tell",
    ),
    Route("/r/{reg}/privacy/breaches/{id:int}/{act}", "staff.breach_page:do", ("POST",), "lead", "privacy:write"),
    Route("/r/{reg}/privacy/disclosures", "staff.disclosures:page", ("GET",), "lead", "privacy:read"),
    Route(
        "/r/{reg}/privacy/disclosures/processors.{form}",
        "staff.disclosures:file",
        ("GET",),
        "lead",
        "privacy:read",
        nobodys=True,
    ),
    Route("/r/{reg}/privacy/disclosures/to/{key}", "staff.disclose_to:page", ("GET",), "lead", "privacy:read"),
    Route(
        "/r/{reg}/privacy/disclosures/to/{key}",
        "staff.disclose_to:send",
        ("POST",),
        "lead",
        "privacy:write",
        fresh="take_out",
    ),
    Route(
        "/r/{reg}/privacy/disclosures/agreements/{key}", "staff.agreement_page:page", ("GET",), "lead", "privacy:read"
    ),
    Route(
        "/r/{reg}/privacy/disclosures/agreements/{key}", "staff.agreement_page:save", ("POST",), "lead", "privacy:write"
    ),
    Route("/r/{reg}/privacy/disclosures/outside/new", "staff.outside:new", ("GET", "POST"), "lead", "privacy:write"),
    Route("/r/{reg}/privacy/disclosures/outside/{id:int}", "staff.outside:page", ("GET",), "lead", "privacy:read"),
    Route(
        "/r/{reg}/privacy/disclosures/outside/{id:int}/{act}",
        "staff.outside:decide",
        ("POST",),
        "lead",
        "privacy:write",
        fresh="take_out",
    ),
    Route("/r/{reg}/privacy/staff", "staff.team:page", ("GET",), "lead", "privacy:read"),
    Route("/r/{reg}/privacy/staff/new", "staff.team:new", ("GET",), "lead", "privacy:write"),
    Route(
        "/r/{reg}/privacy/staff/new", "staff.team:invite", ("POST",), "lead", "privacy:write", 16 * KIB, fresh="staff"
    ),
    Route("/r/{reg}/privacy/staff/{account}", "staff.team_member:page", ("GET",), "lead", "privacy:read"),
    Route(
        "/r/{reg}/privacy/staff/{account}/{act}",
        "staff.team_member:act",
        ("POST",),
        "lead",
        "privacy:write",
        16 * KIB,
        fresh="staff",
    ),
    Route("/r/{reg}/privacy/condition", "staff.condition:page", ("GET",), "lead", "privacy:read"),
    Route("/r/{reg}/privacy/assessments", "staff.assessments:page", ("GET",), "lead", "privacy:read"),
    Route("/r/{reg}/privacy/assessments/{sort}/{key}", "staff.assessments:one", ("GET",), "lead", "privacy:read"),
    Route("/r/{reg}/privacy/assessments/{sort}/{key}", "staff.assessments:save", ("POST",), "lead", "privacy:write"),
    Route("/r/{reg}/privacy/evidence", "staff.evidence:page", ("GET",), "lead", "privacy:read"),
    Route("/r/{reg}/privacy/evidence/sentences", "staff.sentences:page", ("GET",), "lead", "privacy:read"),
    Route(
        "/r/{reg}/privacy/evidence/pack",
        "staff.sentences:pack",
        ("POST",),
        "lead",
        "privacy:read",
        16 * KIB,
        nobodys=True,
    ),
    Route(
        "/r/{reg}/privacy/evidence/record.{form}", "staff.evidence:file", ("GET",), "lead", "privacy:read", nobodys=True
    ),
    Route("/r/{reg}/", "staff.home:page", ("GET",), "staff", "register:read"),
    Route("/r/{reg}/find", "staff.find:page", ("GET",), "staff", "register:read"),
    Route("/r/{reg}/search", "searched:search", ("POST",), "staff", "register:read", 16 * KIB),
    Route("/r/{reg}/suggest", "staff.find:suggest", ("GET", "POST"), "staff", "register:read", 16 * KIB),
    Route("/own/{reg}", "portal.entry:ask", ("GET",), "public", "open"),
    Route("/own/{reg}", "portal.entry:send", ("POST",), "public", "open", 16 * KIB),
    Route("/own/{reg}/open/{token}", "portal.entry:link", ("GET",), "public", "open"),
    Route("/own/{reg}/open/{token}", "portal.entry:open_link", ("POST",), "public", "open", 16 * KIB),
    Route("/own/{reg}/identify/{provider}", "portal.identify:start", ("GET",), "public", "open"),
    Route("/own/{reg}/unknown", "portal.unknown:page", ("GET",), "public", "open"),
    Route("/own/{reg}/unknown", "portal.unknown:send", ("POST",), "public", "open", 32 * KIB),
    Route("/identified/{provider}", "identified:back", ("GET",), "public", "open"),
    Route("/own/{reg}/who", "portal.entry:who", ("GET",), "public", "open"),
    Route("/own/{reg}/who", "portal.entry:choose", ("POST",), "public", "open", 16 * KIB),
    Route("/own/{reg}/leave", "portal.entry:leave", ("POST",), "public", "open", 16 * KIB),
    Route("/own/{reg}/home", "portal.home:page", ("GET",), "person", "own"),
    Route("/own/{reg}/data", "portal.data:page", ("GET",), "person", "own"),
    Route("/own/{reg}/data/{kind}/{id:int}/{item}", "portal.data:sealed", ("GET",), "person", "own"),
    Route("/own/{reg}/data/{kind}/{id:int}/{item}", "portal.data:reveal", ("POST",), "person", "own", 16 * KIB),
    Route("/own/{reg}/copy", "portal.copy:send", ("POST",), "person", "own", 16 * KIB),
    Route("/own/{reg}/permissions", "portal.permissions:page", ("GET",), "person", "own"),
    Route("/own/{reg}/receipts.json", "portal.permissions:receipts", ("GET",), "person", "own"),
    Route("/own/{reg}/permissions", "portal.permissions:turn_one", ("POST",), "person", "own", 16 * KIB),
    Route("/own/{reg}/object/{purpose}", "portal.permissions:ask_objection", ("GET",), "person", "own"),
    Route("/own/{reg}/object/{purpose}", "portal.permissions:raise_objection", ("POST",), "person", "own", 64 * KIB),
    Route("/own/{reg}/unsubscribe/{token}", "portal.unsubscribe:page", ("GET",), "public", "open"),
    Route("/own/{reg}/unsubscribe/{token}", "portal.unsubscribe:end", ("POST",), "public", "open", 16 * KIB, True),
    Route("/own/{reg}/requests", "portal.requests:page", ("GET",), "person", "own"),
    Route("/own/{reg}/requests/{id:int}/reply", "portal.requests:reply", ("POST",), "person", "own", 64 * KIB),
    Route("/own/{reg}/requests/{id:int}/cancel", "portal.requests:ask_cancel", ("GET",), "person", "own"),
    Route("/own/{reg}/requests/{id:int}/cancel", "portal.requests:cancel", ("POST",), "person", "own", 16 * KIB),
    Route("/own/{reg}/requests/{right}", "portal.requests:ask", ("GET",), "person", "own"),
    Route("/own/{reg}/requests/{right}", "portal.requests:send", ("POST",), "person", "own", 64 * KIB),
    Route("/own/{reg}/received", "portal.received:page", ("GET",), "person", "own"),
    Route("/own/{reg}/looked", "portal.looked:page", ("GET",), "person", "own"),
    # A kind of the notice comes after the pages with names of their own.
    Route("/r/{reg}/{kind}", "staff.lists:page", ("GET",), "staff", "register:read"),
    Route("/r/{reg}/{kind}/{id:int}", "staff.detail:page", ("GET",), "staff", "register:read"),
    Route("/r/{reg}/{kind}/{id:int}/record", "staff.composer:record", ("POST",), "staff", "register:write", 64 * KIB),
    Route("/r/{reg}/{kind}/{id:int}/said", "staff.said:say", ("POST",), "staff", "register:write", 16 * KIB),
    Route("/r/{reg}/{kind}/{id:int}/permissions", "staff.permissions:page", ("GET",), "staff", "register:read"),
    Route(
        "/r/{reg}/{kind}/{id:int}/permissions", "staff.permissions:say", ("POST",), "staff", "register:write", 64 * KIB
    ),
    Route(
        "/r/{reg}/{kind}/{id:int}/permissions/receipts.json",
        "staff.permissions:receipts",
        ("GET",),
        "staff",
        "register:read",
        fresh="take_out",
    ),
    Route("/r/{reg}/{kind}/{id:int}/permissions/consent", "staff.consent:page", ("GET",), "staff", "register:write"),
    Route(
        "/r/{reg}/{kind}/{id:int}/permissions/consent",
        "staff.consent:record",
        ("POST",),
        "staff",
        "register:write",
        16 * KIB,
    ),
    Route("/r/{reg}/{kind}/{id:int}/left", "staff.ended:left", ("POST",), "staff", "register:write", 16 * KIB),
    Route("/r/{reg}/{kind}/{id:int}/done", "staff.todo:done", ("POST",), "staff", "register:write", 16 * KIB),
    Route("/r/{reg}/{kind}/{id:int}/take", "staff.todo:take", ("POST",), "staff", "register:write", 16 * KIB),
    Route("/r/{reg}/{kind}/{id:int}/reveal/{item}", "staff.reveal:page", ("GET",), "staff", "register:read"),
    Route("/r/{reg}/{kind}/{id:int}/reveal/{item}", "staff.reveal:show", ("POST",), "staff", "register:read", 16 * KIB),
)

MOUNTS: tuple[Mount, ...] = (Mount("/api", "api.app:make_api", "api", "api"),)
