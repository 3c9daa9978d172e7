"""Small pages as an edition publishes them, in two languages, and their downloads read back."""

from __future__ import annotations

from pathlib import Path

from python_calamine import CalamineWorkbook

WITHHELD = '<span class="silent" data-cell="{}" data-status="withheld">{}</span>'
SHOWN = '<data value="{}" data-cell="{}">{}</data>'

UNITS = {
    "exits/d1/total/total": "persons",
    "exits/d1/resignation/total": "persons",
    "leavers/d1/resignation/12m": "persons",
    "sick_leave/d1/total/total": "share",
}


def page(language: str) -> str:
    """A page with a table whose rows stand in another order in English, a share, and a figure in a sentence."""
    swedish = language == "sv"

    def say(sv: str, en: str) -> str:
        return sv if swedish else en

    ahead = say("1 234 (−1 till 2 500)", "1,234 (−1 to 2,500)")
    own = (
        f'<tr><th scope="row">{say("Egen begäran", "Own request")}</th>'
        f"<td>{WITHHELD.format('exits/d1/resignation/total', say('ej redovisat', 'withheld'))}</td>"
        f"<td>{SHOWN.format('1234', 'leavers/d1/resignation/12m', ahead)}</td></tr>"
    )
    every = (
        f'<tr><th scope="row">{say("Totalt", "All")}</th><td>{SHOWN.format("60", "exits/d1/total/total", "60")}</td>'
        f"<td>{say('saknas', 'missing')}</td></tr>"
    )
    rows = own + every if swedish else every + own
    sick = SHOWN.format("7.6", "sick_leave/d1/total/total", say("7,6 %", "7.6%"))
    return f"""<!DOCTYPE html><html lang="{language}"><head><title>{say("Norr", "North")}</title></head><body>
<main><h1>{say("Norr", "North")}</h1><section class="screen"><h2>{say("Personalen", "The staff")}</h2>
<div class="listing"><table id="p1-table"><caption>{say("=De som slutar", "=Leavers")}</caption>
<thead><tr><th scope="col">{say("Orsak", "Cause")}</th><th scope="col">{say("Slutade", "Left")}</th>
<th scope="col">{say("Väntas sluta", "Expected")}</th></tr></thead><tbody>{rows}</tbody></table>
<p class="quiet">{say("En anmärkning", "A note")}</p></div></section>
<ul><li><h3>{say("Sjukfrånvaro", "Sick leave")}</h3><p class="value">{sick}</p></li></ul></main></body></html>"""


def read_back(path: Path) -> dict[str, list[list[object]]]:
    """Every sheet of a workbook as rows of what stands in its cells."""
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python(False) for name in book.sheet_names}
