import { BellRing, CalendarCheck, ChevronRight, FilePen, MailCheck, type IconNode } from 'lucide';
import type { VNode } from 'preact';
import { hasText, t } from '../../i18n';
import { Icon } from '../../ui';
import type { Waiting } from './arrange';

const ICONS: Record<string, IconNode> = { answer: CalendarCheck, acknowledge: MailCheck, sign: FilePen };

/** What the reader still has to do, each line leading to where it is done. */
export function WaitingList({ tasks }: { tasks: Waiting[] }): VNode | null {
  if (tasks.length === 0) return null;
  return (
    <section class="lines">
      <h2>{t('home-waiting')}</h2>
      <ul class="card lines__list lines__list--waiting">
        {tasks.map(({ meeting, task }) => (
          <li key={`${meeting.id}/${task}`} class="lines__line">
            <Icon icon={ICONS[task] ?? BellRing} size={24} class="lines__icon" />
            <a class="lines__link" href={task === 'sign' ? `/meetings/${meeting.id}/minutes` : `/meetings/${meeting.id}`}>
              <span class="lines__title">{taskText(task)}</span>
              <span class="lines__time">{meeting.title}</span>
            </a>
            <Icon icon={ChevronRight} directional class="lines__chevron" />
          </li>
        ))}
      </ul>
    </section>
  );
}

function taskText(task: string): string {
  const id = `home-waiting-${task}`;
  return hasText(id) ? t(id) : t('home-waiting-other');
}
