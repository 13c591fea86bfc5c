"""Fields and groups of a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from seloste.web.parts.basics import Link, Stamp
from seloste.web.parts.lists import Choice

Widget = Literal[
    "text", "tel", "email", "url", "password", "date", "datetime-local", "number", "textarea", "select", "checkbox",
    "radio", "checks", "file", "hidden",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form.

    ``shown`` holds what is or was typed, one text for each input (a checkbox is on when it holds ``value``). With
    ``many`` the field repeats: the values and ``extra`` empty inputs, all of one name. ``said`` is a wording read
    aloud, in the notice's voice.
    """

    name: str
    label: str
    widget: Widget = "text"
    shown: tuple[str, ...] = ()
    value: str = "1"
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    error: str = ""
    said: str = ""
    optional: bool = False
    unmarked: bool = False
    """Its section says already that all of it is optional."""
    many: bool = False
    extra: int = 1
    half: bool = False
    short: bool = False
    readonly: bool = False
    autocomplete: str = ""
    inputmode: str = ""
    lines: int = 4
    unit: str = ""
    link: Link | None = None
    limits: tuple[tuple[Literal["min", "max", "step", "maxlength", "accept", "pattern"], str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields under one heading, with the stamp lines of what they are for in the margin."""

    title: str
    fields: tuple[Field, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    margin: str = ""
    margin_intro: str = ""
