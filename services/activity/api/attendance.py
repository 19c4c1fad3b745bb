"""Attendance: machines and their logs, decisions on days, settling, and what was settled."""

from fastapi import APIRouter

from services.activity.api import (
    attendance_decisions,
    attendance_machines,
    attendance_outings,
    attendance_reads,
    attendance_settling,
)
from shared.http import PROBLEMS

router = APIRouter(prefix="/attendance", tags=["attendance"], responses=PROBLEMS)
router.include_router(attendance_machines.router)
router.include_router(attendance_decisions.router)
router.include_router(attendance_outings.router)
router.include_router(attendance_settling.router)
router.include_router(attendance_reads.router)
