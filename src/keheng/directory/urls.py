"""Addresses of the directory."""

from django.urls import path

from keheng.directory.views import duplicates, experts, joining, organisations, people, sheets

app_name = "directory"
# In every language, as the public pages that lead here.
entrance = [path("join/", joining.sign_up, name="join")]
urlpatterns = [
    path("organisations/", organisations.organisation_list, name="organisations"),
    path("organisations/new/", organisations.organisation_new, name="organisation-new"),
    path("organisations/import/", sheets.organisation_import, name="organisation-import"),
    path("organisations/import/template/", sheets.organisation_template, name="organisation-template"),
    path("organisations/<row:pk>/", organisations.organisation_page, name="organisation"),
    path("organisations/<row:pk>/controls/<row:control>/end/", organisations.control_end, name="control-end"),
    path("organisations/<row:pk>/parties/<row:party>/end/", organisations.party_end, name="party-end"),
    path("organisations/<row:pk>/<slug:act>/", organisations.organisation_act, name="organisation-act"),
    path("people/", people.person_list, name="people"),
    path("people/new/", people.person_new, name="person-new"),
    path("people/<row:pk>/", people.person_page, name="person"),
    path("people/<row:pk>/edit/", people.person_edit, name="person-edit"),
    path("people/<row:pk>/posts/new/", people.person_post, name="person-post"),
    path("people/<row:pk>/posts/<row:post>/end/", people.post_end, name="post-end"),
    path("people/<row:person>/expert/", experts.expert_apply, name="expert-apply"),
    path("experts/", experts.expert_list, name="experts"),
    path("experts/<row:pk>/", experts.expert_page, name="expert"),
    path("experts/<row:pk>/avoidance/", experts.expert_avoidance, name="expert-avoidance"),
    path("experts/<row:pk>/<slug:decision>/", experts.expert_decision, name="expert-decision"),
    path("duplicates/", duplicates.duplicate_list, name="duplicates"),
    path("duplicates/people/", duplicates.duplicate_list, {"model": "Person"}, name="duplicate-people"),
    path("duplicates/<str:model>/<row:low>/<row:high>/", duplicates.duplicate_pair, name="duplicate-pair"),
    path("duplicates/merges/<row:pk>/undo/", duplicates.merge_undo, name="merge-undo"),
]
