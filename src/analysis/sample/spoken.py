"""The words of the sample's files for kinds, steps, courses and states: Swedish, as payroll offices write them."""

from __future__ import annotations

COMPONENTS = {"available": "Tillgänglig tid", "service": "Verksamhet", "support": "Stöd", "individual": "Enskilda"}


END_REASONS = {"filled": "Tillsatt", "withdrawn": "Avbruten", "": ""}


KINDS = {"children": "Barn", "pupils": "Elever", "users": "Brukare"}


LICENCES = {
    "teacher_licence": "Lärarlegitimation",
    "preschool_licence": "Förskollärarlegitimation",
    "nurse_licence": "Sjuksköterskelegitimation",
    "assistant_nurse_title": "Undersköterska, skyddad yrkestitel",
}


LADDERS = {
    "it_ladder": "Kompetenstrappa IT",
    "social_ladder": "Kompetenstrappa socialtjänst",
    "childcare_ladder": "Kompetenstrappa barnskötare",
    "care_levels": "Kompetensnivåer vård och omsorg",
}


COMPETENCES = {
    "sprakombud": "Språkombud",
    "handledare": "Handledarutbildning",
    "silviasyster": "Silviasyster",
    "specialist_usk": "Specialistundersköterska",
    "mi": "Motiverande samtal (MI)",
    "lagaffektivt": "Lågaffektivt bemötande",
}


QUALIFIED = {"qualified": "Legitimation eller skyddad titel"}


COURSES = {
    "hot_och_vald": "Hot och våld i nära relationer",
    "chefsprogram": "Kommungemensamt chefsprogram",
    "barnskotare_forskollarare": "Barnskötare till förskollärare",
}


PLAN = {
    "activity": "Id", "area": "Område", "goal": "Mål", "objective": "Nämndmål", "assignment": "Uppdrag",
    "text": "Aktivitet", "boards": "Nämnd", "due": "Slutfört", "responsible": "Ansvarig",
    "coordinator": "Samordning", "indicator": "Indikator", "status": "Status", "duplicate_of": "Dubblett av",
    "strategy": "Strategi",
}  # fmt: skip


PLAN_STATUS = {"planned": "Planerad", "ongoing": "Pågår", "done": "Klar"}
