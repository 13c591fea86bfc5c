"""Numbers as they may be told to anybody: a small one could point at somebody, and is not told.

Nor may it follow from the others. Where numbers add up, a single small one is what is left of their sum; then others
are not told either (complementary suppression). Whoever reads may know how these are chosen, as it stands here. So
which one is next does not hang on how large any is, and all that is hidden of a sum adds up to so much that each small
one may be any small number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
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
    """Numbers of which those on the left add up to those on the right.

    ``spare``: those on the left are missed least, and none of them is told where any is hidden. They may be more than
    the right by what no number is of, as consents that have ended by themselves; that is hidden too.
    """

    left: tuple[Key, ...]
    right: tuple[Key, ...]
    spare: bool = False


def told(numbers: Mapping[Key, int], balances: Collection[Balance]) -> dict[Key, Count]:
    """The numbers as they may be told together: none that is small follows from the balances and the rest of them.

    Where nothing is spared, one stands for the sum of several; of these the first are left out first.
    """
    found: dict[Key, Count] = {key: coarse(number) for key, number in numbers.items()}
    while True:
        before = dict(found)
        for each in balances:
            if each.spare:
                every = (*each.left, *each.right) if len(each.left) > 1 else each.right
                beside = abs(sum(numbers[key] for key in each.left) - sum(numbers[key] for key in each.right))
                if 0 < beside < SMALLEST or any(isinstance(found[key], str) for key in every):
                    found.update(dict.fromkeys(each.left, "untold"))
            elif len(each.left) == 1:
                _hide(found, numbers, each.right, each.left)
            else:
                _hide(found, numbers, each.left, each.right)
        if found == before:
            return found


def _hide(found: dict[Key, Count], numbers: Mapping[Key, int], parts: tuple[Key, ...], total: tuple[Key, ...]) -> None:
    """Leave more of the parts untold, until their sum gives no small one."""
    if all(isinstance(found[key], int) for key in parts):
        return
    few = sum(0 < numbers[key] < SMALLEST for key in parts)
    waiting = [key for key in parts if isinstance(found[key], int)]
    while True:
        untold = sum(found[key] == "untold" for key in parts)
        added = sum(numbers[key] for key in parts if isinstance(found[key], str))
        # Then each of the small may be the largest small number, and what is untold still no small one.
        if untold and added >= few * (SMALLEST - 1) + untold * SMALLEST:
            return
        if not waiting:
            break
        found[waiting.pop(0)] = "untold"
    # Not even all of it is enough. Then none is told to be small, and where little room is left the sum is not either.
    found.update(dict.fromkeys(parts, "untold"))
    if sum(numbers[key] for key in parts) < len(parts) + SMALLEST - 1 and isinstance(found[total[0]], int):
        found.update(dict.fromkeys(total, "untold"))
