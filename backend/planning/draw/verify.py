"""Check a draw without trusting whoever made it: python3 verify.py RECORD.json
Computes everything anew from record.json and the files beside it. Exit 0: all holds, 1: not all, 2: unreadable.
"""

import hashlib
import json
import re
import sys
from fractions import Fraction
from functools import cache
from itertools import pairwise, zip_longest
from operator import mul
from pathlib import Path
from typing import Any

LETTERS = {letter: value for value, letter in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)
CREDIT_CODE = re.compile("[0-9A-HJ-NPQRTUWXY]{18}")
OTHER_CODE = re.compile(r"(?!x:)[a-z]+:[^\s|\x00-\x1f\x7f]+")
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, OSError)


class Verifier:
    def __init__(self, path: Path) -> None:
        self.folder, self.record = path.parent, json.loads(path.read_bytes())
        self.commit, self.lines, self.faults = self.record["commit"], dict[str, list[str]](), list[str]()

    def run(self) -> list[str]:
        drawn = (self.inputs, self.picks, self.team) if self.record.get("seed") else ()
        for step in (self.commitment, self.files, self.quotas, *drawn, self.signed):
            try:
                step()
            except UNREADABLE as error:
                self.faults.append(f"{step.__name__}：读不出来（{type(error).__name__}: {error}）")
        return self.faults

    def need(self, holds: Any, fault: str) -> None:
        if not holds:
            self.faults.append(fault)

    def same(self, name: str, recorded: Any, computed: Any) -> None:
        if isinstance(recorded, list) and isinstance(computed, list):
            for place, (left, right) in enumerate(zip_longest(recorded, computed)):
                self.same(f"{name}[{place}]", left, right)
        elif isinstance(recorded, dict) and isinstance(computed, dict):
            for member in sorted(recorded.keys() | computed.keys()):
                self.same(f"{name}.{member}", recorded.get(member), computed.get(member))
        elif recorded != computed or type(recorded) is not type(computed):
            self.faults.append(f"{name}：记录为 {recorded!r}，应为 {computed!r}")

    def commitment(self) -> None:
        self.same("v", [self.record.get("v"), self.commit.get("v")], ["draw/1", "draw/1"])
        self.same("serial", self.record.get("serial"), self.commit["serial"])
        self.same("C", self.record.get("C"), sha(jcs(self.commit)).hex())
        self.same("nonce", sha(bytes.fromhex(self.record["nonce"])).hex(), self.commit["nonce_hash"])

    def files(self) -> None:
        commit, kinds = self.commit, ("roster", "inspectors", "recusals", "exemptions")
        numbered = [f"exclusions/{number}.txt" for number in range(1, len(commit["exclusions"]) + 1)]
        names = {kind: f"{kind}.txt" for kind in kinds}
        self.same("files", self.record.get("files"), {**names, "exclusions": numbered})
        promises = [commit[kind] for kind in kinds] + commit["exclusions"]
        for name, promised in zip([*names.values(), *numbered], promises, strict=True):
            content = (self.folder / name).read_bytes()
            lines = self.lines[name] = content.decode().split("\n")[:-1]
            self.same(f"{name} rows", len(lines), promised["rows"])
            self.same(f"{name} root", sha(content).hex(), promised["root"])
            ordered = all(left < right for left, right in pairwise(map(str.encode, lines)))
            self.need(ordered and content[-1:] in (b"", b"\n"), f"{name}：没有按字节排序、不重复、每行结尾")
            fits = re.compile("x:[0-9a-f]{64}").fullmatch if commit["codes"] == "masked" else is_open_code
            wrong = [line for line in lines if not fits(line.partition("|")[0])]
            self.need(name in list(names.values())[1:] or not wrong, f"{name}：编码不合规则：{wrong[:3]}")

    def quotas(self) -> None:
        strata, allocation = self.commit["strata"], self.commit["allocation"]
        self.codes: dict[str, list[str]] = {stratum["id"]: [] for stratum in strata}
        for code, _, stratum in (line.partition("|") for line in self.lines["roster.txt"]):
            self.codes[stratum].append(code)
        counts = {stratum: len(codes) for stratum, codes in self.codes.items()}
        ratios = [(s["id"], counts[s["id"]], *s["ratio"]) for s in strata if s["ratio"]]
        quotas = {name: min(n, max(1, -(-n * num // den)) if num else 0) for name, n, num, den in ratios}
        sharing = {s["id"]: counts[s["id"]] for s in strata if not s["ratio"]}
        quotas |= share_out(allocation["total"], allocation["weights"], sharing) if allocation else {}
        for place, s in enumerate(strata):
            self.same(f"commit.strata[{place}].population", s["population"], counts[s["id"]])
            self.same(f"commit.strata[{place}].quota", s["quota"], quotas.get(s["id"], 0))

    def inputs(self) -> None:
        record, commit, parts = self.record, self.commit, [bytes.fromhex(self.record["nonce"])]
        self.need(commit["witnesses"] or commit["beacon"], "inputs：没有见证人也没有信标，结果可由一人挑选")
        self.same("inputs 数", len(record["inputs"]), len(commit["witnesses"]))
        for place, (given, witness) in enumerate(zip(record["inputs"], commit["witnesses"], strict=False)):
            parts.append(given["input"].encode())
            salt = given["salt"] and b"draw/1/witness\n" + lp(bytes.fromhex(given["salt"]))
            self.same(f"inputs[{place}].name", given["name"], witness["name"])
            self.same(f"inputs[{place}]", salt and sha(salt + lp(parts[-1])).hex(), witness["commitment"])
            fits = salt or re.fullmatch(f"[0-9]{{{int(commit['input_digits'])}}}", given["input"])
            self.need(fits, f"inputs[{place}].input：不是 {commit['input_digits']} 位数字")
        announced = {**commit["beacon"], "value": record["beacon"]["value"]} if commit["beacon"] else None
        self.same("beacon", record["beacon"], announced)
        parts += [bytes.fromhex(announced["value"])] if announced else []
        seed = sha(b"draw/1/seed\n" + sha(jcs(commit)) + b"".join(map(lp, parts)))
        self.same("seed", record["seed"], seed.hex())
        self.keys = [sha(b"draw/1/" + kind + b"\n" + seed).hex() for kind in (b"entity", b"inspector")]

    def picks(self) -> None:
        exempt = {
            code: {"reason": why} for code, why in (x.split("|", 1) for x in self.lines["exemptions.txt"])
        }
        key, picks, skipped, strata = self.keys[0].encode(), list[Any](), list[Any](), list[Any]()
        for s in self.commit["strata"]:
            left, cutoff = s["quota"], None
            tickets = sorted((sha(key + code.encode()), code) for code in self.codes[s["id"]])
            for rank, (ticket, code) in enumerate(tickets, start=1):
                place = {"stratum": s["id"], "rank": rank, "code": code, "ticket": ticket.hex()}
                if left == 0:
                    break
                (skipped if code in exempt else picks).append(place | exempt.get(code, {}))
                if code not in exempt:
                    left, cutoff = left - 1, place["ticket"]
            strata.append({"id": s["id"], "quota": s["quota"], "cutoff_ticket": cutoff, "shortfall": left})
        self.picked = {pick["code"]: pick["stratum"] for pick in reversed(picks)}
        for name, computed in (("strata", strata), ("picks", picks), ("skipped", skipped)):
            self.same(name, self.record[name], computed)

    def team(self) -> None:
        groups: dict[str, set[str]] = {}
        for inspector, _, group in (line.partition("|") for line in self.lines["inspectors.txt"]):
            groups.setdefault(inspector, set()).add(group)
        recused, rules = set(self.lines["recusals.txt"]), self.commit["matching"]
        teams, cap = seat_all(self.picked, groups, recused, rules, self.keys[1])
        self.same("team", self.record["team"], teams)
        self.same("cap", self.record["cap"], cap)

    def signed(self) -> None:
        record, path, before = self.record, self.folder / "events.jsonl", None
        hashed = sha(jcs({name: value for name, value in record.items() if name != "signatures"})).hex()
        for place, signature in enumerate(record["signatures"]):
            self.same(f"signatures[{place}].covers（H(record)）", signature["covers"], hashed)
        lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
        ended = json.loads(lines[0])["event"] if lines else None
        self.need(ended in ("locked", "void"), "events.jsonl：没有锁定或作废这一行")
        signed = {(signature["name"], signature["kind"]) for signature in record["signatures"]}
        absent = [w["name"] for w in self.commit["witnesses"] if (w["name"], w["kind"]) not in signed]
        self.need(ended == "void" or not absent, f"signatures：缺 {absent} 的签名")
        left = record["picks"] + record["team"] + record["inputs"]
        self.need(record["seed"] or (ended == "void" and not left), "seed：没有种子，却没有作废")
        for number, event in enumerate(map(json.loads, lines), start=1):
            follows = {"prev": before, "record": hashed, "signatures": sha(jcs(record["signatures"])).hex()}
            told = {"signatures": number > 1 and follows["signatures"], **event}
            self.same(f"events.jsonl 第 {number} 行", {name: told.get(name) for name in follows}, follows)
            for code, opened in event.get("salts", {}).items():
                masked = sha(lp(bytes.fromhex(opened["salt"])) + opened["code"].encode()).hex()
                self.same(f"events.jsonl 第 {number} 行 salts", code, f"x:{masked}")
            before = sha(lines[number - 1]).hex()


def seat_all(picked: Any, inspectors: dict[str, set[str]], recused: set[str], rules: Any, key: str) -> Any:
    """The teams and the cap reached; no team and no cap where the seats cannot all be filled."""
    entities = sorted(picked, key=lambda code: (sha((key + code).encode()), code.encode()))
    teams: list[list[str]] = [[""] * rules["seats"] for _ in entities]
    seats_of: dict[str, set[tuple[int, int]]] = {inspector: set() for inspector in ["", *inspectors]}

    @cache
    def able(code: str, *groups: str) -> list[str]:
        fit = [i for i in inspectors if not inspectors[i].isdisjoint(groups) and f"{i}|{code}" not in recused]
        return sorted(fit, key=lambda i: (sha(f"{key}{code}|{i}".encode()), i.encode()))

    def fill(origin: tuple[int, int], cap: int) -> bool:
        queue, parents, met, full = [origin], {origin: (-1, -1)}, set(), {""}
        for at in queue:
            code, team, groups = entities[at[0]], teams[at[0]], rules["eligible" if at[1] else "leader"]
            asked = able(code, *groups.get(picked[code], []))
            for inspector in sorted(asked, key=lambda i: len(seats_of[i])):
                if inspector == team[at[1]] or (inspector, at[0]) in met:
                    continue
                met.add((inspector, at[0]))
                joining = [(at[0], team.index(inspector))] if inspector in team else []
                if not joining and inspector not in full:
                    full.add(inspector)
                    if len(seats_of[inspector]) < cap:
                        while at[0] >= 0:
                            seats_of[inspector].add(at)
                            seats_of[teams[at[0]][at[1]]].discard(at)
                            teams[at[0]][at[1]], inspector, at = inspector, teams[at[0]][at[1]], parents[at]
                        return True
                    joining = sorted(seats_of[inspector])
                queue += (new := [seat for seat in joining if seat not in parents])
                parents |= dict.fromkeys(new, at)
        return False

    cap = min(rules["hard_cap"], max(1, -(-rules["seats"] * len(entities) // (len(inspectors) or 1))))
    for origin in ((entity, place) for entity in range(len(entities)) for place in range(rules["seats"])):
        while not fill(origin, cap):
            cap += 1
            if cap > rules["hard_cap"]:
                return [], None
    return [{"code": c, "leader": t[0], "members": t[1:]} for c, t in zip(entities, teams, strict=True)], cap


def share_out(total: int, weights: dict[str, int], counts: dict[str, int]) -> dict[str, int]:
    parts = {stratum: count * weights.get(stratum, 0) for stratum, count in counts.items()}
    shares = {stratum: Fraction(total * part, sum(parts.values()) or 1) for stratum, part in parts.items()}
    full = {stratum: count for stratum, count in counts.items() if shares[stratum] > count}
    if full:
        others = {stratum: count for stratum, count in counts.items() if stratum not in full}
        return full | share_out(total - sum(full.values()), weights, others)
    spare = int(sum(shares.values())) - sum(map(int, shares.values()))
    first = sorted(shares, key=lambda s: (int(shares[s]) - shares[s], s.encode()))[:spare]
    return {stratum: int(share) + (stratum in first) for stratum, share in shares.items()}


def is_open_code(code: str) -> bool:
    if CREDIT_CODE.fullmatch(code):
        return not sum(map(mul, WEIGHTS, map(LETTERS.__getitem__, code))) % 31
    return OTHER_CODE.fullmatch(code) is not None and len(code.partition(":")[2].encode()) <= 64


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def lp(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


def jcs(value: Any) -> bytes:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(jcs(name) + b":" + jcs(value[name]) for name in names) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(jcs, value)) + b"]"
    return json.dumps(value, ensure_ascii=False).encode()


def main(arguments: list[str]) -> int:
    try:
        verifier = Verifier(Path(arguments[0]))
    except UNREADABLE as error:
        print(f"不成立：记录读不出来（{error}）。压缩包请先解压。用法：python3 verify.py RECORD.json")
        return 2
    faults, record = verifier.run(), verifier.record
    picks, teams, signed = (len(record.get(name) or ()) for name in ("picks", "team", "signatures"))
    holds = f"成立：{record.get('serial')} 逐项重算一致，抽中 {picks} 家次，组 {teams} 个，签名 {signed} 个"
    print("\n".join(f"不成立：{fault}" for fault in faults) or holds)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
