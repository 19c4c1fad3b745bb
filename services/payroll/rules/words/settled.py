"""The lines between TPP and the net amount, in words: withheld, corrected, contributed, taxed, taken back."""

from services.payroll.rules.words.said import Given, Said, Sayer, rupiah


def _suspended(given: Given) -> Said:
    what = ""
    if "quantity" in given:
        what = f"{given['quantity']} > {given['more_than']}: "
    share, until = given["percent"], given["until"]
    if until == "cleared":
        return Said(f"{what}{share} TPP ditahan sampai dipenuhi", f"{what}{share} of TPP withheld until cleared")
    return Said(f"{what}{share} TPP ditunda ke {until}", f"{what}{share} of TPP postponed to {until}")


def _released(given: Given) -> Said:
    period = given["period"]
    if "release" not in given:
        return Said(f"TPP {period} yang ditunda", f"TPP of {period}, postponed then")
    why = f"{given['rule']}, {given['release']}"
    return Said(f"TPP {period} yang ditahan, kini dipenuhi ({why})", f"TPP of {period}, held and now cleared ({why})")


def _correction(given: Given) -> Said:
    cause, due = given["cause"], rupiah(given["open"])
    limit = f", {given['at_most']} TPP" if "at_most" in given else ""
    return Said(f"{cause}: terbuka {due}{limit}", f"{cause}: open {due}{limit}")


def _forfeited(given: Given) -> Said:
    what, months = f"{rupiah(given['amount'])} TPP {given['period']}", given["months"]
    return Said(f"{what} gugur, {months} bulan tidak dipenuhi", f"{what} forfeited, not cleared in {months} months")


def _contribution(given: Given) -> Said:
    if "base" not in given:
        said = Said("jumlah tetap", "a fixed amount")
    else:
        of, text = _SHARE_OF[given.get("of", "tpp")], f"{given['percent']} x {rupiah(given['base'])}"
        said = Said(f"{text} ({_with_limits(of.id, given, 0)})", f"{text} ({_with_limits(of.en, given, 1)})")
    for one in given.get("months", ()):
        said = Said(f"{said.id} + {_of_month(one, 0)}", f"{said.en} + {_of_month(one, 1)}")
    if "shown" not in given:
        return said
    shown = rupiah(given["shown"])
    return Said(f"{said.id} = {shown}, hanya ditampilkan", f"{said.en} = {shown}, shown only")


def _of_month(given: Given, language: int) -> str:
    """What a correction adds, by the figures of the month that is corrected."""
    said = _with_limits(f"{('koreksi', 'correction')[language]} {given['period']}", given, language)
    return f"{given['percent']} x {rupiah(given['base'])} ({said}{_law(given)})"


def _law(given: Given) -> str:
    return f", {given['article']}" if "article" in given else ""


def _with_limits(of: str, given: Given, language: int) -> str:
    limits = [
        f"{said[language]} {rupiah(given[name])}"
        for name, said in (
            ("ceiling", ("batas", "ceiling")),
            ("floor", ("sekurangnya", "at least")),
            ("used_on_salary", ("terpakai pada gaji", "salary used")),
            ("used", ("terpakai", "used")),
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


def _tax(given: Given) -> Said:
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


def _tax_of_before(given: Given) -> Said:
    owed = rupiah(given["owed"])
    if "settled_by" in given:
        return Said(f"{owed} sudah termasuk perhitungan setahun", f"{owed}, part of the year's settlement")
    return Said(f"dari {owed} yang belum terpotong", f"of {owed} not taken before")


def _recovery(given: Given) -> Said:
    owed = rupiah(given["owed"])
    return Said(f"dari {owed} yang harus dikembalikan", f"of {owed} owed")


LINES: dict[str, Sayer] = {
    "suspended": _suspended,
    "released": _released,
    "forfeited": _forfeited,
    "correction": _correction,
    "contribution": _contribution,
    "tax": _tax,
    "tax_allowance": _tax,
    "recovery": _recovery,
}
