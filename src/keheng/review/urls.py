"""Addresses: those of staff, judges and observers; the public ones exist in four languages."""

from django.urls import URLPattern, path

from keheng.review.views import entries, experts, judging, market, observing, organising, texts
from keheng.review.views import public as pages

staff: list[URLPattern] = [
    path("", organising.rounds, name="rounds"),
    path("<row:pk>/", organising.round_page, name="round"),
    path("<row:pk>/draw/", organising.draw_page, name="draw"),
    path("<row:pk>/judges/", organising.judges, name="judges"),
    path("<row:pk>/copies/", organising.copies, name="copies"),
    path("<row:pk>/copies/<row:one>/<row:other>/", organising.side_by_side, name="side-by-side"),
    path("<row:pk>/call/", organising.call, name="call"),
    path("<row:pk>/observer/", organising.observer, name="observer"),
    path("<row:pk>/step/<slug:step>/", organising.step, name="step"),
    path("entries/<row:pk>/", entries.entry_page, name="entry"),
    path("entries/<row:pk>/further/", organising.further, name="further"),
    path("objections/<row:pk>/", organising.objection, name="objection"),
    path("texts/", texts.hits, name="hits"),
    path("texts/<row:pk>/", texts.hit, name="hit"),
    path("experts/", experts.experts, name="experts"),
    path("experts/<row:pk>/", experts.expert, name="expert"),
    path("prices/", market.price_books, name="prices"),
    path("desk/", judging.desk, name="desk"),
    path("desk/<row:pk>/state/", judging.state, name="state"),
    path("desk/<row:pk>/decline/", judging.decline, name="decline"),
    path("seats/<row:pk>/", judging.score, name="score"),
    path("seats/<row:pk>/conflict/", judging.conflict, name="conflict"),
    path("observe/<row:pk>/", observing.observe, name="observe"),
    path("observe/<row:pk>/half/", observing.half, name="half"),
]
public: list[URLPattern] = [
    path("", pages.lists, name="lists"),
    path("<row:pk>/", pages.published_list, name="list"),
    path("<row:pk>/draw/", pages.draw_proof, name="proof"),
    path("<row:pk>/draw/<row:number>.json", pages.draw_file, name="draw-file"),
    path("entries/<row:pk>/object/", pages.object_to, name="object"),
]
