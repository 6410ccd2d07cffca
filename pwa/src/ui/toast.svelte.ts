/** One line above the dock for five seconds, or until the next page; never for errors and never the only proof of saving. */
export interface Toast {
  words: string;
  undo: (() => void) | null;
}

const SHOWN_MS = 5_000;
let shown = $state.raw<Toast | null>(null);
let justShown = false;
let timer: ReturnType<typeof setTimeout> | undefined;

export const toast = {
  get shown() {
    return shown;
  },
  show(words: string, undo: (() => void) | null = null): void {
    clearTimeout(timer);
    shown = { words, undo };
    justShown = true;
    queueMicrotask(() => {
      justShown = false;
    });
    timer = setTimeout(() => toast.hide(), SHOWN_MS);
  },
  hide(): void {
    clearTimeout(timer);
    shown = null;
  },
  /** Another page opens: what was said of the one before is over, unless it was said in the same breath. */
  leavePage(): void {
    if (!justShown) toast.hide();
  },
};
