import type { ConversationView, PersonView } from "../../store/model";
import { plural, t } from "../i18n";
import { fullName, matches, occupation, plain } from "./person";

/** What a conversation is called: the other person, or the team's title. */
export function titleOf(conversation: ConversationView): string {
  return conversation.kind === "direct"
    ? fullName(conversation.peer)
    : (conversation.title ?? t("team.untitled"));
}

/** The line under the title. */
export function aboutOf(conversation: ConversationView): string {
  return conversation.kind === "direct"
    ? occupation(conversation.peer)
    : plural("team.members", conversation.members.length);
}

export function peopleOf(conversation: ConversationView): readonly PersonView[] {
  return conversation.kind === "direct"
    ? [conversation.peer]
    : conversation.members.map(({ person }) => person);
}

/** Whoever may have said something here. */
export function everybodyOf(conversation: ConversationView): readonly PersonView[] {
  const former = conversation.kind === "direct" ? [] : conversation.former;
  return [...peopleOf(conversation), ...former];
}

/** By its title, or by anybody in it. */
export function isAbout(conversation: ConversationView, query: string): boolean {
  const isCalled = plain(titleOf(conversation)).includes(plain(query.trim()));
  return isCalled || peopleOf(conversation).some((person) => !person.me && matches(person, query));
}
