"""The choices of a form: what each end leads to, what was searched for it, and what follows from one to another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from seloste.operations.actor import Actor
from seloste.operations.records.model import NewRow
from seloste.store.registers import RegisterStore
from seloste.web.i18n import Translator, formats, translator
from seloste.web.parts import Field
from seloste.web.registers import said
from seloste.web.staff.form_ends import NEW_ROW, End
from seloste.web.staff.form_parts import Drawer, Filled, Hit, Pick
from seloste.web.staff.form_pick import Picker
from seloste.web.staff.form_plan import Plan
from seloste.web.staff.form_read import OF, QUERY, Posted, is_number


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
        self.sealed: frozenset[str] = frozenset()
        """Ends that the row has and a guard closes: they are not shown, and stay unless others are chosen."""

    @property
    def back(self) -> str:
        """The page the form was opened from, when it was a row's."""
        if self.came_from is None:
            return ""
        return f"/r/{self.store.register.notice.register}/{self.came_from[0]}/{self.came_from[1]}"

    def _came_from(self, text: str) -> tuple[str, int] | None:
        kind, _, number = text.rpartition(".")
        return (kind, int(number)) if kind in self.store.register.tables and is_number(number) else None

    @staticmethod
    def _valid(end: End, text: str) -> str:
        return text if is_number(text) or (text == NEW_ROW and end.news) else ""

    def prefill(self, given: Mapping[str, str]) -> None:
        """Ends named in the address: ``?person=12``. The first that leads anywhere is the page that one came from.

        What the form does not ask as an owner may be pointed at: the person of a company's order. The person of a tie
        that is named follows from it.
        """
        for column, number in given.items():
            end = self._end_for(column)
            if end is None or not self._shown(end, int(number)):
                continue
            self.chosen[end.name] = number
            self.came_from = self.came_from or (end.kind.key, int(number))
        for end in self.plan.ends:
            if end.follows:
                self._follow_back(end)
                self._follow(end)

    def _end_for(self, column: str) -> End | None:
        named = next((end for end in self.plan.ends if end.column == column), None)
        pointing = (end for end in self.plan.ends if not end.parent and end.kind.subject and end.kind.key == column)
        return named or next(pointing, None)

    def _leading(self, end: End) -> End | None:
        """The subject that an end follows from."""
        return next((one for one in self.plan.ends if one.part == end.part and one.column == end.follows), None)

    def _follow_back(self, end: End) -> None:
        """A tie that is chosen says whose it is."""
        leading, picked = self._leading(end), self.chosen[end.name]
        if leading is None or self.chosen[leading.name] or not picked.isdecimal():
            return
        record = self.picker.record(end.kind.key, int(picked))
        if record is not None and leading.kind.key in record.references:
            self.chosen[leading.name] = str(record.references[leading.kind.key])

    def _follow(self, end: End) -> None:
        """The one tie of a subject that is chosen; of several the reader chooses."""
        leading = self._leading(end)
        picked = self.chosen[leading.name] if leading is not None else ""
        if leading is None or not picked.isdecimal():
            return
        ties = self.picker.ties_of(end.kind, leading.kind.key, int(picked))
        if len(ties) > 1:
            self._hits[end.name] = ties
        elif ties and not self.chosen[end.name]:
            self.chosen[end.name] = ties[0].value

    def _shown(self, end: End, number: int) -> bool:
        return self.picker.record(end.kind.key, number) is not None

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
        """Before storing: what was typed and not picked is taken when it can mean one row only, else asked about.

        Which of several ties it concerns is asked when that has not been asked yet.
        """
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
        for end in self.plan.ends:
            if end.follows:
                self._settle_tie(end, t)

    def _settle_tie(self, end: End, t: Translator) -> None:
        leading = self._leading(end)
        whose = self.chosen[leading.name] if leading is not None else ""
        record = self.picker.record(end.kind.key, int(self.chosen[end.name])) if self.chosen[end.name] else None
        if leading is not None and record is not None and str(record.references.get(leading.kind.key, "")) != whose:
            # Another person was chosen after the tie.
            self.chosen[end.name] = ""
        self._follow(end)
        asked = self.posted.has(end.name) and self.posted.one(end.name + OF) == whose
        if self._hits.get(end.name) and not self.chosen[end.name] and not asked:
            self.faults[end.name] = t("entry.which_tie")

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
        """The choices as the form shows them; a tie that follows from its person only where there are several."""
        self._offer()
        return {
            end.name: self._pick(end, errors, texts)
            for end in self.plan.ends
            if not end.follows or self._hits.get(end.name)
        }

    def _offer(self) -> None:
        """What may be pointed at is most often the owner's own: a complaint's order is an order of the same person."""
        chosen = [(end, self.chosen[end.name]) for end in self.plan.ends if end.parent]
        owners = {end.kind.key: int(number) for end, number in chosen if number.isdecimal()}
        for end, number in chosen:
            record = self.picker.record(end.kind.key, int(number)) if end.follows and number else None
            owners |= dict(record.references) if record is not None else {}
        for end in self.plan.ends:
            if end.parent or end.kind.subject or end.name in self._hits or self.chosen[end.name]:
                continue
            owner = next((kind for kind in end.kind.of if kind in owners), "")
            if owner:
                self._hits[end.name] = self.picker.newest_of(end.kind, owner, owners[owner])

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
            hint=self._hint(end),
            fixed=self._fixed(end),
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

    def _fixed(self, end: End) -> tuple[tuple[str, str], ...]:
        """For a tie of several: whose they are, so that it is asked again when the person changes."""
        leading = self._leading(end)
        return ((end.name + OF, self.chosen[leading.name]),) if end.follows and leading is not None else ()

    def _hint(self, end: End) -> str:
        t, f = translator(self.lang), formats(self.lang)
        if end.name in self.sealed:
            return t("entry.sealed")
        if not end.hint:
            return ""
        what = f.either(said(kind.label, self.lang).lower() for kind in end.hint_of)
        return t(f"entry.{end.hint}", what=what)

    def _label(self, end: End) -> str:
        item = self.store.register.tables[end.part].kind.items.get(end.column)
        return said(item.label if item is not None else end.kind.label, self.lang)


__all__ = ["Chooser", "Field"]
