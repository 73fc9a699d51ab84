import { ChevronLeft, ChevronRight } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import { ApiError } from '../../protocol/errors';
import type { AgendaItem, Paper, Snapshot } from '../../protocol/generated';
import { buttonClass, ErrorBanner, Icon, Loading, Page, PageHeading } from '../../ui';
import { useDesk } from '../desk/useDesk';
import PaperView from './PaperView';
import { readingOfPaper } from './reading';

/** A paper of a meeting on a page of its own, for everybody who may read it; with the papers before and after it. */
export default function PaperPage({ id, paperId }: { id: string; paperId: string }): VNode {
  const { snapshot, error, reload } = useDesk(id);
  const place = snapshot && placeOf(snapshot, paperId);
  const title = place?.paper.title ?? t('room-papers');
  return (
    <Page title={title} context={snapshot?.meeting.title}>
      <PageHeading
        title={title}
        back={{ href: `/meetings/${id}`, text: t('room-to-meeting') }}
        meta={place ? <span>{t('room-current-item', place.item)}</span> : null}
        actions={place ? <Neighbours meetingId={id} {...place} /> : null}
      />
      <ErrorBanner error={error} onRetry={reload} />
      {snapshot && place ? (
        <div class="paper-page">
          <PaperView key={place.paper.id} reading={readingOfPaper(snapshot.meeting, place.paper)} />
        </div>
      ) : snapshot ? (
        <ErrorBanner error={new ApiError('paper_not_found', 'the agenda has no such paper')} />
      ) : error ? null : (
        <Loading />
      )}
    </Page>
  );
}

interface Place {
  item: Pick<AgendaItem, 'position' | 'title'>;
  paper: Paper;
  before: Paper | undefined;
  after: Paper | undefined;
}

/** A paper among all papers in the order of the agenda; null where there is none of this id (for this reader). */
function placeOf(snapshot: Snapshot, paperId: string): Place | null {
  const items = snapshot.items.toSorted((one, other) => one.position - other.position);
  const all = items.flatMap((item) => item.papers.map((paper) => ({ item, paper })));
  const index = all.findIndex(({ paper }) => paper.id === paperId);
  const found = all[index];
  if (!found) return null;
  const { position, title } = found.item;
  const [before, after] = [all[index - 1]?.paper, all[index + 1]?.paper];
  return { item: { position, title }, paper: found.paper, before, after };
}

function Neighbours({ meetingId, before, after }: Place & { meetingId: string }): VNode {
  const path = (paper: Paper) => `/meetings/${meetingId}/papers/${paper.id}`;
  return (
    <>
      {before ? (
        <a class={buttonClass('secondary')} href={path(before)} title={before.title} data-testid="previous-paper">
          <Icon icon={ChevronLeft} directional />
          {t('paper-page-before')}
        </a>
      ) : null}
      {after ? (
        <a class={buttonClass('secondary')} href={path(after)} title={after.title} data-testid="next-paper">
          {t('paper-page-after')}
          <Icon icon={ChevronRight} directional />
        </a>
      ) : null}
    </>
  );
}
