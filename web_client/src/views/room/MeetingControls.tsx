import { Pause, Play, Square } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { MeetingState } from '../../protocol/generated';
import { Button, Dialog, ErrorBanner, useAction } from '../../ui';
import { RecordingControl } from '../recording/RecordingControl';
import type { RoomView } from './model';

/** Open, interrupt and close the meeting. */
export function MeetingControls({ room }: { room: RoomView }): VNode | null {
  const { id, state } = room.snapshot.meeting;
  const action = useAction();
  const [closing, setClosing] = useState(false);
  const go = (to: MeetingState) => action.run(() => api.post(`/meetings/${id}/transitions`, { to }));

  return (
    <div class="meeting-controls">
      {state === 'convened' ? (
        <Button icon={Play} busy={action.busy} onClick={() => void go('in_session')} data-testid="meeting-open">
          {t('room-meeting-open')}
        </Button>
      ) : null}
      {state === 'suspended' ? (
        <Button icon={Play} busy={action.busy} onClick={() => void go('in_session')} data-testid="meeting-resume">
          {t('room-meeting-resume')}
        </Button>
      ) : null}
      {state === 'in_session' ? (
        <>
          <Button icon={Pause} busy={action.busy} onClick={() => void go('suspended')} data-testid="meeting-suspend">
            {t('room-meeting-suspend')}
          </Button>
          <Button icon={Square} onClick={() => setClosing(true)} data-testid="meeting-adjourn">
            {t('room-meeting-adjourn')}
          </Button>
        </>
      ) : null}
      <RecordingControl snapshot={room.snapshot} />
      {closing ? null : <ErrorBanner error={action.error} />}
      {closing ? (
        <Dialog title={t('room-adjourn-title')} onClose={() => setClosing(false)}>
          <p>{t('room-adjourn-text')}</p>
          <ErrorBanner error={action.error} />
          <div class="actions actions--end">
            <Button kind="quiet" onClick={() => setClosing(false)}>
              {t('common-cancel')}
            </Button>
            <Button
              kind="danger"
              busy={action.busy}
              onClick={() => void go('adjourned').then((done) => done && setClosing(false))}
              data-testid="meeting-adjourn-confirm"
            >
              {t('room-meeting-adjourn')}
            </Button>
          </div>
        </Dialog>
      ) : null}
    </div>
  );
}
