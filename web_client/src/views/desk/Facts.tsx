import type { VNode } from 'preact';
import { t } from '../../i18n';
import { apiUrl } from '../../protocol/http';
import type { MeetingFields } from '../../protocol/generated';
import { Card, MeetingTime } from '../../ui';
import { presetName, rulesText } from './rulesText';

interface FactsProps {
  meeting: MeetingFields;
  convened: boolean;
  /** Whether the meeting may be recorded. */
  recorded: boolean;
}

/** When, where, under which rules. */
export function Facts({ meeting, convened, recorded }: FactsProps): VNode {
  return (
    <Card title={t('desk-about')} class="desk__late">
      <dl class="facts">
        <dt>{t('desk-when')}</dt>
        <dd>
          <MeetingTime startsAt={meeting.startsAt} endsAt={meeting.endsAt} zone={meeting.zone} />
          {convened ? (
            <p>
              <a href={apiUrl(`/meetings/${meeting.id}/calendar`)} download="meeting.ics" data-testid="calendar">
                {t('desk-calendar')}
              </a>
            </p>
          ) : null}
        </dd>
        <dt>{t('desk-where')}</dt>
        <dd>{meeting.place || t('desk-online-only')}</dd>
        <dt>{t('desk-classification')}</dt>
        <dd>{t(`label-${meeting.label}`)}</dd>
        <dt>{t('recording-fact')}</dt>
        <dd data-testid="recording-fact">{t(recorded ? 'recording-fact-allowed' : 'recording-fact-forbidden')}</dd>
        <dt>{t('desk-reference')}</dt>
        <dd>{meeting.reference}</dd>
        <dt>{t('desk-rules')}</dt>
        <dd>
          {presetName(meeting.rules.name)}
          <p class="muted">{rulesText(meeting.rules)}</p>
        </dd>
        {meeting.description ? (
          <>
            <dt>{t('desk-description')}</dt>
            <dd class="prose">{meeting.description}</dd>
          </>
        ) : null}
      </dl>
    </Card>
  );
}
