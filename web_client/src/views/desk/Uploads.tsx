import { FileUp, RotateCw, X } from 'lucide';
import type { VNode } from 'preact';
import { errorText, t } from '../../i18n';
import { ApiError } from '../../protocol/errors';
import { Banner, Button, Icon, IconButton, Progress } from '../../ui';
import { shownName, type UploadJob, type UploadQueue, type UploadTarget } from './uploads';

export interface UploadsProps {
  queue: UploadQueue;
  target: UploadTarget;
  title: string;
}

/** Attaches PDF files, several at once; each shows how far it is, and can be cancelled or sent again. */
export function Uploads({ queue, target, title }: UploadsProps): VNode {
  const jobs = queue.jobs.value.filter(({ itemId, paperId }) => itemId === target.itemId && paperId === target.paperId);
  return (
    <div class="upload">
      {jobs.length > 0 ? (
        <ul class="upload__jobs" aria-label={t('upload-list', { title })}>
          {jobs.map((job) => (
            <Job key={job.key} job={job} queue={queue} />
          ))}
        </ul>
      ) : null}
      <label class="button button--quiet upload__choose">
        <Icon icon={FileUp} />
        <span>{t(target.paperId ? 'upload-version' : 'upload-add')}</span>
        <input
          class="visually-hidden"
          type="file"
          accept="application/pdf,.pdf"
          multiple={!target.paperId}
          aria-label={t(target.paperId ? 'upload-version-of' : 'upload-add-to', { title })}
          data-testid={`upload-${target.paperId ?? target.itemId}`}
          onChange={(event) => {
            const files = [...(event.currentTarget.files ?? [])];
            event.currentTarget.value = '';
            queue.add(files, target);
          }}
        />
      </label>
    </div>
  );
}

function Job({ job, queue }: { job: UploadJob; queue: UploadQueue }): VNode {
  const name = shownName(job.file);
  if (job.state === 'failed') return <FailedJob job={job} queue={queue} />;
  return (
    <li class="upload__running" data-testid="upload-job">
      <Progress label={t(`upload-${job.state}`, { name })} value={job.state === 'checking' ? undefined : job.share} />
      <IconButton icon={X} label={t('upload-cancel', { name })} onClick={() => queue.cancel(job.key)} />
    </li>
  );
}

function FailedJob({ job, queue }: { job: UploadJob; queue: UploadQueue }): VNode {
  const name = shownName(job.file);
  const unsuitable = job.error instanceof ApiError && job.error.code === 'wrong_type';
  return (
    <li data-testid="upload-failed">
      <Banner tone="danger">
        <p>{unsuitable ? t('upload-wrong-type', { name }) : `${t('upload-failed', { name })} ${errorText(job.error)}`}</p>
        <div class="actions">
          {unsuitable ? null : (
            <Button icon={RotateCw} onClick={() => queue.retry(job.key)} aria-label={t('upload-retry', { name })}>
              {t('common-retry')}
            </Button>
          )}
          <Button kind="quiet" onClick={() => queue.cancel(job.key)} aria-label={t('upload-dismiss', { name })}>
            {t('common-close')}
          </Button>
        </div>
      </Banner>
    </li>
  );
}
