"""The lines that lead to TPP, in words: bases, parts, cuts, limits, additions, rounding, a share of it all."""

from services.payroll.rules.words.said import Given, Said, Sayer, rupiah

_TAKES = {
    "times": Said("kali", "times"),
    "days": Said("hari", "days"),
    "minutes": Said("menit", "minutes"),
    "hours": Said("jam", "hours"),
}
_OF = {
    "full": Said("penuh", "in full"),
    "earned": Said("setelah kinerja", "after performance"),
    "remaining": Said("sisa", "what was left"),
    "daily": Said("nilai harian", "daily value"),
}


def _base(given: Given) -> Said:
    if "segments" not in given:
        share = given.get("percent", "")
        return Said(f"tambahan {share} pada {given['criterion']}", f"an addition of {share} to {given['criterion']}")
    id_, en = [], []
    for one in given["segments"]:
        text = f"kelas {one['kelas']}: {rupiah(one['full'])}"
        if "weight" in one:
            text += f" x {one['weight']} ({one['start']} - {one['end']})"
        if "factor" in one:
            text += f" x {one['factor']} ({', '.join(one['entitlement'])})"
        id_.append(text)
        en.append(text.replace("kelas", "class"))
    acted = given.get("acted_instead")
    tail = Said(f"; jabatan Plt {acted}", f"; the acted post {acted}") if acted else Said("", "")
    return Said(" + ".join(id_) + tail.id, " + ".join(en) + tail.en)


def _part(given: Given) -> Said:
    base = f" {rupiah(given['taken_of'])}" if "taken_of" in given else ""
    text = f"{given['criterion']}{base} x {given['weight']} x {given['result']}"
    return Said(text + " (hasil)", text + " (result)")


def _deduction(given: Given) -> Said:
    unit = _TAKES[given["take"]]
    id_, en = f"{given['quantity']} {unit.id}", f"{given['quantity']} {unit.en}"
    if "before" in given:
        id_, en = f"{id_} (+ {given['before']} sejak Januari)", f"{en} (+ {given['before']} since January)"
    rows = "; ".join(_row(row) for row in given.get("rows", ()))
    if rows:
        id_, en = f"{id_} ({rows})", f"{en} ({rows})"
    elif "cut" in given:
        id_, en = f"{id_} x {given['cut']}", f"{en} x {given['cut']}"
    if "at_most" in given:
        id_, en = f"{id_}, paling banyak {given['at_most']}", f"{en}, at most {given['at_most']}"
    if "percent" in given and "of" in given:
        of, share = _OF[given["of"]], given["percent"]
        hits = _target(given["hits"])
        base = f"{rupiah(given['taken_of'])}, " if "taken_of" in given else ""
        id_ = f"{id_} = {share} dari {base}{hits.id} ({of.id})"
        en = f"{en} = {share} of {base}{hits.en} ({of.en})"
    return Said(id_, en)


def _target(hits: str | list[str]) -> Said:
    """What a cut or a limit falls on: parts and criteria by their codes, or the TPP."""
    if isinstance(hits, list):
        return Said(", ".join(hits), ", ".join(hits))
    return Said("TPP", "TPP") if hits == "total" else Said("TPP dan tambahan", "TPP with additions")


def _floor(given: Given) -> Said:
    bound, hits = _bound(given), _target(given["hits"])
    return Said(f"{hits.id} paling sedikit {bound.id}", f"{hits.en} at least {bound.en}")


def _ceiling(given: Given) -> Said:
    bound, hits = _bound(given), _target(given["hits"])
    return Said(f"{hits.id} paling banyak {bound.id}", f"{hits.en} at most {bound.en}")


def _bound(given: Given) -> Said:
    limit = given["limit"]
    if "of" not in given:
        return Said(limit, limit)
    of = _OF[given["of"]]
    return Said(f"{limit} ({of.id})", f"{limit} ({of.en})")


def _row(row: Given) -> str:
    if "kind" in row:
        return f"{row['kind']}: {row['times']} x {row['cut']}"
    end = "+" if row["to"] is None else f"-{row['to']}"
    return f"{row['from']}{end}: {row['times']} x {row['cut']}"


def _addition(given: Given) -> Said:
    share = given.get("percent")
    if "acting" not in given:
        return Said(f"{share} dari TPP sendiri", f"{share} of one's own TPP") if share else Said("tetap", "fixed")
    days = given["workdays"]
    id_, en = f"Plt kelas {given['kelas']}, {days} hari kerja", f"acting, class {given['kelas']}, {days} workdays"
    if given.get("prorated"):
        id_, en = f"{id_}, sebanding hari kerja", f"{en}, for the workdays acted"
    return Said(f"{share} TPP jabatan {id_}", f"{share} of the post's TPP, {en}") if share else Said(id_, en)


def _rounding(given: Given) -> Said:
    unit = rupiah(given["unit"])
    return Said(f"pembulatan ke {unit}", f"rounded to {unit}")


def _share(given: Given) -> Said:
    text = f"{given['percent']} x {rupiah(given['tpp'])}"
    return Said(f"{text}, dibayar {given['paid_in']}", f"{text}, paid in {given['paid_in']}")


LINES: dict[str, Sayer] = {
    "base": _base,
    "part": _part,
    "deduction": _deduction,
    "addition": _addition,
    "floor": _floor,
    "ceiling": _ceiling,
    "rounding": _rounding,
    "share": _share,
}
