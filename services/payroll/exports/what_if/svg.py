"""A small writer of SVG: text, bars, lines. Every text is escaped; the same drawing gives the same bytes."""

import re
from dataclasses import dataclass, field
from html import escape

INK, FAINT = "#1a1a1a", "#595959"
_FONT = "font-family=\"system-ui, 'Segoe UI', 'Noto Sans', Arial, sans-serif\""
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _safe(words: str) -> str:
    return escape(_NOT_XML.sub("", words))


@dataclass
class Drawing:
    """A drawing that grows downwards. `title` and `desc` are what a screen reader tells of it."""

    width: int
    title: str
    desc: str
    _drawn: list[str] = field(default_factory=list)

    def text(
        self, x: int, y: int, words: str, *, size: int = 13, bold: bool = False, anchor: str = "start", ink: str = INK
    ) -> None:
        """Words with their baseline at y. `anchor`: start, middle or end of them at x."""
        weight = ' font-weight="600"' if bold else ""
        place = f'x="{x}" y="{y}" text-anchor="{anchor}"'
        self._drawn.append(f'<text {place} font-size="{size}" fill="{ink}"{weight}>{_safe(words)}</text>')

    def bar(self, x: int, y: int, *, width: int, height: int, fill: str, told: str) -> None:
        """A rectangle; `told` is what it says when it is pointed at or read aloud."""
        self._drawn.append(
            f'<rect x="{x}" y="{y}" width="{max(0, width)}" height="{height}" fill="{fill}">'
            f"<title>{_safe(told)}</title></rect>"
        )

    def line(self, x: int, top: int, bottom: int) -> None:
        """A faint vertical axis."""
        self._drawn.append(f'<line x1="{x}" y1="{top}" x2="{x}" y2="{bottom}" stroke="#bbbbbb" stroke-width="1"/>')

    def svg(self, height: int) -> bytes:
        """The whole document, UTF-8."""
        head = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{height}" '
            f'viewBox="0 0 {self.width} {height}" role="img" aria-labelledby="title desc" {_FONT}>\n'
            f'<title id="title">{_safe(self.title)}</title>\n<desc id="desc">{_safe(self.desc)}</desc>\n'
            f'<rect width="{self.width}" height="{height}" fill="#ffffff"/>\n'
        )
        return (head + "\n".join(self._drawn) + "\n</svg>\n").encode()
