"""Pages of review: each shows what its reader may see, and nothing more; what is typed wrong stays and is told at once."""

import json
import re
from dataclasses import replace

import pytest
from directory.made_up import organisation
from django.test import Client
from django.urls import reverse
from review import rounds_made_up as made

from keheng.kernel.models import AuditEntry, Job
from keheng.kernel.trail.record import Actor
from keheng.review.actions.copies import run_search
from keheng.review.actions.draws import commit_draw, reveal_draw
from keheng.review.actions.panel import state_independence
from keheng.review.actions.prints import keep_prints
from keheng.review.actions.publicity import file_objection
from keheng.review.actions.rounds import call_judges, name_observer
from keheng.review.actions.scoring import combine_round
from keheng.review.models import Objection, Round, Seat
from keheng.review.queries.results import judges_of
from keheng.review.rules.draw import redraw
from keheng.review.rules.rounds import Call

SEE, MANAGE, DECIDE, JUDGE = (
    ("review.round.see", "all"),
    ("review.round.manage", "all"),
    ("review.result.decide", "all"),
    ("review.score", "own"),
)
WATCHED = ("round", "draw", "judges", "copies", "observe")
GIVEN = {"need": "8", "novelty": "7", "plan": "6.5", "budget": "9", "comment": "依据充分"}


@pytest.fixture(autouse=True)
def _database(db):
    pass


def address(name, *args):
    return reverse(f"reviews:{name}" if name in {"list", "proof", "draw-file", "object"} else f"review:{name}", args=args)


def page(client, name, *args):
    answer = client.get(address(name, *args))
    assert answer.status_code == 200
    return answer.content.decode()


def searched(client, row):
    """The page of copies once its search was worked off: told twice to begin, it runs once."""
    assert "还没有检查过" in page(client, "copies", row.pk)
    for _ in range(2):
        client.post(reverse("review:copies", args=[row.pk]))
    search = row.searches.get()
    assert "这一轮正在检查" in page(client, "copies", row.pk)
    for _ in range(2):
        run_search(search.pk)
    search.refresh_from_db()
    assert (search.done, search.total, search.ended_at is not None) == (row.entries.count(), row.entries.count(), True)
    return page(client, "copies", row.pk)


def judged_by(client, count=3, entries=1):
    """A round under way whose first judge is the client's account; the other judges have accounts nobody uses."""
    account = client.session["_auth_user_id"]
    called = made.experts(count)
    row = made.opened(made.subjects(entries), [])
    calls = [Call(one.pk, account if not place else made.account_of(place), "技术") for place, one in enumerate(called)]
    call_judges(actor=made.ORGANISER, pk=row.pk, calls=calls)
    for one in row.panel.all():
        state_independence(actor=Actor(one.account), panelist=one.pk, agreed=True)
    commit_draw(actor=made.ORGANISER, pk=row.pk)
    reveal_draw(actor=made.ORGANISER, pk=row.pk)
    return row, Seat.objects.filter(panelist__account=account).order_by("pk")


def test_a_judge_scores_beside_the_document_and_sees_the_mean_of_their_own(visitor):
    client = visitor(JUDGE)
    row, own = judged_by(client, entries=2)
    first, second = own
    assert re.findall(r"E00\d 项目\d", page(client, "desk")) == ["E001 项目0", "E002 项目1"]
    text = page(client, "score", first.pk)
    assert ("研究内容0" in text, "data-draft" in text, 'data-weight="30"' in text) == (True, True, True)
    wrong = client.post(reverse("review:score", args=[first.pk]), {**GIVEN, "need": "11", "comment": ""})
    assert wrong.status_code == 422
    assert re.findall(r'<a href="#id_(\w+)">', wrong.content.decode()) == ["need", "comment"]
    assert 'value="6.5"' in wrong.content.decode()
    done = client.post(reverse("review:score", args=[first.pk]), GIVEN)
    assert done.url == reverse("review:score", args=[second.pk])
    assert "您已提交项目的平均分 74.50" in page(client, "score", second.pk)
    assert "已提交 74.50 分" in page(client, "score", first.pk)
    assert client.post(reverse("review:score", args=[second.pk]), GIVEN).url == reverse("review:desk")
    assert row.panel.count() == 3


def test_a_judge_sees_nothing_of_others(visitor):
    client = visitor(JUDGE)
    _, own = judged_by(client)
    others = Seat.objects.exclude(pk__in=own)
    for seat in others:
        made.hand_in(seat, 3)
    assert "30.00" not in page(client, "score", own[0].pk)
    assert [client.get(reverse("review:score", args=[seat.pk])).status_code for seat in others] == [404, 404]
    stranger = others[0].panelist
    assert [client.get(reverse(f"review:{name}", args=[stranger.pk])).status_code for name in ("state", "decline")] == [404, 404]
    assert client.get(reverse("review:round", args=[own[0].entry.round_id])).status_code == 403
    assert client.get(reverse("review:observe", args=[own[0].entry.round_id])).status_code == 404


def test_a_judge_declines_reports_and_states_on_pages(visitor):
    client = visitor(JUDGE)
    _, own = judged_by(client, count=5, entries=5)
    seat = own[0]
    answer = client.post(reverse("review:conflict", args=[seat.pk]), {"reason": ""})
    assert (answer.status_code, "没有写理由" in answer.content.decode()) == (422, True)
    client.post(reverse("review:conflict", args=[seat.pk]), {"reason": "合作者"})
    assert client.get(reverse("review:score", args=[seat.pk])).status_code == 404
    panelist = seat.panelist_id
    assert client.post(reverse("review:state", args=[panelist]), {}).status_code == 422
    assert client.post(reverse("review:state", args=[panelist]), {"agreed": "on"}).url == reverse("review:desk")
    client.post(reverse("review:decline", args=[panelist]), {"reason": "出差"})
    assert "没有评审任务" in page(client, "desk")


def test_an_organiser_takes_the_steps_and_another_publishes(visitor):
    client = visitor(SEE, MANAGE, DECIDE)
    account = client.session["_auth_user_id"]
    row = made.opened(made.subjects(2, [organisation("云岭材料研究院", 1)]), made.experts(3), quota=1)
    assert "锁定名单并公布摘要" in page(client, "round", row.pk)
    assert "没有这样的登录名" not in page(client, "observer", row.pk)
    assert client.post(reverse("review:observer", args=[row.pk]), {"login": "nobody"}).status_code == 422
    for step in ("commit", "reveal"):
        assert "不能" in page(client, "step", row.pk, step)
        assert client.post(reverse("review:step", args=[row.pk, step])).url == reverse("review:round", args=[row.pk])
    assert client.post(reverse("review:step", args=[row.pk, "combine"])).status_code == 422
    for one in row.panel.all():
        state_independence(actor=Actor(one.account), panelist=one.pk, agreed=True)
    made.scored(row, lambda seat: 9 if seat.entry.code == "E001" else 4)
    client.post(reverse("review:step", args=[row.pk, "combine"]))
    text = page(client, "round", row.pk)
    assert re.findall(r"<strong>(\d\d\.\d\d)</strong>", text) == ["90.00", "40.00"]
    Round.objects.filter(pk=row.pk).update(organiser=account)
    assert "由组织人以外的有权人员公示" in page(client, "round", row.pk)
    assert client.post(reverse("review:step", args=[row.pk, "publish"])).status_code == 422
    Round.objects.filter(pk=row.pk).update(organiser="501")
    client.post(reverse("review:step", args=[row.pk, "publish"]))
    assert client.get(reverse("review:step", args=[row.pk, "none"])).status_code == 404
    assert "项目0" in page(Client(), "list", row.pk)


def test_powers_bound_pages_and_steps(visitor):
    row = made.opened(made.subjects(1), made.experts(3))
    looking = visitor(SEE)
    assert "锁定名单并公布摘要</a>" not in page(looking, "round", row.pk)
    assert [looking.post(reverse("review:step", args=[row.pk, step])).status_code for step in ("commit", "publish")] == [403, 403]
    deciding = visitor(SEE, DECIDE, login="decider")
    assert deciding.post(reverse("review:step", args=[row.pk, "commit"])).status_code == 403
    own = visitor(("review.round.see", "own"), login="own")
    assert own.get(reverse("review:round", args=[row.pk])).status_code == 404


def test_an_observer_sees_everything_and_changes_nothing(visitor):
    row = made.opened(made.subjects(2), made.experts(3))
    watcher = visitor(login="watcher")
    name_observer(actor=made.ORGANISER, pk=row.pk, account=watcher.session["_auth_user_id"])
    half = "观察员自己想的一段长密钥"
    assert watcher.post(reverse("review:half", args=[row.pk]), {"half": "短"}).status_code == 422
    watcher.post(reverse("review:half", args=[row.pk]), {"half": half})
    commit_draw(actor=made.ORGANISER, pk=row.pk)
    assert watcher.post(reverse("review:half", args=[row.pk]), {"half": "别的"}).status_code == 422
    watcher.post(reverse("review:half", args=[row.pk]), {"half": half})
    reveal_draw(actor=made.ORGANISER, pk=row.pk)
    assert watcher.get(reverse("review:half", args=[row.pk])).status_code == 404
    for one in row.panel.all():
        state_independence(actor=Actor(one.account), panelist=one.pk, agreed=True)
    made.scored(row)
    entry = row.entries.get(code="E001")
    seen = {name: page(watcher, name, number) for name, number in [*((one, row.pk) for one in WATCHED), ("entry", entry.pk)]}
    assert seen["round"].count("50.0") == 6
    assert ("专家00" in seen["judges"], row.draws.get(number=0).digest in seen["draw"], "还没有检查过" in seen["copies"]) == (
        True,
        True,
        True,
    )
    # The opinions too, before there are results.
    assert (seen["entry"].count("依据充分"), "研究内容0" in seen["entry"]) == (3, True)
    assert [name for name, text in seen.items() if '<form method="post"' in text.split("<main")[1]] == []
    looks = [json.loads(body) for body in AuditEntry.objects.values_list("body", flat=True) if '"review.look"' in body]
    account = watcher.session["_auth_user_id"]
    assert {(one["account"], one["target"]) for one in looks} == {(account, f"review:{row.pk}")}
    assert {one["reason"] for one in looks} >= {address(name, row.pk) for name in WATCHED} | {address("entry", entry.pk)}
    seat = Seat.objects.first()
    refused = [
        watcher.post(reverse("review:step", args=[row.pk, "combine"])), watcher.post(reverse("review:further", args=[seat.entry_id])),
        watcher.post(reverse("review:score", args=[seat.pk]), GIVEN), watcher.post(reverse("review:copies", args=[row.pk])),
        watcher.get(reverse("review:rounds")),
    ]  # fmt: skip
    assert [answer.status_code for answer in refused] == [403] * 5
    other = visitor(login="other")
    assert [other.get(address(name, row.pk)).status_code for name in WATCHED] == [403, 403, 403, 403, 404]
    another = made.opened(made.subjects(1), [])
    assert [watcher.get(address(name, another.pk)).status_code for name in WATCHED] == [404] * 5


def test_an_observer_follows_copies_and_objections_and_sees_no_telephone(visitor):
    row = made.published(made.scored(made.drawn(made.subjects(2), made.experts(3), quota=2)))
    one, other = row.entries.order_by("pk")
    watcher = visitor(login="watcher")
    name_observer_late(row, watcher.session["_auth_user_id"])
    raised = file_objection(actor=Actor(""), entry=one.pk, name="钱一人", phone="19900001234", body="内容重复")
    text = page(watcher, "objection", raised.pk)
    assert ("内容重复" in text, "19900001234" in text, "data-personal" in text, "提交处理结论" in text) == (True, False, False, False)
    assert watcher.post(address("objection", raised.pk), {"upheld": "yes", "answer": "属实"}).status_code == 403
    assert raised.number in page(watcher, "round", row.pk)
    assert "研究内容1" in page(watcher, "side-by-side", row.pk, one.pk, other.pk)
    earlier = made.opened(made.subjects(1), []).entries.get()
    assert watcher.get(address("side-by-side", row.pk, one.pk, earlier.pk)).status_code == 404
    row.searches.create(by="501", at=raised.filed_at, ended_at=raised.filed_at).pairs.create(
        one=one, other=earlier, percent=60, earlier=True
    )
    assert "研究内容0" in page(watcher, "side-by-side", row.pk, one.pk, earlier.pk)


def test_opinions_are_read_by_the_office_once_there_are_results(visitor):
    row = made.drawn(made.subjects(1), made.experts(3))
    made.scored(row, lambda seat: 4 + seat.panelist_id % 3)
    client, entry = visitor(SEE), row.entries.get()
    assert f'href="{address("entry", entry.pk)}"' in page(client, "round", row.pk)
    text = page(client, "entry", entry.pk)
    assert ("依据充分" in text, "合成结果以后" in text) == (False, True)
    combine_round(actor=made.ORGANISER, pk=row.pk)
    text = page(client, "entry", entry.pk)
    rows = re.findall(r"<strong>(J00\d)</strong>.*?<strong>([\d.]+)</strong></td></tr>", text)
    assert sorted(rows) == sorted((one.panelist.code, str(one.total)) for one in Seat.objects.filter(entry=entry))
    assert re.findall(r"<dt>(J00\d) 专家0\d</dt><dd>依据充分</dd>", text) == ["J001", "J002", "J003"]
    assert re.findall(r'data-label="(创新性)"', text) == ["创新性"] * 3
    own = visitor(("review.round.see", "own"), login="own")
    assert own.get(address("entry", entry.pk)).status_code == 404
    assert visitor(JUDGE, login="judge").get(address("entry", entry.pk)).status_code == 403


def test_the_public_draw_is_a_file_that_names_nobody():
    unit = organisation("云岭材料研究院", 1)
    row = made.opened(made.subjects(2, [unit]), made.experts(4, [unit]))
    client = Client()
    assert client.get(address("proof", row.pk)).status_code == 404
    before = commit_draw(actor=made.ORGANISER, pk=row.pk)
    text = page(client, "proof", row.pk)
    assert (before.digest in text, before.own_half in text) == (True, False)
    assert client.get(address("draw-file", row.pk, 0)).status_code == 404
    reveal_draw(actor=made.ORGANISER, pk=row.pk)
    content = client.get(address("draw-file", row.pk, 0)).content.decode()
    assert redraw(json.loads(content)).holds
    assert not re.search("云岭|专家|项目", content)
    assert before.own_half in page(client, "proof", row.pk)


def test_anybody_objects_to_a_published_entry_and_it_is_decided(visitor):
    row = made.scored(made.drawn(made.subjects(2), made.experts(3)), lambda seat: 9 if seat.entry.code == "E001" else 4)
    client, best = Client(), row.entries.get(code="E001")
    assert client.get(address("list", row.pk)).status_code == 404
    made.published(row)
    assert re.findall(r"项目\d", page(client, "list", row.pk)) == ["项目0"]
    way = address("object", best.pk)
    wrong = client.post(way, {"name": "", "phone": "12", "body": "内容重复"})
    assert (wrong.status_code, "内容重复" in wrong.content.decode()) == (422, True)
    assert re.findall(r'<a href="#id_(\w+)">', wrong.content.decode()) == ["name", "phone"]
    client.post(way, {"name": "钱一人", "phone": "19900001234", "body": "内容重复"})
    assert client.get(address("object", row.entries.get(code="E002").pk)).status_code == 404
    one = Objection.objects.get()
    decider = visitor(SEE, DECIDE)
    assert one.number in page(decider, "round", row.pk)
    text = page(decider, "objection", one.pk)
    assert ("内容重复" in text, "19900001234" in text, "钱一人" in text) == (True, False, True)
    looking = visitor(SEE, login="looking")
    assert "提交处理结论" not in page(looking, "objection", one.pk)
    assert looking.post(reverse("review:objection", args=[one.pk]), {"upheld": "yes", "answer": "属实"}).status_code == 403
    assert decider.post(reverse("review:objection", args=[one.pk]), {"answer": "属实"}).status_code == 422
    decider.post(reverse("review:objection", args=[one.pk]), {"upheld": "yes", "answer": "属实"})
    assert "名单为空" in page(client, "list", row.pk)


def test_copied_passages_stand_side_by_side(visitor):
    shared = "由此可见本项目将建成覆盖全市的共享检测平台并向中小企业提供免费的技术服务"
    some = made.subjects(2)
    texts = [f"前言甲乙丙丁戊己庚辛。{shared}。", f"另有说明。{shared}！"]
    row = made.opened([type(one)(one.reference, one.title, None, text) for one, text in zip(some, texts, strict=True)], made.experts(3))
    client = visitor(SEE)
    one, other = row.entries.order_by("pk")
    assert "E001" in searched(client, row)
    assert re.findall(r"<mark><sup>(\d)</sup>(.*?)</mark>", page(client, "side-by-side", row.pk, one.pk, other.pk)) == [("1", shared)] * 2
    assert client.get(reverse("review:side-by-side", args=[row.pk, one.pk, one.pk])).status_code == 404


def test_copies_of_earlier_years_are_found(visitor, settings, tmp_path):
    settings.PRINTS_FOLDER = tmp_path / "prints"
    called, (subject,) = made.experts(3), made.subjects(1)
    text = "由此可见本项目将建成覆盖全市的共享检测平台并向中小企业提供免费的技术服务"
    before = made.opened([replace(subject, document=text)], called)
    commit_draw(actor=made.ORGANISER, pk=before.pk)
    assert json.loads(Job.objects.get(kind="review.keep_prints").payload) == {"round": before.pk}
    row = made.opened([replace(subject, document=f"第二年：{text}。")], called)
    keep_prints(before.pk)
    client = visitor(SEE)
    assert before.number in searched(client, row)
    old, new = before.entries.get(), row.entries.get()
    assert text in page(client, "side-by-side", row.pk, new.pk, old.pk).split("<mark>")[1]


def test_an_organiser_calls_experts_one_by_one(visitor):
    client = visitor(SEE, MANAGE)
    row = made.opened(made.subjects(1), made.experts(1))
    other = made.expert("孙二")
    assert re.findall(r"<option[^>]*>([^<]*)</option>", page(client, "call", row.pk)) == ["孙二（研究员）", "技术"]
    given = {"expert": str(other.pk), "login": "nobody", "kind": "技术"}
    wrong = client.post(reverse("review:call", args=[row.pk]), given)
    assert (wrong.status_code, "没有账号" in wrong.content.decode()) == (422, True)
    visitor(login="sun.er")
    client.post(reverse("review:call", args=[row.pk]), {**given, "login": "sun.er"})
    assert [line.name for line in judges_of(row)] == ["专家00", "孙二"]


@pytest.mark.parametrize("name", ["round", "draw", "judges", "observe"])
def test_pages_ask_the_same_number_of_questions_for_one_entry_and_for_three(visitor, name, django_assert_max_num_queries):
    client = visitor(SEE, MANAGE)
    pages = []
    for count in (1, 3):
        row = made.drawn(made.subjects(count), made.experts(3))
        name_observer_late(row, client.session["_auth_user_id"])
        file_objection_to(row)
        pages.append(address(name, row.pk))
    counts = []
    for one in pages:
        client.get(one)
        with django_assert_max_num_queries(30) as asked:
            client.get(one)
        counts.append(len(asked))
    # Four of them write the observer's look on the trail.
    assert counts[0] == counts[1] <= 16


def test_long_lists_are_told_in_parts(visitor, monkeypatch):
    monkeypatch.setattr("keheng.review.views.organising.A_PAGE", 2)
    client = visitor(SEE)
    row = made.opened(made.subjects(3), made.experts(3))
    assert re.findall(r">(E00\d)</a></strong>", page(client, "round", row.pk)) == ["E001", "E002"]
    rest = client.get(f"{address('round', row.pk)}?page=2").content.decode()
    assert re.findall(r">(E00\d)</a></strong>", rest) == ["E003"]


def name_observer_late(row, account):
    row.observers.create(account=account)


def file_objection_to(row):
    made.published(made.scored(row))
    best = row.entries.filter(proposed=True).first()
    if best is not None:
        file_objection(actor=Actor(""), entry=best.pk, name="钱", phone="19900001234", body="请核查")
