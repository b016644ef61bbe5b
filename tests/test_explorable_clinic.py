"""The clinic in the browser: its charts are real runs, and its verdicts those of the judge."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers.figures import explore
from helpers.networks.clinic import run
from helpers.networks.illnesses import CHANGES, ILLNESSES, accepted, draw

STATE = explore.clinic().state


def in_the_browser(values=(1.0,), low=0.1, high=10.0, logarithmic=True):
    asked = {name: STATE[name] for name in ("patients", "names", "changes")}
    more = {"values": list(values), "low": low, "high": high, "logarithmic": logarithmic}
    return answer_of("clinic", asked | more)


def test_every_illness_is_there_and_health_twice():
    seen = sorted(patient["illness"] for patient in STATE["patients"])
    assert seen == sorted([*ILLNESSES, "healthy"])


def test_the_charts_are_runs_to_three_digits():
    names = [*ILLNESSES, "healthy"]
    order = np.random.default_rng(18).permutation(len(names))
    for patient, at in list(zip(STATE["patients"], order, strict=True))[::3]:
        record = run(draw(names[at], np.random.default_rng([18, int(at)])))
        assert patient["illness"] == names[at]
        for name in ("valid_loss", "accuracy", "gradient", "dead"):
            shown = np.minimum(record[name], 1e13)
            assert np.allclose(patient["record"][name], shown, rtol=6e-3)
        assert np.allclose(
            patient["record"]["batches"], np.minimum(record["batch_loss"][-4:], 1e13), rtol=6e-3
        )


def test_each_answer_gets_the_verdict_of_the_judge():
    for patient, table in zip(STATE["patients"], in_the_browser()["verdicts"], strict=True):
        right = accepted(patient["illness"])
        for name, row in zip(STATE["names"], table, strict=True):
            for change, said in zip(CHANGES, row, strict=True):
                known = name in {pair[0] for pair in right}
                assert said == (
                    "right" if (name, change) in right else "name" if known else "wrong"
                )


def test_each_sick_run_has_its_cure_and_the_healthy_ones_none():
    for patient in STATE["patients"]:
        assert (patient["illness"] == "healthy") == (patient["cures"] == [])
        for cure in patient["cures"]:
            assert cure["words"] and len(cure["record"]["loss"]) >= 5


def test_heights_are_those_of_the_axis():
    told = in_the_browser(values=[0.1, 1.0, 10.0, 1000.0, 0.0])
    assert np.allclose(told["heights"], [0, 0.5, 1, 1, 0], atol=1e-12)
    told = in_the_browser(values=[0.0, 0.25, 1.0], low=0.0, high=1.0, logarithmic=False)
    assert np.allclose(told["heights"], [0, 0.25, 1], atol=1e-12)
    assert in_the_browser(values=[0.03, 250.0])["decades"] == pytest.approx([0.01, 1000])


def test_the_page_is_small_asks_for_nothing_and_says_what_is_seen():
    bundle = explore.clinic()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert "illness is not told" in bundle["text/plain"]
    assert page == explore.clinic()._repr_mimebundle_()["text/html"]
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize("patient", [-1, 11, 0.5])
def test_a_patient_who_is_not_there_is_refused(patient):
    with pytest.raises(ValueError, match="patient must"):
        explore.clinic(patient=patient)
