import { compareCode, makeClientId, toText } from "../crypto";
import type { PersonView } from "../store/model";
import type { Api } from "../sync";
import { acknowledge } from "./acknowledging";
import type { Commands } from "./commands";
import { CommandError } from "./commands";
import type { Conversation } from "./conversation";
import type { Opened } from "./opened";
import { pageOf } from "./pages";
import { readEntryRecord } from "./views";
import type { World } from "./world";
import { seqOf, wellFormed } from "./writing";

type Given = {
  readonly world: World;
  readonly api: Api;
  /** The open vault and its rooms; fails while there is none. */
  readonly ready: () => Opened;
};

/** The commands about people and conversations. */
export class Talking {
  readonly #world: World;
  readonly #api: Api;
  readonly #ready: () => Opened;

  constructor({ world, api, ready }: Given) {
    this.#world = world;
    this.#api = api;
    this.#ready = ready;
  }

  findPeople: Commands["findPeople"] = async ({ query }) => {
    const { desk } = this.#ready();
    const { people } = await this.#api.people(query);
    // What the directory now says of somebody known is taken note of too.
    for (const person of people)
      if (desk.persons.pinOf(person.id) !== null) await desk.persons.learn(person.id, person);
    const views = people.map((person): PersonView => desk.persons.viewServed(person));
    return views.filter(({ me }) => !me);
  };

  openDirect: Commands["openDirect"] = ({ person }) => this.#ready().rooms.directs.open(person);

  page: Commands["page"] = async ({ conversation: key, before, limit }) => {
    const { desk, rooms } = this.#ready();
    const conversation = this.#conversation(key);
    const asked = { before, limit: Math.min(limit, 500) };
    const told = rooms.toldTo(conversation);
    rooms.shows(conversation, (before ?? conversation.record.seq + 1) - asked.limit);
    const page = await pageOf(conversation, asked, desk);
    rooms.shows(conversation, page.messages[0]?.seq ?? Infinity);
    // What was told while the page was on its way must not be covered by it.
    this.#world.timers.after(0, () => {
      rooms.tellAgain(conversation, asked, { told, page }).catch(() => undefined);
    });
    return page;
  };

  /** The id under which it was asked names the message. */
  send = async (
    { conversation, ...written }: Parameters<Commands["send"]>[0],
    id = toText(makeClientId(this.#world.random)),
  ): Promise<string> => {
    await this.#ready().rooms.writing.send(this.#conversation(conversation), written, id);
    return id;
  };
  cancel: Commands["cancel"] = ({ conversation, key }) =>
    this.#ready().rooms.writing.cancel(this.#conversation(conversation), key);
  edit: Commands["edit"] = ({ conversation, key, text, mentions }) =>
    this.#ready().rooms.writing.edit(this.#conversation(conversation), key, { text, mentions });
  retract: Commands["retract"] = ({ conversation, key }) =>
    this.#ready().rooms.writing.retract(this.#conversation(conversation), key);
  react: Commands["react"] = ({ conversation, key, sign }) =>
    this.#ready().rooms.writing.react(this.#conversation(conversation), key, sign);

  markRead: Commands["markRead"] = async ({ conversation: key, seq }) => {
    const { rooms } = this.#ready();
    const conversation = this.#conversation(key);
    await rooms.marking.readTo(conversation, seq);
    rooms.tell(conversation);
  };

  saveDraft: Commands["saveDraft"] = async ({ conversation, text }) => {
    const { desk, rooms } = this.#ready();
    await desk.drafts.save(conversation, wellFormed(text));
    rooms.tell(this.#conversation(conversation));
  };

  compareCode: Commands["compareCode"] = async ({ person }) => {
    const { desk, rooms } = this.#ready();
    const pin = desk.persons.pinOf(person);
    const chain = pin?.chain ?? (await rooms.acquainting.meet(person)).log.chain;
    return compareCode(desk.identity.chain, chain);
  };

  markVerified: Commands["markVerified"] = async ({ person, verified }) => {
    const { desk, rooms } = this.#ready();
    if (desk.persons.pinOf(person) === null) await rooms.acquainting.meet(person);
    await desk.persons.setVerified(person, verified);
  };

  acknowledge: Commands["acknowledge"] = ({ conversation }) =>
    acknowledge(this.#conversation(conversation), this.#ready().rooms);

  receipts: Commands["receipts"] = async ({ conversation: key, key: message }) => {
    const { desk, rooms } = this.#ready();
    const conversation = this.#conversation(key);
    const seq = await seqOf(conversation, message);
    const record = seq === null ? null : await readEntryRecord(conversation, seq, desk);
    if (record === null) throw new CommandError("not_found");
    return rooms.receipts.of(conversation, record);
  };

  mute: Commands["mute"] = async ({ conversation: key, muted }) => {
    const { rooms } = this.#ready();
    const conversation = this.#conversation(key);
    await conversation.save({ muted });
    rooms.tell(conversation);
    rooms.ownStates.saySoon();
  };

  typing: Commands["typing"] = async ({ conversation, on }) => {
    await Promise.resolve();
    this.#ready().rooms.whispering.typing(this.#conversation(conversation), on);
  };

  createTeam: Commands["createTeam"] = ({ title, members }) =>
    this.#ready().rooms.teams.create(title, members);
  changeTeam: Commands["changeTeam"] = ({ conversation, ...asked }) =>
    this.#ready().rooms.teams.change(this.#conversation(conversation), asked);
  takeRole: Commands["takeRole"] = ({ conversation }) =>
    this.#ready().rooms.teams.takeRole(this.#conversation(conversation));
  setTitle: Commands["setTitle"] = ({ conversation, title }) =>
    this.#ready().rooms.teams.setTitle(this.#conversation(conversation), title);
  leaveTeam: Commands["leaveTeam"] = ({ conversation }) =>
    this.#ready().rooms.teams.leave(this.#conversation(conversation));

  #conversation(key: string): Conversation {
    const conversation = this.#ready().desk.conversations.get(key);
    if (conversation === null) throw new CommandError("not_found");
    return conversation;
  }
}
