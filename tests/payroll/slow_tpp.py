"""TPP of the two example policies, computed slowly and plainly: the oracle for `evaluate`.

Shares no code and no figure with services.payroll.rules; it only reads the fields of `Facts`. Every amount is
a Fraction until the policy rounds it.
"""

from fractions import Fraction
from math import floor

BK = [1000, 1100, 1200, 1300, 1500, 1700, 1875, 2200, 2500, 2900, 3500, 4500, 6000, 8000, 12000]
PK = [600, 660, 720, 780, 900, 1000, 1125, 1300, 1500, 1700, 2100, 2700, 3600, 4800, 7200]
SAMARINDA = [1500, 1700, 1900, 2100, 2600, 3000, 3400, 4000, 4800, 6000, 7200, 8900, 10500, 13000, 18000]
# upper bound in thousands : rate in percent; above the last bound the highest rate
TER = {
    "A": """
        5400:0 5650:0.25 5950:0.5 6300:0.75 6750:1 7500:1.25 8550:1.5 9650:1.75 10050:2 10350:2.25
        10700:2.5 11050:3 11600:3.5 12500:4 13750:5 15100:6 16950:7 19750:8 24150:9 26450:10 28000:11
        30050:12 32400:13 35400:14 39100:15 43850:16 47800:17 51400:18 56300:19 62200:20 68600:21
        77500:22 89000:23 103000:24 125000:25 157000:26 206000:27 337000:28 454000:29 550000:30
        695000:31 910000:32 1400000:33
    """,
    "B": """
        6200:0 6500:0.25 6850:0.5 7300:0.75 9200:1 10750:1.5 11250:2 11600:2.5 12600:3 13600:4 14950:5
        16400:6 18450:7 21850:8 26000:9 27700:10 29350:11 31450:12 33950:13 37100:14 41100:15 45800:16
        49500:17 53800:18 58500:19 64000:20 71000:21 80000:22 93000:23 109000:24 129000:25 163000:26
        211000:27 374000:28 459000:29 555000:30 704000:31 957000:32 1405000:33
    """,
    "C": """
        6600:0 6950:0.25 7350:0.5 7800:0.75 8850:1 9800:1.25 10950:1.5 11200:1.75 12050:2 12950:3
        14150:4 15550:5 17050:6 19500:7 22700:8 26600:9 28100:10 30100:11 32600:12 35400:13 38900:14
        43000:15 47400:16 51200:17 55800:18 60400:19 66700:20 74500:21 83200:22 95600:23 110000:24
        134000:25 169000:26 221000:27 390000:28 463000:29 561000:30 709000:31 965000:32 1419000:33
    """,
}
CATEGORY = {"TK/0": "A", "TK/1": "A", "K/0": "A", "TK/2": "B", "TK/3": "B", "K/1": "B", "K/2": "B", "K/3": "C"}
PTKP = {
    "TK/0": 54000,
    "TK/1": 58500,
    "TK/2": 63000,
    "TK/3": 67500,
    "K/0": 58500,
    "K/1": 63000,
    "K/2": 67500,
    "K/3": 72000,
}
LAYERS = [(60_000, 5), (250_000, 15), (500_000, 25), (5_000_000, 30), (10**12, 35)]
FINAL = {"I": 0, "II": 0, "III": 5, "IV": 15}
PPPK = dict.fromkeys(["I", "II", "III", "IV", "V", "VI", "VII", "VIII"], 0)
PPPK |= dict.fromkeys(["IX", "X", "XI", "XII"], 5) | dict.fromkeys(["XIII", "XIV", "XV", "XVI", "XVII"], 15)
PREDIKAT = {"sangat_baik": 100, "baik": 100, "butuh_perbaikan": 90, "kurang": 75, "sangat_kurang": 50}
JAMBI_LATE = [(30, "1/2"), (60, "1"), (90, "5/4"), (10**9, "3/2")]
SAMARINDA_LATE = [(30, "5/2"), (60, "3"), (90, "4"), (10**9, "5")]


def slow_net(policy_name, facts):
    """The amounts of one employee by policy name ("jambi-kind", "samarinda-kind"), in whole rupiah."""
    return {"jambi-kind": _jambi, "samarinda-kind": _samarinda}[policy_name](facts)


def _half_up(amount):
    return floor(amount + Fraction(1, 2))


def _percent(number):
    return Fraction(number) / 100


def _events(facts):
    """Every countable thing of the month as (name, minutes, kind, day)."""
    found = []
    for day in facts.attendance:
        if day.duty:
            continue
        if day.absence:
            found.append(("absent", 0, day.absence, day.work_date))
        elif day.leave:
            found.append(("leave", 0, day.leave, day.work_date))
        else:
            for name, minutes in (("late", day.late_minutes), ("early", day.early_minutes), ("out", day.out_minutes)):
                if minutes:
                    found.append((name, minutes, "", day.work_date))
            for name, missing in (("missing_in", day.missing_in), ("missing_out", day.missing_out)):
                if missing:
                    found.append((name, 0, "", day.work_date))
        found.extend(("apel", 0, kind, day.work_date) for kind in day.apel_missed)
    for exemption in facts.exemptions:
        found = [
            one for one in found if not (one[0] in exemption.covers and exemption.start <= one[3] <= exemption.end)
        ]
    return found


def _tier(table, minutes):
    return next(_percent(Fraction(cut)) for top, cut in table if minutes <= top)


def _count(events, name):
    return sum(1 for one in events if one[0] == name)


def _penalties(facts, lengths):
    """How many penalties cut this month, by kind with its length in months."""
    for penalty in facts.penalties:
        start = penalty.effective_from.year * 12 + penalty.effective_from.month
        now = facts.start.year * 12 + facts.start.month
        if penalty.kind in lengths and penalty.effective_from <= facts.end and 0 <= now - start < lengths[penalty.kind]:
            yield penalty.kind


def _base(facts, table, nobody, share_of_cpns):
    amount = Fraction(0)
    higher = _acting(facts, "higher") if share_of_cpns is not None else None
    for segment in facts.segments:
        kelas = higher.kelas if higher else segment.kelas
        part = Fraction(table[kelas - 1] * 1000 if kelas <= len(table) else 0)
        weight = Fraction(min(segment.workdays, facts.workdays), facts.workdays)
        part *= weight
        for flags in nobody:
            if set(flags) & {*facts.employee.flags, *segment.flags}:
                part = Fraction(0)
        if share_of_cpns is not None and facts.employee.status_asn == "CPNS":
            part *= share_of_cpns
        amount += part if weight == 1 else _half_up(part)
    return amount


def _acting(facts, level):
    fitting = [one for one in facts.acting if one.capacity == "Plt" and one.level == level and one.workdays >= 20]
    return max(fitting, key=lambda one: (one.workdays, one.kelas, one.id), default=None)


def _jambi(facts):
    events = _events(facts)
    nobody = (["tugas_belajar"], ["mpp"])
    bases = {"BK": _base(facts, BK, nobody, _percent(80)), "PK": _base(facts, PK, nobody, _percent(80))}
    both = sum((_tier(JAMBI_LATE, one[1]) for one in events if one[0] in ("late", "early")), Fraction(0))
    both += _percent("3/2") * (_count(events, "missing_in") + _count(events, "missing_out"))
    both += _percent(3) * (_count(events, "absent") + _count(events, "leave"))
    apel = _count(events, "apel")
    discipline = both + _percent(2) * apel + (1 if apel >= 28 else 0)
    result = _percent(PREDIKAT[facts.predikat] if facts.predikat else _unrated(facts))
    if facts.employee.is_supervisor and not facts.employee.assessed_staff:
        result -= _percent(5)
    criteria = {
        code: [
            _half_up(base * _percent(60) * result * max(0, 1 - both)),
            _half_up(base * _percent(40) * max(0, 1 - discipline)),
        ]
        for code, base in bases.items()
    }
    tpp = sum(map(sum, criteria.values()))
    for kind, months in (("sedang_6", 6), ("sedang_9", 9), ("sedang_12", 12)):
        number = len(list(_penalties(facts, {kind: months})))
        tpp -= min(tpp, _half_up(tpp * _percent(25) * number))
    same = _acting(facts, "same")
    if same and any(bases.values()):
        tpp += _half_up(_percent(20) * 1000 * (BK[same.kelas - 1] + PK[same.kelas - 1]))
    flags = {*facts.employee.flags, *(flag for one in facts.segments for flag in one.flags)}
    suspended = tpp if "lhkpn_belum" in flags else 0
    return _settled(facts, tpp, suspended, _jambi_tax)


def _unrated(facts):
    reason = facts.predikat_missing or ("supervisor_silent" if facts.plan_exists else "no_plan")
    return {"no_plan": 40, "supervisor_silent": 100, "not_due": 100}[reason]


def _jambi_tax(facts, payable):
    ptkp = facts.employee.ptkp
    if facts.tax_year is not None:
        year = facts.tax_year
        gross = year.gross_before + facts.salary.gross + facts.earlier.gross + payable
        untaxed = year.pension + facts.salary.pension + year.zakat + facts.salary.zakat
        rest = gross - min(gross * _percent(5), 500_000 * year.months) - untaxed - PTKP[ptkp] * 1000
        taxable, tax, below = max(0, floor(rest / 1000)), Fraction(0), 0
        for top, rate in LAYERS:
            tax += max(0, min(taxable, top) - below) * 1000 * _percent(rate)
            below = top
        due = _half_up(tax) - year.tax_before - facts.salary.tax - facts.earlier.tax
        return max(due, -year.tpp_tax_before - facts.earlier.tax)
    gross = facts.salary.gross + facts.earlier.gross + payable
    rate = _percent(34)
    for row in TER[CATEGORY[ptkp]].split():
        top, percent = row.split(":")
        if gross <= int(top) * 1000:
            rate = _percent(percent)
            break
    return max(0, _half_up(gross * rate) - facts.salary.tax - facts.earlier.tax)


def _samarinda(facts):
    events = _events(facts)
    base = _base(facts, SAMARINDA, (["tugas_belajar", "mpp", "diberhentikan_sementara"],), None)
    done = sum(one.minutes for one in facts.activities if one.kind == "tusi")
    result = min(Fraction(1), Fraction(done, 300 * facts.workdays))
    cut = sum((_tier(SAMARINDA_LATE, one[1]) for one in events if one[0] in ("late", "early")), Fraction(0))
    missing = _count(events, "missing_in") + _count(events, "missing_out")
    hours = sum(-(-one[1] // 60) for one in events if one[0] == "out")
    cut += _percent(6 * missing + 7 * _count(events, "absent") + 3 * _count(events, "apel"))
    cut += _percent("5/2") * hours
    exact = max(Fraction(0), base * result - base * min(Fraction(1), cut))
    number = len(list(_penalties(facts, {"sedang_6": 6})))
    exact -= min(exact, exact * _percent(25) * number)
    tpp = _half_up(exact)
    same = _acting(facts, "same")
    if same and base:
        tpp += _half_up(_percent(20) * 1000 * SAMARINDA[same.kelas - 1])
    minutes = sum(one[1] for one in events if one[0] in ("late", "early")) + 120 * missing
    return _settled(facts, tpp, tpp if minutes > 780 else 0, _final_tax)


def _final_tax(facts, payable):
    employee = facts.employee
    table = PPPK if employee.status_asn == "PPPK" else FINAL
    rate = table[employee.golongan.split("/")[0]]
    return _half_up(payable * _percent(rate))


def _settled(facts, tpp, suspended, tax_of):
    payable = tpp - suspended + sum(one.amount for one in facts.carried)
    base = min(payable, max(0, 12_000_000 - facts.salary.bpjs_base - facts.earlier.bpjs_base))
    employer, employee = _half_up(base * _percent(4)), _half_up(base * _percent(1))
    tax = min(tax_of(facts, payable), payable - employee)
    left = payable - employee - tax
    recovered = 0
    for one in sorted(facts.recoveries, key=lambda one: one.id):
        settled = one.kind == "tax" and tax_of is _jambi_tax and facts.tax_year is not None
        taken = 0 if settled else min(left, one.amount)
        left -= taken
        if one.kind == "tax":
            tax += taken
        else:
            recovered += taken
    return {
        "tpp": tpp,
        "suspended": suspended,
        "payable": payable,
        "gross": payable + employer,
        "contributions": employer + employee,
        "tax": tax,
        "recovered": recovered,
        "net": left,
    }
