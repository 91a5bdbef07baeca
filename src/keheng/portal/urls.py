"""Addresses: the public ones exist in four languages, those of staff stand below /manage/."""

from django.urls import URLPattern, path

from keheng.portal.views import activities, checkin, organising, registrations, survey_staff, surveys

public: list[URLPattern] = [
    path("events/", activities.activity_list, name="activities"),
    path("events/my/", registrations.look_up, name="registration-lookup"),
    path("events/my/<str:token>/", registrations.registration_page, name="registration"),
    path("events/my/<str:token>/cancel/", registrations.registration_cancel, name="registration-cancel"),
    path("events/my/<str:token>/calendar.ics", registrations.registration_calendar, name="registration-calendar"),
    path("events/<int:pk>/", activities.activity_page, name="activity"),
    path("events/<int:pk>/register/", registrations.register, name="register"),
    path("events/<int:pk>/group/", registrations.register_group, name="register-group"),
    path("events/sessions/<int:pk>.ics", activities.session_calendar, name="session-calendar"),
    path("surveys/", surveys.survey_list, name="surveys"),
    path("surveys/<int:pk>/", surveys.survey_page, name="survey"),
    path("surveys/<int:pk>/results/", surveys.survey_results, name="survey-results"),
]
staff: list[URLPattern] = [
    path("events/", organising.activity_list, name="activities"),
    path("events/new/", organising.activity_new, name="activity-new"),
    path("events/<int:pk>/", organising.activity_page, name="activity"),
    path("events/<int:pk>/edit/", organising.activity_edit, name="activity-edit"),
    path("events/<int:pk>/sessions/new/", organising.session_new, name="session-new"),
    path("events/<int:pk>/export/", organising.registration_export, name="registration-export"),
    path("events/<int:pk>/step/<slug:step>/", organising.activity_step, name="activity-step"),
    path("events/<int:pk>/decision/<slug:step>/", organising.activity_decision, name="activity-decision"),
    path("events/sessions/<int:pk>/", organising.session_edit, name="session-edit"),
    path("events/sessions/<int:pk>/remove/", organising.session_remove, name="session-remove"),
    path("events/registrations/<int:pk>/", organising.registration_decision, name="registration-decision"),
    path("checkin/", checkin.session_list, name="checkin-list"),
    path("checkin/<int:pk>/", checkin.checkin, name="checkin"),
    path("checkin/<int:pk>/walk-in/", checkin.walk_in_page, name="walk-in"),
    path("checkin/<int:pk>/list.json", checkin.offline_list_file, name="offline-list"),
    path("checkin/<int:pk>/scans/", checkin.scans_upload, name="scans-upload"),
    path("checkin/<int:pk>/online/", checkin.online_upload, name="online-upload"),
    path("surveys/", survey_staff.survey_list, name="surveys"),
    path("surveys/new/", survey_staff.survey_new, name="survey-new"),
    path("surveys/<int:pk>/", survey_staff.survey_page, name="survey"),
    path("surveys/<int:pk>/edit/", survey_staff.survey_edit, name="survey-edit"),
    path("surveys/<int:pk>/step/<slug:step>/", survey_staff.survey_step, name="survey-step"),
]
