import type { PasskeyOffer, PasskeyQuestion } from "../../../src/messenger/commands";
import type {
  ConversationView,
  DirectView,
  FactorsView,
  MemberView,
  MessageBody,
  MessageView,
  OwnSessionView,
  PersonView,
  Role,
  TeamView,
} from "../../../src/store/model";

const PLACE = "MSP des Tilleuls";

function person(
  n: number,
  given: string,
  family: string,
  profession: string,
  more: Partial<PersonView> = {},
): PersonView {
  const id = n.toString(16).padStart(2, "0").repeat(16);
  const rpps = `9970090${String(n).padStart(4, "0")}`;
  return {
    id,
    given,
    family,
    profession,
    place: PLACE,
    rpps,
    trust: "unverified",
    ready: true,
    me: false,
    ...more,
  };
}

export const me = person(1, "Inès", "FACTICE-MODELE", "Infirmière", { me: true });
export const anneLise = person(2, "Anne-Lise", "TESTARD", "Médecin généraliste", { trust: "verified" });
export const gaetan = person(3, "Gaëtan", "MAQUETTE", "Pharmacien", { place: "Pharmacie du Marché" });
export const zoe = person(4, "Zoé", "ÉCHANTILLON", "Kinésithérapeute");
export const noel = person(5, "Noël", "PROTOTYPE", "Coordonnateur", { rpps: null });
export const loic = person(6, "Loïc", "D’ESSAI", "Médecin généraliste", { trust: "changed" });
export const camille = person(7, "Camille", "TÉMOIN", "Infirmière", { place: "HAD du Pays de Bresse" });
export const camilleToo = person(8, "Camille", "TÉMOIN", "Médecin pneumologue", {
  place: "Clinique des Aubépines",
});
export const adele = person(9, "Adèle", "FACTICE-DE-LA-TRES-LONGUE-ALLEE", "Masseuse-kinésithérapeute", {
  ready: false,
});
export const everyone: readonly PersonView[] = [
  anneLise,
  gaetan,
  zoe,
  noel,
  loic,
  camille,
  camilleToo,
  adele,
];

export const NOW = Math.floor(Date.now() / 1000);
const MINUTE = 60;
const DAY = 86_400;

export function at(day: number, hour: number, minute: number): number {
  const date = new Date((NOW - day * DAY) * 1000);
  date.setHours(hour, minute, 0, 0);
  return Math.min(date.getTime() / 1000, NOW - MINUTE);
}

const text = (words: string, quote: MessageView | null = null): MessageBody => ({
  kind: "text",
  text: words,
  quote:
    quote?.body.kind === "text"
      ? { key: quote.key, author: quote.author ?? "", excerpt: quote.body.text.slice(0, 120) }
      : null,
  mentions: [],
  edited: null,
  reactions: [],
});

export function from(
  author: PersonView,
  seq: number,
  when: number,
  words: string,
  quote: MessageView | null = null,
): MessageView {
  const state = author.me ? "read" : null;
  const key = `m${seq.toString()}`;
  return {
    key,
    seq,
    at: when,
    author: author.id,
    own: author.me,
    body: text(words, quote),
    state,
    reach: null,
    late: false,
  };
}

export function system(
  seq: number,
  when: number,
  event: "started" | "renewed" | "device_added",
  who: PersonView,
): MessageView {
  const body: MessageBody = { kind: "system", event, person: who.id };
  return {
    key: `e${seq.toString()}`,
    seq,
    at: when,
    author: who.id,
    own: false,
    body,
    state: null,
    reach: null,
    late: false,
  };
}

export function talk(): readonly MessageView[] {
  const ask = from(
    me,
    5,
    at(0, 8, 31),
    "Mme PAT-TROIS : + 2,4 kg en 4 jours, SpO₂ 93 % en air ambiant. Avis sur le diurétique aujourd’hui ?",
  );
  return [
    system(1, at(1, 17, 2), "started", me),
    from(me, 2, at(1, 17, 20), "Bonsoir Anne-Lise, ordonnance de sortie reçue. Pilulier prêt pour 7 jours."),
    from(
      anneLise,
      3,
      at(1, 17, 31),
      "Merci. Le protocole est ici : https://www.exemple.fr/protocoles/insuffisance-cardiaque (page 4).",
    ),
    from(anneLise, 4, at(1, 17, 32), "Le secrétariat du CH répond au 01 99 00 00 14 jusqu’à 19 h."),
    ask,
    system(6, at(0, 8, 40), "device_added", anneLise),
    from(
      anneLise,
      7,
      at(0, 8, 52),
      "Je m’en occupe. Biologie en urgence demandée au Laboratoire du Pont, tube à 09:10.",
      ask,
    ),
    from(me, 8, at(0, 9, 4), "Prélèvement fait, tube parti."),
    { ...from(me, 9, at(0, 9, 5), "Je repasse ce soir vers 19 h pour le poids et la PA."), state: "arrived" },
    from(
      anneLise,
      10,
      at(0, 9, 12),
      "Furosémide 80 mg ce jour et demain, et potassium à corriger. Pouvez-vous reprendre poids et PA ce soir ?",
    ),
    from(anneLise, 11, at(0, 9, 13), "Et dites-lui de m’appeler si l’essoufflement augmente dans la nuit."),
  ];
}

export function longTalk(count: number): readonly MessageView[] {
  const lines = [
    "Vu, merci.",
    "Passage fait ce matin, plaie propre, pas de rougeur.",
    "Pouvez-vous confirmer la dose du soir ?\nLe patient hésite entre les deux boîtes.",
  ];
  return Array.from({ length: count }, (_, index) => {
    const author = index % 3 === 0 ? me : anneLise;
    const words = `${lines[index % lines.length] ?? ""} (${(index + 1).toString()})`;
    return from(author, index + 1, NOW - (count - index) * 7 * MINUTE, words);
  });
}

export function conversation(peer: PersonView, more: Partial<DirectView>): DirectView {
  return {
    id: `fil-${peer.id.slice(0, 2)}`,
    kind: "direct",
    peer,
    head: 11,
    activity: NOW,
    preview: null,
    unread: 0,
    firstUnread: null,
    queued: 0,
    draft: "",
    alarm: null,
    behind: false,
    mentioned: 0,
    muted: false,
    typing: [],
    present: [],
    ...more,
  };
}

const preview = (words: string, own = false): ConversationView["preview"] => ({
  text: words,
  own,
  author: null,
});

export function conversations(): readonly ConversationView[] {
  return [
    team(),
    team({
      id: "fil-secteur",
      title: "Infirmières du secteur",
      activity: at(1, 11, 0),
      preview: { text: "Planning de février déposé", own: false, author: anneLise.id },
      unread: 3,
      firstUnread: 4,
      mentioned: 1,
      muted: true,
      typing: [],
      present: [],
    }),
    conversation(anneLise, {
      activity: at(0, 9, 13),
      preview: preview("Et dites-lui de m’appeler si l’essoufflement augmente dans la nuit."),
      unread: 2,
      firstUnread: 10,
    }),
    conversation(zoe, {
      activity: at(0, 8, 20),
      preview: preview("Chute ce matin, sans gravité apparente. Je la revois à 15 h."),
      unread: 1,
      firstUnread: 4,
    }),
    conversation(gaetan, {
      activity: at(1, 16, 52),
      preview: preview("Pansement refait, plaie propre.", true),
    }),
    conversation(loic, {
      activity: at(1, 10, 5),
      preview: preview("Vu, merci."),
      draft: "Pour M. VERDIER-FICTIVE, je",
    }),
    conversation(noel, { activity: at(4, 9, 58), preview: preview("Salle 2 libre dès 14 h") }),
    conversation(camille, {
      activity: at(9, 14, 0),
      preview: preview("Planning de novembre déposé, merci à toutes.", true),
    }),
  ];
}

export function ownSessions(): readonly OwnSessionView[] {
  const one = { started: NOW - 3 * 3600, device: null, here: false } as const;
  return [
    { ...one, id: "a".repeat(32), used: NOW, browser: "firefox", platform: "windows", here: true },
    { ...one, id: "b".repeat(32), used: NOW - 12 * MINUTE, browser: "chrome", platform: "android" },
    { ...one, id: "c".repeat(32), used: NOW - 2 * 3600, browser: "safari", platform: "ios" },
  ];
}

function member(person: PersonView, role: Role, day: number, by: PersonView): MemberView {
  return { person, role, since: at(day, 9, 0), by: by.id, paused: false, leaving: false };
}

export function team(more: Partial<TeamView> = {}): TeamView {
  return {
    id: "fil-equipe",
    kind: "team",
    title: "MSP des Tilleuls · soins",
    members: [
      member(anneLise, "coordinator", 20, anneLise),
      member(me, "coordinator", 20, anneLise),
      member(gaetan, "member", 20, anneLise),
      { ...member(loic, "member", 6, me), paused: true },
      member(zoe, "member", 1, me),
    ],
    former: [],
    role: "coordinator",
    orphaned: false,
    gone: false,
    head: 12,
    activity: at(0, 9, 58),
    preview: { text: "Salle 2 libre dès 14 h", own: false, author: zoe.id },
    unread: 0,
    firstUnread: null,
    mentioned: 0,
    muted: false,
    queued: 0,
    draft: "",
    alarm: null,
    behind: false,
    typing: [zoe.id],
    present: [anneLise.id, zoe.id],
    ...more,
  };
}

const line = (seq: number, when: number, by: PersonView, body: MessageBody): MessageView => ({
  ...from(by, seq, when, ""),
  key: `e${seq.toString()}`,
  body,
  state: null,
});

function said(message: MessageView, more: Partial<Extract<MessageBody, { kind: "text" }>>): MessageView {
  return message.body.kind === "text" ? { ...message, body: { ...message.body, ...more } } : message;
}

export function teamTalk(): readonly MessageView[] {
  const sent = from(
    me,
    8,
    at(0, 9, 5),
    "Réunion de coordination jeudi à 13 h, salle 2. @Gaëtan MAQUETTE, peux-tu apporter le point sur les piluliers ?",
  );
  return [
    line(1, at(20, 9, 0), anneLise, { kind: "system", event: "started", person: anneLise.id }),
    line(2, at(20, 9, 1), anneLise, { kind: "title", title: "MSP des Tilleuls · soins" }),
    from(
      gaetan,
      3,
      at(1, 17, 20),
      "Livraison des piluliers demain avant midi pour les quatre patients du secteur.",
    ),
    line(4, at(1, 17, 40), me, { kind: "roster", changes: [{ event: "added", person: zoe.id }] }),
    said(from(zoe, 5, at(1, 18, 4), "Bonjour à toutes et à tous, merci de l’accueil."), {
      reactions: [
        { sign: "heart", persons: [me.id, anneLise.id] },
        { sign: "agree", persons: [gaetan.id] },
      ],
    }),
    line(6, at(0, 8, 30), anneLise, {
      kind: "roster",
      changes: [
        { event: "role", person: me.id, role: "coordinator" },
        { event: "paused", person: loic.id },
      ],
    }),
    line(7, at(0, 8, 40), gaetan, { kind: "retracted", at: at(0, 8, 41) }),
    {
      ...said(sent, { mentions: [gaetan.id], edited: at(0, 9, 7) }),
      state: "read",
      reach: { arrived: 3, readable: 3, read: 2, of: 4 },
    },
    said(from(anneLise, 9, at(0, 9, 20), "Noté. @Inès FACTICE-MODELE je prends l’ordre du jour.", sent), {
      mentions: [me.id],
      reactions: [{ sign: "thanks", persons: [me.id] }],
    }),
    from(zoe, 10, at(0, 9, 58), "Salle 2 libre dès 14 h"),
  ];
}

export const ownFactors = (): FactorsView => ({
  factors: [
    {
      id: "a".repeat(64),
      sort: "passkey",
      added: at(-3, 9, 0),
      used: at(0, 8, 2),
      browser: "firefox",
      platform: "windows",
    },
    {
      id: "b".repeat(64),
      sort: "passkey",
      added: at(-3, 9, 1),
      used: null,
      browser: "chrome",
      platform: "android",
    },
    { id: "totp", sort: "totp", added: at(-3, 9, 5), used: at(-1, 8, 0), browser: null, platform: null },
  ],
  printedLeft: 9,
});

export const passkeyQuestion = (): PasskeyQuestion => ({
  challenge: new Uint8Array(64),
  host: location.hostname,
  seconds: 120,
  known: [],
});

export const passkeyOffer = (): PasskeyOffer => ({
  ...passkeyQuestion(),
  user: new Uint8Array(64).fill(1),
  name: "ines@tilleuls.example",
  displayName: "Inès FACTICE-MODELE",
  algorithms: [-7],
});
