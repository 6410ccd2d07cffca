// What the verifier says, in the page's language. The checks name their faults in Chinese; here is their English.

const spoken = () => (typeof document === "undefined" ? "zh" : document.documentElement.lang);

/** The sentence of the page's language. */
export function say(chinese: string, english: string): string {
  return spoken().startsWith("en") ? english : chinese;
}

const FAULTS: [RegExp, string][] = [
  [/^缺少文件 (.+)$/, "The file $1 is missing"],
  [/^(.+) 的指纹与公告不符$/, "The fingerprint of $1 is not the published one"],
  [/^(.+) 的行数与公告不符$/, "$1 does not have the published number of lines"],
  [/^(.+) 没有按字节排序，或有重复$/, "$1 is not sorted by bytes, or repeats lines"],
  [/^(.+) 有 (.+) 个编码不合规则，如 (.+)$/, "$1 has $2 codes against the rules, such as $3"],
  [/^记录里的指纹与约定内容不符$/, "The commitment in the record does not fit what was committed"],
  [/^抽取前公告的指纹与约定内容不符$/, "The commitment announced before the draw does not fit what was committed"],
  [/^随机数不是事先封存的那一个$/, "The nonce is not the one that was committed"],
  [/^没有见证人也没有公开随机数，结果可由一人挑选$/, "No witness and no beacon: one person could choose the outcome"],
  [/^见证人和数字的个数不同$/, "There are not as many inputs as witnesses"],
  [/^缺少见证人 (.+) 的数字$/, "The input of the witness $1 is missing"],
  [/^(.+) 的数字与事先封存的不符$/, "The input of $1 is not the sealed one"],
  [/^(.+) 的数字不是 (.+) 位$/, "The input of $1 does not have $2 digits"],
  [/^公开随机数不是约定的那一期$/, "The beacon is not the one agreed on"],
  [/^种子与重算不符$/, "The seed is not what it computes to"],
  [/^没有种子，却有抽中的单位$/, "There is no seed, and yet entities were drawn"],
  [/^没有种子，却有检查组$/, "There is no seed, and yet there are teams"],
  [/^没有种子，却没有作废$/, "There is no seed, and yet the draw is not void"],
  [/^每人最多承担：记录为 (.+)，应为 (.+)$/, "Most per person: $1 on record, should be $2"],
  [/^抽取记录的指纹与公告不符$/, "The fingerprint of the record is not the published one"],
  [/^(.+) 签的不是这份记录$/, "$1 signed another record"],
  [/^没有锁定或作废这一行$/, "The line that locks or voids the draw is missing"],
  [/^缺少 (.+) 的签名$/, "The signature of $1 is missing"],
  [/^第 (.+) 条记录的版本不认识$/, "The version of line $1 is not known"],
  [/^第 (.+) 条记录没有接上$/, "Line $1 is not linked to the one before"],
  [/^第 (.+) 条记录没有写明理由、批准人和提出人$/, "Line $1 does not name the reason, the approver and who asked"],
  [/^第 (.+) 条记录：不认识的记录 (.+)$/, "Line $1: unknown kind of line $2"],
  [/^第 (.+) 条记录的 (.+)：记录为 (.+)，应为 (.+)$/, "Line $1, $2: $3 on record, should be $4"],
  [/^公开的盐不是每家抽中单位各一个$/, "The opened salts are not one for each entity drawn"],
  [/^(.+) 已在 (.+) 的组里，或须回避$/, "$1 is in the team of $2 already, or recused"],
  [/^第 (.+) 条记录与它自己的指纹不符$/, "Line $1 does not fit its own fingerprint"],
  [/^最后一条记录没有写完$/, "The last line is not complete"],
  [/^record\.json 从第 (.+) 个字符起不是标准写法$/, "record.json is not in canonical form from character $1 on"],
  [/^(.+) 的盐和它的遮盖编码不符$/, "The salt of $1 does not give its masked code"],
  [/^(.+) 组公布 (.+) 家，名录里有 (.+) 家$/, "Stratum $1: $2 published, $3 in the roster"],
  [/^(.+) 组名额公布 (.+)，按比例应为 (.+)$/, "Stratum $1: quota $2 published, should be $3"],
  [/^免检第 (.+) 家：记录为 (.+)，应为 (.+)$/, "Exempt no. $1: $2 on record, should be $3"],
  [/^第 (.+) (?:家|组|个检查组)：记录为 (.+)，应为 (.+)$/, "No. $1: $2 on record, should be $3"],
];

/** A fault that a check found, in the page's language; one without English stays as it is. */
export function faultWords(fault: string): string {
  const known = FAULTS.find(([pattern]) => pattern.test(fault));
  return known === undefined ? fault : say(fault, fault.replace(known[0], known[1]));
}
