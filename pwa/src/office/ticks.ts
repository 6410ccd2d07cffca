import { say } from "../public/words";

/** Ticked rows: the head's box ticks all, ticked rows are tinted, and what is said of them counts along. */
export function followTicks(page: Document): void {
  page.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    const table = box.closest("table");
    if (!table || box.type !== "checkbox") return;
    const boxes = [...table.querySelectorAll<HTMLInputElement>("tbody input[type=checkbox]")];
    if (box.closest("thead")) for (const one of boxes) one.checked = box.checked;
    for (const one of boxes) one.closest("tr")?.classList.toggle("sel", one.checked);
    sayHowMany(table, boxes);
  });
}

function sayHowMany(table: HTMLTableElement, boxes: HTMLInputElement[]): void {
  const ticked = boxes.filter((one) => one.checked).length;
  const head = table.querySelector<HTMLInputElement>("thead input[type=checkbox]");
  if (head) {
    head.checked = ticked === boxes.length && ticked > 0;
    head.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  const said = table.closest(".card")?.querySelector("[data-ticked]");
  if (said) said.textContent = ticked > 0 ? say(`已选 ${ticked} 个`, `${ticked} chosen`) : "";
}
