"""The choices of a form: what each end leads to, what was searched for it, and what follows from one to another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from seloste.operations.actor import Actor
from seloste.operations.records.model import NewRow
from seloste.store.registers import RegisterStore
from seloste.web.i18n import Translator, translator
from seloste.web.parts import Field
from seloste.web.registers import said
from seloste.web.staff.form_parts import Drawer, Filled, Hit, Pick
from seloste.web.staff.form_pick import Picker
from seloste.web.staff.form_plan import NEW_ROW, End, Plan
from seloste.web.staff.form_read import QUERY, Posted


class Chooser:
    """The ends of one form. ``chosen`` holds the id picked for each, by its name, or NEW_ROW."""

    def __init__(
        self, store: RegisterStore, plan: Plan, posted: Posted, lang: str, *, actor: Actor, now: dt.datetime
    ) -> None:
        self.store, self.plan, self.posted, self.lang = store, plan, posted, lang
        self.picker = Picker(store, lang, actor=actor, now=now)
        self.chosen = {end.name: self._valid(end, posted.one(end.name)) for end in plan.ends}
        self.faults: dict[str, str] = {}
        self.came_from: tuple[str, int] | None = self._came_from(posted.one("from"))
        self._hits: dict[str, tuple[Hit, ...]] = {}
        self._asked: set[str] = set()

    @property
    def back(self) -> str:
        """The page the form was opened from, when it was a row's."""
        if self.came_from is None:
            return ""
        return f"/r/{self.store.register.notice.register}/{self.came_from[0]}/{self.came_from[1]}"

    def _came_from(self, text: str) -> tuple[str, int] | None:
        kind, _, number = text.rpartition(".")
        return (kind, int(number)) if kind in self.store.register.tables and number.isdecimal() else None

    @staticmethod
    def _valid(end: End, text: str) -> str:
        return text if (text.isdecimal() and len(text) < 19) or (text == NEW_ROW and end.news) else ""

    def prefill(self, given: Mapping[str, str]) -> None:
        """Ends named in the address: ``?person=12``. A tie of the same person is chosen when there is only one."""
        for end in self.plan.ends:
            number = given.get(end.column, "")
            if not number or not self._shown(end, int(number)):
                continue
            self.chosen[end.name] = number
            self.came_from = self.came_from or (end.kind.key, int(number))
        for end in self.plan.ends:
            if self.chosen[end.name] or not end.kind.tie:
                continue
            ties = self._ties(end)
            self._hits[end.name] = ties
            if len(ties) == 1:
                self.chosen[end.name] = ties[0].value

    def _shown(self, end: End, number: int) -> bool:
        return self.picker.record(end.kind.key, number) is not None

    def _ties(self, end: End) -> tuple[Hit, ...]:
        """The ties of what another end of the same row leads to."""
        for other in self.plan.ends:
            picked = self.chosen.get(other.name, "")
            if other.part == end.part and picked.isdecimal() and other.kind.key in end.kind.of:
                return self.picker.ties_of(end.kind, other.kind.key, int(picked))
        return ()

    def search(self, name: str) -> None:
        """Look for what was typed for one end."""
        end = next((end for end in self.plan.ends if end.name == name), None)
        if end is not None:
            self._look(end)

    def _look(self, end: End) -> tuple[Hit, ...]:
        found = self.picker.search(end.kind, self.posted.one(end.name + QUERY))
        self._hits[end.name] = found
        self._asked.add(end.name)
        return found

    def settle(self, t: Translator) -> None:
        """Before storing: what was typed and not picked is taken when it can mean one row only, else asked about."""
        for end in self.plan.ends:
            query = self.posted.one(end.name + QUERY)
            if self.chosen[end.name] or not query:
                continue
            found = self._look(end)
            exact = [
                hit for hit in found if " ".join(hit.text.casefold().split()) == " ".join(query.casefold().split())
            ]
            if len(exact) == 1:
                self.chosen[end.name] = exact[0].value
            elif found:
                self.faults[end.name] = t("entry.pick_one", label=said(end.kind.label, self.lang).lower())
            elif end.news:
                self.chosen[end.name] = NEW_ROW
                self.faults[end.name] = t("entry.not_here_new")
            else:
                self.faults[end.name] = t("entry.not_here")

    def completed(self, row: NewRow) -> NewRow:
        """A row of a tie is also its person's: the person is named too where the row can name them."""
        part = self.plan.part(row.kind)
        if part is None or row.ref != part.key:
            return row
        parents = dict(row.parents)
        for end in part.ends:
            if not end.parent or end.column in parents or not end.kind.subject:
                continue
            for other in part.ends:
                picked = self.chosen.get(other.name, "")
                if other.parent and other.kind.tie and picked.isdecimal():
                    record = self.picker.record(other.kind.key, int(picked))
                    if record is not None and end.column in record.references:
                        parents[end.column] = record.references[end.column]
        return replace(row, parents=parents)

    def picks(self, errors: Mapping[str, str], texts: Mapping[str, Sequence[str]]) -> dict[str, Pick]:
        """The choices as the form shows them."""
        return {end.name: self._pick(end, errors, texts) for end in self.plan.ends}

    def _pick(self, end: End, errors: Mapping[str, str], texts: Mapping[str, Sequence[str]]) -> Pick:
        t = translator(self.lang)
        chosen = self.chosen[end.name]
        hits = self._hits.get(end.name, ())
        if chosen.isdecimal() and all(hit.value != chosen for hit in hits):
            hits = (*self.picker.by_id(end.kind, [int(chosen)]), *hits)
        label = self._label(end)
        query = self.posted.one(end.name + QUERY)
        drawer = Drawer(self.store.register, t, self.lang, Filled(texts=self._news(end, texts, query), errors=errors))
        return Pick(
            name=end.name,
            label=label,
            suggest=f"/r/{self.store.register.notice.register}/pick/{end.kind.key}",
            query=query,
            hits=hits,
            chosen=chosen,
            optional=not end.required,
            error=errors.get(end.name, ""),
            asked=end.name in self._asked,
            new_text=t("entry.new_here", what=said(end.kind.label, self.lang).lower()) if end.news else "",
            news=tuple(
                drawer.field(item, f"{end.name}.{item.key}", optional=item.key not in end.kind.title)
                for item in end.news
            ),
        )

    def _news(self, end: End, texts: Mapping[str, Sequence[str]], query: str) -> Mapping[str, Sequence[str]]:
        """What was searched for and not found is most likely the name of the new one."""
        if not end.news:
            return texts
        first = f"{end.name}.{end.news[0].key}"
        return texts if texts.get(first) or not query else {**texts, first: [query]}

    def _label(self, end: End) -> str:
        item = self.store.register.tables[end.part].kind.items.get(end.column)
        return said(item.label if item is not None else end.kind.label, self.lang)


__all__ = ["Chooser", "Field"]
