"""Addresses: guides and applicants' pages exist in four languages, those of the office stand below /manage/cases/."""

from django.urls import URLPattern, path

from keheng.matters.views import analysis, applying, archives, guide, ledgers, office, points, working

public: list[URLPattern] = [
    path("matters/", guide.matter_list, name="matters"),
    path("matters/points/<str:name>/", points.calculator, name="points"),
    path("matters/my/", applying.my_cases, name="mine"),
    path("matters/of/<str:name>/", guide.matter_page, name="matter"),
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
    path("verify/<str:token>/", guide.verify, name="verify"),
]
work: list[URLPattern] = [
    path("", working.queue, name="queue"),
    path("waiting/", office.waiting, name="waiting"),
    path("begin/", office.begin, name="begin"),
    path("substitutions/", office.substitutions, name="substitutions"),
    path("substitutions/<int:pk>/end/", office.substitution_end, name="substitution-end"),
    path("batch/", working.batch, name="batch"),
    path("analysis/", analysis.analysis, name="analysis"),
    path("analysis/cases/", analysis.analysed, name="analysed"),
    path("archive/", archives.packages, name="archive"),
    path("archive/<int:pk>/", archives.package_page, name="package"),
    path("archive/<int:pk>/check/", archives.check, name="package-check"),
    path("archive/<int:pk>/ask/", archives.ask, name="package-ask"),
    path("archive/<int:pk>/open/", archives.open_package, name="package-open"),
    path("archive/retrievals/<int:pk>/decide/", archives.decide, name="retrieval-decide"),
    path("ledgers/", ledgers.ledgers, name="ledgers"),
    path("ledgers/<str:name>/", ledgers.ledger, name="ledger"),
    path("ledgers/<str:name>/lines/", ledgers.ledger_lines, name="ledger-lines"),
    path("<int:pk>/", working.case_page, name="case"),
    path("<int:pk>/do/<slug:do>/", working.make_move, name="move"),
    path("<int:pk>/corrections/", working.correction_add, name="correction-add"),
    path("<int:pk>/corrections/<int:correction>/drop/", working.correction_drop, name="correction-drop"),
    path("<int:pk>/letters/", working.letter, name="letter"),
]
