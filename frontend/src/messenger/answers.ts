/** Whether the groups that were asked for are those of the code, as people type them. */
export function answersFit(groups: readonly string[], answers: Readonly<Record<number, string>>): boolean {
  const given = Object.entries(answers);
  return given.length > 0 && given.every(([place, typed]) => groups[Number(place) - 1] === readGroup(typed));
}

const readGroup = (typed: string): string =>
  typed.toUpperCase().replace(/[\s-]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
