"""``seloste check FILE``: what is missing or wrong in a notice, and where."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli.common import lang_option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seloste.notice.check import CheckResult
    from seloste.notice.findings import Finding

WORDS = {
    "en": {"error": "error", "warning": "warning", "note": "note"},
    "fi": {"error": "virhe", "warning": "varoitus", "note": "huomautus"},
}
COUNTS = {
    "en": {"error": ("1 error", "{} errors"), "warning": ("1 warning", "{} warnings"), "note": ("1 note", "{} notes")},
    "fi": {
        "error": ("1 virhe", "{} virhettä"),
        "warning": ("1 varoitus", "{} varoitusta"),
        "note": ("1 huomautus", "{} huomautusta"),
    },
}
GOOD = {"en": "Nothing to mend.", "fi": "Ei korjattavaa."}
ACCEPTED = {
    "en": ("1 accepted with a reason", "{} accepted with a reason"),
    "fi": ("1 hyväksytty perustellen", "{} hyväksytty perustellen"),
}


@click.command(
    epilog="For example: seloste check notice.yaml. Exit codes: 0 no errors, 1 errors, 2 the file is not a notice."
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For people (text) or programs (json).",
)
@lang_option("the findings")
def check(file: Path, form: str, lang: str) -> None:
    """Check a notice FILE: each finding with its place, what is wrong, and what to write instead."""
    from seloste.notice.check import check as check_file
    from seloste.notice.findings import NoticeUnreadable

    try:
        result = check_file(file)
    except NoticeUnreadable as error:
        _write((error.finding,), form, lang)
        sys.exit(2)
    _write(result.findings, form, lang)
    if form == "text":
        click.echo(_summary(result, lang))
    sys.exit(1 if result.has_errors else 0)


def _write(findings: Iterable[Finding], form: str, lang: str) -> None:
    if form == "json":
        click.echo(json.dumps([finding.as_json(lang) for finding in findings], ensure_ascii=False, indent=2))
        return
    lines: dict[str, list[str]] = {}
    for finding in findings:
        click.echo(said(finding, lang, lines))
        click.echo()


def said(finding: Finding, lang: str, lines: dict[str, list[str]]) -> str:
    """A finding as text: place and code, the sentence, the line with a caret, and the help."""
    head = f"{finding.file}:{finding.line}:{finding.column}: {WORDS[lang][finding.severity]} {finding.code}"
    parts = [head, f"  {finding.message(lang)}"]
    if finding.file not in lines:
        lines[finding.file] = _lines(finding.file)
    if finding.line <= len(lines[finding.file]) and "\ufffd" not in lines[finding.file][finding.line - 1]:
        # A tab is shown as one space, so that the caret stands under its word.
        line = lines[finding.file][finding.line - 1].replace("\t", " ").rstrip()
        shown = line if len(line) <= 160 else line[:159] + "…"
        number = f"{finding.line:>5} | "
        parts.append(f"{number}{shown}")
        parts.append(" " * (len(number) + finding.column - 1) + "^")
    parts.append(f"  → {finding.help(lang)}")
    return "\n".join(parts)


def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
    except (OSError, ValueError):
        return []


def _summary(result: CheckResult, lang: str) -> str:
    counts = []
    for severity, (one, many) in COUNTS[lang].items():
        number = sum(finding.severity == severity for finding in result.findings)
        if number:
            counts.append(one if number == 1 else many.format(number))
    said_counts = ", ".join(counts) + "." if counts else GOOD[lang]
    if result.accepted:
        one, many = ACCEPTED[lang]
        said_counts += f" ({one if len(result.accepted) == 1 else many.format(len(result.accepted))})"
    return said_counts
