"""Notices in prose of invented companies."""

FINNISH = """\
Tietosuojaseloste

Päivitetty 3.2.2026

1. Rekisterinpitäjä

Pyöräpaja Ketju Oy
Y-tunnus 9184206-9
Ketjukuja 1, 00100 Helsinki
tietosuoja@ketju.example

2. Mihin käytämme tietoja ja millä perusteella

Käytämme henkilötietoja seuraaviin tarkoituksiin:

- asiakassuhteen hoitaminen (oikeutettu etu: hoitaa sovitut asiat)
- tilausten käsittely ja toimitus (sopimus)
- laskutus ja kirjanpito (lakisääteinen velvoite)
- reklamaatioiden käsittely
- uutiskirjeen lähettäminen (suostumus)

3. Mitä tietoja käsittelemme

- nimi, puhelinnumero ja sähköpostiosoite
- toimitus- ja laskutusosoite
- tilaukset ja reklamaatiot
- asiointikieli

Ilman nimeä ja yhteystietoja emme voi toimittaa tilausta.

4. Mistä tiedot saadaan

Saamme tiedot sinulta itseltäsi puhelimitse ja verkkolomakkeella.

5. Tietojen luovutukset ja käsittelijät

Luovutamme toimitustiedot kuljetusyritykselle. Kirjanpitomme hoitaa tilitoimisto. Luovutamme maksamattomat laskut
perintätoimistolle. Viranomaisille annamme tietoja, kun laki siihen velvoittaa.

6. Siirrot EU:n ulkopuolelle

Emme siirrä tietoja EU:n tai ETA:n ulkopuolelle. Emme myy tietojasi emmekä profiloi sinua.

7. Säilytysajat

Laskut säilytetään kuusi vuotta, ja asiakastiedot kaksi vuotta asiakassuhteen päättymisestä.
Reklamaatiot poistetaan 12 kk kuluttua ratkaisusta.

8. Suojaus

Käyttäjillä on henkilökohtaiset tunnukset. Verkko on suojattu palomuurilla.

9. Oikeutesi

- Sinulla on oikeus tarkastaa tietosi.
- Voit pyytää virheellisen tiedon oikaisua.
- Voit pyytää tietojesi poistamista.
- Voit pyytää käsittelyn rajoittamista.
- Voit vastustaa käsittelyä.
- Voit siirtää tietosi toiselle rekisterinpitäjälle.
- Voit peruuttaa suostumuksesi milloin tahansa.
- Voit tehdä valituksen tietosuojavaltuutetulle.
"""

ENGLISH = """\
Privacy notice of the members

Controller

Ketju Cycling Club ry
Ketjukuja 1, 00100 Helsinki
office@ketju.example
Contact person: Chair

Purpose and basis of processing

We use personal data for managing memberships, organising courses and camps, and invoicing membership fees. The basis is
the membership agreement and, for the newsletter, consent. Photos are another matter.

What data we collect

  • Name, telephone number and email address
  • Date of birth
  • Member number

Sources of data

The data are obtained from the member by email and on forms.

Recipients

Members' data are shared with our bookkeeper and with authorities. Our newsletter service provider processes addresses
on our behalf.

Transfers

Addresses are transferred outside the EU under standard contractual clauses.

Retention

Membership data are kept for three years after the membership ends. Course lists are deleted 6 months after the course.
Other data are kept as long as necessary.

Your rights

You have the right to access your data. You may once a year ask for it free of charge.
Requests must be made in writing. You can have incorrect data corrected.
"""

NEGATED = """\
Tietosuojaseloste

Rekisterinpitäjä

Ketju Oy, Ketjukuja 1, 00100 Helsinki, info@ketju.example

Käsittelyn tarkoitus

Käytämme tietoja tilausten toimittamiseen. Tietoja ei käytetä markkinointiin, profilointiin eikä rekrytointiin.

Käsiteltävät tiedot

Tallennamme nimen. Emme tallenna henkilötunnusta.

Tietojen luovutukset

Tietoja ei myydä. Emme luovuta tietoja perintätoimistolle emmekä yhteistyökumppaneille.
Emme siirrä tietoja ETA:n ulkopuolelle.

Evästeet

Kohdennamme mainontaa selaimille.
"""

POOR = "Me kunnioitamme yksityisyyttäsi. Soita, jos jokin askarruttaa.\n"

GROOMER = """\
Tietosuojaseloste

Rekisterinpitäjä

Turkkisalonki Oy
Ketjukuja 1, 00100 Helsinki
tietosuoja@turkki.example

Mihin käytämme tietoja

- asiakassuhteen hoitaminen (sopimus)
- laskutus ja kirjanpito
- työhakemusten käsittely

Mitä tietoja käsittelemme

- nimi, puhelinnumero ja sähköpostiosoite
- koiran nimi, rotu ja syntymäaika
- koiran allergiat ja sairaudet
- varatut ajat
- valokuvat leikatusta turkista

Tietojen luovutukset ja käsittelijät

Sähköpostipalvelumme tiedot ovat palvelimilla Yhdysvalloissa.

Säilytysajat

Työhakemukset säilytetään 12 kuukautta.
"""

SALON = """\
Privacy notice

Controller

Coat Salon Ltd
Ketjukuja 1, 00100 Helsinki
office@coat.example

Why we use data

- looking after the customer relationship (contract)
- handling job applications

What data we collect

- name, telephone number and email address
- the dog's name, breed and date of birth
- allergies of the dog
- appointments

Recipients and processors

Our e-mail service keeps its data in the United States.

Retention

Applications are kept for 12 months.
"""
