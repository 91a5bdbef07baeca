"""Addresses: guides and applicants' pages exist in four languages, those of the office stand below /manage/cases/."""

from django.urls import URLPattern, path

from keheng.matters.views import applying, bulletins, checking, guide, points, windows, working

public: list[URLPattern] = [
    path("matters/", guide.matter_list, name="matters"),
    path("matters/points/<str:name>/", points.calculator, name="points"),
    path("matters/my/", applying.my_cases, name="mine"),
    path("matters/of/<str:name>/", guide.matter_page, name="matter"),
    path("matters/of/<str:name>/guide.pdf", guide.matter_print, name="print"),
    path("matters/of/<str:name>/start/", applying.start, name="start"),
    path("matters/cases/<int:pk>/", applying.case_page, name="case"),
    path("matters/cases/<int:pk>/form/<int:number>/", applying.form_page, name="form"),
    path("matters/cases/<int:pk>/save/", applying.autosave, name="save"),
    path("matters/cases/<int:pk>/materials/<slug:code>/", applying.material_add, name="material-add"),
    path("matters/cases/<int:pk>/materials/<int:material>/remove/", applying.material_remove, name="material-remove"),
    path("matters/cases/<int:pk>/do/<slug:do>/", applying.make_move, name="move"),
    path("matters/cases/<int:pk>/letters/", applying.letter, name="letter"),
    path("matters/cases/<int:pk>/rating/", applying.rate, name="rate"),
    path("matters/cases/<int:pk>/renew/", applying.renew, name="renew"),
    path("matters/cases/<int:pk>/discard/", applying.discard, name="discard"),
    path("matters/cases/<int:pk>/application.pdf", applying.application, name="application"),
    path("matters/windows/<str:name>/", windows.window, name="window"),
    path("matters/windows/<str:name>/book/", windows.book, name="book"),
    path("matters/windows/<str:name>/screen/", windows.screen, name="screen"),
    path("matters/turns/", windows.turns, name="turns"),
    path("matters/turns/<int:pk>/", windows.turn, name="turn"),
    path("matters/turns/<int:pk>/move/", windows.turn_move, name="turn-move"),
    path("matters/turns/<int:pk>/cancel/", windows.turn_cancel, name="turn-cancel"),
    path("verify/<str:token>/", guide.verify, name="verify"),
]
work: list[URLPattern] = [
    path("", working.queue, name="queue"),
    path("batch/", working.batch, name="batch"),
    path("<int:pk>/", working.case_page, name="case"),
    path("<int:pk>/do/<slug:do>/", working.make_move, name="move"),
    path("<int:pk>/corrections/", working.correction_add, name="correction-add"),
    path("<int:pk>/corrections/<int:correction>/drop/", working.correction_drop, name="correction-drop"),
    path("<int:pk>/checklists/<slug:checklist>/<slug:step>/", checking.tick, name="tick"),
    path("<int:pk>/letters/", working.letter, name="letter"),
    path("windows/", windows.windows_today, name="windows"),
    path("windows/<str:name>/", windows.serve, name="serve"),
    path("windows/<str:name>/arrive/", windows.arrive, name="arrive"),
    path("windows/<str:name>/walk-in/", windows.walk_in, name="walk-in"),
    path("windows/<str:name>/call/", windows.call, name="call"),
    path("windows/<str:name>/turns/<int:pk>/<slug:how>/", windows.end, name="turn-end"),
    path("bulletins/", bulletins.bulletin_list, name="bulletins"),
    path("bulletins/<str:name>/<str:month>/", bulletins.bulletin_page, name="bulletin"),
    path("bulletins/<str:name>/<str:month>/freeze/", bulletins.freeze, name="bulletin-freeze"),
    path("bulletins/<str:name>/<str:month>/rows/<slug:query>/", bulletins.rows, name="bulletin-rows"),
    path("bulletins/<str:name>/<str:month>/file.<slug:file_format>", bulletins.download, name="bulletin-file"),
]
