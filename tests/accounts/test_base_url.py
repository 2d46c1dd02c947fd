"""What people type as a store's address, and the one form of it that is kept."""

import pytest

from omnicart_plugin.accounts.address import AddressError, normalise


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("  https://API.Example.COM/ ", "https://api.example.com"),
        ("HTTPS://api.example.com//", "https://api.example.com"),
        ("https://api.example.com/Shop/", "https://api.example.com/Shop"),
        ("api.example.com", "https://api.example.com"),
        ("//api.example.com", "https://api.example.com"),
        ("api.example.com:9000", "https://api.example.com:9000"),
        ("https://api.example.com:443", "https://api.example.com"),
        ("http://api.example.com:80", "http://api.example.com"),
        ("https://api.example.com:80", "https://api.example.com:80"),
        ("localhost:9000", "http://localhost:9000"),
        ("shop.localhost", "http://shop.localhost"),
        ("127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("192.168.1.20", "http://192.168.1.20"),
        ("[::1]:9000", "http://[::1]:9000"),
        ("93.184.216.34", "https://93.184.216.34"),
        ("http://[0:0::1]", "http://[::1]"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_address_is_kept_in_one_form_however_it_is_typed(typed: str, kept: str) -> None:
    assert normalise(typed) == kept
    assert normalise(kept) == kept


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "Type the address"),
        ("https://" + "a" * 2000 + ".example", "too long"),
        ("https://shop .example", "no spaces"),
        ("https://shop\x00.example", "no spaces"),
        ("ftp://shop.example", "begins with https://"),
        ("javascript:alert(1)", "begins with https://"),
        ("https://ada@shop.example", "user name"),
        ("https://:secret@shop.example", "user name"),
        ("https://shop.example?x=1", "follows the ? or #"),
        ("https://shop.example?", "follows the ? or #"),
        ("https://shop.example/#", "follows the ? or #"),
        ("https://shop.example:99999", "This is not an address"),
        ("https://-.example", "This is not an address"),
        ("https://", "This is not an address"),
    ],
)
def test_what_is_no_address_is_refused_in_a_sentence_that_says_why(typed: str, word: str) -> None:
    with pytest.raises(AddressError, match=word.replace("?", r"\?")) as refused:
        normalise(typed)
    assert str(refused.value).endswith(".")
