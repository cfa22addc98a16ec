"""The rules of a project that a lead changes in its window, a line each: what it is called and what it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from labeler.domain.assignment import Order
from labeler.domain.consensus_policy import Rule as Consensus
from labeler.domain.project import ProjectSettings
from labeler.sessions.project.rule_kinds import Choice, Kind, Routing, Share, Whole

YES_NO = Choice(((True, "Yes"), (False, "No")))
_ORDERS = Choice(
    (
        (Order.SAME, "Same for all: items get all of their verdicts soon"),
        (Order.RANDOM, "Random for each person: people do not meet on the same items"),
        (Order.INFORMATION, "By information: where people differ or doubt first, every fifth item at random"),
    )
)
_CONSENSUS = Choice(
    (
        (Consensus.UNANIMOUS, "All say the same: as many people as an item needs"),
        (Consensus.POSTERIOR, "Also where the model is sure: Dawid and Skene's, when a lead asks for it in Adjudicate"),
    )
)


@dataclass(frozen=True, slots=True)
class Rule:
    """`where` names the field of `ProjectSettings`, with its table before a dot."""

    where: str
    title: str
    tells: str
    kind: Kind

    def value(self, settings: ProjectSettings) -> Any:
        table, _, key = self.where.rpartition(".")
        return getattr(getattr(settings, table) if table else settings, key)

    def words(self, settings: ProjectSettings) -> str:
        return self.kind.words(self.value(settings))

    def changed(self, settings: ProjectSettings, value: Any) -> ProjectSettings:
        table, _, key = self.where.rpartition(".")
        changes: Mapping[str, Any] = {key: value}
        return replace(settings, **({table: replace(getattr(settings, table), **changes)} if table else changes))


_PEOPLE, _ITEMS = ("person", "people"), ("item", "items")

RULES: Mapping[str, tuple[Rule, ...]] = {
    "Who judges what": (
        Rule(
            "overlap",
            "People per item",
            "So many people judge an item before it leaves the queue. With more than one, agreement is measured on "
            "every item. For a single item, “Ask one more” in Adjudicate and on the board asks for another verdict.",
            Whole(1, *_PEOPLE, most=100),
        ),
        Rule(
            "assignment.shared",
            "Share judged by more people",
            "This share of the items, drawn at random, is judged by more people than the others, so that agreement is "
            "measured without judging everything twice. A greater share only adds items.",
            Share(),
        ),
        Rule(
            "assignment.shared_by",
            "Items of that share are judged by",
            "So many people judge an item of the share above.",
            Whole(1, *_PEOPLE, most=100),
        ),
        Rule("assignment.order", "Order of the items", "In which order a person comes to the items.", _ORDERS),
        Rule(
            "assignment.routes",
            "Slices for certain people",
            "Items with a slice go to the people named and to nobody else: an accent to those who hear it best.",
            Routing(),
        ),
        Rule(
            "assignment.hold_minutes",
            "An open item is kept for",
            "So long an item that somebody has open is kept from others at this project. After that it counts as left "
            "behind, and the next person gets it.",
            Whole(1, "minute", "minutes"),
        ),
    ),
    "New people": (
        Rule(
            "onboarding.items",
            "Training items",
            "Somebody new judges so many items that a lead settled, and is told after each how it was settled. They "
            "count for nothing else. Until a lead has settled items, nobody is trained.",
            Whole(0, *_ITEMS, none="no training"),
        ),
        Rule(
            "onboarding.threshold",
            "As settled, to qualify",
            "This share of the last training items has to be judged as it was settled before items that count come.",
            Share(),
        ),
        Rule(
            "onboarding.feedback",
            "People see how items were settled",
            "What a lead settled comes back to those who judged it, on their board under Settled.",
            YES_NO,
        ),
    ),
    "Hidden checks": (
        Rule(
            "checks.rate",
            "Hidden checks",
            "This share of a person's items is known already: settled by a lead, or judged by the same person before. "
            "Nothing in the window tells them from others. What they say stands on the board under People.",
            Share(50),
        ),
        Rule(
            "checks.repeats",
            "Of them, own items again",
            "This share of the checks repeats an own item; the others are items that a lead settled.",
            Share(),
        ),
        Rule(
            "checks.repeat_after",
            "First check not before",
            "A person's first so many items hold no check, and so many lie between an item and its repetition.",
            Whole(1, *_ITEMS),
        ),
        Rule(
            "checks.empty",
            "Gold answers that come empty",
            "On this share of all items the gold answer has to be written, not only looked through.",
            Share(50),
        ),
        Rule(
            "checks.wrong",
            "Checks with a seeded mistake",
            "On this share of the checks the proposed gold answer holds a mistake: who leaves it followed blindly.",
            Share(50),
        ),
        Rule(
            "checks.guesses",
            "Asked which side is new",
            "After this share of the items people are asked which side was the new model, which tells whether sides "
            "are blind.",
            Share(50, none="nobody"),
        ),
    ),
    "Deciding": (
        Rule("consensus.rule", "Settled without a lead", "What settles an item before a lead decides.", _CONSENSUS),
        Rule(
            "consensus.sure",
            "Sure from",
            "So probable have right, tier and gold answer each to be, where the model may settle.",
            Share(above=50),
        ),
        Rule(
            "settle_own",
            "A lead settles own items",
            "A lead may settle an item that they judged themselves.",
            YES_NO,
        ),
        Rule(
            "blind_leads",
            "Sides are blind in Adjudicate",
            "Leads are not told which side is which model until they have decided.",
            YES_NO,
        ),
    ),
    "While judging": (
        Rule(
            "tier_first",
            "Difficulty before the outputs",
            "The outputs stay hidden until the difficulty is set, so that they do not lead it. Else they show at "
            "once, and each verdict tells so.",
            YES_NO,
        ),
        Rule(
            "reveal_after",
            "Models are named afterwards",
            "The window names both models once the verdict is saved. Nobody is asked for a guess then.",
            YES_NO,
        ),
        Rule(
            "record_times",
            "Times are kept",
            "How long each verdict took is kept beside the log; everyone is told on the board and can erase their own. "
            "Without times no pace and no haste is known of anyone.",
            YES_NO,
        ),
    ),
}
"""By heading, in the order of the list."""
NOT_FOR_ANNOTATORS = ("Hidden checks", "Deciding")
