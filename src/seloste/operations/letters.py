"""Every letter that the product writes: who makes it, and who is told what became of it."""

from __future__ import annotations

from collections.abc import Mapping

from seloste.operations.accounts import invite, tell
from seloste.operations.breaches import letter as breaches
from seloste.operations.mail import changed
from seloste.operations.mail.sender import Maker, Settler
from seloste.operations.notices import tell as notices
from seloste.operations.permissions import letters as permissions
from seloste.operations.portal import letters as portal
from seloste.operations.rights import mails, remind
from seloste.operations.running import canary

LETTERS: Mapping[str, Maker] = {
    **portal.LETTERS,
    **permissions.LETTERS,
    **changed.LETTERS,
    **mails.MAKERS,
    **remind.MAKERS,
    **notices.LETTERS,
    **breaches.LETTERS,
    **canary.LETTERS,
    **invite.LETTERS,
    **tell.LETTERS,
}
SETTLERS: Mapping[str, Settler] = {**mails.SETTLERS, **canary.SETTLERS}
