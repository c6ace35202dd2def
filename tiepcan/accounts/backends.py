"""How a session finds its person again."""

from django.contrib.auth.backends import BaseBackend

from tiepcan.accounts.models import Person


class Sessions(BaseBackend):
    """The person of a session, with organisation and unit in the same query. Passwords are checked in `sign_in`."""

    def get_user(self, user_id: int) -> Person | None:
        try:
            return Person.objects.select_related("organisation__unit").get(pk=user_id, is_active=True)
        except Person.DoesNotExist:
            return None
