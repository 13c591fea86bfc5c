"""Writes ``docs/reference/findings.md`` from the rules themselves: ``python -m seloste.notice.doc > FILE``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from seloste.notice.check import accept, checkers
from seloste.notice.findings import FAMILIES, RULES, Rule

HEAD = """\
# Findings

What `seloste check FILE` may find. Written by `python -m seloste.notice.doc`; change the rules under
`src/seloste/notice/` and write it anew.

A code is a letter for its family, a number, and a name; it does not change. An *error* keeps the notice from being run,
a *warning* is likely to be wrong, a *note* is worth a thought. Words in braces are filled in from the notice.

A notice may let a finding stand, with a written reason, at the end of the file:

```yaml
accept:
  - code: K09
    at: purposes.agreements
    because: Sopimuksen päättyminen kirjataan aina, kun se irtisanotaan.
```

`at` is a path of the notice; the findings under it are accepted too. What is accepted is counted, not hidden: `seloste
check` says how many. Families F and V, and rules marked *firm*, cannot be accepted: nothing could be run.
"""


def page() -> str:
    """The whole page, ending in a line break."""
    list(checkers())
    assert accept.NOT_ACCEPTABLE.code in RULES  # imported for its rules, as the checkers are
    return "\n".join([HEAD, *_families()])


def _families() -> Iterator[str]:
    for letter, (en, fi) in FAMILIES.items():
        yield f"## {letter}. {en} / {fi}\n"
        for code in sorted(RULES):
            if code.startswith(letter):
                yield from _rule(RULES[code])


def _rule(rule: Rule) -> Iterator[str]:
    yield f"### {rule.code}\n"
    facts = [rule.severity.capitalize(), *(["firm"] if rule.firm else []), *([rule.law] if rule.law else [])]
    yield f"{' · '.join(facts)}\n"
    yield f"{_plain(rule.messages['en'])} *{_plain(rule.helps['en'])}*\n"
    yield f"{_plain(rule.messages['fi'])} *{_plain(rule.helps['fi'])}*\n"


def _plain(template: str) -> str:
    """A template as it is read: what is filled in stands as a name, doubled braces as one, no suggestion."""
    filled = re.sub(r"(?<!\{)\{(near|why)\}(?!\})", lambda match: "" if match[1] == "near" else "…", template)
    return filled.replace("{{", "{").replace("}}", "}")


if __name__ == "__main__":
    sys.stdout.write(page())
