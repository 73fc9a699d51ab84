import { ChevronRight, Video } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { MeetingSummary } from '../../protocol/generated';
import { Button, buttonClass, Icon, MeetingTime } from '../../ui';
import { LabelBadge, StateBadge } from '../desk/badges';

const SHOWN_AT_FIRST = 8;
const MARKED_FROM = 2; // in a list the usual labels would only be noise

export interface MeetingLinesProps {
  title: string;
  meetings: MeetingSummary[];
  hoursOnly?: boolean;
  joinable?: boolean;
}

/** Meetings line by line; nothing where there are none, and a long list opens on demand. */
export function MeetingLines({ title, meetings, hoursOnly, joinable }: MeetingLinesProps): VNode | null {
  const [all, setAll] = useState(false);
  if (meetings.length === 0) return null;
  const shown = all ? meetings : meetings.slice(0, SHOWN_AT_FIRST);
  return (
    <section class="lines">
      <h2>{title}</h2>
      <ul class="card lines__list">
        {shown.map((meeting) => (
          <Line key={meeting.id} meeting={meeting} hoursOnly={hoursOnly} joinable={joinable} />
        ))}
      </ul>
      {shown.length < meetings.length ? (
        <Button kind="quiet" onClick={() => setAll(true)}>
          {t('home-show-all', { count: meetings.length })}
        </Button>
      ) : null}
    </section>
  );
}

interface LineProps {
  meeting: MeetingSummary;
  hoursOnly?: boolean;
  joinable?: boolean;
}

function Line({ meeting, hoursOnly, joinable }: LineProps): VNode {
  return (
    <li class="lines__line">
      <a class="lines__link" href={`/meetings/${meeting.id}`}>
        <span class="lines__title">{meeting.title}</span>
        <span class="lines__time">
          <MeetingTime startsAt={meeting.startsAt} endsAt={meeting.endsAt} zone={meeting.zone} hoursOnly={hoursOnly} />
        </span>
      </a>
      <span class="lines__badges">
        {meeting.label >= MARKED_FROM ? <LabelBadge label={meeting.label} /> : null}
        <StateBadge state={meeting.state} />
      </span>
      {joinable ? (
        <a
          class={buttonClass('secondary')}
          href={`/meetings/${meeting.id}/room`}
          aria-label={t('home-join-named', { title: meeting.title })}
        >
          <Icon icon={Video} />
          {t('home-join')}
        </a>
      ) : (
        <Icon icon={ChevronRight} directional class="lines__chevron" />
      )}
    </li>
  );
}
