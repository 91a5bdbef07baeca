"""People, columns and articles of tests."""

from django.utils.timezone import now

from keheng.kernel.powers import Power, Principal, Reach
from keheng.portal.actions.articles import submit_article, write_article
from keheng.portal.actions.steps import decide_step
from keheng.portal.models import Article, Column
from keheng.portal.rules.content import Placing, Text

BODY = "<p>本市企业可以预约使用全市共享的大型科学仪器。</p>"


def principal(account, *permissions, address="10.0.0.1"):
    return Principal(account, address=address, powers=tuple(Power(one, Reach.ALL) for one in permissions))


def steps(*acts):
    return tuple(f"portal.article.{one}" for one in acts)


EDITOR = principal("1", *steps("see", "write"))
REVIEWER = principal("2", *steps("see", "review"))
ISSUER = principal("3", *steps("see", "issue", "withdraw"))
ALL_STEPS = principal("4", *steps("see", "write", "review", "issue", "withdraw"))
VISITOR = Principal("", address="203.0.113.9")


def column(slug="notices", kind="notices", languages="zh-hans,en,ja,ko", **given):
    found = Column.objects.filter(slug=slug).first()
    return found or Column.objects.create(slug=slug, title=f"栏目 {slug}", kind=kind, languages=languages, **given)


def text(title="仪器共享平台使用说明", body=BODY, **given):
    return Text(title=title, body=body, **given)


def article(
    title="仪器共享平台使用说明", *, where=None, kind="article", by=EDITOR, language="zh-hans", original=None, placing=None, **given
) -> Article:
    place = placing or Placing((where or column()).pk)
    return write_article(
        actor=by, kind=kind, text=text(title, **given), placing=place, language=language, original=original.pk if original else None
    )


def advance(row: Article, to: str = "published") -> Article:
    """Through the three steps by three people, so far."""
    row = submit_article(actor=EDITOR, article=row.pk)
    if to == "review":
        return row
    row = decide_step(actor=REVIEWER, article=row.pk, version=row.newest_id, step="review", decision="approved")
    if to == "issue":
        return row
    return decide_step(actor=ISSUER, article=row.pk, version=row.newest_id, step="issue", decision="approved")


def published(title="仪器共享平台使用说明", **given) -> Article:
    return advance(article(title, **given))


def codes(refused):
    return sorted(one.code for one in refused.value.problems)


def just_now(moment):
    return abs((now() - moment).total_seconds()) < 60
