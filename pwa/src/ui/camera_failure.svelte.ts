/** Why the last picture was not kept, and at which button: one sentence at a time, gone with the next picture that was kept. */
let shown = $state.raw<{ at: symbol; words: string } | null>(null);

export const cameraFailure = {
  of: (at: symbol): string => (shown?.at === at ? shown.words : ""),
  show(at: symbol, words: string): void {
    shown = { at, words };
  },
  /** `at`: only what was said there; without it, whatever is said. */
  clear(at?: symbol): void {
    if (!at || shown?.at === at) shown = null;
  },
};
