"""`tiepcan draw_sample`: the sample that a seed draws from a plan's outcomes as of the end of a day; nothing is written."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiepcan.plans.arguments import add_plan_and_day, the_plan
from tiepcan.verification.queries import drawn_from
from tiepcan.verification.sampling import DRAW_RULE, SIZE_RULE


class Command(BaseCommand):
    help = "Rút mẫu xác minh từ hạt giống: cùng hạt giống và số liệu thì máy nào cũng ra một danh sách. Không ghi gì."

    def add_arguments(self, parser: CommandParser) -> None:
        add_plan_and_day(parser)
        parser.add_argument(
            "--seed", required=True, metavar="CHỮ", help="hạt giống đã công bố trước ngày chốt"
        )
        parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = the_plan(options["plan"], options["year"], options["unit"])
        try:
            strata, recorded = drawn_from(plan, options["as_of"], options["seed"])
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        names = {one.unit.code: one.unit.full_name for one in recorded}
        drawn = sum(len(stratum.drawn) for stratum in strata)
        if options["json"]:
            said = {
                "plan": plan.code,
                "year": plan.year,
                "as_of": options["as_of"].isoformat(),
                "seed": options["seed"],
                "rules": [SIZE_RULE, DRAW_RULE],
                "households": len(recorded),
                "drawn": drawn,
                "strata": [
                    {
                        "unit_code": stratum.stratum.unit_code,
                        "unit": names[stratum.stratum.unit_code],
                        "indicator": stratum.stratum.indicator,
                        "households": len(stratum.members),
                        "drawn": len(stratum.drawn),
                        "members": [
                            {"code": one.household_code, "sha256": one.digest, "drawn": one.drawn}
                            for one in stratum.members
                        ],
                    }
                    for stratum in strata
                ],
            }
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
            return
        for stratum in strata:
            codes = ", ".join(one.household_code for one in stratum.drawn)
            self.stdout.write(
                f"{names[stratum.stratum.unit_code]:<26} {stratum.stratum.indicator:<20} "
                f"rút {len(stratum.drawn)}/{len(stratum.members)}: {codes}"
            )
        self.stdout.write(f"Rút {drawn} trong {len(recorded)} hộ, {len(strata)} tầng. {SIZE_RULE}")
