"""Who buys: registered customers with addresses, and guests who left an email."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import NamedTuple

from msgspec.structs import replace

from omnicart_plugin.demo.identity import moment, new_id
from omnicart_plugin.demo.shop import LANDS, Land
from omnicart_plugin.medusa import wire

_REGISTERED = """
Freja|Lindholm|dk|freja.lindholm
Rasmus|Kjærgaard|dk|rasmus.k
Sofie|Thygesen|dk|sofie.thygesen
Søren|Østergaard|dk|soren.ostergaard|Kaffebar Nord ApS
Hanna|Brandt|de|hanna.brandt
Jürgen|Weiß|de|juergen.weiss
Ayşe|Çelik|de|ayse.celik
Minh Anh|Nguyễn|de|minhanh
Олена|Коваленко|de|olena.kovalenko
Λεωνίδας|Παπαδόπουλος|de|leonidas.p
Camille|Lefèvre|fr|camille.lefevre
Théo|Marchand|fr|theo.marchand|Café des Deux Rives
Inès|Benali|fr|ines.benali
ليلى|حداد|fr|leila.haddad
Bram|de Vries|nl|bram.devries
Sanne|van den Berg|nl|sanne.vdb
Kofi|Mensah|nl|kofi.mensah
Elin|Sjöström|se|elin.sjostrom
Oskar|Åkesson|se|oskar.akesson
Giulia|Ferraro|it|giulia.ferraro
Matteo|D'Angelo|it|matteo.dangelo|Bar Centrale S.r.l.
María José|Ibáñez|es|mj.ibanez
Íñigo|Etxeberria|es|inigo.etxe
Oriol|Puigdemont|es|oriol.p
Imogen|Ashworth|gb|imogen.ashworth
Callum|O'Reilly|gb|callum.oreilly
Priya|Raghunathan|gb|priya.r
Zoë|Fairweather|gb|zoe.fairweather
Grace|Whitfield|us|grace.whitfield
Marcus|Tillman|us|marcus.tillman
Guadalupe|Hernández|us|lupe.hernandez
DeShawn|Carter|us|deshawn.carter
Noa|לוי|us|noa.levi
Anjali|देसाई|us|anjali.desai
Hye-jin|박|us|hyejin.park
Wojciech|Zieliński|us|wojciech.z|Second Shift Coffee LLC
Tallulah|Begay|us|tallulah.begay
小明|陈|ca|xiaoming.chen
Amélie|Gagnon|ca|amelie.gagnon
Harpreet|Sandhu|ca|harpreet.sandhu
結衣|佐藤|jp|yui.sato
大翔|田中|jp|hiroto.tanaka
さくら|山本|jp|sakura.yamamoto
健太|小林|jp|kenta.kobayashi|喫茶 灯台
Emma|Thornbury|jp|emma.thornbury
||nl|hallo
||us|orders
"""
_GUESTS = """
Line|Holm|dk|line.holm
Mikkel|Dahl|dk|m.dahl
Anton|Krüger|de|anton.krueger
Beatrix|Nowak|de|b.nowak
Fatou|Diop|fr|fatou.diop
Lucas|Moreau|fr|lucas.moreau
Daan|Visser|nl|daan.visser
Astrid|Ek|se|astrid.ek
Chiara|Conti|it|chiara.conti
Pablo|Soler|es|pablo.soler
Rhys|Bevan|gb|rhys.bevan
Olivia|Hart|gb|olivia.hart
Tyler|Brooks|us|tyler.brooks
Mei-Ling|Wong|us|meiling.wong
Jamal|Osei|us|jamal.osei
Beth|Kowalczyk|us|beth.k
Rosa|Delgado|us|rosa.delgado
Hunter|Lachance|ca|hunter.l
Nadia|Rahman|ca|nadia.rahman
翔太|伊藤|jp|shota.ito
美咲|渡辺|jp|misaki.w
Leo|Nakamura|jp|leo.nakamura
"""
_PROVINCES = {
    "Portland": "OR",
    "Brooklyn": "NY",
    "Chicago": "IL",
    "Oakland": "CA",
    "Montréal": "QC",
    "Vancouver": "BC",
}
_MAIL = ("example.com", "example.org", "example.net")


class Person(NamedTuple):
    """``address`` is where parcels go, with the name of a guest too, whom Medusa knows by email alone."""

    customer: wire.Customer
    address: wire.Address
    land: Land
    known_days: int
    """For how long a registered customer has been one; guests may have come at any time."""


def people(today: date) -> tuple[Person, ...]:
    rnd = Random("people")  # noqa: S311 - made-up people
    rows = [(line, True) for line in _lines(_REGISTERED)] + [(line, False) for line in _lines(_GUESTS)]
    return tuple(_person(today, rnd, number, line, registered=known) for number, (line, known) in enumerate(rows))


def _lines(text: str) -> list[str]:
    return text.strip().splitlines()


def _person(today: date, rnd: Random, number: int, line: str, *, registered: bool) -> Person:
    first, last, country, mailbox, company = (part or None for part in f"{line}|".split("|")[:5])
    land = LANDS[country or ""]
    known_days = rnd.randrange(20, 400)
    address = _address(rnd, line, land)
    email = f"{mailbox}@{_MAIL[number % 3]}"
    customer = wire.Customer(
        id=new_id("cus", email),
        email=email,
        first_name=first if registered else None,
        last_name=last if registered else None,
        company_name=company,
        phone=address.phone if registered and number % 5 else None,
        has_account=registered,
        created_at=moment(today, known_days, rnd.randrange(86_400)),
        addresses=tuple(_saved(address, number)) if registered else (),
    )
    return Person(customer, address, land, known_days)


def _address(rnd: Random, line: str, land: Land) -> wire.Address:
    first, last, country, _, company = (part or None for part in f"{line}|".split("|")[:5])
    city, post = rnd.choice(land.towns)
    return wire.Address(
        first_name=first,
        last_name=last,
        company=company,
        address_1=rnd.choice(land.streets).format(rnd.randrange(1, 140)),
        address_2="3. tv." if country == "dk" else None,
        postal_code=post,
        city=city,
        province=_PROVINCES.get(city),
        country_code=country,
        phone=f"{land.dialling} {rnd.randrange(20, 99)} {rnd.randrange(100, 999)} {rnd.randrange(100, 999)}",
    )


def _saved(address: wire.Address, number: int) -> Iterator[wire.Address]:
    """Most keep one address, some none, a few a second."""
    names = ((), ("Home",), ("Home",), ("Home", "Work"))[number % 4]
    for name in names:
        yield replace(
            address,
            id=new_id("cuaddr", number, name),
            address_name=name,
            company=address.company or ("Studio 14" if name == "Work" else None),
            is_default_shipping=name == "Home",
            is_default_billing=name == "Home" and number % 3 == 0,
        )
