import { ready } from "../../../src/crypto";
import type { MessageView, TeamView } from "../../../src/store/model";
import { TestClient } from "./client";
import { TestHost } from "./host";
import { TestTimers } from "./timers";

export type Team = {
  readonly host: TestHost;
  readonly a: TestClient;
  readonly b: TestClient;
  readonly c: TestClient;
  readonly conversation: string;
};
export const NOBODY = { add: [], remove: [], roles: [], resume: [] } as const;
export const idOf = ({ session }: TestClient): string => session.person.id;

/** Three persons, each in a browser of their own; nothing said yet. */
export async function three(): Promise<Omit<Team, "conversation">> {
  await ready;
  const host = new TestHost(new TestTimers());
  const join = (given: string, professional = true) =>
    new TestClient(host, host.addPerson(given, professional)).join();
  return { host, a: await join("Inès"), b: await join("Damien"), c: await join("Chloé", false) };
}

/** A team of A, who coordinates, and B. */
export async function team(): Promise<Team> {
  const people = await three();
  const { a, b } = people;
  const members = [{ person: idOf(b), role: "member" as const }];
  const conversation = await a.commands.createTeam({ title: "Plaies du jeudi", members });
  await a.settle();
  return { ...people, conversation };
}

export function teamView(client: TestClient, conversation: string): TeamView {
  const view = client.view(conversation);
  if (view.kind !== "team") throw new Error("no team");
  return view;
}

export const rosterOf = (client: TestClient, conversation: string) =>
  teamView(client, conversation).members.map(({ person, role }) => `${person.given} ${role}`);

/** Who was in it: what they said keeps their name. */
export const formerOf = (client: TestClient, conversation: string) =>
  teamView(client, conversation).former.map(({ given }) => given);

export const add = (
  by: TestClient,
  conversation: string,
  who: TestClient,
  role: "member" | "coordinator" = "member",
) => by.commands.changeTeam({ conversation, ...NOBODY, add: [{ person: idOf(who), role }] });
export const remove = (by: TestClient, conversation: string, who: TestClient) =>
  by.commands.changeTeam({ conversation, ...NOBODY, remove: [idOf(who)] });

export const bodies = (messages: readonly MessageView[]) => messages.map(({ body }) => body);

/** What is on screen now, and after a reload. */
export async function bothWays<T>(
  client: TestClient,
  conversation: string,
  see: () => T,
): Promise<readonly [T, T]> {
  await client.show(conversation);
  // A thread on screen is looked at; a new browser session asks for the markers of all.
  await client.commands.look({ conversation });
  await client.settle(200);
  const live = see();
  await client.reload();
  await client.show(conversation);
  await client.commands.look({ conversation });
  await client.settle(200);
  return [live, see()];
}
