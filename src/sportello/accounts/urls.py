"""Where staff sign in and look after their own account.

allauth's views, one by one, each with our rule on it; what is not listed here (sign-up, mail addresses, sign-in codes) cannot be reached.
Names are allauth's, because it looks them up.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path

from sportello.accounts import views
from sportello.accounts.access import allowed, as_one
from sportello.accounts.enums import Who

page = allowed(get=Who.ANYONE)
form = allowed(get=Who.ANYONE, post=Who.ANYONE)
own_page = allowed(get=Who.STAFF, before_second_factor=True)
own_form = allowed(get=Who.STAFF, post=Who.STAFF, before_second_factor=True)

urlpatterns = [
    path("", views.own_settings, name="account_settings"),
    path("login/", form(account.login), name="account_login"),
    path("login/second-factor/", form(mfa.authenticate), name="mfa_authenticate"),
    path("login/passkey/", form(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("logout/", views.sign_out, name="account_logout"),
    path("reauthenticate/", own_form(account.reauthenticate), name="account_reauthenticate"),
    path("reauthenticate/code/", own_form(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("reauthenticate/passkey/", own_form(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("password/change/", own_form(as_one(account.password_change)), name="account_change_password"),
    path("password/reset/", form(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", page(account.password_reset_done), name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        page(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        views.password_by_link,
        name="account_reset_password_from_key",
    ),
    path("second-factor/", own_page(mfa.index), name="mfa_index"),
    path("second-factor/app/add/", own_form(as_one(totp.activate_totp)), name="mfa_activate_totp"),
    path("second-factor/app/remove/", own_form(as_one(totp.deactivate_totp)), name="mfa_deactivate_totp"),
    path("second-factor/codes/", views.recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/passkeys/", own_page(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("second-factor/passkeys/add/", own_form(as_one(webauthn.add_webauthn)), name="mfa_add_webauthn"),
    path("second-factor/passkeys/<int:pk>/edit/", own_form(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "second-factor/passkeys/<int:pk>/remove/",
        own_form(as_one(webauthn.remove_webauthn)),
        name="mfa_remove_webauthn",
    ),
    path("sessions/", views.sessions, name="usersessions_list"),
]
