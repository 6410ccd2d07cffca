/** Browsers without the popover attribute still open an article's own words, by the same button. */
export function openWordsWithoutPopovers(page: Document): void {
  if ("popover" in HTMLElement.prototype) return;
  page.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[popovertarget]");
    const wanted = button && page.getElementById(button.getAttribute("popovertarget") ?? "");
    for (const words of page.querySelectorAll(".cite-words.open")) if (words !== wanted) words.classList.remove("open");
    wanted?.classList.toggle("open");
  });
  page.addEventListener("keydown", (event) => {
    if (event.key === "Escape")
      for (const words of page.querySelectorAll(".cite-words.open")) words.classList.remove("open");
  });
}
