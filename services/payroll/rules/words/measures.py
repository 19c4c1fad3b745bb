"""How a part's share came about, in words: what was measured, exempted, and taken off for a duty."""

from services.payroll.rules.words.said import Given, Said, Sayer

PREDIKAT_MISSING = {
    "no_plan": Said("tanpa SKP", "without a plan (SKP)"),
    "supervisor_silent": Said("atasan belum menilai", "the supervisor has not rated"),
    "not_due": Said("belum waktunya dinilai", "not due yet"),
}


def result(given: Given, share: str) -> Said:
    """How a part's share came about."""
    said = _measure(given)
    if "exempted_workdays" in given:
        days, why = given["exempted_workdays"], given["exemption"]
        said = Said(f"{said.id}, {days} hari dikecualikan ({why})", f"{said.en}, {days} days exempted ({why})")
    if "measured" in given:
        said = Said(f"{said.id} = {given['measured']}, jenjang", f"{said.en} = {given['measured']}, band")
    if "points" in given:
        said = Said(
            f"{said.id} = {given['before_duty']} - {given['points']} ({given['duty']})",
            f"{said.en} = {given['before_duty']} - {given['points']} ({given['duty']})",
        )
    return Said(f"{said.id} = {share}", f"{said.en} = {share}")


def _measure(given: Given) -> Said:
    return _MEASURES[given["measure"]](given)


def _predikat(given: Given) -> Said:
    if given["predikat"]:
        name = given["predikat"].replace("_", " ")
        return Said(f"predikat {name}", f"predikat {name}")
    why = PREDIKAT_MISSING[given["missing"]]
    return Said(f"belum ada predikat ({why.id})", f"no predikat ({why.en})")


def _rating(given: Given) -> Said:
    name, value = given["rating"], given["value"]
    if value is None:
        return Said(f"{name} belum dinilai", f"{name} not rated")
    return Said(f"{name} {value.replace('_', ' ')}", f"{name} {value.replace('_', ' ')}")


def _attendance(given: Given) -> Said:
    numbers = f"{given['attended']} / {given['workdays']}"
    return Said(f"hadir {numbers} hari kerja", f"{numbers} workdays attended")


def _staff(given: Given) -> Said:
    people = given["people"]
    if not people:
        return Said("tanpa bawahan", "without subordinates")
    return Said(f"rata-rata menit {people} bawahan", f"mean of the minutes of {people} subordinates")


def _minutes(given: Given) -> Said:
    numbers = f"{given['minutes']} / {given['target']}"
    return Said(f"{numbers} menit disetujui", f"{numbers} approved minutes")


def _reports(given: Given) -> Said:
    numbers = f"{given['count']} / {given['target']}"
    return Said(f"{numbers} laporan", f"{numbers} reports")


def _blend(given: Given) -> Said:
    parts = [(one["weight"], one["share"], _measure(one)) for one in given["of"]]
    return Said(
        " + ".join(f"{weight} x {share} ({said.id})" for weight, share, said in parts),
        " + ".join(f"{weight} x {share} ({said.en})" for weight, share, said in parts),
    )


def _segments(given: Given) -> Said:
    parts = [(f"{one['start']} - {one['end']}: ", one["share"], _measure(one)) for one in given["segments"]]
    return Said(
        "; ".join(f"{span}{said.id} = {share}" for span, share, said in parts),
        "; ".join(f"{span}{said.en} = {share}" for span, share, said in parts),
    )


_MEASURES: dict[str, Sayer] = {
    "full": lambda given: Said("penuh", "in full"),
    "predikat": _predikat,
    "minutes": _minutes,
    "reports": _reports,
    "score": lambda given: Said(f"nilai {given['score']}", f"score {given['score']}"),
    "rating": _rating,
    "attendance": _attendance,
    "staff": _staff,
    "blend": _blend,
    "segments": _segments,
    "exempted": lambda given: Said(f"dikecualikan ({given['exemption']})", f"exempted ({given['exemption']})"),
}
