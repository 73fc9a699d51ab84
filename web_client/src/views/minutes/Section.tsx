import { Lock } from 'lucide';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { hasText, t } from '../../i18n';
import type { MinutesPoll, MinutesSection } from '../../protocol/generated';
import { Card, Derivation, Icon, PollFigures, VerdictBadge } from '../../ui';

export function sectionTitle(section: MinutesSection): string {
  if (section.title) return section.title;
  const id = `minutes-${section.kind}`;
  return hasText(id) ? t(id) : t('minutes-section-untitled');
}

export interface SectionEditorProps {
  section: MinutesSection;
  text: string;
  onText: (text: string) => void;
}

/** One section: the secretary's text, then what the record says. */
export function SectionEditor({ section, text, onText }: SectionEditorProps): VNode {
  const id = useId();
  const title = sectionTitle(section);
  return (
    <Card title={<label for={id}>{title}</label>} class="minutes__section">
      <textarea
        id={id}
        class="control"
        rows={4}
        maxLength={20_000}
        value={text}
        onInput={(event) => onText(event.currentTarget.value)}
        data-testid={`minutes-section-${section.id}`}
      />
      {section.kind === 'attendance' ? <p class="minutes__locked">{t('minutes-attendance-note')}</p> : null}
      <Facts polls={section.polls} />
    </Card>
  );
}

/** One section as it stands. */
export function SectionText({ section }: { section: MinutesSection }): VNode {
  return (
    <section class="minutes__read">
      <h2>{sectionTitle(section)}</h2>
      {section.text ? <p class="minutes__text">{section.text}</p> : null}
      <Facts polls={section.polls} />
    </section>
  );
}

function Facts({ polls }: { polls: MinutesPoll[] }): VNode | null {
  if (polls.length === 0) return null;
  return (
    <div class="minutes__facts">
      <p class="minutes__locked">
        <Icon icon={Lock} size={16} />
        {t('minutes-facts')}
      </p>
      {polls.map((poll) => (
        <PollFact key={poll.pollId} poll={poll} />
      ))}
    </div>
  );
}

function PollFact({ poll }: { poll: MinutesPoll }): VNode {
  return (
    <article class="minutes__poll">
      <h3>
        {poll.title} {poll.verdict ? <VerdictBadge verdict={poll.verdict} /> : null}
      </h3>
      {poll.result ? (
        <>
          <PollFigures result={poll.result} />
          <details class="disclosure">
            <summary>{t('result-why')}</summary>
            <Derivation steps={poll.result.derivation} />
          </details>
        </>
      ) : null}
      {poll.annulled === null ? null : <p dir="auto">{t('room-poll-annulled-why', { reason: poll.annulled })}</p>}
    </article>
  );
}
