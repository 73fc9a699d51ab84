import { CircleDot, CircleStop } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { Created, Snapshot } from '../../protocol/generated';
import { api } from '../../protocol/http';
import { Button, ConfirmDialog } from '../../ui';

type Asked = 'start' | 'stop' | null;

/** Start and stop recording, each after a question; only where the meeting may be recorded. */
export function RecordingControl({ snapshot }: { snapshot: Snapshot }): VNode | null {
  const [asked, setAsked] = useState<Asked>(null);
  const { meeting, recording } = snapshot;
  const { active, allowed } = recording;
  const path = `/meetings/${meeting.id}/recordings`;
  const startable = allowed && active === null && meeting.state === 'in_session';
  if (!active && !startable && asked === null) return null;
  return (
    <>
      {active ? (
        <Button icon={CircleStop} disabled={active.state === 'stopping'} onClick={() => setAsked('stop')} data-testid="recording-stop">
          {t('recording-stop')}
        </Button>
      ) : (
        <Button icon={CircleDot} onClick={() => setAsked('start')} data-testid="recording-start">
          {t('recording-start')}
        </Button>
      )}
      {asked === 'start' ? (
        <ConfirmDialog
          title={t('recording-start-title')}
          confirm={t('recording-start')}
          onConfirm={() => api.post<Created>(path)}
          onClose={() => setAsked(null)}
          data-testid="recording-start-confirm"
        >
          <p>{t('recording-start-text')}</p>
        </ConfirmDialog>
      ) : null}
      {asked === 'stop' ? (
        <ConfirmDialog
          title={t('recording-stop-title')}
          confirm={t('recording-stop')}
          danger
          onConfirm={() => api.post(`${path}/stop`)}
          onClose={() => setAsked(null)}
          data-testid="recording-stop-confirm"
        >
          <p>{t('recording-stop-text')}</p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}
