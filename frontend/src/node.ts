/** The engine in Node: cookies and files in a folder, JSON lines `{id, command, input}` in, `{id, result}` or `{id, error}` and `{event}` out. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { FileStorages } from "./files";
import { ready, systemRandom } from "./crypto";
import type { Commands } from "./messenger/commands";
import { CommandError } from "./messenger/commands";
import { asCommands, Engine } from "./messenger/engine";
import type { World } from "./messenger/world";
import { SUBPROTOCOL } from "./protocol";
import type { Fetch, OpenWire } from "./sync";
import { systemTimers, wireOf } from "./sync";

type Line = { readonly id: number | string; readonly command: string; readonly input?: unknown };

/** The cookies of one host, as a browser would keep them. */
class Cookies {
  readonly #path: string;
  readonly #values: Map<string, string>;

  constructor(folder: string) {
    this.#path = join(folder, "cookies.json");
    this.#values = new Map(Object.entries(readJson(this.#path)));
  }

  get header(): string {
    return [...this.#values].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  take(lines: readonly string[]): void {
    if (lines.length === 0) return;
    for (const line of lines) this.#takeOne(line);
    writeFileSync(this.#path, JSON.stringify(Object.fromEntries(this.#values)), { mode: 0o600 });
  }

  #takeOne(line: string): void {
    const [pair = "", ...attributes] = line.split(";");
    const [name = "", ...value] = pair.trim().split("=");
    const isOver = attributes.some((one) => /^\s*max-age\s*=\s*(0|-\d+)\s*$/i.test(one));
    if (isOver || value.join("=").replace(/"/g, "") === "") this.#values.delete(name);
    else this.#values.set(name, value.join("="));
  }
}

function readJson(path: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
  } catch {
    return {};
  }
}

const fetchWith =
  (origin: string, cookies: Cookies, agent: string): Fetch =>
  async (url, init) => {
    const headers = new Headers(init.headers);
    headers.set("origin", origin);
    headers.set("user-agent", agent);
    if (cookies.header !== "") headers.set("cookie", cookies.header);
    const response = await fetch(url, { ...init, headers, redirect: "error" });
    cookies.take(response.headers.getSetCookie());
    return response;
  };

/** Node's own WebSocket takes headers, which the standard has no word for. */
type HeaderedWebSocket = new (
  url: string,
  options: { readonly protocols: string; readonly headers: Readonly<Record<string, string>> },
) => WebSocket;

const wireTo =
  (origin: string, cookies: Cookies): OpenWire =>
  (events) => {
    const Headered = WebSocket as unknown as HeaderedWebSocket;
    const socket = new Headered(`${origin.replace(/^http/, "ws")}/ws`, {
      protocols: SUBPROTOCOL,
      headers: { origin, cookie: cookies.header },
    });
    return wireOf(socket, events);
  };

function worldIn(folder: string, origin: string, agent: string): World {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const cookies = new Cookies(folder);
  return {
    origin,
    fetch: fetchWith(origin, cookies, agent),
    openWire: wireTo(origin, cookies),
    timers: systemTimers,
    storages: new FileStorages(join(folder, "vaults")),
    random: systemRandom,
    chance: Math.random,
  };
}

const say = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

async function answer(commands: Commands, line: string): Promise<void> {
  const { id, command, input } = JSON.parse(line) as Line;
  const act = Object.hasOwn(commands, command) ? commands[command as keyof Commands] : null;
  try {
    if (act === null) throw new CommandError("bug");
    say({ id, result: (await (act as (input: unknown) => Promise<unknown>)(input)) ?? null });
  } catch (error) {
    const { code, retryAfter } = error instanceof CommandError ? error : new CommandError("bug");
    say({ id, error: { code, retryAfter } });
  }
}

/** As the program's own words say: `--origin URL --state FOLDER [--agent "what it calls itself"]`. */
export function worldOfArguments(): World {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ options: { origin: text, state: text, agent: text } });
  const { origin, state, agent = "headless" } = values;
  if (origin === undefined || state === undefined) throw new Error("needs --origin URL and --state FOLDER");
  return worldIn(state, origin.replace(/\/$/, ""), agent);
}

/** Answers until its input ends. */
export async function speak(world: World): Promise<void> {
  await ready;
  const engine = new Engine(world, (event) => {
    say({ event });
  });
  const commands = asCommands(engine);
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    void answer(commands, line);
  });
  lines.on("close", () => {
    engine.stop();
    process.exit(0);
  });
}
