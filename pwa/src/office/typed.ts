const KEPT = "typed-forms";
const LEFT_ALONE = ["hidden", "password", "file", "submit", "button", "reset"];

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

interface Typed {
  action: string;
  /** What the page itself put into the form: it tells forms of one action apart, and one row's tick from another's. */
  fixed: string;
  /** What stood in each field, in the order of the form: a text, or whether it was ticked. */
  values: (string | boolean)[];
}

interface Kept {
  page: string;
  person: string;
  forms: Typed[];
  /** Whether the page is to show it when it is opened next: after a refusal, or in the other language. */
  wanted: boolean;
}

/**
 * What was typed survives a refusal that is told on another page, a session that ended, and a change of language. It is kept
 * in this tab and for this person only, until the form went through or the person logs out; passwords and files never are.
 */
export function keepTyped(page: Document): void {
  giveBack(page);
  page.addEventListener("submit", ({ target }) => {
    const form = target as HTMLFormElement;
    if ("endsSession" in form.dataset) sessionStorage.removeItem(KEPT);
    else if (isKept(form)) keep(page, [form], false);
  });
  page.addEventListener("click", ({ target }) => {
    if ((target as Element).closest("a.language")) keep(page, [...page.forms].filter(isKept), true);
  });
}

function giveBack(page: Document): void {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null") as Kept | null;
  if (kept === null) return;
  const refused = page.body.hasAttribute("data-refused");
  const isAnothers = ![kept.person, ""].includes(personOf(page));
  if (!isAnothers && (refused || (kept.wanted && kept.page !== addressOf(page)))) {
    sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, wanted: true }));
    return;
  }
  sessionStorage.removeItem(KEPT);
  if (kept.wanted && kept.person === personOf(page)) for (const typed of kept.forms) fillIn(page, typed);
}

function fillIn(page: Document, typed: Typed): void {
  const form = [...page.forms].filter(isKept).find((one) => {
    const now = typedIn(one);
    return now.action === typed.action && now.fixed === typed.fixed;
  });
  for (const [at, field] of form ? fieldsOf(form).entries() : []) {
    const value = typed.values[at];
    if (typeof value === "boolean") (field as HTMLInputElement).checked = value;
    else if (value !== undefined) field.value = value;
  }
  for (let fold = form?.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
}

function typedIn(form: HTMLFormElement): Typed {
  const hidden = [...form.querySelectorAll<HTMLInputElement>("input[type=hidden]")];
  const fields = fieldsOf(form);
  const named = fields.map((field) => (isTicked(field) ? `${field.name}=${field.value}` : field.name));
  return {
    action: new URL(form.action).pathname,
    fixed: [...hidden.map(({ name, value }) => `${name}=${value}`), ...named].join("&"),
    values: fields.map((field) => (isTicked(field) ? (field as HTMLInputElement).checked : field.value)),
  };
}

function fieldsOf(form: HTMLFormElement): Field[] {
  const fields = [...form.elements].filter((each) => each.matches("input, select, textarea")) as Field[];
  return fields.filter(({ type }) => !LEFT_ALONE.includes(type));
}

function isTicked(field: Field): boolean {
  return field.type === "checkbox" || field.type === "radio";
}

/** Not what the browser is asked not to remember, as a witness's digits, and no login. */
function isKept(form: HTMLFormElement): boolean {
  const open = form.autocomplete !== "off" && form.querySelector("[type=password]") === null;
  return open && form.method.toLowerCase() === "post" && fieldsOf(form).length > 0;
}

function keep(page: Document, forms: HTMLFormElement[], wanted: boolean): void {
  const kept: Kept = { page: addressOf(page), person: personOf(page), forms: forms.map(typedIn), wanted };
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
}

/** The page that a form stands on, also where it is the answer to the form: the one its language link leads to. */
function addressOf(page: Document): string {
  return page.querySelector<HTMLAnchorElement>("a.language")?.pathname ?? location.pathname;
}

function personOf(page: Document): string {
  return page.body.dataset.person ?? "";
}
