"""Plugins: chosen by configuration, found in installed packages, missing ones named."""

import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from keheng.kernel import demo_plugin, panels, plugins
from keheng.kernel.messenger import MESSENGER, FileMessenger
from keheng.kernel.plugins import NoProviderError, Point, chosen, declare, load_installed, problems, provide


@pytest.fixture(autouse=True)
def own_registries(monkeypatch):
    for module, name in ((plugins, "_points"), (plugins, "_factories"), (panels, "_panels")):
        monkeypatch.setattr(module, name, dict(getattr(module, name)))
    monkeypatch.delenv("KEHENG_PLUGINS", raising=False)
    load_installed.cache_clear()
    yield
    load_installed.cache_clear()


def installed(monkeypatch, *entries):
    monkeypatch.setattr(plugins, "entry_points", lambda group: [EntryPoint(name, value, group) for name, value in entries])


def test_by_default_messages_go_to_files(settings, tmp_path):
    settings.FILES_FOLDER = tmp_path / "files"
    messenger = chosen(MESSENGER)
    first, second = messenger.send("13800000000", "您的办件已受理"), messenger.send("a@yunling.example", "已办结")
    assert isinstance(messenger, FileMessenger)
    assert first != second
    told = json.loads((tmp_path / "messages" / f"{first}.json").read_text(encoding="utf-8"))
    assert (told["to"], told["text"], sorted(told)) == ("13800000000", "您的办件已受理", ["at", "text", "to"])
    assert len(list((tmp_path / "messages").iterdir())) == 2
    assert list(problems()) == []


def test_a_provider_of_an_installed_package_can_be_chosen(monkeypatch):
    installed(monkeypatch, ("demo", "keheng.kernel.demo_plugin:register"))
    monkeypatch.setenv("KEHENG_PLUGINS", " messenger = memory ,")
    before = len(demo_plugin.memory_messenger().sent)
    assert chosen(MESSENGER).send("1", "x") == str(before + 1)
    assert demo_plugin.memory_messenger().sent[-1] == ("1", "x")
    assert ("demo.greeting" in panels._panels, list(problems())) == (True, [])


def test_missing_and_broken_providers_are_named(monkeypatch, caplog):
    installed(monkeypatch, ("gone", "no_such_module:register"), ("empty", "keheng.kernel.plugins:GROUP"))
    monkeypatch.setenv("KEHENG_PLUGINS", "messenger=pigeon,nowhere=x")
    with pytest.raises(NoProviderError, match="no provider pigeon for messenger"):
        chosen(MESSENGER)
    said = list(problems())
    assert [sentence.split("：")[0] for sentence in said] == [
        "插件 gone 无法加载", "插件 empty 无法加载", "KEHENG_PLUGINS 选择了不存在的插件点", "插件点 messenger 不可用",
    ]  # fmt: skip
    assert said[2].startswith("KEHENG_PLUGINS 选择了不存在的插件点：nowhere ")


def test_a_provider_must_do_what_the_point_asks_for(monkeypatch):
    provide(MESSENGER, "dumb", object)
    monkeypatch.setenv("KEHENG_PLUGINS", "messenger=dumb")
    with pytest.raises(NoProviderError, match="does not do"):
        chosen(MESSENGER)


def test_names_are_taken_once():
    declare(MESSENGER)
    with pytest.raises(ValueError, match="declared twice"):
        declare(Point("messenger", str, "file"))
    provide(MESSENGER, "x", FileMessenger)
    with pytest.raises(ValueError, match="registered twice"):
        provide(MESSENGER, "x", demo_plugin.MemoryMessenger)


def test_the_demo_plugin_stands_where_its_docstring_says():
    assert EntryPoint("demo", "keheng.kernel.demo_plugin:register", plugins.GROUP).load() is demo_plugin.register
    assert Path(demo_plugin.__file__).name == "demo_plugin.py"
