const TABBABLE = ["a[href]", "button:enabled", "input", "textarea", '[tabindex="0"]']
  .map((kind) => `${kind}:not([tabindex="-1"])`)
  .join(", ");

function visible(element: HTMLElement): boolean {
  return element.offsetParent !== null;
}

/** Moves the focus to the next part of the page (list, messages, field, card), and round. */
export function goToRegion(direction: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(visible);
  const here = regions.findLastIndex((region) => region.contains(document.activeElement));
  const next = regions.at((here + direction + regions.length) % regions.length);
  const target = next?.matches(TABBABLE) === true ? next : next?.querySelector<HTMLElement>(TABBABLE);
  target?.focus();
}
