"""A reader's own copy of activity's facts, and the proof that it is complete: appraisal and payroll keep one each."""
