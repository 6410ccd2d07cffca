/** What may be done about a finding on the spot. The words are kept in the record, so they stay Chinese. */
export const DISPOSALS = ["当场改正", "责令限期改正", "责令立即停止使用", "移送有权部门处理", "进一步调查"];
