import { toast } from "./toast.svelte";

/** The page's own address, behind the #: works without a server and survives a killed page. */
function read(): string[] {
  return location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
}

let parts = $state.raw<string[]>(read());
addEventListener("hashchange", follow);

/** Take the address over; `#/visit/<id>/<part>` is one page, whatever comes after. */
function follow(): void {
  const before = pageOf(parts);
  parts = read();
  if (pageOf(parts) !== before) toast.leavePage();
}

function pageOf(names: string[]): string {
  return names.slice(0, 3).join("/");
}

export const route = {
  get parts() {
    return parts;
  },
  get hash() {
    return `#/${parts.map(encodeURIComponent).join("/")}`;
  },
};

/** A link within the app. */
export function to(...names: (string | number)[]): string {
  return `#/${names.map((name) => encodeURIComponent(name)).join("/")}`;
}

export function go(hash: string, replace = false): void {
  if (replace) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
  follow();
}
