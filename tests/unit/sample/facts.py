"""What the annual report of 2021 prints, copied once more and independently of the generator's own data."""

LINES = {"external": 38, "first": 90, "second": 124}
NATURES = {"question": 26, "report": 11, "complaint": 214, "compliment": 1}
LINE_NATURES = {
    ("external", "complaint"): 30, ("external", "report"): 2, ("external", "question"): 6,
    ("first", "complaint"): 60, ("first", "report"): 9, ("first", "question"): 20, ("first", "compliment"): 1,
    ("second", "complaint"): 124,
}  # fmt: skip
MONTHS = {
    "01": 25, "02": 20, "03": 28, "04": 27, "05": 16, "06": 19, "07": 15, "08": 25, "09": 29, "10": 20, "11": 8,
    "12": 20,
}  # fmt: skip
LINE_MONTHS = {
    "external": (4, 2, 5, 4, 1, 4, 3, 1, 3, 3, 1, 7),
    "first": (8, 8, 10, 7, 6, 8, 4, 9, 12, 8, 4, 6),
    "second": (13, 10, 13, 16, 9, 7, 8, 15, 14, 9, 3, 7),
}
CHANNELS = {"email": 129, "web_form": 75, "phone": 31, "visit": 17}
LINE_CHANNELS = {
    ("external", "email"): 15, ("external", "web_form"): 7, ("external", "phone"): 13, ("external", "visit"): 3,
    ("first", "email"): 56, ("first", "web_form"): 29, ("first", "phone"): 4, ("first", "visit"): 1,
    ("second", "email"): 58, ("second", "web_form"): 39, ("second", "phone"): 14, ("second", "visit"): 13,
}  # fmt: skip
DISTRICTS = {
    "leuven": 88, "kessel_lo": 37, "heverlee": 35, "wilsele": 12, "wijgmaal": 5, "elsewhere": 38, "unknown": 37,
}  # fmt: skip
DOSSIER_DISTRICTS = {
    "leuven": 43, "kessel_lo": 24, "heverlee": 17, "wilsele": 7, "wijgmaal": 3, "elsewhere": 21, "unknown": 9,
}  # fmt: skip
REFERRAL_ROWS = {
    ("federale_ombudsman", "ombudsman_energie", "consumentenombudsdienst", "ombudsrail"): 17,
    ("unia", "ecowerf"): 8,
    ("dijledal",): 4,
    ("sociale_dienstverlening",): 4,
    ("fluvius", "wegen_en_verkeer"): 3,
    ("juridische_hulp",): 1,
    ("andere_gemeente",): 1,
}
FIRST_LINE_PERCENTAGES = {
    "openbaar_domein": 23, "allerlei": 17, "politie": 13, "ruimtelijke_ontwikkeling": 10, "financien": 7,
    "samenleving": 6, "sport": 6, "ocmw": 6, "beleid": 6, "andere_directies": 3, "burgerzaken": 2,
    "veiligheid_preventie": 2,
}  # fmt: skip
DOSSIER_DIRECTORATES = {
    "politie": 28, "openbaar_domein": 25, "financien": 16, "ruimtelijke_ontwikkeling": 16, "burgerzaken": 12,
    "allerlei": 9, "samenleving": 4, "veiligheid_preventie": 4, "ocmw": 4, "communicatie": 2, "agsl": 1,
    "gebouwen": 1, "sport": 1, "dierenwelzijn": 1,
}  # fmt: skip
QUALIFICATIONS = {"founded": 27, "unfounded": 48, "partly_founded": 23, "no_judgement": 26}
SERVICE_QUALIFICATIONS = {
    ("gas_verkeer", "partly_founded"): 1, ("gas_verkeer", "unfounded"): 3,
    ("burgerlijke_stand", "unfounded"): 2,
    ("contactbeheer", "founded"): 2, ("contactbeheer", "partly_founded"): 1, ("contactbeheer", "unfounded"): 5,
    ("niet_belgen", "unfounded"): 2,
    ("evenementen", "unfounded"): 2,
    ("debiteurenbeheer", "partly_founded"): 1, ("debiteurenbeheer", "unfounded"): 9,
    ("belastingen", "founded"): 1, ("belastingen", "partly_founded"): 1, ("belastingen", "no_judgement"): 2,
    ("belastingen", "unfounded"): 2,
    ("groen", "founded"): 4, ("groen", "partly_founded"): 1, ("groen", "no_judgement"): 1,
    ("afvalbeheer", "founded"): 2, ("afvalbeheer", "partly_founded"): 2,
    ("rioolbeheer", "founded"): 2,
    ("wegbeheer", "founded"): 4, ("wegbeheer", "partly_founded"): 1, ("wegbeheer", "unfounded"): 1,
    ("signalisatie", "unfounded"): 1,
    ("studiedienst", "founded"): 4, ("studiedienst", "partly_founded"): 1, ("studiedienst", "unfounded"): 1,
    ("staf_gebouwen", "unfounded"): 1,
    ("bouwen", "founded"): 1, ("bouwen", "partly_founded"): 3, ("bouwen", "unfounded"): 4,
    ("wonen", "partly_founded"): 4, ("wonen", "unfounded"): 1,
    ("milieu", "no_judgement"): 1, ("milieu", "unfounded"): 1,
    ("duurzaamheid", "founded"): 1,
    ("sport", "founded"): 1,
    ("dierenwelzijn", "unfounded"): 1,
    ("sociale_zaken", "unfounded"): 1,
    ("gebiedsgerichte_werking", "partly_founded"): 3,
    ("ocmw", "partly_founded"): 1, ("ocmw", "unfounded"): 3,
    ("agsl", "founded"): 1,
    ("verkeer", "partly_founded"): 2,
    ("vergunningen", "partly_founded"): 1, ("vergunningen", "no_judgement"): 1,
    ("fietscentrale", "unfounded"): 1,
    ("interne_controle_politie", "founded"): 3, ("interne_controle_politie", "no_judgement"): 13,
    ("interne_controle_politie", "unfounded"): 1,
    ("algemeen_politie", "no_judgement"): 4, ("algemeen_politie", "unfounded"): 1,
    ("wijkpolitie", "founded"): 1,
    ("allerlei", "no_judgement"): 4, ("allerlei", "unfounded"): 5,
}  # fmt: skip
INTERVENTIONS = {"mediation": 52, "information": 56, "other, apologies included": 16}
FOUNDED_INTERVENTIONS = {"mediation": 40, "information": 1, "apology": 9}
OUTCOMES = {"resolved": 51, "partly_resolved": 2, "not_resolved": 12, "not_applicable": 59}
FOUNDED_OUTCOMES = {"resolved": 42, "not_resolved": 8}
TOPICS = {
    "no_answer_or_unclear_information": 28, "unfriendliness_or_misunderstanding": 13,
    "retributions_resident_parking_fines": 19, "taxes": 6, "various_discussions": 6,
}  # fmt: skip
TOPIC_PERCENTAGES = {"signage_or_dangerous_situation": 0, "sewers_waste_green": 1}
