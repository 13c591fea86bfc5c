"""Write ``common_passwords.bin`` anew: marks of passwords that many people chose, from lists of other projects.

    python scripts/common_passwords.py DJANGO.whl ZXCVBN.whl

takes Django's ``common-passwords.txt.gz`` (BSD-3-Clause) and the passwords of zxcvbn (MIT) out of their packages as
PyPI has them. Kept are the first five bytes of the SHA-256 of each, sorted: enough to know one again, and no list to
read. Of a thousand million passwords that are in no list some thirty-five are taken for one that is.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/seloste/operations/accounts/common_passwords.bin"
SHORTEST = 5
"""Shorter ones stand in too many good passwords to say anything."""


def listed(package: Path) -> Iterator[str]:
    """The passwords in one package."""
    with zipfile.ZipFile(package) as archive:
        for name in archive.namelist():
            if name.endswith("/common-passwords.txt.gz"):
                yield from gzip.decompress(archive.read(name)).decode().splitlines()
            elif name == "zxcvbn/frequency_lists.py":
                found = re.search(r'"?passwords"?: *"([^"]*)"', archive.read(name).decode())
                yield from found[1].split(",") if found else ()


def main(packages: list[str]) -> None:
    words = {word.strip().casefold() for package in packages for word in listed(Path(package))}
    marks = {hashlib.sha256(word.encode()).digest()[:5] for word in words if len(word) >= SHORTEST}
    TARGET.write_bytes(b"".join(sorted(marks)))
    print(f"{len(marks)} passwords, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
