"""Every address of the program, and what rooms fill in for those below them."""

from django.urls import include, path

from tiepcan.accounts.models import Person
from tiepcan.devices import queries as devices
from tiepcan.devices.trials import OFFERED as OF_DEVICES
from tiepcan.households.models import Household
from tiepcan.households.urls import routes as households
from tiepcan.households.views.household import Story
from tiepcan.paperwork.invitations import OFFERED as INVITATIONS
from tiepcan.paperwork.urls import routes as paperwork
from tiepcan.plans.urls import routes as plans
from tiepcan.reporting.duties import counted_by_kind
from tiepcan.reporting.printed import COMPUTED
from tiepcan.reporting.queries import handed_in, lacking
from tiepcan.reporting.trials import OFFERED as OF_REPORTS
from tiepcan.supports.queries import CONDITIONS, hinder
from tiepcan.supports.urls import routes as supports
from tiepcan.telecom import queries as telecom
from tiepcan.telecom.trials import OFFERED as OF_TELECOM
from tiepcan.verification.trials import OFFERED as OF_VERIFICATION
from tiepcan.verification.workflow import asked_of

OFFERED = (*OF_REPORTS, *OF_DEVICES, *OF_TELECOM, *OF_VERIFICATION, INVITATIONS)
"""Every form that offices may keep wordings of."""


def story_of(household: Household, person: Person) -> Story:
    """What each room that knows the household tells of it."""
    told = devices.story_of(household, person)
    return Story([*told.steps, *telecom.steps_of(household, person)], told.acts)


urlpatterns = [
    path("", include("tiepcan.home.urls")),
    path("", include("tiepcan.accounts.urls")),
    path("", include((paperwork(computed=COMPUTED, offered=OFFERED), "paperwork"))),
    path("", include("tiepcan.standards.urls")),
    path("", include((plans(handed_in=handed_in, lacking=lacking, counted=counted_by_kind), "plans"))),
    path("", include((households(story_of=story_of, conditions=CONDITIONS, hinder=hinder), "households"))),
    path(
        "",
        include((supports(beside=[("Đợt xác minh", "verification:rounds")], asked_of=asked_of), "supports")),
    ),
    path("", include("tiepcan.verification.urls")),
    path("", include("tiepcan.devices.urls")),
    path("", include("tiepcan.telecom.urls")),
    path("", include("tiepcan.reporting.urls")),
]

handler400 = "tiepcan.home.views.bad_request"
handler403 = "tiepcan.home.views.forbidden"
handler404 = "tiepcan.home.views.not_found"
handler500 = "tiepcan.home.views.failed"
