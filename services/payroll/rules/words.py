"""The formula of a line in words, Indonesian and English, made from the numbers the line keeps."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from services.payroll.rules.statement import Line, Result
from shared.money import digits

Language = Literal["id", "en"]


class Said(NamedTuple):
    """One sentence in both languages."""

    id: str
    en: str

    def in_(self, language: Language) -> str:
        """In one of the two."""
        return self.id if language == "id" else self.en


def rupiah(amount: str | int) -> str:
    """An amount as it is printed: "Rp 3.748.000"; a base that is no whole rupiah keeps its fraction."""
    text = str(amount)
    whole, slash, rest = text.partition("/")
    return "Rp " + digits(int(whole)) + slash + rest


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
_PREDIKAT_MISSING = {
    "no_plan": Said("tanpa SKP", "without a plan (SKP)"),
    "supervisor_silent": Said("atasan belum menilai", "the supervisor has not rated"),
    "not_due": Said("belum waktunya dinilai", "not due yet"),
}


def formula_of(line: Line, base: str | None = None) -> Said:
    """How the line's amount came about. `base`: the rupiah a part or a cut was taken of, where they are known."""
    given = line["inputs"] if base is None else {**line["inputs"], "taken_of": base}
    return _KINDS.get(line["kind"], _plain)(given)


def formula(line: Line, language: Language = "id") -> str:
    """How the line's amount came about, in one sentence."""
    return formula_of(line).in_(language)


def measured_of(result: Result) -> Said:
    """How a part's share came about."""
    return _result(result["inputs"], result["share"])


def measured(result: Result, language: Language = "id") -> str:
    """How a part's share came about, in one sentence."""
    return measured_of(result).in_(language)


def _plain(given: Mapping[str, Any]) -> Said:
    """The numbers as they stand, for a kind of line that has no sentence."""
    text = ", ".join(f"{name} {value}" for name, value in given.items())
    return Said(text, text)


def _base(given: Mapping[str, Any]) -> Said:
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


def _part(given: Mapping[str, Any]) -> Said:
    base = f" {rupiah(given['taken_of'])}" if "taken_of" in given else ""
    text = f"{given['criterion']}{base} x {given['weight']} x {given['result']}"
    return Said(text + " (hasil)", text + " (result)")


def _deduction(given: Mapping[str, Any]) -> Said:
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


def _floor(given: Mapping[str, Any]) -> Said:
    bound, hits = _bound(given), _target(given["hits"])
    return Said(f"{hits.id} paling sedikit {bound.id}", f"{hits.en} at least {bound.en}")


def _ceiling(given: Mapping[str, Any]) -> Said:
    bound, hits = _bound(given), _target(given["hits"])
    return Said(f"{hits.id} paling banyak {bound.id}", f"{hits.en} at most {bound.en}")


def _bound(given: Mapping[str, Any]) -> Said:
    limit = given["limit"]
    if "of" not in given:
        return Said(limit, limit)
    of = _OF[given["of"]]
    return Said(f"{limit} ({of.id})", f"{limit} ({of.en})")


def _row(row: Mapping[str, Any]) -> str:
    if "kind" in row:
        return f"{row['kind']}: {row['times']} x {row['cut']}"
    end = "+" if row["to"] is None else f"-{row['to']}"
    return f"{row['from']}{end}: {row['times']} x {row['cut']}"


def _addition(given: Mapping[str, Any]) -> Said:
    share = given.get("percent")
    if "acting" not in given:
        return Said(f"{share} dari TPP sendiri", f"{share} of one's own TPP") if share else Said("tetap", "fixed")
    days = given["workdays"]
    id_, en = f"Plt kelas {given['kelas']}, {days} hari kerja", f"acting, class {given['kelas']}, {days} workdays"
    if given.get("prorated"):
        id_, en = f"{id_}, sebanding hari kerja", f"{en}, for the workdays acted"
    return Said(f"{share} TPP jabatan {id_}", f"{share} of the post's TPP, {en}") if share else Said(id_, en)


def _rounding(given: Mapping[str, Any]) -> Said:
    unit = rupiah(given["unit"])
    return Said(f"pembulatan ke {unit}", f"rounded to {unit}")


def _suspended(given: Mapping[str, Any]) -> Said:
    what = ""
    if "quantity" in given:
        what = f"{given['quantity']} > {given['more_than']}: "
    share, until = given["percent"], given["until"]
    if until == "cleared":
        return Said(f"{what}{share} TPP ditahan sampai dipenuhi", f"{what}{share} of TPP withheld until cleared")
    return Said(f"{what}{share} TPP ditunda ke {until}", f"{what}{share} of TPP postponed to {until}")


def _released(given: Mapping[str, Any]) -> Said:
    period = given["period"]
    if "release" not in given:
        return Said(f"TPP {period} yang ditunda", f"TPP of {period}, postponed then")
    why = f"{given['rule']}, {given['release']}"
    return Said(f"TPP {period} yang ditahan, kini dipenuhi ({why})", f"TPP of {period}, held and now cleared ({why})")


def _correction(given: Mapping[str, Any]) -> Said:
    cause, due = given["cause"], rupiah(given["open"])
    limit = f", {given['at_most']} TPP" if "at_most" in given else ""
    return Said(f"{cause}: terbuka {due}{limit}", f"{cause}: open {due}{limit}")


def _share(given: Mapping[str, Any]) -> Said:
    text = f"{given['percent']} x {rupiah(given['tpp'])}"
    return Said(f"{text}, dibayar {given['paid_in']}", f"{text}, paid in {given['paid_in']}")


def _forfeited(given: Mapping[str, Any]) -> Said:
    what, months = f"{rupiah(given['amount'])} TPP {given['period']}", given["months"]
    return Said(f"{what} gugur, {months} bulan tidak dipenuhi", f"{what} forfeited, not cleared in {months} months")


def _contribution(given: Mapping[str, Any]) -> Said:
    if "base" not in given:
        said = Said("jumlah tetap", "a fixed amount")
    else:
        of, text = _SHARE_OF[given.get("of", "tpp")], f"{given['percent']} x {rupiah(given['base'])}"
        said = Said(f"{text} ({_with_limits(of.id, given, 0)})", f"{text} ({_with_limits(of.en, given, 1)})")
    if "shown" not in given:
        return said
    shown = rupiah(given["shown"])
    return Said(f"{said.id} = {shown}, hanya ditampilkan", f"{said.en} = {shown}, shown only")


def _with_limits(of: str, given: Mapping[str, Any], language: int) -> str:
    limits = [
        f"{said[language]} {rupiah(given[name])}"
        for name, said in (
            ("ceiling", ("batas", "ceiling")),
            ("floor", ("sekurangnya", "at least")),
            ("used_on_salary", ("terpakai pada gaji", "salary used")),
        )
        if name in given
    ]
    return ", ".join([of, *limits])


_SHARE_OF = {
    "tpp": Said("TPP", "TPP"),
    "tpp_after_tax": Said("TPP setelah pajak", "TPP after tax"),
    "salary": Said("gaji kotor", "gross salary"),
    "gaji_pokok": Said("gaji pokok", "basic salary"),
    "pension_base": Said("gaji pokok dan tunjangan keluarga", "basic salary and family allowances"),
}


def _tax(given: Mapping[str, Any]) -> Said:
    if "mode" not in given:
        return _tax_of_before(given)
    if "golongan" in given:
        income = _plus(given["base"], given.get("allowance"))
        text = f"final {given['percent']} x {income} (golongan {given['golongan']})"
        return Said(text, text)
    taken = "".join(f" - {rupiah(given[name])}" for name in _TAKEN if name in given)
    if "taxable" in given:
        text = f"Pasal 17: {rupiah(given['year_tax'])}{taken}"
        pkp = f"PKP {rupiah(given['taxable'])}"
        return Said(f"{text} (setahun, {pkp})", f"{text} (over the year, {pkp})")
    income = _plus(given["salary"], given.get("earlier"), given["base"], given.get("allowance"))
    text = f"TER {given['percent']} x {income}{taken}"
    return Said(f"{text} (PTKP {given['ptkp']})", f"{text} (PTKP {given['ptkp']})")


_TAKEN = ("tax_before", "tax_on_salary", "tax_on_earlier")


def _plus(*amounts: str | None) -> str:
    said = [rupiah(amount) for amount in amounts if amount is not None]
    return said[0] if len(said) == 1 else f"({' + '.join(said)})"


def _tax_of_before(given: Mapping[str, Any]) -> Said:
    owed = rupiah(given["owed"])
    if "settled_by" in given:
        return Said(f"{owed} sudah termasuk perhitungan setahun", f"{owed}, part of the year's settlement")
    return Said(f"dari {owed} yang belum terpotong", f"of {owed} not taken before")


def _recovery(given: Mapping[str, Any]) -> Said:
    owed = rupiah(given["owed"])
    return Said(f"dari {owed} yang harus dikembalikan", f"of {owed} owed")


_KINDS: dict[str, Callable[[Mapping[str, Any]], Said]] = {
    "base": _base,
    "part": _part,
    "deduction": _deduction,
    "addition": _addition,
    "floor": _floor,
    "ceiling": _ceiling,
    "rounding": _rounding,
    "suspended": _suspended,
    "released": _released,
    "forfeited": _forfeited,
    "correction": _correction,
    "share": _share,
    "contribution": _contribution,
    "tax": _tax,
    "tax_allowance": _tax,
    "recovery": _recovery,
}


def _result(given: Mapping[str, Any], share: str) -> Said:
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


def _measure(given: Mapping[str, Any]) -> Said:
    return _MEASURES[given["measure"]](given)


def _predikat(given: Mapping[str, Any]) -> Said:
    if given["predikat"]:
        name = given["predikat"].replace("_", " ")
        return Said(f"predikat {name}", f"predikat {name}")
    why = _PREDIKAT_MISSING[given["missing"]]
    return Said(f"belum ada predikat ({why.id})", f"no predikat ({why.en})")


def _rating(given: Mapping[str, Any]) -> Said:
    name, value = given["rating"], given["value"]
    if value is None:
        return Said(f"{name} belum dinilai", f"{name} not rated")
    return Said(f"{name} {value.replace('_', ' ')}", f"{name} {value.replace('_', ' ')}")


def _attendance(given: Mapping[str, Any]) -> Said:
    numbers = f"{given['attended']} / {given['workdays']}"
    return Said(f"hadir {numbers} hari kerja", f"{numbers} workdays attended")


def _staff(given: Mapping[str, Any]) -> Said:
    people = given["people"]
    if not people:
        return Said("tanpa bawahan", "without subordinates")
    return Said(f"rata-rata menit {people} bawahan", f"mean of the minutes of {people} subordinates")


def _minutes(given: Mapping[str, Any]) -> Said:
    numbers = f"{given['minutes']} / {given['target']}"
    return Said(f"{numbers} menit disetujui", f"{numbers} approved minutes")


def _reports(given: Mapping[str, Any]) -> Said:
    numbers = f"{given['count']} / {given['target']}"
    return Said(f"{numbers} laporan", f"{numbers} reports")


def _blend(given: Mapping[str, Any]) -> Said:
    parts = [(one["weight"], one["share"], _measure(one)) for one in given["of"]]
    return Said(
        " + ".join(f"{weight} x {share} ({said.id})" for weight, share, said in parts),
        " + ".join(f"{weight} x {share} ({said.en})" for weight, share, said in parts),
    )


def _segments(given: Mapping[str, Any]) -> Said:
    parts = [(f"{one['start']} - {one['end']}: ", one["share"], _measure(one)) for one in given["segments"]]
    return Said(
        "; ".join(f"{span}{said.id} = {share}" for span, share, said in parts),
        "; ".join(f"{span}{said.en} = {share}" for span, share, said in parts),
    )


_MEASURES: dict[str, Callable[[Mapping[str, Any]], Said]] = {
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
