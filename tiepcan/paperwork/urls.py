from collections.abc import Sequence

from django.urls import URLPattern, path

from tiepcan.paperwork.checking import Computations
from tiepcan.paperwork.views import (
    checking,
    contacts,
    documents,
    incoming,
    recipients,
    registers,
    signatories,
    wordings,
)
from tiepcan.paperwork.wordings import Offered


def routes(*, computed: Computations, offered: Sequence[Offered]) -> list[URLPattern]:
    """The addresses of this room; `computed` are the ways in which rooms above compute their tables, `offered` their forms."""
    forms = {"offers": wordings.by_key(offered)}
    return [
        path("van-ban/", documents.documents, name="documents"),
        path("van-ban/soan/", documents.new, name="new"),
        path("van-ban/soan/giay-moi/", documents.invite, name="invite"),
        path("van-ban/<uuid:pk>/", documents.document, name="document"),
        path("van-ban/<uuid:pk>/sua/", documents.write, name="write"),
        path("van-ban/<uuid:pk>/buoc/<slug:step>/", documents.take, name="take"),
        path("van-ban/<uuid:pk>/them-dong/", documents.add_line, name="add_line"),
        path("van-ban/<uuid:pk>/giu/", documents.keep, name="keep"),
        path("van-ban/<uuid:pk>/tai/<slug:form>/", documents.file, name="file"),
        path("van-ban/<uuid:pk>/noi-nhan/them/", recipients.add, name="add_recipient"),
        path("van-ban/<uuid:pk>/noi-nhan/gui-lai/", recipients.again, name="again"),
        path("van-ban/<uuid:pk>/noi-nhan/nhac/", recipients.remind, name="remind"),
        path("van-ban/<uuid:pk>/noi-nhan/<int:dispatch>/", recipients.direct, name="direct"),
        path("van-ban/<uuid:pk>/noi-nhan/<int:dispatch>/da-gui/", recipients.by_hand, name="by_hand"),
        path("van-ban/<uuid:pk>/noi-nhan/<int:dispatch>/goi-tin/", recipients.package, name="package"),
        path("van-ban/<uuid:pk>/bao-nhan/", recipients.received, name="received"),
        path("bao-nhan/<uuid:key>/", recipients.acknowledge, name="acknowledge"),
        path("van-ban/so-di/", registers.outgoing, name="outgoing"),
        path("van-ban/so-di/vao-so/", registers.enter, name="enter_number"),
        path("van-ban/so-di/<int:pk>/huy/", registers.cancel, name="cancel_number"),
        path("van-ban/so-di/<int:pk>/bat-dau/", registers.begin_at, name="begin_at"),
        path("van-ban/nguoi-ky/", signatories.signatories, name="signatories"),
        path("van-ban/nguoi-ky/them/", signatories.add, name="add_signatory"),
        path("van-ban/nguoi-ky/<int:pk>/", signatories.change, name="signatory"),
        path("van-ban/nguoi-ky/dau/<int:pk>/", signatories.seal, name="seal"),
        path("van-ban/dia-chi/", contacts.contacts, name="contacts"),
        path("van-ban/dia-chi/them/", contacts.add_contact, name="add_contact"),
        path("van-ban/dia-chi/<uuid:pk>/", contacts.contact, name="contact"),
        path("van-ban/dia-chi/<uuid:pk>/thoi/", contacts.end_contact, name="end_contact"),
        path("van-ban/so-den/", incoming.register, name="register_in"),
        path("van-ban/so-den/in/", incoming.printed, name="register_in_printed"),
        path("van-ban/so-den/them/", incoming.enter, name="enter"),
        path("van-ban/so-den/goi-tin/", incoming.from_message, name="from_message"),
        path("van-ban/so-den/<uuid:pk>/", incoming.incoming, name="incoming"),
        path("van-ban/so-den/<uuid:pk>/xu-ly/", incoming.handled, name="handled"),
        path("van-ban/so-den/<uuid:pk>/tep/", incoming.incoming_file, name="incoming_file"),
        path("van-ban/so-den/<uuid:pk>/lich-su/", incoming.incoming_history, name="incoming_history"),
        path("kiem-tra/", checking.check, name="check"),
        path("kiem-tra/<str:code>/", checking.check_code(computed), name="check_code"),
        path("van-ban/mau/", wordings.wordings, forms, name="wordings"),
        path("van-ban/mau/<int:body>/<slug:form>/", wordings.of_form, forms, name="wording_form"),
        path(
            "van-ban/mau/<int:body>/<slug:form>/tep/", wordings.current_file, forms, name="wording_form_file"
        ),
        path(
            "van-ban/mau/<int:body>/<slug:form>/mac-dinh/", wordings.to_default, forms, name="wording_default"
        ),
        path("van-ban/mau/<uuid:pk>/", wordings.wording, forms, name="wording"),
        path("van-ban/mau/<uuid:pk>/thu/", wordings.try_on, forms, name="try_wording"),
        path("van-ban/mau/<uuid:pk>/dung/", wordings.put_into_use, forms, name="use_wording"),
        path("van-ban/mau/<uuid:pk>/tep/", wordings.version_file, forms, name="wording_file"),
        path("van-ban/mau/<uuid:pk>/ban-thu/", wordings.trial_file, forms, name="wording_trial"),
    ]
