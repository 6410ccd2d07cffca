/** One line above the dock for five seconds; never for errors and never the only proof of saving. */
export interface Toast {
  words: string;
  undo: (() => void) | null;
}

const SHOWN_MS = 5_000;
let shown = $state.raw<Toast | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

export const toast = {
  get shown() {
    return shown;
  },
  show(words: string, undo: (() => void) | null = null): void {
    clearTimeout(timer);
    shown = { words, undo };
    timer = setTimeout(() => toast.hide(), SHOWN_MS);
  },
  hide(): void {
    clearTimeout(timer);
    shown = null;
  },
};
