"""Numbers as they may be told to anybody: a small one could point at somebody, and is not told.

Nor may it follow from the others. Where numbers add up, a single small one is what is left of their sum; then a second
one is not told either (complementary suppression).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

SMALLEST = 5
"""A count under this is told as fewer than this; none is told as none."""

Small = Literal["few", "untold"]
Count = int | Small
"""0, a number of at least SMALLEST, ``few`` for one between, or ``untold`` for any at all."""


def coarse(number: int) -> Count:
    """A number as it may be told."""
    return number if number == 0 or number >= SMALLEST else "few"


def month(day: dt.date | None) -> dt.date | None:
    """The first of a day's month: a day that a row of somebody gives is told by its month."""
    return None if day is None else dt.date(day.year, day.month, 1)


Key = tuple[str, ...]
"""What a number is of: as the facts have it, and then by what."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Numbers of which those on the left add up to those on the right."""

    left: tuple[Key, ...]
    right: tuple[Key, ...]
    spare: tuple[Key, ...] = ()
    """Those that are missed least when one more may not be told; else one of the same side."""

    def side(self, key: Key) -> tuple[Key, ...]:
        return self.left if key in self.left else self.right


def told(numbers: Mapping[Key, int], balances: Collection[Balance]) -> dict[Key, Count]:
    """The numbers as they may be told together: none that is small follows from a balance and the rest of it."""
    found: dict[Key, Count] = {key: coarse(number) for key, number in numbers.items()}
    while any(_hide(found, numbers, each) for each in balances):
        pass
    return found


def _hide(found: dict[Key, Count], numbers: Mapping[Key, int], balance: Balance) -> bool:
    """Leave more of a balance untold when what is told of it gives a hidden number; whether it did."""
    hidden = [key for key in (*balance.left, *balance.right) if isinstance(found[key], str)]
    if not any(_follows(found, numbers, balance, hidden, key) for key in hidden):
        return False
    others = [key for key in (*balance.left, *balance.right) if isinstance(found[key], int)]
    if len(hidden) == 1 and others:
        side = balance.side(hidden[0])
        rank = {key: (key not in balance.spare, key not in side, not numbers[key], numbers[key]) for key in others}
        found[min(others, key=rank.__getitem__)] = "untold"
        return True
    changed = any(found[key] != "untold" for key in hidden)
    found.update(dict.fromkeys(hidden, "untold"))
    return changed


def _follows(
    found: Mapping[Key, Count],
    numbers: Mapping[Key, int],
    balance: Balance,
    hidden: Iterable[Key],
    key: Key,
) -> bool:
    """Whether a hidden number can be but one: by its own bounds, and by those of the others that it balances."""
    sign = {each: 1 if each in balance.side(key) else -1 for each in hidden}
    total = sum(sign[each] * numbers[each] for each in sign)
    low, high = _bounds(found[key])
    least, most = float(total), float(total)
    for each, way in sign.items():
        if each != key:
            a, b = _bounds(found[each])
            least, most = (least - b, most - a) if way == 1 else (least + a, most + b)
    return min(high, most) - max(low, least) < 1


def _bounds(count: Count) -> tuple[float, float]:
    return (1, SMALLEST - 1) if count == "few" else (0, math.inf)
