"""Forms, questions and what is sent: once, whole, and never lost."""

import pytest
from playwright.sync_api import Page, Route, expect

from omnicart_plugin import webos
from tests.desktop.conftest import hold
from tests.desktop.served import Served

pytestmark = pytest.mark.browser


def _calls(desk: Served) -> list[webos.ActionCall]:
    return [asked for asked in desk.library.asked if isinstance(asked, webos.ActionCall)]


def test_errors_stand_at_their_fields_and_the_first_has_the_focus(page: Page, desk: Served) -> None:
    page.goto("/?app=library&panel=join")
    page.get_by_role("button", name="Join", exact=True).click()
    address = page.get_by_label("Address")
    expect(address).to_be_focused()
    expect(address).to_have_attribute("aria-invalid", "true")
    assert _calls(desk) == []
    address.fill("east")
    page.get_by_role("textbox", name="Email").fill("no address")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Email")).to_be_focused()
    page.get_by_role("textbox", name="Email").fill("a@b.example")
    page.get_by_label("Secret word").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Secret word")).to_be_focused()
    expect(page.get_by_text("That word is wrong.")).to_be_visible()
    expect(address).to_have_value("east")


def test_two_ways_are_two_tabs_and_what_is_typed_goes_along(page: Page) -> None:
    page.goto("/?app=library&panel=join")
    page.get_by_label("Address").fill("east.example")
    page.get_by_role("tab", name="By email").press("ArrowRight")
    expect(page.get_by_role("tab", name="By card")).to_be_focused()
    expect(page.get_by_label("Card number")).to_be_visible()
    expect(page.get_by_role("textbox", name="Email")).to_have_count(0)
    expect(page.get_by_label("Address")).to_have_value("east.example")


def test_a_secret_is_hidden_until_shown(page: Page) -> None:
    page.goto("/?app=library&panel=join")
    secret = page.get_by_label("Secret word")
    expect(secret).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show what is typed").click()
    expect(secret).to_have_attribute("type", "text")


def test_the_pick_field_searches_as_one_types_and_chooses_several(page: Page, desk: Served) -> None:
    page.goto("/?app=library&panel=join")
    page.get_by_label("Address").fill("east")
    page.get_by_role("textbox", name="Email").fill("a@b.example")
    page.get_by_label("Secret word").fill("right")
    page.get_by_label("Wings").fill("solaris")
    page.locator(".picks [value='3']").check()
    page.locator(".picks [value='10']").check()
    page.get_by_label("Wings").fill("wand")
    page.locator(".picks [value='5']").check()
    page.get_by_role("button", name="Remove Solaris 10").click()
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_role("heading", name="Books")).to_be_visible()
    assert _calls(desk)[-1].inputs["wing"] == ["3", "5"]


def test_a_question_is_asked_before_and_the_same_inputs_go_again(page: Page, desk: Served) -> None:
    page.goto("/?app=library&panel=book&item=3")
    page.get_by_role("button", name="Strike off").click()
    page.get_by_label("Why").fill("torn")
    page.get_by_role("dialog").get_by_role("button", name="Strike off").click()
    question = page.get_by_role("alertdialog", name="Strike it off?")
    expect(question.get_by_role("button", name="Go back")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Why")).to_have_value("torn")
    page.get_by_role("dialog").get_by_role("button", name="Strike off").click()
    question.get_by_role("button", name="Strike off").click()
    expect(page.locator(".toast")).to_have_text("Struck off")
    expect(page.get_by_text("Lost", exact=True).first).to_be_visible()
    first, again, confirmed = _calls(desk)
    assert (confirmed.confirmed, confirmed.item_id) == (True, "3")
    assert first.inputs == again.inputs == confirmed.inputs == {"why": "torn"}
    assert len({first.request_id, again.request_id, confirmed.request_id}) == 3


def test_a_double_click_sends_once(page: Page, desk: Served) -> None:
    page.goto("/?app=library&panel=book&item=3")
    page.get_by_role("button", name="Lend").click()
    page.get_by_label("Reader").fill("Ada")
    page.get_by_role("dialog").get_by_role("button", name="Lend").dblclick()
    expect(page.locator(".toast")).to_have_count(1)
    assert len(_calls(desk)) == 1


def test_an_answer_that_was_lost_is_asked_for_again_under_the_same_id(page: Page, desk: Served) -> None:
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        lost.append((route.request.post_data_json or {})["request_id"])
        if len(lost) == 1:
            route.abort()
        else:
            route.continue_()

    page.route("**/api/action", lose_the_first)
    page.goto("/?app=library&panel=book&item=3")
    page.get_by_role("button", name="Lend").click()
    page.get_by_label("Reader").fill("Ada")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No answer")).to_be_visible()
    expect(page.get_by_label("Reader")).to_have_value("Ada")
    page.get_by_role("dialog").get_by_role("button", name="Lend").click()
    expect(page.locator(".toast")).to_have_text("Done")
    assert lost == [lost[0]] * 2
    assert _calls(desk)[0].request_id == lost[0]


def test_a_disabled_action_gives_its_reason_and_does_nothing(page: Page, desk: Served) -> None:
    page.goto("/?app=library&panel=book&item=3")
    bind = page.get_by_role("button", name="Bind")
    expect(bind).to_have_accessible_description("The binder is closed until Monday")
    page.get_by_role("button", name="Lend").focus()
    page.keyboard.press("Tab")
    expect(bind).to_be_focused()
    expect(page.locator("#tip")).to_have_text("The binder is closed until Monday")
    page.keyboard.press("Enter")
    assert _calls(desk) == []


def test_an_answer_that_comes_when_the_form_was_left_is_said_all_the_same(page: Page) -> None:
    page.goto("/?app=library&account=east&panel=book&item=1")
    page.get_by_role("button", name="Lend").click()
    page.get_by_label("Reader").fill("Ada")
    held = hold(page, "**/api/action")
    page.keyboard.press("Enter")
    expect(page.locator("form[data-busy]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    refusal = webos.encode(webos.problem("not-allowed", "It cannot be lent", "It is bound until Monday."))
    held[0].fulfill(body=refusal, content_type="application/json")
    expect(page.get_by_role("dialog", name="It cannot be lent")).to_contain_text("bound until Monday")
