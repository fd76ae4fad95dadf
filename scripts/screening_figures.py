"""Print how well the screening of reviews tells the labelled texts: `.venv/bin/python -m scripts.screening_figures`.

With `work` it also lists what is told wrong in the part to work on; the other part has figures only.
"""

import sys

from tests.unit.screening.labelled import read, table


def main(arguments: list[str]) -> None:
    """Print the table and, where asked for, the failures."""
    print(table())
    if arguments == ["work"]:
        for one in read():
            screening = one.screened()
            kinds = {finding.kind for finding in screening.findings}
            if one.part == "work" and (screening.verdict is not one.verdict or not set(one.kinds) <= kinds):
                print(
                    f"{one.verdict} {'+'.join(one.kinds)} but {screening.verdict} {'+'.join(sorted(kinds))}: {one.text}"
                )


if __name__ == "__main__":
    main(sys.argv[1:])
