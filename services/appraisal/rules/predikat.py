"""How two ratings become a predikat: the quadrant of PermenPANRB 6/2022, held as dated data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shared.errors import Refused
from shared.words import Predikat, Rating


@dataclass(frozen=True, slots=True)
class Matrix:
    """(hasil kerja, perilaku kerja) -> predikat, for periods that end on `effective_from` or later."""

    effective_from: date
    source: str
    cells: Mapping[tuple[Rating, Rating], Predikat]

    def __post_init__(self) -> None:
        missing = [(hasil, perilaku) for hasil in Rating for perilaku in Rating if (hasil, perilaku) not in self.cells]
        if missing:
            raise ValueError(f"the matrix of {self.effective_from} has no cell for {missing}")


MATRICES: tuple[Matrix, ...] = (
    Matrix(
        effective_from=date(2022, 2, 18),
        source="PermenPANRB 6/2022, kuadran predikat kinerja pegawai",
        cells={
            (Rating.DI_ATAS, Rating.DI_ATAS): Predikat.SANGAT_BAIK,
            (Rating.DI_ATAS, Rating.SESUAI): Predikat.BAIK,
            (Rating.DI_ATAS, Rating.DI_BAWAH): Predikat.KURANG,
            (Rating.SESUAI, Rating.DI_ATAS): Predikat.BAIK,
            (Rating.SESUAI, Rating.SESUAI): Predikat.BAIK,
            (Rating.SESUAI, Rating.DI_BAWAH): Predikat.KURANG,
            (Rating.DI_BAWAH, Rating.DI_ATAS): Predikat.BUTUH_PERBAIKAN,
            (Rating.DI_BAWAH, Rating.SESUAI): Predikat.BUTUH_PERBAIKAN,
            (Rating.DI_BAWAH, Rating.DI_BAWAH): Predikat.SANGAT_KURANG,
        },
    ),
)


def matrix_on(day: date, matrices: Sequence[Matrix] = MATRICES) -> Matrix:
    """The matrix in force on a day. Raises Refused before the first."""
    begun = [matrix for matrix in matrices if matrix.effective_from <= day]
    if not begun:
        raise Refused(f"no matrix of predikat was in force on {day}: PermenPANRB 6/2022 came later")
    return max(begun, key=lambda matrix: matrix.effective_from)


def predikat(matrix: Matrix, hasil_kerja: Rating, perilaku_kerja: Rating) -> Predikat:
    """PermenPANRB 6/2022, kuadran predikat kinerja pegawai."""
    return matrix.cells[hasil_kerja, perilaku_kerja]
