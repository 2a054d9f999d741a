"""Articles that are not in English: told as such, their places found and resolved, no incident read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo
from gazetteer import Gazetteer
from geo.incidents import read
from geo.resolution import locate
from geo.toponyms.tongues import find_names, language_of, reading_note, tongues

#: Language, text, and what it names with the country each lies in.
TEXTS = [
    (
        "ru",
        "Министерство обороны Украины сообщило, что ночью под обстрел попали Харьков и Одесса. "
        "Взрывы слышали и в Запорожье, а президент Владимир Путин в это время был в Минске.",
        {"Украины": "UA", "Харьков": "UA", "Одесса": "UA", "Запорожье": "UA", "Минске": "BY"},
    ),
    (
        "uk",
        "У Києві та Львові оголосили тривогу, а в Харкові й Одесі пролунали вибухи. Росія це заперечує.",
        {"Києві": "UA", "Львові": "UA", "Харкові": "UA", "Одесі": "UA", "Росія": "RU"},
    ),
    (
        "az",
        "Nazirlik bildirib ki, Kəlbəcərin Zəylik kəndi və Laçında yerləşən mövqelər atəşə tutulub. "
        "Bakıda və Naxçıvanda görüşlər olub, Ermənistanın Gorus şəhəri də bu siyahıdadır.",
        {"Kəlbəcərin": "AZ", "Laçında": "AZ", "Bakıda": "AZ", "Naxçıvanda": "AZ", "Ermənistanın": "AM"},
    ),
    (
        "hy",
        "Երևանում և Գյումրիում տեղի են ունեցել ցույցեր, իսկ Վարդենիսի մոտ կրակոցներ են լսվել։ "
        "Հայաստանի և Ադրբեջանի արտգործնախարարները հանդիպել են Բրյուսելում։",
        {"Երևանում": "AM", "Գյումրիում": "AM", "Վարդենիսի": "AM", "Ադրբեջանի": "AZ", "Բրյուսելում": "BE"},
    ),
    (
        "fa",
        "انفجارهایی در تهران و اصفهان شنیده شد. وزیر خارجه ایران روز شنبه به بغداد رفت.",
        {"تهران": "IR", "اصفهان": "IR", "ایران": "IR", "بغداد": "IQ"},
    ),
    (
        "ar",
        "قالت وزارة الصحة إن القصف على غزة أدى إلى مقتل عشرة. وفي بيروت ودمشق خرجت مظاهرات، "
        "بينما وصل وفد من القاهرة إلى الخرطوم.",
        {"غزة": "PS", "بيروت": "LB", "دمشق": "SY", "القاهرة": "EG", "الخرطوم": "SD"},
    ),
    (
        "es",
        "La policía de Bogotá informó de enfrentamientos en Cali y Medellín, mientras que en Caracas el "
        "gobierno de Venezuela cerró la frontera.",
        {"Bogotá": "CO", "Cali": "CO", "Medellín": "CO", "Caracas": "VE", "Venezuela": "VE"},
    ),
    (
        "fr",
        "Des tirs ont été entendus à Bamako et près de Tombouctou, au Mali, selon l'armée. Des pourparlers "
        "sur l'Ukraine auront lieu à Londres.",
        {"Bamako": "ML", "Tombouctou": "ML", "Mali": "ML", "Ukraine": "UA", "Londres": "GB"},
    ),
]


@pytest.fixture(scope="module")
def places():
    return Gazetteer.load()


@pytest.mark.parametrize(("code", "text", "named"), TEXTS, ids=[code for code, _, _ in TEXTS])
def test_language_is_told_and_its_places_are_found(code, text, named, places):
    assert language_of(text) == code
    assert tongues()[code].name in reading_note(text)
    found = {m.text: m.place.country for m in locate(geo.Article(text=text), places) if m.place}
    assert named.items() <= found.items()


@pytest.mark.parametrize(("text", "named"), [t[1:] for t in TEXTS], ids=[t[0] for t in TEXTS])
def test_spans_given_are_resolved_too(text, named, places):
    spans = [(text.index(name), text.index(name) + len(name)) for name in named]
    answers = locate(geo.Article(text=text), places, spans=spans)
    assert [m.place.country for m in answers] == list(named.values())


def test_people_are_no_places(places):
    found = {m.text for m in locate(geo.Article(text=TEXTS[0][1]), places)}
    assert not found & {"Владимир", "Путин", "Владимир Путин"}


def test_no_incident_is_read_and_the_user_is_told(places):
    article = geo.Article(text=TEXTS[0][1])
    assert read(article, places).incidents == ()
    with pytest.warns(UserWarning, match="English only"):
        frame = geo.find_incidents(article, places)
    assert frame.empty
    assert len(frame.attrs["mentions"]) >= 5


@pytest.mark.parametrize(
    "text",
    [
        "Police in Paris said on Monday that two men were held after the clash near the station.",
        "Clashes in Medellín, Cali and Bogotá",
        "Shelling reported near Şuşa and Kəlbəcər, the ministry said.",
        "",
    ],
)
def test_english_with_foreign_names_is_english(text):
    assert language_of(text) == "en"
    assert reading_note(text) is None


@given(st.text(max_size=200), st.sampled_from([code for code, _, _ in TEXTS]))
def test_any_text_gives_spans_in_order_that_do_not_overlap(text, code):
    from geo.toponyms.senses import senses

    found = find_names(text, code, senses(Gazetteer.load()))
    edges = [edge for n in found for edge in (n.start, n.end)]
    assert edges == sorted(edges)
    assert all(0 <= n.start < n.end <= len(text) and 0 < n.sure < 1 for n in found)
