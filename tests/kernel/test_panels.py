"""Panels: in order, for those who may see them; one that fails does not take the page with it."""

import logging

import pytest
from django.db import connection
from django.template import engines

from keheng.kernel import demo_plugin, panels
from keheng.kernel.panels import Panel, PanelPlace, panels_for, register_panel
from keheng.kernel.powers import Power, Principal, Reach

NOBODY = Principal("7")
OFFICER = Principal("8", powers=(Power("thing.view", Reach.UNIT, unit=5),))


@pytest.fixture
def empty(monkeypatch):
    monkeypatch.setattr(panels, "_panels", {})
    monkeypatch.setattr(panels, "render_to_string", lambda template, context: engines["django"].from_string(template).render(context))


def panel(code, order=1, permission=None, template="{{ n }}", context=lambda actor: {"n": actor.account}, place=PanelPlace.WORKBENCH):
    return Panel(code, place, f"panel {code}", order, permission, template, context)


def shown(actor, place=PanelPlace.WORKBENCH):
    return [(one.code, str(one.html), one.failed) for one in panels_for(place, actor)]


def test_panels_stand_in_their_order_for_those_who_may(empty):
    for one in (panel("b", 2), panel("c", 1, "thing.view"), panel("a", 2), panel("d", place=PanelPlace.UNIT)):
        register_panel(one)
    assert shown(NOBODY) == [("a", "7", False), ("b", "7", False)]
    assert shown(OFFICER) == [("c", "8", False), ("a", "8", False), ("b", "8", False)]
    assert (shown(OFFICER, PanelPlace.UNIT), shown(OFFICER, PanelPlace.COCKPIT)) == ([("d", "8", False)], [])


def test_what_a_panel_shows_is_escaped(empty):
    register_panel(panel("x", context=lambda _: {"n": "<script>"}))
    assert shown(NOBODY) == [("x", "&lt;script&gt;", False)]


def test_a_panel_that_fails_says_so_and_the_others_stand(empty, caplog):
    def broken(_actor):
        raise ZeroDivisionError("planted")

    register_panel(panel("broken", 1, context=broken))
    register_panel(panel("bad template", 2, template="{% nonsense %}"))
    register_panel(panel("sound", 3))
    with caplog.at_level(logging.ERROR):
        assert shown(NOBODY) == [("broken", "", True), ("bad template", "", True), ("sound", "7", False)]
    assert [record.getMessage() for record in caplog.records] == ["panel broken failed", "panel bad template failed"]


def test_a_panel_with_a_failing_query_leaves_the_others_their_connection(fresh, empty):
    def broken(_actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")

    def counting(_actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return {"n": cursor.fetchone()[0]}

    register_panel(panel("broken", 1, context=broken))
    register_panel(panel("sound", 2, context=counting))
    assert shown(NOBODY) == [("broken", "", True), ("sound", "1", False)]


def test_a_code_is_taken_once(empty):
    one = panel("a")
    register_panel(one)
    register_panel(one)
    with pytest.raises(ValueError, match="registered twice"):
        register_panel(panel("a", 9))


def test_the_demo_panel(monkeypatch):
    monkeypatch.setattr(panels, "_panels", {})
    register_panel(demo_plugin.PANEL)
    assert shown(NOBODY, PanelPlace.PERSONAL) == [("demo.greeting", "<p>您好，账号 7。</p>\n", False)]
