"""The inbox: every fact takes effect once, however often it arrives; what cannot be used is kept with its reason."""

from shared.handlers import Handler, Handlers
from shared.inbox.delivery import Inbox
from shared.inbox.reading import Record
from shared.inbox.tables import InboxRow, QuarantineRow, WaitingRow
from shared.inbox.waiting import NotYet

__all__ = ["Handler", "Handlers", "Inbox", "InboxRow", "NotYet", "QuarantineRow", "Record", "WaitingRow"]
