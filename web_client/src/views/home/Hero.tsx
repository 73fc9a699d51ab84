import { FileText, Video } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { MeetingSummary } from '../../protocol/generated';
import { Badge, buttonClass, Icon, MeetingTime } from '../../ui';
import { LabelBadge, StateBadge } from '../desk/badges';

const LIVE = new Set(['in_session', 'suspended']);

/** The meeting that matters now, with the one thing to do about it. */
export function Hero({ meeting }: { meeting: MeetingSummary }): VNode {
  const live = LIVE.has(meeting.state);
  const joinable = live || (meeting.myRole === 'room' && meeting.state === 'convened'); // a hall is set up before
  const path = `/meetings/${meeting.id}`;
  return (
    <section class={live ? 'card hero hero--live' : 'card hero'} aria-label={t(live ? 'home-in-session' : 'home-next')}>
      <div class="hero__text">
        <p class="hero__eyebrow">{t(live ? 'home-in-session' : 'home-next')}</p>
        <h2>
          <a href={path}>{meeting.title}</a>
        </h2>
        <p class="hero__time">
          <MeetingTime startsAt={meeting.startsAt} endsAt={meeting.endsAt} zone={meeting.zone} hoursOnly={!live} />
        </p>
        <p class="hero__badges">
          {meeting.state === 'in_session' ? null : <StateBadge state={meeting.state} />}
          {meeting.myRole ? <Badge>{t(`role-${meeting.myRole}`)}</Badge> : null}
          <LabelBadge label={meeting.label} />
        </p>
      </div>
      <div class="hero__actions">
        {joinable ? (
          <a class={buttonClass('primary', true)} href={`${path}/room`} data-testid="join-room">
            <Icon icon={Video} size={24} />
            {t('home-join')}
          </a>
        ) : null}
        <a class={buttonClass('secondary', live)} href={path}>
          <Icon icon={FileText} />
          {t('home-details')}
        </a>
      </div>
    </section>
  );
}
