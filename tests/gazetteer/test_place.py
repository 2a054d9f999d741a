"""Places and candidates: values, also when what they hold is read late."""

import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from gazetteer import Candidate, Place

PLACE = Place("local:x", "X", 1.0, 2.0)


def test_a_candidate_read_late_is_like_one_made_at_once():
    calls = []
    late = Candidate.later(0.12345, lambda: calls.append(1) or (PLACE, "folded", ("its name",)))
    assert late.score == 0.1234
    assert not calls
    now = Candidate(PLACE, 0.1234, "folded", ("its name",))
    assert late == now
    assert hash(late) == hash(now)
    assert repr(late) == repr(now)
    assert late.place is PLACE
    assert len(calls) == 1
    assert pickle.loads(pickle.dumps(late)) == now  # noqa: S301 - our own bytes
    assert replace(late, score=0.5).why == ("its name",)
    with pytest.raises(FrozenInstanceError):
        late.score = 1.0
    with pytest.raises(AttributeError):
        _ = late.nothing


def test_scores_are_rounded_down():
    assert Candidate(PLACE, 1.0).with_score(0.99999).score == 0.9999
