"""What is stored of official papers."""

from tiepcan.paperwork.models.contacts import Contact
from tiepcan.paperwork.models.documents import (
    Dispatch,
    Document,
    PrintedTable,
    Signed,
    Stage,
    Stamp,
    WayOut,
)
from tiepcan.paperwork.models.incoming import Incoming, IncomingRegister, IncomingState, Urgency
from tiepcan.paperwork.models.registers import Number, NumberState, Register
from tiepcan.paperwork.models.signatories import Capacity, Signatory, SignaturePicture
from tiepcan.paperwork.models.wordings import Wording, WordingState

__all__ = [
    "Capacity",
    "Contact",
    "Dispatch",
    "Document",
    "Incoming",
    "IncomingRegister",
    "IncomingState",
    "Number",
    "NumberState",
    "PrintedTable",
    "Register",
    "Signatory",
    "SignaturePicture",
    "Signed",
    "Stage",
    "Stamp",
    "Urgency",
    "WayOut",
    "Wording",
    "WordingState",
]
