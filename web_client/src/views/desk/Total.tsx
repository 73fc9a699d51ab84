import { TriangleAlert } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { MeetingFields } from '../../protocol/generated';
import { hoursBetween, Icon } from '../../ui';
import type { Timetable } from './timetable';

type TotalProps = Omit<Timetable, 'slots'> & { meeting: MeetingFields };

/** How long the agenda is, when it would end, and whether that fits into the meeting. */
export function Total({ total, endsAt, over, meeting }: TotalProps): VNode | null {
  if (total === 0) return null;
  return (
    <p class="agenda__total" id="agenda-total" tabIndex={-1}>
      <strong>{t('agenda-total', { minutes: total })}</strong>
      <span class="muted">{hoursBetween(meeting.startsAt, endsAt, meeting.zone)}</span>
      {over > 0 ? (
        <span class="agenda__over">
          <Icon icon={TriangleAlert} size={18} /> {t('agenda-over', { minutes: over })}
        </span>
      ) : null}
    </p>
  );
}
