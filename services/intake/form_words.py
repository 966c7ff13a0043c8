"""What a citizen reads on the web form, in Dutch and English."""

from shared.contracts.identifiers import EarlierResult, Nature
from shared.profiles.label import Label

WORDS = {
    "skip": Label(nl="Naar het formulier", en="Skip to the form"),
    "title": Label(nl="Bericht aan", en="Message to"),
    "wrong": Label(nl="Fout:", en="Error:"),
    "other": Label(nl="English", en="Nederlands"),
    "links": Label(nl="Taal", en="Language"),
    "intro": Label(
        nl="Stel een vraag, meld een probleem, dien een klacht in, of geef een idee of een compliment. "
        "U krijgt meteen een nummer.",
        en="Ask a question, report a problem, make a complaint, or give an idea or a compliment. "
        "You get a number at once.",
    ),
    "required_only": Label(
        nl="Alleen uw bericht is verplicht. Al de rest mag u openlaten.",
        en="Only your message is required. You may leave out all the rest.",
    ),
    "danger": Label(nl="Is er nu iemand in gevaar? Bel 112.", en="Is anybody in danger now? Call 112."),
    "optional": Label(nl="(niet verplicht)", en="(optional)"),
    "required_then": Label(nl="(nodig als u ja koos)", en="(needed if you chose yes)"),
    "required": Label(nl="(verplicht)", en="(required)"),
    "text": Label(nl="Uw bericht", en="Your message"),
    "text_hint": Label(
        nl="Wat is er, waar en sinds wanneer? Schrijf geen rijksregisternummer of burgerservicenummer, en over "
        "anderen alleen wat nodig is. Hoogstens 20.000 tekens.",
        en="What is the matter, where and since when? Leave out national identity numbers, and tell of others "
        "only what is needed. At most 20,000 characters.",
    ),
    "subject": Label(nl="Onderwerp", en="Subject"),
    "subject_hint": Label(nl="In enkele woorden.", en="In a few words."),
    "matter": Label(nl="Waarover het gaat", en="What it is about"),
    "nature": Label(nl="Wat wilt u?", en="What would you like to do?"),
    "topic": Label(nl="Onderwerp uit onze lijst", en="Topic from our list"),
    "topic_hint": Label(
        nl="Past er geen, laat dit dan open: wij zoeken het uit.", en="If none fits, leave it: we find out."
    ),
    "in_general": Label(nl="{0}: algemeen", en="{0}: in general"),
    "entity": Label(nl="Onderdeel van de organisatie", en="Part of the organisation"),
    "not_chosen": Label(nl="Niet gekozen", en="Not chosen"),
    "facts_on": Label(nl="Wanneer gebeurde het?", en="When did it happen?"),
    "date_hint": Label(nl="Bijvoorbeeld 27 3 2026.", en="For example 27 3 2026."),
    "about_when_hint": Label(
        nl="Ongeveer mag ook. Bijvoorbeeld 27 3 2026.", en="Roughly will do. For example 27 3 2026."
    ),
    "day": Label(nl="Dag", en="Day"),
    "month": Label(nl="Maand", en="Month"),
    "year": Label(nl="Jaar", en="Year"),
    "legal_proceedings": Label(nl="Hierover loopt een zaak bij de rechtbank", en="This is before a court"),
    "language": Label(nl="Taal van uw bericht", en="Language of your message"),
    "before": Label(nl="Eerder contact", en="Earlier contact"),
    "earlier": Label(
        nl="Hebt u hierover al contact gehad met de dienst zelf?",
        en="Have you been in touch with the service itself about this?",
    ),
    "earlier_no": Label(nl="Nee, of dat weet ik niet", en="No, or I do not know"),
    "earlier_on": Label(nl="Wanneer was dat?", en="When was that?"),
    "earlier_reference": Label(nl="Nummer van dat contact", en="Number of that contact"),
    "earlier_reference_hint": Label(
        nl="Als u er een kreeg, zoals {0}-2026-000123.", en="If you got one, like {0}-2026-000123."
    ),
    "who": Label(nl="Wie u bent", en="Who you are"),
    "identity": Label(nl="Wie mag weten wie u bent?", en="Who may know who you are?"),
    "anonymous_hint": Label(
        nl="Zonder uw gegevens kunnen we u niet antwoorden.", en="Without your details we cannot answer you."
    ),
    "anonymous_complaint_hint": Label(
        nl="Zonder uw gegevens kunnen we u niet antwoorden, en een anonieme klacht kunnen we niet behandelen.",
        en="Without your details we cannot answer you, and we cannot deal with an anonymous complaint.",
    ),
    "who_hint": Label(
        nl="Kiest u om anoniem te blijven, dan nemen we niets mee van wat u hieronder invult.",
        en="If you choose to stay anonymous, nothing is taken of what you fill in below.",
    ),
    "name": Label(nl="Naam", en="Name"),
    "email": Label(nl="E-mailadres", en="E-mail address"),
    "email_hint": Label(
        nl="Om u te antwoorden. Zoals naam@voorbeeld.be.", en="To answer you. Like name@example.org."
    ),
    "phone": Label(nl="Telefoonnummer", en="Telephone number"),
    "phone_hint": Label(
        nl="Als we u mogen bellen. U mag erbij zetten wanneer.", en="If we may call you. You may add when."
    ),
    "street": Label(nl="Straat en nummer", en="Street and number"),
    "postal_code": Label(nl="Postcode", en="Postal code"),
    "municipality": Label(nl="Gemeente", en="Municipality"),
    "district": Label(nl="Deelgemeente of district", en="District"),
    "district_hint": Label(nl="Niet nodig met een postcode.", en="Not needed with a postal code."),
    "kept": Label(nl="Wat we bewaren, en waarom", en="What we keep, and why"),
    "kept_text": Label(
        nl="Wat u hier invult, bewaren we bij het contactpunt om uw bericht te behandelen en u te antwoorden. "
        "Wie uw bericht behandelt, kan het lezen.",
        en="What you fill in here is kept at the contact point, to deal with your message and to answer you. "
        "Who deals with your message can read it.",
    ),
    "kept_routing": Label(
        nl="Een programma leest onderwerp en tekst, zonder uw naam en gegevens, om te zien welke dienst het moet "
        "krijgen. Twijfelt het, dan kijkt een medewerker.",
        en="A program reads subject and text, without your name and details, to see which service is to have it. "
        "Where it is in doubt, a person looks.",
    ),
    "kept_links": Label(
        nl="Aan uw gegevens kunnen we zien of u ons hier al eerder over schreef.",
        en="By your details we can tell whether you wrote to us about it before.",
    ),
    "kept_reports": Label(
        nl="In onze cijfers en verslagen staat niet wie u bent.",
        en="Our figures and reports do not say who you are.",
    ),
    "kept_cookies": Label(
        nl="Deze bladzijde gebruikt geen cookies en volgt u niet.",
        en="This page uses no cookies and does not track you.",
    ),
    "send": Label(nl="Versturen", en="Send"),
    "mend": Label(nl="Er klopt iets niet", en="There is a problem"),
    "nothing_sent": Label(nl="Er is nog niets verstuurd.", en="Nothing has been sent yet."),
    "too_much": Label(
        nl="Er komt nu te veel tegelijk binnen. Uw bericht is nog niet verstuurd, maar alles wat u schreef staat "
        "er nog. Wacht {0} seconden en druk dan op Versturen.",
        en="Too much comes in at once. Your message has not been sent yet, but all that you wrote is still there. "
        "Wait {0} seconds, then press Send.",
    ),
    "away": Label(
        nl="Uw bericht kan nu niet verwerkt worden, maar alles wat u schreef staat er nog. Wacht {0} seconden en "
        "druk dan op Versturen. Het wordt nooit dubbel geteld.",
        en="Your message cannot be dealt with now, but all that you wrote is still there. Wait {0} seconds, then "
        "press Send. It is never counted twice.",
    ),
    "not_yet": Label(nl="Nog niet verstuurd", en="Not sent yet"),
    "already": Label(nl="Hier kwam al een bericht van", en="A message came from here before"),
    "already_text": Label(
        nl="Met dit formulier werd al een bericht verstuurd, met nummer {0}. Wat er nu staat is anders, en is "
        "niet verstuurd. Wilt u het ook versturen, als een nieuw bericht, druk dan op Versturen.",
        en="A message was sent with this form before, with number {0}. What stands here now is different, and was "
        "not sent. To send it too, as a new message, press Send.",
    ),
    "received": Label(nl="Uw bericht is ontvangen", en="Your message was received"),
    "skip_received": Label(nl="Naar uw nummer", en="Skip to your number"),
    "number": Label(nl="Uw nummer", en="Your number"),
    "note_number": Label(
        nl="Noteer dit nummer. Vermeld het als u ons er nog over schrijft of belt.",
        en="Note this number. Mention it when you write or call about it again.",
    ),
    "next": Label(nl="Wat er nu gebeurt", en="What happens next"),
    "next_routed": Label(
        nl="We kijken wie uw bericht moet krijgen en geven het door. Is een andere instantie bevoegd, dan zeggen "
        "we u welke.",
        en="We see who is to have your message and pass it on. If another body is competent, we tell you which.",
    ),
    "next_terms": Label(nl="Hoe lang het duurt, na de ontvangst:", en="How long it takes, from receipt:"),
    "next_no_term": Label(
        nl="Voor andere berichten geldt geen vaste termijn.", en="Other messages have no fixed term."
    ),
    "no_terms": Label(nl="Voor berichten geldt geen vaste termijn.", en="Messages have no fixed term."),
    "next_unknown": Label(
        nl="Gaf u geen e-mailadres, telefoonnummer of adres, dan kunnen we u niet antwoorden.",
        en="If you gave no e-mail address, telephone number or address, we cannot answer you.",
    ),
    "reach": Label(nl="Ons bereiken", en="Reaching us"),
    "another": Label(nl="Nog een bericht versturen", en="Send another message"),
}
NATURES = {
    Nature.QUESTION: Label(nl="Een vraag stellen", en="Ask a question"),
    Nature.REPORT: Label(nl="Iets melden waaraan iemand iets moet doen", en="Report something that needs doing"),
    Nature.COMPLAINT: Label(nl="Een klacht indienen: ik ben niet tevreden", en="Complain: I am not satisfied"),
    Nature.SUGGESTION: Label(nl="Een idee of voorstel geven", en="Give an idea or suggestion"),
    Nature.COMPLIMENT: Label(nl="Een compliment geven", en="Give a compliment"),
}
"""As citizens say it; the organisation's own words for them are its staff's."""
NATURE_NOT_KNOWN = Label(nl="Iets anders, of dat weet ik niet", en="Something else, or I do not know")
NATURES_TOLD = {
    Nature.QUESTION: Label(nl="Vraag", en="Question"),
    Nature.REPORT: Label(nl="Melding", en="Report"),
    Nature.COMPLAINT: Label(nl="Klacht", en="Complaint"),
    Nature.SUGGESTION: Label(nl="Idee of voorstel", en="Idea or suggestion"),
    Nature.COMPLIMENT: Label(nl="Compliment", en="Compliment"),
}
RESULTS = {
    EarlierResult.NO_ANSWER: Label(nl="Ja, maar ik kreeg geen antwoord", en="Yes, but I got no answer"),
    EarlierResult.LATE_ANSWER: Label(nl="Ja, maar het antwoord kwam laat", en="Yes, but the answer came late"),
    EarlierResult.DISSATISFIED: Label(
        nl="Ja, maar ik ben niet tevreden met het antwoord", en="Yes, but I am not satisfied with the answer"
    ),
}
IDENTITIES = {
    "known": Label(nl="Iedereen die mijn bericht behandelt", en="Everybody who deals with my message"),
    "unknown_to_service": Label(
        nl="Alleen het contactpunt, niet de dienst waarover het gaat",
        en="The contact point alone, not the service that it is about",
    ),
    "anonymous": Label(nl="Niemand: ik blijf anoniem", en="Nobody: I stay anonymous"),
}
LANGUAGES = {
    "nl": Label(nl="Nederlands", en="Dutch"),
    "en": Label(nl="Engels", en="English"),
    "fr": Label(nl="Frans", en="French"),
    "de": Label(nl="Duits", en="German"),
    "und": Label(nl="Een andere taal", en="Another language"),
}
"""By BCP 47; ``und`` is how it says that the language is not told."""
UNITS = {
    "calendar_days": (Label(nl="{0} dag", en="{0} day"), Label(nl="{0} dagen", en="{0} days")),
    "working_days": (
        Label(nl="{0} werkdag", en="{0} working day"),
        Label(nl="{0} werkdagen", en="{0} working days"),
    ),
    "weeks": (Label(nl="{0} week", en="{0} week"), Label(nl="{0} weken", en="{0} weeks")),
}
ACKNOWLEDGED = Label(nl="een ontvangstmelding binnen {0}", en="an acknowledgement within {0}")
ANSWERED = Label(nl="een antwoord binnen {0}", en="an answer within {0}")
AIMED = Label(nl="we streven naar {0}", en="we aim for {0}")
NOT_COUNTED = Label(nl="{0}, vakanties niet meegeteld", en="{0}, holidays not counted")
