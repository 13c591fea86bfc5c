"""What a refusal says to whoever writes the program that was refused."""

from __future__ import annotations

DETAILS = {
    # code: what a program's maker does about it, in Finnish and English; pages speak to people instead
    "sign-in-needed": (
        "Lähetä avain otsakkeessa Authorization: Bearer AVAIN. Avaimen saa komennolla seloste key add.",
        "Send a key in the header Authorization: Bearer KEY. One is made with seloste key add.",
    ),
    "not-found": (
        "Tätä osoitetta ei ole, tai avain ei avaa tätä rekisteriä. Osoitteet: /api/REKISTERI/openapi.json.",
        "There is no such address, or the key does not open this register. Addresses: /api/REGISTER/openapi.json.",
    ),
    "not-shown": (
        "Tällaista tietuetta ei ole, tai se ei kuulu avaimen roolille.",
        "There is no such record, or it is not part of the role of this key.",
    ),
    "bad-request": (
        "Lähetä yksi JSON-olio, ja otsake Content-Type: application/json. Kentät ovat tiedostossa openapi.json.",
        "Send one JSON object, with the header Content-Type: application/json. Its fields are in openapi.json.",
    ),
    "method": (
        "Tässä osoitteessa ei ole tätä toimintoa. Osoitteet ja niiden toiminnot ovat tiedostossa openapi.json.",
        "This address does not take this method. The addresses and their methods are in openapi.json.",
    ),
    "forbidden": (
        "Avaimen roolia ei enää ole selosteessa. Tee uusi avain komennolla seloste key add.",
        "The notice no longer has the role of this key. Make a new key with seloste key add.",
    ),
}
