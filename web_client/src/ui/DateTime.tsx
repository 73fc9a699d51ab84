import type { VNode } from 'preact';
import { t } from '../i18n';
import { clocksDiffer, dayAndHours, hoursBetween, readerZone, shortDateTime, zoneName } from './time';
import './widgets.css';

/** An instant in the meeting's zone; the reader's time stands beside it where the clocks differ. */
export function DateTime({ at, zone }: { at: string; zone?: string }): VNode {
  const mine = readerZone();
  const shown = zone ?? mine;
  return (
    <time dateTime={at}>
      {shortDateTime(at, shown)}
      {clocksDiffer(at, shown, mine) ? (
        <span class="datetime__zone"> {t('common-your-time', { time: shortDateTime(at, mine) })}</span>
      ) : null}
    </time>
  );
}

export interface MeetingTimeProps {
  startsAt: string;
  endsAt: string;
  zone: string;
  /** Leaves the day out, where a heading already names it. */
  hoursOnly?: boolean;
}

/** When a meeting is held: day, hours, zone, and the reader's hours where they differ. */
export function MeetingTime({ startsAt, endsAt, zone, hoursOnly }: MeetingTimeProps): VNode {
  const mine = readerZone();
  const { day, hours } = dayAndHours(startsAt, endsAt, zone);
  const differs = clocksDiffer(startsAt, zone, mine);
  return (
    <span class="datetime">
      <time dateTime={startsAt}>{hoursOnly ? hours : `${day}, ${hours}`}</time>
      {differs ? (
        <span class="datetime__zone">
          {' '}
          {zoneName(zone, startsAt)} · {t('common-your-time', { time: hoursBetween(startsAt, endsAt, mine) })}
        </span>
      ) : null}
    </span>
  );
}
