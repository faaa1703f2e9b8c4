/** The three shapes of which one is enough, so that the hints can be ticked while typing. The host decides. */
export type PasswordHints = { readonly twelve: boolean; readonly fourteen: boolean; readonly words: boolean };

const SORTS = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}\s]/u];

export function passwordHints(password: string): PasswordHints {
  const length = [...password].length;
  const sorts = SORTS.filter((sort) => sort.test(password)).length;
  const words = new Set(
    password
      .toLowerCase()
      .split(/[\s-]+/u)
      .filter((word) => word.length > 1),
  );
  return { twelve: length >= 12 && sorts >= 4, fourteen: length >= 14 && sorts >= 3, words: words.size >= 7 };
}

export function passwordWillDo(password: string): boolean {
  const { twelve, fourteen, words } = passwordHints(password);
  return twelve || fourteen || words;
}
