"""Every address of the program, and what rooms fill in for those below them."""

from django.urls import include, path

from tiepcan.households.urls import routes as households
from tiepcan.plans.urls import routes as plans
from tiepcan.reporting.queries import handed_in, lacking
from tiepcan.supports.queries import CONDITIONS, hinder, story_of

urlpatterns = [
    path("", include("tiepcan.home.urls")),
    path("", include("tiepcan.accounts.urls")),
    path("", include("tiepcan.standards.urls")),
    path("", include((plans(handed_in=handed_in, lacking=lacking), "plans"))),
    path("", include((households(story_of=story_of, conditions=CONDITIONS, hinder=hinder), "households"))),
    path("", include("tiepcan.supports.urls")),
    path("", include("tiepcan.reporting.urls")),
]

handler400 = "tiepcan.home.views.bad_request"
handler403 = "tiepcan.home.views.forbidden"
handler404 = "tiepcan.home.views.not_found"
handler500 = "tiepcan.home.views.failed"
