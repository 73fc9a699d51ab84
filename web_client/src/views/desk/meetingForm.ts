import type { MeetingFields, MeetingPatch, NewMeeting } from '../../protocol/generated';
import { fromWallClock, toWallClock } from '../../ui';

/** What stands in the controls of the form; times are wall clock times in `zone`. */
export interface MeetingForm {
  title: string;
  description: string;
  place: string;
  zone: string;
  language: string;
  label: number;
  start: string;
  end: string;
  rules: string;
}

/** The names of texts that say what is wrong, by field. */
export type FormErrors = Partial<Record<keyof MeetingForm, string>>;

const MINUTE_MS = 60_000;
const HALF_HOUR_MS = 30 * MINUTE_MS;
const USUAL_LENGTH_MS = 120 * MINUTE_MS;

/** A form for a meeting that begins tomorrow at this half hour, two hours long. */
export function emptyForm(nowMs: number, zone: string, language: string): MeetingForm {
  const start = Math.ceil(nowMs / HALF_HOUR_MS) * HALF_HOUR_MS + 24 * 60 * MINUTE_MS;
  return {
    title: '',
    description: '',
    place: '',
    zone,
    language,
    label: 1,
    start: toWallClock(new Date(start).toISOString(), zone),
    end: toWallClock(new Date(start + USUAL_LENGTH_MS).toISOString(), zone),
    rules: 'simple_majority',
  };
}

/** The form of a meeting that exists. */
export function formOf(meeting: MeetingFields): MeetingForm {
  const { title, description, place, zone, language, label, startsAt, endsAt } = meeting;
  const start = toWallClock(startsAt, zone);
  return { title, description, place, zone, language, label, start, end: toWallClock(endsAt, zone), rules: meeting.rules.name };
}

/** The form with another start; the end moves along, so that the meeting keeps its length. */
export function moveStart(form: MeetingForm, start: string): MeetingForm {
  const before = fromWallClock(form.start, form.zone);
  const end = fromWallClock(form.end, form.zone);
  const after = fromWallClock(start, form.zone);
  if (!before || !end || !after) return { ...form, start };
  const moved = Date.parse(after) + Date.parse(end) - Date.parse(before);
  return { ...form, start, end: toWallClock(new Date(moved).toISOString(), form.zone) };
}

export function checkForm(form: MeetingForm): FormErrors {
  const errors: FormErrors = {};
  const start = fromWallClock(form.start, form.zone);
  const end = fromWallClock(form.end, form.zone);
  if (!form.title.trim()) errors.title = 'desk-title-missing';
  if (!start) errors.start = 'desk-time-missing';
  if (!end) errors.end = 'desk-time-missing';
  else if (start && Date.parse(end) <= Date.parse(start)) errors.end = 'desk-end-before-start';
  return errors;
}

/** The body of the request that makes the meeting. Only for a form without errors. */
export function newMeeting(form: MeetingForm): NewMeeting {
  const { description, place, zone, language, label, rules } = form;
  return {
    title: form.title.trim(),
    description: description.trim(),
    place: place.trim(),
    zone,
    language,
    label,
    rules,
    startsAt: fromWallClock(form.start, zone) ?? '',
    endsAt: fromWallClock(form.end, zone) ?? '',
  };
}

/** What of a meeting changes; the label is not among it, and the rules are only when others were chosen. */
export function meetingPatch(form: MeetingForm, before: MeetingFields): MeetingPatch {
  const { label: _label, rules, ...rest } = newMeeting(form);
  return rules === before.rules.name ? rest : { ...rest, rules };
}
