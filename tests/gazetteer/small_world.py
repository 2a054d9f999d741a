"""A small gazetteer of invented and real places for tests that need no world."""

from gazetteer.build import compile_store
from gazetteer.gazetteer import Gazetteer
from gazetteer.sources import Record

RECORDS = [
    Record("geonames:1", "Freedonia", 10.0, 20.0, (("", "FR"), ("en", "Republic of Freedonia")), "A.PCLI",
           "FR",
           population=1_000_000, radius_km=300.0, keys=("country:FR", "code:FR")),
    Record("geonames:2", "Sylvania", 15.0, 25.0, (), "A.PCLI", "SY", radius_km=300.0, keys=("country:SY",)),
    Record("geonames:3", "North", 10.5, 20.0, (("", "North Province"),), "A.ADM1", "FR", radius_km=60.0,
           keys=("code:FR.01", "iso:FR-N")),
    Record("geonames:4", "South", 9.0, 20.0, (), "A.ADM1", "FR", radius_km=60.0),
    Record("geonames:5", "Riverton", 10.6, 20.1, (("de", "Flußstadt"),), "P.PPL", "FR", "FR.01",
           population=50_000, radius_km=2.0),
    Record("geonames:6", "Riverton", 9.1, 20.1, (), "P.PPL", "FR", "South", population=40_000),
    Record("geonames:7", "Riverton", 15.1, 25.1, (), "P.PPL", "SY", population=500),
    Record("geonames:8", "Old Mill", 10.61, 20.12, (("ru", "Старая Мельница"),), "P.PPL", "FR", "geonames:3"),
    Record("local:nowhere", "Nowhere", None, None, (), "P.PPL", "FR"),
]  # fmt: skip


def small() -> Gazetteer:
    return Gazetteer(
        compile_store(RECORDS, version="small", licences=["none"], iso3={"FRE": "FR", "SYL": "SY"})
    )
