// Which codes may stand in an open roster (draw.md 1.1).

import { utf8 } from "./bytes";

const LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1];
const CREDIT = /^[0-9A-HJ-NPQRTUWXY]{18}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
const TYPED = /^(?!x:)[a-z]+:([^\s|\u0000-\u001f\u007f]+)$/u;

/** A 统一社会信用代码 with its last character right, or `TYPE:ID`. */
export function isOpenCode(code: string): boolean {
  if (CREDIT.test(code)) {
    let sum = 0;
    for (let at = 0; at < 18; at += 1) sum += (WEIGHTS[at] as number) * LETTERS.indexOf(code[at] as string);
    return sum % 31 === 0;
  }
  const id = TYPED.exec(code)?.[1];
  return id !== undefined && utf8(id).length <= 64;
}
