from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from labeler.domain.backfill.records import Status
from labeler.domain.events import EventKind
from labeler.domain.people import Role
from labeler.domain.verdicts import Right
from labeler.errors import LabelerError
from labeler.formats.backfill_toml import default_policy
from labeler.formats.ledger import check_ledger
from labeler.sessions.backfill.session import BackfillSession
from labeler.sessions.backfill.state import ALL, BackfillState, DisposalDraft, FileReport, StepDraft, ToDo, only, still
from labeler.steps.backfill.erase import erase
from labeler.steps.backfill.handle import dispose
from tests.steps.backfill.decided_project import DecidedProject
from tests.steps.judged_project import JudgedProject


@pytest.fixture
def decided(tmp_path: Path) -> Iterator[DecidedProject]:
    made = DecidedProject(tmp_path / "p", items=12, flips=9)
    made.bring([made.decision(1, decision_id="d-ch", jurisdiction="CH")])
    for number, right in enumerate((Right.NEW, Right.NEW, Right.OLD, Right.UNDECIDABLE)):
        made.judge(f"i-{number:02d}", right, answer=None)
    yield made
    made.project.close()


@pytest.fixture
def session(decided: DecidedProject) -> BackfillSession:
    made = BackfillSession(decided.project, decided.lead, decided.clock)
    made.refresh()
    return made


def listed(session: BackfillSession) -> list[str]:
    return [row.id for row in session.state.rows]


def choose(session: BackfillSession, decision_id: str) -> None:
    session.show_only(ALL)
    session.choose(listed(session).index(decision_id))


def typed(session: BackfillSession) -> StepDraft | None:
    return session.state.step


def disposal(session: BackfillSession) -> DisposalDraft | None:
    return session.state.disposal


def report(session: BackfillSession) -> FileReport | None:
    return session.state.report


def test_an_annotator_who_judges_blind_does_not_get_in(decided: DecidedProject) -> None:
    with pytest.raises(LabelerError, match="for leads and auditors"):
        BackfillSession(decided.project, decided.person("lea"), decided.clock)


def test_every_figure_leads_to_its_records(session: BackfillSession) -> None:
    contested = session.state.cards[0]
    assert contested.value == str(len(listed(session))) == "10"
    for rule in session.state.rules:
        session.show_only(rule.leads_to)
        assert len(session.state.rows) == rule.count
    session.show_only(session.state.cards[1].leads_to)
    assert listed(session) == ["d-00", "d-01", "d-ch"]
    session.dismiss()
    assert session.state.filter == ALL


def test_the_plan_goes_into_force_once_and_the_estimate_appears(session: BackfillSession) -> None:
    assert not session.state.estimate
    assert "no sampling plan" in session.state.estimate_title
    session.put_plan_in_force()
    assert session.state.estimate[0].name == "All"
    assert session.state.queue_label == ""
    before = session.state
    session.put_plan_in_force()
    assert session.state == before
    for row in session.state.estimate[1:]:
        session.show_only(row.leads_to)
        assert f"of {len(session.state.rows)} decided" in row.detail


def test_steps_are_taken_by_digit_and_close_the_record(session: BackfillSession, decided: DecidedProject) -> None:
    session.apply_policy()
    choose(session, "d-00")
    for _ in range(2):
        session.ask_step()
        assert session.asking
        session.answer(1)
        session.record_step()
    assert decided.records().handled("d-00").closed
    assert [line.what for line in session.state.story.lines][-1].startswith("notified")  # type: ignore[union-attr]
    session.ask_step()
    assert not session.asking
    assert session.state.message.text == "d-00: nothing more is owed"


def test_what_is_typed_of_a_step_survives_leaving_until_it_is_recorded(
    session: BackfillSession, decided: DecidedProject
) -> None:
    session.apply_policy()
    choose(session, "d-00")
    session.ask_step()
    session.answer(1)
    session.type_step(channel="letter", to="Zoë Smith")
    session.type_step(text="We were wrong.")
    session.refresh()
    assert typed(session) == StepDraft("corrected", "letter", "Zoë Smith", "We were wrong.")
    session.dismiss()
    assert typed(session) is None
    again = BackfillSession(decided.project, decided.lead, decided.clock)
    again.refresh()
    choose(again, "d-00")
    again.ask_step()
    again.answer(1)
    assert typed(again) == StepDraft("corrected", "letter", "Zoë Smith", "We were wrong.")
    again.record_step()
    (step,) = decided.project.store.events(kinds=[EventKind.STEP])
    assert (step.body["step"], step.body["channel"]) == ("corrected", "letter")
    assert decided.project.store.private_of(step.id) == {"to": "Zoë Smith", "text": "We were wrong."}
    assert not list((decided.project.folder / "drafts").rglob("step-*"))


def test_an_erased_record_leaves_no_draft_of_a_step_and_no_dossier(
    session: BackfillSession, decided: DecidedProject
) -> None:
    session.apply_policy()
    choose(session, "d-00")
    session.ask_step()
    session.answer(1)
    session.type_step(to="Zoë Smith")
    session.open_dossier(Path.exists)
    assert files_that_say(decided.project.folder, "Zoë Smith")
    assert files_that_say(decided.project.folder / "cache", "Customer 0")
    erase(decided.project, decided.records(), "d-00", "asked for", decided.lead, now=decided.clock)
    assert not files_that_say(decided.project.folder, "Zoë Smith")
    assert not files_that_say(decided.project.folder / "cache", "Customer 0")


def files_that_say(folder: Path, words: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]


def test_who_gave_a_disposition_is_told_to_have_somebody_else_approve_it(
    session: BackfillSession, decided: DecidedProject
) -> None:
    session.apply_policy()
    choose(session, "d-ch")
    session.ask_step()
    assert not session.asking
    session.approve()
    assert session.state.message.serious
    assert "cannot approve" in session.state.message.text
    other = decided.project.store.add_person("Bo Lead", Role.LEAD, at=decided.clock(), person_id="p-bo2")
    second = BackfillSession(decided.project, other, decided.clock)
    second.refresh()
    choose(second, "d-ch")
    second.approve()
    assert not second.state.message.serious
    assert not decided.records().handled("d-ch").awaits_second


def test_overdue_records_are_counted_and_said(decided: DecidedProject) -> None:
    late = BackfillSession(decided.project, decided.lead, lambda: datetime(2027, 1, 1, tzinfo=UTC))
    late.refresh()
    late.apply_policy()
    decided.judge("i-05", Right.NEW)  # its deadline counts from today, and is not over
    late.refresh()
    card = late.state.cards[3]
    late.show_only(card.leads_to)
    assert listed(late) == ["d-00", "d-01", "d-ch"]
    assert card.serious
    assert all(row.next.startswith("late") for row in late.state.rows)


def test_a_dossier_is_written_and_the_look_is_in_the_log(session: BackfillSession, decided: DecidedProject) -> None:
    shown: list[Path] = []
    choose(session, "d-00")

    def show(page: Path) -> bool:
        shown.append(page)
        return False

    session.open_dossier(show)
    assert str(shown[0]) in session.state.message.text, "nothing can show it: then where it lies"
    assert "Customer 0" in shown[0].read_text("utf-8")
    looks = list(decided.project.store.events(kinds=[EventKind.LOOKED]))
    assert [event.body["decision_id"] for event in looks] == ["", "d-00"], "the list, once, and the record"


def test_the_ledger_that_is_exported_here_is_whole(session: BackfillSession, decided: DecidedProject) -> None:
    session.export_ledger()
    (folder,) = (decided.project.folder / "ledgers").iterdir()
    assert check_ledger(folder, session.state.message.text.rpartition(" ")[2]).damage == ()


def test_the_chosen_record_stays_chosen_when_records_are_read_again(session: BackfillSession) -> None:
    choose(session, "d-05")
    states: list[BackfillState] = []
    session.listen(lambda _old, new: states.append(new))
    session.refresh()
    assert all(state.rows[state.chosen].id == "d-05" for state in states)
    session.move(100)
    assert session.state.chosen == len(session.state.rows) - 1
    assert session.state.rows[-1].status != Status.WRONG


def test_the_keyboard_goes_through_every_figure_to_its_records(session: BackfillSession) -> None:
    session.put_plan_in_force()
    figures = session.state.figures
    assert len(figures) == len(session.state.cards) + len(session.state.rules) + len(session.state.estimate) > 8
    for number, leads_to in enumerate(figures):
        session.move_figure(1)
        assert (session.state.figure, session.state.filter) == (number, leads_to)
    session.move_figure(1)
    assert session.state.figure == len(figures) - 1, "the last one stays"
    for rule in range(len(session.state.rules)):
        session.show_figure(len(session.state.cards) + rule)
        assert len(session.state.rows) == session.state.rules[rule].count
    session.show_only(ALL)
    assert session.state.figure == -1
    session.move_figure(-1)
    assert session.state.figure == len(figures) - 1


def test_the_plan_says_how_long_what_is_left_takes(session: BackfillSession) -> None:
    session.put_plan_in_force()
    said = [line for line in session.state.plan if "verdicts a day" in line]
    assert len(said) == 1
    assert "at the pace of the last" in said[0]


def test_a_broken_policy_is_said_and_hides_no_record(session: BackfillSession, decided: DecidedProject) -> None:
    before = listed(session)
    policy = decided.project.folder / "backfill.toml"
    policy.write_text("[[rules]", encoding="utf-8")
    session.refresh()
    assert "backfill.toml" in session.state.policy_problem
    assert (listed(session), session.state.rules, session.state.queue_label) == (before, (), "")
    session.apply_policy()
    assert not any(row.disposition != "–" for row in session.state.rows)
    policy.unlink()
    session.refresh()
    assert session.state.policy_problem == ""
    assert session.state.rules
    assert session.state.queue_label


def test_while_much_is_written_beside_the_window_nothing_waits_for_its_lock(session: BackfillSession) -> None:
    later: list[Callable[[], None]] = []
    session.beside = lambda _slot, work, done, _failed: later.append(lambda: done(work()))
    session.apply_policy()
    session.apply_policy()
    session.approve()
    session.refresh()
    assert len(later) == 1
    assert session.state.message.serious
    assert session.state.busy == "Applying the policy"
    later.pop()()
    assert len(later) == 1, "it reads again"
    later.pop()()
    assert session.state.busy == ""
    assert any(row.disposition != "–" for row in session.state.rows)


def test_a_lead_disposes_of_a_record_with_a_reason_by_a_digit_and_typing(
    session: BackfillSession, decided: DecidedProject
) -> None:
    choose(session, "d-00")
    session.ask_disposition()
    assert session.state.ask is not None
    session.answer(session.state.ask.options.index("correct and notify") + 1)
    assert session.state.disposal is not None
    assert session.state.disposal.steps == "corrected, notified"
    session.record()
    assert session.state.message.text.startswith("Say why")
    session.type_disposal(reason="A known customer", due="tomorrow")
    session.record()
    assert "neither a day" in session.state.message.text
    session.dismiss()
    assert disposal(session) is None
    again = BackfillSession(decided.project, decided.lead, decided.clock)
    again.refresh()
    choose(again, "d-00")
    again.ask_disposition()
    assert not again.asking, "what was typed is there, and nothing has to be chosen anew"
    again.type_disposal(due="14", steps="corrected")
    again.record()
    handling = decided.records().handled("d-00")
    assert (handling.name, handling.owed) == ("correct and notify", ("corrected",))
    assert handling.due == (decided.clock() + timedelta(days=14)).date().isoformat()
    assert decided.project.store.private_of(handling.history[0].id)["reason"] == "A known customer"
    assert not list((decided.project.folder / "drafts").rglob("disposal-*"))


def test_four_eyes_that_the_policy_asks_for_cannot_be_cleared_by_the_lead_who_disposes(
    session: BackfillSession, decided: DecidedProject
) -> None:
    choose(session, "d-ch")
    session.ask_disposition()
    assert session.state.ask is not None
    session.answer(len(session.state.ask.options))
    assert session.state.asks_second
    session.type_disposal(disposition="none", reason="so", four_eyes=False)
    session.record()
    assert decided.records().handled("d-ch").awaits_second


def test_who_leaves_the_list_gives_its_place_to_the_next(session: BackfillSession, decided: DecidedProject) -> None:
    session.show_only(still(ToDo.DISPOSE))
    before = listed(session)
    session.move(2)
    for _ in range(2):
        session.ask_disposition()
        assert session.state.ask is not None
        session.answer(session.state.ask.options.index("none") + 1)
        session.type_disposal(reason="so")
        session.record()
    assert listed(session) == [*before[:2], *before[4:]]
    assert session.state.rows[session.state.chosen].id == before[4]


def test_what_is_typed_next_stays_where_it_is_typed_while_everything_is_read_again(
    session: BackfillSession, decided: DecidedProject
) -> None:
    session.show_only(still(ToDo.DISPOSE))
    first, second, third = listed(session)[:3]
    later: list[Callable[[], None]] = []
    session.beside = lambda _slot, work, done, _failed: later.append(lambda: done(work()))
    for reason in ("one", "two"):
        session.ask_disposition()
        assert session.state.ask is not None
        session.answer(session.state.ask.options.index("none") + 1)
        session.type_disposal(reason=reason)
        session.record()
    assert listed(session)[0] == third, "both left the list at once"
    session.ask_disposition()
    session.answer(1)
    other = decided.records()
    dispose(decided.project, other, third, "none", "so", decided.lead, policy=default_policy(), now=decided.clock)
    later.pop()()
    assert session.state.disposal is not None
    assert session.state.rows[session.state.chosen].id == third
    session.type_disposal(reason="three")
    session.dismiss()
    assert third not in listed(session)
    for of, reason in ((first, "one"), (second, "two")):
        assert decided.project.store.private_of(decided.records().handled(of).history[0].id)["reason"] == reason


def test_records_are_found_by_their_words_among_those_that_are_listed(session: BackfillSession) -> None:
    session.show_only(only(Status.WRONG))
    session.search("D-0 pay")
    assert listed(session) == ["d-00", "d-01"]
    session.search("D-0 pay de 100.00")
    assert listed(session) == ["d-01"]
    session.dismiss()
    assert (session.state.typed, len(listed(session))) == ("", 10)


def test_decisions_come_into_the_project_and_lines_that_cannot_be_read_are_named(
    session: BackfillSession, decided: DecidedProject, tmp_path: Path
) -> None:
    file = tmp_path / "more.jsonl"
    stray = decided.decision(3, decision_id="d-stray", item_id="i-99")
    lines = [decided.decision(2, decision_id="d-new"), {"decision_id": "d-bad"}, stray]
    file.write_bytes(b"\n".join(map(orjson.dumps, lines)))
    session.import_decisions(file)
    assert "d-new" in listed(session)
    assert session.state.report is not None
    assert session.state.report.said == "more.jsonl: 1 new, 2 refused"
    assert [line.partition(":")[0] for line in session.state.report.lines[1:]] == ["line 2", "line 3"]
    session.dismiss()
    assert report(session) is None
    session.import_decisions(tmp_path / "none.jsonl")
    assert "none.jsonl" in session.state.message.text
    assert session.state.message.serious


def test_decisions_can_be_the_first_of_a_project(tmp_path: Path) -> None:
    bare = JudgedProject(tmp_path / "bare", 3)
    lead = bare.project.store.add_person("Ada Lead", Role.LEAD, at=bare.clock(), person_id="p-ada")
    session = BackfillSession(bare.project, lead, bare.clock)
    session.refresh()
    assert "holds no past decisions" in session.state.message.text
    file = tmp_path / "first.jsonl"
    decision = {"decision_id": "d", "item_id": "i-00", "decided_at": "2026-09-03T10:12:00Z", "action": "pay"}
    file.write_bytes(orjson.dumps(decision))
    session.import_decisions(file)
    assert session.state.summary.startswith("1 decision")
    bare.project.close()
