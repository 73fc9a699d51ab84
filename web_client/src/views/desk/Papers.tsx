import { FileText, Pencil, Trash2 } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatNumber, t } from '../../i18n';
import type { AgendaItem, Paper, Snapshot } from '../../protocol/generated';
import { ConfirmDialog, Icon, IconButton } from '../../ui';
import type { DeskActions } from './actions';
import { LabelBadge } from './badges';
import { PaperDialog } from './PaperDialog';
import type { UploadQueue } from './uploads';
import { Uploads } from './Uploads';

export interface PapersProps {
  snapshot: Snapshot;
  item: AgendaItem;
  upload: boolean;
  remove: boolean;
  actions: DeskActions;
  uploads: UploadQueue;
}

/** The papers of an agenda item; each opens in the reader. */
export function Papers({ snapshot, item, upload, remove, actions, uploads }: PapersProps): VNode | null {
  const [deleting, setDeleting] = useState<Paper | null>(null);
  const [changing, setChanging] = useState<string | null>(null);
  const changed = item.papers.find(({ id }) => id === changing);
  if (item.papers.length === 0 && !upload) return null;
  return (
    <div class="papers">
      {item.papers.length > 0 ? (
        <ul class="papers__list">
          {item.papers.map((paper) => (
            <li key={paper.id} class="papers__paper">
              <PaperLink meeting={snapshot.meeting} paper={paper} />
              {upload ? (
                <IconButton
                  icon={Pencil}
                  label={t('paper-change', { title: paper.title })}
                  onClick={() => setChanging(paper.id)}
                  data-testid={`change-paper-${paper.id}`}
                />
              ) : null}
              {remove ? (
                <IconButton icon={Trash2} danger label={t('paper-delete', { title: paper.title })} onClick={() => setDeleting(paper)} />
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      {upload ? <Uploads queue={uploads} target={{ itemId: item.id }} title={item.title} /> : null}
      {changed ? (
        <PaperDialog
          paper={changed}
          item={item}
          items={snapshot.items}
          actions={actions}
          uploads={uploads}
          onClose={() => setChanging(null)}
        />
      ) : null}
      {deleting ? (
        <ConfirmDialog
          title={t('paper-delete', { title: deleting.title })}
          confirm={t('common-delete')}
          danger
          onConfirm={() => actions.deletePaper(deleting.id)}
          onClose={() => setDeleting(null)}
        >
          <p>{t('paper-delete-question')}</p>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}

function PaperLink({ meeting, paper }: { meeting: Snapshot['meeting']; paper: Paper }): VNode {
  return (
    <a class="papers__link" href={`/meetings/${meeting.id}/papers/${paper.id}`} data-testid={`paper-${paper.id}`}>
      <Icon icon={FileText} />
      <span>
        <span class="papers__title">
          <bdi>{paper.title}</bdi>
        </span>
        <span class="papers__facts">
          {facts(paper)}
          {paper.label === meeting.label ? null : <LabelBadge label={paper.label} />}
        </span>
      </span>
    </a>
  );
}

function facts(paper: Paper): string {
  const text = t('paper-facts', { pages: paper.pages, size: sizeText(paper.size) });
  return paper.version > 1 ? `${text} · ${t('paper-version', { version: paper.version })}` : text;
}

const KILO = 1000;

/** A number of bytes as people say it. */
export function sizeText(bytes: number): string {
  if (bytes < KILO * KILO) return t('paper-size-kb', { size: formatNumber(Math.max(1, Math.round(bytes / KILO))) });
  return t('paper-size-mb', { size: formatNumber(bytes / KILO / KILO, { maximumFractionDigits: 1 }) });
}
