"""A trace as MongoDB keeps it, within the claim that it is of."""

from datetime import date

from services.intake.domain.citizens import Marks
from services.intake.domain.traces import Matter, Trace
from shared.contracts.identifiers import Nature
from shared.mongo import Document


def trace_document(trace: Trace) -> Document:
    """What is not told is left out; so are marks where there are none, since the index is of those that have."""
    matter = trace.matter
    told = {
        "marks": sorted(trace.marks.all),
        "weak": sorted(trace.marks.weak),
        "name": sorted(trace.marks.name),
        "stems": list(trace.stems),
        "nature": matter.nature.value if matter.nature else None,
        "external_body": matter.external_body,
        "directorate": matter.directorate,
        "service": matter.service,
        "topic": matter.topic,
        "entity": matter.entity,
        "earlier_on": matter.earlier_on.isoformat() if matter.earlier_on else None,
        "sheltered": trace.sheltered,
    }
    return {name: value for name, value in told.items() if value}


def trace_in(document: Document) -> Trace:
    marks, weak = frozenset(document.get("marks", ())), frozenset(document.get("weak", ()))
    nature, earlier_on = document.get("nature"), document.get("earlier_on")
    return Trace(
        marks=Marks(strong=marks - weak, weak=weak, name=frozenset(document.get("name", ()))),
        matter=Matter(
            nature=Nature(nature) if nature else None,
            external_body=document.get("external_body"),
            directorate=document.get("directorate"),
            service=document.get("service"),
            topic=document.get("topic"),
            entity=document.get("entity"),
            earlier_on=date.fromisoformat(earlier_on) if earlier_on else None,
        ),
        stems=tuple(document.get("stems", ())),
        sheltered=document.get("sheltered", False),
    )
