"""People in several scripts: some with an account and addresses, some guests, some without a name."""

from dataclasses import dataclass

from .shop import Shop

_NAMES = (
    ("Ada", "Lindqvist"),
    ("Björn", "Müller"),
    ("Chloé", "Dubois"),
    ("大輝", "田中"),
    ("فاطمة", "الزهراء"),
    ("Łucja", "Przybylska"),
    ("María José", "García"),
    ("Nguyễn", "Thị Hằng"),
    ("Conan", "O'Brien"),
    ("Ольга", "Иванова"),
    ("דוד", "כהן"),
    ("สมชาย", "ใจดี"),
    ("🦊", "Fox 👩‍👩‍👧"),
    ("<b>Bold</b>", "& Sons"),
    ("Zoe\u0308", "A\u030angstro\u0308m"),
    ("M" * 300, "Long"),
)
_PASSWORD = "shopper-pass-1"


@dataclass(frozen=True)
class Person:
    """Someone who buys; `token` is there for who has an account."""

    first_name: str
    last_name: str
    email: str
    token: str | None


def invite(shop: Shop) -> list[Person]:
    people = [_person(shop, number) for number in range(30)]
    shop.admin("POST", "/admin/customers", {"email": "nameless@example.com"})
    shop.admin("POST", "/admin/customers", {"email": "office@example.com", "company_name": "Quay & Co."})
    return people


def _person(shop: Shop, number: int) -> Person:
    first, last = _NAMES[number % len(_NAMES)]
    email = f"customer{number:02d}@example.com"
    is_guest = number % 3 == 2
    person = Person(first, last, email, None if is_guest else _register(shop, first, last, email))
    for place in range(number // 3 % 3 if person.token else 0):
        _address(shop, person, place, number)
    return person


def _register(shop: Shop, first: str, last: str, email: str) -> str:
    credentials = {"email": email, "password": _PASSWORD}
    invited = shop.front("POST", "/auth/customer/emailpass/register", credentials)["token"]
    customer = {"first_name": first, "last_name": last, "email": email, "phone": "+49 40 1234"}
    shop.front("POST", "/store/customers", customer, bearer(invited))
    token: str = shop.front("POST", "/auth/customer/emailpass", credentials)["token"]
    return token


def _address(shop: Shop, person: Person, place: int, number: int) -> None:
    address = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "address_1": f"Kaistraße {number}",
        "city": "Hamburg",
        "postal_code": "20457",
        "country_code": "de",
        "address_name": ("Home", "Work")[place],
        "is_default_shipping": place == 0,
    }
    shop.front("POST", "/store/customers/me/addresses", address, bearer(person.token))


def bearer(token: str | None) -> dict[str, str]:
    return {} if token is None else {"authorization": f"Bearer {token}"}
