"""Every fault, one seed each, in front of one cluster (I1 to I7). Other seeds: `python -m tests.faults`."""

from collections.abc import Iterator

import pytest

from tests.faults.registry import Fault, faults
from tests.faults.report import Row, plain, total
from tests.faults.stage import Stage, stage
from tests.scale import Scale

FAULTS = [one for one in faults().values() if not one.not_run]


@pytest.fixture(scope="module")
def rows() -> Iterator[list[Row]]:
    found: list[Row] = []
    yield found
    print(f"\n{plain(found)}\n\n{total(found)}")


@pytest.fixture(scope="module")
def here(scale: Scale) -> Iterator[Stage]:
    with stage(scale) as made:
        yield made


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.key)
def test_nothing_is_lost_doubled_reordered_or_shown_to_others(
    fault: Fault, here: Stage, rows: list[Row]
) -> None:
    rows.append(Row.of(fault, [1], here))
    assert [str(violation) for one in rows[-1].outcomes for violation in one.violations] == []
