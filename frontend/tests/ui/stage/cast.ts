import type { ConversationView, MessageBody, MessageView, OwnSessionView, PersonView } from "../../../src/store/model";

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

export function conversation(peer: PersonView, more: Partial<ConversationView>): ConversationView {
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
    ...more,
  };
}

const said = (words: string, own = false): ConversationView["preview"] => ({ text: words, own });

export function conversations(): readonly ConversationView[] {
  return [
    conversation(anneLise, {
      activity: at(0, 9, 13),
      preview: said("Et dites-lui de m’appeler si l’essoufflement augmente dans la nuit."),
      unread: 2,
      firstUnread: 10,
    }),
    conversation(zoe, {
      activity: at(0, 8, 20),
      preview: said("Chute ce matin, sans gravité apparente. Je la revois à 15 h."),
      unread: 1,
      firstUnread: 4,
    }),
    conversation(gaetan, { activity: at(1, 16, 52), preview: said("Pansement refait, plaie propre.", true) }),
    conversation(loic, {
      activity: at(1, 10, 5),
      preview: said("Vu, merci."),
      draft: "Pour M. VERDIER-FICTIVE, je",
    }),
    conversation(noel, { activity: at(4, 9, 58), preview: said("Salle 2 libre dès 14 h") }),
    conversation(camille, {
      activity: at(9, 14, 0),
      preview: said("Planning de novembre déposé, merci à toutes.", true),
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
