"""A gate's answer as JUnit XML: a test case a node, so that CI shows it where it shows other tests."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from labeler.domain.gate.report import GateReport, Node, NodeState
from labeler.formats.gate.words import DECISIONS, answer, cells

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def gate_to_junit(report: GateReport, name: str) -> bytes:
    """Failures are what blocks, skipped is what lacks evidence; a last case holds the decision as a whole.

    `name` is the suite's. Where evidence is missing the last case fails, since most CI counts skipped as passed.
    """
    suite = ET.Element("testsuite", name=_clean(name))
    counts = {"failures": 0, "skipped": 0}
    for node in report.nodes:
        case = _case(suite, str(node.key), str(node.key.modality))
        if node.state in (NodeState.REGRESSED, NodeState.BELOW_FLOOR):
            counts["failures"] += 1
            _tell(case, "failure", f"{answer(node)}: {node.reason}", _details(node))
        elif node.state is NodeState.INSUFFICIENT:
            counts["skipped"] += 1
            _tell(case, "skipped", f"{answer(node)}: {node.reason}")
    whole = _case(suite, "decision", "gate")
    if report.grounds:
        counts["failures"] += 1
        _tell(whole, "failure", DECISIONS[report.decision], "\n".join(report.grounds))
    suite.set("tests", str(len(report.nodes) + 1))
    for key, count in counts.items():
        suite.set(key, str(count))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _case(suite: ET.Element, name: str, group: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", name=_clean(name), classname=f"labeler.gate.{_clean(group)}")


def _tell(case: ET.Element, kind: str, message: str, text: str = "") -> None:
    told = ET.SubElement(case, kind, message=_clean(message))
    told.text = _clean(text) or None


def _details(node: Node) -> str:
    wrong = "\n".join(node.newly_wrong)
    return f"{' | '.join(cells(node))}\nnewly wrong ({node.c}):\n{wrong}"


def _clean(text: str) -> str:
    """Without the control characters that no XML may hold; item ids and slices come from outside."""
    return _NOT_IN_XML.sub("�", text)
