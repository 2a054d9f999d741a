"""What the command line prints of long work and of layers."""

import io

from maps import printing


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_long_work_keeps_to_one_line_with_a_bar(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    for share in (None, 0.0, 0.5, 1.0):
        printing.working("laying", share)
    said = terminal.getvalue()
    assert "\n" not in said
    assert said.count("laying ...") == 4
    assert "50%" in said
    assert "100%" in said
    assert f"{'━' * printing.BAR} 100%" in said


def test_where_no_one_looks_nothing_is_said(monkeypatch):
    nobody = io.StringIO()
    monkeypatch.setattr("sys.stderr", nobody)
    printing.working("laying", 0.5)
    assert nobody.getvalue() == ""


def test_layers_are_listed_with_counts_dates_and_licences():
    layer = {"name": "AZ", "places": 10096, "names": 0, "added": "2026-01-02", "licence": "CC0"}
    names = {**layer, "name": "alternateNames", "places": 0, "names": 1234}
    info = {"places": 300000, "names": 1300000, "version": "world-1", "licences": ["CC BY 4.0"]}
    table = printing.layer_table({**info, "layers": [layer, names]})
    for word in ("10,096", "1,234", "300,000", "2026-01-02", "CC0", "CC BY 4.0", "world-1"):
        assert word in table
