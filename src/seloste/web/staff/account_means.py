"""The part of one's own account that shows by what one signs in: what there is, since when, and what to do with it."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request

from seloste.clock import from_utc_text
from seloste.operations.accounts.means import Means, means_of
from seloste.web import registers, responses, security, session
from seloste.web.i18n import formats, translator
from seloste.web.parts import Act, Chip, Field, Item

FEW = 3
"""Recovery codes left of which a new set is suggested."""


def of(request: Request) -> Means:
    """What the signed-in account has."""
    return means_of(registers.deployment(request), request.state.account.id)


def rows(request: Request, means: Means) -> tuple[Item, ...]:
    """One-time codes and recovery codes, each with its state and its button."""
    lang, now = responses.language_of(request), request.state.now
    t, hidden = translator(lang), security.hidden(request)

    def act(text: str, post: str) -> Act:
        return Act(text=text, post=post, small=True, hidden=hidden)

    found = [
        Item(
            text=t("step.codes"),
            sub=t("step.codes_since", when=_day(lang, means.codes_since, now)),
            chip=Chip(text=t("step.on"), tone="ok"),
            act=act(t("step.remove"), "/account/codes/remove"),
        )
        if means.codes_since is not None
        else Item(
            text=t("step.codes"),
            sub=t("step.codes_why"),
            act=Act(text=t("step.turn_on"), post="/account/codes", small=True, hidden=hidden),
        )
    ]
    if means.codes_since is not None:
        found.append(
            Item(text=t("step.codes_new"), sub=t("step.codes_new_why"), act=act(t("step.change"), "/account/codes"))
        )
    if means.second_step:
        few = means.recovery <= FEW
        found.append(
            Item(
                text=t("step.recovery"),
                sub=t("step.recovery_left", n=means.recovery),
                chip=Chip(text=t("step.recovery_few"), tone="soon") if few else None,
                act=act(t("step.recovery_new"), "/account/recovery"),
            )
        )
    return tuple(found)


def _day(lang: str, at: str, now: datetime) -> str:
    return formats(lang).when(from_utc_text(at), now)


def passkey_rows(request: Request, means: Means) -> tuple[Item, ...]:
    """Each passkey: its name, since when, when last used, and the ways to name and to remove it."""
    lang, now = responses.language_of(request), request.state.now
    t, hidden = translator(lang), security.hidden(request)
    return tuple(
        Item(
            text=each.name,
            href=f"/account/passkeys/{each.id}",
            sub=" · ".join(
                (
                    t("passkey.since", when=_day(lang, each.created_at, now)),
                    *((t("account.last_used", when=_day(lang, each.used_at, now)),) if each.used_at else ()),
                )
            ),
            act=Act(
                text=t("step.remove"),
                post="/account/passkeys/remove",
                small=True,
                hidden=(*hidden, ("passkey", each.id)),
            ),
        )
        for each in means.passkeys
    )


def passkey_name(request: Request) -> Field:
    """What a new passkey is called; the device in a word or two, unless one writes something else."""
    t = translator(responses.language_of(request))
    return Field(name="name", label=t("passkey.name"), shown=(session.agent_of(request),), autocomplete="off")
