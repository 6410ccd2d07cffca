/** What a person may have to do with an entity: the server's closed words (backend/registers/conflicts/rules.py). */
export const TIES = [
  ["worked_there", "本人曾在该单位任职"],
  ["relative_there", "近亲属在该单位任职或持股"],
  ["holding", "本人持股、投资或有债权债务"],
  ["dispute", "与该单位有诉讼、仲裁或其他纠纷"],
  ["other", "其他可能影响公正的关系"],
] as const;

export type Tie = (typeof TIES)[number][0];
export const FEWEST_WORDS = 5;
