import type { Attachment } from "svelte/attachments";

/** Puts the focus on the first field (or the one big action) inside (or on the element) when it appears. */
export const focusFirst: Attachment<HTMLElement> = (element) => {
  const field = element.matches("input, textarea, button")
    ? element
    : element.querySelector<HTMLElement>('[data-first], input:not([tabindex="-1"]), textarea');
  // A new page starts at its top, wherever the one before was left.
  element.closest("[data-screen]")?.scrollTo({ top: 0 });
  (field ?? element).focus({ preventScroll: true });
};
