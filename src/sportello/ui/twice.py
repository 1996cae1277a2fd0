"""Things taken away twice: by two people at the same moment, by a second click, from a tab that is behind."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def gone_is_done(back: str) -> Callable[[View[P]], View[P]]:
    """For what is named by its own id alone: who comes second finds it gone, as they wanted, and is told so on the page `back`."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def taking(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                return view(request, *args, **kwargs)
            except (Http404, ObjectDoesNotExist):
                messages.info(request, gettext("It was removed already."))
                return redirect(back)

        return taking

    return decorate
