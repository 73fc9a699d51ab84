import { Download, FileText, ShieldCheck } from 'lucide';
import type { VNode } from 'preact';
import { formatNumber, t } from '../../i18n';
import type { MeetingFields, Paper } from '../../protocol/generated';
import { Button, EmptyState, Icon } from '../../ui';
import type { RoomView } from './model';
import { type Reading, readingOfAgenda, readingOfPaper } from '../paper/reading';

interface PapersProps {
  room: RoomView;
  onPaper: (paper: Reading) => void;
}

/** All papers, item by item. */
export function PapersPanel({ room, onPaper }: PapersProps): VNode {
  const { meeting, versions } = room.snapshot;
  const items = room.snapshot.items.filter((item) => item.papers.length > 0);
  const agenda = versions.at(-1);
  if (items.length === 0 && !agenda) return <EmptyState icon={FileText} title={t('room-papers-none')} />;
  return (
    <div class="shelf">
      {agenda ? (
        <Button
          icon={ShieldCheck}
          wide
          onClick={() => onPaper(readingOfAgenda(meeting, agenda.number))}
          data-testid="paper-agenda"
        >
          {t('paper-agenda', { number: agenda.number })}
        </Button>
      ) : null}
      {items.map((item) => (
        <section key={item.id} aria-labelledby={`papers-${item.id}`}>
          <h3 id={`papers-${item.id}`}>{t('room-current-item', { position: item.position, title: item.title })}</h3>
          <ul>
            {item.papers.map((paper) => (
              <PaperLine key={paper.id} meeting={meeting} paper={paper} onPaper={onPaper} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface LineProps {
  meeting: MeetingFields;
  paper: Paper;
  onPaper: (paper: Reading) => void;
}

function PaperLine({ meeting, paper, onPaper }: LineProps): VNode {
  const reading = readingOfPaper(meeting, paper);
  return (
    <li class="shelf__line">
      <button type="button" class="shelf__open" onClick={() => onPaper(reading)} data-testid={`paper-${paper.id}`}>
        <Icon icon={FileText} size={24} />
        <span>
          <strong>{paper.title}</strong>
          <span class="shelf__facts">
            {t('room-paper-facts', {
              pages: paper.pages,
              version: paper.version,
              size: formatNumber(paper.size / 1e6, { maximumFractionDigits: 1, minimumFractionDigits: 1 }),
            })}
          </span>
        </span>
      </button>
      <a
        class="icon-button"
        href={`${reading.url}?download=1`}
        download
        aria-label={t('room-paper-download', { title: paper.title })}
      >
        <Icon icon={Download} />
      </a>
    </li>
  );
}
