"""``cached_property`` that lets threads go on: before 3.12 Python's own holds one lock for all objects of a class.

While one person's page read what it had to under that lock, every other person's page waited. Two threads that ask the
same object at once may both make the value here; they are alike, and one of them is kept.
"""

from __future__ import annotations

import sys

if sys.version_info >= (3, 12):
    from functools import cached_property
else:
    from collections.abc import Callable
    from typing import Any, Generic, Self, TypeVar, overload

    T = TypeVar("T")

    class cached_property(Generic[T]):  # noqa: N801 - it stands for Python's own
        """A property made when first asked for, and kept with the object."""

        def __init__(self, make: Callable[[Any], T]) -> None:
            self._make = make
            self.__doc__ = make.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self._name = name

        @overload
        def __get__(self, of: None, owner: type | None = None) -> Self: ...
        @overload
        def __get__(self, of: object, owner: type | None = None) -> T: ...
        def __get__(self, of: object | None, owner: type | None = None) -> Self | T:
            if of is None:
                return self
            # It has no __set__, so what stands in the object's own names is found before it the next time.
            made = of.__dict__[self._name] = self._make(of)
            return made


__all__ = ["cached_property"]
