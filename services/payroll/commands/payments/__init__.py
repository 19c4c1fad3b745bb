"""What goes to banks and what comes back, and the documents that say how."""

from services.payroll.commands.payments.acknowledgement import import_acknowledgement
from services.payroll.commands.payments.answers import import_answer
from services.payroll.commands.payments.documents import set_document
from services.payroll.commands.payments.files import MadeFile, make_bank_file

__all__ = ["MadeFile", "import_acknowledgement", "import_answer", "make_bank_file", "set_document"]
