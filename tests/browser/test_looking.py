"""The looking-over of pages finds what it is there to find: each fault is planted once."""

from __future__ import annotations

import asyncio

import pytest

from tests.browser.conftest import Opening, running
from tests.browser.walker import Setting

PLANTED = {
    "sideways scroll": ("document.querySelector('main').style.minWidth = '3000px'", "scrolls sideways"),
    "a small target": ("document.querySelector('.lang').style.cssText = 'min-height:0;height:20px'", "a target of"),
    "another language": ("document.documentElement.lang = 'de'", "the page is in de"),
    "no heading": ("document.querySelector('main h1').remove()", "not exactly one h1"),
    "a text not filled in": ("document.querySelector('main h1').append('%(sum)s')", "not filled in"),
    "inline style": ("document.querySelector('main h1').setAttribute('style', 'color:red')", "inline style"),
}


@pytest.mark.parametrize(("plant", "complaint"), PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_fault_is_seen(opening: Opening, plant: str, complaint: str) -> None:
    walker = opening(Setting("en")).go("/sign-in")
    walker.page.evaluate(plant)
    walker.look()
    found, walker.faults[:] = list(walker.faults), []
    assert any(complaint in fault for fault in found), found


def test_a_request_to_another_place_and_a_script_of_the_page_are_seen(opening: Opening) -> None:
    walker = opening(Setting("ru")).go("/sign-in")
    script = """() => {
      const image = document.createElement("img");
      image.src = "http://192.0.2.1/spy.png";
      document.body.append(image);
      const script = document.createElement("script");
      script.textContent = "window.inlined = true";
      document.body.append(script);
    }"""
    with walker.page.expect_console_message(lambda told: "Content Security Policy" in told.text):
        walker.page.evaluate(script)
    found, walker.faults[:] = list(walker.faults), []
    assert any("Content Security Policy" in fault for fault in found), found
    assert not walker.page.evaluate("window.inlined === true")


def test_axe_sees_a_picture_without_words(opening: Opening) -> None:
    walker = opening(Setting("ru")).go("/sign-in")
    walker.page.evaluate("document.querySelector('main').append(new Image())")
    walker.axe()
    found, walker.faults[:] = list(walker.faults), []
    assert any("image-alt" in fault for fault in found), found


def test_an_open_browser_leaves_room_for_tests_that_run_a_loop_of_their_own(opening: Opening) -> None:
    walker = opening(Setting("ru")).go("/sign-in")
    with running(None):
        asyncio.run(asyncio.sleep(0))
    walker.go("/rules")
