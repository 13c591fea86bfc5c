"""A notice as a document in one language, ready for a writer."""

from __future__ import annotations

from seloste.errors import SelosteError
from seloste.notice.model import Notice
from seloste.notice.render.minute import minute
from seloste.notice.render.model import Document, Section, said, together
from seloste.notice.render.purposes import purpose_sections
from seloste.notice.render.sections import object_note, other_sections
from seloste.notice.render.tell import Teller
from seloste.notice.render.wording import LANGUAGES


class NoSuchLanguage(SelosteError):  # noqa: N818 - it says what is asked for
    """The notice is not written in the language asked for."""


def build(notice: Notice, lang: str) -> Document:
    """The document of ``notice`` in ``lang``. Raises :class:`NoSuchLanguage`."""
    if lang not in notice.languages or lang not in LANGUAGES:
        known = ", ".join(one for one in notice.languages if one in LANGUAGES)
        raise NoSuchLanguage(
            f"Seloste ei ole kielellä `{lang}`. Sen kielet ovat: {known}.",
            f"The notice is not written in `{lang}`. It is written in: {known}.",
        )
    t = Teller(notice, lang)
    say, controller = t.w.say, notice.controller
    lead = say(
        "lead_processor" if controller.processor else "lead", controller=controller.name, processor=controller.processor
    )
    own = t.paragraph("introduction")
    sections = _ordered(t)
    return Document(
        lang=lang,
        register=notice.register,
        controller=controller.name,
        page=say("kind_of_page"),
        in_force=say("in_force", date=t.w.date(notice.effective)) if notice.effective else "",
        title=t.pick(notice.title),
        lead=together(said("controller", lead), own or ()),
        minute=minute(t),
        object_note=object_note(t),
        contents=say("minute.contents"),
        sections=sections,
        foot=(f"{say('controller.name')}: {controller.name}", t.contact),
    )


def _ordered(t: Teller) -> tuple[Section, ...]:
    return (*purpose_sections(t), *other_sections(t))
