"""Writes the reference of the vocabulary from the vocabulary itself: ``python -m seloste.catalogue.doc``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from seloste.catalogue.load import LANGUAGES, Vocabulary, versions, vocabulary
from seloste.catalogue.model import Item, Kind

_HEAD = """\
# The catalogue: kinds of record, their items, and the presets

Vocabulary {version}. Written by `python -m seloste.catalogue.doc`; change the YAML files under
`src/seloste/catalogue/{version}/` and write it anew. {kinds} kinds, {items} items, {presets} presets. Every name is in
Finnish, English and Swedish.

A notice names kinds and items under `uses:`, and may define more of both under `kinds:` in the same spelling; nothing
treats them differently. What no notice names has no column.

- **about**: whose a row is: a *person*'s, a *visitor*'s (a browser without a name), its *owner*'s (the person's when it
  belongs to a person, nobody's when it belongs to a company), or *nobody*'s.
- **belongs to**: the rows it hangs on. A *tie* has all of them (but those in brackets), others have at least one.
- **deed**: the item that dates a deed of the person; the latest of them is `last_contact`.
- Flags: `*` many values · `+` held only when a purpose names the item itself · `S` sensitive: encrypted, and named
  itself · `T` free text, about everybody on the row · `>` points at a person · `!` special category (Art. 9).
- An item whose type is a kind (`→ order`) points at a row of it.
- The last column is the term of the Data Privacy Vocabulary.
"""


def document(words: Vocabulary) -> str:
    """The whole reference as Markdown."""
    kinds = words.kinds
    head = _HEAD.format(
        version=words.version,
        kinds=len(kinds),
        items=sum(len(kind.items) for kind in kinds.values()),
        presets=len(words.presets),
    )
    own = [_kind(kind) for kind in kinds.values() if not kind.built_in]
    built_in = [_kind(kind) for kind in kinds.values() if kind.built_in]
    parts = [
        head,
        "## Kinds\n",
        *own,
        "## Built-in kinds\n\nIn every register, through the purpose `accountability`.\n",
        *built_in,
        "## Presets\n\nA purpose of the same name inherits what it does not say itself.\n",
        *(_preset(key, preset) for key, preset in words.presets.items()),
        *_tables(words),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _kind(kind: Kind) -> str:
    facts = [f"about {kind.about}"]
    if kind.of:
        ends = ", ".join(f"[`{end}`]" if end in kind.optional_of else f"`{end}`" for end in kind.of)
        facts.append(f"{'ties' if kind.tie else 'belongs to'} {ends}")
    if kind.act:
        facts.append(f"deed `{kind.act}`")
    if kind.dated:
        facts.append(f"dated by `{kind.dated}`")
    if kind.due:
        facts.append(f"due by `{kind.due}`")
    if kind.done:
        facts.append(f"open until `{kind.done}`")
    if kind.assigned:
        facts.append(f"assigned by `{kind.assigned}`")
    if kind.owner_item:
        facts.append(f"a person's through `{kind.owner_item}`")
    lines = [f"### `{kind.key}`: {_said(kind.plural)}\n", f"{'; '.join(facts)}.\n"]
    lines += [f"Only of one with `{end}`: {_names(items)}.\n" for end, items in kind.only_with.items()]
    lines += [f"Group `{name}`: {_names(items)}.\n" for name, items in kind.groups.items()]
    lines += _table(
        ("item", "type", "flags", *LANGUAGES, "DPV"),
        (
            (
                f"`{item.key}`",
                _type(item),
                _flags(item),
                *(item.label[language] for language in LANGUAGES),
                item.dpv or "",
            )
            for item in kind.items.values()
        ),
    )
    for item in kind.items.values():
        if item.options:
            options = ", ".join(f"`{option.key}` {option.label['en']}" for option in item.options)
            lines.append(f"`{item.key}`: {options}.\n")
    return "\n".join(lines)


def _type(item: Item) -> str:
    return f"→ `{item.refers_to}`" if item.refers_to else f"`{item.type}`"


def _flags(item: Item) -> str:
    marks = {
        "*": item.many,
        "+": item.extra,
        "S": item.sensitive,
        "T": item.free_text,
        ">": item.refers_to == "person",
        "!": item.special,
    }
    return " ".join(mark for mark, has in marks.items() if has).replace("*", "\\*").replace(">", "\\>")


def _preset(key: str, preset: Mapping[str, Any]) -> str:
    lines = [f"### `{key}`: {_said(preset['text'])}\n"]
    named = {"basis": preset["basis"], "is": preset.get("is")}
    lines += [f"- {name}: `{value}`" for name, value in named.items() if value]
    for name in ("interest", "consent", "profiling", "needed_for"):
        if name in preset:
            lines.append(f"- {name}: {preset[name]['en']}")
    if "law" in preset:
        lines.append(f"- law: {'; '.join(preset['law'])}")
    for name in ("uses", "borrows", "at_intake", "channels"):
        if name in preset:
            lines.append(f"- {name}: {_names(preset[name]) or 'named by the notice'}")
    for name in ("keep", "at_most"):
        if name in preset:
            lines.append(f"- {name}: {_rule(preset[name])}")
    for name in ("lasts", "per", "only_during", "longest", "becomes"):
        if name in preset:
            lines.append(f"- {name}: `{preset[name]}`")
    return "\n".join(lines) + "\n"


def _rule(rule: str | Mapping[str, str]) -> str:
    return f"`{rule}`" if isinstance(rule, str) else "; ".join(f"`{key}`: `{value}`" for key, value in rule.items())


def _tables(words: Vocabulary) -> Iterable[str]:
    yield "## Sources\n\nArt. 14: the person must be told, within a month, where the data came from.\n"
    yield "\n".join(
        _table(
            ("source", *LANGUAGES, "Art. 14", "public", "brings"),
            (
                (
                    *_row(key, source["text"]),
                    _yes(source["art14"]),
                    _yes(source["public"]),
                    _names(source.get("brings", ())),
                )
                for key, source in words.sources.items()
            ),
        )
    )
    yield "## Categories of people\n"
    yield "\n".join(
        _table(
            ("category", *LANGUAGES, "tie"),
            ((*_row(key, one["text"]), _tie(one)) for key, one in words.categories.items()),
        )
    )
    yield "## Security measures\n"
    yield "\n".join(
        _table(
            ("measure", *LANGUAGES, "nature"),
            ((*_row(key, one["text"]), one["nature"]) for key, one in words.security.items()),
        )
    )
    for title, section in (
        ("Never", words.never),
        ("Conditions of recipients", words.recipients_when),
        ("Channels", words.channels),
        ("Periods of the law", words.law_presets),
    ):
        yield f"## {title}\n"
        yield "\n".join(_table(("name", *LANGUAGES), (_row(key, one["text"]) for key, one in section.items())))
    yield "## Safeguards of transfers\n"
    safeguards = words.texts["safeguards"]
    yield "\n".join(_table(("name", *LANGUAGES), (_row(key, text) for key, text in safeguards.items())))


def _tie(category: Mapping[str, Any]) -> str:
    if "tie" not in category:
        return "none: requests are answered by place and time"
    through = f".{category['through']}" if "through" in category else ""
    required = "".join(f" !{end}" for end in category.get("required", ()))
    return f"`{category['tie']}{through}{required}`"


def _row(key: str, text: Mapping[str, str]) -> tuple[str, ...]:
    return (f"`{key}`", *(text[language] for language in LANGUAGES))


def _said(text: Mapping[str, str]) -> str:
    return " · ".join(text[language] for language in LANGUAGES)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(cells)} |" for cells in rows]
    return [*lines, ""]


if __name__ == "__main__":
    sys.stdout.write(document(vocabulary(versions()[-1])))
