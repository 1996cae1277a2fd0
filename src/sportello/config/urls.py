"""The addresses of every face."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.accounts.views import csp_report, front_door
from sportello.config import disclosure
from sportello.portal.views import presales
from sportello.portal.views.sign_in import ticket_system
from sportello.telephone import views as telephone
from sportello.watch import views as watch

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front_door, name="front-door"),
    path("account/", include("sportello.accounts.urls")),
    path("desk/", include("sportello.desk.urls")),
    path("portal/", include("sportello.portal.urls")),
    path("telephone/events", telephone.event, name="telephone-events"),
    path("pre-sales/", presales.ask, name="presales"),
    path("pre-sales/sent/", presales.sent, name="presales-sent"),
    path("pre-sales/confirm/<str:secret>/", presales.confirm, name="presales-confirm"),
    path("ticket-system/", ticket_system, name="ticket-system"),
    path("health", allowed(get=Who.ANYONE, background=True)(watch.health), name="health"),
    path("metrics", allowed(get=Who.ANYONE, background=True)(watch.figures), name="metrics"),
    path(disclosure.ADDRESS, allowed(get=Who.ANYONE, background=True)(disclosure.security_txt), name="security-txt"),
    path("status/", include("sportello.incidents.urls")),
    path("csp-report", csp_report, name="csp-report"),
]

handler400 = "sportello.ui.failures.on_bad_request"
handler403 = "sportello.ui.failures.on_forbidden"
handler404 = "sportello.ui.failures.on_missing"
handler429 = "sportello.accounts.too_often.on_too_often"
handler500 = "sportello.ui.failures.on_error"
