/** The page's own address, behind the #: works without a server and survives a killed page. */
function read(): string[] {
  return location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
}

let parts = $state.raw<string[]>(read());
addEventListener("hashchange", () => {
  parts = read();
});

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
  if (replace) {
    history.replaceState(null, "", hash);
    parts = read();
  } else location.hash = hash;
}
