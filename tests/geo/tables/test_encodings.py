"""The encoding of a file is told from its bytes; its pieces are its text."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.tables.encodings import pieces, tell_encoding


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", "дата;место\n"), ("utf-16", "дата;место\n"), ("utf-16-le", "date;place\n"),
        ("cp1251", "дата;место\nКельбаджар\n"), ("cp1251", "x;Київ\n"), ("cp1251", "x;Баку\n"),
        ("cp1254", "yer\nIğdır\nŞırnak\n"),
        ("cp1252", "lieu\nBesançon\n"), ("cp1252", "lugar\nCórdoba\nMálaga\n"),
        ("cp1250", "miejsce\nŁódź\nKraków\n"),
        ("cp1256", "مكان\nبغداد\n"), ("koi8_r", "Огонь в направлении села\n"), ("utf-8", "Zəylik\n"),
    ],
)  # fmt: skip
def test_encodings(tmp_path, encoding, text):
    path = tmp_path / "x"
    path.write_bytes(text.encode(encoding))
    assert b"".join(pieces(path, tell_encoding(path))).decode() == text


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.sampled_from("aж地\r\n,"), max_size=60),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"]),
    st.integers(1, 9),
)
def test_pieces_are_whole_lines_whatever_their_size(tmp_path_factory, text, encoding, size):
    path = tmp_path_factory.mktemp("pieces") / "x"
    path.write_bytes(text.encode(encoding, "replace"))
    text = text.encode(encoding, "replace").decode(encoding)
    got = list(pieces(path, encoding, size=size))
    assert b"".join(got).decode() == text
    assert all(piece.endswith((b"\n", b"\r")) for piece in got[:-1])
    assert not any(one.endswith(b"\r") and two.startswith(b"\n") for one, two in pairwise(got))


def test_legacy_text_far_behind_the_head_is_found(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"place\n" * 20_000 + "Кельбаджар\nКельбаджарский район\n".encode("cp1251"))
    assert tell_encoding(path) == "cp1251"


def test_a_stray_nul_makes_no_binary_file(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"place,date\nKy\0iv,2024-01-05\n" * 20)
    assert tell_encoding(path) == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "mac_roman"])
def test_text_of_another_script_without_a_mark(tmp_path, encoding):
    text = (
        "Дата;Место\n23.08.2023;Донецк\n" if "16" in encoding else "Date de l'événement;Localité\n1;Orléans\n"
    )
    (tmp_path / "x").write_bytes((text * 5).encode(encoding))
    assert tell_encoding(tmp_path / "x") == encoding
