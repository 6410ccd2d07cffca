import SignaturePad from "signature_pad";

/** Every `data-pen` becomes a field to sign in; without a script or a pointer the photo beside it does. */
export function offerPens(page: Document): void {
  for (const field of page.querySelectorAll<HTMLElement>("[data-pen]")) offerPen(field);
}

function offerPen(field: HTMLElement): void {
  const canvas = field.querySelector("canvas");
  const drawing = field.querySelector<HTMLInputElement>("[name=drawing]");
  const form = field.closest("form");
  if (!canvas || !drawing || !form) return;
  field.hidden = false;
  form.querySelector("details[data-photo]")?.removeAttribute("open");
  const pad = new SignaturePad(canvas, { minWidth: 1.4, maxWidth: 3.8, penColor: "#12202a", backgroundColor: "#fff" });
  new ResizeObserver(() => scale(canvas, pad)).observe(canvas);
  pad.addEventListener("endStroke", () => field.toggleAttribute("data-inked", !pad.isEmpty()));
  field.querySelector("[data-again]")?.addEventListener("click", () => {
    pad.clear();
    field.removeAttribute("data-inked");
  });
  form.addEventListener("submit", () => {
    drawing.value = pad.isEmpty() ? "" : canvas.toDataURL("image/png");
  });
}

/** Canvas pixels follow the screen; what is drawn stays. */
function scale(canvas: HTMLCanvasElement, pad: SignaturePad): void {
  const strokes = pad.toData();
  const times = Math.max(1, devicePixelRatio);
  canvas.width = canvas.offsetWidth * times;
  canvas.height = canvas.offsetHeight * times;
  canvas.getContext("2d")?.scale(times, times);
  pad.clear();
  pad.fromData(strokes);
}
