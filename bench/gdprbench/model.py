"""What GDPRbench stores and asks: its records, and the operations of its four roles.

The records are as its generator makes them (100,000 of them, ten for each user, values by the record's number), but for
three things, so that all layouts hold the same: what belongs to a purpose (ACL, SHR, SRC, CAT) is drawn by the purpose;
an update writes a value drawn anew, where GDPRbench writes the one that is there; TTL is a last day, not seconds.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bench.people import Population, Rows
from bench.world import BENCH, NOW

TODAY = NOW.date()
RECORDS_A_USER = 10
PURPOSES = 25
OBJECTIONS = 100
LENGTH = 100
"""Characters of a record's data."""
OF_A_PURPOSE = ("ACL", "SHR", "SRC", "CAT")
ROUND = 100
"""Operations in which the layouts take turns."""
A_DAY = 1000
"""Operations of a day, at whose end what is past its time is removed."""
FAR = 10_000
"""Days for which nine tenths of the records stay at least; the others go with the first day."""


def data_of(number: int) -> str:
    """A record's data, by its number alone."""
    return (f"{number:08d}" * (LENGTH // 8 + 1))[:LENGTH]


def last_day(number: int, today: dt.date) -> dt.date:
    """TTL: a tenth of the records lasts for a day, the others longer than any run."""
    return today + dt.timedelta(days=FAR + number % 10 if number % 10 else 0)


def of_purpose(purpose: int) -> dict[str, str]:
    return {name: f"{name.lower()}{purpose % 10}" for name in OF_A_PURPOSE}


def wide_row(number: int, users: int) -> tuple[str, ...]:
    """A record as GDPRbench's table holds it: key, PUR, TTL, USR, OBJ, DEC, ACL, SHR, SRC, CAT, data."""
    purpose, user = number % PURPOSES, number % users
    return (
        f"key{number}", f"purpose{purpose}", last_day(number, TODAY).isoformat(), f"user{user}",
        f"obj{user % OBJECTIONS}", f"dec{user % 2}", *of_purpose(purpose).values(), data_of(number),
    )  # fmt: skip


class Records(Population):
    """The same as a register of the notice beside this file. ``people`` are GDPRbench's users."""

    register = "gdprbench"
    notice = BENCH / "gdprbench" / "notice.yaml"

    def kinds(self) -> Iterator[Rows]:
        names = ("id", "name", "access", "shared", "origin", "category", "sys_source")
        yield Rows(
            "activity",
            names,
            [(n + 1, f"purpose{n}", *of_purpose(n).values(), "own_records") for n in range(PURPOSES)],
        )
        users = range(self.people)
        yield Rows(
            "person",
            ("id", "last_name", "objects_to", "sys_source"),
            [(u + 1, f"user{u}", f"obj{u % OBJECTIONS}", "subject") for u in users],
        )
        yield Rows(
            "record",
            ("id", "person", "activity", "data", "ends_on", "sys_source"),
            [
                (n + 1, n % self.people + 1, n % PURPOSES + 1, data_of(n), last_day(n, TODAY).isoformat(), "subject")
                for n in range(self.people * RECORDS_A_USER)
            ],
        )
        against = [u for u in users if not u % 2]
        yield Rows(
            "objection",
            ("id", "person", "purpose", "state", "raised_at", "sys_source"),
            [(n, u + 1, "decisions", "pending", "2026-11-02T10:00:00Z", "subject") for n, u in enumerate(against, 1)],
        )


class ByHandRecords(Records):
    """The same once more: what is written by hand goes there."""

    register = "gdprbench_by_hand"


class LawfulRecords(Records):
    """And once more: what is written by hand there leaves behind what it must."""

    register = "gdprbench_lawful"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: a verb of ``VERBS`` and what it is about. ``value`` is what is written; ``field`` where."""

    verb: str
    record: int = 0
    user: int = 0
    purpose: int = 0
    field: str = ""
    value: str = ""
    new: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Of a record that is created: its metadata by GDPRbench's names."""
    day: dt.date = TODAY
    """The day it happens."""


VERBS = (
    "create", "delete_user", "delete_key",
    "data_key", "data_user", "data_purpose", "data_objection", "data_decisions",
    "meta_key", "meta_user", "meta_purpose",
    "update_data", "set_key", "set_user", "set_purpose", "set_shared",
    "logs", "gone",
)  # fmt: skip

# The shares of each verb. "paper": as in the article, by the shares that a later fork of its program gives again.
# "head": the workload files of the program as it was last published (94d399c; the regulator's of c081f3b).
MIXES: Mapping[tuple[str, str], tuple[str, Mapping[str, float]]] = {
    ("paper", "controller"): ("uniform", {
        "create": 0.25, "delete_user": 0.25, "set_purpose": 0.17, "set_user": 0.17, "set_shared": 0.16,
    }),
    ("paper", "customer"): ("zipf", {
        "data_user": 0.2, "meta_key": 0.2, "update_data": 0.2, "set_key": 0.2, "delete_key": 0.2,
    }),
    ("paper", "processor"): ("zipf", {
        "data_key": 0.8, "data_purpose": 0.07, "data_objection": 0.07, "data_decisions": 0.06,
    }),
    ("paper", "regulator"): ("zipf", {"meta_user": 0.46, "logs": 0.31, "gone": 0.23}),
    ("head", "controller"): ("uniform", {
        "set_purpose": 0.25, "set_user": 0.25, "delete_key": 0.25, "create": 0.25,
    }),
    ("head", "customer"): ("zipf", {
        "data_key": 0.2, "meta_purpose": 0.1, "meta_user": 0.1, "update_data": 0.2, "set_purpose": 0.1,
        "set_user": 0.1, "delete_key": 0.2,
    }),
    ("head", "processor"): ("uniform", {"data_key": 0.2, "meta_purpose": 0.4, "meta_user": 0.4}),
    ("head", "regulator"): ("zipf", {"meta_user": 0.5, "logs": 0.5}),
}  # fmt: skip


class State:
    """Who and what is there, as far as whoever asks has to know it: a record that is made carries what holds then."""

    def __init__(self, users: int) -> None:
        self.initial = self.users = users
        self.whose = {n: n % users for n in range(users * RECORDS_A_USER)}
        self.records = set(self.whose)
        self.theirs: dict[int, set[int]] = {}
        for number, user in self.whose.items():
            self.theirs.setdefault(user, set()).add(number)
        self.keys = len(self.records)
        self.objection = {u: f"obj{u % OBJECTIONS}" for u in range(users)}
        self.decision = {u: f"dec{u % 2}" for u in range(users)}
        self.purposes = [of_purpose(n) for n in range(PURPOSES)]
        self.last = {n: last_day(n, TODAY) for n in self.records}
        self.purpose = {n: n % PURPOSES for n in self.records}

    def drop(self, number: int) -> None:
        """A record is gone, and who had no other."""
        user = self.whose[number]
        if number in self.records:
            self.records.discard(number)
            self.theirs[user].discard(number)
            if not self.theirs[user]:
                del self.theirs[user]

    def expire(self, today: dt.date) -> None:
        for number in [n for n in self.records if self.last[n] < today]:
            self.drop(number)


class Workload:
    """The operations of one role, the same for every layout, day by day."""

    def __init__(self, state: State, mix: tuple[str, str], seed: int) -> None:
        how, self._shares = MIXES[mix]
        self._state = state
        self._chance = random.Random(f"{mix} {seed}")
        self._numbers = sorted(state.records)
        self._chance.shuffle(self._numbers)
        weights = (1 / (rank**0.99) if how == "zipf" else 1.0 for rank in range(1, len(self._numbers) + 1))
        self._weights = list(accumulate(weights))

    def rounds(self, first: dt.date, operations: int) -> Iterator[tuple[dt.date, bool, Sequence[Operation]]]:
        """(day, whether the day ends with it, operations) of one round after another."""
        for start in range(0, operations, ROUND):
            day = first + dt.timedelta(days=start // A_DAY)
            end = min(start + ROUND, operations)
            ends = end % A_DAY == 0 or end == operations
            yield day, ends, [self._operation(day) for _ in range(start, end)]
            if ends:
                self._state.expire(day + dt.timedelta(days=1))

    def _operation(self, day: dt.date) -> Operation:
        chance, state = self._chance, self._state
        verb = chance.choices(list(self._shares), list(self._shares.values()))[0]
        # A record that is gone may be drawn; the operation then finds nothing, and is counted so.
        number = chance.choices(self._numbers, cum_weights=self._weights)[0]
        purpose, user = state.purpose[number], state.whose[number]
        plain = Operation(verb, number, user, purpose, day=day)
        writes = {
            "create": self._create, "delete_user": self._delete_user, "delete_key": self._delete_key,
            "update_data": self._update_data, "set_key": self._set_key, "set_user": self._set_user,
            "set_purpose": self._set_purpose, "set_shared": self._set_shared,
        }  # fmt: skip
        if verb in writes:
            return writes[verb](plain)
        if verb == "data_objection":
            return Operation(verb, value=f"obj{number % OBJECTIONS}", day=day)
        if verb == "logs":
            return Operation(verb, value=str(chance.randint(1, 1000)), day=day)
        return plain

    def _create(self, plain: Operation) -> Operation:
        state, number = self._state, self._state.keys
        user = number % state.initial
        if user not in state.theirs:
            # Who was erased and comes back is somebody new.
            user = state.users
            state.users += 1
            state.theirs[user] = set()
            state.objection[user], state.decision[user] = f"obj{number % OBJECTIONS}", "dec1"
        purpose = number % PURPOSES
        last = last_day(number, plain.day)
        state.keys += 1
        state.whose[number], state.purpose[number], state.last[number] = user, purpose, last
        state.records.add(number)
        state.theirs[user].add(number)
        new = {
            "TTL": last.isoformat(),
            "OBJ": state.objection[user],
            "DEC": state.decision[user],
            **state.purposes[purpose],
        }
        return Operation("create", number, user, purpose, value=data_of(number), new=new, day=plain.day)

    def _delete_user(self, plain: Operation) -> Operation:
        for number in list(self._state.theirs.get(plain.user, ())):
            self._state.drop(number)
        return plain

    def _delete_key(self, plain: Operation) -> Operation:
        self._state.drop(plain.record)
        return plain

    def _update_data(self, plain: Operation) -> Operation:
        value = data_of(self._chance.randrange(10**8))
        return Operation(plain.verb, plain.record, plain.user, plain.purpose, "DATA", value, day=plain.day)

    def _set_key(self, plain: Operation) -> Operation:
        last = plain.day + dt.timedelta(days=FAR + self._chance.randrange(1000))
        if plain.record in self._state.records:
            self._state.last[plain.record] = last
        return Operation(plain.verb, plain.record, plain.user, plain.purpose, "TTL", last.isoformat(), day=plain.day)

    def _set_user(self, plain: Operation) -> Operation:
        state = self._state
        # Of somebody who is gone nothing can be taken back.
        name = self._chance.choice(["OBJ", "DEC"]) if plain.user in state.theirs else "OBJ"
        if name == "OBJ":
            value = state.objection[plain.user] = f"obj{self._chance.randrange(OBJECTIONS)}"
        else:
            value = state.decision[plain.user] = "dec0" if state.decision[plain.user] == "dec1" else "dec1"
        return Operation(plain.verb, plain.record, plain.user, plain.purpose, name, value, day=plain.day)

    def _set_purpose(self, plain: Operation) -> Operation:
        name = self._chance.choice(OF_A_PURPOSE)
        value = self._state.purposes[plain.purpose][name] = f"{name.lower()}{self._chance.randrange(10)}"
        return Operation(plain.verb, plain.record, plain.user, plain.purpose, name, value, day=plain.day)

    def _set_shared(self, plain: Operation) -> Operation:
        """Of all records that are shared with somebody: another category."""
        shared, value = self._state.purposes[plain.purpose]["SHR"], f"cat{self._chance.randrange(10)}"
        for each in self._state.purposes:
            if each["SHR"] == shared:
                each["CAT"] = value
        return Operation("set_shared", purpose=plain.purpose, field=shared, value=value, day=plain.day)
