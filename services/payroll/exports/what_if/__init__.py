"""A what-if on paper: everybody by name as XLSX, the distribution and the cost as an SVG chart."""

from services.payroll.exports.what_if.chart import chart
from services.payroll.exports.what_if.sheets import what_if_workbook

__all__ = ["chart", "what_if_workbook"]
