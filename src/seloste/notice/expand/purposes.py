"""``purposes:`` -> Purpose: each laid over the preset of its name, with the built-in accountability added."""

from __future__ import annotations

from collections.abc import Mapping

from seloste.catalogue.model import Text
from seloste.notice.expand.context import Context, humanise
from seloste.notice.expand.keeps import read_at_most, read_keep
from seloste.notice.expand.names import one_ref, read_uses
from seloste.notice.fields import BASES, CODE_GROUNDS, CONFIRM, NATURES, PER, SENDERS, SPECIAL_GROUNDS
from seloste.notice.findings import rule
from seloste.notice.model import AtMost, Keep, Place, Purpose, Ref
from seloste.notice.parse import adds, lay_over
from seloste.notice.tree import Node, tree_of

ACCOUNTABILITY = "accountability"

UNKNOWN_PRESET = rule(
    "V06-unknown-preset",
    "error",
    en="There is no preset `{word}` to inherit from.",
    fi="Valmista tarkoitusta `{word}`, josta periä, ei ole.",
    help_en="The presets of this vocabulary are: {known}.",
    help_fi="Tämän sanaston valmiit tarkoitukset ovat: {known}.",
)
NOTHING_TO_ADD_TO = rule(
    "V07-nothing-to-add-to",
    "error",
    en="`+` adds to what a preset or a frame says of `{key}`, and there is none.",
    fi="`+` lisää siihen, mitä valmis tarkoitus tai pohja sanoo kohdasta `{key}`, eikä sellaista ole.",
    help_en="Leave out the `+`.",
    help_fi="Jätä `+` pois.",
)
BAD_CHANNEL = rule(
    "M01-channel-unknown",
    "error",
    firm=True,
    en="A marketing channel rests on `consent` or on `interest`.",
    fi="Markkinointikanava on luvan (`consent`) tai edun (`interest`) varassa.",
    help_en="Write `{{email: consent, phone: interest}}`, or a list of channels to use what the law says.",
    help_fi="Kirjoita `{{email: consent, phone: interest}}`, tai luettelo kanavista, jolloin lain taulukko ratkaisee.",
    law="Act 917/2014, section 200",
)


def read_purposes(ctx: Context, node: Node | None) -> dict[str, Purpose]:
    """All purposes, the built-in one last unless the notice names it."""
    found: dict[str, Purpose] = {}
    if node is not None and node.shape not in ("map", "nothing"):
        ctx.wrong(node, "purposes", "a mapping: a key for each purpose", "avain kullekin käyttötarkoitukselle")
        node = None
    written = dict(node.map) if node is not None and node.shape == "map" else {}
    for key, value in written.items():
        assert node is not None
        found[key] = _purpose(ctx, key, value, node.key_place(key))
    if ACCOUNTABILITY not in found:
        place = node.place if node is not None else ctx.root.place
        found[ACCOUNTABILITY] = _purpose(ctx, ACCOUNTABILITY, Node("nothing", place), place)
    return found


def _purpose(ctx: Context, key: str, written: Node, place: Place) -> Purpose:
    path = f"purposes.{key}"
    ctx.places[path] = place
    preset_key, raw = _preset(ctx, key, written)
    base = tree_of(dict(raw), place) if raw is not None else Node("map", place)
    for listed in ("uses", "borrows", "at_intake"):
        own = written.map.get(listed) if written.shape == "map" else None
        if own is not None and adds(own) and listed not in base.map:
            ctx.find(NOTHING_TO_ADD_TO, own.place, f"{path}.{listed}", key=listed)
    whole = lay_over(base, written) if written.shape in ("map", "nothing") else written
    own_keys = _written_keeps(written)
    if own_keys:
        # Where the owner names the matters, these are the matters; a preset's others would keep what he did not say.
        kept = whole.map.get("keep")
        if kept is not None and kept.shape == "map" and key != ACCOUNTABILITY:
            whole.map["keep"] = written.map["keep"]
    said = ctx.section(whole, "purpose", path)
    for name in said:
        ctx.places[f"{path}.{name}"] = whole.key_place(name)
    return _read(ctx, key, path, said, preset_key, place)


def _written_keeps(written: Node) -> bool:
    keep = written.map.get("keep") if written.shape == "map" else None
    return keep is not None and keep.shape == "map"


def _preset(ctx: Context, key: str, written: Node) -> tuple[str | None, Mapping[str, object] | None]:
    presets = ctx.vocabulary.presets
    like = written.get("like") if written.shape == "map" else None
    if like is not None:
        name = ctx.word(like, f"purposes.{key}.like") or ""
        if name not in presets:
            ctx.find(UNKNOWN_PRESET, like.place, f"purposes.{key}.like", word=name, known=", ".join(presets))
            return None, None
        return name, presets[name]
    return (key, presets[key]) if key in presets else (None, None)


def _read(ctx: Context, key: str, path: str, said: dict[str, Node], preset: str | None, place: Place) -> Purpose:
    uses = read_uses(ctx, said.get("uses"), f"{path}.uses")
    basis = ctx.choice(said.get("basis"), f"{path}.basis", BASES)
    nature = ctx.choice(said.get("is"), f"{path}.is", NATURES) or "ordinary"
    during = said.get("only_during")
    during_word = ctx.word(during, f"{path}.only_during")
    if during_word is not None and during is not None:
        ctx.known(during_word, during.place, f"{path}.only_during", ctx.kinds)
    text = ctx.text(said.get("text"), f"{path}.text")
    return Purpose(
        key=key,
        text=text or {language: humanise(key) for language in ctx.languages},
        basis=basis or "",  # type: ignore[arg-type]  # the check says it is missing; nothing is compiled from it
        nature=nature,  # type: ignore[arg-type]
        interest=ctx.text(said.get("interest"), f"{path}.interest"),
        law=tuple(word for word, _ in _laws(ctx, said.get("law"), f"{path}.law")),
        uses=uses,
        borrows=read_uses(ctx, said.get("borrows"), f"{path}.borrows"),
        keep=_of_used(read_keep(ctx, said.get("keep"), f"{path}.keep", uses), uses, place),
        at_most=_used_limits(read_at_most(ctx, said.get("at_most"), f"{path}.at_most"), uses, place),
        channels=_channels(ctx, said.get("channels"), f"{path}.channels", basis),
        senders=_senders(ctx, said.get("senders"), f"{path}.senders"),
        consent=ctx.text(said.get("consent"), f"{path}.consent"),
        lasts=ctx.period(said.get("lasts"), f"{path}.lasts"),
        confirm=ctx.choice(said.get("confirm"), f"{path}.confirm", CONFIRM),
        per=ctx.choice(said.get("per"), f"{path}.per", PER),
        only_during=during_word if during_word in ctx.kinds else None,
        longest=ctx.short_period(said.get("longest"), f"{path}.longest"),
        becomes=ctx.word(said.get("becomes"), f"{path}.becomes"),
        at_intake=_intake(ctx, said.get("at_intake"), f"{path}.at_intake"),
        needed_for=ctx.text(said.get("needed_for"), f"{path}.needed_for"),
        special=ctx.choice(said.get("special"), f"{path}.special", SPECIAL_GROUNDS),
        identity_code_ground=ctx.choice(said.get("identity_code"), f"{path}.identity_code", CODE_GROUNDS),
        profiling=ctx.text(said.get("profiling"), f"{path}.profiling"),
        balancing=ctx.text(said.get("balancing"), f"{path}.balancing"),
        text_written=text is not None,
        built_in=key == ACCOUNTABILITY,
        preset=preset,
        place=place,
    )


def _of_used(keeps: tuple[Keep, ...], uses: tuple[Ref, ...], place: Place) -> tuple[Keep, ...]:
    """Without a preset's rules for matters that the notice chose not to use, as long as one remains."""
    kinds = {ref.kind for ref in uses}
    kept = tuple(keep for keep in keeps if keep.matter in kinds or keep.base is None or keep.place != place)
    return kept or keeps


def _used_limits(limits: tuple[AtMost, ...], uses: tuple[Ref, ...], place: Place) -> tuple[AtMost, ...]:
    """Without a preset's limits on kinds that the notice chose not to use."""
    kinds = {ref.kind for ref in uses}
    return tuple(limit for limit in limits if limit.kind in kinds or limit.place != place)


def _laws(ctx: Context, node: Node | None, path: str) -> list[tuple[str, Place]]:
    """``law:`` is a citation or a list of them; of one per language the notice's first is taken."""
    if node is not None and node.shape == "map":
        text: Text | None = ctx.text(node, path)
        return [(next(iter(text.values())), node.place)] if text else []
    return ctx.words(node, path)


def _senders(ctx: Context, node: Node | None, path: str) -> tuple[str, ...]:
    found = [word for word, place in ctx.words(node, path) if ctx.known(word, place, path, SENDERS)]
    return tuple(found) or ("own",)


def _intake(ctx: Context, node: Node | None, path: str) -> tuple[Ref, ...]:
    found = []
    for word, place in ctx.words(node, path):
        if word != "+" and (ref := one_ref(ctx, word, place, path)) is not None:
            ctx.places[f"{path}.{ref}"] = place
            found.append(ref)
    return tuple(found)


def _channels(ctx: Context, node: Node | None, path: str, basis: str | None) -> dict[str, str]:
    """Channel -> consent | interest. A list takes what the law's table says; a consent purpose rests on consent."""
    if node is None or node.shape == "nothing":
        return {}
    if node.shape != "map":
        words = [(word, place) for word, place in ctx.words(node, path) if word != "+"]
        return {
            word: "consent" if basis == "consent" else default_channel(word, business=ctx.business_only)
            for word, place in words
            if ctx.known(word, place, path, ctx.vocabulary.channels)
        }
    found = {}
    for key, value in node.map.items():
        at = f"{path}.{key}"
        rests = ctx.word(value, at)
        if not ctx.known(key, node.key_place(key), path, ctx.vocabulary.channels):
            continue
        if rests not in ("consent", "interest"):
            ctx.find(BAD_CHANNEL, value.place, at)
            continue
        ctx.places[at] = value.place
        found[key] = rests
    return found


def default_channel(channel: str, *, business: bool) -> str:
    """What the law's dated table asks of marketing on a channel: ``consent`` or ``interest``.

    ``business``: the register holds only people who act for an organisation, so a named work address is meant.
    """
    from seloste.law.marketing import CHANNELS, default_basis

    known = next((name for name in CHANNELS if name == channel), None)
    # A channel the table does not know is asked for.
    return "consent" if known is None else default_basis(known, "work_address" if business else "person")
