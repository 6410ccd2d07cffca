"""draw/1 a second time, by another hand: reads draw.md only, imports nothing of the project, is as plain as can be.

`python3 second_engine.py` prints draw-2.json: a campaign with merged picks, shares of a fixed total, masked codes,
a sealed input, a public value, replacements, and the lines that follow a record.
"""

import hashlib
import json
import random
import sys
from fractions import Fraction
from math import ceil
from typing import Any


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def hexed(*parts: bytes) -> str:
    return sha(*parts).hex()


def lp(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


def jcs(value: Any) -> str:
    if isinstance(value, dict):
        ordered = sorted(value.items(), key=lambda item: item[0].encode("utf-16-be"))
        return "{" + ",".join(f"{jcs(name)}:{jcs(item)}" for name, item in ordered) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(jcs, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def file_of(lines: Any) -> bytes:
    return b"".join(line + b"\n" for line in sorted(line.encode() for line in lines))


def described(lines: Any) -> dict[str, Any]:
    return {"rows": len(lines), "root": hexed(file_of(lines))}


def quota_table(strata: Any, allocation: Any) -> dict[str, Any]:
    quotas = {}
    for stratum in strata:
        n, ratio = stratum["population"], stratum["ratio"]
        if ratio is not None:
            quotas[stratum["id"]] = (
                0 if n == 0 or ratio[0] == 0 else min(n, max(1, ceil(Fraction(n * ratio[0], ratio[1]))))
            )
    if allocation is None:
        return quotas
    open_ones = {s["id"]: s["population"] for s in strata if s["ratio"] is None}
    total = allocation["total"]
    while open_ones:
        weighted = {i: n * allocation["weights"].get(i, 0) for i, n in open_ones.items()}
        whole = sum(weighted.values())
        shares = {i: Fraction(total * w, whole) if whole else Fraction(0) for i, w in weighted.items()}
        over = [i for i in open_ones if shares[i] > open_ones[i]]
        if not over:
            floors = {i: share.numerator // share.denominator for i, share in shares.items()}
            spare = sum(shares.values()) - sum(floors.values())
            queue = sorted(shares, key=lambda i: (-(shares[i] - floors[i]), i.encode()))
            for i in queue[: int(spare)]:
                floors[i] += 1
            quotas.update(floors)
            break
        for i in over:
            quotas[i] = open_ones.pop(i)
            total -= quotas[i]
    return quotas


def ordered_tickets(key: str, codes: Any) -> list[Any]:
    return sorted(
        ((hexed((key + code).encode()), code) for code in codes), key=lambda t: (t[0], t[1].encode())
    )


def strata_drawn(document: Any, codes: Any, exempt: Any, key: Any) -> list[Any]:
    drawn = []
    for stratum in document["strata"]:
        order = ordered_tickets(key, codes[stratum["id"]])
        picks: list[Any] = []
        skipped: list[Any] = []
        last = 0
        for rank, (ticket, code) in enumerate(order, start=1):
            if len(picks) == stratum["quota"]:
                break
            last = rank
            place = {"rank": rank, "code": code, "ticket": ticket}
            (skipped if code in exempt else picks).append(place)
        reserve = [{"rank": r, "code": c, "ticket": t} for r, (t, c) in enumerate(order, start=1) if r > last]
        drawn.append(
            {
                "id": stratum["id"],
                "picks": picks,
                "skipped": skipped,
                "reserve": reserve[:3],
                "cutoff_ticket": picks[-1]["ticket"] if picks else None,
                "shortfall": stratum["quota"] - len(picks),
            }
        )
    return drawn


class Teams:
    """Matching by draw.md 1.10, with every load counted anew each time it is asked for."""

    def __init__(self, picked: Any, inspectors: Any, recusals: Any, rules: Any, key: Any) -> None:
        self.key, self.rules, self.recusals, self.picked = key, rules, set(recusals), picked
        self.groups: dict[str, set[str]] = {}
        for line in inspectors:
            name, _, group = line.partition("|")
            self.groups.setdefault(name, set()).add(group)
        self.entities = sorted(picked, key=lambda code: (hexed((key + code).encode()), code.encode()))
        self.seats: dict[tuple[int, int], Any] = {
            (e, s): None for e in range(len(self.entities)) for s in range(rules["seats"])
        }

    def load(self, inspector: Any) -> int:
        return sum(holder == inspector for holder in self.seats.values())

    def team(self, entity: Any) -> list[Any]:
        return [self.seats[entity, s] for s in range(self.rules["seats"])]

    def candidates(self, seat: Any) -> list[Any]:
        code = self.entities[seat[0]]
        wanted = self.rules["leader" if seat[1] == 0 else "eligible"].get(self.picked[code], [])
        fit = [i for i in self.groups if self.groups[i] & set(wanted) and f"{i}|{code}" not in self.recusals]
        return sorted(fit, key=lambda i: (self.load(i), hexed(f"{self.key}{code}|{i}".encode()), i.encode()))

    def fill(self, origin: Any, cap: Any) -> bool:
        queue, parent, met, asked = [origin], {origin: None}, set(), set()
        while queue:
            seat = queue.pop(0)
            for inspector in self.candidates(seat):
                if inspector == self.seats[seat] or (inspector, seat[0]) in met:
                    continue
                met.add((inspector, seat[0]))
                if inspector in self.team(seat[0]):
                    new = [(seat[0], self.team(seat[0]).index(inspector))]
                elif inspector in asked:
                    new = []
                else:
                    asked.add(inspector)
                    if self.load(inspector) < cap:
                        while seat is not None:
                            self.seats[seat], inspector, seat = inspector, self.seats[seat], parent[seat]
                        return True
                    new = sorted(s for s, holder in self.seats.items() if holder == inspector)
                for other in new:
                    if other not in parent:
                        parent[other] = seat
                        queue.append(other)
        return False

    def run(self) -> int:
        n, seats = len(self.entities), self.rules["seats"]
        cap = min(self.rules["hard_cap"], max(1, ceil(Fraction(seats * n, len(self.groups) or 1))))
        for seat in sorted(self.seats):
            while not self.fill(seat, cap):
                cap += 1
                if cap > self.rules["hard_cap"]:
                    raise SystemExit("an instance of these vectors cannot be matched")
        return int(cap)

    def spelled(self) -> list[Any]:
        teams = [(code, self.team(e)) for e, code in enumerate(self.entities)]
        return [{"code": code, "leader": team[0], "members": team[1:]} for code, team in teams]


def draw(case: Any) -> dict[str, Any]:
    document = case["commit"]
    commitment = hexed(jcs(document).encode())
    parts = [bytes.fromhex(case["nonce"]), *(given["input"].encode() for given in case["inputs"])]
    if case["beacon"]:
        parts.append(bytes.fromhex(case["beacon"]["value"]))
    seed = sha(b"draw/1/seed\n", bytes.fromhex(commitment), *map(lp, parts))
    k_entity, k_inspector = hexed(b"draw/1/entity\n", seed), hexed(b"draw/1/inspector\n", seed)
    codes: dict[str, list[str]] = {stratum["id"]: [] for stratum in document["strata"]}
    for line in case["roster"]:
        code, _, stratum = line.partition("|")
        codes[stratum].append(code)
    exempt = dict(line.split("|", 1) for line in case["exemptions"])
    strata = strata_drawn(document, codes, exempt, k_entity)
    picked: dict[str, str] = {}
    for stratum in strata:
        for pick in stratum["picks"]:
            picked.setdefault(pick["code"], stratum["id"])
    teams = Teams(picked, case["inspectors"], case["recusals"], document["matching"], k_inspector)
    cap = teams.run()
    return {
        "C": commitment, "seed": seed.hex(), "K_entity": k_entity, "K_inspector": k_inspector,
        "strata": strata, "team": teams.spelled(), "cap": cap,
    }  # fmt: skip


def replacement(case: Any, expected: Any, leaver: Any) -> dict[str, Any]:
    """Who enters each stratum that the leaver leaves, and the team that the first entrant takes over (draw.md 1.9)."""
    exempt = dict(line.split("|", 1) for line in case["exemptions"])
    used = {pick["code"] for stratum in expected["strata"] for pick in stratum["picks"]}
    entrants = []
    for stratum in expected["strata"]:
        if leaver not in [pick["code"] for pick in stratum["picks"]]:
            continue
        codes = [line.partition("|")[0] for line in case["roster"] if line.partition("|")[2] == stratum["id"]]
        for rank, (_, code) in enumerate(ordered_tickets(expected["K_entity"], codes), start=1):
            if code not in exempt and code not in used:
                used.add(code)
                entrants.append({"stratum": stratum["id"], "code": code, "rank": rank})
                break
    entrant = entrants[0]
    others = {
        team["code"]: [team["leader"], *team["members"]]
        for team in expected["team"]
        if team["code"] != leaver
    }
    taken = next([team["leader"], *team["members"]] for team in expected["team"] if team["code"] == leaver)
    rules = case["commit"]["matching"]
    picked = {code: first_stratum(expected, code) for code in others} | {entrant["code"]: entrant["stratum"]}
    state = Teams(picked, case["inspectors"], case["recusals"], rules, expected["K_inspector"])
    for e, code in enumerate(state.entities):
        for s, inspector in enumerate(others.get(code, taken)):
            barred = code == entrant["code"] and f"{inspector}|{code}" in state.recusals
            state.seats[e, s] = None if barred else inspector
    at = state.entities.index(entrant["code"])
    for s, inspector in enumerate(state.team(at)):
        if inspector is None:
            free = [
                i
                for i in state.candidates((at, s))
                if i not in state.team(at) and state.load(i) < rules["hard_cap"]
            ]
            state.seats[at, s] = free[0] if free else None
    return {"entrants": entrants, "team": state.team(at)}


def first_stratum(expected: Any, code: Any) -> str:
    return next(str(s["id"]) for s in expected["strata"] if code in [pick["code"] for pick in s["picks"]])


class Afterwards:
    """What is changed after the lock, each change worked out from the words of draw.md 1.9 and 1.10 alone."""

    def __init__(self, case: Any, expected: Any) -> None:
        self.case, self.key, self.rules = case, expected["K_entity"], case["commit"]["matching"]
        self.seat_key = expected["K_inspector"]
        self.standing = [(s["id"], pick["code"]) for s in expected["strata"] for pick in s["picks"]]
        self.ever = [code for _, code in self.standing]
        self.teams = {team["code"]: [team["leader"], *team["members"]] for team in expected["team"]}
        self.recused = list(case["recusals"])

    def replaced(self, leaver: Any, gone: int, recused: int) -> dict[str, Any]:
        """`gone` so many were passed over in the first stratum; the first `recused` of the team are newly recused."""
        exempt = [line.split("|", 1)[0] for line in self.case["exemptions"]]
        entrants: list[Any] = []
        passed: list[Any] = []
        for stratum in [stratum for stratum, code in self.standing if code == leaver]:
            lines = [line.partition("|") for line in self.case["roster"]]
            order = ordered_tickets(self.key, [code for code, _, where in lines if where == stratum])
            for rank, (_, code) in enumerate(order, start=1):
                if code in self.ever or code in exempt:
                    continue
                if len(passed) < gone:
                    passed.append({"stratum": stratum, "code": code, "reason": "已迁出"})
                    continue
                entrants.append({"stratum": stratum, "code": code, "rank": rank})
                self.ever.append(code)
                break
        self.standing = [place for place in self.standing if place[1] != leaver]
        self.standing += [(entrant["stratum"], entrant["code"]) for entrant in entrants]
        left = self.teams.pop(leaver)
        new = [f"{inspector}|{entrants[0]['code']}" for inspector in left[:recused]] if entrants else []
        self.recused += new
        for entrant in entrants:
            code = entrant["code"]
            if entrant is entrants[0]:
                self.teams[code] = [None if f"{i}|{code}" in self.recused else i for i in left]
            else:
                self.teams[code] = [None] * len(left)
            for seat in range(len(left)):
                if self.teams[code][seat] is None:
                    self.teams[code][seat] = self.next_for(code, seat, [])
        seats = [{"code": e["code"], "seats": list(self.teams[e["code"]])} for e in entrants]
        return {
            "leaver": leaver,
            "entrants": entrants,
            "passed_over": passed,
            "teams": seats,
            "recused": sorted(new),
        }

    def next_for(self, code: Any, seat: Any, away: Any) -> Any:
        stratum = next(where for where, picked in self.standing if picked == code)
        wanted = self.rules["leader" if seat == 0 else "eligible"].get(stratum, [])
        people = {line.split("|")[0] for line in self.case["inspectors"] if line.split("|")[1] in wanted}
        best = None
        for inspector in people:
            load = sum(inspector in team for team in self.teams.values())
            if inspector in away or inspector in self.teams[code] or f"{inspector}|{code}" in self.recused:
                continue
            if load < self.rules["hard_cap"]:
                mark = (
                    load,
                    hexed(f"{self.seat_key}{code}|{inspector}".encode()),
                    inspector.encode(),
                    inspector,
                )
                best = mark if best is None else min(best, mark)
        return best[3] if best else None

    def redrawn(self, code: Any, seat: Any, away: Any) -> dict[str, Any]:
        left, entered = self.teams[code][seat], self.next_for(code, seat, away)
        self.teams[code][seat] = entered
        named = {"unable": away} if away else {}
        return {"code": code, "seat": seat, "left": left, "entered": entered, "recused": [], **named}

    def appointed(self, code: Any, seat: Any, entered: Any) -> dict[str, Any]:
        left, self.teams[code][seat] = self.teams[code][seat], entered
        return {"code": code, "seat": seat, "left": left, "entered": entered, "recused": []}

    def swapped(self) -> dict[str, Any]:
        """The first two leaders who can trade: neither sits in the other's team or is recused from the other's entity."""
        for one in sorted(self.teams):
            for other in sorted(self.teams):
                a, b = self.teams[one], self.teams[other]
                tied = f"{b[0]}|{one}" in self.recused or f"{a[0]}|{other}" in self.recused
                if None not in (a[0], b[0]) and b[0] not in a and a[0] not in b and not tied:
                    traded = [a[0], b[0]]
                    a[0], b[0] = b[0], a[0]
                    return {"codes": [one, other], "seat": 0, "traded": traded, "recused": []}
        raise SystemExit("nobody can trade in these vectors")

    def all(self, leavers: Any, first_is_away: bool) -> list[Any]:
        """Every kind of change once; `first_is_away`: whoever would take the redrawn seat is on leave."""
        reason = {"reason": "说明", "approver": "郑局长", "asked_by": "王科长"}
        told = [("replaced", {**self.replaced(leavers[0], 2, 1), **reason})]
        first = sorted(self.teams)[0]
        away = [self.next_for(first, 1, [])] if first_is_away else []
        told.append(("seat_redrawn", {**self.redrawn(first, 1, away), **reason, "evidence": "ef" * 32}))
        told.append(("swapped", {**self.swapped(), **reason}))
        told.append(("appointed", {**self.appointed(first, 0, "A001"), **reason}))
        told.append(("replaced", {**self.replaced(leavers[1], 0, 0), **reason}))
        salts = {code: self.case["salts"][code] for code in self.ever if code in self.case["salts"]}
        told.append(("opened", {"salts": salts, "inspectors": {"P001": "示例检查员"}}))
        return told


def record_and_lines(case: Any, expected: Any, leavers: Any, version: str | None) -> dict[str, Any]:
    """The record of a draw, signed, and the lines that follow it, each byte for byte (draw.md 3).

    Lines of the first release name no `version`; those of the second do, and say on whose screen each hand wrote.
    """
    exempt = dict(line.split("|", 1) for line in case["exemptions"])
    record = {
        "v": "draw/1", "serial": case["commit"]["serial"], "commit": case["commit"], "C": expected["C"],
        "published_at": "2026-12-01T10:00:00+08:00", "nonce": case["nonce"], "inputs": case["inputs"],
        "beacon": case["beacon"], "seed": expected["seed"],
        "strata": [
            {"id": s["id"], "quota": q["quota"], "cutoff_ticket": s["cutoff_ticket"], "shortfall": s["shortfall"]}
            for s, q in zip(expected["strata"], case["commit"]["strata"], strict=True)
        ],
        "picks": [{"stratum": s["id"], **pick} for s in expected["strata"] for pick in s["picks"]],
        "skipped": [
            {"stratum": s["id"], **pick, "reason": exempt[pick["code"]]} for s in expected["strata"] for pick in s["skipped"]
        ],
        "team": expected["team"], "cap": expected["cap"],
        "files": {
            "roster": "roster.txt", "inspectors": "inspectors.txt", "recusals": "recusals.txt",
            "exemptions": "exemptions.txt",
            "exclusions": [f"exclusions/{n}.txt" for n in range(1, len(case["exclusions"]) + 1)],
        },
        "previous_record_hash": "ab" * 32,
    }  # fmt: skip
    hashed = hexed(jcs(record).encode())
    signatures = [
        {
            "name": w["name"],
            "kind": w["kind"],
            "at": record["published_at"],
            "image_sha256": "cd" * 32,
            "covers": hashed,
        }
        for w in case["commit"]["witnesses"]
    ]
    told = [
        (
            "locked",
            {"signatures": hexed(jcs(signatures).encode()), **({"hands": hands(case)} if version else {})},
        ),
        *Afterwards(case, expected).all(leavers, version is not None),
    ]
    named = {"v": version} if version else {}
    lines, previous = [], None
    for verb, facts in told:
        event = {
            **named,
            "record": hashed,
            "prev": previous,
            "event": verb,
            "at": record["published_at"],
            **facts,
        }
        line = jcs({**event, "digest": hexed(jcs(event).encode())})
        lines.append(line)
        previous = hexed(line.encode())
    return {"record": {**record, "signatures": signatures}, "hash": hashed, "lines": lines}


def hands(case: Any) -> dict[str, Any]:
    """One witness wrote on the host's screen, the other on a phone; both signed on their phones."""
    names = [witness["name"] for witness in case["commit"]["witnesses"]]
    return {
        "inputs": dict(zip(names, ("host", "phone"), strict=True)),
        "signatures": dict.fromkeys(names, "phone"),
        "rewritten": {names[1]: 1},
    }


def masked(salt: bytes, code: str) -> str:
    return "x:" + hexed(lp(salt), code.encode())


def campaign() -> dict[str, Any]:
    """Two tasks over overlapping ranges, masked codes, one sealed and one spoken witness, a public value."""
    chance = random.Random(20261201)
    salts = {f"firm:{n:03}": chance.randbytes(16) for n in range(90)}
    code = {plain: masked(salt, plain) for plain, salt in salts.items()}
    plain = list(salts)
    strata = {
        "1·A": plain[:40],
        "1·B": plain[40:60],
        "2·A": plain[20:50],
        "2·B": plain[50:75],
        "2·未评": plain[75:82],
    }
    people = [f"P{n:03}|{'甲科' if n % 3 else '乙科'}" for n in range(1, 9)]
    exempt = {plain[3]: "守信名单", plain[25]: "守信名单|复核", plain[47]: "守信名单"}
    return case(
        "a campaign: two tasks, one draw", chance,
        roster=[f"{code[p]}|{s}" for s, members in strata.items() for p in members],
        inspectors=people, recusals=[f"P001|{code[plain[21]]}", f"P002|{code[plain[44]]}"],
        exemptions=[f"{code[p]}|{why}" for p, why in exempt.items()],
        exclusions=[("本年度已抽查满 2 次", [code[p] for p in plain[82:87]]), ("迁出", [code[p] for p in plain[87:]])],
        salts={code[p]: {"code": p, "salt": salts[p].hex()} for p in plain},
        codes="masked", seats=2, hard_cap=20, sealed=True, allocation=None,
        tasks={"任务1": ["1·A", "1·B"], "任务2": ["2·A", "2·B", "2·未评"]},
        ratios={"1·A": [1, 10], "1·B": [1, 4], "2·A": [3, 20], "2·B": [3, 25], "2·未评": [1, 2]},
    )  # fmt: skip


def shares() -> dict[str, Any]:
    """A fixed total shared by weights, one class overflowing into the others; open codes; a crowded matching."""
    chance = random.Random(20261202)
    plain = [f"project:示例-{n:03}" for n in range(60)]
    strata = {"甲": plain[:3], "乙": plain[3:30], "丙": plain[30:60]}
    return case(
        "shares of a fixed total", chance,
        roster=[f"{p}|{s}" for s, members in strata.items() for p in members],
        inspectors=[f"P{n:03}|组{n % 2}" for n in range(1, 6)],
        recusals=[f"P{1 + n % 5:03}|{p}" for n, p in enumerate(plain) if n % 4 == 0],
        exemptions=[], exclusions=[], salts={}, codes="open", seats=2, hard_cap=9, sealed=False,
        allocation={"total": 17, "weights": {"甲": 40, "乙": 2, "丙": 1}},
        tasks={"任务1": ["甲", "乙", "丙"]}, ratios={"甲": None, "乙": None, "丙": None},
    )  # fmt: skip


def case(name: Any, chance: Any, **given: Any) -> dict[str, Any]:
    nonce, salt = chance.randbytes(32), chance.randbytes(16)
    texts = ["春风又绿江南岸", "351642"] if given["sealed"] else ["004271", "351642"]
    first = hexed(b"draw/1/witness\n", lp(salt), lp(texts[0].encode())) if given["sealed"] else None
    populations = {s: sum(line.partition("|")[2] == s for line in given["roster"]) for s in given["ratios"]}
    strata = [{"id": s, "population": populations[s], "ratio": r} for s, r in given["ratios"].items()]
    quotas = quota_table(strata, given["allocation"])
    groups = sorted({line.partition("|")[2] for line in given["inspectors"]})
    names = list(given["ratios"])
    document = {
        "v": "draw/1", "serial": f"示例摇号〔2026〕{chance.randint(2, 90)}号", "title": name, "codes": given["codes"],
        "window": {"from": "2026-12-01", "to": "2026-12-31"},
        "tasks": [{"id": t, "matters": ["M01"], "strata": ids} for t, ids in given["tasks"].items()],
        "strata": [{**s, "quota": quotas[s["id"]]} for s in strata],
        "allocation": given["allocation"],
        **{kind: described(given[kind]) for kind in ("roster", "inspectors", "recusals", "exemptions")},
        "exclusions": [{"reason": why, **described(codes)} for why, codes in given["exclusions"]],
        "matching": {
            "seats": given["seats"], "hard_cap": given["hard_cap"],
            "eligible": dict.fromkeys(names, groups), "leader": dict.fromkeys(names, groups[:1]),
        },
        "nonce_hash": hexed(nonce), "input_digits": 6,
        "witnesses": [
            {"name": "见证人甲", "kind": "群众代表", "commitment": first},
            {"name": "见证人乙", "kind": "法律顾问", "commitment": None},
        ],
        "beacon": {"source": "示例彩票", "round": "2026333"} if given["sealed"] else None,
        "software": "second engine", "reveal_by": "2027-01-31",
    }  # fmt: skip
    return {
        "name": name, "salts": given["salts"],
        **{kind: given[kind] for kind in ("roster", "inspectors", "recusals", "exemptions")},
        "exclusions": [{"reason": why, "codes": codes} for why, codes in given["exclusions"]],
        "commit": document, "commit_jcs": jcs(document), "nonce": nonce.hex(),
        "inputs": [
            {"name": "见证人甲", "input": texts[0], "salt": salt.hex() if first else None},
            {"name": "见证人乙", "input": texts[1], "salt": None},
        ],
        "beacon": {"source": "示例彩票", "round": "2026333", "value": b"03 07 12 18 22 31 + 09".hex()}
        if given["sealed"] else None,
    }  # fmt: skip


def main() -> None:
    draws, replacements, records = [], [], []
    for number, made in enumerate((campaign(), shares())):
        expected = draw(made)
        draws.append({**made, "expect": expected})
        in_most = max(
            (
                pick["code"]
                for stratum in expected["strata"]
                if stratum["reserve"]
                for pick in stratum["picks"]
            ),
            key=lambda code: sum(code in [p["code"] for p in s["picks"]] for s in expected["strata"]),
        )
        last = expected["strata"][-1]["picks"][-1]["code"]
        for leaver in (in_most, last):
            replacements.append(
                {"draw": number, "leaver": leaver, "expect": replacement(made, expected, leaver)}
            )
        version = (None, "draw-events/2")[number]
        records.append({"draw": number, **record_and_lines(made, expected, (in_most, last), version)})
    about = "Vectors of draw/1 by a second program, second_engine.py, which reads draw.md only."
    json.dump(
        {"about": about, "draws": draws, "replacements": replacements, "records": records},
        sys.stdout, ensure_ascii=False, indent=1,
    )  # fmt: skip
    print()


if __name__ == "__main__":
    main()
