"""Bank files: a template per bank as data, the file written by it, and what the bank answers."""

from services.payroll.exports.bank.template import BankTemplate
from services.payroll.exports.bank.writing import BankFile, Instruction, write_bank_file

__all__ = ["BankFile", "BankTemplate", "Instruction", "write_bank_file"]
