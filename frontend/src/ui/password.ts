/** The three shapes of which one is enough, so that the hints can be ticked while typing. The host decides. */
export type PasswordHints = { readonly twelve: boolean; readonly fourteen: boolean; readonly words: boolean };

const WORDS = 7;
const SORTS = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/];

export function passwordHints(password: string): PasswordHints {
  const length = [...password].length;
  const sorts = SORTS.filter((sort) => sort.test(password)).length;
  return {
    twelve: length >= 12 && sorts >= 4,
    fourteen: length >= 14 && sorts >= 3,
    words: isPhrase(password),
  };
}

/** Seven words, of which one may come twice. */
function isPhrase(password: string): boolean {
  const words = password.toLowerCase().split(/[\s\-_.,;]+/u);
  const counted = words.filter((word) => word.length > 1);
  return counted.length >= WORDS && new Set(counted).size >= WORDS - 1;
}

export function passwordWillDo(password: string): boolean {
  const { twelve, fourteen, words } = passwordHints(password);
  return twelve || fourteen || words;
}
