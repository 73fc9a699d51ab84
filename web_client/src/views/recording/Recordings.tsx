import { Download, Trash2 } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatDate, formatDateTime, formatDuration, t } from '../../i18n';
import type { MeetingState, RecordingFile, RecordingInfo, RecordingList, Snapshot } from '../../protocol/generated';
import { api, apiUrl } from '../../protocol/http';
import { withStepUp } from '../../state/session';
import { Badge, Button, Card, Checkbox, ConfirmDialog, ErrorBanner, IconButton, useAction, useLoad } from '../../ui';
import { save } from '../audit/save';
import { sizeText } from '../desk/Papers';
import './recording.css';

const CHANGEABLE: ReadonlySet<MeetingState> = new Set(['draft', 'convened', 'in_session', 'suspended']);

/** For chair and secretary: whether the meeting may be recorded, and what was recorded of it. */
export function Recordings({ snapshot }: { snapshot: Snapshot }): VNode | null {
  const { meeting, recording } = snapshot;
  const path = `/meetings/${meeting.id}/recordings`;
  const { data, error, reload } = useLoad((signal) => api.get<RecordingList>(path, signal), path);
  useEffect(() => void reload(), [recording, reload]);
  if (!data) return error ? <ErrorBanner error={error} onRetry={() => void reload()} /> : null;
  if (!data.possible && data.recordings.length === 0) return null;
  return (
    <Card title={t('recording-title')} class="desk__late" data-testid="recordings">
      <div class="stack">
        {CHANGEABLE.has(meeting.state) ? <Policy snapshot={snapshot} possible={data.possible} /> : null}
        {data.recordings.map((one) => (
          <Recorded key={one.id} path={path} info={one} onGone={() => void reload()} />
        ))}
        {data.withheld > 0 ? <p class="muted">{t('recording-withheld', { count: data.withheld })}</p> : null}
        {data.recordings.length + data.withheld === 0 ? <p class="muted">{t('recording-none')}</p> : null}
      </div>
    </Card>
  );
}

function Policy({ snapshot, possible }: { snapshot: Snapshot; possible: boolean }): VNode {
  const { allowed, active } = snapshot.recording;
  const action = useAction();
  const [wanted, setWanted] = useState<boolean | null>(null); // until everybody has been told
  const path = `/meetings/${snapshot.meeting.id}/recording-policy`;
  useEffect(() => setWanted(null), [allowed]);

  async function set(value: boolean): Promise<void> {
    setWanted(value);
    if (!(await action.run(() => api.put(path, { allowed: value })))) setWanted(null);
  }
  return (
    <>
      <Checkbox
        label={t('recording-allow')}
        hint={t('recording-allow-hint')}
        checked={wanted ?? allowed}
        disabled={action.busy || active !== null || (!possible && !allowed)}
        onValue={(value) => void set(value)}
        data-testid="recording-allow"
      />
      <ErrorBanner error={action.error} />
    </>
  );
}

interface RecordedProps {
  path: string;
  info: RecordingInfo;
  onGone: () => void;
}

function Recorded({ path, info, onGone }: RecordedProps): VNode {
  const [deleting, setDeleting] = useState(false);
  const action = useAction();
  const own = `${path}/${info.id}`;
  const fetchFile = (file: string) =>
    action.run(async () => {
      await withStepUp(() => api.get<RecordingInfo>(own));
      save(apiUrl(`${own}/${file}?download=1`));
    });
  return (
    <section class="recorded" aria-label={t('recording-number', { number: info.number })} data-testid="recorded" data-state={info.state}>
      <header class="recorded__head">
        <div>
          <strong>{t('recording-number', { number: info.number })}</strong>
          <p class="muted">{formatDateTime(info.startedAt)}</p>
        </div>
        {info.state === 'ended' ? (
          <IconButton icon={Trash2} label={t('recording-delete', { number: info.number })} onClick={() => setDeleting(true)} data-testid="recording-delete" />
        ) : (
          <Badge tone="danger">{t(`recording-state-${info.state}`)}</Badge>
        )}
      </header>
      {info.reason && info.reason !== 'asked' ? <p>{t(`recording-reason-${info.reason}`)}</p> : null}
      <ErrorBanner error={action.error} />
      <ul class="recorded__files">
        {info.files.map((file) => (
          <FileLine key={file.number} file={file} busy={action.busy} onFetch={() => void fetchFile(`files/${file.number}`)} />
        ))}
      </ul>
      {info.manifestSha256 ? (
        <Button kind="quiet" icon={Download} busy={action.busy} onClick={() => void fetchFile('manifest')}>
          {t('recording-manifest')}
        </Button>
      ) : null}
      {info.deletedOn ? <p class="muted">{t('recording-deleted-on', { date: formatDate(info.deletedOn) })}</p> : null}
      {deleting ? (
        <ConfirmDialog
          title={t('recording-delete-title', { number: info.number })}
          confirm={t('recording-delete-do')}
          danger
          onConfirm={() => withStepUp(() => api.delete(own)).then(onGone)}
          onClose={() => setDeleting(false)}
          data-testid="recording-delete-confirm"
        >
          <p>{t('recording-delete-text')}</p>
        </ConfirmDialog>
      ) : null}
    </section>
  );
}

function FileLine({ file, busy, onFetch }: { file: RecordingFile; busy: boolean; onFetch: () => void }): VNode {
  const name = `${file.name} · ${t(`recording-source-${file.source}`)}`;
  const seconds = file.firstMs === null || file.lastMs === null ? null : Math.round((file.lastMs - file.firstMs) / 1000);
  const facts = [
    seconds === null ? null : formatDuration(seconds),
    file.size === null ? t('recording-being-written') : sizeText(file.size),
    file.complete === false ? t('recording-cut') : null,
  ];
  return (
    <li class="recorded__file">
      <div>
        <bdi>{name}</bdi>
        <p class="muted">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      {file.size === null ? null : (
        <IconButton icon={Download} label={t('recording-download', { name })} disabled={busy} onClick={onFetch} data-testid="recording-download" />
      )}
    </li>
  );
}
