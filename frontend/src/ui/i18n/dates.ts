import { t, language } from "./index";

const DAY = 86_400;

function format(at: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language.current === "fr" ? "fr-FR" : "en-GB", options).format(at * 1000);
}

const capital = (text: string): string => text.charAt(0).toLocaleUpperCase(language.current) + text.slice(1);

export function clock(at: number): string {
  return format(at, { hour: "2-digit", minute: "2-digit" });
}

/** The same for two times of one local day, in any time zone. */
export function dayOf(at: number): string {
  const date = new Date(at * 1000);
  return [date.getFullYear(), date.getMonth(), date.getDate()].join("-");
}

function yesterdayOf(now: number): string {
  const date = new Date(now * 1000);
  date.setDate(date.getDate() - 1); // not minus 24 hours: a day may have 23 or 25
  return dayOf(date.getTime() / 1000);
}

function longDay(at: number, now: number): string {
  const sameYear = new Date(at * 1000).getFullYear() === new Date(now * 1000).getFullYear();
  return format(at, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}

/** Over a day of messages: "Aujourd'hui, mardi 3 février", "Lundi 2 février". */
export function dayTitle(at: number, now: number): string {
  const date = longDay(at, now);
  if (dayOf(at) === dayOf(now)) return t("day.today", { date });
  if (dayOf(at) === yesterdayOf(now)) return t("day.yesterday", { date });
  return capital(date);
}

/** In a list row: the hour today, then "hier", the weekday within six days, the date before. */
export function shortWhen(at: number, now: number): string {
  if (dayOf(at) === dayOf(now)) return clock(at);
  if (dayOf(at) === yesterdayOf(now)) return t("day.yesterday_short");
  if (now - at < 6 * DAY) return format(at, { weekday: "long" });
  return format(at, { day: "2-digit", month: "2-digit", year: "2-digit" });
}

/** In a line that already says "on": 18/11/2026. */
export function shortDate(at: number): string {
  return format(at, { day: "2-digit", month: "2-digit", year: "numeric" });
}

/** For a sheet of paper, and behind an hour that is pointed at. */
export function fullDate(at: number): string {
  return format(at, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

export function spokenWhen(at: number, now: number): string {
  return dayOf(at) === dayOf(now) ? t("day.now") : longDay(at, now);
}

/** How long it has been, in the largest whole unit: "il y a 12 minutes". */
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, now - at);
  if (seconds < 60) return t("sessions.moments_ago");
  const unit = seconds < 3600 ? "minute" : seconds < DAY ? "hour" : "day";
  const size = { minute: 60, hour: 3600, day: DAY }[unit];
  return new Intl.RelativeTimeFormat(language.current).format(-Math.floor(seconds / size), unit);
}

/** How long to wait, in the largest whole unit. */
export function delay(seconds: number): string {
  const unit = seconds < 90 ? "second" : seconds < 5400 ? "minute" : "hour";
  const size = { second: 1, minute: 60, hour: 3600 }[unit];
  const value = Math.max(1, Math.ceil(seconds / size));
  return new Intl.NumberFormat(language.current, { style: "unit", unit, unitDisplay: "long" }).format(value);
}
