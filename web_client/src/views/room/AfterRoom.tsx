import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { EndpointClosed } from '../../protocol/generated';
import { Button, Card, Page } from '../../ui';
import type { RoomView } from './model';

interface AfterProps {
  room: RoomView;
  onAgain: () => void;
}

/** After leaving on purpose: back in, or home. */
export function LeftView({ room, onAgain }: AfterProps): VNode {
  return (
    <Farewell room={room} title={t('room-left')} text={t('room-left-text')}>
      <Button kind="primary" large onClick={onAgain} data-testid="rejoin">
        {t('room-rejoin')}
      </Button>
    </Farewell>
  );
}

/** The room closed this page's endpoint: in another window, by the chair, or with the meeting. */
export function EndedView({ room, reason, onAgain }: AfterProps & { reason: EndpointClosed['reason'] }): VNode {
  const again = () => {
    room.session.closedBy.value = null;
    onAgain();
  };
  return (
    <Farewell room={room} title={t(`room-closed-${reason}`)} text={t(`room-closed-${reason}.text`)}>
      {reason === 'ended' ? null : (
        <Button kind="primary" large onClick={again} data-testid="rejoin">
          {t(reason === 'taken_over' ? 'room-continue-here' : 'room-rejoin')}
        </Button>
      )}
    </Farewell>
  );
}

/** The person is in this room in another window: which one is to be used? */
export function ElsewhereView({ room, onHere }: { room: RoomView; onHere: () => void }): VNode {
  return (
    <Farewell room={room} title={t('room-elsewhere')} text={t('room-elsewhere-text')}>
      <Button kind="primary" large onClick={onHere} data-testid="use-here">
        {t('room-use-here')}
      </Button>
    </Farewell>
  );
}

interface FarewellProps {
  room: RoomView;
  title: string;
  text: string;
  children: VNode | null;
}

function Farewell({ room, title, text, children }: FarewellProps): VNode {
  const { meeting } = room.snapshot;
  return (
    <Page title={meeting.title} context={meeting.title} narrow>
      <Card>
        <div class="farewell">
          <h1>{title}</h1>
          <p>{text}</p>
          <div class="actions">
            {children}
            <a href={`/meetings/${meeting.id}`}>{t('room-to-meeting')}</a>
            <a href="/">{t('to-home')}</a>
          </div>
        </div>
      </Card>
    </Page>
  );
}
