from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from labeler.gui.theme import Theme, load_fonts
from labeler.gui.widgets.output_text import OutputText
from labeler.gui.widgets.shown_text import Insertion, shown_text
from labeler.gui.widgets.text_marks import Mark
from tests.gui.pointer import move_to

Show = Callable[..., OutputText]


@pytest.fixture
def theme(qapp: QGuiApplication) -> Theme:
    load_fonts()
    return Theme()


@pytest.fixture
def show(qtbot: QtBot, theme: Theme) -> Show:
    def shown(text: str, *marks: Mark, width: int = 480, height: int = 150, mono: bool = True) -> OutputText:
        widget = OutputText(theme, mono=mono)
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        widget.set_text(text, marks)
        return widget

    return shown


def middle(widget: OutputText, character: int) -> QPoint:
    """The middle of a character on the screen, found by asking the widget where it is."""
    for y in range(0, widget.viewport().height(), 4):
        columns = [x for x in range(widget.viewport().width()) if widget.character_at(QPointF(x, y)) == character]
        if columns:
            return QPoint(columns[len(columns) // 2], y + 2)
    raise AssertionError(f"character {character} is not in view")


def amber_pixels(widget: OutputText, theme: Theme) -> list[tuple[int, int]]:
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    amber = QColor(theme.palette.difference).rgb()
    return [(x, y) for y in range(picture.height()) for x in range(picture.width()) if picture.pixel(x, y) == amber]


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("plain", (1, 3), (1, 3)),
        ("a😀b", (2, 3), (3, 4)),
        ("👩‍👩‍👧 x", (6, 7), (9, 10)),
        ("𝔘nicode", (0, 1), (0, 2)),
        ("a\x00b", (2, 3), (2, 3)),
        ("a\u202eb", (1, 2), (1, 6)),
        ("a\u202eb", (2, 3), (6, 7)),
        ("cut", (2, 99), (2, 3)),
    ],
)
def test_spans_of_characters_become_positions_on_the_screen(
    text: str, span: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert shown_text(text).units(span) == expected


@pytest.mark.parametrize("text", ["", "a😀b\u202ec\x00\n𝔘\ufeff", "x" * 5000, "word " * 1000, "\x00" * 3000, "\ud800!"])
def test_every_character_is_found_where_it_is_shown(text: str) -> None:
    shown = shown_text(text, [Insertion(0, "gap"), Insertion(len(text), "\ngap\n")])
    for character in range(0, len(text), 7):
        begin, end = shown.units((character, character + 1))
        assert shown.character(begin) == shown.character(end - 1) == character
        assert shown.characters(begin, end) == text[character]
    units = shown.shown.encode("utf-16-le", "surrogatepass")
    assert shown.stops.size == 0 or shown.starts[-1] * 2 <= len(units)
    assert [units[2 * a : 2 * b].decode("utf-16-le") for a, b in shown.inserted] == ["gap", "gap"]


def test_what_cannot_be_seen_is_written_out() -> None:
    assert shown_text("a\x00b\u202ec\r\n\x1b[0m\U000e0041").shown == "a␀b⟨RLO⟩c␍\n␛[0m⟨U+E0041⟩"


def test_markup_in_a_models_text_stays_text(show: Show) -> None:
    markup = "<b>bold</b> <img src='file:///etc/passwd'> &amp;"
    assert show(markup).toPlainText() == markup


def test_a_copy_gives_the_text_as_the_model_wrote_it(show: Show) -> None:
    text = "Toner\x00 | 4 😀\nPaper\u202e | 12"
    widget = show(text, Mark((9, 9), "d1", "gap"), Mark((len(text), len(text)), "d2", "gap", "no matching row", True))
    assert widget.toPlainText() != text
    widget.selectAll()
    widget.copy()
    clipboard = QGuiApplication.clipboard()
    copied = clipboard.text()
    clipboard.clear()  # what the offscreen platform still holds when Python has ended brings the process down
    assert copied == text


def test_a_long_line_is_broken_on_the_screen_and_whole_in_a_copy(show: Show) -> None:
    text = "x" * 1_000_000
    widget = show(text)
    assert widget.document().blockCount() == 500
    widget.selectAll()
    assert widget.createMimeDataFromSelection().text() == text


def test_words_at_a_gap_stand_on_their_own_line_where_a_row_is_missing(show: Show) -> None:
    text = "first\nsecond\nlast"
    widget = show(text, Mark((13, 13), "d1", "gap", "no matching row", own_line=True))
    assert widget.toPlainText() == "first\nsecond\n no matching row \nlast"
    widget.set_text(text, [Mark((12, 12), "d1", "gap", "no matching row", own_line=True)])
    assert widget.toPlainText() == "first\nsecond\n no matching row \nlast"


def test_the_underline_stands_under_its_characters(show: Show, theme: Theme) -> None:
    widget = show("Paper | 12 | 292.80", Mark((13, 19), "d1", "difference"))
    left, right = middle(widget, 13).x(), middle(widget, 18).x()
    columns = [x for x, _ in amber_pixels(widget, theme)]
    assert left - 6 <= min(columns) <= left
    assert right <= max(columns) <= right + 6


def test_an_underline_after_astral_characters_is_not_shifted(show: Show, theme: Theme) -> None:
    widget = show("😀😀😀 292.80 ok", Mark((4, 10), "d1", "difference"))
    columns = [x for x, _ in amber_pixels(widget, theme)]
    assert abs(min(columns) - (middle(widget, 4).x() - 4)) <= 2
    assert abs(max(columns) - (middle(widget, 9).x() + 4)) <= 2


def test_hovering_says_which_character_is_under_the_pointer(show: Show, qtbot: QtBot) -> None:
    widget = show("a😀b\nsecond line")
    heard: list[object] = []
    widget.hovered.connect(heard.append)
    for point in (middle(widget, 2), middle(widget, 5), QPoint(400, 140)):
        move_to(widget.viewport(), point)
    assert heard == [2, 5, None]


def test_a_click_on_a_mark_picks_its_difference(show: Show, qtbot: QtBot) -> None:
    widget = show("Paper | 12 | 292.80", Mark((13, 19), "d7", "difference"), Mark((0, 5), None, "cosmetic"))
    picked: list[str] = []
    widget.picked.connect(picked.append)
    for character in (15, 2, 9):
        QTest.mouseClick(widget.viewport(), Qt.MouseButton.LeftButton, pos=middle(widget, character))
    assert picked == ["d7"]


def test_the_words_at_a_gap_can_be_clicked_and_are_no_character(show: Show, qtbot: QtBot) -> None:
    widget = show("ab", Mark((1, 1), "d1", "current_gap", "nothing here"))
    point = (middle(widget, 0) + middle(widget, 1)) / 2
    assert widget.character_at(QPointF(point)) is None
    with qtbot.waitSignal(widget.picked) as picked:
        QTest.mouseClick(widget.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert picked.args == ["d1"]


def test_another_current_mark_comes_into_view(show: Show) -> None:
    text = "\n".join(f"row {n}" for n in range(500))
    at = text.index("row 400")
    widget = show(text, Mark((at, at + 7), "d1", "difference"))
    with pytest.raises(AssertionError):
        middle(widget, at)
    widget.set_marks([Mark((at, at + 7), "d1", "current")])
    assert not middle(widget, at).isNull()
    widget.verticalScrollBar().setValue(0)
    widget.set_marks([Mark((at, at + 7), "d1", "current"), Mark((0, 3), "d2", "difference")])
    assert widget.verticalScrollBar().value() == 0, "the same current mark does not take the reader away"


def test_lit_characters_are_outlined_and_go_out_with_another_text(show: Show, theme: Theme) -> None:
    widget = show("one two")
    before = widget.grab().toImage()
    widget.set_lit([(4, 7)])
    assert widget.grab().toImage() != before
    widget.set_lit([])
    assert widget.grab().toImage() == before


def test_a_screen_reader_finds_the_text(show: Show) -> None:
    widget = show("Toner | 4 | 38.50")
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    assert interface.text(QAccessible.Text.Value) == "Toner | 4 | 38.50"


def test_keys_that_mean_a_command_are_not_taken_by_the_text(show: Show, qtbot: QtBot) -> None:
    widget = show("text")
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_1)
    assert widget.toPlainText() == "text"
    assert widget.isReadOnly()


def test_mixed_writing_directions_are_marked_where_they_stand(show: Show, theme: Theme) -> None:
    text = "price שלום עולם 42"
    widget = show(text, Mark((6, 10), "d1", "difference"), mono=False)
    columns = [x for x, _ in amber_pixels(widget, theme)]
    marked = [middle(widget, character).x() for character in range(6, 10)]
    assert min(columns) <= min(marked)
    assert max(columns) >= max(marked)
    assert middle(widget, 12).x() < min(columns), "the word after it stands to its left and is not marked"


def test_fifty_thousand_words_with_marks_are_laid_out_only_where_they_are_seen(show: Show) -> None:
    text = "word " * 50_000
    marks = [Mark((n * 500, n * 500 + 4), f"d{n}", "difference") for n in range(500)]
    widget = show(text, *marks)
    widget.grab()
    laid_out = sum(
        widget.document().findBlockByNumber(n).layout().lineCount() > 0 for n in range(widget.document().blockCount())
    )
    assert laid_out < 20, f"{laid_out} paragraphs were laid out"
