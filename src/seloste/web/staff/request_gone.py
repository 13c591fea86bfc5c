"""What an erasure, an objection or a withdrawal would remove and leave, shown before its button."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from seloste.operations.rights.carry_out import preview_objection, preview_withdrawal
from seloste.operations.rights.erase import Erasure, Stays, preview_erasure, proof, weighable
from seloste.operations.rights.read import open_beside
from seloste.operations.rights.word import goes_on, objectable, waiting_objections
from seloste.web.parts import Cell, Choice, Column, Field, Life, Link, Row, RowGroup, Stamp, Table
from seloste.web.staff.request_others import ActForm, Typed
from seloste.web.staff.requests import base, right_name

ENDING = ("erasure", "objection", "withdrawal")
"""Rights whose answer may remove data, and with them what another request asks for."""

GIVING = ("access", "portability")
"""Rights that can be answered only while the data are there."""


class Gone(Typed):
    """The forms of acts that remove something. Making one rehearses it."""

    opening = ""
    goes: Table | None = None
    stays: tuple[Stamp, ...] = ()
    tells: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    weighable: tuple[str, ...] = ()
    may_remove = True
    """Whether the act removes something, as far as is known before all is chosen."""

    def first(self) -> tuple[tuple[str, Link], ...]:
        """Other open requests of the person, each with what to do about it. Call it once the form is made."""
        show, found = self.show, self.found
        if not found.open or not found.identified or found.right not in ENDING:
            return ()
        return tuple(
            (
                show.t("requests.first_that" if other.right in GIVING and self.may_remove else "requests.open_too"),
                Link(text=right_name(show, other.right), href=f"{base(show)}/{other.id}"),
            )
            for other in open_beside(show.store, found, now=show.now)
        )

    def erasure(self) -> ActForm:
        show, t = self.show, self.show.t
        kept, ban = self.kept(), self.typed("ban", "keep") != "no"
        seen = preview_erasure(show.store, self.found.id, kept=kept, ban=ban, actor=show.actor, now=show.now)
        self.weighable = weighable(show.store, (*kept, *seen.upheld))
        stays = seen.stays(beside=proof(show.store))
        kinds = len({each.kind for each in stays})
        said = [t("erase.first_goes", n=seen.goes)]
        said += [t("requests.stays", n=kinds)] if kinds else []
        said += [t("requests.ban_stays")] if seen.ban_stays else []
        if not kinds:
            said.append(t("requests.no_more_stays" if seen.ban_stays else "requests.nothing_stays"))
        said += [t("erase.first_told", n=len(seen.told))] if seen.told else []
        said += [t("requests.held")] if seen.held else []
        said += [t("requests.goes_on", n=len(kept))] if kept else []
        self.opening = " ".join(said)
        self._lists(seen, stays, "end.resolved")
        fields = (*self._ban(), self.text("text", t("requests.words_to_them"), hint=t("requests.words_hint")))
        return ActForm(
            act="erase", title=t("requests.decide_erasure"), submit=t("requests.erase_act", n=seen.goes),
            fields=fields, look="erase", intro=t("requests.no_undo"), hidden=(("expected", seen.mark), *self.weighed()),
        )  # fmt: skip

    def objection(self) -> ActForm:
        show, t = self.show, self.show.t
        known, claims = show.register.purposes, t("requests.claims_hint")
        choices = tuple(
            Choice(value=key, text=show.purpose(key), hint=claims if goes_on(known[key]) else "")
            for key in objectable(show.register)
        )
        # What they objected to on their own page waits for this decision.
        waits = (
            self.several("purposes") if self.form else waiting_objections(show.store, self.found.person, now=show.now)
        )
        chosen = [each.value for each in choices if each.value in waits]
        reason = self.typed("reason").strip()
        kept = dict.fromkeys(chosen, reason) if reason else {}
        seen = preview_objection(show.store, self.found.id, chosen, kept=kept, actor=show.actor, now=show.now)
        self.opening = self._said(seen) if chosen else t("requests.choose_first")
        self.may_remove = bool(seen.goes) or not chosen
        fields = (
            Field(name="purposes", label=t("requests.objects_to"), widget="checks", shown=waits, choices=choices),
            self.text("reason", t("requests.compelling"), hint=t("requests.compelling_hint")),
            self.text("text", t("requests.words_to_them"), hint=t("requests.words_hint")),
        )  # fmt: skip
        return ActForm(
            act="object_erase" if seen.goes else "object", title=t("requests.decide_objection"), fields=fields,
            look="erase" if seen.goes else "main",
            submit=t("requests.erase_act", n=seen.goes) if seen.goes else t("requests.object_act"),
            intro=t("requests.no_undo_choice"), hidden=(("expected", seen.mark),),
            also=(("object_look", t("requests.object_look")),),
        )  # fmt: skip

    def withdrawal(self) -> ActForm:
        show, t = self.show, self.show.t
        seen = preview_withdrawal(show.store, self.found.id, actor=show.actor, now=show.now)
        self.opening = self._said(seen) if seen.withdrawn else t("requests.no_consent")
        self.may_remove = bool(seen.goes)
        fields = (self.text("text", t("requests.words_to_them"), hint=t("requests.words_hint")),)
        intro = t("requests.withdraw_intro") + (" " + t("requests.no_undo") if seen.goes else "")
        return ActForm(
            act="withdraw_erase" if seen.goes else "withdraw", title=t("requests.decide_withdrawal"),
            fields=fields, intro=intro,
            submit=t("requests.withdraw_erase_act", n=seen.goes) if seen.goes else t("requests.withdraw_act"),
            look="erase" if seen.goes else "main", hidden=(("expected", seen.mark),),
        )  # fmt: skip

    def kept(self) -> dict[str, str]:
        """Purposes that go on, each with the grounds that were weighed."""
        grounds = self.typed("grounds").strip()
        return dict.fromkeys(self.several("keep"), grounds) if grounds else {}

    def weighed(self) -> tuple[tuple[str, str], ...]:
        """The same, for the form that carries it out."""
        kept = self.kept()
        return (*(("keep", key) for key in kept), ("grounds", self.typed("grounds"))) if kept else ()

    def _said(self, seen: Erasure) -> str:
        """What goes and stays in a sentence, and the two lists of it."""
        t = self.show.t
        stays = seen.stays(beside=proof(self.show.store))
        kinds = len({each.kind for each in stays})
        said = [t("erase.first_goes", n=seen.goes) if seen.goes else t("requests.nothing_goes")]
        said += [t("requests.needed_still", n=kinds)] if kinds else []
        said += [t("requests.ban_stays")] if seen.goes and seen.ban_stays else []
        said += [t("requests.no_more_stays")] if seen.goes and not kinds else []
        said += [t("erase.first_told", n=len(seen.told))] if seen.told else []
        said += [t("requests.held")] if seen.held else []
        self._lists(seen, stays, "end.goes_on")
        return " ".join(said)

    def _lists(self, seen: Erasure, stays: tuple[Stays, ...], running: str) -> None:
        """What ends, goes, stays and is told, each as a list of its own."""
        show = self.show
        self.goes, self.tells, self.stays = self._goes(seen), seen.told, self._stays(seen, stays, running)
        self.ends = tuple(
            show.purpose(key) if count == 1 else show.t("requests.consents_to", purpose=show.purpose(key), n=count)
            for key, count in seen.ended.items()
        )

    def _ban(self) -> Iterator[Field]:
        """Where there is marketing: whether the no outlives the address."""
        show, t = self.show, self.show.t
        if any(purpose.nature == "marketing" for purpose in show.register.purposes.values()):
            choices = (
                Choice(value="keep", text=t("erase.keep_ban"), hint=t("requests.keep_ban_hint")),
                Choice(value="no", text=t("requests.no_ban"), hint=t("requests.no_ban_hint")),
            )
            yield Field(name="ban", label=t("requests.ban"), widget="radio", shown=(self.typed("ban", "keep"),),
                        choices=choices)  # fmt: skip

    def _stays(self, seen: Erasure, stays: tuple[Stays, ...], running: str) -> tuple[Stamp, ...]:
        show = self.show
        return tuple(
            Stamp(
                basis=show.register.purposes[each.purpose].basis,
                purpose=f"{show.plural(each.kind)}: {show.short(each.purpose).lower()}",
                life=self._life(each.last, running="end.held" if seen.held else running, each=each),
                law=show.teller.laws(show.register.purposes[each.purpose]) if each.law else "",
            )
            for each in stays
        )

    def _life(self, last: dt.date | None, *, running: str, each: Stays) -> Life:
        if last is not None and not each.running:
            return self.show.life("law" if each.law else "date", last)
        return Life(end="running", text=self.show.t(running))

    def _goes(self, seen: Erasure) -> Table | None:
        if not seen.gone:
            return None
        t = self.show.t
        rows = tuple(
            Row(cells=(Cell(text=self.show.label(kind)), Cell(text=self.show.f.number(count))))
            for kind, count in seen.gone.items()
        )
        columns = (Column(text=t("requests.kind")), Column(text=t("requests.items"), right=True))
        return Table(caption=t("erase.goes"), columns=columns, groups=(RowGroup(rows=rows),))
