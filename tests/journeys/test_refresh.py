"""A page that follows what happens is loaded again by itself, and stays as it is while somebody paused it or works in it."""

WALL = "/performance/cockpit/?wall=1"


def loaded_again(page):
    """Whether the page is another one than that which was marked."""
    page.wait_for_load_state()
    return page.evaluate("() => !window.marked")


def test_the_wall_is_loaded_again_after_five_minutes_unless_it_is_paused(open_window):
    page = open_window("demo.leader")
    page.clock.install()
    page.goto(WALL)
    page.evaluate("() => { window.marked = true; }")
    page.clock.run_for(299_000)
    assert not loaded_again(page)
    with page.expect_navigation():
        page.clock.run_for(2_000)
    assert loaded_again(page)

    page.evaluate("() => { window.marked = true; }")
    pause = page.get_by_role("button", name="暂停更新")
    pause.click()
    assert pause.get_attribute("aria-pressed") == "true"
    page.clock.run_for(700_000)
    assert not loaded_again(page)
    pause.click()
    with page.expect_navigation():
        page.clock.run_for(301_000)
    assert loaded_again(page)


def test_the_wall_waits_while_somebody_is_in_it(open_window):
    page = open_window("demo.leader")
    page.clock.install()
    page.goto(WALL)
    page.evaluate("() => { window.marked = true; }")
    page.locator("main a").first.focus()
    page.clock.run_for(700_000)
    assert not loaded_again(page)
    page.evaluate("() => document.activeElement.blur()")
    with page.expect_navigation():
        page.clock.run_for(301_000)
    assert loaded_again(page)
