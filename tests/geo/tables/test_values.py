"""Cells with types, statuses and numbers of people."""

import pytest

from geo.tables.values import read_count, read_status, read_type


def test_no_count_is_not_zero():
    assert read_count("") == read_count("n/a") == (None, "")
    assert read_count("0") == (0, "")
    assert read_count("1,200")[0] == 1200
    assert read_count("3-5")[0] == read_count("от 3 до 5")[0] == read_count("between 3 and 5")[0] == 3
    assert read_count("12 (3 children)")[0] == 12
    assert read_count("трое")[0] == read_count("ثلاثة")[0] == read_count("Three")[0] == 3
    assert read_count("١٬٢٠٠")[0] == 1200
    assert read_count("немає даних") == read_count("չկա") == (None, "")
    assert read_count("-2")[0] is None


def test_words_for_types_in_many_languages():
    words = {"обстрел": "shelling", "partlayış": "explosion", "çatışma": "clash", "Armed clash": "clash",
             "drone attack": "drone_strike", "IED": "explosion", "manifestation": "protest",
             "Shelling": "shelling",
             "artillery shelling of a village": "shelling", "مظاهرة": "protest",
             "air_strike": "air_strike"}  # fmt: skip
    assert {word: read_type(word, {}) for word in words} == words
    assert read_type("landslide", {}) is None
    assert read_status("Confirmed") == "reported"


WORDS = {
    "drone_strike": (
        "атаки беспилотников, атака дрону, PUA hücumu, İHA saldırısı, դրոնի հարված, غارة بطائرة "
        "مسيّرة, حملهٔ پهپادی, attaques de drones, ataque con drones, Drohnenangriffe, attack by "
        "drones on a depot"
    ),
    "air_strike": (
        "авиаудары, авіаудар, hava zərbələri, hava saldırısı, օդային հարվածներ, الغارات الجوية, "
        "حملات هوایی, frappes aériennes, ataques aéreos, Luftangriffe"
    ),
    "missile_strike": (
        "ракетные удары, ракетна атака, raket zərbəsi, füze saldırısı, հրթիռակոծություն, قصف "
        "صاروخي, حمله موشکی, tir de missiles, ataque con misiles, Raketenangriff"
    ),
    "shelling": (
        "обстрелы, артобстріл, minaatan atəşi, havan topu ateşi, հրետակոծություններ, وقصف مدفعي, "
        "گلوله‌باران, pilonnages, bombardeos, Artilleriebeschuss, Shelling/artillery/missile "
        "attack"
    ),
    "firing": (
        "стрельба, перестрілка, atəşə tutulma, atəşkəsin pozulması, ateşkes ihlali, հրադադարի "
        "խախտումներ, إطلاق نار, تیراندازی, échanges de tirs, tiroteos, Schusswechsel, обстрел из "
        "стрелкового оружия"
    ),
    "explosion": (
        "взрывы, підрив на міні, PARTLAYIŞ, minaya düşmə, mayın patlaması, պայթյունի, عبوة ناسفة, "
        "الانفجار, بمب‌گذاری, attentat à la bombe, coche bomba, Bombenanschlag, IED"
    ),
    "clash": (
        "боестолкновение, зіткнення, toqquşmalar, SİLAHLI ÇATIŞMA, բախումներ, الاشتباكات المسلحة, "
        "درگیری, affrontements, enfrentamientos armados, Gefechte"
    ),
    "riot": (
        "массовые беспорядки, заворушення, iğtişaşlar, isyan, անկարգություններ, أعمال شغب, "
        "اغتشاشات, émeutes, disturbios, Ausschreitungen"
    ),
    "protest": (
        "акция протеста, мітинги, etiraz aksiyası, yürüyüş, բողոքի ցույց, مسيرة احتجاجية, "
        "احتجاجات, راهپیمایی, rassemblement, manifestaciones, Kundgebung"
    ),
    "arrest": (
        "задержания, затримання, saxlanılma, gözaltına alındı, ձերբակալություն, اعتقالات, "
        "بازداشت, interpellations, detenciones, Festnahme"
    ),
    "ceasefire": (
        "перемирие, припинення вогню, atəşkəs, ateşkes, հրադադար, الهدنة, آتش‌بس, cessez-le-feu, "
        "alto el fuego, Waffenstillstand"
    ),
    "agreement": (
        "соглашение, угода, sazişi, anlaşma, համաձայնագիր, اتفاقية, توافق, accord de paix, acuerdos, Abkommen"
    ),
    "call": (
        "телефонный разговор, телефонна розмова, telefon danışığı, telefon görüşmesi, "
        "հեռախոսազրույց, اتصال هاتفي, تماس تلفنی, entretien téléphonique, llamada, Telefonat"
    ),
    "visit": (
        "визит, візиту, rəsmi səfər, ziyareti, պաշտոնական այց, زيارة رسمية, visite officielle, "
        "visita, Staatsbesuch"
    ),
    "meeting": (
        "переговоры, зустріч, görüş, danışıqlar, toplantı, բանակցություններ, الاجتماع, محادثات, "
        "دیدار, réunion, encuentro, Treffen"
    ),
    "exercise": (
        "учения, навчання, təlimlər, tatbikat, զորավարժություններ, مناورات, رزمایش, manœuvres, "
        "maniobras, Manöver"
    ),
    "statement": (
        "заявление, заява, bəyanat, açıklama, հայտարարություն, بيان, بیانیه, communiqué, "
        "comunicado, Erklärung"
    ),
    "attack": (
        "нападение, удар, напад, hücum, saldırı, հարձակում, هجوم, حمله, attaque, homicidio, "
        "Überfall, قتل, اغتيال, prise d'otages, attack on a rally"
    ),
}


@pytest.mark.parametrize("kind", WORDS)
def test_words_for_every_type(kind):
    assert {word: read_type(word, {}) for word in WORDS[kind].split(", ")} == dict.fromkeys(
        WORDS[kind].split(", "), kind
    )


@pytest.mark.parametrize("word", ["ученик", "министр", "минута", "marché", "flood", "землетрясение"])
def test_what_only_begins_like_a_word_for_a_type_is_none(word):
    assert read_type(word, {}) is None
