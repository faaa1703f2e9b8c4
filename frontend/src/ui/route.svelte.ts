/** Where the person is, from the part of the address after `#`, which no server ever sees. */
export type Route =
  | { readonly name: "home" }
  | { readonly name: "thread"; readonly id: string }
  | { readonly name: "invitation"; readonly token: string }
  | { readonly name: "reset"; readonly token: string }
  | { readonly name: "device"; readonly code: string }
  | { readonly name: "forgot" }
  | { readonly name: "security" };

const WORD = /^[A-Za-z0-9_-]{1,128}$/;

/** Anything that is not an address of ours is home. */
export function parse(hash: string): Route {
  const [, first = "", second = "", ...rest] = hash.replace(/^#/, "").split("/");
  if (rest.length > 0) return { name: "home" };
  if (second === "") return plainRoute(first);
  return WORD.test(second) ? namedRoute(first, second) : { name: "home" };
}

function plainRoute(word: string): Route {
  if (word === "mot-de-passe-oublie") return { name: "forgot" };
  if (word === "securite") return { name: "security" };
  return { name: "home" };
}

function namedRoute(word: string, value: string): Route {
  if (word === "fil") return { name: "thread", id: value };
  if (word === "invitation") return { name: "invitation", token: value };
  if (word === "appareil") return { name: "device", code: value };
  if (word === "reinitialiser") return { name: "reset", token: value };
  return { name: "home" };
}

export function address(route: Route): string {
  switch (route.name) {
    case "thread":
      return `#/fil/${route.id}`;
    case "forgot":
      return "#/mot-de-passe-oublie";
    case "security":
      return "#/securite";
    case "invitation": // a token is read once and never written back
    case "reset":
    case "device":
    case "home":
      return "#/";
  }
}

/** The parts of a window that the router touches. */
export type AddressBar = Pick<Window, "addEventListener" | "removeEventListener"> & {
  readonly location: Pick<Location, "hash">;
  readonly history: Pick<History, "replaceState" | "pushState">;
};

export class Router {
  readonly #window: AddressBar;
  #route = $state.raw<Route>({ name: "home" });

  constructor(window: AddressBar) {
    this.#window = window;
    this.#read();
  }

  get route(): Route {
    return this.#route;
  }

  /** Follows the browser's own back and forward. */
  listen(): () => void {
    const read = (): void => {
      this.#read();
    };
    // Not `hashchange` too: it comes second, when a token has already left the address.
    this.#window.addEventListener("popstate", read);
    return () => {
      this.#window.removeEventListener("popstate", read);
    };
  }

  go(route: Route, replace = false): void {
    const target = address(route);
    if (replace) this.#window.history.replaceState(null, "", target);
    else if (target !== this.#window.location.hash) this.#window.history.pushState(null, "", target);
    this.#route = route;
  }

  #read(): void {
    const route = parse(this.#window.location.hash);
    // A token leaves the address bar as soon as it is read: not in history, not over a shoulder, not in a copied link.
    if (route.name === "invitation" || route.name === "reset" || route.name === "device")
      this.#window.history.replaceState(null, "", "#/");
    this.#route = route;
  }
}
