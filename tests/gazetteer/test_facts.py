"""Places of the region in the spellings in which they are written of, each with its country and division.

Coordinates and ids are those of GeoNames (CC BY 4.0); names are those of its alternate names, of statements
of both ministries and of the BGN/PCGN, ISO 9 and everyday romanisations of them.
"""

import pytest

from gazetteer import is_ambiguous
from gazetteer.distance import distance_km

#: Id, country, first-level division, latitude, longitude, names that each must lead to it.
FACTS = [
    ("geonames:586268", "AZ", "Kalbajar", 40.110, 46.044,
     "Kelbadjar|Kəlbəcər|Kalbacar|Kelbecer|Кельбаджар|Kel'badzhar|Kyalbadzhar|کلبجر|كلبجر|کَلبَجَر|Քելբաջար|Քարվաճառ|"
     "K'arvach'ar|Karvachar"),
    ("geonames:586047", "AZ", "", 40.103, 46.175,
     "Kəlbəcər rayonu|Kalbajar district|the Kalbajar region|Кельбаджарский район|Kalbajar District"),
    ("geonames:616052", "AM", "Yerevan", 40.178, 44.513,
     "Yerevan|Erevan|Երևան|Երեւան|Ереван|Єреван|ایروان|يريفان|İrəvan"),
    ("geonames:616108", "AM", "Gegharkunik", 40.183, 45.732,
     "Vardenis|Վարդենիս|Варденис|Basarkechar|Basarkeçər"),
    ("local:verin-shorzha", "AM", "Gegharkunik", 40.087, 45.833,
     "Verin Shorzha|Վերին Շորժա|Верин Шоржа|Yukhari Shorja|Yuxarı Şorca|Upper Shorzha"),
    ("geonames:147429", "AZ", "Nakhchivan", 39.209, 45.412,
     "Naxçıvan|Nakhchivan|Нахичевань|Nakhijevan|نخجوان"),
    ("geonames:587379", "AZ", "Tartar", 40.211, 46.821,
     "Ağdərə|Aghdara|Martakert|Mardakert|Մարտակերտ|Мардакерт"),
    ("geonames:587084", "AZ", "Baku", 40.378, 49.892,
     "Baku|Bakı|Баку|Baki|the city of Baku|Bakı şəhəri|باکو|Բաքու"),
    ("geonames:112931", "IR", "Tehran", 35.694, 51.422, "Tehran|تهران|طهران|Теһран|Тегеран|Tahran"),
    ("geonames:706483", "UA", "", 49.982, 36.255, "Kharkiv|Харків|Харьков|Kharkov|Harkiv|Charkiw"),
    ("geonames:706482", "UA", "", 49.5, 36.4,
     "Kharkiv oblast|Харківська область|Харьковская область|Kharkiv Oblast"),
    ("geonames:79415", "YE", "Hodeidah", 14.798, 42.954,
     "Hodeidah|Al Hudaydah|Hudaydah|الحديدة|الحُدَيْدَة|al-Hodeida"),
    ("geonames:170063", "SY", "Aleppo", 36.201, 37.161, "Aleppo|حلب|حَلَب|Halab|Халеб|Haleb"),
    ("geonames:498817", "RU", "Sankt-Peterburg", 59.939, 30.314,
     "St Petersburg|St. Petersburg|Санкт-Петербург"),
    ("geonames:409410", "AZ", "", 40.0, 46.583, "Karabakh|Qarabağ|Ղարաբաղ|Карабах"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ident", "country", "admin1", "lat", "lon", "name"),
    [(*fact, name) for *fact, names in FACTS for name in names.split("|")],
)
def test_every_spelling_leads_to_the_place(places, ident, country, admin1, lat, lon, name):
    found = {c.place.id: c.place for c in places.find(name, limit=3)}
    assert ident in found
    place = found[ident]
    assert place.country == country
    assert admin1 in ("", place.admin1)
    assert distance_km(place.lat, place.lon, lat, lon) < (40 if place.feature[:1] in "AL" else 2)


@pytest.mark.parametrize(
    ("name", "ident"),
    [("Mt Ararat", "local:mount-ararat"), ("Mt. Ararat", "local:mount-ararat"),
     ("Mount Ararat", "local:mount-ararat"), ("Zaylik, Kalbajar", "geonames:584572"),
     ("Paris, Texas", "geonames:4717560"), ("Paris, TX", "geonames:4717560"),
     ("Paris (Texas)", "geonames:4717560")],
)  # fmt: skip
def test_what_the_name_says_besides_decides(places, name, ident):
    found = places.find(name)
    assert found[0].place.id == ident
    assert not is_ambiguous(found)


def test_one_name_of_three_villages_has_no_winner(places):
    found = places.find("Zaylik, Azerbaijan")
    assert {c.place.id for c in found} == {"geonames:584572", "geonames:584610", "geonames:584611"}
    assert {c.place.admin1 for c in found} == {"Kalbajar", "Dashkasan", "Tartar"}
    assert is_ambiguous(found)
