"""What was changed after a draw's record, computed anew: the second half of verify.py, which runs it from its own folder.

Each line of events.jsonl that replaces an entity or seats somebody else must say why, who asked and who approved,
and must have come to what the draw's own keys give (draw.md 1.9, 1.10).
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

OTHERS = ("locked", "void", "redraw_allowed", "attached")


def recompute(verifier: Any, sha: Callable[[bytes], bytes]) -> None:
    """Go through the lines in order, with the teams as they stood at each."""
    since = Since(verifier, sha)
    for number, event in enumerate(verifier.events, start=1):
        verifier.at = since.at = f"events.jsonl 第 {number} 行"
        if event["event"] in since.changes:
            told = all(event.get(name) for name in ("reason", "approver", "asked_by"))
            verifier.need(told, f"{since.at}：没有写明理由、批准人和提出人")
            since.recused.update(event["recused"])
            since.unable = set(event.get("unable", ()))
            verifier.same(since.at, event, {**event, **since.changes[event["event"]](event)})
        elif event["event"] == "opened":
            since.opened(event)
        else:
            verifier.need(event["event"] in OTHERS, f"{since.at}：不认识的记录 {event['event']!r}")


class Since:
    """Who stands picked and who sits where, line by line. `picked` are (stratum, code), `teams` seats by code."""

    def __init__(self, verifier: Any, sha: Callable[[bytes], bytes]) -> None:
        self.verifier, self.sha, self.at, record = verifier, sha, "", verifier.record
        self.masked, self.rules = verifier.commit["codes"] == "masked", verifier.commit["matching"]
        self.recused, self.unable = set(verifier.lines["recusals.txt"]), set[str]()
        self.picked = [(pick["stratum"], pick["code"]) for pick in record["picks"]]
        self.used = {code for _, code in self.picked}
        self.teams: dict[str, list[Any]] = {code: [None] * self.rules["seats"] for code in self.used}
        self.teams |= {team["code"]: [team["leader"], *team["members"]] for team in record["team"]}
        self.changes = {
            "replaced": self.replaced,
            "seat_redrawn": self.seat_redrawn,
            "appointed": self.appointed,
            "swapped": self.swapped,
        }

    def replaced(self, event: Any) -> Any:
        """The leaver leaves all its strata; in each the next ticket enters that was never used, exempt or passed over."""
        passed_over, entrants = [], []
        why = {(each["stratum"], each["code"]): each for each in event["passed_over"] if each["reason"]}
        for stratum in [stratum for stratum, code in self.picked if code == event["leaver"]]:
            for rank, code in self._waiting(stratum):
                if (stratum, code) not in why:
                    entrants.append({"stratum": stratum, "code": code, "rank": rank})
                    self.used.add(code)
                    break
                passed_over.append(why[stratum, code])
        self.picked = [place for place in self.picked if place[1] != event["leaver"]]
        self.picked += [(entrant["stratum"], entrant["code"]) for entrant in entrants]
        left = self.teams.pop(event["leaver"])
        for number, entrant in enumerate(entrants):
            self._seat_entrant(entrant["code"], left if number == 0 else None)
        teams = [{"code": entrant["code"], "seats": [*self.teams[entrant["code"]]]} for entrant in entrants]
        return {"entrants": entrants, "passed_over": passed_over, "teams": teams}

    def seat_redrawn(self, event: Any) -> Any:
        """The first candidate who is not in the team, and not named as away or out of post, takes the seat."""
        code, seat = event["code"], event["seat"]
        left, entered = self.teams[code][seat], self._next_for(code, seat)
        self.teams[code][seat] = entered
        return {"left": left, "entered": entered}

    def appointed(self, event: Any) -> Any:
        """The head chose who takes the seat: someone with no tie to the entity and not in the team."""
        return {"left": self._take(event["code"], event["seat"], event["entered"])}

    def swapped(self, event: Any) -> Any:
        """The holders of the same seat of two teams trade places."""
        holders = [self.teams[code][event["seat"]] for code in event["codes"]]
        for code, entered in zip(event["codes"], holders[::-1], strict=True):
            self._take(code, event["seat"], entered)
        return {"traded": holders}

    def opened(self, event: Any) -> None:
        """The salts of exactly those that were ever drawn, each of which gives its masked code."""
        for code, salted in event["salts"].items():
            salt, plain = bytes.fromhex(salted["salt"]), salted["code"].encode()
            hashed = self.sha(len(salt).to_bytes(4, "big") + salt + plain).hex()
            self.verifier.same(f"{self.at} salts", code, f"x:{hashed}")
        self.verifier.same(
            f"{self.at} salts", sorted(event["salts"]), sorted(self.used if self.masked else ())
        )

    def _waiting(self, stratum: str) -> Any:
        """Rank and code of those who may still enter a stratum, in ticket order."""
        key, exempt = self.verifier.keys[0], self.verifier.exempt
        tickets = sorted((self.sha((key + code).encode()), code) for code in self.verifier.codes[stratum])
        ranked = enumerate((code for _, code in tickets), start=1)
        return [(rank, code) for rank, code in ranked if code not in self.used and code not in exempt]

    def _seat_entrant(self, code: str, left: list[Any] | None) -> None:
        """The first entrant takes the leaver's team over, recused seats drawn anew; a further one gets a new team."""
        team = self.teams[code] = [None if self._is_barred(i, code) else i for i in left or []]
        team += [None] * (self.rules["seats"] - len(team))
        for seat in range(len(team)):
            if team[seat] is None and (left is None or left[seat] is not None):
                team[seat] = self._next_for(code, seat)

    def _next_for(self, code: str, seat: int) -> str | None:
        stratum = next(stratum for stratum, picked in self.picked if picked == code)
        groups = self.rules["eligible" if seat else "leader"].get(stratum, [])
        loads = Counter(inspector for team in self.teams.values() for inspector in team)
        free = [
            inspector
            for inspector, own in self.verifier.groups.items()
            if not own.isdisjoint(groups)
            and loads[inspector] < self.rules["hard_cap"]
            and inspector not in self.unable
            and inspector not in self.teams[code]
            and not self._is_barred(inspector, code)
        ]
        ticket = f"{self.verifier.keys[1]}{code}|"
        by_load = ((loads[i], self.sha((ticket + i).encode()), i.encode(), i) for i in free)
        return min(by_load, default=(0, b"", b"", None))[3]

    def _take(self, code: str, seat: int, entered: Any) -> Any:
        team = self.teams[code]
        barred = entered in team or self._is_barred(entered, code)
        self.verifier.need(not barred, f"{self.at}：{entered} 已在 {code} 的组里，或须回避")
        left, team[seat] = team[seat], entered
        return left

    def _is_barred(self, inspector: Any, code: str) -> bool:
        return f"{inspector}|{code}" in self.recused
