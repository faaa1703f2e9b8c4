import { createContext } from "svelte";
import type { Commands } from "../../messenger/commands";
import type { MemberView, Role, TeamView } from "../../store/model";
import { Attempt } from "../attempt.svelte";
import type { Wish } from "./choosing.svelte";

/** A question that waits for an answer before anything is signed. */
export type Question =
  | { readonly kind: "add" | "rename" | "leave" }
  | { readonly kind: "remove" | "see"; readonly member: MemberView };

/** What a member may do to the team, one signed change at a time. */
export class Teaming {
  readonly attempt = new Attempt();
  readonly #commands: Commands;
  readonly #team: () => TeamView;
  #question = $state.raw<Question | null>(null);

  constructor(commands: Commands, team: () => TeamView) {
    this.#commands = commands;
    this.#team = team;
  }

  get question(): Question | null {
    return this.#question;
  }

  get coordinates(): boolean {
    const { role, gone } = this.#team();
    return role === "coordinator" && !gone;
  }

  /** Nobody else could add, remove or name anybody once this person has left. */
  get isLast(): boolean {
    const others = this.#team().members.filter(
      ({ person, leaving, paused }) => !person.me && !leaving && !paused,
    );
    return this.coordinates && others.length > 0 && others.every(({ role }) => role === "member");
  }

  ask(question: Question | null): void {
    this.attempt.clear();
    this.#question = question;
  }

  add(wishes: readonly Wish[]): Promise<void> {
    return this.#change({ add: wishes });
  }

  remove({ person }: MemberView): Promise<void> {
    return this.#change({ remove: [person.id] });
  }

  resume({ person }: MemberView): Promise<void> {
    return this.#change({ resume: [person.id] });
  }

  setRole({ person }: MemberView, role: Role): Promise<void> {
    return this.#change({ roles: [{ person: person.id, role }] });
  }

  takeRole(): Promise<void> {
    return this.#run((conversation) => this.#commands.takeRole({ conversation }));
  }

  rename(title: string): Promise<void> {
    return this.#run((conversation) => this.#commands.setTitle({ conversation, title: title.trim() }));
  }

  mute(muted: boolean): Promise<void> {
    return this.#run((conversation) => this.#commands.mute({ conversation, muted }));
  }

  /** `heir`: who coordinates from now on, if nobody else did. */
  leave(heir: string | null): Promise<void> {
    return this.#run(async (conversation) => {
      const roles = heir === null ? [] : [{ person: heir, role: "coordinator" as const }];
      if (roles.length > 0)
        await this.#commands.changeTeam({ conversation, add: [], remove: [], roles, resume: [] });
      await this.#commands.leaveTeam({ conversation });
    });
  }

  #change(change: Partial<Parameters<Commands["changeTeam"]>[0]>): Promise<void> {
    const nothing = { add: [], remove: [], roles: [], resume: [] };
    return this.#run((conversation) => this.#commands.changeTeam({ ...nothing, ...change, conversation }));
  }

  /** A question is answered when what it asks has been done; otherwise it stays, and says why. */
  async #run(work: (conversation: string) => Promise<void>): Promise<void> {
    const isDone = await this.attempt.run(async () => {
      await work(this.#team().id);
      return true;
    });
    if (isDone === true) this.#question = null;
  }
}

export const [useTeaming, provideTeaming] = createContext<Teaming>();
