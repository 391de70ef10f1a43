from roadsmith.engine import events


def test_round_trip():
    assert events.decode(events.encode(events.Log("x"))) == events.Log("x")
