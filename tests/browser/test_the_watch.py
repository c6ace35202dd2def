"""The guards of this folder, seen at work on pages that are wrong on purpose."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import conftest
from tests.browser.conftest import Open, Watch
from tests.browser.test_accessibility import problems_of


def test_a_page_that_asks_another_machine_is_told_and_refused(browser: Browser) -> None:
    context, watch = browser.new_context(), Watch()
    watch.over(context)
    page = context.new_page()
    page.set_content("<img src='http://example.org/a.png' alt=''>")
    page.wait_for_load_state("networkidle")
    context.close()
    assert watch.complaints[0] == "asked another machine: http://example.org/a.png"
    assert "ERR_NAME_NOT_RESOLVED" in watch.complaints[1]


def test_an_error_in_a_script_and_one_on_the_console_are_told(browser: Browser) -> None:
    context, watch = browser.new_context(), Watch()
    watch.over(context)
    page = context.new_page()
    page.set_content("<script>console.error('no'); setTimeout(() => missing())</script>")
    page.wait_for_function("1")
    page.wait_for_timeout(50)
    context.close()
    assert watch.complaints[0] == "console: no"
    assert "missing is not defined" in watch.complaints[1]


def test_a_page_that_shuts_people_out_or_scrolls_sideways_is_told(open_window: Open) -> None:
    page = open_window()
    page.set_content(
        "<html lang='vi'><title>x</title><img src='' width='400' height='9'><p>không có chữ thay ảnh"
    )
    problems = "\n".join(problems_of(page, "wrong"))
    assert "must have alternative text" in problems
    assert "408 px wide on a screen of 320 px" in problems


def test_without_a_browser_the_tests_fail_and_say_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(conftest, "BROWSERS", (str(tmp_path / "chromium"),))
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        conftest.chromium()
