"""The keys of how a picture is shown: layouts, and the layers on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from labeler.domain.items import Modality
from labeler.sessions.commands import Command
from labeler.sessions.review.evidence import Layer, LayerLook, Layout, Request, ShownEvidence
from labeler.sessions.review.session import ReviewSession

FAINTEST, WIDEST = 0.2, 4

LAYOUTS = {
    Layout.SIDE_BY_SIDE: "Side by side",
    Layout.STACKED: "One above the other",
    Layout.BLINK: "One pane, blink",
    Layout.SWIPE: "One pane, swipe",
    Layout.BOTH: "Both on one picture",
}
PIXEL_DIFFERENCE = "Pixel difference"
"""What BOTH is called where the outputs are pictures themselves."""
LAYERS = {
    Layer.A: "Regions A",
    Layer.B: "Regions B",
    Layer.DIFFERENCES: "Differences",
    Layer.LABELS: "Labels",
}

Do = Callable[[ReviewSession], None]


def layout_name(evidence: ShownEvidence) -> str:
    """The layout in force, as it is for what is shown."""
    layout = evidence.view.layout
    return PIXEL_DIFFERENCE if layout is Layout.BOTH and evidence.media else LAYOUTS[layout]


def _picture(session: ReviewSession) -> bool:
    return session.state.evidence.shows is Modality.IMAGE and session.state.screen.ask is None


def _pictured(session: ReviewSession) -> bool:
    evidence = session.state.evidence
    return _picture(session) and evidence.revealed


def _made(session: ReviewSession) -> bool:
    """The outputs are pictures themselves."""
    return _pictured(session) and bool(session.state.evidence.media)


def _comparing_pixels(session: ReviewSession) -> bool:
    return _made(session) and session.state.evidence.view.layout is Layout.BOTH


def _swiping(session: ReviewSession) -> bool:
    return _pictured(session) and session.state.evidence.view.layout is Layout.SWIPE


def _layout(layout: Layout) -> Do:
    def change(session: ReviewSession) -> None:
        if layout is not Layout.BLINK:
            session.change_view(layout=layout)
        elif session.state.evidence.view.layout is not Layout.BLINK:
            session.blink()

    return change


def next_layout(session: ReviewSession) -> None:
    """The layout after the one in force, the first after the last."""
    order = list(LAYOUTS)
    _layout(order[(order.index(session.state.evidence.view.layout) + 1) % len(order)])(session)


def _slide(by: float) -> Do:
    def change(session: ReviewSession) -> None:
        session.change_view(divider=min(max(session.state.evidence.view.divider + by, 0.0), 1.0))

    return change


def _ask(what: Request) -> Do:
    return lambda session: session.request(what)


def _toggle_original(session: ReviewSession) -> None:
    session.change_view(original=not session.state.evidence.view.original)


def _threshold(by: int) -> Do:
    """Steps of 1 where one sees least, of 8 further up."""

    def change(session: ReviewSession) -> None:
        now = session.state.evidence.view.threshold
        step = 1 if (now < 8 or (now == 8 and by < 0)) else 8
        session.change_view(threshold=min(max(now + by * step, 0), 248))

    return change


def _toggle_minimap(session: ReviewSession) -> None:
    session.change_view(minimap=not session.state.evidence.view.minimap)


def _toggle_list(session: ReviewSession) -> None:
    session.change_view(listed=not session.state.evidence.view.listed)


def next_layer(session: ReviewSession) -> None:
    """Take the next layer in hand; after the last one none, and the list of layers closes."""
    layers = session.state.evidence.view.layers
    order: list[Layer | None] = [*Layer, None]
    following = order[(order.index(layers.in_hand) + 1) % len(order)]
    session.change_view(layers=replace(layers, in_hand=following))


def set_look(session: ReviewSession, layer: Layer, look: LayerLook) -> None:
    """Draw a layer in another way, and take it in hand."""
    session.change_view(layers=replace(session.state.evidence.view.layers, **{layer.value: look}, in_hand=layer))


def _change(change: Callable[[LayerLook], LayerLook]) -> Do:
    def apply(session: ReviewSession) -> None:
        layers = session.state.evidence.view.layers
        if layers.in_hand is not None:
            set_look(session, layers.in_hand, change(layers.look(layers.in_hand)))

    return apply


def _in_hand(session: ReviewSession) -> bool:
    return _pictured(session) and session.state.evidence.view.layers.in_hand is not None


def _opacity(by: float) -> Callable[[LayerLook], LayerLook]:
    return lambda look: replace(look, opacity=round(min(max(look.opacity + by, FAINTEST), 1.0), 1))


_Command = partial(Command[ReviewSession], scope="image")

PICTURE_COMMANDS: tuple[Command[ReviewSession], ...] = (
    *(
        _Command(f"view.layout.{layout}", words, _layout(layout), f"Alt+{digit}", _pictured, "View")
        # With Alt, the other digits may be the keys of failures in B.
        for digit, (layout, words) in zip("12340", LAYOUTS.items(), strict=True)
    ),
    _Command("view.layout", "Next layout", next_layout, "Ctrl+B", _pictured, "View"),
    _Command("view.divider_left", "Divider to the left", _slide(-0.05), "Alt+Left", _swiping, "View"),
    _Command("view.divider_right", "Divider to the right", _slide(+0.05), "Alt+Right", _swiping, "View"),
    _Command("view.original", "The item's own picture", _toggle_original, "Alt+O", _made, "View"),
    _Command(
        "view.threshold_up",
        "Fewer pixel differences",
        _threshold(+1),
        "Alt+Up",
        _comparing_pixels,
        "View",
    ),
    _Command(
        "view.threshold_down",
        "More pixel differences",
        _threshold(-1),
        "Alt+Down",
        _comparing_pixels,
        "View",
    ),
    _Command(
        "view.place_next",
        "Next place where pixels differ",
        _ask(Request.NEXT_PLACE),
        ".",
        _comparing_pixels,
        "View",
    ),
    _Command(
        "view.place_previous",
        "The place before",
        _ask(Request.PREVIOUS_PLACE),
        ":",
        _comparing_pixels,
        "View",
    ),
    _Command("view.page_next", "Next page", _ask(Request.NEXT_PAGE), "PageDown", _picture, "View"),
    _Command("view.page_previous", "Previous page", _ask(Request.PREVIOUS_PAGE), "PageUp", _picture, "View"),
    _Command("view.play", "Play a moving picture", _ask(Request.PLAY_PICTURE), "Alt+P", _picture, "View"),
    _Command("view.minimap", "Small map when zoomed in", _toggle_minimap, "Alt+M", _pictured, "View"),
    _Command("view.list", "List of differences and regions", _toggle_list, "Alt+E", _pictured, "View"),
    _Command("layers.next", "Next layer", next_layer, "Alt+L", _pictured, "Layers"),
    _Command(
        "layers.hide",
        "Hide or show",
        _change(lambda look: replace(look, shown=not look.shown)),
        "Alt+H",
        _in_hand,
        "Layers",
    ),
    _Command("layers.fainter", "Fainter", _change(_opacity(-0.2)), "Alt+F", _in_hand, "Layers"),
    _Command("layers.stronger", "Stronger", _change(_opacity(+0.2)), "Alt+S", _in_hand, "Layers"),
    _Command(
        "layers.wider",
        "Lines wider",
        _change(lambda look: replace(look, width=look.width % WIDEST + 1)),
        "Alt+W",
        _in_hand,
        "Layers",
    ),
)
