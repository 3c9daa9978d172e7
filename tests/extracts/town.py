"""A very small delivery to start from, and how to write and read it."""

from __future__ import annotations

from pathlib import Path

from analysis.extracts import Delivery, Notice, read_delivery
from analysis.extracts.delivery import COUNTS

KEY = b"a key for tests only, never used"

FACTS = """
[delivery]
name = "Provleverans"
municipality = "Exempelkommun"
extracted = 2026-01-07
"""

STAFF = """
[[file]]
table = "employments"
path = "staff.csv"
[file.columns]
person = "Anställningsnr"
employment = "Anst"
unit = "Enhet"
aid = "AID"
form = "Form"
rate = "Grad"
start = "Från"
end = "Till"
birth = "Född"
[file.values.form]
"Tillsvidare" = "permanent"
"Vikariat" = "temporary"
"""

EXITS = (
    '\n[[file]]\ntable = "exits"\npath = "exits.csv"\n[file.columns]\nperson = "Nr"\ndate = "Datum"\ncause = "Orsak"\n'
)

HEADER = "Anställningsnr;Anst;Enhet;AID;Form;Grad;Från;Till;Född"
ANNA = "100231;1;d0180;402010;Tillsvidare;1.0;2015-08-10;;1979-03-14"
SPLIT = ANNA.replace("d0180", "d0181")
BO = "100232;1;d0180;403010;Vikariat;0.75;2021-01-01;2025-06-30;1990-11-02"
EVA = "100233;1;d0181;402010;Tillsvidare;0.8;2003-08-01;9999-12-31;1962-01-30"

ORGANISATION = """
[[file]]
table = "organisation"
path = "units.csv"
[file.columns]
unit = "Enhet"
parent = "Överordnad"
level = "Nivå"
name = "Namn"
"""
UNITS = """Enhet;Överordnad;Nivå;Namn
d0100;;avdelning;Förskola
d0180;d0100;enhet;Ängens förskola
d0181;d0100;enhet;Åkerns förskola
"""


def lines(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def write(folder: Path, toml: str, files: dict[str, str | bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "delivery.toml").write_text(toml, encoding="utf-8")
    for name, content in files.items():
        (folder / name).write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return folder


def read(folder: Path, toml: str = FACTS + STAFF, files: dict[str, str | bytes] | None = None) -> Delivery:
    write(folder, toml, {"staff.csv": lines(ANNA, BO, EVA)} if files is None else files)
    return read_delivery(folder, key=KEY)


def staff(folder: Path, *rows: str, toml: str = FACTS + STAFF) -> Delivery:
    return read(folder, toml, {"staff.csv": lines(*rows)})


def account(delivery: Delivery, file: str = "staff.csv") -> dict[str, int]:
    line = delivery.ledger[delivery.ledger["file"] == file].iloc[0].to_dict()
    return {name: line[name] for name in line if name not in ("file", "table")}


def doubts(delivery: Delivery) -> list[Notice]:
    return [each for each in delivery.warnings if isinstance(each, Notice) and each.doubt]


def told(delivery: Delivery, words: str) -> bool:
    return any(words in each for each in delivery.warnings)


def lawful(delivery: Delivery) -> Delivery:
    for line in delivery.ledger.to_dict("records"):
        assert line["read"] == sum(line[name] for name in COUNTS[1:])
    return delivery
