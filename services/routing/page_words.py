"""What a coordinator reads on the page, in Dutch and English."""

from shared.contracts.identifiers import EarlierResult, HandledBy, Line, Nature
from shared.profiles.label import Label

WORDS = {
    "title": Label(nl="Proefbericht: wie krijgt het?", en="Try a message: who gets it?"),
    "skip": Label(nl="Naar het bericht", en="Skip to the message"),
    "other": Label(nl="English", en="Nederlands"),
    "links": Label(nl="Taal", en="Language"),
    "nothing_kept": Label(
        nl="Er wordt niets bewaard, genummerd of doorgestuurd: dit toont alleen hoe er beslist zou worden.",
        en="Nothing is kept, numbered or passed on: this only shows what would be decided.",
    ),
    "organisation": Label(nl="Organisatie", en="Organisation"),
    "show": Label(nl="Tonen", en="Show"),
    "message": Label(nl="Het bericht", en="The message"),
    "subject": Label(nl="Onderwerp (mag leeg blijven)", en="Subject (may be left out)"),
    "text": Label(nl="Tekst", en="Text"),
    "stated": Label(nl="Wat er al van bekend is (mag leeg blijven)", en="What is known of it (may be left out)"),
    "channel": Label(nl="Kanaal", en="Channel"),
    "nature": Label(nl="Aard", en="Nature"),
    "not_stated": Label(nl="niet opgegeven", en="not stated"),
    "service": Label(nl="Dienst", en="Service"),
    "earlier": Label(nl="Eerder bij de dienst geweest", en="Went to the service before"),
    "no": Label(nl="nee", en="no"),
    "yes": Label(nl="ja", en="yes"),
    "received_on": Label(nl="Ontvangen op", en="Received on"),
    "facts_on": Label(nl="Wanneer het gebeurde", en="When it happened"),
    "legal_proceedings": Label(nl="Loopt bij een rechtbank", en="Before a court"),
    "anonymous": Label(nl="Anoniem", en="Anonymous"),
    "anonymous_towards_service": Label(nl="Onbekend blijven voor de dienst", en="To stay unknown to the service"),
    "repeated": Label(nl="Kwam hier al eerder mee", en="Came with this before"),
    "decide": Label(nl="Beslissing tonen", en="Show the decision"),
    "mend": Label(nl="Verbeter eerst dit:", en="Please correct this first:"),
    "learning": Label(
        nl="Het lezen van teksten wordt nog geleerd. Probeer het over enkele seconden opnieuw.",
        en="Reading texts is still being learnt. Try again in a few seconds.",
    ),
    "decision": Label(nl="De beslissing", en="The decision"),
    "review": Label(nl="Een medewerker kijkt dit na", en="A person looks at this"),
    "certain": Label(nl="Gaat zonder nazicht door", en="Goes on without a review"),
    "undecided": Label(nl="Open of twijfelachtig", en="Open or doubtful"),
    "line": Label(nl="Lijn", en="Line"),
    "handled_by": Label(nl="Wie het behandelt", en="Who deals with it"),
    "directorate": Label(nl="Directie", en="Directorate"),
    "other_directorates": Label(nl="Ook betrokken", en="Also concerned"),
    "external_body": Label(nl="Doorverwijzen naar", en="Refer to"),
    "contact": Label(nl="Te bereiken via", en="Reached by"),
    "no_contact": Label(nl="Geen contactgegevens in het profiel", en="No contact data in the profile"),
    "exclusion_grounds": Label(nl="Uitsluitingsgronden", en="Grounds of exclusion"),
    "none": Label(nl="geen", en="none"),
    "open": Label(nl="open", en="open"),
    "confidence": Label(nl="Zekerheid", en="Confidence"),
    "guesses": Label(nl="Wat het kan zijn", en="What it might be"),
    "question": Label(nl="Vraag", en="Question"),
    "answer": Label(nl="Antwoord", en="Answer"),
    "likely": Label(nl="Kans", en="Probability"),
    "reasons": Label(nl="Waarom", en="Why"),
    "rule": Label(nl="Regel", en="Rule"),
    "evidence": Label(nl="Op grond van", en="Resting on"),
    "source": Label(nl="Bron", en="Source"),
    "weighed": Label(nl="Woorden die wogen", en="Words that weighed"),
    "weighed_none": Label(
        nl="De tekst is voor deze organisatie niet gelezen; alleen wat is opgegeven telt.",
        en="The text was not read for this organisation; only what is stated counts.",
    ),
    "weighed_few": Label(nl="Geen enkel woord alleen gaf de doorslag.", en="No word by itself turned the scale."),
    "versions": Label(nl="Beslist met", en="Decided with"),
    "profile_version": Label(nl="Profiel", en="Profile"),
    "model_version": Label(nl="Tekstmodel", en="Text model"),
    "without_model": Label(nl="zonder tekstmodel", en="without a text model"),
}
NATURES = {
    Nature.QUESTION: Label(nl="Vraag", en="Question"),
    Nature.REPORT: Label(nl="Melding", en="Report"),
    Nature.COMPLAINT: Label(nl="Klacht", en="Complaint"),
    Nature.SUGGESTION: Label(nl="Suggestie", en="Suggestion"),
    Nature.COMPLIMENT: Label(nl="Compliment", en="Compliment"),
}
LINES = {
    Line.EXTERNAL: Label(nl="Extern: voor een andere instantie", en="External: another body's"),
    Line.FIRST: Label(nl="Eerste lijn: de dienst zelf", en="First line: the service itself"),
    Line.SECOND: Label(nl="Tweede lijn: na de dienst", en="Second line: after the service"),
}
HANDLERS = {
    HandledBy.SERVICE: Label(nl="De dienst", en="The service"),
    HandledBy.COMPLAINTS_COORDINATION: Label(nl="De klachtencoördinatie", en="The complaints coordination"),
    HandledBy.OMBUDS_SERVICE: Label(nl="De ombudsdienst", en="The ombuds service"),
    HandledBy.EXTERNAL_BODY: Label(nl="De andere instantie", en="The other body"),
}
RESULTS = {
    EarlierResult.NO_ANSWER: Label(nl="ja, zonder antwoord", en="yes, without an answer"),
    EarlierResult.LATE_ANSWER: Label(nl="ja, laat antwoord", en="yes, a late answer"),
    EarlierResult.DISSATISFIED: Label(nl="ja, antwoord bevredigt niet", en="yes, an answer that does not satisfy"),
}
RULES = {
    "text_was_read": Label(nl="De tekst is gelezen", en="The text was read"),
    "code_not_in_profile": Label(
        nl="Een code staat niet op de lijsten van die dag", en="A code is not on the lists of that day"
    ),
}
"""What stands among the reasons beside the profile's own rules."""
ERRORS = {
    "missing": Label(nl="Vul dit in.", en="Fill this in."),
    "too_short": Label(nl="Vul dit in.", en="Fill this in."),
    "too_long": Label(nl="Te lang: hoogstens {most} tekens.", en="Too long: at most {most} characters."),
    "wrong_form": Label(
        nl="Dat is geen bestaande datum; geef jaar-maand-dag, zoals 2021-10-01.",
        en="That is no date; give year-month-day, like 2021-10-01.",
    ),
    "not_on_list": Label(nl="Kies een waarde uit de lijst.", en="Choose a value from the list."),
    "too_old": Label(
        nl="Dat ligt voor 1900; geef de dag van ontvangst.", en="Before 1900; give the day of receipt."
    ),
    "invalid": Label(
        nl="Dit kan niet gelezen worden; neem vreemde tekens weg of vul iets in.",
        en="This cannot be read; take out strange characters or fill something in.",
    ),
}

EVIDENCE = (
    (r"words: (.+)", Label(nl="woorden: {0}", en="words: {0}")),
    (r"model=(.+)", Label(nl="model {0}", en="model {0}")),
    (r"no earlier_contact", Label(nl="geen eerder contact opgegeven", en="no earlier contact stated")),
    (r"earlier_contact=(\w+) on (.+)", Label(nl="eerder contact op {1}: {0}", en="earlier contact on {1}: {0}")),
    (r"citizen=null", Label(nl="afzender onbekend", en="sender not known")),
    (r"citizen known", Label(nl="afzender bekend", en="sender known")),
    (
        r"anonymous_towards_service",
        Label(nl="wil onbekend blijven voor de dienst", en="to stay unknown to the service"),
    ),
    (r"facts_on=(.+)", Label(nl="gebeurd op {0}", en="happened on {0}")),
    (r"text tells of (.+)", Label(nl="de tekst spreekt van {0}", en="the text tells of {0}")),
    (r"received on (.+)", Label(nl="ontvangen op {0}", en="received on {0}")),
    (r"legal_proceedings=true", Label(nl="loopt bij een rechtbank", en="before a court")),
    (r"repeated=true", Label(nl="kwam hier al eerder mee", en="came with this before")),
    (r"historical=true", Label(nl="ingelezen uit het verleden", en="imported from the past")),
    (r"profile valid from (.+)", Label(nl="profiel geldig sinds {0}", en="profile valid from {0}")),
    (r"no rule above tells it", Label(nl="geen regel erboven zegt het", en="no rule above tells it")),
    (r"the text as a whole", Label(nl="de tekst als geheel", en="the text as a whole")),
)
"""How evidence reads; whatever else is there is a question with its answer, and stays as it is."""
