"""Check a draw without trusting whoever made it: python3 verify.py RECORD.json (exit 0: holds, 1: not, 2: unreadable)
Computes everything anew from record.json and the files beside it; what changed since, with verify_since.py."""

import hashlib
import json
import re
import sys
from fractions import Fraction
from functools import cache
from itertools import pairwise, zip_longest
from operator import mul
from pathlib import Path
from runpy import run_path
from typing import Any

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)
CREDIT_CODE = re.compile("[0-9A-HJ-NPQRTUWXY]{18}")
OTHER_CODE = re.compile(r"(?!x:)[a-z]+:[^\s|\x00-\x1f\x7f]+")


class Verifier:
    def __init__(self, path: Path) -> None:
        self.folder, self.content, self.faults = path.parent, path.read_bytes(), list[str]()
        self.record = json.loads(self.content, object_pairs_hook=in_order)
        self.commit, self.lines, self.events = self.record["commit"], dict[str, list[str]](), list[Any]()

    def run(self) -> list[str]:
        drawn = (self.inputs, self.picks, self.team) if self.record.get("seed") else ()
        for step in (self.commitment, self.files, self.quotas, *drawn, self.signed):
            self.at = step.__name__
            try:
                step()
            except Exception as error:
                self.faults.append(f"{self.at}：读不出来（{type(error).__name__}: {error}）")
        return self.faults

    def need(self, holds: Any, fault: str) -> None:
        self.faults += [] if holds else [fault]

    def same(self, name: str, recorded: Any, computed: Any) -> None:
        if isinstance(recorded, list) and isinstance(computed, list):
            for place, (left, right) in enumerate(zip_longest(recorded, computed, fillvalue=())):
                self.same(f"{name}[{place}]", left, right)
        elif isinstance(recorded, dict) and isinstance(computed, dict):
            for member in sorted(recorded.keys() | computed.keys()):
                self.same(f"{name}.{member}", recorded.get(member), computed.get(member))
        elif recorded != computed or type(recorded) is not type(computed):
            self.faults.append(f"{name}：记录为 {recorded!r}，应为 {computed!r}")

    def commitment(self) -> None:
        true = json.dumps(self.record, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
        both = zip_longest(self.content, true) if self.content != true else ()
        place = next((number for number, (left, right) in enumerate(both, start=1) if left != right), None)
        self.need(place is None, f"record.json：从第 {place} 个字节起不是标准写法")
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
            self.at, content = name, (self.folder / name).read_bytes()
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
        computed = [{**s, "population": counts[s["id"]], "quota": quotas.get(s["id"], 0)} for s in strata]
        self.same("commit.strata", strata, computed)

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
        self.exempt = {x.split("|")[0]: {"reason": x.split("|", 1)[1]} for x in self.lines["exemptions.txt"]}
        key, picks, skipped, strata = self.keys[0].encode(), list[Any](), list[Any](), list[Any]()
        for s in self.commit["strata"]:
            left, cutoff = s["quota"], None
            tickets = sorted((sha(key + code.encode()), code) for code in self.codes[s["id"]])
            for rank, (ticket, code) in enumerate(tickets if left else (), start=1):
                place = {"stratum": s["id"], "rank": rank, "code": code, "ticket": ticket.hex()}
                (skipped if code in self.exempt else picks).append(place | self.exempt.get(code, {}))
                if code not in self.exempt:
                    left, cutoff = left - 1, place["ticket"]
                if left == 0:
                    break
            strata.append({"id": s["id"], "quota": s["quota"], "cutoff_ticket": cutoff, "shortfall": left})
        self.picked = {pick["code"]: pick["stratum"] for pick in reversed(picks)}
        for name, computed in (("strata", strata), ("picks", picks), ("skipped", skipped)):
            self.same(name, self.record[name], computed)

    def team(self) -> None:
        self.groups: dict[str, set[str]] = {}
        for inspector, _, group in (line.partition("|") for line in self.lines["inspectors.txt"]):
            self.groups.setdefault(inspector, set()).add(group)
        recused, rules = set(self.lines["recusals.txt"]), self.commit["matching"]
        teams, cap = seat_all(self.picked, self.groups, recused, rules, self.keys[1])
        self.same("team", self.record["team"], teams)
        self.same("cap", self.record["cap"], cap)

    def signed(self) -> None:
        record, path, before = self.record, self.folder / "events.jsonl", None
        hashed = sha(jcs({name: value for name, value in record.items() if name != "signatures"})).hex()
        self.same("signatures", record["signatures"], [{**s, "covers": hashed} for s in record["signatures"]])
        written = path.read_bytes() if path.exists() else b""
        for number, line in enumerate(filter(None, written.split(b"\n")), start=1):
            self.at, covered = f"events.jsonl 第 {number} 行", sha(jcs(record["signatures"])).hex()
            self.events.append(event := json.loads(line, object_pairs_hook=in_order))
            own = sha(jcs({name: value for name, value in event.items() if name != "digest"})).hex()
            follows = {"prev": before, "record": hashed, "signatures": covered, "digest": own}
            follows["v"] = event.get("v") and "draw-events/2"
            self.same(self.at, {"signatures": number > 1 and covered, **event}, {**event, **follows})
            self.need(jcs(event) == line, f"{self.at}：不是标准写法")
            before = sha(line).hex()
        ended = self.events[0]["event"] if self.events else None
        self.need(ended in ("locked", "void"), "events.jsonl：没有锁定或作废这一行")
        signed = {(signature["name"], signature["kind"]) for signature in record["signatures"]}
        absent = [w["name"] for w in self.commit["witnesses"] if (w["name"], w["kind"]) not in signed]
        self.need(ended == "void" or not absent, f"signatures：缺 {absent} 的签名")
        empty = ended == "void" and not record["picks"] + record["team"] + record["inputs"]
        self.need(record["seed"] or empty, "seed：没有种子，却没有作废")
        if len(self.events) > 1:
            run_path(str(Path(__file__).with_name("verify_since.py")))["recompute"](self, sha)


def seat_all(picked: Any, inspectors: dict[str, set[str]], recused: set[str], rules: Any, key: str) -> Any:
    entities = sorted(picked, key=lambda code: (sha((key + code).encode()), code.encode()))
    teams: list[list[str]] = [[""] * rules["seats"] for _ in entities]
    held: dict[str, set[tuple[int, int]]] = {inspector: set() for inspector in ["", *inspectors]}

    @cache
    def able(code: str, *groups: str) -> list[str]:
        fit = [i for i in inspectors if not inspectors[i].isdisjoint(groups) and f"{i}|{code}" not in recused]
        return sorted(fit, key=lambda i: (sha(f"{key}{code}|{i}".encode()), i.encode()))

    def fill(origin: tuple[int, int], cap: int) -> bool:
        queue, parents, met, full = [origin], {origin: (-1, -1)}, set(), {""}
        for at in queue:
            code, team, groups = entities[at[0]], teams[at[0]], rules["eligible" if at[1] else "leader"]
            for inspector in sorted(able(code, *groups.get(picked[code], [])), key=lambda i: len(held[i])):
                if inspector == team[at[1]] or (inspector, at[0]) in met:
                    continue
                met.add((inspector, at[0]))
                joining = [(at[0], team.index(inspector))] if inspector in team else []
                if not joining and inspector not in full:
                    full.add(inspector)
                    if len(held[inspector]) < cap:
                        while at[0] >= 0:
                            held[inspector].add(at)
                            held[teams[at[0]][at[1]]].discard(at)
                            teams[at[0]][at[1]], inspector, at = inspector, teams[at[0]][at[1]], parents[at]
                        return True
                    joining = sorted(held[inspector])
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
        return full | share_out(total - sum(full.values()), weights, dict(counts.items() - full.items()))
    spare = int(sum(shares.values())) - sum(map(int, shares.values()))
    first = sorted(shares, key=lambda s: (int(shares[s]) - shares[s], s.encode()))[:spare]
    return {stratum: int(share) + (stratum in first) for stratum, share in shares.items()}


def is_open_code(code: str) -> bool:
    if CREDIT_CODE.fullmatch(code):
        return not sum(map(mul, WEIGHTS, map(LETTERS.index, code))) % 31
    return OTHER_CODE.fullmatch(code) is not None and len(code.partition(":")[2].encode()) <= 64


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def lp(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


def in_order(members: Any) -> Any:
    return dict(sorted(members, key=lambda member: member[0].encode("utf-16-be")))


def jcs(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def main(arguments: list[str]) -> int:
    try:
        verifier = Verifier(Path(arguments[0]))
    except Exception as error:
        print(f"不成立：记录读不出来（{error}）。压缩包请先解压。用法：python3 verify.py RECORD.json")
        return 2
    faults, record = verifier.run(), verifier.record
    picks, teams, signed = (len(record.get(name) or ()) for name in ("picks", "team", "signatures"))
    counted = f"抽中 {picks} 家次，组 {teams} 个，签名 {signed} 个，之后的记录 {len(verifier.events)} 行"
    holds = f"成立：{record.get('serial')} 逐项重算一致，{counted}"
    print("\n".join(f"不成立：{fault}" for fault in faults) or holds)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
