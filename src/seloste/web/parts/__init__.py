"""What the parts of a page are made of: plain, frozen data that the macros of ``templates/components`` draw.

A page fills these and hands them to its template; nothing here knows a kind, a purpose or the database. Words are
already in the reader's language. A text may be ``Markup`` where a page needs a link or a bold word inside it; every
other text is escaped. A field named ``href`` is an address inside the site, ``tel:`` or ``mailto:``.
"""

from __future__ import annotations

from seloste.web.parts.basics import Act, Chip, End, Life, Link, Look, May, Stamp, Tone
from seloste.web.parts.forms import Field, Group, Widget
from seloste.web.parts.frames import Flash, Frame, Head, Language, NavGroup, NavItem, PublicFrame, Search, User
from seloste.web.parts.lists import Cell, Choice, Column, Filter, Item, Pager, Row, RowGroup, Table
from seloste.web.parts.notices import Change, Figure, Proof
from seloste.web.parts.time import Bar, Due, Event, Month
from seloste.web.parts.values import Address, Permission, Shown, Switch, Value, Why

__all__ = [
    "Act",
    "Address",
    "Bar",
    "Cell",
    "Change",
    "Chip",
    "Choice",
    "Column",
    "Due",
    "End",
    "Event",
    "Field",
    "Figure",
    "Filter",
    "Flash",
    "Frame",
    "Group",
    "Head",
    "Item",
    "Language",
    "Life",
    "Link",
    "Look",
    "May",
    "Month",
    "NavGroup",
    "NavItem",
    "Pager",
    "Permission",
    "Proof",
    "PublicFrame",
    "Row",
    "RowGroup",
    "Search",
    "Shown",
    "Stamp",
    "Switch",
    "Table",
    "Tone",
    "User",
    "Value",
    "Why",
    "Widget",
]
