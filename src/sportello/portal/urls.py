"""The customers' own area."""

from __future__ import annotations

from django.urls import path

from sportello.portal.views import (
    account,
    asking,
    files,
    following,
    orders,
    passkeys,
    pin,
    policy,
    second_factor,
    secrets,
    sign_in,
    tickets,
)

app_name = "portal"
urlpatterns = [
    path("", tickets.home, name="home"),
    path("requests/", tickets.every, name="requests"),
    path("pin/", pin.pin, name="pin"),
    path("search", tickets.search, name="search"),
    path("new/", asking.new, name="new"),
    path("new/draft/", asking.draft, name="new-draft"),
    path("sign-in/", sign_in.ask, name="sign-in"),
    path("sign-in/sent/", sign_in.sent, name="sent"),
    path("sign-in/code/", second_factor.code, name="code"),
    path("sign-in/passkey/", passkeys.enter, name="enter-by-passkey"),
    path("sign-in/passkey/ask/", passkeys.ask, name="ask-passkey"),
    path("enter/<str:secret>/", sign_in.enter, name="enter"),
    path("policy/", policy.in_force, name="policy"),
    path("policy/<int:number>/", policy.edition, name="policy-edition"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("settings/", account.settings, name="settings"),
    path("settings/password/", account.password, name="password"),
    path("settings/notices/", account.notices, name="notices"),
    path("settings/app/", second_factor.app, name="app"),
    path("settings/app/remove/", second_factor.remove_app, name="remove-app"),
    path("settings/app/codes/", second_factor.recovery_codes, name="recovery-codes"),
    path("settings/passkeys/add/", passkeys.add, name="add-passkey"),
    path("settings/passkeys/<int:pk>/remove/", passkeys.remove, name="remove-passkey"),
    path("settings/sessions/end/", account.end_others, name="end-others"),
    path("settings/sessions/<int:pk>/end/", account.end, name="end-session"),
    path("tickets/<uuid:public_id>/", tickets.detail, name="ticket"),
    path("tickets/<uuid:public_id>/reply/", tickets.reply, name="reply"),
    path("tickets/<uuid:public_id>/close/", following.close, name="close"),
    path("tickets/<uuid:public_id>/colleagues/", following.add, name="add-colleague"),
    path("tickets/<uuid:public_id>/rating/", following.rate, name="rate"),
    path("tickets/<uuid:public_id>/unfollow/", following.unfollow, name="unfollow"),
    path("tickets/<uuid:public_id>/secret/", secrets.secret, name="secret"),
    path("tickets/<uuid:public_id>/secret/<uuid:drop_id>/withdraw/", secrets.withdraw, name="withdraw-secret"),
    path("tickets/<uuid:public_id>/orders/", orders.ask, name="ask-order"),
    path("orders/", orders.waiting, name="orders"),
    path("orders/<uuid:public_id>/", orders.order, name="order"),
    path("files/<uuid:public_id>/", files.download, name="file"),
]
