import { expect, test } from "vitest";
import { address, parse, Router, type AddressBar } from "../../src/ui/route.svelte";

/** A window as far as the router can tell, with its history as a list. */
function bar(hash: string): AddressBar & { readonly trail: string[]; back(): void } {
  const location = { hash };
  const trail = [hash];
  const heard = new Set<() => void>();
  const set = (url: string): void => {
    location.hash = url === "#/" ? "" : url;
  };
  return {
    location,
    trail,
    history: {
      replaceState: (_data, _title, url) => {
        trail[trail.length - 1] = String(url);
        set(String(url));
      },
      pushState: (_data, _title, url) => {
        trail.push(String(url));
        set(String(url));
      },
    },
    addEventListener: (_type: string, listener: unknown) => void heard.add(listener as () => void),
    removeEventListener: (_type: string, listener: unknown) => void heard.delete(listener as () => void),
    back: () => {
      trail.pop();
      set(trail.at(-1) ?? "");
      for (const listener of heard) listener();
    },
  };
}

test.each([
  "#/fil/",
  "#/fil/a/b",
  "#/fil/%3Cimg%3E",
  "#/fil/../x",
  "#/inconnu/abc",
  "#javascript:alert(1)",
  "#/invitation",
  "",
  "#",
  "#/",
])("%j is home", (hash) => {
  expect(parse(hash)).toEqual({ name: "home" });
});

test("a word longer than any of ours is not an id", () => {
  expect(parse(`#/fil/${"a".repeat(129)}`)).toEqual({ name: "home" });
});

test.each([
  ["#/fil/abc_-9", { name: "thread", id: "abc_-9" }],
  ["#/invitation/tok", { name: "invitation", token: "tok" }],
  ["#/reinitialiser/tok", { name: "reset", token: "tok" }],
  ["#/mot-de-passe-oublie", { name: "forgot" }],
  ["#/securite", { name: "security" }],
] as const)("%s is read", (hash, route) => {
  expect(parse(hash)).toEqual(route);
});

test("no address is ever written with a token in it", () => {
  expect(address({ name: "invitation", token: "secret" })).toBe("#/");
  expect(address({ name: "reset", token: "secret" })).toBe("#/");
});

test("a token leaves the address bar and the history as soon as it is read", () => {
  const window = bar("#/invitation/secret");
  const router = new Router(window);
  expect(router.route).toEqual({ name: "invitation", token: "secret" });
  expect(window.trail).toEqual(["#/"]);
});

test("going on pushes an address, back comes back", () => {
  const window = bar("#/");
  const router = new Router(window);
  const stop = router.listen();
  router.go({ name: "thread", id: "x" });
  expect(window.trail).toEqual(["#/", "#/fil/x"]);
  window.back();
  expect(router.route).toEqual({ name: "home" });
  stop();
  router.go({ name: "security" });
  window.back();
  expect(router.route).toEqual({ name: "security" });
});

test("replacing leaves no step to go back to", () => {
  const window = bar("#/fil/x");
  new Router(window).go({ name: "home" }, true);
  expect(window.trail).toEqual(["#/"]);
});
