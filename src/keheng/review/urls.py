"""Addresses: those of staff, judges and observers; the public ones exist in four languages."""

from django.urls import URLPattern, path

from keheng.review.views import entries, experts, judging, market, observing, organising, texts
from keheng.review.views import public as pages

staff: list[URLPattern] = [
    path("", organising.rounds, name="rounds"),
    path("<int:pk>/", organising.round_page, name="round"),
    path("<int:pk>/draw/", organising.draw_page, name="draw"),
    path("<int:pk>/judges/", organising.judges, name="judges"),
    path("<int:pk>/copies/", organising.copies, name="copies"),
    path("<int:pk>/copies/<int:one>/<int:other>/", organising.side_by_side, name="side-by-side"),
    path("<int:pk>/call/", organising.call, name="call"),
    path("<int:pk>/observer/", organising.observer, name="observer"),
    path("<int:pk>/step/<slug:step>/", organising.step, name="step"),
    path("entries/<int:pk>/", entries.entry_page, name="entry"),
    path("entries/<int:pk>/further/", organising.further, name="further"),
    path("objections/<int:pk>/", organising.objection, name="objection"),
    path("texts/", texts.hits, name="hits"),
    path("texts/<int:pk>/", texts.hit, name="hit"),
    path("experts/", experts.experts, name="experts"),
    path("experts/<int:pk>/", experts.expert, name="expert"),
    path("prices/", market.price_books, name="prices"),
    path("desk/", judging.desk, name="desk"),
    path("desk/<int:pk>/state/", judging.state, name="state"),
    path("desk/<int:pk>/decline/", judging.decline, name="decline"),
    path("seats/<int:pk>/", judging.score, name="score"),
    path("seats/<int:pk>/conflict/", judging.conflict, name="conflict"),
    path("observe/<int:pk>/", observing.observe, name="observe"),
    path("observe/<int:pk>/half/", observing.half, name="half"),
]
public: list[URLPattern] = [
    path("", pages.lists, name="lists"),
    path("<int:pk>/", pages.published_list, name="list"),
    path("<int:pk>/draw/", pages.draw_proof, name="proof"),
    path("<int:pk>/draw/<int:number>.json", pages.draw_file, name="draw-file"),
    path("entries/<int:pk>/object/", pages.object_to, name="object"),
]
