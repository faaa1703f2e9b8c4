/** Up and down move between the rows of a list (and from the search field into it). True when the key was used. */
export function moveInList(event: KeyboardEvent): boolean {
  const down = event.key === "ArrowDown";
  if ((!down && event.key !== "ArrowUp") || event.altKey || event.ctrlKey || event.metaKey) return false;
  if (!(event.currentTarget instanceof HTMLElement)) return false;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-stop], [data-search] input")];
  const here = stops.findIndex((stop) => stop === document.activeElement);
  const outside = stops.findIndex((stop) => stop.matches("[data-stop]")); // from elsewhere, the first row
  const next = stops[here === -1 ? outside : here + (down ? 1 : -1)];
  next?.focus();
  return next !== undefined;
}
