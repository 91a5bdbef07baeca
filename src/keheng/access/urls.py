"""Addresses of access, below ``account/``."""

from django.urls import path

from keheng.access.views import accounts, clients, devices, grants, tokens

app_name = "access"
# In every language, as the public pages that lead here.
entrance = [
    path("account/register/", accounts.register, name="register"),
    path("account/register/<str:token>/", accounts.register, name="register-invited"),
]
urlpatterns = [
    path("security/", accounts.security, name="security"),
    path("devices/", devices.devices, name="devices"),
    path("devices/<row:pk>/end/", devices.end, name="end-device"),
    path("act-for/", accounts.act_for, name="act-for"),
    path("invitations/<str:token>/", accounts.accept, name="accept"),
    path("members/", grants.members, name="members"),
    path("members/<row:pk>/end/", grants.end_membership, name="end-membership"),
    path("members/invitations/<row:pk>/withdraw/", grants.withdraw, name="withdraw"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/<row:pk>/", accounts.account, name="account"),
    path("accounts/<row:pk>/stop/", accounts.stop, name="stop"),
    path("locks/<row:pk>/unlock/", accounts.unlock_sign_in, name="unlock"),
    path("grants/", grants.grants, name="grants"),
    path("grants/apply/", grants.apply, name="apply"),
    path("grants/<row:pk>/decide/", grants.decide, name="decide"),
    path("grants/<row:pk>/revoke/", grants.revoke, name="revoke"),
    path("clients/", clients.clients, name="clients"),
    path("clients/<str:pk>/withdraw/", clients.withdraw, name="withdraw-client"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<row:pk>/withdraw/", tokens.withdraw, name="withdraw-token"),
    path("roles/", grants.role_table, name="roles"),
]
