"""Addresses of the workbench, below /desk/."""

from django.urls import path

from keheng.kernel.desk.views import clearing, drafts, lists, messages, pages, tasks

app_name = "desk"
urlpatterns = [
    path("", tasks.desk, name="desk"),
    path("tasks/take/", tasks.take, name="tasks-take"),
    path("tasks/back/", tasks.back, name="tasks-back"),
    path("handovers/", tasks.handovers, name="handovers"),
    path("handovers/new/", tasks.handover_new, name="handover-new"),
    path("handovers/<row:pk>/decide/", tasks.handover_decide, name="handover-decide"),
    path("colleagues/", clearing.colleagues, name="colleagues"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/<row:pk>/", messages.message, name="message"),
    path("messages/read/", messages.read_some, name="messages-read"),
    path("messages/unread/", messages.unread_some, name="messages-unread"),
    path("messages/read-all/", messages.read_all, name="messages-read-all"),
    path("messages/settings/", messages.settings, name="message-settings"),
    path("deliveries/", messages.deliveries, name="deliveries"),
    path("deliveries/<row:pk>/again/", messages.delivery_again, name="delivery-again"),
    path("calendar/", pages.calendar, name="calendar"),
    path("calendar/address/", pages.feed_renew, name="feed-renew"),
    path("calendar/<str:token>.ics", pages.calendar_feed, name="feed"),
    path("palette/", pages.palette, name="palette"),
    path("me/", pages.personal, name="personal"),
    path("unit/", pages.unit, name="unit"),
    path("office/", pages.office, name="office"),
    path("drafts/<str:key>/", drafts.draft, name="draft"),
    path("drafts/<str:key>/discard/", drafts.discard, name="draft-discard"),
    path("tables/<str:code>/columns/", lists.columns, name="columns"),
    path("tables/<str:code>/filters/", lists.filter_save, name="filter-save"),
    path("filters/<row:pk>/forget/", lists.filter_forget, name="filter-forget"),
    path("exports/<row:pk>/", lists.export, name="export"),
]
