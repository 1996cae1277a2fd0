"""The addresses of customers, their people, services and servers, and of the kept promise."""

from __future__ import annotations

from django.urls import path

from sportello.desk.views import concerns, customers, inviting, privacy, promise, services

INVITATION = "customers/<uuid:public_id>/invitations/<int:pk>/"
PERSON = "customers/people/<uuid:public_id>/"

urlpatterns = [
    path("customers/", customers.customers, name="customers"),
    path("customers/new/", customers.new_customer, name="new-customer"),
    path("customers/unknown/", customers.strangers, name="strangers"),
    path("customers/<uuid:public_id>/", customers.customer, name="customer"),
    path("customers/<uuid:public_id>/edit/", customers.edit_customer, name="edit-customer"),
    path("customers/<uuid:public_id>/people/", customers.people, name="customer-people"),
    path("customers/<uuid:public_id>/services/", services.services_of_customer, name="customer-services"),
    path("customers/<uuid:public_id>/people/new/", customers.new_contact, name="new-contact"),
    path("customers/<uuid:public_id>/invite/", inviting.invite, name="invite-contact"),
    path(f"{INVITATION}again/", inviting.again, name="invite-again"),
    path("customers/<uuid:public_id>/concerns/<int:pk>/dismiss/", concerns.dismiss_concern, name="dismiss-concern"),
    path("customers/<uuid:public_id>/concerns/<int:pk>/restore/", concerns.restore_concern, name="restore-concern"),
    path(f"{INVITATION}withdraw/", inviting.withdraw, name="withdraw-invitation"),
    path("customers/<uuid:customer_id>/services/new/", services.new_service, name="new-service"),
    path(PERSON, customers.contact, name="contact"),
    path(f"{PERSON}edit/", customers.edit_contact, name="edit-contact"),
    path(f"{PERSON}attach/<uuid:customer_id>/", customers.attach, name="attach-contact"),
    path(f"{PERSON}second-factor/reset/", customers.reset_factors, name="reset-factors"),
    path(f"{PERSON}addresses/add/", customers.add_address, name="add-address"),
    path(f"{PERSON}addresses/<int:pk>/remove/", customers.remove_address, name="remove-address"),
    path(f"{PERSON}addresses/<int:pk>/primary/", customers.make_primary, name="make-primary"),
    path(f"{PERSON}addresses/<int:pk>/works/", customers.clear_bounce, name="clear-bounce"),
    path(f"{PERSON}memberships/<uuid:customer_id>/", customers.membership, name="membership"),
    path(f"{PERSON}memberships/<int:pk>/end/", customers.end_membership, name="end-membership"),
    path(f"{PERSON}data/", privacy.person, name="person-data"),
    path(f"{PERSON}data/ask/", privacy.ask, name="ask-person-data"),
    path(f"{PERSON}erase/", privacy.erase, name="erase-person"),
    path("promise/", promise.promise, name="promise"),
    path("services/", services.services, name="services"),
    path("services/servers/", services.servers, name="servers"),
    path("services/servers/new/", services.new_server, name="new-server"),
    path("services/servers/<int:pk>/", services.server, name="server"),
    path("services/servers/<int:pk>/edit/", services.edit_server, name="edit-server"),
    path("services/networks/", services.networks, name="networks"),
    path("services/networks/<int:pk>/remove/", services.remove_network, name="remove-network"),
    path("services/<uuid:public_id>/", services.service, name="service"),
    path("services/<uuid:public_id>/edit/", services.edit_service, name="edit-service"),
]
