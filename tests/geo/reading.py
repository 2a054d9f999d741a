"""Short texts read for the tests of incidents."""

from geo.articles import Article
from geo.incidents import read

THURSDAY = "2024-05-16"


def shown(places, text, published=THURSDAY):
    return [i for i in read(Article(text, published=published), places).incidents if i.on_map]


def only(places, text, **given):
    (incident,) = shown(places, text, **given)
    return incident


def names(incident, *roles):
    return [r.place.name for r in incident.places if r.place and r.role in (roles or (r.role,))]
